/* matrix_labels.c: what its rows and columns are called. */
#include "scene/matrix_parts.h"

#include "scene/arithmetic.h"
#include "scene/token.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float label_size = 15, label_least = 11, row_label_least = 9, picture_side = 30, lying_capacity = 56;

/* Of a long axis the place is said too: many words are there more than once. */
enum { LABEL_TEXT = WORD_BYTES_MAX + 32 };

static const char *label_text(const struct axis *axis, size_t head, size_t i, char buffer[LABEL_TEXT])
{
    const char *label = axis_label(axis, head, i);
    if (!label || axis->size <= MATRIX_UNNUMBERED_MOST)
        return axis_position(axis, head, i, buffer);
    snprintf(buffer, LABEL_TEXT, "%zu %s", i + 1, label);
    return buffer;
}

static float widest_label(const struct pen *pen, const struct axis *axis, size_t head, float size)
{
    float widest = 0;
    char buffer[LABEL_TEXT];
    for (size_t i = 0; i < axis->size; i++) {
        const char *label = label_text(axis, head, i, buffer);
        /* Bold, as they are while they are lit: nothing may move when the pointer does. */
        widest = fmaxf(widest, pen_width(pen, FACE_SANS_BOLD, roundf(size), label, strlen(label)));
    }
    return widest;
}

float matrix_row_labels_width(const struct pen *pen, const struct view *view, const struct matrix *m, float size)
{
    return widest_label(pen, matrix_rows_axis(view, m), m->head, size);
}

float matrix_col_labels_width(const struct pen *pen, const struct view *view, const struct matrix *m, float size)
{
    return widest_label(pen, matrix_cols_axis(view, m), m->head, size);
}

float matrix_picture_size(const struct pen *pen, const struct view *view, const struct matrix *m, bool of_rows)
{
    const struct axis *axis = of_rows ? matrix_rows_axis(view, m) : matrix_cols_axis(view, m);
    return token_has_pictures(view, axis) ? picture_side * pen->scale : 0;
}

/* Is position i of n among those that are lit? Where all are, none is marked: it would say nothing. */
static bool is_marked(size_t i, size_t from, size_t end, size_t n)
{
    return i >= from && i < end && end - from < n;
}

static struct ink label_ink(const struct pen *pen, const struct view *view, const struct matrix *m, bool lit)
{
    struct colour colour = lit ? pen->theme->text : pen->theme->role[matrix_step(view, m)->spec.role];
    return (struct ink){lit ? FACE_SANS_BOLD : FACE_SANS, label_size * pen->scale, label_least * pen->scale, colour};
}

/* Of many labels that have no room, every so many-th is written. 1: all, 0: none. */
static size_t label_every(size_t n, float cell, float least, float room)
{
    enum { MANY = 16 };
    if (cell >= least * TEXT_HEIGHT)
        return 1;
    static const size_t round_numbers[] = {2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000};
    size_t i = 0;
    while (i + 1 < sizeof round_numbers / sizeof *round_numbers && (float)round_numbers[i] * cell < room)
        i++;
    return n >= MANY ? round_numbers[i] : 0;
}

/* Is the label of position i written? Those of round numbers, and those that are lit, which push their neighbours
 * aside. */
static bool label_is_due(size_t i, size_t every, bool lit_on, size_t from, size_t end)
{
    bool one = lit_on && end - from == 1;
    size_t gap = one ? (i > from ? i - from : from - i) : every;
    return every <= 1 || (one && gap == 0) || ((!one || gap >= every + every / 2) && (i + 1) % every == 0);
}

/* A label that is larger than its cell stands at the cell's middle, but never beyond the matrix: there one that is lit
 * is moved, and another left out. `*at`: where the cell begins, then the label. */
static bool label_stays(float *at, float cell, float size, float start, float end, bool lit)
{
    float wanted = *at + (cell - size) / 2;
    *at = fmaxf(start, fminf(end - size, wanted));
    return lit || fabsf(*at - wanted) < 1;
}

