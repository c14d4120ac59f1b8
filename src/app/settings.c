#include "app/settings.h"

#include "app/job.h"
#include "app/parts.h"
#include "core/setting_step.h"

#include <stdio.h>
#include <string.h>

/* So many values are tried behind one that is refused: the next number of heads that divides may be some way off. */
enum { TRIES = 8 };

static void focus_on(struct app *app, const struct knobs *knobs, size_t at)
{
    snprintf(app->view.settings.focus, KNOB_NAME, "%s", knobs->v[at].name);
}

/* Did it become what was asked for? Weights that have a number of heads of their own take no other. */
static bool was_taken(const struct app *app, const char *name, const struct setting *asked)
{
    struct knobs knobs;
    view_knobs(&app->view, &knobs);
    int at = knobs_find(&knobs, name);
    return at < 0 || strcmp(knobs.v[at].now.text, asked->text) == 0 ||
           (asked->choice < 0 && knobs.v[at].now.choice < 0 && knobs.v[at].now.number == asked->number);
}

/* Weights are made for one mechanism: those of the lesson seldom serve another. Then they are drawn. */
static bool draw_for(struct app *app, const struct knobs *knobs, size_t at, const char *text)
{
    struct experiment next;
    if (knobs->v[at].kind != KNOB_MECHANISM || app->experiment.weights.n > 0 || !text)
        return false;
    struct qkv_err err = experiment_copy(&next, &app->experiment);
    if (!err.code)
        err = knob_turn(knobs, at, text, &app->lesson, &next);
    if (!err.code)
        err = experiment_draw(&next, "{source: random, seed: 1}");
    if (err.code)
        experiment_finish(&next);
    if (err.code || !app_change(app, &next))
        return false;
    app_say(app, "Weights are drawn at random: the lesson's cannot serve %s.", text);
    return true;
}

/* Turn the row in focus to a value; NULL: to the lesson's own. False: everything is as it was, the message says why. */
static bool turn(struct app *app, const char *text)
{
    struct knobs knobs;
    size_t at = view_knobs(&app->view, &knobs);
    struct experiment next;
    app->view.settings.refused = false;
    focus_on(app, &knobs, at);
    struct qkv_err err = experiment_copy(&next, &app->experiment);
    if (!err.code)
        err = knob_turn(&knobs, at, text, &app->lesson, &next);
    if (err.code) {
        experiment_finish(&next);
        app_say(app, "%s", err.what);
    }
    bool done = !err.code && (app_change(app, &next) || draw_for(app, &knobs, at, text));
    struct settings asked = {.info = &knobs.v[at].info, .n = 1};
    /* What is long is computed beside the window; it shows itself when it is done. */
    if (done && text && !job_is_on(app) && !settings_set(&asked, knobs.v[at].name, text).code &&
        !was_taken(app, knobs.v[at].name, &asked.v[0])) {
        history_undo(app);
        app_say(app, "these weights have their own %s", knobs.v[at].name);
        done = false;
    }
    app->view.settings.refused = !done;
    return done;
}

/* To the next value that is taken; where some are passed over, why is said. */
static void step(struct app *app, int by)
{
    struct knobs knobs;
    size_t at = view_knobs(&app->view, &knobs);
    const struct knob *knob = &knobs.v[at];
    char text[SETTING_TEXT], next[SETTING_TEXT], why[300] = "";
    snprintf(text, sizeof text, "%s", knob->now.text);
    for (int tries = 0; tries < TRIES && setting_step(&knob->info, text, by, next); tries++) {
        bool taken = turn(app, next);
        if (!taken && !why[0])
            snprintf(why, sizeof why, "%.90s: %.180s", next, app->message);
        if (taken && !why[0])
            return;
        if (taken)
            break;
        snprintf(text, sizeof text, "%s", next);
    }
    if (why[0])
        app_say(app, "%s", why);
    else
        app_say(app, "%s: there is nothing %s that.", knob->name, by > 0 ? "after" : "before");
    app->view.settings.refused = why[0] != '\0';
}

/* ---- commands ---- */

void settings_toggle(struct app *app, int argument)
{
    (void)argument;
    struct view *v = &app->view;
    v->settings.on = v->page != PAGE_WALK || !v->settings.on;
    v->page = PAGE_WALK;
}

static void move(struct app *app, int by)
{
    struct knobs knobs;
    size_t at = view_knobs(&app->view, &knobs), n = knobs.n;
    focus_on(app, &knobs, (at + n + (size_t)(by + (int)n)) % n);
}

void settings_previous(struct app *app, int argument)
{
    (void)argument;
    move(app, -1);
}

void settings_next(struct app *app, int argument)
{
    (void)argument;
    move(app, 1);
}

void settings_less(struct app *app, int argument)
{
    (void)argument;
    step(app, -1);
}

