#include "scene/matrix.h"

#include "scene/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float number_most = 17, number_least = 10;

/* Unique for every plane of every step, the same on every page. */
int matrix_group(const struct view *view, const struct matrix *m)
{
    enum { STEPS_MOST = 1 << 16 };
    int group = 1 + m->step + (int)m->head * STEPS_MOST + (m->second_use ? 1 << 28 : 0);
    /* The steps of a comparison's tape have negative groups. */
    return view_comparing(view) ? -group : group;
}

const struct step *matrix_step(const struct view *view, const struct matrix *m)
{
    return &view_tape(view)->steps[m->step];
}

const struct axis *matrix_rows_axis(const struct view *view, const struct matrix *m)
{
    return &matrix_step(view, m)->value.axis[m->transposed ? AXIS_COL : AXIS_ROW];
}

const struct axis *matrix_cols_axis(const struct view *view, const struct matrix *m)
{
    return &matrix_step(view, m)->value.axis[m->transposed ? AXIS_ROW : AXIS_COL];
}

size_t matrix_rows_whole(const struct view *view, const struct matrix *m)
{
    return matrix_rows_axis(view, m)->size;
}

size_t matrix_cols_whole(const struct view *view, const struct matrix *m)
{
    return matrix_cols_axis(view, m)->size;
}

size_t matrix_rows(const struct view *view, const struct matrix *m)
{
    return m->rows.n ? m->rows.n : matrix_rows_whole(view, m);
}

size_t matrix_cols(const struct view *view, const struct matrix *m)
{
    return m->cols.n ? m->cols.n : matrix_cols_whole(view, m);
}

struct plane matrix_plane(const struct view *view, const struct matrix *m, bool whole)
{
    const struct tensor *value = &matrix_step(view, m)->value;
    size_t cols = value->axis[AXIS_COL].size;
    struct plane plane = {.v = tensor_at(value, m->head, 0, 0),
                          .row_step = m->transposed ? 1 : cols,
                          .col_step = m->transposed ? cols : 1,
                          .rows = m->rows,
                          .cols = m->cols,
                          .filled = view_filled_cells(view, m->step)};
    if (whole || plane.rows.n == 0)
        plane.rows = (struct section){0, matrix_rows_whole(view, m)};
    if (whole || plane.cols.n == 0)
        plane.cols = (struct section){0, matrix_cols_whole(view, m)};
    return plane;
}

static double value_at(const struct view *view, const struct matrix *m, size_t r, size_t c)
{
    return *tensor_at(&matrix_step(view, m)->value, m->head, m->transposed ? c : r, m->transposed ? r : c);
}

struct value_range matrix_range(const struct view *view, const struct matrix *m)
{
    struct tensor plane = matrix_step(view, m)->value;
    size_t cells = plane.axis[AXIS_ROW].size * plane.axis[AXIS_COL].size;
    plane.v += (plane.axis[AXIS_HEAD].size > 1 ? m->head : 0) * cells;
    plane.axis[AXIS_HEAD].size = 1;
    return range_of(&plane);
}

double matrix_most(const struct view *view, const struct matrix *m)
{
    struct value_range range = matrix_range(view, m);
    return matrix_step(view, m)->spec.scale == SCALE_SIGNED ? fmax(fabs(range.min), fabs(range.max)) : 0;
}

/* The share drawn in the full colour: 1; in long rows, where all shares are small, the largest. */
static double top_of(const struct view *view, const struct matrix *m)
{
    if (matrix_step(view, m)->value.axis[AXIS_COL].size <= MATRIX_UNNUMBERED_MOST)
        return 1;
    struct value_range range = matrix_range(view, m);
    return range.max > 0 ? range.max : 1;
}

static struct item *draw_cells(struct pen *pen, const struct view *view, struct matrix *m)
{
    const struct step *step = matrix_step(view, m);
    double most = m->most > 0 ? m->most : matrix_most(view, m);
    struct plane plane = matrix_plane(view, m, false);
    double top = step->spec.scale == SCALE_SHARE ? top_of(view, m) : 1;
    pen_fill(pen, "grid", m->body, pen->theme->line, 0);
    struct item *item = cells_draw(pen, "matrix", &plane, step->spec.scale, most, top, m->body, &m->squares);
    if (!item)
        return NULL;
    item->as.heatmap.step = m->step;
    item->as.heatmap.head = m->head;
    item->as.heatmap.transposed = m->transposed;
    return item;
}

