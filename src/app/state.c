/* state.c: what the app shows as a request (keys.h), and back. */
#include "app/job.h"
#include "app/parts.h"
#include "app/session.h"
#include "base/folder.h"
#include "paint/paint.h"

#include <string.h>

/* ---- printing ---- */

static void print(const struct app *app, unsigned groups, struct str *to)
{
    struct request r = {0};
    struct qkv_err err = request_of(&r, &app->view, str_text(&app->source.given), groups);
    if (err.code)
        to->failed = true;
    request_print_line(&r, to);
    request_finish(&r);
}

void state_print_view(const struct app *app, struct str *to)
{
    print(app, KEYS_PLACE, to);
}

void state_print_work(const struct app *app, struct str *to)
{
    print(app, KEYS_DOCUMENT | KEYS_PLACE, to);
}

void state_print(const struct app *app, struct str *to)
{
    print(app, KEYS_ALL, to);
}

/* All of it, with a path that holds from anywhere. */
static struct qkv_err request_to_keep(const struct app *app, struct request *r)
{
    const char *given = str_text(&app->source.given);
    struct str path = {0};
    if (strcmp(given, "-") == 0)
        return qkv_errf(QKV_ERR_DOMAIN, "the lesson came from standard input: put it into a file first");
    struct qkv_err err = app->source.built_in ? (struct qkv_err){0} : path_absolute(given, &path);
    if (!err.code)
        err = request_of(r, &app->view, app->source.built_in ? given : str_text(&path), KEYS_ALL);
    str_finish(&path);
    return err;
}

struct qkv_err session_line(const struct app *app, struct str *to)
{
    struct request r = {0};
    struct qkv_err err = request_to_keep(app, &r);
    request_print_line(&r, to);
    request_finish(&r);
    return !err.code && to->failed ? qkv_nomem("a session") : err;
}

struct qkv_err session_of(const struct app *app, struct str *to)
{
    struct request r = {0};
    struct qkv_err err = request_to_keep(app, &r);
    if (!err.code)
        err = session_print(&r, to);
    request_finish(&r);
    return err;
}

/* ---- going there ---- */

static void show_state(struct app *app, const struct view_state *state, struct widget focus)
{
    app->state = *state;
    comparison_finish(&app->against);
    app->view.against = NULL;
    if (state->compare == COMPARE_BEFORE && !compare_before(&app->against, &app->walk, app->view.baseline).code)
        app->view.against = app->against.step ? &app->against : NULL;
    app->view.focus = focus;
    app->view.tip = (struct widget){0};
    app->view.field.on = false;
    app->view.playing = false;
    app->hover = false;
    app->transition.on = false;
    app->dirty = true;
}

void state_return(struct app *app, const char *line)
{
    struct request r = {0};
    struct view_state state;
    struct widget focus;
    bool playing = app->view.playing;
    struct qkv_err err = request_read_line(&r, line);
    if (!err.code)
        err = request_resolve(&r, &app->view, RESOLVE_LENIENT, &state, &focus);
    if (!err.code)
        show_state(app, &state, focus);
    app->view.playing = playing;
    request_finish(&r);
}

/* Which lesson with which overrides is asked for? *ret_shown: it is the one on the screen, as it is. */
static struct qkv_err find_document(const struct app *app, struct request *r, struct lesson_source *source,
                                    struct overrides *overrides, bool *ret_shown)
{
    const char *lesson = request_lesson(r);
    struct qkv_err err = {0};
    bool here = !lesson || strcmp(lesson, str_text(&app->source.given)) == 0;
    if (!lesson)
        err = overrides_copy(overrides, &app->overrides);
    if (!err.code)
        err = request_overrides(r, overrides);
    *ret_shown = !err.code && here && overrides_same(overrides, &app->overrides);
    if (err.code || *ret_shown)
        return err;
    if (here)
        return lesson_source_copy(&app->source, source);
    err = lesson_source_read(lesson, source);
    return err.code ? request_blame(r, NULL, overrides, NULL, err) : err;
}

static struct qkv_err open_document(struct app *app, struct request *r, struct lesson_source *source,
                                    struct overrides *overrides, struct opened *ret)
{
    struct lesson_source copy = {0};
    struct overrides e = {0};
    struct qkv_err err = lesson_source_copy(source, &copy);
    if (!err.code)
        err = overrides_copy(&e, overrides);
    if (!err.code) {
        err = opened_again(ret, source, overrides, app, NULL);
        if (err.code)
            err = request_blame(r, &copy, &e, &(struct lesson_options){.decode_image = image_decode}, err);
    }
    lesson_source_finish(&copy);
    overrides_finish(&e);
    return err;
}

struct qkv_err app_apply(struct app *app, struct request *r, unsigned how)
{
    struct lesson_source source = {0};
    struct overrides overrides = {0};
    struct opened opened = {0}; /* shown only when the whole request is understood */
    struct view view = app->view;
    struct view_state state;
    struct widget focus;
    bool shown;
    struct qkv_err err = find_document(app, r, &source, &overrides, &shown);
    if (!err.code && !shown)
        err = open_document(app, r, &source, &overrides, &opened);
    if (!err.code && !shown) {
        view.lesson = &opened.lesson;
        view.walk = &opened.walk;
        view.overrides = &opened.overrides;
        view.comparison = opened.comparison.step ? &opened.comparison : NULL;
        view.baseline = opened_baseline(&opened, app);
    }
    if (!err.code)
        err = request_resolve(r, &view, how, &state, &focus);
    if (!err.code && !shown)
        app_show(app, &opened);
    if (!err.code)
        show_state(app, &state, focus);
    opened_finish(&opened);
    lesson_source_finish(&source);
    overrides_finish(&overrides);
    return err;
}

static struct qkv_err apply_line(struct app *app, const char *line, unsigned how)
{
    struct request r = {0};
    struct qkv_err err = request_read_line(&r, line);
    if (!err.code)
        err = app_apply(app, &r, how);
    request_finish(&r);
    return err;
}

struct qkv_err state_apply(struct app *app, const char *line)
{
    return apply_line(app, line, RESOLVE_SCREEN);
}

struct qkv_err state_apply_work(struct app *app, const char *line)
{
    return apply_line(app, line, 0);
}

bool state_begins(struct app *app, const char *line, enum job_use use)
{
    struct request r = {0};
    struct lesson_source source = {0};
    struct overrides overrides = {0};
    bool shown, begins = false;
    struct qkv_err err = request_read_line(&r, line);
    if (!err.code)
        err = find_document(app, &r, &source, &overrides, &shown);
    if (!err.code && !shown)
        begins = job_begins(app, use, &source, &overrides);
    lesson_source_finish(&source);
    overrides_finish(&overrides);
    request_finish(&r);
    return begins;
}
