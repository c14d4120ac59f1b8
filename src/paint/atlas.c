#include "paint/atlas.h"

#include <stdlib.h>

enum { PADDING = 1 }; /* between images, for renderers that sample between pixels */

const struct sprite *atlas_find(const struct atlas *atlas, uint64_t head, const void *bytes, size_t n)
{
    return table_find(&atlas->sprites, head, bytes, n);
}

static bool on_shelf(struct shelf *shelf, int side, int w, int h, SDL_Rect *ret)
{
    /* A low image on a high shelf would waste it. */
    if (h > shelf->h || h * 2 < shelf->h || shelf->used + w > side)
        return false;
    *ret = (SDL_Rect){shelf->used, shelf->y, w, h};
    shelf->used += w + PADDING;
    return true;
}

static bool find_place(struct atlas *atlas, int w, int h, SDL_Rect *ret)
{
    for (int i = 0; i < atlas->n_shelves; i++)
        if (on_shelf(&atlas->shelves[i], atlas->side, w, h, ret))
            return true;
    const struct shelf *last = atlas->n_shelves ? &atlas->shelves[atlas->n_shelves - 1] : NULL;
    /* Heights in steps of 4, so that sizes that differ by a pixel share shelves. */
    struct shelf next = {.y = last ? last->y + last->h + PADDING : 0, .h = (h + 3) / 4 * 4};
    if (next.y + next.h > atlas->side || w > atlas->side || atlas->n_shelves == SHELF_MAX)
        return false;
    atlas->shelves[atlas->n_shelves++] = next;
    return on_shelf(&atlas->shelves[atlas->n_shelves - 1], atlas->side, w, h, ret);
}

static bool texture_made(struct atlas *atlas)
{
    if (atlas->texture)
        return true;
    if (atlas->side == 0)
        atlas->side = ATLAS_SIDE;
    atlas->texture = SDL_CreateTexture(atlas->renderer, SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_STATIC, atlas->side,
                                       atlas->side);
    if (atlas->texture)
        SDL_SetTextureBlendMode(atlas->texture, SDL_BLENDMODE_BLEND);
    return atlas->texture;
}

static void forget_sprites(struct atlas *atlas)
{
    table_clear(&atlas->sprites);
    atlas->n_shelves = 0;
}

/* Room for an image, if need be by forgetting all others. */
static bool make_place(struct atlas *atlas, int w, int h, SDL_Rect *ret)
{
    if (!texture_made(atlas))
        return false;
    if (find_place(atlas, w, h, ret))
        return true;
    if (atlas->side < ATLAS_SIDE_MAX) {
        atlas_forget(atlas);
        atlas->side *= 2;
        if (!texture_made(atlas)) {
            atlas->side = ATLAS_SIDE; /* larger than this renderer can */
            return false;
        }
    } else {
        forget_sprites(atlas);
    }
    return find_place(atlas, w, h, ret);
}

const struct sprite *atlas_add(struct atlas *atlas, uint64_t head, const void *bytes, size_t n, const void *pixels,
                               int w, int h, int pitch, SDL_Point origin)
{
    SDL_Rect at = {0};
    if (w > 0) {
        if (!make_place(atlas, w, h, &at))
            return NULL;
        if (SDL_UpdateTexture(atlas->texture, &at, pixels, pitch) != 0)
            return NULL;
    }
    struct sprite *sprite = malloc(sizeof *sprite);
    if (!sprite)
        return NULL;
    *sprite = (struct sprite){at, origin};
    if (!table_put(&atlas->sprites, head, bytes, n, sprite)) {
        free(sprite);
        return NULL;
    }
    return sprite;
}

const struct sprite *atlas_add_mask(struct atlas *atlas, uint64_t head, const void *bytes, size_t n,
                                    const uint8_t *coverage, int w, int h)
{
    uint32_t *pixels = malloc((size_t)w * (size_t)h * sizeof *pixels);
    if (!pixels)
        return NULL;
    for (size_t i = 0; i < (size_t)w * (size_t)h; i++)
        pixels[i] = (uint32_t)coverage[i] << 24 | 0xFFFFFF;
    const struct sprite *sprite =
        atlas_add(atlas, head, bytes, n, pixels, w, h, w * (int)sizeof *pixels, (SDL_Point){0, 0});
    free(pixels);
    return sprite;
}

void atlas_draw(struct atlas *atlas, SDL_Rect part, int x, int y, SDL_Color colour)
{
    SDL_Rect to = {x, y, part.w, part.h};
    SDL_SetTextureColorMod(atlas->texture, colour.r, colour.g, colour.b);
    SDL_SetTextureAlphaMod(atlas->texture, colour.a);
    SDL_RenderCopy(atlas->renderer, atlas->texture, &part, &to);
}

void atlas_forget(struct atlas *atlas)
{
    forget_sprites(atlas);
    if (atlas->texture)
        SDL_DestroyTexture(atlas->texture);
    atlas->texture = NULL;
}