/* Are all numbers integers? Then they are written without decimals. */
static bool is_whole(const struct view *view, const struct matrix *m)
{
    for (size_t r = 0; r < matrix_rows_whole(view, m); r++)
        for (size_t c = 0; c < matrix_cols_whole(view, m); c++) {
            double value = value_at(view, m, r, c);
            if (isfinite(value) && (value != floor(value) || fabs(value) >= 1000))
                return false;
        }
    return true;
}

/* Exact zeros are written "0", so that the pattern of the others can be seen. */
static const char *cell_text(double value, bool whole, char buffer[NUMBER_TEXT])
{
    return number_text(value, whole || value == 0 ? 0 : MATRIX_DECIMALS, buffer);
}

/* The largest size at which every number of the matrix fits its cell, or 0. The text scale may enlarge numbers, but not
 * so much that they are left out. */
static float number_size(const struct pen *pen, const struct view *view, const struct matrix *m, bool whole)
{
    float smallest = number_least * view_base(view);
    size_t rows = matrix_rows(view, m), cols = matrix_cols(view, m);
    float cell_w = m->body.w / (float)cols, cell_h = m->body.h / (float)rows, widest;
    char number[NUMBER_TEXT];
    /* At least as wide as a usual number with its sign, so that all matrices of a page get the same size. */
    const char *usual = whole ? "-0" : "-0.00";
    widest = pen_width(pen, FACE_MONO, 100, usual, strlen(usual)) / 100;
    for (size_t r = m->rows.from; r < m->rows.from + rows; r++)
        for (size_t c = m->cols.from; c < m->cols.from + cols; c++) {
            const char *text = cell_text(value_at(view, m, r, c), whole, number);
            widest = fmaxf(widest, pen_width(pen, FACE_MONO, 100, text, strlen(text)) / 100);
        }
    float size = floorf(fminf(fminf((cell_w - 6) / widest, (cell_h - 2) / TEXT_HEIGHT), number_most * pen->scale));
    /* Widths are not quite proportional to the size, as glyphs have whole pixels. */
    while (size >= smallest && widest * size > cell_w - 4)
        size -= 1;
    return size >= smallest ? size : 0;
}

static void draw_numbers(struct pen *pen, const struct view *view, const struct matrix *m, const struct item *cells)
{
    float least = number_least * view_base(view), rows = (float)matrix_rows(view, m),
          cols = (float)matrix_cols(view, m);
    /* Do not read through a large matrix whose numbers cannot fit. */
    if (m->body.w / cols < least / 2 || m->body.h / rows < least / 2)
        return;
    bool whole = is_whole(view, m);
    float size = number_size(pen, view, m, whole);
    if (size == 0)
        return;
    struct item heatmap = *cells; /* a copy: the list may be reallocated */
    char number[NUMBER_TEXT];
    for (size_t i = 0; i < heatmap.as.heatmap.rows; i++)
        for (size_t k = 0; k < heatmap.as.heatmap.cols; k++) {
            size_t r = m->rows.from + i, c = m->cols.from + k;
            if (!view_filled(view, m->step, m->transposed ? c : r, m->transposed ? r : c))
                continue;
            struct colour ground = pen->list->colours[heatmap.as.heatmap.at + i * heatmap.as.heatmap.cols + k];
            struct colour wanted = value_at(view, m, r, c) == 0 ? pen->theme->text_secondary : pen->theme->text;
            struct ink ink = {FACE_MONO, size, 0, colour_readable(wanted, ground)};
            pen_text_in(pen, "cell", ink, heatmap_cell(&heatmap, i, k), ALIGN_CENTRE,
                        cell_text(value_at(view, m, r, c), whole, number));
        }
}

struct lit matrix_lit(const struct matrix *m)
{
    struct lit lit = m->lit;
    if (m->transposed)
        lit = (struct lit){lit.on, m->lit.col, m->lit.col_end, m->lit.row, m->lit.row_end};
    return lit;
}

