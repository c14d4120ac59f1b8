#include "paint/atlas.h"
#include "paint/damage.h"
#include "paint/fonts.h"
#include "paint/shapes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct painter {
    struct fonts *fonts;
    struct atlas atlas;
    struct drawing last, next; /* what painter_update drew last, and what it is about to draw */
    bool no_memory;            /* a library found none since begin() */
};

struct qkv_err painter_new(struct SDL_Renderer *renderer, struct fonts *fonts, struct painter **ret)
{
    struct painter *painter = calloc(1, sizeof *painter);
    if (!painter)
        return qkv_nomem("the painter");
    *painter = (struct painter){.fonts = fonts, .atlas = {.canvas = {.renderer = renderer}}};
    *ret = painter;
    return (struct qkv_err){0};
}

void painter_free(struct painter *painter)
{
    if (!painter)
        return;
    atlas_reset(&painter->atlas);
    drawing_finish(&painter->last);
    drawing_finish(&painter->next);
    free(painter);
}

void painter_reset(struct painter *painter)
{
    atlas_reset(&painter->atlas);
    painter->last.whole = false;
}

void painter_aim(struct painter *painter, struct raster raster)
{
    struct raster *old = &painter->atlas.canvas.raster;
    if (old->v != raster.v || old->w != raster.w || old->h != raster.h || old->stride != raster.stride)
        painter->last.whole = false;
    *old = raster;
}

/* A character that no font has. */
static void draw_missing(struct painter *painter, int x, int baseline, int px, float w, struct colour colour)
{
    float h = floorf(0.7f * (float)px);
    struct item box = {.kind = ITEM_BOX,
                       .box = {(float)(x + 1), (float)baseline - h, w - 2, h},
                       .border = colour,
                       .stroke = floorf((float)px / 16) + 1};
    shape_box(&painter->atlas, &box);
}

/* The image rotated by a quarter to the left, so that its text is read upwards; NULL when there is no memory. */
static SDL_Surface *rotated_left(const SDL_Surface *image)
{
    SDL_Surface *turned = SDL_CreateRGBSurfaceWithFormat(0, image->h, image->w, 32, SDL_PIXELFORMAT_ARGB8888);
    for (int y = 0; turned && y < image->h; y++)
        for (int x = 0; x < image->w; x++) {
            const char *from = (const char *)image->pixels + (size_t)y * (size_t)image->pitch + (size_t)x * 4;
            char *to = (char *)turned->pixels + (size_t)(image->w - 1 - x) * (size_t)turned->pitch + (size_t)y * 4;
            memcpy(to, from, 4);
        }
    return turned;
}

static const struct sprite *run_sprite(struct painter *painter, const struct item *item, int px, const struct run *run,
                                       const char *text)
{
    enum face face = item->as.text.face;
    bool turned = item->as.text.upwards;
    uint64_t head = (uint64_t)turned << 56 | (uint64_t)face << 48 | (uint64_t)px << 32 | (uint32_t)run->file;
    const struct sprite *found = atlas_find(&painter->atlas, head, text + run->at, run->n);
    if (found)
        return found;
    SDL_Point origin = {0, 0};
    SDL_Surface *image = fonts_render(painter->fonts, face, px, run, text, &origin);
    if (!image && painter->fonts->failed)
        return NULL;
    if (image && turned) {
        SDL_Surface *level = image;
        image = rotated_left(level);
        /* The pen starts at the foot and the baseline is a column. */
        origin = (SDL_Point){origin.y, level->w - origin.x};
        SDL_FreeSurface(level);
        painter->atlas.canvas.failed |= !image;
        if (!image)
            return NULL;
    }
    /* SDL_ttf's images have this format; should one differ, it is not drawn as noise. */
    bool usable = image && image->format->format == SDL_PIXELFORMAT_ARGB8888;
    painter->atlas.canvas.failed |= image && !usable;
    found = atlas_add(&painter->atlas, head, text + run->at, run->n, usable ? image->pixels : NULL,
                      usable ? image->w : 0, usable ? image->h : 0, usable ? image->pitch : 0, origin);
    SDL_FreeSurface(image);
    return found;
}

static void draw_text(struct painter *painter, const struct display_list *list, const struct item *item)
{
    const char *text = display_item_text(list, item);
    enum face face = item->as.text.face;
    const struct line *line = fonts_line(painter->fonts, face, item->as.text.size, text, strlen(text));
    SDL_Rect start = shape_snap((struct rect){item->box.x, item->box.y + item->box.h, 1, 1});
    if (!line || start.w == 0)
        return;
    bool turned = item->as.text.upwards;
    /* The baseline is rounded once for all faces, so that texts of a row stand on one line. */
    float top = turned ? item->box.x : item->box.y;
    int baseline = (int)floorf(top + TEXT_BASELINE * (float)line->px + 0.5f);
    for (size_t i = 0; i < line->n; i++) {
        const struct run *run = &line->runs[i];
        int along = (int)floorf(run->x + 0.5f), x = turned ? baseline : start.x + along;
        int y = turned ? start.y - along : baseline;
        if (run->file < 0) {
            draw_missing(painter, x, y, line->px, run->w, item->fill);
            continue;
        }
        const struct sprite *sprite = run_sprite(painter, item, line->px, run, text);
        if (sprite && sprite->at.w)
            atlas_draw(&painter->atlas, sprite->at, x - sprite->origin.x, y - sprite->origin.y, item->fill);
    }
}

