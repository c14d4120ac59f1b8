/* A sentence typed into the window. */
#include "test_app.h"

#include "app/input.h"
#include "lesson/text/tokens.h"

#include <stdio.h>
#include <stdlib.h>

static void compose(struct app *app, const char *text)
{
    app_update(app, (struct action){.kind = ACTION_COMPOSE, .text = text});
}

/* Open the field and type over what is in it. */
static void write_sentence(struct app *app, const char *text)
{
    type(app, "e");
    assert_true(app->input.field.on);
    if (text[0])
        type(app, text);
    else
        key(app, "Backspace");
}

static void say(struct app *app, const char *text)
{
    write_sentence(app, text);
    key(app, "Return");
}

static const char *step_name(const struct app *app)
{
    return app->doc.lesson->tape.steps[view_step(VIEW(app))].spec.name;
}

/* Words that are wrapped are texts of their own: all texts of the page, with blanks between them. */
static bool page_has(const struct app *app, const char *wanted)
{
    PAGE list = {0};
    OWN(str) words = {0};
    scene_build(VIEW(app), &app->measure, &list);
    for (size_t i = 0; i < list.n; i++)
        if (list.items[i].kind == ITEM_TEXT) {
            const char *text = display_item_text(&list, &list.items[i]);
            size_t n = strlen(text);
            str_addn(&words, text, n > 0 && text[n - 1] == ' ' ? n - 1 : n);
            str_add(&words, " ");
        }
    return strstr(str_text(&words), wanted) != NULL;
}

static void assert_page(const struct app *app, const struct str *wanted)
{
    OWN(str) page = page_text(app);
    assert_string_equal(str_text(&page), str_text(wanted));
}

/* How many texts of the page are this. */
static size_t count_texts(const struct app *app, const char *wanted)
{
    PAGE list = {0};
    size_t n = 0;
    scene_build(VIEW(app), &app->measure, &list);
    for (size_t i = 0; i < list.n; i++)
        n += list.items[i].kind == ITEM_TEXT && strcmp(display_item_text(&list, &list.items[i]), wanted) == 0;
    return n;
}

/* Over the matrices, at the rows, and on the page of heads on both sides. */
TEST(a_guessed_word_is_marked_wherever_it_stands)
{
    OWN(app) app = app_at(NULL, "lesson=one-head sentence=\"The blick sat because it was tired\" at=Q picture=none");
    assert_int_equal(count_texts(&app, "blick?"), 2);
    assert_int_equal(count_texts(&app, "blick"), 0);
    assert_int_equal(count_texts(&app, "sat"), 2);
    assert_ok(state_apply(&app, "page=heads"));
    assert_int_equal(count_texts(&app, "blick?"), 2);
}

TEST(a_typed_sentence_keeps_the_step)
{
    OWN(app) app = app_at("several-heads", NULL);
    for (size_t at = 0; at < app.doc.lesson->walk.n; at++) {
        char name[64];
        give(&app, CMD_STEP, (int)at);
        snprintf(name, sizeof name, "%s", step_name(&app));
        say(&app, at % 2 ? "the old dog slept" : "a cat ran");
        assert_false(app.input.field.on);
        assert_string_equal(step_name(&app), name);
        assert_int_equal(app.doc.lesson->sentence.words.n, at % 2 ? 4 : 3);
        assert_string_equal(app.doc.lesson->sentence.words.v[at % 2 ? 2 : 1], at % 2 ? "dog" : "cat");
        assert_said(&app, "Your own sentence");
    }
}

TEST(an_empty_line_brings_the_lessons_own_sentence_back)
{
    OWN(app) app = app_at("one-head", NULL);
    OWN(app) fresh = app_at("one-head", NULL);
    give(&app, CMD_STEP, 3);
    give(&fresh, CMD_STEP, 3);
    say(&app, "a cat ran");
    assert_non_null(app.doc.lesson->stops[0].lost[0]);
    say(&app, "");
    assert_said(&app, "The lesson's own sentence");
    assert_same_page(&app, &fresh);
}

TEST(settings_of_the_command_line_stay_set)
{
    OWN(app) app;
    assert_ok(app_init(&app, "one-head", "set=mask=causal", fake_measure));
    assert_true(tape_find(&app.doc.lesson->tape, "masked") >= 0);
    say(&app, "a cat ran");
    assert_int_equal(app.doc.lesson->sentence.words.n, 3);
    assert_true(tape_find(&app.doc.lesson->tape, "masked") >= 0);
    say(&app, "");
    assert_true(tape_find(&app.doc.lesson->tape, "masked") >= 0);
    give(&app, CMD_LESSON, 0); /* another lesson begins as it is written */
    assert_string_equal(app.doc.lesson->name, "one-head");
    assert_int_equal(tape_find(&app.doc.lesson->tape, "masked"), -1);
}

/* ---- sentences that are refused ---- */

