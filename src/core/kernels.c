/* kernels.c: the inner loops (kernels.h) that go cell by cell and along rows; kernels_product.c has the products.
 * meson.build compiles both several times: KERNELS_NAME is the instruction set, and the compiler is told that it may use
 * it. These loops are plain C whose iterations do not depend on one another: the compiler makes lanes of them. */
#include "core/kernels.h"
#include "core/kernels_lanes.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* ---- cell by cell ---- */

static bool all_finite(const double *v, size_t n)
{
    const uint64_t exponent = 0x7ff0000000000000u;
    uint64_t carried = 0; /* into the sign, by an exponent of ones alone */
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &v[i], sizeof bits);
        carried |= (bits & exponent) + (exponent & -exponent);
    }
    return !(carried >> 63);
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

static void add_quotients(const double *restrict x, double by, bool fresh, double *restrict y, size_t n)
{
    int exponent;
    if (fabs(frexp(by, &exponent)) == 0.5 && exponent > -1000 && exponent < 1000) {
        double inverse = 1 / by;
        for (size_t i = 0; i < n; i++)
            y[i] = (fresh ? 0 : y[i]) + x[i] * inverse;
        return;
    }
    for (size_t i = 0; i < n; i++)
        y[i] = (fresh ? 0 : y[i]) + x[i] / by;
}

/* e^t = 2^k e^r with k = rint(t / ln 2), so |r| <= ln 2 / 2, and e^r by its series up to r^13 / 13!, whose rest is
 * below 2^-57. ln 2 is taken in two parts, of which k times the first is exact. 2^k comes in two factors, so that a
 * result below the smallest normal number is rounded once. NaN stays NaN: comparisons with it are false. Each step of a
 * series waits for the one before it: so EXP_AT_ONCE registers go through it side by side. */
enum { EXP_AT_ONCE = 4 };

typedef int64_t choice_lanes __attribute__((vector_size(8 * LANES), aligned(8), may_alias));
typedef uint64_t bits_lanes __attribute__((vector_size(8 * LANES), aligned(8), may_alias));

#define ALL(x)    ((x) - (lanes){0}) /* in every lane */
#define EACH      _Pragma("GCC unroll 4") for (size_t v = 0; v < EXP_AT_ONCE; v++)
#define SERIES(x) EACH q[v] = q[v] * r[v] + (x)

INLINE lanes choose(choice_lanes where, double yes, lanes no)
{
    return (lanes)((where & (choice_lanes)ALL(yes)) | (~where & (choice_lanes)no));
}

/* 2^k of the whole numbers k that stand in the lowest bits of `shifted`. */
INLINE lanes two_to(lanes shifted)
{
    return (lanes)(((bits_lanes)shifted + 1023) << 52);
}

INLINE void exp_of(lanes t[EXP_AT_ONCE])
{
    const double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33, log2_e = 0x1.71547652b82fep+0;
    const double whole = 0x1.8p52; /* adding it rounds to a whole number, which then stands in the lowest bits */
    lanes k[EXP_AT_ONCE], r[EXP_AT_ONCE], q[EXP_AT_ONCE];
    EACH t[v] = choose(t[v] < -746, -746, t[v]);
    EACH t[v] = choose(t[v] > 710, 710, t[v]);
    EACH k[v] = t[v] * log2_e + whole - whole;
    EACH r[v] = (t[v] - k[v] * ln2_high) - k[v] * ln2_low;
    EACH q[v] = ALL(1.0 / 6227020800);
    SERIES(1.0 / 479001600);
    SERIES(1.0 / 39916800);
    SERIES(1.0 / 3628800);
    SERIES(1.0 / 362880);
    SERIES(1.0 / 40320);
    SERIES(1.0 / 5040);
    SERIES(1.0 / 720);
    SERIES(1.0 / 120);
    SERIES(1.0 / 24);
    SERIES(1.0 / 6);
    SERIES(0.5);
    EACH q[v] = 1 + (r[v] + r[v] * r[v] * q[v]);
    EACH r[v] = k[v] * 0.5 + whole;
    EACH t[v] = q[v] * two_to(r[v]) * two_to(k[v] - (r[v] - whole) + whole);
}

static void exp_shifted(const double *x, double shift, double *y, size_t n)
{
    enum { STEP = EXP_AT_ONCE * LANES };
    size_t i = 0;
    lanes t[EXP_AT_ONCE];
    for (; i + STEP <= n; i += STEP) {
        EACH t[v] = *(const lanes *)(x + i + v * LANES) - shift;
        exp_of(t);
        EACH *(lanes *)(y + i + v * LANES) = t[v];
    }
    size_t left = n - i;
    if (left == 0)
        return;
    EACH t[v] = v * LANES < left
                    ? load_some(x + i + v * LANES, left - v * LANES < LANES ? left - v * LANES : LANES) - shift
                    : ALL(0);
    exp_of(t);
    EACH if (v * LANES < left) store_some(y + i + v * LANES, t[v], left - v * LANES < LANES ? left - v * LANES : LANES);
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

static void subtract_products(const double *a, const double *b, size_t rows, size_t n, double *sum)
{
    for (; rows >= ROWS_AT_ONCE; rows -= ROWS_AT_ONCE, a += ROWS_AT_ONCE * n, b += ROWS_AT_ONCE * n) {
        double s[ROWS_AT_ONCE];
        memcpy(s, sum, sizeof s);
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < ROWS_AT_ONCE; k++)
                s[k] -= a[k * n + i] * b[k * n + i];
        memcpy(sum, s, sizeof s);
        sum += ROWS_AT_ONCE;
    }
    for (; rows > 0; rows--, a += n, b += n, sum++)
        for (size_t i = 0; i < n; i++)
            *sum -= a[i] * b[i];
}

#define TEXT_(a) #a
#define TEXT(a)  TEXT_(a)
extern const struct kernels KERNEL(kernels);
const struct kernels KERNEL(kernels) = {.name = TEXT(KERNELS_NAME),
                                        .product = KERNEL(product),
                                        .all_finite = all_finite,
                                        .divide = divide,
                                        .add_quotients = add_quotients,
                                        .exp_shifted = exp_shifted,
                                        .row_sums = row_sums,
                                        .row_maxima = row_maxima,
                                        .subtract_products = subtract_products};
