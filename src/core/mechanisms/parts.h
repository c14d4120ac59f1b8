/* parts.h: what several mechanisms are built of: inputs that a setting asks for, learned matrices, layer norm, rows
 * that are gathered. */
#ifndef QKV_CORE_MECHANISMS_PARTS_H
#define QKV_CORE_MECHANISMS_PARTS_H

#include "core/mechanisms/record.h"

#define COUNT_OF(table) (sizeof(table) / sizeof(table)[0])

/* Some inputs belong to one choice of a setting, which cannot do without them: "W_A: missing; context=general needs it,
 * [d_h, d_h]". Where another choice is made they may be there and are not read, so that one set of tensors can be
 * looked at under each. */
void require_if(struct recorder *r, bool needed, const char *name, const char *shape, const char *why);

/* A learned matrix or row of numbers that is given. */
struct given {
    const char *name;
    const char *symbol; /* NULL: the name */
    enum role role;
    const char *title, *meaning, *axes;
    const char *rows, *cols; /* what its axes run along */
    const char *shape;       /* "[d_model, d_ff]", for the error message */
};
int record_given(struct recorder *r, const struct given *given);

/* The same: its rows must be as many as the columns of `of`. */
int record_matrix(struct recorder *r, const struct given *given, int of);

/* The same: one row, a number for each column of `of`. */
int record_row(struct recorder *r, const struct given *given, int of);

/* Zeros, or another number everywhere, to begin with: an operand. */
int record_filled(struct recorder *r, struct step_spec spec, const struct axis axes[AXES], double number);

/* 1 where column j may be seen by row i (j <= i), else 0: an operand "causal_mask". */
int record_causal(struct recorder *r, int scores);

/* One row for each of n steps, put below one another: the step of `spec`. Parts on the way are operands. With n = 1
 * it is a copy. */
int record_gathered(struct recorder *r, const int rows[], size_t n, struct step_spec spec);

/* The place t of a row as formulas write it, for ops that pick one. */
const char *record_place(struct recorder *r, size_t t);

/* What was made row by row belongs to words: its rows get the names of those from the `first` on. */
void record_row_names(struct recorder *r, int step, int words, size_t first);

/* Layer norm of every row (Ba, Kiros and Hinton 2016; eps 1e-5): "mean_1", "variance_1", "standardised_1" and the
 * result, with inputs "gamma_1" and "beta_1". */
struct norm {
    const char *suffix;        /* "1" */
    const char *name, *symbol; /* of the result */
    const char *title;
};
int record_norm(struct recorder *r, int x, const struct norm *norm);

/* "gamma_1" and "beta_1": factors and summands of the columns of x. */
int record_affine(struct recorder *r, int x, const char *gamma, const char *beta, struct step_spec spec);

/* x W + b: two steps where the mechanism has a bias, one without. */
struct linear {
    struct given w, b;      /* b.name NULL: no bias */
    const char *sum_before; /* the name and the symbol of x W where b is added */
    const char *symbol_before;
};
int record_linear(struct recorder *r, int x, const struct linear *linear, struct step_spec spec);

#endif
