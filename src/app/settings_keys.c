#include "app/app_parts.h"

#include "core/setting_step.h"

#include <stdio.h>
#include <string.h>

/* So many values are tried behind one that is refused: the next number of heads that divides may be some way off. */
enum { TRIES = 8 };

static void focus_on(struct app *app, const struct controls *controls, size_t at)
{
    snprintf(app->state.settings.focus, CONTROL_NAME, "%s", controls->v[at].name);
}

/* Its title without the marks of a formula, for a line of plain text. */
static const char *plain_title(const struct control *control, char ret[CONTROL_TITLE])
{
    size_t n = 0;
    for (const char *at = control->title; *at; at++)
        if (*at != '$')
            ret[n++] = *at;
    ret[n] = '\0';
    return ret;
}

static const char *value_said(const struct app *app, const struct control *control, const char *text,
                              char ret[CONTROL_TITLE])
{
    control_value_name(control, app->doc.lesson, app->state.columns, text, ret);
    return ret;
}

/* Did it become what was asked for? Weights that have a number of heads of their own take no other. */
static bool was_taken(const struct app *app, const char *name, const struct setting *asked)
{
    struct controls controls;
    view_controls(VIEW(app), &controls);
    int at = controls_find(&controls, name);
    return at < 0 || strcmp(controls.v[at].now.text, asked->text) == 0 ||
           (asked->choice < 0 && controls.v[at].now.choice < 0 && controls.v[at].now.number == asked->number);
}

/* Change the row, and with `drawn` the weights as well. */
static bool change(struct app *app, const struct controls *controls, size_t at, const char *text, bool drawn)
{
    struct overrides next;
    struct qkv_err err = overrides_copy(&next, app_overrides(app));
    if (!err.code)
        err = control_set(controls, at, text, app->doc.lesson, &next);
    if (!err.code && drawn)
        err = overrides_set_weights(&next, "{source: random, seed: 1}");
    return app_change(app, err, &next);
}

/* The message has settings as they are written: say them as the panel does. */
static void name_settings(struct app *app)
{
    struct str said = {0};
    control_names_in(app->doc.lesson, app->state.columns, app->message, &said);
    if (!said.failed)
        app_say(app, "%s", str_text(&said));
    str_finish(&said);
}

/* Turn the row in focus to a value; NULL: to the lesson's own. False: everything is as it was, the message says why. */
static bool turn(struct app *app, const char *text)
{
    struct controls controls;
    size_t at = view_controls(VIEW(app), &controls);
    const struct control *control = &controls.v[at];
    struct settings asked = {.info = &control->info, .n = 1};
    char name[CONTROL_TITLE];
    focus_on(app, &controls, at);
    bool done = change(app, &controls, at, text, false);
    /* Weights are made for one mechanism: those of the lesson seldom serve another. Then they are drawn. */
    if (!done && text && control->kind == CONTROL_MECHANISM && !app_overrides(app)->weights) {
        done = change(app, &controls, at, text, true);
        if (done)
            app_say(app, "Weights are drawn at random: the lesson's cannot serve %s.",
                    value_said(app, control, text, name));
    }
    /* What is long is computed in the background; it shows itself when it is done. */
    if (done && text && !app->job && !settings_set(&asked, control->name, text).code &&
        !was_taken(app, control->name, &asked.v[0])) {
        app_undo(app);
        app_say(app, "these weights have their own %s", plain_title(control, name));
        done = false;
    }
    app->state.settings.refused = !done;
    if (!done)
        name_settings(app);
    return done;
}

/* To the next value that is taken; where some are passed over, why is said. */
void settings_step(struct app *app, int by)
{
    struct controls controls;
    size_t at = view_controls(VIEW(app), &controls);
    const struct control *control = &controls.v[at];
    char text[SETTING_TEXT], next[SETTING_TEXT], why[300] = "", name[CONTROL_TITLE];
    snprintf(text, sizeof text, "%s", control->now.text);
    bool taken = false;
    for (int tries = 0; tries < TRIES && !taken && setting_step(&control->info, text, by, next); tries++) {
        taken = turn(app, next);
        if (!taken && !why[0])
            snprintf(why, sizeof why, "%.90s: %.180s", value_said(app, control, next, name), app->message);
        snprintf(text, sizeof text, "%s", next);
    }
    if (why[0])
        app_say(app, "%s", why);
    else if (!taken)
        app_say(app, "%s: there is nothing %s that.", plain_title(control, name), by > 0 ? "after" : "before");
    app->state.settings.refused = why[0] != '\0';
}

