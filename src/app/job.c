
#include "app/job.h"

#include "base/thread.h"
#include "lesson/analysis/compare.h"
#include "lesson/analysis/summary.h"
#include "paint/paint.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

struct job {
    struct ask ask;
    struct computed_document computed;
    struct memo *memo;
    struct overrides baseline;  /* of the baseline */
    struct timing *timing;      /* of ASK_TIMES; then there is no document */
    struct lesson_work *lesson; /* what is being computed now: the document's lesson, then its baseline */
    bool *fits;                 /* for each edit: is there such a cell? NULL: all must be */
    struct task *task;          /* NULL: nothing runs beside */
    struct progress progress;
    bool complete;
    struct qkv_err err;
};

void ask_finish(struct ask *ask)
{
    document_finish(&ask->document);
    request_finish(&ask->request);
    str_finish(&ask->session);
    *ask = (struct ask){0};
}

void computed_document_finish(struct computed_document *computed)
{
    document_finish(&computed->document);
    lesson_unref(computed->baseline);
    *computed = (struct computed_document){0};
}

static struct job *job_of_times(struct ask *ask, struct job *job)
{
    job->timing = timing_new(ask->width, ask->lengths, &job->progress);
    if (!job->timing) {
        job_free(job);
        return NULL;
    }
    job->ask = *ask;
    *ask = (struct ask){0};
    return job;
}

struct job *job_new(struct ask *ask, const struct lesson_cache *cache, struct memo *memo)
{
    struct job *job = calloc(1, sizeof *job);
    if (!job)
        return NULL;
    if (ask->use == ASK_TIMES)
        return job_of_times(ask, job);
    const struct document *wanted = &ask->document;
    struct computed_document *c = &job->computed;
    job->memo = memo;
    bool lenient = ask->use == ASK_CHANGE;
    struct qkv_err err = overrides_copy(&c->document.overrides, &wanted->overrides);
    c->document.source = lesson_source_ref(wanted->source);
    c->document.lesson = lesson_ref(cache_find(cache, wanted));
    overrides_without_settings(&job->baseline, &wanted->overrides);
    c->baseline = lesson_ref(cache_find(cache, &(struct document){wanted->source, job->baseline, NULL}));
    job->fits = lenient ? calloc(edit_tree_size(wanted->overrides.edits) + 1, sizeof *job->fits) : NULL;
    if (err.code || (lenient && !job->fits)) {
        job_free(job);
        return NULL;
    }
    job->ask = *ask;
    *ask = (struct ask){0};
    return job;
}

void job_free(struct job *job)
{
    if (!job)
        return;
    atomic_store(&job->progress.cancel, true);
    task_end(job->task);
    lesson_work_free(job->lesson);
    timing_free(job->timing);
    computed_document_finish(&job->computed);
    overrides_finish(&job->baseline);
    free(job->fits);
    ask_finish(&job->ask);
    free(job);
}

/* ---- computing ---- */

/* Edits without a place go before anything is computed: what is left may be the baseline. */
static void drop_lost(struct job *job)
{
    struct overrides *e = &job->computed.document.overrides;
    size_t before = edit_tree_size(e->edits);
    job->err = overrides_keep(e, job->fits);
    size_t lost = before - edit_tree_size(e->edits);
    if (!job->err.code && lost == 0)
        return;
    job->computed.lost += lost;
    lesson_work_free(job->lesson);
    job->lesson = NULL;
}

static void begin(struct job *job, const struct overrides *e, bool *fits)
{
    struct lesson_options options = {
        .decode_image = image_decode, .progress = &job->progress, .memo = job->memo, .fits = fits};
    options.overrides = e;
    options.held = job->ask.held + lesson_bytes(job->computed.document.lesson);
    for (size_t i = 0; fits && i < edit_tree_size(e->edits); i++)
        fits[i] = true;
    job->lesson = lesson_work_new(job->computed.document.source, &options);
    if (!job->lesson)
        job->err = qkv_nomem("a lesson");
    else if (fits)
        drop_lost(job);
}

