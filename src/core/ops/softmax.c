/* softmax.c: the parts of softmax, along the rows: the largest, e^x above it, their sum, and each one's share of it. */
#include "core/kernels.h"
#include "core/ops/ops.h"

#include <math.h>
#include <string.h>

/* ---- the largest and the sum ---- */

/* The part of the result that is to be computed: so many rows of all heads, whose cells lie one after the other. */
struct rows {
    size_t first, n;
};

static struct rows rows_of_part(const struct op_call *call, const struct tensor *out)
{
    if (!call->part)
        return (struct rows){0, heads_of(out) * rows_of(out)};
    return (struct rows){call->part->first, call->part->end - call->part->first};
}

SHAPE_PER_ROW(row_max, "maximum")

FORWARD(row_max)
{
    const struct tensor *a = call->in[0];
    struct rows part = rows_of_part(call, out);
    kernels_best()->row_maxima(&a->v[part.first * cols_of(a)], part.n, cols_of(a), &out->v[part.first]);
}

/* The first of the largest gets it all: one of the derivatives that there are at a tie. */
BACKWARD(row_max)
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

EXPLAIN(row_max)
{
    bool blocked = true;
    for (size_t i = 0; i < cols_of(call->in[0]); i++)
        blocked = blocked && *tensor_at(call->in[0], at.h, at.r, i) == -INFINITY;
    if (blocked)
        explain_as(ret, NULL, NOTE_NO_LARGEST);
}

VALUE(row_max, x[0])
NO_SLOPES(row_max)
TERMS(row_max, .fold = FOLD_MAX, .n = 1, .cells = cells_of_row, .text = "a", .explain = row_max_says)
EXPLAIN_OF_TERMS(row_max)
COST_OF_TERMS(row_max)
OP_ROW(row_max, 1, "{y}_i = max_j {0}_ij", row_max_shape, .by_row = 1);

SHAPE_PER_ROW(row_sum, "sum")

FORWARD(row_sum)
{
    const struct tensor *a = call->in[0];
    struct rows part = rows_of_part(call, out);
    kernels_best()->row_sums(&a->v[part.first * cols_of(a)], part.n, cols_of(a), &out->v[part.first]);
}

VALUE(row_sum, x[0])
SLOPES(row_sum, d[0] = g)
TERMS(row_sum, .fold = FOLD_SUM, .n = 1, .cells = cells_of_row, .text = "a")
BACKWARD(row_sum)
{
    size_t n = cols_of(call->in[0]);
    for (size_t r = 0; grad_in[0] && r < tensor_cells(out); r++) {
        double *restrict to = &grad_in[0]->v[r * n], g = grad_out->v[r];
        for (size_t c = 0; c < n; c++)
            to[c] = (call->fresh ? 0 : to[c]) + g;
    }
}

EXPLAIN_OF_TERMS(row_sum)
COST_OF_TERMS(row_sum)
OP_ROW(row_sum, 1, "{y}_i = sum_j {0}_ij", row_sum_shape, .by_row = 1, .sets = 1);

/* ---- the other parts of softmax ---- */

/* A row with every score blocked has the maximum -inf, and -inf - -inf would be NaN: its cells are 0. */
EXPLAIN(exp_shifted)
{
    if (x[1] == -INFINITY)
        explain_as(ret, "0", NOTE_ROW_BLOCKED);
    else if (x[0] == -INFINITY)
        explain_as(ret, NULL, NOTE_EXP_BLOCKED);
}

/* A cost in which only the rows that are not blocked as a whole (all_but: the number that blocks one) are computed. */
static struct op_cost cost_of_open_rows(const struct op_call *call, const struct tensor *out, double all_but,
                                        double each)
{
    size_t open = 0;
    for (size_t i = 0; i < tensor_cells(call->in[1]); i++)
        open += call->in[1]->v[i] != all_but;
    return cost_of(call, 2, out, each * (double)open * (double)cols_of(out));
}

COST(exp_shifted)
{
    return cost_of_open_rows(call, out, -INFINITY, 2);
}

VALUE(exp_shifted, x[1] == -INFINITY ? 0 : exponential(x[0] - x[1]))
SLOPES(exp_shifted, d[0] = g * y, d[1] = -(g * y))
TERMS(exp_shifted, .n = 2, .cells = cells_per_row, .text = "exp(a - b)", .explain = exp_shifted_says)
/* Each row with its number; the rows whose number is `all_but` become 0. */
static void forward_by_number(const struct op_call *call, const struct tensor *out, double all_but,
                              void (*kernel)(const double *row, double number, double *to, size_t n))
{
    struct rows part = rows_of_part(call, out);
    size_t n = cols_of(out);
    for (size_t r = part.first; r < part.first + part.n; r++) {
        double number = call->in[1]->v[r];
        if (number == all_but)
            memset(&out->v[r * n], 0, n * sizeof *out->v);
        else
            kernel(&call->in[0]->v[r * n], number, &out->v[r * n], n);
    }
}

/* Rows that do not fill a few registers: first all differences, then all exponentials, as of one row. A row that is
 * blocked as a whole has the exponentials of -inf, which are 0. */
