#include "lesson/language/language.h"
#include "scene/matrix.h"

#include "scene/text.h"
#include "scene/view.h"

#include <math.h>

/* Extend a section to this position. */
static void extend(struct section *s, size_t at)
{
    size_t from = s->n && s->from < at ? s->from : at, end = s->n && s->from + s->n > at + 1 ? s->from + s->n : at + 1;
    *s = (struct section){from, end - from};
}

/* Light a cell, which is named as it lies on the tape. */
static void light(struct matrix *m, size_t row, size_t col)
{
    extend(m->transposed ? &m->lit_cols : &m->lit_rows, row);
    extend(m->transposed ? &m->lit_rows : &m->lit_cols, col);
}

/* Light a cell of an operand, on its plane; where only one plane is shown, show that one. */
static void light_operand(struct equation *eq, const struct cell *from)
{
    struct matrix *first = NULL;
    for (int i = 0; i < eq->n; i++) {
        struct matrix *m = &eq->m[i];
        if (m->step != eq->step->spec.in[from->operand] || m->input != from->operand)
            continue;
        first = first ? first : m;
        if (m->all_planes ? m->head == from->head : m == first) {
            m->head = from->head;
            light(m, from->row, from->col);
            return;
        }
    }
}

/* The operands' cells the current cell was made of, and the planes that hold them. */
static void light_operands(struct equation *eq, const struct view *view, const struct cursor *cell)
{
    struct explanation e = {0};
    struct qkv_err err = tape_explain(view_tape(view), cell->step, cell->head, cell->row, cell->col, &e);
    for (size_t t = 0; !err.code && t < e.n_terms; t++)
        for (int i = 0; i < e.terms[t].n_cells; i++)
            light_operand(eq, &e.terms[t].cell[i]);
    for (size_t i = 0; !err.code && i < e.n_deciding; i++)
        light_operand(eq, &e.deciding[i]);
    eq->failed = eq->failed || err.code == QKV_ERR_NOMEM;
    explanation_finish(&e);
}

static void light_cell(struct equation *eq, const struct view *view, const struct cursor *cell)
{
    struct matrix *m = &eq->m[eq->n];
    for (int i = 0; cell->step != m->step && i < eq->n; i++)
        if (eq->m[i].step == cell->step && (!eq->m[i].all_planes || eq->m[i].head == cell->head))
            m = &eq->m[i];
    if (m->step != cell->step)
        return;
    m->head = cell->head;
    light(m, cell->row, cell->col);
    if (m == &eq->m[eq->n] && eq->step->spec.op != OP_INPUT && view_filled(view, cell->step, cell->row, cell->col))
        light_operands(eq, view, cell);
}

/* Light the stop's row or cell; when two computations are compared, in both. */
static void light_stop(struct equation *eq, const struct view *view)
{
    const struct stop *stop = view_stop(view);
    if (!stop || stop->row < 0)
        return;
    size_t row = (size_t)stop->row, first = stop->col < 0 ? 0 : (size_t)stop->col,
           last = stop->col < 0 ? eq->step->value.axis[AXIS_COL].size - 1 : first;
    for (int i = view_comparing(view) ? 0 : eq->n; i <= eq->n; i++) {
        light(&eq->m[i], row, first);
        light(&eq->m[i], row, last);
    }
}

/* Which rows and columns are shown, counted as on the page. */
static void zoom_matrix(const struct view *view, int operand, struct matrix *m)
{
    zoom_of(view, operand, m->transposed ? &m->cols : &m->rows, m->transposed ? &m->rows : &m->cols);
}

/* The operands. A step that joins heads has all of them, or, with all_planes false, the one looked at. */
static void add_operand(struct equation *eq, const struct view *view, int input, size_t head, bool all_planes)
{
    int step = eq->step->spec.in[input];
    size_t planes = view_tape(view)->steps[step].value.axis[AXIS_HEAD].size;
    size_t heads = eq->step->value.axis[AXIS_HEAD].size;
    bool together = all_planes && planes > 1 && planes <= PLANES_MAX && heads == 1;
    bool transposed = view->state->columns != (eq->form == FORM_PRODUCT_T && input == 1);
    /* Where several heads share a plane (grouped queries): the plane of the head looked at. */
    size_t plane = heads > planes ? head * planes / heads : head;
    bool again = false;
    for (int i = 0; i < input; i++)
        again = again || eq->step->spec.in[i] == step;
    for (size_t p = 0; p < (together ? planes : 1); p++) {
        struct matrix m = matrix_of(view, step, together ? p : plane, transposed);
        m.input = input, m.second_use = again, m.all_planes = together;
        zoom_matrix(view, input, &m);
        eq->m[eq->n++] = m;
    }
}

static struct equation equation_of(const struct view *view, bool all_planes)
{
    int step = view_step(view);
    struct equation eq = {.step = &view_tape(view)->steps[step]};
    size_t head = view_head(view);
    const struct op_info *op = op_table[eq.step->spec.op];
    eq.form = op->form;
    for (int i = 0; i < op->n_inputs; i++)
        add_operand(&eq, view, i, head, all_planes);
    eq.m[eq.n] = matrix_of(view, step, head, view->state->columns);
    zoom_matrix(view, -1, &eq.m[eq.n]);
    notes_scales(&eq);
    struct cursor cell;
    if (view_cell(view, &cell))
        light_cell(&eq, view, &cell);
    else
        light_stop(&eq, view);
    return eq;
}

