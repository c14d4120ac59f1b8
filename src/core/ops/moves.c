/* moves.c: operations that move numbers and change none: heads split and put side by side, parts taken and put
 * together, the same numbers read in another order. */
#include "core/ops/ops.h"

#include <stdio.h>
#include <string.h>

/* What the columns of all heads are called, and those of one. */
static const struct {
    const char *all, *one;
} column_names[] = {{"heads*d_k", "d_k"}, {"kv_heads*d_k", "d_k"}, {"heads*d_v", "d_v"}, {"kv_heads*d_v", "d_v"}};

static const char *column_name(const char *name, bool of_one)
{
    for (size_t i = 0; name && i < sizeof column_names / sizeof column_names[0]; i++)
        if (strcmp(of_one ? column_names[i].all : column_names[i].one, name) == 0)
            return of_one ? column_names[i].one : column_names[i].all;
    return name;
}

/* Copy the part of the result that is to be computed: each `run` columns of it lie side by side in the operand. */
INLINE void copy_runs(const struct terms *t, const struct op_call *call, struct tensor *out, size_t run)
{
    FOR_PART_ROWS(call, out, h, r)
    for (size_t c = 0; c < cols_of(out); c += run) {
        struct cell from;
        t->cells(call, (struct term_place){h, r, c, 0}, &from);
        memcpy(tensor_at(out, h, r, c), cell_at(call->in[from.operand], from), run * sizeof *out->v);
    }
}

/* The gradients go the way back. */
INLINE void add_runs(const struct terms *t, const struct op_call *call, const struct tensor *grad_out,
                     struct tensor *const grad_in[], size_t run)
{
    for (size_t h = 0; h < heads_of(grad_out); h++)
        for (size_t r = 0; r < rows_of(grad_out); r++)
            for (size_t c = 0; c < cols_of(grad_out); c += run) {
                struct cell from;
                t->cells(call, (struct term_place){h, r, c, 0}, &from);
                if (!grad_in[from.operand])
                    continue;
                bool fresh = call->fresh & 1u << from.operand;
                const double *restrict g = tensor_at(grad_out, h, r, c);
                double *restrict to = cell_at(grad_in[from.operand], from);
                for (size_t k = 0; k < run; k++)
                    to[k] = (fresh ? 0 : to[k]) + g[k];
            }
}

#define MOVED_IN_RUNS(op, run)                                                                                         \
    FORWARD(op)                                                                                                        \
    {                                                                                                                  \
        copy_runs(&op##_terms, call, out, run);                                                                        \
    }                                                                                                                  \
    BACKWARD(op)                                                                                                       \
    {                                                                                                                  \
        add_runs(&op##_terms, call, grad_out, grad_in, run);                                                           \
    }
#define MOVED_ONE_BY_ONE(op) FORWARD_OF_TERMS(op) BACKWARD_OF_TERMS(op)

/* An op that moves numbers: each cell comes from one, which `cells` names; `moved` is one of MOVED_... . `whole` has a bit
 * for each operand of which every cell is moved, in runs. */
#define OP_MOVES_AND_COST(op, moved, whole, operands, in_formulas, shape_of, ...)                                      \
    VALUE(op, x[0])                                                                                                    \
    SLOPES(op, d[0] = g)                                                                                               \
    TERMS(op, .n = 1, .text = "a", __VA_ARGS__)                                                                        \
    moved EXPLAIN_OF_TERMS(op) OP_ROW(op, operands, in_formulas, shape_of, .moves = true, .sets = whole)
#define OP_MOVES(op, moved, whole, operands, in_formulas, shape_of, ...)                                               \
    COST(op);                                                                                                          \
    OP_MOVES_AND_COST(op, moved, whole, operands, in_formulas, shape_of, __VA_ARGS__);                                 \
    COST_OF_TERMS(op)

/* ---- split_heads: head i owns columns i*d .. (i+1)*d - 1 ---- */

static struct qkv_err split_heads_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0];
    size_t heads = call->number >= 1 && call->number <= TENSOR_SIDE_MAX ? (size_t)call->number : 0;
    if (heads_of(a) != 1 || heads == 0 || (double)heads != call->number || cols_of(a) % heads != 0)
        return shapes_disagree(call, "the columns do not divide into %g heads", call->number);
    axes_of(a, ret);
    size_t cols = cols_of(a) / heads;
    ret[AXIS_HEAD] = axis_numbered(heads, "heads");
    ret[AXIS_COL].size = cols;
    ret[AXIS_COL].name = column_name(a->axis[AXIS_COL].name, true);
    ret[AXIS_COL].labels_per_head = a->axis[AXIS_COL].labels && heads > 1 ? cols : 0;
    return (struct qkv_err){0};
}

EXPLAIN(split_heads)
{
    size_t cols = cols_of(call->in[0]) / (size_t)call->number;
    explain_note(ret, NOTE_SPLIT, "%zu %zu", at.h * cols + 1, (at.h + 1) * cols);
}

CELLS(split_heads_cells, {0, 0, at.r, at.h *(cols_of(call->in[0]) / (size_t)call->number) + at.c})
OP_MOVES(split_heads, MOVED_IN_RUNS(split_heads, cols_of(out)), 1, 1, "split_h({0})", split_heads_shape,
         .cells = split_heads_cells, .explain = split_heads_says)

static struct qkv_err concat_heads_shape(const struct op_call *call, struct axis ret[AXES])
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
    *col = axis_numbered(heads * cols, column_name(col->name, false));
    /* Labels that follow one another head by head are those of the columns side by side. */
    if (a->axis[AXIS_COL].labels_per_head == cols)
        col->labels = a->axis[AXIS_COL].labels;
    return (struct qkv_err){0};
}

