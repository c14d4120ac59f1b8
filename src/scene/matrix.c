#include "scene/matrix.h"

#include "scene/arithmetic.h"
#include "scene/formula.h"
#include "scene/token.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CELL_DECIMALS = 2 };
static const float label_size = 15, label_least = 11, row_label_least = 9, number_most = 17, number_least = 10,
                   picture_side = 30, lying_room = 56;

/* Every plane of every step is a thing of its own, which keeps its identity from page to page. */
static int group_of(const struct view *view, const struct matrix *m)
{
    enum { STEPS_MOST = 1 << 16 };
    int group = 1 + m->step + (int)m->head * STEPS_MOST + (m->again ? 1 << 28 : 0);
    /* A comparison's steps are no others' on either tape. */
    return view_comparing(view) ? -group : group;
}

static const struct step *step_of(const struct view *view, const struct matrix *m)
{
    return &view_tape(view)->steps[m->step];
}

static const struct axis *rows_axis(const struct view *view, const struct matrix *m)
{
    return &step_of(view, m)->value.axis[m->transposed ? AXIS_COL : AXIS_ROW];
}

static const struct axis *cols_axis(const struct view *view, const struct matrix *m)
{
    return &step_of(view, m)->value.axis[m->transposed ? AXIS_ROW : AXIS_COL];
}

size_t matrix_rows_whole(const struct view *view, const struct matrix *m)
{
    return rows_axis(view, m)->size;
}

