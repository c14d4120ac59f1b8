/* atlas.h: a hash table, and the covers of many small shapes and letters side by side, found by key.
 *
 * They lie in memory, or as a white texture with alpha of a renderer. When there is no room all are evicted and drawn
 * again, in a larger atlas while there is one; SDL flushes what it has not drawn yet before a texture is written or
 * destroyed, so that is safe in the middle of a frame. */
#ifndef QKV_PAINT_ATLAS_H
#define QKV_PAINT_ATLAS_H

#include "paint/canvas.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- a hash table from a short key (a number and some bytes) to a block of memory ---- */

/* A hash of a key. Eight bytes at a time: every text on the screen is looked up in every frame. */
uint64_t hash_key(uint64_t head, const void *bytes, size_t n);

struct table_slot;

/* A zeroed table is empty. */
struct table {
    struct table_slot *slots; /* a power of two of them, or none */
    size_t capacity, n;
};

/* What was put under this key, or NULL. */
void *table_find(const struct table *table, uint64_t head, const void *bytes, size_t n);

/* Put a block from malloc() under a key that is not in the table; the table then owns it. False, and the block stays
 * the caller's, when there is no memory. */
bool table_put(struct table *table, uint64_t head, const void *bytes, size_t n, void *value);

/* Free everything; the table is empty and usable. */
void table_clear(struct table *table);

/* ---- the atlas ---- */

enum { ATLAS_SIDE = 1024, ATLAS_SIDE_MAX = 2048, SHELF_MAX = 256 };

struct sprite {
    SDL_Rect at;      /* in the atlas; w = 0: there is nothing to draw */
    SDL_Point origin; /* of text: where in the image the pen starts, y on the baseline */
};

/* A shelf holds images side by side that are about as high as it is. */
struct shelf {
    int y, h, used;
};

struct atlas {
    struct canvas canvas; /* what is drawn on */
    SDL_Texture *texture; /* made with the first image; NULL for a raster, */
    uint8_t *cover;       /* for which this is: side * side bytes */
    int side;             /* of the atlas; 0: not chosen yet */
    bool is_largest;      /* a larger one could not be made */
    struct table sprites;
    struct shelf shelves[SHELF_MAX];
    int n_shelves;
};

/* The image under this key, or NULL. Valid until the next atlas_add. */
const struct sprite *atlas_find(const struct atlas *atlas, uint64_t head, const void *bytes, size_t n);

/* Put w x h white ARGB8888 pixels under a key, of which only the alpha counts; what is wider than ATLAS_SIDE_MAX is cut.
 * w = 0: nothing to draw, which is remembered. NULL, and the canvas has failed, when there is no memory or no texture. */
const struct sprite *atlas_add(struct atlas *atlas, uint64_t head, const void *bytes, size_t n, const void *pixels,
                               int w, int h, int pitch, SDL_Point origin);

/* Draw a part of the atlas, unscaled. */
void atlas_draw(struct atlas *atlas, SDL_Rect part, int x, int y, struct colour colour);

/* Drop all images. The atlas stays usable. */
void atlas_reset(struct atlas *atlas);

#endif