static const struct refused_sentence {
    const char *unit;
    size_t times;
    const char *said;
} refused[] = {
    {"it ", WORDS_MAX + 1, "more than 4096 words"},
    {"猫", WORDS_MAX + 1, "more than 4096 words"},
    {"a", WORD_BYTES_MAX + 1, "has 97 bytes"},
    {" ", 3, "no word"},
};

TEST_ROWS_BY(a_refused_sentence_says_so_and_changes_nothing, refused, c, unit)
{
    OWN(app) app = app_at("one-head", NULL);
    OWN(str) text = {0};
    for (size_t k = 0; k < c->times; k++)
        str_add(&text, c->unit);
    give(&app, CMD_STEP, (int)(c - refused));
    OWN(str) before = page_text(&app);
    say(&app, text.v);
    assert_true(app.input.field.on);
    assert_string_equal(str_text(&app.input.field.text), text.v);
    assert_said(&app, c->said);
    assert_true(page_has(&app, c->said));
    /* What was said goes when typing goes on; and the page is as it was when it is left. */
    type(&app, "x");
    assert_string_equal(app.message, "");
    key(&app, "Escape");
    assert_false(app.input.field.on);
    assert_page(&app, &before);
}

TEST(what_has_no_room_is_said)
{
    char *text = calloc(FIELD_BYTES_MAX + 1, 1);
    assert_non_null(text);
    memset(text, 'a', FIELD_BYTES_MAX);
    OWN(app) app = app_at("one-head", NULL);
    write_sentence(&app, text);
    assert_string_equal(app.message, "");
    type(&app, "b");
    assert_true(page_has(&app, "cannot get longer"));
    assert_int_equal(app.input.field.text.n, FIELD_BYTES_MAX);
    key(&app, "Left");
    assert_string_equal(app.message, "");
    free(text);
}

TEST(escape_leaves_all_as_it_was)
{
    OWN(app) app = app_at("several-heads", NULL);
    give(&app, CMD_STEP, 4);
    give(&app, CMD_HEAD_SET, 1);
    give(&app, CMD_CURSOR_DOWN, 0);
    give(&app, CMD_PIN, 0);
    OWN(str) before = page_text(&app);
    write_sentence(&app, "a cat ran");
    press(&app, "Left Escape");
    assert_false(app.input.field.on);
    assert_page(&app, &before);
    /* And the next time the field has the lesson's sentence again. */
    type(&app, "e");
    assert_string_equal(str_text(&app.input.field.text), app.doc.lesson->sentence.text);
}

TEST(keys_are_no_commands_while_typing)
{
    OWN(app) app = app_at("several-heads", NULL);
    give(&app, CMD_STEP, 4);
    OWN(str) before = page_text(&app);
    press(&app, "e Right Left Space PageDown PageUp Home End Up Down Tab F1 F5 F11 Backspace Delete");
    assert_true(app.input.field.on);
    for (int c = 0; c < CMD_COUNT; c++)
        for (const char *k = command_shown(c)->keys; *k; k++)
            if (k[1] == ' ' || k[1] == '\0')
                type(&app, (char[]){*k, '\0'});
    press(&app, "C-q");
    assert_false(app.quit);
    assert_false(app.fullscreen);
    assert_true(app.input.field.text.n > 20);
    key(&app, "Escape");
    assert_page(&app, &before);
}

/* ---- the clipboard ---- */

static char copied[FIELD_BYTES_MAX + 8192];
static bool nothing_copied;

static char *copied_get(void)
{
    char *copy = nothing_copied ? NULL : malloc(strlen(copied) + 1);
    return copy ? strcpy(copy, copied) : NULL;
}

static void copied_set(const char *text)
{
    snprintf(copied, sizeof copied, "%s", text);
}

TEST(texts_are_cut_copied_and_pasted)
{
    OWN(app) app = app_at("one-head", NULL);
    app.clipboard = (struct clipboard){copied_get, copied_set};
    const struct str *text = &app.input.field.text;
    write_sentence(&app, "小猫 sat");
    copied_set("before");
    press(&app, "C-c"); /* nothing is selected */
    assert_string_equal(copied, "before");
    press(&app, "S-C-Left C-c");
    assert_string_equal(copied, "sat");
    assert_string_equal(str_text(text), "小猫 sat");
    press(&app, "C-x");
    assert_string_equal(copied, "sat");
    assert_string_equal(str_text(text), "小猫 ");
    press(&app, "C-v C-v");
    assert_string_equal(str_text(text), "小猫 satsat");
    press(&app, "C-a");
    copied_set("a dog\r\nand\ta \x1B"
               "cat\n");
    press(&app, "C-v");
    assert_string_equal(str_text(text), "a dog and a cat ");
    press(&app, "Return");
    assert_int_equal(app.doc.lesson->sentence.words.n, 5);
}

