/* What a person changed is seen: every cell that is another keeps a corner, what the last change moved lights up,
 * and the page says how far the output went and what both sides of a comparison cost. */
#include "test_app.h"

#include "scene/text.h"

#include <stdio.h>

static struct display_list list;

/* The cells of the matrices on the page that are not as in the other tape, where they are large enough to say so. */
static size_t count_changed(const struct app *app, const struct tape *then)
{
    size_t n = 0;
    for (size_t i = 0; i < list.n; i++) {
        const struct item *item = &list.items[i];
        if (item->kind != ITEM_HEATMAP || strcmp(item->part, "matrix") != 0 ||
            item->box.w / (float)item->as.heatmap.cols < 10 || item->box.h / (float)item->as.heatmap.rows < 10)
            continue;
        const struct step *now = &app->doc.lesson->tape.steps[item->as.heatmap.step];
        int old = tape_find(then, now->spec.name);
        assert_true(old >= 0);
        for (size_t r = 0; r < now->value.axis[AXIS_ROW].size; r++)
            for (size_t c = 0; c < now->value.axis[AXIS_COL].size; c++)
                n += *tensor_at(&now->value, item->as.heatmap.head, r, c) !=
                     *tensor_at(&then->steps[old].value, item->as.heatmap.head, r, c);
    }
    return n;
}

TEST(every_changed_cell_keeps_a_corner_and_lights_up)
{
    size_t corners = 0, lights = 0;
    OWN(app) app = app_at("one-head", NULL);
    OWN(app) written = app_at("one-head", NULL);
    assert_ok(state_apply(&app, "at=Q cell=W_Q,1,4,2"));
    give(&app, CMD_EDIT_UP, 0);
    assert_true(app.animation.flash == 1);
    for (size_t at = 0; at < app.doc.lesson->walk.n; at++) {
        app_go(&app, walk_whole(&app.doc.lesson->walk, at));
        scene_build(VIEW(&app), &app.measure, &list);
        assert_int_equal(page_part_count(&list, "ghost"), count_changed(&app, &written.doc.lesson->tape));
        assert_int_equal(page_part_count(&list, "flash"), count_changed(&app, &written.doc.lesson->tape));
        corners += page_part_count(&list, "ghost");
        lights += page_part_count(&list, "flash");
    }
    assert_true(corners > 10 && lights == corners);
    app_tick(&app, 1);
    app_tick(&app, 9);
    scene_build(VIEW(&app), &app.measure, &list);
    assert_int_equal(page_part_count(&list, "flash"), 0);
    give(&app, CMD_UNDO, 0);
    scene_build(VIEW(&app), &app.measure, &list);
    assert_int_equal(page_part_count(&list, "ghost") + page_part_count(&list, "moved.label"), 0);
}

TEST(the_page_says_how_far_the_output_moved_and_what_a_cell_was)
{
    char number[NUMBER_TEXT];
    OWN(app) app = app_at("several-heads", NULL);
    OWN(app) written = app_at("several-heads", NULL);
    assert_ok(state_apply(&app, "at=X cell=X,1,2,1 edit=X,1,2,1:3"));
    double largest = step_difference(&app.doc.lesson->tape, &written.doc.lesson->tape, "output");
    assert_true(largest > 0.1);
    for (int small = 0; small < 2; small++) {
        app_update(&app, (struct action){.kind = ACTION_RESIZE, .x = small ? 640 : 1280, .y = small ? 480 : 800});
        scene_build(VIEW(&app), &app.measure, &list);
        assert_non_null(strstr(page_part_text(&list, "moved.label", 0), number_text(largest, 2, number)));
    }
    app_update(&app, (struct action){.kind = ACTION_RESIZE, .x = 1280, .y = 800});
    scene_build(VIEW(&app), &app.measure, &list);
    bool was = false;
    for (size_t i = 0; i < list.n; i++)
        was = was || (strcmp(list.items[i].part, "card.before") == 0 &&
                      strstr(display_item_text(&list, &list.items[i]), "1.00"));
    assert_true(was);
}

TEST(a_comparison_says_its_largest_difference_and_what_both_sides_cost)
{
    char number[NUMBER_TEXT], wanted[80];
    OWN(app) app = app_at("one-head", NULL);
    OWN(app) written = app_at("one-head", NULL);
    assert_ok(state_apply(&app, "lesson=one-head at=weights compare=before set=scale=none"));
    scene_build(VIEW(&app), &app.measure, &list);
    double largest = step_difference(&app.doc.lesson->tape, &written.doc.lesson->tape, "weights"), here = 0, there = 0;
    for (size_t i = 0; i < app.doc.lesson->tape.n; i++)
        here += tape_cost(&app.doc.lesson->tape, (int)i).flops;
    for (size_t i = 0; i < written.doc.lesson->tape.n; i++)
        there += tape_cost(&written.doc.lesson->tape, (int)i).flops;
    assert_true(here > 0 && here < there);
    assert_non_null(strstr(page_part_text(&list, "largest", 0), number_text(largest, 2, number)));
    OWN(str) costs = {0};
    for (size_t i = 0, n = page_part_count(&list, "costs"); i < n; i++) {
        const char *text = page_part_text(&list, "costs", i);
        str_addf(&costs, "%s ", text ? text : "");
    }
    snprintf(wanted, sizeof wanted, "operations %.0f ", here);
    assert_non_null(strstr(str_text(&costs), wanted));
    snprintf(wanted, sizeof wanted, "n = 7 %.0f ", there);
    assert_non_null(strstr(str_text(&costs), wanted));
}
