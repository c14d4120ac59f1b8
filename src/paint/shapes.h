/* shapes.h: boxes, polygons, lines and heatmaps on a renderer. Edges that lie along the axes are put on whole pixels,
 * so that they are crisp; all others are smoothed by how much of a pixel they cover. */
#ifndef QKV_PAINT_SHAPES_H
#define QKV_PAINT_SHAPES_H

#include "paint/atlas.h"
#include "scene/display.h"

/* A rectangle on whole pixels; what is not finite or absurdly far away becomes empty. */
SDL_Rect shape_snap(struct rect box);

void shape_box(struct atlas *atlas, const struct item *item);
void shape_line(struct atlas *atlas, const struct item *item);
void shape_polygon(struct atlas *atlas, const struct item *item);
void shape_heatmap(struct atlas *atlas, const struct display_list *list, const struct item *item);

/* ---- mask.c: coverage, 0..255 ---- */

/* A ring with the radii inner < outer around the middle of a side x side square (inner <= 0: a disc). */
void mask_ring(uint8_t *coverage, int side, float outer, float inner);

/* A polygon in a w x h image. */
void mask_polygon(uint8_t *coverage, int w, int h, const float *x, const float *y, int n);

#endif
