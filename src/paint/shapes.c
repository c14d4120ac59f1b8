#include "paint/shapes.h"

#include <math.h>
#include <stdlib.h>

/* Of the atlas keys of shapes; those of texts have the top bit clear. */
#define KEY_SHAPE (UINT64_C(1) << 63)

enum { POLYGON_SIDE_MAX = 256 }; /* larger ones are drawn directly, without an image in the atlas */

/* ---- coverage: how much of a pixel a shape covers, 0..255 ---- */

enum { SAMPLES = 8 }; /* a side: 64 samples tell as many shades as an edge needs */

/* Does a shape, given as some numbers, cover this position in its image? */
typedef bool covers(const float *shape, float x, float y);

/* Half of the image's side, and the radii of a ring around its middle: outer, and inner, which is 0 or less for a disc. */
static bool ring_covers(const float *shape, float x, float y)
{
    float dx = x - shape[0], dy = y - shape[0], d = dx * dx + dy * dy;
    return d <= shape[1] * shape[1] && (shape[2] <= 0 || d > shape[2] * shape[2]);
}

/* How many corners, and where they are: all x, then all y. Even-odd rule: right for any order of the corners. */
static bool polygon_covers(const float *shape, float px, float py)
{
    bool in = false;
    int n = (int)shape[0];
    const float *x = shape + 1, *y = x + n;
    for (int i = 0, j = n - 1; i < n; j = i++)
        if ((y[i] > py) != (y[j] > py) && px < (x[j] - x[i]) * (py - y[i]) / (y[j] - y[i]) + x[i])
            in = !in;
    return in;
}

static uint32_t pixel_of(covers *is_covered, const float *shape, int x, int y)
{
    uint32_t hits = 0;
    for (int i = 0; i < SAMPLES; i++)
        for (int j = 0; j < SAMPLES; j++)
            hits += is_covered(shape, (float)x + ((float)j + 0.5f) / SAMPLES, (float)y + ((float)i + 0.5f) / SAMPLES);
    return hits * 255 / (SAMPLES * SAMPLES) << 24 | 0xFFFFFF;
}

/* The w x h image of a shape of n numbers, which are its key in the atlas. */
static const struct sprite *shape_sprite(struct atlas *atlas, covers *is_covered, const float *shape, size_t n, int w,
                                         int h)
{
    const struct sprite *found = atlas_find(atlas, KEY_SHAPE, shape, n * sizeof *shape);
    uint32_t *pixels = found ? NULL : malloc((size_t)w * (size_t)h * sizeof *pixels);
    atlas->canvas.failed |= !found && !pixels;
    if (!pixels)
        return found;
    for (int i = 0; i < w * h; i++)
        pixels[i] = pixel_of(is_covered, shape, i % w, i / w);
    found =
        atlas_add(atlas, KEY_SHAPE, shape, n * sizeof *shape, pixels, w, h, w * (int)sizeof *pixels, (SDL_Point){0, 0});
    free(pixels);
    return found;
}

/* ---- boxes ---- */

static int snap(float at)
{
    return at >= -(float)FAR_AWAY && at <= (float)FAR_AWAY ? (int)floorf(at + 0.5f) : FAR_AWAY * 2;
}

SDL_Rect shape_snap(struct rect box)
{
    /* The far edge is rounded by itself, so that boxes that touch still touch. */
    int x = snap(box.x), y = snap(box.y), right = snap(box.x + box.w), bottom = snap(box.y + box.h);
    int far = FAR_AWAY * 2;
    if (x == far || y == far || right == far || bottom == far || right <= x || bottom <= y)
        return (SDL_Rect){0};
    return (SDL_Rect){x, y, right - x, bottom - y};
}

static void fill(struct atlas *atlas, struct colour c, const SDL_Rect *rects, int n)
{
    canvas_fill(&atlas->canvas, c, rects, n);
}

/* Corners of a rounded box are the quarters of a ring (or disc). The image is 2 * corner wide, so that each quarter is
 * whole pixels; the ring's outer edge touches the image's edge less `inset`. */
