/* subcommand_bench.c: `qkv bench`: how long things take on this machine. Processor time, so that what else runs does
 * not count; by the clock where several processors share the work. */
#include "app/app.h"
#include "app/app_parts.h"
#include "cli/bench.h"
#include "cli/subcommand.h"
#include "core/mechanism.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A measurement, in milliseconds. */
typedef struct qkv_err measurement(struct bench *b, double *ret);

static double milliseconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

double bench_cpu(void)
{
    return milliseconds(CLOCK_PROCESS_CPUTIME_ID);
}

double bench_thread(void)
{
    return milliseconds(CLOCK_THREAD_CPUTIME_ID);
}

double bench_wall(void)
{
    return milliseconds(CLOCK_MONOTONIC);
}

static struct qkv_err measure_open(UNUSED struct bench *b, double *ret)
{
    enum { ROUNDS = 20 };
    double start = bench_cpu();
    struct qkv_err err = {0};
    for (int i = 0; i < ROUNDS && !err.code; i++) {
        struct lesson lesson = {0};
        err = lesson_open("one-head", NULL, &lesson, NULL);
        lesson_finish(&lesson);
    }
    *ret = (bench_cpu() - start) / ROUNDS;
    return err;
}

static void bench_paint(struct bench *b, const struct display_list *list)
{
    struct qkv_err err = list ? painter_draw(b->painter, list) : qkv_nomem("a page");
    if (!b->failure.code)
        b->failure = err;
}

static void bench_draw(struct bench *b)
{
    bench_paint(b, app_draw(&b->app, &b->scratch));
}

/* Pages of this size from now on. */
static struct qkv_err aim(struct bench *b, int width, int height)
{
    free(b->raster.v);
    b->raster = (struct raster){.w = width, .h = height, .stride = (size_t)width};
    b->raster.v = malloc((size_t)width * (size_t)height * sizeof *b->raster.v);
    if (!b->raster.v)
        return qkv_nomem("a page");
    painter_aim(b->painter, b->raster);
    app_update(&b->app, (struct action){.kind = ACTION_RESIZE, .x = (float)width, .y = (float)height});
    return (struct qkv_err){0};
}

/* What a person waits for: fonts, the lesson, the first page drawn. Nothing of it is warm. */
static struct qkv_err measure_first_frame(struct bench *b, double *ret)
{
    double start = bench_cpu();
    struct qkv_err err = fonts_new(&b->fonts);
    if (!err.code)
        err = app_init(&b->app, NULL, NULL, fonts_measure(b->fonts));
    if (err.code)
        return err;
    err = painter_new(NULL, b->fonts, &b->painter);
    if (!err.code)
        err = aim(b, 1280, 800);
    if (!err.code)
        bench_draw(b);
    *ret = bench_cpu() - start;
    return err;
}

/* Every position of the walk, cell by cell: one page, laid out or (input "draw") drawn. */
static struct qkv_err measure_pages(struct bench *b, double *ret)
{
    double build = 0, draw = 0;
    size_t n = b->app.doc.lesson->walk.length;
    for (size_t i = 0; i < n; i++) {
        app_go(&b->app, i);
        double start = bench_cpu();
        const struct display_list *list = app_draw(&b->app, &b->scratch);
        double built = bench_cpu();
        bench_paint(b, list);
        build += built - start;
        draw += bench_cpu() - built;
    }
    *ret = (strcmp(b->input, "draw") == 0 ? draw : build) / (double)n;
    return (struct qkv_err){0};
}

/* On a larger display. */
static struct qkv_err measure_pages_large(struct bench *b, double *ret)
{
    struct qkv_err err = aim(b, 1920, 1080);
    if (!err.code)
        err = measure_pages(b, ret);
    return err.code ? err : aim(b, 1280, 800);
}

/* The pointer goes over the page, and only what changes is drawn, as in the window. */
static struct qkv_err measure_pointing(struct bench *b, double *ret)
{
    enum { ACROSS = 24, DOWN = 16 };
    struct qkv_err err = {0};
    double total = 0;
    for (int i = -1; i < ACROSS * DOWN && !err.code; i++) {
        struct damage damage;
        float x = ((float)(i % ACROSS) + 0.5f) * b->app.width / ACROSS;
        float y = ((float)(i / ACROSS) + 0.5f) * b->app.height / DOWN;
        if (i >= 0)
            app_update(&b->app, (struct action){.kind = ACTION_POINT, .x = x, .y = y});
        const struct display_list *list = app_draw(&b->app, &b->scratch);
        double start = bench_cpu();
        err = list ? painter_update(b->painter, list, &damage) : qkv_nomem("a page");
        total += i < 0 ? 0 : bench_cpu() - start; /* the first is drawn whole */
    }
    *ret = total / (ACROSS * DOWN);
    app_update(&b->app, (struct action){.kind = ACTION_AWAY});
    return err;
}

