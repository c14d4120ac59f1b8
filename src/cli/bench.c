/* bench.c: `qkv bench`: how long things take on this machine. Processor time, so that what else runs does not count. */
#include "cli/subcommand.h"

#include "app/app.h"
#include "app/edit.h"
#include "core/edit.h"
#include "core/mechanism.h"
#include "paint/paint.h"

#include <SDL.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What the measurements share. */
struct bench {
    struct fonts *fonts;
    struct app app;
    SDL_Surface *surface;
    SDL_Renderer *renderer;
    struct painter *painter;
    struct display_list scratch;
};

static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static struct qkv_err open_lesson(void)
{
    struct lesson lesson = {0};
    struct qkv_err err = lesson_open("one-head", NULL, &lesson, NULL);
    if (!err.code)
        lesson_finish(&lesson);
    return err;
}

static struct qkv_err measure_open(struct bench *b, double *ret)
{
    enum { ROUNDS = 20 };
    (void)b;
    double start = cpu_ms();
    struct qkv_err err = {0};
    for (int i = 0; i < ROUNDS && !err.code; i++)
        err = open_lesson();
    *ret = (cpu_ms() - start) / ROUNDS;
    return err;
}

/* What a person waits for: fonts, the lesson, the first page drawn. Nothing of it is warm. */
static struct qkv_err measure_first_frame(struct bench *b, double *ret)
{
    double start = cpu_ms();
    struct qkv_err err = fonts_new(&b->fonts);
    if (!err.code)
        err = app_init(&b->app, NULL, NULL, fonts_measure(b->fonts));
    if (err.code)
        return err;
    b->surface =
        SDL_CreateRGBSurfaceWithFormat(0, (int)b->app.view.width, (int)b->app.view.height, 32, SDL_PIXELFORMAT_RGB888);
    b->renderer = b->surface ? SDL_CreateSoftwareRenderer(b->surface) : NULL;
    if (!b->renderer)
        return qkv_errf(QKV_ERR_IO, "cannot draw into memory: %s", SDL_GetError());
    err = painter_new(b->renderer, b->fonts, &b->painter);
    const struct display_list *list = err.code ? NULL : app_draw(&b->app, &b->scratch);
    if (list) {
        painter_draw(b->painter, list);
        SDL_RenderFlush(b->renderer);
    }
    *ret = cpu_ms() - start;
    return err;
}

/* Every position of the walk, cell by cell; the time of one page, its building or its drawing. */
static void walk_pages(struct bench *b, double *ret_build, double *ret_draw)
{
    double build = 0, draw = 0;
    for (size_t i = 0; i < b->app.walk.length; i++) {
        app_go(&b->app, i);
        double start = cpu_ms();
        const struct display_list *list = app_draw(&b->app, &b->scratch);
        double built = cpu_ms();
        if (list) {
            painter_draw(b->painter, list);
            SDL_RenderFlush(b->renderer);
        }
        build += built - start;
        draw += cpu_ms() - built;
    }
    *ret_build = build / (double)b->app.walk.length;
    *ret_draw = draw / (double)b->app.walk.length;
}

static struct qkv_err measure_build(struct bench *b, double *ret)
{
    double unused;
    walk_pages(b, ret, &unused);
    return (struct qkv_err){0};
}

static struct qkv_err measure_draw(struct bench *b, double *ret)
{
    double unused;
    walk_pages(b, &unused, ret);
    return (struct qkv_err){0};
}

