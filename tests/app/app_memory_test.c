/* Memory that runs out at every single allocation of opening a lesson, walking it and laying out its pages: no
 * crash, no leak, an error or a page that says it is not whole; and the next attempt gives what it gave before.
 *
 * Opening costs the most by far (every built-in lesson is opened for its title), and its own allocations are tested
 * with the lessons; here every OPEN_STRIDE-th of them fails, and every one of what follows, or of that a sample. */
#include "snapshot.h"
#include "test_app.h"

#include "support/fail_alloc.h"
#include "support/sample.h"

#include "app/app_parts.h"

#include <stdio.h>

enum { OPEN_STRIDE = 23, SAMPLE_EVERY = 3 };

static bool app_opens(struct app *app)
{
    struct qkv_err err = app_init(app, NULL, NULL, fake_measure);
    return !err.code;
}

TEST(opening_an_app_survives_every_allocation)
{
    struct app app;
    fail_alloc_at(0);
    assert_true(app_opens(&app));
    long n = fail_alloc_count(), refused = 0;
    OWN(str) wanted = page_text(&app);
    app_finish(&app);
    for (long i = 1; i <= n; i += OPEN_STRIDE * (test_all() ? 1 : SAMPLE_EVERY)) {
        fail_alloc_at(i);
        bool opened = app_opens(&app);
        fail_alloc_at(0);
        if (opened) {
            /* A library that could not shrink a copy goes on with the larger one. */
            OWN(str) got = page_text(&app);
            assert_string_equal(str_text(&got), str_text(&wanted));
        }
        refused += !opened;
        app_finish(&app); /* as it is after a failure: finishing forgives */
    }
    assert_true(refused > 20);
    assert_true(app_opens(&app));
    OWN(str) got = page_text(&app);
    assert_string_equal(str_text(&got), str_text(&wanted));
    app_finish(&app);
}

/* What a person does between two pages. */
static void act(struct app *app, int which)
{
    static const int pages[] = {CMD_FORWARD,  CMD_CURSOR_DOWN, CMD_PIN,  CMD_UNFOLD,  CMD_LEAVE, CMD_LEAVE,
                                CMD_OVERVIEW, CMD_LEAVE,       CMD_KEYS, CMD_LESSONS, CMD_LEAVE, CMD_FORWARD};
    give(app, pages[which], 0);
}
enum { ACTS = 12 };

/* Fresh lists each time, so that every allocation they need is asked for. False: a page is not whole. */
static bool draw_all(const struct app *app, struct str *to)
{
    PAGE page = {0}, before = {0}, mixed = {0};
    struct view_state state = app->state;
    struct view view;
    app_view(app, &view);
    view.state = &state;
    scene_build(&view, &app->measure, &page);
    state.position = walk_back(&app->doc.lesson->walk, state.position, STRIDE_STEP);
    scene_build(&view, &app->measure, &before);
    scene_mix(&before, &page, 0.5f, &mixed);
    bool whole = !page.failed && !before.failed && !mixed.failed;
    page_print(&page, to);
    page_print(&mixed, to);
    state_print(app, to);
    whole = whole && !to->failed;
    return whole;
}

TEST(every_page_survives_every_allocation)
{
    long failed = 0;
    fail_alloc_at(0);
    OWN(app) app = app_at("several-heads", NULL);
    for (int which = 0; which < ACTS; which++) {
        OWN(str) wanted = {0};
        act(&app, which);
        fail_alloc_at(0);
        assert_true(draw_all(&app, &wanted));
        long n = fail_alloc_count();
        for (long i = 1; i <= n; i += test_all() ? 1 : SAMPLE_EVERY, failed++) {
            struct str got = {0};
            fail_alloc_at(i);
            bool whole = draw_all(&app, &got);
            fail_alloc_at(0);
            if (whole && strcmp(str_text(&got), str_text(&wanted)) != 0)
                fail_msg("after action %d, allocation %ld of %ld failed and nobody said so", which, i, n);
            str_finish(&got);
            if (i % 16 == 1) {
                assert_true(draw_all(&app, &got));
                assert_string_equal(str_text(&got), str_text(&wanted));
                str_finish(&got);
            }
        }
    }
    printf("%ld allocations failed\n", failed);
}

TEST(a_state_line_is_taken_whole_or_not_at_all)
{
    fail_alloc_at(0);
    OWN(app) app = app_at(NULL, NULL);
    OWN(str) before = {0}, after = {0};
    state_print(&app, &before);
    assert_ok(state_apply(&app, "lesson=several-heads at=weights head=2 theme=dark"));
    assert_ok(state_apply(&app, str_text(&before)));
    long n = 1, refused = 0;
    for (bool reached = true; reached; n += 7) {
        assert_ok(state_apply(&app, str_text(&before)));
        cache_finish(&app.cache); /* or nothing would have to be computed */
        fail_alloc_at(n);
        struct qkv_err err = state_apply(&app, "lesson=several-heads at=weights head=2 theme=dark");
        reached = fail_alloc_count() >= n;
        fail_alloc_at(0);
        str_clear(&after);
        state_print(&app, &after);
        if (err.code)
            assert_string_equal(str_text(&after), str_text(&before));
        else
            assert_string_equal(str_text(&after), "lesson=several-heads at=weights head=2 theme=dark");
        assert_true(reached || !err.code);
        refused += err.code != QKV_OK;
    }
    assert_true(refused > 100);
}

/* The first edit copies the lesson, the next ones take the one before, and a lesson may have a second computation. */
TEST(an_edit_is_made_whole_or_not_at_all)
{
    long failed = 0;
    fail_alloc_at(0);
    OWN(app) app = app_at("linear-attention", NULL);
    assert_true(app.doc.lesson->second.on);
    for (int round = 0; round < 3; round++) {
        struct cursor cell = {.on = true, .step = tape_find(&app.doc.lesson->tape, "X"), .row = 1};
        bool reached = true;
        for (long i = 1; reached; i += test_all() ? 1 : SAMPLE_EVERY) {
            OWN(snapshot) before = snapshot_of(&app);
            fail_alloc_at(i);
            bool done = edit_cell(&app, &cell, 0.25 * (round + 1));
            reached = fail_alloc_count() >= i;
            fail_alloc_at(0);
            OWN(snapshot) after = snapshot_of(&app);
            assert_int_equal(done, !same_snapshot(&before, &after));
            assert_true(done || reached);
            failed += !done;
            if (done && reached)
                give(&app, CMD_UNDO, 0);
        }
    }
    printf("%ld edits refused\n", failed);
    assert_true(failed > 60);
}
