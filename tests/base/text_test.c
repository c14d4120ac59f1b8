/* Errors, texts and arrays: what err.h, str.h and array.h promise. */
#include "support/check.h"
#include "support/fail_alloc.h"

#include "base/array.h"
#include "base/err.h"
#include "base/str.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- what is UTF-8, and what a terminal may see ---- */

static const struct text_case {
    const char *name, *text;
    int wrong_at; /* -1: it is UTF-8 */
    const char *line, *lines;
} texts[] = {
    {"nothing", "", -1, "", ""},
    {"letters of one to four bytes stay", "a\u00e9\u20ac\U0001F600", -1, "a\u00e9\u20ac\U0001F600",
     "a\u00e9\u20ac\U0001F600"},
    {"the first and last characters of each length stay",
     "\x7E\xC2\xA0\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF4\x8F\xBF\xBF", -1,
     "\x7E\xC2\xA0\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF4\x8F\xBF\xBF",
     "\x7E\xC2\xA0\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF4\x8F\xBF\xBF"},
    {"an escape sequence is not obeyed", "a\x1b[31mb", -1, "a?[31mb", "a?[31mb"},
    {"neither is one that starts with U+009B",
     "a\xC2\x9B"
     "31mb",
     -1, "a?31mb", "a?31mb"},
    {"U+0080 and U+009F are controls", "\xC2\x80\xC2\x9F", -1, "??", "??"},
    {"delete, bell and backspace", "\x7F\a\b", -1, "???", "???"},
    {"lines and tabs", "a\n\tb\r", -1, "a  b?", "a\n\tb?"},
    {"a byte that continues nothing", "a\x80", 1, "a?", "a?"},
    {"a character that is cut off", "\xE2\x82", 0, "??", "??"},
    {"a character cut off by another", "\xE2\x82z", 0, "??z", "??z"},
    {"an overlong slash", "\xC0\xAF", 0, "??", "??"},
    {"an overlong euro", "\xF0\x82\x82\xAC", 0, "????", "????"},
    {"a surrogate", "x\xED\xA0\x80", 1, "x???", "x???"},
    {"above U+10FFFF", "\xF4\x90\x80\x80", 0, "????", "????"},
    {"bytes that start nothing", "\xFE\xFF", 0, "??", "??"},
};

TEST_ROWS(a_text_is_utf8_and_safe, texts, c)
{
    size_t at = 0;
    assert_int_equal(utf8_is_valid(c->text, strlen(c->text), &at), c->wrong_at < 0);
    assert_true(c->wrong_at < 0 || at == (size_t)c->wrong_at);
    OWN(str) s = {0};
    char line[64];
    snprintf(line, sizeof line, "%s", c->text);
    text_clean(line, false);
    assert_string_equal(line, c->line);
    str_add(&s, c->text);
    str_clean(&s, true);
    assert_string_equal(str_text(&s), c->lines);
    assert_int_equal(s.n, strlen(c->lines));
}

TEST(a_zero_byte_is_no_text)
{
    assert_false(utf8_is_valid("a\0b", 3, NULL));
}

/* ---- errors ---- */

TEST(an_error_holds_its_text_and_place)
{
    struct qkv_err err = qkv_err_at(3, 14, QKV_ERR_SHAPE, "%d columns, wanted %d", 2, 3);
    assert_int_equal(err.code, QKV_ERR_SHAPE);
    assert_int_equal(err.line, 3);
    assert_int_equal(err.column, 14);
    assert_string_equal(err.what, "2 columns, wanted 3");
    err = qkv_nomem("a lesson");
    assert_int_equal(err.code, QKV_ERR_NOMEM);
    assert_int_equal(err.line, 0);
    assert_string_equal(err.what, "no memory for a lesson");
    err = qkv_errf(QKV_ERR_IO, "no file '%s'", "a\x1b]0;x\a\xC2\x9B\nb");
    assert_string_equal(err.what, "no file 'a?]0;x?? b'");
}

