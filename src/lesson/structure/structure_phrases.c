/* Noun phrases: determiner, adjectives, nouns, of which the last is the head. */

#include "lesson/structure/structure_phrases.h"

static bool is(const struct structure_word w[], size_t n, size_t i, enum word_class class)
{
    return i < n && w[i].is == class;
}

static bool is_genitive_mark(const struct structure_word w[], size_t n, size_t i)
{
    return i > 0 && i < n && has_kind(&w[i], KIND_APOSTROPHE) && w[i - 1].genitive;
}

/* A word of Chinese that only counts or links ("一本书", "红色的花"), between the parts of a phrase. */
static bool is_particle(const struct structure_word w[], size_t n, size_t i)
{
    return i < n && w[i].unspaced && w[i].is == CLASS_NONE && w[i].kinds == 0 && w[i].classes == 0;
}

/* "table on 的", Chinese: what stands before 的 says more of the noun after it. */
static size_t past_link(const struct structure_word w[], size_t n, size_t i)
{
    if (i < n && w[i].unspaced && w[i].is == CLASS_NONE && has_kind(&w[i], KIND_LOCALISER))
        i++;
    return i < n && w[i].unspaced && has_kind(&w[i], KIND_OF) ? i + 1 : 0;
}

/* Do adjectives and what stands between them lead to a noun? In a phrase that has begun, numbers may: "the first two". */
static bool leads_to_noun(const struct structure_word w[], size_t n, size_t i, bool begun)
{
    for (bool adjective = false; i < n; i++) {
        if (w[i].is == CLASS_NOUN)
            return true;
        const bool counts = begun && adjective && w[i].is == CLASS_DETERMINER && w[i].plural > 0;
        const bool between = adjective && (has_kind(&w[i], KIND_COMMA) || has_kind(&w[i], KIND_JOINS)) && i + 1 < n &&
                             (w[i + 1].is == CLASS_ADJECTIVE || w[i + 1].is == CLASS_ADVERB);
        const bool linked = w[i].unspaced && has_kind(&w[i], KIND_OF);
        if (w[i].is == CLASS_ADJECTIVE)
            adjective = true;
        else if (w[i].is != CLASS_ADVERB && !between && !linked && !counts && !is_particle(w, n, i))
            return false;
    }
    return false;
}

/* Does a noun after another one begin a phrase of its own? "gave the children blintzes", "gave Tom apples". */
static bool parts(const struct structure_word *first, const struct structure_word *second, bool fronted)
{
    return first->unspaced || first->plural > 0 || has_kind(first, KIND_NAMELESS) || first->feminine == 1 ||
           first->masculine == 1 || (fronted && !first->guessed) || (second->guessed && first->guessed);
}

/* A preposition at the beginning, and a noun without a determiner: "in winter birds fly". */
static bool is_fronted(const struct structure_word w[], size_t from)
{
    return from > 0 && w[from - 1].is == CLASS_PREPOSITION && (from == 1 || w[from - 2].is == CLASS_NONE);
}

static void close(struct structure_word w[], struct phrase *phrase, size_t end)
{
    phrase->end = end;
    for (size_t i = phrase->from; i < end; i++) {
        w[i].phrase = phrase->number;
        phrase->number +=
            w[i].genitive; /* with its determiner it is a phrase of its own: "my friend's | sister's | car" */
    }
}

static bool pronoun_phrase(const struct structure_word w[], size_t n, size_t i)
{
    return is(w, n, i, CLASS_PRONOUN) && !past_link(w, n, i + 1);
}

bool phrase_read(struct structure_word w[], size_t n, size_t from, double number, struct phrase *ret)
{
    struct phrase phrase = {.from = from, .head = n, .number = number};
    size_t i = from;
    if (pronoun_phrase(w, n, i)) {
        phrase.head = i;
        close(w, &phrase, i + 1);
        *ret = phrase;
        return true;
    }
    size_t owner = n;
    bool begun = false;
    for (; i < n; i++) {
        const struct structure_word *word = &w[i];
        const bool headed = phrase.head < n;
        if (word->is == CLASS_NOUN && !headed && past_link(w, n, i + 1) &&
            leads_to_noun(w, n, past_link(w, n, i + 1), begun)) {
            w[i].genitive = word->animate > 0.5; /* 女孩的 */
            w[i].modifier = !w[i].genitive;
            owner = w[i].genitive ? i : owner;
            i = past_link(w, n, i + 1) - 1;
        } else if (word->is == CLASS_NOUN && word->genitive) {
            if (headed && parts(&w[phrase.head], word, false))
                break;
            if (headed)
                w[phrase.head].modifier = true; /* the school bus's wheels */
            phrase.head = n;
            owner = i;
        } else if (word->is == CLASS_NOUN) {
            if (headed && parts(&w[phrase.head], word, phrase.head == from && is_fronted(w, from)))
                break;
            if (headed)
                w[phrase.head].modifier = true;
            phrase.head = i;
        } else if (word->is == CLASS_DETERMINER || (word->is == CLASS_QUESTION && may_be(word, CLASS_DETERMINER))) {
            if (headed || (word->is == CLASS_QUESTION && begun) || (phrase.asks && word->plural == 0))
                break; /* "in which | the girls live"; not: "which two girls", "what a day" */
            phrase.asks = phrase.asks || word->is == CLASS_QUESTION;
        } else if (word->is == CLASS_PRONOUN && past_link(w, n, i + 1) && !headed) {
            i = past_link(w, n, i + 1) - 1;
        } else if (headed || is_genitive_mark(w, n, i)) {
            if (!is_genitive_mark(w, n, i))
                break;
        } else if (word->is == CLASS_ADJECTIVE || word->is == CLASS_ADVERB || is_particle(w, n, i) ||
                   has_kind(word, KIND_COMMA) || has_kind(word, KIND_JOINS) ||
                   (word->unspaced && has_kind(word, KIND_OF))) {
            if ((!begun && word->is != CLASS_ADJECTIVE && word->is != CLASS_ADVERB) ||
                !leads_to_noun(w, n, i + (word->is == CLASS_NONE || word->is == CLASS_CONJUNCTION), begun))
                break;
        } else {
            break;
        }
        begun = true;
    }
    if (phrase.head == n)
        phrase.head = owner; /* at the dentist's */
    if (phrase.head == n)
        return false;
    close(w, &phrase, i);
    *ret = phrase;
    return true;
}
