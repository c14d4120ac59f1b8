/* Large matrices: nothing is left out silently, what is left out is said, and a window of it can be moved. */
#include "test_view.h"

#include "scene/view.h"

#include <stdio.h>

static struct app app;
static struct display_list scratch;

static void open_large(void)
{
    static const char *const words[] = {"the ", "cat ", "it ", "zorgle ", "saw "};
    static struct str state;
    str_add(&state, "sentence=\"");
    for (size_t i = 0; i < 300; i++)
        str_add(&state, words[(i * i + i / 3) % 5]);
    str_add(&state, "\"");
    assert_ok(app_init(&app, "causal-mask", str_text(&state), fake_measure));
    str_finish(&state);
}

static void close_large(void)
{
    app_finish(&app);
    display_finish(&scratch);
}

static void apply(const char *line)
{
    assert_ok(state_apply(&app, line));
    assert_non_null(app_draw(&app, &scratch));
}

static const struct item *find(const char *part, int step)
{
    for (size_t i = 0; i < app.page.n; i++)
        if (strcmp(app.page.items[i].part, part) == 0 &&
            (step < 0 || (app.page.items[i].kind == ITEM_HEATMAP && app.page.items[i].as.heatmap.step == step)))
            return &app.page.items[i];
    return NULL;
}

static int step_named(const char *name)
{
    return tape_find(&app.doc.lesson->tape, name);
}

static void assert_said(const char *part, const char *words)
{
    OWN(str) said = {0};
    for (size_t i = 0; i < app.page.n; i++)
        if (strcmp(app.page.items[i].part, part) == 0)
            str_add(&said, display_item_text(&app.page, &app.page.items[i]));
    if (!strstr(str_text(&said), words))
        fail_msg("%s says \"%s\", not \"%s\"", part, str_text(&said), words);
}

static void act(enum action_kind kind, float x, float y, int lines, bool control)
{
    app_update(&app, (struct action){.kind = kind, .x = x, .y = y, .argument = lines, .ctrl = control});
    assert_non_null(app_draw(&app, &scratch));
}

/* So small that squares are means in both directions; and as it was. */
static void resize(float width, float height)
{
    app_update(&app, (struct action){.kind = ACTION_RESIZE, .x = width, .y = height});
}

TEST(a_square_has_the_colour_of_the_mean_of_its_cells)
{
    resize(640, 480);
    apply("at=masked");
    int step = step_named("masked");
    const struct item *map = find("matrix", step);
    const struct tensor *value = &app.doc.lesson->tape.steps[step].value;
    size_t down = map->as.heatmap.block_rows, across = map->as.heatmap.block_cols, blocked = 0, shown = 0;
    double most = 0;
    assert_true(down > 1 && across > 1);
    assert_int_equal(map->as.heatmap.rows, (300 + down - 1) / down);
    /* The scale of the step: its largest number. */
    for (size_t i = 0; i < 300 * 300; i++)
        most = fmax(most, isfinite(value->v[i]) ? fabs(value->v[i]) : 0);
    for (size_t r = 0; r < map->as.heatmap.rows; r++)
        for (size_t c = 0; c < map->as.heatmap.cols; c++) {
            double sum = 0, n = 0;
            for (size_t i = r * down; i < (r + 1) * down && i < 300; i++)
                for (size_t k = c * across; k < (c + 1) * across && k < 300; k++)
                    if (isfinite(*tensor_at(value, 0, i, k)))
                        sum += *tensor_at(value, 0, i, k), n++;
            struct colour got = app.page.colours[map->as.heatmap.at + r * map->as.heatmap.cols + c];
            struct colour want =
                n > 0 ? value_colour(&theme_table[0], SCALE_SIGNED, most, sum / n) : theme_table[0].blocked;
            assert_memory_equal(&got, &want, sizeof got);
            blocked += n == 0, shown += n > 0;
        }
    assert_true(blocked > 100 && shown > 100);
    resize(1280, 800);
}

