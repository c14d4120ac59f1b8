#include "lesson/nouns.h"

#include "base/str.h"

#include <ctype.h>
#include <string.h>

static const char usual[] = "word";

/* What stands around a "word" tells which of two sequences it is of; elsewhere it is that of the step's rows. */
struct context {
    const char *before, *after;
    bool seen; /* it is looked at */
};
static const struct context contexts[] = {
    {"", " looked at", true},
    {"", " that is looked at", true},
    {"", " that are looked at", true},
    {"", " it looks at", true},
    {"looks at each ", "", true},
    {"values of all ", "", true},
    {"Every word meets every ", "", true},
    {"", " that look", false}, /* also "that looks" and "that looked" */
    {"", " that asks", false},
};

struct nouns {
    const char *looks, *seen;
};

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool stands_before(const char *text, size_t at, const char *before)
{
    size_t n = strlen(before);
    return n <= at && memcmp(text + at - n, before, n) == 0;
}

static bool is_seen(const char *text, size_t at, const char *rest, bool rows_seen)
{
    for (size_t i = 0; i < sizeof contexts / sizeof *contexts; i++)
        if (stands_before(text, at, contexts[i].before) && starts(rest, contexts[i].after))
            return contexts[i].seen;
    return rows_seen;
}

/* Length of "word" or "words" as a whole word at text[at]; 0 elsewhere, and in "in the words of", which is no token. */
static size_t token_at(const char *text, size_t at)
{
    if (tolower((unsigned char)text[at]) != 'w' || !starts(text + at + 1, usual + 1) ||
        (at > 0 && isalpha((unsigned char)text[at - 1])))
        return 0;
    size_t n = text[at + 4] == 's' ? 5 : 4;
    return isalpha((unsigned char)text[at + n]) || stands_before(text, at, "in the ") ? 0 : n;
}

static bool is_one_of(char c, const char *letters)
{
    return c && strchr(letters, c);
}

static void add_noun(struct str *to, const char *noun, bool plural, bool capital)
{
    size_t n = strlen(noun);
    char last = n ? noun[n - 1] : '\0', before = n > 1 ? noun[n - 2] : '\0';
    bool hisses = is_one_of(last, "sxz") || (last == 'h' && is_one_of(before, "cs")),
         changes = plural && last == 'y' && !is_one_of(before, "aeiou");
    if (capital)
        str_addf(to, "%c%.*s", toupper((unsigned char)noun[0]), (int)(n - 1 - changes), noun + 1);
    else
        str_addf(to, "%.*s", (int)(n - changes), noun);
    if (plural)
        str_addf(to, "%s", changes ? "ies" : hisses ? "es" : "s");
}

/* The text with the nouns in it; NULL: no memory. */
static const char *fitted(struct arena *arena, const char *text, const struct nouns *nouns, bool rows_seen)
{
    struct str to = {0};
    for (size_t at = 0; text[at];) {
        size_t n = token_at(text, at);
        if (n == 0) {
            str_addf(&to, "%c", text[at++]);
            continue;
        }
        const char *noun = is_seen(text, at, text + at + n, rows_seen) ? nouns->seen : nouns->looks;
        bool article = stands_before(text, at, "a ") && !(at > 2 && isalpha((unsigned char)text[at - 3]));
        if (article && is_one_of(noun[0], "aeiou")) {
            to.n--; /* the space of "a " */
            str_addf(&to, "n ");
        }
        add_noun(&to, noun, n == 5, text[at] == 'W');
        at += n;
    }
    const char *copy = to.failed ? NULL : arena_text(arena, str_text(&to), to.n);
    str_finish(&to);
    return copy;
}

bool nouns_fit(struct arena *arena, const struct lesson *lesson, struct tape *tape)
{
    const struct nouns nouns = {lesson->noun, lesson->memory_words.n ? lesson->memory_noun : lesson->noun};
    if (strcmp(nouns.looks, usual) == 0 && strcmp(nouns.seen, usual) == 0)
        return true;
    for (size_t i = 0; i < tape->n; i++) {
        struct step *step = &tape->steps[i];
        bool rows_seen = lesson->memory_words.n && step->value.axis[AXIS_ROW].labels == lesson->memory_words.v;
        const char **texts[] = {&step->spec.title, &step->spec.meaning, &step->spec.axes};
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            if (*texts[k] && !(*texts[k] = fitted(arena, *texts[k], &nouns, rows_seen)))
                return false;
    }
    return true;
}
