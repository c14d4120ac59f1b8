/* Wherever memory runs out while a lesson is opened, that is said, nothing leaks, and the next time it opens. */
#include "support/check.h"
#include "support/fail_alloc.h"

#include "lesson/lesson.h"

#include <stdio.h>
#include <stdlib.h>

/* What a lesson amounts to, to see that one is whole. */
struct size {
    size_t words, steps, stops;
};

static struct qkv_err open_and_close(const char *name, const struct lesson_options *options, struct size *ret)
{
    struct lesson lesson = {0};
    struct qkv_err err = lesson_open(name, options, &lesson, NULL);
    *ret = (struct size){lesson.words.n, lesson.tape.n, lesson.n_stops};
    lesson_finish(&lesson);
    return err;
}

static void each_allocation_fails_once(const char *name, const struct lesson_options *options)
{
    struct size whole, size;
    fail_alloc_at(0);
    assert_ok(open_and_close(name, options, &whole));
    long allocations = fail_alloc_count();
    print_message("%s: %ld allocations\n", name, allocations);
    assert_true(allocations > 20);
    for (long n = 1; n <= allocations; n++) {
        fail_alloc_at(n);
        struct qkv_err err = open_and_close(name, options, &size);
        fail_alloc_at(0);
        /* utf8proc does without the memory when it only wanted to give some back; then the lesson must be whole. */
        bool made_do = !err.code && memcmp(&size, &whole, sizeof size) == 0;
        if (err.code != QKV_ERR_NOMEM && !made_do)
            fail_msg("allocation %ld of %ld failed, but opening says: %s (%d)", n, allocations, err.what,
                     (int)err.code);
    }
    assert_ok(open_and_close(name, options, &size));
}

static void a_built_in_lesson(void **state)
{
    (void)state;
    each_allocation_fails_once("several-heads", NULL);
}

static void a_sentence_of_ones_own(void **state)
{
    (void)state;
    each_allocation_fails_once("one-head", &(struct lesson_options){.sentence = "Every café’s zorgle 睡着了!"});
}

static void a_file_with_numbers(void **state)
{
    char path[4096];
    (void)state;
    assert_non_null(getenv("QKV_TESTS"));
    snprintf(path, sizeof path, "%s/fuzz/corpus/lesson/numbers.yaml", getenv("QKV_TESTS"));
    each_allocation_fails_once(path, NULL);
}

static void a_file_with_random_weights(void **state)
{
    char path[4096];
    (void)state;
    assert_non_null(getenv("QKV_TESTS"));
    snprintf(path, sizeof path, "%s/fuzz/corpus/lesson/random.yaml", getenv("QKV_TESTS"));
    each_allocation_fails_once(path, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_built_in_lesson),
        cmocka_unit_test(a_sentence_of_ones_own),
        cmocka_unit_test(a_file_with_numbers),
        cmocka_unit_test(a_file_with_random_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
