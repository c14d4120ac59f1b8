/* equation_parts.h: what the two ways to lay an equation out share. */
#ifndef QKV_SCENE_EQUATION_PARTS_H
#define QKV_SCENE_EQUATION_PARTS_H

#include "scene/large.h"

/* Measures in units of the design's grid. */
#define EQ_CELL_W    60.0f
#define EQ_CELL_H    46.0f
#define EQ_LABEL_GAP 8.0f
#define EQ_LEGEND_W  84.0f
#define EQ_AXES_H    24.0f

/* Operands that are shown: an operand whose heads come together in the step stands there once for each of them. */
enum { PLANES_MAX = 8, OPERANDS_MAX = PLANES_MAX + OP_INPUTS_MAX };

struct equation {
    struct matrix operand[OPERANDS_MAX];
    int n;
    struct matrix result;
    enum op_form form;
    const struct step *step;
    bool failed; /* memory ran out: what is lit is not known */
};

/* Room above a matrix for its column labels, beside it for its row labels. */
float equation_header_height(const struct pen *pen, const struct view *view, const struct matrix *m, float cell_w);
float equation_row_labels_width(const struct pen *pen, const struct view *view, const struct matrix *m, float most);

/* The line that says what a row and what a column is. */
void equation_draw_axes(struct pen *pen, const struct view *view, const struct equation *eq, struct rect line);

struct matrices equation_matrices(struct equation *eq);

/* A product: the left operand at the left, the right one above, the result where row and column meet. */
void equation_draw_crosswise(struct pen *pen, const struct view *view, struct equation *eq, struct rect area);

/* Everything else: operands and result in lines. False, and nothing is drawn: they do not fit. */
bool equation_draw_lines(struct pen *pen, const struct view *view, struct equation *eq, struct rect area, bool must);

#endif
