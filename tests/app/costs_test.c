/* costs_test.c: time is measured beside the window, can be stopped, and becomes part of what is on the screen. */
#include "test_app.h"

#include "app/app_parts.h"
#include "app/timing.h"
#include "base/thread.h"
#include "support/sample_times.h"

#include <time.h>

enum { LENGTHS = 3 };

static struct app measuring_app(double patience)
{
    struct app app = app_at("linear-attention", "page=costs");
    app.state.motion = false;
    app.host.measures = LENGTHS;
    app.patience = patience;
    return app;
}

TEST(times_are_measured_for_as_many_lengths_as_the_host_wants)
{
    struct progress progress = {0};
    struct timing *timing = timing_new(16, LENGTHS, &progress);
    struct untaped_times times = {0};
    size_t last = 0, steps = 0;
    assert_non_null(timing);
    for (; timing_run(timing); steps++) {
        assert_true(atomic_load(&progress.done) >= last && atomic_load(&progress.done) <= progress.total);
        last = atomic_load(&progress.done);
    }
    assert_ok(timing_end(timing, &times));
    timing_free(timing);
    assert_int_equal(steps, LENGTHS * UNTAPED_COUNT);
    assert_true(times.here && times.d == 16);
    for (int way = 0; way < UNTAPED_COUNT; way++)
        for (size_t i = 0; i < UNTAPED_LENGTHS; i++)
            assert_int_equal(times.seconds[way][i] > 0, i < LENGTHS);
    /* Sixteen times the pairs take longer, whatever the machine. */
    assert_true(times.seconds[UNTAPED_SOFTMAX][2] > times.seconds[UNTAPED_SOFTMAX][0]);
}

TEST(a_key_measures_and_the_page_shows_it)
{
    OWN(app) app = measuring_app(INFINITY);
    struct display_list scratch = {0};
    type(&app, "M");
    app_draw(&app, &scratch);
    assert_int_equal(app.state.costs.times.d, 64);
    assert_string_equal(page_part_text(&app.page, "costs.title", 1), "Time, measured on this machine");
    assert_int_equal(page_part_count(&app.page, "costs.point"), UNTAPED_COUNT * (UNTAPED_LENGTHS + LENGTHS));
    assert_int_equal(app.history.undo.n, 0);
    /* A state line says the numbers, and not that they were measured just now. */
    OWN(str) line = {0};
    state_print(&app, &line);
    OWN(app) other = app_at(NULL, str_text(&line));
    assert_memory_equal(other.state.costs.times.seconds, app.state.costs.times.seconds,
                        sizeof app.state.costs.times.seconds);
    app_draw(&other, &scratch);
    assert_string_equal(page_part_text(&other.page, "costs.title", 1), "Time, as measured earlier");
    display_finish(&scratch);
}

TEST(from_any_page_the_key_opens_the_page)
{
    OWN(app) app = measuring_app(INFINITY);
    app.state.page = PAGE_HEADS;
    type(&app, "M");
    assert_int_equal(app.state.page, PAGE_COSTS);
    assert_int_equal(app.state.costs.times.d, 64);
}

TEST(it_goes_on_beside_and_can_be_stopped)
{
    OWN(app) app = measuring_app(0);
    struct timespec start, end;
    if (!task_has_threads())
        skip();
    app.host.measures = UNTAPED_LENGTHS;
    type(&app, "M");
    assert_non_null(app.job);
    assert_true(VIEW(&app)->measuring);
    give(&app, CMD_FORWARD, 0); /* the page can be used */
    for (int i = 0; i < 100 && app.progress <= 0; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
        app_tick(&app, app.now + 0.01);
    }
    assert_true(app.progress > 0);
    clock_gettime(CLOCK_MONOTONIC, &start);
    key(&app, "Escape");
    clock_gettime(CLOCK_MONOTONIC, &end);
    assert_null(app.job);
    assert_int_equal(app.state.costs.times.d, 0);
    assert_int_equal(app.state.page, PAGE_COSTS);
    assert_true((double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec) < 1);
}

TEST(a_change_takes_its_place)
{
    OWN(app) app = measuring_app(0);
    app.host.measures = UNTAPED_LENGTHS;
    type(&app, "M");
    assert_ok(state_apply(&app, "set=eps=0.5"));
    app_wait(&app);
    assert_int_equal(app.state.costs.times.d, 0);
    assert_int_equal(app.doc.overrides.n_set, 1);
}

TEST(without_a_window_nothing_is_measured)
{
    OWN(app) app = app_at("one-head", NULL);
    type(&app, "M");
    assert_int_equal(app.state.page, PAGE_COSTS);
    assert_null(app.job);
    assert_int_equal(app.state.costs.times.d, 0);
    assert_non_null(strstr(app.message, "in the window"));
}

TEST(times_stay_when_a_change_is_undone_and_another_lesson_is_opened)
{
    OWN(app) app = app_at("one-head", "page=costs times=" SAMPLE_TIMES);
    const struct untaped_times times = app.state.costs.times;
    give(&app, CMD_CURSOR_DOWN, 0);
    app.state.page = PAGE_WALK;
    press(&app, "Down k C-z");
    assert_true(app_open_here(&app, "tiles"));
    assert_memory_equal(&app.state.costs.times, &times, sizeof times);
}

TEST(arrows_and_points_choose_the_length_and_a_key_the_width)
{
    OWN(app) app = app_at("one-head", "page=costs times=" SAMPLE_TIMES);
    struct display_list scratch = {0};
    press(&app, "Down Down");
    assert_int_equal(app.state.costs.shorter, 2);
    press(&app, "Up Up Up");
    assert_int_equal(app.state.costs.shorter, 0);
    app_draw(&app, &scratch);
    const struct item *hit = page_hit(&app.page, CMD_COSTS_POINT, -1);
    assert_non_null(hit);
    app_update(&app, (struct action){
                         .kind = ACTION_CLICK, .x = hit->box.x + hit->box.w / 2, .y = hit->box.y + hit->box.h / 2});
    assert_int_equal(app.state.costs.shorter, UNTAPED_LENGTHS - 1 - hit->as.hit.argument % UNTAPED_LENGTHS);
    press(&app, "W");
    assert_int_equal(app.state.costs.width_offset, 1);
    press(&app, "W");
    assert_int_equal(app.state.costs.width_offset, -1);
    display_finish(&scratch);
}