static const struct sprite *ring(struct atlas *atlas, int corner, float outer, float inner)
{
    return shape_sprite(atlas, ring_covers, (const float[]){(float)corner, outer, inner}, 3, 2 * corner, 2 * corner);
}

static void draw_corners(struct atlas *atlas, const struct sprite *sprite, SDL_Rect box, int corner, struct colour c)
{
    if (!sprite || sprite->at.w == 0)
        return;
    for (int i = 0; i < 4; i++) {
        int right = i & 1, below = i >> 1;
        SDL_Rect part = {sprite->at.x + right * corner, sprite->at.y + below * corner, corner, corner};
        atlas_draw(atlas, part, right ? box.x + box.w - corner : box.x, below ? box.y + box.h - corner : box.y, c);
    }
}

static void fill_rounded(struct atlas *atlas, SDL_Rect box, int corner, float inset, struct colour c)
{
    const SDL_Rect parts[] = {{box.x + corner, box.y, box.w - 2 * corner, box.h},
                              {box.x, box.y + corner, corner, box.h - 2 * corner},
                              {box.x + box.w - corner, box.y + corner, corner, box.h - 2 * corner}};
    fill(atlas, c, parts, corner ? 3 : 1);
    if (corner)
        draw_corners(atlas, ring(atlas, corner, (float)corner - inset, 0), box, corner, c);
}

static void outline_rounded(struct atlas *atlas, SDL_Rect box, int corner, int stroke, struct colour c)
{
    /* Where the corner is smaller than the stroke, the straight parts make up the rest. */
    int side = corner > stroke ? corner : stroke;
    const SDL_Rect parts[] = {{box.x + corner, box.y, box.w - 2 * corner, stroke},
                              {box.x + corner, box.y + box.h - stroke, box.w - 2 * corner, stroke},
                              {box.x, box.y + side, stroke, box.h - 2 * side},
                              {box.x + box.w - stroke, box.y + side, stroke, box.h - 2 * side}};
    fill(atlas, c, parts, 4);
    if (corner)
        draw_corners(atlas, ring(atlas, corner, (float)corner, (float)(corner - stroke)), box, corner, c);
}

struct box_form shape_box_form(const struct item *item)
{
    struct box_form form = {.box = shape_snap(item->box)};
    int half = (form.box.w < form.box.h ? form.box.w : form.box.h) / 2;
    int stroke = item->stroke > 0 ? snap(item->stroke) : 0;
    stroke = item->stroke > 0 && stroke < 1 ? 1 : stroke;
    int corner = item->radius > 0 ? snap(item->radius) : 0;
    corner = corner > half ? half : corner;
    form.corner = corner > RADIUS_MAX ? RADIUS_MAX : corner;
    form.stroke = item->border.a ? stroke : 0;
    form.solid = form.stroke && stroke >= half;
    if (!form.solid && form.corner && form.corner < stroke)
        form.corner = stroke; /* an inner corner cannot be sharper than none */
    return form;
}

void shape_box(struct atlas *atlas, const struct item *item)
{
    struct box_form form = shape_box_form(item);
    if (form.box.w == 0)
        return;
    if (form.solid) {
        fill_rounded(atlas, form.box, form.corner, 0, item->border);
        return;
    }
    /* Under an outline the fill ends in its middle, so that no rim of the fill shows around it. */
    if (item->fill.a)
        fill_rounded(atlas, form.box, form.corner, item->border.a == 255 ? (float)form.stroke / 2 : 0, item->fill);
    if (form.stroke)
        outline_rounded(atlas, form.box, form.corner, form.stroke, item->border);
}

/* ---- lines ---- */

static bool shape_sane(float v)
{
    return v >= -(float)FAR_AWAY && v <= (float)FAR_AWAY;
}

/* Small rectangles of the same colour at different strengths, drawn together. SDL's software renderer puts the
 * corners of triangles on whole pixels, so slanted edges are made of these instead. */
enum { LEVELS = 32, BATCH_MAX = 16 };

