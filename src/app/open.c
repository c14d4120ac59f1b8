/* open.c: lessons come onto the screen: opened by name, or computed anew with what a person changed. */
#include "app/parts.h"

#include "app/job.h"
#include "app/session.h"
#include "paint/paint.h"

#include <stdlib.h>
#include <string.h>

void opened_finish(struct opened *opened)
{
    comparison_finish(&opened->comparison);
    walk_finish(&opened->walk);
    lesson_finish(&opened->lesson);
    lesson_finish(&opened->baseline);
    lesson_source_finish(&opened->source);
    overrides_finish(&opened->overrides);
    *opened = (struct opened){0};
}

static struct qkv_err parse(const struct lesson_source *source, const struct overrides *e, bool *fits,
                            struct progress *progress, struct lesson *ret)
{
    struct lesson_options options = {.decode_image = image_decode, .fits = fits, .progress = progress};
    overrides_options(e, &options);
    return lesson_source_parse(source, &options, ret, NULL);
}

bool same_source(const struct lesson_source *a, const struct lesson_source *b)
{
    return strcmp(str_text(&a->given), str_text(&b->given)) == 0 && strcmp(str_text(&a->text), str_text(&b->text)) == 0;
}

bool same_ground(const struct overrides *a, const struct overrides *b)
{
    return strcmp(str_text(&a->sentence), str_text(&b->sentence)) == 0 &&
           strcmp(str_text(&a->weights), str_text(&b->weights)) == 0 &&
           strcmp(str_text(&a->mechanism), str_text(&b->mechanism)) == 0;
}

bool is_ground(const struct overrides *e)
{
    return e->n_set == 0 && e->n_edits == 0;
}

/* What changed cells are compared with: the same words, weights and mechanism, with nothing set and nothing edited. It is
 * computed only when the app does not have it already. */
static struct qkv_err find_baseline(struct opened *opened, const struct app *app, struct progress *progress)
{
    const struct overrides *e = &opened->overrides;
    bool near =
        app && app->lesson.name && same_source(&opened->source, &app->source) && same_ground(e, &app->overrides);
    if (is_ground(e))
        opened->ground = GROUND_NONE;
    else if (near && app->baseline.name)
        opened->ground = GROUND_KEPT;
    else if (near && is_ground(&app->overrides))
        opened->ground = GROUND_SHOWN;
    else {
        struct overrides ground = {.sentence = e->sentence, .weights = e->weights, .mechanism = e->mechanism};
        opened->ground = GROUND_OWN;
        return parse(&opened->source, &ground, NULL, progress, &opened->baseline);
    }
    return (struct qkv_err){0};
}

struct qkv_err compare_beside(struct comparison *ret, const struct walk *walk)
{
    const struct other other = other_beside(walk->lesson);
    return comparison_init(ret, walk, &other);
}

struct qkv_err opened_init(struct opened *opened, struct lesson_source *source, struct overrides *overrides,
                           const struct app *near, bool *fits, struct progress *progress)
{
    *opened = (struct opened){.source = *source, .overrides = *overrides};
    *source = (struct lesson_source){0};
    *overrides = (struct overrides){0};
    struct qkv_err err = parse(&opened->source, &opened->overrides, fits, progress, &opened->lesson);
    if (!err.code)
        err = walk_init(&opened->walk, &opened->lesson);
    if (!err.code)
        err = compare_beside(&opened->comparison, &opened->walk);
    if (!err.code)
        err = find_baseline(opened, near, progress);
    if (err.code)
        opened_finish(opened);
    return err;
}

struct qkv_err opened_again(struct opened *opened, struct lesson_source *source, struct overrides *overrides,
                            struct app *app, bool *fits)
{
    struct qkv_err err = {0};
    *opened = (struct opened){0};
    return job_take(app, source, overrides, opened, fits, &err)
               ? err
               : opened_init(opened, source, overrides, app, fits, NULL);
}

