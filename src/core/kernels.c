/* kernels.c: the inner loops (kernels.h). meson.build compiles this file several times: KERNELS_NAME is the instruction
 * set, and the compiler is told that it may use it.
 *
 * This file is written for speed, which makes it harder to read than others. A product is computed in tiles of the
 * result: TILE_ROWS x 2 registers stay in registers while the inner axis runs, so each number read from memory is used
 * several times. The columns of the result are the lanes of a register; so each cell is a sum of its own, in the order
 * of the inner axis, and the bits do not depend on the width. What the tiles read of the right operand is copied before
 * (a panel): side by side, it is read at the speed of the nearest cache. The other loops are plain C whose iterations do
 * not depend on one another: the compiler makes lanes of them. */
#include "core/kernels.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__AVX512F__)
enum { LANES = 8, TILE_ROWS = 8 };
#elif defined(__AVX2__)
enum { LANES = 4, TILE_ROWS = 4 };
#else
enum { LANES = 2, TILE_ROWS = 4 };
#endif

enum {
    TILE_COLS = 2 * LANES,
    RUN = 256, /* of the inner axis: a tile's part of the left operand stays in the nearest cache */
    SPAN = 128 /* columns of panels: with a run 256 KiB, on the stack */
};

#define INLINE static inline __attribute__((always_inline))

typedef double lanes __attribute__((vector_size(8 * LANES), aligned(8), may_alias));

/* A tile's part of a product: a run of the inner axis. */
struct tile {
    const double *left[TILE_ROWS]; /* where the run begins in each row */
    size_t left_inner;             /* from a number to the next one of the run */
    const double *panel;           /* [n][one or two registers] */
    size_t n;
    bool add;
    double *to; /* the first cell */
    size_t to_row;
};