/* The slowest frame: matrices on their way, everything else fading. */
static struct qkv_err measure_transition(struct bench *b, double *ret)
{
    enum { FRAMES = 24 };
    struct app *app = &b->app;
    app_go(app, walk_whole(&app->walk, 0));
    app_draw(app, &b->scratch);
    double now = app->now, total = 0;
    size_t frames = 0;
    while (app->view.position + 1 < app->walk.length) {
        app_update(app, (struct action){.kind = ACTION_COMMAND, .command = CMD_FORWARD});
        for (int i = 0; i < FRAMES && app->transition.on; i++, frames++) {
            app_tick(app, now += 1.0 / 60);
            double start = cpu_ms();
            const struct display_list *list = app_draw(app, &b->scratch);
            if (list) {
                painter_draw(b->painter, list);
                SDL_RenderFlush(b->renderer);
            }
            total += cpu_ms() - start;
        }
    }
    *ret = frames ? total / (double)frames : 0;
    return (struct qkv_err){0};
}

static struct qkv_err measure_png(struct bench *b, double *ret)
{
    struct str png = {0};
    const struct display_list *list = app_draw(&b->app, &b->scratch);
    double start = cpu_ms();
    struct qkv_err err = list ? page_png(list, b->fonts, &png) : qkv_nomem("a page");
    *ret = cpu_ms() - start;
    str_finish(&png);
    return err;
}

/* What a person waits for where several processors share the work. */
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

/* A mask that blocks what comes later, as a tensor that can be painted. */
static struct qkv_err add_mask(struct named_tensors *inputs)
{
    struct tensor t = {0};
    struct qkv_err err = tensor_init_sizes(&t, 1, TOKENS, TOKENS);
    for (size_t i = 0; !err.code && i < tensor_cells(&t); i++)
        t.v[i] = i % TOKENS <= i / TOKENS;
    if (!err.code)
        err = named_tensors_add(inputs, "mask", &t);
    tensor_finish(&t);
    return err;
}

/* 512 tokens, 8 heads, d_model 512: the largest that is to be explored by hand. */
static struct qkv_err record_attention(bool masked, struct tape *tape, double *ret_ms)
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
    if (!err.code && masked)
        err = add_mask(&inputs);
    double start = clock_ms();
    if (!err.code)
        err = mechanism_record(m, &settings, &inputs, tape);
    *ret_ms = clock_ms() - start;
    named_tensors_finish(&inputs);
    return err;
}

static struct qkv_err measure_attention(struct bench *b, double *ret)
{
    (void)b;
    struct tape tape = {0};
    struct qkv_err err = record_attention(false, &tape, ret);
    tape_finish(&tape);
    return err;
}

/* One cell of an input, changed where it stands, again and again: the mean of one change. */
static struct qkv_err measure_edit(const char *input, double *ret)
{
    enum { ROUNDS = 10 };
    struct tape tape = {0};
    double unused;
    struct qkv_err err = record_attention(strcmp(input, "mask") == 0, &tape, &unused);
    int step = err.code ? 0 : tape_find(&tape, input);
    double start = clock_ms();
    for (size_t i = 0; i < ROUNDS && !err.code; i++) {
        struct tape_change change = {step, 0, TOKENS / 2, TOKENS / 4, (double)(i % 2)};
        err = tape_edit(&tape, &change, 1, NULL);
    }
    *ret = (clock_ms() - start) / ROUNDS;
    tape_finish(&tape);
    return err;
}

#define MEASURE_EDIT(name, input)                                                                                      \
    static struct qkv_err measure_edit_##name(struct bench *b, double *ret)                                            \
    {                                                                                                                  \
        (void)b;                                                                                                       \
        return measure_edit(input, ret);                                                                               \
    }

MEASURE_EDIT(x, "X")
MEASURE_EDIT(w_q, "W_Q")
MEASURE_EDIT(w_o, "W_O")
MEASURE_EDIT(mask, "mask")

/* ---- from an edit to the new frame, by the clock: what the one who drags a number waits for ---- */

static void draw_frame(struct bench *b)
{
    const struct display_list *list = app_draw(&b->app, &b->scratch);
    if (!list)
        return;
    painter_draw(b->painter, list);
    SDL_RenderFlush(b->renderer);
}

