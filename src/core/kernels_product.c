/* kernels_product.c: the inner loops of a product (kernels.h), compiled for each instruction set as kernels.c is.
 *
 * This file is written for speed, which makes it harder to read than others. The columns of the result are the lanes of
 * a register; so each cell is a sum of its own, in the order of the inner axis, and the bits do not depend on the width.
 * The result is computed in tiles: TILE_ROWS x 2 registers of it stay in registers while a run of the inner axis goes by,
 * so each number read from memory is used several times. What tiles read of the right operand is copied before into
 * panels, in the order in which it is read, and so are the columns of a left operand that is turned: read there, they are
 * read at the speed of the nearest caches. Between two runs the sums wait in the result. */
#include "core/kernels.h"
#include "core/kernels_lanes.h"

#include <string.h>

#if defined(__AVX512F__)
enum { TILE_ROWS = 8 };
#else
enum { TILE_ROWS = 4 };
#endif

enum {
    TILE_COLS = 2 * LANES,
    RUN = 256,      /* of the inner axis: a tile's part of the left operand stays in the nearest cache */
    SPAN = 256,     /* columns of panels: with a run 512 KiB, on the stack */
    BLOCK_ROWS = 64 /* of a turned left operand: with a run 128 KiB, on the stack */
};

/* ---- tiles ---- */

/* A tile's part of a product: a run of the inner axis. */
struct tile {
    const double *left[TILE_ROWS]; /* where the run begins in each row */
    size_t left_inner;             /* from a number to the next one of the run */
    const double *panel;           /* n rows of one or two registers */
    size_t panel_row, n;
    bool add;
    double begin;
    double *to; /* the first cell */
    size_t to_row;
    size_t last; /* columns of the last register */
};

INLINE void run_tile(const struct tile *t, size_t rows, size_t registers)
{
    lanes sum[TILE_ROWS][2];
    const double *left[TILE_ROWS];
#pragma GCC unroll 8
    for (size_t r = 0; r < rows; r++) {
        left[r] = t->left[r];
#pragma GCC unroll 2
        for (size_t k = 0; k < registers; k++) {
            const double *from = t->to + r * t->to_row + k * LANES;
            sum[r][k] = t->begin - (lanes){0};
            if (t->add)
                sum[r][k] = k + 1 < registers || t->last == LANES ? *(const lanes *)from : load_some(from, t->last);
        }
    }
    const double *panel = t->panel;
    for (size_t i = 0, at = 0; i < t->n; i++, at += t->left_inner, panel += t->panel_row) {
        lanes right[2];
#pragma GCC unroll 2
        for (size_t k = 0; k < registers; k++)
            right[k] = *(const lanes *)(panel + k * LANES);
#pragma GCC unroll 8
        for (size_t r = 0; r < rows; r++) {
            double factor = left[r][at];
#pragma GCC unroll 2
            for (size_t k = 0; k < registers; k++)
                sum[r][k] += factor * right[k];
        }
    }
#pragma GCC unroll 8
    for (size_t r = 0; r < rows; r++)
#pragma GCC unroll 2
        for (size_t k = 0; k < registers; k++) {
            double *to = t->to + r * t->to_row + k * LANES;
            if (k + 1 < registers || t->last == LANES)
                *(lanes *)to = sum[r][k];
            else
                store_some(to, sum[r][k], t->last);
        }
}

/* A function for each number of rows and registers, so that the compiler knows them. */
#define RUN_TILE(rows, registers)                                                                                      \
    static __attribute__((noinline)) void run_##rows##_##registers(const struct tile *t)                               \
    {                                                                                                                  \
        run_tile(t, rows, registers);                                                                                  \
    }
RUN_TILE(1, 1)
RUN_TILE(1, 2)
RUN_TILE(2, 1)
RUN_TILE(2, 2)
RUN_TILE(4, 1)
RUN_TILE(4, 2)
#if defined(__AVX512F__)
RUN_TILE(8, 1)
RUN_TILE(8, 2)
#endif

