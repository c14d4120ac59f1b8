/* Weights that are given: in numbers that the lesson writes out, or in a file of tensors (safetensors), such as a head
 * of a real model, saved with a few lines of Python:
 *
 *   weights:
 *     source: tensors
 *     file: head.safetensors
 *     map:
 *       X: hidden
 *       W_Q: {name: q_proj.weight, transpose: true, columns: [0, 64]}      first transposed, then cut */

#include "core/safetensors.h"
#include "lesson/inputs/inputs.h"
#include "lesson/text/builtin.h"

#include <stdio.h>
#include <string.h>

/* ---- numbers ---- */

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
        if (extent->depth && extent->depth != depth)
            return diagnostic(r, node, QKV_ERR_SHAPE, "%s: a number stands where a row of numbers was expected", name);
        extent->depth = depth;
        return true;
    }
    if (node->kind != NODE_LIST || depth == AXES || node->n == 0 || (extent->depth && depth >= extent->depth))
        return diagnostic(r, node, QKV_ERR_SHAPE, "%s must be rows of numbers: [[1, 0], [0, 1]]", name);
    if (extent->n[depth] && extent->n[depth] != node->n)
        return diagnostic(r, node, QKV_ERR_SHAPE, "%s: this row has %zu numbers, the ones before it %zu", name, node->n,
                          extent->n[depth]);
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

/* "X has 2 rows, but the sentence has 3 words"; what mixes words into fewer (E of Linformer) is made for so many. */
static bool check_words(struct inputs *in, const struct node *node, const char *name, const struct shape *shape, int i,
                        const struct extent *e)
{
    const struct words *words = inputs_words(in, shape->dim[i]);
    const size_t n = e->n[i];
    /* A memory without words may have any length. */
    if (!words || words->n == n || (strcmp(name, "memory") == 0 && !in->lesson->memory.words.n))
        return true;
    const bool typed = words == &in->lesson->sentence.words;
    const char *whose = typed ? "sentence" : "memory";
    char way_out[48] = "";
    if (typed && in->lesson->sentence.written)
        snprintf(way_out, sizeof way_out, ": type %zu words", n);
    if (i > 0 && i + 1 == e->depth && !inputs_words(in, shape->dim[i - 1]))
        return diagnostic(
            in->r, node, QKV_ERR_SHAPE,
            "%s mixes %zu words into %zu, but the %s has %zu words%s (a low-rank projection is made for one "
            "length; trained models fill up a shorter text and cut a longer one)",
            name, n, e->n[i - 1], whose, words->n, way_out);
    return diagnostic(in->r, node, QKV_ERR_SHAPE, "%s has %zu %s, but the %s has %zu words%s", name, n,
                      i + 1 < e->depth ? "rows" : "columns", whose, words->n, way_out);
}

/* Rows of features, one for each word: of these words and no others, unless they are given by word. What has rows and
 * columns of words (a mask), or mixes places, is about where they stand. */
static bool check_typed(struct inputs *in, const struct node *node, const struct tensor_info *info,
                        const struct shape *shape)
{
    const struct words *words = shape->depth == 2 && !in->by_word ? inputs_words(in, shape->dim[0]) : NULL;
    return !words || inputs_words(in, shape->dim[1]) || inputs_own_words(in, node, info->name, words);
}

static bool check_sizes(struct inputs *in, const struct node *node, const struct tensor_info *info,
                        const struct extent *e)
{
    const struct shape *shape = inputs_shape(in, info, e->depth);
    if (!check_typed(in, node, info, shape))
        return false;
    for (int i = 0; i < shape->depth; i++) {
        const struct dim dim = shape->dim[i];
        const size_t named = in->sizes.v[dim.a].n_labels;
        if (!check_words(in, node, info->name, shape, i, e))
            return false;
        if (strcmp(info->name, "X") == 0 && dim_is(dim, dim.a) && named && named != e->n[i])
            return diagnostic(in->r, node, QKV_ERR_SHAPE, "%zu features are named, but X has %zu columns", named,
                              e->n[i]);
    }
    return true;
}

