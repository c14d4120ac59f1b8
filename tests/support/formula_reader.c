#include "support/formula_evaluation.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

typedef struct formula_value value;

/* ---- operators: sum_j, max_j, mean_j, argmax_j ---- */

static value add_to(struct formula_evaluation *e, const char *op, value all, value one, size_t first)
{
    if (first == 0)
        return one;
    for (size_t i = 0; i < all.rows * all.cols && all.rows == one.rows && all.cols == one.cols; i++)
        all.v[i] = op[0] == 'm' && op[1] == 'a' ? fmax(all.v[i], one.v[i]) : all.v[i] + one.v[i];
    if (all.rows != one.rows || all.cols != one.cols)
        formula_wrong(&e->work, "terms of %zu x %zu and %zu x %zu", all.rows, all.cols, one.rows, one.cols);
    return all;
}

static value evaluate_operator(struct formula_evaluation *e, const struct formula_node *node)
{
    size_t size = 0, n = 0, best = 0;
    unsigned char letter = (unsigned char)node->letter;
    formula_letter_size(e, node->a, node->letter, &size);
    if (size == 0 || e->bound[letter] >= 0)
        formula_wrong(&e->work, "%s_%c runs over nothing", node->text, node->letter);
    value all = formula_number(&e->work, 0);
    double top = -INFINITY;
    for (size_t k = 1; !e->work.why[0] && k <= size; k++) {
        e->bound[letter] = (double)k;
        if (node->b >= 0 && formula_evaluate(e, node->b).v[0] == 0)
            continue;
        value one = formula_evaluate(e, node->a), copy = formula_matrix(&e->work, one.rows, one.cols);
        memcpy(copy.v, one.v, one.rows * one.cols * sizeof *one.v);
        copy.number = one.number || one.rows * one.cols == 1;
        all = add_to(e, node->text, all, copy, n++);
        if (one.v[0] > top)
            top = one.v[0], best = k;
    }
    e->bound[letter] = -1;
    if (strcmp(node->text, "argmax") == 0) {
        all = formula_number(&e->work, (double)best);
        all.width = size;
    }
    for (size_t i = 0; strcmp(node->text, "mean") == 0 && i < all.rows * all.cols; i++)
        all.v[i] /= (double)n;
    return all;
}

/* ---- everything ---- */

static value join(struct formula_evaluation *e, value a, value b, bool stacked)
{
    if (stacked ? a.cols != b.cols : a.rows != b.rows)
        formula_wrong(&e->work, "%zu x %zu %s %zu x %zu", a.rows, a.cols, stacked ? "above" : "beside", b.rows, b.cols);
    value ret = formula_matrix(&e->work, stacked ? a.rows + b.rows : a.rows, stacked ? a.cols : a.cols + b.cols);
    for (size_t r = 0; !e->work.why[0] && r < ret.rows; r++)
        for (size_t c = 0; c < ret.cols; c++)
            ret.v[r * ret.cols + c] = r < a.rows && c < a.cols ? a.v[r * a.cols + c]
                                      : stacked                ? b.v[(r - a.rows) * b.cols + c]
                                                               : b.v[r * b.cols + c - a.cols];
    return ret;
}

value formula_evaluate(struct formula_evaluation *e, int at)
{
    if (at < 0 || e->work.why[0])
        return formula_number(&e->work, NAN);
    struct formula_node *node = &e->tree->node[at];
    value a, ret;
    switch (node->kind) {
    case F_NUMBER:
        ret = formula_number(&e->work, node->number);
        ret.literal = true;
        return ret;
    case F_NAME:
        return formula_evaluate_name(e, node);
    case F_CALL:
        return formula_evaluate_call(e, at);
    case F_OPERATOR:
        return evaluate_operator(e, node);
    case F_INDEXED:
        return formula_indexed(e, formula_evaluate(e, node->a), node, 0, false);
    case F_TRANSPOSED:
        return formula_transposed(&e->work, formula_evaluate(e, node->a));
    case F_CHOICE:
        return formula_evaluate(e, formula_evaluate(e, node->b).v[0] != 0 ? node->a : node->c);
    case F_TRUTH:
        return formula_evaluate(e, node->a);
    case F_STACKED:
    case F_BESIDE:
        a = formula_evaluate(e, node->a);
        return join(e, a, formula_evaluate(e, node->b), node->kind == F_STACKED);
    case F_NEGATIVE:
    case F_SIZE:
        a = formula_evaluate(e, node->a);
        ret = formula_matrix(&e->work, a.rows, a.cols);
        for (size_t i = 0; i < a.rows * a.cols; i++)
            ret.v[i] = node->kind == F_SIZE ? fabs(a.v[i]) : -a.v[i];
        ret.number = a.number;
        return ret;
    default:
        a = formula_evaluate(e, node->a);
        return formula_binary(&e->work, node->kind, a, formula_evaluate(e, node->b));
    }
}

