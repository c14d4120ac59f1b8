#include "scene/equation.h"

#include "scene/arithmetic.h"
#include "scene/large.h"
#include "scene/zoom.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Measures in units of the design's grid. */
static const float cell_most_w = 60, cell_most_h = 46, label_gap = 8, legend_width = 84, title_height = 26,
                   axes_height = 24, standing_most = 96, lying_height = 22;

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

/* ---- what is shown and what is lit ---- */

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

static struct equation equation_of(const struct view *view, bool all_planes)
{
    struct place place = walk_place(view->walk, view->position);
    const struct tape *tape = view_tape(view);
    int step = view_step(view);
    struct equation eq = {.step = &tape->steps[step]};
    size_t head = view_head(view);
    const struct op_info *op = &op_table[eq.step->spec.op];
    eq.form = op->form;
    eq.result = (struct matrix){.step = step, .head = head};
    for (int i = 0; i < op->n_inputs; i++)
        add_operand(&eq, tape, i, head, all_planes);
    if (eq.form == FORM_PRODUCT_T)
        eq.operand[1].transposed = true;
    if (eq.step->value.axis[AXIS_HEAD].size == 1)
        eq.result.head = 0;
    zoom_of(view, -1, &eq.result.rows, &eq.result.cols);
    for (int i = 0; i < eq.n; i++) {
        struct section rows, cols;
        zoom_of(view, eq.operand[i].input, &rows, &cols);
        eq.operand[i].rows = eq.operand[i].transposed ? cols : rows;
        eq.operand[i].cols = eq.operand[i].transposed ? rows : cols;
    }
    share_scale(&eq, view);
    struct cursor cell;
    if (view_cell(view, &cell))
        light_cell(&eq, view, &cell);
    else
        light_stop(&eq, view, &place);
    return eq;
}

/* ---- layout ---- */

static float header_height(const struct pen *pen, const struct view *view, const struct matrix *m, float cell_w)
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

static float row_labels_width(const struct pen *pen, const struct view *view, const struct matrix *m, float most)
{
    float picture = matrix_picture_size(pen, view, m, true), u = pen->scale;
    picture += picture > 0 ? 4 * u : 0;
    return fminf(ceilf(matrix_row_labels_width(pen, view, m, 15 * u)) + 1 + picture, most);
}

static void draw_axes(struct pen *pen, const struct equation *eq, struct rect line)
{
    struct ink ink = {FACE_SANS, 15 * pen->scale, 11 * pen->scale, pen->theme->quiet};
    pen_text_in(pen, "axes", ink, line, ALIGN_CENTRE, eq->step->spec.axes);
}

static struct matrices matrices_of(struct equation *eq)
{
    return (struct matrices){eq->operand, eq->n, &eq->result};
}

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

