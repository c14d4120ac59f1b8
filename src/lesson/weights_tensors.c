/* Weights from a file of tensors (safetensors): a head of a real model, saved with a few lines of Python.
 *
 *   weights:
 *     source: tensors
 *     file: head.safetensors
 *     map:
 *       X: hidden
 *       W_Q: {name: q_proj.weight, transpose: true, columns: [0, 64]}      first transposed, then cut
 *
 * The file lies in the lesson's folder or below it: a lesson from a stranger names no other place. */
#include "lesson/weights.h"

#include "core/safetensors.h"
#include "lesson/builtin.h"

#include <string.h>

enum { INPUTS_MAX = 96 };

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

bool tensors_words(struct reader *r, const struct node *list, struct words *ret)
{
    struct words words = {.v = arena_array(r->arena, WORDS_MAX, sizeof *words.v)}, pieces;
    if (!words.v) {
        diagnostic_nomem(r, "the sentence's words");
        return false;
    }
    if (list->n == 0 || list->n > WORDS_MAX) {
        diagnostic(r, list, QKV_ERR_LIMIT, "%zu words are listed; 1 to %d can be walked", list->n, WORDS_MAX);
        return false;
    }
    for (const struct node *item = list->first; item; item = item->next) {
        /* A model's token need not be a word of ours ("[CLS]", "Ġcat"), but it must be text that can be shown. */
        struct qkv_err err = tokens_split(r->arena, item->text, NULL, &pieces);
        if (!err.code && item->bytes > WORD_BYTES_MAX)
            err = qkv_errf(QKV_ERR_LIMIT, "a word has at most %d bytes", WORD_BYTES_MAX);
        if (err.code) {
            diagnostic(r, item, err.code, "%s", err.what);
            return false;
        }
        words.v[words.n++] = item->text;
    }
    *ret = words;
    return true;
}

/* [from, to] of a side, like a slice in Python; without a list, all of it. */
static bool read_slice(struct reader *r, const struct node *list, const char *what, size_t size, size_t *ret_from,
                       size_t *ret_n)
{
    long from = 0, to = (long)size;
    if (list && list->n != 2) {
        diagnostic(r, list, QKV_ERR_SYNTAX, "%s is [from, to], counted from 0, without the last", what);
        return false;
    }
    if (list && !(node_whole(r, list->first, what, 0, (long)size - 1, &from) &&
                  node_whole(r, list->first->next, what, from + 1, (long)size, &to)))
        return false;
    *ret_from = (size_t)from;
    *ret_n = (size_t)(to - from);
    return true;
}

struct cut {
    bool transpose;
    size_t row, rows, col, cols;
};