/* ---- is it true? ---- */

static bool is_close(double got, double want, double scale)
{
    if (isnan(got))
        got = 0;
    return got == want || (isfinite(want) && fabs(got - want) <= 1e-9 * fmax(scale, fabs(want)));
}

static bool compare(struct formula_evaluation *e, value got, value want, const char *what)
{
    double scale = 0;
    for (size_t i = 0; i < want.rows * want.cols; i++)
        scale = isfinite(want.v[i]) ? fmax(scale, fabs(want.v[i])) : scale;
    if (!e->work.why[0] && (got.rows != want.rows || got.cols != want.cols))
        formula_wrong(&e->work, "%s is %zu x %zu, the formula gives %zu x %zu", what, want.rows, want.cols, got.rows,
                      got.cols);
    for (size_t i = 0; !e->work.why[0] && i < want.rows * want.cols; i++)
        if (!is_close(got.v[i], want.v[i], scale))
            formula_wrong(&e->work, "%s has %.12g at row %zu, column %zu; the formula gives %.12g", what, want.v[i],
                          i / want.cols + 1, i % want.cols + 1, got.v[i]);
    return !e->work.why[0];
}

/* Every right side is what the left one is, for all places that letters of the left side name. */
static bool equal_everywhere(struct formula_evaluation *e, const char *letters)
{
    if (!*letters) {
        size_t used = e->work.used;
        value left = formula_evaluate(e, e->tree->left);
        for (int i = 0; !e->work.why[0] && i < e->tree->n_right; i++) {
            value right = formula_evaluate(e, e->tree->right[i]);
            compare(e, right, left, "the left side");
        }
        e->work.used = used;
        return !e->work.why[0];
    }
    size_t size = 0;
    unsigned char letter = (unsigned char)*letters;
    formula_letter_size(e, e->tree->left, *letters, &size);
    for (size_t k = 1; !e->work.why[0] && k <= (size ? size : 1); k++) {
        e->bound[letter] = size ? (double)k : -1;
        equal_everywhere(e, letters + 1);
    }
    e->bound[letter] = -1;
    return !e->work.why[0];
}

static bool equation_holds(struct formula_evaluation *e, const char *whole)
{
    if (e->tree->left >= 0)
        return equal_everywhere(e, "ijt");
    value right = formula_all_cells(e, e->tree->right[0]);
    const struct formula_name *of = formula_find_name(e, whole);
    if (!of) {
        formula_wrong(&e->work, "there is no %s to compare with", whole);
        return false;
    }
    return compare(e, right, formula_plane(e, of), whole);
}

/* The planes of what stands on the left. */
static size_t planes_of(struct formula_evaluation *e, const char *whole)
{
    const struct formula_node *left = e->tree->left >= 0 ? &e->tree->node[e->tree->left] : NULL;
    while (left && left->kind != F_NAME && left->a >= 0)
        left = &e->tree->node[left->a];
    e->bound['t'] = 1;
    const struct formula_name *of = left ? formula_meaning(e, left).of : formula_find_name(e, whole);
    e->bound['t'] = -1;
    return of ? of->heads : 1;
}

bool formula_holds(const struct formula_scene *scene, const char *text, const char *whole, char why[200])
{
    static double memory[FORMULA_MEMORY];
    static struct formula_tree tree;
    struct formula_evaluation e = {
        .scene = scene, .tree = &tree, .work = {memory, 0, FORMULA_MEMORY, scene->columns, why}};
    why[0] = '\0';
    for (int i = 0; i < FORMULA_LETTERS; i++)
        e.bound[i] = -1;
    for (const char *at = text; *at && !why[0];) {
        at += strspn(at, " ");
        if (!formula_read(&at, &tree, why))
            return false;
        e.heads = planes_of(&e, whole);
        for (e.head = 0; !why[0] && e.head < e.heads; e.head++) {
            e.work.used = 0;
            e.bound['h'] = (double)(e.head + 1);
            equation_holds(&e, whole);
        }
    }
    return !why[0];
}
