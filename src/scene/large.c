#include "scene/large.h"

#include "core/explain.h"
#include "scene/number.h"
#include "scene/spans.h"
#include "scene/zoom.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float foot_line = 20, map_least = 110, mark = 5;

/* ---- the lines at the foot ---- */

static const struct matrix *matrix_at(const struct matrices *all, int i)
{
    return i < all->n ? &all->operands[i] : all->result;
}

static bool is_part(const struct view *view, const struct matrix *m)
{
    return matrix_rows(view, m) < matrix_rows_whole(view, m) || matrix_cols(view, m) < matrix_cols_whole(view, m);
}

static bool any_part(const struct view *view, const struct matrices *all)
{
    bool any = false;
    for (int i = 0; i <= all->n; i++)
        any = any || is_part(view, matrix_at(all, i));
    return any;
}

float large_foot_height(const struct pen *pen, const struct view *view, const struct matrices *all)
{
    bool means = false;
    for (int i = 0; i <= all->n; i++) {
        const struct matrix *m = matrix_at(all, i);
        means = means || matrix_rows(view, m) >= MEANS_FROM || matrix_cols(view, m) >= MEANS_FROM;
    }
    return (float)(any_part(view, all) + means) * foot_line * pen->scale;
}

/* In the colour of its role, as narration writes it: "K_hᵀ". */
static void add_symbol(const struct view *view, const struct matrix *m, struct spans *to)
{
    char symbol[64];
    matrix_symbol(view, m, symbol, sizeof symbol);
    char *transposed = strstr(symbol, "^T");
    enum role role = view_tape(view)->steps[m->step].spec.role;
    spans_add(to, symbol, transposed ? (size_t)(transposed - symbol) : strlen(symbol), role, true);
    if (transposed)
        spans_add(to, "ᵀ", strlen("ᵀ"), role, true);
}

static void add_stretch(struct str *to, const char *what, struct section s, size_t shown, size_t whole)
{
    if (shown < whole)
        str_addf(to, "%s%s %zu to %zu of %zu", to->n ? ", " : "", what, s.from + 1, s.from + shown, whole);
}

/* "rows 129 to 192 of 1024, columns 1 to 64 of 1024": of the result, else of the first operand that is a part. */
static void say_part(const struct view *view, const struct matrices *all, struct spans *to)
{
    const struct matrix *m = all->result;
    for (int i = 0; i < all->n && !is_part(view, m); i++)
        m = &all->operands[i];
    struct str text = {0};
    if (m != all->result) {
        add_symbol(view, m, to);
        spans_add(to, ": ", 2, ROLE_NONE, false);
    }
    add_stretch(&text, "rows", m->rows, matrix_rows(view, m), matrix_rows_whole(view, m));
    add_stretch(&text, "columns", m->cols, matrix_cols(view, m), matrix_cols_whole(view, m));
    spans_add(to, str_text(&text), text.n, ROLE_NONE, false);
    to->failed |= text.failed;
    str_finish(&text);
}

/* The matrix of means that is pointed at, or NULL. */
static const struct matrix *pointed_at(const struct view *view, const struct matrices *all)
{
    for (int i = 0; i <= all->n; i++) {
        const struct matrix *m = matrix_at(all, i);
        if (view->state->cursor.on && view->state->cursor.step == m->step && view->state->cursor.head == m->head &&
            squares_are_means(&m->squares))
            return m;
    }
    return NULL;
}

