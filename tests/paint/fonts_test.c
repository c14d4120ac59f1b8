#include "support/check.h"

#include "paint/sketch.h"

#include "paint/atlas.h"
#include "paint/fonts.h"

#include <stdio.h>
#include <stdlib.h>

static float width(enum face face, float size, const char *text)
{
    struct measure measure = fonts_measure(the_fonts);
    return measure.width(measure.context, face, size, text, strlen(text));
}

/* ---- measuring ---- */

TEST(widths_add_up)
{
    static const char *const texts[][3] = {{"The", "cat", "sat"}, {"AV", "To", "j"},      {"Which", "word’s", "it?"},
                                           {"x", "√2", "中文"},   {"-0.31", "+", "1.27"}, {"सलाम", "שלום", "سلام"}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (int face = 0; face < FACE_COUNT; face++)
            for (float size = 9; size < 40; size += 6.5f) {
                char whole[64];
                snprintf(whole, sizeof whole, "%s %s  %s", texts[i][0], texts[i][1], texts[i][2]);
                float sum = 3 * width((enum face)face, size, " ");
                for (int word = 0; word < 3; word++)
                    sum += width((enum face)face, size, texts[i][word]);
                assert_close((double)width((enum face)face, size, whole), (double)sum, 0.2);
            }
}

TEST(digits_of_a_monospaced_face_are_equally_wide_whole_pixels)
{
    for (int face = FACE_MONO; face <= FACE_MONO_BOLD; face++)
        for (float size = 8; size <= 30; size++) {
            float one = width((enum face)face, size, "0");
            assert_close((double)one, round((double)one), 0);
            assert_true(one > 0.4f * size && one < 0.8f * size);
            assert_close((double)width((enum face)face, size, "-12.34+5"), 8 * (double)one, 0);
            assert_close((double)width((enum face)face, size, "-1 1"), 4 * (double)one, 0);
        }
}

TEST(width_grows_with_size)
{
    float before = 0;
    for (float size = 1; size <= FONT_PX_MAX; size *= 1.5f) {
        float now = width(FACE_SANS, size, "The animal didn’t cross");
        assert_true(now >= before);
        before = now;
    }
    /* Widths are those of the outlines, not of rounded letters. */
    assert_close((double)width(FACE_SANS, 15, "animal") * 2, (double)width(FACE_SANS, 30, "animal"), 0.2);
}

TEST(sizes_out_of_reach_are_brought_within_it)
{
    assert_close((double)width(FACE_SANS, 1e9f, "x"), (double)width(FACE_SANS, FONT_PX_MAX, "x"), 0);
    assert_close((double)width(FACE_SANS, NAN, "x"), (double)width(FACE_SANS, 1, "x"), 0);
    assert_close((double)width(FACE_SANS, -3, "x"), (double)width(FACE_SANS, 1, "x"), 0);
    assert_close((double)width(FACE_SANS, 15.4f, "x"), (double)width(FACE_SANS, 15, "x"), 0);
    assert_close((double)width(FACE_SANS, 15, ""), 0, 0);
}

TEST(many_sizes_and_texts_do_not_pile_up)
{
    float before = width(FACE_SANS, 15, "because");
    for (float size = 5; size < 60; size++)
        for (int face = 0; face < FACE_COUNT; face++)
            width((enum face)face, size, "word");
    assert_true(the_fonts->n_open <= FONT_OPEN_MAX);
    for (int i = 0; i < LINES_MAX + 100; i++) {
        char number[32];
        snprintf(number, sizeof number, "%d", i);
        width(FACE_MONO, 14, number);
    }
    assert_true(the_fonts->lines.n <= LINES_MAX);
    assert_close((double)width(FACE_SANS, 15, "because"), (double)before, 0);
}

/* ---- runs ---- */

static const struct line *line_of(enum face face, float size, const char *text)
{
    const struct line *line = fonts_line(the_fonts, face, size, text, strlen(text));
    assert_non_null(line);
    return line;
}

/* Does any outline font of this system have the character? */
static bool system_has(uint32_t character)
{
    FcPattern *pattern = FcPatternCreate();
    FcCharSet *set = FcCharSetCreate();
    FcCharSetAddChar(set, character);
    FcPatternAddCharSet(pattern, FC_CHARSET, set);
    FcPatternAddBool(pattern, FC_SCALABLE, FcTrue);
    FcPatternAddBool(pattern, FC_COLOR, FcFalse);
    FcFontSet *found = FcFontList(the_fonts->config, pattern, NULL);
    bool has = found && found->nfont > 0;
    FcFontSetDestroy(found);
    FcCharSetDestroy(set);
    FcPatternDestroy(pattern);
    return has;
}

TEST(a_character_that_some_font_has_is_found)
{
    static const struct {
        uint32_t character;
        const char *text;
    } scripts[] = {{'e', "the"},     {0x4E2D, "中文"},  {0x3042, "あ"},  {0xD55C, "한국어"}, {0x0633, "سلام"},
                   {0x05E9, "שלום"}, {0x0939, "हिन्दी"}, {0x0E44, "ไทย"}, {0x221A, "√"},      {0x1D4D0, "𝓐"}};
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++)
        for (int face = 0; face < FACE_COUNT; face++) {
            const struct line *line = line_of((enum face)face, 16, scripts[i].text);
            for (size_t run = 0; run < line->n; run++)
                if (line->runs[run].file < 0 && system_has(scripts[i].character))
                    fail_msg("%s has no font in face %d", scripts[i].text, face);
            assert_true(line->width > 0);
        }
    assert_true(system_has('e'));
}

