/* A place has no history: however a person got there, the screen is the same. */
#include "test_app.h"

#include "support/sample.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t luck = 20240607;

TEST(any_walk_ends_where_going_there_directly_would)
{
    for (size_t i = 0; builtin_lessons[i]; i++) {
        OWN(app) walked = app_at(builtin_lessons[i], NULL);
        OWN(app) fresh = app_at(builtin_lessons[i], NULL);
        for (int k = 0; k < (test_all() ? 6000 : 300); k++) {
            give(&walked, CMD_STRIDE_SET, (int)chance(&luck, STRIDE_COUNT));
            give(&walked, chance(&luck, 5) < 3 ? CMD_FORWARD : CMD_BACK, 0);
            if (k % 30)
                continue;
            go_where(&fresh, &walked);
            assert_same_page(&fresh, &walked);
        }
    }
}

/* Forward from the start to the end, and the same places back. */
static void check_both_ways(struct app *app, enum stride stride)
{
    size_t *stood = calloc(app->doc.lesson->walk.length + 1, sizeof *stood), n = 0;
    assert_non_null(stood);
    give(app, CMD_STRIDE_SET, stride);
    app_go(app, 0);
    do {
        assert_true(n < app->doc.lesson->walk.length);
        stood[n++] = app->state.position;
        give(app, CMD_FORWARD, 0);
        assert_true(app->state.position >= stood[n - 1]);
    } while (app->state.position != stood[n - 1]);
    if (stride == STRIDE_CELL)
        assert_int_equal(n, app->doc.lesson->walk.length);
    /* The walk's very start, where nothing is filled, is no place where a step or a stage stands. */
    size_t first = stride == STRIDE_CELL || stride == STRIDE_ROW ? 0 : 1;
    for (; n > first + 1; n--) {
        assert_int_equal(app->state.position, stood[n - 1]);
        give(app, CMD_BACK, 0);
    }
    assert_int_equal(app->state.position, stood[first]);
    free(stood);
}

TEST(every_position_is_reached_and_left_again)
{
    for (size_t i = 0; builtin_lessons[i]; i++) {
        OWN(app) app = app_at(builtin_lessons[i], NULL);
        for (int stride = 0; stride < STRIDE_COUNT; stride++)
            check_both_ways(&app, (enum stride)stride);
    }
}

TEST(every_stop_is_met_in_order)
{
    for (size_t i = 0; builtin_lessons[i]; i++) {
        OWN(app) app = app_at(builtin_lessons[i], NULL);
        size_t met = 0, before;
        do {
            struct place place = walk_place(&app.doc.lesson->walk, app.state.position);
            if (place.stop >= 0)
                assert_int_equal(place.stop, (int)met++);
            before = app.state.position;
            give(&app, CMD_FORWARD, 0);
        } while (app.state.position != before);
        assert_int_equal(met, app.doc.lesson->n_stops);
    }
}

/* Any command, except those whose effect is not in the line: playing, what undo can go back to, and with it what was on
 * the screen before. A field that opens is left. */
static void act_at_random(struct app *app)
{
    int command = (int)chance(&luck, CMD_COUNT);
    size_t made = app->history.undo.n;
    if (command == CMD_PLAY || command == CMD_UNDO || command == CMD_REDO)
        return;
    give(app, command, (int)chance(&luck, 20));
    if (app->input.field.on)
        app_update(app, (struct action){.kind = ACTION_KEY, .text = "Escape"});
    if (app->history.undo.n != made && command != CMD_LESSON)
        give(app, CMD_UNDO, 0);
}

/* ---- lines that are not understood ---- */

/* A byte replaced or left out, a piece put in or added at the end; up to three times. */
static void mutate(char *line, size_t room)
{
    static const char *const pieces[] = {"at=",      "filled=",
                                         "stop=",    "head=0",
                                         "head=9!",  "cell=X,1,1,1",
                                         "cell=,,,", "pinned=maybe",
                                         "scale=99", "theme=",
                                         "page=x",   "at=Q",
                                         "at=W_Q",   "cell=weights,9,9,9",
                                         "!",        "filled=18446744073709551616",
                                         "stop=0",   "speed=6",
                                         "read=-1",  "=",
                                         " ",        "lesson=no",
                                         "stop=2",   "filled=7"};
    for (size_t times = 1 + chance(&luck, 3); times-- > 0;) {
        size_t n = strlen(line), at = chance(&luck, n + 1);
        const char *piece = pieces[chance(&luck, sizeof pieces / sizeof pieces[0])];
        size_t length = strlen(piece), kind = chance(&luck, 4);
        if (kind == 0 && at < n)
            line[at] = (char)(1 + chance(&luck, 255));
        else if (kind == 1 && at < n)
            memmove(line + at, line + at + 1, n - at);
        else if (kind == 2 && n + length < room) {
            memmove(line + at + length, line + at, n - at + 1);
            memcpy(line + at, piece, length);
        } else if (kind == 3)
            snprintf(line + n, room - n, " %s", piece);
    }
}

TEST(a_line_that_is_not_understood_changes_nothing)
{
    size_t refused = 0;
    OWN(app) walked = app_at(NULL, NULL);
    OWN(app) fresh = app_at(NULL, NULL);
    const int lines = test_all() ? 3000 : 1000;
    for (int k = 0; k < lines; k++) {
        char text[512];
        act_at_random(&walked);
        OWN(str) line = line_of(&walked);
        snprintf(text, sizeof text, "%s", line.v);
        mutate(text, sizeof text);
        /* A lesson may also come from a path, which does not belong into this test. */
        if (strchr(text, '/'))
            continue;
        struct app was;
        memcpy(&was, &fresh, sizeof was);
        struct qkv_err err = state_apply(&fresh, text);
        if (err.code) {
            refused++;
            assert_memory_equal(&was, &fresh, sizeof was);
            assert_true(err.what[0] != '\0');
        } else {
            assert_true(fresh.state.position < fresh.doc.lesson->walk.length);
            OWN(str) taken = line_of(&fresh);
            assert_ok(state_apply(&fresh, taken.v));
        }
        PAGE page = {0};
        scene_build(VIEW(&fresh), &fresh.measure, &page);
        assert_false(page.failed);
    }
    assert_true(refused > (size_t)lines / 3);
}

/* Whoever opens a lesson, by a path or in a line, sees the picture that it is about. */
TEST(a_lesson_about_a_jpeg_opens_in_the_window)
{
    char line[4200];
    const char *path = tests_path("app/data/grey.yaml");
    struct app app = app_at(path, NULL);
    assert_int_equal(app.doc.lesson->sentence.picture.width, 8);
    assert_int_equal(app.doc.lesson->sentence.words.n, 4);
    app_finish(&app);
    if (strlen(path) > 100)
        return; /* a word of a line is no longer */
    assert_ok(app_init(&app, NULL, NULL, fake_measure));
    snprintf(line, sizeof line, "lesson=%s at=scores", path);
    assert_ok(state_apply(&app, line));
    assert_int_equal(app.doc.lesson->sentence.picture.width, 8);
    app_finish(&app);
}
