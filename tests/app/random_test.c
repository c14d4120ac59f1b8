/* Random actions, 100,000 or a sample of them: whatever a person does, the app stays whole. */
#include "test_app.h"

#include "support/sample.h"

enum { ACTIONS = 100000, ACTIONS_SAMPLED = 30000, DRAW_EVERY = 10 };

static uint64_t luck = 42;

static float somewhere(float most)
{
    return (float)chance(&luck, 1000) / 900 * most - most / 20;
}

static struct action random_action(const struct app *app)
{
    static const char *const keys[] = {"Right", "Left",      "Up",     "Down",   "Home",     "End", "Return", "Escape",
                                       "Tab",   "Backspace", "Delete", "PageUp", "PageDown", "F1",  "F11",    "Space",
                                       "a",     "v",         "c",      "x",      "z",        "?",   "1"};
    static const char *const texts[] = {"a", "The cat", " ", "猫", "\xC3\xA9", "\n", "\xFF",
                                        "e", "u",       "p", "h",  "l",        "q",  ""};
    struct action a = {.kind = (enum action_kind)chance(&luck, ACTION_RESIZE + 1)};
    a.command = (int)chance(&luck, CMD_COUNT + 2) - 1;
    a.argument = (int)chance(&luck, 24) - 3;
    if (chance(&luck, 50) == 0)
        a.argument = chance(&luck, 2) ? INT32_MAX : INT32_MIN;
    a.x = somewhere(app->width);
    a.y = somewhere(app->height);
    a.shift = chance(&luck, 4) == 0;
    a.ctrl = chance(&luck, 4) == 0;
    a.text = a.kind == ACTION_KEY ? keys[chance(&luck, sizeof keys / sizeof keys[0])]
                                  : texts[chance(&luck, sizeof texts / sizeof texts[0])];
    if (a.kind == ACTION_RESIZE) {
        /* Rarely, for other actions to be seen at all; sometimes tiny or huge. */
        static const float sides[] = {1, 64, 300, 480, 640, 800, 1280, 1920, 3840};
        a.x = sides[chance(&luck, sizeof sides / sizeof sides[0])];
        a.y = sides[chance(&luck, sizeof sides / sizeof sides[0])];
    }
    return a;
}

static void assert_whole(const struct app *app)
{
    const struct view *v = VIEW(app);
    assert_ptr_equal(v->lesson, app->doc.lesson);
    assert_ptr_equal(v->walk, &app->doc.lesson->walk);
    assert_true(app->state.position < app->doc.lesson->walk.length);
    assert_in_range(app->state.scale, SCALE_MIN, SCALE_MAX);
    assert_in_range(app->state.speed, 0, SPEED_COUNT - 1);
    assert_in_range(app->state.theme, 0, THEME_COUNT - 1);
    assert_in_range(app->state.page, 0, PAGE_COUNT - 1);
    assert_in_range(app->state.stride, 0, STRIDE_COUNT - 1);
    assert_true(app->state.head >= 0);
    const struct axis *axis = view_tape(v)->steps[view_step(v)].value.axis;
    assert_true(axis[AXIS_HEAD].size == 1 || view_head(v) < axis[AXIS_HEAD].size);
    if (v->field.on) {
        assert_true(v->field.caret <= v->field.text.n && v->field.anchor <= v->field.text.n);
        assert_true(utf8_is_valid(str_text(&v->field.text), v->field.text.n, NULL));
    }
    if (app->state.cursor.on) {
        assert_in_range(app->state.cursor.step, 0, view_tape(v)->n - 1);
        axis = view_tape(v)->steps[app->state.cursor.step].value.axis;
        assert_true(app->state.cursor.head < axis[AXIS_HEAD].size && app->state.cursor.row < axis[AXIS_ROW].size &&
                    app->state.cursor.col < axis[AXIS_COL].size);
    }
}

TEST(the_app_stays_whole_whatever_is_done)
{
    PAGE scratch = {0};
    double now = 0;
    size_t positions = 0, before = 0;
    bool computes[CMD_COUNT] = {false}; /* the commands that were seen to */
    OWN(app) app = app_at(NULL, NULL);
    for (int k = 0; k < (test_all() ? ACTIONS : ACTIONS_SAMPLED); k++) {
        struct action action = random_action(&app);
        bool commands = action.kind == ACTION_COMMAND && action.command >= 0 && action.command < CMD_COUNT;
        bool slow = action.kind == ACTION_RESIZE || (action.kind == ACTION_KEY && strcmp(action.text, "Return") == 0) ||
                    (commands && computes[action.command]);
        /* Computing a lesson and changing sizes take their time. */
        if (slow && chance(&luck, 20) != 0)
            continue;
        unsigned long changes = app.changes;
        app_update(&app, action);
        if (commands && app.changes != changes)
            computes[action.command] = true;
        app.quit = false;
        if (chance(&luck, 4) == 0)
            app_tick(&app, now += (double)chance(&luck, 1000) / 500);
        assert_whole(&app);
        positions += app.state.position != before;
        before = app.state.position;
        if (k % DRAW_EVERY == 0) {
            const struct display_list *list = app_draw(&app, &scratch);
            assert_non_null(list);
            assert_false(list->failed);
        }
    }
    assert_true(positions > 1000);
}
