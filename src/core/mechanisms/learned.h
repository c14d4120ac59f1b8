/* learned.h: what a mechanism has learned: matrices, biases, and x W + b, which most steps of most mechanisms are. */
#ifndef QKV_CORE_MECHANISMS_LEARNED_H
#define QKV_CORE_MECHANISMS_LEARNED_H

#include "core/mechanisms/record.h"

/* A learned matrix, or row of numbers, that is given. */
struct given {
    const char *name;
    const char *symbol; /* NULL: the name */
    const char *words;  /* the key of its texts; NULL: the name */
    enum role role;
    const char *rows, *cols; /* what its axes run along; rows of a row of numbers: ALL_WORDS */
    const char
        *columns_of;   /* for the error message: whose columns the rows must match; NULL: those of the step given */
    const char *shape; /* for the error message; NULL: "[rows, cols]", of a row of numbers "[cols]" */
};
#define ALL_WORDS "all words"

int record_given(struct recorder *r, const struct given *given);

/* The same: its rows must be as many as the columns of `of`. */
int record_matrix(struct recorder *r, const struct given *given, int of);

/* The same: one row, a number for each column of `of`. */
int record_row(struct recorder *r, const struct given *given, int of);

/* x W + b. */
struct linear {
    struct given w, b;      /* b.name NULL: no bias; what else is NULL of b: ALL_WORDS, the columns of w */
    bool b_optional;        /* the bias is added where it is given */
    bool b_first;           /* it comes before x W on the tape, else after it */
    const char *sum_before; /* the name and the symbol of x W where b is added */
    const char *symbol_before;
};

/* Record W, b and the result: two steps where a bias is added, of the variants "before_bias" and "with_bias", one
 * without. */
int record_linear(struct recorder *r, int x, const struct linear *linear, const struct step_spec *step);

/* The same where W is on the tape already, for those who ask more of it. */
int record_linear_by(struct recorder *r, int x, int w, const struct linear *linear, const struct step_spec *step);

#endif