static struct qkv_err measure_transition(struct bench *b, double *ret);

static struct qkv_err measure_transition_large(struct bench *b, double *ret)
{
    struct qkv_err err = aim(b, 1920, 1080);
    if (!err.code)
        err = measure_transition(b, ret);
    return err.code ? err : aim(b, 1280, 800);
}

/* All pages of the lesson, as `render` makes them. */
static struct qkv_err measure_render(struct bench *b, double *ret)
{
    size_t n = b->app.doc.lesson->walk.length, pages = 0;
    struct qkv_err err = aim(b, 1920, 1080);
    double start = bench_cpu();
    for (size_t i = 0; i < n && !err.code; i += 1 + n / 16, pages++) {
        struct str png = {0};
        app_go(&b->app, i);
        const struct display_list *list = app_draw(&b->app, &b->scratch);
        err = list ? page_png(list, b->fonts, &png) : qkv_nomem("a page");
        str_finish(&png);
    }
    *ret = (bench_cpu() - start) / (double)pages;
    return err.code ? err : aim(b, 1280, 800);
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
        for (int i = 0; i < FRAMES && app->animation.transition.on; i++, frames++) {
            app_tick(app, now += 1.0 / 60);
            double start = bench_cpu();
            bench_draw(b);
            total += bench_cpu() - start;
        }
    }
    *ret = frames ? total / (double)frames : 0;
    return (struct qkv_err){0};
}

static struct qkv_err measure_png(struct bench *b, double *ret)
{
    struct str png = {0};
    const struct display_list *list = app_draw(&b->app, &b->scratch);
    double start = bench_cpu();
    struct qkv_err err = list ? page_png(list, b->fonts, &png) : qkv_nomem("a page");
    *ret = bench_cpu() - start;
    str_finish(&png);
    return err;
}

/* Open what a state line says, with a sentence of n words. */
static struct qkv_err open_words(struct bench *b, const char *line, size_t n)
{
    static const char *const words[] = {"the ", "cats ", "that ", "it ", "saw ", "zorgle ", "old "};
    struct str state = {0};
    str_addf(&state, "%s sentence=\"", line);
    for (size_t i = 0; i < n; i++)
        str_add(&state, words[(i * i + i / 3) % 7]);
    str_add(&state, "\"");
    struct qkv_err err = state.failed ? qkv_nomem("a sentence") : state_apply(&b->app, state.v);
    str_finish(&state);
    return err;
}

/* 1,024 words. Reading and computing, then laying out and drawing the page of every step
 * of a large matrix, and of a part of it. */
static struct qkv_err open_large(struct bench *b, double *ret)
{
    double start = bench_cpu();
    struct qkv_err err = open_words(b, "lesson=several-heads", 1024);
    *ret = bench_cpu() - start;
    return err;
}

static struct qkv_err measure_large_page(struct bench *b, double *ret)
{
    double total = 0, pages = 0;
    for (size_t at = 0; at < b->app.doc.lesson->walk.n; at++) {
        app_go(&b->app, walk_whole(&b->app.doc.lesson->walk, at));
        for (int zoomed = 0; zoomed < 2; zoomed++, pages++) {
            double start = bench_cpu();
            bench_draw(b);
            total += bench_cpu() - start;
            app_update(&b->app,
                       (struct action){.kind = ACTION_COMMAND, .command = zoomed ? CMD_ZOOM_RESET : CMD_ZOOM_IN});
        }
    }
    *ret = total / pages;
    return (struct qkv_err){0};
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
static struct qkv_err measure_attention(UNUSED struct bench *b, double *ret)
{
    static const char *const names[] = {"W_Q", "W_K", "W_V", "W_O"};
    const struct mechanism *m = mechanism_find("attention");
    struct settings settings = settings_default(m->settings, m->n_settings);
    struct named_tensors inputs = {0};
    struct tape tape = {0};
    struct qkv_err err = settings_set(&settings, "heads", "8");
    if (!err.code)
        err = add_tensor(&inputs, "X", TOKENS, D_MODEL);
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !err.code; i++)
        err = add_tensor(&inputs, names[i], D_MODEL, D_MODEL);
    double start = bench_wall();
    if (!err.code)
        err = mechanism_record(m, &settings, &inputs, &tape);
    *ret = bench_wall() - start;
    named_tensors_finish(&inputs);
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
    app_go(app, walk_whole(&app->doc.lesson->walk,
                           (size_t)walk_find(&app->doc.lesson->walk, tape_find(&app->doc.lesson->tape, at))));
    bench_draw(b);
    for (int i = 0; i < ROUNDS; i++) {
        struct cursor cell = {.on = true, .step = tape_find(&app->doc.lesson->tape, input), .row = row, .col = col};
        double start = bench_wall(), old = edit_value(app, &cell);
        bool done = edit_cell(app, &cell, strcmp(input, "mask") == 0 ? old == 0 : old + 0.01);
        app_wait(app);
        bench_draw(b);
        double ms = bench_wall() - start;
        if (!done)
            return qkv_errf(QKV_ERR_DOMAIN, "%s", app->message);
        total += ms;
    }
    *ret = total / ROUNDS;
    return (struct qkv_err){0};
}