static void draw_item(struct painter *painter, const struct display_list *list, const struct item *item)
{
    switch (item->kind) {
    case ITEM_BOX:
        shape_box(&painter->atlas, item);
        break;
    case ITEM_HEATMAP:
        shape_heatmap(&painter->atlas, list, item);
        break;
    case ITEM_TEXT:
        draw_text(painter, list, item);
        break;
    case ITEM_LINE:
        shape_line(&painter->atlas, item);
        break;
    case ITEM_POLYGON:
        shape_polygon(&painter->atlas, item);
        break;
    case ITEM_CURVE:
        shape_curve(&painter->atlas, list, item);
        break;
    case ITEM_HIT:
        break;
    }
}

static void begin(struct painter *painter)
{
    painter->atlas.canvas.failed = painter->no_memory = false;
    memory_watch();
}

/* After each item, since opening a font for the next begins to watch anew. */
static void look(struct painter *painter)
{
    painter->no_memory |= memory_ran_out();
}

static struct qkv_err end(struct painter *painter)
{
    struct canvas *canvas = &painter->atlas.canvas;
    if (canvas->renderer && SDL_RenderFlush(canvas->renderer) != 0)
        canvas->failed = true;
    look(painter);
    if (fonts_take_failure(painter->fonts) || painter->no_memory || (canvas->failed && !*SDL_GetError()))
        return qkv_nomem("a page");
    if (canvas->failed)
        return qkv_errf(QKV_ERR_IO, "a page cannot be drawn: %s", SDL_GetError());
    return (struct qkv_err){0};
}

static SDL_Rect whole(const struct painter *painter)
{
    const SDL_Point size = canvas_size(&painter->atlas.canvas);
    return (SDL_Rect){0, 0, size.x, size.y};
}

struct qkv_err painter_draw(struct painter *painter, const struct display_list *list)
{
    begin(painter);
    painter->last.whole = false;
    painter->atlas.canvas.clip = whole(painter);
    canvas_clear(&painter->atlas.canvas, list->background);
    look(painter);
    for (size_t i = 0; i < list->n; i++) {
        draw_item(painter, list, &list->items[i]);
        look(painter);
    }
    return end(painter);
}

/* ---- only what changed ---- */

/* Draw the items of `next` that are seen in the clip. Those of which it is not known yet learn where they are. */
static void draw_part(struct painter *painter, const struct display_list *list, SDL_Rect clip)
{
    struct canvas *canvas = &painter->atlas.canvas;
    canvas->clip = clip;
    if (clip.w > 0)
        canvas_clear(canvas, list->background);
    look(painter);
    for (size_t i = 0; i < painter->next.n; i++) {
        struct drawn *drawn = &painter->next.v[i];
        if (drawn->known && !SDL_HasIntersection(&drawn->extent, &clip))
            continue;
        canvas->touched = (SDL_Rect){0};
        draw_item(painter, list, &list->items[drawn->item]);
        drawn->extent = canvas->touched;
        drawn->known = true;
        look(painter);
    }
}

static struct area area_of(SDL_Rect rect)
{
    return (struct area){rect.x, rect.y, rect.w, rect.h};
}

struct qkv_err painter_update(struct painter *painter, const struct display_list *list, struct damage *ret)
{
    SDL_Rect rects[DAMAGE_MAX] = {whole(painter)};
    struct drawing *next = &painter->next;
    int n = 1;
    ret->n = 1;
    ret->rects[0] = area_of(rects[0]);
    if (!drawing_list(next, list))
        return painter_draw(painter, list); /* it cannot be remembered; it can be drawn all the same */
    bool parts = painter->last.whole && drawing_match(&painter->last, next);
    begin(painter);
    if (parts) {
        draw_part(painter, list, (SDL_Rect){0}); /* learn where the new items are */
        n = drawing_damage(&painter->last, next, rects[0], rects);
    }
    for (int i = 0; i < n; i++) {
        draw_part(painter, list, rects[i]);
        ret->rects[i] = area_of(rects[i]);
    }
    ret->n = n;
    struct qkv_err err = end(painter);
    struct drawing last = painter->last;
    painter->last = *next;
    painter->last.whole = !err.code;
    painter->next = last;
    return err;
}
