/* footprint.h: how much memory a recorded computation will take, before any of it is computed.
 *
 * A walk keeps the numbers of every step: what it takes is known once its steps are recorded, for recording finds their
 * shapes. What is larger than it may be is refused then, with what was wanted, what there is and what to do: a machine
 * that runs out of memory kills the program, or swaps without end. */
#ifndef QKV_CORE_FOOTPRINT_H
#define QKV_CORE_FOOTPRINT_H

#include "base/memory.h"
#include "base/str.h"
#include "core/tape.h"

/* From so many bytes on, what a computation keeps is said to people before it begins. */
enum { FOOTPRINT_LARGE = 250 * 1000 * 1000 };

struct footprint {
    size_t bytes;
    size_t steps;
    size_t largest[AXES]; /* the shape of the largest step */
};

/* Add what a tape keeps once it is computed: 8 bytes for each number, those of its inputs too. */
void footprint_add(struct footprint *kept, const struct tape *tape);

/* "1.2 GB: 14 steps, the largest 8 heads of 4,096 x 4,096" */
void footprint_text(const struct footprint *kept, struct str *to);

/* What a person can do about a walk that is too large: it keeps every step, whatever they are computed for. */
#define FOOTPRINT_ADVICE "take fewer tokens or heads"

/* May it be computed while `held` bytes are kept besides? Error: QKV_ERR_LIMIT, for people; `advice` ends it ("take fewer
 * tokens"). */
QKV_CHECKED struct qkv_err footprint_check(const struct footprint *kept, size_t held, const struct memory_limit *limit,
                                           const char *advice);

/* So many cells the steps of a tape may have beside what is kept and held; for struct tape's cells_most. At least 1. */
size_t footprint_cells_left(const struct footprint *kept, size_t held, const struct memory_limit *limit);

#endif
