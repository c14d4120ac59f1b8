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

/* Eight bytes at a time: every text on the screen is looked up in every frame. */
static uint64_t hash_key(uint64_t head, const char *bytes, size_t n)
{
    uint64_t hash = mix(n, head), word;
    for (; n >= sizeof word; n -= sizeof word, bytes += sizeof word) {
        memcpy(&word, bytes, sizeof word);
        hash = mix(hash, word);
    }
    word = 0;
    memcpy(&word, bytes, n);
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

static bool make_texture(struct atlas *atlas)
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

static void evict_sprites(struct atlas *atlas)
{
    table_clear(&atlas->sprites);
    atlas->n_shelves = 0;
}

/* A free place for an image, if need be by evicting all others. */
static bool make_place(struct atlas *atlas, int w, int h, SDL_Rect *ret)
{
    if (!make_texture(atlas))
        return false;
    if (find_place(atlas, w, h, ret))
        return true;
    if (atlas->side == ATLAS_SIDE_MAX || atlas->is_largest) {
        evict_sprites(atlas);
        return find_place(atlas, w, h, ret);
    }
    atlas_reset(atlas);
    atlas->side *= 2;
    if (!make_texture(atlas)) {
        atlas->is_largest = true;
        atlas->side /= 2;
    }
    return make_texture(atlas) && find_place(atlas, w, h, ret);
}

static struct sprite *add_sprite(struct atlas *atlas, uint64_t head, const void *bytes, size_t n, const void *pixels,
                                 SDL_Rect at, int pitch, SDL_Point origin)
{
    if (at.w > 0 && !make_place(atlas, at.w, at.h, &at))
        return NULL;
    if (at.w > 0 && SDL_UpdateTexture(atlas->texture, &at, pixels, pitch) != 0)
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
    atlas->failed |= !sprite;
    return sprite;
}

void atlas_draw(struct atlas *atlas, SDL_Rect part, int x, int y, SDL_Color colour)
{
    SDL_Rect to = {x, y, part.w, part.h};
    if (SDL_SetTextureColorMod(atlas->texture, colour.r, colour.g, colour.b) != 0 ||
        SDL_SetTextureAlphaMod(atlas->texture, colour.a) != 0 ||
        SDL_RenderCopy(atlas->renderer, atlas->texture, &part, &to) != 0)
        atlas->failed = true;
}

void atlas_reset(struct atlas *atlas)
{
    evict_sprites(atlas);
    if (atlas->texture)
        SDL_DestroyTexture(atlas->texture);
    atlas->texture = NULL;
}