TEST(what_cannot_be_pasted_is_said)
{
    OWN(app) app = app_at("one-head", NULL);
    write_sentence(&app, "a cat ran");
    press(&app, "C-v"); /* no clipboard */
    app.clipboard = (struct clipboard){copied_get, copied_set};
    copied_set("\xFF\xFE");
    press(&app, "C-v");
    assert_true(page_has(&app, "What was copied"));
    memset(copied, 'a', FIELD_BYTES_MAX);
    copied[FIELD_BYTES_MAX] = '\0';
    press(&app, "C-v");
    assert_true(page_has(&app, "What was copied"));
    nothing_copied = true;
    press(&app, "C-v");
    nothing_copied = false;
    assert_string_equal(app.message, "");
    assert_string_equal(str_text(&app.input.field.text), "a cat ran");
}

/* ---- input methods ---- */

TEST(keys_belong_to_the_input_method_while_it_composes)
{
    OWN(app) app = app_at("one-head", NULL);
    write_sentence(&app, "a cat");
    compose(&app, "mao");
    assert_true(page_has(&app, "a catmao"));
    press(&app, "Return Backspace Left");
    assert_true(app.input.field.on);
    assert_string_equal(str_text(&app.input.field.text), "a cat");
    assert_int_equal(app.input.field.caret, 5);
    type(&app, "猫");
    assert_string_equal(str_text(&app.input.field.text), "a cat猫");
    compose(&app, "gou");
    key(&app, "Escape");
    assert_true(app.input.field.on);
    assert_int_equal(app.input.field.composing.n, 0);
    key(&app, "Escape");
    assert_false(app.input.field.on);
    compose(&app, "mao"); /* nobody types */
    assert_false(page_has(&app, "mao"));
}

/* ---- what the screen shows ---- */

TEST(what_the_field_says_stands_below_it_and_not_at_the_foot)
{
    PAGE list = {0};
    OWN(app) app = app_at("one-head", NULL);
    type(&app, "e");
    for (int round = 0; round < 2; round++) {
        scene_build(VIEW(&app), &app.measure, &list);
        const struct item *field = page_item(&list, "field"), *hint = page_item(&list, "field.hint");
        assert_non_null(field);
        assert_non_null(hint);
        assert_null(page_item(&list, "hints"));
        assert_null(page_item(&list, "rail.label"));
        const char *said = round ? "holds no word" : "up to 4096 words";
        assert_true(page_has(&app, said));
        float gap = hint->box.y - field->box.y - field->box.h;
        assert_true(gap >= 0 && gap < 40);
        type(&app, " ");
        key(&app, "Return");
    }
    key(&app, "Escape");
    scene_build(VIEW(&app), &app.measure, &list);
    assert_null(page_item(&list, "field.hint"));
    assert_non_null(page_item(&list, "rail.label"));
}

TEST(the_caret_never_leaves_its_box)
{
    static const char *const units[] = {"a", "cat ", "猫", "e\u0301", "🇫🇷", "👨\u200D👩\u200D👧", "\u0301", "W"};
    PAGE list = {0};
    OWN(app) app = app_at("one-head", NULL);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        OWN(str) text = {0};
        while (text.n + strlen(units[i]) <= FIELD_BYTES_MAX)
            str_add(&text, units[i]);
        write_sentence(&app, text.v);
        for (int k = 0; k < 60; k++) {
            scene_build(VIEW(&app), &app.measure, &list);
            static const char *const inside[] = {"field.caret", "field.text", "field.mark"};
            const struct item *field = page_item(&list, "field"), *written = page_item(&list, "field.text");
            assert_non_null(page_item(&list, "field.caret"));
            for (size_t n = 0; n < 3; n++) {
                const struct item *item = page_item(&list, inside[n]);
                assert_true(!item || item == written || item->box.x >= field->box.x);
                assert_true(!item || item->box.x + item->box.w <= field->box.x + field->box.w);
            }
            if (written) {
                /* What is shown begins and ends between characters. */
                const char *shown = display_item_text(&list, written);
                assert_true(utf8_is_valid(shown, strlen(shown), NULL));
            }
            static const char *const moves[] = {"Left", "Home", "Right", "End"};
            app_update(&app, (struct action){.kind = ACTION_KEY,
                                             .text = moves[k % 19 == 18 ? k / 19
                                                           : k < 30     ? 0
                                                                        : 2],
                                             .shift = k % 7 > 3});
        }
        key(&app, "Escape");
    }
}

TEST(words_that_no_lexicon_has_are_called_guessed)
{
    OWN(app) app = app_at("one-head", NULL);
    assert_int_equal(app.doc.lesson->tape.steps[view_step(VIEW(&app))].spec.stage, STAGE_EMBED);
    assert_false(page_has(&app, "guessed"));
    say(&app, "the zorgle saw a blick");
    OWN(str) page = page_text(&app);
    const char *at = strstr(str_text(&page), "guessed");
    assert_non_null(at);
    assert_non_null(strstr(at, "zorgle"));
    assert_non_null(strstr(at, "blick"));
    give(&app, CMD_STEP, 3);
    assert_false(page_has(&app, "guessed"));
    say(&app, "the dog saw a cat");
    give(&app, CMD_FIRST, 0);
    assert_false(page_has(&app, "guessed"));
}
