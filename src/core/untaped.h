/* untaped.h: one head of attention in six ways, computed without a tape: only what a way itself needs is held, so that
 * its time can be measured for lengths whose steps would not fit into memory.
 *
 * The result is that of the mechanism with the same settings, up to rounding, and the operations are those that its tape
 * counts (costs.h) from queries, keys and values on. Sources: Vaswani et al. 2017 (softmax); Dao et al. 2022 (tiles);
 * Beltagy et al. 2020 (window); Wang et al. 2020 (low rank); Katharopoulos et al. 2020 (linear); Shazeer 2019 (cached).
 * Pure: no clock, files or globals. */
#ifndef QKV_CORE_UNTAPED_H
#define QKV_CORE_UNTAPED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum untaped {
    UNTAPED_SOFTMAX,  /* softmax(Q K^T / sqrt(d)) V, the n x n scores all at once */
    UNTAPED_TILES,    /* the same in tiles of UNTAPED_TILE keys, with a running maximum and sum */
    UNTAPED_WINDOW,   /* the same, each query with the keys up to UNTAPED_WINDOW_EACH to either side alone */
    UNTAPED_LOW_RANK, /* the same with E K and F V of UNTAPED_RANK rows in place of K and V */
    UNTAPED_LINEAR,   /* phi(Q) (phi(K)^T V) / (phi(Q) sum phi(K) + 1e-6), phi(x) = elu(x) + 1 */
    UNTAPED_CACHED,   /* causal: a query at a time, with its own key and those before it, which are kept */
    UNTAPED_COUNT
};
enum { UNTAPED_TILE = 64, UNTAPED_WINDOW_EACH = 32, UNTAPED_RANK = 64 };

/* Queries, keys and values [n, d]. Of low rank also mix_keys and mix_values [n, UNTAPED_RANK]: E and F, transposed. */
struct untaped_input {
    size_t n, d;
    const double *q, *k, *v;
    const double *mix_keys, *mix_values;
};

/* How many numbers a way works in, beside its input and its result. */
size_t untaped_work(enum untaped way, size_t n, size_t d);

/* Compute the result [n, d] in `work`, which holds untaped_work() numbers. False: *cancel became true before the end;
 * it may be NULL. It is looked at every few milliseconds. */
bool untaped_run(enum untaped way, const struct untaped_input *in, const atomic_bool *cancel, double *work,
                 double *result);

/* How many operations it takes, counted as struct op_cost does. Of a window only pairs that are open count. */
double untaped_operations(enum untaped way, size_t n, size_t d);

#endif
