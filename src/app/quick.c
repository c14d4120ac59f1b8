/* quick.c: edited cells, without reading the lesson again.
 *
 * The app has up to three lessons: the one on the screen, the one before the last change, and the baseline. A change of
 * cells brings the one before to the new state and changes places with the one on the screen: so nothing that is shown
 * is touched before all has gone well, what it was stays to be compared with, and nothing large is copied again and
 * again while a number is dragged. Back to the baseline is changing places with it. */
#include "app/parts.h"

#include "app/job.h"
#include "lesson/edit.h"

#include <string.h>

static bool same_settings(const struct overrides *a, const struct overrides *b)
{
    bool same = a->n_set == b->n_set;
    for (size_t i = 0; same && i < a->n_set; i++)
        same = strcmp(a->set[i], b->set[i]) == 0;
    return same;
}

static struct qkv_err walk_and_compare(struct opened *opened, const struct lesson *lesson)
{
    struct qkv_err err = walk_init(&opened->walk, lesson);
    return err.code ? err : compare_beside(&opened->comparison, &opened->walk);
}

/* A lesson of the same words, weights and settings to be edited: the one before the last change, or a copy. */
static struct qkv_err take_lesson(const struct app *app, struct lesson *before, struct lesson *ret)
{
    if (!before->name)
        return lesson_copy(&app->lesson, ret);
    *ret = *before;
    *before = (struct lesson){0};
    return (struct qkv_err){0};
}

static struct qkv_err edit(const struct app *app, struct lesson *before, const struct overrides *e, struct progress *progress,
                           struct opened *opened, bool *ret_done)
{
    bool was_before = before->name;
    struct qkv_err err = take_lesson(app, before, &opened->lesson);
    if (!err.code)
        err = lesson_edit(&opened->lesson, e->edits, e->n_edits, progress);
    *ret_done = !err.code;
    if (!err.code)
        return walk_and_compare(opened, &opened->lesson);
    if (was_before) { /* as it was: what the last change is seen against */
        *before = opened->lesson;
        opened->lesson = (struct lesson){0};
    }
    /* What cannot be done so is tried from the lesson's text, which says why when it cannot be done at all. */
    return err.code == QKV_ERR_DOMAIN ? (struct qkv_err){0} : err;
}

static bool goes_back(const struct app *app, const struct overrides *e)
{
    return is_ground(e) && app->baseline.name;
}

bool quick_is_likely(const struct app *app, const struct lesson_source *source, const struct overrides *e)
{
    const struct overrides *now = &app->overrides;
    if (app->from_text || !app->lesson.name || !same_source(source, &app->source) || !same_ground(e, now))
        return false;
    return goes_back(app, e) || (same_settings(e, now) && !is_ground(e) && (app->baseline.name || is_ground(now)));
}

struct qkv_err quick_open(const struct app *app, struct lesson *before, const struct lesson_source *source,
                          struct overrides *e, struct progress *progress, struct opened *ret, bool *ret_done)
{
    struct opened opened = {.near = true};
    struct qkv_err err = {0};
    *ret_done = false;
    if (!quick_is_likely(app, source, e))
        return err;
    if (goes_back(app, e)) {
        opened.ground = GROUND_BACK;
        opened.near = app->overrides.n_set == 0;
        *ret_done = true;
        err = walk_and_compare(&opened, &app->baseline);
    } else {
        opened.ground = app->baseline.name ? GROUND_KEPT : GROUND_SHOWN;
        err = edit(app, before, e, progress, &opened, ret_done);
    }
    if (!err.code && *ret_done)
        err = lesson_source_copy(source, &opened.source);
    if (err.code || !*ret_done) {
        opened_finish(&opened);
        return err;
    }
    opened.overrides = *e;
    *e = (struct overrides){0};
    *ret = opened;
    if (ret->ground != GROUND_BACK)
        ret->walk.lesson = &ret->lesson; /* where it is now */
    return err;
}

/* Here and now, with the lesson before the last change where it is near enough. */
static struct qkv_err quick_now(struct app *app, const struct lesson_source *source, struct overrides *e,
                                struct opened *ret, bool *ret_done)
{
    struct lesson before = {0};
    if (app->before_near) {
        before = app->before;
        app->before = (struct lesson){0};
    }
    struct qkv_err err = quick_open(app, &before, source, e, NULL, ret, ret_done);
    if (app->before_near)
        app->before = before;
    app->before_near = app->before.name && app->before_near;
    return err;
}

struct qkv_err opened_again(struct opened *opened, struct lesson_source *source, struct overrides *overrides,
                            struct app *app, bool *fits)
{
    bool done = false;
    struct qkv_err err = {0};
    *opened = (struct opened){0};
    if (job_take(app, source, overrides, opened, fits, &err))
        return err;
    err = quick_now(app, source, overrides, opened, &done);
    if (err.code || !done)
        return err.code ? err : opened_init(opened, source, overrides, app, fits, NULL);
    for (size_t i = 0; fits && i < opened->overrides.n_edits; i++)
        fits[i] = true;
    return err;
}
