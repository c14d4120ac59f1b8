/* sample.h: how much of what a test could enumerate it does: a sample that is the same every time, or all of it
 * where the environment has QKV_TEST_ALL=1, as under `./dev test --all`. */
#ifndef QKV_TESTS_SAMPLE_H
#define QKV_TESTS_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

static inline bool test_all(void)
{
    const char *all = getenv("QKV_TEST_ALL");
    return all && all[0] == '1';
}

/* Called with "i n", a program does every n-th of what it does, from the i-th: the parts run in parallel. */
static inline void test_part(int argc, char **argv, size_t *ret_part, size_t *ret_parts)
{
    *ret_part = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
    *ret_parts = argc == 3 ? strtoul(argv[2], NULL, 10) : 1;
}

/* Is the i-th of many among those that are done? One in `every` is. */
static inline bool sampled(size_t i, size_t every)
{
    return i % every == 0 || test_all();
}

#endif
