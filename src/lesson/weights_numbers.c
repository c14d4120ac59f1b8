/* Weights that the lesson writes out. */
#include "lesson/weights.h"

#include "lesson/inputs.h"
#include "lesson/picture.h"

#include <string.h>

static const struct field numbers_fields[] = {
    {"source", NODE_TEXT, true, "numbers"},
    {"names", NODE_MAPPING, false, "what rows and columns are called: {d_k: [who, what]}"},
    {"features", NODE_LIST | NODE_TEXT, false, "names of X's columns"},
    {0},
};

/* Rows and columns of a matrix, planes of a tensor: how many there are, all of one length. */
struct extent {
    size_t n[AXES];
    int depth;
};

static bool measure(struct reader *r, const struct node *node, const char *name, int depth, struct extent *extent)
{
    if (node->kind == NODE_TEXT) {
        if (extent->depth && extent->depth != depth) {
            diagnostic(r, node, QKV_ERR_SHAPE, "%s: a number stands where a row of numbers was expected", name);
            return false;
        }
        extent->depth = depth;
        return true;
    }
    if (node->kind != NODE_LIST || depth == AXES || node->n == 0 || (extent->depth && depth >= extent->depth)) {
        diagnostic(r, node, QKV_ERR_SHAPE, "%s must be rows of numbers: [[1, 0], [0, 1]]", name);
        return false;
    }
    if (extent->n[depth] && extent->n[depth] != node->n) {
        diagnostic(r, node, QKV_ERR_SHAPE, "%s: this row has %zu numbers, the ones before it %zu", name, node->n,
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

/* "X has 2 rows, but the sentence has 3 words" */
static bool check_words(struct inputs *in, const struct node *node, const char *name, struct dim dim, size_t n,
                        bool rows)
{
    const struct words *words = inputs_words(in, dim);
    /* A memory without words of its own is as long as it likes. */
    if (!words || words->n == n || (strcmp(name, "memory") == 0 && !in->lesson->memory_words.n))
        return true;
    diagnostic(in->r, node, QKV_ERR_SHAPE, "%s has %zu %s, but the %s has %zu words", name, n,
               rows ? "rows" : "columns", words == &in->lesson->words ? "sentence" : "memory", words->n);
    return false;
}

/* A vector is one row, a matrix one plane. */
static bool axes_of(struct inputs *in, const struct node *node, const struct tensor_info *info, const struct extent *e,
                    struct axis axes[AXES])
{
    const struct shape *shape = inputs_shape(in, info, e->depth);
    for (int i = 0; i < AXES; i++)
        axes[i] = axis_numbered(1, i == AXIS_HEAD ? "heads" : i == AXIS_ROW ? "rows" : "columns");
    for (int i = 0; i < e->depth; i++)
        axes[AXES - e->depth + i].size = e->n[i];
    for (int i = 0; i < shape->depth; i++) {
        const struct dim dim = shape->dim[i];
        const size_t named = in->sizes.v[dim.a].n_labels;
        if (!check_words(in, node, info->name, dim, e->n[i], i + 1 < e->depth))
            return false;
        if (strcmp(info->name, "X") == 0 && dim_is(dim, dim.a) && named && named != e->n[i]) {
            diagnostic(in->r, node, QKV_ERR_SHAPE, "%zu features are named, but X has %zu columns", named, e->n[i]);
            return false;
        }
        const bool memory_of_its_own = strcmp(info->name, "memory") == 0 && !in->lesson->memory_words.n && i == 0;
        if (!memory_of_its_own && !inputs_axis(in, dim, e->n[i], &axes[AXES - e->depth + i]))
            return false;
    }
    return true;
}

static bool read_tensor(struct inputs *in, const struct node *node, const struct tensor_info *info)
{
    struct reader *r = in->r;
    struct extent e = {.n = {0}};
    struct axis axes[AXES];
    struct tensor t = {0};
    if (!measure(r, node, info->name, 0, &e) || !axes_of(in, node, info, &e, axes))
        return false;
    struct qkv_err err = tensor_init(&t, axes);
    if (err.code) {
        diagnostic(r, node, err.code, "%s: %s", info->name, err.what);
        return false;
    }
    double *at = t.v;
    if (!fill(r, node, info->name, &at)) {
        tensor_finish(&t);
        return false;
    }
    return inputs_add(in, node, info, &t);
}

static bool read_one(struct inputs *in, const struct node *node, const struct tensor_info *info)
{
    /* What only other settings need would be refused; it was written for the computation this one stands beside. */
    if (in->lenient && info->setting && !inputs_asked_for(in, info))
        return true;
    if (node->kind == NODE_LIST)
        return read_tensor(in, node, info);
    if (node->kind == NODE_TEXT)
        return inputs_pixels(in, node, info);
    diagnostic(in->r, node, QKV_ERR_SYNTAX, "%s must be rows of numbers: [[1, 0], [0, 1]]", info->name);
    return false;
}

/* Without a second sequence keys and values are made of the first one's columns, and are called like them. */
static void name_memory(struct inputs *in, const struct node *mapping)
{
    struct size *memory = &in->sizes.v[SIZE_D_MEMORY], *model = &in->sizes.v[SIZE_D_MODEL];
    if (memory->used && model->used && !memory->n_labels && !in->lesson->memory_words.n &&
        !node_field(mapping, "memory"))
        memory->labels = model->labels, memory->n_labels = model->n_labels;
}

bool inputs_numbers(struct inputs *in, const struct node *mapping)
{
    const struct mechanism *mechanism = in->lesson->mechanism;
    name_memory(in, mapping);
    bool fine = true;
    /* The sequences first: they say what columns are called; the rest in the order of the mechanism's table. */
    for (size_t i = 0; i < mechanism->n_inputs; i++) {
        const struct node *node = node_field(mapping, mechanism->inputs[i].name);
        if (node)
            fine = read_one(in, node, &mechanism->inputs[i]) && fine;
    }
    for (const struct node *node = mapping->first; node && !in->lenient && mapping != in->weights; node = node->next)
        fine = inputs_find(in, node->key->text, node->key) && fine;
    return fine;
}

bool weights_numbers(struct reader *r, const struct node *weights, struct lesson *lesson, bool lenient,
                     struct named_tensors *ret)
{
    struct inputs in;
    struct field fields[INPUTS_FIELDS_MAX];
    inputs_init(&in, r, weights, lesson, lenient, ret);
    inputs_fields(&in, numbers_fields, true, fields);
    if (!lenient && !fields_check(r, weights, fields, "weights in numbers"))
        return false;
    return inputs_read_sizes(&in) && inputs_numbers(&in, weights);
}
