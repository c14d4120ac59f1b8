/* Sessions as files: what is written is read again to the last bit, and what is wrong is told with its place. */
#include "test_app.h"

#include "app/edit.h"
#include "app/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t luck = 5;

/* ---- a person at work ---- */

static void type(struct app *app, const char *text)
{
    app_update(app, (struct action){.kind = ACTION_TEXT, .text = text});
    app_update(app, (struct action){.kind = ACTION_KEY, .text = "Return"});
    app->view.field.on = false;
}

static void edit_somewhere(struct app *app)
{
    static const double values[] = {0.1, -2, 1e300, 5e-324, 0.30000000000000004, -0.0, 1};
    struct cursor cell = {.on = true, .step = (int)chance(&luck, app->lesson.tape.n)};
    const struct axis *axis = app->lesson.tape.steps[cell.step].value.axis;
    cell.head = chance(&luck, axis[AXIS_HEAD].size);
    cell.row = chance(&luck, axis[AXIS_ROW].size);
    cell.col = chance(&luck, axis[AXIS_COL].size);
    if (edit_is_possible(app, &cell))
        edit_cell(app, &cell, values[chance(&luck, sizeof values / sizeof values[0])]);
}

static void act(struct app *app)
{
    static const int walking[] = {CMD_FORWARD, CMD_BACK,    CMD_STEP,     CMD_HEAD_NEXT, CMD_PIN,     CMD_LEAVE,
                                  CMD_STRIDE,  CMD_COMPARE, CMD_OVERVIEW, CMD_THEME,     CMD_ZOOM_IN, CMD_CURSOR_DOWN,
                                  CMD_MOTION,  CMD_LARGER,  CMD_FASTER,   CMD_UNFOLD,    CMD_READ_ON, CMD_SMALLER};
    static const char *const sentences[] = {
        "the dogs slept", "it's a \"test\" \\ of {quotes}",           "小狗睡着了", "", "a: b # c",
        "- [x] 100 %",    "\xE2\x80\xA8next \xEF\xBB\xBFline\xC2\x85"};
    size_t kind = chance(&luck, 100);
    if (kind < 30) {
        edit_somewhere(app);
    } else if (kind < 36) {
        give(app, CMD_SENTENCE, 0);
        type(app, sentences[chance(&luck, sizeof sentences / sizeof sentences[0])]);
    } else if (kind < 39) {
        give(app, CMD_LESSON, (int)chance(&luck, 40));
    } else {
        give(app, walking[chance(&luck, sizeof walking / sizeof walking[0])], (int)chance(&luck, 20));
    }
}

static void a_session_reads_as_the_line_it_was_written_from(void **state)
{
    (void)state;
    struct app app, fresh;
    size_t edits = 0;
    assert_ok(app_init(&app, "causal-mask", NULL, fake_measure));
    assert_ok(app_init(&fresh, NULL, NULL, fake_measure));
    for (int k = 0; k < 3000; k++) {
        act(&app);
        if (k % 15)
            continue;
        struct str line = {0}, text = {0}, again = {0};
        struct session session;
        state_print(&app, &line);
        assert_ok(session_of(&app, &text));
        assert_true(session_is(text.v, text.n));
        struct qkv_err err = session_read(text.v, text.n, &session, NULL);
        if (err.code)
            fail_msg("%d:%d: %s in\n%s", err.line, err.column, err.what, text.v);
        assert_string_equal(str_text(&session.line), line.v);
        assert_ok(session_apply(&fresh, &session));
        state_print(&fresh, &again);
        assert_string_equal(again.v, line.v);
        edits += app.overrides.n_edits;
        session_finish(&session);
        str_finish(&line);
        str_finish(&text);
        str_finish(&again);
    }
    assert_true(edits > 100);
    app_finish(&app);
    app_finish(&fresh);
}

static void as_many_cells_as_can_be_changed_are_written_and_read(void **state)
{
    (void)state;
    struct str line = {0}, text = {0};
    struct session session;
    str_add(&line, "lesson=one-head");
    for (int i = 0; i < EDITS_MAX; i++) /* every second column: no two beside each other */
        str_addf(&line, " edit=W_Q,%d,%d,%d:-0.30000000000000004", i / 32768 + 1, i / 256 % 128 + 1, 2 * (i % 256) + 1);
    assert_ok(session_write(line.v, &text));
    assert_ok(session_read(text.v, text.n, &session, NULL));
    assert_string_equal(session.line.v, line.v);
    session_finish(&session);
    str_finish(&line);
    str_finish(&text);
}

/* ---- what is wrong ---- */

#define HEAD "qkv session: 1\nlesson: one-head\n"

