/* damage.h: what of a page differs from the page that was drawn before it.
 *
 * Of each item a drawing keeps a hash of all that is seen of it, and where it was drawn. Two pages are compared as two
 * texts are: items that are on both in the same order are kept, and where any other item of either is, the page is drawn
 * anew. Outside of that the same items lie above each other in the same order, so the pixels are the same. */
#ifndef QKV_PAINT_DAMAGE_H
#define QKV_PAINT_DAMAGE_H

#include "paint/paint.h"

#include <SDL.h>

struct drawn {
    uint64_t hash;
    size_t item;     /* in its list */
    SDL_Rect extent; /* of all its pixels; once it is known */
    bool known;
    bool kept; /* the other drawing has it, too */
};

struct drawing {
    struct drawn *v; /* items that are seen, in the order of the list */
    size_t n, capacity;
    struct colour background;
    bool whole; /* it was drawn, without an error, and nothing has been drawn over it */
};

void drawing_finish(struct drawing *drawing);

/* The items of a list; nothing is known of them. False: no memory. */
bool drawing_list(struct drawing *drawing, const struct display_list *list);

/* Mark in both what both have in the same order; those of `next` learn where they are. False: no memory, or another
 * background. */
bool drawing_match(struct drawing *last, struct drawing *next);

/* At most DAMAGE_MAX rectangles within `all` around everything that is not kept; one, `all`, where that is most of it.
 * All of `next` has to be known. */
int drawing_damage(const struct drawing *last, const struct drawing *next, SDL_Rect all, SDL_Rect *ret);

#endif