/* A sum that begins with -0 is its first term, and keeps the sign of a 0, which 0 + -0 would lose. */
INLINE void run_tile(const struct tile *t, size_t rows, size_t registers)
{
    lanes sum[TILE_ROWS][2];
    const double *left[TILE_ROWS];
#pragma GCC unroll 8
    for (size_t r = 0; r < rows; r++) {
        left[r] = t->left[r];
#pragma GCC unroll 2
        for (size_t k = 0; k < registers; k++) {
            sum[r][k] = -(lanes){0};
            if (t->add)
                sum[r][k] = *(const lanes *)(t->to + r * t->to_row + k * LANES);
        }
    }
    const lanes *panel = (const lanes *)t->panel;
    for (size_t i = 0, at = 0; i < t->n; i++, at += t->left_inner, panel += registers) {
        lanes right[2];
#pragma GCC unroll 2
        for (size_t k = 0; k < registers; k++)
            right[k] = panel[k];
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
        for (size_t k = 0; k < registers; k++)
            *(lanes *)(t->to + r * t->to_row + k * LANES) = sum[r][k];
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
static void (*const run_8[])(const struct tile *t) = {run_8_1, run_8_2};
#endif
static void (*const run_4[])(const struct tile *t) = {run_4_1, run_4_2};
static void (*const run_2[])(const struct tile *t) = {run_2_1, run_2_2};
static void (*const run_1[])(const struct tile *t) = {run_1_1, run_1_2};

/* The rows of the next tile of so many rows that are left. */
static size_t rows_of_tile(size_t left)
{
    if (left >= TILE_ROWS)
        return TILE_ROWS;
    return left > 4 ? TILE_ROWS : left > 2 ? 4 : left;
}

static void run_rows(const struct tile *t, size_t rows, size_t registers)
{
#if defined(__AVX512F__)
    if (rows == 8) {
        run_8[registers - 1](t);
        return;
    }
#endif
    /* Not one of three tables by a condition: a sanitizer takes the size of another for that of the one that is read. */
    if (rows == 4)
        run_4[registers - 1](t);
    else if (rows == 2)
        run_2[registers - 1](t);
    else
        run_1[registers - 1](t);
}

/* The columns c .. c + cols - 1 of a run, as [n][width] of at most TILE_COLS: what is too wide is 0. */
static void pack_panel(const struct product *p, size_t i, size_t n, size_t c, size_t cols, size_t width, double *panel)
{
    const double *from = p->right + i * p->right_inner + c * p->right_col;
    if (cols < width)
        memset(panel, 0, n * width * sizeof *panel);
    if (p->right_col == 1 && cols == TILE_COLS) {
        for (size_t k = 0; k < n; k++)
            memcpy(panel + k * TILE_COLS, from + k * p->right_inner, TILE_COLS * sizeof *panel);
    } else if (cols == TILE_COLS) {
        size_t col = p->right_col;
        for (size_t k = 0; k < n; k++, from += p->right_inner)
            for (size_t j = 0; j < TILE_COLS; j++)
                panel[k * TILE_COLS + j] = from[j * col];
    } else {
        for (size_t k = 0; k < n; k++)
            for (size_t j = 0; j < cols; j++)
                panel[k * width + j] = from[k * p->right_inner + j * p->right_col];
    }
}

/* A tile whose rows or columns are too few for the registers is computed beside and copied: what is too much is a
 * row computed again, and columns of zeros. */
static void run_edge(struct tile t, size_t tile_rows, size_t rows, size_t registers, size_t cols)
{
    double beside[TILE_ROWS * TILE_COLS], *to = t.to;
    for (size_t r = 0; r < tile_rows && t.add; r++)
        for (size_t c = 0; c < registers * LANES; c++)
            beside[r * TILE_COLS + c] = r < rows && c < cols ? to[r * t.to_row + c] : 0;
    size_t to_row = t.to_row;
    t.to = beside;
    t.to_row = TILE_COLS;
    run_rows(&t, tile_rows, registers);
    for (size_t r = 0; r < rows; r++)
        memcpy(to + r * to_row, beside + r * TILE_COLS, cols * sizeof *to);
}

/* Add the run i .. i + n - 1 to the columns c .. c + cols - 1 of all rows, from the panels of these columns. */
static void run_panels(const struct product *p, size_t i, size_t n, size_t c, size_t cols, const double *panels)
{
    for (size_t r = 0, rows; r < p->rows; r += rows) {
        size_t tile_rows = rows_of_tile(p->rows - r);
        rows = tile_rows < p->rows - r ? tile_rows : p->rows - r;
        struct tile t = {.left_inner = p->left_inner, .n = n, .add = p->add || i > 0, .to_row = p->out_row};
        for (size_t k = 0; k < tile_rows; k++)
            t.left[k] = p->left + (r + (k < rows ? k : rows - 1)) * p->left_row + i * p->left_inner;
        t.panel = panels;
        for (size_t j = 0; j < cols; j += TILE_COLS) {
            size_t wide = cols - j < TILE_COLS ? cols - j : TILE_COLS, registers = wide > LANES ? 2 : 1;
            t.to = p->out + r * p->out_row + c + j;
            if (rows == tile_rows && wide == registers * LANES)
                run_rows(&t, tile_rows, registers);
            else
                run_edge(t, tile_rows, rows, registers, wide);
            t.panel += n * registers * LANES;
        }
    }
}

/* ---- products of few rows ---- */

/* Where the rows are few, a panel would be written to be read once or twice. The right operand is read where it is
 * instead, some of its rows side by side, and the sums of some columns wait in the nearest cache: in an array whose rows
 * do not lie a power of two apart, for a store holds up loads of addresses that end in the same twelve bits. */
enum { FEW_ROWS = 16, AT_ONCE = 8, FEW_SPAN = 256, FEW_WIDTH = FEW_SPAN + 8 };

/* Add `n` products (a number that the compiler knows), from i on, to the cells of the columns from `first` on. */
INLINE void add_products(const struct product *p, size_t i, size_t n, size_t first, size_t cols,
                         double sums[FEW_ROWS * FEW_WIDTH])
{
    const double *from = p->right + i * p->right_inner + first, *left = p->left + i * p->left_inner;
    size_t c = 0;
    for (; c + LANES <= cols; c += LANES) {
        lanes right[AT_ONCE];
#pragma GCC unroll 8
        for (size_t j = 0; j < n; j++)
            right[j] = *(const lanes *)(from + j * p->right_inner + c);
        for (size_t r = 0; r < p->rows; r++) {
            lanes *to = (lanes *)&sums[r * FEW_WIDTH + c], sum = *to;
#pragma GCC unroll 8
            for (size_t j = 0; j < n; j++)
                sum += left[r * p->left_row + j * p->left_inner] * right[j];
            *to = sum;
        }
    }
    for (; c < cols; c++)
        for (size_t r = 0; r < p->rows; r++)
            for (size_t j = 0; j < n; j++)
                sums[r * FEW_WIDTH + c] += left[r * p->left_row + j * p->left_inner] * from[j * p->right_inner + c];
}

static void product_of_few_rows(const struct product *p)
{
    _Alignas(64) double sums[FEW_ROWS * FEW_WIDTH];
    for (size_t c = 0, cols; c < p->cols; c += cols) {
        cols = p->cols - c < FEW_SPAN ? p->cols - c : FEW_SPAN;
        for (size_t r = 0; r < p->rows; r++)
            for (size_t k = 0; k < cols; k++)
                sums[r * FEW_WIDTH + k] = p->add ? p->out[r * p->out_row + c + k] : -0.0;
        size_t i = 0;
        for (; i + AT_ONCE <= p->inner; i += AT_ONCE)
            add_products(p, i, AT_ONCE, c, cols, sums);
        for (; i < p->inner; i++)
            add_products(p, i, 1, c, cols, sums);
        for (size_t r = 0; r < p->rows; r++)
            memcpy(p->out + r * p->out_row + c, sums + r * FEW_WIDTH, cols * sizeof *sums);
    }
}

static void product(const struct product *p)
{
    if (p->rows <= FEW_ROWS && p->right_col == 1 && p->cols * p->inner > SPAN * LANES) {
        product_of_few_rows(p);
        return;
    }
    _Alignas(64) double panels[RUN * SPAN];
    for (size_t c = 0; c < p->cols; c += SPAN)
        for (size_t i = 0; i < p->inner; i += RUN) {
            size_t cols = p->cols - c < SPAN ? p->cols - c : SPAN, n = p->inner - i < RUN ? p->inner - i : RUN;
            double *to = panels;
            for (size_t j = 0; j < cols; j += TILE_COLS) {
                size_t wide = cols - j < TILE_COLS ? cols - j : TILE_COLS, width = wide > LANES ? TILE_COLS : LANES;
                pack_panel(p, i, n, c + j, wide, width, to);
                to += n * width;
            }
            run_panels(p, i, n, c, cols, panels);
        }
}

/* ---- cell by cell ---- */

static bool all_finite(const double *v, size_t n)
{
    const uint64_t exponent = 0x7ff0000000000000u;
    uint64_t odd = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &v[i], sizeof bits);
        odd |= (bits & exponent) == exponent;
    }
    return !odd;
}

