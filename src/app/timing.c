#include "app/timing.h"

#include "core/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SAMPLES_MOST = 25, DONE_ALL = 1000 /* of progress */ };

/* A sample is of so many runs that the clock counts it finely, a figure the median of as many as fit into a while. */
static const double sample_seconds = 1e-4, figure_seconds = 0.04;

/* About how long it takes, to tell how far it is: a figure at the least, and operations at this speed. */
static const double guessed_speed = 8e9;

struct timing {
    struct untaped_times times;
    struct progress *progress;
    double *numbers;            /* owned: queries, keys, values, a result, and the two that mix */
    struct untaped_input input; /* n: the longest */
    double *result;
    size_t at, n;        /* how many were measured, and are to be */
    double spent, total; /* guessed */
    struct qkv_err err;
};

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double bytes_of(enum untaped way, size_t n, size_t d)
{
    return 8 * (double)untaped_work(way, n, d);
}

static double guess(enum untaped way, size_t n, size_t d)
{
    double work = untaped_operations(way, n, d) / guessed_speed;
    if (bytes_of(way, n, d) > UNTAPED_BYTES_MOST || work > UNTAPED_SECONDS_MOST)
        return 0;
    return figure_seconds + work;
}

static enum untaped way_at(size_t at)
{
    return (enum untaped)(at % UNTAPED_COUNT);
}

/* All ways at one length, then at the next. */
static size_t length_at(size_t at)
{
    return at / UNTAPED_COUNT;
}

struct timing *timing_new(size_t d, size_t lengths, struct progress *progress)
{
    const size_t n = lengths ? untaped_length(lengths - 1) : 0, each = n * d, mixes = n * UNTAPED_RANK,
                 all = 4 * each + 2 * mixes;
    struct timing *t = calloc(1, sizeof *t);
    double *v = malloc(all * sizeof *v);
    if (!t || !v) {
        free(t);
        free(v);
        return NULL;
    }
    struct random random = {2017};
    for (size_t i = 0; i < all; i++)
        v[i] = 2 * random_share(&random) - 1;
    *t = (struct timing){.times = {.d = d, .here = true},
                         .progress = progress,
                         .n = UNTAPED_COUNT * lengths,
                         .numbers = v,
                         .result = v + 3 * each,
                         .input = {n, d, v, v + each, v + 2 * each, v + 4 * each, v + 4 * each + mixes}};
    for (size_t at = 0; at < t->n; at++)
        t->total += guess(way_at(at), untaped_length(length_at(at)), d);
    atomic_store(&progress->done, 0);
    atomic_store(&progress->total, DONE_ALL);
    return t;
}

void timing_free(struct timing *t)
{
    if (t)
        free(t->numbers);
    free(t);
}

/* ---- one figure ---- */

/* The seconds of one run, from so many; -1: cancelled. */
static double sample(const struct timing *t, enum untaped way, size_t n, size_t runs, double *work)
{
    struct untaped_input input = t->input;
    input.n = n;
    double start = seconds();
    for (size_t i = 0; i < runs; i++)
        if (!untaped_run(way, &input, &t->progress->cancel, work, t->result))
            return -1;
    return (seconds() - start) / (double)runs;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double measure(const struct timing *t, enum untaped way, size_t n, double *work)
{
    double took[SAMPLES_MOST], once = sample(t, way, n, 1, work), spent = once;
    size_t taken = 0;
    if (once < 0)
        return once;
    size_t runs = (size_t)fmax(1, ceil(sample_seconds / fmax(once, 1e-7)));
    for (; taken < SAMPLES_MOST && (taken == 0 || spent < figure_seconds); taken++) {
        if (taken == 0 && once > figure_seconds)
            took[0] = once; /* it is long enough by itself */
        else if ((took[taken] = sample(t, way, n, runs, work)) < 0)
            return -1;
        spent += took[taken] * (double)runs;
    }
    qsort(took, taken, sizeof *took, by_size);
    return took[taken / 2];
}

/* By what the last length took; 0: nothing is known. */
static double foreseen(const struct timing *t, enum untaped way, size_t length)
{
    if (length == 0)
        return 0;
    double before = (double)t->times.seconds[way][length - 1];
    return before <= 0 ? INFINITY
                       : before * untaped_operations(way, untaped_length(length), t->times.d) /
                             untaped_operations(way, untaped_length(length - 1), t->times.d);
}

/* As few digits as a state line writes, so that a line gives the same page. */
static float rounded(double x)
{
    char text[32];
    snprintf(text, sizeof text, "%.4g", x);
    return strtof(text, NULL);
}

static void measure_next(struct timing *t)
{
    enum untaped way = way_at(t->at);
    size_t length = length_at(t->at), n = untaped_length(length), d = t->times.d;
    float *to = &t->times.seconds[way][length];
    if (bytes_of(way, n, d) > UNTAPED_BYTES_MOST) {
        *to = UNTAPED_TOO_LARGE;
    } else if (foreseen(t, way, length) > UNTAPED_SECONDS_MOST) {
        *to = UNTAPED_TOO_LONG;
    } else {
        double *work = malloc(untaped_work(way, n, d) * sizeof *work);
        double took = work ? measure(t, way, n, work) : 0;
        free(work);
        if (!work)
            t->err = qkv_nomem("what is measured");
        else if (took < 0)
            t->err = qkv_errf(QKV_ERR_CANCELLED, "cancelled");
        else
            *to = rounded(fmax(took, 1e-9));
    }
}

bool timing_run(struct timing *t)
{
    if (t->err.code || t->at == t->n)
        return false;
    measure_next(t);
    t->spent += guess(way_at(t->at), untaped_length(length_at(t->at)), t->times.d);
    t->at++;
    atomic_store(&t->progress->done, (size_t)(DONE_ALL * fmin(1, t->spent / t->total)));
    return !t->err.code;
}

struct qkv_err timing_end(const struct timing *t, struct untaped_times *ret)
{
    if (!t->err.code)
        *ret = t->times;
    return t->err;
}
