/* kernels.h: the loops in which nearly all the time of a forward and a backward pass goes, for registers of several
 * widths.
 *
 * kernels.c and kernels_product.c are compiled once for each instruction set that the compiler knows (meson.build); kernels_best() is the
 * widest that this machine has. All give the same bits, on every machine: a sum adds its terms one by one in their
 * order, products are rounded before they are added, and only numbers that do not depend on one another are computed at
 * the same time. kernels_test.c holds them to it. */
#ifndef QKV_CORE_KERNELS_H
#define QKV_CORE_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

/* out[r, c] = sum over i of left[r, i] * right[i, c], i ascending. Each matrix has the distances, in numbers, from a row
 * and from a column to the next, so a transposed one is read where it is; out's columns lie side by side. */
struct product {
    size_t rows, cols, inner;
    const double *left;
    size_t left_row, left_inner;
    const double *right;
    size_t right_inner, right_col;
    double *out;
    size_t out_row;
    /* A sum begins with what out holds, with 0, or else with its first product: this one keeps the sign of a 0. */
    bool add, from_zero;
};

struct kernels {
    const char *name; /* "avx2" */
    void (*product)(const struct product *p);
    bool (*all_finite)(const double *v, size_t n);
    void (*divide)(const double *x, double by, double *y, size_t n); /* y = x / by */
    /* y += x / by, or where `fresh`, y = 0 + x / by. */
    void (*add_quotients)(const double *x, double by, bool fresh, double *y, size_t n);
    /* y = e^(x - shift), within 1 unit in the last place: 0.79 is the most found. The C library's exp is as near, but
     * its last bit depends on the machine. y may be x. */
    void (*exp_shifted)(const double *x, double shift, double *y, size_t n);
    /* The sum, from the first to the last, and the first largest of each of `rows` rows of n numbers that lie one after
     * the other; n is at least 1. */
    void (*row_sums)(const double *x, size_t rows, size_t n, double *sum);
    void (*row_maxima)(const double *x, size_t rows, size_t n, double *largest);
    /* Take a * b off sum, one product after the other, for each of such rows of both. */
    void (*subtract_products)(const double *a, const double *b, size_t rows, size_t n, double *sum);
};

/* e^x with the bits of exp_shifted: what is said of a cell is computed as the cell is. */
double exponential(double x);

const struct kernels *kernels_best(void);

/* The i-th variant that this machine can run, from 0, the plain one; NULL: there are no more. */
const struct kernels *kernels_variant(size_t i);

#endif
