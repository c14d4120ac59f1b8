/* rows.c: operations along the rows: the parts of softmax, of the other normalisers, and of layer norm. */
#include "core/kernels.h"
#include "core/ops/ops.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
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
BACKWARD_OF_TERMS(row_sum)
EXPLAIN_OF_TERMS(row_sum)
COST_OF_TERMS(row_sum)
OP_ROW(row_sum, 1, "{y}_i = sum_j {0}_ij", row_sum_shape, .by_row = 1);

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
FORWARD(exp_shifted)
{
    struct rows part = rows_of_part(call, out);
    const struct kernels *kernels = kernels_best();
    size_t n = cols_of(out);
    for (size_t r = part.first; r < part.first + part.n; r++) {
        double shift = call->in[1]->v[r];
        if (shift == -INFINITY)
            memset(&out->v[r * n], 0, n * sizeof *out->v);
        else
            kernels->exp_shifted(&call->in[0]->v[r * n], shift, &out->v[r * n], n);
    }
}

/* Rows of an op on a matrix and a number for each of its rows: of the gradient, the result, and both operands'
 * gradients. */
struct gradient_row {
    const double *restrict g, *restrict y;
    double *restrict to, *restrict to_number;
};

INLINE struct gradient_row gradient_row(const struct tensor *out, const struct tensor *grad_out,
                                        struct tensor *const grad_in[], size_t r)
{
    size_t at = r * cols_of(out);
    return (struct gradient_row){&grad_out->v[at], &out->v[at], &grad_in[0]->v[at], &grad_in[1]->v[r]};
}

/* Both loops in the order of the terms: to a cell comes one number, to a row's number one after the other. */
BACKWARD(exp_shifted)
{
    if (!grad_in[0] || !grad_in[1] || grad_in[0] == grad_in[1]) {
        terms_backward(&exp_shifted_terms, call, out, grad_out, grad_in);
        return;
    }
    for (size_t r = 0; r < heads_of(out) * rows_of(out); r++) {
        struct gradient_row row = gradient_row(out, grad_out, grad_in, r);
        double sum = *row.to_number;
        for (size_t c = 0; c < cols_of(out); c++)
            row.to[c] += row.g[c] * row.y[c];
        for (size_t c = 0; c < cols_of(out); c++)
            sum += -(row.g[c] * row.y[c]);
        *row.to_number = sum;
    }
}

EXPLAIN_OF_TERMS(exp_shifted)
OP_ROW(exp_shifted, 2, "{y}_ij = e^({0}_ij - {1}_i)", shape_per_row, .normaliser = "softmax", .by_row = 3);

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
    struct rows part = rows_of_part(call, out);
    const struct kernels *kernels = kernels_best();
    size_t n = cols_of(out);
    for (size_t r = part.first; r < part.first + part.n; r++) {
        double by = call->in[1]->v[r];
        if (by == 0)
            memset(&out->v[r * n], 0, n * sizeof *out->v);
        else
            kernels->divide(&call->in[0]->v[r * n], by, &out->v[r * n], n);
    }
}

BACKWARD(divide_rows)
{
    if (!grad_in[0] || !grad_in[1] || grad_in[0] == grad_in[1]) {
        terms_backward(&divide_rows_terms, call, out, grad_out, grad_in);
        return;
    }
    for (size_t r = 0; r < heads_of(out) * rows_of(out); r++) {
        struct gradient_row row = gradient_row(out, grad_out, grad_in, r);
        double by = call->in[1]->v[r], sum = *row.to_number;
        for (size_t c = 0; c < cols_of(out) && by != 0; c++) {
            double g = row.g[c] / by;
            row.to[c] += g;
            sum += -(g * row.y[c]);
        }
        if (by != 0)
            *row.to_number = sum;
    }
}

EXPLAIN_OF_TERMS(divide_rows)
OP_ROW(divide_rows, 2, "{y}_ij = {0}_ij / {1}_i", shape_per_row, .by_row = 3);

/* What only switches has the slope 0 wherever it has one: nothing flows back. What is computed for
 * it is counted for the whole row, of n numbers. */
