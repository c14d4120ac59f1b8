/* matrix.h: the matrices of a page: cells, numbers, labels, what is lit in them; and the equation they stand in. */
#ifndef QKV_SCENE_MATRIX_H
#define QKV_SCENE_MATRIX_H

#include "scene/pen.h"
#include "scene/view.h"

/* ---- a plane of numbers as a heatmap: a square for each cell or, where cells are too small to be seen, a square
 * for the mean of a block of them ---- */

/* Along fewer rows or columns than this every cell is drawn, however small. */
enum { MEANS_FROM = 40 };

/* The cells shown of a plane, in the page's orientation: cell (r, c) is v[r * row_step + c * col_step]. */
struct plane {
    const double *v;
    size_t row_step, col_step;
    struct section rows, cols;
    size_t filled; /* cells with v's index below this are computed */
};

/* How they were drawn. */
struct squares {
    size_t block_rows, block_cols; /* cells a square stands for; 1, 1: one */
    struct value_range range;      /* of what the squares show */
    double top;                    /* the share that has the whole colour */
};

/* Do squares stand for more than a cell? */
bool squares_are_means(const struct squares *s);

/* Draw them into a box. `most`: the end of the signed scale; `top`: the share drawn in the full colour (0, or where
 * means are drawn: the largest). The last squares may extend beyond the box by up to their size. NULL: no memory. */
struct item *cells_draw(struct pen *pen, const char *part, const struct plane *plane, enum scale_kind scale,
                        double most, double top, struct rect box, struct squares *ret);

/* ---- one matrix ---- */

/* A block of cells to frame: rows row..row_end-1, columns col..col_end-1 of the tensor. */
struct lit {
    bool on;
    size_t row, row_end, col, col_end;
};

/* Which matrix, and how it is drawn. */
struct matrix {
    int step;        /* on the tape */
    int input;       /* which operand of the step it is */
    size_t head;     /* the plane */
    bool second_use; /* the second time on the page: a step may use one matrix twice */
    bool all_planes; /* one of several planes shown side by side */
    bool transposed;
    struct section rows, cols; /* what is shown of it, in the page's orientation; n == 0: all */
    struct lit lit;
    double most;            /* the end of the colour scale: the largest magnitude on the page */
    struct rect body;       /* where its cells go; filled by the layout */
    struct squares squares; /* how they were drawn; filled by matrix_draw */
};

/* Rows and columns that are shown, in the page's orientation; so are all below. */
size_t matrix_rows(const struct view *view, const struct matrix *m);
size_t matrix_cols(const struct view *view, const struct matrix *m);

/* All that it has. */
size_t matrix_rows_whole(const struct view *view, const struct matrix *m);
size_t matrix_cols_whole(const struct view *view, const struct matrix *m);

/* Its numbers: all of them or those that are shown. */
struct plane matrix_plane(const struct view *view, const struct matrix *m, bool whole);

/* The lit block in the page's orientation. */
struct lit matrix_lit(const struct matrix *m);

/* The side of the pictures beside its row labels / above its column labels; 0: it has none. */
float matrix_picture_size(const struct pen *pen, const struct view *view, const struct matrix *m, bool of_rows);

/* "Q", "K^T", "(X W)^T". */
void matrix_symbol(const struct view *view, const struct matrix *m, char *buffer, size_t size);

/* The widest of its row labels / column labels at this size. */
float matrix_row_labels_width(const struct pen *pen, const struct view *view, const struct matrix *m, float size);
float matrix_col_labels_width(const struct pen *pen, const struct view *view, const struct matrix *m, float size);

/* The largest distance from zero of a plane of signed numbers; 0 for others. */
double matrix_most(const struct view *view, const struct matrix *m);

/* Draw the cells into m->body. */
void matrix_draw(struct pen *pen, const struct view *view, struct matrix *m);

/* The row labels left of the body, right-aligned in a column of this width that ends `gap` before it; the column labels
 * above it, `height` high: horizontal where they all fit a cell, else written upwards. */
void matrix_draw_row_labels(struct pen *pen, const struct view *view, const struct matrix *m, float width, float gap);
void matrix_draw_col_labels(struct pen *pen, const struct view *view, const struct matrix *m, float height, float gap);

/* How the column labels are written in cells of this width: all horizontally; only every n-th (upwards, or
 * horizontally on a low page); all upwards. None of these: there are no labels. */