void equation_draw_axes(struct pen *pen, const struct view *view, const struct equation *eq, struct rect line)
{
    struct ink ink = {FACE_SANS, 15 * pen->scale, 11 * pen->scale, pen->theme->text_secondary};
    pen_text_in(pen, "axes", ink, line, ALIGN_CENTRE, step_text(eq->step, view->state->columns).axes);
}

/* ---- a product stands crosswise ---- */

static const float title_height = 26;

/* The sizes of a product's cells along one side: along the inner dimension (summed over), and along the outer. */
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
    /* Beside a thousand words four features would be too thin to see: the inner dimension gets up to a fifth of the
     * room, and at most half of it. */
    float wide = fminf(fmaxf(cell, fminf(readable, 0.2f * room / inner)), 0.5f * room / inner);
    return (struct sizes){wide, fminf(fminf(most, 24 * pen->scale), (room - wide * inner) / outer)};
}

/* A product's matrices with their places, and the room of what stands around them. */
struct crosswise {
    struct matrix *left, *right, *result;
    float left_labels, right_labels, header; /* widths of row labels; the height of column labels */
    float top, foot, notes;                  /* of all; the heights of the lines below */
};

static struct crosswise lay_out_crosswise(const struct pen *pen, const struct view *view, struct equation *eq,
                                          struct rect area)
{
    float u = pen->scale, gap = 40 * u, lg = LABEL_GAP * u, legend = EQ_LEGEND_W * u;
    /* (A B)^T = B^T A^T: transposed, the factors change places. */
    struct matrix *left = &eq->m[view->state->columns ? 1 : 0], *right = &eq->m[view->state->columns ? 0 : 1],
                  *result = &eq->m[eq->n];
    float n = (float)left->rows.n, k = (float)left->cols.n, m = (float)right->cols.n;
    float label_w = matrix_row_labels_width(pen, view, left, area.w / 5);
    float right_w = matrix_row_labels_width(pen, view, right, area.w / 4);
    float foot = large_foot_height(pen, eq), notes = notes_height(pen, view, eq, area.w);
    gap += matrix_sums_width(view, left) * u;
    legend += matrix_sums_width(view, result) * u;
    struct sizes w = sizes_of(pen, area.w - label_w - lg - gap - legend, k, m, EQ_CELL_W * u);
    /* The right operand's row labels are above the left operand, or need room of their own. */
    float x_result = label_w + lg + k * w.inner + gap;
    if (x_result < right_w + lg) {
        bool alike = w.inner == w.outer;
        w.outer = fminf(w.outer, (area.w - right_w - lg - legend) / m);
        w.inner = alike ? w.outer : w.inner;
        x_result = right_w + lg;
    }
    float header =
        fmaxf(matrix_col_labels_height(pen, view, left, w.inner), matrix_col_labels_height(pen, view, right, w.outer));
    float fixed = title_height * u + header + 2 * lg + title_height * u + EQ_AXES_H * u + foot + notes;
    struct sizes h = sizes_of(pen, area.h - fixed, k, n, EQ_CELL_H * u);
    w.outer = fminf(w.outer, fmaxf(h.outer * 2.4f, 46 * u));
    w.inner = fminf(w.inner, fmaxf(h.outer * 2.4f, 46 * u));
    x_result = fmaxf(label_w + lg + k * w.inner + gap, right_w + lg);
    float width = x_result + m * w.outer + legend, height = fixed + k * h.inner + n * h.outer;
    float titles = fmaxf(matrix_title_width(pen, view, right), matrix_title_width(pen, view, result));
    /* In the middle; more to the left where the titles, which begin with the cells, would be cut. */
    float free_left = fminf((area.w - width) / 2, area.w - x_result - titles);
    float x = area.x + fmaxf(0, free_left), y = area.y + fmaxf(0, (area.h - height) / 2);
    float y_right = y + title_height * u, y_result = y_right + k * h.inner + header + 2 * lg;

    right->body = (struct rect){x + x_result, y_right, m * w.outer, k * h.inner};
    left->body = (struct rect){x + x_result - gap - k * w.inner, y_result, k * w.inner, n * h.outer};
    result->body = (struct rect){x + x_result, y_result, m * w.outer, n * h.outer};
    return (struct crosswise){left, right, result, label_w, right_w, header, y, foot, notes};
}