/* A matrix with a row for each feature that the lesson lists: features that its sentence adds have rows of zeros. */
static void add_rows(const struct inputs *in, const struct tensor_info *info, struct extent *e)
{
    const struct dim dim = inputs_shape(in, info, e->depth)->dim[0];
    if (e->depth == 2 && in->n_listed && e->n[0] == in->n_listed && dim_is(dim, SIZE_D_MODEL))
        e->n[0] = in->n_features;
}

/* A mask that is written out blocks words, not places: those that it blocks must be the lesson's own still. */
static bool check_blocked(struct inputs *in, const struct node *node, const struct tensor_info *info,
                          const struct tensor *mask)
{
    const struct words *own = in->lesson->sentence.written, *words = &in->lesson->sentence.words;
    const struct shape *shape = inputs_shape(in, info, 2);
    if (!own || shape->depth != 2 || !inputs_words(in, shape->dim[0]) || inputs_words(in, shape->dim[1]) != words)
        return true;
    for (size_t h = 0; h < mask->axis[AXIS_HEAD].size; h++)
        for (size_t t = 0; t < mask->axis[AXIS_ROW].size; t++)
            for (size_t s = 0; s < words->n; s++)
                if (*tensor_at(mask, h, t, s) == 0 && (s >= own->n || strcmp(own->v[s], words->v[s]) != 0))
                    return inputs_own_words(in, node, info->name, words);
    return true;
}

static bool read_tensor(struct inputs *in, const struct node *node, const struct tensor_info *info)
{
    struct reader *r = in->r;
    struct extent e = {.n = {0}};
    struct tensor t = {0};
    if (!measure(r, node, info->name, 0, &e))
        return false;
    add_rows(in, info, &e);
    if (!check_sizes(in, node, info, &e) || !inputs_tensor(in, node, info, e.depth, e.n, &t))
        return false;
    if (strcmp(info->name, "memory") == 0 && !in->lesson->memory.words.n)
        t.axis[AXIS_ROW] = axis_numbered(t.axis[AXIS_ROW].size, "rows");
    double *at = t.v;
    if (!fill(r, node, info->name, &at) || !check_blocked(in, node, info, &t)) {
        tensor_finish(&t);
        return false;
    }
    return inputs_add(in, node, info, &t);
}

/* The row of a word, whatever its first letter's size; NULL: there is none. */
static const struct node *row_of(struct inputs *in, const struct node *mapping, const char *word)
{
    const struct node *row = node_field(mapping, word);
    const char *folded = row ? NULL : text_folded(in->r->arena, word);
    return row ? row : folded ? node_field(mapping, folded) : NULL;
}

static bool refuse_word(struct inputs *in, const struct node *mapping, const char *name, const char *word)
{
    struct str known = {0};
    for (const struct node *item = mapping->first; item; item = item->next)
        str_addf(&known, "%s%s", known.n ? " " : "", item->key->text);
    diagnostic(
        in->r, mapping, QKV_ERR_DOMAIN,
        "%s has numbers for the words '%.70s%s' only, and '%.24s' is none of them: take those, as often as you like, "
        "or --weights \"{source: random, seed: 1}\" (X in the window)",
        name, str_text(&known), known.n > 70 ? "..." : "", word);
    str_finish(&known);
    return false;
}

/* "X: {tick: [1, 0], tock: [0, 1]}": rows by word, so that another sentence of these words has numbers as well. */
static bool read_by_word(struct inputs *in, const struct node *node, const struct tensor_info *info)
{
    const struct shape *shape = inputs_shape(in, info, 2);
    const struct words *words = shape->depth ? inputs_words(in, shape->dim[0]) : NULL;
    if (!words || inputs_words(in, shape->dim[1]))
        return diagnostic(in->r, node, QKV_ERR_SYNTAX, "%s must be rows of numbers: [[1, 0], [0, 1]]", info->name);
    struct node *rows = arena_array(in->r->arena, words->n + 1, sizeof *rows);
    if (!rows)
        return diagnostic_nomem(in->r, "rows of numbers");
    for (size_t i = 0; i < words->n; i++) {
        const struct node *row = row_of(in, node, words->v[i]);
        if (!row)
            return refuse_word(in, node, info->name, words->v[i]);
        rows[i] = *row;
        rows[i].key = NULL;
        rows[i].next = i + 1 < words->n ? &rows[i + 1] : NULL;
    }
    const struct node list = {
        .kind = NODE_LIST, .line = node->line, .column = node->column, .first = rows, .n = words->n};
    in->by_word = true;
    bool fine = read_tensor(in, &list, info);
    in->by_word = false;
    return fine;
}

