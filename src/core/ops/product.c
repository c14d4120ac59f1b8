/* product.c: operations on every pair of a row and a column, with heads: the matrix products A B and A B^T, and the
 * additive score. */
#include "core/ops/ops.h"

#include <stdio.h>
#include <string.h>

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

/* The right operand's cell that meets position i of the inner axis in column c of the result. */
INLINE double *right_at(const struct tensor *b, bool transposed, size_t h, size_t i, size_t c)
{
    return transposed ? tensor_at(b, h, c, i) : tensor_at(b, h, i, c);
}

/* How a product is computed: a tile of 4 x 8 cells of the result stays in registers while the inner axis runs, so that
 * each number read from memory is used several times. Every cell adds its products in the order of the inner axis, as
 * its explanation does: neither the tile nor the length of the runs changes a bit of it. */
enum { TILE_ROWS = 4, TILE_COLS = 8, RUN = 256 };

struct tile {
    const double *left[TILE_ROWS]; /* where the run begins in each row of the left operand */
    const double *panel;           /* the run of TILE_COLS columns of the right: [n][TILE_COLS] */
    size_t n;
    bool first; /* the run is the first: nothing is there to add to */
    _Alignas(32) double cell[TILE_ROWS][TILE_COLS];
};

/* Add a run to a tile, with `lanes` numbers in a register: as many columns at a time as eight registers hold the cells
 * of. A sum begins with its first product: 0 + -0 would lose the sign. */
#define ADD_RUN(name, lanes, attribute, leave)                                                                         \
    attribute static void name(struct tile *t)                                                                         \
    {                                                                                                                  \
        typedef double numbers __attribute__((vector_size(8 * (lanes)), may_alias));                                   \
        const double *a0 = t->left[0], *a1 = t->left[1], *a2 = t->left[2], *a3 = t->left[3];                           \
        for (size_t c = 0; c < TILE_COLS; c += 2 * (lanes)) {                                                          \
            numbers *s0 = (numbers *)&t->cell[0][c], *s1 = (numbers *)&t->cell[1][c];                                  \
            numbers *s2 = (numbers *)&t->cell[2][c], *s3 = (numbers *)&t->cell[3][c];                                  \
            const numbers *b = (const numbers *)&t->panel[c];                                                          \
            numbers s00 = s0[0], s01 = s0[1], s10 = s1[0], s11 = s1[1];                                                \
            numbers s20 = s2[0], s21 = s2[1], s30 = s3[0], s31 = s3[1];                                                \
            if (t->first) {                                                                                            \
                s00 = a0[0] * b[0], s01 = a0[0] * b[1], s10 = a1[0] * b[0], s11 = a1[0] * b[1];                        \
                s20 = a2[0] * b[0], s21 = a2[0] * b[1], s30 = a3[0] * b[0], s31 = a3[0] * b[1];                        \
            }                                                                                                          \
            for (size_t i = t->first; i < t->n; i++) {                                                                 \
                numbers b0 = b[i * (TILE_COLS / (lanes))], b1 = b[i * (TILE_COLS / (lanes)) + 1];                      \
                s00 += a0[i] * b0, s01 += a0[i] * b1, s10 += a1[i] * b0, s11 += a1[i] * b1;                            \
                s20 += a2[i] * b0, s21 += a2[i] * b1, s30 += a3[i] * b0, s31 += a3[i] * b1;                            \
            }                                                                                                          \
            s0[0] = s00, s0[1] = s01, s1[0] = s10, s1[1] = s11;                                                        \
            s2[0] = s20, s2[1] = s21, s3[0] = s30, s3[1] = s31;                                                        \
        }                                                                                                              \
        leave;                                                                                                         \
    }

ADD_RUN(add_run_anywhere, 2, , (void)0)

/* The same, with instructions that not every machine of this kind has. Products are rounded before they are added
 * here as there (-ffp-contract=off), so the bits are the same. At -O1 gcc does not clear the upper halves of the
 * registers by itself, and all that the machine's older instructions do after it, exp for one, takes fifteen times
 * as long. */
#if defined(__x86_64__) && defined(__GNUC__)
ADD_RUN(add_run_avx2, 4, __attribute__((target("avx2"))), __builtin_ia32_vzeroupper())

