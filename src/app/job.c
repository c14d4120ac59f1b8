
#include "app/job.h"

#include "base/thread.h"
#include "paint/paint.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

struct job {
    struct ask ask;
    struct document_work *work; /* NULL: it is done */
    struct task *task;          /* NULL: nothing runs beside */
    struct progress progress;
    struct computed_document computed;
    struct qkv_err err;
};

void ask_finish(struct ask *ask)
{
    document_finish(&ask->document);
    request_finish(&ask->request);
    str_finish(&ask->session);
    *ask = (struct ask){0};
}

struct job *job_new(struct ask *ask, const struct lesson_cache *cache)
{
    struct job *job = calloc(1, sizeof *job);
    if (job)
        job->work = document_work_new(&ask->document, ask->use == ASK_CHANGE, cache, &job->progress);
    if (!job || !job->work) {
        free(job);
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
    document_work_free(job->work);
    computed_document_finish(&job->computed);
    ask_finish(&job->ask);
    free(job);
}

/* Some milliseconds of work. */
enum { SLICE = 5000 };

/* False: it is done. */
static bool run(struct job *job, size_t amount)
{
    if (!job->work)
        return false;
    if (document_work_run(job->work, amount))
        return true;
    job->err = document_work_end(job->work, &job->computed);
    job->work = NULL;
    const struct lesson_options options = {.decode_image = image_decode, .progress = &job->progress};
    if (job->err.code && job->ask.use == ASK_OPEN)
        job->err = request_blame(&job->ask.request, job->ask.document.source, &job->ask.document.overrides, &options,
                                 job->err);
    return false;
}

static void run_all(void *context)
{
    while (run(context, TAPE_ALL))
        ;
}

void job_wait(struct job *job, double seconds)
{
    const struct timespec moment = {.tv_nsec = 200000};
    if (seconds == INFINITY) {
        task_end(job->task);
        job->task = NULL;
        run_all(job);
        return;
    }
    if (!job->task && task_has_threads())
        job->task = task_begin(run_all, job);
    struct timespec start, now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (double spent = 0; spent < seconds && !job_go_on(job);) {
        if (job->task)
            nanosleep(&moment, NULL);
        clock_gettime(CLOCK_MONOTONIC, &now);
        spent = (double)(now.tv_sec - start.tv_sec) + 1e-9 * (double)(now.tv_nsec - start.tv_nsec);
    }
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
    return !job->task && !job->work;
}

float job_progress(const struct job *job)
{
    size_t done = atomic_load(&job->progress.done), total = atomic_load(&job->progress.total);
    return job_is_done(job) ? 1 : total > 0 ? fminf((float)done / (float)total, 1) : 0;
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
