/* The embeddings of a sentence's words. Most numbers are the lexicon's; the sentence changes them where it decides what
 * the lexicon leaves open, and adds the features of its structure (structure.h):
 *
 *   - a word that can be several things is one of them: "they work", "the work"; "that dog", "the dog that runs"
 *   - a noun that only says more of the noun after it counts half: "the stone bridge"
 *   - nouns that "and" joins are together neither one nor several: plural 0
 *   - an unknown word that stands as a name does, with a capital and no determiner, is a person */

#include "lesson/glass/glass.h"
#include "lesson/structure/structure.h"

#include <math.h>
#include <string.h>

/* Which dimension a feature has that the rules name; -1: the model has none such. */
struct columns {
    int noun, verb, adjective, determiner, pronoun, preposition, conjunction, adverb, question;
    int animate, plural, feminine, masculine, past, place;
};

static struct columns find_columns(const struct glass *g)
{
    return (struct columns){
        .noun = glass_feature_find(g, "noun"),
        .verb = glass_feature_find(g, "verb"),
        .adjective = glass_feature_find(g, "adjective"),
        .determiner = glass_feature_find(g, "determiner"),
        .pronoun = glass_feature_find(g, "pronoun"),
        .preposition = glass_feature_find(g, "preposition"),
        .conjunction = glass_feature_find(g, "conjunction"),
        .adverb = glass_feature_find(g, "adverb"),
        .question = glass_feature_find(g, "question"),
        .animate = glass_feature_find(g, "animate"),
        .plural = glass_feature_find(g, "plural"),
        .feminine = glass_feature_find(g, "feminine"),
        .masculine = glass_feature_find(g, "masculine"),
        .past = glass_feature_find(g, "past"),
        .place = glass_feature_find(g, "place"),
    };
}

static int column_of(const struct columns *c, enum word_class class)
{
    const int columns[CLASS_COUNT] = {
        [CLASS_NONE] = -1,
        [CLASS_NOUN] = c->noun,
        [CLASS_VERB] = c->verb,
        [CLASS_ADJECTIVE] = c->adjective,
        [CLASS_DETERMINER] = c->determiner,
        [CLASS_PRONOUN] = c->pronoun,
        [CLASS_PREPOSITION] = c->preposition,
        [CLASS_CONJUNCTION] = c->conjunction,
        [CLASS_ADVERB] = c->adverb,
        [CLASS_QUESTION] = c->question,
    };
    return columns[class];
}

static double get(const double row[], int column)
{
    return column >= 0 ? row[column] : 0;
}

static void set(double row[], int column, double value)
{
    if (column >= 0)
        row[column] = value;
}

/* ---- what a word may be ---- */

enum { PERCENT_SURE = 40 }; /* of a class that a word may have */

static struct structure_word describe_word(const struct glass *g, const struct columns *c, const char *folded,
                                           const char *shown, bool guessed, const double row[])
{
    struct structure_word w = {
        .text = folded,
        .kinds = glass_kinds(g, folded),
        .capital = strcmp(folded, shown) != 0,
        .guessed = guessed,
        .unspaced = text_is_unspaced(folded),
        .past = get(row, c->past) > 0.5,
        .plural = round(get(row, c->plural)),
        .animate = get(row, c->animate),
        .feminine = get(row, c->feminine),
        .masculine = get(row, c->masculine),
    };
    for (int class = CLASS_NOUN; class < CLASS_COUNT; class ++)
        if (get(row, column_of(c, (enum word_class) class)) * 100 > PERCENT_SURE)
            w.classes |= 1u << class;
    if (has_kind(&w, KIND_ALSO_VERB))
        w.classes |= 1u << CLASS_VERB;
    return w;
}

/* An unknown word with a capital and no determiner: somebody's name. */
static bool is_name(const struct structure_word w[], size_t t, size_t n)
{
    if (!w[t].guessed || !w[t].capital || w[t].is != CLASS_NOUN || w[t].plural > 0 || w[t].unspaced)
        return false;
    if (t == 0)
        return n > 1 && (w[1].is == CLASS_VERB || has_kind(&w[1], KIND_AND));
    return w[t - 1].is != CLASS_DETERMINER && w[t - 1].is != CLASS_ADJECTIVE && !w[t - 1].genitive;
}

/* ---- what the sentence changes ---- */

static bool ends_in_s(const char *text)
{
    size_t n = strlen(text);
    return n > 1 && text[n - 1] == 's' && text[n - 2] != 's';
}

/* The number of a verb that the lexicon has as a noun, and the other way round. */
static double other_plural(const struct structure_word *w)
{
    const bool s = ends_in_s(w->text);
    if (w->is == CLASS_VERB)
        return s ? -1 : 0;
    return w->is == CLASS_NOUN ? (s ? 1 : -1) : 0;
}

