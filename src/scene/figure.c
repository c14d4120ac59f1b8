#include "scene/figure.h"

#include "scene/matrix.h"
#include "scene/page_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FIGURE_ROW(id, name, shows) [FIGURE_##id] = name##_figure,
static figure_draw *const figure_table[FIGURE_COUNT] = {FIGURE_LIST(FIGURE_ROW)};
#undef FIGURE_ROW

/* Measures in units of the design's grid. */
static const float least_w = 300, least_h = 200, share = 0.46f, gap = 20, cell_least_w = 30, cell_least_h = 18;

/* ---- beside the matrices, or in their place ---- */

/* Are the cells of all matrices drawn since item `from` large enough for their numbers? */
static bool cells_are_legible(const struct pen *pen, size_t from)
{
    bool legible = true;
    for (size_t i = from; i < pen->list->n; i++) {
        const struct item *item = &pen->list->items[i];
        if (item->kind != ITEM_HEATMAP || strcmp(item->part, "matrix") != 0)
            continue;
        struct rect cell = heatmap_cell(item, 0, 0);
        legible = legible && cell.w >= cell_least_w * pen->scale && cell.h >= cell_least_h * pen->scale;
    }
    return legible;
}

/* The key that makes it larger, or brings the matrices back, in the corner of a picture. */
static void draw_button(struct pen *pen, const struct view *view, struct rect box, const char *label)
{
    char key[24], text[64];
    float u = pen->scale;
    snprintf(text, sizeof text, "%s  %s", label, key_text(view->command(CMD_FIGURE)->keys, key));
    float w = button_width(pen, text, 20);
    button_draw(pen, (struct rect){box.x + box.w - w, box.y, w, 24 * u}, text, false, CMD_FIGURE, 0);
}

/* Draw both; false, with nothing drawn: the numbers of the matrices would be lost. */
static bool draw_both(struct pen *pen, const struct view *view, figure_draw *draw, struct rect area, bool below)
{
    const struct display_mark mark = display_mark(pen->list);
    float u = pen->scale, room = below ? area.h : area.w, size = fmaxf((below ? least_h : least_w) * u, room * share);
    if (size > room * 0.6f)
        return false;
    struct rect box = below ? rect_cut_bottom(&area, size, gap * u) : rect_cut_right(&area, size, gap * u);
    equation_draw(pen, view, area);
    if (cells_are_legible(pen, mark.items) && draw(pen, view, box)) {
        draw_button(pen, view, box, "Larger");
        return true;
    }
    display_rewind(pen->list, mark);
    return false;
}

/* In the matrices' place, with the row looked at below it where there is room. */
static bool draw_alone(struct pen *pen, const struct view *view, figure_draw *draw, struct rect area)
{
    const struct display_mark mark = display_mark(pen->list);
    const struct step *step = &view_tape(view)->steps[view_step(view)];
    struct rect box = area;
    float u = pen->scale;
    if (area.h > 420 * u) {
        struct rect row = rect_cut_bottom(&box, EQ_ROW_H * u, gap * u);
        if (!equation_draw_row(pen, view, view_word(view, step), row))
            box = area;
    }
    if (draw(pen, view, box)) {
        draw_button(pen, view, box, "Matrices");
        return true;
    }
    display_rewind(pen->list, mark);
    return false;
}

void figure_walk_draw(struct pen *pen, const struct view *view, struct rect area)
{
    const struct stop *stop = view_stop(view);
    figure_draw *draw = stop && !view_comparing(view) ? figure_table[stop->figure] : NULL;
    const enum figure_size size = view->state->figure;
    if (!draw || size == FIGURE_OFF) {
        equation_draw(pen, view, area);
        return;
    }
    enum op_form form = op_table[view_tape(view)->steps[view_step(view)].spec.op]->form;
    bool below = form != FORM_PRODUCT && form != FORM_PRODUCT_T;
    if (size == FIGURE_BESIDE && (draw_both(pen, view, draw, area, below) || draw_both(pen, view, draw, area, !below)))
        return;
    if (!draw_alone(pen, view, draw, area))
        equation_draw(pen, view, area);
}

/* ---- what pictures share ---- */

