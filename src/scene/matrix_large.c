/* matrix_large.c: matrices with more cells than the page has room for: means of cells, and what is left out. */
#include "scene/matrix.h"

#include "core/explain.h"
#include "scene/text.h"
#include "scene/view.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- cells and means ---- */

/* Pixels: smaller squares look like noise; then means about that large are drawn. */
static const float seen_least = 2.5f, mean_least = 3;

bool squares_are_means(const struct squares *s)
{
    return s->block_rows > 1 || s->block_cols > 1;
}

static size_t block_of(size_t n, float cell)
{
    return n < MEANS_FROM || cell >= seen_least || cell <= 0 ? 1 : (size_t)ceilf(mean_least / cell);
}

/* Among the means: NaN where all cells are blocked, this where they are not computed yet. */
static const double not_yet = INFINITY;

/* How far apart neighbours in a column and in a row of the page are among the plane's numbers. */
struct strides {
    size_t row, col;
};

static struct strides strides_of(const struct matrix *m)
{
    size_t cols = m->of->value.axis[AXIS_COL].size;
    return m->transposed ? (struct strides){1, cols} : (struct strides){cols, 1};
}

/* The sum of the finite ones of n numbers in a row, added to what is there. Without a branch for each number. */
static void add_finite(const double v[], size_t n, bool mask, double *sum, size_t *count)
{
    double to = *sum;
    size_t finite = 0;
    for (size_t i = 0; i < n; i++) {
        const bool counts = fabs(v[i]) <= DBL_MAX;
        to += !counts ? 0 : mask ? v[i] != 0 : v[i];
        finite += counts;
    }
    *sum = to;
    *count += finite;
}

/* How many of n numbers from `at` on, as they lie on the tape, are computed. */
static size_t filled_of(const struct matrix *m, size_t at, size_t n)
{
    return at >= m->filled ? 0 : at + n > m->filled ? m->filled - at : n;
}

/* The means of the squares that these rows are, into means[0 .. squares-1]. Numbers are added as they lie on the tape,
 * so that a matrix on its side has the same means. */
static void band_means(const struct matrix *m, struct section rows, double means[], size_t counts[])
{
    const double *v = tensor_at(&m->of->value, m->head, 0, 0);
    size_t block = m->squares.block_cols, squares = (m->cols.n + block - 1) / block;
    struct strides stride = strides_of(m);
    bool mask = m->of->spec.scale == SCALE_MASK;
    for (size_t i = 0; i < squares; i++)
        means[i] = 0, counts[i] = 0;
    for (size_t r = 0; !m->transposed && r < rows.n; r++)
        for (size_t i = 0, c = 0; i < squares; i++, c += block) {
            size_t at = (rows.from + r) * stride.row + m->cols.from + c, n = m->cols.n - c;
            add_finite(v + at, filled_of(m, at, n < block ? n : block), mask, &means[i], &counts[i]);
        }
    for (size_t c = 0; m->transposed && c < m->cols.n; c++) {
        size_t at = (m->cols.from + c) * stride.col + rows.from;
        add_finite(v + at, filled_of(m, at, rows.n), mask, &means[c / block], &counts[c / block]);
    }
    for (size_t i = 0; i < squares; i++) {
        bool begun = rows.from * stride.row + (m->cols.from + i * block) * stride.col < m->filled;
        means[i] = counts[i] ? means[i] / (double)counts[i] : begun ? (double)NAN : not_yet;
    }
}

/* The share drawn in the full colour: of means, which are smaller than their cells, the largest. */
static double top_of(const struct matrix *m)
{
    double most = squares_are_means(&m->squares) ? m->squares.range.max : m->most;
    return most > 0 ? most : 1;
}

/* A square whose first cell is in this column of the tensor. */
static struct colour colour_of(const struct theme *theme, const struct matrix *m, double mean, size_t col)
{
    enum scale_kind scale = m->of->spec.scale;
    if (mean == not_yet)
        return theme->panel;
    if (scale == SCALE_MASK && !isnan(mean))
        return colour_mix(theme->blocked, theme->panel, (float)mean);
    if (squares_are_means(&m->squares) && scale == SCALE_RGB)
        scale = SCALE_BRIGHTNESS;
    return column_colour(theme, scale, m->most, scale == SCALE_SHARE ? mean / m->squares.top : mean, col);
}

