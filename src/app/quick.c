/* quick.c: edited cells, without reading the lesson again.
 *
 * The app has up to three lessons: the one on the screen, the one before the last change, and the baseline. A change of
 * cells brings the one before to the new state and changes places with the one on the screen: so nothing that is shown
 * is touched before all has gone well, what it was stays to be compared with, and nothing large is copied again and
 * again while a number is dragged. Back to the baseline is changing places with it. */
#include "app/parts.h"

#include "lesson/edit.h"

#include <string.h>

static bool same_settings(const struct experiment *a, const struct experiment *b)
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
static struct qkv_err take_lesson(struct app *app, struct lesson *ret)
{
    if (!app->before_near)
        return lesson_copy(&app->lesson, ret);
    *ret = app->before;
    app->before = (struct lesson){0};
    app->before_near = false;
    return (struct qkv_err){0};
}

/* It was not needed: what the last change is seen against goes back to its place. */
static void give_back(struct app *app, struct lesson *lesson, bool was_before)
{
    if (was_before) {
        app->before = *lesson;
        app->before_near = true;
        *lesson = (struct lesson){0};
    }
    lesson_finish(lesson);
}

static struct qkv_err edit(struct app *app, const struct experiment *e, struct opened *opened, bool *ret_done)
{
    bool was_before = app->before_near;
    struct qkv_err err = take_lesson(app, &opened->lesson);
    if (!err.code)
        err = lesson_edit(&opened->lesson, e->edits, e->n_edits, NULL);
    *ret_done = !err.code;
    if (!err.code)
        err = walk_and_compare(opened, &opened->lesson);
    else
        give_back(app, &opened->lesson, was_before);
    /* What cannot be done so is tried from the lesson's text, which says why when it cannot be done at all. */
    return err.code == QKV_ERR_DOMAIN ? (struct qkv_err){0} : err;
}

struct qkv_err quick_open(struct app *app, const struct lesson_source *source, struct experiment *e, struct opened *ret,
                          bool *ret_done)
{
    const struct experiment *now = &app->experiment;
    struct opened opened = {.near = true};
    struct qkv_err err = {0};
    *ret_done = false;
    if (app->from_text || !app->lesson.name || !same_source(source, &app->source) || !same_ground(e, now))
        return err;
    if (is_ground(e) && app->baseline.name) {
        opened.ground = GROUND_BACK;
        opened.near = now->n_set == 0;
        *ret_done = true;
        err = walk_and_compare(&opened, &app->baseline);
    } else if (same_settings(e, now) && !is_ground(e) && (app->baseline.name || is_ground(now))) {
        opened.ground = app->baseline.name ? GROUND_KEPT : GROUND_SHOWN;
        err = edit(app, e, &opened, ret_done);
    }
    if (!err.code && *ret_done)
        err = lesson_source_copy(source, &opened.source);
    if (err.code || !*ret_done) {
        opened_finish(&opened);
        return err;
    }
    opened.experiment = *e;
    *e = (struct experiment){0};
    *ret = opened;
    if (ret->ground != GROUND_BACK)
        ret->walk.lesson = &ret->lesson; /* where it is now */
    return err;
}

struct qkv_err opened_again(struct opened *opened, struct lesson_source *source, struct experiment *experiment,
                            struct app *app, bool *fits)
{
    bool done = false;
    *opened = (struct opened){0};
    struct qkv_err err = quick_open(app, source, experiment, opened, &done);
    if (err.code || !done)
        return err.code ? err : opened_init(opened, source, experiment, app, fits);
    for (size_t i = 0; fits && i < opened->experiment.n_edits; i++)
        fits[i] = true;
    return err;
}