void matrix_draw_row_labels(struct pen *pen, const struct view *view, const struct matrix *m, float width, float gap)
{
    const struct axis *axis = matrix_rows_axis(view, m);
    size_t rows = matrix_rows(view, m), first = m->rows.from;
    float cell = m->body.h / (float)rows;
    struct lit lit = matrix_lit(m);
    char buffer[LABEL_TEXT];
    if (axis->size == 1 && !axis_label(axis, m->head, 0))
        return;
    size_t every = label_every(rows, cell, row_label_least * view_base(view), 22 * pen->scale);
    if (every == 0)
        return;
    float picture = matrix_picture_size(pen, view, m, true), height = every > 1 ? 20 * pen->scale : cell;
    pen->group = matrix_group(view, m);
    for (size_t r = first; r < first + rows; r++) {
        if (!label_is_due(r, every, lit.on, lit.row, lit.row_end))
            continue;
        struct ink ink = label_ink(pen, view, m, lit.on && is_marked(r, lit.row, lit.row_end, axis->size));
        ink.size = fminf(ink.size, floorf(height / TEXT_HEIGHT));
        ink.least = fminf(ink.least, ink.size);
        float y = m->body.y + (float)(r - first) * cell;
        if (every > 1 && !label_stays(&y, cell, height, m->body.y, m->body.y + m->body.h, r == lit.row))
            continue;
        struct rect line = {m->body.x - gap - width, y, width, height};
        if (picture > 0) {
            struct rect box = {line.x + width - picture, line.y + 1, picture, height - 2};
            token_draw(pen, view, axis, r, box);
            line.w -= picture + 4 * pen->scale;
        }
        pen_text_in(pen, "label.row", ink, line, ALIGN_RIGHT, label_text(axis, m->head, r, buffer));
    }
    pen->group = 0;
}

bool matrix_labels_lie(const struct pen *pen, const struct view *view, const struct matrix *m, float cell_width)
{
    return matrix_col_labels_width(pen, view, m, label_least * pen->scale + 1) <= cell_width - 4;
}

bool matrix_labels_thin(const struct pen *pen, const struct view *view, const struct matrix *m, float cell_width)
{
    return label_every(matrix_cols(view, m), cell_width, label_least * pen->scale, 1) > 1;
}

bool matrix_labels_stand(const struct pen *pen, const struct view *view, const struct matrix *m, float cell_width)
{
    return label_every(matrix_cols(view, m), cell_width, label_least * pen->scale, 1) == 1;
}

void matrix_draw_col_labels(struct pen *pen, const struct view *view, const struct matrix *m, float height, float gap)
{
    const struct axis *axis = matrix_cols_axis(view, m);
    size_t cols = matrix_cols(view, m), first = m->cols.from;
    float cell = m->body.w / (float)cols;
    struct lit lit = matrix_lit(m);
    /* One column for all has no name. */
    if (axis->size == 1 && !axis_label(axis, m->head, 0))
        return;
    bool lie = matrix_labels_lie(pen, view, m, cell);
    char buffer[LABEL_TEXT];
    float least = label_least * pen->scale;
    size_t every = lie ? 1 : label_every(cols, cell, least, (view_is_tight(view) ? lying_capacity : 22) * pen->scale);
    if (every == 0)
        return;
    float width = every == 1 ? cell : (view_is_tight(view) ? lying_capacity - 4 : 20) * pen->scale;
    /* Where height is dear, the few that are written lie. */
    bool all_lie = lie;
    lie = lie || (every > 1 && view_is_tight(view));
    pen->group = matrix_group(view, m);
    /* All lying labels have the size of the narrowest fit, so that a row of them is even. */
    float size = label_size * pen->scale;
    while (all_lie && size > least && matrix_col_labels_width(pen, view, m, size) > cell - 4)
        size -= 1;
    float picture = matrix_picture_size(pen, view, m, false);
    for (size_t c = first; c < first + cols; c++) {
        if (!label_is_due(c, every, lit.on, lit.col, lit.col_end))
            continue;
        struct ink ink = label_ink(pen, view, m, lit.on && is_marked(c, lit.col, lit.col_end, axis->size));
        float x = m->body.x + (float)(c - first) * cell;
        if (every > 1 && !label_stays(&x, cell, width, m->body.x, m->body.x + m->body.w, c == lit.col))
            continue;
        struct rect box = {x, m->body.y - gap - height, width, height};
        if (picture > 0) {
            float side = fminf(picture, width - 2);
            token_draw(pen, view, axis, c,
                       (struct rect){box.x + (width - side) / 2, box.y + height - side, side, side});
            box.h -= picture + 2 * pen->scale;
        }
        const char *label = label_text(axis, m->head, c, buffer);
        ink.size = all_lie ? size : 13 * pen->scale;
        if (!lie)
            ink.size = fminf(13 * pen->scale, floorf(width / TEXT_HEIGHT));
        /* Turned, an I would be a dash: what is no wider than high lies in any case. */
        float height_of_text = ink.size * TEXT_HEIGHT;
        if (lie || pen_width(pen, ink.face, ink.size, label, strlen(label)) + 4 <= height_of_text) {
            box.x += 2, box.w -= 4;
            box.y += box.h - height_of_text, box.h = height_of_text;
            pen_text_in(pen, "label.col", ink, box, ALIGN_CENTRE, label);
        } else {
            pen_text_turned(pen, "label.col", ink, box, ALIGN_LEFT, label);
        }
    }
    pen->group = 0;
}