/* The word is of this class and of no other; what guessing added to its numbers stays in them. */
static void decide_class(const struct columns *c, const struct structure_word *w, bool before_noun, double row[])
{
    const int column = column_of(c, w->is);
    /* "his" says which one and stands for somebody; "which book" says which one and asks */
    const bool both = (may_be(w, CLASS_PRONOUN) && w->is == CLASS_DETERMINER) ||
                      (w->is == CLASS_QUESTION && before_noun && !has_kind(w, KIND_THAT));
    const bool contracted = may_be(w, CLASS_VERB) && w->is == CLASS_PRONOUN; /* it's */
    if (w->is == CLASS_NONE || w->classes == 1u << w->is || w->genitive || both || contracted || column < 0)
        return;
    double value = 1;
    for (int class = CLASS_NOUN; class < CLASS_COUNT; class ++) {
        const int other = column_of(c, (enum word_class) class);
        if (other < 0 || other == column || !may_be(w, (enum word_class) class))
            continue;
        if (!may_be(w, w->is) && w->guessed)
            value = row[other];
        row[other] = 0;
    }
    row[column] = value;
    if (w->is == CLASS_NOUN || w->is == CLASS_VERB || w->is == CLASS_ADJECTIVE) {
        set(row, c->plural, other_plural(w));
        if (w->is != CLASS_VERB)
            set(row, c->past, 0);
        if (w->is != CLASS_NOUN) {
            set(row, c->animate, 0);
            set(row, c->feminine, 0);
            set(row, c->masculine, 0);
            set(row, c->place, 0);
        }
    } else if (may_be(w, CLASS_DETERMINER) && w->is != CLASS_PRONOUN) {
        set(row, c->plural, 0); /* "that" of "he said that" */
    }
}

static void decide(const struct columns *c, struct structure_word w[], size_t t, size_t n, bool names, double row[])
{
    decide_class(c, &w[t], t + 1 < n && (w[t + 1].is == CLASS_NOUN || w[t + 1].is == CLASS_ADJECTIVE), row);
    if (names && is_name(w, t, n)) {
        set(row, c->animate, 1);
        set(row, c->feminine, 0.5);
        set(row, c->masculine, 0.5);
        w[t].feminine = w[t].masculine = 0.5;
    }
    w[t].plural = get(row, c->plural);
}

static void decide_by_phrase(const struct columns *c, const struct structure_word *w, double row[])
{
    if (w->modifier && c->noun >= 0)
        row[c->noun] -= 0.5;
    if (w->joined)
        set(row, c->plural, 0);
    if (w->genitive)
        set(row, c->determiner, 1);
}

/* ---- features of the structure ---- */

enum { PRONOUN_NEARER = 6 }; /* from here on, an adjective would look at a pronoun beside it */

/* How far the word that an adjective describes is from the noun that it would look for, the nearest one
 * (assets/glass.yaml). */
static void find_apart(const struct structure_word w[], size_t n, size_t t, double *ret_apart, bool *ret_of_pronoun)
{
    const double aim = (double)t + 0.25;
    const size_t found = w[t].describes >= 0 ? (size_t)w[t].describes : n;
    size_t nearest = n;
    *ret_apart = 0;
    *ret_of_pronoun = false;
    if (w[t].is != CLASS_ADJECTIVE || found == n)
        return;
    const bool of_pronoun = w[found].is == CLASS_PRONOUN;
    bool nouns = false;
    for (size_t s = 0; s < n; s++)
        nouns = nouns || w[s].is == CLASS_NOUN;
    for (size_t s = 0; s < n; s++)
        if (w[s].is == (nouns ? CLASS_NOUN : CLASS_PRONOUN) && !w[s].modifier &&
            (nearest == n || fabs((double)s - aim) < fabs((double)nearest - aim)))
            nearest = s;
    if (nearest == found && fabs((double)found - aim) < PRONOUN_NEARER)
        return;
    *ret_apart = (double)found - aim;
    *ret_of_pronoun = of_pronoun && nouns;
}

static double structural_number(const struct glass_feature *feature, const struct structure_word *w, double apart,
                                bool of_pronoun)
{
    switch (feature->place) {
    case PLACE_PHRASE:
        return feature->number * w->phrase;
    case PLACE_PHRASE_SQUARED:
        return feature->number * w->phrase * w->phrase;
    case PLACE_CLAUSE:
        return feature->number * w->clause;
    case PLACE_CLAUSE_SQUARED:
        return feature->number * w->clause * w->clause;
    case PLACE_SUBJECT:
        return w->subject ? feature->number : 0;
    case PLACE_WHOSE:
        return w->genitive ? feature->number : 0;
    case PLACE_APART:
        return feature->number * apart;
    case PLACE_OF_PRONOUN:
        return of_pronoun ? feature->number : 0;
    default:
        return 0;
    }
}

