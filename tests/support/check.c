#include "support/check.h"

#include <stdlib.h>

static struct test_entry *entries;
static void (*before_all)(void), (*after_all)(void), (*after_each)(void);

void test_enter(struct test_entry *entry)
{
    struct test_entry **at = &entries;
    while (*at && (*at)->line < entry->line)
        at = &(*at)->next;
    entry->next = *at;
    *at = entry;
}

void test_group(void (*before)(void), void (*after)(void))
{
    before_all = before;
    after_all = after;
}

void test_after_each(void (*after)(void))
{
    after_each = after;
}

/* What a test of cmocka is handed as its state. */
struct started {
    const struct test_entry *entry;
    const void *row;
};

static int call(void (*fixture)(void))
{
    if (fixture)
        fixture();
    return 0;
}

static void run_started(void **state)
{
    const struct started *s = *state;
    s->entry->run(s->row);
}

static int before_test(void **state)
{
    return call(((const struct started *)*state)->entry->before);
}

static int after_test(void **state)
{
    call(((const struct started *)*state)->entry->after);
    return call(after_each);
}

static int before_group(void **state)
{
    (void)state;
    return call(before_all);
}

static int after_group(void **state)
{
    (void)state;
    return call(after_all);
}

/* How many tests it is. */
static size_t list_entry(const struct test_entry *entry, struct started *started, struct CMUnitTest *tests)
{
    size_t n = 0;
    for (size_t i = 0; i < entry->n_rows; i++) {
        const char *row = entry->rows ? (const char *)entry->rows + i * entry->row_size : NULL, *name = entry->name;
        if (row)
            memcpy(&name, row + entry->name_offset, sizeof name);
        if (!name)
            continue;
        started[n] = (struct started){entry, row};
        tests[n] = (struct CMUnitTest){name, run_started, before_test, after_test, &started[n]};
        n++;
    }
    return n;
}

int test_run(void)
{
    size_t n = 0, at = 0;
    for (const struct test_entry *entry = entries; entry; entry = entry->next)
        n += entry->n_rows;
    struct CMUnitTest *tests = calloc(n + 1, sizeof *tests);
    struct started *started = calloc(n + 1, sizeof *started);
    int failed = 1;
    for (const struct test_entry *entry = entries; tests && started && entry; entry = entry->next)
        at += list_entry(entry, started + at, tests + at);
    if (at > 0)
        failed = _cmocka_run_group_tests("tests", tests, at, before_group, after_group);
    else
        print_error("there are no tests, or no memory for them\n");
    free(started);
    free(tests);
    return failed;
}
