/* matrix_sums.c: what a row that shares out one whole adds up to, exactly and as it is written; and the cells that a mask
 * has blocked. */
#include "scene/matrix.h"

#include "core/blocked.h"
#include "core/explain.h"

#include <math.h>
#include <string.h>

/* ---- sums ---- */

static const float sums_width = 62, sum_size = 13, sum_least = 10;

bool matrix_says_sums(const struct view *view, const struct matrix *m)
{
    return m->of->spec.distribution && !m->transposed && !m->no_sums && m->cols.n == matrix_cols_axis(m)->size &&
           m->cols.n <= MATRIX_UNNUMBERED_MOST && !view_hides_mistake(view, m->of);
}

float matrix_sums_width(const struct view *view, const struct matrix *m)
{
    return matrix_says_sums(view, m) ? sums_width : 0;
}

bool matrix_row_looked_at(const struct matrix *m, size_t *ret)
{
    struct section lit = m->transposed ? m->lit_cols : m->lit_rows;
    *ret = lit.from;
    return lit.n == 1 && section_has(m->transposed ? m->cols : m->rows, lit.from);
}

/* As written, in units of the last decimal: whole numbers, so that they are added exactly. */
static double units(double x, int decimals)
{
    const double near_a_half = 1e-6;
    double exact = x * pow(10, decimals);
    /* Through the text where that may decide, which takes a hundred times as long: every cell is read in every frame. */
    if (fabs(fabs(exact - floor(exact)) - 0.5) > near_a_half)
        return round(exact);
    return round(round_decimals(x, decimals) * pow(10, decimals));
}

struct row_sum matrix_row_sum(const struct matrix *m, size_t row)
{
    const double *v = tensor_at(&m->of->value, m->head, row, 0);
    size_t n = m->of->value.axis[AXIS_COL].size;
    struct row_sum ret = {.decimals = CELL_DECIMALS};
    for (size_t c = 0; c < n; c++)
        ret.sum += v[c];
    for (int decimals = CELL_DECIMALS; decimals <= SUM_DECIMALS_MAX && !ret.adds_up; decimals++) {
        double rounded = 0;
        for (size_t c = 0; c < n; c++)
            rounded += units(v[c], decimals);
        if (decimals == CELL_DECIMALS)
            ret.rounded = rounded / pow(10, decimals);
        ret.adds_up = rounded == units(ret.sum, decimals);
        if (ret.adds_up)
            ret.decimals = decimals;
    }
    return ret;
}

static bool row_is_filled(const struct matrix *m, size_t row)
{
    return (row + 1) * m->of->value.axis[AXIS_COL].size <= m->filled;
}

/* "Σ 1.00" at the ends of the rows; where they are too low for a line of text, only of the row that is looked at. */
void matrix_draw_sums(struct pen *pen, const struct view *view, const struct matrix *m)
{
    float u = pen->scale, cell = m->body.h / (float)m->rows.n, least = sum_least * view_base(view) * TEXT_HEIGHT;
    size_t looked_at = SIZE_MAX;
    if (!matrix_says_sums(view, m))
        return;
    if (!matrix_row_looked_at(m, &looked_at))
        looked_at = SIZE_MAX;
    pen->group = matrix_group(view, m);
    for (size_t r = m->rows.from; r < m->rows.from + m->rows.n; r++) {
        if (!row_is_filled(m, r) || (cell < least && r != looked_at))
            continue;
        struct row_sum sum = matrix_row_sum(m, r);
        bool here = r == looked_at;
        struct ink ink = {here ? FACE_MONO_BOLD : FACE_MONO, sum_size * u, 8 * u,
                          here ? pen->theme->text : pen->theme->text_secondary};
        ink.size = fminf(ink.size, fmaxf(cell, least) / TEXT_HEIGHT);
        struct rect box = {m->body.x + m->body.w + 6 * u, m->body.y + cell * (float)(r - m->rows.from),
                           (sums_width - 8) * u, cell};
        char number[NUMBER_TEXT], text[NUMBER_TEXT + 4] = "Σ ";
        strcat(text, number_text(sum.sum, CELL_DECIMALS, number));
        pen_text_in(pen, "row.sum", ink, box, ALIGN_LEFT, text);
    }
    pen->group = 0;
}

/* ---- blocked cells ---- */

/* Pixels: in smaller cells lines would only be a grey. So many small cells are looked through. */
static const float hatched_least = 8;
enum { SMALL_MOST = 4096 };

static void hatch(struct pen *pen, struct rect cell)
{
    float pitch = fmaxf(7 * pen->scale, (cell.w + cell.h) / 9), stroke = fmaxf(1, roundf(pen->scale));
    /* x + y is one number along each line, from the lower left to the upper right. */
    for (float sum = pitch / 2; sum < cell.w + cell.h; sum += pitch) {
        float left = fmaxf(0, sum - cell.h), right = fminf(cell.w, sum);
        struct rect line = {cell.x + left, cell.y + sum - left, right - left, left - right};
        struct item *item = pen_item(pen, ITEM_LINE, "hatch", line);
        if (item)
            item->fill = pen->theme->hatch, item->stroke = stroke;
    }
}

bool matrix_is_hatched(const struct matrix *m)
{
    return !squares_are_means(&m->squares) && m->body.w / (float)m->cols.n >= hatched_least &&
           m->body.h / (float)m->rows.n >= hatched_least;
}

bool matrix_shows_blocked(const struct matrix *m)
{
    return matrix_is_hatched(m) || (!squares_are_means(&m->squares) && m->rows.n * m->cols.n <= SMALL_MOST);
}

void matrix_draw_hatching(struct pen *pen, const struct view *view, const struct matrix *m, const struct item *heatmap)
{
    size_t rows = heatmap->as.heatmap.rows, cols = heatmap->as.heatmap.cols;
    const struct tape *tape = view_tape(view);
    if (!matrix_shows_blocked(m) || !tape_has_blocked(tape, m->step))
        return;
    bool lines = matrix_is_hatched(m);
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < cols; k++) {
            size_t r = m->rows.from + i, c = m->cols.from + k;
            size_t row = m->transposed ? c : r, col = m->transposed ? r : c;
            if (row * m->of->value.axis[AXIS_COL].size + col >= m->filled ||
                !tape_is_blocked(tape, m->step, m->head, row, col))
                continue;
            pen->list->colours[heatmap->as.heatmap.at + i * cols + k] = pen->theme->blocked;
            if (lines)
                hatch(pen, heatmap_cell(heatmap, i, k));
        }
}