/* Dividing by a power of two is to multiply by its inverse, to the bit, and ten times as quick. */
static void divide(const double *x, double by, double *y, size_t n)
{
    int exponent;
    if (fabs(frexp(by, &exponent)) == 0.5 && exponent > -1000 && exponent < 1000) {
        double inverse = 1 / by;
        for (size_t i = 0; i < n; i++)
            y[i] = x[i] * inverse;
        return;
    }
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] / by;
}

/* 2^k of the whole number k that stands in the lowest bits of `shifted`. */
INLINE double two_to(double shifted)
{
    uint64_t bits;
    double power;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + 1023) << 52;
    memcpy(&power, &bits, sizeof power);
    return power;
}

/* e^t = 2^k e^r with k = rint(t / ln 2), so |r| <= ln 2 / 2, and e^r by its series up to r^13 / 13!, whose rest is
 * below 2^-57. ln 2 is taken in two parts, of which k times the first is exact. 2^k comes in two factors, so that a
 * result below the smallest normal number is rounded once. NaN stays NaN: comparisons with it are false. */
INLINE double exp_of(double t)
{
    const double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33, log2_e = 0x1.71547652b82fep+0;
    const double whole = 0x1.8p52; /* adding it rounds to a whole number, which then stands in the lowest bits */
    t = t < -746 ? -746 : t;
    t = t > 710 ? 710 : t;
    double k = t * log2_e + whole - whole;
    double r = (t - k * ln2_high) - k * ln2_low;
    double q = 1.0 / 6227020800;
    q = q * r + 1.0 / 479001600;
    q = q * r + 1.0 / 39916800;
    q = q * r + 1.0 / 3628800;
    q = q * r + 1.0 / 362880;
    q = q * r + 1.0 / 40320;
    q = q * r + 1.0 / 5040;
    q = q * r + 1.0 / 720;
    q = q * r + 1.0 / 120;
    q = q * r + 1.0 / 24;
    q = q * r + 1.0 / 6;
    q = q * r + 0.5;
    double power = 1 + (r + r * r * q);
    double half = k * 0.5 + whole, rest = k - (half - whole) + whole;
    return power * two_to(half) * two_to(rest);
}