/* What is shown of the lit block. */
static struct lit lit_shown(const struct view *view, const struct matrix *m)
{
    struct lit lit = matrix_lit(m);
    size_t row_end = m->rows.from + matrix_rows(view, m), col_end = m->cols.from + matrix_cols(view, m);
    lit.on =
        lit.on && lit.row < row_end && lit.col < col_end && lit.row_end > m->rows.from && lit.col_end > m->cols.from;
    lit.row = lit.row > m->rows.from ? lit.row : m->rows.from;
    lit.col = lit.col > m->cols.from ? lit.col : m->cols.from;
    lit.row_end = lit.row_end < row_end ? lit.row_end : row_end;
    lit.col_end = lit.col_end < col_end ? lit.col_end : col_end;
    return lit;
}

void matrix_draw(struct pen *pen, const struct view *view, struct matrix *m)
{
    pen->group = matrix_group(view, m);
    const struct item *cells = draw_cells(pen, view, m);
    if (cells) {
        struct item heatmap = *cells;
        changes_draw(pen, view, m, &heatmap);
        draw_numbers(pen, view, m, &heatmap);
        struct lit lit = lit_shown(view, m);
        if (lit.on) {
            struct rect a = heatmap_place(&heatmap, lit.row, lit.col);
            struct rect b = heatmap_place(&heatmap, lit.row_end - 1, lit.col_end - 1);
            float stroke = fmaxf(2, roundf(2.5f * pen->scale));
            struct rect frame = {a.x - stroke / 2, a.y - stroke / 2, b.x + b.w - a.x + stroke,
                                 b.y + b.h - a.y + stroke};
            /* A thin edge in the panel's colour separates the frame from cells of the same colour. */
            pen_frame(pen, "lit.edge", rect_inset(frame, -1), pen->theme->panel, stroke + 2, 3 * pen->scale + 1);
            pen_frame(pen, "lit", frame, pen->theme->role[matrix_step(view, m)->spec.role], stroke, 3 * pen->scale);
        }
    }
    pen->group = 0;
}

/* ---- what the person changed ---- */

/* Smaller cells have no corner. */
static const float cell_least = 10;

static const struct step *same_step(const struct view *view, const struct lesson *then, int step)
{
    return then && !view_comparing(view) ? step_like(&then->tape, &view->lesson->tape.steps[step]) : NULL;
}

bool changed_from(const struct view *view, const struct cursor *cell, double *ret)
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
    const struct step *baseline = same_step(view, view->baseline, m->step),
                      *before = same_step(view, view->before, m->step);
    double was;
    if (view->flash > 0 && cell_differs(now, before, at.head, at.row, at.col, &was)) {
        struct colour light = pen->theme->accent;
        light.a = (unsigned char)(150 * view->flash);
        pen_fill(pen, "flash", cell, light, 0);
    }
    if (!cell_differs(now, baseline, at.head, at.row, at.col, &was))
        return;
    bool given = now->spec.op == OP_INPUT;
    double most = m->most > 0 ? m->most : matrix_most(view, m);
    struct colour old = value_colour(pen->theme, now->spec.scale, most, was);
    draw_corner(pen, cell, given ? pen->theme->accent : old, given ? pen->theme->panel : pen->theme->text);
}

void changes_draw(struct pen *pen, const struct view *view, const struct matrix *m, const struct item *heatmap)
{
    size_t rows = heatmap->as.heatmap.rows, cols = heatmap->as.heatmap.cols;
    bool nothing = !view->baseline && view->flash <= 0;
    if (nothing || view_comparing(view) || squares_are_means(&m->squares) || m->body.w / (float)cols < cell_least ||
        m->body.h / (float)rows < cell_least)
        return;
    struct item item = *heatmap; /* a copy: the list may be reallocated */
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < cols; k++) {
            size_t r = m->rows.from + i, c = m->cols.from + k;
            struct cursor at = {true, m->step, m->head, m->transposed ? c : r, m->transposed ? r : c};
            if (view_filled(view, m->step, at.row, at.col))
                draw_cell(pen, view, m, at, heatmap_cell(&item, i, k));
        }
}
