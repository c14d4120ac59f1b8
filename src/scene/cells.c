#include "scene/cells.h"

#include <math.h>
#include <stdlib.h>

/* Squares smaller than this, in pixels, are seen as noise; then means are drawn that are about this large. */
static const float seen_least = 2.5f, mean_least = 3;

bool squares_are_means(const struct squares *s)
{
    return s->block_rows > 1 || s->block_cols > 1;
}

static size_t block_of(size_t n, float cell)
{
    return n < MEANS_FROM || cell >= seen_least || cell <= 0 ? 1 : (size_t)ceilf(mean_least / cell);
}

/* Beside the means: what is blocked has none (NaN), and what is not computed yet is not to be seen. */
static const double not_yet = INFINITY;

/* The means of a band of rows into means[0 .. squares-1]. */
static void band_means(const struct plane *p, const struct squares *s, size_t first, bool mask, double means[],
                       size_t counts[])
{
    size_t squares = (p->cols.n + s->block_cols - 1) / s->block_cols, last = first + s->block_rows;
    last = last < p->rows.n ? last : p->rows.n;
    for (size_t i = 0; i < squares; i++)
        means[i] = 0, counts[i] = 0;
    for (size_t r = first; r < last; r++) {
        size_t at = (p->rows.from + r) * p->row_step + p->cols.from * p->col_step;
        for (size_t i = 0, c = 0; i < squares; i++)
            for (size_t k = 0; k < s->block_cols && c < p->cols.n; k++, c++, at += p->col_step) {
                double value = p->v[at];
                if (at >= p->filled || !isfinite(value))
                    continue;
                means[i] += mask ? value != 0 : value;
                counts[i]++;
            }
    }
    for (size_t i = 0; i < squares; i++) {
        size_t at = (p->rows.from + first) * p->row_step + (p->cols.from + i * s->block_cols) * p->col_step;
        means[i] = counts[i] ? means[i] / (double)counts[i] : at < p->filled ? (double)NAN : not_yet;
    }
}

static struct value_range range_of_means(const double means[], size_t n)
{
    struct value_range range = {INFINITY, -INFINITY, true};
    for (size_t i = 0; i < n; i++)
        if (isfinite(means[i])) {
            range.min = means[i] < range.min ? means[i] : range.min;
            range.max = means[i] > range.max ? means[i] : range.max;
            range.empty = false;
        }
    if (range.empty)
        range.min = range.max = 0;
    return range;
}

static struct colour colour_of(const struct theme *theme, enum scale_kind scale, double most, double top, double mean)
{
    if (isinf(mean))
        return theme->panel; /* not yet */
    if (isnan(mean))
        return theme->blocked;
    if (scale == SCALE_MASK)
        return colour_mix(theme->blocked, theme->panel, (float)mean);
    return value_colour(theme, scale, most, scale == SCALE_SHARE ? mean / top : mean);
}

struct item *cells_draw(struct pen *pen, const char *part, const struct plane *plane, enum scale_kind scale,
                        double most, double top, struct rect box, struct squares *ret)
{
    float cell_w = box.w / (float)plane->cols.n, cell_h = box.h / (float)plane->rows.n;
    struct squares s = {.block_rows = block_of(plane->rows.n, cell_h), .block_cols = block_of(plane->cols.n, cell_w)};
    size_t rows = (plane->rows.n + s.block_rows - 1) / s.block_rows, at;
    size_t cols = (plane->cols.n + s.block_cols - 1) / s.block_cols;
    box.w = cell_w * (float)(cols * s.block_cols), box.h = cell_h * (float)(rows * s.block_rows);
    double *means = malloc(rows * cols * sizeof *means);
    size_t *counts = malloc(cols * sizeof *counts);
    struct colour *colours = means && counts ? pen_colours(pen, rows * cols, &at) : NULL;
    struct item *item = colours ? pen_item(pen, ITEM_HEATMAP, part, box) : NULL;
    if (!item)
        pen->list->failed = true;
    for (size_t r = 0; item && r < rows; r++)
        band_means(plane, &s, r * s.block_rows, scale == SCALE_MASK, &means[r * cols], counts);
    if (item) {
        s.range = range_of_means(means, rows * cols);
        s.top = top > 0 && !squares_are_means(&s) ? top : s.range.max > 0 ? s.range.max : 1;
        for (size_t i = 0; i < rows * cols; i++)
            colours[i] = colour_of(pen->theme, scale, most, s.top, means[i]);
        item->as.heatmap.rows = rows;
        item->as.heatmap.cols = cols;
        item->as.heatmap.gap = fminf(cell_w, cell_h) >= 8 ? 1 : 0;
        item->as.heatmap.at = at;
        item->as.heatmap.row = plane->rows.from;
        item->as.heatmap.col = plane->cols.from;
        item->as.heatmap.block_rows = s.block_rows;
        item->as.heatmap.block_cols = s.block_cols;
        item->as.heatmap.row_n = plane->rows.n;
        item->as.heatmap.col_n = plane->cols.n;
        *ret = s;
    }
    free(means);
    free(counts);
    return item;
}

double cells_sum(const struct plane *p, const struct squares *s, size_t row, size_t col, size_t *ret_n)
{
    size_t first_row = row - (row - p->rows.from) % s->block_rows, end_row = p->rows.from + p->rows.n;
    size_t first_col = col - (col - p->cols.from) % s->block_cols, end_col = p->cols.from + p->cols.n;
    double sum = 0;
    *ret_n = 0;
    for (size_t r = first_row; r < first_row + s->block_rows && r < end_row; r++)
        for (size_t c = first_col; c < first_col + s->block_cols && c < end_col; c++) {
            size_t at = r * p->row_step + c * p->col_step;
            if (at >= p->filled || !isfinite(p->v[at]))
                continue;
            sum += p->v[at];
            ++*ret_n;
        }
    return sum;
}
