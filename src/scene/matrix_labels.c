/* matrix_labels.c: what a matrix, its rows and its columns are called. */
#include "scene/matrix.h"

#include "scene/arithmetic.h"
#include "scene/text.h"
#include "scene/token_picture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- labels ---- */

static const float label_size = 15, label_least = COL_LABEL_LEAST, row_label_least = ROW_LABEL_LEAST, picture_side = 30,
                   sparse_width = 56;
static const float upwards_most = 96, horizontal_height = 22;

/* Labels of long axes have numbers, as words repeat. */
enum { NUMBERED_LABEL = TOKEN_LABEL + 32 };

static const char *label_text(const struct view *view, const struct axis *axis, size_t head, size_t i,
                              char buffer[NUMBERED_LABEL])
{
    char label[TOKEN_LABEL];
    if (!axis_label(axis, head, i) || axis->size <= MATRIX_UNNUMBERED_MOST)
        return token_label(view, axis, head, i, buffer);
    snprintf(buffer, NUMBERED_LABEL, "%zu %s", i + 1, token_label(view, axis, head, i, label));
    return buffer;
}

/* The widest label at this size; of those that are wider than `most`, the first. Of the thousands of a long axis some are
 * asked, the same in every frame: one that is wider is written smaller. */
static float labels_width(const struct pen *pen, const struct view *view, const struct axis *axis, size_t head,
                          float size, float most)
{
    enum { MEASURED_MOST = 1000 };
    float widest = 0;
    char buffer[NUMBERED_LABEL];
    const size_t every = 1 + axis->size / MEASURED_MOST;
    for (size_t i = 0; i < axis->size && widest <= most; i += every) {
        const char *label = label_text(view, axis, head, i, buffer);
        /* Measured bold, as when lit, so that the layout does not depend on the pointer. */
        widest = fmaxf(widest, pen_width(pen, FACE_SANS_BOLD, roundf(size), label, strlen(label)));
    }
    return widest;
}

/* The side of the pictures beside the labels; 0: it has none. */
static float picture_size(const struct pen *pen, const struct view *view, const struct axis *axis)
{
    return token_is_pictured(view, axis) ? picture_side * pen->scale : 0;
}

/* A single position without a name has no label. */
static bool has_labels(const struct axis *axis, size_t head)
{
    return axis->size > 1 || axis_label(axis, head, 0);
}

static struct ink label_ink(const struct pen *pen, const struct matrix *m, bool lit)
{
    struct colour colour = lit ? pen->theme->text : pen->theme->role[m->of->spec.role];
    return (struct ink){lit ? FACE_SANS_BOLD : FACE_SANS, label_size * pen->scale, label_least * pen->scale, colour};
}

/* Where there is no room for all labels, every n-th is written. Returns n; 1: all, 0: none. */
static size_t label_every(size_t n, float cell, float least, float room)
{
    if (cell >= least * TEXT_HEIGHT)
        return 1;
    static const size_t round_numbers[] = {2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000};
    size_t i = 0;
    while (i + 1 < sizeof round_numbers / sizeof *round_numbers && (float)round_numbers[i] * cell < room)
        i++;
    return n >= LABELS_MANY ? round_numbers[i] : 0;
}

/* The labels of an axis along the body. */
struct label_line {
    const struct axis *axis;
    struct section shown, lit;
    size_t every;            /* only every n-th is written */
    float start, cell, size; /* where the first cell begins, how long a cell is and a label is */
};

static bool is_lit(const struct label_line *l, size_t i)
{
    /* Where all are lit, none is marked. */
    return section_has(l->lit, i) && l->lit.n < l->axis->size;
}

/* Is the label of position i written? Round numbers are, and a lit one, which displaces its neighbours. A label larger
 * than its cell is centred on it; one that would leave the matrix is moved inside if lit, else left out. */
static bool label_place(const struct label_line *l, size_t i, float *ret)
{
    bool one = l->lit.n == 1;
    size_t gap = one ? (i > l->lit.from ? i - l->lit.from : l->lit.from - i) : l->every;
    *ret = l->start + (float)(i - l->shown.from) * l->cell;
    if (l->every <= 1)
        return true;
    float wanted = *ret + (l->cell - l->size) / 2, end = l->start + (float)l->shown.n * l->cell;
    *ret = fmaxf(l->start, fminf(end - l->size, wanted));
    if (one && gap == 0)
        return true;
    bool due = (!one || gap >= l->every + l->every / 2) && (i + 1) % l->every == 0;
    return due && ((l->lit.n && i == l->lit.from) || fabsf(*ret - wanted) < 1);
}

float matrix_row_labels_width(const struct pen *pen, const struct view *view, const struct matrix *m, float most)
{
    const struct axis *axis = matrix_rows_axis(m);
    float u = pen->scale, picture = picture_size(pen, view, axis);
    picture += picture > 0 ? 4 * u : 0;
    return fminf(ceilf(labels_width(pen, view, axis, m->head, label_size * u, most)) + 1 + picture, most);
}