#define SWITCHES(op, comparisons_of_row)                                                                               \
    BACKWARD(op)                                                                                                       \
    {                                                                                                                  \
    }                                                                                                                  \
    COST(op)                                                                                                           \
    {                                                                                                                  \
        const double n = (double)cols_of(out);                                                                         \
        return cost_of(call, 1, out, (double)(heads_of(out) * rows_of(out)) * (comparisons_of_row));                   \
    }

/* ---- one_hot_argmax: 1 at the row's first maximum ---- */

static struct qkv_err decided_by_row(int operand, size_t h, size_t r, size_t n, struct explanation *ret)
{
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < n; i++)
        err = explanation_decide(ret, (struct cell){operand, h, r, i});
    return err;
}

/* The first of a row's largest; cols: everything is blocked. */
static size_t first_largest(const struct tensor *a, size_t h, size_t r)
{
    const double *row = tensor_at(a, h, r, 0);
    size_t best = cols_of(a);
    for (size_t i = 0; i < cols_of(a); i++)
        if (row[i] != -INFINITY && (best == cols_of(a) || row[i] > row[best]))
            best = i;
    return best;
}

FORWARD(one_hot_argmax)
{
    FOR_PART_ROWS(call, out, h, r)
    {
        size_t best = first_largest(call->in[0], h, r);
        for (size_t c = 0; c < cols_of(out); c++)
            *tensor_at(out, h, r, c) = c == best;
    }
}

EXPLAIN_CELL(one_hot_argmax)
{
    const struct tensor *a = call->in[0];
    size_t best = first_largest(a, h, r);
    enum explain_note note = NOTE_OTHER_LARGER;
    if (best == cols_of(a))
        note = NOTE_NO_LARGEST;
    else if (best == c)
        note = NOTE_LARGEST;
    else if (*tensor_at(a, h, r, c) == *tensor_at(a, h, r, best))
        note = NOTE_TIE;
    struct qkv_err err = explain_one(ret, best == c ? "1" : "0", note, 1, &(struct cell){0, h, r, c});
    return err.code ? err : decided_by_row(0, h, r, cols_of(a), ret);
}

SWITCHES(one_hot_argmax, n - 1)

OP_ROW(one_hot_argmax, 1, "{y}_i = onehot(argmax_j {0}_ij)", shape_first, .normaliser = "hard");

/* ---- support: 1 where sparsemax gives something (Martins and Astudillo 2016, section 2) ---- */

/* Begin with all that is not blocked; drop what is not above the threshold, until nothing more falls (Michelot 1986).
 * The row of the result serves as the set. */
static void support_of_row(const double *row, double *set, size_t n)
{
    for (size_t i = 0; i < n; i++)
        set[i] = row[i] != -INFINITY;
    for (bool dropped = true; dropped;) {
        double sum = 0, count = 0, top = -INFINITY;
        for (size_t i = 0; i < n; i++)
            if (set[i] != 0)
                top = fmax(top, row[i]);
        /* Measured from the largest, so that large scores lose no digits. */
        for (size_t i = 0; i < n; i++)
            if (set[i] != 0)
                sum += row[i] - top, count++;
        dropped = false;
        for (size_t i = 0; i < n; i++)
            if (set[i] != 0 && row[i] - top <= (sum - 1) / count)
                set[i] = 0, dropped = true;
    }
}

FORWARD(support)
{
    FOR_PART_ROWS(call, out, h, r)
    support_of_row(tensor_at(call->in[0], h, r, 0), tensor_at(out, h, r, 0), cols_of(out));
}

/* A score is in the support exactly when the larger ones together are less than 1 ahead of it. */
static double ahead_of(const struct tensor *a, size_t h, size_t r, size_t c)
{
    double own = *tensor_at(a, h, r, c), ahead = 0;
    for (size_t i = 0; own != -INFINITY && i < cols_of(a); i++)
        ahead += fmax(*tensor_at(a, h, r, i) - own, 0);
    return ahead;
}