struct item *matrix_draw_cells(struct pen *pen, const char *part, struct matrix *m, struct rect box)
{
    float cell_w = box.w / (float)m->cols.n, cell_h = box.h / (float)m->rows.n;
    struct squares *s = &m->squares;
    *s = (struct squares){.block_rows = block_of(m->rows.n, cell_h), .block_cols = block_of(m->cols.n, cell_w)};
    size_t rows = (m->rows.n + s->block_rows - 1) / s->block_rows;
    size_t cols = (m->cols.n + s->block_cols - 1) / s->block_cols;
    box.w = cell_w * (float)(cols * s->block_cols), box.h = cell_h * (float)(rows * s->block_rows);
    double *means = malloc(rows * cols * sizeof *means);
    size_t *counts = malloc(cols * sizeof *counts);
    struct colour *colours;
    struct item *item = means && counts ? pen_heatmap(pen, part, box, rows, cols, &colours) : NULL;
    if (item) {
        for (size_t r = 0; r < rows; r++) {
            struct section band = {m->rows.from + r * s->block_rows, s->block_rows};
            band_means(m, section_common(band, m->rows), &means[r * cols], counts);
        }
        s->range = range_of(means, rows * cols);
        s->top = top_of(m);
        for (size_t i = 0; i < rows * cols; i++) {
            size_t column = m->transposed ? m->rows.from + i / cols : m->cols.from + i % cols;
            colours[i] = colour_of(pen->theme, m, means[i], column);
        }
        item->as.heatmap.gap = fminf(cell_w, cell_h) >= 8 ? 1 : 0;
        item->as.heatmap.step = m->step;
        item->as.heatmap.head = m->head;
        item->as.heatmap.transposed = m->transposed;
        item->as.heatmap.row = m->rows.from;
        item->as.heatmap.col = m->cols.from;
        item->as.heatmap.block_rows = s->block_rows;
        item->as.heatmap.block_cols = s->block_cols;
        item->as.heatmap.row_n = m->rows.n;
        item->as.heatmap.col_n = m->cols.n;
    } else {
        pen->list->failed = true;
    }
    free(means);
    free(counts);
    return item;
}

/* The rows, or the columns, of the square that position `at` lies in. */
static struct section square_of(struct section shown, size_t block, size_t at)
{
    return section_common((struct section){at - (at - shown.from) % block, block}, shown);
}

/* The sum of the finite cells, and how many they are. */
static double cells_sum(const struct matrix *m, struct section rows, struct section cols, size_t *ret_n)
{
    const double *v = tensor_at(&m->of->value, m->head, 0, 0);
    struct strides stride = strides_of(m);
    double sum = 0;
    *ret_n = 0;
    for (size_t r = rows.from; r < rows.from + rows.n; r++)
        for (size_t c = cols.from; c < cols.from + cols.n; c++) {
            size_t at = r * stride.row + c * stride.col;
            if (at >= m->filled || !isfinite(v[at]))
                continue;
            sum += v[at];
            ++*ret_n;
        }
    return sum;
}

/* ---- what is left out ---- */

static const float foot_line = 20, map_least = 110, mark = 5;

/* ---- the lines at the foot ---- */

static bool any_part(const struct equation *eq)
{
    bool any = false;
    for (int i = 0; i <= eq->n; i++)
        any = any || matrix_is_part(&eq->m[i]);
    return any;
}

float large_foot_height(const struct pen *pen, const struct equation *eq)
{
    bool means = false;
    for (int i = 0; i <= eq->n; i++)
        means = means || eq->m[i].rows.n >= MEANS_FROM || eq->m[i].cols.n >= MEANS_FROM;
    return (float)(any_part(eq) + means) * foot_line * pen->scale;
}

/* In the colour of its role, as narration writes it: "K_hᵀ". */
static void add_symbol(const struct view *view, const struct matrix *m, struct spans *to)
{
    char symbol[64];
    matrix_symbol(view, m, symbol, sizeof symbol);
    char *transposed = strstr(symbol, "^T");
    enum role role = m->of->spec.role;
    spans_add_n(to, symbol, transposed ? (size_t)(transposed - symbol) : strlen(symbol), role, true);
    if (transposed)
        spans_add(to, "ᵀ", role, true);
}

/* "rows 129 to 192 of 1024, columns 1 to 64 of 1024": of the result, else of the first operand that is a part. */
static void say_part(const struct view *view, const struct equation *eq, struct spans *to)
{
    const struct matrix *result = &eq->m[eq->n], *m = result;
    for (int i = 0; i < eq->n && !matrix_is_part(m); i++)
        m = &eq->m[i];
    if (m != result) {
        add_symbol(view, m, to);
        spans_add_plain(to, ": ");
    }
    size_t rows = matrix_rows_axis(m)->size, cols = matrix_cols_axis(m)->size;
    if (m->rows.n < rows)
        str_addf(&to->text, "rows %zu to %zu of %zu", m->rows.from + 1, m->rows.from + m->rows.n, rows);
    if (m->cols.n < cols)
        str_addf(&to->text, "%scolumns %zu to %zu of %zu", m->rows.n < rows ? ", " : "", m->cols.from + 1,
                 m->cols.from + m->cols.n, cols);
    spans_close(to, ROLE_NONE, false);
}

