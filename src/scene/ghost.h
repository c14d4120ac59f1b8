/* ghost.h: what a person changed, seen: cells that are not as in the lesson as written keep a corner in the colour they
 * had, those that were given another number a corner in the accent's; after a change all that moved lights up. */
#ifndef QKV_SCENE_GHOST_H
#define QKV_SCENE_GHOST_H

#include "scene/matrix.h"

/* Over a matrix's cells, which were drawn as this heatmap. */
void ghost_draw(struct pen *pen, const struct view *view, const struct matrix *m, const struct item *heatmap);

/* What the cell was before the person's changes; false: it is as it was, or there was no such cell. */
bool ghost_of(const struct view *view, const struct cursor *cell, double *ret);

#endif