static void exp_shifted(const double *restrict x, double shift, double *restrict y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = exp_of(x[i] - shift);
}

/* ---- along rows ---- */

/* Some rows at once: in one row each number waits for the one before it, which takes longer than to add it. */
enum { ROWS_AT_ONCE = 8 };

#define FOLD_ROWS(name, fold)                                                                                          \
    static void name(const double *x, size_t rows, size_t n, double *ret)                                              \
    {                                                                                                                  \
        for (; rows >= ROWS_AT_ONCE; rows -= ROWS_AT_ONCE, x += ROWS_AT_ONCE * n, ret += ROWS_AT_ONCE) {               \
            double a[ROWS_AT_ONCE];                                                                                    \
            for (size_t k = 0; k < ROWS_AT_ONCE; k++)                                                                  \
                a[k] = x[k * n];                                                                                       \
            for (size_t i = 1; i < n; i++)                                                                             \
                for (size_t k = 0; k < ROWS_AT_ONCE; k++)                                                              \
                    a[k] = fold(a[k], x[k * n + i]);                                                                   \
            memcpy(ret, a, sizeof a);                                                                                  \
        }                                                                                                              \
        for (; rows > 0; rows--, x += n, ret++) {                                                                      \
            double a = x[0];                                                                                           \
            for (size_t i = 1; i < n; i++)                                                                             \
                a = fold(a, x[i]);                                                                                     \
            *ret = a;                                                                                                  \
        }                                                                                                              \
    }
#define SUM(a, b)    (a) + (b)
#define LARGER(a, b) (b) > (a) ? (b) : (a)
FOLD_ROWS(row_sums, SUM)
FOLD_ROWS(row_maxima, LARGER)

#define JOIN_(a, b) a##b
#define JOIN(a, b)  JOIN_(a, b)
#define TEXT_(a)    #a
#define TEXT(a)     TEXT_(a)
extern const struct kernels JOIN(kernels_, KERNELS_NAME);
const struct kernels JOIN(kernels_, KERNELS_NAME) = {.name = TEXT(KERNELS_NAME),
                                                     .product = product,
                                                     .all_finite = all_finite,
                                                     .divide = divide,
                                                     .exp_shifted = exp_shifted,
                                                     .row_sums = row_sums,
                                                     .row_maxima = row_maxima};