static void (*fastest_run(void))(struct tile *t)
{
    return __builtin_cpu_supports("avx2") ? add_run_avx2 : add_run_anywhere;
}
#else
static void (*fastest_run(void))(struct tile *t)
{
    return add_run_anywhere;
}
#endif

/* Rows of the result, one after the other in one head. */
struct strip {
    size_t h, row, n_rows;
};

/* Nearly always all of them: a size that the compiler knows is copied without a call. */
static void copy_columns(double *to, const double *from, size_t nc)
{
    if (nc == TILE_COLS)
        memcpy(to, from, TILE_COLS * sizeof *to);
    else
        memcpy(to, from, nc * sizeof *to);
}

/* A run of some columns of the right operand, [n][TILE_COLS]; columns that are too many stay 0. */
static void pack_panel(const struct tensor *b, bool transposed, size_t h, size_t i0, size_t n, size_t c0, size_t nc,
                       double panel[RUN * TILE_COLS])
{
    if (nc < TILE_COLS)
        memset(panel, 0, n * TILE_COLS * sizeof *panel);
    const double *from[TILE_COLS];
    for (size_t c = 0; c < nc && transposed; c++)
        from[c] = tensor_at(b, h, c0 + c, i0);
    if (transposed && nc == TILE_COLS)
        for (size_t i = 0; i < n; i++)
            for (size_t c = 0; c < TILE_COLS; c++)
                panel[i * TILE_COLS + c] = from[c][i];
    else if (transposed)
        for (size_t i = 0; i < n; i++)
            for (size_t c = 0; c < nc; c++)
                panel[i * TILE_COLS + c] = from[c][i];
    else
        for (size_t i = 0; i < n; i++)
            copy_columns(&panel[i * TILE_COLS], tensor_at(b, h, i0 + i, c0), nc);
}

/* Add a run to all tiles of a strip's columns c0 .. c0 + nc - 1. */
static void add_panel(const struct tensor *a, size_t plane_of_a, const struct strip *s, size_t i0, size_t c0, size_t nc,
                      struct tile *tile, void (*run)(struct tile *t), struct tensor *out)
{
    size_t inner = cols_of(a), width = cols_of(out);
    const double *left = tensor_at(a, plane_of_a, s->row, i0);
    double *to = tensor_at(out, s->h, s->row, c0);
    for (size_t r = 0; r < s->n_rows; r += TILE_ROWS) {
        size_t n_rows = s->n_rows - r < TILE_ROWS ? s->n_rows - r : TILE_ROWS;
        for (size_t k = 0; k < TILE_ROWS; k++) { /* where rows are too few, the last one is computed again */
            size_t row = r + (k < n_rows ? k : n_rows - 1);
            tile->left[k] = left + row * inner;
            if (!tile->first)
                copy_columns(tile->cell[k], to + row * width, nc);
        }
        run(tile);
        for (size_t k = 0; k < n_rows; k++)
            copy_columns(to + (r + k) * width, tile->cell[k], nc);
    }
}

static void product_strip(const struct op_call *call, bool transposed, const struct strip *s, struct tensor *out)
{
    const struct tensor *a = call->in[0], *b = call->in[1];
    size_t inner = cols_of(a), width = cols_of(out), heads = heads_of(out);
    void (*run)(struct tile * t) = fastest_run();
    _Alignas(32) double panel[RUN * TILE_COLS];
    for (size_t c0 = 0; c0 < width; c0 += TILE_COLS)
        for (size_t i0 = 0; i0 < inner; i0 += RUN) {
            size_t nc = width - c0 < TILE_COLS ? width - c0 : TILE_COLS;
            struct tile tile = {.panel = panel, .n = inner - i0 < RUN ? inner - i0 : RUN, .first = i0 == 0};
            pack_panel(b, transposed, plane(b, s->h, heads), i0, tile.n, c0, nc, panel);
            add_panel(a, plane(a, s->h, heads), s, i0, c0, nc, &tile, run, out);
        }
}

static void product_forward(const struct op_call *call, bool transposed, struct tensor *out)
{
    size_t rows = rows_of(out), end = call->part ? call->part->end : heads_of(out) * rows;
    for (size_t at = call->part ? call->part->first : 0, n; at < end; at += n) {
        n = rows - at % rows < end - at ? rows - at % rows : end - at;
        product_strip(call, transposed, &(struct strip){at / rows, at % rows, n}, out);
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
    OP_ROW(op, 2, formula, op##_shape, .form = laid_out)

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
