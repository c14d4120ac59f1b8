#include "lesson/glass.h"

#include <string.h>

static unsigned hash_more(unsigned hash, const char *text)
{
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 16777619u; /* FNV-1a */
    return hash;
}

/* A whole number from -limit to limit that follows from two texts. */
static int number_of(const char *word, const char *salt, int limit)
{
    unsigned hash = hash_more(hash_more(2166136261u, word), salt);
    hash ^= hash >> 15; /* FNV's low bits alone follow the last letter too closely */
    return (int)(hash % (2 * (unsigned)limit + 1)) - limit;
}

static double place_number(const struct glass_feature *feature, const char *folded, size_t t)
{
    const double at = feature->number * (double)t;
    const int limit = feature->place >= PLACE_CODE_A ? (int)feature->number : 0;
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

/* Features from the first ending that fits. True: the word was built from a word of the lexicon, so nothing is guessed. */
static bool by_ending(const struct glass *g, const char *word, double row[])
{
    size_t length = strlen(word);
    for (size_t e = 0; e < g->n_endings; e++) {
        const struct glass_ending *ending = &g->endings[e];
        size_t n = strlen(ending->text);
        if (n >= length || strcmp(word + length - n, ending->text) != 0)
            continue;
        char stem[WORD_BYTES_MAX * 4] = "";
        if (length - n < sizeof stem)
            memcpy(stem, word, length - n);
        const struct glass_word *known = ending->stem ? glass_word_find(g, stem) : NULL;
        if (ending->stem && !known)
            continue;
        for (size_t i = 0; i < g->n_features; i++)
            row[i] = ending->is[i] != 0 || !known ? ending->is[i] : known->is[i];
        return known != NULL;
    }
    return false;
}

bool glass_embed(const struct glass *g, const char *folded, size_t t, double row[])
{
    const struct glass_word *word = glass_word_find(g, folded);
    for (size_t i = 0; i < g->n_features; i++)
        row[i] = word ? word->is[i] : 0;
    bool guessed = !word && !by_ending(g, folded, row);
    for (size_t i = 0; i < g->n_features; i++) {
        if (g->features[i].place != PLACE_NONE)
            row[i] = place_number(&g->features[i], folded, t);
        else if (guessed) /* a guess is marked by crooked numbers: up to 0.10 either way */
            row[i] += number_of(folded, g->features[i].name, 10) / 100.0;
    }
    return guessed;
}

/* A matrix on its way to becoming an input: its axes and their labels. */
struct matrix {
    struct tensor tensor;
    const char **rows, **cols;
};

static bool matrix_init(struct reader *r, struct matrix *m, const char *row_name, size_t rows, const char *col_name,
                        size_t cols)
{
    *m = (struct matrix){.rows = arena_array(r->arena, rows + 1, sizeof *m->rows),
                         .cols = arena_array(r->arena, cols + 1, sizeof *m->cols)};
    if (!m->rows || !m->cols) {
        diagnostic_nomem(r, "labels");
        return false;
    }
    const struct axis axes[AXES] = {
        axis_numbered(1, "heads"),
        {.size = rows, .name = row_name, .labels = m->rows},
        {.size = cols, .name = col_name, .labels = m->cols},
    };
    struct qkv_err err = tensor_init(&m->tensor, axes);
    if (err.code)
        diagnostics_add(r->f, err);
    return !err.code;
}

static bool hand_over(struct reader *r, struct matrix *m, const char *name, struct named_tensors *ret)
{
    struct qkv_err err = named_tensors_add(ret, name, &m->tensor);
    if (err.code)
        diagnostics_add(r->f, err);
    tensor_finish(&m->tensor);
    return !err.code;
}

static bool embed_words(struct reader *r, const struct glass *g, const struct glass_choice *choice,
                        const struct words *words, struct named_tensors *ret, bool *ret_guessed)
{
    struct matrix x;
    if (!matrix_init(r, &x, "words", words->n, "d_model", choice->n_features))
        return false;
    for (size_t i = 0; i < choice->n_features; i++)
        x.cols[i] = g->features[choice->features[i]].name;
    for (size_t t = 0; t < words->n; t++) {
        double row[GLASS_FEATURES_MAX];
        const char *folded = text_folded(r->arena, words->v[t]);
        if (!folded) {
            diagnostic_nomem(r, "the sentence's words");
            tensor_finish(&x.tensor);
            return false;
        }
        ret_guessed[t] = glass_embed(g, folded, t, row);
        x.rows[t] = words->v[t];
        for (size_t i = 0; i < choice->n_features; i++)
            *tensor_at(&x.tensor, 0, t, i) = row[choice->features[i]];
    }
    return hand_over(r, &x, "X", ret);
}

enum part { PART_QUERY, PART_KEY, PART_VALUE };

static size_t part_columns(const struct glass_head *head, enum part part)
{
    return part == PART_VALUE ? head->n_values : head->n_columns;
}

static const double *part_weights(const struct glass_head *head, enum part part, size_t i)
{
    return part == PART_QUERY ? head->columns[i].query : part == PART_KEY ? head->columns[i].key : head->values[i].from;
}

/* W_Q, W_K or W_V: the heads' columns side by side, a row for each feature. */
static bool project(struct reader *r, const struct glass *g, const struct glass_choice *choice, enum part part,
                    const char *name, struct named_tensors *ret)
{
    const size_t width = part_columns(&g->heads[choice->heads[0]], part);
    struct matrix w;
    if (!matrix_init(r, &w, "d_model", choice->n_features, part == PART_VALUE ? "heads*d_v" : "heads*d_k",
                     choice->n_heads * width))
        return false;
    for (size_t i = 0; i < choice->n_features; i++)
        w.rows[i] = g->features[choice->features[i]].name;
    for (size_t h = 0; h < choice->n_heads; h++)
        for (size_t c = 0; c < width; c++) {
            const struct glass_head *head = &g->heads[choice->heads[h]];
            const double *weights = part_weights(head, part, c);
            w.cols[h * width + c] = part == PART_VALUE ? head->values[c].name : head->columns[c].name;
            for (size_t i = 0; i < choice->n_features; i++)
                *tensor_at(&w.tensor, 0, i, h * width + c) = weights[choice->features[i]];
        }
    return hand_over(r, &w, name, ret);
}

/* W_O: a row for each value of each head, a column for each name that their `out` gives, in order of appearance. */
static bool mix(struct reader *r, const struct node *at, const struct glass *g, const struct glass_choice *choice,
                struct named_tensors *ret)
{
    const char *names[GLASS_OUTPUTS_MAX];
    size_t n = 0, width = g->heads[choice->heads[0]].n_values;
    struct matrix w = {0};
    /* Twice over the same places: first to collect the columns' names, then to fill them. */
    for (int filling = 0; filling < 2; filling++) {
        for (size_t h = 0; h < choice->n_heads; h++)
            for (size_t v = 0; v < width; v++)
                for (size_t o = 0; o < GLASS_OUT_MAX; o++) {
                    const struct glass_value *value = &g->heads[choice->heads[h]].values[v];
                    if (!value->out[o].name)
                        break;
                    size_t c = 0;
                    while (c < n && strcmp(names[c], value->out[o].name) != 0)
                        c++;
                    if (filling) {
                        w.rows[h * width + v] = value->name;
                        w.cols[c] = names[c];
                        *tensor_at(&w.tensor, 0, h * width + v, c) = value->out[o].weight;
                    } else if (c == n && n < GLASS_OUTPUTS_MAX) {
                        names[n++] = value->out[o].name;
                    } else if (c == n) {
                        diagnostic(r, at, QKV_ERR_LIMIT, "these heads write to more than %d places", GLASS_OUTPUTS_MAX);
                        return false;
                    }
                }
        if (!filling && !matrix_init(r, &w, "heads*d_v", choice->n_heads * width, "d_out", n))
            return false;
    }
    return hand_over(r, &w, "W_O", ret);
}

bool glass_head_reads(const struct glass_head *head, size_t feature)
{
    for (size_t c = 0; c < head->n_columns; c++)
        if (head->columns[c].query[feature] != 0 || head->columns[c].key[feature] != 0)
            return true;
    for (size_t c = 0; c < head->n_values; c++)
        if (head->values[c].from[feature] != 0)
            return true;
    return false;
}

/* A head whose features are left out would silently do another job. */
static bool heads_fit(struct reader *r, const struct node *at, const struct glass *g, const struct glass_choice *choice)
{
    size_t before = r->f->n;
    const struct glass_head *first = &g->heads[choice->heads[0]];
    for (size_t h = 0; h < choice->n_heads; h++) {
        const struct glass_head *head = &g->heads[choice->heads[h]];
        if (head->n_columns != first->n_columns || head->n_values != first->n_values)
            diagnostic(r, at, QKV_ERR_SHAPE,
                       "head '%s' has %zu columns and %zu values, head '%s' has %zu and %zu: all heads "
                       "of a layer have the same",
                       head->name, head->n_columns, head->n_values, first->name, first->n_columns, first->n_values);
        for (size_t i = 0; i < g->n_features; i++) {
            bool used = false;
            for (size_t k = 0; k < choice->n_features; k++)
                used = used || choice->features[k] == (int)i;
            if (!used && glass_head_reads(head, i))
                diagnostic(r, at, QKV_ERR_DOMAIN, "head '%s' reads the feature '%s', which 'features' leaves out",
                           head->name, g->features[i].name);
        }
    }
    return r->f->n == before;
}

bool glass_tensors(struct reader *r, const struct node *at, const struct glass *g, const struct glass_choice *choice,
                   const struct words *words, struct named_tensors *ret, bool *ret_guessed)
{
    return heads_fit(r, at, g, choice) && embed_words(r, g, choice, words, ret, ret_guessed) &&
           project(r, g, choice, PART_QUERY, "W_Q", ret) && project(r, g, choice, PART_KEY, "W_K", ret) &&
           project(r, g, choice, PART_VALUE, "W_V", ret) && (!choice->output || mix(r, at, g, choice, ret));
}

bool glass_identity(struct reader *r, const struct glass *g, const struct glass_choice *choice,
                    const struct words *words, struct named_tensors *ret, bool *ret_guessed)
{
    static const char *const names[] = {"W_Q", "W_K", "W_V"};
    if (!embed_words(r, g, choice, words, ret, ret_guessed))
        return false;
    for (size_t m = 0; m < 3; m++) {
        struct matrix w;
        if (!matrix_init(r, &w, "d_model", choice->n_features, m == 2 ? "heads*d_v" : "heads*d_k", choice->n_features))
            return false;
        for (size_t i = 0; i < choice->n_features; i++) {
            w.rows[i] = w.cols[i] = g->features[choice->features[i]].name;
            *tensor_at(&w.tensor, 0, i, i) = 1;
        }
        if (!hand_over(r, &w, names[m], ret))
            return false;
    }
    return true;
}
