/* reach.c: which cells of a result a change of an operand reaches. What is named may be more than what changes, never
 * less. */
#include "core/ops/ops.h"

#include <assert.h>

/* Visit the stretch that changed in each row of the operand. */
#define FOR_CHANGED(changed, h, r, s)                                                                                  \
    for (size_t h = 0; h < (changed)->heads; h++)                                                                      \
        for (size_t r = 0; r < (changed)->rows; r++)                                                                   \
            for (struct stretch s = reach_at(changed, h, r); s.from != s.to; s.to = s.from)

void op_reach_nothing(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    (void)call, (void)operand, (void)changed, (void)ret;
}

/* An axis of 1 in the operand is shared: what is at its only place goes everywhere. */
static void add_shared(const struct reach *changed, size_t h, size_t r, struct stretch to, struct reach *ret)
{
    bool all_heads = changed->heads == 1, all_rows = changed->rows == 1;
    assert((all_heads || changed->heads == ret->heads) && (all_rows || changed->rows == ret->rows));
    for (size_t i = all_heads ? 0 : h; i < (all_heads ? ret->heads : h + 1); i++)
        for (size_t k = all_rows ? 0 : r; k < (all_rows ? ret->rows : r + 1); k++)
            reach_add(ret, i, k, to.from, to.to);
}

static struct stretch whole_row(const struct reach *ret)
{
    return (struct stretch){0, (uint32_t)ret->cols};
}

void op_reach_cells(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    (void)call, (void)operand;
    FOR_CHANGED(changed, h, r, s)
    add_shared(changed, h, r, changed->cols == ret->cols ? s : whole_row(ret), ret);
}

void op_reach_rows(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    (void)call, (void)operand;
    FOR_CHANGED(changed, h, r, s)
    add_shared(changed, h, r, whole_row(ret), ret);
}

/* Does head h of the result read this plane of an operand that may have fewer? */
static bool reads_plane(const struct reach *changed, size_t plane, const struct reach *ret, size_t h)
{
    return h * changed->heads / ret->heads == plane;
}

/* A row of the left makes the same row of the result; what of the right makes columns is given. */
static void reach_product(const struct reach *changed, bool left, bool rows_make_columns, struct reach *ret)
{
    for (size_t plane = 0; plane < changed->heads; plane++) {
        struct stretch columns = reach_columns(changed, plane), touched = {0};
        for (size_t r = 0; r < changed->rows && rows_make_columns; r++) {
            struct stretch s = reach_at(changed, plane, r);
            if (s.from != s.to)
                touched = (struct stretch){touched.from == touched.to ? (uint32_t)r : touched.from, (uint32_t)r + 1};
        }
        for (size_t h = 0; h < ret->heads; h++) {
            if (columns.from == columns.to || !reads_plane(changed, plane, ret, h))
                continue;
            for (size_t r = 0; r < ret->rows && left; r++) {
                struct stretch s = reach_at(changed, plane, r);
                if (s.from != s.to)
                    reach_add(ret, h, r, 0, ret->cols);
            }
            if (!left && rows_make_columns)
                reach_add_columns(ret, h, touched.from, touched.to);
            else if (!left)
                reach_add_columns(ret, h, columns.from, columns.to);
        }
    }
}

void op_reach_matmul(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    (void)call;
    reach_product(changed, operand == 0, false, ret);
}

void op_reach_matmul_t(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    (void)call;
    if (operand == 2) /* the numbers that weigh the columns of both */
        reach_add_all(ret);
    else
        reach_product(changed, operand == 0, true, ret);
}

/* Columns [from, to) of the heads side by side, as columns of each head; and back. */
void op_reach_split_heads(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    (void)call, (void)operand;
    FOR_CHANGED(changed, plane, r, s)
    for (size_t h = s.from / ret->cols; h * ret->cols < s.to; h++) {
        size_t first = h * ret->cols, from = s.from > first ? s.from - first : 0;
        reach_add(ret, h, r, from, s.to - first < ret->cols ? s.to - first : ret->cols);
    }
}

void op_reach_concat_heads(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    (void)call, (void)operand;
    FOR_CHANGED(changed, h, r, s)
    reach_add(ret, 0, r, h * changed->cols + s.from, h * changed->cols + s.to);
}

