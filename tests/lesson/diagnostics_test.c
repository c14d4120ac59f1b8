/* What is wrong with a file: found, at its line and column, in words that help. */
#include "support/check.h"

#include "lesson/lesson.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TOP    "title: t\nsummary: s\nsentence: The cat sat\n"
#define GLASS  "weights: {source: glass, heads: [pronoun]}\n"
#define SCRIPT TOP GLASS "script:\n"

/* What a name behind a $ in the table stands for; none is the beginning of another. */
static const char *const beginnings[][2] = {{"TOP", TOP},
                                            {"GLASS", GLASS},
                                            {"WHOLE", TOP GLASS},
                                            {"SCRIPT", SCRIPT},
                                            {"SEQUENCE", "title: t\nsummary: s\nsentence: "},
                                            {"DRAWN", "weights: {source: random, seed: 1}\n"},
                                            {"SEEN", "weights: {source: random, seed: 1, X: "},
                                            {"BESIDE", TOP GLASS "beside: {label: other, "}};

static void write_file(const char *text, struct str *ret)
{
    OWN(str) written = {0};
    while (*text) {
        size_t n = strcspn(text, "$"), i = 0;
        str_addn(&written, text, n);
        text += n;
        if (!*text)
            break;
        while (strncmp(text + 1, beginnings[i][0], strlen(beginnings[i][0])) != 0)
            assert_true(++i < sizeof beginnings / sizeof beginnings[0]);
        str_add(&written, beginnings[i][1]);
        text += 1 + strlen(beginnings[i][0]);
    }
    tests_unescape(str_text(&written), ret);
}

struct diagnostic_case {
    const char *name, *text;
    const char *place; /* of the diagnostic wanted, which need not be the first */
    const char *kind, *says;
};

TEST_TABLE(a_diagnostic_has_its_place_and_its_words, diagnostic_case, "lesson/diagnostics.tsv", c, name)
{
    static const char *const kinds[] = {
        [QKV_ERR_IO] = "IO",         [QKV_ERR_SYNTAX] = "SYNTAX", [QKV_ERR_SHAPE] = "SHAPE",
        [QKV_ERR_DOMAIN] = "DOMAIN", [QKV_ERR_LIMIT] = "LIMIT",
    };
    OWN(lesson) lesson = {0};
    OWN(str) text = {0}, told = {0};
    struct diagnostics diagnostics = {0};
    write_file(c->text, &text);
    struct qkv_err err = lesson_parse("case", str_text(&text), text.n, NULL, &lesson, &diagnostics);
    assert_int_not_equal(err.code, QKV_OK);
    for (size_t i = 0; i < diagnostics_kept(&diagnostics); i++) {
        const struct qkv_err *f = &diagnostics.v[i];
        char place[32];
        snprintf(place, sizeof place, "%d:%d", f->line, f->column);
        str_addf(&told, "%s: %s: %s\n", place, kinds[f->code], f->what);
        if (strcmp(place, c->place) == 0 && strcmp(kinds[f->code], c->kind) == 0 && strstr(f->what, c->says))
            return;
    }
    fail_msg("%swanted %s: %s: %s", str_text(&told), c->place, c->kind, c->says);
}

TEST(a_picture_of_more_patches_than_words_fit_is_refused)
{
    static const char text[] = "title: t\nsummary: s\nsentence: {image: score.png, patch: 8}\n"
                               "weights: {source: random, seed: 1}\n";
    const struct lesson_options options = {.folder = tests_path("../assets/pictures")}; /* 1280 x 800 pixels */
    OWN(lesson) lesson = {0};
    struct qkv_err err = lesson_parse("case", text, sizeof text - 1, &options, &lesson, NULL);
    assert_error(err, QKV_ERR_LIMIT, "this makes 16000 parts; 1 to 4096 can be walked");
    assert_int_equal(err.line, 3);
}

