/* select.c: operations that choose: one position, some positions, some heads. */
#include "core/ops/ops.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What only switches has the slope 0 wherever it has one: backward passes nothing on. */

static struct qkv_err decided_by_row(int operand, size_t h, size_t r, size_t n, struct explanation *ret)
{
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < n; i++)
        err = explanation_decide(ret, (struct cell){operand, h, r, i});
    return err;
}

/* ---- hard: 1 at the row's first maximum ---- */

struct qkv_err hard_shape(const struct op_call *call, struct axis ret[AXES])
{
    axes_of(call->in[0], ret);
    return (struct qkv_err){0};
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

void hard_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART_ROWS(call, out, row)
    {
        size_t best = first_largest(call->in[0], row.head, row.row);
        for (size_t c = 0; c < cols_of(out); c++)
            *tensor_at(out, row.head, row.row, c) = c == best;
    }
}

void hard_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                   struct tensor *const grad_in[])
{
    (void)call, (void)out, (void)grad_out, (void)grad_in;
}

struct qkv_err hard_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    const struct tensor *a = call->in[0];
    size_t best = first_largest(a, h, r);
    const char *note = "another score of this row is larger";
    if (best == cols_of(a))
        note = "every cell of this row is blocked: there is no largest score";
    else if (best == c)
        note = "the row's largest score: it takes everything";
    else if (*tensor_at(a, h, r, c) == *tensor_at(a, h, r, best))
        note = "as large as the largest, which stands earlier and takes everything";
    struct qkv_err err = explain_one(ret, best == c ? "1" : "0", note, 1, &(struct cell){0, h, r, c});
    return err.code ? err : decided_by_row(0, h, r, cols_of(a), ret);
}

struct op_cost hard_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 1, out, 0);
}

/* ---- support: 1 where sparsemax gives something (Martins and Astudillo 2016, section 2) ---- */

struct qkv_err support_shape(const struct op_call *call, struct axis ret[AXES])
{
    axes_of(call->in[0], ret);
    return (struct qkv_err){0};
}

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

void support_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART_ROWS(call, out, row)
    support_of_row(tensor_at(call->in[0], row.head, row.row, 0), tensor_at(out, row.head, row.row, 0), cols_of(out));
}

void support_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                      struct tensor *const grad_in[])
{
    (void)call, (void)out, (void)grad_out, (void)grad_in;
}

/* A score is in the support exactly when the larger ones together are less than 1 ahead of it. */
static void support_note(const struct tensor *a, size_t h, size_t r, size_t c, bool in, char note[EXPLAIN_NOTE_TEXT])
{
    double own = *tensor_at(a, h, r, c), ahead = 0;
    for (size_t i = 0; own != -INFINITY && i < cols_of(a); i++)
        ahead += fmax(*tensor_at(a, h, r, i) - own, 0);
    if (own == -INFINITY)
        snprintf(note, EXPLAIN_NOTE_TEXT, "blocked: it gets nothing");
    else
        snprintf(note, EXPLAIN_NOTE_TEXT, "the larger scores of this row are together %.3g ahead of it: %s", ahead,
                 in ? "less than 1, so it gets a share" : "1 or more, so it gets nothing");
}

struct qkv_err support_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    const struct tensor *a = call->in[0];
    double *set = calloc(cols_of(a), sizeof *set);
    if (!set)
        return qkv_nomem("an explanation");
    support_of_row(tensor_at(a, h, r, 0), set, cols_of(a));
    bool in = set[c] != 0;
    free(set);
    char note[EXPLAIN_NOTE_TEXT];
    support_note(a, h, r, c, in, note);
    struct qkv_err err = explain_one(ret, in ? "1" : "0", note, 1, &(struct cell){0, h, r, c});
    return err.code ? err : decided_by_row(0, h, r, cols_of(a), ret);
}

struct op_cost support_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 1, out, 0);
}

/* ---- sparse_threshold: (the sum of the scores in the support - 1) / how many they are ---- */

