/* turned.h: tokens as columns: how the same numbers are written when every matrix of the page stands on its side.
 *
 * Lessons, mechanisms, files and the tape have a token a row: Q = X W_Q, S = Q K^T, and each row of the weights sums
 * to 1. Many papers and books (Bishop; Phuong and Hutter 2022) have a token a column. Turned, a symbol means this:
 *
 *   X, Q, K, S, A, b_Q...   what has a row for each token (or place, distance, head), and vectors, keep their names;
 *                           the name now means the matrix with a column for each
 *   W_Q, W_O, V_hh...       what turns features into features stays the matrix it is in files and is written W_Q^T
 *
 *   Q = X W_Q      becomes  Q = W_Q^T X
 *   S = Q K^T      becomes  S = K^T Q
 *   A V            becomes  V A
 *
 * A product's factors change places; sums, fractions and functions of cells stay; rows become columns in words. Nothing
 * is computed anew: it is the same tape. */
#ifndef QKV_SCENE_TURNED_H
#define QKV_SCENE_TURNED_H

#include "base/str.h"
#include "core/tape.h"

/* "Each row sums to 1" becomes "Each column sums to 1". */
void turned_words(const char *text, struct str *to);

/* The words as they are, or, with `columns`, turned: then they are in the buffer, which the caller finishes. NULL
 * stays NULL. */
const char *turned_text(bool columns, const char *text, struct str *buffer);

/* A formula or a symbol in the notation of formulas; the tape knows which symbols are given. */
void turned_formula(const struct tape *tape, const char *text, struct str *to);

/* The same where every byte of the text has a mark (none is 0): *ret_marks gets the marks of the bytes written; what
 * is added has the mark of what it is added to. */
void turned_marked(const struct tape *tape, const char *text, const char *marks, struct str *to, struct str *ret_marks);

/* A step's formula, as it stands or turned. */
void turned_step_formula(const struct tape *tape, int step, bool columns, struct str *to);

/* A step's symbol, the same way; turned, it is in the buffer. */
const char *turned_symbol(const struct tape *tape, int step, bool columns, struct str *buffer);

#endif
