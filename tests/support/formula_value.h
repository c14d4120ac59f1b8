/* formula_value.h: numbers and matrices of the formulas' reader, with the shapes that a person checks: a product of
 * n x d and d x 1 is n x 1, a sum wants equal shapes, or a number, or one row that a small letter names, for every row.
 */
#ifndef QKV_TESTS_FORMULA_VALUE_H
#define QKV_TESTS_FORMULA_VALUE_H

#include "support/formula_tree.h"

/* A matrix; a number is a matrix of 1 x 1. */
struct formula_value {
    size_t rows, cols;
    double *v;    /* row-major; lives until the reader's memory is released */
    bool number;  /* a number, not a matrix that happens to be 1 x 1 */
    bool literal; /* written as a number: it may be added to every cell */
    bool vector;  /* named by a small letter: one row (with tokens as columns one column), the same for all */
    size_t width; /* of the result of argmax: among how many */
};

/* What formulas are evaluated with: memory, how tokens stand, and the first complaint. */
struct formula_work {
    double *memory;
    size_t used, size;
    bool columns; /* a token is a column */
    char *why;    /* 200 bytes; "": nothing is wrong */
};

void formula_wrong(struct formula_work *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct formula_value formula_number(struct formula_work *w, double x);
struct formula_value formula_matrix(struct formula_work *w, size_t rows, size_t cols);
struct formula_value formula_transposed(struct formula_work *w, struct formula_value a);
struct formula_value formula_binary(struct formula_work *w, enum formula_kind kind, struct formula_value a,
                                    struct formula_value b);

/* Functions of a matrix by itself: "tanh", "softmax"...; false: it is none of these. */
bool formula_function(struct formula_work *w, const char *name, struct formula_value a, struct formula_value *ret);

/* Functions with another argument: "mask", "conv", "depthwise". */
bool formula_function_of_two(struct formula_work *w, const char *name, struct formula_value a, struct formula_value b,
                             struct formula_value *ret);

/* The rotation of a place, by the angles of place - 1 for each pair: [d, d], for a vector that is a column. */
struct formula_value formula_rotation(struct formula_work *w, double turns, size_t d);

/* Sine and cosine of places: [rows, cols]. */
struct formula_value formula_waves(struct formula_work *w, size_t rows, size_t cols);

#endif
