/* rows.c: operations along the rows: the parts of softmax. */
#include "core/ops/ops.h"

#include <math.h>
#include <stdio.h>

/* [h, n, m] -> [h, n, 1] */
static void one_per_row(const struct op_call *call, const char *name, struct axis ret[AXES])
{
    axes_of(call->in[0], ret);
    ret[AXIS_COL] = axis_numbered(1, name);
}

/* A [h, n, m] and B [h, n, 1] -> [h, n, m] */
static struct qkv_err per_row_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0], *b = call->in[1];
    if (heads_of(b) != heads_of(a) || rows_of(b) != rows_of(a) || cols_of(b) != 1)
        return shapes_disagree(call, "the right must have one number for each row of the left");
    axes_of(a, ret);
    return (struct qkv_err){0};
}

static struct qkv_err explain_row(const struct op_call *call, enum fold fold, size_t h, size_t r,
                                  struct explanation *ret)
{
    ret->fold = fold;
    snprintf(ret->term_text, sizeof ret->term_text, "a");
    ret->along = axis_of_head(&call->in[0]->axis[AXIS_COL], h);
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < cols_of(call->in[0]); i++)
        err = explanation_add(ret, i, 1, &(struct cell){0, h, r, i});
    return err;
}

static double row_operations(const struct op_call *call, const struct tensor *out)
{
    return (double)tensor_cells(out) * ((double)cols_of(call->in[0]) - 1);
}

/* Some rows at once: in one row each number waits for the one before it, which takes longer than to add it. */
enum { ROWS_AT_ONCE = 4 };

static void fold_some(const double *const row[ROWS_AT_ONCE], size_t n, enum fold fold, double *const to[ROWS_AT_ONCE])
{
    double a = row[0][0], b = row[1][0], c = row[2][0], d = row[3][0];
    if (fold == FOLD_SUM)
        for (size_t i = 1; i < n; i++)
            a += row[0][i], b += row[1][i], c += row[2][i], d += row[3][i];
    else
        for (size_t i = 1; i < n; i++) {
            a = row[0][i] > a ? row[0][i] : a;
            b = row[1][i] > b ? row[1][i] : b;
            c = row[2][i] > c ? row[2][i] : c;
            d = row[3][i] > d ? row[3][i] : d;
        }
    *to[0] = a, *to[1] = b, *to[2] = c, *to[3] = d;
}

static void fold_rows(const struct op_call *call, enum fold fold, struct tensor *out)
{
    const double *row[ROWS_AT_ONCE];
    double *to[ROWS_AT_ONCE];
    size_t n = 0;
    FOR_PART(call, out, h, r, c)
    {
        row[n] = tensor_at(call->in[0], h, r, c);
        to[n++] = tensor_at(out, h, r, c);
        if (n == ROWS_AT_ONCE) {
            fold_some(row, cols_of(call->in[0]), fold, to);
            n = 0;
        }
    }
    if (n == 0)
        return;
    for (size_t k = n; k < ROWS_AT_ONCE; k++) /* where they are too few, the last is done again */
        row[k] = row[n - 1], to[k] = to[n - 1];
    fold_some(row, cols_of(call->in[0]), fold, to);
}

struct qkv_err row_max_shape(const struct op_call *call, struct axis ret[AXES])
{
    one_per_row(call, "maximum", ret);
    return (struct qkv_err){0};
}

void row_max_forward(const struct op_call *call, struct tensor *out)
{
    fold_rows(call, FOLD_MAX, out);
}

/* The first of the largest gets it all: one of the derivatives that there are at a tie. */
void row_max_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                      struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    {
        const double *row = tensor_at(call->in[0], h, r, 0);
        double top = *tensor_at(out, h, r, c);
        if (!grad_in[0] || top == -INFINITY)
            continue;
        size_t i = 0;
        while (row[i] != top)
            i++;
        *tensor_at(grad_in[0], h, r, i) += *tensor_at(grad_out, h, r, c);
    }
}

struct qkv_err row_max_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    (void)c;
    struct qkv_err err = explain_row(call, FOLD_MAX, h, r, ret);
    bool blocked = true;
    for (size_t i = 0; i < cols_of(call->in[0]); i++)
        blocked = blocked && *tensor_at(call->in[0], h, r, i) == -INFINITY;
    if (blocked)
        snprintf(ret->note, sizeof ret->note, "every cell of this row is blocked: there is no largest score");
    return err;
}

struct op_cost row_max_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 1, out, row_operations(call, out));
}