/* The first weights of a lesson; its sequence where it has none. */
static const char *first_weights(const struct tape *tape)
{
    for (size_t i = 0; i < tape->n; i++)
        if (tape->steps[i].spec.op == OP_INPUT && tape->steps[i].spec.name[0] == 'W')
            return tape->steps[i].spec.name;
    return "X";
}

/* The slowest of the built-in lessons, at the step in the middle of its walk. */
static struct qkv_err measure_frame(struct bench *b, double *ret)
{
    struct qkv_err err = {0};
    for (const struct lesson_line *line = b->app.lessons; line->name && !err.code; line++) {
        char weights[64], at[64], state[80];
        double ms = 0;
        snprintf(state, sizeof state, "lesson=%s", line->name);
        err = state_apply(&b->app, state);
        if (err.code)
            break;
        /* Texts of a lesson go with it, and each edit makes another. */
        const struct lesson *lesson = b->app.doc.lesson;
        const struct walk_step *middle = &lesson->walk.steps[lesson->walk.n / 2];
        snprintf(weights, sizeof weights, "%s", first_weights(&lesson->tape));
        snprintf(at, sizeof at, "%s", lesson->tape.steps[middle->step].spec.name);
        err = frames_after_edits(b, weights, at, 0, 0, &ms);
        *ret = fmax(*ret, ms);
        snprintf(state, sizeof state, "edit_%s", line->name);
        if (!err.code)
            err = bench_tell(b,
                             &(struct bench_figure){state, ms, "ms", "by the clock: from an edit to the new frame", 0});
    }
    return err;
}

#define LINE_512                                                                                                       \
    "lesson=several-heads set=heads=8 weights=\"{source: random, seed: 7, d_model: 512, d_k: 64, d_v: 64}\""

static struct qkv_err measure_frame_512(struct bench *b, double *ret)
{
    /* A lesson without a mask gets one with its first blocked cell, and has to be computed anew for that. */
    bool mask = strcmp(b->input, "mask") == 0;
    struct qkv_err err = open_words(b, mask ? "edit=mask,1,10,10:0 " LINE_512 : LINE_512, TOKENS);
    return err.code ? err : frames_after_edits(b, b->input, mask ? "masked" : "scores", TOKENS / 2, TOKENS / 4, ret);
}

/* In this order: the first frame is only cold once, and the pages need what it made. */
static const struct {
    measurement *measure;
    const char *input; /* what is measured of it, or what is edited; NULL: that is clear */
    const char *name, *meaning;
} measurements[] = {
    {measure_first_frame, NULL, "first_frame", "from nothing to the first page: fonts, lesson, layout, drawing"},
    {measure_open, NULL, "open_lesson", "reading a lesson and computing all of its steps"},
    {measure_pages, "layout", "layout", "laying out a page, mean over the default lesson cell by cell"},
    {measure_pages, "draw", "draw", "drawing a whole page in software at 1280x800, mean over the same"},
    {measure_pages_large, "draw", "draw_1080", "the same at 1920x1080"},
    {measure_pointing, NULL, "pointing", "drawing what changes where the pointer goes over a page at 1280x800"},
    {measure_transition, NULL, "transition", "laying out and drawing a frame on the way from step to step"},
    {measure_transition_large, NULL, "transition_1080", "the same at 1920x1080"},
    {measure_png, NULL, "png", "a page as a PNG"},
    {measure_render, NULL, "render_1080", "laying out, drawing and writing a page as a PNG at 1920x1080"},
    {open_large, NULL, "open_large", "reading a sentence of 1,024 words and computing all of its steps"},
    {measure_large_page, NULL, "large_page",
     "laying out and drawing a page of it, mean over all steps, whole and zoomed"},
    {measure_attention, NULL, "attention_512",
     "by the clock: all steps of attention on 512 tokens, 8 heads, d_model 512"},
    {measure_frame, NULL, "frame",
     "by the clock: from an edit to the new frame, the slowest built-in lesson, 1280x800"},
    {measure_frame_512, "X", "frame_x_512", "by the clock: the same for 512 tokens, 8 heads, d_model 512, a cell of X"},
    {measure_frame_512, "W_Q", "frame_w_q_512", "by the clock: likewise for a cell of W_Q"},
    {measure_frame_512, "mask", "frame_mask_512", "by the clock: likewise for a cell of a mask"},
};

