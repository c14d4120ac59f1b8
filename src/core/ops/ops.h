/* ops.h: how an operation is written down.
 *
 * Nearly every op makes each cell of its result by the same arithmetic from a few cells of its operands, or adds up
 * such terms. OP_OF_TERMS takes that arithmetic, once as C, with its slopes, and once as text for people, and makes
 * the five functions of the op's row of it. What one of them needs otherwise (a faster forward, a cost that depends
 * on the numbers) is written out, and the row names it. */
#ifndef QKV_CORE_OPS_OPS_H
#define QKV_CORE_OPS_OPS_H

#include "core/op.h"

#include <math.h>

/* An axis's size, shortly. */
static inline size_t heads_of(const struct tensor *t)
{
    return t->axis[AXIS_HEAD].size;
}

static inline size_t rows_of(const struct tensor *t)
{
    return t->axis[AXIS_ROW].size;
}

static inline size_t cols_of(const struct tensor *t)
{
    return t->axis[AXIS_COL].size;
}

/* A cell of the result, and which of its terms. */
struct term_place {
    size_t h, r, c, i;
};

/* The arithmetic of an op. A cell is one term; with a fold, the sum or the largest of `count` terms. */
struct terms {
    enum fold fold;
    size_t (*count)(const struct op_call *call, struct term_place at); /* NULL: the columns of the first operand */
    int n;                                                             /* cells that a term is made of */
    int operands;                                                      /* so many are read; 0: n */
    unsigned one_row; /* bit k: of operand k only the row that the constant picks is read, of the others all */
    /* The cells of a term, with the operand each belongs to. NULL: the result's own place in the first n operands. */
    void (*cells)(const struct op_call *call, struct term_place at, struct cell ret[]);
    double (*value)(const struct op_call *call, struct term_place at, const double x[]);
    /* What a gradient g of the result's cell, which has the value y, adds to those of the term's cells; zeros
     * before. */
    void (*slopes)(const struct op_call *call, struct term_place at, const double x[], double y, double g,
                   double ret[]);
    /* In the notation of explain.h, with %s for the call's constant, or for the number of terms. NULL: `explain`
     * says it. */
    const char *text;
    double operations; /* of that arithmetic */
    /* What else is to be said of this cell, or how the text depends on it; NULL: nothing. */
    void (*explain)(const struct op_call *call, struct term_place at, const double x[], struct explanation *ret);
    struct axis (*along)(const struct op_call *call, struct term_place at); /* NULL: the first operand's columns */
};

#define INLINE static inline __attribute__((always_inline))

/* VALUE(multiply, x[0] * x[1]), SLOPES(multiply, d[0] = g * x[1], d[1] = g * x[0]): of the terms of an op; `call` and
 * `at` are known there. An op that only switches has no slopes: NO_SLOPES(op). */
#define VALUE(op, ...)                                                                                                 \
    INLINE double op##_value(UNUSED const struct op_call *call, UNUSED struct term_place at, UNUSED const double x[])  \
    {                                                                                                                  \
        return __VA_ARGS__;                                                                                            \
    }
#define SLOPES(op, ...)                                                                                                \
    INLINE void op##_slopes(UNUSED const struct op_call *call, UNUSED struct term_place at, UNUSED const double x[],   \
                            UNUSED double y, UNUSED double g, UNUSED double d[])                                       \
    {                                                                                                                  \
        __VA_ARGS__;                                                                                                   \
    }
#define NO_SLOPES(op) SLOPES(op, (void)0)

/* The cells of a term: CELLS(per_row, {0, at.h, at.r, at.c}, {1, at.h, at.r, 0}). */
#define CELLS(name, ...)                                                                                               \
    INLINE void name(UNUSED const struct op_call *call, UNUSED struct term_place at, struct cell ret[])                \
    {                                                                                                                  \
        const struct cell cells[] = {__VA_ARGS__};                                                                     \
        for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)                                                    \
            ret[i] = cells[i];                                                                                         \
    }

