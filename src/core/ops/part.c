/* part.c: operations that take parts, put parts together and read the same numbers in another order. */
#include "core/ops/ops.h"

#include <stdio.h>
#include <string.h>

/* ---- rows: `second` rows from row `number` on ---- */

struct qkv_err rows_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0];
    if (call->number < 0 || call->second < 1 || call->number + call->second > (double)rows_of(a)) {
        char what[100];
        snprintf(what, sizeof what, "there are no %g rows from row %g on", call->second, call->number);
        return shapes_disagree(call, what);
    }
    axes_of(a, ret);
    struct axis *row = &ret[AXIS_ROW];
    row->size = (size_t)call->second;
    if (row->labels)
        row->labels += (size_t)call->number;
    return (struct qkv_err){0};
}

void rows_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    *tensor_at(out, h, r, c) = *tensor_at(call->in[0], h, (size_t)call->number + r, c);
}

void rows_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                   struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    if (grad_in[0])
        *tensor_at(grad_in[0], h, (size_t)call->number + r, c) += *tensor_at(grad_out, h, r, c);
}

struct qkv_err rows_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    struct cell from = {0, h, (size_t)call->number + r, c};
    char note[EXPLAIN_NOTE_TEXT];
    snprintf(note, sizeof note, "row %zu of what it was taken from", from.row + 1);
    return explain_one(ret, "a", note, 1, &from);
}

struct op_cost rows_cost(const struct op_call *call, const struct tensor *out)
{
    (void)call;
    double bytes = 8 * (double)tensor_cells(out);
    return (struct op_cost){.read = bytes, .written = bytes};
}

/* ---- append_rows: the rows of A, then those of B ---- */

struct qkv_err append_rows_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0], *b = call->in[1];
    if (heads_of(a) != heads_of(b) || cols_of(a) != cols_of(b))
        return shapes_disagree(call, "rows can be appended where heads and columns are as many");
    axes_of(a, ret);
    const struct axis *first = &a->axis[AXIS_ROW], *then = &b->axis[AXIS_ROW];
    ret[AXIS_ROW] = axis_numbered(first->size + then->size, first->name);
    /* Labels that go on where the first ended are those of one list. */
    if (first->labels && then->labels == first->labels + first->size)
        ret[AXIS_ROW].labels = first->labels;
    return (struct qkv_err){0};
}

static struct cell before_append(const struct tensor *a, size_t h, size_t r, size_t c)
{
    return r < rows_of(a) ? (struct cell){0, h, r, c} : (struct cell){1, h, r - rows_of(a), c};
}

void append_rows_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    {
        struct cell from = before_append(call->in[0], h, r, c);
        *tensor_at(out, h, r, c) = *tensor_at(call->in[from.operand], h, from.row, c);
    }
}

void append_rows_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                          struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    {
        struct cell from = before_append(call->in[0], h, r, c);
        if (grad_in[from.operand])
            *tensor_at(grad_in[from.operand], h, from.row, c) += *tensor_at(grad_out, h, r, c);
    }
}

struct qkv_err append_rows_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    struct cell from = before_append(call->in[0], h, r, c);
    return explain_one(ret, "a", from.operand == 0 ? "was there already" : "new", 1, &from);
}

struct op_cost append_rows_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 2, out, 0);
}

/* ---- view: the same numbers in the same order, read as `number` planes of `second` rows ---- */

struct qkv_err view_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0];
    size_t planes = (size_t)call->number, rows = (size_t)call->second;
    if (call->number < 1 || call->second < 1 || tensor_cells(a) % (planes * rows) != 0) {
        char what[100];
        snprintf(what, sizeof what, "its numbers do not fill %g planes of %g rows", call->number, call->second);
        return shapes_disagree(call, what);
    }
    ret[AXIS_HEAD] = axis_numbered(planes, "heads");
    ret[AXIS_ROW] = axis_numbered(rows, "heads");
    ret[AXIS_COL] = axis_numbered(tensor_cells(a) / planes / rows, column_name_of_all(a->axis[AXIS_COL].name));
    /* The words keep their names wherever an axis is as long as theirs was. */
    const struct axis *planes_before = &a->axis[AXIS_HEAD], *rows_before = &a->axis[AXIS_ROW];
    if (planes > 1 && heads_of(a) == 1 && rows_before->size == planes) {
        ret[AXIS_HEAD] = *rows_before;
        ret[AXIS_COL].name = column_name_of_one(a->axis[AXIS_COL].name);
    } else if (planes_before->size == rows && strcmp(planes_before->name, "heads") != 0) {
        ret[AXIS_ROW] = *planes_before;
    } else if (rows_before->size == rows && !rows_before->labels_per_head) {
        ret[AXIS_ROW] = *rows_before;
    }
    return (struct qkv_err){0};
}

void view_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART_ROWS(call, out, row)
    {
        size_t at = (row.head * rows_of(out) + row.row) * cols_of(out);
        memcpy(&out->v[at], &call->in[0]->v[at], cols_of(out) * sizeof *out->v);
    }
}

void view_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                   struct tensor *const grad_in[])
{
    (void)call;
    for (size_t i = 0; grad_in[0] && i < tensor_cells(out); i++)
        grad_in[0]->v[i] += grad_out->v[i];
}

struct qkv_err view_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    const struct tensor *a = call->in[0];
    size_t rows = (size_t)call->second, cols = tensor_cells(a) / (size_t)call->number / rows;
    size_t at = (h * rows + r) * cols + c;
    struct cell from = {0, at / cols_of(a) / rows_of(a), at / cols_of(a) % rows_of(a), at % cols_of(a)};
    char note[EXPLAIN_NOTE_TEXT];
    snprintf(note, sizeof note, "number %zu in the order of memory: plane %zu, row %zu, column %zu before", at + 1,
             from.head + 1, from.row + 1, from.col + 1);
    return explain_one(ret, "a", note, 1, &from);
}

struct op_cost view_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 1, out, 0);
}

/* ---- transpose: rows become columns ---- */

struct qkv_err transpose_shape(const struct op_call *call, struct axis ret[AXES])
{
    axes_of(call->in[0], ret);
    struct axis row = ret[AXIS_ROW];
    ret[AXIS_ROW] = ret[AXIS_COL];
    ret[AXIS_COL] = row;
    return (struct qkv_err){0};
}

void transpose_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    *tensor_at(out, h, r, c) = *tensor_at(call->in[0], h, c, r);
}

void transpose_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                        struct tensor *const grad_in[])
{
    (void)call;
    FOR_CELLS(out, h, r, c)
    if (grad_in[0])
        *tensor_at(grad_in[0], h, c, r) += *tensor_at(grad_out, h, r, c);
}

struct qkv_err transpose_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    (void)call;
    return explain_one(ret, "a", "its row was its column", 1, &(struct cell){0, h, c, r});
}

struct op_cost transpose_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 1, out, 0);
}
