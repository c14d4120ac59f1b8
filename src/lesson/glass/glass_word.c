/* The features of a word of which nothing but its letters and its place are known. */

#include "lesson/glass/glass.h"
#include "lesson/structure/structure.h"

#include <math.h>
#include <string.h>

enum { FNV_PRIME = 16777619 };

static unsigned hash_more(unsigned hash, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ (unsigned char)text[i]) * FNV_PRIME; /* FNV-1a */
    return hash;
}

unsigned glass_hash(const char *text, size_t n)
{
    return hash_more(2166136261u, text, n);
}

bool glass_is_code(const struct glass_feature *feature)
{
    return feature->place >= PLACE_CODE_A && feature->place <= PLACE_CODE_SQUARED;
}

/* A whole number from -limit to limit that follows from two texts. */
static int number_of(const char *word, const char *salt, int limit)
{
    unsigned hash = hash_more(glass_hash(word, strlen(word)), salt, strlen(salt));
    hash ^= hash >> 15; /* FNV's low bits alone follow the last letter too closely */
    return (int)(hash % (2 * (unsigned)limit + 1)) - limit;
}

static double place_number(const struct glass_feature *feature, const char *folded, size_t t)
{
    const double at = feature->number * (double)t;
    const int limit = glass_is_code(feature) ? (int)feature->number : 0;
    const int a = number_of(folded, "a", limit), b = number_of(folded, "b", limit);
    switch (feature->place) {
    case PLACE_FIRST:
        return t == 0 ? feature->number : 0;
    case PLACE_EVERY:
        return feature->number;
    case PLACE_COUNT:
        return at;
    case PLACE_SQUARE:
        return at * at;
    case PLACE_CODE_A:
        return a;
    case PLACE_CODE_B:
        return b;
    case PLACE_CODE_SQUARED:
        return a * a + b * b;
    default:
        return 0;
    }
}

/* Features from the first ending that fits. True: the word was built from a word of the lexicon, so nothing is
 * guessed. */
static bool by_ending(const struct glass *g, const char *word, bool unspaced, double row[])
{
    size_t length = strlen(word);
    for (size_t e = 0; e < g->n_endings; e++) {
        const struct glass_ending *ending = &g->endings[e];
        size_t n = strlen(ending->text);
        if (n >= length || strcmp(word + length - n, ending->text) != 0 || (ending->unspaced && !unspaced))
            continue;
        char stem[WORD_BYTES_MAX * 4] = "";
        if (length - n < sizeof stem)
            memcpy(stem, word, length - n);
        const struct glass_word *known = ending->stem ? glass_word_find(g, stem, strlen(stem)) : NULL;
        if (ending->stem && !known)
            continue;
        for (size_t i = 0; i < g->n_features; i++)
            row[i] = ending->is[i] != 0 || !known ? ending->is[i] : known->is[i];
        return known != NULL;
    }
    return false;
}

unsigned glass_kinds(const struct glass *g, const char *folded)
{
    const struct glass_word *word = glass_word_find(g, folded, strlen(folded));
    const size_t n = strlen(folded);
    if (!word && n > 2 && folded[n - 1] == 's') { /* drums, as drum */
        word = glass_word_find(g, folded, n - 1);
        return word ? word->kinds & 1u << KIND_ALSO_VERB : 0;
    }
    return word ? word->kinds : 0;
}

bool glass_is_structural(const struct glass_feature *feature)
{
    return feature->place >= PLACE_PHRASE;
}

bool glass_embed(const struct glass *g, const char *folded, size_t t, double row[])
{
    const struct glass_word *word = glass_word_find(g, folded, strlen(folded));
    const bool unspaced = text_is_unspaced(folded);
    for (size_t i = 0; i < g->n_features; i++)
        row[i] = word ? word->is[i] : 0;
    bool guessed = !word && !by_ending(g, folded, unspaced, row);
    for (size_t i = 0; i < g->n_features; i++) {
        const double odd = number_of(folded, g->features[i].name, 10) / 100.0;
        if (g->features[i].place != PLACE_NONE)
            row[i] = place_number(&g->features[i], folded, t);
        else if (guessed && !unspaced) /* a guess can be recognised by odd numbers: up to 0.10 more or less */
            row[i] += odd;
        else if (guessed && row[i] != 0)
            row[i] -= fabs(odd) + 0.01;
    }
    return guessed;
}
