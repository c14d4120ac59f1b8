#include "core/untaped_times.h"

#include <math.h>

static bool takes_fewer(enum untaped way, size_t n, size_t d)
{
    return untaped_operations(way, n, d) < untaped_operations(UNTAPED_SOFTMAX, n, d);
}

size_t untaped_crossing(enum untaped way, size_t d)
{
    size_t more = UNTAPED_SHORTEST, fewer = UNTAPED_LONGEST;
    if (!takes_fewer(way, fewer, d))
        return 0;
    if (takes_fewer(way, more, d))
        return more;
    while (fewer - more > 1) {
        size_t middle = more + (fewer - more) / 2;
        *(takes_fewer(way, middle, d) ? &fewer : &more) = middle;
    }
    return fewer;
}

double untaped_crossing_measured(const struct untaped_times *times, enum untaped way)
{
    const float *softmax = times->seconds[UNTAPED_SOFTMAX], *other = times->seconds[way];
    size_t n = 0, at;
    while (times->d && n < UNTAPED_LENGTHS && softmax[n] > 0 && other[n] > 0)
        n++;
    for (at = n; at > 0 && other[at - 1] < softmax[at - 1];)
        at--;
    if (at == n)
        return 0;
    if (at == 0)
        return UNTAPED_SHORTEST;
    /* The logarithm of the ratio goes from above 0 to below it. */
    double before = log((double)other[at - 1] / (double)softmax[at - 1]),
           behind = log((double)other[at] / (double)softmax[at]);
    return (double)untaped_length(at - 1) * pow(2, before / (before - behind));
}