/* The head of a function for `explain`: EXPLAIN(mask) { explain_as(ret, "a", NOTE_MASK_KEEPS); } */
#define EXPLAIN(op)                                                                                                    \
    static void op##_says(UNUSED const struct op_call *call, UNUSED struct term_place at, UNUSED const double x[],     \
                          struct explanation *ret)

/* A text (NULL: the one of the terms) and a note. */
void explain_as(struct explanation *e, const char *text, enum explain_note note);

/* A note with its numbers, which printf writes with blanks between: "%zu %zu". */
__attribute__((format(printf, 3, 4))) void explain_note(struct explanation *e, enum explain_note note,
                                                        const char *format, ...);

/* "%s", but for a text that is made of numbers itself. */
__attribute__((format(printf, 2, 3))) void explain_text(struct explanation *e, const char *text, ...);

/* Walk every cell of a tensor. */
#define FOR_CELLS(t, h, r, c)                                                                                          \
    for (size_t h = 0; h < heads_of(t); h++)                                                                           \
        for (size_t r = 0; r < rows_of(t); r++)                                                                        \
            for (size_t c = 0; c < cols_of(t); c++)

/* Walk the rows of the part of the result that is to be computed, row r of head h each, and their cells. */
#define FOR_PART_ROWS(call, out, h, r)                                                                                 \
    for (size_t part_ = (call)->part ? (call)->part->first : 0, h, r; part_row(call, out, part_, &h, &r); part_++)

#define FOR_PART(call, out, h, r, c)                                                                                   \
    FOR_PART_ROWS(call, out, h, r)                                                                                     \
    for (size_t c = 0; c < cols_of(out); c++)

/* Row i, counted through all heads: false behind the part's end. */
static inline bool part_row(const struct op_call *call, const struct tensor *out, size_t i, size_t *h, size_t *r)
{
    *h = i / rows_of(out);
    *r = i % rows_of(out);
    return i < (call->part ? call->part->end : heads_of(out) * rows_of(out));
}

/* ---- what the functions of an op are made of; the compiler makes one loop of each for every op ---- */

static inline double *cell_at(const struct tensor *t, struct cell cell)
{
    return &t->v[(cell.head * rows_of(t) + cell.row) * cols_of(t) + cell.col];
}

INLINE void terms_cells(const struct terms *t, const struct op_call *call, struct term_place at, struct cell cell[])
{
    if (t->cells)
        t->cells(call, at, cell);
    else
        for (int k = 0; k < t->n; k++)
            cell[k] = (struct cell){k, at.h, at.r, at.c};
}

INLINE void terms_read(const struct terms *t, const struct op_call *call, struct term_place at, struct cell cell[],
                       double x[])
{
    terms_cells(t, call, at, cell);
    for (int k = 0; k < t->n; k++)
        x[k] = *cell_at(call->in[cell[k].operand], cell[k]);
}

INLINE double terms_value(const struct terms *t, const struct op_call *call, struct term_place at)
{
    struct cell cell[EXPLAIN_CELLS_MAX];
    double x[EXPLAIN_CELLS_MAX];
    terms_read(t, call, at, cell, x);
    return t->value(call, at, x);
}

INLINE size_t terms_count(const struct terms *t, const struct op_call *call, struct term_place at)
{
    return t->fold == FOLD_NONE ? 1 : t->count ? t->count(call, at) : cols_of(call->in[0]);
}

/* A sum begins with its first term: 0 + -0 would lose the sign. */
INLINE void terms_forward(const struct terms *t, const struct op_call *call, struct tensor *out)
{
    FOR_PART_ROWS(call, out, h, r)
    {
        double *to = cell_at(out, (struct cell){0, h, r, 0});
        for (size_t c = 0; c < cols_of(out); c++) {
            struct term_place at = {h, r, c, 0};
            size_t n = terms_count(t, call, at);
            double value = terms_value(t, call, at);
            for (at.i = 1; t->fold != FOLD_NONE && at.i < n; at.i++)
                value += terms_value(t, call, at);
            to[c] = value;
        }
    }
}

