#include "paint/atlas.h"
#include "paint/fonts.h"
#include "paint/shapes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct painter {
    SDL_Renderer *renderer;
    struct fonts *fonts;
    struct atlas atlas;
};

struct qkv_err painter_new(struct SDL_Renderer *renderer, struct fonts *fonts, struct painter **ret)
{
    struct painter *painter = calloc(1, sizeof *painter);
    if (!painter)
        return qkv_nomem("the painter");
    *painter = (struct painter){.renderer = renderer, .fonts = fonts, .atlas = {.renderer = renderer}};
    *ret = painter;
    return (struct qkv_err){0};
}

void painter_free(struct painter *painter)
{
    if (!painter)
        return;
    atlas_reset(&painter->atlas);
    free(painter);
}

void painter_reset(struct painter *painter)
{
    atlas_reset(&painter->atlas);
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
        painter->atlas.failed |= !image;
        if (!image)
            return NULL;
    }
    /* SDL_ttf's images have this format; should one differ, it is not drawn as noise. */
    bool usable = image && image->format->format == SDL_PIXELFORMAT_ARGB8888;
    painter->atlas.failed |= image && !usable;
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
    struct colour c = item->fill;
    for (size_t i = 0; i < line->n; i++) {
        const struct run *run = &line->runs[i];
        int along = (int)floorf(run->x + 0.5f), x = turned ? baseline : start.x + along;
        int y = turned ? start.y - along : baseline;
        if (run->file < 0) {
            draw_missing(painter, x, y, line->px, run->w, c);
            continue;
        }
        const struct sprite *sprite = run_sprite(painter, item, line->px, run, text);
        if (sprite && sprite->at.w)
            atlas_draw(&painter->atlas, sprite->at, x - sprite->origin.x, y - sprite->origin.y,
                       (SDL_Color){c.r, c.g, c.b, c.a});
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
    case ITEM_HIT:
        break;
    }
}

struct qkv_err painter_draw(struct painter *painter, const struct display_list *list)
{
    struct colour page = list->background;
    SDL_Renderer *renderer = painter->renderer;
    painter->atlas.failed = false;
    memory_watch();
    if (SDL_SetRenderDrawBlendMode(renderer, SDL_BLENDMODE_NONE) != 0 ||
        SDL_SetRenderDrawColor(renderer, page.r, page.g, page.b, 255) != 0 || SDL_RenderClear(renderer) != 0 ||
        SDL_SetRenderDrawBlendMode(renderer, SDL_BLENDMODE_BLEND) != 0)
        painter->atlas.failed = true;
    bool no_memory = memory_ran_out();
    for (size_t i = 0; i < list->n; i++) {
        draw_item(painter, list, &list->items[i]);
        no_memory |= memory_ran_out();
    }
    if (SDL_RenderFlush(renderer) != 0)
        painter->atlas.failed = true;
    no_memory |= memory_ran_out();
    if (fonts_take_failure(painter->fonts) || no_memory || (painter->atlas.failed && !*SDL_GetError()))
        return qkv_nomem("a page");
    if (painter->atlas.failed)
        return qkv_errf(QKV_ERR_IO, "a page cannot be drawn: %s", SDL_GetError());
    return (struct qkv_err){0};
}