static bool read_one(struct inputs *in, const struct node *node, const struct tensor_info *info)
{
    /* What only other settings need would be refused; it was written for the lesson's own computation. */
    if (in->lenient && info->setting && !inputs_asked_for(in, info))
        return true;
    if (node->kind == NODE_LIST)
        return read_tensor(in, node, info);
    if (node->kind == NODE_MAPPING)
        return read_by_word(in, node, info);
    return inputs_pixels(in, node, info);
}

/* Without a second sequence keys and values are made of the columns of the first, and have their names. */
static void name_memory(struct inputs *in, const struct node *mapping)
{
    struct size *memory = &in->sizes.v[SIZE_D_MEMORY], *model = &in->sizes.v[SIZE_D_MODEL];
    if (memory->used && model->used && !memory->n_labels && !in->lesson->memory.words.n &&
        !node_field(mapping, "memory"))
        memory->labels = model->labels, memory->n_labels = model->n_labels;
}

bool inputs_numbers(struct inputs *in, const struct node *mapping)
{
    const struct mechanism *mechanism = in->lesson->mechanism;
    name_memory(in, mapping);
    bool fine = true;
    /* The sequences first: they name the columns; the rest in the order of the mechanism's table. */
    for (size_t i = 0; i < mechanism->n_inputs; i++) {
        const struct node *node = node_field(mapping, mechanism->inputs[i].name);
        if (node)
            fine = read_one(in, node, &mechanism->inputs[i]) && fine;
    }
    for (const struct node *node = mapping->first; node && !in->lenient && mapping != in->weights; node = node->next)
        fine = inputs_find(in, node->key->text, node->key) && fine;
    return fine;
}

bool weights_numbers(struct inputs *in)
{
    return inputs_check(in, numbers_fields, true, "weights in numbers") && inputs_read_sizes(in) &&
           inputs_numbers(in, in->weights);
}

/* ---- tensors of a file ---- */

static const struct field tensors_fields[] = {
    {"source", NODE_TEXT, true, "tensors"},
    {"file", NODE_TEXT, true, "a safetensors file in the lesson's folder or below it"},
    {"map", NODE_MAPPING, true, "which tensor of the file is which: {X: hidden, W_Q: q_proj.weight}"},
    {"words", NODE_LIST, false, "the model's own tokens, one for each row of X; without it, the sentence's words"},
    {0},
};
static const struct field tensor_fields[] = {
    {"name", NODE_TEXT, true, "the tensor's name in the file"},
    {"transpose", NODE_TEXT, false, "true: rows become columns (PyTorch's Linear keeps [out, in])"},
    {"rows", NODE_LIST, false, "[from, to]: keep these rows, counted from 0, without the last"},
    {"columns", NODE_LIST, false, "[from, to]: keep these columns"},
    {0},
};

/* [from, to] of a side, like a slice in Python; without a list, all of it. */
static bool read_slice(struct reader *r, const struct node *list, const char *what, size_t size, size_t *ret_from,
                       size_t *ret_n)
{
    long from = 0, to = (long)size;
    if (list && list->n != 2)
        return diagnostic(r, list, QKV_ERR_SYNTAX, "%s is [from, to], counted from 0, without the last", what);
    if (list && !(node_whole(r, list->first, what, 0, (long)size - 1, &from) &&
                  node_whole(r, list->first->next, what, from + 1, (long)size, &to)))
        return false;
    *ret_from = (size_t)from;
    *ret_n = (size_t)(to - from);
    return true;
}

/* Only what the map names is read and checked. */
static bool take_tensor(struct reader *r, const struct node *name, const struct safetensors *file, struct tensor *ret)
{
    const char *names[512];
    size_t n = safetensors_names(file, names, sizeof names / sizeof names[0]);
    struct qkv_err err = safetensors_take(file, name->text, ret);
    if (err.code && !safetensors_has(file, name->text))
        diagnostic(r, name, QKV_ERR_DOMAIN, "the file has no tensor '%.60s'%s", name->text,
                   hint_near(name->text, names, n).text);
    else if (err.code)
        diagnostic(r, name, err.code, "%s", err.what);
    return !err.code;
}

