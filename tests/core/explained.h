/* explained.h: what an explanation comes to as a whole: its value, and the operations it takes. */
#ifndef QKV_TESTS_EXPLAINED_H
#define QKV_TESTS_EXPLAINED_H

#include "support/check.h"

#include "core/explain.h"

/* Evaluated from these operands as explanation_term_value does. */
static inline double explanation_value(const struct explanation *e, const struct tensor *const in[], int decimals)
{
    double value = e->n_terms ? explanation_term_value(e, 0, in, decimals) : NAN;
    for (size_t i = 1; i < e->n_terms; i++) {
        double term = explanation_term_value(e, i, in, decimals);
        value = e->fold == FOLD_MAX ? fmax(value, term) : value + term;
    }
    return value;
}

/* What a person would do to evaluate it: one for every operator and function of every term (constants apart), one for
 * every addition or comparison between terms. */
static inline double explanation_operations(const struct explanation *e)
{
    double value, per_term = 0, letters[EXPLAIN_CELLS_MAX] = {0};
    if (e->n_terms == 0)
        return 0;
    assert_ok(expression_eval(e->term_text, letters, e->terms[0].n_cells, &value, &per_term));
    return per_term * (double)e->n_terms + (double)(e->n_terms - 1);
}

#endif
