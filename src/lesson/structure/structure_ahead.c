#include "lesson/structure/structure_ahead.h"

#include "lesson/structure/structure_phrases.h"

#include <string.h>

enum { PHRASE_AHEAD_MAX = 24 };

int ahead_skip_adverbs(const struct structure_text *t, int i)
{
    while (i < t->n && t->w[i].is == CLASS_ADVERB)
        i++;
    return i;
}

bool ahead_is(const struct structure_text *t, int i, enum word_class class)
{
    return i >= 0 && i < t->n && t->w[i].is == class;
}

bool ahead_kind(const struct structure_text *t, int i, enum structure_kind kind)
{
    return i >= 0 && i < t->n && has_kind(&t->w[i], kind);
}

bool ahead_is_finite(const struct structure_text *t, int i)
{
    return ahead_is(t, i, CLASS_VERB) && !structure_is_ing(&t->w[i]) && !ahead_kind(t, i - 1, KIND_TO);
}

int ahead_past_nominal(const struct structure_text *t, int i)
{
    struct phrase phrase;
    struct structure_word copy[PHRASE_AHEAD_MAX];
    const int n = t->n - i < PHRASE_AHEAD_MAX ? t->n - i : PHRASE_AHEAD_MAX;
    if (n <= 0)
        return i;
    memcpy(copy, &t->w[i], (size_t)n * sizeof *copy);
    return phrase_read(copy, (size_t)n, 0, 1, &phrase) ? i + (int)phrase.end : i;
}

int ahead_verbs(const struct structure_text *t, int i)
{
    int count = 0;
    for (; i < t->n && !ahead_kind(t, i, KIND_STOP) &&
           !(ahead_is(t, i, CLASS_CONJUNCTION) && !ahead_kind(t, i, KIND_AND));
         i++)
        if (ahead_is_finite(t, i) && !(count && ahead_is(t, i - 1, CLASS_VERB)))
            count++;
    return count;
}

bool ahead_verb_follows(const struct structure_text *t, int i)
{
    for (;;) {
        i = ahead_skip_adverbs(t, i);
        if (!ahead_is(t, i, CLASS_PREPOSITION) || ahead_kind(t, i, KIND_TO))
            break;
        int end = ahead_past_nominal(t, i + 1);
        if (end == i + 1)
            return false;
        i = end;
    }
    if (ahead_is(t, i, CLASS_ADJECTIVE) && t->w[i].unspaced)
        return ahead_past_nominal(t, i) == i; /* Chinese needs no "is" */
    if (ahead_is(t, i, CLASS_QUESTION) && i + 1 < t->n)
        return ahead_verbs(t, i) >= 2;
    return ahead_is_finite(t, i) && !(t->w[i].past && ahead_kind(t, i + 1, KIND_BY));
}

bool ahead_list_goes_on(const struct structure_text *t, int i)
{
    for (; i < t->n && !ahead_is_finite(t, i) && !ahead_kind(t, i, KIND_STOP); i++)
        if (ahead_kind(t, i, KIND_AND))
            return true;
    return false;
}
