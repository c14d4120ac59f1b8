/* additive.c: the additive score (Bahdanau et al. 2014): v . f(a + b) for every row a of A and every row b of B. */
#include "core/ops/ops.h"

#include <math.h>
#include <stdio.h>

/* A [h, n, d], B [k, m, d] whose planes the heads share, v [1, 1, d] -> [h, n, m] */
static struct qkv_err additive_axes(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0], *b = call->in[1], *v = call->in[2];
    if (cols_of(a) != cols_of(b) || heads_of(b) > heads_of(a))
        return shapes_disagree(call, "columns must be as many, and the right must have no more heads");
    if (heads_of(v) != 1 || rows_of(v) != 1 || cols_of(v) != cols_of(a)) {
        char what[100], found[TENSOR_SHAPE_TEXT];
        snprintf(what, sizeof what, "what weighs their columns is %s, wanted [%zu]", tensor_shape_text(v, found),
                 cols_of(a));
        return shapes_disagree(call, what);
    }
    ret[AXIS_HEAD] = a->axis[AXIS_HEAD];
    ret[AXIS_ROW] = a->axis[AXIS_ROW];
    ret[AXIS_COL] = b->axis[AXIS_ROW];
    return (struct qkv_err){0};
}

static size_t plane_of(const struct op_call *call, size_t h)
{
    return h * heads_of(call->in[1]) / heads_of(call->in[0]);
}

static void forward(const struct op_call *call, bool bent, struct tensor *out)
{
    const double *v = call->in[2]->v;
    FOR_PART(call, out, h, r, c)
    {
        const double *a = tensor_at(call->in[0], h, r, 0), *b = tensor_at(call->in[1], plane_of(call, h), c, 0);
        double sum = 0;
        for (size_t i = 0; i < cols_of(call->in[0]); i++) {
            double term = v[i] * (bent ? tanh(a[i] + b[i]) : a[i] + b[i]);
            sum = i == 0 ? term : sum + term;
        }
        *tensor_at(out, h, r, c) = sum;
    }
}

static void backward(const struct op_call *call, bool bent, const struct tensor *grad_out,
                     struct tensor *const grad_in[])
{
    const double *v = call->in[2]->v;
    FOR_CELLS(grad_out, h, r, c)
    {
        double g = *tensor_at(grad_out, h, r, c);
        const double *a = tensor_at(call->in[0], h, r, 0), *b = tensor_at(call->in[1], plane_of(call, h), c, 0);
        for (size_t i = 0; i < cols_of(call->in[0]); i++) {
            double f = bent ? tanh(a[i] + b[i]) : a[i] + b[i], slope = bent ? 1 - f * f : 1;
            if (grad_in[0])
                *tensor_at(grad_in[0], h, r, i) += g * v[i] * slope;
            if (grad_in[1])
                *tensor_at(grad_in[1], plane_of(call, h), c, i) += g * v[i] * slope;
            if (grad_in[2])
                grad_in[2]->v[i] += g * f;
        }
    }
}

static struct qkv_err explain(const struct op_call *call, bool bent, size_t h, size_t r, size_t c,
                              struct explanation *ret)
{
    ret->fold = FOLD_SUM;
    snprintf(ret->term_text, sizeof ret->term_text, bent ? "c * tanh(a + b)" : "c * (a + b)");
    ret->along = axis_of_head(&call->in[0]->axis[AXIS_COL], 0);
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < cols_of(call->in[0]); i++) {
        struct cell cells[] = {{0, h, r, i}, {1, plane_of(call, h), c, i}, {2, 0, 0, i}};
        err = explanation_add(ret, i, 3, cells);
    }
    return err;
}

#define ADDITIVE(op, bent, per_term)                                                                                   \
    struct qkv_err op##_shape(const struct op_call *call, struct axis ret[AXES])                                       \
    {                                                                                                                  \
        return additive_axes(call, ret);                                                                               \
    }                                                                                                                  \
    void op##_forward(const struct op_call *call, struct tensor *out)                                                  \
    {                                                                                                                  \
        forward(call, bent, out);                                                                                      \
    }                                                                                                                  \
    void op##_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,            \
                       struct tensor *const grad_in[])                                                                 \
    {                                                                                                                  \
        (void)out;                                                                                                     \
        backward(call, bent, grad_out, grad_in);                                                                       \
    }                                                                                                                  \
    struct qkv_err op##_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)     \
    {                                                                                                                  \
        return explain(call, bent, h, r, c, ret);                                                                      \
    }                                                                                                                  \
    struct op_cost op##_cost(const struct op_call *call, const struct tensor *out)                                     \
    {                                                                                                                  \
        double terms = (double)cols_of(call->in[0]);                                                                   \
        return cost_of(call, 3, out, (double)tensor_cells(out) * ((per_term)*terms + terms - 1));                      \
    }

ADDITIVE(additive, true, 3)         /* a sum, a tanh, a product */
ADDITIVE(additive_linear, false, 2) /* a sum, a product */