void settings_more(struct app *app, int argument)
{
    (void)argument;
    step(app, 1);
}

/* Open a field on its value; where there are only choices, go to the next, and from the last to the first. */
void settings_type(struct app *app, int argument)
{
    (void)argument;
    struct knobs knobs;
    size_t at = view_knobs(&app->view, &knobs);
    const struct knob *knob = &knobs.v[at];
    char label[FIELD_LABEL], range[SETTING_RANGE_TEXT], next[SETTING_TEXT];
    if (setting_takes_numbers(&knob->info)) {
        snprintf(label, sizeof label, "%.30s: %.44s", knob->name, setting_range_text(&knob->info, range));
        app->view.page = PAGE_WALK;
        typing_open(app, TYPING_SETTING, label, knob->now.text);
    } else if (setting_step(&knob->info, knob->now.text, 1, next)) {
        step(app, 1);
    } else {
        turn(app, knob->info.choices[0]);
    }
}

bool settings_use(struct app *app, const char *text)
{
    return turn(app, text);
}

void settings_own(struct app *app, int argument)
{
    (void)argument;
    struct knobs knobs;
    size_t at = view_knobs(&app->view, &knobs);
    if (!knobs.v[at].changed)
        app_say(app, "%s is as the lesson has it.", knobs.v[at].name);
    else
        turn(app, NULL);
}

void settings_choose(struct app *app, int argument)
{
    struct knobs knobs;
    size_t at = view_knobs(&app->view, &knobs);
    const struct setting_info *info = &knobs.v[at].info;
    char number[SETTING_TEXT];
    int n = 0;
    while (info->choices && info->choices[n])
        n++;
    if (argument < 0 || argument > n || (argument == n && !setting_takes_numbers(info)))
        return;
    if (argument == n)
        setting_first_number(info, number);
    /* A number that is there already is what was asked for. */
    if (argument < n)
        turn(app, info->choices[argument]);
    else if (knobs.v[at].now.choice >= 0)
        turn(app, number);
}

void settings_focus(struct app *app, int argument)
{
    struct knobs knobs;
    view_knobs(&app->view, &knobs);
    if (argument >= 0 && (size_t)argument < knobs.n)
        focus_on(app, &knobs, (size_t)argument);
}

/* ---- keys ---- */

static bool is_open(const struct app *app)
{
    return app->view.settings.on && app->view.page == PAGE_WALK;
}

bool settings_key(struct app *app, const struct action *action)
{
    static const struct {
        const char *key;
        bool shift;
        enum command command;
    } keys[] = {
        {"Up", false, CMD_SETTING_PREVIOUS}, {"Down", false, CMD_SETTING_NEXT},  {"Tab", true, CMD_SETTING_PREVIOUS},
        {"Tab", false, CMD_SETTING_NEXT},    {"Left", false, CMD_SETTING_LESS},  {"Right", false, CMD_SETTING_MORE},
        {"Return", false, CMD_SETTING_TYPE}, {"Delete", false, CMD_SETTING_OWN}, {"Backspace", false, CMD_SETTING_OWN},
        {"Escape", false, CMD_SETTINGS},
    };
    for (size_t i = 0; is_open(app) && !action->control && i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(keys[i].key, action->text) == 0 && keys[i].shift == action->shift) {
            app_command(app, keys[i].command, 0);
            return true;
        }
    return false;
}

bool settings_begins(struct app *app, const char *text)
{
    struct knobs knobs;
    if (!is_open(app) || app->view.pinned || strlen(text) != 1 || !strchr("0123456789.-", text[0]))
        return false;
    size_t at = view_knobs(&app->view, &knobs);
    if (!setting_takes_numbers(&knobs.v[at].info))
        return false;
    settings_type(app, 0);
    return true;
}

/* ---- the pointer ---- */

void settings_slide(struct app *app, float x)
{
    struct knobs knobs;
    size_t at = view_knobs(&app->view, &knobs);
    const struct rect *track = &app->press.track;
    char text[SETTING_TEXT];
    if (!is_open(app) || track->w <= 0 || !setting_has_slider(&knobs.v[at].info))
        return;
    setting_at_place(&knobs.v[at].info, (double)((x - track->x) / track->w), text);
    app->view.message = NULL;
    if (strcmp(text, knobs.v[at].now.text) != 0)
        turn(app, text);
}

bool settings_wheel(struct app *app, const struct action *action)
{
    for (size_t i = 0; is_open(app) && i < app->page.n; i++) {
        const struct item *item = &app->page.items[i];
        struct rect b = item->box;
        if (strcmp(item->part, "panel") != 0 || action->x < b.x || action->x >= b.x + b.w || action->y < b.y ||
            action->y >= b.y + b.h)
            continue;
        move(app, action->argument > 0 ? -1 : action->argument < 0);
        return true;
    }
    return false;
}
