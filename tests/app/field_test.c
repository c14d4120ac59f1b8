/* A line of text being typed. In a row '|' is the caret and '^' the other end of the selection; keys are separated by
 * blanks, with "S-" for shift and "C-" for control. */
#include "test_app.h"

#include "app/input.h"
#include "lesson/text/tokens.h"

#include <stdio.h>
#include <stdlib.h>

enum { ACTIONS = 20000 };
#define FIELD __attribute__((cleanup(field_finish))) struct text_field

/* A field as a row writes it. */
static struct text_field field_of(const char *row)
{
    struct text_field f = {.on = true};
    bool anchor = false;
    for (; *row; row++) {
        if (*row == '|')
            f.caret = f.text.n;
        else if (*row == '^')
            f.anchor = f.text.n, anchor = true;
        else
            str_addn(&f.text, row, 1);
    }
    if (!anchor)
        f.anchor = f.caret;
    return f;
}

static struct str row_of(const struct text_field *f)
{
    struct str row = {0};
    for (size_t at = 0; at <= f->text.n; at++) {
        if (at == f->anchor && f->anchor != f->caret)
            str_add(&row, "^");
        if (at == f->caret)
            str_add(&row, "|");
        if (at < f->text.n)
            str_addn(&row, f->text.v + at, 1);
    }
    return row;
}

static void assert_row(const struct text_field *f, const char *wanted)
{
    OWN(str) row = row_of(f);
    assert_string_equal(str_text(&row), wanted);
}

static void press_in(struct text_field *f, const char *keys)
{
    char key[32];
    while (*keys) {
        size_t n = strcspn(keys, " ");
        bool shift = false, control = false;
        snprintf(key, sizeof key, "%.*s", (int)n, keys);
        char *name = key;
        for (; name[0] && name[1] == '-'; name += 2) {
            shift = shift || name[0] == 'S';
            control = control || name[0] == 'C';
        }
        if (!field_key(f, name, shift, control))
            fail_msg("a field knows no %s", key);
        keys += n + (keys[n] == ' ');
    }
}

#define ACUTE  "\u0301"
#define FAMILY "👨\u200D👩\u200D👧"
#define HAN    "\u1112\u1161\u11AB" /* 한 in its three letters */

static struct key_case {
    const char *name, *before, *keys, *after;
} key_cases[] = {
    {"an arrow goes one letter on", "|cat", "Right", "c|at"},
    {"an arrow goes one letter back", "ca|t", "Left", "c|at"},
    {"an arrow stays at the start", "|cat", "Left", "|cat"},
    {"an arrow stays at the end", "cat|", "Right", "cat|"},
    {"an empty line takes every key", "|", "Left Right C-Left C-Right Backspace Delete C-Backspace C-Delete Home End",
     "|"},
    {"a letter of several bytes is one", "|é猫😀", "Right Right Right", "é猫😀|"},
    {"an accent stays on its letter", "|e" ACUTE "x", "Right", "e" ACUTE "|x"},
    {"an accent is not cut off going back", "e" ACUTE "\u0323|x", "Left", "|e" ACUTE "\u0323x"},
    {"an emoji of a family is one", "|" FAMILY "x", "Right", FAMILY "|x"},
    {"and back", "x" FAMILY "|", "Left", "x|" FAMILY},
    {"a colour of skin belongs to its hand", "|👍🏽👍", "Right", "👍🏽|👍"},
    {"a flag is two letters", "|🇫🇷🇩🇪", "Right", "🇫🇷|🇩🇪"},
    {"flags are counted from the start", "🇫🇷🇩🇪|", "Left", "🇫🇷|🇩🇪"},
    {"half a flag stands alone", "🇫🇷🇩|", "Left", "🇫🇷|🇩"},
    {"a syllable of Hangul is one, in one character", "|한국", "Right", "한|국"},
    {"or in three", "|" HAN HAN, "Right", HAN "|" HAN},
    {"a vowel of Devanagari belongs to its consonant", "|नीला", "Right", "नी|ला"},
    {"a Hebrew point belongs to its letter", "ש\u05C1|ל", "Left", "|ש\u05C1ל"},
    {"Home and End", "one| two", "Home End Home", "|one two"},
    {"up and down are ends as well", "one| two", "Up Down", "one two|"},
    {"control goes by words", "one| two three", "C-Right", "one two| three"},
    {"control goes back by words", "one two th|ree", "C-Left C-Left", "one |two three"},
    {"several blanks are one gap", "one|    two", "C-Right C-Left", "one    |two"},
    {"an accent on a blank is not cut off by words", "a " ACUTE "b|", "C-Left", "a| " ACUTE "b"},
    {"shift selects", "o|ne", "S-Right S-Right", "o^ne|"},
    {"shift selects back", "one|", "S-Left S-Left", "o|ne^"},
    {"a selection shrinks again", "one|", "S-Left S-Left S-Right", "on|e^"},
    {"shift and control select words", "one two|", "S-C-Left", "one |two^"},
    {"shift with Home", "one t|wo", "S-Home", "|one t^wo"},
    {"shift with End", "one t|wo", "S-End", "one t^wo|"},
    {"an arrow leaves a selection at its left", "o^ne tw|o", "Left", "o|ne two"},
    {"an arrow leaves a selection at its right", "o|ne tw^o", "Right", "one tw|o"},
    {"select all", "one| two", "C-a", "^one two|"},
    {"select all of nothing", "|", "C-a", "|"},
    {"backspace takes the letter before", "on|e", "Backspace", "o|e"},
    {"backspace stays at the start", "|one", "Backspace", "|one"},
    {"backspace takes a letter with its accent", "xe" ACUTE "|y", "Backspace", "x|y"},
    {"backspace takes a whole family", "x" FAMILY "|y", "Backspace", "x|y"},
    {"backspace takes a whole flag", "🇫🇷🇩🇪|", "Backspace", "🇫🇷|"},
    {"delete takes the letter after", "o|ne", "Delete", "o|e"},
    {"delete stays at the end", "one|", "Delete", "one|"},
    {"delete takes a letter with its accent", "x|e" ACUTE "y", "Delete", "x|y"},
    {"backspace takes the selection and no more", "o^ne|!", "Backspace", "o|!"},
    {"delete takes the selection and no more", "o|ne^!", "Delete", "o|!"},
    {"all can be taken at once", "one| two", "C-a Delete", "|"},
    {"control and backspace take a word", "one two| three", "C-Backspace", "one | three"},
    {"control and delete take a word", "one| two three", "C-Delete", "one| three"},
    {"what a deletion joins is not cut", "e|x" ACUTE, "Backspace", "|x" ACUTE},
};