/* The first edit of all makes copies and is told apart: *ret_first. Then the mean of the others. */
static struct qkv_err frames_after_edits(struct bench *b, const char *input, const char *at, size_t row, size_t col,
                                         double *ret_first, double *ret)
{
    enum { ROUNDS = 20 };
    struct app *app = &b->app;
    double total = 0;
    app_go(app, walk_whole(&app->walk, (size_t)walk_find(&app->walk, tape_find(&app->lesson.tape, at))));
    draw_frame(b);
    for (int i = 0; i < ROUNDS; i++) {
        struct cursor cell = {.on = true, .step = tape_find(&app->lesson.tape, input), .row = row, .col = col};
        double start = clock_ms(), old = edit_value(app, &cell);
        bool done = edit_cell(app, &cell, strcmp(input, "mask") == 0 ? old == 0 : old + 0.01);
        draw_frame(b);
        double ms = clock_ms() - start;
        if (!done)
            return qkv_errf(QKV_ERR_DOMAIN, "%s", app->message);
        total += i ? ms : 0;
        *ret_first = i ? *ret_first : ms;
    }
    *ret = total / (ROUNDS - 1);
    return (struct qkv_err){0};
}

static struct qkv_err measure_frame(struct bench *b, double *ret)
{
    double unused;
    struct qkv_err err = app_open(&b->app, "one-head", NULL);
    return err.code ? err : frames_after_edits(b, "W_Q", "scores", 1, 1, &unused, ret);
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

static struct qkv_err measure_frame_512(struct bench *b, const char *input, bool first, double *ret)
{
    double once = 0, mean = 0;
    struct qkv_err err = open_512(b);
    /* A lesson without a mask gets one with its first blocked cell, and has to be computed anew for that. */
    if (!err.code && strcmp(input, "mask") == 0) {
        struct experiment next;
        err = experiment_copy(&next, &b->app.experiment);
        if (!err.code)
            err = experiment_edit(&next, &(struct edit){.tensor = "mask", .at = {0, 9, 9}});
        if (!err.code && !app_change(&b->app, &next))
            err = qkv_errf(QKV_ERR_DOMAIN, "%s", b->app.message);
        app_wait(&b->app);
    }
    if (!err.code)
        err = frames_after_edits(b, input, strcmp(input, "mask") == 0 ? "masked" : "scores", TOKENS / 2, TOKENS / 4,
                                 &once, &mean);
    *ret = first ? once : mean;
    return err;
}

static struct qkv_err measure_frame_first(struct bench *b, double *ret)
{
    return measure_frame_512(b, "X", true, ret);
}

static struct qkv_err measure_frame_x(struct bench *b, double *ret)
{
    return measure_frame_512(b, "X", false, ret);
}

static struct qkv_err measure_frame_w_q(struct bench *b, double *ret)
{
    return measure_frame_512(b, "W_Q", false, ret);
}

static struct qkv_err measure_frame_mask(struct bench *b, double *ret)
{
    return measure_frame_512(b, "mask", false, ret);
}

/* 1,024 words: the most a sentence may have. Reading and computing, then laying out and drawing the page of every step
 * of a large matrix, and of a part of it. */
static struct qkv_err open_large(struct bench *b, double *ret)
{
    enum { WORDS = 1024 };
    static const char *const words[] = {"the ", "cats ", "that ", "it ", "saw ", "zorgle ", "old "};
    struct str sentence = {0};
    for (size_t i = 0; i < WORDS; i++)
        str_add(&sentence, words[(i * i + i / 3) % 7]);
    double start = cpu_ms();
    struct qkv_err err =
        sentence.failed ? qkv_nomem("a sentence")
                        : app_open(&b->app, "several-heads", &(struct lesson_options){.sentence = str_text(&sentence)});
    *ret = cpu_ms() - start;
    str_finish(&sentence);
    return err;
}

static struct qkv_err measure_large_page(struct bench *b, double *ret)
{
    double total = 0, pages = 0;
    for (size_t at = 0; at < b->app.walk.n; at++) {
        app_go(&b->app, walk_whole(&b->app.walk, at));
        for (int zoomed = 0; zoomed < 2; zoomed++, pages++) {
            double start = cpu_ms();
            const struct display_list *list = app_draw(&b->app, &b->scratch);
            if (list) {
                painter_draw(b->painter, list);
                SDL_RenderFlush(b->renderer);
            }
            total += cpu_ms() - start;
            app_update(&b->app,
                       (struct action){.kind = ACTION_COMMAND, .command = zoomed ? CMD_ZOOM_RESET : CMD_ZOOM_IN});
        }
    }
    *ret = total / pages;
    return (struct qkv_err){0};
}

/* In this order: the first frame is only cold once, and the pages need what it made. */
static const struct {
    const char *name, *meaning;
    struct qkv_err (*measure)(struct bench *b, double *ret);
} measurements[] = {
    {"first_frame", "from nothing to the first page: fonts, lesson, layout, drawing", measure_first_frame},
    {"open_lesson", "reading a lesson and computing all of its steps", measure_open},
    {"layout", "laying out a page, mean over the default lesson cell by cell", measure_build},
    {"draw", "drawing a page in software at 1280x800, mean over the same", measure_draw},
    {"transition", "laying out and drawing a frame on the way from step to step", measure_transition},
    {"png", "a page as a PNG", measure_png},
    {"open_large", "reading a sentence of 1,024 words and computing all of its steps", open_large},
    {"large_page", "laying out and drawing a page of it, mean over all steps, whole and zoomed", measure_large_page},
    {"attention_512", "by the clock: all steps of attention on 512 tokens, 8 heads, d_model 512", measure_attention},
    {"edit_x_512", "by the clock: the same kept up to date when one cell of X changes", measure_edit_x},
    {"edit_w_q_512", "by the clock: likewise one cell of W_Q", measure_edit_w_q},
    {"edit_w_o_512", "by the clock: likewise one cell of W_O", measure_edit_w_o},
    {"edit_mask_512", "by the clock: likewise one cell of a mask", measure_edit_mask},
    {"frame", "by the clock: from an edit to the new frame, default lesson, 1280x800", measure_frame},
    {"frame_x_512", "by the clock: the same for 512 tokens, 8 heads, d_model 512, a cell of X", measure_frame_x},
    {"frame_first_512", "by the clock: likewise for the first edit of all, which copies the lesson",
     measure_frame_first},
    {"frame_w_q_512", "by the clock: likewise for a cell of W_Q", measure_frame_w_q},
    {"frame_mask_512", "by the clock: likewise for a cell of a mask", measure_frame_mask},
};

static void bench_finish(struct bench *b)
{
    painter_free(b->painter);
    if (b->renderer)
        SDL_DestroyRenderer(b->renderer);
    SDL_FreeSurface(b->surface);
    display_finish(&b->scratch);
    app_finish(&b->app);
    fonts_free(b->fonts);
}

enum exit_status subcommand_bench(const struct options *options)
{
    bool json = options_has(options, OPTION_JSON);
    struct bench b = {0};
    struct qkv_err err = {0};
    const size_t n = sizeof measurements / sizeof measurements[0];
    printf(json ? "{\"version\": \"%s\", \"unit\": \"ms of processor time\""
                : "qkv %s; milliseconds of processor time\n",
           QKV_VERSION);
    for (size_t i = 0; i < n && !err.code; i++) {
        double ms = 0;
        err = measurements[i].measure(&b, &ms);
        if (err.code)
            break;
        if (json)
            printf(", \"%s\": %.3f", measurements[i].name, ms);
        else
            printf("%10.2f  %-14s %s\n", ms, measurements[i].name, measurements[i].meaning);
    }
    if (json)
        printf("}\n");
    bench_finish(&b);
    return err.code ? subcommand_failed("bench", err) : EXIT_DONE;
}
