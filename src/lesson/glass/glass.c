#include "lesson/glass/glass.h"

#include "lesson/structure/structure.h"

#include <stddef.h>
#include <string.h>

static const struct field model_fields[] = {
    {"features", NODE_MAPPING, true, "a line for each: its name and what it means"},
    {"places", NODE_MAPPING, false, "features that come from where a word stands"},
    {"words", NODE_LIST, true, "groups of words with their features"},
    {"kinds", NODE_MAPPING, false, "words that hold a sentence together, by what they do"},
    {"endings", NODE_LIST, false, "what a word's ending tells when it is not among the words"},
    {"heads", NODE_MAPPING, true, "a head for each job"},
    {0},
};
static const struct field word_fields[] = {
    {"is", NODE_MAPPING, true, "the features of these words: {noun: 1, plural: -1}"},
    {"words", NODE_TEXT, true, "the words, separated by spaces"},
    {0},
};
static const struct field ending_fields[] = {
    {"ending", NODE_TEXT, false, "the last letters; without it every word fits"},
    {"unspaced", NODE_TEXT, false, "true: only of a word written without spaces, as in Chinese"},
    {"stem", NODE_TEXT, false, "true: what stands before the ending must be one of the words"},
    {"is", NODE_MAPPING, true, "the features it tells"},
    {0},
};
static const struct field head_fields[] = {
    {"claim", NODE_TEXT, true, "what the head does, in a sentence"},
    {"columns", NODE_LIST, true, "what it compares"},
    {"values", NODE_LIST, true, "what it hands over"},
    {0},
};
static const struct field column_fields[] = {
    {"name", NODE_TEXT, true, "a short name"},
    {"query", NODE_MAPPING, true, "features of the word that asks, with their weights"},
    {"key", NODE_MAPPING, true, "features of the word that is asked, with their weights"},
    {0},
};
static const struct field value_fields[] = {
    {"name", NODE_TEXT, true, "a short name"},
    {"from", NODE_MAPPING, true, "the features that are handed over, with their weights"},
    {"out", NODE_MAPPING, true, "where they go in the output, with their weights"},
    {0},
};

int glass_feature_find(const struct glass *g, const char *name)
{
    for (size_t i = 0; i < g->n_features; i++)
        if (strcmp(g->features[i].name, name) == 0)
            return (int)i;
    return -1;
}