TEST_ROWS(key_case, key_cases, c)
{
    FIELD f = field_of(c->before);
    press_in(&f, c->keys);
    assert_row(&f, c->after);
}

static struct insert_case {
    const char *name, *before, *text, *after; /* after NULL: it is not taken, and nothing changes */
} insert_cases[] = {
    {"a text goes to the caret", "one| three", " two", "one two| three"},
    {"a text takes the place of the selection", "one ^2| three", "two", "one two| three"},
    {"nothing takes the place of the selection", "one ^2| three", "", "one | three"},
    {"an accent joins the letter before", "e|x", ACUTE, "e" ACUTE "|x"},
    {"the caret goes past an accent that follows", "|" ACUTE "x", "e", "e" ACUTE "|x"},
    {"the caret goes to the end of a flag that is joined", "|🇷x", "🇫", "🇫🇷|x"},
    {"flags that are shifted are not cut", "|🇫🇷", "🇩", "🇩🇫|🇷"},
    {"a joiner joins", "👩|👧", "\u200D", "👩\u200D👧|"},
    {"a line break is a space", "|", "one\ntwo", "one two|"},
    {"so is the line break of two characters", "|", "one\r\ntwo", "one two|"},
    {"so is the one of old", "|", "one\rtwo", "one two|"},
    {"so are tabs and breaks of Unicode", "|",
     "a\tb\vc\fd\xC2\x85"
     "e\u2028f\u2029g",
     "a b c d e f g|"},
    {"control characters are left out", "|", "a\x01\x1B[0mb\x7F\xC2\x80\xC2\x9F!", "a[0mb!|"},
    {"marks that turn the text around are left out", "|", "\uFEFFa\u202Eb\u2066c", "abc|"},
    {"marks of direction that sentences need stay", "|", "a\u200Fb\u200Ec", "a\u200Fb\u200Ec|"},
    {"a byte that is no text", "a|b", "\xFF", NULL},
    {"half a character", "a|b", "\xE7\x8C", NULL},
    {"an overlong form", "a|b", "\xC0\xAF", NULL},
    {"half of a pair", "a|b", "\xED\xA0\x80", NULL},
    {"beyond Unicode", "a^c|b", "\xF4\x90\x80\x80", NULL},
};

TEST_ROWS(insert_case, insert_cases, c)
{
    FIELD f = field_of(c->before);
    assert_int_equal(field_insert(&f, c->text), c->after != NULL);
    assert_row(&f, c->after ? c->after : c->before);
}

TEST(a_field_opens_with_all_of_its_text_selected)
{
    FIELD f = {0};
    field_open(&f, "The cat");
    assert_true(f.on);
    assert_row(&f, "^The cat|");
    field_compose(&f, "x");
    field_open(&f, "A dog");
    assert_row(&f, "^A dog|");
    assert_int_equal(f.composing.n, 0);
}

