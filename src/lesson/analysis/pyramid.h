/* pyramid.h: the sums of ever larger square blocks of a large matrix, so that a page that shows means of many cells
 * reads a few numbers for each and not all of the matrix in every frame.
 *
 * Blocks begin at multiples of their side, which is a power of two from PYRAMID_LEAST on; those at the end of a row or a
 * column are smaller. Only finite cells count: what a mask has blocked is in no mean. It takes about an eighth of the
 * matrix's own memory. */
#ifndef QKV_LESSON_PYRAMID_H
#define QKV_LESSON_PYRAMID_H

#include <stdbool.h>
#include <stddef.h>

enum { PYRAMID_LEAST = 4 };

struct block_sum {
    double sum;
    size_t n; /* cells that count */
};

/* rows * cols numbers, row by row; of a mask each that is not 0 counts as 1. NULL: no memory. */
struct pyramid *pyramid_new(const double v[], size_t rows, size_t cols, bool mask);
void pyramid_free(struct pyramid *pyramid);

/* Of the block in this row and column of blocks of so many rows and columns, each a power of two and at least
 * PYRAMID_LEAST. Its bits depend on nothing but the numbers. */
struct block_sum pyramid_sum(const struct pyramid *pyramid, size_t block_rows, size_t block_cols, size_t row,
                             size_t col);

/* n numbers in a row, added to what is there. */
void block_add(struct block_sum *to, const double v[], size_t n, bool mask);

#endif
