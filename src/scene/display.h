/* display.h: the display list: what is on the screen, as data.
 *
 * The scene writes it, the painter draws it, the window asks it what was hit, and tests read it as text. Coordinates
 * are pixels of the page from its top left corner; later items lie above earlier ones. */
#ifndef QKV_SCENE_DISPLAY_H
#define QKV_SCENE_DISPLAY_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct rect {
    float x, y, w, h;
};

struct colour {
    uint8_t r, g, b, a; /* a: 255 is opaque */
};

enum face { FACE_SANS, FACE_SANS_BOLD, FACE_MONO, FACE_MONO_BOLD, FACE_COUNT };

/* A text of size s fills a box of height TEXT_HEIGHT * s whose baseline is TEXT_BASELINE * s below the top, in every
 * face, so that texts of different faces line up. */
#define TEXT_HEIGHT   1.25f
#define TEXT_BASELINE 0.96f

enum item_kind {
    ITEM_BOX, /* a rectangle: filled (fill.a > 0), outlined inside its edge (stroke > 0), corners rounded (radius) */
    ITEM_HEATMAP, /* rows x cols cells filling the box, `gap` pixels between neighbours, a colour each */
    ITEM_TEXT,    /* one line of text, left-aligned in its box; its width is what was measured */
    ITEM_LINE,    /* from the box's x,y to x+w,y+h (w, h may be negative), `stroke` wide */
    ITEM_POLYGON, /* up to 4 points (a convex triangle or quadrilateral), filled */
    ITEM_CURVE,   /* a line through points, `stroke` wide, with round ends and joins; its box is around the points */
    ITEM_HIT      /* draws nothing: a place that can be pointed at */
};

/* A cell of any matrix on the screen. */
struct cursor {
    bool on;
    int step; /* on the tape: the step being made, or one of its operands */
    size_t head, row, col;
};
bool cursor_same(const struct cursor *a, const struct cursor *b);

/* What pointing at a hit target does. */
struct hit {
    int command;        /* enum command; -1: none */
    int argument;       /* of the command */
    struct cursor cell; /* whose number stands here */
    float per_x,
        per_y; /* of CMD_CELL: what a pixel to the right, and one down, add to its number; 0, 0: as in a matrix */
};

struct point {
    float x, y;
};

struct item {
    enum item_kind kind;
    int group;        /* the matrix it belongs to, for transitions; 0: to none */
    const char *part; /* a literal that names what it is: "cell", "card.value"; tests read it */
    struct rect box;
    struct colour fill;   /* text: its colour; line: its colour */
    struct colour border; /* of a box with a stroke */
    float stroke, radius;
    union {
        struct {
            enum face face;
            float size; /* pixels */
            size_t at;  /* offset of the text, 0-terminated, in the list's texts */
            bool
                upwards; /* rotated by 90 degrees: the box is as high as the text is long, the line's top at its left */
        } text;
        struct {
            size_t rows, cols;
            float gap;
            size_t at;       /* offset of rows * cols colours in the list's colours */
            int step;        /* on the tape: whose numbers these are */
            size_t head;     /* which plane of them */
            bool transposed; /* its rows are the matrix's columns */
            size_t row, col; /* the first row and column drawn, counted as on the page */
            /* A square is the mean of so many cells; 0: of one. Squares begin at multiples of that, whatever is shown: at
             * the edges of the box only a part of them is seen. */
            size_t block_rows, block_cols;
            size_t row_n, col_n; /* the matrix's rows and columns shown, where squares are means */
        } heatmap;
        struct {
            float x[4], y[4];
            int n;
        } polygon;
        struct {
            size_t at, n; /* points[at .. at + n - 1] of the list */
        } curve;
        struct hit hit;
    } as;
};

struct display_list {
    struct item *items;
    size_t n, capacity;
    struct str texts; /* the texts, each closed by a 0 */
    struct colour *colours;
    size_t n_colours, colours_capacity;
    struct point *points;
    size_t n_points, points_capacity;
    struct rect page; /* 0, 0, width, height */
    struct colour background;
    bool failed; /* memory ran out: the list is incomplete */
};

void display_clear(struct display_list *list);
void display_finish(struct display_list *list);

/* How long the list is, and taking off what was added since: to try out a layout. */
struct display_mark {
    size_t items, texts, colours, points;
};
struct display_mark display_mark(const struct display_list *list);
void display_rewind(struct display_list *list, struct display_mark mark);

const char *display_item_text(const struct display_list *list, const struct item *item);

/* The box of all squares of a heatmap item, of which its own box shows a part. */
struct rect heatmap_whole(const struct item *heatmap);

/* The cell of a heatmap item, without the gap, or the part of it that is seen. */
struct rect heatmap_cell(const struct item *heatmap, size_t row, size_t col);

/* Where row `row` and column `col` of the matrix (counted as on the page) are: a cell, or a part of a mean's square. */
struct rect heatmap_place(const struct item *heatmap, size_t row, size_t col);

/* Is any item this part? */
bool display_has(const struct display_list *list, const char *part);

/* Is a square of any heatmap the mean of several cells? */
bool display_has_means(const struct display_list *list);

/* What is at a point: the topmost hit target (NULL: none), and the cell whose number stands there, or that is there in a
 * matrix. */
struct pointed {
    const struct item *hit;
    struct cursor cell;
};
struct pointed display_at(const struct display_list *list, float x, float y);

/* Text widths, from whoever knows the fonts. A text is at least as wide as its words and the spaces between them. */
struct measure {
    float (*width)(void *context, enum face face, float size, const char *text, size_t n);
    void *context;
};

#endif
