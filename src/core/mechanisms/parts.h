/* parts.h: parts that several mechanisms are made of: learned matrices and x W + b, the sequences and their
 * projections, masks, softmax, layer norm, and what a layer puts around attention. All are recorded on r->tape; see
 * record.h. */
#ifndef QKV_CORE_MECHANISMS_PARTS_H
#define QKV_CORE_MECHANISMS_PARTS_H

#include "core/mechanisms/record.h"
#include "core/mechanisms/tables.h"

/* ---- what is learned ---- */

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
    struct given w, b;      /* b is added where it is given; its rows and cols NULL: ALL_WORDS, the columns of w */
    bool b_first;           /* it comes before x W on the tape, else after it */
    const char *sum_before; /* the name and the symbol of x W where b is added */
    const char *symbol_before;
};

/* Record W, b and the result: two steps where a bias is added, of the variants "before_bias" and "with_bias", one
 * without. */
int record_linear(struct recorder *r, int x, const struct linear *linear, const struct step_spec *step);

/* The same where W is on the tape already, for callers that check more of its shape. */
int record_linear_by(struct recorder *r, int x, int w, const struct linear *linear, const struct step_spec *step);

/* ---- the beginning and the end: the words, the heads side by side, and what W_O makes of them ---- */

/* An input of one row for each word. */
struct sequence {
    const char *name, *symbol, *cols, *shape;
};
extern const struct sequence queries_sequence, memory_sequence; /* "X", "memory" */

/* Record it. NO_STEP: it is not there, as memory may be. */
int record_sequence(struct recorder *r, const struct sequence *sequence);

/* Record the sinusoids of position=sinusoidal and their sum with a step of words, and return the sum; otherwise, or for
 * NO_STEP, the step itself. `memory`: these are the words looked at, and the steps are called after them. */
int record_positions(struct recorder *r, int words, bool memory);

/* Record [heads, n, d_v] -> "concat", [1, n, heads*d_v]. */
int record_concat(struct recorder *r, int heads);

/* What the result of W_O is called, and what it is called before b_O is added. */
struct output_names {
    const char *name, *symbol, *projected, *projected_symbol;
};
extern const struct output_names output_names; /* "output" */

/* Record concat W_O + b_O and return its step; without W_O there is none, and it is `concat` that is returned. */
int record_output(struct recorder *r, int concat, const struct output_names *names);

/* ---- queries, keys and values: each X W + b, shared out to the heads ---- */

struct projection {
    enum role role;
    const char *w, *b, *projected, *name, *split; /* names of steps */
    const char *projected_symbol, *split_symbol;  /* in formulas; else the name */
    const char *split_as_rows;           /* the formula of a known mistake in splitting: "reshape({0}, n, h, d_k)" */
    const char *heads;                   /* the setting that says how many */
    const char *cols, *cols_of_one_head; /* axis names */
};
extern const struct projection query_projection, key_projection, value_projection;

/* Record the weights, its bias where there is one, and X W + b: two steps with a bias, one without. `words` is
 * the step of X or memory. Returns the step of the result, [1, n, heads * d]. */
int record_projection(struct recorder *r, const struct projection *projection, int words, size_t heads);

/* Record [1, n, heads * d] -> [heads, n, d]. With one head there is nothing to share out: `whole` is returned.
 * With fewer than `all` heads, several of these share a plane, which is called a set. */
int record_split_heads(struct recorder *r, const struct projection *projection, int whole, size_t heads, size_t all);

/* ---- masks (mask.c): 1 keeps, 0 blocks ---- */

/* Record what the `mask` setting and the `mask` input say of scores with these row and column axes: the step that
 * holds the combined mask, or NO_STEP where nothing is masked. */
int record_mask(struct recorder *r, size_t heads, const struct axis *rows, const struct axis *cols);

/* Record an operand "causal_mask": 1 where column j may be seen by row i (j <= i), else 0. */
int record_causal(struct recorder *r, int scores);

/* ---- softmax, in four steps ---- */

/* The four: "row_max", "exponentials", "row_sums" and "weights". */
extern const struct step_spec row_max_step, exponentials_step, row_sums_step, weights_step;

/* Record them and return the last. The row's largest is taken off so that no exponential is too large; it cancels in
 * the quotient. Where softmax comes once for every word, t says for which, from 1, and the names end in its number
 * ("weights_3"); 0: it comes once. */
int record_softmax(struct recorder *r, int scores, size_t t);

/* ---- layer norm of every row (Ba, Kiros and Hinton 2016, section 3; eps 1e-5) ---- */

/* (x - mean) / sqrt(variance + eps) * gamma + beta: "mean_1", "variance_1", "standardised_1" and the result, with
 * inputs "gamma_1" and "beta_1". */
struct norm {
    const char *suffix;        /* "1" */
    const char *name, *symbol; /* of the result, whose texts are the variant of this name */
};
int record_norm(struct recorder *r, int x, const struct norm *norm);

/* x * gamma + beta, by these inputs: factors and summands of the columns of x. */
int record_affine(struct recorder *r, int x, const char *gamma, const char *beta, const struct step_spec *step);

/* ---- of layers (Vaswani et al. 2017, sections 3.1 and 3.3) ---- */

struct feed_forward {
    const char *name, *symbol;         /* of the result; the steps before are called after it: "ffn_wide", "ffn_bent" */
    const char *w_1, *b_1, *w_2, *b_2; /* inputs: [d_model, d_ff], [d_ff], [d_ff, d_model], [d_model] */
    enum op activation;                /* OP_RELU, OP_GELU, OP_SILU */
};

/* Record f(x W_1 + b_1) W_2 + b_2, which has the shape of x. */
int record_feed_forward(struct recorder *r, int x, const struct feed_forward *ffn);

/* Record before + result under this name ("residual_1"). */
int record_residual(struct recorder *r, int before, int result, const char *name, const char *symbol);

#endif
