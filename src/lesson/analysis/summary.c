#include "lesson/analysis/summary.h"

#include "lesson/text/number.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

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
    size_t heads;
    signed char *decimals;   /* [heads], of a large step; -1: not known yet */
    struct pyramid **planes; /* [heads], each NULL until it is asked for; NULL: the step is small */
};

struct summaries {
    size_t n;
    struct summary v[];
};

struct summaries *summaries_new(const struct tape *tape)
{
    struct summaries *s = calloc(1, sizeof *s + tape->n * sizeof s->v[0]);
    if (!s)
        return NULL;
    s->n = tape->n;
    for (size_t i = 0; i < tape->n; i++) {
        const struct axis *axis = tape->steps[i].value.axis;
        s->v[i].heads = axis[AXIS_HEAD].size;
        if (axis[AXIS_ROW].size * axis[AXIS_COL].size >= PYRAMID_CELLS)
            s->v[i].planes = calloc(s->v[i].heads, sizeof *s->v[i].planes);
        if (s->v[i].planes)
            s->v[i].decimals = malloc(s->v[i].heads);
        if (s->v[i].decimals)
            memset(s->v[i].decimals, -1, s->v[i].heads);
    }
    return s;
}

void summaries_free(struct summaries *s)
{
    for (size_t i = 0; s && i < s->n; i++) {
        for (size_t h = 0; s->v[i].planes && h < s->v[i].heads; h++)
            pyramid_free(s->v[i].planes[h]);
        free(s->v[i].planes);
        free(s->v[i].decimals);
    }
    free(s);
}

struct value_range summaries_range(struct summaries *s, const struct tape *tape, int step)
{
    const struct tensor *value = &tape->steps[step].value;
    struct summary *summary = s ? &s->v[step] : NULL;
    if (summary && summary->known)
        return summary->range;
    struct value_range range = range_of(value->v, tensor_cells(value));
    if (summary) {
        summary->range = range;
        summary->known = true;
    }
    return range;
}

int summaries_decimals(struct summaries *s, const struct tape *tape, int step, size_t head)
{
    signed char *known = s && s->v[step].decimals ? &s->v[step].decimals[head] : NULL;
    if (known && *known >= 0)
        return *known;
    int decimals = plane_decimals(&tape->steps[step].value, head);
    if (known)
        *known = (signed char)decimals;
    return decimals;
}

const struct pyramid *summaries_pyramid(struct summaries *s, const struct tape *tape, int step, size_t head)
{
    const struct step *of = &tape->steps[step];
    struct pyramid **planes = s ? s->v[step].planes : NULL;
    if (!planes)
        return NULL;
    if (!planes[head])
        planes[head] = pyramid_new(tensor_at(&of->value, head, 0, 0), of->value.axis[AXIS_ROW].size,
                                   of->value.axis[AXIS_COL].size, of->spec.scale == SCALE_MASK);
    return planes[head];
}

void summaries_prepare(struct summaries *s, const struct tape *tape)
{
    for (size_t i = 0; s && i < s->n; i++) {
        for (size_t h = 0; s->v[i].planes && h < s->v[i].heads; h++)
            (void)summaries_pyramid(s, tape, (int)i, h), (void)summaries_decimals(s, tape, (int)i, h);
        if (s->v[i].planes)
            (void)summaries_range(s, tape, (int)i);
    }
}

struct value_range lesson_range(const struct lesson *lesson, int step)
{
    return summaries_range(lesson->summaries, &lesson->tape, step);
}