int glass_head_find(const struct glass *g, const char *name)
{
    for (size_t i = 0; i < g->n_heads; i++)
        if (strcmp(g->heads[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* The slot of the index that has this word, or the free one where it belongs. */
static size_t *slot_of(const struct glass *g, const char *text, size_t n, unsigned hash)
{
    for (size_t i = hash;; i++) {
        size_t *slot = &g->index[i & (g->n_index - 1)];
        const struct glass_word *word = *slot ? &g->words[*slot - 1] : NULL;
        if (!word || (word->hash == hash && strncmp(word->text, text, n) == 0 && word->text[n] == '\0'))
            return slot;
    }
}

const struct glass_word *glass_word_find(const struct glass *g, const char *text, size_t n)
{
    size_t at = *slot_of(g, text, n, glass_hash(text, n));
    return at ? &g->words[at - 1] : NULL;
}

static bool knows(const void *lexicon, const char *text, size_t n)
{
    return glass_word_find(lexicon, text, n) != NULL;
}

struct lexicon_lookup glass_lookup(const struct glass *g)
{
    return (struct lexicon_lookup){.knows = knows, .lexicon = g};
}

static int feature_of(struct reader *r, const struct glass *g, const struct node *key)
{
    int feature = glass_feature_find(g, key->text);
    if (feature >= 0)
        return feature;
    const char *names[GLASS_FEATURES_MAX];
    for (size_t i = 0; i < g->n_features; i++)
        names[i] = g->features[i].name;
    diagnostic(r, key, QKV_ERR_DOMAIN, "unknown feature '%.60s'%s", key->text,
               hint_near(key->text, names, g->n_features).text);
    return -1;
}

/* {noun: 1, plural: -1} as a row of numbers. */
static const double *read_features(struct reader *r, const struct glass *g, const struct node *mapping)
{
    double *row = arena_array(r->arena, GLASS_FEATURES_MAX, sizeof *row);
    if (!row) {
        diagnostic_nomem(r, "the glass model");
        return NULL;
    }
    for (const struct node *item = mapping ? mapping->first : NULL; item; item = item->next) {
        int feature = feature_of(r, g, item->key);
        if (feature >= 0)
            node_number(r, item, "a feature's weight", &row[feature]);
    }
    return row;
}

static void add_feature(struct reader *r, struct glass *g, const struct node *item, struct glass_feature feature)
{
    if (g->n_features == GLASS_FEATURES_MAX)
        diagnostic(r, item, QKV_ERR_LIMIT, "more than %d features", GLASS_FEATURES_MAX);
    else
        g->features[g->n_features++] = feature;
}

static void read_place(struct reader *r, struct glass *g, const struct node *item)
{
    static const char *const names[] = {
        [PLACE_FIRST] = "first",
        [PLACE_EVERY] = "every",
        [PLACE_COUNT] = "count",
        [PLACE_SQUARE] = "square",
        [PLACE_CODE_A] = "code a",
        [PLACE_CODE_B] = "code b",
        [PLACE_CODE_SQUARED] = "code squared",
        [PLACE_NEW] = "new",
        [PLACE_PHRASE] = "phrase",
        [PLACE_PHRASE_SQUARED] = "phrase squared",
        [PLACE_CLAUSE] = "clause",
        [PLACE_CLAUSE_SQUARED] = "clause squared",
        [PLACE_SUBJECT] = "subject",
        [PLACE_WHOSE] = "whose",
        [PLACE_APART] = "apart",
        [PLACE_OF_PRONOUN] = "of pronoun",
    };
    const struct node *meaning = node_field(item, "means"), *how = NULL;
    struct glass_feature feature = {.name = item->key->text, .meaning = meaning ? meaning->text : ""};
    for (int kind = PLACE_FIRST; kind < PLACE_COUNT_OF_KINDS && !how; kind++) {
        how = node_field(item, names[kind]);
        feature.place = (enum glass_place)kind;
    }
    if (!how || !meaning || item->n != 2)
        diagnostic(r, item, QKV_ERR_SYNTAX,
                   "a place feature is {count: 1, means: \"...\"}, or with another place or part of the "
                   "sentence instead of count, as in assets/glass.yaml");
    else if (node_number(r, how, how->key->text, &feature.number)) {
        if (glass_is_code(&feature) && !(feature.number >= 1 && feature.number <= GLASS_CODE_MAX))
            diagnostic(r, how, QKV_ERR_DOMAIN, "a code goes up to a number from 1 to %d", GLASS_CODE_MAX);
        else
            add_feature(r, g, item, feature);
    }
}

/* The words of "cat dog horse", one after the other. */
static bool next_word(const char **at, size_t *ret_n)
{
    *at += strspn(*at, " \n\t");
    *ret_n = strcspn(*at, " \n\t");
    return *ret_n > 0;
}

static size_t count_words(const struct node *list)
{
    size_t count = 0, n = 0;
    for (const struct node *group = list->first; group; group = group->next) {
        const struct node *words = node_field(group, "words");
        for (const char *at = words ? words->text : ""; next_word(&at, &n); at += n)
            count++;
    }
    return count;
}

static void read_group(struct reader *r, struct glass *g, const struct node *group)
{
    if (!fields_check(r, group, word_fields, "a group of words"))
        return;
    const double *is = read_features(r, g, node_field(group, "is"));
    const struct node *words = node_field(group, "words");
    /* One copy, cut up in place, instead of one for each word. */
    char *copy = arena_text(r->arena, words->text, words->bytes);
    size_t n = 0;
    if (!copy)
        diagnostic_nomem(r, "the lexicon");
    if (!is || !copy)
        return;
    for (const char *at = copy, *next; next_word(&at, &n); at = next) {
        next = at + n + (at[n] != '\0');
        copy[at - copy + (ptrdiff_t)n] = '\0';
        unsigned hash = glass_hash(at, n);
        size_t *slot = slot_of(g, at, n, hash);
        if (*slot) {
            diagnostic(r, words, QKV_ERR_DOMAIN, "the word '%.60s' is listed twice", at);
            continue;
        }
        g->words[g->n_words++] = (struct glass_word){.text = at, .hash = hash, .is = is};
        *slot = g->n_words;
    }
}

static void read_lexicon(struct reader *r, struct glass *g, const struct node *words, const struct node *endings)
{
    const size_t n_words = count_words(words);
    for (g->n_index = 2; g->n_index < 2 * (n_words + 1);)
        g->n_index *= 2;
    g->words = arena_array(r->arena, n_words + 1, sizeof *g->words);
    g->index = arena_array(r->arena, g->n_index, sizeof *g->index);
    g->endings = arena_array(r->arena, endings ? endings->n + 1 : 1, sizeof *g->endings);
    if (!g->words || !g->index || !g->endings) {
        diagnostic_nomem(r, "the lexicon");
        return;
    }
    for (const struct node *group = words->first; group; group = group->next)
        read_group(r, g, group);
    for (const struct node *item = endings ? endings->first : NULL; item; item = item->next) {
        if (!fields_check(r, item, ending_fields, "an ending"))
            continue;
        struct glass_ending *ending = &g->endings[g->n_endings++];
        const struct node *stem = node_field(item, "stem"), *letters = node_field(item, "ending");
        ending->text = letters ? letters->text : "";
        ending->is = read_features(r, g, node_field(item, "is"));
        if (stem)
            node_bool(r, stem, "stem", &ending->stem);
        const struct node *unspaced = node_field(item, "unspaced");
        if (unspaced)
            node_bool(r, unspaced, "unspaced", &ending->unspaced);
    }
}

/* {be: is are, and: and}: kinds of words that are in the lexicon. */
static void read_kinds(struct reader *r, struct glass *g, const struct node *kinds)
{
    static const char *const names[KIND_COUNT] = {
#define KIND_NAME(id, name) [KIND_##id] = name,
        STRUCTURE_KINDS(KIND_NAME)
#undef KIND_NAME
    };
    for (const struct node *item = kinds ? kinds->first : NULL; item; item = item->next) {
        unsigned kind = 0;
        size_t n = 0;
        while (kind < KIND_COUNT && strcmp(names[kind], item->key->text) != 0)
            kind++;
        if (kind == KIND_COUNT || item->kind != NODE_TEXT) {
            diagnostic(r, item->key, QKV_ERR_DOMAIN, "unknown kind '%.60s'%s", item->key->text,
                       hint_near(item->key->text, names, KIND_COUNT).text);
            continue;
        }
        for (const char *at = item->text; next_word(&at, &n); at += n) {
            const size_t slot = *slot_of(g, at, n, glass_hash(at, n));
            if (slot)
                g->words[slot - 1].kinds |= 1u << kind;
            else
                diagnostic(r, item, QKV_ERR_DOMAIN, "'%.*s' is not among the words", (int)n, at);
        }
    }
}

static void read_column(struct reader *r, struct glass *g, struct glass_head *head, const struct node *item)
{
    if (!fields_check(r, item, column_fields, "a column"))
        return;
    if (head->n_columns == GLASS_COLUMNS_MAX) {
        diagnostic(r, item, QKV_ERR_LIMIT, "more than %d columns in a head", GLASS_COLUMNS_MAX);
        return;
    }
    head->columns[head->n_columns++] = (struct glass_column){
        .name = node_field(item, "name")->text,
        .query = read_features(r, g, node_field(item, "query")),
        .key = read_features(r, g, node_field(item, "key")),
    };
}

static void read_value(struct reader *r, struct glass *g, struct glass_head *head, const struct node *item)
{
    if (!fields_check(r, item, value_fields, "a value"))
        return;
    const struct node *out = node_field(item, "out");
    if (head->n_values == GLASS_COLUMNS_MAX || out->n > GLASS_OUT_MAX) {
        diagnostic(r, item, QKV_ERR_LIMIT, "a head has at most %d values, a value at most %d places in the output",
                   GLASS_COLUMNS_MAX, GLASS_OUT_MAX);
        return;
    }
    struct glass_value *value = &head->values[head->n_values++];
    value->name = node_field(item, "name")->text;
    value->from = read_features(r, g, node_field(item, "from"));
    size_t n = 0;
    for (const struct node *to = out->first; to; to = to->next, n++) {
        value->out[n].name = to->key->text;
        node_number(r, to, "a weight", &value->out[n].weight);
    }
}

static void read_head(struct reader *r, struct glass *g, const struct node *item)
{
    if (!fields_check(r, item, head_fields, "a head"))
        return;
    if (g->n_heads == GLASS_HEADS_MAX) {
        diagnostic(r, item, QKV_ERR_LIMIT, "more than %d heads", GLASS_HEADS_MAX);
        return;
    }
    struct glass_head *head = &g->heads[g->n_heads++];
    head->name = item->key->text;
    head->claim = node_field(item, "claim")->text;
    for (const struct node *column = node_field(item, "columns")->first; column; column = column->next)
        read_column(r, g, head, column);
    for (const struct node *value = node_field(item, "values")->first; value; value = value->next)
        read_value(r, g, head, value);
    if (head->n_columns == 0 || head->n_values == 0)
        diagnostic(r, item, QKV_ERR_SYNTAX, "a head needs at least one column and one value");
}

struct glass *glass_read(struct reader *r, const char *text, size_t n)
{
    struct node *root = yaml_read(r->arena, text, n, r->f);
    if (!root || !fields_check(r, root, model_fields, "a glass model"))
        return NULL;
    struct glass *g = arena_array(r->arena, 1, sizeof *g);
    if (!g) {
        diagnostic_nomem(r, "the glass model");
        return NULL;
    }
    for (const struct node *item = node_field(root, "features")->first; item; item = item->next)
        add_feature(r, g, item, (struct glass_feature){.name = item->key->text, .meaning = item->text});
    const struct node *places = node_field(root, "places");
    for (const struct node *item = places ? places->first : NULL; item; item = item->next)
        read_place(r, g, item);
    read_lexicon(r, g, node_field(root, "words"), node_field(root, "endings"));
    if (!r->f->n)
        read_kinds(r, g, node_field(root, "kinds"));
    for (const struct node *item = node_field(root, "heads")->first; item; item = item->next)
        read_head(r, g, item);
    return r->f->n ? NULL : g;
}
