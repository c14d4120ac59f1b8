/* A lesson that takes long is computed in the background: seen, stopped, and in the end what computing it at once
 * gives. */
#define _XOPEN_SOURCE 700 /* mkdtemp */

#include "snapshot.h"
#include "test_app.h"

#include "app/app_parts.h"
#include "app/job.h"
#include "base/file.h"
#include "base/thread.h"
#include "support/scratch.h"

#include <stdio.h>
#include <time.h>

enum { TOKENS = 512 };

static uint64_t luck = 99;

static struct str large_state(void)
{
    struct str state = {0};
    str_add(&state,
            "lesson=several-heads set=heads=8 weights=\"{source: random, seed: 7, d_model: 256, d_k: 16, d_v: 16}\" "
            "sentence=\"");
    for (size_t i = 0; i < TOKENS; i++)
        str_addf(&state, "%s%s", i ? " " : "", i % 7 == 3 ? "cat" : i % 5 == 2 ? "it" : "the");
    str_add(&state, "\"");
    return state;
}

static struct app open_large(void)
{
    struct app app;
    OWN(str) state = large_state();
    assert_ok(app_init(&app, NULL, str_text(&state), fake_measure));
    app.state.motion = false;
    app.patience = 0;
    return app;
}

static bool set(struct app *app, const char *key, const char *value)
{
    struct overrides next;
    assert_ok(overrides_copy(&next, app_overrides(app)));
    assert_ok(overrides_set(&next, key, value));
    return app_change(app, (struct qkv_err){0}, &next);
}

/* Time goes by, as the window lets it, until nothing is computed any more. *ret: how often it was seen to go on. */
static void let_it_end(struct app *app, int *ret)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    double now = app->now;
    float seen = app->progress;
    *ret = 0;
    while (app->job) {
        double wait = app_tick(app, now += 0.001);
        if (!app->job)
            break;
        assert_true(wait >= 0 && wait < 0.1);
        assert_true(app->job && app->progress >= seen && app->progress <= 1);
        *ret += app->progress > seen;
        seen = app->progress;
        nanosleep(&moment, NULL);
    }
    assert_false(app->job);
}

/* Page, state line and numbers. */
struct seen {
    struct str page, line;
    uint64_t numbers;
};

static void seen_finish(struct seen *s)
{
    str_finish(&s->page);
    str_finish(&s->line);
}

static struct seen seen_of(struct app *app)
{
    struct seen s = {.numbers = numbers_of(app)};
    app->message[0] = 0;
    app->animation.flash = 0;
    s.page = page_text(app);
    state_print(app, &s.line);
    return s;
}

static void assert_same_seen(struct seen *a, struct seen *b)
{
    assert_string_equal(str_text(&a->line), str_text(&b->line));
    assert_true(a->numbers == b->numbers);
    assert_string_equal(str_text(&a->page), str_text(&b->page));
}

TEST(long_work_goes_on_beside_and_ends_as_if_done_at_once)
{
    OWN(app) at_once;
    int steps;
    OWN(app) app = open_large();
    uint64_t before = numbers_of(&app);
    assert_true(set(&app, "temperature", "2"));
    assert_true(app.job);
    assert_true(numbers_of(&app) == before);
    assert_int_equal(app.history.undo.n, 0);
    give(&app, CMD_FORWARD, 0); /* the page can be walked meanwhile */
    size_t position = app.state.position;
    let_it_end(&app, &steps);
    assert_true(numbers_of(&app) != before);
    assert_int_equal(app.state.position, position);
    assert_int_equal(app.history.undo.n, 1);
    OWN(str) line = line_of(&app);
    assert_ok(app_init(&at_once, NULL, NULL, fake_measure));
    assert_ok(state_apply(&at_once, str_text(&line)));
    at_once.state.choice = app.state.choice;
    OWN(seen) got = seen_of(&app), wanted = seen_of(&at_once);
    assert_same_seen(&got, &wanted);
}

/* Where the processors are busy with something else, it may have ended before it was looked at a third time. */
TEST(long_work_is_seen_to_go_on)
{
    enum { TRIES = 30 };
    OWN(app) app = open_large();
    int steps = 0;
    for (int i = 0; i < TRIES && steps <= 2 && task_has_threads(); i++) {
        assert_true(set(&app, "temperature", i % 2 ? "3" : "2"));
        let_it_end(&app, &steps);
    }
    assert_true(steps > 2 || !task_has_threads());
}