EXPLAIN_CELL(support)
{
    const struct tensor *a = call->in[0];
    double *set = calloc(cols_of(a), sizeof *set);
    if (!set)
        return qkv_nomem("an explanation");
    support_of_row(tensor_at(a, h, r, 0), set, cols_of(a));
    bool in = set[c] != 0;
    free(set);
    enum explain_note note = in ? NOTE_IN_SUPPORT : NOTE_OUT_OF_SUPPORT;
    if (*tensor_at(a, h, r, c) == -INFINITY)
        note = NOTE_GETS_NOTHING;
    explain_note(ret, note, "%.3g", ahead_of(a, h, r, c));
    struct qkv_err err = explain_one(ret, in ? "1" : "0", note, 1, &(struct cell){0, h, r, c});
    return err.code ? err : decided_by_row(0, h, r, cols_of(a), ret);
}

/* Algorithm 1 there: sort the row (n log2 n comparisons), then find the last k with 1 + k z_k above the sum so far. */
SWITCHES(support, ceil(n *log2(n)) + 4 * n - 1)

OP_ROW(support, 1, "{y}_ij = 1 if sum_l max({0}_il - {0}_ij, 0) < 1, else 0", shape_first, .normaliser = "sparsemax");

/* ---- sparse_threshold: (the sum of the scores in the support - 1) / how many they are ---- */

SHAPE(sparse_threshold, !tensor_same_shape(b, a), "the support must have the scores' shape",
      ret[AXIS_COL] = axis_numbered(1, "threshold"))

static size_t support_size(const struct op_call *call, size_t h, size_t r)
{
    size_t n = 0;
    for (size_t i = 0; i < cols_of(call->in[1]); i++)
        n += *tensor_at(call->in[1], h, r, i) != 0;
    return n;
}

/* Summed as it is explained: each of the k gives a k-th of what it has above 1/k. */
FORWARD(sparse_threshold)
{
    FOR_PART(call, out, h, r, c)
    {
        double k = (double)support_size(call, h, r), sum = 0;
        bool first = true;
        for (size_t i = 0; i < cols_of(call->in[0]); i++) {
            if (*tensor_at(call->in[1], h, r, i) == 0)
                continue;
            double term = (*tensor_at(call->in[0], h, r, i) - 1 / k) / k;
            sum = first ? term : sum + term;
            first = false;
        }
        *tensor_at(out, h, r, c) = sum;
    }
}

BACKWARD(sparse_threshold)
{
    FOR_CELLS(call->in[0], h, r, c)
    if (grad_in[0] && *tensor_at(call->in[1], h, r, c) != 0)
        *tensor_at(grad_in[0], h, r, c) += *tensor_at(grad_out, h, r, 0) / (double)support_size(call, h, r);
}

EXPLAIN_CELL(sparse_threshold)
{
    (void)c;
    size_t k = support_size(call, h, r), n = cols_of(call->in[0]);
    struct qkv_err err = {0};
    if (k == 0) {
        err = explain_one(ret, "0", NOTE_NO_THRESHOLD, 0, NULL);
        return err.code ? err : decided_by_row(1, h, r, n, ret);
    }
    ret->fold = FOLD_SUM;
    ret->along = axis_of_head(&call->in[0]->axis[AXIS_COL], h);
    explain_text(ret, "(a - 1 / %zu) / %zu", k, k);
    explain_note(ret, NOTE_THRESHOLD, "%zu %zu", k, k);
    for (size_t i = 0; !err.code && i < n; i++)
        if (*tensor_at(call->in[1], h, r, i) != 0)
            err = explanation_add(ret, i, 1, &(struct cell){0, h, r, i});
    return err.code ? err : decided_by_row(1, h, r, n, ret);
}

COST(sparse_threshold)
{
    struct op_cost cost = cost_of(call, 0, out, 0);
    for (size_t h = 0; h < heads_of(out); h++)
        for (size_t r = 0; r < rows_of(out); r++) {
            size_t k = support_size(call, h, r);
            cost.flops += k ? 3 * (double)k - 1 : 0;
            cost.read += 8 * (double)(k + cols_of(call->in[0]));
        }
    return cost;
}

OP_ROW(sparse_threshold, 2, "{y}_i = (sum_(j: {1}_ij = 1) {0}_ij - 1) / sum_j {1}_ij", sparse_threshold_shape, );

/* ---- above: how far each cell is above its row's number; below it, 0 ---- */

EXPLAIN(above)
{
    explain_as(ret, NULL, x[0] == -INFINITY ? NOTE_GETS_NOTHING : NOTE_CLIPPED);
}