const struct lesson *opened_baseline(const struct opened *opened, const struct app *app)
{
    switch (opened->ground) {
    case GROUND_OWN:
        return &opened->baseline;
    case GROUND_KEPT:
        return &app->baseline;
    case GROUND_SHOWN:
        return &app->lesson;
    case GROUND_NONE:
        break;
    }
    return NULL;
}

/* The lesson that leaves the screen becomes the baseline, or what the change is seen against. */
static void leave_lesson(struct app *app, enum ground ground)
{
    lesson_finish(&app->before);
    if (ground != GROUND_KEPT)
        lesson_finish(&app->baseline);
    if (ground == GROUND_SHOWN)
        app->baseline = app->lesson;
    else
        app->before = app->lesson;
    app->lesson = (struct lesson){0};
    app->view.before = ground == GROUND_SHOWN ? &app->baseline : &app->before;
}

struct qkv_err compare_before(struct comparison *ret, const struct walk *walk, const struct lesson *baseline)
{
    return comparison_init(
        ret, walk,
        &(struct other){baseline ? &baseline->tape : NULL, "before your changes", "with your changes", -1, -1});
}

void app_show(struct app *app, struct opened *opened)
{
    job_cancel(app); /* it reads the lesson that leaves */
    comparison_finish(&app->comparison);
    comparison_finish(&app->against);
    walk_finish(&app->walk);
    lesson_source_finish(&app->source);
    overrides_finish(&app->overrides);
    leave_lesson(app, opened->ground);
    if (opened->ground == GROUND_OWN)
        app->baseline = opened->baseline;
    app->source = opened->source;
    app->overrides = opened->overrides;
    app->comparison = opened->comparison;
    app->lesson = opened->lesson;
    app->walk = opened->walk;
    app->walk.lesson = &app->lesson; /* the walk points at where the lesson is now */
    *opened = (struct opened){0};
    app->view.comparison = app->comparison.step ? &app->comparison : NULL;
    app->view.against = NULL;
    app->state.compare = COMPARE_NONE;
    app->view.baseline = app->baseline.name ? &app->baseline : NULL;
    app->view.moved = lesson_moved(&app->lesson, app->view.baseline);
    app->view.flash = 0;
    /* Nobody points at cells of a lesson that is no more: the new page is drawn first. */
    display_clear(&app->page);
    app->built.on = false;
    app->state.head = 0;
    app->state.zoom = (struct zoom){0};
    app->state.heads = (struct heads_view){0};
    app->state.microscope = (struct microscope_view){0};
    app->state.page = PAGE_WALK;
    app_go(app, walk_whole(&app->walk, 0));
    app->transition.on = false;
    app->changes++;
}

/* From its start, read anew. */
static struct qkv_err open_lesson(struct app *app, const char *name, const struct lesson_options *options)
{
    struct lesson_source source = {0};
    struct overrides overrides = {0};
    struct opened opened;
    struct qkv_err err = lesson_source_read(name, &source);
    if (!err.code)
        err = overrides_of(&overrides, options);
    if (!err.code)
        err = opened_init(&opened, &source, &overrides, NULL, NULL, NULL);
    if (!err.code)
        app_show(app, &opened);
    lesson_source_finish(&source);
    overrides_finish(&overrides);
    return err;
}

struct qkv_err app_open(struct app *app, const char *name, const struct lesson_options *options)
{
    struct request r = {0};
    struct str session = {0};
    struct qkv_err err = request_lesson_or_session(&r, name, &session, NULL);
    if (!err.code && !session.n)
        err = open_lesson(app, name, options);
    else if (!err.code)
        err = request_options(&r, options);
    if (!err.code && session.n)
        err = app_apply(app, &r, RESOLVE_SCREEN);
    request_finish(&r);
    if (err.code) {
        str_finish(&session);
        return err;
    }
    str_finish(&app->kept);
    app->kept = session;
    return err;
}
