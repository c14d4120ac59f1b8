#include "paint/canvas.h"

#include "paint/shapes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

SDL_Point canvas_size(const struct canvas *canvas)
{
    if (!canvas->renderer)
        return (SDL_Point){canvas->raster.w, canvas->raster.h};
    SDL_Rect seen = {0};
    SDL_RenderGetViewport(canvas->renderer, &seen);
    return (SDL_Point){seen.w, seen.h};
}

static void touch(struct canvas *canvas, const SDL_Rect *rect)
{
    if (rect->w > 0 && rect->h > 0)
        SDL_UnionRect(rect, &canvas->touched, &canvas->touched);
}

static void require(struct canvas *canvas, bool done)
{
    canvas->failed |= !done;
}

/* ---- pixels ---- */

static uint32_t packed(struct colour c)
{
    return (uint32_t)c.r << 16 | (uint32_t)c.g << 8 | c.b;
}

/* Red and blue in one multiplication; x / 255, rounded, is (x + 128 + (x + 128) / 256) / 256 for all x in question. */
static inline uint32_t blend(uint32_t under, uint32_t colour, uint32_t a)
{
    const uint32_t odd = 0xFF00FF, not_a = 255 - a;
    uint32_t rb = (colour & odd) * a + (under & odd) * not_a + 0x800080;
    uint32_t g = (colour >> 8 & 0xFF) * a + (under >> 8 & 0xFF) * not_a + 0x80;
    rb = (rb + (rb >> 8 & odd)) >> 8 & odd;
    return rb | ((g + (g >> 8)) & 0xFF00);
}

static uint32_t *row_at(const struct canvas *canvas, int x, int y)
{
    return canvas->raster.v + (size_t)y * canvas->raster.stride + x;
}

static void fill_row(uint32_t *to, int n, uint32_t colour, uint32_t a)
{
    if (a == 255) {
        enum { FEW = 16 };
        const int begun = n < FEW ? n : FEW;
        for (int i = 0; i < begun; i++)
            to[i] = colour;
        /* Of a long row as many again each time: memory is copied faster than a loop writes it. */
        for (int done = begun; done < n; done *= 2)
            memcpy(to + done, to, (size_t)(done < n - done ? done : n - done) * sizeof *to);
    } else {
        for (int i = 0; i < n; i++)
            to[i] = blend(to[i], colour, a);
    }
}

static void cover_row(uint32_t *to, const uint8_t *cover, int n, uint32_t colour, uint32_t a)
{
    for (int i = 0; i < n; i++)
        if (cover[i])
            to[i] = blend(to[i], colour, a == 255 ? cover[i] : (cover[i] * a + 127) / 255);
}

void canvas_clear(struct canvas *canvas, struct colour colour)
{
    const SDL_Rect *clip = &canvas->clip;
    SDL_Renderer *renderer = canvas->renderer;
    if (renderer)
        require(canvas, SDL_SetRenderDrawBlendMode(renderer, SDL_BLENDMODE_NONE) == 0 &&
                            SDL_SetRenderDrawColor(renderer, colour.r, colour.g, colour.b, 255) == 0 &&
                            SDL_RenderClear(renderer) == 0 &&
                            SDL_SetRenderDrawBlendMode(renderer, SDL_BLENDMODE_BLEND) == 0);
    else
        for (int y = 0; y < clip->h; y++)
            fill_row(row_at(canvas, clip->x, clip->y + y), clip->w, packed(colour), 255);
}

void canvas_fill(struct canvas *canvas, struct colour colour, const SDL_Rect *rects, int n)
{
    if (canvas->renderer && n > 0)
        require(canvas, SDL_SetRenderDrawColor(canvas->renderer, colour.r, colour.g, colour.b, colour.a) == 0 &&
                            SDL_RenderFillRects(canvas->renderer, rects, n) == 0);
    for (int i = 0; i < n; i++) {
        SDL_Rect part;
        touch(canvas, &rects[i]);
        if (canvas->renderer || colour.a == 0 || !SDL_IntersectRect(&rects[i], &canvas->clip, &part))
            continue;
        for (int y = 0; y < part.h; y++)
            fill_row(row_at(canvas, part.x, part.y + y), part.w, packed(colour), colour.a);
    }
}

void canvas_cover(struct canvas *canvas, const uint8_t *cover, size_t stride, SDL_Rect to, struct colour colour)
{
    SDL_Rect part;
    touch(canvas, &to);
    if (colour.a == 0 || !SDL_IntersectRect(&to, &canvas->clip, &part))
        return;
    cover += (size_t)(part.y - to.y) * stride + (size_t)(part.x - to.x);
    for (int y = 0; y < part.h; y++, cover += stride)
        cover_row(row_at(canvas, part.x, part.y + y), cover, part.w, packed(colour), colour.a);
}

