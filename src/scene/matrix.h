/* matrix.h: one matrix of a step as a heatmap: cells, numbers, labels, what is lit in it. */
#ifndef QKV_SCENE_MATRIX_H
#define QKV_SCENE_MATRIX_H

#include "scene/cells.h"

/* A block of cells to frame: rows row..row_end-1, columns col..col_end-1 of the tensor. */
struct lit {
    bool on;
    size_t row, row_end, col, col_end;
};

/* Which matrix, and how it stands. */
struct matrix {
    int step;        /* on the tape */
    int input;       /* which operand of the step it is */
    size_t head;     /* the plane */
    bool again;      /* it stands on the page a second time: a step may use one matrix twice */
    bool all_planes; /* it is one of several planes that are shown side by side */
    bool transposed;
    struct section rows, cols; /* what is shown of it, as it stands on the page; n == 0: all */
    struct lit lit;
    double most;      /* the colour scale's end: the largest distance from zero of the signed numbers on the page */
    struct rect body; /* where its cells go; filled by the layout */
    struct squares squares; /* how they were drawn; filled by matrix_draw */
};

/* Rows and columns that are shown, as it stands on the page. */
size_t matrix_rows(const struct view *view, const struct matrix *m);
size_t matrix_cols(const struct view *view, const struct matrix *m);

/* All that it has. */
size_t matrix_rows_whole(const struct view *view, const struct matrix *m);
size_t matrix_cols_whole(const struct view *view, const struct matrix *m);

/* Its numbers, as it stands, all of them or those that are shown. */
struct plane matrix_plane(const struct view *view, const struct matrix *m, bool whole);

/* The lit block as it stands on the page. */
struct lit matrix_lit(const struct matrix *m);

/* The side of the pictures beside its row labels / above its column labels; 0: it has none. */
float matrix_picture_size(const struct pen *pen, const struct view *view, const struct matrix *m, bool of_rows);

/* "Q", "K^T", "(X W)^T": as it stands. */
void matrix_symbol(const struct view *view, const struct matrix *m, char *buffer, size_t size);

/* The widest of its row labels / column labels at this size. */
float matrix_row_labels_width(const struct pen *pen, const struct view *view, const struct matrix *m, float size);
float matrix_col_labels_width(const struct pen *pen, const struct view *view, const struct matrix *m, float size);

/* The largest distance from zero of a plane of signed numbers; 0 for others. */
double matrix_most(const struct view *view, const struct matrix *m);

/* Draw the cells into m->body. */
void matrix_draw(struct pen *pen, const struct view *view, struct matrix *m);

/* The row labels left of the body, right-aligned in a column of this width that ends `gap` before it; the column labels
 * above it, `height` high: lying where they all fit a cell, else standing. */
void matrix_draw_row_labels(struct pen *pen, const struct view *view, const struct matrix *m, float width, float gap);
void matrix_draw_col_labels(struct pen *pen, const struct view *view, const struct matrix *m, float height, float gap);

/* Do the column labels lie flat in cells of this width? Do they stand? Is only every so many-th of them written, as there
 * are many: standing, or lying on a page that has no height to spare? Else there are none. */
bool matrix_labels_lie(const struct pen *pen, const struct view *view, const struct matrix *m, float cell_width);
bool matrix_labels_thin(const struct pen *pen, const struct view *view, const struct matrix *m, float cell_width);
bool matrix_labels_stand(const struct pen *pen, const struct view *view, const struct matrix *m, float cell_width);

/* Symbol in its role's colour, what it is, and its shape: on one line, or on two where the box is high enough. */
void matrix_draw_title(struct pen *pen, const struct view *view, const struct matrix *m, struct rect box);

/* The bar that says which colour is which number; part of the result's right side. */
void matrix_draw_legend(struct pen *pen, const struct view *view, const struct matrix *m, struct rect box);

#endif
