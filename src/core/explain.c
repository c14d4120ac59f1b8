#include "core/explain.h"

#include "base/array.h"
#include "core/expression.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void explanation_finish(struct explanation *e)
{
    free(e->terms);
    free(e->deciding);
    *e = (struct explanation){0};
}

struct qkv_err explanation_add(struct explanation *e, size_t position, int n, const struct cell cells[])
{
    assert(n <= EXPLAIN_CELLS_MAX);
    if (!array_reserve(&e->terms, &e->capacity, e->n_terms + 1, sizeof *e->terms))
        return qkv_nomem("an explanation");
    struct term *term = &e->terms[e->n_terms++];
    *term = (struct term){.n_cells = n, .position = position};
    if (n > 0)
        memcpy(term->cell, cells, (size_t)n * sizeof *cells);
    return (struct qkv_err){0};
}

struct qkv_err explanation_decide(struct explanation *e, struct cell cell)
{
    if (!array_reserve(&e->deciding, &e->deciding_capacity, e->n_deciding + 1, sizeof *e->deciding))
        return qkv_nomem("an explanation");
    e->deciding[e->n_deciding++] = cell;
    return (struct qkv_err){0};
}

double round_decimals(double x, int decimals)
{
    if (!isfinite(x))
        return x;
    /* Through the text itself: x * 10^d and back would round 0.15 and its like otherwise than printf does. */
    char text[400];
    snprintf(text, sizeof text, "%.*f", decimals, x);
    return strtod(text, NULL);
}

static double term_evaluate(const struct explanation *e, size_t i, const struct tensor *const in[], int decimals,
                            double *ret_operations)
{
    const struct term *term = &e->terms[i];
    double letters[EXPLAIN_CELLS_MAX] = {0}, value = NAN;
    for (int k = 0; in && k < term->n_cells; k++) {
        const struct cell *cell = &term->cell[k];
        double x = *tensor_at(in[cell->operand], cell->head, cell->row, cell->col);
        letters[k] = decimals < 0 ? x : round_decimals(x, decimals);
    }
    /* An op that writes arithmetic that cannot be read gives NaN: no value equals it, so its test fails. */
    struct qkv_err err = expression_eval(e->term_text, letters, term->n_cells, &value, ret_operations);
    return err.code ? NAN : value;
}

double explanation_term_value(const struct explanation *e, size_t term, const struct tensor *const in[], int decimals)
{
    return term_evaluate(e, term, in, decimals, NULL);
}

double explanation_value(const struct explanation *e, const struct tensor *const in[], int decimals)
{
    if (e->n_terms == 0)
        return NAN;
    double value = term_evaluate(e, 0, in, decimals, NULL);
    for (size_t i = 1; i < e->n_terms; i++) {
        double term = term_evaluate(e, i, in, decimals, NULL);
        if (e->fold == FOLD_MAX)
            value = term > value ? term : value;
        else
            value += term;
    }
    return value;
}

double explanation_operations(const struct explanation *e)
{
    if (e->n_terms == 0)
        return 0;
    double per_term = 0;
    term_evaluate(e, 0, NULL, -1, &per_term);
    return per_term * (double)e->n_terms + (double)(e->n_terms - 1);
}