void matrix_draw_row_labels(struct pen *pen, const struct view *view, const struct matrix *m, float width)
{
    struct label_line l = {.axis = matrix_rows_axis(m), .shown = m->rows, .lit = m->lit_rows, .start = m->body.y};
    char buffer[NUMBERED_LABEL];
    l.cell = m->body.h / (float)m->rows.n;
    l.every = label_every(m->rows.n, l.cell, row_label_least * view_base(view), 22 * pen->scale);
    l.size = l.every > 1 ? 20 * pen->scale : l.cell;
    float picture = picture_size(pen, view, l.axis);
    pen->group = matrix_group(view, m);
    for (size_t r = m->rows.from; l.every > 0 && has_labels(l.axis, m->head) && r < m->rows.from + m->rows.n; r++) {
        struct rect line = {m->body.x - LABEL_GAP * pen->scale - width, 0, width, l.size};
        if (!label_place(&l, r, &line.y))
            continue;
        struct ink ink = label_ink(pen, m, is_lit(&l, r));
        ink.size = fminf(ink.size, floorf(l.size / TEXT_HEIGHT));
        ink.least = fminf(ink.least, ink.size);
        if (picture > 0) {
            struct rect box = {line.x + width - picture, line.y + 1, picture, l.size - 2};
            token_draw(pen, view, l.axis, r, box);
            line.w -= picture + 4 * pen->scale;
        }
        pen_text_in(pen, "label.row", ink, line, ALIGN_RIGHT, label_text(view, l.axis, m->head, r, buffer));
    }
    pen->group = 0;
}

/* Do all column labels fit cells of this width horizontally? */
static bool fit_horizontally(const struct pen *pen, const struct view *view, const struct matrix *m, float cell_width)
{
    const float most = cell_width - 4;
    return labels_width(pen, view, matrix_cols_axis(m), m->head, label_least * pen->scale + 1, most) <= most;
}

float matrix_col_labels_height(const struct pen *pen, const struct view *view, const struct matrix *m, float cell_w)
{
    const struct axis *axis = matrix_cols_axis(m);
    float u = pen->scale, picture = picture_size(pen, view, axis);
    picture += picture > 0 ? 2 * u : 0;
    size_t every = label_every(m->cols.n, cell_w, label_least * u, 1);
    if (fit_horizontally(pen, view, m, cell_w) || (every > 1 && view_is_tight(view)))
        return picture + horizontal_height * u;
    if (every == 0)
        return 4 * u;
    return picture +
           fminf(upwards_most * u, ceilf(labels_width(pen, view, axis, m->head, 13 * u, upwards_most * u)) + 2 * u);
}

/* How the column labels of a matrix are written. */
struct col_labels {
    bool horizontal;
    float size, picture;
};

static void draw_col_label(struct pen *pen, const struct view *view, const struct matrix *m,
                           const struct col_labels *how, size_t c, bool lit, struct rect box)
{
    const struct axis *axis = matrix_cols_axis(m);
    char buffer[NUMBERED_LABEL];
    if (how->picture > 0) {
        float side = fminf(how->picture, box.w - 2);
        token_draw(pen, view, axis, c, (struct rect){box.x + (box.w - side) / 2, box.y + box.h - side, side, side});
        box.h -= how->picture + 2 * pen->scale;
    }
    const char *label = label_text(view, axis, m->head, c, buffer);
    struct ink ink = label_ink(pen, m, lit);
    ink.size = how->size;
    /* A rotated I would look like a dash: what is no wider than high stays horizontal. */
    float height = ink.size * TEXT_HEIGHT;
    if (how->horizontal || pen_width(pen, ink.face, ink.size, label, strlen(label)) + 4 <= height)
        pen_text_in(pen, "label.col", ink, (struct rect){box.x + 2, box.y + box.h - height, box.w - 4, height},
                    ALIGN_CENTRE, label);
    else
        pen_text_upwards(pen, "label.col", ink, box, ALIGN_LEFT, label);
}

void matrix_draw_col_labels(struct pen *pen, const struct view *view, const struct matrix *m, float height)
{
    struct label_line l = {.axis = matrix_cols_axis(m), .shown = m->cols, .lit = m->lit_cols, .start = m->body.x};
    float u = pen->scale, least = label_least * u, x;
    l.cell = m->body.w / (float)m->cols.n;
    /* All fit horizontally; else, on a low page, the few that are written do. */
    bool all = fit_horizontally(pen, view, m, l.cell), tight = view_is_tight(view);
    l.every = all ? 1 : label_every(m->cols.n, l.cell, least, (tight ? sparse_width : 22) * u);
    l.size = l.every == 1 ? l.cell : (tight ? sparse_width - 4 : 20) * u;
    struct col_labels how = {all || (l.every > 1 && tight), label_size * u, picture_size(pen, view, l.axis)};
    while (all && how.size > least && labels_width(pen, view, l.axis, m->head, how.size, l.cell - 4) > l.cell - 4)
        how.size -= 1;
    if (!all)
        how.size = how.horizontal ? 13 * u : fminf(13 * u, floorf(l.size / TEXT_HEIGHT));
    float top = m->body.y - LABEL_GAP / 2 * u - height;
    pen->group = matrix_group(view, m);
    for (size_t c = m->cols.from; l.every > 0 && has_labels(l.axis, m->head) && c < m->cols.from + m->cols.n; c++)
        if (label_place(&l, c, &x))
            draw_col_label(pen, view, m, &how, c, is_lit(&l, c), (struct rect){x, top, l.size, height});
    pen->group = 0;
}

