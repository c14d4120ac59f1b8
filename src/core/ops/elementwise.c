/* elementwise.c: operations cell by cell: sum, product, division by a constant, mask. */
#include "core/ops/ops.h"

#include <math.h>
#include <stdio.h>

/* The right operand fits the left when it has its shape, but for a head axis or a row axis of 1, which is shared. */
static struct qkv_err pair_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0], *b = call->in[1];
    if ((heads_of(b) != 1 && heads_of(b) != heads_of(a)) || (rows_of(b) != 1 && rows_of(b) != rows_of(a)) ||
        cols_of(b) != cols_of(a))
        return shapes_disagree(call, "the right must have the left's shape (its heads and its rows may be 1)");
    axes_of(a, ret);
    return (struct qkv_err){0};
}

static double *pair_at(const struct tensor *b, size_t h, size_t r, size_t c)
{
    return tensor_at(b, h, rows_of(b) == 1 ? 0 : r, c);
}

static void pair_cells(const struct op_call *call, size_t h, size_t r, size_t c, struct cell ret[2])
{
    const struct tensor *b = call->in[1];
    ret[0] = (struct cell){0, h, r, c};
    ret[1] = (struct cell){1, heads_of(b) == 1 ? 0 : h, rows_of(b) == 1 ? 0 : r, c};
}

/* A + B and A - B are one sum; times 1 or -1 a number keeps all its bits. */
static void sum_forward(const struct op_call *call, double sign, struct tensor *out)
{
    FOR_PART_ROWS(call, out, row)
    {
        const double *a = tensor_at(call->in[0], row.head, row.row, 0), *b = pair_at(call->in[1], row.head, row.row, 0);
        double *to = tensor_at(out, row.head, row.row, 0);
        for (size_t c = 0; c < cols_of(out); c++)
            to[c] = a[c] + sign * b[c];
    }
}

static void sum_backward(double sign, const struct tensor *grad_out, struct tensor *const grad_in[])
{
    FOR_CELLS(grad_out, h, r, c)
    {
        double g = *tensor_at(grad_out, h, r, c);
        if (grad_in[0])
            *tensor_at(grad_in[0], h, r, c) += g;
        if (grad_in[1])
            *pair_at(grad_in[1], h, r, c) += sign * g;
    }
}

static struct qkv_err sum_explain(const struct op_call *call, const char *term, size_t h, size_t r, size_t c,
                                  struct explanation *ret)
{
    struct cell cells[2];
    pair_cells(call, h, r, c, cells);
    return explain_one(ret, term, "", 2, cells);
}

#define SUM(op, sign, term)                                                                                            \
    struct qkv_err op##_shape(const struct op_call *call, struct axis ret[AXES])                                       \
    {                                                                                                                  \
        return pair_shape(call, ret);                                                                                  \
    }                                                                                                                  \
    void op##_forward(const struct op_call *call, struct tensor *out)                                                  \
    {                                                                                                                  \
        sum_forward(call, sign, out);                                                                                  \
    }                                                                                                                  \
    void op##_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,            \
                       struct tensor *const grad_in[])                                                                 \
    {                                                                                                                  \
        (void)call, (void)out;                                                                                         \
        sum_backward(sign, grad_out, grad_in);                                                                         \
    }                                                                                                                  \
    struct qkv_err op##_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)     \
    {                                                                                                                  \
        return sum_explain(call, term, h, r, c, ret);                                                                  \
    }                                                                                                                  \
    struct op_cost op##_cost(const struct op_call *call, const struct tensor *out)                                     \
    {                                                                                                                  \
        return cost_of(call, 2, out, (double)tensor_cells(out));                                                       \
    }

SUM(add, 1, "a + b")
SUM(subtract, -1, "a - b")

struct qkv_err multiply_shape(const struct op_call *call, struct axis ret[AXES])
{
    return pair_shape(call, ret);
}

void multiply_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART_ROWS(call, out, row)
    {
        const double *a = tensor_at(call->in[0], row.head, row.row, 0), *b = pair_at(call->in[1], row.head, row.row, 0);
        double *to = tensor_at(out, row.head, row.row, 0);
        for (size_t c = 0; c < cols_of(out); c++)
            to[c] = a[c] * b[c];
    }
}

void multiply_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                       struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    {
        double g = *tensor_at(grad_out, h, r, c);
        if (grad_in[0])
            *tensor_at(grad_in[0], h, r, c) += g * *pair_at(call->in[1], h, r, c);
        if (grad_in[1])
            *pair_at(grad_in[1], h, r, c) += g * *tensor_at(call->in[0], h, r, c);
    }
}

struct qkv_err multiply_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    struct cell cells[2];
    pair_cells(call, h, r, c, cells);
    return explain_one(ret, "a * b", "", 2, cells);
}

struct op_cost multiply_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 2, out, (double)tensor_cells(out));
}

struct qkv_err divide_shape(const struct op_call *call, struct axis ret[AXES])
{
    if (call->number == 0 || !isfinite(call->number))
        return qkv_errf(QKV_ERR_DOMAIN, "cannot divide by %g", call->number);
    axes_of(call->in[0], ret);
    return (struct qkv_err){0};
}

