#include "scene/matrix.h"

#include "scene/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float number_most = 17, number_least = CELL_NUMBER_LEAST;

struct matrix matrix_of(const struct view *view, int step, size_t head, bool transposed)
{
    const struct step *of = &view_tape(view)->steps[step];
    size_t heads = of->value.axis[AXIS_HEAD].size;
    struct matrix m = {.step = step,
                       .of = of,
                       .head = head < heads ? head : heads - 1,
                       .transposed = transposed,
                       .filled = view_filled_cells(view, step)};
    m.rows.n = matrix_rows_axis(&m)->size;
    m.cols.n = matrix_cols_axis(&m)->size;
    m.pyramid = view_pyramid(view, step, m.head);
    m.range = view_range(view, step);
    m.most = matrix_scale_end(view, step);
    return m;
}

/* Unique for every plane of every step, the same on every page. */
int matrix_group(const struct view *view, const struct matrix *m)
{
    enum { STEPS_MOST = 1 << 16 };
    int group = 1 + m->step + (int)m->head * STEPS_MOST + (m->second_use ? 1 << 28 : 0);
    /* The steps of a comparison's tape have negative groups. */
    return view_comparing(view) ? -group : group;
}

const struct axis *matrix_rows_axis(const struct matrix *m)
{
    return &m->of->value.axis[m->transposed ? AXIS_COL : AXIS_ROW];
}

const struct axis *matrix_cols_axis(const struct matrix *m)
{
    return &m->of->value.axis[m->transposed ? AXIS_ROW : AXIS_COL];
}

bool matrix_is_part(const struct matrix *m)
{
    return m->rows.n < matrix_rows_axis(m)->size || m->cols.n < matrix_cols_axis(m)->size;
}

/* The cell in row r and column c as they stand on the page. */
static struct cursor cell_at(const struct matrix *m, size_t r, size_t c)
{
    return (struct cursor){true, m->step, m->head, m->transposed ? c : r, m->transposed ? r : c};
}

static bool is_filled(const struct matrix *m, struct cursor at)
{
    return at.row * m->of->value.axis[AXIS_COL].size + at.col < m->filled;
}

static double value_at(const struct matrix *m, size_t r, size_t c)
{
    struct cursor at = cell_at(m, r, c);
    return *tensor_at(&m->of->value, at.head, at.row, at.col);
}

/* The largest size at which every number of these rows fits its cell, or 0. The text scale may enlarge numbers, but not
 * so much that they are left out. */
static float number_size(const struct pen *pen, const struct view *view, const struct matrix *m, struct section rows,
                         int decimals)
{
    float smallest = number_least * view_base(view), widest;
    float cell_w = m->body.w / (float)m->cols.n, cell_h = m->body.h / (float)m->rows.n;
    char number[NUMBER_TEXT];
    /* At least as wide as a usual number with its sign, so that all matrices of a page get the same size. */
    const char *usual = decimals == 0 ? "-0" : "-0.00";
    widest = pen_width(pen, FACE_MONO, 100, usual, strlen(usual)) / 100;
    for (size_t r = rows.from; r < rows.from + rows.n; r++)
        for (size_t c = m->cols.from; c < m->cols.from + m->cols.n; c++) {
            const char *text = cell_number(value_at(m, r, c), decimals, number);
            widest = fmaxf(widest, pen_width(pen, FACE_MONO, 100, text, strlen(text)) / 100);
        }
    float size = floorf(fminf(fminf((cell_w - 6) / widest, (cell_h - 2) / TEXT_HEIGHT), number_most * pen->scale));
    /* Widths are not quite proportional to the size, as glyphs have whole pixels. */
    while (size >= smallest && widest * size > cell_w - 4)
        size -= 1;
    return size >= smallest ? size : 0;
}

static void draw_number_row(struct pen *pen, const struct matrix *m, const struct item *heatmap, size_t i, float size,
                            int decimals)
{
    char number[NUMBER_TEXT];
    for (size_t k = 0; k < heatmap->as.heatmap.cols; k++) {
        size_t r = m->rows.from + i, c = m->cols.from + k;
        if (!is_filled(m, cell_at(m, r, c)))
            continue;
        double value = value_at(m, r, c);
        struct colour ground = pen->list->colours[heatmap->as.heatmap.at + i * heatmap->as.heatmap.cols + k];
        struct colour wanted = value == 0 ? pen->theme->text_secondary : pen->theme->text;
        struct ink ink = {FACE_MONO, size, 0, colour_readable(wanted, ground)};
        pen_text_in(pen, "cell", ink, heatmap_cell(heatmap, i, k), ALIGN_CENTRE, cell_number(value, decimals, number));
    }
}

