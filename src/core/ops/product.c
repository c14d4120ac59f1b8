/* product.c: matrix products, A B and A B^T, with heads. */
#include "core/ops/ops.h"

#include <stdio.h>

/* An operand with fewer heads than the result is shared by them (grouped queries); with one head, by all. */
static size_t plane(const struct tensor *t, size_t h, size_t heads)
{
    return h * heads_of(t) / heads;
}

static const struct axis *columns_of_right(const struct tensor *b, bool transposed)
{
    return &b->axis[transposed ? AXIS_ROW : AXIS_COL];
}

/* Labels that change with the plane belong to the operand's planes: where heads share these, only labels that are the
 * same in all of them fit. */
static void share_labels(struct axis *axis, size_t planes)
{
    size_t per_plane = axis->labels_per_head;
    bool same = true;
    for (size_t i = per_plane; i < planes * per_plane; i++)
        same = same && axis->labels[i] == axis->labels[i % per_plane];
    if (same)
        axis->labels_per_head = 0;
    else
        *axis = axis_numbered(axis->size, axis->name);
}

static struct qkv_err product_shape(const struct op_call *call, bool transposed, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0], *b = call->in[1];
    size_t inner = transposed ? cols_of(b) : rows_of(b);
    if (cols_of(a) != inner) {
        char what[120];
        snprintf(what, sizeof what, "the %zu columns of the left must match the %zu %s of the right", cols_of(a), inner,
                 transposed ? "columns" : "rows");
        return shapes_disagree(call, what);
    }
    size_t heads = heads_of(a) > heads_of(b) ? heads_of(a) : heads_of(b);
    ret[AXIS_HEAD] = heads_of(a) == heads ? a->axis[AXIS_HEAD] : b->axis[AXIS_HEAD];
    ret[AXIS_ROW] = a->axis[AXIS_ROW];
    ret[AXIS_COL] = *columns_of_right(b, transposed);
    if (heads_of(a) != heads)
        share_labels(&ret[AXIS_ROW], heads_of(a));
    if (heads_of(b) != heads)
        share_labels(&ret[AXIS_COL], heads_of(b));
    return (struct qkv_err){0};
}

/* The right operand's cell that meets position i of the inner axis in column c of the result. */
static double *right_at(const struct tensor *b, bool transposed, size_t h, size_t i, size_t c)
{
    return transposed ? tensor_at(b, h, c, i) : tensor_at(b, h, i, c);
}

/* A block of the right operand, [inner][columns], so that the innermost loop runs along memory. */
enum { BLOCK = 64 };

static void pack_block(const struct tensor *b, bool transposed, size_t h, size_t i0, size_t ni, size_t c0, size_t nc,
                       double block[BLOCK][BLOCK])
{
    for (size_t i = 0; i < ni; i++)
        for (size_t c = 0; c < nc; c++)
            block[i][c] = *right_at(b, transposed, h, i0 + i, c0 + c);
}

/* Every cell adds its products in the order of the inner axis, as its explanation does: blocks change where numbers are
 * read from, never the order in which they are added, so the result does not depend on the block's size. */
static void add_block(const double *left, size_t i0, size_t ni, size_t nc, double block[BLOCK][BLOCK],
                      double *restrict out)
{
    for (size_t i = 0; i < ni; i++) {
        const double factor = left[i0 + i], *restrict row = block[i];
        if (i0 + i == 0)
            for (size_t c = 0; c < nc; c++)
                out[c] = factor * row[c];
        else
            for (size_t c = 0; c < nc; c++)
                out[c] += factor * row[c];
    }
}

