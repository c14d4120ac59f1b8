/* steps.c: what is computed token after token: operations with one row of a matrix and a state, and windows that slide
 * over the tokens.
 *
 * The constant of an op that picks a row is its number, counted from 1. As in the field, "convolution" does not reverse
 * the window (cross-correlation). Its width is odd, so that it has a middle; beyond the ends there are zeros. */
#include "core/kernels.h"
#include "core/ops/ops.h"

#include <stdio.h>

/* ---- one row of a matrix ---- */

/* The place of the row that the constant picks. */
INLINE size_t picked(const struct op_call *call)
{
    return (size_t)call->number - 1;
}

static struct qkv_err require_row(const struct op_call *call, const struct tensor *of)
{
    if (call->number >= 1 && call->number <= (double)rows_of(of) && call->number == floor(call->number))
        return (struct qkv_err){0};
    return shapes_disagree(call, "there is no row %g among %zu", call->number, rows_of(of));
}

/* The one row that was picked, still with its label. */
static struct axis row_axis(const struct op_call *call, const struct tensor *of)
{
    struct axis axis = of->axis[AXIS_ROW];
    axis.size = 1;
    if (axis.labels && axis.labels_per_head == 0)
        axis.labels += picked(call);
    else
        axis.labels = NULL;
    axis.labels_per_head = 0;
    return axis;
}

static struct qkv_err row_added_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0], *b = call->in[1];
    if (heads_of(b) != heads_of(a) || cols_of(b) != cols_of(a))
        return shapes_disagree(call, "heads and columns must be the same");
    axes_of(a, ret);
    struct qkv_err err = require_row(call, b);
    if (!err.code && rows_of(a) == 1)
        ret[AXIS_ROW] = row_axis(call, b);
    return err;
}

CELLS(row_added_cells, {0, at.h, at.r, at.c}, {1, at.h, picked(call), at.c})
VALUE(add_row, x[0] + x[1])
SLOPES(add_row, d[0] = g, d[1] = g)
OP_OF_TERMS(add_row, 2, "{0} + {row 1}_{n}", row_added_shape, .n = 2, .cells = row_added_cells, .one_row = 2,
            .text = "a + b", .operations = 1);

VALUE(tanh_add_row, tanh(x[0] + x[1]))
SLOPES(tanh_add_row, d[0] = d[1] = g * (1 - y * y))
OP_OF_TERMS(tanh_add_row, 2, "tanh({0} + {row 1}_{n})", row_added_shape, .n = 2, .cells = row_added_cells, .one_row = 2,
            .text = "tanh(a + b)", .operations = 2);

static struct qkv_err row_matmul_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0], *b = call->in[1];
    if (heads_of(a) != heads_of(b) || cols_of(a) != rows_of(b))
        return shapes_disagree(call, "the columns of the left must match the rows of the right, in every head");
    struct qkv_err err = require_row(call, a);
    if (err.code)
        return err;
    ret[AXIS_HEAD] = a->axis[AXIS_HEAD];
    ret[AXIS_ROW] = row_axis(call, a);
    ret[AXIS_COL] = b->axis[AXIS_COL];
    return err;
}

CELLS(row_matmul_cells, {0, at.h, picked(call), at.i}, {1, at.h, at.i, at.c})
VALUE(row_matmul, x[0] * x[1])
SLOPES(row_matmul, d[0] = g * x[1], d[1] = g * x[0])
TERMS(row_matmul, .fold = FOLD_SUM, .n = 2, .cells = row_matmul_cells, .one_row = 1, .text = "a * b", .operations = 1)
FORWARD(row_matmul)
{
    const struct tensor *a = call->in[0], *b = call->in[1];
    FOR_PART_ROWS(call, out, h, r)
    kernels_best()->product(&(struct product){.rows = 1,
                                              .cols = cols_of(out),
                                              .inner = cols_of(a),
                                              .left = tensor_at(a, h, picked(call), 0),
                                              .left_inner = 1,
                                              .right = tensor_at(b, h, 0, 0),
                                              .right_inner = cols_of(b),
                                              .right_col = 1,
                                              .out = tensor_at(out, h, r, 0)});
}

