/* random_acts.h: what a person may do with an app that changes it or goes somewhere, by chance; act() does one such
 * thing. */
#ifndef QKV_TESTS_RANDOM_ACTS_H
#define QKV_TESTS_RANDOM_ACTS_H

#include "test_app.h"

static uint64_t luck = 20251121;

static void point_at_an_input(struct app *app)
{
    const struct tape *tape = &app->doc.lesson->tape;
    struct cursor cell = {.on = true};
    for (int tries = 0; tries < 50; tries++) {
        cell.step = (int)chance(&luck, tape->n);
        if (tape->steps[cell.step].spec.op == OP_INPUT)
            break;
    }
    const struct axis *axis = tape->steps[cell.step].value.axis;
    cell.head = chance(&luck, axis[AXIS_HEAD].size);
    cell.row = chance(&luck, axis[AXIS_ROW].size);
    cell.col = chance(&luck, axis[AXIS_COL].size);
    app->state.page = PAGE_WALK;
    app->state.compare = COMPARE_NONE;
    app->state.cursor = cell;
}

static void type_number(struct app *app)
{
    static const char *const texts[] = {"0.1", "-2",    "1e3",    "0",   "nonsense", "1e999", "0.30000000000000004",
                                        "",    "1e300", "5e-324", "-0.0"};
    give(app, CMD_EDIT, 0);
    if (!app->input.field.on)
        return;
    type(app, texts[chance(&luck, sizeof texts / sizeof texts[0])]);
    key(app, "Return");
    app->input.field.on = false; /* what was refused is left */
}

static void type_sentence(struct app *app)
{
    static const char *const texts[] = {"the dogs slept",
                                        "it",
                                        "小狗睡着了",
                                        "",
                                        "\"quoted\" \\ words",
                                        "it's a {brace}",
                                        "a: b # c",
                                        "- [x] 100 %",
                                        "\xE2\x80\xA8next \xEF\xBB\xBFline\xC2\x85"};
    give(app, CMD_SENTENCE, 0);
    type(app, texts[chance(&luck, sizeof texts / sizeof texts[0])]);
    key(app, "Return");
    app->input.field.on = false;
}

static char *clipboard_get(void)
{
    static const char *const texts[] = {"1", "0\t1\n1\t0\n", "0.25,-3", "x", "1;2;3;4;5;6;7;8;9;10"};
    return strdup(texts[chance(&luck, sizeof texts / sizeof texts[0])]);
}

static void paste(struct app *app)
{
    app->clipboard.get = clipboard_get;
    point_at_an_input(app);
    give(app, CMD_PASTE, 0);
}

/* Any command of those that change nothing but where one looks, and does so at once: playing goes on by itself. */
static void look(struct app *app)
{
    int command = (int)chance(&luck, CMD_COUNT);
    enum command_group group = command_shown(command)->group;
    if (command != CMD_PLAY && command != CMD_QUIT &&
        (group == GROUP_WALK || group == GROUP_LOOK || group == GROUP_PAGES || group == GROUP_SCREEN))
        give(app, command, (int)chance(&luck, 20));
}

static inline void act(struct app *app)
{
    size_t kind = chance(&luck, 100);
    if (kind < 8) {
        static const int changes[] = {CMD_EDIT_UP,      CMD_EDIT_DOWN,  CMD_RESET, CMD_RESET_ALL, CMD_WORD_REMOVE,
                                      CMD_WORD_EARLIER, CMD_WORD_LATER, CMD_BLOCK, CMD_COMPARE,   CMD_HEAD_SWITCH};
        if (chance(&luck, 3))
            point_at_an_input(app);
        else
            give(app, CMD_CURSOR_DOWN, 0);
        give(app, changes[chance(&luck, sizeof changes / sizeof changes[0])], 0);
    } else if (kind < 12) {
        point_at_an_input(app);
        type_number(app);
        paste(app);
    } else if (kind < 13) {
        type_sentence(app);
    } else if (kind < 14) {
        give(app, CMD_LESSON, (int)chance(&luck, 40));
    } else if (kind < 16) {
        static const int turns[] = {CMD_SETTING_MORE, CMD_SETTING_LESS, CMD_SETTING_CHOOSE, CMD_SETTING_OWN};
        app->state.settings.on = app->state.settings.on || chance(&luck, 2);
        give(app, CMD_SETTING_FOCUS, (int)chance(&luck, 24));
        give(app, turns[chance(&luck, 4)], (int)chance(&luck, 4));
    } else if (kind < 19) {
        give(app, chance(&luck, 2) ? CMD_UNDO : CMD_REDO, 0);
    } else {
        look(app);
    }
}

#endif
