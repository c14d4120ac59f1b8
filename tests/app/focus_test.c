/* Every control of every page can be reached and used with keys alone, and says what it does. */
#include "test_app.h"

static const struct display_list *draw(struct app *app)
{
    static struct display_list scratch; /* never filled: there is no transition */
    app->animation.transition.on = false;
    const struct display_list *list = app_draw(app, &scratch);
    assert_non_null(list);
    return list;
}

static bool is_control(const struct item *item)
{
    return item->kind == ITEM_HIT && item->as.hit.command >= 0 && item->as.hit.command != CMD_NOTHING;
}

enum { CONTROLS_MOST = 512 };

static size_t transport_controls_of(const struct display_list *page, struct widget ret[CONTROLS_MOST])
{
    size_t n = 0;
    for (size_t i = 0; i < page->n; i++)
        if (is_control(&page->items[i])) {
            assert_true(n < CONTROLS_MOST);
            ret[n++] = (struct widget){true, page->items[i].as.hit.command, page->items[i].as.hit.argument};
        }
    return n;
}

static bool same(const struct widget *a, const struct widget *b)
{
    return a->on == b->on && a->command == b->command && a->argument == b->argument;
}

/* F6 as often as there are controls comes to every one of them, and Shift+F6 goes back the same way. */
static void check_page(struct app *app)
{
    static struct widget all[CONTROLS_MOST], way[CONTROLS_MOST];
    size_t n = transport_controls_of(draw(app), all);
    assert_true(n > 1);
    for (size_t k = 0; k < n; k++) {
        key(app, "F6");
        const struct display_list *page = draw(app);
        way[k] = app->input.focus;
        assert_non_null(page_item(page, "focus"));
    }
    for (size_t i = 0; i < n; i++) {
        bool met = false;
        for (size_t k = 0; k < n; k++)
            met = met || same(&way[k], &all[i]);
        if (!met)
            fail_msg("%s %d is not reached", command_shown(all[i].command)->name, all[i].argument);
    }
    app_update(app, (struct action){.kind = ACTION_KEY, .text = "F6", .shift = true});
    draw(app);
    assert_true(same(&app->input.focus, &way[n - 2]));
    key(app, "Escape");
    assert_false(app->input.focus.on);
}

TEST(every_control_is_reached_with_keys)
{
    static const char *const lines[] = {"lesson=several-heads at=scores", "lesson=one-head page=overview",
                                        "lesson=one-head page=lessons", "lesson=one-head page=keys",
                                        "lesson=linear-attention at=heads compare=yes"};
    OWN(app) app = app_at(NULL, NULL);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        assert_ok(state_apply(&app, lines[i]));
        check_page(&app);
    }
}

TEST(enter_does_what_a_click_would)
{
    OWN(app) clicked = app_at("several-heads", NULL);
    OWN(app) pressed = app_at("several-heads", NULL);
    const struct display_list *page = draw(&clicked);
    size_t controls = 0;
    for (size_t i = 0; i < page->n; i++)
        controls += is_control(&page->items[i]);
    for (size_t k = 1; k <= controls; k++) {
        assert_ok(state_apply(&clicked, "lesson=several-heads at=scores motion=no"));
        assert_ok(state_apply(&pressed, "lesson=several-heads at=scores motion=no"));
        draw(&clicked);
        for (size_t i = 0; i < k; i++) {
            draw(&pressed);
            key(&pressed, "F6");
        }
        struct widget focus = pressed.input.focus;
        draw(&pressed);
        key(&pressed, "Return");
        app_update(&clicked,
                   (struct action){.kind = ACTION_COMMAND, .command = focus.command, .argument = focus.argument});
        OWN(str) wanted = {0}, got = {0};
        /* Whoever presses again presses the same. */
        assert_true(pressed.input.focus.on);
        assert_int_equal(pressed.input.focus.command, focus.command);
        assert_int_equal(pressed.input.focus.argument, focus.argument);
        pressed.input.focus.on = false;
        state_print(&clicked, &wanted);
        state_print(&pressed, &got);
        assert_string_equal(str_text(&got), str_text(&wanted));
    }
}

/* Enter on the control that is Enter itself: on the page of keys, where it is large, its line can be reached. */
TEST(enter_on_its_own_control_ends)
{
    OWN(app) app = app_at(NULL, NULL);
    app_update(&app, (struct action){.kind = ACTION_RESIZE, .x = 1920, .y = 1400});
    assert_ok(state_apply(&app, "page=keys motion=no"));
    draw(&app);
    for (int k = 0; k < CONTROLS_MOST && !(app.input.focus.on && app.input.focus.command == CMD_PIN); k++) {
        key(&app, "F6");
        draw(&app);
    }
    assert_int_equal(app.input.focus.command, CMD_PIN);
    key(&app, "Return");
    assert_int_equal(app.state.page, PAGE_WALK);
}

static bool tip_is_on(struct app *app)
{
    return page_item(draw(app), "tip.text");
}

TEST(a_control_that_is_rested_on_says_what_it_does)
{
    OWN(app) app = app_at(NULL, NULL);
    app_tick(&app, 1);
    const struct item *control = page_hit(draw(&app), CMD_OVERVIEW, -1);
    assert_non_null(control);
    struct rect box = control->box;
    app_update(&app, (struct action){.kind = ACTION_POINT, .x = box.x + 2, .y = box.y + 2});
    double wait = app_tick(&app, 1.1);
    assert_true(wait > 0 && wait < 1);
    assert_false(tip_is_on(&app));
    assert_true(app_tick(&app, 1.1 + wait) < 0); /* and then nothing has to be done any more */
    assert_true(tip_is_on(&app));
    app_update(&app, (struct action){.kind = ACTION_AWAY});
    assert_false(tip_is_on(&app));
    assert_true(app_tick(&app, 9) < 0);
}
