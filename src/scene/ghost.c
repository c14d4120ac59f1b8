#include "scene/ghost.h"

#include <math.h>

/* Smaller cells have no room for a corner: there the colours alone tell. */
static const float cell_least = 10;

static const struct step *same_step(const struct view *view, const struct lesson *then, int step)
{
    return then && !view_comparing(view) ? step_like(&then->tape, &view->lesson->tape.steps[step]) : NULL;
}

bool ghost_of(const struct view *view, const struct cursor *cell, double *ret)
{
    const struct step *then = same_step(view, view->baseline, cell->step);
    return then && view_has_cell(view, cell) &&
           cell_differs(&view->lesson->tape.steps[cell->step], then, cell->head, cell->row, cell->col, ret);
}

static void draw_corner(struct pen *pen, struct rect cell, struct colour fill, struct colour edge)
{
    float side = fminf(fminf(cell.w, cell.h) * 0.36f, 13 * pen->scale), right = cell.x + cell.w;
    const float x[] = {right - side, right, right}, y[] = {cell.y, cell.y, cell.y + side};
    float wide = side + fmaxf(1.5f, 1.5f * pen->scale);
    const float edge_x[] = {right - wide, right, right}, edge_y[] = {cell.y, cell.y, cell.y + wide};
    pen_polygon(pen, "ghost.edge", edge, 3, edge_x, edge_y);
    pen_polygon(pen, "ghost", fill, 3, x, y);
}

/* One cell: (r, c) of the tensor, drawn here. */
static void draw_cell(struct pen *pen, const struct view *view, const struct matrix *m, struct cursor at,
                      struct rect cell)
{
    const struct step *now = &view->lesson->tape.steps[m->step];
    const struct step *written = same_step(view, view->baseline, m->step),
                      *before = same_step(view, view->before, m->step);
    double was;
    if (view->flash > 0 && cell_differs(now, before, at.head, at.row, at.col, &was)) {
        struct colour light = pen->theme->accent;
        light.a = (unsigned char)(150 * view->flash);
        pen_fill(pen, "flash", cell, light, 0);
    }
    if (!cell_differs(now, written, at.head, at.row, at.col, &was))
        return;
    bool given = now->spec.op == OP_INPUT;
    double most = m->most > 0 ? m->most : matrix_most(view, m);
    struct colour old = value_colour(pen->theme, now->spec.scale, most, was);
    draw_corner(pen, cell, given ? pen->theme->accent : old, given ? pen->theme->panel : pen->theme->text);
}

void ghost_draw(struct pen *pen, const struct view *view, const struct matrix *m, const struct item *heatmap)
{
    size_t rows = heatmap->as.heatmap.rows, cols = heatmap->as.heatmap.cols;
    bool nothing = !view->baseline && view->flash <= 0;
    if (nothing || view_comparing(view) || squares_are_means(&m->squares) || m->body.w / (float)cols < cell_least ||
        m->body.h / (float)rows < cell_least)
        return;
    struct item item = *heatmap; /* the list may move while it grows */
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < cols; k++) {
            size_t r = m->rows.from + i, c = m->cols.from + k;
            struct cursor at = {true, m->step, m->head, m->transposed ? c : r, m->transposed ? r : c};
            if (view_filled(view, m->step, at.row, at.col))
                draw_cell(pen, view, m, at, heatmap_cell(&item, i, k));
        }
}