INLINE void terms_backward(const struct terms *t, const struct op_call *call, const struct tensor *out,
                           const struct tensor *grad_out, struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    {
        struct term_place at = {h, r, c, 0};
        struct cell cell[EXPLAIN_CELLS_MAX], here = {0, h, r, c};
        double x[EXPLAIN_CELLS_MAX], y = *cell_at(out, here), g = *cell_at(grad_out, here);
        for (size_t n = terms_count(t, call, at); at.i < n; at.i++) {
            double d[EXPLAIN_CELLS_MAX] = {0};
            terms_read(t, call, at, cell, x);
            t->slopes(call, at, x, y, g, d);
            for (int k = 0; k < t->n; k++)
                if (grad_in[cell[k].operand])
                    *cell_at(grad_in[cell[k].operand], cell[k]) += d[k];
        }
    }
}

/* Zeros where a gradient is fresh, for a backward that only adds. */
void clear_fresh(const struct op_call *call, struct tensor *const grad_in[]);

QKV_CHECKED struct qkv_err terms_explain(const struct terms *t, const struct op_call *call, struct term_place at,
                                         struct explanation *ret);
struct op_cost terms_cost(const struct terms *t, const struct op_call *call, const struct tensor *out);

#define FORWARD(op) static void op##_forward(UNUSED const struct op_call *call, struct tensor *out)
#define BACKWARD(op)                                                                                                   \
    static void op##_backward(UNUSED const struct op_call *call, UNUSED const struct tensor *out,                      \
                              UNUSED const struct tensor *grad_out, UNUSED struct tensor *const grad_in[])
#define EXPLAIN_CELL(op)                                                                                               \
    static struct qkv_err op##_explain(const struct op_call *call, size_t h, size_t r, size_t c,                       \
                                       struct explanation *ret)
#define COST(op) static struct op_cost op##_cost(const struct op_call *call, const struct tensor *out)

