/* explain.h: where one number comes from: the cells it was made of and the arithmetic that made it.
 *
 * An explanation is arithmetic over named cells, not prose: it can be drawn, written, and evaluated. What evaluates
 * to something else than the cell's value is a bug that a test finds for every op.
 *
 *   matmul   sum  of terms "a * b",       a = X[r, i], b = W[i, c], one term per i
 *   row_max  max  of terms "a",           a = S[r, j]
 *   exp      one  term "exp(a - b)",      a = S[r, c], b = max[r]
 */
#ifndef QKV_CORE_EXPLAIN_H
#define QKV_CORE_EXPLAIN_H

#include "core/tensor.h"

enum { EXPLAIN_CELLS_MAX = 6, EXPLAIN_TERM_TEXT = 128, EXPLAIN_NOTE_TEXT = 160 };

/* One cell of one operand. */
struct cell {
    int operand; /* which input of the step, from 0 */
    size_t head, row, col;
};

/* The cells that stand for the letters a, b, c... of the explanation's arithmetic. */
struct term {
    struct cell cell[EXPLAIN_CELLS_MAX];
    int n_cells;
    size_t position; /* along the axis the terms run along; names the term ("animate", "cat") */
};

enum fold {
    FOLD_NONE, /* one term, and it is the value */
    FOLD_SUM,  /* the value is the sum of the terms */
    FOLD_MAX   /* the value is the largest term */
};

struct explanation {
    enum fold fold;
    /* The arithmetic of every term in the notation below: letters a, b, c... are the term's cells in order,
     * numbers are constants: "a * b", "a / sqrt(4)", "exp(a - b)". A literal: "0", "-inf". */
    char term_text[EXPLAIN_TERM_TEXT];
    struct term *terms; /* owned; in the order the forward pass adds them */
    size_t n_terms, capacity;
    struct axis along; /* what the terms run along: its labels (of the explained head) name them; size 0 where there is
                       * one term */
    /* Cells that are in no arithmetic but decided what it is: which score is the largest, which terms take part. Where
     * there are any, a fold may leave out positions of `along`. Owned. */
    struct cell *deciding;
    size_t n_deciding, deciding_capacity;
    /* Said in words where arithmetic alone does not tell: "blocked: the mask is 0 here", with braces around what varies
     * (lesson/language.h): "{row} 3 of what it was taken from". "" : nothing to add. */
    char note[EXPLAIN_NOTE_TEXT];
};

void explanation_finish(struct explanation *e);

/* Add a term of n cells. */
QKV_CHECKED struct qkv_err explanation_add(struct explanation *e, size_t position, int n, const struct cell cells[]);

/* Add a cell that decides. */
QKV_CHECKED struct qkv_err explanation_decide(struct explanation *e, struct cell cell);

/* Evaluate one term / the whole from these operands. `decimals` < 0: with the operands as they are; else with every
 * operand first rounded to so many decimals, as a reader with a pencil would who sees only those. */
double explanation_term_value(const struct explanation *e, size_t term, const struct tensor *const in[], int decimals);
double explanation_value(const struct explanation *e, const struct tensor *const in[], int decimals);

/* The operations a person would do to evaluate it: one for every operator and function of every term (constants apart,
 * see below), one for every addition or comparison between terms. */
double explanation_operations(const struct explanation *e);

/* x rounded as printf("%.*f") would print it. */
double round_decimals(double x, int decimals);

/* ---- the notation of the arithmetic ---- */

/* The small notation in which ops write their arithmetic.
 *
 *   sum     = product { ("+" | "-") product }
 *   product = power { ("*" | "/") power }
 *   power   = unary [ "^" power ]
 *   unary   = "-" unary | atom
 *   atom    = NUMBER | "inf" | LETTER | FUNCTION "(" sum { "," sum } ")" | "(" sum ")"
 *   LETTER  = a single letter a..z standing alone: a variable; FUNCTION: sqrt exp log tanh sigmoid abs max sin cos erf relu
 *
 * Evaluate `text`; variables[0] is a, variables[1] is b... *ret_operations (may be NULL) counts the
 * operators and functions that a variable has a part in: sqrt(4) alone is a constant, known beforehand, and a minus
 * sign before a value is written, not computed. Error: QKV_ERR_SYNTAX with the place in the text. */
QKV_CHECKED struct qkv_err expression_eval(const char *text, const double variables[], int n_variables, double *ret,
                                           double *ret_operations);

#endif