/* ---- title ---- */

void matrix_symbol(const struct view *view, const struct matrix *m, char *buffer, size_t size)
{
    const char *symbol = m->of->spec.symbol;
    bool aside = m->transposed != view->state->columns;
    struct str turned = {0};
    snprintf(buffer, size, !aside ? "%s" : strchr(symbol, ' ') ? "(%s)^T" : "%s^T", symbol);
    if (!view->state->columns)
        return;
    transposed_formula(view_tape(view), buffer, &turned);
    snprintf(buffer, size, "%s", str_text(&turned));
    str_finish(&turned);
}

/* Planes that are not heads have names (the mistake that takes words for heads). */
static const char *title_of(const struct view *view, const struct matrix *m, char head[32])
{
    const char *plane = axis_label(&m->of->value.axis[AXIS_HEAD], 0, m->head);
    snprintf(head, 32, "head %zu", m->head + 1);
    return !m->all_planes ? view_title(view, m->of) : plane ? plane : head;
}

float matrix_title_width(const struct pen *pen, const struct view *view, const struct matrix *m)
{
    float u = pen->scale;
    char symbol[64], range[RANGE_TEXT], head[32];
    const char *title = title_of(view, m, head);
    matrix_symbol(view, m, symbol, sizeof symbol);
    float width = formula_measure(pen, symbol, 16 * u, true).width + 8 * u;
    if (m->says_range) {
        matrix_range_text(m, range);
        width += pen_width(pen, FACE_MONO, roundf(13 * u), range, strlen(range)) + 10 * u;
    }
    return width + pen_width(pen, FACE_SANS, roundf(15 * u), title, strlen(title)) + 2;
}

float matrix_title_least(const struct pen *pen, const struct view *view, const struct matrix *m)
{
    float u = pen->scale;
    char symbol[64], end[NUMBER_TEXT] = "";
    matrix_symbol(view, m, symbol, sizeof symbol);
    if (m->says_range)
        number_text(m->most, magnitude_decimals(m->most), end);
    return formula_measure(pen, symbol, 16 * u, true).width + 8 * u +
           pen_width(pen, FACE_MONO, ceilf(8 * u), end, strlen(end)) + 2;
}

void matrix_draw_title(struct pen *pen, const struct view *view, const struct matrix *m, struct rect box)
{
    const struct step *step = m->of;
    char head[32];
    const char *title = title_of(view, m, head);
    float u = pen->scale, size = 16 * u, line = 24 * u;
    bool two = box.h >= 2 * line - 1;
    char symbol[64], shape[64], range[RANGE_TEXT];
    matrix_symbol(view, m, symbol, sizeof symbol);
    snprintf(shape, sizeof shape, "%zu × %zu", matrix_rows_axis(m)->size, matrix_cols_axis(m)->size);
    pen->group = matrix_group(view, m);
    struct colour colour = pen->theme->role[step->spec.role];
    float baseline = box.y + line / 2 + 0.36f * size;
    float left = box.x + formula_draw(pen, "title.symbol", symbol, size, true, colour, box.x, baseline).width + 8 * u;
    struct ink mono = {FACE_MONO, 13 * u, 0, pen->theme->text_secondary};
    struct ink words = {FACE_SANS, 15 * u, 12 * u, pen->theme->text_secondary};
    float shape_width = ink_width(pen, mono, shape) + 1;
    float title_width = ink_width(pen, words, title) + 1;
    float least_width = pen_width(pen, words.face, roundf(words.least), title, strlen(title)) + 1;
    float room = box.x + box.w - left;
    /* The range first: without it the colours cannot be read. */
    if (m->says_range) {
        struct ink small = {FACE_MONO, 13 * u, 8 * u, pen->theme->text_secondary};
        matrix_range_text(m, range);
        if (!pen_fits(pen, small, room, range))
            number_text(m->most, magnitude_decimals(m->most), range);
        struct rect at = pen_text_in(pen, "range", small, (struct rect){left, box.y, room, line}, ALIGN_LEFT, range);
        left += at.w + 10 * u;
        room = fmaxf(0, room - at.w - 10 * u);
    }
    if (two) {
        spans_in(pen, "title", words, (struct rect){box.x, box.y + line, box.w, line}, view, title);
        title_width = 0;
    } else {
        bool shape_too = least_width + 12 * u + shape_width <= room;
        title_width = fminf(title_width, shape_too ? room - 12 * u - shape_width : room);
        spans_in(pen, "title", words, (struct rect){left, box.y, title_width, line}, view, title);
        title_width += 12 * u;
    }
    if (title_width + shape_width <= room)
        pen_text_in(pen, "shape", mono, (struct rect){left + title_width, box.y, shape_width, line}, ALIGN_LEFT, shape);
    pen->group = 0;
}