void canvas_copy(struct canvas *canvas, SDL_Texture *texture, SDL_Rect part, SDL_Rect to, struct colour colour)
{
    touch(canvas, &to);
    require(canvas, SDL_SetTextureColorMod(texture, colour.r, colour.g, colour.b) == 0 &&
                        SDL_SetTextureAlphaMod(texture, colour.a) == 0 &&
                        SDL_RenderCopy(canvas->renderer, texture, &part, &to) == 0);
}

/* ---- cells ---- */

size_t cell_under(int pixel, float start, float length, size_t n)
{
    float at = ((float)pixel + 0.5f - start) / length * (float)n;
    return at <= 0 ? 0 : at >= (float)n ? n - 1 : (size_t)at;
}

/* Which cell of its row each pixel of a row shows is the same in all rows. */
static void cells_in_raster(struct canvas *canvas, const struct colour *colours, size_t rows, size_t cols,
                            struct rect box, SDL_Rect part)
{
    size_t *column = malloc((size_t)part.w * sizeof *column);
    require(canvas, column);
    for (int x = 0; column && x < part.w; x++)
        column[x] = cell_under(part.x + x, box.x, box.w, cols);
    for (int y = 0; column && y < part.h; y++) {
        const struct colour *row = colours + cell_under(part.y + y, box.y, box.h, rows) * cols;
        uint32_t *to = row_at(canvas, part.x, part.y + y);
        for (int x = 0; x < part.w; x++)
            to[x] = blend(to[x], packed(row[column[x]]), row[column[x]].a);
    }
    free(column);
}

static void cells_on_renderer(struct canvas *canvas, const struct colour *colours, size_t rows, size_t cols,
                              SDL_Rect to, SDL_Rect seen)
{
    enum { SIDE_MAX = 4096 };
    bool fits = rows <= SIDE_MAX && cols <= SIDE_MAX;
    uint32_t *pixels = fits ? malloc(rows * cols * sizeof *pixels) : NULL;
    SDL_Texture *texture = pixels ? SDL_CreateTexture(canvas->renderer, SDL_PIXELFORMAT_ARGB8888,
                                                      SDL_TEXTUREACCESS_STATIC, (int)cols, (int)rows)
                                  : NULL;
    for (size_t i = 0; texture && i < rows * cols; i++)
        pixels[i] = (uint32_t)colours[i].a << 24 | packed(colours[i]);
    require(canvas, texture && SDL_SetTextureBlendMode(texture, SDL_BLENDMODE_BLEND) == 0 &&
                        SDL_SetTextureScaleMode(texture, SDL_ScaleModeNearest) == 0 &&
                        SDL_UpdateTexture(texture, NULL, pixels, (int)(cols * sizeof *pixels)) == 0 &&
                        SDL_RenderSetClipRect(canvas->renderer, &seen) == 0 &&
                        SDL_RenderCopy(canvas->renderer, texture, NULL, &to) == 0);
    require(canvas, SDL_RenderSetClipRect(canvas->renderer, NULL) == 0);
    if (texture)
        SDL_DestroyTexture(texture);
    free(pixels);
}

void canvas_cells(struct canvas *canvas, const struct colour *colours, size_t rows, size_t cols, struct rect box,
                  struct rect seen)
{
    SDL_Rect to = shape_snap(seen), part;
    touch(canvas, &to);
    if (to.w == 0)
        return;
    if (canvas->renderer)
        cells_on_renderer(canvas, colours, rows, cols, shape_snap(box), to);
    else if (SDL_IntersectRect(&to, &canvas->clip, &part))
        cells_in_raster(canvas, colours, rows, cols, box, part);
}

/* ---- polygons ---- */

enum { SAMPLES = 8 }; /* lines of a row of pixels */

/* Add how much of each pixel from part->x on a line covers, in 1 / SAMPLES. Even-odd rule: right for any order of the
 * corners. */
static void add_line(float *cover, const SDL_Rect *part, const float *x, const float *y, int n, float at)
{
    float cross[4];
    int crosses = 0;
    for (int i = 0, j = n - 1; i < n; j = i++)
        if ((y[i] > at) != (y[j] > at)) {
            float where = (x[j] - x[i]) * (at - y[i]) / (y[j] - y[i]) + x[i] - (float)part->x;
            int k = crosses++;
            for (; k > 0 && cross[k - 1] > where; k--)
                cross[k] = cross[k - 1];
            cross[k] = where;
        }
    for (int i = 0; i + 1 < crosses; i += 2) {
        float from = fmaxf(cross[i], 0), to = fminf(cross[i + 1], (float)part->w);
        for (int p = (int)from; (float)p < to; p++)
            cover[p] += (fminf(to, (float)p + 1) - fmaxf(from, (float)p)) / SAMPLES;
    }
}

