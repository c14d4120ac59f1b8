/* change.c: the lesson on the screen, computed anew with what a person changed. */
#include "app/parts.h"

#include "app/job.h"

#include <stdlib.h>

/* Cells that are not there any more are forgotten; how many. */
static size_t forget_cells(struct overrides *e, const bool *fits)
{
    size_t before = e->n_edits;
    overrides_keep(e, fits);
    return before - e->n_edits;
}

/* What is left without the cells that went is another overrides, perhaps none: then the lesson speaks again. */
static struct qkv_err compute_kept(struct app *app, struct opened *opened, bool *fits)
{
    struct lesson_source source = opened->source;
    struct overrides kept = opened->overrides;
    opened->source = (struct lesson_source){0};
    opened->overrides = (struct overrides){0};
    opened_finish(opened);
    struct qkv_err err = opened_again(opened, &source, &kept, app, fits);
    lesson_source_finish(&source);
    overrides_finish(&kept);
    return err;
}

/* Compute the lesson with these changes into *opened, whose overrides holds only what there is to change. */
static struct qkv_err compute(struct app *app, struct overrides *next, struct opened *opened, size_t *ret_lost)
{
    struct lesson_source source = {0};
    bool *fits = calloc(next->n_edits + 1, sizeof *fits);
    struct qkv_err err = fits ? lesson_source_copy(&app->source, &source) : qkv_nomem("what you changed");
    if (!err.code)
        err = opened_again(opened, &source, next, app, fits);
    if (!err.code)
        *ret_lost = forget_cells(&opened->overrides, fits);
    if (*ret_lost > 0)
        err = compute_kept(app, opened, fits);
    lesson_source_finish(&source);
    free(fits);
    return err;
}

bool app_change(struct app *app, struct overrides *next)
{
    struct opened opened = {0};
    struct str place = {0};
    size_t lost = 0;
    job_join(app, next);
    bool same = overrides_same(&app->overrides, next);
    struct qkv_err err = {0};
    if (same) {
        job_cancel(app);
    } else if (job_begins(app, JOB_CHANGE, &app->source, next)) {
        overrides_finish(next);
        return true;
    } else {
        state_print_view(app, &place);
        err = place.failed ? qkv_nomem("the place") : compute(app, next, &opened, &lost);
    }
    overrides_finish(next);
    if (err.code)
        app_say(app, "%s", err.what);
    bool done = same || (!err.code && history_push(app));
    if (done && !same) {
        bool hover = app->hover;
        app_show(app, &opened);
        state_return(app, str_text(&place));
        app->hover = hover && app->state.cursor.on;
        app->view.flash = app->state.motion ? 1 : 0;
        app->flash_start = app->now;
        if (lost)
            app_say(app, "%zu changed number%s had no place any more and went. Ctrl+Z brings back what was.", lost,
                    lost == 1 ? "" : "s");
    }
    opened_finish(&opened);
    str_finish(&place);
    app->dirty = true;
    return done;
}