BACKWARD_OF_TERMS(row_matmul)
EXPLAIN_OF_TERMS(row_matmul)
COST_OF_TERMS(row_matmul)
OP_ROW(row_matmul, 2, "{row 0}_{n} {1}", row_matmul_shape, );

static struct qkv_err add_outer_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *state = call->in[0], *a = call->in[1], *b = call->in[2];
    if (heads_of(a) != heads_of(state) || heads_of(b) != heads_of(state) || cols_of(a) != rows_of(state) ||
        cols_of(b) != cols_of(state) || rows_of(a) != rows_of(b))
        return shapes_disagree(call, "the rows multiplied must be as long as the state is high and wide");
    axes_of(state, ret);
    return require_row(call, a);
}

CELLS(add_outer_cells, {0, at.h, at.r, at.c}, {1, at.h, picked(call), at.r}, {2, at.h, picked(call), at.c})
VALUE(add_outer, x[0] + x[1] * x[2])
SLOPES(add_outer, d[0] = g, d[1] = g * x[2], d[2] = g * x[1])
TERMS(add_outer, .n = 3, .cells = add_outer_cells, .one_row = 2 | 4, .text = "a + b * c", .operations = 2)
FORWARD(add_outer)
{
    FOR_PART_ROWS(call, out, h, r)
    {
        double factor = *tensor_at(call->in[1], h, picked(call), r), *restrict to = tensor_at(out, h, r, 0);
        const double *restrict state = tensor_at(call->in[0], h, r, 0), *restrict row =
                                                                            tensor_at(call->in[2], h, picked(call), 0);
        for (size_t c = 0; c < cols_of(out); c++)
            to[c] = state[c] + factor * row[c];
    }
}

BACKWARD_OF_TERMS(add_outer)
EXPLAIN_OF_TERMS(add_outer)
COST_OF_TERMS(add_outer)
OP_ROW(add_outer, 3, "{0} + {row 1}_{n}^T {row 2}_{n}", add_outer_shape, );

/* ---- windows ---- */

/* The window's places 0..width-1 that lie inside a line of n positions when its middle stands at `at`. */
struct span {
    size_t first, end;
    size_t start; /* the position on the line of the first of them */
};

INLINE struct span window_at(size_t at, size_t n, size_t width)
{
    size_t half = (width - 1) / 2;
    struct span s = {.first = at < half ? half - at : 0, .start = at < half ? 0 : at - half};
    size_t end = s.start + (width - s.first) < n ? s.start + (width - s.first) : n;
    s.end = s.first + (end - s.start);
    return s;
}

/* The window that the cell belongs to: it slides along the rows of the result. */
INLINE struct span window_of(const struct op_call *call, struct term_place at, int along)
{
    return window_at(at.r, call->in[0]->axis[along].size, cols_of(call->in[1]));
}

static struct qkv_err require_window(const struct op_call *call)
{
    const struct tensor *window = call->in[1];
    if (heads_of(call->in[0]) != 1 || heads_of(window) != 1)
        return shapes_disagree(call, "both must have one plane");
    if (cols_of(window) % 2 == 0)
        return shapes_disagree(call, "the width of the window, the columns of the right, must be odd: it has a middle");
    return (struct qkv_err){0};
}

/* The terms run along the positions that the window covers: named where they have labels. */
static struct axis covered(const struct op_call *call, struct term_place at, int along)
{
    struct span s = window_of(call, at, along);
    struct axis line = axis_of_head(&call->in[0]->axis[along], 0);
    line.size = s.end - s.first;
    if (line.labels)
        line.labels += s.start;
    return line;
}