static void polygon_in_raster(struct canvas *canvas, const float *x, const float *y, int n, struct colour colour,
                              SDL_Rect part)
{
    float *cover = malloc((size_t)part.w * sizeof *cover);
    require(canvas, cover);
    for (int row = part.y; cover && row < part.y + part.h; row++) {
        uint32_t *to = row_at(canvas, part.x, row);
        for (int i = 0; i < part.w; i++)
            cover[i] = 0;
        for (int i = 0; i < SAMPLES; i++)
            add_line(cover, &part, x, y, n, (float)row + ((float)i + 0.5f) / SAMPLES);
        for (int i = 0; i < part.w; i++)
            to[i] = blend(to[i], packed(colour), (uint32_t)lroundf(fminf(cover[i], 1) * colour.a));
    }
    free(cover);
}

void canvas_polygon(struct canvas *canvas, const float *x, const float *y, int n, struct colour colour)
{
    static const int corners[] = {0, 1, 2, 0, 2, 3};
    float left = x[0], top = y[0], right = x[0], bottom = y[0];
    SDL_Vertex vertices[4];
    for (int i = 0; i < n; i++) {
        left = fminf(left, x[i]), right = fmaxf(right, x[i]), top = fminf(top, y[i]), bottom = fmaxf(bottom, y[i]);
        vertices[i] = (SDL_Vertex){{x[i], y[i]}, {colour.r, colour.g, colour.b, colour.a}, {0, 0}};
    }
    SDL_Rect all = {(int)floorf(left), (int)floorf(top), 0, 0}, part;
    all.w = (int)ceilf(right) - all.x, all.h = (int)ceilf(bottom) - all.y;
    touch(canvas, &all);
    if (canvas->renderer)
        require(canvas, SDL_RenderGeometry(canvas->renderer, NULL, vertices, n, corners, n == 4 ? 6 : 3) == 0);
    else if (SDL_IntersectRect(&all, &canvas->clip, &part))
        polygon_in_raster(canvas, x, y, n, colour, part);
}

/* ---- curves ---- */

/* How much of the pixel around a point the stretch from a to b covers: all up to half its width away, and then less
 * and less over the length of a pixel. */
static float stretch_cover(struct point a, struct point b, float half, float x, float y)
{
    float dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
    float t = length > 0 ? ((x - a.x) * dx + (y - a.y) * dy) / length : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    float cover = half + 0.5f - hypotf(x - a.x - t * dx, y - a.y - t * dy);
    return cover < 0 ? 0 : cover > 1 ? 1 : cover;
}

static SDL_Rect stretch_box(struct point a, struct point b, float half)
{
    float left = fminf(a.x, b.x) - half - 1, top = fminf(a.y, b.y) - half - 1;
    SDL_Rect box = {(int)floorf(left), (int)floorf(top), 0, 0};
    box.w = (int)ceilf(fmaxf(a.x, b.x) + half + 1) - box.x;
    box.h = (int)ceilf(fmaxf(a.y, b.y) + half + 1) - box.y;
    return box;
}

/* Each pixel has the colour once, however many stretches touch it. */
static void curve_in_raster(struct canvas *canvas, const struct point *points, size_t n, float half,
                            struct colour colour, SDL_Rect part)
{
    uint8_t *cover = calloc((size_t)part.w, (size_t)part.h);
    require(canvas, cover);
    for (size_t i = 0; cover && i + 1 < n; i++) {
        SDL_Rect box = stretch_box(points[i], points[i + 1], half), seen;
        if (!SDL_IntersectRect(&box, &part, &seen))
            continue;
        for (int y = seen.y; y < seen.y + seen.h; y++)
            for (int x = seen.x; x < seen.x + seen.w; x++) {
                uint8_t *to = &cover[(size_t)(y - part.y) * (size_t)part.w + (size_t)(x - part.x)];
                float share = stretch_cover(points[i], points[i + 1], half, (float)x + 0.5f, (float)y + 0.5f);
                uint8_t now = (uint8_t)lroundf(share * 255);
                *to = now > *to ? now : *to;
            }
    }
    if (cover)
        canvas_cover(canvas, cover, (size_t)part.w, part, colour);
    free(cover);
}

void canvas_curve(struct canvas *canvas, const struct point *points, size_t n, float stroke, struct colour colour)
{
    float half = fmaxf(stroke, 1) / 2;
    SDL_Rect all = {0}, part;
    for (size_t i = 0; i + 1 < n; i++) {
        SDL_Rect box = stretch_box(points[i], points[i + 1], half);
        SDL_UnionRect(&all, &box, &all);
    }
    touch(canvas, &all);
    if (!canvas->renderer) {
        if (SDL_IntersectRect(&all, &canvas->clip, &part))
            curve_in_raster(canvas, points, n, half, colour, part);
        return;
    }
    for (size_t i = 0; i + 1 < n; i++) {
        struct point a = points[i], b = points[i + 1];
        float length = hypotf(b.x - a.x, b.y - a.y);
        float x = length > 0 ? (b.y - a.y) / length * half : 0, y = length > 0 ? (a.x - b.x) / length * half : 0;
        canvas_polygon(canvas, (float[]){a.x + x, b.x + x, b.x - x, a.x - x},
                       (float[]){a.y + y, b.y + y, b.y - y, a.y - y}, 4, colour);
    }
}
