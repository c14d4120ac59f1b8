/* norm.c: the parts of layer norm: a row's mean and variance, its numbers measured by them, then stretched and shifted;
 * and sums of squares. Source: Ba, Kiros and Hinton 2016, "Layer Normalization", section 3. */
#include "core/ops/ops.h"

#include <math.h>
#include <stdio.h>

/* [h, n, m] -> [h, n, 1] */
static struct qkv_err one_per_row(const struct op_call *call, const char *name, struct axis ret[AXES])
{
    axes_of(call->in[0], ret);
    ret[AXIS_COL] = axis_numbered(1, name);
    return (struct qkv_err){0};
}

static bool has_one_per_row(const struct tensor *t, const struct tensor *of)
{
    return heads_of(t) == heads_of(of) && rows_of(t) == rows_of(of) && cols_of(t) == 1;
}

/* One term for each column of row r; with `mean` every term also names the row's mean. */
static struct qkv_err explain_row(const struct op_call *call, const char *text, bool mean, size_t h, size_t r,
                                  struct explanation *ret)
{
    ret->fold = FOLD_SUM;
    snprintf(ret->term_text, sizeof ret->term_text, "%s", text);
    ret->along = axis_of_head(&call->in[0]->axis[AXIS_COL], h);
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < cols_of(call->in[0]); i++)
        err = explanation_add(ret, i, mean ? 2 : 1, (struct cell[]){{0, h, r, i}, {1, h, r, 0}});
    return err;
}

static double row_operations(const struct op_call *call, const struct tensor *out, double per_term)
{
    return (double)tensor_cells(out) * ((per_term + 1) * (double)cols_of(call->in[0]) - 1);
}

struct qkv_err row_mean_shape(const struct op_call *call, struct axis ret[AXES])
{
    return one_per_row(call, "mean", ret);
}

void row_mean_forward(const struct op_call *call, struct tensor *out)
{
    double n = (double)cols_of(call->in[0]);
    FOR_PART(call, out, h, r, c)
    {
        const double *row = tensor_at(call->in[0], h, r, 0);
        double sum = row[0] / n;
        for (size_t i = 1; i < cols_of(call->in[0]); i++)
            sum += row[i] / n;
        *tensor_at(out, h, r, c) = sum;
    }
}

void row_mean_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                       struct tensor *const grad_in[])
{
    (void)out;
    double n = (double)cols_of(call->in[0]);
    FOR_CELLS(call->in[0], h, r, c)
    if (grad_in[0])
        *tensor_at(grad_in[0], h, r, c) += *tensor_at(grad_out, h, r, 0) / n;
}

struct qkv_err row_mean_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    (void)c;
    char text[EXPLAIN_TERM_TEXT];
    snprintf(text, sizeof text, "a / %zu", cols_of(call->in[0]));
    return explain_row(call, text, false, h, r, ret);
}

struct op_cost row_mean_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 1, out, row_operations(call, out, 1));
}

struct qkv_err row_variance_shape(const struct op_call *call, struct axis ret[AXES])
{
    if (!has_one_per_row(call->in[1], call->in[0]))
        return shapes_disagree(call, "the right must have one number for each row of the left");
    return one_per_row(call, "variance", ret);
}

void row_variance_forward(const struct op_call *call, struct tensor *out)
{
    double n = (double)cols_of(call->in[0]);
    FOR_PART(call, out, h, r, c)
    {
        const double *row = tensor_at(call->in[0], h, r, 0);
        double mean = *tensor_at(call->in[1], h, r, 0), sum = (row[0] - mean) * (row[0] - mean) / n;
        for (size_t i = 1; i < cols_of(call->in[0]); i++)
            sum += (row[i] - mean) * (row[i] - mean) / n;
        *tensor_at(out, h, r, c) = sum;
    }
}

void row_variance_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                           struct tensor *const grad_in[])
{
    (void)out;
    double n = (double)cols_of(call->in[0]);
    FOR_CELLS(call->in[0], h, r, c)
    {
        double away = *tensor_at(call->in[0], h, r, c) - *tensor_at(call->in[1], h, r, 0);
        double g = 2 * away / n * *tensor_at(grad_out, h, r, 0);
        if (grad_in[0])
            *tensor_at(grad_in[0], h, r, c) += g;
        if (grad_in[1])
            *tensor_at(grad_in[1], h, r, 0) -= g;
    }
}

