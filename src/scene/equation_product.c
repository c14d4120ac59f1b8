/* equation_product.c: a product stands crosswise. */
#include "scene/equation_parts.h"

#include <math.h>

static const float title_height = 26;

/* The sizes of a product's cells along one side: of the few that are summed over, and of the others. */
struct sizes {
    float inner, outer;
};

static struct sizes sizes_of(const struct pen *pen, float room, float inner, float outer, float most)
{
    enum { FEW = 64 };
    const float readable = 14 * pen->scale;
    float cell = fminf(most, room / (inner + outer));
    if (inner + outer <= FEW || cell >= readable)
        return (struct sizes){cell, cell};
    /* Beside a thousand words four features would be a hair: they keep up to a fifth of the room, and take no more
     * than half of it where they are the many. */
    float wide = fminf(fmaxf(cell, fminf(readable, 0.2f * room / inner)), 0.5f * room / inner);
    return (struct sizes){wide, fminf(fminf(most, 24 * pen->scale), (room - wide * inner) / outer)};
}

void equation_draw_crosswise(struct pen *pen, const struct view *view, struct equation *eq, struct rect area)
{
    float u = pen->scale, gap = 40 * u, lg = EQ_LABEL_GAP * u;
    /* Turned, the factors have changed places: (A B)^T = B^T A^T. */
    struct matrix *left = &eq->operand[view->state->columns ? 1 : 0],
                  *right = &eq->operand[view->state->columns ? 0 : 1];
    struct matrix *result = &eq->result;
    float n = (float)matrix_rows(view, left), k = (float)matrix_cols(view, left), m = (float)matrix_cols(view, right);
    float label_w = equation_row_labels_width(pen, view, left, area.w / 5);
    float right_w = equation_row_labels_width(pen, view, right, area.w / 4);
    float legend = EQ_LEGEND_W * u;
    struct matrices all = equation_matrices(eq);
    float foot = large_foot_height(pen, view, &all);
    struct sizes w = sizes_of(pen, area.w - label_w - lg - gap - legend, k, m, EQ_CELL_W * u);
    /* The right operand's row labels stand above the left operand, or need room of their own. */
    float x_result = label_w + lg + k * w.inner + gap;
    if (x_result < right_w + lg) {
        bool alike = w.inner == w.outer;
        w.outer = fminf(w.outer, (area.w - right_w - lg - legend) / m);
        w.inner = alike ? w.outer : w.inner;
        x_result = right_w + lg;
    }
    float header =
        fmaxf(equation_header_height(pen, view, left, w.inner), equation_header_height(pen, view, right, w.outer));
    float fixed = title_height * u + header + 2 * lg + title_height * u + EQ_AXES_H * u + foot;
    struct sizes h = sizes_of(pen, area.h - fixed, k, n, EQ_CELL_H * u);
    w.outer = fminf(w.outer, fmaxf(h.outer * 2.4f, 46 * u));
    w.inner = fminf(w.inner, fmaxf(h.outer * 2.4f, 46 * u));
    x_result = fmaxf(label_w + lg + k * w.inner + gap, right_w + lg);
    float width = x_result + m * w.outer + legend, height = fixed + k * h.inner + n * h.outer;
    float x = area.x + fmaxf(0, (area.w - width) / 2), y = area.y + fmaxf(0, (area.h - height) / 2);
    float y_right = y + title_height * u, y_result = y_right + k * h.inner + header + 2 * lg;

    right->body = (struct rect){x + x_result, y_right, m * w.outer, k * h.inner};
    left->body = (struct rect){x + x_result - gap - k * w.inner, y_result, k * w.inner, n * h.outer};
    result->body = (struct rect){x + x_result, y_result, m * w.outer, n * h.outer};
    matrix_draw(pen, view, right);
    matrix_draw(pen, view, left);
    matrix_draw(pen, view, result);
    matrix_draw_row_labels(pen, view, right, right_w, lg);
    matrix_draw_col_labels(pen, view, left, header, lg / 2);

    /* The result shares its row labels with the left operand and its column labels with the right one. */
    struct matrix rows = *left, cols = *right;
    struct lit lit = matrix_lit(result);
    if (lit.on) {
        rows.lit = (struct lit){lit.row_end - lit.row == 1, lit.row, lit.row_end, lit.row, lit.row_end};
        cols.lit = (struct lit){lit.col_end - lit.col == 1, lit.col, lit.col_end, lit.col, lit.col_end};
    }
    cols.body = result->body;
    matrix_draw_row_labels(pen, view, &rows, label_w, lg);
    matrix_draw_col_labels(pen, view, &cols, header, lg / 2);
    struct rect legend_box = {result->body.x + result->body.w + 14 * u, result->body.y, legend - 14 * u,
                              result->body.h};
    matrix_draw_legend(pen, view, result, large_draw_beside(pen, view, result, legend_box));
    large_draw_edges(pen, view, result);

    float end = area.x + area.w, below = y_result + n * h.outer + lg / 2;
    float left_start = left->body.x - lg - label_w;
    matrix_draw_title(pen, view, right, (struct rect){right->body.x, y, end - right->body.x, title_height * u});
    matrix_draw_title(pen, view, left,
                      (struct rect){left_start, below, result->body.x - 12 * u - left_start, title_height * u});
    matrix_draw_title(pen, view, result, (struct rect){result->body.x, below, end - result->body.x, title_height * u});
    below += title_height * u;
    equation_draw_axes(pen, view, eq, (struct rect){area.x, below, area.w, EQ_AXES_H * u});
    large_draw_foot(pen, view, &all, (struct rect){area.x, below + EQ_AXES_H * u, area.w, foot});
}
