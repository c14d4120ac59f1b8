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
#include "lesson/nearby.h"

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

static bool read_file(struct reader *r, const struct node *node, const struct lesson *lesson, struct named_tensors *ret)
{
    struct str bytes = {0};
    bool fine = nearby_read(r, node, lesson, LESSON_TENSORS_BYTES_MAX, &bytes);
    if (fine) {
        struct qkv_err err = safetensors_parse(str_text(&bytes), bytes.n, ret);
        if (err.code)
            diagnostic(r, node, err.code, "%s", err.what);
        fine = !err.code;
    }
    str_finish(&bytes);
    return fine;
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

static const struct tensor *find_tensor(struct reader *r, const struct node *name, const struct named_tensors *file)
{
    const struct tensor *found = named_tensors_find(file, name->text);
    if (found)
        return found;
    const char *names[64];
    size_t n = 0;
    for (; n < file->n && n < sizeof names / sizeof names[0]; n++)
        names[n] = file->v[n].name;
    diagnostic(r, name, QKV_ERR_DOMAIN, "the file has no tensor '%.60s'%s", name->text,
            hint_near(name->text, names, n).text);
    return NULL;
}

/* One line of the map: `W_Q: name`, or `W_Q: {name: ..., transpose: true, rows: [0, 64], columns: [0, 64]}`. */
static bool map_tensor(struct reader *r, const struct node *node, const struct named_tensors *file,
                       const struct lesson *lesson, struct named_tensors *ret)
{
    const char *input = node->key->text;
    const struct node *name = node, *transpose = NULL, *rows = NULL, *columns = NULL;
    struct cut cut = {0};
    if (node->kind == NODE_MAPPING) {
        if (!fields_check(r, node, tensor_fields, "a tensor"))
            return false;
        name = node_field(node, "name");
        transpose = node_field(node, "transpose");
        rows = node_field(node, "rows");
        columns = node_field(node, "columns");
    }
    const struct tensor *from = find_tensor(r, name, file);
    if (!from || (transpose && !node_bool(r, transpose, "transpose", &cut.transpose)))
        return false;
    size_t n_rows = from->axis[cut.transpose ? AXIS_COL : AXIS_ROW].size;
    size_t n_cols = from->axis[cut.transpose ? AXIS_ROW : AXIS_COL].size;
    if (!read_slice(r, rows, "rows", n_rows, &cut.row, &cut.rows) ||
        !read_slice(r, columns, "columns", n_cols, &cut.col, &cut.cols))
        return false;
    if (strcmp(input, "X") == 0 && cut.rows != lesson->words.n) {
        diagnostic(r, node, QKV_ERR_SHAPE, "X has %zu rows, but there are %zu words; 'words' can list the model's tokens",
                cut.rows, lesson->words.n);
        return false;
    }
    struct tensor t = {0};
    if (!copy_cut(r, node, from, &cut, &t))
        return false;
    if (strcmp(input, "X") == 0) {
        t.axis[AXIS_ROW] = (struct axis){.size = cut.rows, .name = "words", .labels = lesson->words.v};
        t.axis[AXIS_COL].name = "d_model";
    }
    struct qkv_err err = named_tensors_add(ret, input, &t);
    if (err.code)
        diagnostic(r, node, err.code, "%s", err.what);
    tensor_finish(&t);
    return !err.code;
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
    struct named_tensors file = {0};
    bool fine = read_file(r, node_field(weights, "file"), lesson, &file);
    bool whole = fine;
    for (const struct node *node = fine ? map->first : NULL; node; node = node->next)
        if (!lenient || takes(m, node->key->text))
            whole = map_tensor(r, node, &file, lesson, ret) && whole;
    named_tensors_finish(&file);
    return whole;
}