bool matrix_labels_horizontal(const struct pen *pen, const struct view *view, const struct matrix *m, float cell_width);
bool matrix_labels_sparse(const struct pen *pen, const struct view *view, const struct matrix *m, float cell_width);
bool matrix_labels_upwards(const struct pen *pen, const struct view *view, const struct matrix *m, float cell_width);

/* Symbol in its role's colour, what it is, and its shape: on one line, or on two where the box is high enough. */
void matrix_draw_title(struct pen *pen, const struct view *view, const struct matrix *m, struct rect box);

/* The colour bar, at the right of the result. */
void matrix_draw_legend(struct pen *pen, const struct view *view, const struct matrix *m, struct rect box);

enum { MATRIX_DECIMALS = 2 };

/* Labels of longer axes are numbered, as words repeat; and shares of longer rows are all far from 1. */
enum { MATRIX_UNNUMBERED_MOST = 64 };

/* The display list's group of this matrix. */
int matrix_group(const struct view *view, const struct matrix *m);

const struct step *matrix_step(const struct view *view, const struct matrix *m);

/* The axes of its rows and columns as it stands on the page. */
const struct axis *matrix_rows_axis(const struct view *view, const struct matrix *m);
const struct axis *matrix_cols_axis(const struct view *view, const struct matrix *m);

/* The range of the plane on the screen. */
struct value_range matrix_range(const struct view *view, const struct matrix *m);

/* ---- the pictures of tokens that are not words: parts of an image, beside the labels of rows and columns ---- */

/* ---- cells that a person changed: a corner has the colour of the value they had, or, where a number was given, the
 * accent's; after a change every changed cell lights up and fades ---- */

/* Over a matrix's cells, which were drawn as this heatmap. */
void changes_draw(struct pen *pen, const struct view *view, const struct matrix *m, const struct item *heatmap);

/* What the cell was before the person's changes; false: it is as it was, or there was no such cell. */
bool changed_from(const struct view *view, const struct cursor *cell, double *ret);

/* ---- a matrix that is not on the page cell by cell: what says so ---- */

/* The matrices of a page: operands, then the result. */
struct matrices {
    struct matrix *operands;
    int n;
    struct matrix *result;
};

/* The height of the lines under the matrices that say which rows and columns are shown and which squares are means;
 * 0: all is shown. To be called before anything is drawn. */
float large_foot_height(const struct pen *pen, const struct view *view, const struct matrices *all);
void large_draw_foot(struct pen *pen, const struct view *view, const struct matrices *all, struct rect box);

/* Marks at the edges of a matrix beyond which it goes on. */
void large_draw_edges(struct pen *pen, const struct view *view, const struct matrix *m);

/* Beside the result: a map of the section shown, and of how many cells a square is the mean. Returns the rest of the
 * box. */
struct rect large_draw_beside(struct pen *pen, const struct view *view, const struct matrix *m, struct rect box);

/* ---- the current step as an equation of heatmaps ----
 *
 * A product is drawn crosswise: the left operand at the left, the right one above, the result where row and column meet.
 * Other steps are drawn in a line, operands, then the result, or in several lines where that gives larger cells. */

void equation_draw(struct pen *pen, const struct view *view, struct rect area);

/* Measures in units of the design's grid. */
#define EQ_CELL_W    60.0f
#define EQ_CELL_H    46.0f
#define EQ_LABEL_GAP 8.0f
#define EQ_LEGEND_W  84.0f
#define EQ_AXES_H    24.0f

/* Operands that are shown: one whose heads the step joins is shown once for each head. */
enum { PLANES_MAX = 8, OPERANDS_MAX = PLANES_MAX + OP_INPUTS_MAX };

struct equation {
    struct matrix operand[OPERANDS_MAX];
    int n;
    struct matrix result;
    enum op_form form;
    const struct step *step;
    bool failed; /* memory ran out while finding the lit cells */
};

/* The height of its column labels, the width of its row labels. */
float equation_header_height(const struct pen *pen, const struct view *view, const struct matrix *m, float cell_w);
float equation_row_labels_width(const struct pen *pen, const struct view *view, const struct matrix *m, float most);

/* The line that says what a row and what a column is. */
void equation_draw_axes(struct pen *pen, const struct view *view, const struct equation *eq, struct rect line);

struct matrices equation_matrices(struct equation *eq);

/* A product. */
void equation_draw_crosswise(struct pen *pen, const struct view *view, struct equation *eq, struct rect area);

/* Other steps. `force`: draw even what does not fit; else false, and nothing is drawn, where it does not. */
bool equation_draw_lines(struct pen *pen, const struct view *view, struct equation *eq, struct rect area, bool force);

#endif