struct qkv_err exp_shifted_shape(const struct op_call *call, struct axis ret[AXES])
{
    return per_row_shape(call, ret);
}

/* A row with every score blocked has the maximum -inf, and -inf - -inf would be NaN: its cells stay 0. */
void exp_shifted_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART_ROWS(call, out, row)
    {
        const double *a = tensor_at(call->in[0], row.head, row.row, 0),
                     top = *tensor_at(call->in[1], row.head, row.row, 0);
        double *to = tensor_at(out, row.head, row.row, 0);
        for (size_t c = 0; c < cols_of(out); c++)
            to[c] = top == -INFINITY ? 0 : exp(a[c] - top);
    }
}

void exp_shifted_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                          struct tensor *const grad_in[])
{
    (void)call;
    FOR_CELLS(out, h, r, c)
    {
        double g = *tensor_at(grad_out, h, r, c) * *tensor_at(out, h, r, c);
        if (grad_in[0])
            *tensor_at(grad_in[0], h, r, c) += g;
        if (grad_in[1])
            *tensor_at(grad_in[1], h, r, 0) -= g;
    }
}

struct qkv_err exp_shifted_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    struct cell cells[] = {{0, h, r, c}, {1, h, r, 0}};
    if (*tensor_at(call->in[1], h, r, 0) == -INFINITY)
        return explain_one(ret, "0", "every cell of this row is blocked: all of it is 0", 2, cells);
    bool blocked = *tensor_at(call->in[0], h, r, c) == -INFINITY;
    return explain_one(ret, "exp(a - b)", blocked ? "blocked: e to the power of -inf is 0" : "", 2, cells);
}

struct op_cost exp_shifted_cost(const struct op_call *call, const struct tensor *out)
{
    size_t open = 0; /* rows that are not blocked as a whole */
    for (size_t i = 0; i < tensor_cells(call->in[1]); i++)
        open += call->in[1]->v[i] != -INFINITY;
    return cost_of(call, 2, out, 2 * (double)open * (double)cols_of(out));
}

struct qkv_err row_sum_shape(const struct op_call *call, struct axis ret[AXES])
{
    one_per_row(call, "sum", ret);
    return (struct qkv_err){0};
}

void row_sum_forward(const struct op_call *call, struct tensor *out)
{
    fold_rows(call, FOLD_SUM, out);
}

void row_sum_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                      struct tensor *const grad_in[])
{
    (void)out;
    FOR_CELLS(call->in[0], h, r, c)
    if (grad_in[0])
        *tensor_at(grad_in[0], h, r, c) += *tensor_at(grad_out, h, r, 0);
}

struct qkv_err row_sum_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    (void)c;
    return explain_row(call, FOLD_SUM, h, r, ret);
}

struct op_cost row_sum_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 1, out, row_operations(call, out));
}

struct qkv_err divide_rows_shape(const struct op_call *call, struct axis ret[AXES])
{
    return per_row_shape(call, ret);
}

void divide_rows_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART_ROWS(call, out, row)
    {
        const double *a = tensor_at(call->in[0], row.head, row.row, 0),
                     divisor = *tensor_at(call->in[1], row.head, row.row, 0);
        double *to = tensor_at(out, row.head, row.row, 0);
        for (size_t c = 0; c < cols_of(out); c++)
            to[c] = divisor == 0 ? 0 : a[c] / divisor;
    }
}

void divide_rows_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                          struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    {
        double divisor = *tensor_at(call->in[1], h, r, 0);
        if (divisor == 0)
            continue;
        double g = *tensor_at(grad_out, h, r, c) / divisor;
        if (grad_in[0])
            *tensor_at(grad_in[0], h, r, c) += g;
        if (grad_in[1])
            *tensor_at(grad_in[1], h, r, 0) -= g * *tensor_at(out, h, r, c);
    }
}

struct qkv_err divide_rows_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    struct cell cells[] = {{0, h, r, c}, {1, h, r, 0}};
    if (*tensor_at(call->in[1], h, r, 0) == 0)
        return explain_one(ret, "0", "the row's sum is 0: there is nothing to share out, so its cells are 0", 2, cells);
    return explain_one(ret, "a / b", "", 2, cells);
}

struct op_cost divide_rows_cost(const struct op_call *call, const struct tensor *out)
{
    size_t open = 0; /* rows that there is something to divide by */
    for (size_t i = 0; i < tensor_cells(call->in[1]); i++)
        open += call->in[1]->v[i] != 0;
    return cost_of(call, 2, out, (double)open * (double)cols_of(out));
}
