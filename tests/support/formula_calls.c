#include "support/formula_evaluation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct formula_value value;

/* ---- functions ---- */

static value onehot(struct formula_evaluation *e, value at)
{
    value ret = e->scene->columns ? formula_matrix(&e->work, at.width, 1) : formula_matrix(&e->work, 1, at.width);
    if (at.width == 0)
        formula_wrong(&e->work, "a one-hot of what is no argmax");
    else if (at.v[0] >= 1)
        ret.v[(size_t)at.v[0] - 1] = 1;
    return ret;
}

static void keep(struct formula_evaluation *e, const char *name, size_t heads, value of, const double *v)
{
    if (e->n_own < FORMULA_OWN_NAMES)
        e->own[e->n_own++] = (struct formula_name){name, heads, of.rows, of.cols, v};
}

/* An expression that is no formula of its own, with the same names. */
static value evaluate_text(struct formula_evaluation *e, const char *text)
{
    static struct formula_tree trees[8];
    static int depth;
    struct formula_tree *before = e->tree;
    const char *at = text;
    if (depth == 8 || !formula_read(&at, &trees[depth], e->work.why) || *at) {
        formula_wrong(&e->work, "the definition '%s' cannot be read", text);
        return formula_number(&e->work, NAN);
    }
    e->tree = &trees[depth++];
    value ret = formula_all_cells(e, e->tree->right[0]);
    depth--;
    e->tree = before;
    return ret;
}

static value evaluate_definition(struct formula_evaluation *e, const struct formula_definition *d, value x)
{
    size_t own = e->n_own, heads = e->heads, head = e->head;
    keep(e, "x", 1, x, x.v);
    for (size_t i = 0; d->made[i].name; i++) {
        size_t planes = strstr(d->made[i].is, "split_h(") ? e->scene->heads : 1;
        value first = {0};
        double *all = NULL;
        e->heads = planes;
        for (e->head = 0; e->head < planes; e->head++) {
            value plane = evaluate_text(e, d->made[i].is);
            if (e->head == 0) {
                first = plane;
                all = formula_matrix(&e->work, planes * plane.rows, plane.cols).v;
            }
            memcpy(&all[e->head * plane.rows * plane.cols], plane.v, plane.rows * plane.cols * sizeof *all);
        }
        keep(e, d->made[i].name, planes, first, all);
    }
    e->heads = 1;
    e->head = 0;
    value ret = evaluate_text(e, d->is);
    e->heads = heads;
    e->head = head;
    e->n_own = own;
    return ret;
}

static size_t size_called(struct formula_evaluation *e, const char *name)
{
    double size = 1;
    if (!formula_find_size(e, name, &size))
        formula_wrong(&e->work, "no size is called %s", name);
    return (size_t)size;
}

/* The size that an argument names. */
static size_t sized(struct formula_evaluation *e, int node)
{
    char name[160] = "";
    if (node >= 0 && e->tree->node[node].kind == F_NAME)
        formula_name_with(e, &e->tree->node[node], e->tree->node[node].n_parts, false, name);
    return size_called(e, name);
}

/* The most planes of the matrices named below a node. */
static size_t most_planes(struct formula_evaluation *e, int at)
{
    if (at < 0)
        return 1;
    const struct formula_node *node = &e->tree->node[at];
    const struct formula_name *of = node->kind == F_NAME ? formula_meaning(e, node).of : NULL;
    size_t most = of ? of->heads : 1;
    const int below[] = {node->a, node->b, node->c};
    for (size_t i = 0; i < 3; i++) {
        size_t planes = most_planes(e, below[i]);
        most = planes > most ? planes : most;
    }
    return most;
}

/* Of all heads, side by side. */
static value concat(struct formula_evaluation *e, int node)
{
    size_t before = e->heads, head = e->head, heads = most_planes(e, node);
    value ret = {0};
    e->heads = heads;
    for (e->head = 0; !e->work.why[0] && e->head < heads; e->head++) {
        e->bound['h'] = (double)(e->head + 1);
        value one = formula_evaluate(e, node);
        one = e->scene->columns ? formula_transposed(&e->work, one) : one;
        if (e->head == 0)
            ret = formula_matrix(&e->work, one.rows, one.cols * heads);
        for (size_t r = 0; r < one.rows; r++)
            for (size_t c = 0; c < one.cols; c++)
                ret.v[r * ret.cols + e->head * one.cols + c] = one.v[r * one.cols + c];
    }
    e->heads = before;
    e->head = head;
    return e->scene->columns ? formula_transposed(&e->work, ret) : ret;
}

