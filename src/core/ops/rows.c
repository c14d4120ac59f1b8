/* rows.c: operations along the rows: the other normalisers, in place of softmax (softmax.c), and layer norm. */
#include "core/ops/ops.h"

#include <math.h>
#include <stdlib.h>

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