TEST(escape_stops_it_and_all_is_as_it_was)
{
    OWN(app) app = open_large();
    OWN(seen) before = seen_of(&app);
    assert_true(set(&app, "temperature", "2"));
    assert_true(page_says(&app, "progress.done"));
    app_update(&app, (struct action){.kind = ACTION_KEY, .text = "Escape"});
    assert_false(app.job);
    assert_said(&app, "as it was");
    OWN(seen) after = seen_of(&app);
    assert_same_seen(&before, &after);
    assert_int_equal(app.history.undo.n, 0);
}

TEST(a_second_change_stops_the_first_and_keeps_what_it_wanted)
{
    int unused;
    OWN(app) app = open_large();
    OWN(app) one_by_one = open_large();
    assert_true(set(&app, "temperature", "2"));
    assert_true(set(&app, "scale", "none"));
    assert_true(set(&app, "mask", "causal"));
    let_it_end(&app, &unused);
    assert_int_equal(app.history.undo.n, 1);
    assert_true(set(&one_by_one, "temperature", "2"));
    app_wait(&one_by_one);
    assert_true(set(&one_by_one, "scale", "none"));
    app_wait(&one_by_one);
    assert_true(set(&one_by_one, "mask", "causal"));
    app_wait(&one_by_one);
    OWN(seen) got = seen_of(&app), wanted = seen_of(&one_by_one);
    assert_same_seen(&got, &wanted);
}

TEST(undo_takes_back_what_is_on_its_way_and_goes_beside_itself)
{
    int unused;
    OWN(app) app = open_large();
    OWN(seen) first = seen_of(&app);
    assert_true(set(&app, "temperature", "2"));
    give(&app, CMD_UNDO, 0);
    assert_false(app.job);
    assert_true(numbers_of(&app) == first.numbers);
    assert_true(set(&app, "temperature", "2"));
    let_it_end(&app, &unused);
    OWN(seen) changed = seen_of(&app);
    give(&app, CMD_UNDO, 0);
    assert_true(app.job);
    give(&app, CMD_UNDO, 0); /* waits for the first */
    let_it_end(&app, &unused);
    OWN(seen) undone = seen_of(&app);
    assert_same_seen(&first, &undone);
    give(&app, CMD_REDO, 0);
    let_it_end(&app, &unused);
    OWN(seen) again = seen_of(&app);
    assert_same_seen(&changed, &again);
}

TEST(an_edited_cell_of_it_is_what_reading_it_again_gives)
{
    OWN(app) app = open_large();
    struct cursor cell = {.on = true, .step = tape_find(&app.doc.lesson->tape, "X"), .row = 100, .col = 7};
    uint64_t first = numbers_of(&app);
    for (int k = 0; k < 3; k++) {
        assert_true(edit_cell(&app, &cell, k - 5.0));
        app_wait(&app);
    }
    OWN(str) line = line_of(&app);
    OWN(app) at_once = app_at(NULL, NULL);
    assert_ok(state_apply(&at_once, str_text(&line)));
    assert_true(numbers_of(&app) == numbers_of(&at_once));
    for (int k = 0; k < 3; k++) {
        give(&app, CMD_UNDO, 0);
        app_wait(&app);
    }
    assert_true(numbers_of(&app) == first);
}

/* The first blocked pair makes a mask, and more steps: the lesson is computed anew. */
TEST(a_mask_that_comes_with_its_first_cell_is_long_work)
{
    struct overrides next;
    const struct edit edit = {.tensor = "mask", .at = {0, 9, 11}, .value = 0};
    OWN(app) app = open_large();
    assert_ok(overrides_copy(&next, app_overrides(&app)));
    assert_ok(overrides_edit(&next, &edit));
    assert_true(app_change(&app, (struct qkv_err){0}, &next));
    assert_true(app.job);
    assert_int_equal(tape_find(&app.doc.lesson->tape, "mask"), -1);
    app_wait(&app);
    assert_true(tape_find(&app.doc.lesson->tape, "mask") >= 0);
}

/* Nothing is shown under a hand that types. */
TEST(what_is_ready_waits_for_a_field_to_be_left)
{
    OWN(app) app = open_large();
    assert_true(set(&app, "temperature", "2"));
    give(&app, CMD_SENTENCE, 0);
    const struct timespec moment = {.tv_nsec = 5000000};
    for (int k = 0; k < 4000 && !job_is_done(app.job); k++) {
        app_tick(&app, app.now + 0.005);
        nanosleep(&moment, NULL);
    }
    app_tick(&app, app.now + 1);
    assert_true(job_is_done(app.job) && app.input.field.on);
    assert_int_equal(app.history.undo.n, 0);
    app_update(&app, (struct action){.kind = ACTION_KEY, .text = "Escape"});
    assert_false(app.input.field.on);
    app_tick(&app, app.now + 1);
    assert_false(app.job);
    assert_int_equal(app.history.undo.n, 1);
}

