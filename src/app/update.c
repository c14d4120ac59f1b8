/* update.c: the app begins and ends, actions become commands, time goes on: the one file that calls all others. */
#include "app/app_parts.h"

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
    memo_free(app->memo);
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
            err = key_read_alone(&key_table[r->v[i].key], r->v[i].text, &app->state);
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

static void resize(struct app *app, float width, float height)
{
    if (app->width == width && app->height == height)
        return;
    app->width = fmaxf(width, 64);
    app->height = fmaxf(height, 64);
    app->animation.transition.on = false;
    app->dirty = true;
}

void app_update(struct app *app, struct action action)
{
    switch (action.kind) {
    case ACTION_RESIZE:
        resize(app, action.x, action.y);
        return;
    case ACTION_CLICK:
        action.kind = ACTION_PRESS;
        app_update(app, action);
        action.kind = ACTION_RELEASE;
        app_update(app, action);
        return;
    case ACTION_COMMAND:
        break;
    case ACTION_KEY:
    case ACTION_TEXT:
    case ACTION_COMPOSE:
        if (typing_takes(app, &action))
            return;
        action = command_of(app, &action);
        break;
    default:
        action = pointer_asks(app, &action);
    }
    command_run(app, action.command, action.argument);
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
