/* update.c: the app begins and ends, actions become commands, time goes on: the one file that calls all others. */
#include "app/app_parts.h"

#include "app/autosave.h"
#include "app/catalogue.h"
#include "lesson/text/builtin.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Seconds that changed cells light up. */
static const double flash_length = 0.7;

/* Seconds that a change of step takes to the eye. */
static const double transition_length = 0.4;

/* Seconds between two looks at what is computed in the background. */
static const double look_every = 1.0 / 30;

static const float first_width = 1280, first_height = 800;

void app_finish(struct app *app)
{
    job_free(app->job);
    ask_finish(&app->next);
    display_finish(&app->page);
    display_finish(&app->animation.transition.from);
    comparison_finish(&app->baseline_comparison);
    document_finish(&app->doc);
    lesson_unref(app->baseline);
    lesson_unref(app->before);
    cache_finish(&app->cache);
    history_finish(&app->history);
    field_finish(&app->input.field);
    str_finish(&app->files.session_path);
    str_finish(&app->files.overwrite_path);
    request_finish(&app->refused.request);
    *app = (struct app){0};
}

struct qkv_err app_begin(struct app *app, struct request *r, struct measure measure, double patience)
{
    *app = (struct app){.measure = measure,
                        .state = view_state_default,
                        .width = first_width,
                        .height = first_height,
                        .density = 1,
                        .patience = patience,
                        .lessons = catalogue};
    struct qkv_err err = {0};
    /* What is drawn before there is a lesson has its colours already. */
    for (size_t i = 0; i < r->n && !err.code; i++)
        if (key_table[r->v[i].key].group == KEYS_SCREEN)
            err = key_read_field(&key_table[r->v[i].key], r->v[i].text, &app->state);
    const char *lesson = request_lesson(r);
    app_say(app, "Opening %s", lesson ? lesson : "");
    if (!err.code)
        err = app_apply(app, r);
    if (err.code)
        app_finish(app);
    return err;
}

struct qkv_err app_init(struct app *app, const char *lesson, const char *state, struct measure measure)
{
    struct request r = {0};
    struct str session = {0};
    *app = (struct app){0};
    struct qkv_err err = request_lesson_or_session(&r, lesson ? lesson : builtin_lessons[0], &session, NULL);
    if (!err.code && state)
        err = request_read_line(&r, state);
    if (!err.code)
        err = app_begin(app, &r, measure, INFINITY);
    if (err.code)
        str_finish(&session);
    else
        app->files.session_path = session;
    request_finish(&r);
    return err;
}

/* ---- commands ---- */

static void run(struct app *app, int command, int argument)
{
    if (command < 0 || command >= CMD_COUNT)
        return;
    size_t position = app->state.position;
    enum page page = app->state.page;
    const unsigned long changes = app->changes; /* the command may open another lesson */
    app->message[0] = 0;
    app->input.tip.on = app->input.under.on = false; /* whoever uses a key looks elsewhere */
    app->state.settings.refused = false;
    app->animation.transition.on = false;
    /* Enter is a click on the control in focus, which stays in focus: it may be the one that Enter itself is. */
    struct widget focus = app->input.focus;
    if (command == CMD_PIN && focus.on && widget_find(&app->page, &focus)) {
        app->input.focus.on = false;
        run(app, focus.command, focus.argument);
        app->input.focus = focus;
        return;
    }
    /* A blank screen comes back with any key, and that key does nothing else: the class sees what it saw before. */
    if (page == PAGE_BLANK && command != CMD_QUIT)
        command = CMD_BLANK;
    /* So does stopping what is on its way. */
    if (command == CMD_LEAVE && app->job) {
        change_cancel(app);
        app_say(app, "Stopped; everything is as it was.");
        return;
    }
    command_run(app, command, argument);
    app->dirty = true;
    if (app->changes == changes)
        transition_begin(app, position, page);
}

/* While something is offered, or else the settings are open, some keys stand for another command; -1: not this one. */
static int key_in_context(const struct app *app, const struct action *action)
{
    static const struct {
        const char *key;
        bool offer, shift;
        enum command command;
    } keys[] = {
        {"Return", true, false, CMD_OFFER_OPEN},   {"Escape", true, false, CMD_OFFER_LEAVE},
        {"Delete", true, false, CMD_OFFER_DELETE}, {"Up", false, false, CMD_SETTING_PREVIOUS},
        {"Down", false, false, CMD_SETTING_NEXT},  {"Tab", false, true, CMD_SETTING_PREVIOUS},
        {"Tab", false, false, CMD_SETTING_NEXT},   {"Left", false, false, CMD_SETTING_LESS},
        {"Right", false, false, CMD_SETTING_MORE}, {"Return", false, false, CMD_SETTING_TYPE},
        {"Delete", false, false, CMD_SETTING_OWN}, {"Backspace", false, false, CMD_SETTING_OWN},
        {"Escape", false, false, CMD_SETTINGS},
    };
    for (size_t i = 0; !action->ctrl && i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(keys[i].key, action->text) == 0 &&
            (keys[i].offer ? app->files.offer != NULL : keys[i].shift == action->shift && settings_are_open(app)))
            return (int)keys[i].command;
    return -1;
}