struct qkv_err row_variance_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    (void)c;
    char text[EXPLAIN_TERM_TEXT];
    snprintf(text, sizeof text, "(a - b) * (a - b) / %zu", cols_of(call->in[0]));
    return explain_row(call, text, true, h, r, ret);
}

struct op_cost row_variance_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 2, out, row_operations(call, out, 4));
}

struct qkv_err half_squares_shape(const struct op_call *call, struct axis ret[AXES])
{
    return one_per_row(call, "half of the squared length", ret);
}

void half_squares_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    {
        const double *row = tensor_at(call->in[0], h, r, 0);
        double sum = row[0] * row[0] / 2;
        for (size_t i = 1; i < cols_of(call->in[0]); i++)
            sum += row[i] * row[i] / 2;
        *tensor_at(out, h, r, c) = sum;
    }
}

void half_squares_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                           struct tensor *const grad_in[])
{
    (void)out;
    FOR_CELLS(call->in[0], h, r, c)
    if (grad_in[0])
        *tensor_at(grad_in[0], h, r, c) += *tensor_at(call->in[0], h, r, c) * *tensor_at(grad_out, h, r, 0);
}

struct qkv_err half_squares_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    (void)c;
    return explain_row(call, "a * a / 2", false, h, r, ret);
}

struct op_cost half_squares_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 1, out, row_operations(call, out, 2));
}

struct qkv_err standardise_shape(const struct op_call *call, struct axis ret[AXES])
{
    if (!has_one_per_row(call->in[1], call->in[0]) || !has_one_per_row(call->in[2], call->in[0]))
        return shapes_disagree(call, "mean and variance must be one number for each row of the left");
    axes_of(call->in[0], ret);
    return (struct qkv_err){0};
}

void standardise_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    *tensor_at(out, h, r, c) = (*tensor_at(call->in[0], h, r, c) - *tensor_at(call->in[1], h, r, 0)) /
                               sqrt(*tensor_at(call->in[2], h, r, 0) + call->number);
}

void standardise_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                          struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    {
        double variance = *tensor_at(call->in[2], h, r, 0) + call->number;
        double g = *tensor_at(grad_out, h, r, c) / sqrt(variance);
        if (grad_in[0])
            *tensor_at(grad_in[0], h, r, c) += g;
        if (grad_in[1])
            *tensor_at(grad_in[1], h, r, 0) -= g;
        if (grad_in[2])
            *tensor_at(grad_in[2], h, r, 0) -=
                *tensor_at(grad_out, h, r, c) * *tensor_at(out, h, r, c) / (2 * variance);
    }
}

struct qkv_err standardise_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    char constant[32], text[EXPLAIN_TERM_TEXT];
    constant_text(call, constant, sizeof constant);
    snprintf(text, sizeof text, "(a - b) / sqrt(c + %s)", constant);
    return explain_one(ret, text, "", 3, (struct cell[]){{0, h, r, c}, {1, h, r, 0}, {2, h, r, 0}});
}

struct op_cost standardise_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 3, out, 4 * (double)tensor_cells(out));
}

/* gamma and beta: one number for each column, the same for all rows. */
struct qkv_err affine_shape(const struct op_call *call, struct axis ret[AXES])
{
    for (int i = 1; i <= 2; i++)
        if (heads_of(call->in[i]) != 1 || rows_of(call->in[i]) != 1 || cols_of(call->in[i]) != cols_of(call->in[0]))
            return shapes_disagree(call, "factors and summands must be one row, a number for each column of the left");
    axes_of(call->in[0], ret);
    return (struct qkv_err){0};
}

void affine_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    *tensor_at(out, h, r, c) =
        *tensor_at(call->in[0], h, r, c) * *tensor_at(call->in[1], 0, 0, c) + *tensor_at(call->in[2], 0, 0, c);
}

void affine_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                     struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    {
        double g = *tensor_at(grad_out, h, r, c);
        if (grad_in[0])
            *tensor_at(grad_in[0], h, r, c) += g * *tensor_at(call->in[1], 0, 0, c);
        if (grad_in[1])
            *tensor_at(grad_in[1], 0, 0, c) += g * *tensor_at(call->in[0], h, r, c);
        if (grad_in[2])
            *tensor_at(grad_in[2], 0, 0, c) += g;
    }
}

struct qkv_err affine_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    (void)call;
    return explain_one(ret, "a * b + c", "", 3, (struct cell[]){{0, h, r, c}, {1, 0, 0, c}, {2, 0, 0, c}});
}

struct op_cost affine_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 3, out, 2 * (double)tensor_cells(out));
}
