/* reach.h: which cells a change reaches: of each row of each head, one stretch of columns. */
#ifndef QKV_CORE_REACH_H
#define QKV_CORE_REACH_H

#include "core/tensor.h"

#include <stdint.h>

/* The columns from .. to - 1; from == to: none. */
struct stretch {
    uint32_t from, to;
};

struct reach {
    size_t heads, rows, cols;
    struct stretch *row; /* owned; heads * rows, that of row r of head h is row[h * rows + r] */
};

/* No cell of a tensor of this shape. Errors: QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err reach_init(struct reach *reach, const struct tensor *shape);
void reach_finish(struct reach *reach);

/* Add columns [from, to) of a row. What lies between them and those that are there already is added, too. */
void reach_add(struct reach *reach, size_t h, size_t r, size_t from, size_t to);

/* Add these columns of all rows of a head. */
void reach_add_columns(struct reach *reach, size_t h, size_t from, size_t to);

void reach_add_all(struct reach *reach);

struct stretch reach_at(const struct reach *reach, size_t h, size_t r);

/* The stretch that covers those of all rows of a head. */
struct stretch reach_columns(const struct reach *reach, size_t h);

bool reach_empty(const struct reach *reach);
size_t reach_cells(const struct reach *reach);

#endif
