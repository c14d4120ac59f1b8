/* large.h: what is said and shown beside a matrix that is not on the page cell by cell: nothing is left out silently. */
#ifndef QKV_SCENE_LARGE_H
#define QKV_SCENE_LARGE_H

#include "scene/matrix.h"

/* The matrices of a page: operands, then the result. */
struct matrices {
    struct matrix *operands;
    int n;
    struct matrix *result;
};

/* Room for the lines under the matrices that say which rows and columns are shown and which squares are means; 0: all
 * is shown. To be asked before anything is drawn. */
float large_foot_height(const struct pen *pen, const struct view *view, const struct matrices *all);
void large_draw_foot(struct pen *pen, const struct view *view, const struct matrices *all, struct rect box);

/* Marks at the edges of a matrix beyond which it goes on. */
void large_draw_edges(struct pen *pen, const struct view *view, const struct matrix *m);

/* Beside the result: where the window is in the whole of it, in the upper part of the box; and of how many cells a
 * square is the mean, in its lower part. Returns what is left of the box. */
struct rect large_draw_beside(struct pen *pen, const struct view *view, const struct matrix *m, struct rect box);

#endif
