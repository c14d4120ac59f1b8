/* guide_test.c: what README.md tells those who add an operation or a mechanism is so. */
#include "support/check.h"

#include "base/file.h"
#include "core/mechanism.h"

#include <stdio.h>
#include <stdlib.h>

enum { PATH_BYTES = 1024, FILE_BYTES_MAX = 1 << 20 };

/* A file of the source tree. */
static char *text_of(const char *name)
{
    char path[PATH_BYTES];
    struct str text = {0};
    assert_non_null(getenv("QKV_TESTS"));
    snprintf(path, sizeof path, "%s/../%s", getenv("QKV_TESTS"), name);
    assert_ok(file_read(path, FILE_BYTES_MAX, &text));
    char *copy = strdup(str_text(&text));
    assert_non_null(copy);
    str_finish(&text);
    return copy;
}

static void what_the_guide_quotes_stands_in_the_shortest_mechanism(void **state)
{
    (void)state;
    char *readme = text_of("README.md"), *source = text_of("src/core/mechanisms/block.c");
    int quotes = 0;
    for (char *at = readme; (at = strstr(at, "```c\n")); quotes++) {
        char *quote = at + 5, *end = strstr(quote, "```");
        assert_non_null(end);
        *end = '\0';
        if (!strstr(source, quote))
            fail_msg("block.c does not have this:\n%s", quote);
        at = end + 1;
    }
    assert_int_equal(quotes, 2);
    free(readme);
    free(source);
}

/* The files under src/ that name it as a word of its own, one a line. */
static void find_word(const char *word, char *ret, size_t size)
{
    char command[2 * PATH_BYTES];
    snprintf(command, sizeof command, "cd \"$QKV_TESTS\"/.. && grep -rlw %s src", word);
    FILE *grep = popen(command, "r");
    assert_non_null(grep);
    ret[fread(ret, 1, size - 1, grep)] = '\0';
    pclose(grep);
}

static void a_mechanism_touches_one_file_and_one_row(void **state)
{
    (void)state;
    char *table = text_of("src/core/meson.build");
    for (const struct mechanism *const *m = mechanism_table; *m; m++) {
        char word[PATH_BYTES], file[PATH_BYTES], found[PATH_BYTES];
        snprintf(word, sizeof word, "\n    '%s',\n", (*m)->name);
        if (!strstr(table, word))
            fail_msg("%s has no row in src/core/meson.build", (*m)->name);
        snprintf(word, sizeof word, "mechanism_%s", (*m)->name);
        find_word(word, found, sizeof found);
        snprintf(file, sizeof file, "src/core/mechanisms/%s.c\n", (*m)->name);
        assert_string_equal(found, file);
    }
    free(table);
}

/* Paths between backquotes, but for those with a NAME to be filled in. */
static void every_path_that_the_guide_names_is_there(void **state)
{
    (void)state;
    char *readme = text_of("README.md");
    int paths = 0;
    for (char *at = strstr(readme, "### Add an operation"); at && (at = strpbrk(at, "`")); at++) {
        size_t n = strcspn(++at, "`");
        if ((strncmp(at, "src/", 4) == 0 || strncmp(at, "tests/", 6) == 0) && !memchr(at, 'N', n)) {
            char path[PATH_BYTES];
            snprintf(path, sizeof path, "%s/../%.*s", getenv("QKV_TESTS"), (int)n, at);
            FILE *file = fopen(path, "r");
            if (!file)
                fail_msg("README.md names %.*s, which is not there", (int)n, at);
            fclose(file);
            paths++;
        }
        at += n;
    }
    assert_in_range(paths, 6, 99);
    free(readme);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_guide_quotes_stands_in_the_shortest_mechanism),
        cmocka_unit_test(a_mechanism_touches_one_file_and_one_row),
        cmocka_unit_test(every_path_that_the_guide_names_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
