/* random.h: numbers that look random and are the same on every machine: splitmix64 (Steele, Lea, Flood 2014). */
#ifndef QKV_CORE_RANDOM_H
#define QKV_CORE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state; /* the seed, at first */
};

uint64_t random_next(struct random *random);

/* In 0..1, without 1. */
double random_share(struct random *random);

/* In 0..below-1. */
size_t random_below(struct random *random, size_t below);

#endif
