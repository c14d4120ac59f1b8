/* Pictures that can be changed: a drag gives the number that is shown, and the picture follows. */
#include "test_app.h"

static void draw(struct app *app)
{
    static struct display_list scratch; /* never filled: there is no transition */
    app->animation.transition.on = false;
    assert_non_null(app_draw(app, &scratch));
}

static void act(struct app *app, enum action_kind kind, float x, float y)
{
    app_update(app, (struct action){.kind = kind, .argument = 1, .x = x, .y = y});
    draw(app);
}

static bool is_at(const struct hit *hit, int step, size_t row, size_t col)
{
    return hit->command == CMD_CELL && hit->cell.step == step && hit->cell.row == row && hit->cell.col == col;
}

/* The bar of the ruler that stands for this distance, from 0 for the farthest back. */
static struct rect bar_of(const struct app *app, size_t col, struct hit *ret_hit)
{
    for (size_t i = 0; i < app->page.n; i++) {
        const struct item *item = &app->page.items[i];
        if (strcmp(item->part, "ruler.bar") != 0)
            continue;
        const struct item *hit =
            display_at(&app->page, item->box.x + item->box.w / 2, item->box.y + item->box.h / 2).hit;
        if (hit && hit->as.hit.command == CMD_CELL && hit->as.hit.cell.col == col) {
            *ret_hit = hit->as.hit;
            return item->box;
        }
    }
    fail_msg("the ruler has no bar %zu", col);
    return (struct rect){0};
}

static double table_number(const struct app *app, size_t col)
{
    return *tensor_at(&app->doc.lesson->tape.steps[tape_find(&app->doc.lesson->tape, "relative_bias")].value, 0, 0,
                      col);
}

/* Its end goes where the pointer goes: the number is rounded to what is written. */
TEST(a_bar_of_the_ruler_is_dragged_to_the_number_that_it_shows)
{
    OWN(app) app = app_at("relative-positions", "at=bias picture=large");
    draw(&app);
    struct hit hit;
    const struct rect bar = bar_of(&app, 1, &hit);
    const float x = bar.x + bar.w / 2, y = bar.y + bar.h / 2, down = -12;
    const double before = table_number(&app, 1), wanted = round(100 * (before + (double)(down * hit.per_y))) / 100;
    assert_true(wanted > before && wanted < 1);
    act(&app, ACTION_PRESS, x, y);
    act(&app, ACTION_POINT, x, y + down);
    act(&app, ACTION_RELEASE, x, y + down);
    assert_close(table_number(&app, 1), wanted, 1e-9);
    /* Not past the next whole number: the scale has stayed. */
    const struct rect after = bar_of(&app, 1, &hit);
    assert_close((double)(after.h - bar.h), (double)-down, 0.5 + 0.005 / -(double)hit.per_y);
    give(&app, CMD_UNDO, 0);
    assert_close(table_number(&app, 1), before, 0);
}

/* Friends of the graph are clicked into the mask, and out of it. */
TEST(a_click_on_a_friend_draws_a_line_and_another_takes_it_away)
{
    OWN(app) app = app_at("graph", "at=masked picture=large");
    draw(&app);
    const int mask = tape_find(&app.doc.lesson->tape, "mask");
    const size_t dora = 3, anna = 0;
    struct rect node = {0};
    for (size_t i = 0; i < app.page.n; i++) {
        const struct item *item = &app.page.items[i];
        if (item->kind == ITEM_HIT && is_at(&item->as.hit, mask, dora, anna) && strcmp(item->part, "figure.cell") == 0)
            node = item->box;
    }
    assert_true(node.w > 0);
    const float x = node.x + node.w / 2, y = node.y + node.h / 2;
    for (int now = 1; now >= 0; now--) {
        act(&app, ACTION_POINT, x, y);
        act(&app, ACTION_PRESS, x, y);
        act(&app, ACTION_RELEASE, x, y);
        assert_close(*tensor_at(&app.doc.lesson->tape.steps[mask].value, 0, dora, anna), now, 0);
    }
}
