/* matrix_large.c: what is said of matrices with more cells than the page has room for: which squares are means of many,
 * and what is left out. */
#include "scene/matrix.h"

#include "core/explain.h"
#include "scene/text.h"
#include "scene/view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* "This square, rows 129 to 132, columns 5 to 8: sum 1.92 ÷ 16 cells = mean 0.120"; where that does not fit, "rows 129 to
 * 132, columns 5 to 8: mean 0.120". */
static void say_square(const struct view *view, const struct matrix *m, struct spans *to, struct str *shorter)
{
    enum { DECIMALS = 3 };
    const struct cursor *cursor = &view->state->cursor;
    size_t row = m->transposed ? cursor->col : cursor->row, col = m->transposed ? cursor->row : cursor->col;
    if (!section_has(m->rows, row) || !section_has(m->cols, col))
        return;
    struct section rows = square_of(matrix_rows_axis(m)->size, m->squares.block_rows, row);
    struct section cols = square_of(matrix_cols_axis(m)->size, m->squares.block_cols, col);
    const struct block_sum all = matrix_sum(m, rows, cols);
    char total[NUMBER_TEXT], mean[NUMBER_TEXT];
    str_addf(shorter, "rows %zu to %zu, columns %zu to %zu: ", rows.from + 1, rows.from + rows.n, cols.from + 1,
             cols.from + cols.n);
    str_addf(&to->text, "This square, %s", str_text(shorter));
    number_text(all.n ? all.sum / (double)all.n : 0, DECIMALS, mean);
    if (all.n == 0)
        str_add(&to->text, "all blocked");
    else
        str_addf(&to->text, "sum %s ÷ %zu cells = mean %s",
                 number_text(all.sum, sum_decimals(all.sum, all.n, DECIMALS), total), all.n, mean);
    str_addf(shorter, all.n ? "mean %s" : "all blocked", mean);
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
    struct str shorter = {0};
    if (any_part(eq)) {
        say_part(view, eq, &part);
        draw_line(pen, "zoom.part", &part, "a part of the rows and columns", line);
        line.y += line.h;
    }
    const struct matrix *m = pointed_at(view, eq);
    if (m)
        say_square(view, m, &means, &shorter);
    else
        say_means(view, eq, &means);
    if (line.y + line.h <= box.y + box.h + 1)
        draw_line(pen, "zoom.means", &means, shorter.n ? str_text(&shorter) : "squares are means of cells", line);
    pen->list->failed |= shorter.failed;
    str_finish(&shorter);
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
