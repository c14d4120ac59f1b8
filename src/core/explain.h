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

enum { EXPLAIN_CELLS_MAX = 6, EXPLAIN_TERM_TEXT = 128, NOTE_NUMBERS_MAX = 4, NOTE_NUMBER_TEXT = 32 };

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

/* What is said in words where the arithmetic alone does not tell why: its id, the key of its words in the file of a
 * language (lesson/language/language.h), and how many numbers the words need. */
/* clang-format off */
#define EXPLAIN_NOTES(NOTE) \
    NOTE(STAYS_BLOCKED, "stays_blocked", 0) \
    NOTE(MASK_KEEPS, "mask_keeps", 0) NOTE(MASK_BLOCKS, "mask_blocks", 0) \
    NOTE(OPEN_IN_BOTH, "open_in_both", 0) NOTE(OPEN_IN_FIRST, "open_in_first", 0) \
    NOTE(OPEN_IN_SECOND, "open_in_second", 0) NOTE(OPEN_IN_NEITHER, "open_in_neither", 0) \
    NOTE(SWITCHED_ON, "switched_on", 1) NOTE(SWITCHED_OFF, "switched_off", 1) \
    NOTE(HEAD_OFF, "head_off", 0) NOTE(WINDOW_ENDS, "window_ends", 0) \
    NOTE(FROM_POSITION, "from_position", 1) NOTE(PAIR_ROTATED, "pair_rotated", 3) \
    NOTE(SAME_POSITION, "same_position", 0) NOTE(BEFORE, "before", 2) NOTE(AFTER, "after", 2) \
    NOTE(FAR_BEFORE, "far_before", 2) NOTE(FAR_AFTER, "far_after", 2) \
    NOTE(ONE_APART, "one_apart", 2) NOTE(APART, "apart", 2) \
    NOTE(NO_LARGEST, "no_largest", 0) NOTE(OTHER_LARGER, "other_larger", 0) \
    NOTE(LARGEST, "largest", 0) NOTE(TIE, "tie", 0) \
    NOTE(ROW_BLOCKED, "row_blocked", 0) NOTE(EXP_BLOCKED, "exp_blocked", 0) \
    NOTE(ZERO_SUM, "zero_sum", 0) NOTE(GETS_NOTHING, "gets_nothing", 0) \
    NOTE(IN_SUPPORT, "in_support", 1) NOTE(OUT_OF_SUPPORT, "out_of_support", 1) \
    NOTE(NO_THRESHOLD, "no_threshold", 0) NOTE(THRESHOLD, "threshold", 2) NOTE(CLIPPED, "clipped", 0) \
    NOTE(SPLIT, "split", 2) NOTE(FROM_HEAD, "from_head", 2) \
    NOTE(TAKEN_FROM, "taken_from", 1) NOTE(APPENDED, "appended", 0) NOTE(THERE_BEFORE, "there_before", 0) \
    NOTE(MEMORY_ORDER, "memory_order", 4) NOTE(TRANSPOSED, "transposed", 0)
/* clang-format on */

enum explain_note {
    NOTE_NONE,
#define NOTE_ID(id, key, n) NOTE_##id,
    EXPLAIN_NOTES(NOTE_ID)
#undef NOTE_ID
        NOTE_COUNT
};

struct note_info {
    const char *key;
    int n_numbers;
};

extern const struct note_info note_table[NOTE_COUNT]; /* the row of NOTE_NONE is empty */

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
    enum explain_note note;
    char number[NOTE_NUMBERS_MAX][NOTE_NUMBER_TEXT]; /* the note's, as they are written */
};

void explanation_finish(struct explanation *e);

/* Add a term of n cells. */
QKV_CHECKED struct qkv_err explanation_add(struct explanation *e, size_t position, int n, const struct cell cells[]);

/* Add a cell that decides. */
QKV_CHECKED struct qkv_err explanation_decide(struct explanation *e, struct cell cell);

/* Evaluate one term from these operands. `decimals` < 0: with the operands as they are; else with every operand first
 * rounded to so many decimals, as a reader with a pencil would who sees only those. */
double explanation_term_value(const struct explanation *e, size_t term, const struct tensor *const in[], int decimals);

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
 *   LETTER  = a single letter a..z standing alone: a variable; FUNCTION: sqrt exp log tanh sigmoid abs max sin cos erf
 *             relu, and mask, of a number and a mask: the number where the mask is not 0, else -inf
 *
 * Evaluate `text`; variables[0] is a, variables[1] is b... *ret_operations (may be NULL) counts the operators and
 * functions that a variable has a part in: sqrt(4) alone is a constant, known beforehand, and a minus sign before a
 * value is written, not computed. Error: QKV_ERR_SYNTAX with the place in the text. */
QKV_CHECKED struct qkv_err expression_eval(const char *text, const double variables[], int n_variables, double *ret,
                                           double *ret_operations);

#endif
