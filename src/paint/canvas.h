/* canvas.h: what is drawn on: pixels in memory or, where there is a graphics processor, an SDL renderer.
 *
 * Colours are blended with rounding; a cover is a byte a pixel, 255: the shape has all of it. */
#ifndef QKV_PAINT_CANVAS_H
#define QKV_PAINT_CANVAS_H

#include "paint/paint.h"

#include <SDL.h>

struct canvas {
    SDL_Renderer *renderer; /* NULL: the raster */
    struct raster raster;
    SDL_Rect clip;    /* of the raster: nothing outside of it is changed; w = 0: nothing at all */
    SDL_Rect touched; /* around all that was drawn, clipped or not, since it was last emptied (w = 0) */
    bool failed;      /* something could not be drawn since this was last false: the picture is not whole */
};

/* Width and height in pixels. */
SDL_Point canvas_size(const struct canvas *canvas);

/* Fill the clip, opaque. */
void canvas_clear(struct canvas *canvas, struct colour colour);

void canvas_fill(struct canvas *canvas, struct colour colour, const SDL_Rect *rects, int n);

/* A colour where there is cover, in a raster. */
void canvas_cover(struct canvas *canvas, const uint8_t *cover, size_t stride, SDL_Rect to, struct colour colour);

/* A part of a texture in a colour, on a renderer. */
void canvas_copy(struct canvas *canvas, SDL_Texture *texture, SDL_Rect part, SDL_Rect to, struct colour colour);

/* A grid of cells that is scaled to the box, without smoothing, and of that what lies in `seen`; `colours` are theirs,
 * row by row. */
void canvas_cells(struct canvas *canvas, const struct colour *colours, size_t rows, size_t cols, struct rect box,
                  struct rect seen);

/* A polygon of 3 or 4 corners; its edges are smoothed in a raster only. */
void canvas_polygon(struct canvas *canvas, const float *x, const float *y, int n, struct colour colour);

/* A line through n points, with round ends and joins (on a renderer: with neither). */
void canvas_curve(struct canvas *canvas, const struct point *points, size_t n, float stroke, struct colour colour);

/* The position along a side of n cells that the middle of a pixel falls in. */
size_t cell_under(int pixel, float start, float length, size_t n);

#endif
