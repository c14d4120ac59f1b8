/* growth.h: what a lesson's computation costs, for its own words and for n of them.
 *
 * Costs are sums over cells, and so polynomials in n: of degree 2 where every word meets every word. The coefficients
 * are found by recording the same computation for a few other lengths, and are kept only if they also give the costs
 * of two more, and those of the lesson. */
#ifndef QKV_LESSON_GROWTH_H
#define QKV_LESSON_GROWTH_H

#include "core/costs.h"

struct lesson;
struct str;

enum cost_kind { COST_OPERATIONS, COST_HELD, COST_READ, COST_KINDS };

enum { GROWTH_DEGREE_MAX = 3 };

struct growth {
    double value;                     /* for the lesson's words */
    double by[GROWTH_DEGREE_MAX + 1]; /* of n^0, n^1, ... */
    bool known;                       /* `by` is */
};

/* Of a computed lesson, or of its second computation. Error: QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err lesson_growth(const struct lesson *lesson, bool second, struct growth ret[COST_KINDS]);

/* For the lesson's words only. Where the second computation is done again for every word, the costs of all of these,
 * and the most that one of them holds. Error: QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err lesson_costs(const struct lesson *lesson, bool second, struct costs *ret);

/* "21 n^2 + 174 n", in the notation of formulas; nothing where it is not known. */
void growth_formula(const struct growth *growth, struct str *to);

#endif
