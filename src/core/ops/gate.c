/* gate.c: operations of the router that switches heads off: a mean, a threshold, a product per head. */
#include "core/ops/ops.h"

#include <stdio.h>

/* ---- column_mean: [h, n, d] -> [h, 1, d] ---- */

struct qkv_err column_mean_shape(const struct op_call *call, struct axis ret[AXES])
{
    axes_of(call->in[0], ret);
    ret[AXIS_ROW] = axis_numbered(1, "mean of all rows");
    return (struct qkv_err){0};
}

void column_mean_forward(const struct op_call *call, struct tensor *out)
{
    double n = (double)rows_of(call->in[0]);
    FOR_PART(call, out, h, first, c)
    {
        double sum = *tensor_at(call->in[0], h, first, c) / n;
        for (size_t r = 1; r < rows_of(call->in[0]); r++)
            sum += *tensor_at(call->in[0], h, r, c) / n;
        *tensor_at(out, h, first, c) = sum;
    }
}

void column_mean_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                          struct tensor *const grad_in[])
{
    (void)out;
    FOR_CELLS(call->in[0], h, r, c)
    if (grad_in[0])
        *tensor_at(grad_in[0], h, r, c) += *tensor_at(grad_out, h, 0, c) / (double)rows_of(call->in[0]);
}

struct qkv_err column_mean_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    (void)r;
    size_t n = rows_of(call->in[0]);
    ret->fold = FOLD_SUM;
    ret->along = axis_of_head(&call->in[0]->axis[AXIS_ROW], h);
    snprintf(ret->term_text, sizeof ret->term_text, "a / %zu", n);
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < n; i++)
        err = explanation_add(ret, i, 1, &(struct cell){0, h, i, c});
    return err;
}

struct op_cost column_mean_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 1, out, (double)tensor_cells(out) * (2 * (double)rows_of(call->in[0]) - 1));
}

/* ---- open: 1 above the number, else 0 ---- */

struct qkv_err open_shape(const struct op_call *call, struct axis ret[AXES])
{
    axes_of(call->in[0], ret);
    return (struct qkv_err){0};
}

void open_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    *tensor_at(out, h, r, c) = *tensor_at(call->in[0], h, r, c) > call->number;
}

/* A switch has no slope: training needs an estimate in its place (straight-through), which is no derivative. */
void open_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                   struct tensor *const grad_in[])
{
    (void)call, (void)out, (void)grad_out, (void)grad_in;
}

struct qkv_err open_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    char note[EXPLAIN_NOTE_TEXT], threshold[32];
    bool open = *tensor_at(call->in[0], h, r, c) > call->number;
    constant_text(call, threshold, sizeof threshold);
    snprintf(note, sizeof note, open ? "above %s: switched on" : "not above %s: switched off", threshold);
    return explain_one(ret, open ? "1" : "0", note, 1, &(struct cell){0, h, r, c});
}

struct op_cost open_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 1, out, 0);
}

/* ---- gate_heads: head h of A [heads, n, d] times number h of G [1, 1, heads] ---- */

struct qkv_err gate_heads_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0], *g = call->in[1];
    if (heads_of(g) != 1 || rows_of(g) != 1 || cols_of(g) != heads_of(a))
        return shapes_disagree(call, "the right must have one number for each head of the left");
    axes_of(a, ret);
    return (struct qkv_err){0};
}

void gate_heads_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    *tensor_at(out, h, r, c) = *tensor_at(call->in[0], h, r, c) * call->in[1]->v[h];
}

void gate_heads_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                         struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    {
        double g = *tensor_at(grad_out, h, r, c);
        if (grad_in[0])
            *tensor_at(grad_in[0], h, r, c) += g * call->in[1]->v[h];
        if (grad_in[1])
            grad_in[1]->v[h] += g * *tensor_at(call->in[0], h, r, c);
    }
}

struct qkv_err gate_heads_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    const char *note = call->in[1]->v[h] == 0 ? "this head is switched off" : "";
    return explain_one(ret, "a * b", note, 2, (struct cell[]){{0, h, r, c}, {1, 0, 0, h}});
}

struct op_cost gate_heads_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 2, out, (double)tensor_cells(out));
}