static const struct lesson *end(struct job *job)
{
    struct lesson lesson;
    job->err = lesson_work_end(job->lesson, &lesson, NULL);
    job->lesson = NULL;
    if (!job->err.code)
        summaries_prepare(lesson.summaries, &lesson.tape);
    if (!job->err.code && lesson.comparison)
        comparison_prepare(lesson.comparison);
    const struct lesson *shared = job->err.code ? NULL : lesson_share(&lesson);
    if (!job->err.code && !shared)
        job->err = qkv_nomem("a lesson");
    return shared;
}

static void complete(struct job *job, bool changed)
{
    const struct ask *ask = &job->ask;
    const struct lesson_options options = {.decode_image = image_decode, .progress = &job->progress};
    job->complete = true;
    if (job->err.code && ask->use == ASK_OPEN)
        job->err = request_blame(&job->ask.request, ask->document.source, &options, job->err);
    if (!changed) { /* the cache may have had it: it is its own */
        lesson_unref(job->computed.baseline);
        job->computed.baseline = NULL;
    }
}

/* Some milliseconds of work. */
enum { SLICE = 5000 };

/* About so much more (in the units of struct progress). False: there is no more. */
static bool run(struct job *job, size_t amount)
{
    struct computed_document *c = &job->computed;
    const struct overrides *e = &c->document.overrides;
    bool changed = e->n_set > 0 || e->edits, first = !c->document.lesson;
    if (job->complete)
        return false;
    if (job->timing) {
        job->complete = !timing_run(job->timing);
        if (job->complete)
            job->err = timing_end(job->timing, &c->times);
        return !job->complete;
    }
    if (job->err.code || (!first && (c->baseline || !changed))) {
        complete(job, changed);
        return false;
    }
    if (!job->lesson) {
        begin(job, first ? e : &job->baseline, first ? job->fits : NULL);
        /* The baseline is computed next and takes about as long. */
        if (first && changed && !c->baseline)
            atomic_store(&job->progress.total, 2 * atomic_load(&job->progress.total));
    } else if (!lesson_work_run(job->lesson, amount)) {
        *(first ? &c->document.lesson : &c->baseline) = end(job);
    }
    return true;
}

static void run_all(void *context)
{
    while (run(context, TAPE_ALL))
        ;
}

bool job_wait(struct job *job, double seconds)
{
    const struct timespec moment = {.tv_nsec = 200000};
    if (seconds == INFINITY) {
        task_end(job->task);
        job->task = NULL;
        run_all(job);
        return true;
    }
    if (!job->task && task_has_threads())
        job->task = task_begin(run_all, job);
    struct timespec start, now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    bool done = false;
    for (double spent = 0; spent < seconds && !(done = job_go_on(job));) {
        if (job->task)
            nanosleep(&moment, NULL);
        clock_gettime(CLOCK_MONOTONIC, &now);
        spent = (double)(now.tv_sec - start.tv_sec) + 1e-9 * (double)(now.tv_nsec - start.tv_nsec);
    }
    return done;
}

bool job_go_on(struct job *job)
{
    if (job->task && task_is_done(job->task)) {
        task_end(job->task);
        job->task = NULL;
    } else if (!job->task) {
        run(job, SLICE);
    }
    return job_is_done(job);
}

bool job_is_done(const struct job *job)
{
    return !job->task && job->complete;
}

float job_progress(const struct job *job)
{
    size_t done = atomic_load(&job->progress.done), total = atomic_load(&job->progress.total);
    return job_is_done(job) ? 1 : total > 0 ? fminf((float)done / (float)total, 1) : 0;
}

size_t job_keeps(const struct job *job)
{
    return atomic_load(&job->progress.keeps);
}

const struct ask *job_ask(const struct job *job)
{
    return &job->ask;
}

struct qkv_err job_end(struct job *job, struct ask *ret_ask, struct computed_document *ret)
{
    struct qkv_err err = job->err;
    *ret = job->computed;
    *ret_ask = job->ask;
    job->computed = (struct computed_document){0};
    job->ask = (struct ask){0};
    job_free(job);
    return err;
}