TEST(a_field_holds_16384_bytes_and_no_more)
{
    FIELD f = {0};
    char *text = calloc(FIELD_BYTES_MAX + 2, 1);
    assert_non_null(text);
    memset(text, 'a', FIELD_BYTES_MAX + 1);
    field_open(&f, "b");
    assert_false(field_insert(&f, text));
    assert_row(&f, "^b|");
    text[FIELD_BYTES_MAX] = '\0';
    assert_true(field_insert(&f, text)); /* in the place of the "b" */
    assert_int_equal(f.text.n, FIELD_BYTES_MAX);
    assert_false(field_insert(&f, "c"));
    assert_int_equal(f.caret, FIELD_BYTES_MAX);
    press_in(&f, "Backspace Backspace");
    assert_false(field_insert(&f, "猫"));
    assert_true(field_insert(&f, "é"));
    assert_int_equal(f.text.n, FIELD_BYTES_MAX);
    /* What is left out takes no room. */
    press_in(&f, "Backspace");
    assert_true(field_insert(&f, "\x01\x02\x03!\x04"));
    assert_int_equal(f.text.n, FIELD_BYTES_MAX - 1);
    free(text);
}

TEST(what_is_composed_is_not_yet_text)
{
    FIELD f = field_of("the | sat");
    field_compose(&f, "mao");
    assert_string_equal(str_text(&f.composing), "mao");
    assert_row(&f, "the | sat");
    field_compose(&f, "ma\no\x01");
    assert_string_equal(str_text(&f.composing), "ma o");
    field_compose(&f, "\xE7\x8C"); /* a long one that was cut between its bytes is not shown */
    assert_string_equal(str_text(&f.composing), "");
    field_compose(&f, "mao");
    assert_true(field_insert(&f, "猫"));
    assert_string_equal(str_text(&f.composing), "");
    assert_row(&f, "the 猫| sat");
    field_compose(&f, "gou");
    field_compose(&f, "");
    assert_row(&f, "the 猫| sat");
}

/* ---- chance ---- */

static bool is_edge(const struct text_field *f, size_t at)
{
    size_t edge = 0;
    while (edge < at)
        edge = text_next_edge(f->text.v, f->text.n, edge);
    return edge == at;
}

static void act(struct text_field *f, uint64_t *luck)
{
    static const char *const keys[] = {"Left", "Right", "Home", "End", "Backspace", "Delete", "a", "Up", "Down"};
    static const char *const texts[] = {"a",    " ",        "the cat", ACUTE,  ("e" ACUTE), "\u0323",    "🇫",
                                        "🇷",    "🇫🇷",       "\u200D",  FAMILY, "👍",         "🏽",      "한",
                                        HAN,    "ᄒ",       "ᅡ",      "नी",   "्",          "ক্ষ",        "\u0600",
                                        "猫",   "\r\n",     "\n",      "\t",   "",          "שׁ",         "\xC2\x85",
                                        "\xFF", "\xE2\x80", "\u202E",  "ที่",    "\uFFFD",    "\U0010FFFF"};
    size_t which = chance(luck, 10);
    if (which < 4)
        field_insert(f, texts[chance(luck, sizeof texts / sizeof texts[0])]);
    else if (which < 5)
        field_compose(f, texts[chance(luck, sizeof texts / sizeof texts[0])]);
    else if (which < 9 || f->text.n > 200)
        field_key(f, keys[chance(luck, sizeof keys / sizeof keys[0])], chance(luck, 3) == 0, chance(luck, 4) == 0);
}

TEST(whatever_is_typed_the_caret_is_at_an_edge_and_the_text_is_text)
{
    uint64_t luck = 7;
    FIELD f = {0};
    size_t longest = 0;
    field_open(&f, "The cat sat.");
    for (int k = 0; k < ACTIONS; k++) {
        act(&f, &luck);
        size_t at, n = field_selection(&f, &at);
        assert_true(at + n <= f.text.n);
        assert_int_equal(strlen(str_text(&f.text)), f.text.n);
        assert_true(utf8_is_valid(str_text(&f.text), f.text.n, NULL));
        assert_true(utf8_is_valid(str_text(&f.composing), f.composing.n, NULL));
        if (!is_edge(&f, f.caret) || !is_edge(&f, f.anchor)) {
            struct str row = row_of(&f);
            fail_msg("after %d actions the caret cuts a character: %s", k + 1, str_text(&row));
        }
        longest = f.text.n > longest ? f.text.n : longest;
    }
    assert_true(longest > 60);
}
