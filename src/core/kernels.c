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

static void exp_shifted(const double *x, double shift, double *y, size_t n)
{
    /* x and y may be the same, and do not overlap otherwise. */
#if defined(__clang__)
#pragma clang loop vectorize(assume_safety)
#else
#pragma GCC ivdep
#endif
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
