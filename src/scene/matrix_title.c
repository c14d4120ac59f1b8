/* matrix_title.c: what a matrix is called, and what its colours mean. */
#include "scene/matrix_parts.h"

#include "scene/formula.h"
#include "scene/number.h"
#include "scene/turned.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* "Q", "K^T", "(X W)^T": as it stands. */
void matrix_symbol(const struct view *view, const struct matrix *m, char *buffer, size_t size)
{
    const char *symbol = matrix_step(view, m)->spec.symbol;
    bool aside = m->transposed != view->state->columns;
    const char *format = !aside ? "%s" : strchr(symbol, ' ') ? "(%s)^T" : "%s^T";
    snprintf(buffer, size, format, symbol);
    if (!view->state->columns)
        return;
    struct str turned = {0};
    turned_formula(view_tape(view), buffer, &turned);
    snprintf(buffer, size, "%s", str_text(&turned));
    str_finish(&turned);
}

void matrix_draw_title(struct pen *pen, const struct view *view, const struct matrix *m, struct rect box)
{
    const struct step *step = matrix_step(view, m);
    struct str turned = {0};
    /* Planes that are no heads have names: a mistake that takes words for heads. */
    const char *plane = axis_label(&step->value.axis[AXIS_HEAD], 0, m->head);
    char head[32];
    snprintf(head, sizeof head, "head %zu", m->head + 1);
    const char *title =
        m->all_planes ? (plane ? plane : head) : turned_text(view->state->columns, view_title(view, step), &turned);
    float u = pen->scale, size = 16 * u, line = 24 * u;
    bool two = box.h >= 2 * line - 1;
    char symbol[64], shape[64];
    matrix_symbol(view, m, symbol, sizeof symbol);
    snprintf(shape, sizeof shape, "%zu × %zu", matrix_rows_whole(view, m), matrix_cols_whole(view, m));
    pen->group = matrix_group(view, m);
    struct colour colour = pen->theme->role[step->spec.role];
    float baseline = box.y + line / 2 + 0.36f * size;
    float left = box.x + formula_draw(pen, "title.symbol", symbol, size, true, colour, box.x, baseline).width + 8 * u;
    struct ink mono = {FACE_MONO, 13 * u, 0, pen->theme->quiet};
    struct ink words = {FACE_SANS, 15 * u, 12 * u, pen->theme->quiet};
    float shape_width = pen_width(pen, mono.face, roundf(mono.size), shape, strlen(shape)) + 1;
    float title_width = pen_width(pen, words.face, roundf(words.size), title, strlen(title)) + 1;
    float least_width = pen_width(pen, words.face, roundf(words.least), title, strlen(title)) + 1;
    float room = box.x + box.w - left;
    if (two) {
        pen_text_in(pen, "title", words, (struct rect){box.x, box.y + line, box.w, line}, ALIGN_LEFT, title);
        title_width = 0;
    } else {
        bool shape_too = least_width + 12 * u + shape_width <= room;
        title_width = fminf(title_width, shape_too ? room - 12 * u - shape_width : room);
        pen_text_in(pen, "title", words, (struct rect){left, box.y, title_width, line}, ALIGN_LEFT, title);
        title_width += 12 * u;
    }
    if (title_width + shape_width <= room)
        pen_text_in(pen, "shape", mono, (struct rect){left + title_width, box.y, shape_width, line}, ALIGN_LEFT, shape);
    pen->list->failed |= turned.failed;
    str_finish(&turned);
    pen->group = 0;
}

void matrix_draw_legend(struct pen *pen, const struct view *view, const struct matrix *m, struct rect box)
{
    enum { BANDS = 64 };
    const struct step *step = matrix_step(view, m);
    const bool means = squares_are_means(&m->squares);
    struct value_range range = means ? m->squares.range : matrix_range(view, m);
    double most = m->most > 0 ? m->most : matrix_most(view, m),
           top = step->spec.scale == SCALE_SHARE ? m->squares.top : 1;
    if (range.empty || step->spec.scale == SCALE_MASK)
        return;
    float u = pen->scale, bar = 14 * u, least = 13 * u * TEXT_HEIGHT;
    size_t at;
    bool flat = range.min == range.max;
    size_t bands = flat ? 1 : BANDS;
    pen->group = matrix_group(view, m);
    struct rect column = {box.x, box.y, bar, box.h};
    struct colour *colours = pen_colours(pen, bands, &at);
    struct item *item = pen_item(pen, ITEM_HEATMAP, "legend", column);
    if (colours && item) {
        for (size_t i = 0; i < bands; i++) {
            double t = flat ? 0 : (double)i / (double)(bands - 1);
            colours[i] =
                value_colour(pen->theme, step->spec.scale, most, (range.max + t * (range.min - range.max)) / top);
        }
        item->as.heatmap.rows = bands;
        item->as.heatmap.cols = 1;
        item->as.heatmap.at = at;
        pen_frame(pen, "legend", column, pen->theme->line, 1, 0);
    }
    struct ink ink = {FACE_MONO, 13 * u, 10 * u, pen->theme->quiet};
    /* Beside a bar that is lower than a line, the number ends where the bar does: below it other words begin. */
    struct rect line = {box.x + bar + 6 * u, box.y + fminf(0, box.h - least), box.w - bar - 6 * u, least};
    char number[NUMBER_TEXT];
    pen_text_in(pen, "legend", ink, line, ALIGN_LEFT, number_text(range.max, MATRIX_DECIMALS, number));
    if (!flat && box.h >= 2 * least) {
        line.y = box.y + box.h - least;
        pen_text_in(pen, "legend", ink, line, ALIGN_LEFT, number_text(range.min, MATRIX_DECIMALS, number));
        float zero = box.y + box.h * (float)(range.max / (range.max - range.min)) - least / 2;
        if (range.min < 0 && range.max > 0 && zero > box.y + least && zero + 2 * least < box.y + box.h) {
            line.y = zero;
            pen_text_in(pen, "legend", ink, line, ALIGN_LEFT, "0");
        }
    }
    pen->group = 0;
}
