#include "app/job.h"

#include "app/parts.h"
#include "base/thread.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct job {
    enum job_use use;
    struct task *task; /* NULL: it is done */
    struct progress progress;
    /* What it reads; the app keeps its lessons as they are meanwhile. */
    const struct app *app;
    struct lesson_source source;
    struct overrides overrides;
    /* What it makes. */
    struct opened opened;
    bool *fits;
    struct qkv_err err;
};

/* ---- what is long ---- */

/* In PROGRESS_UNIT operations: below, a lesson is computed within two frames or so. */
enum { LONG_AMOUNT = 150000 };

/* At most: what is written without spaces may have a word in every character. */
static size_t words_in(const char *text)
{
    size_t n = 0;
    for (bool in = false; *text; text++) {
        unsigned char c = (unsigned char)*text;
        n += c >= 0xC0 || (c < 0x80 && !isspace(c) && !in);
        in = c < 0x80 && !isspace(c);
    }
    return n;
}

/* The largest whole number of a text that can be a size: "{source: random, d_model: 512}". */
static size_t size_in(const char *text)
{
    enum { MOST = 1024, USUAL = 32 };
    size_t largest = USUAL;
    while (*text) {
        char *end;
        size_t n = isdigit((unsigned char)*text) ? strtoul(text, &end, 10) : 0;
        if (isdigit((unsigned char)*text))
            text = end;
        else
            text++;
        if (n > largest && n <= MOST)
            largest = n;
    }
    return largest;
}

/* Other words or weights: so many operations of eight heads, in units. */
static double guess(const struct app *app, const struct lesson_source *source, const struct overrides *e)
{
    bool here = same_source(source, &app->source), own = e->sentence.n == 0;
    size_t now = here && app->overrides.sentence.n == 0 ? app->lesson.words.n : 0;
    double n = (double)(own ? now : words_in(str_text(&e->sentence))), d = (double)size_in(str_text(&e->weights));
    if (n > WORDS_MAX)
        return 0; /* that is refused before anything is computed */
    return (8 * n * d * d + 4 * n * n * d + 160 * n * n) / PROGRESS_UNIT;
}

static double amount(const struct app *app, const struct lesson_source *source, const struct overrides *e)
{
    if (same_source(source, &app->source) && same_ground(e, &app->overrides))
        return (double)tape_amount(&app->lesson.tape) + (double)tape_amount(&app->lesson.beside.tape);
    return guess(app, source, e);
}

static bool is_long(const struct app *app, const struct lesson_source *source, const struct overrides *e)
{
    return amount(app, source, e) > LONG_AMOUNT;
}

/* ---- its life ---- */

static void compute(void *context)
{
    struct job *job = context;
    struct lesson_source source = {0};
    struct overrides e = {0};
    job->err = lesson_source_copy(&job->source, &source);
    if (!job->err.code)
        job->err = overrides_copy(&e, &job->overrides);
    /* Only a change may lose cells that have no place any more. */
    bool lenient = job->use == JOB_CHANGE;
    for (size_t i = 0; i < job->overrides.n_edits; i++)
        job->fits[i] = true;
    if (!job->err.code)
        job->err = opened_init(&job->opened, &source, &e, job->app, lenient ? job->fits : NULL, &job->progress);
    lesson_source_finish(&source);
    overrides_finish(&e);
}

static void job_free(struct job *job)
{
    if (!job)
        return;
    atomic_store(&job->progress.cancel, true);
    task_end(job->task);
    opened_finish(&job->opened);
    lesson_source_finish(&job->source);
    overrides_finish(&job->overrides);
    free(job->fits);
    free(job);
}

static void forget(struct app *app)
{
    struct job *job = app->job;
    app->job = NULL;
    app->view.working = false;
    app->dirty = true;
    job_free(job);
}

bool job_is_on(const struct app *app)
{
    return app->job != NULL;
}

bool job_is_ready(const struct app *app)
{
    return app->job && !app->job->task;
}

bool job_is_for(const struct app *app, enum job_use use)
{
    return app->job && app->job->use == use;
}

static bool is_it(const struct job *job, const struct lesson_source *source, const struct overrides *e)
{
    return same_source(source, &job->source) && overrides_same(e, &job->overrides);
}

bool job_begins(struct app *app, enum job_use use, const struct lesson_source *source, const struct overrides *e)
{
    if (app->job && app->job->use == use && is_it(app->job, source, e))
        return app->job->task != NULL;
    job_cancel(app);
    if (!is_long(app, source, e))
        return false;
    struct job *job = calloc(1, sizeof *job);
    if (!job)
        return false;
    job->use = use;
    job->app = app;
    job->fits = calloc(e->n_edits + 1, sizeof *job->fits);
    struct qkv_err err = lesson_source_copy(source, &job->source);
    if (!err.code)
        err = overrides_copy(&job->overrides, e);
    if (err.code || !job->fits) {
        job_free(job);
        return false;
    }
    atomic_store(&job->progress.total, (size_t)amount(app, source, e) + 1);
    job->task = task_begin(compute, job);
    if (!job->task) {
        job_free(job);
        return false;
    }
    app->job = job;
    app->view.working = true;
    app->view.progress = 0;
    app->dirty = true;
    return true;
}

bool job_take(struct app *app, const struct lesson_source *source, const struct overrides *e, struct opened *ret,
              bool *fits, struct qkv_err *ret_err)
{
    struct job *job = app->job;
    if (!job || job->task || !is_it(job, source, e))
        return false;
    *ret_err = job->err;
    *ret = job->opened;
    if (!job->err.code)
        ret->walk.lesson = &ret->lesson; /* where it is now */
    if (fits)
        memcpy(fits, job->fits, e->n_edits * sizeof *fits);
    job->opened = (struct opened){0};
    forget(app);
    return true;
}

void job_join(struct app *app, struct overrides *next)
{
    if (!job_is_for(app, JOB_CHANGE) || is_it(app->job, &app->source, next))
        return;
    struct qkv_err err = overrides_rebase(next, &app->overrides, &app->job->overrides);
    if (err.code)
        app_say(app, "%s", err.what);
    job_cancel(app);
}

void job_cancel(struct app *app)
{
    if (app->job)
        forget(app);
}

/* Ask again what was asked. */
static void show(struct app *app)
{
    struct overrides next;
    enum job_use use = app->job->use;
    struct qkv_err err = app->job->err;
    if (!err.code && use == JOB_CHANGE)
        err = overrides_copy(&next, &app->job->overrides);
    if (err.code)
        app_say(app, "%s", err.what);
    else if (use == JOB_CHANGE)
        app_change(app, &next);
    else if (use == JOB_UNDO)
        history_undo(app);
    else
        history_redo(app);
    job_cancel(app); /* whatever was not taken */
}

void job_poll(struct app *app)
{
    struct job *job = app->job;
    if (!job)
        return;
    if (job->task && task_is_done(job->task)) {
        task_end(job->task);
        job->task = NULL;
    }
    size_t done = atomic_load(&job->progress.done), total = atomic_load(&job->progress.total);
    float share = job->task && total > 0 ? (float)done / (float)total : 1;
    share = share < 1 ? share : 1;
    /* What two computations count each for itself goes on where the first has come to. */
    if (share > app->view.progress) {
        app->view.progress = share;
        app->dirty = true;
    }
    if (!job->task && !app->view.field.on && app->press.kind == PRESS_NONE)
        show(app);
}

void app_wait(struct app *app)
{
    if (!app->job)
        return;
    task_end(app->job->task);
    app->job->task = NULL;
    show(app);
}