/* False: there is no room for them. */
static bool draw_numbers(struct pen *pen, const struct view *view, const struct matrix *m, const struct item *heatmap)
{
    float least = number_least * view_base(view);
    /* Do not read through a large matrix whose numbers cannot fit. */
    if (m->body.w / (float)m->cols.n < least / 2 || m->body.h / (float)m->rows.n < least / 2)
        return false;
    int decimals = view_decimals(view, m->step, m->head);
    float size = number_size(pen, view, m, m->rows, decimals);
    if (size == 0 && decimals > CELL_DECIMALS && view_comparing(view)) {
        /* A difference too small for its cells is told from none: 0.00 beside 0. */
        decimals = CELL_DECIMALS;
        size = number_size(pen, view, m, m->rows, decimals);
    }
    if (size == 0)
        return false;
    /* The row that is looked at has the digits with which it adds up, where they fit. */
    size_t looked_at;
    int own_decimals = decimals;
    float own_size = 0;
    if (decimals > 0 && matrix_says_sums(view, m) && matrix_row_looked_at(m, &looked_at)) {
        own_decimals = matrix_row_sum(m, looked_at).decimals;
        own_size = fminf(size, number_size(pen, view, m, (struct section){looked_at, 1}, own_decimals));
    }
    for (size_t i = 0; i < heatmap->as.heatmap.rows; i++) {
        bool own = own_size > 0 && m->rows.from + i == looked_at;
        draw_number_row(pen, m, heatmap, i, own ? own_size : size, own ? own_decimals : decimals);
    }
    return true;
}

/* The frame around what is shown of the lit block. */
static void draw_lit(struct pen *pen, const struct matrix *m, const struct item *heatmap)
{
    struct section rows = section_common(m->lit_rows, m->rows), cols = section_common(m->lit_cols, m->cols);
    if (rows.n == 0 || cols.n == 0)
        return;
    struct rect a = heatmap_place(heatmap, rows.from, cols.from);
    struct rect b = heatmap_place(heatmap, rows.from + rows.n - 1, cols.from + cols.n - 1);
    float stroke = fmaxf(2, roundf(2.5f * pen->scale));
    struct rect frame = rect_inset((struct rect){a.x, a.y, b.x + b.w - a.x, b.y + b.h - a.y}, -stroke / 2);
    /* A thin edge in the panel's colour separates the frame from cells of the same colour. */
    pen_frame(pen, "lit.edge", rect_inset(frame, -1), pen->theme->panel, stroke + 2, 3 * pen->scale + 1);
    pen_frame(pen, "lit", frame, pen->theme->role[m->of->spec.role], stroke, 3 * pen->scale);
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
static void draw_change(struct pen *pen, const struct view *view, const struct matrix *m, struct cursor at,
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
    struct colour old = column_colour(pen->theme, now->spec.scale, m->most, was, at.col);
    draw_corner(pen, cell, given ? pen->theme->accent : old, given ? pen->theme->panel : pen->theme->text);
}

/* Over the matrix's cells, which were drawn as this heatmap: a corner has the colour of the value that a changed cell
 * had, or, where a number was given, the accent's; after a change every changed cell lights up and fades. */
static void draw_changes(struct pen *pen, const struct view *view, const struct matrix *m, const struct item *heatmap)
{
    size_t rows = heatmap->as.heatmap.rows, cols = heatmap->as.heatmap.cols;
    bool nothing = !view->baseline && view->flash <= 0;
    if (nothing || view_comparing(view) || squares_are_means(&m->squares) || m->body.w / (float)cols < cell_least ||
        m->body.h / (float)rows < cell_least)
        return;
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < cols; k++) {
            struct cursor at = cell_at(m, m->rows.from + i, m->cols.from + k);
            if (is_filled(m, at))
                draw_change(pen, view, m, at, heatmap_cell(heatmap, i, k));
        }
}

void matrix_draw(struct pen *pen, const struct view *view, struct matrix *m)
{
    pen->group = matrix_group(view, m);
    pen_fill(pen, "grid", m->body, pen->theme->line, 0);
    const struct item *cells = matrix_draw_cells(pen, "matrix", m, m->body);
    if (cells) {
        struct item heatmap = *cells; /* a copy: the list may be reallocated */
        matrix_draw_hatching(pen, view, m, &heatmap);
        draw_changes(pen, view, m, &heatmap);
        m->numbered = draw_numbers(pen, view, m, &heatmap);
        draw_lit(pen, m, &heatmap);
    }
    pen->group = 0;
}
