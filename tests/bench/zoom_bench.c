/* zoom_bench.c: what a frame takes while a large matrix is zoomed and moved.
 *
 *     zoom_bench TOKENS [WIDTH HEIGHT [STEP [FRAMES]]]
 *
 * One line for each way of moving: the mean and the slowest frame in milliseconds of processor time, of laying the page
 * out and of drawing what differs from the last one. */
#include "app/app.h"
#include "lesson/text/builtin.h"
#include "paint/paint.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static void require(struct qkv_err err)
{
    if (!err.code)
        return;
    fprintf(stderr, "zoom_bench: %s\n", err.what);
    exit(1);
}

static void open_tokens(struct app *app, struct measure measure, size_t n, const char *step)
{
    static const char *const words[] = {"the ", "cat ", "it ", "saw ", "old "};
    struct str state = {0};
    str_addf(&state, "at=%s weights=\"{source: random, seed: 7, d_model: 32, d_k: 16, d_v: 16}\" sentence=\"", step);
    for (size_t i = 0; i < n; i++)
        str_add(&state, words[(i * i + i / 3) % 5]);
    str_add(&state, "\"");
    require(app_init(app, "causal-mask", str_text(&state), measure));
    app->state.motion = false;
    str_finish(&state);
}

struct frames {
    double scene, paint, slowest;
    int n;
};

static void frame(struct app *app, struct painter *painter, struct display_list *scratch, struct frames *f)
{
    struct damage damage;
    double start = now();
    const struct display_list *list = app_draw(app, scratch);
    double laid_out = now();
    require(painter_update(painter, list, &damage));
    double end = now();
    f->scene += laid_out - start;
    f->paint += end - laid_out;
    f->slowest = fmax(f->slowest, end - start);
    f->n++;
}

static void print(const char *what, const struct frames *f)
{
    printf("%-8s %7.2f ms a frame (page %.2f, drawing %.2f), slowest %.2f, %d frames\n", what,
           (f->scene + f->paint) / f->n, f->scene / f->n, f->paint / f->n, f->slowest, f->n);
}

static double megabytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

int main(int n, char **words)
{
    const size_t tokens = n > 1 ? strtoul(words[1], NULL, 10) : 1024;
    const int width = n > 3 ? atoi(words[2]) : 1280, height = n > 3 ? atoi(words[3]) : 800;
    const int frames = n > 5 ? atoi(words[5]) : 120;
    struct fonts *fonts;
    struct app app;
    struct painter *painter;
    struct display_list scratch = {0};
    struct raster raster = {.w = width, .h = height, .stride = (size_t)width};
    raster.v = malloc((size_t)width * (size_t)height * sizeof *raster.v);
    require(raster.v ? (struct qkv_err){0} : qkv_nomem("a page"));
    require(fonts_new(&fonts));
    require(painter_new(NULL, fonts, &painter));
    painter_aim(painter, raster);
    double start = now();
    open_tokens(&app, fonts_measure(fonts), tokens, n > 4 ? words[4] : "scores");
    printf("open     %7.0f ms, %.0f MB\n", now() - start, megabytes());
    app_update(&app, (struct action){.kind = ACTION_RESIZE, .x = (float)width, .y = (float)height});
    struct frames first = {0}, whole = {0}, zoom = {0}, pan = {0};
    frame(&app, painter, &scratch, &first);
    print("first", &first);
    for (int i = 0; i < frames; i++) { /* another row looked at: nothing else changes */
        app_update(&app, (struct action){.kind = ACTION_COMMAND, .command = CMD_CURSOR_DOWN});
        frame(&app, painter, &scratch, &whole);
    }
    print("pointing", &whole);
    app_update(&app, (struct action){.kind = ACTION_COMMAND, .command = CMD_LEAVE});
    for (int i = 0; i < frames; i++) {
        bool in = i < frames / 2;
        zoom_by(VIEW(&app), &app.state.zoom, in ? 0.93f : 1 / 0.93f, tokens / 3, tokens / 4);
        app.dirty = true;
        frame(&app, painter, &scratch, &zoom);
    }
    print("zoom", &zoom);
    zoom_by(VIEW(&app), &app.state.zoom, 0.6f, tokens / 3, tokens / 4);
    for (int i = 0; i < frames; i++) {
        long by = i < frames / 2 ? 5 : -5;
        zoom_pan(VIEW(&app), &app.state.zoom, by, by);
        app.dirty = true;
        frame(&app, painter, &scratch, &pan);
    }
    print("pan", &pan);
    printf("memory   %7.0f MB\n", megabytes());
    display_finish(&scratch);
    painter_free(painter);
    app_finish(&app);
    fonts_free(fonts);
    free(raster.v);
    return 0;
}