TEST(what_nobody_has_is_a_box)
{
    const struct line *line = line_of(FACE_SANS, 16, "a\xEE\x88\xB4z"); /* U+E234, private use */
    bool boxed = system_has(0xE234);
    for (size_t i = 0; i < line->n; i++)
        boxed = boxed || (line->runs[i].file == -1 && line->runs[i].w > 0);
    assert_true(boxed);
}

TEST(any_bytes_can_be_measured)
{
    /* More marks on a letter than are looked at. */
    static const char stacked[] = "e\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030A\u030B\u030C"
                                  "\u030D\u030E\u030F\u0310\u0311\u0312\u0313";
    static const char *const texts[] = {"\xff\xfe", "\xC3",  "a\xE2\x82",    "\xED\xA0\x80", "👩‍👩‍👧 😀",
                                        "\u200D",   stacked, "\a\b\n\t\x7f", "\uFEFF",       "\u202Eabc"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (int face = 0; face < FACE_COUNT; face++) {
            const struct line *line = line_of((enum face)face, 16, texts[i]);
            assert_true(line->width >= 0 && line->width < 400);
        }
    assert_close((double)width(FACE_SANS, 16, "\u200B"), 0, 0);
    assert_close((double)width(FACE_SANS, 16, "\n"), (double)width(FACE_SANS, 16, " "), 0);
}

TEST(pieces_cover_the_text_without_gaps_and_fit_the_atlas)
{
    char text[4096] = "";
    while (strlen(text) < 4000)
        strcat(text, strlen(text) % 3 ? "Donaudampfschifffahrt" : "x 中文 ");
    const struct line *line = line_of(FACE_SANS, 24, text);
    size_t at = 0;
    float x = 0;
    for (size_t i = 0; i < line->n; i++) {
        const struct run *run = &line->runs[i];
        for (; at < run->at; at++)
            assert_int_equal(text[at], ' ');
        assert_true(run->x >= x - 0.01f);
        assert_true(run->w < 1000);
        x = run->x + run->w;
        at = run->at + run->n;
    }
    assert_true(line->n > 10);
    assert_true(line->width >= x - 0.01f);
}

TEST(words_of_a_right_to_left_script_stand_from_right_to_left)
{
    char text[1024] = "";
    for (int i = 0; i < 40; i++)
        strcat(text, "שלום עולם ");
    const struct line *line = line_of(FACE_SANS, 20, text);
    assert_true(line->n > 1);
    for (size_t i = 1; i < line->n; i++)
        assert_true(line->runs[i].x + line->runs[i].w <= line->runs[i - 1].x + 0.01f);
    assert_close((double)line->runs[line->n - 1].x, 0, 0.01);
}

/* ---- life ---- */

TEST(without_fonts_there_is_an_error)
{
    setenv("FONTCONFIG_FILE", tests_path("paint/no-fonts.conf"), 1);
    struct fonts *fonts = NULL;
    assert_error(fonts_new(&fonts), QKV_ERR_IO, "no font was found; install fonts-noto-core");
    assert_null(fonts);
    unsetenv("FONTCONFIG_FILE");
    fonts_free(NULL);
}

TEST(a_table_keeps_what_was_put)
{
    struct table table = {0};
    assert_null(table_find(&table, 0, "", 0));
    for (int i = 0; i < 2000; i++) {
        int *value = malloc(sizeof *value);
        assert_non_null(value);
        *value = i;
        assert_true(table_put(&table, (uint64_t)(i % 7), &i, sizeof i, value));
    }
    for (int i = 0; i < 2000; i++) {
        const int *value = table_find(&table, (uint64_t)(i % 7), &i, sizeof i);
        assert_non_null(value);
        assert_int_equal(*value, i);
        assert_null(table_find(&table, 8, &i, sizeof i));
        assert_null(table_find(&table, (uint64_t)(i % 7), &i, 3));
    }
    table_clear(&table);
    assert_null(table_find(&table, 0, "", 0));
}

/* The files of the face that are open. */
static size_t files_open(const struct fonts *fonts, enum face face)
{
    size_t n = 0;
    for (size_t i = 0; i < fonts->n_open; i++) {
        bool known = fonts->open[i].face != face;
        for (size_t j = 0; j < i; j++)
            known = known || (fonts->open[j].face == face && fonts->open[j].file == fonts->open[i].file);
        n += !known;
    }
    return n;
}

TEST(a_font_is_opened_when_a_character_needs_it)
{
    struct fonts *fonts = NULL;
    assert_ok(fonts_new(&fonts));
    struct measure measure = fonts_measure(fonts);
    assert_int_equal(fonts->n_open, 0);
    assert_true(measure.width(measure.context, FACE_SANS, 15, "The cat", 7) > 0);
    assert_int_equal(files_open(fonts, FACE_SANS), 1);
    assert_true(measure.width(measure.context, FACE_SANS, 15, "\u4e2d\u6587", 6) > 0);
    assert_int_equal(files_open(fonts, FACE_SANS), 2);
    for (int face = FACE_SANS_BOLD; face < FACE_COUNT; face++) {
        assert_int_equal(files_open(fonts, (enum face)face), 0);
        assert_false(fonts->chains[face].sorted);
    }
    fonts_free(fonts);
}

TEST_GROUP(the_fonts_open, the_fonts_close)
