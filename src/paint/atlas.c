#include "paint/atlas.h"

#include <stdlib.h>
#include <string.h>

/* ---- the table ---- */

struct table_slot {
    uint64_t hash, head;
    size_t n;
    char *bytes; /* owned */
    void *value; /* owned; NULL: the slot is free */
};

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

uint64_t hash_key(uint64_t head, const void *bytes, size_t n)
{
    const char *from = bytes;
    uint64_t hash = mix(n, head), word;
    for (; n >= sizeof word; n -= sizeof word, from += sizeof word) {
        memcpy(&word, from, sizeof word);
        hash = mix(hash, word);
    }
    word = 0;
    memcpy(&word, from, n);
    return mix(mix(hash, word), 0);
}

static struct table_slot *slot_of(const struct table *table, uint64_t hash, uint64_t head, const char *bytes, size_t n)
{
    for (size_t i = hash & (table->capacity - 1);; i = (i + 1) & (table->capacity - 1)) {
        struct table_slot *slot = &table->slots[i];
        if (!slot->value ||
            (slot->hash == hash && slot->head == head && slot->n == n && !memcmp(slot->bytes, bytes, n)))
            return slot;
    }
}

void *table_find(const struct table *table, uint64_t head, const void *bytes, size_t n)
{
    return table->n ? slot_of(table, hash_key(head, bytes, n), head, bytes, n)->value : NULL;
}

static bool grow(struct table *table)
{
    struct table grown = {.capacity = table->capacity ? table->capacity * 2 : 256, .n = table->n};
    grown.slots = calloc(grown.capacity, sizeof *grown.slots);
    if (!grown.slots)
        return false;
    for (size_t i = 0; i < table->capacity; i++) {
        const struct table_slot *slot = &table->slots[i];
        if (slot->value)
            *slot_of(&grown, slot->hash, slot->head, slot->bytes, slot->n) = *slot;
    }
    free(table->slots);
    *table = grown;
    return true;
}

bool table_put(struct table *table, uint64_t head, const void *bytes, size_t n, void *value)
{
    /* Half full at most: a search always meets a free slot, soon. */
    if (table->n * 2 >= table->capacity && !grow(table))
        return false;
    char *copy = malloc(n ? n : 1);
    if (!copy)
        return false;
    memcpy(copy, bytes, n);
    uint64_t hash = hash_key(head, copy, n);
    *slot_of(table, hash, head, copy, n) = (struct table_slot){hash, head, n, copy, value};
    table->n++;
    return true;
}

void table_clear(struct table *table)
{
    for (size_t i = 0; i < table->capacity; i++) {
        free(table->slots[i].bytes);
        free(table->slots[i].value);
    }
    free(table->slots);
    *table = (struct table){0};
}

/* ---- the atlas ---- */

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

static bool make_room(struct atlas *atlas)
{
    if (atlas->texture || atlas->cover)
        return true;
    if (atlas->side == 0)
        atlas->side = ATLAS_SIDE;
    if (!atlas->canvas.renderer)
        return (atlas->cover = calloc((size_t)atlas->side, (size_t)atlas->side)) != NULL;
    atlas->texture = SDL_CreateTexture(atlas->canvas.renderer, SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_STATIC,
                                       atlas->side, atlas->side);
    if (atlas->texture)
        SDL_SetTextureBlendMode(atlas->texture, SDL_BLENDMODE_BLEND);
    return atlas->texture;
}

static void evict_sprites(struct atlas *atlas)
{
    table_clear(&atlas->sprites);
    atlas->n_shelves = 0;
}

/* A free place for an image, if need be by evicting all others. */
static bool make_place(struct atlas *atlas, int w, int h, SDL_Rect *ret)
{
    if (!make_room(atlas))
        return false;
    if (find_place(atlas, w, h, ret))
        return true;
    if (atlas->side == ATLAS_SIDE_MAX || atlas->is_largest) {
        evict_sprites(atlas);
        return find_place(atlas, w, h, ret);
    }
    atlas_reset(atlas);
    atlas->side *= 2;
    if (!make_room(atlas)) {
        atlas->is_largest = true;
        atlas->side /= 2;
    }
    return make_room(atlas) && find_place(atlas, w, h, ret);
}

static bool write_image(struct atlas *atlas, const void *pixels, SDL_Rect at, int pitch)
{
    if (atlas->texture)
        return SDL_UpdateTexture(atlas->texture, &at, pixels, pitch) == 0;
    for (int y = 0; y < at.h; y++) {
        const uint32_t *from = (const uint32_t *)((const char *)pixels + (ptrdiff_t)y * pitch);
        uint8_t *to = atlas->cover + (size_t)(at.y + y) * (size_t)atlas->side + at.x;
        for (int x = 0; x < at.w; x++)
            to[x] = (uint8_t)(from[x] >> 24);
    }
    return true;
}

static struct sprite *add_sprite(struct atlas *atlas, uint64_t head, const void *bytes, size_t n, const void *pixels,
                                 SDL_Rect at, int pitch, SDL_Point origin)
{
    if (at.w > 0 && !make_place(atlas, at.w, at.h, &at))
        return NULL;
    if (at.w > 0 && !write_image(atlas, pixels, at, pitch))
        return NULL;
    struct sprite *sprite = malloc(sizeof *sprite);
    if (!sprite)
        return NULL;
    *sprite = (struct sprite){at, origin};
    if (table_put(&atlas->sprites, head, bytes, n, sprite))
        return sprite;
    free(sprite);
    return NULL;
}

const struct sprite *atlas_add(struct atlas *atlas, uint64_t head, const void *bytes, size_t n, const void *pixels,
                               int w, int h, int pitch, SDL_Point origin)
{
    SDL_Rect at = {0, 0, w < ATLAS_SIDE_MAX ? w : ATLAS_SIDE_MAX, h < ATLAS_SIDE_MAX ? h : ATLAS_SIDE_MAX};
    const struct sprite *sprite = add_sprite(atlas, head, bytes, n, pixels, at, pitch, origin);
    atlas->canvas.failed |= !sprite;
    return sprite;
}

void atlas_draw(struct atlas *atlas, SDL_Rect part, int x, int y, struct colour colour)
{
    SDL_Rect to = {x, y, part.w, part.h};
    size_t side = (size_t)atlas->side;
    if (atlas->texture)
        canvas_copy(&atlas->canvas, atlas->texture, part, to, colour);
    else
        canvas_cover(&atlas->canvas, atlas->cover + (size_t)part.y * side + part.x, side, to, colour);
}

void atlas_reset(struct atlas *atlas)
{
    evict_sprites(atlas);
    if (atlas->texture)
        SDL_DestroyTexture(atlas->texture);
    free(atlas->cover);
    atlas->texture = NULL;
    atlas->cover = NULL;
}
