#include "lesson/analysis/pyramid.h"

#include "base/thread.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

enum { LEVELS_MAX = 24 };

struct level {
    size_t side; /* of a block, in cells */
    size_t rows, cols;
    double *sum;
    uint32_t *n;
};

struct pyramid {
    int levels;
    struct level level[LEVELS_MAX]; /* from the smallest blocks to one block */
};

void block_add(struct block_sum *to, const double v[], size_t n, bool mask)
{
    double sum = to->sum;
    size_t finite = 0;
    for (size_t i = 0; i < n; i++) { /* without a branch for each number */
        const bool counts = fabs(v[i]) <= DBL_MAX;
        sum += !counts ? 0 : mask ? v[i] != 0 : v[i];
        finite += counts;
    }
    to->sum = sum;
    to->n += finite;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* ---- making one ---- */

struct making {
    const double *v;
    size_t rows, cols;
    bool mask;
    struct level *level;
};

/* One row of the smallest blocks, from the cells. */
static void sum_cells(void *context, size_t row)
{
    const struct making *m = context;
    const size_t side = m->level->side, end = least((row + 1) * side, m->rows);
    for (size_t c = 0; c < m->level->cols; c++) {
        struct block_sum s = {0};
        for (size_t r = row * side; r < end; r++)
            block_add(&s, m->v + r * m->cols + c * side, least(side, m->cols - c * side), m->mask);
        m->level->sum[row * m->level->cols + c] = s.sum;
        m->level->n[row * m->level->cols + c] = (uint32_t)s.n;
    }
}

/* The blocks [from_row, to_row) x [from_col, to_col) of a level, as far as they are there. */
static struct block_sum sum_blocks(const struct level *level, size_t from_row, size_t to_row, size_t from_col,
                                   size_t to_col)
{
    struct block_sum s = {0};
    for (size_t r = from_row; r < least(to_row, level->rows); r++)
        for (size_t c = from_col; c < least(to_col, level->cols); c++) {
            s.sum += level->sum[r * level->cols + c];
            s.n += level->n[r * level->cols + c];
        }
    return s;
}

static void sum_level(const struct level *from, struct level *to)
{
    for (size_t r = 0; r < to->rows; r++)
        for (size_t c = 0; c < to->cols; c++) {
            struct block_sum s = sum_blocks(from, 2 * r, 2 * r + 2, 2 * c, 2 * c + 2);
            to->sum[r * to->cols + c] = s.sum;
            to->n[r * to->cols + c] = (uint32_t)s.n;
        }
}

static bool add_level(struct pyramid *p, size_t side, size_t rows, size_t cols)
{
    struct level *level = &p->level[p->levels];
    *level = (struct level){.side = side, .rows = (rows + side - 1) / side, .cols = (cols + side - 1) / side};
    level->sum = malloc(level->rows * level->cols * sizeof *level->sum);
    level->n = malloc(level->rows * level->cols * sizeof *level->n);
    p->levels++;
    return level->sum && level->n;
}

struct pyramid *pyramid_new(const double v[], size_t rows, size_t cols, bool mask)
{
    struct pyramid *p = calloc(1, sizeof *p);
    bool fine = p && add_level(p, PYRAMID_LEAST, rows, cols);
    if (fine)
        parallel_for(p->level->rows, parallel_workers(), sum_cells, &(struct making){v, rows, cols, mask, p->level});
    while (fine && p->levels < LEVELS_MAX && p->level[p->levels - 1].rows * p->level[p->levels - 1].cols > 1) {
        const struct level *below = &p->level[p->levels - 1];
        fine = add_level(p, 2 * below->side, rows, cols);
        if (fine)
            sum_level(below, &p->level[p->levels - 1]);
    }
    if (fine)
        return p;
    pyramid_free(p);
    return NULL;
}

void pyramid_free(struct pyramid *p)
{
    for (int i = 0; p && i < p->levels; i++) {
        free(p->level[i].sum);
        free(p->level[i].n);
    }
    free(p);
}

/* ---- asking it ---- */

struct block_sum pyramid_sum(const struct pyramid *p, size_t block_rows, size_t block_cols, size_t row, size_t col)
{
    const size_t side = least(block_rows, block_cols);
    const struct level *level = p->level;
    while (level + 1 < p->level + p->levels && level[1].side <= side)
        level++;
    size_t down = block_rows / level->side, across = block_cols / level->side;
    return sum_blocks(level, row * down, (row + 1) * down, col * across, (col + 1) * across);
}