TEST(the_page_says_what_it_does_not_show_cell_by_cell)
{
    for (size_t at = 0; at < app.doc.lesson->walk.n; at++) {
        char line[160];
        const struct step *step = &app.doc.lesson->tape.steps[app.doc.lesson->walk.steps[at].step];
        snprintf(line, sizeof line, "at=%s", step->spec.name);
        apply(line);
        bool means = false;
        for (size_t i = 0; i < app.page.n; i++) {
            const struct item *item = &app.page.items[i];
            if (item->kind == ITEM_HEATMAP && strcmp(item->part, "matrix") == 0)
                means = means || item->as.heatmap.block_rows > 1 || item->as.heatmap.block_cols > 1;
        }
        assert_int_equal(means, find("zoom.means", -1) != NULL);
        assert_null(find("zoom.part", -1));
        if (step->value.axis[AXIS_ROW].size < 300)
            continue;
        zoom_set(VIEW(&app), &app.state.zoom, (struct section){100, 50}, (struct section){0, 0});
        app_draw(&app, &scratch);
        assert_said("zoom.part", "rows 101 to 150 of 300");
        assert_non_null(find("zoom.more", -1));
    }
}

TEST(operands_show_the_rows_and_columns_of_the_window)
{
    static const struct {
        const char *line, *matrix;
        size_t row, rows, col, cols; /* as it stands */
    } cases[] = {
        {"at=scores zoom=101,40,201,30", "scores", 100, 40, 200, 30},
        {"at=scores zoom=101,40,201,30", "Q", 100, 40, 0, 4},
        {"at=scores zoom=101,40,201,30", "K", 0, 4, 200, 30},
        {"at=weights zoom=101,40,201,30", "weights", 100, 40, 200, 30},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        apply(cases[i].line);
        const struct item *item = find("matrix", step_named(cases[i].matrix));
        assert_non_null(item);
        assert_int_equal(item->as.heatmap.row, cases[i].row);
        assert_int_equal(item->as.heatmap.row_n, cases[i].rows);
        assert_int_equal(item->as.heatmap.col, cases[i].col);
        assert_int_equal(item->as.heatmap.col_n, cases[i].cols);
    }
    /* The step that uses the weights shows the same part of them, and the values of the same words. */
    apply("at=weights zoom=101,40,201,30");
    while (view_step(VIEW(&app)) == step_named("weights"))
        app_update(&app, (struct action){.kind = ACTION_COMMAND, .command = CMD_FORWARD});
    app.animation.transition.on = false;
    app_draw(&app, &scratch);
    const struct item *a = find("matrix", step_named("weights")), *v = find("matrix", step_named("V"));
    assert_true(a && v);
    assert_int_equal(a->as.heatmap.row, 100);
    assert_int_equal(a->as.heatmap.col, 200);
    assert_int_equal(v->as.heatmap.row, 200);
    assert_int_equal(v->as.heatmap.row_n, 30);
}

TEST(every_cell_on_the_page_can_be_pointed_at)
{
    static const char *const lines[] = {"at=scores", "at=scores zoom=101,40,201,30"};
    for (size_t i = 0; i < 2; i++) {
        apply(lines[i]);
        int step = step_named("scores");
        const struct item *map = find("matrix", step);
        for (size_t r = 0; r < map->as.heatmap.row_n; r++)
            for (size_t c = 0; c < map->as.heatmap.col_n; c++) {
                size_t row = map->as.heatmap.row + r, col = map->as.heatmap.col + c;
                struct rect place = heatmap_place(map, row, col);
                struct cursor got = display_at(&app.page, place.x + place.w / 2, place.y + place.h / 2).cell;
                assert_true(got.on && got.step == step && got.row == row && got.col == col);
            }
    }
}

TEST(the_mean_of_the_square_pointed_at_follows_with_a_pencil)
{
    const struct tensor *value = &app.doc.lesson->tape.steps[step_named("scores")].value;
    resize(1000, 500);
    for (size_t i = 0; i < 300; i += 23) {
        char line[160];
        snprintf(line, sizeof line, "at=scores cell=scores,1,%zu,%zu", i + 1, (i * 7) % 300 + 1);
        apply(line);
        size_t from, to, left, right, n, count = 0;
        double sum, mean, true_sum = 0;
        OWN(str) said = {0};
        for (size_t k = 0; k < app.page.n; k++)
            if (strcmp(app.page.items[k].part, "zoom.means") == 0)
                str_add(&said, display_item_text(&app.page, &app.page.items[k]));
        const char *at = strstr(str_text(&said), "rows");
        assert_non_null(at);
        assert_int_equal(sscanf(at, "rows %zu to %zu, columns %zu to %zu: sum %lf ÷ %zu cells = mean %lf", &from, &to,
                                &left, &right, &sum, &n, &mean),
                         7);
        assert_true(from <= i + 1 && i + 1 <= to);
        for (size_t r = from - 1; r < to; r++)
            for (size_t c = left - 1; c < right; c++, count++)
                true_sum += *tensor_at(value, 0, r, c);
        assert_int_equal(n, count);
        assert_close(sum, true_sum, 5e-4 + 1e-9);
        assert_close(sum / (double)n, mean, 5e-4 + 1e-9);
    }
    resize(1280, 800);
}

