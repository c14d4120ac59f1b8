#include "core/reach.h"

#include <stdlib.h>

struct qkv_err reach_init(struct reach *reach, const struct tensor *shape)
{
    *reach = (struct reach){0};
    size_t heads = shape->axis[AXIS_HEAD].size, rows = shape->axis[AXIS_ROW].size;
    struct stretch *row = calloc(heads * rows, sizeof *row);
    if (!row)
        return qkv_nomem("what a change reaches");
    *reach = (struct reach){heads, rows, shape->axis[AXIS_COL].size, row};
    return (struct qkv_err){0};
}

void reach_finish(struct reach *reach)
{
    free(reach->row);
    *reach = (struct reach){0};
}

static struct stretch both(struct stretch a, struct stretch b)
{
    if (a.from == a.to)
        return b;
    if (b.from == b.to)
        return a;
    return (struct stretch){a.from < b.from ? a.from : b.from, a.to > b.to ? a.to : b.to};
}

void reach_add(struct reach *reach, size_t h, size_t r, size_t from, size_t to)
{
    struct stretch *row = &reach->row[h * reach->rows + r];
    *row = both(*row, (struct stretch){(uint32_t)from, (uint32_t)to});
}

void reach_add_columns(struct reach *reach, size_t h, size_t from, size_t to)
{
    for (size_t r = 0; r < reach->rows; r++)
        reach_add(reach, h, r, from, to);
}

void reach_add_all(struct reach *reach)
{
    for (size_t h = 0; h < reach->heads; h++)
        reach_add_columns(reach, h, 0, reach->cols);
}

struct stretch reach_at(const struct reach *reach, size_t h, size_t r)
{
    return reach->row[h * reach->rows + r];
}

struct stretch reach_columns(const struct reach *reach, size_t h)
{
    struct stretch all = {0};
    for (size_t r = 0; r < reach->rows; r++)
        all = both(all, reach_at(reach, h, r));
    return all;
}

size_t reach_cells(const struct reach *reach)
{
    size_t cells = 0;
    for (size_t i = 0; i < reach->heads * reach->rows; i++)
        cells += reach->row[i].to - reach->row[i].from;
    return cells;
}

bool reach_empty(const struct reach *reach)
{
    return reach_cells(reach) == 0;
}
