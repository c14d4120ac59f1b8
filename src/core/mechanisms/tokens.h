/* tokens.h: what is computed token after token: what there is before the first, and the rows of all, gathered. */
#ifndef QKV_CORE_MECHANISMS_TOKENS_H
#define QKV_CORE_MECHANISMS_TOKENS_H

#include "core/mechanisms/record.h"

/* Zeros, or another number everywhere, to begin with: an operand. */
int record_filled(struct recorder *r, const struct step_spec *step, const struct axis axes[AXES], double number);

/* A row of them, with these columns. */
int record_filled_row(struct recorder *r, const struct step_spec *step, const char *rows, struct axis cols,
                      double number);

/* Room for the steps of `n` tokens; NULL: no memory, and the error is noted. */
int *record_capacity(struct recorder *r, size_t n, const char *what);

/* One row for each of n steps, put below one another. Parts on the way are operands. With n = 1 it is a copy. */
int record_gathered(struct recorder *r, const int rows[], size_t n, const struct step_spec *step);

/* What was made row by row belongs to words: its rows get the names of those from the `first` on. */
void record_row_names(struct recorder *r, int step, int words, size_t first);

#endif