void op_reach_part_of_rows(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    (void)operand;
    size_t first = (size_t)call->number;
    FOR_CHANGED(changed, h, r, s)
    if (r >= first && r - first < ret->rows)
        reach_add(ret, h, r - first, s.from, s.to);
}

void op_reach_append_rows(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    size_t before = operand == 0 ? 0 : rows_of(call->in[0]);
    FOR_CHANGED(changed, h, r, s)
    reach_add(ret, h, before + r, s.from, s.to);
}

/* The same places in the order of memory. */
void op_reach_view(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    (void)call, (void)operand;
    FOR_CHANGED(changed, h, r, s)
    {
        size_t first = (h * changed->rows + r) * changed->cols, end = first + s.to;
        for (size_t at = first + s.from; at < end;) {
            size_t row = at / ret->cols, from = at % ret->cols;
            size_t n = end - at < ret->cols - from ? end - at : ret->cols - from;
            reach_add(ret, row / ret->rows, row % ret->rows, from, from + n);
            at += n;
        }
    }
}

void op_reach_transpose(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    (void)call, (void)operand;
    FOR_CHANGED(changed, h, r, s)
    for (size_t c = s.from; c < s.to; c++)
        reach_add(ret, h, c, r, r + 1);
}

void op_reach_pairs(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    (void)call, (void)operand;
    FOR_CHANGED(changed, h, r, s)
    reach_add(ret, h, r, s.from & ~(size_t)1, (s.to + (size_t)1) & ~(size_t)1);
}

void op_reach_bias_row(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    (void)call;
    FOR_CHANGED(changed, h, r, s)
    if (operand == 0)
        reach_add_columns(ret, r, 0, ret->cols);
}

void op_reach_distances(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    if (operand == 0)
        op_reach_rows(call, operand, changed, ret);
}

void op_reach_columns(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    (void)call, (void)operand;
    FOR_CHANGED(changed, h, r, s)
    reach_add_columns(ret, h, s.from, s.to);
}

void op_reach_gates(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    if (operand == 0) {
        op_reach_cells(call, operand, changed, ret);
        return;
    }
    struct stretch heads = reach_columns(changed, 0);
    for (size_t h = heads.from; h < heads.to; h++)
        reach_add_columns(ret, h, 0, ret->cols);
}

void op_reach_halves(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    (void)call, (void)operand;
    FOR_CHANGED(changed, h, r, s)
    {
        size_t half = ret->cols;
        if (s.to <= half)
            reach_add(ret, h, r, s.from, s.to);
        else if (s.from >= half)
            reach_add(ret, h, r, s.from - half, s.to - half);
        else
            reach_add(ret, h, r, 0, half);
    }
}

/* A window of the second operand slides over one column of the first. */
void op_reach_windows(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    size_t half = (cols_of(call->in[1]) - 1) / 2;
    FOR_CHANGED(changed, h, r, s)
    {
        if (operand == 1) {
            reach_add_columns(ret, 0, r, r + 1);
            continue;
        }
        size_t last = r + half < ret->rows ? r + half : ret->rows - 1;
        for (size_t at = r > half ? r - half : 0; at <= last; at++)
            reach_add(ret, 0, at, s.from, s.to);
    }
}

/* What of the row that the constant picks has changed. */
static struct stretch picked(const struct op_call *call, const struct reach *changed, size_t h)
{
    return reach_at(changed, h, (size_t)call->number - 1);
}

void op_reach_picked_row(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    if (operand == 0) {
        op_reach_cells(call, operand, changed, ret);
        return;
    }
    for (size_t h = 0; h < ret->heads; h++)
        reach_add_columns(ret, h, picked(call, changed, h).from, picked(call, changed, h).to);
}

void op_reach_row_matmul(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    if (operand == 1) {
        op_reach_columns(call, operand, changed, ret);
        return;
    }
    for (size_t h = 0; h < ret->heads; h++)
        if (picked(call, changed, h).from != picked(call, changed, h).to)
            reach_add_columns(ret, h, 0, ret->cols);
}

void op_reach_outer(const struct op_call *call, int operand, const struct reach *changed, struct reach *ret)
{
    if (operand != 1) {
        op_reach_picked_row(call, operand, changed, ret);
        return;
    }
    for (size_t h = 0; h < ret->heads; h++)
        for (size_t r = picked(call, changed, h).from; r < picked(call, changed, h).to; r++)
            reach_add(ret, h, r, 0, ret->cols);
}
