/* case.h: tests that list themselves. TEST(the_fact_it_shows) { ... } is a test; RUN_TESTS at the file's end is main,
 * which runs them in the order in which they stand. */
#ifndef QKV_TESTS_CASE_H
#define QKV_TESTS_CASE_H

#include "support/check.h"

static struct CMUnitTest test_list[64];
static size_t n_tests;

/* A function that runs before main puts the test into the list. */
#define TEST(fact)                                                                                                     \
    static void fact(void **state);                                                                                    \
    __attribute__((constructor)) static void list_##fact(void)                                                         \
    {                                                                                                                  \
        assert_true(n_tests < sizeof test_list / sizeof test_list[0]);                                                 \
        test_list[n_tests++] = (struct CMUnitTest)cmocka_unit_test(fact);                                              \
    }                                                                                                                  \
    static void fact(__attribute__((unused)) void **state)

#define RUN_TESTS                                                                                                      \
    int main(void)                                                                                                     \
    {                                                                                                                  \
        return _cmocka_run_group_tests("tests", test_list, n_tests, NULL, NULL);                                       \
    }

#endif