struct batch {
    struct atlas *atlas;
    struct colour colour;
    int n[LEVELS + 1];
    SDL_Rect rects[LEVELS + 1][BATCH_MAX];
};

static void batch_flush(struct batch *batch, int level)
{
    struct colour c = batch->colour;
    c.a = (uint8_t)(c.a * level / LEVELS);
    fill(batch->atlas, c, batch->rects[level], batch->n[level]);
    batch->n[level] = 0;
}

static void batch_add(struct batch *batch, float coverage, SDL_Rect rect)
{
    int level = (int)lroundf(coverage * LEVELS);
    if (level < 1 || rect.w < 1 || rect.h < 1)
        return;
    level = level > LEVELS ? LEVELS : level;
    if (batch->n[level] == BATCH_MAX)
        batch_flush(batch, level);
    batch->rects[level][batch->n[level]++] = rect;
}

static SDL_Rect cell_at(bool steep, int along, int across, int n)
{
    return steep ? (SDL_Rect){across, along, n, 1} : (SDL_Rect){along, across, 1, n};
}

/* One step along the line covers from..to across it: whole pixels, and a part of the first and the last. */
static void add_span(struct batch *batch, bool steep, int along, float from, float to, float strength)
{
    int first = (int)floorf(from), last = (int)floorf(to);
    if (first == last) {
        batch_add(batch, (to - from) * strength, cell_at(steep, along, first, 1));
        return;
    }
    batch_add(batch, ((float)first + 1 - from) * strength, cell_at(steep, along, first, 1));
    batch_add(batch, strength, cell_at(steep, along, first + 1, last - first - 1));
    batch_add(batch, (to - (float)last) * strength, cell_at(steep, along, last, 1));
}

/* Along the longer axis, pixel by pixel, so that the other edge moves by at most one pixel a step. */
static void slanted(struct atlas *atlas, struct rect box, float width, struct colour c)
{
    bool steep = fabsf(box.h) > fabsf(box.w);
    float start = steep ? box.y : box.x, run = steep ? box.h : box.w;
    float other = steep ? box.x : box.y, slope = (steep ? box.w : box.h) / run;
    float low = run < 0 ? start + run : start, high = run < 0 ? start : start + run;
    float half = width / 2 * sqrtf(1 + slope * slope);
    struct batch batch = {.atlas = atlas, .colour = c};
    SDL_Point seen = canvas_size(&atlas->canvas);
    int from = (int)floorf(fmaxf(low, 0)), to = (int)ceilf(fminf(high, (float)(steep ? seen.y : seen.x)));
    for (int along = from; along < to; along++) {
        float a = fmaxf(low, (float)along), b = fminf(high, (float)along + 1);
        float middle = other + ((a + b) / 2 - start) * slope;
        add_span(&batch, steep, along, middle - half, middle + half, b - a);
    }
    for (int level = 1; level <= LEVELS; level++)
        batch_flush(&batch, level);
}

bool shape_line_is_sane(const struct item *item)
{
    const struct rect box = item->box;
    return shape_sane(box.x) && shape_sane(box.y) && shape_sane(box.w) && shape_sane(box.h) &&
           shape_sane(item->stroke) && item->stroke > 0;
}

bool shape_line_level(const struct item *item, SDL_Rect *ret)
{
    struct rect box = item->box;
    bool level = fabsf(box.h) < 0.5f, upright = fabsf(box.w) < 0.5f;
    if (!shape_line_is_sane(item) || (!level && !upright))
        return false;
    int width = snap(item->stroke) < 1 ? 1 : snap(item->stroke);
    if (level)
        box = (struct rect){box.w < 0 ? box.x + box.w : box.x, box.y - (float)width / 2, fabsf(box.w), (float)width};
    else
        box = (struct rect){box.x - (float)width / 2, box.h < 0 ? box.y + box.h : box.y, (float)width, fabsf(box.h)};
    *ret = shape_snap(box);
    return true;
}