size_t matrix_cols_whole(const struct view *view, const struct matrix *m)
{
    return cols_axis(view, m)->size;
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
    const struct tensor *value = &step_of(view, m)->value;
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

/* Of a long axis the place is said too: many words are there more than once. */
enum { UNNUMBERED_MOST = 64, LABEL_TEXT = WORD_BYTES_MAX + 32 };

static const char *label_text(const struct axis *axis, size_t head, size_t i, char buffer[LABEL_TEXT])
{
    const char *label = axis_label(axis, head, i);
    if (!label || axis->size <= UNNUMBERED_MOST)
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
    return widest_label(pen, rows_axis(view, m), m->head, size);
}

float matrix_col_labels_width(const struct pen *pen, const struct view *view, const struct matrix *m, float size)
{
    return widest_label(pen, cols_axis(view, m), m->head, size);
}

float matrix_picture_size(const struct pen *pen, const struct view *view, const struct matrix *m, bool of_rows)
{
    const struct axis *axis = of_rows ? rows_axis(view, m) : cols_axis(view, m);
    return token_has_pictures(view, axis) ? picture_side * pen->scale : 0;
}

static double value_at(const struct view *view, const struct matrix *m, size_t r, size_t c)
{
    return *tensor_at(&step_of(view, m)->value, m->head, m->transposed ? c : r, m->transposed ? r : c);
}

static bool is_filled(const struct view *view, const struct matrix *m, size_t r, size_t c)
{
    return view_filled(view, m->step, m->transposed ? c : r, m->transposed ? r : c);
}

/* The range of the plane on the screen: what the legend says must be what is seen. */
static struct value_range plane_range(const struct view *view, const struct matrix *m)
{
    struct tensor plane = step_of(view, m)->value;
    size_t cells = plane.axis[AXIS_ROW].size * plane.axis[AXIS_COL].size;
    plane.v += (plane.axis[AXIS_HEAD].size > 1 ? m->head : 0) * cells;
    plane.axis[AXIS_HEAD].size = 1;
    return range_of(&plane);
}

double matrix_most(const struct view *view, const struct matrix *m)
{
    struct value_range range = plane_range(view, m);
    return step_of(view, m)->spec.scale == SCALE_SIGNED ? fmax(fabs(range.min), fabs(range.max)) : 0;
}

/* The share that has the whole colour: 1. Where a row has many shares none comes near it; there it is the largest. */
static double top_of(const struct view *view, const struct matrix *m)
{
    if (step_of(view, m)->value.axis[AXIS_COL].size <= UNNUMBERED_MOST)
        return 1;
    struct value_range range = plane_range(view, m);
    return range.max > 0 ? range.max : 1;
}

static struct item *draw_cells(struct pen *pen, const struct view *view, struct matrix *m)
{
    const struct step *step = step_of(view, m);
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

/* Are all numbers whole? Then they are written so: 0 and 1, not 0.00 and 1.00. */
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

/* Exact zeros are a mere 0 everywhere, so that the pattern of what is there can be seen. */
static const char *cell_text(double value, bool whole, char buffer[NUMBER_TEXT])
{
    return number_text(value, whole || value == 0 ? 0 : CELL_DECIMALS, buffer);
}

/* The largest size at which every number of the matrix fits its cell, or 0. What the person sets as the size of text
 * makes numbers larger where it can, but never so large that they are left out. */
static float number_size(const struct pen *pen, const struct view *view, const struct matrix *m, bool whole)
{
    float smallest = number_least * view_base(view);
    size_t rows = matrix_rows(view, m), cols = matrix_cols(view, m);
    float cell_w = m->body.w / (float)cols, cell_h = m->body.h / (float)rows, widest;
    char number[NUMBER_TEXT];
    /* At least as wide as a usual number with its sign, so that the matrices of a page have numbers of one size. */
    const char *usual = whole ? "-0" : "-0.00";
    widest = pen_width(pen, FACE_MONO, 100, usual, strlen(usual)) / 100;
    for (size_t r = m->rows.from; r < m->rows.from + rows; r++)
        for (size_t c = m->cols.from; c < m->cols.from + cols; c++) {
            const char *text = cell_text(value_at(view, m, r, c), whole, number);
            widest = fmaxf(widest, pen_width(pen, FACE_MONO, 100, text, strlen(text)) / 100);
        }
    float size = floorf(fminf(fminf((cell_w - 6) / widest, (cell_h - 2) / TEXT_HEIGHT), number_most * pen->scale));
    /* Widths are not quite proportional to the size: the fonts are drawn at whole pixels. */
    while (size >= smallest && widest * size > cell_w - 4)
        size -= 1;
    return size >= smallest ? size : 0;
}

static void draw_numbers(struct pen *pen, const struct view *view, const struct matrix *m, const struct item *cells)
{
    float least = number_least * view_base(view), rows = (float)matrix_rows(view, m),
          cols = (float)matrix_cols(view, m);
    /* A large matrix is not read through for numbers that have no room. */
    if (m->body.w / cols < least / 2 || m->body.h / rows < least / 2)
        return;
    bool whole = is_whole(view, m);
    float size = number_size(pen, view, m, whole);
    if (size == 0)
        return;
    struct item heatmap = *cells; /* the list may move while it grows */
    char number[NUMBER_TEXT];
    for (size_t i = 0; i < heatmap.as.heatmap.rows; i++)
        for (size_t k = 0; k < heatmap.as.heatmap.cols; k++) {
            size_t r = m->rows.from + i, c = m->cols.from + k;
            if (!is_filled(view, m, r, c))
                continue;
            struct colour ground = pen->list->colours[heatmap.as.heatmap.at + i * heatmap.as.heatmap.cols + k];
            /* Zeros step back, so that what is there stands out. */
            struct colour wanted = value_at(view, m, r, c) == 0 ? pen->theme->quiet : pen->theme->text;
            struct ink ink = {FACE_MONO, size, 0, colour_readable(wanted, ground)};
            pen_text_in(pen, "cell", ink, heatmap_cell(&heatmap, i, k), ALIGN_CENTRE,
                        cell_text(value_at(view, m, r, c), whole, number));
        }
}

/* The lit block as it stands on the page. */
static struct lit standing(const struct matrix *m)
{
    struct lit lit = m->lit;
    if (m->transposed)
        lit = (struct lit){lit.on, m->lit.col, m->lit.col_end, m->lit.row, m->lit.row_end};
    return lit;
}

static struct colour lit_colour(const struct pen *pen, const struct view *view, const struct matrix *m)
{
    return pen->theme->role[step_of(view, m)->spec.role];
}

/* What is shown of the lit block. */
static struct lit lit_shown(const struct view *view, const struct matrix *m)
{
    struct lit lit = standing(m);
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
    pen->group = group_of(view, m);
    const struct item *cells = draw_cells(pen, view, m);
    if (cells) {
        struct item heatmap = *cells;
        draw_numbers(pen, view, m, &heatmap);
        struct lit lit = lit_shown(view, m);
        if (lit.on) {
            struct rect a = heatmap_place(&heatmap, lit.row, lit.col);
            struct rect b = heatmap_place(&heatmap, lit.row_end - 1, lit.col_end - 1);
            float stroke = fmaxf(2, roundf(2.5f * pen->scale));
            struct rect frame = {a.x - stroke / 2, a.y - stroke / 2, b.x + b.w - a.x + stroke,
                                 b.y + b.h - a.y + stroke};
            /* A thin edge of the page's colour keeps the frame apart from cells of its own colour. */
            pen_frame(pen, "lit.edge", rect_inset(frame, -1), pen->theme->panel, stroke + 2, 3 * pen->scale + 1);
            pen_frame(pen, "lit", frame, lit_colour(pen, view, m), stroke, 3 * pen->scale);
        }
    }
    pen->group = 0;
}

/* Is position i of n among those that are lit? Where all are, none is marked: it would say nothing. */
static bool is_marked(size_t i, size_t from, size_t end, size_t n)
{
    return i >= from && i < end && end - from < n;
}

static struct ink label_ink(const struct pen *pen, const struct view *view, const struct matrix *m, bool lit)
{
    struct colour colour = lit ? pen->theme->text : pen->theme->role[step_of(view, m)->spec.role];
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
    const struct axis *axis = rows_axis(view, m);
    size_t rows = matrix_rows(view, m), first = m->rows.from;
    float cell = m->body.h / (float)rows;
    struct lit lit = standing(m);
    char buffer[LABEL_TEXT];
    if (axis->size == 1 && !axis_label(axis, m->head, 0))
        return;
    size_t every = label_every(rows, cell, row_label_least * view_base(view), 22 * pen->scale);
    if (every == 0)
        return;
    float picture = matrix_picture_size(pen, view, m, true), height = every > 1 ? 20 * pen->scale : cell;
    pen->group = group_of(view, m);
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
    const struct axis *axis = cols_axis(view, m);
    size_t cols = matrix_cols(view, m), first = m->cols.from;
    float cell = m->body.w / (float)cols;
    struct lit lit = standing(m);
    /* One column for all has no name. */
    if (axis->size == 1 && !axis_label(axis, m->head, 0))
        return;
    bool lie = matrix_labels_lie(pen, view, m, cell);
    char buffer[LABEL_TEXT];
    float least = label_least * pen->scale;
    size_t every = lie ? 1 : label_every(cols, cell, least, (view_is_tight(view) ? lying_room : 22) * pen->scale);
    if (every == 0)
        return;
    float width = every == 1 ? cell : (view_is_tight(view) ? lying_room - 4 : 20) * pen->scale;
    /* Where height is dear, the few that are written lie. */
    bool all_lie = lie;
    lie = lie || (every > 1 && view_is_tight(view));
    pen->group = group_of(view, m);
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

/* "Q", "K^T", "(X W)^T": as it stands. */
void matrix_symbol(const struct view *view, const struct matrix *m, char *buffer, size_t size)
{
    const char *symbol = step_of(view, m)->spec.symbol;
    const char *format = !m->transposed ? "%s" : strchr(symbol, ' ') ? "(%s)^T" : "%s^T";
    snprintf(buffer, size, format, symbol);
}

void matrix_draw_title(struct pen *pen, const struct view *view, const struct matrix *m, struct rect box)
{
    const struct step *step = step_of(view, m);
    const char *title = view_title(view, step);
    float u = pen->scale, size = 16 * u, line = 24 * u;
    bool two = box.h >= 2 * line - 1;
    char symbol[64], shape[64];
    matrix_symbol(view, m, symbol, sizeof symbol);
    snprintf(shape, sizeof shape, "%zu × %zu", matrix_rows_whole(view, m), matrix_cols_whole(view, m));
    pen->group = group_of(view, m);
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
        char head[32];
        snprintf(head, sizeof head, "head %zu", m->head + 1);
        pen_text_in(pen, "title", words, (struct rect){box.x, box.y + line, box.w, line}, ALIGN_LEFT,
                    m->all_planes ? head : title);
        title_width = 0;
    } else {
        bool shape_too = least_width + 12 * u + shape_width <= room;
        title_width = fminf(title_width, shape_too ? room - 12 * u - shape_width : room);
        pen_text_in(pen, "title", words, (struct rect){left, box.y, title_width, line}, ALIGN_LEFT, title);
        title_width += 12 * u;
    }
    if (title_width + shape_width <= room)
        pen_text_in(pen, "shape", mono, (struct rect){left + title_width, box.y, shape_width, line}, ALIGN_LEFT, shape);
    pen->group = 0;
}

void matrix_draw_legend(struct pen *pen, const struct view *view, const struct matrix *m, struct rect box)
{
    enum { BANDS = 64 };
    const struct step *step = step_of(view, m);
    const bool means = squares_are_means(&m->squares);
    struct value_range range = means ? m->squares.range : plane_range(view, m);
    double most = m->most > 0 ? m->most : matrix_most(view, m),
           top = step->spec.scale == SCALE_SHARE ? m->squares.top : 1;
    if (range.empty || step->spec.scale == SCALE_MASK)
        return;
    float u = pen->scale, bar = 14 * u, least = 13 * u * TEXT_HEIGHT;
    size_t at;
    bool flat = range.min == range.max;
    size_t bands = flat ? 1 : BANDS;
    pen->group = group_of(view, m);
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
    struct rect line = {box.x + bar + 6 * u, box.y, box.w - bar - 6 * u, least};
    char number[NUMBER_TEXT];
    pen_text_in(pen, "legend", ink, line, ALIGN_LEFT, number_text(range.max, CELL_DECIMALS, number));
    if (!flat && box.h >= 2 * least) {
        line.y = box.y + box.h - least;
        pen_text_in(pen, "legend", ink, line, ALIGN_LEFT, number_text(range.min, CELL_DECIMALS, number));
        float zero = box.y + box.h * (float)(range.max / (range.max - range.min)) - least / 2;
        if (range.min < 0 && range.max > 0 && zero > box.y + least && zero + 2 * least < box.y + box.h) {
            line.y = zero;
            pen_text_in(pen, "legend", ink, line, ALIGN_LEFT, "0");
        }
    }
    pen->group = 0;
}