static void product_forward(const struct op_call *call, bool transposed, struct tensor *out)
{
    const struct tensor *a = call->in[0], *b = call->in[1];
    size_t inner = cols_of(a), heads = heads_of(out);
    double block[BLOCK][BLOCK];
    for (size_t h = 0; h < heads; h++)
        for (size_t c0 = 0; c0 < cols_of(out); c0 += BLOCK)
            for (size_t i0 = 0; i0 < inner; i0 += BLOCK) {
                size_t nc = cols_of(out) - c0 < BLOCK ? cols_of(out) - c0 : BLOCK;
                size_t ni = inner - i0 < BLOCK ? inner - i0 : BLOCK;
                pack_block(b, transposed, plane(b, h, heads), i0, ni, c0, nc, block);
                for (size_t r = 0; r < rows_of(out); r++)
                    add_block(tensor_at(a, plane(a, h, heads), r, 0), i0, ni, nc, block, tensor_at(out, h, r, c0));
            }
}

static void product_backward(const struct op_call *call, bool transposed, const struct tensor *grad_out,
                             struct tensor *const grad_in[])
{
    const struct tensor *a = call->in[0], *b = call->in[1];
    size_t inner = cols_of(a), step = transposed ? 1 : cols_of(b), heads = heads_of(grad_out);
    FOR_CELLS(grad_out, h, r, c)
    {
        double g = *tensor_at(grad_out, h, r, c);
        if (grad_in[0]) {
            double *to = tensor_at(grad_in[0], plane(a, h, heads), r, 0);
            const double *right = right_at(b, transposed, plane(b, h, heads), 0, c);
            for (size_t i = 0; i < inner; i++)
                to[i] += g * right[i * step];
        }
        if (grad_in[1]) {
            double *to = right_at(grad_in[1], transposed, plane(b, h, heads), 0, c);
            const double *left = tensor_at(a, plane(a, h, heads), r, 0);
            for (size_t i = 0; i < inner; i++)
                to[i * step] += g * left[i];
        }
    }
}

static struct qkv_err product_explain(const struct op_call *call, bool transposed, size_t h, size_t r, size_t c,
                                      struct explanation *ret)
{
    const struct tensor *a = call->in[0], *b = call->in[1];
    size_t heads = heads_of(a) > heads_of(b) ? heads_of(a) : heads_of(b);
    size_t left = plane(a, h, heads), right = plane(b, h, heads);
    ret->fold = FOLD_SUM;
    snprintf(ret->term_text, sizeof ret->term_text, "a * b");
    ret->along = axis_of_head(&a->axis[AXIS_COL], left);
    if (!ret->along.labels)
        ret->along = axis_of_head(&b->axis[transposed ? AXIS_COL : AXIS_ROW], right);
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < cols_of(a); i++) {
        struct cell cells[] = {{0, left, r, i}, {1, right, transposed ? c : i, transposed ? i : c}};
        err = explanation_add(ret, i, 2, cells);
    }
    return err;
}

static struct op_cost product_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 2, out, (double)tensor_cells(out) * (2 * (double)cols_of(call->in[0]) - 1));
}

#define PRODUCT(op, transposed)                                                                                        \
    struct qkv_err op##_shape(const struct op_call *call, struct axis ret[AXES])                                       \
    {                                                                                                                  \
        return product_shape(call, transposed, ret);                                                                   \
    }                                                                                                                  \
    void op##_forward(const struct op_call *call, struct tensor *out)                                                  \
    {                                                                                                                  \
        product_forward(call, transposed, out);                                                                        \
    }                                                                                                                  \
    void op##_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,            \
                       struct tensor *const grad_in[])                                                                 \
    {                                                                                                                  \
        (void)out;                                                                                                     \
        product_backward(call, transposed, grad_out, grad_in);                                                         \
    }                                                                                                                  \
    struct qkv_err op##_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)     \
    {                                                                                                                  \
        return product_explain(call, transposed, h, r, c, ret);                                                        \
    }                                                                                                                  \
    struct op_cost op##_cost(const struct op_call *call, const struct tensor *out)                                     \
    {                                                                                                                  \
        return product_cost(call, out);                                                                                \
    }

PRODUCT(matmul, false)
PRODUCT(matmul_t, true)
