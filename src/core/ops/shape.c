/* shape.c: operations that move numbers and change none: splitting into heads and putting heads side by side. */
#include "core/ops/ops.h"

#include <stdio.h>
#include <string.h>

/* What the columns of all heads are called, and those of one. */
static const struct {
    const char *all, *one;
} column_names[] = {{"heads*d_k", "d_k"}, {"kv_heads*d_k", "d_k"}, {"heads*d_v", "d_v"}, {"kv_heads*d_v", "d_v"}};

const char *column_name_of_one(const char *all)
{
    for (size_t i = 0; all && i < sizeof column_names / sizeof column_names[0]; i++)
        if (strcmp(column_names[i].all, all) == 0)
            return column_names[i].one;
    return all;
}

const char *column_name_of_all(const char *one)
{
    for (size_t i = 0; one && i < sizeof column_names / sizeof column_names[0]; i++)
        if (strcmp(column_names[i].one, one) == 0)
            return column_names[i].all;
    return one;
}

/* Where a cell of the split tensor was before: the same row, and its column among all heads' columns. */
static struct cell before_split(const struct tensor *split, size_t h, size_t r, size_t c)
{
    return (struct cell){0, 0, r, h * cols_of(split) + c};
}

struct qkv_err split_heads_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0];
    size_t heads = call->number >= 1 && call->number <= TENSOR_SIDE_MAX ? (size_t)call->number : 0;
    if (heads_of(a) != 1 || heads == 0 || (double)heads != call->number || cols_of(a) % heads != 0) {
        char what[80];
        snprintf(what, sizeof what, "the columns do not divide into %g heads", call->number);
        return shapes_disagree(call, what);
    }
    axes_of(a, ret);
    size_t cols = cols_of(a) / heads;
    ret[AXIS_HEAD] = axis_numbered(heads, "heads");
    ret[AXIS_COL].size = cols;
    ret[AXIS_COL].name = column_name_of_one(a->axis[AXIS_COL].name);
    ret[AXIS_COL].labels_per_head = a->axis[AXIS_COL].labels && heads > 1 ? cols : 0;
    return (struct qkv_err){0};
}

void split_heads_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    {
        struct cell from = before_split(out, h, r, c);
        *tensor_at(out, h, r, c) = *tensor_at(call->in[0], 0, from.row, from.col);
    }
}

void split_heads_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                          struct tensor *const grad_in[])
{
    (void)call;
    FOR_CELLS(out, h, r, c)
    {
        struct cell from = before_split(out, h, r, c);
        if (grad_in[0])
            *tensor_at(grad_in[0], 0, from.row, from.col) += *tensor_at(grad_out, h, r, c);
    }
}

struct qkv_err split_heads_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    size_t cols = cols_of(call->in[0]) / (size_t)call->number;
    struct cell from = {0, 0, r, h * cols + c};
    char note[EXPLAIN_NOTE_TEXT];
    snprintf(note, sizeof note, "its columns are %zu to %zu of all", h * cols + 1, (h + 1) * cols);
    return explain_one(ret, "a", note, 1, &from);
}

struct op_cost split_heads_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 1, out, 0);
}

struct qkv_err concat_heads_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0];
    size_t heads = heads_of(a), cols = cols_of(a);
    if (a->axis[AXIS_ROW].labels_per_head)
        return shapes_disagree(call, "the heads' rows are not the same words");
    axes_of(a, ret);
    ret[AXIS_HEAD] = axis_numbered(1, "heads");
    if (heads == 1)
        return (struct qkv_err){0};
    struct axis *col = &ret[AXIS_COL];
    *col = axis_numbered(heads * cols, column_name_of_all(col->name));
    /* Labels that follow one another head by head are those of the columns side by side. */
    if (a->axis[AXIS_COL].labels_per_head == cols)
        col->labels = a->axis[AXIS_COL].labels;
    return (struct qkv_err){0};
}

void concat_heads_forward(const struct op_call *call, struct tensor *out)
{
    size_t cols = cols_of(call->in[0]);
    FOR_PART(call, out, h, r, c)
    *tensor_at(out, h, r, c) = *tensor_at(call->in[0], c / cols, r, c % cols);
}

void concat_heads_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                           struct tensor *const grad_in[])
{
    (void)out;
    FOR_CELLS(call->in[0], h, r, c)
    {
        struct cell to = before_split(call->in[0], h, r, c);
        if (grad_in[0])
            *tensor_at(grad_in[0], h, r, c) += *tensor_at(grad_out, 0, to.row, to.col);
    }
}

struct qkv_err concat_heads_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    (void)h;
    size_t cols = cols_of(call->in[0]);
    struct cell from = {0, c / cols, r, c % cols};
    char note[EXPLAIN_NOTE_TEXT];
    snprintf(note, sizeof note, "from head %zu, column %zu", from.head + 1, from.col + 1);
    return explain_one(ret, "a", note, 1, &from);
}

struct op_cost concat_heads_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 1, out, 0);
}
