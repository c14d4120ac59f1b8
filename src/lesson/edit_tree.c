#include "lesson/edit_tree.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct edit_tree {
    atomic_uint users;
    uint32_t n; /* nodes of the whole tree */
    struct edit cell;
    uint64_t priority, hash; /* of the cell; of all cells and numbers of the tree */
    struct edit_tree *left, *right;
};

int edit_order(const struct edit *a, const struct edit *b)
{
    int order = strcmp(a->tensor, b->tensor);
    for (int i = 0; i < AXES && order == 0; i++)
        order = (a->at[i] > b->at[i]) - (a->at[i] < b->at[i]);
    return order;
}

/* splitmix64 */
static uint64_t mix(uint64_t x)
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

static uint64_t hash_of_cell(const struct edit *edit)
{
    uint64_t hash = 0;
    for (const char *p = edit->tensor; *p; p++)
        hash = mix(hash ^ (unsigned char)*p);
    for (int i = 0; i < AXES; i++)
        hash = mix(hash ^ edit->at[i]);
    return hash;
}

/* ---- owners ---- */

struct edit_tree *edit_tree_ref(struct edit_tree *t)
{
    if (t)
        atomic_fetch_add_explicit(&t->users, 1, memory_order_relaxed);
    return t;
}

void edit_tree_unref(struct edit_tree *t)
{
    while (t && atomic_fetch_sub(&t->users, 1) == 1) {
        struct edit_tree *right = t->right;
        edit_tree_unref(t->left);
        free(t);
        t = right;
    }
}

/* ---- nodes ---- */

size_t edit_tree_size(const struct edit_tree *t)
{
    return t ? t->n : 0;
}

static void update(struct edit_tree *t)
{
    uint64_t bits;
    memcpy(&bits, &t->cell.value, sizeof bits);
    t->n = (uint32_t)(1 + edit_tree_size(t->left) + edit_tree_size(t->right));
    t->hash = mix(t->priority ^ mix(bits)) + (t->left ? t->left->hash : 0) + (t->right ? t->right->hash : 0);
}

/* A node of this edit alone. */
static struct edit_tree *node_new(const struct edit *edit)
{
    struct edit_tree *t = malloc(sizeof *t);
    if (!t)
        return NULL;
    *t = (struct edit_tree){.users = 1, .cell = *edit, .priority = hash_of_cell(edit)};
    update(t);
    return t;
}

static struct edit_tree *node_copy(const struct edit_tree *t)
{
    struct edit_tree *copy = node_new(&t->cell);
    if (!copy)
        return NULL;
    copy->left = edit_tree_ref(t->left);
    copy->right = edit_tree_ref(t->right);
    update(copy);
    return copy;
}

/* Does a stand above b? Cells with the same hash stand in their order. */
static bool is_above(const struct edit_tree *a, const struct edit_tree *b)
{
    if (a->priority != b->priority)
        return a->priority > b->priority;
    return edit_order(&a->cell, &b->cell) < 0;
}

/* ---- split and join: both take ownership of their trees; without memory *ok becomes false and cells are lost ---- */

/* The tree with its top node owned by this caller only: itself, or a copy. */
static struct edit_tree *make_unique(struct edit_tree *t, bool *ok)
{
    if (atomic_load(&t->users) == 1)
        return t;
    struct edit_tree *copy = node_copy(t);
    edit_tree_unref(t);
    *ok = *ok && copy;
    return copy;
}

/* The cells before `edit` and the others, as trees of their own. */
static void cut(struct edit_tree *t, const struct edit *edit, struct edit_tree **before, struct edit_tree **rest,
                bool *ok)
{
    *before = *rest = NULL;
    t = t ? make_unique(t, ok) : NULL;
    if (!t)
        return;
    bool is_before = edit_order(&t->cell, edit) < 0;
    struct edit_tree **side = is_before ? &t->right : &t->left, *below = *side, *other;
    *side = NULL;
    cut(below, edit, is_before ? side : before, is_before ? rest : side, ok);
    other = is_before ? *rest : *before;
    update(t);
    *before = is_before ? t : other;
    *rest = is_before ? other : t;
}

/* Both in one; all cells of `a` come before those of `b`. */
static struct edit_tree *join(struct edit_tree *a, struct edit_tree *b, bool *ok)
{
    if (!a || !b)
        return a ? a : b;
    bool left = is_above(a, b);
    struct edit_tree *top = make_unique(left ? a : b, ok), *other = left ? b : a;
    if (!top)
        return other;
    struct edit_tree **side = left ? &top->right : &top->left, *below = *side;
    *side = NULL;
    *side = left ? join(below, other, ok) : join(other, below, ok);
    update(top);
    return top;
}

static bool take(struct edit_tree **tree, struct edit_tree *next, bool ok)
{
    if (!ok) {
        edit_tree_unref(next);
        return false;
    }
    edit_tree_unref(*tree);
    *tree = next;
    return true;
}

/* ---- changes ---- */

/* The cell that comes right after this one. */
static struct edit after(const struct edit *edit)
{
    struct edit next = *edit;
    next.at[AXIS_COL]++;
    return next;
}

bool edit_tree_set_all(struct edit_tree **tree, const struct edit *edits, size_t n)
{
    struct edit_tree *done = NULL, *from = edit_tree_ref(*tree), *before, *rest, *same;
    bool ok = true;
    for (size_t i = 0; i < n && ok; i++) {
        struct edit end = after(&edits[i]);
        struct edit_tree *node = node_new(&edits[i]);
        ok = node != NULL;
        cut(from, &edits[i], &before, &rest, &ok);
        cut(rest, &end, &same, &from, &ok);
        edit_tree_unref(same);
        done = join(join(done, before, &ok), node, &ok);
    }
    return take(tree, join(done, from, &ok), ok);
}

bool edit_tree_remove(struct edit_tree **tree, const struct edit *first, const struct edit *end)
{
    struct edit_tree *before, *rest, *removed, *behind;
    const struct edit next = after(first);
    bool ok = true;
    cut(edit_tree_ref(*tree), first, &before, &rest, &ok);
    cut(rest, end ? end : &next, &removed, &behind, &ok);
    edit_tree_unref(removed);
    return take(tree, join(before, behind, &ok), ok);
}

/* ---- reading ---- */

struct edit edit_tree_at(const struct edit_tree *t, size_t i)
{
    for (size_t low = edit_tree_size(t->left); i != low; low = edit_tree_size(t->left)) {
        t = i < low ? t->left : t->right;
        i -= i > low ? low + 1 : 0;
    }
    return t->cell;
}

bool edit_tree_same(const struct edit_tree *a, const struct edit_tree *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->n != b->n || a->hash != b->hash || a->cell.value != b->cell.value)
        return false;
    return edit_order(&a->cell, &b->cell) == 0 && edit_tree_same(a->left, b->left) &&
           edit_tree_same(a->right, b->right);
}
