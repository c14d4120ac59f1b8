#include "support/check.h"
#include "support/fail_alloc.h"

#include "base/str.h"

#include <stdlib.h>
#include <yaml.h>

TEST(the_nth_allocation_fails_and_only_that_one)
{
    void *got[3];
    fail_alloc_at(2);
    got[0] = malloc(8);
    got[1] = calloc(2, 8);
    got[2] = realloc(NULL, 8);
    long count = fail_alloc_count();
    fail_alloc_at(0);
    assert_non_null(got[0]);
    assert_null(got[1]);
    assert_non_null(got[2]);
    assert_int_equal(count, 3);
    free(got[0]);
    free(got[2]);
}

TEST(copies_of_texts_are_counted)
{
    fail_alloc_at(1);
    char *copy = strdup("text");
    char *part = strndup("text", 2);
    long count = fail_alloc_count();
    fail_alloc_at(0);
    assert_null(copy);
    assert_string_equal(part, "te");
    assert_int_equal(count, 2);
    free(part);
}

TEST(our_own_allocations_fail)
{
    OWN(str) text = {0};
    fail_alloc_at(1);
    str_add(&text, "text");
    long count = fail_alloc_count();
    fail_alloc_at(0);
    assert_true(text.failed);
    assert_int_equal(count, 1);
}

static int parser_starts(void)
{
    yaml_parser_t parser;
    int started = yaml_parser_initialize(&parser);
    if (started)
        yaml_parser_delete(&parser);
    return started;
}

TEST(every_allocation_of_a_library_fails_in_turn)
{
    fail_alloc_at(0);
    assert_true(parser_starts());
    long n = fail_alloc_count();
    assert_true(n > 3);
    for (long i = 1; i <= n; i++) {
        fail_alloc_at(i);
        int started = parser_starts();
        fail_alloc_at(0);
        if (started)
            fail_msg("allocation %ld of %ld did not fail", i, n);
    }
}