static void exp_of_short_rows(const struct op_call *call, struct tensor *out)
{
    struct rows part = rows_of_part(call, out);
    size_t n = cols_of(out), first = part.first * n;
    for (size_t r = part.first; r < part.first + part.n; r++) {
        double shift = call->in[1]->v[r];
        for (size_t c = 0; c < n; c++)
            out->v[r * n + c] = shift == -INFINITY ? -INFINITY : call->in[0]->v[r * n + c] - shift;
    }
    kernels_best()->exp_shifted(&out->v[first], 0, &out->v[first], part.n * n);
}

FORWARD(exp_shifted)
{
    enum { SHORT = 32 };
    if (cols_of(out) < SHORT)
        exp_of_short_rows(call, out);
    else
        forward_by_number(call, out, -INFINITY, kernels_best()->exp_shifted);
}

/* Are the gradients of both operands wanted, and two? Else the terms say them one by one. */
static bool flows_to_both(struct tensor *const grad_in[])
{
    return grad_in[0] && grad_in[1] && grad_in[0] != grad_in[1];
}

enum { ROWS_AT_ONCE = 8 }; /* that stay in the cache until the sums of their products are taken */

/* In the order of the terms: to a cell comes one number, to a row's number one after the other. */
BACKWARD(exp_shifted)
{
    size_t n = cols_of(out), rows = heads_of(out) * rows_of(out);
    if (!flows_to_both(grad_in)) {
        clear_fresh(call, grad_in);
        terms_backward(&exp_shifted_terms, call, out, grad_out, grad_in);
        return;
    }
    if (call->fresh & 2)
        memset(grad_in[1]->v, 0, rows * sizeof *grad_in[1]->v);
    for (size_t r = 0; r < rows; r += ROWS_AT_ONCE) {
        size_t some = rows - r < ROWS_AT_ONCE ? rows - r : ROWS_AT_ONCE;
        const double *restrict g = &grad_out->v[r * n], *restrict y = &out->v[r * n];
        double *restrict to = &grad_in[0]->v[r * n];
        for (size_t i = 0; i < some * n; i++)
            to[i] = (call->fresh & 1 ? 0 : to[i]) + g[i] * y[i];
        kernels_best()->subtract_products(g, y, some, n, &grad_in[1]->v[r]);
    }
}

EXPLAIN_OF_TERMS(exp_shifted)
OP_ROW(exp_shifted, 2, "{y}_ij = e^({0}_ij - {1}_i)", shape_per_row, .normaliser = "softmax", .by_row = 3, .sets = 3);

/* A row whose sum is 0 has nothing to share out: its cells are 0. */
EXPLAIN(divide_rows)
{
    if (x[1] == 0)
        explain_as(ret, "0", NOTE_ZERO_SUM);
}

COST(divide_rows)
{
    return cost_of_open_rows(call, out, 0, 1);
}

VALUE(divide_rows, x[1] == 0 ? 0 : x[0] / x[1])
SLOPES(divide_rows, if (x[1] != 0) d[0] = g / x[1], d[1] = -(g / x[1] * y))
TERMS(divide_rows, .n = 2, .cells = cells_per_row, .text = "a / b", .explain = divide_rows_says)
FORWARD(divide_rows)
{
    forward_by_number(call, out, 0, kernels_best()->divide);
}

/* Row r's quotients g / by are added to the left's gradient, and left in it alone where that is fresh. */
static void add_shares(const struct op_call *call, const struct tensor *grad_out, struct tensor *to, size_t r)
{
    size_t n = cols_of(to);
    double by = call->in[1]->v[r], *row = &to->v[r * n];
    if (by != 0)
        kernels_best()->add_quotients(&grad_out->v[r * n], by, call->fresh & 1, row, n);
    else if (call->fresh & 1)
        memset(row, 0, n * sizeof *row);
}

BACKWARD(divide_rows)
{
    size_t n = cols_of(out), rows = heads_of(out) * rows_of(out);
    /* What is taken off a row's number is read where it was just written. */
    if (!flows_to_both(grad_in) || !(call->fresh & 1)) {
        clear_fresh(call, grad_in);
        terms_backward(&divide_rows_terms, call, out, grad_out, grad_in);
        return;
    }
    if (call->fresh & 2)
        memset(grad_in[1]->v, 0, rows * sizeof *grad_in[1]->v);
    for (size_t r = 0; r < rows; r += ROWS_AT_ONCE) {
        size_t some = rows - r < ROWS_AT_ONCE ? rows - r : ROWS_AT_ONCE;
        for (size_t k = 0; k < some; k++)
            add_shares(call, grad_out, grad_in[0], r + k);
        kernels_best()->subtract_products(&grad_in[0]->v[r * n], &out->v[r * n], some, n, &grad_in[1]->v[r]);
    }
}

EXPLAIN_OF_TERMS(divide_rows)
OP_ROW(divide_rows, 2, "{y}_ij = {0}_ij / {1}_i", shape_per_row, .by_row = 3, .sets = 3);