/* The matrix of means that is pointed at, or NULL. */
static const struct matrix *pointed_at(const struct view *view, const struct equation *eq)
{
    for (int i = 0; i <= eq->n; i++) {
        const struct matrix *m = &eq->m[i];
        if (view->state->cursor.on && view->state->cursor.step == m->step && view->state->cursor.head == m->head &&
            squares_are_means(&m->squares))
            return m;
    }
    return NULL;
}

/* The fewest decimals of the sum with which a division gives the mean as written. */
static int sum_decimals(double sum, size_t n, int decimals)
{
    int d = decimals;
    double mean = round_decimals(sum / (double)n, decimals);
    while (d < 12 && fabs(round_decimals(sum, d) / (double)n - mean) > 0.5 * pow(10, -decimals) * (1 + 1e-9))
        d++;
    return d;
}

/* "rows 129 to 133, columns 6 to 10: 3.10 / 25 cells = 0.12" */
static void say_square(const struct view *view, const struct matrix *m, struct spans *to)
{
    enum { DECIMALS = 3 };
    const struct cursor *cursor = &view->state->cursor;
    size_t row = m->transposed ? cursor->col : cursor->row, col = m->transposed ? cursor->row : cursor->col, n;
    if (!section_has(m->rows, row) || !section_has(m->cols, col))
        return;
    struct section rows = square_of(m->rows, m->squares.block_rows, row);
    struct section cols = square_of(m->cols, m->squares.block_cols, col);
    double sum = cells_sum(m, rows, cols, &n);
    char total[NUMBER_TEXT], mean[NUMBER_TEXT];
    str_addf(&to->text, "This square, rows %zu to %zu, columns %zu to %zu: ", rows.from + 1, rows.from + rows.n,
             cols.from + 1, cols.from + cols.n);
    if (n == 0)
        str_add(&to->text, "all blocked");
    else
        str_addf(&to->text, "sum %s ÷ %zu cells = mean %s", number_text(sum, sum_decimals(sum, n, DECIMALS), total), n,
                 number_text(sum / (double)n, DECIMALS, mean));
    spans_close(to, ROLE_NONE, false);
}

/* The planes of one matrix are drawn alike: only the first is listed. */
static bool has_means(const struct matrix *m)
{
    return squares_are_means(&m->squares) && !(m->all_planes && m->head > 0);
}

/* "Each square is the mean of cells: Q_h 9 × 1, K_hᵀ 1 × 6, S 9 × 6"; "the mean of 9 × 6 cells" where all are alike. */
static void say_means(const struct view *view, const struct equation *eq, struct spans *to)
{
    const struct squares *first = NULL;
    bool alike = true;
    for (int i = 0; i <= eq->n; i++) {
        const struct squares *s = &eq->m[i].squares;
        if (!has_means(&eq->m[i]))
            continue;
        alike = alike && (!first || (s->block_rows == first->block_rows && s->block_cols == first->block_cols));
        first = first ? first : s;
    }
    if (!first)
        return;
    if (alike) {
        str_addf(&to->text, "Each square is the mean of %zu × %zu cells", first->block_rows, first->block_cols);
        spans_close(to, ROLE_NONE, false);
        return;
    }
    for (int i = 0; i <= eq->n; i++) {
        const struct matrix *m = &eq->m[i];
        if (!has_means(m))
            continue;
        spans_add_plain(to, to->n ? ", " : "Each square is the mean of cells: ");
        add_symbol(view, m, to);
        str_addf(&to->text, " %zu × %zu", m->squares.block_rows, m->squares.block_cols);
        spans_close(to, ROLE_NONE, false);
    }
}

/* `shorter`: written instead where the text does not fit. */
static void draw_line(struct pen *pen, const char *part, const struct spans *s, const char *shorter, struct rect line)
{
    struct ink ink = {FACE_SANS, 14 * pen->scale, 10 * pen->scale, pen->theme->text};
    while (ink.size > ink.least && spans_width(pen, ink, s) > line.w)
        ink.size -= 1;
    float width = spans_width(pen, ink, s);
    if (width > line.w)
        pen_text_in(pen, part, ink, line, ALIGN_CENTRE, shorter);
    else if (width > 0)
        spans_draw(pen, part, ink, s, line.x + (line.w - width) / 2,
                   line.y + (line.h - roundf(ink.size) * TEXT_HEIGHT) / 2);
    pen->list->failed |= s->failed;
}