/* The fewest decimals of the sum with which whoever divides gets the mean that is written. */
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
    size_t row = m->transposed ? view->state->cursor.col : view->state->cursor.row, n;
    size_t col = m->transposed ? view->state->cursor.row : view->state->cursor.col;
    struct plane plane = matrix_plane(view, m, false);
    if (row < plane.rows.from || row >= plane.rows.from + plane.rows.n || col < plane.cols.from ||
        col >= plane.cols.from + plane.cols.n)
        return;
    const struct squares *s = &m->squares;
    double sum = cells_sum(&plane, s, row, col, &n);
    size_t first_row = row - (row - plane.rows.from) % s->block_rows;
    size_t first_col = col - (col - plane.cols.from) % s->block_cols;
    size_t last_row = first_row + s->block_rows, last_col = first_col + s->block_cols;
    size_t row_end = plane.rows.from + plane.rows.n, col_end = plane.cols.from + plane.cols.n;
    char text[200], total[NUMBER_TEXT], mean[NUMBER_TEXT];
    int at = snprintf(text, sizeof text, "This square, rows %zu to %zu, columns %zu to %zu: ", first_row + 1,
                      last_row < row_end ? last_row : row_end, first_col + 1, last_col < col_end ? last_col : col_end);
    if (n == 0)
        snprintf(text + at, sizeof text - (size_t)at, "all blocked");
    else
        snprintf(text + at, sizeof text - (size_t)at, "sum %s ÷ %zu cells = mean %s",
                 number_text(sum, sum_decimals(sum, n, DECIMALS), total), n,
                 number_text(sum / (double)n, DECIMALS, mean));
    spans_add(to, text, strlen(text), ROLE_NONE, false);
}

/* The planes of one matrix are drawn alike: the first speaks for all. */
static bool has_means(const struct matrix *m)
{
    return squares_are_means(&m->squares) && !(m->all_planes && m->head > 0);
}

/* "Each square is the mean of cells: Q_h 9 × 1, K_hᵀ 1 × 6, S 9 × 6"; "the mean of 9 × 6 cells" where all are alike. */
static void say_means(const struct view *view, const struct matrices *all, struct spans *to)
{
    const struct squares *first = NULL;
    bool alike = true;
    char text[80];
    for (int i = 0; i <= all->n; i++) {
        const struct squares *s = &matrix_at(all, i)->squares;
        if (!has_means(matrix_at(all, i)))
            continue;
        alike = alike && (!first || (s->block_rows == first->block_rows && s->block_cols == first->block_cols));
        first = first ? first : s;
    }
    if (!first)
        return;
    if (alike) {
        snprintf(text, sizeof text, "Each square is the mean of %zu × %zu cells", first->block_rows, first->block_cols);
        spans_add(to, text, strlen(text), ROLE_NONE, false);
        return;
    }
    for (int i = 0; i <= all->n; i++) {
        const struct matrix *m = matrix_at(all, i);
        const char *before = to->n ? ", " : "Each square is the mean of cells: ";
        if (!has_means(m))
            continue;
        snprintf(text, sizeof text, " %zu × %zu", m->squares.block_rows, m->squares.block_cols);
        spans_add(to, before, strlen(before), ROLE_NONE, false);
        add_symbol(view, m, to);
        spans_add(to, text, strlen(text), ROLE_NONE, false);
    }
}

/* `shorter`: said instead where all of it has no room. */
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

void large_draw_foot(struct pen *pen, const struct view *view, const struct matrices *all, struct rect box)
{
    struct rect line = {box.x, box.y, box.w, foot_line * pen->scale};
    struct spans part = {0}, means = {0};
    if (any_part(view, all)) {
        say_part(view, all, &part);
        draw_line(pen, "zoom.part", &part, "a part of the rows and columns", line);
        line.y += line.h;
    }
    const struct matrix *m = pointed_at(view, all);
    if (m)
        say_square(view, m, &means);
    else
        say_means(view, all, &means);
    if (line.y + line.h <= box.y + box.h + 1)
        draw_line(pen, "zoom.means", &means, "squares are means of cells", line);
    spans_finish(&part);
    spans_finish(&means);
}

/* ---- beside the cells ---- */

/* A small triangle outside the middle of an edge; (dx, dy) is the way out. */
static void draw_mark(struct pen *pen, float x, float y, float dx, float dy)
{
    float size = mark * pen->scale, half = size;
    const float xs[] = {x + dx * size, x - dy * half, x + dy * half};
    const float ys[] = {y + dy * size, y - dx * half, y + dx * half};
    pen_polygon(pen, "zoom.more", pen->theme->accent, 3, xs, ys);
}

