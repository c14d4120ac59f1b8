/* normals.h: normally distributed numbers that come from a seed, to two decimals: what is shown is all there is. They are
 * kept: who reads the same lesson once more draws them once. The same on every machine. */
#ifndef QKV_LESSON_NORMALS_H
#define QKV_LESSON_NORMALS_H

#include "core/random.h"

/* So many numbers are kept at most, 32 MB, and always those that were asked for last. */
enum { NORMALS_MOST = 1 << 22 };

/* The mean and the standard deviation. */
struct spread {
    double middle, deviation;
};

/* The numbers of one seed so far. */
struct normals_row {
    uint64_t seed;
    struct spread spread;
    struct random next; /* where they go on */
    double *v;          /* owned */
    size_t n, capacity;
};

/* A zeroed one is empty. For one thread at a time. */
struct normals {
    struct normals_row *v; /* owned */
    size_t n, capacity;
    size_t numbers; /* of all of them */
};

/* The first n numbers of a seed; valid until the next call. NULL: no memory. */
const double *normals_from(struct normals *normals, uint64_t seed, struct spread spread, size_t n);

void normals_finish(struct normals *normals);

#endif
