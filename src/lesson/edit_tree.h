/* edit_tree.h: single numbers of inputs that are replaced, in the order of their cells, as a persistent map.
 *
 * A tree never changes. A changed one shares all but about 2 ln(n) nodes with what it was made from, so that many
 * versions of 60,000 numbers cost little more than one. It is a treap whose priorities are hashes of the cells: the
 * same cells with the same numbers have the same shape, whatever was done before, so equal trees are found without
 * looking at all of them. Trees are counted; counting is atomic, so they may be shared between threads. NULL is the
 * empty tree. */
#ifndef QKV_LESSON_EDIT_TREE_H
#define QKV_LESSON_EDIT_TREE_H

#include "core/tensor.h"

/* A number of an input, replaced. */
enum { EDITS_MAX = 65536 };
struct edit {
    char tensor[64]; /* the input's name: "W_Q" */
    size_t at[AXES]; /* head, row, column, from 0 */
    double value;    /* finite */
};

/* The order of cells: by tensor, head, row and column; 0: it is the same cell. */
int edit_order(const struct edit *a, const struct edit *b);

struct edit_tree;

/* One more owner; returns the tree. */
struct edit_tree *edit_tree_ref(struct edit_tree *tree);
void edit_tree_unref(struct edit_tree *tree);

size_t edit_tree_size(const struct edit_tree *tree);
struct edit edit_tree_at(const struct edit_tree *tree, size_t i); /* the i-th in order, i < size */
bool edit_tree_same(const struct edit_tree *a, const struct edit_tree *b);

/* Replace *tree by one with these n numbers in their cells: in order, each cell once. False: no memory, and *tree is as
 * it was; so below. */
bool edit_tree_set_all(struct edit_tree **tree, const struct edit *edits, size_t n);
/* Without all cells from `first` up to, but not including, `end`; NULL: without `first` alone. */
bool edit_tree_remove(struct edit_tree **tree, const struct edit *first, const struct edit *end);

#endif
