/* bench: how long a full page takes, in CPU time of SDL's software renderer. */
#include "paint/sketch.h"

#include <SDL.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static double cpu_ms(void)
{
    return (double)clock() * 1000.0 / CLOCKS_PER_SEC;
}

static void bench_measure(struct fonts *fonts)
{
    static const char *const words[] = {"animal", "because", "the", "Normalise", "-0.31", "question"};
    struct measure measure = fonts_measure(fonts);
    float sum = 0;
    enum { ROUNDS = 1000000 };
    double start = cpu_ms();
    for (int i = 0; i < ROUNDS; i++)
        sum += measure.width(measure.context, FACE_SANS, 15, words[i % 6], strlen(words[i % 6]));
    printf("measure a word measured before %8.1f ns (sum %g)\n", (cpu_ms() - start) * 1e6 / ROUNDS, (double)sum);
}

int main(void)
{
    enum { FRAMES = 200 };
    struct display_list list = {0};
    struct fonts *fonts = NULL;
    struct painter *painter = NULL;
    sketch_full_page(&list);
    double start = cpu_ms();
    struct qkv_err err = fonts_new(&fonts);
    if (err.code) {
        fprintf(stderr, "%s\n", err.what);
        return 1;
    }
    printf("fonts_new                      %8.2f ms\n", cpu_ms() - start);
    SDL_Surface *surface = SDL_CreateRGBSurfaceWithFormat(0, 1280, 800, 32, SDL_PIXELFORMAT_RGB888);
    SDL_Renderer *renderer = SDL_CreateSoftwareRenderer(surface);
    err = painter_new(renderer, fonts, &painter);
    for (int frame = 0; !err.code && frame <= FRAMES; frame++) {
        if (frame < 2)
            start = cpu_ms();
        err = painter_draw(painter, &list);
        if (frame == 0)
            printf("first frame                    %8.2f ms\n", cpu_ms() - start);
    }
    printf("a frame after it, %4zu items    %8.2f ms\n", list.n, (cpu_ms() - start) / FRAMES);
    struct str png = {0};
    start = cpu_ms();
    if (!err.code)
        err = page_png(&list, fonts, &png);
    printf("page_png, %6zu bytes         %8.2f ms\n", png.n, cpu_ms() - start);
    bench_measure(fonts);
    str_finish(&png);
    painter_free(painter);
    SDL_DestroyRenderer(renderer);
    SDL_FreeSurface(surface);
    fonts_free(fonts);
    display_finish(&list);
    return err.code != QKV_OK;
}