void large_draw_edges(struct pen *pen, const struct view *view, const struct matrix *m)
{
    const struct rect b = m->body;
    float away = 2 * pen->scale, middle_x = b.x + b.w / 2, middle_y = b.y + b.h / 2;
    size_t row_end = m->rows.from + matrix_rows(view, m), col_end = m->cols.from + matrix_cols(view, m);
    pen->group = 0;
    if (m->rows.from > 0)
        draw_mark(pen, middle_x, b.y - away + 1, 0, -0.6f);
    if (row_end < matrix_rows_whole(view, m))
        draw_mark(pen, middle_x, b.y + b.h + away - 1, 0, 0.6f);
    if (m->cols.from > 0)
        draw_mark(pen, b.x - away, middle_y, -1, 0);
    if (col_end < matrix_cols_whole(view, m))
        draw_mark(pen, b.x + b.w + away, middle_y, 1, 0);
}

static void draw_map(struct pen *pen, const struct view *view, const struct matrix *m, struct rect box)
{
    struct plane plane = matrix_plane(view, m, true);
    const struct step *step = &view_tape(view)->steps[m->step];
    struct squares unused = {0};
    float rows = (float)plane.rows.n, cols = (float)plane.cols.n;
    pen_fill(pen, "zoom.map", box, pen->theme->panel, 0);
    cells_draw(pen, "map", &plane, step->spec.scale, m->most, 0, box, &unused);
    pen_frame(pen, "zoom.map", rect_inset(box, -1), pen->theme->line, fmaxf(1, roundf(pen->scale)), 0);
    float x = box.x + (float)m->cols.from / cols * box.w, y = box.y + (float)m->rows.from / rows * box.h;
    float w = fmaxf((float)matrix_cols(view, m) / cols * box.w, 4 * pen->scale);
    float h = fmaxf((float)matrix_rows(view, m) / rows * box.h, 4 * pen->scale), stroke = fmaxf(2, 2 * pen->scale);
    struct rect here = {fminf(x, box.x + box.w - w), fminf(y, box.y + box.h - h), w, h};
    pen_frame(pen, "zoom.here", rect_inset(here, -stroke), pen->theme->accent, stroke, 0);
    pen_hit(pen, box, CMD_ZOOM_MAP, 0);
}

struct rect large_draw_beside(struct pen *pen, const struct view *view, const struct matrix *m, struct rect box)
{
    float u = pen->scale;
    pen->group = 0;
    if (is_part(view, m) && box.h >= map_least * u) {
        float shape = (float)matrix_rows_whole(view, m) / (float)matrix_cols_whole(view, m);
        struct rect map = {box.x + 4 * u, box.y + 4 * u, box.w - 10 * u, 0};
        map.h = fmaxf(28 * u, fminf(map.w, map.w * shape));
        map.w = fmaxf(28 * u, fminf(map.w, map.h / shape));
        draw_map(pen, view, m, map);
        box.y += map.h + 20 * u;
        box.h -= map.h + 20 * u;
    }
    if (squares_are_means(&m->squares) && box.h >= 104 * u) {
        char size[40];
        snprintf(size, sizeof size, "%zu × %zu cells", m->squares.block_rows, m->squares.block_cols);
        const char *const lines[] = {"a square:", "the mean of", size};
        struct ink ink = {FACE_SANS, 12 * u, 8 * u, pen->theme->quiet};
        float line = 16 * u;
        box.h -= 4 * line;
        for (int i = 0; i < 3; i++)
            pen_text_in(pen, "zoom.legend", ink,
                        (struct rect){box.x, box.y + box.h + line * ((float)i + 0.8f), box.w, line}, ALIGN_LEFT,
                        lines[i]);
    }
    return box;
}
