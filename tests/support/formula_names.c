#include "support/formula_evaluation.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct formula_value value;

/* ---- names ---- */

const struct formula_name *formula_find_name(const struct formula_evaluation *e, const char *name)
{
    for (size_t i = e->n_own; i-- > 0;)
        if (strcmp(e->own[i].name, name) == 0)
            return &e->own[i];
    for (size_t i = 0; i < e->scene->n_names; i++)
        if (strcmp(e->scene->name[i].name, name) == 0)
            return &e->scene->name[i];
    return NULL;
}

bool formula_find_size(const struct formula_evaluation *e, const char *name, double *ret)
{
    for (size_t i = 0; i < e->scene->n_sizes; i++)
        if (strcmp(e->scene->size[i].name, name) == 0) {
            *ret = (double)e->scene->size[i].size;
            return true;
        }
    return false;
}

void formula_name_with(const struct formula_evaluation *e, const struct formula_node *node, int n, bool capital,
                       char ret[160])
{
    char parts[64] = "";
    for (int i = 0; i < n; i++) {
        const char *part = node->part[i].text;
        char number[24];
        double size;
        bool token = part[0] == 't' && (part[1] == '\0' || part[1] == '-') && e->bound['t'] >= 0;
        if (token) {
            snprintf(number, sizeof number, "%.0f", e->bound['t'] - (part[1] == '-'));
            part = number;
        } else if (strcmp(part, "m") == 0 && formula_find_size(e, "m", &size)) {
            snprintf(number, sizeof number, "%.0f", size);
            part = number;
        }
        size_t used = strlen(parts);
        snprintf(parts + used, sizeof parts - used, "%s%s", i ? "," : "", part);
    }
    char first[FORMULA_TEXT];
    snprintf(first, sizeof first, "%s", node->text);
    if (capital)
        first[0] = (char)toupper((unsigned char)first[0]);
    bool plain = n == 1 && !strpbrk(parts, "(,.");
    snprintf(ret, 160, "%s%s%s%s%s%s%s%s", node->applied ? "φ(" : "", first, n ? "_" : "", n && !plain ? "(" : "",
             parts, n && !plain ? ")" : "", node->applied ? ")" : "", node->primed ? "'" : "");
}

struct formula_meant formula_meaning(const struct formula_evaluation *e, const struct formula_node *node)
{
    char name[160];
    for (int capital = 0; capital < 2; capital++)
        for (int n = node->n_parts; n >= 0; n--) {
            formula_name_with(e, node, n, capital, name);
            const struct formula_name *of = formula_find_name(e, name);
            bool row = capital && islower((unsigned char)node->text[0]) && n < node->n_parts &&
                       (strspn(node->part[n].text, "ijlth0123456789m-") == strlen(node->part[n].text) ||
                        strncmp(node->part[n].text, "clip(", 5) == 0);
            if (of && (!capital || (row && n == node->n_parts - 1)))
                return (struct formula_meant){of, n, row};
        }
    return (struct formula_meant){NULL, 0, false};
}

/* ---- indices ---- */

static bool is_index(const char *part)
{
    return strspn(part, "ijlth") == strlen(part) && strlen(part) <= 2 && part[0];
}

/* The parts of an index: "ij" is two. */
static int index_parts(const struct formula_node *node, int first, char ret[2][FORMULA_TEXT])
{
    int n = 0;
    for (int i = first; i < node->n_parts; i++) {
        const char *part = node->part[i].text;
        bool two = is_index(part) && strlen(part) == 2;
        for (int k = 0; k < 1 + two; k++) {
            if (n == 2)
                return 3;
            snprintf(ret[n], FORMULA_TEXT, two ? "%.1s" : "%s", part + k);
            n++;
        }
    }
    return n;
}