static struct wrong_case {
    const char *name, *text;
    int line, column;
    const char *what;
} wrong_cases[] = {
    {"a session of a later version", "qkv session: 2\nlesson: one-head\n", 1, 14, "version '2'"},
    {"no lesson", "qkv session: 1\n", 1, 1, "'lesson'"},
    {"an unknown field", HEAD "setings:\n  mask: causal\n", 3, 1, "did you mean 'settings'?"},
    {"an edit without a cell", HEAD "edits:\n  W_Q:\n    - 0.5\n", 5, 7, "head,row,column"},
    {"an edit in column 0", HEAD "edits:\n  W_Q:\n    - 1,1,0: 2\n", 5, 7, "counted from 1"},
    {"an edit that is no number", HEAD "edits:\n  W_Q:\n    - 1,1,1: 2, x\n", 5, 14, "numbers are wanted"},
    {"an edit that is not finite", HEAD "edits:\n  W_Q:\n    - 1,1,1: 1e999\n", 5, 14, "numbers are wanted"},
    {"a tensor whose name would be two words", HEAD "edits:\n  \"W_Q at=Q\":\n    - 1,1,1: 2\n", 4, 3,
     "a tensor's name"},
    {"a place that names another lesson", HEAD "place:\n  lesson: tiles\n", 4, 3, "no word of --state"},
    {"a list where a mapping is wanted", HEAD "place:\n  - at\n", 4, 3, "must be a mapping"},
    {"a step that is not there", HEAD "place:\n  at: nowhere\n", 4, 3, "a step of the walk"},
    {"an unknown word", HEAD "screen:\n  them: dark\n", 4, 3, "unknown word 'them=dark'"},
    {"a cell that is not there", HEAD "edits:\n  W_Q:\n    - 99,1,1: 2\n", 2, 1, "there is no cell"},
    {"a lesson that is not there", "qkv session: 1\nlesson: no-such\n", 2, 1, "no lesson and no file"},
    {"an alias", HEAD "sentence: *x\n", 3, 11, "aliases"},
    {"a byte that is no text", HEAD "sentence: \xFF\n", 3, 11, "UTF-8"},
};

static void what_is_wrong_has_its_place(void **state)
{
    struct wrong_case *c = *state;
    struct app app;
    struct session session;
    assert_ok(app_init(&app, NULL, NULL, fake_measure));
    struct str before = {0}, after = {0};
    state_print(&app, &before);
    struct qkv_err err = session_read(c->text, strlen(c->text), &session, NULL);
    if (!err.code)
        err = session_apply(&app, &session);
    session_finish(&session);
    if (err.line != c->line || !strstr(err.what, c->what))
        fail_msg("%d:%d: %s", err.line, err.column, err.what);
    if (c->line != 2)
        assert_int_equal(err.column, c->column);
    state_print(&app, &after);
    assert_string_equal(after.v, before.v);
    str_finish(&before);
    str_finish(&after);
    app_finish(&app);
}

static void a_session_by_hand_may_have_its_edits_in_any_order(void **state)
{
    (void)state;
    static const char text[] = "# mine\nlesson: one-head\nqkv session: 1\nedits:\n  W_Q:\n    - 1,2,1: 7\n    - 1,1,1: "
                               "1, 2 , 3\n  X: [1,1,1: 4]\n";
    struct session session;
    assert_true(session_is(text, strlen(text)));
    assert_error(session_read(text, strlen(text), &session, NULL), QKV_ERR_SYNTAX,
                 ""); /* commas in brackets part items */
    static const char right[] = "# mine\nlesson: one-head\nqkv session: 1\nedits:\n  W_Q:\n    - 1,2,1: 7\n    - "
                                "1,1,1: 1, 2 , 3\n  E: [\"1,1,1\": 4]\n";
    assert_ok(session_read(right, strlen(right), &session, NULL));
    assert_string_equal(session.line.v, "lesson=one-head edit=E,1,1,1:4 edit=W_Q,1,1,1:1,2,3 edit=W_Q,1,2,1:7");
    session_finish(&session);
}

static void a_line_can_stand_between_single_quotes(void **state)
{
    (void)state;
    struct str line = {0}, word = {0};
    word_print(&line, "sentence", "the dog's \\q toy");
    assert_null(strchr(line.v, '\''));
    const char *p = line.v;
    assert_true(word_next(&p, &word));
    assert_string_equal(word.v, "sentence=the dog's \\q toy");
    str_finish(&line);
    str_finish(&word);
}

int main(void)
{
    enum { CASES = sizeof wrong_cases / sizeof wrong_cases[0] };
    struct CMUnitTest tests[CASES + 4] = {
        cmocka_unit_test(a_session_reads_as_the_line_it_was_written_from),
        cmocka_unit_test(as_many_cells_as_can_be_changed_are_written_and_read),
        cmocka_unit_test(a_session_by_hand_may_have_its_edits_in_any_order),
        cmocka_unit_test(a_line_can_stand_between_single_quotes),
    };
    for (size_t i = 0; i < CASES; i++)
        tests[i + 4] =
            (struct CMUnitTest){wrong_cases[i].name, what_is_wrong_has_its_place, NULL, NULL, &wrong_cases[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
