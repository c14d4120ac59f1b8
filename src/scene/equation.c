#include "scene/equation.h"

#include "scene/equation_parts.h"
#include "scene/turned.h"
#include "scene/zoom.h"

#include <math.h>

static const float standing_most = 96, lying_height = 22;

static void light(struct lit *lit, size_t row, size_t col)
{
    if (!lit->on)
        *lit = (struct lit){true, row, row + 1, col, col + 1};
    lit->row = row < lit->row ? row : lit->row;
    lit->col = col < lit->col ? col : lit->col;
    lit->row_end = row + 1 > lit->row_end ? row + 1 : lit->row_end;
    lit->col_end = col + 1 > lit->col_end ? col + 1 : lit->col_end;
}

/* A cell of an operand: on the plane that holds it, which is brought up where only one is shown. */
static void light_operand(struct equation *eq, const struct cell *from)
{
    struct matrix *first = NULL;
    for (int i = 0; i < eq->n; i++) {
        struct matrix *m = &eq->operand[i];
        if (m->step != eq->step->spec.in[from->operand] || m->input != from->operand)
            continue;
        first = first ? first : m;
        if (m->all_planes ? m->head == from->head : m == first) {
            m->head = from->head;
            light(&m->lit, from->row, from->col);
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
    if (cell->step != eq->result.step) {
        for (int i = 0; i < eq->n; i++)
            if (eq->operand[i].step == cell->step &&
                (!eq->operand[i].all_planes || eq->operand[i].head == cell->head)) {
                eq->operand[i].head = cell->head;
                light(&eq->operand[i].lit, cell->row, cell->col);
                return;
            }
        return;
    }
    eq->result.head = cell->head;
    light(&eq->result.lit, cell->row, cell->col);
    if (eq->step->spec.op != OP_INPUT && view_filled(view, cell->step, cell->row, cell->col))
        light_operands(eq, view, cell);
}

/* What the stop speaks of: its row or its cell. Two computations side by side have the same place in each. */
static void light_stop(struct equation *eq, const struct view *view, const struct place *place)
{
    const struct stop *stop = place->at_stop ? &view->lesson->stops[place->stop] : NULL;
    if (!stop || stop->row < 0)
        return;
    size_t row = (size_t)stop->row, first = stop->col < 0 ? 0 : (size_t)stop->col,
           last = stop->col < 0 ? eq->step->value.axis[AXIS_COL].size - 1 : first;
    light(&eq->result.lit, row, first);
    light(&eq->result.lit, row, last);
    for (int i = 0; view_comparing(view) && i < eq->n; i++)
        eq->operand[i].lit = eq->result.lit;
}

/* Where heads come together, all of them are operands, or, with all_planes false, the one that is looked at. */
static void add_operand(struct equation *eq, const struct tape *tape, int input, size_t head, bool all_planes)
{
    int step = eq->step->spec.in[input];
    size_t planes = tape->steps[step].value.axis[AXIS_HEAD].size;
    bool together = all_planes && planes > 1 && planes <= PLANES_MAX && eq->step->value.axis[AXIS_HEAD].size == 1;
    /* Where several heads share a plane (grouped queries), the one that the head looked at reads. */
    size_t heads = eq->step->value.axis[AXIS_HEAD].size, plane = heads > planes ? head * planes / heads : head;
    plane = plane < planes ? plane : planes - 1;
    bool again = false;
    for (int i = 0; i < input; i++)
        again = again || eq->step->spec.in[i] == step;
    for (size_t p = 0; p < (together ? planes : 1); p++)
        eq->operand[eq->n++] = (struct matrix){
            .step = step, .input = input, .again = again, .all_planes = together, .head = together ? p : plane};
}

/* One colour scale for the page: the same colour is the same number in every matrix, and the legend speaks of all. */
static void share_scale(struct equation *eq, const struct view *view)
{
    double most = matrix_most(view, &eq->result);
    for (int i = 0; i < eq->n; i++)
        most = fmax(most, matrix_most(view, &eq->operand[i]));
    eq->result.most = most;
    for (int i = 0; i < eq->n; i++)
        eq->operand[i].most = most;
}

/* What is shown of a matrix, as it stands. */
static void zoom_matrix(const struct view *view, int operand, struct matrix *m)
{
    struct section rows, cols;
    zoom_of(view, operand, &rows, &cols);
    m->rows = m->transposed ? cols : rows;
    m->cols = m->transposed ? rows : cols;
}

static struct equation equation_of(const struct view *view, bool all_planes)
{
    struct place place = walk_place(view->walk, view->state->position);
    const struct tape *tape = view_tape(view);
    int step = view_step(view);
    struct equation eq = {.step = &tape->steps[step]};
    size_t head = view_head(view);
    const struct op_info *op = &op_table[eq.step->spec.op];
    eq.form = op->form;
    eq.result = (struct matrix){.step = step, .head = head, .transposed = view->state->columns};
    for (int i = 0; i < op->n_inputs; i++)
        add_operand(&eq, tape, i, head, all_planes);
    for (int i = 0; i < eq.n; i++)
        eq.operand[i].transposed = view->state->columns != (eq.form == FORM_PRODUCT_T && i == 1);
    if (eq.step->value.axis[AXIS_HEAD].size == 1)
        eq.result.head = 0;
    zoom_matrix(view, -1, &eq.result);
    for (int i = 0; i < eq.n; i++)
        zoom_matrix(view, eq.operand[i].input, &eq.operand[i]);
    share_scale(&eq, view);
    struct cursor cell;
    if (view_cell(view, &cell))
        light_cell(&eq, view, &cell);
    else
        light_stop(&eq, view, &place);
    return eq;
}

float equation_header_height(const struct pen *pen, const struct view *view, const struct matrix *m, float cell_w)
{
    float u = pen->scale, picture = matrix_picture_size(pen, view, m, false);
    picture += picture > 0 ? 2 * u : 0;
    bool thin = matrix_labels_thin(pen, view, m, cell_w);
    if (matrix_labels_lie(pen, view, m, cell_w) || (thin && view_is_tight(view)))
        return picture + lying_height * u;
    if (!thin && !matrix_labels_stand(pen, view, m, cell_w))
        return 4 * u;
    return picture + fminf(standing_most * u, ceilf(matrix_col_labels_width(pen, view, m, 13 * u)) + 2 * u);
}

float equation_row_labels_width(const struct pen *pen, const struct view *view, const struct matrix *m, float most)
{
    float picture = matrix_picture_size(pen, view, m, true), u = pen->scale;
    picture += picture > 0 ? 4 * u : 0;
    return fminf(ceilf(matrix_row_labels_width(pen, view, m, 15 * u)) + 1 + picture, most);
}

void equation_draw_axes(struct pen *pen, const struct view *view, const struct equation *eq, struct rect line)
{
    struct str turned = {0};
    struct ink ink = {FACE_SANS, 15 * pen->scale, 11 * pen->scale, pen->theme->quiet};
    pen_text_in(pen, "axes", ink, line, ALIGN_CENTRE, turned_text(view->state->columns, eq->step->spec.axes, &turned));
    pen->list->failed |= turned.failed;
    str_finish(&turned);
}

struct matrices equation_matrices(struct equation *eq)
{
    return (struct matrices){eq->operand, eq->n, &eq->result};
}

void equation_draw(struct pen *pen, const struct view *view, struct rect area)
{
    struct equation eq = equation_of(view, true);
    pen->list->failed |= eq.failed;
    if (eq.form == FORM_PRODUCT || eq.form == FORM_PRODUCT_T) {
        equation_draw_crosswise(pen, view, &eq, area);
        return;
    }
    bool fewer = eq.n > op_table[eq.step->spec.op].n_inputs;
    if (equation_draw_lines(pen, view, &eq, area, !fewer))
        return;
    eq = equation_of(view, false);
    pen->list->failed |= eq.failed;
    equation_draw_lines(pen, view, &eq, area, true);
}
