#include "lesson/analysis/summary.h"

#include <float.h>
#include <math.h>

/* Without a branch for each number: of a large matrix there are a million. */
static inline void widen(double *low, double *high, double x)
{
    const bool finite = fabs(x) <= DBL_MAX;
    const double a = finite ? x : INFINITY, b = finite ? x : -INFINITY;
    *low = a < *low ? a : *low;
    *high = b > *high ? b : *high;
}

struct value_range range_of(const double v[], size_t n)
{
    enum { LANES = 4 }; /* that need not wait for each other */
    double low[LANES], high[LANES];
    size_t i = 0;
    for (size_t k = 0; k < LANES; k++)
        low[k] = INFINITY, high[k] = -INFINITY;
    for (; i + LANES <= n; i += LANES)
        for (size_t k = 0; k < LANES; k++)
            widen(&low[k], &high[k], v[i + k]);
    for (; i < n; i++)
        widen(&low[0], &high[0], v[i]);
    for (size_t k = 1; k < LANES; k++)
        low[0] = fmin(low[0], low[k]), high[0] = fmax(high[0], high[k]);
    if (low[0] > high[0])
        return (struct value_range){0, 0, true};
    return (struct value_range){low[0], high[0], false};
}

struct summary {
    bool known;
    struct value_range range;
};

bool summaries_init(struct lesson *lesson)
{
    lesson->summaries = arena_array(&lesson->arena, lesson->tape.n + 1, sizeof *lesson->summaries);
    return lesson->summaries;
}

struct value_range lesson_range(const struct lesson *lesson, int step)
{
    const struct tensor *value = &lesson->tape.steps[step].value;
    struct summary *summary = lesson->summaries ? &lesson->summaries[step] : NULL;
    if (summary && summary->known)
        return summary->range;
    struct value_range range = range_of(value->v, tensor_cells(value));
    if (summary)
        *summary = (struct summary){true, range};
    return range;
}