VALUE(above, x[0] - x[1] > 0 ? x[0] - x[1] : 0)
SLOPES(above, if (y > 0) d[0] = g, d[1] = -g)
OP_OF_TERMS(above, 2, "{y}_ij = max({0}_ij - {1}_i, 0)", shape_per_row, .n = 2, .cells = cells_per_row,
            .text = "relu(a - b)", .operations = 2, .explain = above_says);

/* ---- layer norm: a row's mean and variance, and its numbers measured by them (Ba, Kiros and Hinton 2016, section 3) */

SHAPE_PER_ROW(row_mean, "mean")

VALUE(row_mean, x[0] / (double)cols_of(call->in[0]))
SLOPES(row_mean, d[0] = g / (double)cols_of(call->in[0]))
OP_OF_TERMS(row_mean, 1, "{y}_i = mean_j {0}_ij", row_mean_shape, .fold = FOLD_SUM, .n = 1, .cells = cells_of_row,
            .text = "a / %s", .operations = 1);

SHAPE(row_variance, !one_per_row(b, a), "the right must have one number for each row of the left",
      ret[AXIS_COL] = axis_numbered(1, "variance"))

CELLS(row_variance_cells, {0, at.h, at.r, at.i}, {1, at.h, at.r, 0})
VALUE(row_variance, (x[0] - x[1]) * (x[0] - x[1]) / (double)cols_of(call->in[0]))
SLOPES(row_variance, d[0] = 2 * (x[0] - x[1]) / (double)cols_of(call->in[0]) * g; d[1] = -d[0])
OP_OF_TERMS(row_variance, 2, "{y}_i = mean_j ({0}_ij - {1}_i)^2", row_variance_shape, .fold = FOLD_SUM, .n = 2,
            .cells = row_variance_cells, .text = "(a - b) * (a - b) / %s", .operations = 4);

SHAPE_UNLESS(standardise, !one_per_row(b, a) || !one_per_row(c, a),
             "mean and variance must be one number for each row of the left")

CELLS(standardise_cells, {0, at.h, at.r, at.c}, {1, at.h, at.r, 0}, {2, at.h, at.r, 0})
VALUE(standardise, (x[0] - x[1]) / sqrt(x[2] + call->number))
SLOPES(standardise, double variance = x[2] + call->number; d[0] = g / sqrt(variance); d[1] = -d[0];
       d[2] = -(g * y / (2 * variance)))
OP_OF_TERMS(standardise, 3, "{y}_ij = ({0}_ij - {1}_i) / sqrt({2}_i + {n})", standardise_shape, .n = 3,
            .cells = standardise_cells, .text = "(a - b) / sqrt(c + %s)", .operations = 4);

SHAPE_PER_ROW(half_squares, "half of the squared length")

VALUE(half_squares, x[0] * x[0] / 2)
SLOPES(half_squares, d[0] = x[0] * g)
OP_OF_TERMS(half_squares, 1, "{y}_i = sum_j {0}_ij^2 / 2", half_squares_shape, .fold = FOLD_SUM, .n = 1,
            .cells = cells_of_row, .text = "a * a / 2", .operations = 2);

/* ---- column_mean: the mean of all rows ---- */

SHAPE(column_mean, false, "any shape fits", ret[AXIS_ROW] = axis_numbered(1, "mean of all rows"))

static size_t column_mean_count(const struct op_call *call, UNUSED struct term_place at)
{
    return rows_of(call->in[0]);
}

static struct axis column_mean_along(const struct op_call *call, struct term_place at)
{
    return axis_of_head(&call->in[0]->axis[AXIS_ROW], at.h);
}

CELLS(column_mean_cells, {0, at.h, at.i, at.c})
VALUE(column_mean, x[0] / (double)rows_of(call->in[0]))
SLOPES(column_mean, d[0] = g / (double)rows_of(call->in[0]))
OP_OF_TERMS(column_mean, 1, "mean_i {row 0}_i", column_mean_shape, .fold = FOLD_SUM, .count = column_mean_count, .n = 1,
            .cells = column_mean_cells, .text = "a / %s", .operations = 1, .along = column_mean_along);
