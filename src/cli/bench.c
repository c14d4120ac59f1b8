/* bench.c: `qkv bench`: how long things take on this machine. Processor time, so that what else runs does not count. */
#include "cli/bench.h"
#include "cli/subcommand.h"
#include "paint/paint.h"

#include <SDL.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

static void bench_paint(struct bench *b, const struct display_list *list)
{
    struct qkv_err err = list ? painter_draw(b->painter, list) : qkv_nomem("a page");
    if (!b->failure.code)
        b->failure = err;
}

void bench_draw(struct bench *b)
{
    bench_paint(b, app_draw(&b->app, &b->scratch));
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
        SDL_CreateRGBSurfaceWithFormat(0, (int)b->app.width, (int)b->app.height, 32, SDL_PIXELFORMAT_RGB888);
    b->renderer = b->surface ? SDL_CreateSoftwareRenderer(b->surface) : NULL;
    if (!b->renderer)
        return qkv_errf(QKV_ERR_IO, "cannot draw into memory: %s", SDL_GetError());
    err = painter_new(b->renderer, b->fonts, &b->painter);
    if (!err.code)
        bench_draw(b);
    *ret = cpu_ms() - start;
    return err;
}

/* Every position of the walk, cell by cell; the time of one page, its building or its drawing. */
static void walk_pages(struct bench *b, double *ret_build, double *ret_draw)
{
    double build = 0, draw = 0;
    for (size_t i = 0; i < b->app.doc.lesson->walk.length; i++) {
        app_go(&b->app, i);
        double start = cpu_ms();
        const struct display_list *list = app_draw(&b->app, &b->scratch);
        double built = cpu_ms();
        bench_paint(b, list);
        build += built - start;
        draw += cpu_ms() - built;
    }
    *ret_build = build / (double)b->app.doc.lesson->walk.length;
    *ret_draw = draw / (double)b->app.doc.lesson->walk.length;
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
    app_go(app, walk_whole(&app->doc.lesson->walk, 0));
    app_draw(app, &b->scratch);
    double now = app->now, total = 0;
    size_t frames = 0;
    while (app->state.position + 1 < app->doc.lesson->walk.length) {
        app_update(app, (struct action){.kind = ACTION_COMMAND, .command = CMD_FORWARD});
        for (int i = 0; i < FRAMES && app->transition.on; i++, frames++) {
            app_tick(app, now += 1.0 / 60);
            double start = cpu_ms();
            bench_draw(b);
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
    for (size_t at = 0; at < b->app.doc.lesson->walk.n; at++) {
        app_go(&b->app, walk_whole(&b->app.doc.lesson->walk, at));
        for (int zoomed = 0; zoomed < 2; zoomed++, pages++) {
            double start = cpu_ms();
            bench_draw(b);
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
    {"frame", "by the clock: from an edit to the new frame, default lesson, 1280x800", measure_frame},
    {"frame_x_512", "by the clock: the same for 512 tokens, 8 heads, d_model 512, a cell of X", measure_frame_x},
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
        if (!err.code)
            err = b.failure;
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
