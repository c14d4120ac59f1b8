/* untaped_times.h: how long the six ways of untaped.h took for lengths from 16 to 16,384: figures as a value, which
 * whoever has a clock fills. Where linear attention becomes cheaper than softmax is found in them, and by formula. */
#ifndef QKV_CORE_UNTAPED_TIMES_H
#define QKV_CORE_UNTAPED_TIMES_H

#include "core/untaped.h"

enum { UNTAPED_LENGTHS = 11, UNTAPED_SHORTEST = 16, UNTAPED_LONGEST = UNTAPED_SHORTEST << (UNTAPED_LENGTHS - 1) };

/* The i-th length: 16, 32, ... 16,384. */
static inline size_t untaped_length(size_t i)
{
    return (size_t)UNTAPED_SHORTEST << i;
}

/* Seconds; what was not measured is one of these. */
#define UNTAPED_TOO_LARGE -1.0f /* it works in more than UNTAPED_BYTES_MOST */
#define UNTAPED_TOO_LONG  -2.0f /* it would take longer than UNTAPED_SECONDS_MOST, by the length before */

enum { UNTAPED_BYTES_MOST = 256 * 1000 * 1000, UNTAPED_SECONDS_MOST = 2 };

struct untaped_times {
    size_t d;  /* the width of queries, keys and values; 0: nothing was measured */
    bool here; /* on this machine, since the program began; else they were given */
    float seconds[UNTAPED_COUNT][UNTAPED_LENGTHS];
};

/* The shortest text from which on a way takes fewer operations than softmax, up to UNTAPED_LONGEST words; 0: none. */
size_t untaped_crossing(enum untaped way, size_t d);

/* The same by time, between two lengths measured along a straight line on logarithmic axes; the shortest length where
 * it is less there already. 0: it is more at the longest that was measured of both, or none was. */
double untaped_crossing_measured(const struct untaped_times *times, enum untaped way);

#endif