/* A key with a name: a command's, where no field takes it. */
static void press_key(struct app *app, const struct action *action)
{
    char key[48];
    if (app->input.field.on) {
        typing_key(app, action);
        return;
    }
    int here = key_in_context(app, action);
    if (here < CMD_OFFER_OPEN || here > CMD_OFFER_DELETE)
        autosave_dismiss(app);
    if (here >= 0) {
        run(app, here, 0);
        return;
    }
    snprintf(key, sizeof key, "%s%s%s", action->ctrl ? "Ctrl+" : "", action->shift ? "Shift+" : "", action->text);
    struct action command = action_of_key(key);
    /* Shift with a key that means nothing of its own is the key. */
    if (command.command == CMD_NOTHING && action->shift && !action->ctrl)
        command = action_of_key(action->text);
    run(app, command.command, command.argument);
}

static void press_character(struct app *app, const char *text)
{
    autosave_dismiss(app);
    if (!app->input.field.on && !typing_begins(app, text)) {
        struct action command = action_of_key(text);
        run(app, command.command, command.argument);
        return;
    }
    typing_text(app, text);
}

/* What a press of the pointer asks for beside what it did. */
static void press(struct app *app, const struct action *action)
{
    struct action asked = pointer_press(app, action);
    if (asked.command < 0)
        return;
    app->input.field.on = false;
    run(app, asked.command, asked.argument);
}

static void resize(struct app *app, float width, float height)
{
    if (app->width == width && app->height == height)
        return;
    app->width = fmaxf(width, 64);
    app->height = fmaxf(height, 64);
    app->animation.transition.on = false;
    app->dirty = true;
}

/* As long as there is no lesson it can only be stopped: by a key, or by the one target of the page. */
static void update_before_lesson(struct app *app, const struct action *action)
{
    if (action->kind == ACTION_RESIZE)
        resize(app, action->x, action->y);
    else if (action->kind == ACTION_KEY)
        app->quit = strcmp(action->text, "Escape") == 0 || (action->ctrl && strcmp(action->text, "q") == 0);
    else if (action->kind == ACTION_PRESS || action->kind == ACTION_CLICK)
        app->quit = display_hit(&app->page, action->x, action->y) != NULL;
}

void app_update(struct app *app, struct action action)
{
    if (!app->doc.lesson) {
        update_before_lesson(app, &action);
        return;
    }
    switch (action.kind) {
    case ACTION_COMMAND:
        app->input.field.on = false;
        run(app, action.command, action.argument);
        break;
    case ACTION_KEY:
        press_key(app, &action);
        break;
    case ACTION_TEXT:
        press_character(app, action.text);
        break;
    case ACTION_COMPOSE:
        if (app->input.field.on)
            field_compose(&app->input.field, action.text);
        app->dirty = true;
        break;
    case ACTION_POINT:
        focus_point(app, action.x, action.y);
        pointer_move(app, action.x, action.y);
        break;
    case ACTION_PRESS:
        press(app, &action);
        break;
    case ACTION_RELEASE:
        pointer_release(app);
        break;
    case ACTION_CLICK:
        press(app, &action);
        pointer_release(app);
        break;
    case ACTION_AWAY:
        focus_point(app, -1, -1);
        pointer_leave(app);
        break;
    case ACTION_WHEEL:
        pointer_wheel(app, &action);
        break;
    case ACTION_RESIZE:
        resize(app, action.x, action.y);
        break;
    }
}

/* ---- time ---- */

/* Of two waits; -1: none. */
static double sooner(double a, double b)
{
    return a < 0 ? b : b < 0 ? a : fmin(a, b);
}

double app_tick(struct app *app, double now)
{
    app->now = now;
    change_poll(app);
    if (app->animation.playing)
        play_on(app);
    if (app->animation.flash > 0) {
        app->animation.flash = (float)fmax(0, 1 - (now - app->animation.flash_start) / flash_length);
        app->dirty = true;
    }
    if (app->animation.transition.on) {
        app->dirty = true;
        if (now >= app->animation.transition.start + transition_length)
            app->animation.transition.on = false;
    }
    if (app->animation.transition.on || app->animation.flash > 0)
        return 0;
    double next = app->animation.playing ? fmax(0, app->animation.play_next - now) : -1;
    next = sooner(next, focus_tick(app));
    return app->job ? sooner(next, look_every) : next;
}

const struct display_list *app_draw(struct app *app, struct display_list *scratch)
{
    app->dirty = false;
    scene_build(VIEW(app), &app->measure, &app->page);
    app->built.on = !app->page.failed;
    app->built.position = app->state.position;
    app->built.compare = app->state.compare;
    app->built.page = app->state.page;
    if (app->page.failed)
        return NULL;
    if (!app->animation.transition.on)
        return &app->page;
    double t = (app->now - app->animation.transition.start) / transition_length;
    scene_mix(&app->animation.transition.from, &app->page, (float)t, scratch);
    return scratch->failed ? &app->page : scratch;
}