static double part_number(struct formula_evaluation *e, const char *part, size_t size)
{
    double known;
    if (strncmp(part, "clip(", 5) == 0) { /* a table of distances -R to R */
        char inside[FORMULA_TEXT];
        snprintf(inside, sizeof inside, "%.*s", (int)strlen(part) - 6, part + 5);
        double reach = (double)(size / 2), apart = part_number(e, inside, size);
        return fmin(fmax(apart, -reach), reach) + reach + 1;
    }
    if (formula_find_size(e, part, &known))
        return known;
    int before = e->tree->n, node = formula_read_part(e->tree, part);
    if (node < 0) {
        formula_wrong(&e->work, "the index '%s' cannot be read", part);
        return 1;
    }
    double x = formula_evaluate(e, node).v[0];
    e->tree->n = before;
    return x;
}

/* The places, from 0, that a part of an index means: [*first, *end). */
static void places(struct formula_evaluation *e, const char *part, size_t size, size_t *first, size_t *end)
{
    const char *range = strstr(part, "..");
    *first = 0;
    *end = size;
    if (strcmp(part, ":") == 0)
        return;
    char from[FORMULA_TEXT];
    snprintf(from, sizeof from, "%.*s", range ? (int)(range - part) : (int)strlen(part), part);
    double at = part_number(e, from, size), to = range ? part_number(e, range + 2, size) : at;
    if (at < 1 || to > (double)size || to < at) {
        formula_wrong(&e->work, "there is no place %s among %zu", part, size);
        at = to = 1;
    }
    *first = (size_t)at - 1;
    *end = (size_t)to;
}

value formula_plane(struct formula_evaluation *e, const struct formula_name *of)
{
    size_t plane = e->heads ? e->head * of->heads / e->heads : 0;
    return (value){of->rows, of->cols, (double *)&of->v[plane * of->rows * of->cols], .number = false};
}

static value part_of(struct formula_evaluation *e, value whole, const char *row, const char *col, bool number)
{
    size_t r0, r1, c0, c1;
    places(e, row, whole.rows, &r0, &r1);
    places(e, col, whole.cols, &c0, &c1);
    value ret = formula_matrix(&e->work, r1 - r0, c1 - c0);
    for (size_t r = r0; !e->work.why[0] && r < r1; r++)
        for (size_t c = c0; c < c1; c++)
            ret.v[(r - r0) * ret.cols + c - c0] = whole.v[r * whole.cols + c];
    ret.number = number;
    return ret;
}

/* A vector's one index runs along it; a matrix's along its tokens. */
static bool index_is_col(const struct formula_evaluation *e, value of)
{
    return e->scene->columns ? of.cols > 1 || of.rows == 1 : of.rows == 1 && of.cols > 1;
}

value formula_indexed(struct formula_evaluation *e, value whole, const struct formula_node *node, int first, bool row)
{
    char part[2][FORMULA_TEXT];
    int n = index_parts(node, first, part);
    bool vector = whole.rows == 1 || whole.cols == 1;
    if (n == 0)
        return whole;
    if (n > 2) {
        formula_wrong(&e->work, "an index of more than two places");
        return whole;
    }
    if (n == 2)
        return part_of(e, whole, part[0], part[1], !strpbrk(part[0], ":.") && !strpbrk(part[1], ":."));
    if (row || !vector) {
        value one = e->scene->columns ? part_of(e, whole, ":", part[0], false) : part_of(e, whole, part[0], ":", false);
        one.vector = row;
        return one;
    }
    return index_is_col(e, whole) ? part_of(e, whole, ":", part[0], true) : part_of(e, whole, part[0], ":", true);
}

value formula_evaluate_name(struct formula_evaluation *e, const struct formula_node *node)
{
    double known;
    char whole[160];
    formula_name_with(e, node, node->n_parts, false, whole);
    if (node->n_parts == 0 && node->text[1] == '\0' && e->bound[(unsigned char)node->text[0]] >= 0)
        return formula_number(&e->work, e->bound[(unsigned char)node->text[0]]);
    struct formula_meant m = formula_meaning(e, node);
    if (m.of) {
        value v = formula_plane(e, m.of);
        v.vector = m.first == node->n_parts && (islower((unsigned char)m.of->name[0]) ||
                                                strncmp(m.of->name, "γ", 2) == 0 || strncmp(m.of->name, "β", 2) == 0);
        v.number = v.vector && v.rows * v.cols == 1;
        return formula_indexed(e, v, node, m.first, m.row);
    }
    if (formula_find_size(e, whole, &known))
        return formula_number(&e->work, known);
    if (strcmp(whole, "inf") == 0)
        return formula_number(&e->work, INFINITY);
    if (strcmp(whole, "e") == 0)
        return formula_number(&e->work, exp(1));
    formula_wrong(&e->work, "nothing is called %s", whole);
    return formula_number(&e->work, NAN);
}