TEST(keys_zoom_and_the_window_follows_the_cell)
{
    apply("at=scores cell=scores,1,120,220");
    const struct section *rows = &app.state.zoom.row.shown, *cols = &app.state.zoom.col.shown;
    for (int i = 0; i < 10; i++)
        app_update(&app, action_of_key("z"));
    assert_int_equal(rows->n, ZOOM_LEAST);
    assert_true(rows->from <= 119 && 119 < rows->from + rows->n && cols->from <= 219 && 219 < cols->from + cols->n);
    assert_string_not_equal(app.message, "");
    for (int i = 0; i < 20; i++) {
        app_update(&app, action_of_key("Down"));
        app_update(&app, action_of_key("Left"));
    }
    assert_int_equal(app.state.cursor.row, 139);
    assert_int_equal(rows->from + rows->n, 140);
    assert_int_equal(cols->from, 199);
    for (int i = 0; i < 10; i++)
        app_update(&app, action_of_key("Z"));
    assert_false(zoom_is_on(VIEW(&app)));
    app_update(&app, action_of_key("z"));
    assert_true(zoom_is_on(VIEW(&app)));
    app_update(&app, action_of_key("a"));
    assert_false(zoom_is_on(VIEW(&app)));
}

TEST(the_wheel_and_the_map_move_the_window)
{
    apply("at=scores");
    const struct item *map = find("matrix", step_named("scores"));
    struct rect place = heatmap_place(map, 120, 220);
    float x = place.x, y = place.y;
    act(ACTION_WHEEL, x, y, 4, true);
    assert_true(zoom_is_on(VIEW(&app)));
    /* What was under the pointer is there still. */
    struct cursor cell = display_at(&app.page, x, y).cell;
    assert_true(cell.on);
    assert_in_range(cell.row, 117, 123);
    assert_in_range(cell.col, 217, 223);
    size_t row = app.state.zoom.row.shown.from, col = app.state.zoom.col.shown.from;
    act(ACTION_WHEEL, x, y, -1, false);
    assert_true(app.state.zoom.row.shown.from > row);
    assert_int_equal(app.state.zoom.col.shown.from, col);
    const struct item *hit = page_hit(&app.page, CMD_ZOOM_MAP, -1);
    assert_non_null(hit);
    struct rect box = hit->box;
    act(ACTION_PRESS, box.x + 1, box.y + 1, 0, false);
    assert_int_equal(app.state.zoom.row.shown.from, 0);
    assert_int_equal(app.state.zoom.col.shown.from, 0);
    act(ACTION_POINT, box.x + box.w - 1, box.y + box.h - 1, 0, false);
    assert_int_equal(app.state.zoom.row.shown.from + app.state.zoom.row.shown.n, 300);
    /* The button was let go. */
    act(ACTION_RELEASE, 0, 0, 0, false);
    act(ACTION_POINT, box.x + 1, box.y + 1, 0, false);
    assert_int_equal(app.state.zoom.row.shown.from + app.state.zoom.row.shown.n, 300);
}

TEST(a_state_line_says_the_window)
{
    apply("at=scores zoom=101,40,201,30");
    OWN(str) line = {0}, before = {0}, after = {0};
    state_print(&app, &line);
    assert_non_null(strstr(str_text(&line), " at=scores zoom=101,40,201,30"));
    page_print(&app.page, &before);
    apply("at=scores");
    apply(str_text(&line));
    page_print(&app.page, &after);
    assert_string_equal(str_text(&before), str_text(&after));
}

TEST_GROUP(open_large, close_large)
