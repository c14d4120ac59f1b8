/* formula_reader.h: is what a formula says true? The formula is read (formula_tree.h), evaluated on the values of the
 * matrices that it names, its shapes are checked as a person checks them, and the result is compared.
 *
 * What it knows of names, as the notation says (scene/text.h):
 *   Q_h, S_(scaled,2)   a matrix, or one plane of it for each head: everything is read head by head
 *   S_ij                a cell; q_i and q_(h,3) a row of Q and of Q_h; m_i the number of row i
 *   K_(3,:)             rows or columns
 *   i, j, l, t, h       places, tokens and heads, from 1
 * What is not defined, infinity less infinity or 0 / 0, counts as 0: so a row in which all is blocked is 0. */
#ifndef QKV_TESTS_FORMULA_READER_H
#define QKV_TESTS_FORMULA_READER_H

#include "support/formula_value.h"

/* A matrix that a formula may name: [heads, rows, cols]. */
struct formula_name {
    const char *name;
    size_t heads, rows, cols;
    const double *v;
};

/* A size: "d_k", "n". */
struct formula_size {
    const char *name;
    size_t size;
};

/* A function of the layers: "FFN" of x. What it names besides is known, or is first made so: "Q" of "x W_Q". */
struct formula_definition {
    const char *name;
    struct {
        const char *name, *is;
    } made[10];
    const char *is;
};

enum { FORMULA_NAMES = 400 };

struct formula_scene {
    struct formula_name name[FORMULA_NAMES]; /* the first of that name counts */
    size_t n_names;
    struct formula_size size[16];
    size_t n_sizes;
    const struct formula_definition *definitions; /* ends with an empty one; NULL: none */
    size_t heads;                                 /* over which concat runs */
    bool columns;                                 /* a token is a column: the names are of transposed matrices */
};

/* Does the formula, or each of several separated by commas, hold? What has no left side must be what `whole` names.
 * False: `why` says where it fails. */
bool formula_holds(const struct formula_scene *scene, const char *text, const char *whole, char why[200]);

#endif
