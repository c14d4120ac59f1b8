/* softmax.h: scores become shares, in the four steps that a person would take. */
#ifndef QKV_CORE_MECHANISMS_SOFTMAX_H
#define QKV_CORE_MECHANISMS_SOFTMAX_H

#include "core/mechanisms/record.h"

/* The four: "row_max", "exponentials", "row_sums" and "weights". */
extern const struct step_spec row_max_step, exponentials_step, row_sums_step, shares_step;

/* Record them and return the last. The row's largest is taken off so that no exponential is too large; it cancels in
 * the quotient. Where softmax comes once for every word, t says for which, from 1, and the names end in its number
 * ("weights_3"); 0: it comes once. */
int record_shares(struct recorder *r, int scores, size_t t);

#endif
