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

/* A stretch of a curve, from a to b, and what each of its pixels asks. */
struct stretch {
    struct point a;
    float dx, dy, length, left, right, top, bottom; /* of the pixels that it may cover a part of */
};

static struct stretch stretch_of(struct point a, struct point b, float half)
{
    const float dx = b.x - a.x, dy = b.y - a.y, reach = half + 1;
    return (struct stretch){.a = a,
                            .dx = dx,
                            .dy = dy,
                            .length = sqrtf(dx * dx + dy * dy),
                            .left = fminf(a.x, b.x) - reach,
                            .right = fmaxf(a.x, b.x) + reach,
                            .top = fminf(a.y, b.y) - reach,
                            .bottom = fmaxf(a.y, b.y) + reach};
}

/* How much of the pixel around a point it covers: all up to half its width away, and then less and less over the length
 * of a pixel. */
static float stretch_cover(const struct stretch *s, float half, float x, float y)
{
    float px = x - s->a.x, py = y - s->a.y;
    float t = s->length > 0 ? (px * s->dx + py * s->dy) / (s->length * s->length) : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    px -= t * s->dx, py -= t * s->dy;
    float cover = half + 0.5f - sqrtf(px * px + py * py);
    return cover < 0 ? 0 : cover > 1 ? 1 : cover;
}

/* Add what it covers of a row of pixels that begins at `left`; ret_from .. ret_end widen to what was touched. */
static void add_stretch(const struct stretch *s, float half, int left, int width, int y, uint8_t *cover, int *ret_from,
                        int *ret_end)
{
    const float middle = (float)y + 0.5f;
    float from = s->left, to = s->right;
    if (middle < s->top || middle > s->bottom)
        return;
    if (fabsf(s->dy) > 0.01f) { /* a long slanted stretch crosses little of the row */
        float across = s->a.x + (middle - s->a.y) * s->dx / s->dy, reach = (half + 1) * s->length / fabsf(s->dy);
        from = fmaxf(from, across - reach), to = fminf(to, across + reach);
    }
    int first = (int)fmaxf(0, floorf(from) - (float)left), end = (int)fminf((float)width, ceilf(to) - (float)left);
    for (int x = first; x < end; x++) {
        uint8_t now = (uint8_t)(stretch_cover(s, half, (float)(left + x) + 0.5f, middle) * 255 + 0.5f);
        cover[x] = now > cover[x] ? now : cover[x];
    }
    *ret_from = first < end && first < *ret_from ? first : *ret_from;
    *ret_end = first < end && end > *ret_end ? end : *ret_end;
}

/* Row by row; each pixel has the colour once, however many stretches touch it. */
static void curve_in_raster(struct canvas *canvas, const struct stretch *stretches, size_t n, float half,
                            struct colour colour, SDL_Rect part)
{
    uint8_t *cover = calloc((size_t)part.w, 1);
    require(canvas, cover);
    for (int y = part.y; cover && y < part.y + part.h; y++) {
        int from = part.w, end = 0;
        for (size_t i = 0; i < n; i++)
            add_stretch(&stretches[i], half, part.x, part.w, y, cover, &from, &end);
        if (from >= end)
            continue;
        canvas_cover(canvas, cover + from, (size_t)part.w, (SDL_Rect){part.x + from, y, end - from, 1}, colour);
        memset(cover + from, 0, (size_t)(end - from));
    }
    free(cover);
}

void canvas_curve(struct canvas *canvas, const struct point *points, size_t n, float stroke, struct colour colour)
{
    float half = fmaxf(stroke, 1) / 2;
    SDL_Rect all = {0}, part;
    struct stretch *stretches = malloc(n * sizeof *stretches);
    require(canvas, stretches);
    for (size_t i = 0; stretches && i + 1 < n; i++) {
        struct stretch s = stretches[i] = stretch_of(points[i], points[i + 1], half);
        SDL_Rect box = {(int)floorf(s.left), (int)floorf(s.top), 0, 0};
        box.w = (int)ceilf(s.right) - box.x, box.h = (int)ceilf(s.bottom) - box.y;
        SDL_UnionRect(&all, &box, &all);
    }
    touch(canvas, &all);
    if (stretches && !canvas->renderer && SDL_IntersectRect(&all, &canvas->clip, &part))
        curve_in_raster(canvas, stretches, n - 1, half, colour, part);
    free(stretches);
    for (size_t i = 0; canvas->renderer && i + 1 < n; i++) {
        struct point a = points[i], b = points[i + 1];
        float length = hypotf(b.x - a.x, b.y - a.y);
        float x = length > 0 ? (b.y - a.y) / length * half : 0, y = length > 0 ? (a.x - b.x) / length * half : 0;
        canvas_polygon(canvas, (float[]){a.x + x, b.x + x, b.x - x, a.x - x},
                       (float[]){a.y + y, b.y + y, b.y - y, a.y - y}, 4, colour);
    }
}
