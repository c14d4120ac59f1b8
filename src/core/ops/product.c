/* product.c: operations on every pair of a row and a column, with heads: the matrix products A B and A B^T, and the
 * additive score. */
#include "core/kernels.h"
#include "core/ops/ops.h"

/* An operand with fewer heads than the result is shared by them (grouped queries); with one head, by all. */
INLINE size_t plane(const struct tensor *t, size_t h, size_t heads)
{
    return h * heads_of(t) / heads;
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
    if (cols_of(a) != inner)
        return shapes_disagree(call, "the %zu columns of the left must match the %zu %s of the right", cols_of(a),
                               inner, transposed ? "columns" : "rows");
    size_t heads = heads_of(a) > heads_of(b) ? heads_of(a) : heads_of(b);
    ret[AXIS_HEAD] = heads_of(a) == heads ? a->axis[AXIS_HEAD] : b->axis[AXIS_HEAD];
    ret[AXIS_ROW] = a->axis[AXIS_ROW];
    ret[AXIS_COL] = b->axis[transposed ? AXIS_ROW : AXIS_COL];
    if (heads_of(a) != heads)
        share_labels(&ret[AXIS_ROW], heads_of(a));
    if (heads_of(b) != heads)
        share_labels(&ret[AXIS_COL], heads_of(b));
    return (struct qkv_err){0};
}

/* The rows of a part of the result, head by head. Each cell adds its products in the order of the inner axis, as its
 * explanation does. */
static void product_forward(const struct op_call *call, bool transposed, struct tensor *out)
{
    const struct tensor *a = call->in[0], *b = call->in[1];
    size_t rows = rows_of(out), end = call->part ? call->part->end : heads_of(out) * rows, width = cols_of(b);
    for (size_t at = call->part ? call->part->first : 0, n; at < end; at += n) {
        size_t h = at / rows, r = at % rows;
        n = rows - r < end - at ? rows - r : end - at;
        kernels_best()->product(&(struct product){.rows = n,
                                                  .cols = cols_of(out),
                                                  .inner = cols_of(a),
                                                  .left = tensor_at(a, plane(a, h, heads_of(out)), r, 0),
                                                  .left_row = cols_of(a),
                                                  .left_inner = 1,
                                                  .right = tensor_at(b, plane(b, h, heads_of(out)), 0, 0),
                                                  .right_inner = transposed ? 1 : width,
                                                  .right_col = transposed ? width : 1,
                                                  .out = tensor_at(out, h, r, 0),
                                                  .out_row = cols_of(out)});
    }
}

/* The first of the heads that share a plane of the operand sets its gradient where it is fresh; what comes else is
 * added. */
static void begin_sums(const struct op_call *call, int operand, size_t h, size_t heads, struct product *p)
{
    const struct tensor *t = call->in[operand];
    p->from_zero = call->fresh & 1u << operand && (h == 0 || plane(t, h, heads) != plane(t, h - 1, heads));
    p->add = !p->from_zero;
}

/* dA = G B^T and dB = A^T G, or where B is transposed, dA = G B and dB = G^T A: added to what is there, in the order in
 * which the cells of G come, head by head. */
static void product_backward(const struct op_call *call, bool transposed, const struct tensor *grad_out,
                             struct tensor *const grad_in[])
{
    const struct tensor *a = call->in[0], *b = call->in[1];
    size_t n = rows_of(grad_out), m = cols_of(grad_out), inner = cols_of(a), heads = heads_of(grad_out);
    for (size_t h = 0; h < heads; h++) {
        const double *g = tensor_at(grad_out, h, 0, 0), *left = tensor_at(a, plane(a, h, heads), 0, 0),
                     *right = tensor_at(b, plane(b, h, heads), 0, 0);
        struct product to_a = {.rows = n,
                               .cols = inner,
                               .inner = m,
                               .left = g,
                               .left_row = m,
                               .left_inner = 1,
                               .right = right,
                               .right_inner = transposed ? inner : 1,
                               .right_col = transposed ? 1 : m,
                               .out_row = inner};
        struct product to_b = {.rows = transposed ? m : inner,
                               .cols = transposed ? inner : m,
                               .inner = n,
                               .left = transposed ? g : left,
                               .left_row = 1,
                               .left_inner = transposed ? m : inner,
                               .right = transposed ? left : g,
                               .right_inner = transposed ? inner : m,
                               .right_col = 1,
                               .out_row = transposed ? inner : m};
        begin_sums(call, 0, h, heads, &to_a);
        begin_sums(call, 1, h, heads, &to_b);
        if (grad_in[0]) {
            to_a.out = tensor_at(grad_in[0], plane(a, h, heads), 0, 0);
            kernels_best()->product(&to_a);
        }
        if (grad_in[1]) {
            to_b.out = tensor_at(grad_in[1], plane(b, h, heads), 0, 0);
            kernels_best()->product(&to_b);
        }
    }
}