struct qkv_err sparse_threshold_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0], *s = call->in[1];
    if (heads_of(s) != heads_of(a) || rows_of(s) != rows_of(a) || cols_of(s) != cols_of(a))
        return shapes_disagree(call, "the support must have the scores' shape");
    axes_of(a, ret);
    ret[AXIS_COL] = axis_numbered(1, "threshold");
    return (struct qkv_err){0};
}

static size_t support_size(const struct op_call *call, size_t h, size_t r)
{
    size_t n = 0;
    for (size_t i = 0; i < cols_of(call->in[1]); i++)
        n += *tensor_at(call->in[1], h, r, i) != 0;
    return n;
}

/* Summed as it is explained: each of the k gives a k-th of what it has above 1/k. */
void sparse_threshold_forward(const struct op_call *call, struct tensor *out)
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

void sparse_threshold_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                               struct tensor *const grad_in[])
{
    (void)out;
    FOR_CELLS(call->in[0], h, r, c)
    if (grad_in[0] && *tensor_at(call->in[1], h, r, c) != 0)
        *tensor_at(grad_in[0], h, r, c) += *tensor_at(grad_out, h, r, 0) / (double)support_size(call, h, r);
}

struct qkv_err sparse_threshold_explain(const struct op_call *call, size_t h, size_t r, size_t c,
                                        struct explanation *ret)
{
    (void)c;
    size_t k = support_size(call, h, r), n = cols_of(call->in[0]);
    struct qkv_err err = {0};
    if (k == 0) {
        err = explain_one(ret, "0", "nothing of this row is open: there is no threshold to find", 0, NULL);
        return err.code ? err : decided_by_row(1, h, r, n, ret);
    }
    ret->fold = FOLD_SUM;
    ret->along = axis_of_head(&call->in[0]->axis[AXIS_COL], h);
    snprintf(ret->term_text, sizeof ret->term_text, "(a - 1 / %zu) / %zu", k, k);
    snprintf(ret->note, sizeof ret->note, "the %zu of the support, less 1, shared by %zu", k, k);
    for (size_t i = 0; !err.code && i < n; i++)
        if (*tensor_at(call->in[1], h, r, i) != 0)
            err = explanation_add(ret, i, 1, &(struct cell){0, h, r, i});
    return err.code ? err : decided_by_row(1, h, r, n, ret);
}

struct op_cost sparse_threshold_cost(const struct op_call *call, const struct tensor *out)
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

/* ---- above: how far each cell is above its row's number; below it, 0 ---- */

struct qkv_err above_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0], *b = call->in[1];
    if (heads_of(b) != heads_of(a) || rows_of(b) != rows_of(a) || cols_of(b) != 1)
        return shapes_disagree(call, "the right must have one number for each row of the left");
    axes_of(a, ret);
    return (struct qkv_err){0};
}

void above_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    {
        double over = *tensor_at(call->in[0], h, r, c) - *tensor_at(call->in[1], h, r, 0);
        *tensor_at(out, h, r, c) = over > 0 ? over : 0;
    }
}

void above_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                    struct tensor *const grad_in[])
{
    (void)call;
    FOR_CELLS(out, h, r, c)
    {
        double g = *tensor_at(out, h, r, c) > 0 ? *tensor_at(grad_out, h, r, c) : 0;
        if (grad_in[0])
            *tensor_at(grad_in[0], h, r, c) += g;
        if (grad_in[1])
            *tensor_at(grad_in[1], h, r, 0) -= g;
    }
}

struct qkv_err above_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    bool blocked = *tensor_at(call->in[0], h, r, c) == -INFINITY;
    return explain_one(ret, "relu(a - b)", blocked ? "blocked: it gets nothing" : "relu: below 0 becomes 0", 2,
                       (struct cell[]){{0, h, r, c}, {1, h, r, 0}});
}

struct op_cost above_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 2, out, 2 * (double)tensor_cells(out));
}
