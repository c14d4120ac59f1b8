/* random.h: numbers that look random and are the same on every machine: splitmix64 (Steele, Lea, Flood 2014). */
#ifndef QKV_CORE_RANDOM_H
#define QKV_CORE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state; /* the seed, at first */
};

static inline uint64_t random_next(struct random *random)
{
    uint64_t z = (random->state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* In 0..1, without 1. */
static inline double random_share(struct random *random)
{
    return (double)(random_next(random) >> 11) / 9007199254740992.0; /* 53 bits: all that a double holds */
}

/* In 0..below-1. */
static inline size_t random_below(struct random *random, size_t below)
{
    return (size_t)(random_share(random) * (double)below);
}

#endif