EXPLAIN(concat_heads)
{
    size_t cols = cols_of(call->in[0]);
    explain_note(ret, NOTE_FROM_HEAD, "%zu %zu", at.c / cols + 1, at.c % cols + 1);
}

CELLS(concat_heads_cells, {0, at.c / cols_of(call->in[0]), at.r, at.c % cols_of(call->in[0])})
OP_MOVES(concat_heads, MOVED_IN_RUNS(concat_heads, cols_of(call->in[0])), 1, 1, "concat({0})", concat_heads_shape,
         .cells = concat_heads_cells, .explain = concat_heads_says)

/* ---- rows: `second` rows from row `number` on ---- */

static struct qkv_err rows_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0];
    if (call->number < 0 || call->second < 1 || call->number + call->second > (double)rows_of(a))
        return shapes_disagree(call, "there are no %g rows from row %g on", call->second, call->number);
    axes_of(a, ret);
    struct axis *row = &ret[AXIS_ROW];
    row->size = (size_t)call->second;
    if (row->labels)
        row->labels += (size_t)call->number;
    return (struct qkv_err){0};
}

EXPLAIN(rows)
{
    explain_note(ret, NOTE_TAKEN_FROM, "%zu", (size_t)call->number + at.r + 1);
}

COST(rows)
{
    (void)call;
    double bytes = 8 * (double)tensor_cells(out);
    return (struct op_cost){.read = bytes, .written = bytes};
}

CELLS(rows_cells, {0, at.h, (size_t)call->number + at.r, at.c})
OP_MOVES_AND_COST(rows, MOVED_IN_RUNS(rows, cols_of(out)), 0, 1, "{0}_({rows},:)", rows_shape, .cells = rows_cells,
                  .explain = rows_says);

/* ---- append_rows: the rows of A, then those of B ---- */

static struct qkv_err append_rows_shape(const struct op_call *call, struct axis ret[AXES])
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

INLINE bool is_new(const struct op_call *call, struct term_place at)
{
    return at.r >= rows_of(call->in[0]);
}

EXPLAIN(append_rows)
{
    explain_as(ret, NULL, is_new(call, at) ? NOTE_APPENDED : NOTE_THERE_BEFORE);
}

CELLS(append_rows_cells, {is_new(call, at), at.h, is_new(call, at) ? at.r - rows_of(call->in[0]) : at.r, at.c})
OP_MOVES(append_rows, MOVED_IN_RUNS(append_rows, cols_of(out)), 3, 2, "[{0}; {1}]", append_rows_shape, .operands = 2,
         .cells = append_rows_cells, .explain = append_rows_says)

/* ---- view: the same numbers in the same order, read as `number` planes of `second` rows ---- */

static struct qkv_err view_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0];
    size_t planes = (size_t)call->number, rows = (size_t)call->second;
    if (call->number < 1 || call->second < 1 || tensor_cells(a) % (planes * rows) != 0)
        return shapes_disagree(call, "its numbers do not fill %g planes of %g rows", call->number, call->second);
    ret[AXIS_HEAD] = axis_numbered(planes, "heads");
    ret[AXIS_ROW] = axis_numbered(rows, "heads");
    ret[AXIS_COL] = axis_numbered(tensor_cells(a) / planes / rows, column_name(a->axis[AXIS_COL].name, false));
    /* The words keep their names wherever an axis is as long as theirs was. */
    const struct axis *planes_before = &a->axis[AXIS_HEAD], *rows_before = &a->axis[AXIS_ROW];
    if (planes > 1 && heads_of(a) == 1 && rows_before->size == planes) {
        ret[AXIS_HEAD] = *rows_before;
        ret[AXIS_COL].name = column_name(a->axis[AXIS_COL].name, true);
    } else if (planes_before->size == rows && strcmp(planes_before->name, "heads") != 0) {
        ret[AXIS_ROW] = *planes_before;
    } else if (rows_before->size == rows && !rows_before->labels_per_head) {
        ret[AXIS_ROW] = *rows_before;
    }
    return (struct qkv_err){0};
}

/* How many numbers stand before this one. */
INLINE size_t view_order(const struct op_call *call, struct term_place at)
{
    size_t rows = (size_t)call->second, cols = tensor_cells(call->in[0]) / (size_t)call->number / rows;
    return (at.h * rows + at.r) * cols + at.c;
}

INLINE void view_cells(const struct op_call *call, struct term_place at, struct cell ret[])
{
    size_t n = view_order(call, at), cols = cols_of(call->in[0]), rows = rows_of(call->in[0]);
    ret[0] = (struct cell){0, n / cols / rows, n / cols % rows, n % cols};
}

EXPLAIN(view)
{
    struct cell from;
    view_cells(call, at, &from);
    explain_note(ret, NOTE_MEMORY_ORDER, "%zu %zu %zu %zu", view_order(call, at) + 1, from.head + 1, from.row + 1,
                 from.col + 1);
}

OP_MOVES(view, MOVED_ONE_BY_ONE(view), 0, 1, "reshape({0})", view_shape, .cells = view_cells, .explain = view_says)

SHAPE(transpose, false, "any shape fits", ret[AXIS_ROW] = a->axis[AXIS_COL]; ret[AXIS_COL] = a->axis[AXIS_ROW])

EXPLAIN(transpose)
{
    explain_as(ret, NULL, NOTE_TRANSPOSED);
}

CELLS(transpose_cells, {0, at.h, at.c, at.r})
OP_MOVES(transpose, MOVED_ONE_BY_ONE(transpose), 0, 1, "{0}^T", transpose_shape, .cells = transpose_cells,
         .explain = transpose_says)