TEST(whatever_is_done_meanwhile_the_app_stays_whole)
{
    enum { ROUNDS = 12, ACTIONS = 40 };
    static const char *const keys[] = {"Right", "Left", "Up", "Down", "Tab", "Return", "Delete", "PageUp", "Space"};
    PAGE scratch = {0};
    OWN(app) app = open_large();
    for (int round = 0; round < ROUNDS; round++) {
        char number[16];
        snprintf(number, sizeof number, "%d", 2 + round);
        set(&app, round % 3 == 2 ? "scale" : "temperature", number);
        for (int k = 0; k < ACTIONS; k++) {
            struct action a = {.kind = (enum action_kind)(ACTION_KEY + (int)chance(&luck, ACTION_AWAY - ACTION_KEY)),
                               .text = keys[chance(&luck, sizeof keys / sizeof keys[0])],
                               .x = (float)chance(&luck, 1280),
                               .y = (float)chance(&luck, 800)};
            if (a.kind == ACTION_TEXT || a.kind == ACTION_COMPOSE)
                a.text = "1";
            if (chance(&luck, 20) == 0)
                give(&app, chance(&luck, 2) ? CMD_UNDO : CMD_REDO, 0);
            app_update(&app, a);
            app_tick(&app, app.now + 0.01);
            if (k % 8 == 0)
                assert_non_null(app_draw(&app, &scratch));
            assert_true(app.state.position < app.doc.lesson->walk.length);
        }
    }
    assert_true(set(&app, "temperature", "100")); /* and is left while it computes */
}

/* Whatever is opened can be stopped, and then nothing was opened. */
TEST(what_is_opened_is_computed_beside_and_can_be_stopped)
{
    OWN(app) app;
    OWN(str) line = {0};
    OWN(app) large = open_large();
    assert_ok(session_of(&large, session_print, &line));
    const char *path = in_scratch("large");
    assert_ok(file_write(path, str_text(&line), line.n));
    assert_ok(app_init(&app, "one-head", NULL, fake_measure));
    app.patience = 0;
    OWN(seen) before = seen_of(&app);
    assert_true(app_open_here(&app, path));
    assert_true(app.job && strcmp(app.doc.lesson->name, "one-head") == 0);
    app_update(&app, (struct action){.kind = ACTION_KEY, .text = "Escape"});
    assert_null(app.job);
    OWN(seen) stopped = seen_of(&app);
    assert_same_seen(&before, &stopped);
    assert_true(app_open_here(&app, path));
    app_wait(&app);
    assert_string_equal(app.doc.lesson->name, "several-heads");
    assert_true(numbers_of(&app) == numbers_of(&large));
    assert_int_equal(app.history.undo.n, 1);
}

/* As a window begins: without a lesson, which comes when it is computed, unless it is stopped or wrong. */
static struct app begin_large(const char *more)
{
    struct app app;
    OWN(request) r = {0};
    OWN(str) state = large_state();
    str_add(&state, more);
    assert_ok(request_read_line(&r, str_text(&state)));
    assert_ok(app_begin(&app, &r, fake_measure, 0));
    assert_true(app.job && !app.doc.lesson);
    return app;
}

TEST(a_lesson_is_begun_with_before_it_is_computed)
{
    int unused;
    PAGE scratch = {0};
    OWN(app) app = begin_large(" theme=dark motion=no");
    const struct display_list *page = app_draw(&app, &scratch);
    assert_non_null(page);
    assert_memory_equal(&page->background, &theme_table[THEME_DARK].page, sizeof page->background);
    assert_string_equal(page_part_text(page, "opening", 0), "Opening several-heads");
    assert_int_equal(page_part_count(page, "progress.done"), 1);
    press(&app, "Right e C-z C-s Tab x 5");
    app_update(&app, (struct action){.kind = ACTION_POINT, .x = 600, .y = 400});
    app_update(&app, (struct action){.kind = ACTION_CLICK, .x = 600, .y = 400});
    app_update(&app, (struct action){.kind = ACTION_RESIZE, .x = 1000, .y = 700});
    assert_false(app.quit);
    let_it_end(&app, &unused);
    assert_string_equal(app.message, "");
    assert_true(app.width == 1000 && app.history.undo.n == 0);
    OWN(app) at_once = open_large();
    assert_true(numbers_of(&app) == numbers_of(&at_once));
    give(&app, CMD_UNDO, 0);
    assert_said(&app, "nothing to undo");
}