/* Whatever the last character is, it is there or not. */
TEST(a_long_text_is_cut_at_a_character)
{
    static const char *const fill[] = {"a", "\u00e9", "\u20ac", "\U0001F600"};
    for (size_t kind = 0; kind < 4; kind++)
        for (size_t before = 0; before < 5; before++) {
            OWN(str) s = {0};
            for (size_t i = 0; i < before; i++)
                str_add(&s, "x");
            for (size_t i = 0; i < 300; i++)
                str_add(&s, fill[kind]);
            struct qkv_err err = qkv_errf(QKV_ERR_IO, "%s", s.v);
            size_t n = strlen(err.what);
            assert_true(utf8_is_valid(err.what, n, NULL));
            assert_memory_equal(err.what, s.v, n);
            assert_true(n < sizeof err.what && n + 8 > sizeof err.what);
        }
}

/* ---- texts ---- */

TEST(a_text_grows)
{
    struct str s = {0};
    assert_string_equal(str_text(&s), "");
    str_addn(&s, "abcd", 2);
    str_addf(&s, "%d-%s", 12, "x");
    str_add(&s, "");
    assert_string_equal(s.v, "ab12-x");
    assert_int_equal(s.n, 6);
    for (int i = 0; i < 1000; i++)
        str_add(&s, "0123456789");
    assert_int_equal(s.n, 10006);
    assert_int_equal(strlen(s.v), 10006);
    size_t capacity = s.capacity;
    str_clear(&s);
    assert_string_equal(str_text(&s), "");
    assert_int_equal(s.capacity, capacity);
    str_finish(&s);
    assert_null(s.v);
    str_finish(&s);
}

TEST(a_text_without_memory_says_so_and_stays_readable)
{
    OWN(str) s = {0};
    str_add(&s, "kept");
    char long_text[100];
    memset(long_text, 'x', sizeof long_text);
    fail_alloc_at(1);
    str_addn(&s, long_text, sizeof long_text);
    fail_alloc_at(0);
    str_add(&s, "y");
    str_addf(&s, "%d", 1);
    assert_true(s.failed);
    assert_string_equal(s.v, "kept");
    str_clear(&s);
    assert_false(s.failed);
    str_add(&s, "again");
    assert_string_equal(s.v, "again");
}

static const struct {
    double number;
    const char *text;
} numbers[] = {{0, "0"},
               {-0.0, "-0"},
               {0.1, "0.1"},
               {1e300, "1e+300"},
               {1.0 / 3, "0.3333333333333333"},
               {0.1 + 0.2, "0.30000000000000004"},
               {-INFINITY, "-inf"},
               {DBL_MAX, "1.7976931348623157e+308"},
               {5e-324, "4.94065645841247e-324"}};

TEST_ROWS_BY(a_number_is_short_and_read_back_the_same, numbers, c, text)
{
    OWN(str) s = {0};
    str_add_number(&s, c->number);
    assert_string_equal(s.v, c->text);
    double back = strtod(s.v, NULL);
    assert_memory_equal(&back, &c->number, sizeof back);
}

/* ---- arrays ---- */

TEST(an_array_grows_with_zeros_or_stays)
{
    long *v = NULL;
    size_t capacity = 0;
    assert_true(array_reserve(&v, &capacity, 0, sizeof *v));
    assert_null(v);
    for (size_t n = 1; n < 1000; n++) {
        assert_true(array_reserve(&v, &capacity, n, sizeof *v));
        assert_true(capacity >= n);
        assert_int_equal(v[n - 1], 0);
        v[n - 1] = (long)n;
    }
    for (size_t n = 1; n < 1000; n++)
        assert_int_equal(v[n - 1], n);
    const long *before = v;
    const size_t had = capacity, too_many[] = {SIZE_MAX, SIZE_MAX / 2 + 2, SIZE_MAX / sizeof *v + 1};
    for (size_t i = 0; i < 3; i++)
        assert_false(array_reserve(&v, &capacity, too_many[i], sizeof *v));
    fail_alloc_at(1);
    assert_false(array_reserve(&v, &capacity, had + 1, sizeof *v));
    fail_alloc_at(0);
    assert_ptr_equal(v, before);
    assert_int_equal(capacity, had);
    free(v);
}