TEST(all_diagnostics_of_a_file_are_told_in_the_order_of_its_lines)
{
    static const char text[] =
        "titel: t\nsentence: The cat sat\nsettings: {mask: casual}\n" GLASS "script:\n  - {at: scores, say: '**x'}\n";
    struct lesson lesson = {0};
    struct diagnostics diagnostics = {0};
    assert_error(lesson_parse("case", text, strlen(text), NULL, &lesson, &diagnostics), QKV_ERR_DOMAIN, "titel");
    assert_int_equal(diagnostics.n, 5);
    for (size_t i = 1; i < diagnostics.n; i++)
        assert_true(diagnostics.v[i].line >= diagnostics.v[i - 1].line);
    assert_int_equal(diagnostics.v[4].line, 6);
}

TEST(more_diagnostics_than_fit_are_counted)
{
    struct diagnostics diagnostics = {0};
    for (int i = 0; i < 40; i++)
        diagnostics_add(&diagnostics, qkv_err_at(40 - i, 1, QKV_ERR_SYNTAX, "x"));
    assert_int_equal(diagnostics.n, 40);
    assert_int_equal(diagnostics_kept(&diagnostics), LESSON_DIAGNOSTICS_MAX);
    assert_int_equal(diagnostics.v[0].line, 9);
}

/* Texts that libyaml alone would take seconds for, or that would take all memory. */
static const char *const nasty[] = {"{",     "[",        "{a: ", "[[],",   "- ",     "? ",         "a: ",    "- - ",
                                    "\"",    "'",        "|\n ", ">\n  ",  "#",      "# [\n",      "%",      "&a ",
                                    "*a ",   "!a ",      "a\n",  "a: b\n", "- a\n",  ",",          "}",      "]",
                                    ": ",    "\n",       " ",    "\t",     "[a, ",   "{a: b, ",    "a: [\n", "---\n",
                                    "...\n", "\xC3\xA9", "\\",   "- {}\n", "- []\n", "x: |\n  y\n"};

TEST(a_quarter_megabyte_of_anything_is_judged_within_half_a_second)
{
    char *text = malloc(LESSON_BYTES_MAX + 16);
    double worst = 0;
    const char *slowest = "";
    for (size_t i = 0; text && i < sizeof nasty / sizeof nasty[0]; i++) {
        size_t step = strlen(nasty[i]), n = 0;
        for (; n + step <= LESSON_BYTES_MAX; n += step)
            memcpy(text + n, nasty[i], step);
        OWN(lesson) lesson = {0};
        clock_t start = clock();
        struct qkv_err err = lesson_parse("nasty", text, n, NULL, &lesson, NULL);
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        assert_true(err.code || lesson.title);
        if (seconds > worst) {
            worst = seconds;
            slowest = nasty[i];
        }
    }
    free(text);
    print_message("the slowest took %.0f ms: %s\n", worst * 1000, slowest);
    assert_true(worst < 0.5);
}

TEST(a_file_that_is_too_large_is_not_read)
{
    char *text = calloc(LESSON_BYTES_MAX + 1, 1);
    assert_non_null(text);
    memset(text, ' ', LESSON_BYTES_MAX + 1);
    struct lesson lesson = {0};
    struct qkv_err err = lesson_parse("large", text, LESSON_BYTES_MAX + 1, NULL, &lesson, NULL);
    free(text);
    assert_error(err, QKV_ERR_LIMIT, "at most 262144");
}

/* Bytes from a fixed seed: every run tries the same ones. */
TEST(random_bytes_and_broken_lessons_never_crash)
{
    static const char good[] = SCRIPT "  - {at: scores, cell: [cat, sat], say: 'the **{Q}** of it', try: look}\n";
    unsigned long seed = 12345;
    for (int round = 0; round < 2000; round++) {
        char text[sizeof good];
        memcpy(text, good, sizeof good);
        for (int change = 0; change < 1 + round % 6; change++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            size_t at = (size_t)(seed >> 33) % (sizeof good - 1);
            static const char pieces[] = "{}[]:-,'\"*&!#|>\n\t %@`~?\\a1\xC3\xFF";
            text[at] = round % 2 ? pieces[(seed >> 20) % (sizeof pieces - 1)] : (char)(seed >> 24);
        }
        OWN(lesson) lesson = {0};
        struct diagnostics diagnostics;
        struct qkv_err err = lesson_parse("random", text, sizeof good - 1, NULL, &lesson, &diagnostics);
        assert_int_equal(err.code != QKV_OK, diagnostics.n > 0);
    }
}