/* The result shares its row labels with the left operand and its column labels with the right one. */
static void draw_labels(struct pen *pen, const struct view *view, const struct crosswise *c)
{
    struct matrix rows = *c->left, cols = *c->right;
    if (c->result->lit_rows.n) {
        const struct section none = {0};
        rows.lit_rows = c->result->lit_rows.n == 1 ? c->result->lit_rows : none;
        cols.lit_cols = c->result->lit_cols.n == 1 ? c->result->lit_cols : none;
    }
    cols.body = c->result->body;
    matrix_draw_row_labels(pen, view, c->right, c->right_labels);
    matrix_draw_col_labels(pen, view, c->left, c->header);
    matrix_draw_row_labels(pen, view, &rows, c->left_labels);
    matrix_draw_col_labels(pen, view, &cols, c->header);
}

static void draw_crosswise(struct pen *pen, const struct view *view, struct equation *eq, struct rect area)
{
    struct crosswise c = lay_out_crosswise(pen, view, eq, area);
    float u = pen->scale, lg = LABEL_GAP * u, title = title_height * u;
    matrix_draw(pen, view, c.right);
    matrix_draw(pen, view, c.left);
    matrix_draw(pen, view, c.result);
    matrix_draw_sums(pen, view, c.left);
    matrix_draw_sums(pen, view, c.result);
    draw_labels(pen, view, &c);
    struct rect body = c.result->body;
    float beside = (matrix_sums_width(view, c.result) + 14) * u;
    struct rect legend = {body.x + body.w + beside, body.y, EQ_LEGEND_W * u - 14 * u, body.h};
    matrix_draw_legend(pen, view, c.result, large_draw_beside(pen, c.result, legend));
    large_draw_edges(pen, c.result);

    float end = area.x + area.w, below = body.y + body.h + lg / 2, start = c.left->body.x - lg - c.left_labels;
    /* Below the row labels, or further left where it would not fit. */
    start = fmaxf(fminf(start, area.x), fminf(start, body.x - 12 * u - matrix_title_width(pen, view, c.left)));
    /* Above the row labels there is room as well. */
    float title_x = fmaxf(body.x - lg - c.right_labels, fminf(body.x, end - matrix_title_width(pen, view, c.right)));
    matrix_draw_title(pen, view, c.right, (struct rect){title_x, c.top, end - title_x, title});
    matrix_draw_title(pen, view, c.left, (struct rect){start, below, body.x - 12 * u - start, title});
    matrix_draw_title(pen, view, c.result, (struct rect){body.x, below, end - body.x, title});
    below += title;
    equation_draw_axes(pen, view, eq, (struct rect){area.x, below, area.w, EQ_AXES_H * u});
    below += EQ_AXES_H * u;
    large_draw_foot(pen, view, eq, (struct rect){area.x, below, area.w, c.foot});
    notes_draw(pen, view, eq, (struct rect){area.x, below + c.foot, area.w, c.notes});
}

void equation_draw(struct pen *pen, const struct view *view, struct rect area)
{
    struct equation eq = equation_of(view, true);
    pen->list->failed |= eq.failed;
    if (eq.form == FORM_PRODUCT || eq.form == FORM_PRODUCT_T) {
        draw_crosswise(pen, view, &eq, area);
        return;
    }
    bool fewer = eq.n > op_table[eq.step->spec.op]->n_inputs;
    if (equation_draw_lines(pen, view, &eq, area, !fewer))
        return;
    eq = equation_of(view, false);
    pen->list->failed |= eq.failed;
    equation_draw_lines(pen, view, &eq, area, true);
}

bool equation_draw_row(struct pen *pen, const struct view *view, size_t row, struct rect area)
{
    struct equation eq = equation_of(view, false);
    struct matrix m = eq.m[eq.n];
    float u = pen->scale, lg = LABEL_GAP * u;
    if (view->state->columns || row >= m.rows.n || zoom_is_on(view))
        return false;
    m.rows = (struct section){m.rows.from + row, 1};
    float labels = matrix_row_labels_width(pen, view, &m, area.w / 5), sums = matrix_sums_width(view, &m) * u;
    float cell = fminf(EQ_CELL_W * 1.6f * u, (area.w - labels - lg - sums) / (float)m.cols.n);
    if (cell < 40 * u)
        return false;
    float header = matrix_col_labels_height(pen, view, &m, cell), width = labels + lg + cell * (float)m.cols.n + sums;
    float x = area.x + fmaxf(0, (area.w - width) / 2) + labels + lg;
    m.body = (struct rect){x, area.y + header + lg / 2, cell * (float)m.cols.n, 0};
    eq.n = 0;
    eq.own_scales = false;
    eq.m[0] = m;
    notes_scales(&eq);
    float notes = notes_height(pen, view, &eq, area.w);
    m.body.h = fminf(EQ_CELL_H * u, area.y + area.h - notes - title_height * u - lg / 2 - m.body.y);
    if (m.body.h < 20 * u)
        return false;
    matrix_draw(pen, view, &m);
    matrix_draw_sums(pen, view, &m);
    matrix_draw_row_labels(pen, view, &m, labels);
    matrix_draw_col_labels(pen, view, &m, header);
    struct rect title = {x, m.body.y + m.body.h + lg / 2, area.x + area.w - x, title_height * u};
    matrix_draw_title(pen, view, &m, title);
    notes_draw(pen, view, &eq, (struct rect){area.x, title.y + title.h, area.w, notes});
    return true;
}