static void draw_crosswise(struct pen *pen, const struct view *view, struct equation *eq, struct rect area)
{
    float u = pen->scale, gap = 40 * u, lg = label_gap * u;
    struct matrix *left = &eq->operand[0], *right = &eq->operand[1], *result = &eq->result;
    float n = (float)matrix_rows(view, left), k = (float)matrix_cols(view, left), m = (float)matrix_cols(view, right);
    float label_w = row_labels_width(pen, view, left, area.w / 5);
    float right_w = row_labels_width(pen, view, right, area.w / 4);
    float legend = legend_width * u;
    struct matrices all = matrices_of(eq);
    float foot = large_foot_height(pen, view, &all);
    struct sizes w = sizes_of(pen, area.w - label_w - lg - gap - legend, k, m, cell_most_w * u);
    /* The right operand's row labels stand above the left operand, or need room of their own. */
    float x_result = label_w + lg + k * w.inner + gap;
    if (x_result < right_w + lg) {
        bool alike = w.inner == w.outer;
        w.outer = fminf(w.outer, (area.w - right_w - lg - legend) / m);
        w.inner = alike ? w.outer : w.inner;
        x_result = right_w + lg;
    }
    float header = fmaxf(header_height(pen, view, left, w.inner), header_height(pen, view, right, w.outer));
    float fixed = title_height * u + header + 2 * lg + title_height * u + axes_height * u + foot;
    struct sizes h = sizes_of(pen, area.h - fixed, k, n, cell_most_h * u);
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
    if (result->lit.on) {
        rows.lit = result->lit;
        cols.lit = (struct lit){true, result->lit.col, result->lit.col_end, result->lit.col, result->lit.col_end};
        if (result->lit.col_end - result->lit.col > 1)
            cols.lit.on = false;
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
    draw_axes(pen, eq, (struct rect){area.x, below, area.w, axes_height * u});
    large_draw_foot(pen, view, &all, (struct rect){area.x, below + axes_height * u, area.w, foot});
}

/* ---- operands and result in lines ---- */

/* How the plates (operands, then the result) are broken into lines, as text is. */
enum breaks {
    BREAK_NONE,          /* all in one line */
    BREAK_BEFORE_RESULT, /* the operands in one, the result below */
    BREAK_ALL,           /* one below the other */
    BREAK_COUNT
};

struct plate {
    struct matrix *matrix;
    int line;
    float labels; /* width of its row labels with their gap; 0: the plate before has the same */
};

struct line_layout {
    struct plate plates[OPERANDS_MAX + 1];
    int n, lines;
    float cell_w, cell_h;
    float header[OPERANDS_MAX + 1]; /* of each line: room for its column labels */
    float rows[OPERANDS_MAX + 1];   /* of each line: the most rows of its plates */
    float title, plate_least, width, height;
};

static const float plate_gap = 44;

static bool same_rows(const struct view *view, const struct matrix *a, const struct matrix *b)
{
    const struct axis *x = &view_tape(view)->steps[a->step].value.axis[AXIS_ROW];
    const struct axis *y = &view_tape(view)->steps[b->step].value.axis[AXIS_ROW];
    char here[24], there[24];
    if (x->size != y->size || a->rows.from != b->rows.from || matrix_rows(view, a) != matrix_rows(view, b))
        return false;
    for (size_t i = 0; i < x->size && x->labels != y->labels; i++)
        if (strcmp(axis_position(x, a->head, i, here), axis_position(y, b->head, i, there)) != 0)
            return false;
    return true;
}

static float plate_width(const struct view *view, const struct line_layout *l, int i)
{
    return fmaxf((float)matrix_cols(view, l->plates[i].matrix) * l->cell_w, l->plate_least);
}

static void break_lines(const struct pen *pen, const struct view *view, struct equation *eq, enum breaks breaks,
                        float most_labels, struct line_layout *l)
{
    for (int i = 0; i <= eq->n; i++) {
        struct plate *p = &l->plates[l->n++];
        p->matrix = i < eq->n ? &eq->operand[i] : &eq->result;
        bool broken = i > 0 && (breaks == BREAK_ALL || (breaks == BREAK_BEFORE_RESULT && i == eq->n));
        p->line = i == 0 ? 0 : l->plates[i - 1].line + broken;
        bool shared = i > 0 && !broken && same_rows(view, l->plates[i - 1].matrix, p->matrix);
        if (!shared)
            p->labels = row_labels_width(pen, view, p->matrix, most_labels) + label_gap * pen->scale;
        l->rows[p->line] = fmaxf(l->rows[p->line], (float)matrix_rows(view, p->matrix));
        l->lines = p->line + 1;
    }
    /* Lines below one another begin at the same place, so that equal columns stand below equal columns. */
    float widest = 0;
    for (int i = 0; i < l->n; i++)
        if (i == 0 || l->plates[i].line != l->plates[i - 1].line)
            widest = fmaxf(widest, l->plates[i].labels);
    for (int i = 0; i < l->n; i++)
        if (i == 0 || l->plates[i].line != l->plates[i - 1].line)
            l->plates[i].labels = widest;
}

/* The width of a line's parts that do not grow with the cells, and its columns. */
static float line_width(const struct pen *pen, const struct view *view, const struct line_layout *l, int line,
                        float *ret_cols)
{
    float width = 0;
    *ret_cols = 0;
    for (int i = 0; i < l->n; i++) {
        if (l->plates[i].line != line)
            continue;
        width += plate_width(view, l, i) + l->plates[i].labels;
        width += i > 0 && l->plates[i - 1].line == line ? plate_gap * pen->scale : 0;
        width += i + 1 == l->n ? legend_width * pen->scale : 0;
        *ret_cols += (float)matrix_cols(view, l->plates[i].matrix);
    }
    return width;
}

/* The widest cells with which every line fits. Narrow plates are as wide as their titles need: what they take too
 * much, the others give. */
static void fit_width(const struct pen *pen, const struct view *view, struct line_layout *l, float room)
{
    l->cell_w = cell_most_w * pen->scale;
    l->width = 0;
    for (int line = 0; line < l->lines; line++)
        for (int pass = 0; pass < 8; pass++) {
            float cols, width = line_width(pen, view, l, line, &cols);
            if (width > room)
                l->cell_w *= fmaxf(0.1f, 1 - (width - room) / (cols * l->cell_w));
        }
    for (int line = 0; line < l->lines; line++) {
        float cols;
        l->width = fmaxf(l->width, line_width(pen, view, l, line, &cols));
    }
}

static struct line_layout layout_lines(const struct pen *pen, const struct view *view, struct equation *eq,
                                       struct rect area, enum breaks breaks)
{
    struct line_layout l = {0};
    float u = pen->scale, lg = label_gap * u, rows = 0;
    break_lines(pen, view, eq, breaks, area.w / 5, &l);
    /* A plate that is alone in its line has room beside its symbol for what it is. */
    l.title = (breaks == BREAK_ALL || view_is_tight(view) ? 24 : 48) * u;
    /* Wide plates for whole titles, unless the cells would have to give for them. */
    static const float leasts[] = {210, 176, 132, 84};
    for (size_t i = 0; i < (view_is_tight(view) ? 4 : 3); i++) {
        l.plate_least = leasts[i] * u;
        fit_width(pen, view, &l, area.w);
        if (l.cell_w >= cell_most_w * u)
            break;
    }
    struct matrices all = matrices_of(eq);
    l.height = axes_height * u + large_foot_height(pen, view, &all);
    for (int i = 0; i < l.n; i++)
        l.header[l.plates[i].line] =
            fmaxf(l.header[l.plates[i].line], header_height(pen, view, l.plates[i].matrix, l.cell_w) + lg / 2);
    for (int line = 0; line < l.lines; line++) {
        l.height += l.title + l.header[line] + lg;
        rows += l.rows[line];
    }
    l.cell_h = fminf(cell_most_h * u, (area.h - l.height) / rows);
    l.height += l.cell_h * rows;
    return l;
}

/* How well numbers can be read in cells of this size; 1: as well as can be. */
static float legibility(const struct pen *pen, const struct line_layout *l)
{
    const float label = 11 * TEXT_HEIGHT * pen->scale;
    /* A large matrix is a picture: neither side should be a strip. */
    for (int line = 0; line < l->lines; line++)
        if (l->rows[line] >= MEANS_FROM)
            return fminf(1, sqrtf(fmaxf(l->cell_w, 0) * fmaxf(l->cell_h, 0)) / (24 * pen->scale));
    float numbers = fminf(1, fminf(l->cell_w / (48 * pen->scale), l->cell_h / (24 * pen->scale)));
    /* Cells without the names of their rows say little; without those of their columns, less than they could. */
    return numbers * (l->cell_h < label ? 0.5f : 1) * (l->cell_w < label ? 0.7f : 1);
}

/* The sign between two plates: what the op's formula has between these operands, if that is one sign; before the
 * result "=", unless something more is done to them (e^(S - m): S - m alone would be another number). */
static const char *sign_before(const struct equation *eq, int i)
{
    const char *formula = op_table[eq->step->spec.op].formula;
    if (i == eq->n)
        return eq->n == 1 || eq->operand[0].all_planes || strchr(formula, '(') ? "→" : "=";
    static const struct {
        char written;
        const char *sign;
    } signs[] = {{'+', "+"}, {'-', "−"}, {'/', "÷"}, {'*', "×"}};
    if (eq->operand[i].all_planes)
        return "";
    for (size_t s = 0; s < sizeof signs / sizeof signs[0]; s++) {
        char between[32];
        snprintf(between, sizeof between, "{%d} %c {%d}", i - 1, signs[s].written, i);
        if (strstr(formula, between))
            return signs[s].sign;
    }
    return "";
}

static void draw_plate(struct pen *pen, const struct view *view, const struct line_layout *l, int i, float y,
                       float right)
{
    const struct plate *p = &l->plates[i];
    struct matrix *m = p->matrix;
    float u = pen->scale, lg = label_gap * u;
    bool last_of_line = i + 1 == l->n || l->plates[i + 1].line != p->line;
    matrix_draw(pen, view, m);
    if (p->labels > 0)
        matrix_draw_row_labels(pen, view, m, p->labels - lg, lg);
    matrix_draw_col_labels(pen, view, m, l->header[p->line] - lg / 2, lg / 2);
    float title_w = last_of_line ? right - m->body.x : plate_width(view, l, i) + (plate_gap - 12) * u;
    matrix_draw_title(pen, view, m, (struct rect){m->body.x, y, title_w, l->title});
    if (i + 1 == l->n) {
        struct rect box = {m->body.x + m->body.w + 14 * u, m->body.y, (legend_width - 14) * u, m->body.h};
        matrix_draw_legend(pen, view, m, large_draw_beside(pen, view, m, box));
    }
    large_draw_edges(pen, view, m);
}

/* The length of a side with few cells that are hairs, as others beside them are many: as much as there is room for. */
static float few(float n, float cell, float room)
{
    const float readable = 10;
    return n <= 8 && cell < readable ? fmaxf(n * cell, fminf(n * readable, room)) : n * cell;
}

static void draw_lines(struct pen *pen, const struct view *view, struct equation *eq, struct rect area,
                       struct line_layout *l)
{
    float u = pen->scale, lg = label_gap * u, gap = plate_gap * u;
    float left = area.x + fmaxf(0, (area.w - l->width) / 2), x = left;
    float y = area.y + fmaxf(0, (area.h - l->height) / 2);
    for (int i = 0; i < l->n; i++) {
        struct plate *p = &l->plates[i];
        float cells_y = y + l->title + l->header[p->line];
        bool begins = i == 0 || l->plates[i - 1].line != p->line;
        if (i > 0 && begins) {
            y += l->title + l->header[l->plates[i - 1].line] + l->rows[l->plates[i - 1].line] * l->cell_h + lg;
            cells_y = y + l->title + l->header[p->line];
            x = left;
        } else if (i > 0) {
            struct ink sign = {FACE_SANS, 22 * u, 0, pen->theme->quiet};
            float middle = cells_y + l->rows[p->line] * l->cell_h / 2;
            pen_text_in(pen, "sign", sign, (struct rect){x, middle - 20 * u, gap - 6 * u, 40 * u}, ALIGN_CENTRE,
                        sign_before(eq, i));
            x += gap;
        }
        x += p->labels;
        p->matrix->body =
            (struct rect){x, cells_y, few((float)matrix_cols(view, p->matrix), l->cell_w, l->plate_least),
                          few((float)matrix_rows(view, p->matrix), l->cell_h, l->rows[p->line] * l->cell_h)};
        draw_plate(pen, view, l, i, y, area.x + area.w);
        x += plate_width(view, l, i);
    }
    float below = y + l->title + l->header[l->lines - 1] + l->rows[l->lines - 1] * l->cell_h + lg;
    draw_axes(pen, eq, (struct rect){area.x, below, area.w, axes_height * u});
    struct matrices all = matrices_of(eq);
    below += axes_height * u;
    large_draw_foot(pen, view, &all, (struct rect){area.x, below, area.w, large_foot_height(pen, view, &all)});
}

static bool layout_fits(const struct line_layout *l, struct rect area)
{
    return l->width <= area.w + 1 && l->height <= area.h + 1 && l->cell_h > 0;
}

/* Fewer lines are easier to read, unless more give clearly larger cells, or fewer do not fit. */
static struct line_layout best_layout(const struct pen *pen, const struct view *view, struct equation *eq,
                                      struct rect area)
{
    struct line_layout best = layout_lines(pen, view, eq, area, BREAK_NONE);
    for (enum breaks breaks = BREAK_BEFORE_RESULT; breaks < BREAK_COUNT; breaks++) {
        struct line_layout other = layout_lines(pen, view, eq, area, breaks);
        bool clearer = legibility(pen, &other) > legibility(pen, &best) * 1.05f;
        if (layout_fits(&other, area) ? clearer || !layout_fits(&best, area) : clearer && !layout_fits(&best, area))
            best = other;
    }
    return best;
}

void equation_draw(struct pen *pen, const struct view *view, struct rect area)
{
    struct equation eq = equation_of(view, true);
    pen->list->failed |= eq.failed;
    if (eq.form == FORM_PRODUCT || eq.form == FORM_PRODUCT_T) {
        draw_crosswise(pen, view, &eq, area);
        return;
    }
    struct line_layout layout = best_layout(pen, view, &eq, area);
    if (!layout_fits(&layout, area) && eq.n > op_table[eq.step->spec.op].n_inputs) {
        eq = equation_of(view, false);
        pen->list->failed |= eq.failed;
        layout = best_layout(pen, view, &eq, area);
    }
    draw_lines(pen, view, &eq, area, &layout);
}