static void add_structure(const struct glass *g, const struct structure_word w[], size_t n, double rows[])
{
    for (size_t t = 0; t < n; t++) {
        double apart;
        bool of_pronoun;
        find_apart(w, n, t, &apart, &of_pronoun);
        for (size_t i = 0; i < g->n_features; i++)
            if (glass_is_structural(&g->features[i]))
                rows[t * g->n_features + i] = structural_number(&g->features[i], &w[t], apart, of_pronoun);
    }
}

/* ---- what makes words differ ---- */

/* The word's code is that of its letters, or, where another word of the sentence has it already, the next free one. */
static void free_code(const char **owners, int limit, const char *folded, double *a, double *b)
{
    const int side = 2 * limit + 1, start = ((int)*a + limit) * side + (int)*b + limit;
    int at = start;
    while (owners[at] && strcmp(owners[at], folded) != 0) {
        at = (at + 1) % (side * side);
        if (at == start)
            return; /* more different words than codes */
    }
    owners[at] = folded;
    *a = at / side - limit;
    *b = at % side - limit;
}

static int find_place(const struct glass *g, enum glass_place place)
{
    for (size_t i = 0; i < g->n_features; i++)
        if (g->features[i].place == place)
            return (int)i;
    return -1;
}

static bool add_codes(const struct glass *g, struct arena *arena, const char *const folded[],
                      const struct glass_sentence *before, struct glass_sentence *s)
{
    const int a = find_place(g, PLACE_CODE_A), b = find_place(g, PLACE_CODE_B),
              squared = find_place(g, PLACE_CODE_SQUARED);
    if (a < 0 || b < 0 || g->features[a].number != g->features[b].number)
        return true;
    const int limit = (int)g->features[a].number, side = 2 * limit + 1;
    s->owners = before ? before->owners : arena_array(arena, (size_t)(side * side), sizeof *s->owners);
    if (!s->owners)
        return false;
    for (size_t t = 0; t < s->words->n; t++) {
        double *row = &s->rows[t * g->n_features];
        free_code(s->owners, limit, folded[t], &row[a], &row[b]);
        if (squared >= 0)
            row[squared] = row[a] * row[a] + row[b] * row[b];
    }
    return true;
}

static void add_new(const struct glass *g, const char *const folded[], const struct glass_sentence *s)
{
    const int column = find_place(g, PLACE_NEW);
    for (size_t t = 0; column >= 0 && t < s->words->n; t++) {
        size_t first = 0;
        while (strcmp(folded[first], folded[t]) != 0)
            first++;
        s->rows[t * g->n_features + (size_t)column] = first == t ? g->features[column].number : 0;
    }
}

/* ---- the sentence ---- */

static void read_structure(const struct glass *g, const char *const folded[], struct structure_word w[],
                           struct glass_sentence *s)
{
    const struct columns columns = find_columns(g);
    const size_t n = s->words->n;
    for (size_t t = 0; t < n; t++)
        w[t] = describe_word(g, &columns, folded[t], s->words->v[t], s->guessed[t], &s->rows[t * g->n_features]);
    structure_classes(w, n);
    /* Where most words are unknown, the language is, and what its capitals mean. */
    for (size_t t = 0; t < n; t++)
        decide(&columns, w, t, n, 2 * s->n_guessed <= n, &s->rows[t * g->n_features]);
    structure_clauses(w, n);
    for (size_t t = 0; t < n; t++)
        decide_by_phrase(&columns, &w[t], &s->rows[t * g->n_features]);
    add_structure(g, w, n, s->rows);
}

bool glass_embed_sentence(const struct glass *g, struct arena *arena, const struct words *words,
                          const struct glass_sentence *before, struct glass_sentence *ret)
{
    const size_t n = words->n;
    struct glass_sentence s = {
        .words = words,
        .rows = arena_array(arena, n * g->n_features + 1, sizeof *s.rows),
        .guessed = arena_array(arena, n + 1, sizeof *s.guessed),
    };
    const char **folded = arena_array(arena, n + 1, sizeof *folded);
    struct structure_word *w = arena_array(arena, n + 1, sizeof *w);
    if (!s.rows || !s.guessed || !folded || !w)
        return false;
    for (size_t t = 0; t < n; t++) {
        folded[t] = text_folded(arena, words->v[t]);
        if (!folded[t])
            return false;
        s.guessed[t] = glass_embed(g, folded[t], t, &s.rows[t * g->n_features]);
        s.n_guessed += s.guessed[t];
    }
    read_structure(g, folded, w, &s);
    add_new(g, folded, &s);
    if (!add_codes(g, arena, folded, before, &s))
        return false;
    *ret = s;
    return true;
}