/* n positions, each with `channels` windows: what the windows at all positions take together. */
static struct op_cost window_cost(const struct op_call *call, const struct tensor *out, size_t n, size_t channels)
{
    size_t width = cols_of(call->in[1]), products = 0, used = 0;
    for (size_t t = 0; t < n; t++) {
        struct span s = window_at(t, n, width);
        products += s.end - s.first;
    }
    for (size_t w = 0; w < width; w++) {
        size_t half = (width - 1) / 2, away = w > half ? w - half : half - w;
        used += away < n; /* else it lies beyond the ends wherever the window stands */
    }
    double flops = (2 * (double)products - (double)n) * (double)channels;
    struct op_cost cost = cost_of(call, 1, out, flops);
    cost.read += 8 * (double)(used * channels);
    return cost;
}

/* Two ops that differ in the axis of the first operand that the window slides along. */
#define WINDOW(op, along_axis, formula, shape_of, ...)                                                                 \
    static size_t op##_count(const struct op_call *call, struct term_place at)                                         \
    {                                                                                                                  \
        struct span s = window_of(call, at, along_axis);                                                               \
        return s.end - s.first;                                                                                        \
    }                                                                                                                  \
    static struct axis op##_along(const struct op_call *call, struct term_place at)                                    \
    {                                                                                                                  \
        return covered(call, at, along_axis);                                                                          \
    }                                                                                                                  \
    EXPLAIN(op)                                                                                                        \
    {                                                                                                                  \
        if (op##_count(call, at) < cols_of(call->in[1]))                                                               \
            explain_as(ret, NULL, NOTE_WINDOW_ENDS);                                                                   \
    }                                                                                                                  \
    COST(op)                                                                                                           \
    {                                                                                                                  \
        return window_cost(call, out, rows_of(out), cols_of(out));                                                     \
    }                                                                                                                  \
    CELLS(op##_cells, __VA_ARGS__)                                                                                     \
    VALUE(op, x[0] * x[1])                                                                                             \
    SLOPES(op, d[0] = g * x[1], d[1] = g * x[0])                                                                       \
    TERMS(op, .fold = FOLD_SUM, .count = op##_count, .n = 2, .cells = op##_cells, .text = "a * b",                     \
          .explain = op##_says, .along = op##_along)                                                                   \
    FORWARD_OF_TERMS(op)                                                                                               \
    BACKWARD_OF_TERMS(op)                                                                                              \
    EXPLAIN_OF_TERMS(op)                                                                                               \
    OP_ROW(op, 2, formula, shape_of, )

static struct qkv_err depthwise_shape(const struct op_call *call, struct axis ret[AXES])
{
    if (cols_of(call->in[0]) != rows_of(call->in[1]))
        return shapes_disagree(call, "there must be a window, a row of the right, for each column of the left");
    axes_of(call->in[0], ret);
    return require_window(call);
}

/* Position i of the window that stands at row r. */
INLINE size_t line_at(const struct op_call *call, struct term_place at, int along)
{
    return window_of(call, at, along).start + at.i;
}

INLINE size_t window_col(const struct op_call *call, struct term_place at, int along)
{
    return window_of(call, at, along).first + at.i;
}

WINDOW(depthwise, AXIS_ROW, "depthwise({0}, {1})", depthwise_shape, {0, 0, line_at(call, at, AXIS_ROW), at.c},
       {1, 0, at.c, window_col(call, at, AXIS_ROW)});

static struct qkv_err convolve_row_shape(const struct op_call *call, struct axis ret[AXES])
{
    if (rows_of(call->in[0]) != 1)
        return shapes_disagree(call, "the left must be one row");
    ret[AXIS_HEAD] = axis_numbered(1, "heads");
    ret[AXIS_ROW] = call->in[0]->axis[AXIS_COL];
    ret[AXIS_COL] = call->in[1]->axis[AXIS_ROW];
    return require_window(call);
}

WINDOW(convolve_row, AXIS_COL, "conv({0}, {1})", convolve_row_shape, {0, 0, 0, line_at(call, at, AXIS_COL)},
       {1, 0, at.c, window_col(call, at, AXIS_COL)});
