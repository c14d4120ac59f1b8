/* matrix.h: the matrices of a page: cells, numbers, labels, what is lit in them; and the equation they stand in. */
#ifndef QKV_SCENE_MATRIX_H
#define QKV_SCENE_MATRIX_H

#include "scene/pen.h"
#include "scene/text.h"
#include "scene/view.h"

/* ---- one matrix ---- */

/* How its cells were drawn: a square for each or, where cells are too small to be seen, for the mean of a block. */
struct squares {
    size_t block_rows, block_cols; /* cells a square stands for, powers of two; 1, 1: one. It begins at a multiple. */
    struct value_range range;      /* of what the squares show */
    double top;                    /* the share that has the whole colour; 0: nothing was drawn */
};

/* Along fewer rows or columns than this every cell is drawn, however small. */
enum { MEANS_FROM = 40 };

/* Do squares stand for more than a cell? */
bool squares_are_means(const struct squares *s);

/* Which matrix, and how it is drawn. Rows and columns are counted as on the page. */
struct matrix {
    int step; /* on the tape */
    const struct step *of;
    int input;       /* which operand of the step it is */
    size_t head;     /* the plane */
    bool second_use; /* the second time on the page: a step may use one matrix twice */
    bool all_planes; /* one of several planes shown side by side */
    bool transposed;
    struct section rows, cols;         /* what is shown of it */
    struct section lit_rows, lit_cols; /* a block of cells to frame; n == 0: none */
    size_t filled;                     /* so many of its cells are computed, as they lie on the tape */
    const struct pyramid *pyramid;     /* the sums of its blocks; NULL: none is kept */
    struct value_range range;          /* of its step */
    double most;                       /* the end of its step's colour scale (matrix_scale_end) */
    bool no_sums;                      /* the sums of its rows are left out, as its numbers need the room */
    bool says_range;                   /* its title has the range of its colours, as the page's legend is not its own */
    struct rect body;                  /* where its cells go; filled by the layout */
    struct squares squares;            /* filled by matrix_draw, */
    bool numbered;                     /* and whether its numbers are written */
};

/* All of a plane of a step of the tape that is looked at, with the scale of its step. Of a head that it does not have,
 * the last. */
struct matrix matrix_of(const struct view *view, int step, size_t head, bool transposed);

/* The axes of its rows and columns. */
const struct axis *matrix_rows_axis(const struct matrix *m);
const struct axis *matrix_cols_axis(const struct matrix *m);

/* Is something left out? */
bool matrix_is_part(const struct matrix *m);

/* "Q", "K^T", "(X W)^T". */
void matrix_symbol(const struct view *view, const struct matrix *m, char *buffer, size_t size);

/* The display list's group of this matrix. */
int matrix_group(const struct view *view, const struct matrix *m);

/* ---- what its colours and digits mean (matrix_scale.c) ---- */

/* The number that has the whole colour: one for all planes of a step, on every page; of the two sides of a comparison
 * and their difference one for all three. Of signed numbers the largest magnitude; of shares 1 or, in long rows, where
 * all are small, the largest. */
double matrix_scale_end(const struct view *view, int step);

/* "±3.50", "0 to 3.50", "-3.50 to 0": what its colours reach from and to. */
enum { RANGE_TEXT = 2 * NUMBER_TEXT + 8 };
const char *matrix_range_text(const struct matrix *m, char buffer[RANGE_TEXT]);

/* ---- rows that add up to one whole (matrix_sums.c) ---- */

/* Is the sum of each row said beside it? Of a distribution whose rows are whole and are rows on the page. */
bool matrix_says_sums(const struct view *view, const struct matrix *m);

/* The width of the sums beside the rows in units; 0: they are not said. */
float matrix_sums_width(const struct view *view, const struct matrix *m);
void matrix_draw_sums(struct pen *pen, const struct view *view, const struct matrix *m);

/* The row of the tensor whose numbers are looked at: the one that is lit. False: none, or several. */
bool matrix_row_looked_at(const struct matrix *m, size_t *ret);

/* A row of the tensor as it is written: with the fewest decimals, from CELL_DECIMALS to SUM_DECIMALS_MAX, with which the
 * rounded numbers add up to the rounded sum; where there are none such, with CELL_DECIMALS. */
enum { SUM_DECIMALS_MAX = 4 };
struct row_sum {
    int decimals;
    bool adds_up;        /* the rounded numbers add up */
    double sum, rounded; /* the exact numbers' sum, and that of the numbers with CELL_DECIMALS */
};
struct row_sum matrix_row_sum(const struct matrix *m, size_t row);

/* Labels of longer axes are numbered, as words repeat; and shares of longer rows are all far from 1. */
enum { MATRIX_UNNUMBERED_MOST = 64 };

/* Draw the cells into m->body, with their numbers, the lit block, and marks at those that a person changed. */
void matrix_draw(struct pen *pen, const struct view *view, struct matrix *m);

/* The cells alone, into a box. NULL: no memory. */
struct item *matrix_draw_cells(struct pen *pen, const char *part, struct matrix *m, struct rect box);

/* The rows, or the columns, of the square that position `at` lies in: of a side of `size` cells in blocks. */
struct section square_of(size_t size, size_t block, size_t at);

/* The mean of the computed, finite cells of these rows and columns of a matrix, counted as on the page, and how many they
 * are; a block of squares is read off its pyramid. */
