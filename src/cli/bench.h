/* bench.h: what the parts of `qkv bench` share. */
#ifndef QKV_CLI_BENCH_H
#define QKV_CLI_BENCH_H

#include "app/app.h"
#include "paint/paint.h"

#include <SDL.h>

struct bench {
    struct fonts *fonts;
    struct app app;
    SDL_Surface *surface;
    SDL_Renderer *renderer;
    struct painter *painter;
    struct display_list scratch;
    struct qkv_err failure; /* the first of drawing */
};

/* Lay out and draw the app's page. */
void bench_draw(struct bench *b);

/* Measurements, in milliseconds by the clock (bench_edit.c). */
QKV_CHECKED struct qkv_err measure_attention(struct bench *b, double *ret);
QKV_CHECKED struct qkv_err measure_frame(struct bench *b, double *ret);
QKV_CHECKED struct qkv_err measure_frame_x(struct bench *b, double *ret);
QKV_CHECKED struct qkv_err measure_frame_w_q(struct bench *b, double *ret);
QKV_CHECKED struct qkv_err measure_frame_mask(struct bench *b, double *ret);

#endif
