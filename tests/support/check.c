#include "support/check.h"

#include "base/file.h"

#include <stdio.h>
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

const char *tests_path(const char *format, ...)
{
    static char paths[4][4096];
    static size_t turn;
    char *path = paths[turn++ % 4];
    const char *tests = getenv("QKV_TESTS");
    assert_non_null(tests);
    int n = snprintf(path, sizeof paths[0], "%s/", tests);
    va_list args;
    va_start(args, format);
    vsnprintf(path + n, sizeof paths[0] - (size_t)n, format, args);
    va_end(args);
    return path;
}

struct str tests_file(const char *name)
{
    struct str text = {0};
    assert_ok(file_read(tests_path("%s", name), 4 << 20, &text));
    return text;
}

void tests_unescape(const char *text, struct str *to)
{
    for (; *text; text++) {
        char byte = *text;
        if (byte == '\\' && text[1] == 'x') {
            byte = (char)strtoul((char[]){text[2], text[3], '\0'}, NULL, 16);
            text += 3;
        } else if (byte == '\\') {
            byte = *++text == 'n' ? '\n' : *text == 't' ? '\t' : *text;
        }
        str_addn(to, &byte, 1);
    }
}

/* The text's lines become rows of so many texts. */
static const char **cut_rows(char *text, size_t n_fields, size_t *ret_n)
{
    size_t lines = 1, n = 0;
    for (const char *at = text; (at = strchr(at, '\n')); at++)
        lines++;
    const char **fields = calloc(lines * n_fields, sizeof *fields);
    assert_non_null(fields);
    for (char *line = text, *next; *line; line = next) {
        next = line + strcspn(line, "\n");
        if (*next)
            *next++ = '\0';
        bool is_row = *line && *line != '#';
        for (size_t i = 0; is_row && i < n_fields; i++) {
            fields[n++] = line;
            line += strcspn(line, "\t");
            if (*line)
                *line++ = '\0';
        }
    }
    *ret_n = n / n_fields;
    return fields;
}

static void read_rows(struct test_entry *entry)
{
    entry->text = tests_file(entry->file);
    entry->rows = cut_rows(entry->text.v, entry->row_size / sizeof(char *), &entry->n_rows);
    assert_true(entry->n_rows > 0);
}

static void forget_rows(struct test_entry *entry)
{
    free((void *)entry->rows);
    str_finish(&entry->text);
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
    for (struct test_entry *entry = entries; entry; n += entry->n_rows, entry = entry->next)
        if (entry->file)
            read_rows(entry);
    struct CMUnitTest *tests = calloc(n + 1, sizeof *tests);
    struct started *started = calloc(n + 1, sizeof *started);
    int failed = 1;
    for (const struct test_entry *entry = entries; tests && started && entry; entry = entry->next)
        at += list_entry(entry, started + at, tests + at);
    if (at > 0)
        failed = _cmocka_run_group_tests("tests", tests, at, before_group, after_group);
    else
        print_error("there are no tests, or no memory for them\n");
    for (struct test_entry *entry = entries; entry; entry = entry->next)
        if (entry->file)
            forget_rows(entry);
    free(started);
    free(tests);
    return failed;
}