void large_draw_foot(struct pen *pen, const struct view *view, const struct equation *eq, struct rect box)
{
    struct rect line = {box.x, box.y, box.w, foot_line * pen->scale};
    struct spans part = {0}, means = {0};
    if (any_part(eq)) {
        say_part(view, eq, &part);
        draw_line(pen, "zoom.part", &part, "a part of the rows and columns", line);
        line.y += line.h;
    }
    const struct matrix *m = pointed_at(view, eq);
    if (m)
        say_square(view, m, &means);
    else
        say_means(view, eq, &means);
    if (line.y + line.h <= box.y + box.h + 1)
        draw_line(pen, "zoom.means", &means, "squares are means of cells", line);
    spans_finish(&part);
    spans_finish(&means);
}

/* ---- beside the cells ---- */

/* A small triangle outside the middle of an edge; (dx, dy) points outwards. */
static void draw_mark(struct pen *pen, float x, float y, float dx, float dy)
{
    float size = mark * pen->scale, half = size;
    const float xs[] = {x + dx * size, x - dy * half, x + dy * half};
    const float ys[] = {y + dy * size, y - dx * half, y + dx * half};
    pen_polygon(pen, "zoom.more", pen->theme->accent, 3, xs, ys);
}

void large_draw_edges(struct pen *pen, const struct matrix *m)
{
    const struct rect b = m->body;
    float away = 2 * pen->scale, middle_x = b.x + b.w / 2, middle_y = b.y + b.h / 2;
    pen->group = 0;
    if (m->rows.from > 0)
        draw_mark(pen, middle_x, b.y - away + 1, 0, -0.6f);
    if (m->rows.from + m->rows.n < matrix_rows_axis(m)->size)
        draw_mark(pen, middle_x, b.y + b.h + away - 1, 0, 0.6f);
    if (m->cols.from > 0)
        draw_mark(pen, b.x - away, middle_y, -1, 0);
    if (m->cols.from + m->cols.n < matrix_cols_axis(m)->size)
        draw_mark(pen, b.x + b.w + away, middle_y, 1, 0);
}

static void draw_map(struct pen *pen, const struct matrix *m, struct rect box)
{
    struct matrix map = *m;
    map.rows = (struct section){0, matrix_rows_axis(m)->size};
    map.cols = (struct section){0, matrix_cols_axis(m)->size};
    float down = box.h / (float)map.rows.n, across = box.w / (float)map.cols.n;
    pen_fill(pen, "zoom.map", box, pen->theme->panel, 0);
    matrix_draw_cells(pen, "map", &map, box);
    pen_frame(pen, "zoom.map", rect_inset(box, -1), pen->theme->line, fmaxf(1, roundf(pen->scale)), 0);
    float x = box.x + (float)m->cols.from * across, y = box.y + (float)m->rows.from * down;
    float w = fmaxf((float)m->cols.n * across, 4 * pen->scale), h = fmaxf((float)m->rows.n * down, 4 * pen->scale);
    float stroke = fmaxf(2, 2 * pen->scale);
    struct rect here = {fminf(x, box.x + box.w - w), fminf(y, box.y + box.h - h), w, h};
    pen_frame(pen, "zoom.here", rect_inset(here, -stroke), pen->theme->accent, stroke, 0);
    pen_hit(pen, box, CMD_ZOOM_MAP, 0);
}

struct rect large_draw_beside(struct pen *pen, const struct matrix *m, struct rect box)
{
    float u = pen->scale;
    pen->group = 0;
    if (matrix_is_part(m) && box.h >= map_least * u) {
        float shape = (float)matrix_rows_axis(m)->size / (float)matrix_cols_axis(m)->size;
        struct rect map = {box.x + 4 * u, box.y + 4 * u, box.w - 10 * u, 0};
        map.h = fmaxf(28 * u, fminf(map.w, map.w * shape));
        map.w = fmaxf(28 * u, fminf(map.w, map.h / shape));
        draw_map(pen, m, map);
        rect_cut_top(&box, map.h + 20 * u, 0);
    }
    if (squares_are_means(&m->squares) && box.h >= 104 * u) {
        char size[40];
        snprintf(size, sizeof size, "%zu × %zu cells", m->squares.block_rows, m->squares.block_cols);
        const char *const lines[] = {"a square:", "the mean of", size};
        float line = 16 * u;
        box.h -= 4 * line;
        for (int i = 0; i < 3; i++)
            pen_text_in(pen, "zoom.legend", pen_ink(pen, FACE_SANS, 12, 8, pen->theme->text_secondary),
                        (struct rect){box.x, box.y + box.h + line * ((float)i + 0.8f), box.w, line}, ALIGN_LEFT,
                        lines[i]);
    }
    return box;
}
