/* cells.h: a plane of numbers as a heatmap: a square for each cell or, where cells are too small to be seen, a square
 * for the mean of a block of them. */
#ifndef QKV_SCENE_CELLS_H
#define QKV_SCENE_CELLS_H

#include "scene/pen.h"
#include "scene/view.h"

/* Along fewer rows or columns than this every cell is drawn, however small. */
enum { MEANS_FROM = 40 };

/* The cells shown of a plane, as they stand on the page: cell (r, c) is v[r * row_step + c * col_step]. */
struct plane {
    const double *v;
    size_t row_step, col_step;
    struct section rows, cols;
    size_t filled; /* cells with v's index below this are computed */
};

/* How they became squares. */
struct squares {
    size_t block_rows, block_cols; /* cells a square stands for; 1, 1: one */
    struct value_range range;      /* of what the squares show */
    double top;                    /* the share that has the whole colour */
};

/* Do squares stand for more than a cell? */
bool squares_are_means(const struct squares *s);

/* Draw them into a box. `most`: the signed scale's end; `top`: the share that has the whole colour; 0, and
 * where means are drawn: the largest that is seen. A square at the far edges may stand for cells beyond the last; it lies up to its size beyond the box.
 * NULL: no memory. */
struct item *cells_draw(struct pen *pen, const char *part, const struct plane *plane, enum scale_kind scale,
                        double most, double top, struct rect box, struct squares *ret);

/* The sum of the finite cells of the square that cell (row, col) lies in, and how many they are. */
double cells_sum(const struct plane *plane, const struct squares *s, size_t row, size_t col, size_t *ret_n);

#endif
