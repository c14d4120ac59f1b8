/* merge.c: operations that join two results cell by cell: unions of masks, and what tiles have found so far. */
#include "core/ops/ops.h"

#include <math.h>

static struct qkv_err same_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0], *b = call->in[1];
    if (heads_of(a) != heads_of(b) || rows_of(a) != rows_of(b) || cols_of(a) != cols_of(b))
        return shapes_disagree(call, "both must have the same shape");
    axes_of(a, ret);
    return (struct qkv_err){0};
}

static void larger(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    {
        double a = *tensor_at(call->in[0], h, r, c), b = *tensor_at(call->in[1], h, r, c);
        *tensor_at(out, h, r, c) = b > a ? b : a;
    }
}

/* ---- either: the union of two masks of zeros and ones ---- */

struct qkv_err either_shape(const struct op_call *call, struct axis ret[AXES])
{
    return same_shape(call, ret);
}

void either_forward(const struct op_call *call, struct tensor *out)
{
    larger(call, out);
}

/* Masks only switch. */
void either_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                     struct tensor *const grad_in[])
{
    (void)call, (void)out, (void)grad_out, (void)grad_in;
}

struct qkv_err either_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    bool a = *tensor_at(call->in[0], h, r, c) != 0, b = *tensor_at(call->in[1], h, r, c) != 0;
    const char *note = a && b ? "open in both" : a ? "open in the first" : b ? "open in the second" : "open in neither";
    return explain_one(ret, "max(a, b)", note, 2, (struct cell[]){{0, h, r, c}, {1, h, r, c}});
}

struct op_cost either_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 2, out, (double)tensor_cells(out));
}

/* ---- maximum: the larger of two cells ---- */

struct qkv_err maximum_shape(const struct op_call *call, struct axis ret[AXES])
{
    return same_shape(call, ret);
}

void maximum_forward(const struct op_call *call, struct tensor *out)
{
    larger(call, out);
}

/* At a tie the first gets it all: one of the derivatives that there are. */
void maximum_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                      struct tensor *const grad_in[])
{
    for (size_t i = 0; i < tensor_cells(out); i++) {
        struct tensor *to = grad_in[call->in[1]->v[i] > call->in[0]->v[i]];
        if (to && out->v[i] != -INFINITY)
            to->v[i] += grad_out->v[i];
    }
}

struct qkv_err maximum_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    (void)call;
    return explain_one(ret, "max(a, b)", "", 2, (struct cell[]){{0, h, r, c}, {1, h, r, c}});
}

struct op_cost maximum_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 2, out, (double)tensor_cells(out));
}

/* ---- rescaled_sum: A * R + B, a number of R [h, n, 1] for each row ---- */

struct qkv_err rescaled_sum_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0], *r = call->in[1], *b = call->in[2];
    if (heads_of(r) != heads_of(a) || rows_of(r) != rows_of(a) || cols_of(r) != 1 || heads_of(b) != heads_of(a) ||
        rows_of(b) != rows_of(a) || cols_of(b) != cols_of(a))
        return shapes_disagree(call, "wanted A [h, n, d], one number for each row of A, and B like A");
    axes_of(a, ret);
    return (struct qkv_err){0};
}

void rescaled_sum_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    *tensor_at(out, h, r, c) =
        *tensor_at(call->in[0], h, r, c) * *tensor_at(call->in[1], h, r, 0) + *tensor_at(call->in[2], h, r, c);
}

void rescaled_sum_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                           struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    {
        double g = *tensor_at(grad_out, h, r, c);
        if (grad_in[0])
            *tensor_at(grad_in[0], h, r, c) += g * *tensor_at(call->in[1], h, r, 0);
        if (grad_in[1])
            *tensor_at(grad_in[1], h, r, 0) += g * *tensor_at(call->in[0], h, r, c);
        if (grad_in[2])
            *tensor_at(grad_in[2], h, r, c) += g;
    }
}

struct qkv_err rescaled_sum_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    (void)call;
    return explain_one(ret, "a * b + c", "", 3, (struct cell[]){{0, h, r, c}, {1, h, r, 0}, {2, h, r, c}});
}

struct op_cost rescaled_sum_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 3, out, 2 * (double)tensor_cells(out));
}