void figure_cell(struct pen *pen, struct rect box, const struct cursor *cell, float per_x, float per_y)
{
    struct item *item = pen_item(pen, ITEM_HIT, "figure.cell", box);
    if (item)
        item->as.hit = (struct hit){CMD_CELL, 0, *cell, per_x, per_y};
}

bool figure_is_lit(const struct view *view, const struct cursor *cell)
{
    struct cursor at;
    return view_cell(view, &at) && at.step == cell->step && at.head == cell->head && at.row == cell->row &&
           at.col == cell->col;
}

void figure_number(struct pen *pen, const struct view *view, struct ink ink, struct rect box, enum align align,
                   const struct cursor *cell)
{
    char number[NUMBER_TEXT];
    const struct tensor *t = &view->lesson->tape.steps[cell->step].value;
    const size_t head = t->axis[AXIS_HEAD].size > 1 ? cell->head : 0;
    pen_text_in(pen, "figure.number", ink, box, align,
                cell_number(*tensor_at(t, head, cell->row, cell->col), plane_decimals(t, head), number));
}

struct rect figure_title(struct pen *pen, struct rect box, const char *title, const char *note)
{
    float u = pen->scale;
    struct rect line = rect_cut_top(&box, 24 * u, 0);
    line.w -= 150 * u; /* of the button that figure_walk_draw puts there */
    pen_text_in(pen, "figure.title", pen_ink(pen, FACE_SANS_BOLD, 17, 12, pen->theme->text), line, ALIGN_LEFT, title);
    if (note)
        pen_text_in(pen, "figure.note", pen_ink(pen, FACE_SANS, 13, 10, pen->theme->text_secondary),
                    rect_cut_top(&box, 18 * u, 0), ALIGN_LEFT, note);
    rect_cut_top(&box, 8 * u, 0);
    return box;
}

float figure_key(struct pen *pen, struct colour colour, const char *text, float x, struct rect line)
{
    float u = pen->scale, side = 12 * u;
    struct ink ink = pen_ink(pen, FACE_SANS, 13, 10, pen->theme->text_secondary);
    pen_fill(pen, "figure.key", (struct rect){x, line.y + (line.h - side) / 2, side, side}, colour, 2 * u);
    struct rect box = {x + side + 6 * u, line.y, line.x + line.w - x - side - 6 * u, line.h};
    return pen_text_in(pen, "figure.key", ink, box, ALIGN_LEFT, text).w + box.x + 16 * u;
}

bool figure_has_come(const struct view *view, int step)
{
    int at = walk_find(view->walk, step);
    struct place here = view_place(view);
    return step >= 0 && (at < 0 || (size_t)at < here.at || ((size_t)at == here.at && here.whole));
}

void figure_arc(struct pen *pen, const char *part, struct colour colour, float stroke, struct point from,
                struct point to, float height)
{
    enum { POINTS = 33 };
    struct point points[POINTS];
    const float pi = 3.14159265f;
    for (int i = 0; i < POINTS; i++) {
        float t = (float)i / (POINTS - 1), across = (1 - cosf(pi * t)) / 2;
        points[i] = (struct point){from.x + (to.x - from.x) * across,
                                   from.y + (to.y - from.y) * across - height * sinf(pi * t)};
    }
    pen_curve(pen, part, colour, stroke, POINTS, points);
}

void figure_arrow(struct pen *pen, const char *part, struct colour colour, float stroke, struct point from,
                  struct point to)
{
    float dx = to.x - from.x, dy = to.y - from.y, length = hypotf(dx, dy), head = fminf(stroke * 3.2f, length * 0.6f);
    if (length <= 0)
        return;
    dx /= length, dy /= length;
    struct point neck = {to.x - dx * head * 0.8f, to.y - dy * head * 0.8f};
    pen_curve(pen, part, colour, stroke, 2, (struct point[]){from, neck});
    float half = head * 0.5f, x = to.x - dx * head, y = to.y - dy * head;
    pen_polygon(pen, "figure.head", colour, 3, (float[]){to.x, x - dy * half, x + dy * half},
                (float[]){to.y, y + dx * half, y - dx * half});
}

struct colour figure_veil(double weight)
{
    return (struct colour){138, 144, 153, (uint8_t)lround(PHOTOGRAPH_VEIL * (1 - weight))};
}
