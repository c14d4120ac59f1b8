/* blocked.h: which cells of a tape a mask has blocked, in the step that blocks them and in those after it. */
#ifndef QKV_CORE_BLOCKED_H
#define QKV_CORE_BLOCKED_H

#include "core/tape.h"

/* Can a mask have blocked cells of this step? Quick; false: none is. */
bool tape_has_blocked(const struct tape *tape, int step);

/* Is this cell blocked: closed in a mask, -inf behind it, or a 0 that is made of such a cell alone (its exponential,
 * its share)? A 0 that was computed otherwise is none. False where memory runs out. */
bool tape_is_blocked(const struct tape *tape, int step, size_t h, size_t r, size_t c);

#endif
