/* matrix_squares.c: a matrix as squares of colour: each a cell or, where cells are smaller than pixels, the mean of a
 * block of them.
 *
 * Blocks are powers of two and begin at multiples of their side: so they stay the same cells while the matrix is moved,
 * and the sums of large ones are read off a pyramid. */
#include "scene/matrix.h"

#include "scene/view.h"

#include <math.h>
#include <stdlib.h>

bool squares_are_means(const struct squares *s)
{
    return s->block_rows > 1 || s->block_cols > 1;
}

/* A square is at least a pixel. */
static size_t block_of(size_t n, float cell)
{
    size_t block = 1;
    while (n >= MEANS_FROM && cell > 0 && cell * (float)block < 1 && block < n)
        block *= 2;
    return block;
}

struct section square_of(size_t size, size_t block, size_t at)
{
    return section_common((struct section){at - at % block, block}, (struct section){0, size});
}

/* ---- sums ---- */

/* So many of n cells from `at` on, as they lie on the tape, are computed. */
static size_t filled_of(const struct matrix *m, size_t at, size_t n)
{
    return at >= m->filled ? 0 : at + n > m->filled ? m->filled - at : n;
}

struct block_sum matrix_sum(const struct matrix *m, struct section rows, struct section cols)
{
    const struct section down = m->transposed ? cols : rows, across = m->transposed ? rows : cols;
    const size_t width = m->of->value.axis[AXIS_COL].size;
    const double *v = tensor_at(&m->of->value, m->head, 0, 0);
    struct block_sum sum = {0};
    for (size_t r = down.from; r < down.from + down.n; r++) {
        size_t at = r * width + across.from;
        block_add(&sum, v + at, filled_of(m, at, across.n), m->of->spec.scale == SCALE_MASK);
    }
    return sum;
}

/* The square in this row and column of squares, counted from the first cell of the matrix. */
static struct block_sum sum_of(const struct matrix *m, size_t row, size_t col)
{
    const struct squares *s = &m->squares;
    const struct section rows = square_of(matrix_rows_axis(m)->size, s->block_rows, row * s->block_rows);
    const struct section cols = square_of(matrix_cols_axis(m)->size, s->block_cols, col * s->block_cols);
    const struct section down = m->transposed ? cols : rows;
    bool computed = m->filled >= (down.from + down.n) * m->of->value.axis[AXIS_COL].size;
    if (!m->pyramid || !computed || s->block_rows < PYRAMID_LEAST || s->block_cols < PYRAMID_LEAST)
        return matrix_sum(m, rows, cols);
    return m->transposed ? pyramid_sum(m->pyramid, s->block_cols, s->block_rows, col, row)
                         : pyramid_sum(m->pyramid, s->block_rows, s->block_cols, row, col);
}

/* Among the means: NaN where all cells are blocked, this where they are not computed yet. */
static const double not_yet = INFINITY;

static double mean_of(const struct matrix *m, size_t row, size_t col)
{
    const struct block_sum sum = sum_of(m, row, col);
    size_t r = row * m->squares.block_rows, c = col * m->squares.block_cols;
    size_t first = m->transposed ? c * m->of->value.axis[AXIS_COL].size + r : r * m->of->value.axis[AXIS_COL].size + c;
    return sum.n ? sum.sum / (double)sum.n : first < m->filled ? (double)NAN : not_yet;
}

/* ---- colours ---- */

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
    size_t row = m->rows.from / s->block_rows, rows = (m->rows.from + m->rows.n - 1) / s->block_rows - row + 1;
    size_t col = m->cols.from / s->block_cols, cols = (m->cols.from + m->cols.n - 1) / s->block_cols - col + 1;
    double *means = malloc(rows * cols * sizeof *means);
    struct colour *colours;
    struct item *item = means ? pen_heatmap(pen, part, box, rows, cols, &colours) : NULL;
    if (item) {
        for (size_t i = 0; i < rows * cols; i++)
            means[i] = mean_of(m, row + i / cols, col + i % cols);
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
    return item;
}