INLINE size_t plane_of(const struct op_call *call, int operand, size_t h)
{
    const struct tensor *a = call->in[0], *b = call->in[1];
    return plane(call->in[operand], h, heads_of(a) > heads_of(b) ? heads_of(a) : heads_of(b));
}

/* The labels of the inner axis: the left's, else the right's. */
static struct axis inner_axis(const struct op_call *call, struct term_place at, bool transposed)
{
    const struct axis *left = &call->in[0]->axis[AXIS_COL],
                      *right = &call->in[1]->axis[transposed ? AXIS_COL : AXIS_ROW];
    return left->labels ? axis_of_head(left, plane_of(call, 0, at.h)) : axis_of_head(right, plane_of(call, 1, at.h));
}

#define PRODUCT(op, transposed, formula, laid_out)                                                                     \
    static struct qkv_err op##_shape(const struct op_call *call, struct axis ret[AXES])                                \
    {                                                                                                                  \
        return product_shape(call, transposed, ret);                                                                   \
    }                                                                                                                  \
    FORWARD(op)                                                                                                        \
    {                                                                                                                  \
        product_forward(call, transposed, out);                                                                        \
    }                                                                                                                  \
    BACKWARD(op)                                                                                                       \
    {                                                                                                                  \
        product_backward(call, transposed, grad_out, grad_in);                                                         \
    }                                                                                                                  \
    static struct axis op##_along(const struct op_call *call, struct term_place at)                                    \
    {                                                                                                                  \
        return inner_axis(call, at, transposed);                                                                       \
    }                                                                                                                  \
    CELLS(op##_cells, {0, plane_of(call, 0, at.h), at.r, at.i},                                                        \
          {1, plane_of(call, 1, at.h), transposed ? at.c : at.i, transposed ? at.i : at.c})                            \
    VALUE(op, x[0] * x[1])                                                                                             \
    NO_SLOPES(op)                                                                                                      \
    TERMS(op, .fold = FOLD_SUM, .n = 2, .cells = op##_cells, .text = "a * b", .operations = 1, .along = op##_along)    \
    EXPLAIN_OF_TERMS(op)                                                                                               \
    COST_OF_TERMS(op)                                                                                                  \
    OP_ROW(op, 2, formula, op##_shape, .form = laid_out, .by_row = 1, .sets = 3)

PRODUCT(matmul, false, "{0} {1}", FORM_PRODUCT);
PRODUCT(matmul_t, true, "{0} {1}^T", FORM_PRODUCT_T);

/* ---- the additive score (Bahdanau et al. 2014): v . f(a + b) for every row a of A and every row b of B ---- */

/* A [h, n, d], B [k, m, d] whose planes the heads share, v [1, 1, d] -> [h, n, m] */
static struct qkv_err additive_shape(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0], *b = call->in[1], *v = call->in[2];
    if (cols_of(a) != cols_of(b) || heads_of(b) > heads_of(a))
        return shapes_disagree(call, "columns must be as many, and the right must have no more heads");
    if (heads_of(v) != 1 || rows_of(v) != 1 || cols_of(v) != cols_of(a)) {
        char found[TENSOR_SHAPE_TEXT];
        return shapes_disagree(call, "what weighs their columns is %s, wanted [%zu]", tensor_shape_text(v, found),
                               cols_of(a));
    }
    ret[AXIS_HEAD] = a->axis[AXIS_HEAD];
    ret[AXIS_ROW] = a->axis[AXIS_ROW];
    ret[AXIS_COL] = b->axis[AXIS_ROW];
    return (struct qkv_err){0};
}

static struct axis additive_along(const struct op_call *call, UNUSED struct term_place at)
{
    return axis_of_head(&call->in[0]->axis[AXIS_COL], 0);
}

CELLS(additive_cells, {0, at.h, at.r, at.i}, {1, plane_of(call, 1, at.h), at.c, at.i}, {2, 0, 0, at.i})
VALUE(additive, x[2] * tanh(x[0] + x[1]))
SLOPES(additive, double f = tanh(x[0] + x[1]); d[0] = d[1] = g * x[2] * (1 - f * f); d[2] = g * f)
OP_OF_TERMS(additive, 3, "{y}_ij = {2} · tanh({made 0}_i + {made 1}_j)", additive_shape, .fold = FOLD_SUM, .n = 3,
            .cells = additive_cells, .text = "c * tanh(a + b)", .operations = 3, .along = additive_along);

VALUE(additive_linear, x[2] * (x[0] + x[1]))
SLOPES(additive_linear, d[0] = d[1] = g * x[2]; d[2] = g * (x[0] + x[1]))
OP_OF_TERMS(additive_linear, 3, "{y}_ij = {2} · ({made 0}_i + {made 1}_j)", additive_shape, .fold = FOLD_SUM, .n = 3,
            .cells = additive_cells, .text = "c * (a + b)", .operations = 2, .along = additive_along);