TEST(an_array_of_zeros_is_zeros_however_large)
{
    static const size_t sizes[] = {1, 4096, 4 * 1024 * 1024, 9 * 1024 * 1024 + 3};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (int again = 0; again < 2; again++) { /* the second is what the first was */
            unsigned char *v = array_zeros(sizes[i], 1), seen = 0;
            assert_non_null(v);
            for (size_t k = 0; k < sizes[i]; k++)
                seen |= v[k];
            assert_int_equal(seen, 0);
            memset(v, 1, sizes[i]);
            free(v);
        }
}

TEST(an_arena_gives_zeros_until_it_is_freed)
{
    struct arena arena = {0};
    char *made[300];
    for (size_t i = 0; i < 300; i++) {
        const unsigned char *bytes = arena_array(&arena, i * 7, 11);
        assert_non_null(bytes);
        for (size_t k = 0; k < i * 77; k++)
            assert_int_equal(bytes[k], 0);
        double *aligned = arena_array(&arena, 3, sizeof *aligned);
        assert_int_equal((uintptr_t)aligned % sizeof(double), 0);
        memset(aligned, 0xFF, 3 * sizeof *aligned);
        made[i] = arena_text(&arena, "some text", i % 9);
    }
    for (size_t i = 0; i < 300; i++)
        assert_true(strlen(made[i]) == i % 9 && strncmp(made[i], "some text", i % 9) == 0);
    assert_null(arena_array(&arena, SIZE_MAX / 4, 8));
    fail_alloc_at(1);
    void *none = arena_array(&arena, 100000, 1);
    fail_alloc_at(0);
    assert_null(none);
    assert_non_null(arena_text(&arena, "", 0));
    arena_finish(&arena);
    assert_null(arena.blocks);
    arena_finish(&arena);
}

/* ---- what an unknown name may have been meant as ---- */

static const struct near_case {
    const char *text, *want;
} near[] = {
    {"casual", "; did you mean 'causal'?"},
    {"causla", "; did you mean 'causal'?"},
    {"windo", "; did you mean 'window:W'?"},
    {"none", "; did you mean 'none'?"},
    {"dad", "; did you mean 'add'?"},
    {"odd", "; did you mean 'add'?"},
    {"oda", "; there are none, causal, window:W, add"},
    {"x", "; there are none, causal, window:W, add"},
    {"", "; there are none, causal, window:W, add"},
    {"completely", "; there are none, causal, window:W, add"},
};

TEST_ROWS_BY(the_nearest_word_is_the_one_a_slip_away, near, c, text)
{
    const char *const names[] = {"none", "causal", "window:W", "add"};
    assert_string_equal(hint_near(c->text, names, 4).text, c->want);
}

TEST(a_large_block_of_an_arena_that_ended_is_used_again_and_holds_zeros_where_they_are_wanted)
{
    enum { CELLS = 1 << 18 };
    struct arena first = {0}, second = {0}, third = {0};
    double *v = arena_array(&first, CELLS, sizeof *v);
    assert_non_null(v);
    for (size_t i = 0; i < CELLS; i++)
        v[i] = 1;
    arena_finish(&first);
    double *again = arena_space(&second, CELLS, sizeof *again);
    assert_ptr_equal(again, v);
    arena_finish(&second);
    double *zeros = arena_array(&third, CELLS, sizeof *zeros);
    for (size_t i = 0; i < CELLS; i++)
        assert_true(zeros[i] == 0);
    arena_finish(&third);
}