/* ---- commands ---- */

void settings_toggle(struct app *app, UNUSED int argument)
{
    app->state.settings.on = app->state.page != PAGE_WALK || !app->state.settings.on;
    app->state.page = PAGE_WALK;
}

void settings_move(struct app *app, int by)
{
    struct controls controls;
    size_t at = view_controls(VIEW(app), &controls);
    focus_on(app, &controls, step_around(at, by, controls.n));
}

/* Open a field on its value; where there are only choices, go to the next, and from the last to the first. */
void settings_type(struct app *app, UNUSED int argument)
{
    struct controls controls;
    size_t at = view_controls(VIEW(app), &controls);
    const struct control *control = &controls.v[at];
    char label[FIELD_LABEL], range[SETTING_RANGE_TEXT], next[SETTING_TEXT], name[CONTROL_TITLE];
    if (setting_takes_numbers(&control->info)) {
        snprintf(label, sizeof label, "%.30s: %.44s", plain_title(control, name),
                 setting_range_text(&control->info, range));
        app->state.page = PAGE_WALK;
        typing_open(app, TYPING_SETTING, label, control->now.text);
    } else if (setting_step(&control->info, control->now.text, 1, next)) {
        settings_step(app, 1);
    } else {
        turn(app, control->info.choices[0]);
    }
}

/* A choice can be typed as it is called, too. */
bool settings_use(struct app *app, const char *text)
{
    struct controls controls;
    const struct control *control = &controls.v[view_controls(VIEW(app), &controls)];
    char name[CONTROL_TITLE];
    for (int i = 0; control->info.choices && control->info.choices[i]; i++)
        if (strcmp(value_said(app, control, control->info.choices[i], name), text) == 0)
            text = control->info.choices[i];
    return turn(app, text);
}

void settings_own(struct app *app, UNUSED int argument)
{
    struct controls controls;
    char name[CONTROL_TITLE];
    size_t at = view_controls(VIEW(app), &controls);
    if (!controls.v[at].changed)
        app_say(app, "%s is as the lesson has it.", plain_title(&controls.v[at], name));
    else
        turn(app, NULL);
}

void settings_choose(struct app *app, int argument)
{
    struct controls controls;
    const struct control *control = &controls.v[view_controls(VIEW(app), &controls)];
    const struct setting_info *info = &control->info;
    char number[SETTING_TEXT];
    int n = 0;
    while (info->choices && info->choices[n])
        n++;
    /* A number that is there already is what was asked for. */
    if (argument >= 0 && argument < n) {
        turn(app, info->choices[argument]);
    } else if (argument == n && setting_takes_numbers(info) && control->now.choice >= 0) {
        setting_first_number(info, number);
        turn(app, number);
    }
}

void settings_focus(struct app *app, int argument)
{
    struct controls controls;
    view_controls(VIEW(app), &controls);
    if (argument >= 0 && (size_t)argument < controls.n)
        focus_on(app, &controls, (size_t)argument);
}

/* ---- keys ---- */

bool settings_are_open(const struct app *app)
{
    return app->state.settings.on && app->state.page == PAGE_WALK;
}

bool settings_begin(struct app *app)
{
    struct controls controls;
    if (!settings_are_open(app))
        return false;
    size_t at = view_controls(VIEW(app), &controls);
    if (!setting_takes_numbers(&controls.v[at].info))
        return false;
    settings_type(app, 0);
    return true;
}

void settings_slide(struct app *app, int place)
{
    struct controls controls;
    size_t at = view_controls(VIEW(app), &controls);
    char text[SETTING_TEXT];
    if (app->input.press.kind != PRESS_SLIDE || !settings_are_open(app) || !setting_has_slider(&controls.v[at].info))
        return;
    setting_at_place(&controls.v[at].info, (double)place / SLIDER_PLACES, text);
    if (strcmp(text, controls.v[at].now.text) != 0)
        turn(app, text);
}