/* The part of a tensor that the lesson takes: first transposed, then cut. */
static bool cut_tensor(struct reader *r, const struct node *node, const struct tensor *whole, struct tensor *ret)
{
    const struct node *transpose = node_field(node, "transpose");
    bool transposed = false;
    size_t heads = whole->axis[AXIS_HEAD].size, row, rows, col, cols;
    if ((transpose && !node_bool(r, transpose, "transpose", &transposed)) ||
        !read_slice(r, node_field(node, "rows"), "rows", whole->axis[transposed ? AXIS_COL : AXIS_ROW].size, &row,
                    &rows) ||
        !read_slice(r, node_field(node, "columns"), "columns", whole->axis[transposed ? AXIS_ROW : AXIS_COL].size, &col,
                    &cols) ||
        !is_fine(r, node, tensor_init_sizes(ret, heads, rows, cols)))
        return false;
    for (size_t h = 0; h < heads; h++)
        for (size_t i = 0; i < rows; i++)
            for (size_t c = 0; c < cols; c++)
                *tensor_at(ret, h, i, c) =
                    transposed ? *tensor_at(whole, h, col + c, row + i) : *tensor_at(whole, h, row + i, col + c);
    return true;
}

/* The rows of X are the words. */
static bool name_rows(struct reader *r, const struct node *node, const struct words *words, struct tensor *x)
{
    size_t rows = x->axis[AXIS_ROW].size;
    if (rows != words->n)
        return diagnostic(r, node, QKV_ERR_SHAPE,
                          "X has %zu rows, but there are %zu words; 'words' can list the model's tokens", rows,
                          words->n);
    x->axis[AXIS_ROW] = (struct axis){.size = rows, .name = "words", .labels = words->v};
    x->axis[AXIS_COL].name = "d_model";
    return true;
}

/* One line of the map: `W_Q: name`, or `W_Q: {name: ..., transpose: true, rows: [0, 64], columns: [0, 64]}`. */
static bool map_tensor(struct inputs *in, const struct node *node, const struct safetensors *file)
{
    struct reader *r = in->r;
    const struct words *words = &in->lesson->sentence.words;
    const bool of_words = strcmp(node->key->text, "X") == 0;
    bool plain = node->kind == NODE_TEXT;
    struct tensor whole = {0}, t = {0};
    if (of_words && !inputs_own_words(in, node, "X", words))
        return false;
    if (!(plain || fields_check(r, node, tensor_fields, "a tensor")) ||
        !take_tensor(r, plain ? node : node_field(node, "name"), file, &whole))
        return false;
    bool fine = cut_tensor(r, node, &whole, &t) && (!of_words || name_rows(r, node, words, &t)) &&
                is_fine(r, node, named_tensors_add(in->ret, node->key->text, &t));
    tensor_finish(&whole);
    tensor_finish(&t);
    return fine;
}

bool weights_tensors(struct inputs *in)
{
    struct reader *r = in->r;
    const struct mechanism *m = in->lesson->mechanism;
    struct field inputs[INPUTS_MAX + 1] = {{0}};
    for (size_t i = 0; i < m->n_inputs && i < INPUTS_MAX; i++)
        inputs[i] =
            (struct field){m->inputs[i].name, NODE_TEXT | NODE_MAPPING, !m->inputs[i].optional, m->inputs[i].shape};
    const struct node *map = node_field(in->weights, "map"), *name = node_field(in->weights, "file");
    if (!in->lenient && (!fields_check(r, in->weights, tensors_fields, "weights from tensors") ||
                         !fields_check(r, map, inputs, "a map")))
        return false;
    struct str bytes = {0};
    struct safetensors file;
    bool fine = file_read_named(r, name, in->lesson->folder, LESSON_TENSORS_BYTES_MAX, &bytes) &&
                is_fine(r, name, safetensors_open(str_text(&bytes), bytes.n, &file));
    if (fine) {
        for (const struct node *node = map->first; node; node = node->next)
            if (!in->lenient || mechanism_input(m, node->key->text))
                fine = map_tensor(in, node, &file) && fine;
        safetensors_close(&file);
    }
    str_finish(&bytes);
    return fine;
}