TEST(what_is_begun_with_can_be_stopped)
{
    PAGE scratch = {0};
    OWN(app) app = begin_large("");
    press(&app, "Escape");
    assert_true(app.quit);
    app.quit = false;
    const struct display_list *page = app_draw(&app, &scratch);
    const struct item *stop = page_target(&app, CMD_LEAVE);
    assert_true(page && stop);
    app_update(&app, (struct action){.kind = ACTION_CLICK, .x = stop->box.x + 1, .y = stop->box.y + 1});
    assert_true(app.quit);
}

TEST(what_is_begun_with_and_wrong_ends_with_what_is_wrong)
{
    int unused;
    OWN(app) app = begin_large(" at=nowhere");
    let_it_end(&app, &unused);
    assert_true(app.quit && !app.doc.lesson);
    assert_non_null(strstr(app.refused.err.what, "there is no step 'nowhere'"));
    assert_true(app.refused.request.usage_error);
}

TEST(how_much_a_large_computation_keeps_is_said_beside_how_far_it_is)
{
    OWN(app) app = begin_large("");
    struct view view;
    PAGE page = {0};
    app_view(&app, &view);
    view.working = true;
    view.progress = 0.4f;
    view.keeps = 1249000000;
    scene_build(&view, &app.measure, &page);
    assert_non_null(strstr(page_part_text(&page, "progress", 0), "Computing: 40% of 1.2 GB "));
    display_clear(&page);
    view.keeps = FOOTPRINT_LARGE - 1;
    scene_build(&view, &app.measure, &page);
    assert_null(strstr(page_part_text(&page, "progress", 0), " of "));
}

TEST(a_change_that_does_not_fit_beside_what_is_shown_is_refused_before_it_is_computed)
{
    int unused;
    char limit[32];
    OWN(app) app = open_large();
    size_t shown = lesson_bytes(app.doc.lesson);
    snprintf(limit, sizeof limit, "%zu", shown + shown / 2);
    setenv("QKV_MEMORY", limit, 1);
    set(&app, "mask", "causal");
    let_it_end(&app, &unused);
    unsetenv("QKV_MEMORY");
    assert_int_equal(app.doc.overrides.n_set, 1); /* what it was opened with */
    assert_non_null(strstr(app.message, "MB more may be kept here, as QKV_MEMORY says: take fewer tokens or heads"));
    set(&app, "mask", "causal");
    let_it_end(&app, &unused);
    assert_int_equal(app.doc.overrides.n_set, 2);
}

/* The app's document, with a mask or as it is, computed slice by slice, a slice a frame, as without a thread; and with
 * how many of them the bar was full. */
static struct computed_document run_slices(const struct app *app, const char *mask, size_t *ret_slices,
                                           size_t *ret_full)
{
    struct lesson_cache none = {0};
    struct ask ask = {0};
    OWN(ask) asked = {0};
    struct computed_document got;
    assert_ok(document_copy(&ask.document, &app->doc));
    if (mask)
        assert_ok(overrides_set(&ask.document.overrides, "mask", mask));
    struct job *job = job_new(&ask, &none, NULL);
    assert_non_null(job);
    *ret_slices = *ret_full = 0;
    for (float seen = 0; !job_go_on(job); ++*ret_slices) {
        assert_true(job_progress(job) >= seen);
        seen = job_progress(job);
        *ret_full += seen > 0.99f;
    }
    assert_ok(job_end(job, &asked, &got));
    return got;
}

TEST(slices_give_the_same_numbers)
{
    size_t slices, full;
    OWN(app) app = open_large();
    OWN(computed_document) got = run_slices(&app, NULL, &slices, &full);
    assert_true(slices > 10);
    assert_ptr_not_equal(got.document.lesson, app.doc.lesson);
    uint64_t wanted = numbers_of(&app);
    lesson_unref(app.doc.lesson);
    app.doc.lesson = lesson_ref(got.document.lesson);
    assert_true(numbers_of(&app) == wanted);
}

/* A changed lesson is computed with its baseline: the bar reaches its end only with the second of the two. */
TEST(the_bar_counts_the_baseline_too)
{
    size_t slices, full;
    OWN(app) app = open_large();
    OWN(computed_document) got = run_slices(&app, "causal", &slices, &full);
    assert_true(slices > 20);
    if (full > slices / 10)
        fail_msg("the bar was full for %zu of %zu slices", full, slices);
    assert_non_null(got.baseline);
}

TEST_GROUP(scratch_folder_make, scratch_folder_remove)
