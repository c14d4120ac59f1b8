/* saturation.h: why scores are divided by sqrt(d_k), measured: as queries and keys get wider, q . k spreads, and softmax
 * puts all of its weight on one word.
 *
 * Components of q and k are random, with mean 0 and variance 1 (evenly spread between -sqrt(3) and sqrt(3)); then q . k
 * has mean 0 and variance d_k, and q . k / sqrt(d_k) has variance 1 (Vaswani et al. 2017, footnote 4). */
#ifndef QKV_LESSON_SATURATION_H
#define QKV_LESSON_SATURATION_H

#include <stddef.h>
#include <stdint.h>

enum { SATURATION_POINTS = 7, SATURATION_QUERIES = 1000, SATURATION_KEYS = 8 };

/* Of so many queries with so many keys each. */
struct saturation {
    int d_k;                          /* 1, 2, 4, ... 64 */
    double variance, variance_scaled; /* of q . k, and of q . k / sqrt(d_k) */
    double largest, largest_scaled;   /* the mean over the queries of the largest weight of a softmax over their keys */
};

/* The same seed gives the same numbers. */
void saturation_measure(uint64_t seed, struct saturation ret[SATURATION_POINTS]);

/* With a fixed seed: measured when asked for first, and kept. Not for two threads at once. */
const struct saturation *saturation_known(void);

#endif