/* ---- how far a letter runs ---- */

static void note_size(struct formula_evaluation *e, char letter, size_t size, size_t *ret)
{
    if (*ret && *ret != size)
        formula_wrong(&e->work, "%c runs to %zu and to %zu", letter, *ret, size);
    *ret = size;
}

/* Functions of a whole matrix: what stands in them for its cells is no cell outside. */
static bool is_of_matrix(const struct formula_node *node)
{
    static const char *const names[] = {"softmax", "sparsemax", "mask", "argmax", "onehot", "concat", "reshape"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (node->kind == F_CALL && strcmp(node->text, names[i]) == 0)
            return true;
    return false;
}

void formula_letter_size(struct formula_evaluation *e, int at, char letter, size_t *ret)
{
    if (at < 0)
        return;
    const struct formula_node *node = &e->tree->node[at];
    if (is_of_matrix(node))
        return;
    formula_letter_size(e, node->a, letter, ret);
    formula_letter_size(e, node->b, letter, ret);
    formula_letter_size(e, node->c, letter, ret);
    char part[2][FORMULA_TEXT], one[] = {letter, '\0'};
    value of = {0};
    struct formula_meant m = {NULL, 0, false};
    if (node->kind == F_NAME) {
        m = formula_meaning(e, node);
        if (!m.of)
            return;
        of = formula_plane(e, m.of);
    } else if (node->kind == F_INDEXED) {
        of = formula_evaluate(e, node->a);
    } else {
        return;
    }
    int n = index_parts(node, m.first, part);
    bool vector = (of.rows == 1 || of.cols == 1) && !m.row;
    if (n == 2 && strcmp(part[0], one) == 0)
        note_size(e, letter, of.rows, ret);
    if (n == 2 && strcmp(part[1], one) == 0)
        note_size(e, letter, of.cols, ret);
    if (n == 1 && strcmp(part[0], one) == 0)
        note_size(e, letter, vector ? of.rows * of.cols : e->scene->columns ? of.cols : of.rows, ret);
}

/* Is there a letter below a node that nothing binds? */
static bool is_free(struct formula_evaluation *e, int at, char letter)
{
    size_t size = 0;
    if (e->bound[(unsigned char)letter] >= 0)
        return false;
    formula_letter_size(e, at, letter, &size);
    return size > 0;
}

value formula_all_cells(struct formula_evaluation *e, int node)
{
    bool i = is_free(e, node, 'i'), j = is_free(e, node, 'j');
    size_t n = 1, m = 1;
    if (!i && !j)
        return formula_evaluate(e, node);
    if (i)
        formula_letter_size(e, node, 'i', (n = 0, &n));
    if (j)
        formula_letter_size(e, node, 'j', (m = 0, &m));
    bool columns = e->scene->columns;
    value ret = formula_matrix(&e->work, columns ? m : n, columns ? n : m);
    for (size_t r = 0; !e->work.why[0] && r < n; r++)
        for (size_t c = 0; c < m; c++) {
            size_t used = e->work.used;
            if (i)
                e->bound['i'] = (double)(r + 1);
            if (j)
                e->bound['j'] = (double)(c + 1);
            value cell = formula_evaluate(e, node);
            if (cell.rows * cell.cols != 1)
                formula_wrong(&e->work, "a cell is a matrix of %zu x %zu", cell.rows, cell.cols);
            ret.v[columns ? c * n + r : r * m + c] = cell.v[0];
            e->work.used = used;
        }
    if (i)
        e->bound['i'] = -1;
    if (j)
        e->bound['j'] = -1;
    return ret;
}