/* The rows of the next tile of so many rows that are left. */
static size_t rows_of_tile(size_t left)
{
    return left >= TILE_ROWS ? TILE_ROWS : left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

static void run_rows(const struct tile *t, size_t rows, size_t registers)
{
    switch (2 * rows + registers) {
#if defined(__AVX512F__)
    case 18:
        run_8_2(t);
        break;
    case 17:
        run_8_1(t);
        break;
#endif
    case 10:
        run_4_2(t);
        break;
    case 9:
        run_4_1(t);
        break;
    case 6:
        run_2_2(t);
        break;
    case 5:
        run_2_1(t);
        break;
    case 4:
        run_1_2(t);
        break;
    default:
        run_1_1(t);
    }
}

/* Run a tile over the columns of a row of panels, or of the right operand itself. */
static void run_columns(struct tile *t, size_t rows, size_t cols, size_t panel_step)
{
    for (; cols > TILE_COLS; cols -= TILE_COLS, t->to += TILE_COLS, t->panel += panel_step) {
        t->last = LANES;
        run_rows(t, rows, 2);
    }
    size_t registers = cols > LANES ? 2 : 1;
    t->last = cols - (registers - 1) * LANES;
    run_rows(t, rows, registers);
}

/* A sum that begins with -0 is its first term, and keeps the sign of a 0, which 0 + -0 would lose. */
static double begin_of(const struct product *p)
{
    return p->from_zero ? 0.0 : -0.0;
}

/* A tile of the first row and column c, before it has rows. */
static struct tile tile_of(const struct product *p, size_t i, size_t n, size_t c, const double *panel, size_t panel_row)
{
    return (struct tile){.left_inner = p->left_inner,
                         .panel = panel,
                         .panel_row = panel_row,
                         .n = n,
                         .add = p->add || i > 0,
                         .begin = begin_of(p),
                         .to = p->out + c,
                         .to_row = p->out_row};
}

/* ---- copies in the order in which tiles read ---- */

/* `rows` rows of n numbers become n rows: to[i][r] = from[r][i], and zeros where the last register is not full. */
static void pack_turned(const double *from, size_t from_row, size_t rows, size_t n, double *to)
{
    size_t r = 0;
    for (; r + LANES <= rows; r += LANES) {
        size_t i = 0;
        for (; i + LANES <= n; i += LANES) {
            lanes square[LANES];
            load_turned(from + r * from_row + i, from_row, square);
#pragma GCC unroll 8
            for (size_t k = 0; k < LANES; k++)
                *(lanes *)(to + (i + k) * TILE_COLS + r) = square[k];
        }
        for (; i < n; i++)
            for (size_t k = 0; k < LANES; k++)
                to[i * TILE_COLS + r + k] = from[(r + k) * from_row + i];
    }
    for (size_t i = 0; i < n && r < rows; i++)
        for (size_t k = 0; k < LANES; k++)
            to[i * TILE_COLS + r + k] = r + k < rows ? from[(r + k) * from_row + i] : 0;
}

/* The same of numbers that lie in the wanted order already: n rows of `cols`. */
INLINE void pack_straight(const double *from, size_t from_row, size_t cols, size_t n, double *to, size_t to_row)
{
    size_t whole = cols / LANES, last = cols % LANES;
    for (size_t i = 0; i < n; i++, from += from_row, to += to_row) {
        for (size_t k = 0; k < whole; k++)
            *(lanes *)(to + k * LANES) = *(const lanes *)(from + k * LANES);
        if (last > 0)
            *(lanes *)(to + whole * LANES) = load_some(from + whole * LANES, last);
    }
}

/* The columns c .. c + cols - 1 of a run, panel by panel, each of n * TILE_COLS numbers. */
static void pack_panels(const struct product *p, size_t i, size_t n, size_t c, size_t cols, double *to)
{
    for (size_t j = 0; j < cols; j += TILE_COLS, to += n * TILE_COLS) {
        size_t wide = cols - j < TILE_COLS ? cols - j : TILE_COLS;
        const double *from = p->right + i * p->right_inner + (c + j) * p->right_col;
        if (p->right_col == 1 && wide == TILE_COLS)
            pack_straight(from, p->right_inner, TILE_COLS, n, to, TILE_COLS);
        else if (p->right_col == 1)
            pack_straight(from, p->right_inner, wide, n, to, TILE_COLS);
        else
            pack_turned(from, p->right_col, wide, n, to);
    }
}

/* ---- many rows ---- */

enum { FEW_ROWS = 16 };

/* Some rows of a turned left operand, copied: n rows of them. */
enum { LEFT_WIDTH = BLOCK_ROWS + 8 }; /* not a power of two, which would put them into the same places of the cache */

/* Add the run i .. i + n - 1 to a span of columns, whose first cell in the first row is `to`; `panel` is the first one,
 * and the others follow after `panel_step` numbers each. */
static void run_span(const struct product *p, size_t i, size_t cols, struct tile *t, size_t panel_step)
{
    const double *panel = t->panel;
    double *to = t->to;
    for (size_t r = 0, rows; r < p->rows; r += rows) {
        rows = rows_of_tile(p->rows - r);
        for (size_t k = 0; k < rows; k++)
            t->left[k] = p->left + (r + k) * p->left_row + i * p->left_inner;
        t->panel = panel;
        t->to = to + r * p->out_row;
        run_columns(t, rows, cols, panel_step);
    }
}

/* The same where the left operand is turned: of some rows at a time, from a copy of their columns. */
static void run_span_turned(const struct product *p, size_t i, size_t cols, struct tile *t, size_t panel_step)
{
    _Alignas(64) double left[RUN * LEFT_WIDTH];
    const double *panel = t->panel;
    for (size_t r = 0; r < p->rows; r += BLOCK_ROWS) {
        struct product block = *p;
        block.rows = p->rows - r < BLOCK_ROWS ? p->rows - r : BLOCK_ROWS;
        pack_straight(p->left + r + i * p->left_inner, p->left_inner, block.rows, t->n, left, LEFT_WIDTH);
        block.left = left;
        block.left_inner = t->left_inner = LEFT_WIDTH;
        struct tile of_block = *t;
        of_block.to = t->to + r * p->out_row;
        of_block.panel = panel;
        run_span(&block, 0, cols, &of_block, panel_step);
    }
}

static __attribute__((noinline)) void product_by_panels(const struct product *p)
{
    _Alignas(64) double panels[RUN * SPAN];
    const size_t span = p->rows <= FEW_ROWS ? TILE_COLS : SPAN;
    for (size_t c = 0; c < p->cols; c += span)
        for (size_t i = 0; i < p->inner; i += RUN) {
            size_t cols = p->cols - c < span ? p->cols - c : span, n = p->inner - i < RUN ? p->inner - i : RUN;
            struct tile t = tile_of(p, i, n, c, panels, TILE_COLS);
            pack_panels(p, i, n, c, cols, panels);
            if (p->left_row == 1 && p->left_inner != 1)
                run_span_turned(p, i, cols, &t, n * TILE_COLS);
            else
                run_span(p, i, cols, &t, n * TILE_COLS);
        }
}

/* ---- few rows ---- */

/* Where the rows are few, a panel would be written to be read once or twice. The right operand is read where it is
 * instead, some of its rows side by side, and the sums of some columns wait in the nearest cache: in an array whose rows
 * do not lie a power of two apart, for a store holds up loads of addresses that end in the same twelve bits. */
enum { AT_ONCE = 8, FEW_SPAN = 256, FEW_WIDTH = FEW_SPAN + 8 };

/* Add n products (a number that the compiler knows), from i on, to the cells of the columns from `first` on. */
INLINE void add_products(const struct product *p, size_t i, size_t n, size_t first, size_t cols, double *sums)
{
    const double *from = p->right + i * p->right_inner + first;
    double factors[FEW_ROWS][AT_ONCE];
    for (size_t r = 0; r < p->rows; r++)
        for (size_t j = 0; j < n; j++)
            factors[r][j] = p->left[r * p->left_row + (i + j) * p->left_inner];
    for (size_t c = 0; c < cols; c += LANES) {
        size_t wide = cols - c < LANES ? cols - c : LANES;
        lanes right[AT_ONCE];
#pragma GCC unroll 8
        for (size_t j = 0; j < n; j++) {
            right[j] = wide == LANES ? *(const lanes *)(from + j * p->right_inner + c)
                                     : load_some(from + j * p->right_inner + c, wide);
            __builtin_prefetch(from + (j + n) * p->right_inner + c, 0, 2);
        }
        for (size_t r = 0; r < p->rows; r++) {
            lanes *to = (lanes *)&sums[r * FEW_WIDTH + c], sum = *to;
#pragma GCC unroll 8
            for (size_t j = 0; j < n; j++)
                sum += factors[r][j] * right[j];
            *to = sum;
        }
    }
}

static void product_of_few_rows(const struct product *p)
{
    _Alignas(64) double sums[FEW_ROWS * FEW_WIDTH];
    for (size_t c = 0, cols; c < p->cols; c += cols) {
        cols = p->cols - c < FEW_SPAN ? p->cols - c : FEW_SPAN;
        for (size_t r = 0; r < p->rows; r++)
            for (size_t k = 0; k < cols; k++)
                sums[r * FEW_WIDTH + k] = p->add ? p->out[r * p->out_row + c + k] : begin_of(p);
        size_t i = 0;
        for (; i + AT_ONCE <= p->inner; i += AT_ONCE)
            add_products(p, i, AT_ONCE, c, cols, sums);
        for (; i < p->inner; i++)
            add_products(p, i, 1, c, cols, sums);
        for (size_t r = 0; r < p->rows; r++)
            memcpy(p->out + r * p->out_row + c, sums + r * FEW_WIDTH, cols * sizeof *sums);
    }
}

/* ---- small products ---- */

/* The right operand is in the nearest cache, or soon is: it is read where it is, or made one panel after the other. */
enum { SMALL = 2048 };

static void small_product(const struct product *p)
{
    _Alignas(64) double panel[SMALL + TILE_COLS];
    bool straight = p->right_col == 1 && p->cols % LANES == 0;
    struct tile t = tile_of(p, 0, p->inner, 0, p->right, p->right_inner);
    for (size_t c = 0; c < p->cols && straight; c = p->cols)
        run_span(p, 0, p->cols, &t, TILE_COLS);
    for (size_t c = 0; c < p->cols && !straight; c += TILE_COLS) {
        size_t cols = p->cols - c < TILE_COLS ? p->cols - c : TILE_COLS;
        t = tile_of(p, 0, p->inner, c, panel, TILE_COLS);
        pack_panels(p, 0, p->inner, c, cols, panel);
        run_span(p, 0, cols, &t, 0);
    }
}

void KERNEL(product)(const struct product *p)
{
    bool small = p->inner * TILE_COLS <= SMALL && p->inner * p->cols <= SMALL;
    if (p->rows <= FEW_ROWS && small)
        small_product(p);
    else if (p->rows <= FEW_ROWS && p->right_col == 1)
        product_of_few_rows(p);
    else
        product_by_panels(p);
}
