/* Weights that come from a seed, and weights that the lesson writes out. */
#include "lesson/weights.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* ---- from a seed ---- */

enum { WIDTH_MAX = 256 };

static const struct field random_fields[] = {
    {"source", NODE_TEXT, true, "random"},
    {"seed", NODE_TEXT, true, "a whole number; another one gives other weights"},
    {"d_model", NODE_TEXT, false, "the width of an embedding (8)"},
    {"d_k", NODE_TEXT, false, "the width of a query, a key and a value (4)"},
    {"output", NODE_TEXT, false, "false leaves out W_O and the last step"},
    {0},
};

/* splitmix64 (Steele, Lea, Flood 2014): the same numbers on every machine. */
static uint64_t next_bits(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* Box and Muller 1958: two uniform numbers make a normal one. To two decimals: what is shown is all there is. */
static double next_normal(uint64_t *state, double deviation)
{
    double u = ((double)(next_bits(state) >> 11) + 1) / 9007199254740993.0; /* 0 < u < 1 */
    double v = (double)(next_bits(state) >> 11) / 9007199254740992.0;
    return round(deviation * sqrt(-2 * log(u)) * cos(2 * 3.14159265358979323846 * v) * 100) / 100 + 0.0;
}

static uint64_t seed_of(uint64_t seed, const char *text)
{
    uint64_t hash = 14695981039346656037u ^ seed; /* FNV-1a */
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}

static struct axis words_axis(const struct lesson *lesson)
{
    return (struct axis){.size = lesson->words.n, .name = "words", .labels = lesson->words.v};
}

static bool add(struct reader *r, const struct node *at, const char *name, struct tensor *t, struct named_tensors *ret)
{
    struct qkv_err err = named_tensors_add(ret, name, t);
    if (err.code)
        finding(r, at, err.code, "%s", err.what);
    tensor_finish(t);
    return !err.code;
}

static bool random_matrix(struct reader *r, const struct node *at, const char *name, struct axis rows, struct axis cols,
                          uint64_t seed, double deviation, struct named_tensors *ret)
{
    struct tensor t = {0};
    struct qkv_err err = tensor_init(&t, (struct axis[]){axis_numbered(1, "heads"), rows, cols});
    if (err.code) {
        finding(r, at, err.code, "%s", err.what);
        return false;
    }
    uint64_t state = seed_of(seed, name);
    for (size_t i = 0; i < rows.size; i++) {
        /* A word has one embedding wherever it stands, so its row is drawn from the word. */
        if (rows.labels)
            state = seed_of(seed, rows.labels[i]);
        for (size_t c = 0; c < cols.size; c++)
            *tensor_at(&t, 0, i, c) = next_normal(&state, deviation);
    }
    return add(r, at, name, &t, ret);
}

bool weights_random(struct reader *r, const struct node *weights, struct lesson *lesson, struct named_tensors *ret)
{
    if (!fields_check(r, weights, random_fields, "random weights"))
        return false;
    long seed = 0, d_model = 8, d_k = 4;
    bool output = true, fine = node_whole(r, node_field(weights, "seed"), "seed", 0, 2147483647, &seed);
    const struct node *node;
    if ((node = node_field(weights, "d_model")))
        fine = node_whole(r, node, "d_model", 1, WIDTH_MAX, &d_model) && fine;
    if ((node = node_field(weights, "d_k")))
        fine = node_whole(r, node, "d_k", 1, WIDTH_MAX, &d_k) && fine;
    if ((node = node_field(weights, "output")))
        fine = node_bool(r, node, "output", &output) && fine;
    if (!fine)
        return false;
    const double heads = settings_get(&lesson->settings, "heads")->number;
    if (heads * (double)d_k > 16 * WIDTH_MAX) {
        finding(r, weights, QKV_ERR_LIMIT, "heads times d_k is more than %d", 16 * WIDTH_MAX);
        return false;
    }
    /* Products of d_model numbers keep a variance near 1. */
    const double deviation = 1 / sqrt((double)d_model);
    struct axis model = axis_numbered((size_t)d_model, "d_model"), out = axis_numbered((size_t)d_model, "d_out");
    struct axis keys = axis_numbered((size_t)heads * (size_t)d_k, "heads*d_k");
    struct axis values = axis_numbered((size_t)heads * (size_t)d_k, "heads*d_v");
    uint64_t s = (uint64_t)seed;
    return random_matrix(r, weights, "X", words_axis(lesson), model, s, 1, ret) &&
           random_matrix(r, weights, "W_Q", model, keys, s, deviation, ret) &&
           random_matrix(r, weights, "W_K", model, keys, s, deviation, ret) &&
           random_matrix(r, weights, "W_V", model, values, s, deviation, ret) &&
           (!output || random_matrix(r, weights, "W_O", values, out, s, deviation, ret));
}

/* ---- written out ---- */

/* Rows and columns of a matrix, planes of a tensor: how many there are, all of one length. */
struct extent {
    size_t n[AXES];
    int depth;
};

static bool measure(struct reader *r, const struct node *node, const char *name, int depth, struct extent *extent)
{
    if (node->kind == NODE_TEXT) {
        if (extent->depth && extent->depth != depth) {
            finding(r, node, QKV_ERR_SHAPE, "%s: a number stands where a row of numbers was expected", name);
            return false;
        }
        extent->depth = depth;
        return true;
    }
    if (node->kind != NODE_LIST || depth == AXES || node->n == 0 || (extent->depth && depth >= extent->depth)) {
        finding(r, node, QKV_ERR_SHAPE, "%s must be rows of numbers: [[1, 0], [0, 1]]", name);
        return false;
    }
    if (extent->n[depth] && extent->n[depth] != node->n) {
        finding(r, node, QKV_ERR_SHAPE, "%s: this row has %zu numbers, the ones before it %zu", name, node->n,
                extent->n[depth]);
        return false;
    }
    extent->n[depth] = node->n;
    bool fine = true;
    for (const struct node *item = node->first; item && fine; item = item->next)
        fine = measure(r, item, name, depth + 1, extent);
    return fine;
}

static bool fill(struct reader *r, const struct node *node, const char *name, double **at)
{
    if (node->kind == NODE_TEXT)
        return node_number(r, node, name, (*at)++);
    bool fine = true;
    for (const struct node *item = node->first; item; item = item->next)
        fine = fill(r, item, name, at) && fine;
    return fine;
}

static const char **read_labels(struct reader *r, const struct node *list, size_t *ret_n)
{
    const char **labels = pool_array(r->pool, list->n + 1, sizeof *labels);
    if (!labels)
        finding_nomem(r, "labels");
    size_t n = 0;
    for (const struct node *item = labels ? list->first : NULL; item; item = item->next)
        labels[n++] = item->text;
    *ret_n = n;
    return labels;
}

static bool read_tensor(struct reader *r, const struct node *node, const char *name, const struct node *features,
                        const struct lesson *lesson, struct named_tensors *ret)
{
    struct extent e = {.n = {0}};
    if (!measure(r, node, name, 0, &e))
        return false;
    /* A vector is one row, a matrix one plane. */
    struct axis axes[AXES] = {axis_numbered(1, "heads"), axis_numbered(1, "rows"), axis_numbered(1, "columns")};
    for (int i = 0; i < e.depth; i++)
        axes[AXES - e.depth + i].size = e.n[i];
    bool is_x = strcmp(name, "X") == 0;
    if (is_x && axes[AXIS_ROW].size != lesson->words.n) {
        finding(r, node, QKV_ERR_SHAPE, "X has %zu rows, but the sentence has %zu words", axes[AXIS_ROW].size,
                lesson->words.n);
        return false;
    }
    if (is_x) {
        axes[AXIS_ROW] = words_axis(lesson);
        axes[AXIS_COL].name = "d_model";
    }
    struct axis *named = is_x                                            ? &axes[AXIS_COL]
                         : strncmp(name, "W_", 2) == 0 && name[2] != 'O' ? &axes[AXIS_ROW]
                                                                         : NULL;
    if (features && named && (is_x || named->size == features->n)) {
        size_t n = 0;
        named->labels = read_labels(r, features, &n);
        if (n != named->size) {
            finding(r, features, QKV_ERR_SHAPE, "%zu features are named, but X has %zu columns", n, named->size);
            return false;
        }
    }
    struct tensor t = {0};
    struct qkv_err err = tensor_init(&t, axes);
    if (err.code) {
        finding(r, node, err.code, "%s: %s", name, err.what);
        return false;
    }
    double *at = t.v;
    if (!fill(r, node, name, &at)) {
        tensor_finish(&t);
        return false;
    }
    return add(r, node, name, &t, ret);
}

bool weights_numbers(struct reader *r, const struct node *weights, struct lesson *lesson, struct named_tensors *ret)
{
    const struct mechanism *m = lesson->mechanism;
    enum { OWN = 2, ROOM = 96 };
    struct field fields[ROOM + OWN + 1] = {
        {"source", NODE_TEXT, true, "numbers"},
        {"features", NODE_LIST, false, "names of X's columns"},
    };
    for (size_t i = 0; i < m->n_inputs && i < ROOM; i++)
        fields[OWN + i] = (struct field){m->inputs[i].name, NODE_LIST, !m->inputs[i].optional, m->inputs[i].shape};
    if (!fields_check(r, weights, fields, "weights in numbers"))
        return false;
    bool fine = true;
    for (const struct node *node = weights->first; node; node = node->next)
        if (node->kind == NODE_LIST && strcmp(node->key->text, "features") != 0)
            fine = read_tensor(r, node, node->key->text, node_field(weights, "features"), lesson, ret) && fine;
    return fine;
}