struct block_sum matrix_sum(const struct matrix *m, struct section rows, struct section cols);

/* What the cell was before the person's changes; false: it is as it was, or there was no such cell. */
bool changed_from(const struct view *view, const struct cursor *cell, double *ret);

/* The smallest sizes of type of the numbers in cells and of row labels, in units of view_base; of column labels, in
 * units of the design's grid. */
#define CELL_NUMBER_LEAST 10.0f
#define ROW_LABEL_LEAST   9.0f
#define COL_LABEL_LEAST   11.0f

/* Of so many labels that have no room, every n-th is written; of fewer none. */
enum { LABELS_MANY = 16 };

/* Units between a matrix and the labels of its rows; half of it above its columns. */
#define LABEL_GAP 8.0f

/* The row labels left of the body, right-aligned in a column of this width; the column labels above it, `height` high:
 * horizontal where they all fit a cell, else written upwards; of many only every n-th. */
void matrix_draw_row_labels(struct pen *pen, const struct view *view, const struct matrix *m, float width);
void matrix_draw_col_labels(struct pen *pen, const struct view *view, const struct matrix *m, float height);

/* The width that its row labels want, at most `most`, and the height that its column labels want above such cells. */
float matrix_row_labels_width(const struct pen *pen, const struct view *view, const struct matrix *m, float most);
float matrix_col_labels_height(const struct pen *pen, const struct view *view, const struct matrix *m, float cell_w);

/* Symbol in its role's colour, what it is, and its shape: on one line, or on two where the box is high enough. */
void matrix_draw_title(struct pen *pen, const struct view *view, const struct matrix *m, struct rect box);
/* How wide it is on one line, large, and without the shape. */
float matrix_title_width(const struct pen *pen, const struct view *view, const struct matrix *m);

/* How wide at least: its symbol, and the end of its colours where it must say that. */
float matrix_title_least(const struct pen *pen, const struct view *view, const struct matrix *m);

/* The colour bar, at the right of the result. */
void matrix_draw_legend(struct pen *pen, const struct view *view, const struct matrix *m, struct rect box);

/* Are its cells large enough for that? In smaller ones blocked cells are only grey, up to a few thousand. */
bool matrix_is_hatched(const struct matrix *m);
bool matrix_shows_blocked(const struct matrix *m);

/* Lines across the cells that a mask has blocked, in this step or before it. `heatmap`: its cells as they were drawn. */
void matrix_draw_hatching(struct pen *pen, const struct view *view, const struct matrix *m, const struct item *heatmap);

/* ---- the matrices of a page ---- */

/* Operands that are shown: one whose heads the step joins is shown once for each head. */
enum { PLANES_MAX = 8, OPERANDS_MAX = PLANES_MAX + OP_INPUTS_MAX };

struct equation {
    struct matrix m[OPERANDS_MAX + 1]; /* the operands, then the result */
    int n;                             /* operands */
    enum op_form form;
    const struct step *step;
    bool failed;     /* memory ran out while finding the lit cells */
    bool own_scales; /* equal colours in two of its matrices are different numbers */
};

/* ---- what is said below them about colours and digits (matrix_notes.c) ---- */

/* Find out whether the matrices have scales of their own, and which of them say their range. */
void notes_scales(struct equation *eq);

/* The height of the lines; to be called before anything is drawn. */
float notes_height(const struct pen *pen, const struct view *view, const struct equation *eq, float width);
void notes_draw(struct pen *pen, const struct view *view, const struct equation *eq, struct rect box);

/* ---- a matrix that is not on the page cell by cell: what says so ---- */

/* The height of the lines under the matrices that say which rows and columns are shown and which squares are means;
 * 0: all is shown. To be called before anything is drawn. */
float large_foot_height(const struct pen *pen, const struct equation *eq);
void large_draw_foot(struct pen *pen, const struct view *view, const struct equation *eq, struct rect box);

/* Marks at the edges of a matrix beyond which it goes on. */
void large_draw_edges(struct pen *pen, const struct matrix *m);

/* Beside the result: a map of the section shown, and of how many cells a square is the mean. Returns the rest of the
 * box. */
struct rect large_draw_beside(struct pen *pen, const struct matrix *m, struct rect box);

/* ---- the current step as an equation of heatmaps ----
 *
 * A product is drawn crosswise: the left operand at the left, the right one above, the result where row and column meet.
 * Other steps are drawn in a line, operands, then the result, or in several lines where that gives larger cells. */

void equation_draw(struct pen *pen, const struct view *view, struct rect area);

/* Of the step's result the row looked at alone, with its labels, title and sum. False, and nothing is drawn: there is no
 * room for its numbers, or tokens are columns. */
bool equation_draw_row(struct pen *pen, const struct view *view, size_t row, struct rect area);

/* The height it takes, in units. */
#define EQ_ROW_H 112.0f

/* Measures in units of the design's grid. */
#define EQ_CELL_W   60.0f
#define EQ_CELL_H   46.0f
#define EQ_LEGEND_W 84.0f
#define EQ_AXES_H   24.0f

/* The line that says what a row and what a column is. */
void equation_draw_axes(struct pen *pen, const struct view *view, const struct equation *eq, struct rect line);

/* Steps that are no product. `force`: draw even what does not fit; else false, and nothing is drawn, where it does not. */
bool equation_draw_lines(struct pen *pen, const struct view *view, struct equation *eq, struct rect area, bool force);

#endif