static void bench_finish(struct bench *b)
{
    painter_free(b->painter);
    free(b->raster.v);
    display_finish(&b->scratch);
    app_finish(&b->app);
    fonts_free(b->fonts);
}

/* ---- telling ---- */

static void tell_json(const struct bench_figure *f)
{
    if (isnan(f->value)) {
        printf(", \"%s\": null", f->name);
        return;
    }
    printf(", \"%s\": %.6g", f->name, f->value);
    if (f->limit > 0)
        printf(", \"%s_limit\": %.6g, \"%s_ratio\": %.6g", f->name, f->limit, f->name, f->value / f->limit);
}

static void tell_line(const struct bench_figure *f)
{
    char value[32] = "-", ratio[48] = "";
    if (!isnan(f->value))
        snprintf(value, sizeof value, "%.*f", f->value < 1 ? 4 : f->value < 10 ? 3 : f->value < 100 ? 2 : 1, f->value);
    if (!isnan(f->value) && f->limit > 0)
        snprintf(ratio, sizeof ratio, "%.1f x limit", f->value / f->limit);
    printf("%10s %-7s %-36s %12s  %s%s\n", value, f->unit, f->name, ratio, f->meaning,
           isnan(f->value) ? " (cannot be measured here)" : "");
}

struct qkv_err bench_tell(struct bench *b, const struct bench_figure *f)
{
    (b->json ? tell_json : tell_line)(f);
    if (fflush(stdout) == 0) /* each figure when it is known, and none that nobody can read */
        return (struct qkv_err){0};
    struct qkv_err err = qkv_errf(QKV_ERR_IO, "standard output: %s", strerror(errno));
    clearerr(stdout); /* it is said here, where the reason is known */
    return err;
}

static struct qkv_err tell_start(struct bench *b, const struct window_start *start)
{
    const struct bench_figure figures[] = {
        {"window_frame", start->ms, "ms", "from the program's start to the first frame in a window of 1280x800", 0},
        {"window_mb", start->megabytes, "MB", "the most memory that took", 0},
    };
    struct qkv_err err = bench_tell(b, &figures[0]);
    return err.code ? err : bench_tell(b, &figures[1]);
}

/* How many pages of that kind a second has. */
static struct qkv_err tell_pages(struct bench *b, double ms)
{
    return bench_tell(b, &(struct bench_figure){"render_pages_per_second", 1e3 / ms, "pages/s", "so many of them", 0});
}

static struct qkv_err tell_measurements(struct bench *b, const struct window_start *start)
{
    struct qkv_err err = {0};
    for (size_t i = 0; i < sizeof measurements / sizeof measurements[0] && !err.code; i++) {
        double ms = 0;
        b->input = measurements[i].input;
        err = measurements[i].measure(b, &ms);
        if (!err.code)
            err = b->failure;
        if (!err.code)
            err = bench_tell(b, &(struct bench_figure){measurements[i].name, ms, "ms", measurements[i].meaning, 0});
        if (!err.code && measurements[i].measure == measure_first_frame)
            err = tell_start(b, start);
        if (!err.code && measurements[i].measure == measure_render)
            err = tell_pages(b, ms);
    }
    return err;
}

enum exit_status subcommand_bench(const struct options *options)
{
    struct bench b = {.json = options_has(options, OPTION_JSON)};
    const struct window_start start = bench_window_start();
    printf(b.json ? "{\"version\": \"%s\", \"unit\": \"ms of processor time\""
                  : "qkv %s: processor time; x limit: so many times what the machine's peak would take\n",
           QKV_VERSION);
    struct qkv_err err = tell_measurements(&b, &start);
    if (!err.code)
        err = bench_peak(&b);
    if (!err.code)
        err = bench_core(&b);
    if (b.json && !err.code)
        printf("}\n");
    bench_finish(&b);
    return err.code ? subcommand_failed("bench", err) : EXIT_DONE;
}
