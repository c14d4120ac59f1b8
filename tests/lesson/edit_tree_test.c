/* Edits as a persistent map: what a table of numbers gives, whatever was done before, and no version changes
 * another. */
#include "support/check.h"
#include "support/fail_alloc.h"

#include "lesson/edit_tree.h"

#include <stdio.h>

enum { TENSORS = 3, SIDE = 6, CELLS = TENSORS * SIDE * SIDE };
static const char *const tensors[TENSORS] = {"W_K", "W_Q", "X"};

static uint64_t luck = 7;

/* splitmix64 */
static size_t below(size_t n)
{
    uint64_t z = (luck += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (size_t)((z ^ (z >> 31)) % n);
}

static struct edit edit_of(size_t cell, double value)
{
    struct edit edit = {.at = {0, cell / SIDE % SIDE, cell % SIDE}, .value = value};
    snprintf(edit.tensor, sizeof edit.tensor, "%s", tensors[cell / SIDE / SIDE]);
    return edit;
}

/* What there should be: a number for each cell; 0: none. */
struct model {
    double v[CELLS];
};

static void assert_is(const struct edit_tree *tree, const struct model *model)
{
    size_t n = 0;
    for (size_t i = 0; i < CELLS; i++) {
        if (model->v[i] == 0)
            continue;
        struct edit want = edit_of(i, model->v[i]), got = edit_tree_at(tree, n++);
        assert_int_equal(edit_order(&want, &got), 0);
        assert_true(want.value == got.value);
    }
    assert_int_equal(edit_tree_size(tree), n);
}

/* The same, put together in one go. */
static struct edit_tree *made_anew(const struct model *model)
{
    struct edit_tree *tree = NULL;
    struct edit edits[CELLS];
    size_t n = 0;
    for (size_t i = 0; i < CELLS; i++)
        if (model->v[i] != 0)
            edits[n++] = edit_of(i, model->v[i]);
    assert_true(edit_tree_set_all(&tree, edits, n));
    return tree;
}

static bool change(struct edit_tree **tree, struct model *model)
{
    struct edit edits[8];
    size_t first = below(CELLS), n = 1 + below(8), step = 1 + below(3);
    if (below(3) == 0) { /* some rows of one tensor go */
        size_t row = below(SIDE), end = row + below(SIDE - row + 1), tensor = first / SIDE / SIDE * SIDE * SIDE;
        struct edit from = edit_of(tensor, 0), to = from;
        from.at[AXIS_ROW] = row;
        to.at[AXIS_ROW] = end;
        if (!edit_tree_remove(tree, &from, &to))
            return false;
        for (size_t i = row * SIDE; i < end * SIDE; i++)
            model->v[tensor + i] = 0;
        return true;
    }
    for (size_t i = 0; i < n; i++)
        if (first + i * step >= CELLS)
            n = i;
        else
            edits[i] = edit_of(first + i * step, 1 + (double)below(9));
    if (!edit_tree_set_all(tree, edits, n))
        return false;
    for (size_t i = 0; i < n; i++)
        model->v[first + i * step] = edits[i].value;
    return true;
}

TEST(any_changes_give_what_a_table_gives_and_leave_older_versions_alone)
{
    enum { VERSIONS = 400 };
    static struct edit_tree *tree[VERSIONS];
    static struct model model[VERSIONS];
    for (size_t k = 1; k < VERSIONS; k++) {
        size_t from = below(4) ? k - 1 : below(k); /* also from a version that others come from */
        model[k] = model[from];
        tree[k] = edit_tree_ref(tree[from]);
        assert_true(change(&tree[k], &model[k]));
    }
    for (size_t k = 0; k < VERSIONS; k++) {
        struct edit_tree *again = made_anew(&model[k]);
        assert_is(tree[k], &model[k]);
        assert_true(edit_tree_same(tree[k], again));
        size_t other = below(VERSIONS);
        assert_int_equal(edit_tree_same(tree[k], tree[other]), memcmp(&model[k], &model[other], sizeof model[k]) == 0);
        edit_tree_unref(again);
    }
    for (size_t k = 0; k < VERSIONS; k++)
        edit_tree_unref(tree[k]);
}

TEST(without_memory_a_tree_is_as_it_was)
{
    struct model model = {{0}}, next;
    struct edit_tree *tree = NULL, *kept = NULL;
    long refused = 0;
    for (int k = 0; k < 60; k++) {
        bool done = false;
        kept = edit_tree_ref(tree);
        uint64_t same_luck = luck;
        for (long n = 1; !done; n++) {
            luck = same_luck;
            next = model;
            fail_alloc_at(n);
            done = change(&tree, &next);
            fail_alloc_at(0);
            refused += !done;
            if (!done)
                assert_is(tree, &model);
        }
        model = next;
        edit_tree_unref(kept);
        assert_is(tree, &model);
    }
    assert_true(refused > 200);
    edit_tree_unref(tree);
}
