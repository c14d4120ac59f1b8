#include "core/random.h"

uint64_t random_next(struct random *random)
{
    uint64_t z = (random->state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

double random_share(struct random *random)
{
    return (double)(random_next(random) >> 11) / 9007199254740992.0; /* 53 bits: all that a double holds */
}

size_t random_below(struct random *random, size_t below)
{
    return (size_t)(random_share(random) * (double)below);
}
