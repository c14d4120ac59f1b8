/* steps.c: what is computed word after word: one row of a matrix meets a state, and rows are gathered. The constant of
 * an op that picks a row is its place, counted from 1 as people do. */
#include "core/ops/ops.h"

#include <math.h>
#include <stdio.h>

/* The place of the row that the constant picks. */
static size_t picked(const struct op_call *call)
{
    return (size_t)call->number - 1;
}

static struct qkv_err require_row(const struct op_call *call, const struct tensor *of)
{
    if (call->number >= 1 && call->number <= (double)rows_of(of) && call->number == floor(call->number))
        return (struct qkv_err){0};
    char what[80];
    snprintf(what, sizeof what, "there is no row %g among %zu", call->number, rows_of(of));
    return shapes_disagree(call, what);
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

/* A cost in which only the picked row of operand i was read. */
static struct op_cost without_other_rows(struct op_cost cost, const struct op_call *call, int i)
{
    const struct tensor *t = call->in[i];
    cost.read -= 8 * (double)heads_of(t) * (double)(rows_of(t) - 1) * (double)cols_of(t);
    return cost;
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

static void row_added_cells(const struct op_call *call, size_t h, size_t r, size_t c, struct cell ret[2])
{
    ret[0] = (struct cell){0, h, r, c};
    ret[1] = (struct cell){1, h, picked(call), c};
}

static double row_added(const struct op_call *call, size_t h, size_t r, size_t c)
{
    return *tensor_at(call->in[0], h, r, c) + *tensor_at(call->in[1], h, picked(call), c);
}

static void row_added_grad(const struct op_call *call, size_t h, size_t r, size_t c, double g,
                           struct tensor *const grad_in[])
{
    if (grad_in[0])
        *tensor_at(grad_in[0], h, r, c) += g;
    if (grad_in[1])
        *tensor_at(grad_in[1], h, picked(call), c) += g;
}

struct qkv_err add_row_shape(const struct op_call *call, struct axis ret[AXES])
{
    return row_added_shape(call, ret);
}

void add_row_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    *tensor_at(out, h, r, c) = row_added(call, h, r, c);
}

void add_row_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                      struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    row_added_grad(call, h, r, c, *tensor_at(grad_out, h, r, c), grad_in);
}

struct qkv_err add_row_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    struct cell cells[2];
    row_added_cells(call, h, r, c, cells);
    return explain_one(ret, "a + b", "", 2, cells);
}

struct op_cost add_row_cost(const struct op_call *call, const struct tensor *out)
{
    return without_other_rows(cost_of(call, 2, out, (double)tensor_cells(out)), call, 1);
}

struct qkv_err tanh_add_row_shape(const struct op_call *call, struct axis ret[AXES])
{
    return row_added_shape(call, ret);
}

void tanh_add_row_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    *tensor_at(out, h, r, c) = tanh(row_added(call, h, r, c));
}

void tanh_add_row_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                           struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    {
        double y = *tensor_at(out, h, r, c);
        row_added_grad(call, h, r, c, *tensor_at(grad_out, h, r, c) * (1 - y * y), grad_in);
    }
}

struct qkv_err tanh_add_row_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    struct cell cells[2];
    row_added_cells(call, h, r, c, cells);
    return explain_one(ret, "tanh(a + b)", "", 2, cells);
}

struct op_cost tanh_add_row_cost(const struct op_call *call, const struct tensor *out)
{
    return without_other_rows(cost_of(call, 2, out, 2 * (double)tensor_cells(out)), call, 1);
}

struct qkv_err row_matmul_shape(const struct op_call *call, struct axis ret[AXES])
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

void row_matmul_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    {
        const double *row = tensor_at(call->in[0], h, picked(call), 0);
        double sum = row[0] * *tensor_at(call->in[1], h, 0, c);
        for (size_t i = 1; i < cols_of(call->in[0]); i++)
            sum += row[i] * *tensor_at(call->in[1], h, i, c);
        *tensor_at(out, h, r, c) = sum;
    }
}

