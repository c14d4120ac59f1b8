/* formula_evaluation.h: what the files of the formulas' reader share: names and indices (formula_names.c), functions
 * (formula_calls.c), everything else (formula_reader.c). */
#ifndef QKV_TESTS_FORMULA_EVALUATION_H
#define QKV_TESTS_FORMULA_EVALUATION_H

#include "support/formula_reader.h"

enum { FORMULA_LETTERS = 128, FORMULA_OWN_NAMES = 16, FORMULA_MEMORY = 1 << 22 };

struct formula_evaluation {
    const struct formula_scene *scene;
    struct formula_work work;
    struct formula_tree *tree;
    double bound[FORMULA_LETTERS]; /* i, j, l, h, t: from 1; negative: free */
    size_t heads, head;            /* of the plane that is read; head from 0 */
    struct formula_name own[FORMULA_OWN_NAMES];
    size_t n_own;
};

/* A node's value, with the letters as they are bound. */
struct formula_value formula_evaluate(struct formula_evaluation *e, int node);

/* The same of a function's call. */
struct formula_value formula_evaluate_call(struct formula_evaluation *e, int node);

/* ---- names ---- */

/* NULL, false: there is none. */
const struct formula_name *formula_find_name(const struct formula_evaluation *e, const char *name);
bool formula_find_size(const struct formula_evaluation *e, const char *name, double *ret);

/* "S" with its first n parts: "S_scaled", "S_(scaled,2)", "φ(Q_h)". A part that is computed ("t-1") as its number. */
void formula_name_with(const struct formula_evaluation *e, const struct formula_node *node, int n, bool capital,
                       char ret[160]);

/* What a name means here: a matrix, and the parts of its subscript from `first` on, its index. */
struct formula_meant {
    const struct formula_name *of;
    int first;
    bool row; /* the name is small, the matrix's is not */
};

struct formula_meant formula_meaning(const struct formula_evaluation *e, const struct formula_node *node);

/* The plane of it that is read. */
struct formula_value formula_plane(struct formula_evaluation *e, const struct formula_name *of);

/* The part of a matrix that the node's index names, from its part `first` on; `row`: the name is a row's. */
struct formula_value formula_indexed(struct formula_evaluation *e, struct formula_value whole,
                                     const struct formula_node *node, int first, bool row);
struct formula_value formula_evaluate_name(struct formula_evaluation *e, const struct formula_node *node);

/* The places that the letter names below a node: of every matrix the same number. 0: it is not there. */
void formula_letter_size(struct formula_evaluation *e, int node, char letter, size_t *ret);

/* A formula of cells with i and j stands for the matrix of these cells; any other for its value. */
struct formula_value formula_all_cells(struct formula_evaluation *e, int node);

#endif