void shape_line(struct atlas *atlas, const struct item *item)
{
    SDL_Rect rect;
    if (!shape_line_is_sane(item))
        return;
    if (!shape_line_level(item, &rect))
        slanted(atlas, item->box, item->stroke, item->fill);
    else if (rect.w > 0)
        fill(atlas, item->fill, &rect, 1);
}

/* ---- polygons ---- */

bool shape_polygon_is_sane(const struct item *item)
{
    int n = item->as.polygon.n;
    for (int i = 0; i < n && n <= 4; i++)
        if (!shape_sane(item->as.polygon.x[i]) || !shape_sane(item->as.polygon.y[i]))
            return false;
    return n == 3 || n == 4;
}

void shape_polygon(struct atlas *atlas, const struct item *item)
{
    int n = item->as.polygon.n;
    if (!shape_polygon_is_sane(item))
        return;
    float left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;
    for (int i = 0; i < n; i++) {
        float x = item->as.polygon.x[i], y = item->as.polygon.y[i];
        left = fminf(left, x), right = fmaxf(right, x), top = fminf(top, y), bottom = fmaxf(bottom, y);
    }
    int x0 = (int)floorf(left), y0 = (int)floorf(top), w = (int)ceilf(right) - x0, h = (int)ceilf(bottom) - y0;
    if (w < 1 || h < 1)
        return;
    if (w > POLYGON_SIDE_MAX || h > POLYGON_SIDE_MAX) {
        canvas_polygon(&atlas->canvas, item->as.polygon.x, item->as.polygon.y, n, item->fill);
        return;
    }
    /* Relative to a whole pixel: a shape that moves by whole pixels is the same image. */
    float shape[9] = {(float)n};
    for (int i = 0; i < n; i++) {
        shape[1 + i] = item->as.polygon.x[i] - (float)x0;
        shape[1 + n + i] = item->as.polygon.y[i] - (float)y0;
    }
    const struct sprite *sprite = shape_sprite(atlas, polygon_covers, shape, 1 + 2 * (size_t)n, w, h);
    if (sprite && sprite->at.w)
        atlas_draw(atlas, sprite->at, x0, y0, item->fill);
}

/* ---- curves ---- */

bool shape_curve_is_sane(const struct display_list *list, const struct item *item)
{
    size_t at = item->as.curve.at, n = item->as.curve.n;
    bool sane =
        n > 1 && at <= list->n_points && n <= list->n_points - at && item->stroke > 0 && shape_sane(item->stroke);
    for (size_t i = 0; sane && i < n; i++)
        sane = shape_sane(list->points[at + i].x) && shape_sane(list->points[at + i].y);
    return sane;
}

void shape_curve(struct atlas *atlas, const struct display_list *list, const struct item *item)
{
    if (shape_curve_is_sane(list, item))
        canvas_curve(&atlas->canvas, list->points + item->as.curve.at, item->as.curve.n, item->stroke, item->fill);
}

/* ---- heatmaps ---- */

bool shape_heatmap_is_whole(const struct display_list *list, const struct item *item)
{
    size_t rows = item->as.heatmap.rows, cols = item->as.heatmap.cols, at = item->as.heatmap.at;
    return rows > 0 && cols > 0 && at <= list->n_colours && cols <= (list->n_colours - at) / rows;
}

void shape_heatmap(struct atlas *atlas, const struct display_list *list, const struct item *item)
{
    size_t rows = item->as.heatmap.rows, cols = item->as.heatmap.cols, at = item->as.heatmap.at;
    if (!shape_heatmap_is_whole(list, item))
        return;
    if (rows * cols > CELLS_DRAWN_MAX) {
        canvas_cells(&atlas->canvas, list->colours + at, rows, cols, heatmap_whole(item), item->box);
        return;
    }
    for (size_t row = 0; row < rows; row++)
        for (size_t col = 0; col < cols; col++) {
            struct colour c = list->colours[at + row * cols + col];
            SDL_Rect cell = shape_snap(heatmap_cell(item, row, col));
            if (cell.w > 0 && c.a)
                fill(atlas, c, &cell, 1);
        }
}
