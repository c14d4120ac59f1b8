/* bench_edit.c: how long the one waits who changes a number of a large computation: by the clock, because several
 * processors share the work. */
#include "cli/bench.h"

#include "app/edit.h"
#include "core/mechanism.h"

#include <math.h>
#include <string.h>
#include <time.h>

static double clock_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

enum { TOKENS = 512, D_MODEL = 512 };

static struct qkv_err add_tensor(struct named_tensors *inputs, const char *name, size_t rows, size_t cols)
{
    struct tensor t = {0};
    struct qkv_err err = tensor_init_sizes(&t, 1, rows, cols);
    for (size_t i = 0; !err.code && i < rows * cols; i++)
        t.v[i] = sin((double)(i * 7919 % 10007)) / sqrt((double)rows);
    if (!err.code)
        err = named_tensors_add(inputs, name, &t);
    tensor_finish(&t);
    return err;
}

/* 512 tokens, 8 heads, d_model 512: the largest that is to be explored by hand. */
static struct qkv_err record_attention(struct tape *tape, double *ret_ms)
{
    static const char *const names[] = {"W_Q", "W_K", "W_V", "W_O"};
    const struct mechanism *m = mechanism_find("attention");
    struct settings settings = settings_default(m->settings, m->n_settings);
    struct named_tensors inputs = {0};
    struct qkv_err err = settings_set(&settings, "heads", "8");
    if (!err.code)
        err = add_tensor(&inputs, "X", TOKENS, D_MODEL);
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !err.code; i++)
        err = add_tensor(&inputs, names[i], D_MODEL, D_MODEL);
    double start = clock_ms();
    if (!err.code)
        err = mechanism_record(m, &settings, &inputs, tape);
    *ret_ms = clock_ms() - start;
    named_tensors_finish(&inputs);
    return err;
}

struct qkv_err measure_attention(struct bench *b, double *ret)
{
    (void)b;
    struct tape tape = {0};
    struct qkv_err err = record_attention(&tape, ret);
    tape_finish(&tape);
    return err;
}

/* ---- from an edit to the new frame, by the clock: what the one who drags a number waits for ---- */

/* The mean of several edits. */
static struct qkv_err frames_after_edits(struct bench *b, const char *input, const char *at, size_t row, size_t col,
                                         double *ret)
{
    enum { ROUNDS = 20 };
    struct app *app = &b->app;
    double total = 0;
    app_go(app, walk_whole(&app->doc.lesson->walk, (size_t)walk_find(&app->doc.lesson->walk, tape_find(&app->doc.lesson->tape, at))));
    bench_draw(b);
    for (int i = 0; i < ROUNDS; i++) {
        struct cursor cell = {.on = true, .step = tape_find(&app->doc.lesson->tape, input), .row = row, .col = col};
        double start = clock_ms(), old = edit_value(app, &cell);
        bool done = edit_cell(app, &cell, strcmp(input, "mask") == 0 ? old == 0 : old + 0.01);
        app_wait(app);
        bench_draw(b);
        double ms = clock_ms() - start;
        if (!done)
            return qkv_errf(QKV_ERR_DOMAIN, "%s", app->message);
        total += ms;
    }
    *ret = total / ROUNDS;
    return (struct qkv_err){0};
}

struct qkv_err measure_frame(struct bench *b, double *ret)
{
    struct qkv_err err = app_open(&b->app, "one-head", NULL);
    return err.code ? err : frames_after_edits(b, "W_Q", "scores", 1, 1, ret);
}

static struct qkv_err open_512(struct bench *b)
{
    static const char *const set[] = {"heads=8"};
    struct str sentence = {0};
    for (size_t i = 0; i < TOKENS; i++)
        str_addf(&sentence, "%s%s", i ? " " : "", i % 7 == 3 ? "cat" : i % 5 == 2 ? "it" : "the");
    struct lesson_options options = {.sentence = str_text(&sentence),
                                     .weights = "{source: random, seed: 7, d_model: 512, d_k: 64, d_v: 64}",
                                     .set = set,
                                     .n_set = 1};
    struct qkv_err err = sentence.failed ? qkv_nomem("a sentence") : app_open(&b->app, "several-heads", &options);
    str_finish(&sentence);
    return err;
}

static struct qkv_err measure_frame_512(struct bench *b, const char *input, double *ret)
{
    struct qkv_err err = open_512(b);
    /* A lesson without a mask gets one with its first blocked cell, and has to be computed anew for that. */
    if (!err.code && strcmp(input, "mask") == 0) {
        struct overrides next;
        err = overrides_copy(&next, &b->app.doc.overrides);
        if (!err.code)
            err = overrides_edit(&next, &(struct edit){.tensor = "mask", .at = {0, 9, 9}});
        if (!err.code && !app_change(&b->app, &next))
            err = qkv_errf(QKV_ERR_DOMAIN, "%s", b->app.message);
        app_wait(&b->app);
    }
    if (!err.code)
        err =
            frames_after_edits(b, input, strcmp(input, "mask") == 0 ? "masked" : "scores", TOKENS / 2, TOKENS / 4, ret);
    return err;
}

struct qkv_err measure_frame_x(struct bench *b, double *ret)
{
    return measure_frame_512(b, "X", ret);
}

struct qkv_err measure_frame_w_q(struct bench *b, double *ret)
{
    return measure_frame_512(b, "W_Q", ret);
}

struct qkv_err measure_frame_mask(struct bench *b, double *ret)
{
    return measure_frame_512(b, "mask", ret);
}
