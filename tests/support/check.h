/* check.h: what every test includes: cmocka, the checks it lacks, and how tests are declared.
 *
 *     TEST(the_name_is_the_fact)
 *     {
 *         assert_int_equal(1 + 1, 2);
 *     }
 *
 * A test is entered into its program's list where it is defined; nothing else names it. The list has no fixed
 * length. Tests run in the order of the file. A program that defines no main of its own has the one of check_main.c. */
#ifndef QKV_TESTS_CHECK_H
#define QKV_TESTS_CHECK_H

/* cmocka.h wants these four before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "support/own.h"

#include <math.h>

/* cmocka's own assert_float_equal rounds both sides to float. Equal infinities are close; NaN is close to nothing. */
#define assert_close(got, want, tolerance)                                                                             \
    do {                                                                                                               \
        double got_ = (got), want_ = (want);                                                                           \
        if (!(got_ == want_ || fabs(got_ - want_) <= (tolerance)))                                                     \
            fail_msg("%s is %.17g, wanted %.17g within %g", #got, got_, want_, (double)(tolerance));                   \
    } while (0)

#define assert_ok(call)                                                                                                \
    do {                                                                                                               \
        struct qkv_err err_ = (call);                                                                                  \
        if (err_.code)                                                                                                 \
            fail_msg("%s: %d:%d: %s", #call, err_.line, err_.column, err_.what);                                       \
    } while (0)

/* The call must fail with this code and a message that holds this text. */
#define assert_error(call, wanted_code, wanted_text)                                                                   \
    do {                                                                                                               \
        struct qkv_err err_ = (call);                                                                                  \
        if (err_.code != (wanted_code) || !strstr(err_.what, (wanted_text)))                                           \
            fail_msg("%s: code %d, \"%s\"; wanted code %d and \"%s\"", #call, (int)err_.code, err_.what,               \
                     (int)(wanted_code), (wanted_text));                                                               \
    } while (0)

#include <string.h>

/* One test, or one for each row of a table. The fixtures may be NULL. */
struct test_entry {
    const char *name;             /* of rows: NULL, each has its own */
    void (*run)(const void *row); /* its row, or NULL */
    void (*before)(void), (*after)(void);
    const void *rows;
    const char *file; /* that the rows are read from, in tests/; NULL: none */
    struct str text;  /* of the file */
    size_t n_rows, row_size, name_offset;
    int line; /* where it stands in the file: constructors run in no order that a compiler promises */
    struct test_entry *next;
};

void test_enter(struct test_entry *entry);

/* The path of a file of tests/, until the fourth call from now; and all of such a file, which the caller finishes. */
const char *tests_path(const char *format, ...) QKV_PRINTF(1, 2);
struct str tests_file(const char *name);

/* Add a text of a table with its escapes: \n, \t and \xE9 become the bytes that they stand for. */
void tests_unescape(const char *text, struct str *to);

/* Run all that was entered, between the group's fixtures. Returns how many failed. */
int test_run(void);

#define TEST(test) TEST_WITH(test, NULL, NULL)

/* With what is done before and after it, each a function without parameters or NULL. */
#define TEST_WITH(test, before_it, after_it)                                                                           \
    static void test(void);                                                                                            \
    static void test##_run(const void *row)                                                                            \
    {                                                                                                                  \
        (void)row;                                                                                                     \
        test();                                                                                                        \
    }                                                                                                                  \
    TEST_ENTER(test, .name = #test, .n_rows = 1, .before = (before_it), .after = (after_it))                           \
    static void test(void)

/* A test for each row of an array of structs that have a member `name`; `row` points at it in the body. Rows without a
 * name are none: a table may be filled before the tests are run. */
#define TEST_ROWS(test, table, row) TEST_ROWS_BY(test, table, row, name)

/* The rows are named by another text of theirs; and with what is done before and after each. */
#define TEST_ROWS_BY(test, table, row, by) TEST_ROWS_WITH(test, table, row, by, NULL, NULL)
#define TEST_ROWS_WITH(test, table, row, by, before_it, after_it)                                                      \
    static void test(const __typeof__((table)[0]) *row);                                                               \
    static void test##_run(const void *any)                                                                            \
    {                                                                                                                  \
        test(any);                                                                                                     \
    }                                                                                                                  \
    TEST_ENTER(test, .rows = (table), .n_rows = sizeof(table) / sizeof(table)[0], .row_size = sizeof(table)[0],        \
               .name_offset = offsetof(__typeof__((table)[0]), by), .before = (before_it), .after = (after_it))        \
    static void test(const __typeof__((table)[0]) *row)

/* A test for each row of a file: its fields, which tabs part, are the members of the struct, all of them texts. Fields
 * that are missing are empty; empty lines and those that begin with # are no rows. */
#define TEST_TABLE(test, type, table, row, by)                                                                         \
    static void test(const struct type *row);                                                                          \
    static void test##_run(const void *any)                                                                            \
    {                                                                                                                  \
        test(any);                                                                                                     \
    }                                                                                                                  \
    TEST_ENTER(test, .file = (table), .row_size = sizeof(struct type), .name_offset = offsetof(struct type, by))       \
    static void test(const struct type *row)

/* What is done before the program's first test and after its last; either may be NULL. */
#define TEST_GROUP(before_all, after_all)                                                                              \
    __attribute__((constructor)) static void test_group_enter(void)                                                    \
    {                                                                                                                  \
        test_group(before_all, after_all);                                                                             \
    }
void test_group(void (*before)(void), void (*after)(void));

/* What is done after every test, its own fixtures included, however it ended. */
#define TEST_AFTER_EACH(after_it)                                                                                      \
    __attribute__((constructor)) static void test_after_each_enter(void)                                               \
    {                                                                                                                  \
        test_after_each(after_it);                                                                                     \
    }
void test_after_each(void (*after)(void));

#define TEST_ENTER(test, ...)                                                                                          \
    __attribute__((constructor)) static void test##_enter(void)                                                        \
    {                                                                                                                  \
        static struct test_entry entry = {.run = test##_run, .line = __LINE__, __VA_ARGS__};                           \
        test_enter(&entry);                                                                                            \
    }

#endif
