/* parallel.h: the same work on many items, on several processors where there are any.
 *
 * Nothing needs a thread to be right: built without threads, or where none can be started, all items are worked on by
 * the caller. Items must not depend on one another; which worker takes which item, and when, is not said. */
#ifndef QKV_BASE_PARALLEL_H
#define QKV_BASE_PARALLEL_H

#include <stddef.h>

enum { PARALLEL_MAX = 16 };

/* How many workers this machine has use for: 1 to PARALLEL_MAX. */
unsigned parallel_workers(void);

/* Call item(context, i, worker) once for each i below n and return when all are done. The caller is worker 0; at most
 * `workers` (1 to PARALLEL_MAX) work at the same time, and no two of them have the same number. */
void parallel_for(size_t n, unsigned workers, void (*item)(void *context, size_t i, unsigned worker), void *context);

#endif