static bool copy_cut(struct reader *r, const struct node *node, const struct tensor *from, const struct cut *cut,
                     struct tensor *ret)
{
    size_t heads = from->axis[AXIS_HEAD].size;
    struct qkv_err err = tensor_init_sizes(ret, heads, cut->rows, cut->cols);
    if (err.code) {
        diagnostic(r, node, err.code, "%s", err.what);
        return false;
    }
    for (size_t h = 0; h < heads; h++)
        for (size_t i = 0; i < cut->rows; i++)
            for (size_t c = 0; c < cut->cols; c++) {
                size_t row = cut->row + i, col = cut->col + c;
                *tensor_at(ret, h, i, c) =
                    cut->transpose ? *tensor_at(from, h, col, row) : *tensor_at(from, h, row, col);
            }
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

/* One line of the map: `W_Q: name`, or `W_Q: {name: ..., transpose: true, rows: [0, 64], columns: [0, 64]}`. */
struct mapping {
    const struct node *name, *transpose, *rows, *columns;
};

static bool read_mapping(struct reader *r, const struct node *node, struct mapping *ret)
{
    *ret = (struct mapping){.name = node};
    if (node->kind != NODE_MAPPING)
        return true;
    *ret = (struct mapping){node_field(node, "name"), node_field(node, "transpose"), node_field(node, "rows"),
                            node_field(node, "columns")};
    return fields_check(r, node, tensor_fields, "a tensor");
}

/* The part of a tensor that the lesson takes: first transposed, then cut. */
static bool cut_tensor(struct reader *r, const struct node *node, const struct mapping *from,
                       const struct tensor *whole, const struct words *words, struct tensor *ret)
{
    struct cut cut = {0};
    if (from->transpose && !node_bool(r, from->transpose, "transpose", &cut.transpose))
        return false;
    const bool of_words = strcmp(node->key->text, "X") == 0;
    size_t n_rows = whole->axis[cut.transpose ? AXIS_COL : AXIS_ROW].size;
    size_t n_cols = whole->axis[cut.transpose ? AXIS_ROW : AXIS_COL].size;
    if (!read_slice(r, from->rows, "rows", n_rows, &cut.row, &cut.rows) ||
        !read_slice(r, from->columns, "columns", n_cols, &cut.col, &cut.cols))
        return false;
    if (of_words && cut.rows != words->n) {
        diagnostic(r, node, QKV_ERR_SHAPE,
                   "X has %zu rows, but there are %zu words; 'words' can list the model's tokens", cut.rows, words->n);
        return false;
    }
    if (!copy_cut(r, node, whole, &cut, ret))
        return false;
    if (of_words) {
        ret->axis[AXIS_ROW] = (struct axis){.size = cut.rows, .name = "words", .labels = words->v};
        ret->axis[AXIS_COL].name = "d_model";
    }
    return true;
}

static bool map_tensor(struct reader *r, const struct node *node, const struct safetensors *file,
                       const struct lesson *lesson, struct named_tensors *ret)
{
    struct mapping from;
    struct tensor whole = {0}, t = {0};
    if (!read_mapping(r, node, &from) || !take_tensor(r, from.name, file, &whole))
        return false;
    bool fine = cut_tensor(r, node, &from, &whole, &lesson->words, &t);
    struct qkv_err err = fine ? named_tensors_add(ret, node->key->text, &t) : (struct qkv_err){0};
    if (err.code)
        diagnostic(r, node, err.code, "%s", err.what);
    tensor_finish(&whole);
    tensor_finish(&t);
    return fine && !err.code;
}

static bool takes(const struct mechanism *m, const char *name)
{
    for (size_t i = 0; i < m->n_inputs; i++)
        if (strcmp(m->inputs[i].name, name) == 0)
            return true;
    return false;
}

bool weights_tensors(struct reader *r, const struct node *weights, struct lesson *lesson, bool lenient,
                     struct named_tensors *ret)
{
    const struct mechanism *m = lesson->mechanism;
    struct field inputs[INPUTS_MAX + 1] = {{0}};
    for (size_t i = 0; i < m->n_inputs && i < INPUTS_MAX; i++)
        inputs[i] =
            (struct field){m->inputs[i].name, NODE_TEXT | NODE_MAPPING, !m->inputs[i].optional, m->inputs[i].shape};
    const struct node *map = node_field(weights, "map");
    if (!lenient &&
        (!fields_check(r, weights, tensors_fields, "weights from tensors") || !fields_check(r, map, inputs, "a map")))
        return false;
    const struct node *name = node_field(weights, "file");
    struct str bytes = {0};
    struct safetensors file;
    bool fine = file_read_named(r, name, lesson->folder, LESSON_TENSORS_BYTES_MAX, &bytes);
    struct qkv_err err = fine ? safetensors_open(str_text(&bytes), bytes.n, &file) : (struct qkv_err){0};
    if (err.code)
        diagnostic(r, name, err.code, "%s", err.what);
    if (fine && !err.code) {
        for (const struct node *node = map->first; node; node = node->next)
            if (!lenient || takes(m, node->key->text))
                fine = map_tensor(r, node, &file, lesson, ret) && fine;
        safetensors_close(&file);
    }
    str_finish(&bytes);
    return fine && !err.code;
}