void row_matmul_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                         struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    for (size_t i = 0; i < cols_of(call->in[0]); i++) {
        double g = *tensor_at(grad_out, h, r, c);
        if (grad_in[0])
            *tensor_at(grad_in[0], h, picked(call), i) += g * *tensor_at(call->in[1], h, i, c);
        if (grad_in[1])
            *tensor_at(grad_in[1], h, i, c) += g * *tensor_at(call->in[0], h, picked(call), i);
    }
}

struct qkv_err row_matmul_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    (void)r;
    ret->fold = FOLD_SUM;
    snprintf(ret->term_text, sizeof ret->term_text, "a * b");
    ret->along = axis_of_head(&call->in[0]->axis[AXIS_COL], h);
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < cols_of(call->in[0]); i++)
        err = explanation_add(ret, i, 2, (struct cell[]){{0, h, picked(call), i}, {1, h, i, c}});
    return err;
}

struct op_cost row_matmul_cost(const struct op_call *call, const struct tensor *out)
{
    double flops = (double)tensor_cells(out) * (2 * (double)cols_of(call->in[0]) - 1);
    return without_other_rows(cost_of(call, 2, out, flops), call, 0);
}

struct qkv_err add_outer_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *state = call->in[0], *a = call->in[1], *b = call->in[2];
    if (heads_of(a) != heads_of(state) || heads_of(b) != heads_of(state) || cols_of(a) != rows_of(state) ||
        cols_of(b) != cols_of(state) || rows_of(a) != rows_of(b))
        return shapes_disagree(call, "the rows multiplied must be as long as the state is high and wide");
    axes_of(state, ret);
    return require_row(call, a);
}

void add_outer_forward(const struct op_call *call, struct tensor *out)
{
    size_t t = picked(call);
    FOR_PART(call, out, h, r, c)
    *tensor_at(out, h, r, c) =
        *tensor_at(call->in[0], h, r, c) + *tensor_at(call->in[1], h, t, r) * *tensor_at(call->in[2], h, t, c);
}

void add_outer_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                        struct tensor *const grad_in[])
{
    size_t t = picked(call);
    FOR_CELLS(out, h, r, c)
    {
        double g = *tensor_at(grad_out, h, r, c);
        if (grad_in[0])
            *tensor_at(grad_in[0], h, r, c) += g;
        if (grad_in[1])
            *tensor_at(grad_in[1], h, t, r) += g * *tensor_at(call->in[2], h, t, c);
        if (grad_in[2])
            *tensor_at(grad_in[2], h, t, c) += g * *tensor_at(call->in[1], h, t, r);
    }
}

struct qkv_err add_outer_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    size_t t = picked(call);
    return explain_one(ret, "a + b * c", "", 3, (struct cell[]){{0, h, r, c}, {1, h, t, r}, {2, h, t, c}});
}

struct op_cost add_outer_cost(const struct op_call *call, const struct tensor *out)
{
    struct op_cost cost = cost_of(call, 3, out, 2 * (double)tensor_cells(out));
    return without_other_rows(without_other_rows(cost, call, 1), call, 2);
}

struct qkv_err copy_shape(const struct op_call *call, struct axis ret[AXES])
{
    axes_of(call->in[0], ret);
    return (struct qkv_err){0};
}

void copy_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    *tensor_at(out, h, r, c) = *tensor_at(call->in[0], h, r, c);
}

void copy_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                   struct tensor *const grad_in[])
{
    (void)call;
    FOR_CELLS(out, h, r, c)
    if (grad_in[0])
        *tensor_at(grad_in[0], h, r, c) += *tensor_at(grad_out, h, r, c);
}

struct qkv_err copy_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    (void)call;
    return explain_one(ret, "a", "", 1, &(struct cell){0, h, r, c});
}

struct op_cost copy_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 1, out, 0);
}