/* The numbers of all planes in their order, as `planes` planes of `rows`; of these the plane that is read. */
static value reshape(struct formula_evaluation *e, const struct formula_node *node)
{
    size_t before = e->heads, head = e->head, planes = 1, n = 0;
    size_t from = most_planes(e, node->a);
    double *all = formula_matrix(&e->work, 1, FORMULA_MEMORY / 64).v, words = (double)sized(e, node->b);
    e->heads = from;
    for (e->head = 0; !e->work.why[0] && e->head < from; e->head++) {
        value one = formula_evaluate(e, node->a);
        one = e->scene->columns ? formula_transposed(&e->work, one) : one;
        memcpy(&all[n], one.v, one.rows * one.cols * sizeof *all);
        n += one.rows * one.cols;
    }
    e->heads = before;
    e->head = head;
    /* "reshape(Q, n, h, d_k)" has a plane for each word; "reshape(H, n, h d_v)" one plane. */
    bool by_words = e->tree->node[node->c].kind == F_NAME;
    planes = by_words ? (size_t)words : 1;
    size_t rows = by_words ? e->scene->heads : (size_t)words, cols = n / planes / rows;
    value ret = formula_matrix(&e->work, rows, cols);
    memcpy(ret.v, &all[by_words ? e->head * rows * cols : 0], rows * cols * sizeof *all);
    return e->scene->columns ? formula_transposed(&e->work, ret) : ret;
}

static value split(struct formula_evaluation *e, value a)
{
    a = e->scene->columns ? formula_transposed(&e->work, a) : a;
    value ret = formula_matrix(&e->work, a.rows, a.cols / e->heads);
    for (size_t r = 0; !e->work.why[0] && r < ret.rows; r++)
        for (size_t c = 0; c < ret.cols; c++)
            ret.v[r * ret.cols + c] = a.v[r * a.cols + e->head * ret.cols + c];
    return e->scene->columns ? formula_transposed(&e->work, ret) : ret;
}

value formula_evaluate_call(struct formula_evaluation *e, int at)
{
    const struct formula_node *node = &e->tree->node[at];
    char name[160];
    value ret;
    formula_name_with(e, node, node->n_parts, false, name);
    if (strcmp(name, "concat") == 0)
        return concat(e, node->a);
    if (strcmp(name, "reshape") == 0)
        return reshape(e, node);
    if (strcmp(name, "R") == 0)
        return formula_rotation(&e->work, formula_evaluate(e, node->a).v[0], size_called(e, "d_k"));
    if (strcmp(name, "waves") == 0) {
        value waves = formula_waves(&e->work, sized(e, node->a), sized(e, node->b));
        return e->scene->columns ? formula_transposed(&e->work, waves) : waves;
    }
    if (strcmp(name, "onehot") == 0) {
        const struct formula_node *inner = &e->tree->node[node->a];
        if (inner->kind == F_CALL && formula_function(&e->work, "hardmax", formula_all_cells(e, inner->a), &ret))
            return ret;
        return onehot(e, formula_evaluate(e, node->a));
    }
    value a = formula_all_cells(e, node->a);
    if (strcmp(name, "split_h") == 0)
        return split(e, a);
    if (strcmp(name, "max") == 0) {
        value b = formula_all_cells(e, node->b);
        if (!a.number || !b.number)
            formula_wrong(&e->work, "max of a matrix");
        return formula_number(&e->work, isnan(a.v[0]) || isnan(b.v[0]) ? NAN : fmax(a.v[0], b.v[0]));
    }
    for (const struct formula_definition *d = e->scene->definitions; d && d->name; d++)
        if (strcmp(d->name, name) == 0)
            return evaluate_definition(e, d, a);
    if (node->b < 0 && formula_function(&e->work, name, a, &ret))
        return ret;
    if (node->b >= 0 && formula_function_of_two(&e->work, name, a, formula_all_cells(e, node->b), &ret))
        return ret;
    formula_wrong(&e->work, "no function is called %s", name);
    return formula_number(&e->work, NAN);
}
