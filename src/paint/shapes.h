/* shapes.h: boxes, polygons, lines and heatmaps on a renderer. Edges that lie along the axes are put on whole pixels,
 * so that they are crisp; all others are smoothed by how much of a pixel they cover. */
#ifndef QKV_PAINT_SHAPES_H
#define QKV_PAINT_SHAPES_H

#include "paint/atlas.h"
#include "scene/display.h"

enum {
    RADIUS_MAX = 128,
    CELLS_DRAWN_MAX = 16384, /* a heatmap with more cells is drawn as one scaled image */
    FAR_AWAY = 1 << 20       /* pixels; beyond it a position is a mistake, and within it sums fit an int */
};

/* A rectangle on whole pixels; what is not finite or absurdly far away becomes empty. */
SDL_Rect shape_snap(struct rect box);

/* A box as it is drawn: on whole pixels, its edge inside it, its corners no rounder than it is large. */
struct box_form {
    SDL_Rect box;       /* w = 0: nothing is drawn */
    int corner, stroke; /* stroke 0: no edge */
    bool solid;         /* the edge fills it whole */
};
struct box_form shape_box_form(const struct item *item);

/* A line along an axis as the rectangle that it fills; false: it is slanted, or nothing that can be drawn. */
bool shape_line_level(const struct item *item, SDL_Rect *ret);

/* Can this line, this polygon, this heatmap be drawn? */
bool shape_line_is_sane(const struct item *item);
bool shape_polygon_is_sane(const struct item *item);
bool shape_curve_is_sane(const struct display_list *list, const struct item *item);
bool shape_heatmap_is_whole(const struct display_list *list, const struct item *item);

/* What cannot be drawn for want of memory sets the canvas's `failed`. */
void shape_box(struct atlas *atlas, const struct item *item);
void shape_line(struct atlas *atlas, const struct item *item);
void shape_polygon(struct atlas *atlas, const struct item *item);
void shape_curve(struct atlas *atlas, const struct display_list *list, const struct item *item);
void shape_heatmap(struct atlas *atlas, const struct display_list *list, const struct item *item);

#endif
