/* microscope.h: softmax of one row, step by step, with its entropy and the sums.
 *
 * It is computed as floating-point numbers have it: without the maximum subtracted, e^710 is infinite and
 * infinity divided by infinity is not a number (NaN). */
#ifndef QKV_LESSON_MICROSCOPE_H
#define QKV_LESSON_MICROSCOPE_H

#include "core/tape.h"

#include <stdint.h>

struct microscope_line {
    double score;    /* as given; -inf: blocked */
    double scaled;   /* score * factor / temperature */
    double exponent; /* scaled, less the row's largest, unless `raw` */
    double power;    /* e^exponent */
    double weight;   /* power / sum */
    bool shown;      /* by microscope_show; all at first */
};

struct microscope_how {
    double factor, temperature; /* finite, above 0 */
    bool raw;                   /* the row's largest is not subtracted */
};

struct microscope {
    struct microscope_line *lines; /* owned */
    size_t n;
    double largest, sum; /* of the scaled scores; of the powers */
    double weights;      /* the sum of the weights: 1, 0 where all is blocked, or NaN */
    double entropy;      /* bits: -sum of w log2 w */
    double effective;    /* 2^entropy: so many words with equal weights have that entropy; 0 where all is blocked */
    /* Of the lines that are not shown. */
    size_t rest;
    double rest_power, rest_weight;
};

/* A row whose scores are all -inf has weights 0 as on the tape; with `raw` they are 0 / 0, NaN.
 * Error: QKV_ERR_NOMEM; *ret is then empty. */
QKV_CHECKED struct qkv_err microscope_init(struct microscope *ret, const double scores[], size_t n,
                                           const struct microscope_how *how);
void microscope_finish(struct microscope *m);

/* Show only the `most` lines with the largest scores, of equals the first, and add up the rest. */
void microscope_show(struct microscope *m, size_t most);

/* The step whose rows go into the softmax nearest to step `near`; -1: there is no softmax and nothing in its place.
 * *ret_instead: NULL, or what the tape does with these scores in place of a softmax ("hard"). */
int microscope_find(const struct tape *tape, int near, const char **ret_instead);

/* Why scores are divided by sqrt(d_k), measured: as queries and keys get wider, q . k spreads, and softmax
 * puts all of its weight on one word.
 *
 * Components of q and k are random, with mean 0 and variance 1 (evenly spread between -sqrt(3) and sqrt(3)); then q . k
 * has mean 0 and variance d_k, and q . k / sqrt(d_k) has variance 1 (Vaswani et al. 2017, footnote 4). */
enum { SATURATION_POINTS = 7, SATURATION_QUERIES = 1000, SATURATION_KEYS = 8 };

/* Of so many queries with so many keys each. */
struct saturation {
    int d_k;                          /* 1, 2, 4, ... 64 */
    double variance, variance_scaled; /* of q . k, and of q . k / sqrt(d_k) */
    double largest, largest_scaled;   /* the mean over the queries of the largest weight of a softmax over their keys */
};

/* The same seed gives the same numbers. */
void saturation_measure(uint64_t seed, struct saturation ret[SATURATION_POINTS]);

/* With a fixed seed; measured by the first call. Not thread-safe. */
const struct saturation *saturation_known(void);

#endif