void divide_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART_ROWS(call, out, row)
    {
        const double *a = tensor_at(call->in[0], row.head, row.row, 0);
        double *to = tensor_at(out, row.head, row.row, 0);
        for (size_t c = 0; c < cols_of(out); c++)
            to[c] = a[c] / call->number;
    }
}

void divide_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                     struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    if (grad_in[0])
        *tensor_at(grad_in[0], h, r, c) += *tensor_at(grad_out, h, r, c) / call->number;
}

struct qkv_err divide_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    char constant[32], text[EXPLAIN_TERM_TEXT];
    constant_text(call, constant, sizeof constant);
    snprintf(text, sizeof text, "a / %s", constant);
    bool blocked = *tensor_at(call->in[0], h, r, c) == -INFINITY;
    struct cell cell = {0, h, r, c};
    return explain_one(ret, text, blocked ? "blocked: what is blocked stays blocked" : "", 1, &cell);
}

struct op_cost divide_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 1, out, (double)tensor_cells(out));
}

struct qkv_err mask_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0], *m = call->in[1];
    if ((heads_of(m) != 1 && heads_of(m) != heads_of(a)) || rows_of(m) != rows_of(a) || cols_of(m) != cols_of(a))
        return shapes_disagree(call, "the mask must have the scores' shape (its heads may be 1)");
    axes_of(a, ret);
    return (struct qkv_err){0};
}

void mask_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART_ROWS(call, out, row)
    {
        const double *a = tensor_at(call->in[0], row.head, row.row, 0),
                     *m = tensor_at(call->in[1], row.head, row.row, 0);
        double *to = tensor_at(out, row.head, row.row, 0);
        for (size_t c = 0; c < cols_of(out); c++)
            to[c] = m[c] != 0 ? a[c] : -INFINITY;
    }
}

/* A blocked score has no part in anything: nothing flows back to it, nor to the mask, which only switches. */
void mask_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                   struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    if (grad_in[0] && *tensor_at(call->in[1], h, r, c) != 0)
        *tensor_at(grad_in[0], h, r, c) += *tensor_at(grad_out, h, r, c);
}

struct qkv_err mask_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    struct cell cells[2];
    pair_cells(call, h, r, c, cells);
    if (*tensor_at(call->in[1], h, r, c) != 0)
        return explain_one(ret, "a", "kept: the mask is 1 here", 2, cells);
    return explain_one(ret, "-inf", "blocked: the mask is 0 here", 2, cells);
}

struct op_cost mask_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 2, out, 0); /* copied or replaced: nothing is computed */
}

struct qkv_err add_number_shape(const struct op_call *call, struct axis ret[AXES])
{
    axes_of(call->in[0], ret);
    return (struct qkv_err){0};
}

void add_number_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    *tensor_at(out, h, r, c) = *tensor_at(call->in[0], h, r, c) + call->number;
}

void add_number_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                         struct tensor *const grad_in[])
{
    (void)call;
    FOR_CELLS(out, h, r, c)
    if (grad_in[0])
        *tensor_at(grad_in[0], h, r, c) += *tensor_at(grad_out, h, r, c);
}

struct qkv_err add_number_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    char constant[32], text[EXPLAIN_TERM_TEXT];
    constant_text(call, constant, sizeof constant);
    snprintf(text, sizeof text, "a + %s", constant);
    return explain_one(ret, text, "", 1, &(struct cell){0, h, r, c});
}

struct op_cost add_number_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 1, out, (double)tensor_cells(out));
}

struct qkv_err blend_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *gate = call->in[0];
    for (int i = 1; i <= 2; i++)
        if (heads_of(call->in[i]) != heads_of(gate) || rows_of(call->in[i]) != rows_of(gate) ||
            cols_of(call->in[i]) != cols_of(gate))
            return shapes_disagree(call, "the gate and what it mixes must have the same shape");
    axes_of(gate, ret);
    return (struct qkv_err){0};
}

void blend_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    {
        double gate = *tensor_at(call->in[0], h, r, c);
        *tensor_at(out, h, r, c) =
            gate * *tensor_at(call->in[1], h, r, c) + (1 - gate) * *tensor_at(call->in[2], h, r, c);
    }
}

void blend_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                    struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    {
        double g = *tensor_at(grad_out, h, r, c), gate = *tensor_at(call->in[0], h, r, c);
        if (grad_in[0])
            *tensor_at(grad_in[0], h, r, c) +=
                g * (*tensor_at(call->in[1], h, r, c) - *tensor_at(call->in[2], h, r, c));
        if (grad_in[1])
            *tensor_at(grad_in[1], h, r, c) += g * gate;
        if (grad_in[2])
            *tensor_at(grad_in[2], h, r, c) += g * (1 - gate);
    }
}

struct qkv_err blend_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    (void)call;
    return explain_one(ret, "a * b + (1 - a) * c", "", 3, (struct cell[]){{0, h, r, c}, {1, h, r, c}, {2, h, r, c}});
}

struct op_cost blend_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 3, out, 4 * (double)tensor_cells(out));
}
