/* bench.h: the parts of `qkv bench`: what is measured, and how a figure is told. */
#ifndef QKV_CLI_BENCH_H
#define QKV_CLI_BENCH_H

#include "app/app.h"
#include "paint/paint.h"

/* What the machine can do at most: measured first, the limit of what is computed. */
struct peak {
    double operations[2]; /* a second, of one thread and of two: products and sums of doubles, each rounded by itself */
    double copied;        /* bytes a second, read and written */
};

struct bench {
    bool json;
    struct peak peak;
    struct fonts *fonts;
    struct app app;
    struct raster raster;
    struct painter *painter;
    struct display_list scratch;
    struct qkv_err failure; /* the first of drawing */
    const char *input;      /* the measurement's */
};

/* A figure. The name is its key in JSON, and is never given another meaning; what is not in milliseconds ends in its
 * unit. Not a number: it could not be measured here; JSON says null. `limit`: the same at the machine's peak, in the
 * same unit; 0: there is none. */
struct bench_figure {
    const char *name;
    double value;
    const char *unit, *meaning;
    double limit;
};

/* Write it as soon as it is known. Error: QKV_ERR_IO. */
QKV_CHECKED struct qkv_err bench_tell(struct bench *b, const struct bench_figure *figure);

/* ---- clocks ---- */

/* Milliseconds of the processes' threads together, of this thread, and by the clock. */
double bench_cpu(void);
double bench_thread(void);
double bench_wall(void);

/* ---- bench_peak.c ---- */
QKV_CHECKED struct qkv_err bench_peak(struct bench *b);

/* ---- bench_core.c: forward and backward passes, and linear attention for each token ---- */
QKV_CHECKED struct qkv_err bench_core(struct bench *b);

/* ---- bench_start.c ---- */

/* What a window takes from the start of the program to its first frame, where there is a display: processor time and
 * resident memory of a process of its own, made before this one has done anything. */
struct window_start {
    double ms, megabytes; /* not a number: there is no display */
};
struct window_start bench_window_start(void);

#endif