/* The terms of an op, from what VALUE and SLOPES say and the fields of struct terms given here; and its functions. */
#define TERMS(op, ...) static const struct terms op##_terms = {.value = op##_value, .slopes = op##_slopes, __VA_ARGS__};
#define FORWARD_OF_TERMS(op)                                                                                           \
    FORWARD(op)                                                                                                        \
    {                                                                                                                  \
        terms_forward(&op##_terms, call, out);                                                                         \
    }
#define BACKWARD_OF_TERMS(op)                                                                                          \
    BACKWARD(op)                                                                                                       \
    {                                                                                                                  \
        terms_backward(&op##_terms, call, out, grad_out, grad_in);                                                     \
    }
#define EXPLAIN_OF_TERMS(op)                                                                                           \
    EXPLAIN_CELL(op)                                                                                                   \
    {                                                                                                                  \
        return terms_explain(&op##_terms, call, (struct term_place){h, r, c, 0}, ret);                                 \
    }
#define COST_OF_TERMS(op)                                                                                              \
    COST(op)                                                                                                           \
    {                                                                                                                  \
        return terms_cost(&op##_terms, call, out);                                                                     \
    }

/* The row of an op: its number of operands, its formula, its shape, and other
 * fields of struct op_info. Its functions are called after it. */
#define OP_ROW(op, operands, in_formulas, shape_of, ...)                                                               \
    const struct op_info op_##op = {.name = #op,                                                                       \
                                    .n_inputs = operands,                                                              \
                                    .formula = in_formulas,                                                            \
                                    .shape = shape_of,                                                                 \
                                    .forward = op##_forward,                                                           \
                                    .backward = op##_backward,                                                         \
                                    .explain = op##_explain,                                                           \
                                    .cost = op##_cost,                                                                 \
                                    __VA_ARGS__}

/* An op of which all is made of its terms but the cost. */
#define OP_OF_TERMS_AND_COST(op, operands, in_formulas, shape_of, ...)                                                 \
    TERMS(op, __VA_ARGS__)                                                                                             \
    FORWARD_OF_TERMS(op)                                                                                               \
    BACKWARD_OF_TERMS(op)                                                                                              \
    EXPLAIN_OF_TERMS(op)                                                                                               \
    OP_ROW(op, operands, in_formulas, shape_of, )

/* An op of which all is made of its terms. */
#define OP_OF_TERMS(op, operands, in_formulas, shape_of, ...)                                                          \
    TERMS(op, __VA_ARGS__)                                                                                             \
    FORWARD_OF_TERMS(op)                                                                                               \
    BACKWARD_OF_TERMS(op)                                                                                              \
    EXPLAIN_OF_TERMS(op)                                                                                               \
    COST_OF_TERMS(op)                                                                                                  \
    OP_ROW(op, operands, in_formulas, shape_of, )

/* ---- shapes that many ops have; errors: QKV_ERR_SHAPE ---- */

/* The axes of the first operand, with what the statements change in `ret`, unless the operands a, b, c do not fit. */
#define SHAPE(op, misfit, message, ...)                                                                                \
    static struct qkv_err op##_shape(const struct op_call *call, struct axis ret[AXES])                                \
    {                                                                                                                  \
        UNUSED const struct tensor *a = call->in[0], *b = call->in[1], *c = call->in[2];                               \
        if (misfit)                                                                                                    \
            return shapes_disagree(call, message);                                                                     \
        axes_of(a, ret);                                                                                               \
        __VA_ARGS__;                                                                                                   \
        return (struct qkv_err){0};                                                                                    \
    }
#define SHAPE_UNLESS(op, misfit, message) SHAPE(op, misfit, message, (void)0)

/* One column, of this name, for each row of the first operand. */
#define SHAPE_PER_ROW(op, name) SHAPE(op, false, "any shape fits", ret[AXIS_COL] = axis_numbered(1, name))

/* "the left [1, 2, 3] and the right [1, 4, 5]: WHAT" */
__attribute__((format(printf, 2, 3))) QKV_CHECKED struct qkv_err shapes_disagree(const struct op_call *call,
                                                                                 const char *what, ...);

/* The axes of an operand, unchanged. */
void axes_of(const struct tensor *t, struct axis ret[AXES]);

struct qkv_err shape_first(const struct op_call *call, struct axis ret[AXES]); /* the first operand's */
struct qkv_err shape_same(const struct op_call *call, struct axis ret[AXES]);  /* that of both */
/* The left's; a head axis, or a row axis, of 1 in the right is shared. */
struct qkv_err shape_pair(const struct op_call *call, struct axis ret[AXES]);
/* The left's; the right has one number for each of its rows. */
struct qkv_err shape_per_row(const struct op_call *call, struct axis ret[AXES]);

bool one_per_row(const struct tensor *t, const struct tensor *of); /* [h, n, 1] of [h, n, m] */
bool one_row(const struct tensor *t, size_t cols);                 /* [1, 1, cols] */

/* ---- cells that many terms have ---- */

CELLS(cells_pair, {0, at.h, at.r, at.c},
      {1, heads_of(call->in[1]) == 1 ? 0 : at.h, rows_of(call->in[1]) == 1 ? 0 : at.r, at.c})
CELLS(cells_per_row, {0, at.h, at.r, at.c}, {1, at.h, at.r, 0})
CELLS(cells_of_row, {0, at.h, at.r, at.i})

/* The labels that head h sees, for explanation.along. */
struct axis axis_of_head(const struct axis *axis, size_t h);

/* An explanation of one term whose letters are these cells. */
QKV_CHECKED struct qkv_err explain_one(struct explanation *e, const char *text, enum explain_note note, int n,
                                       const struct cell cells[]);

/* How the call's constant is written in arithmetic: "3.5", or "sqrt(2)" where it is that root and called so. */
void constant_text(const struct op_call *call, char *buffer, size_t size);

/* A cost: every cell of the first n operands read once, every cell of the result written once. */
struct op_cost cost_of(const struct op_call *call, int n, const struct tensor *out, double flops);

#endif
