/* progress.h: progress and cancellation of a long computation.
 *
 * The caller owns it and may read and write it from another thread while the computation runs; nothing else of the
 * computation may be touched from there. */
#ifndef QKV_CORE_PROGRESS_H
#define QKV_CORE_PROGRESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct progress {
    atomic_bool cancel;        /* set it to stop: the work ends soon, with QKV_ERR_CANCELLED */
    atomic_size_t done, total; /* in PROGRESS_UNIT operations; done is counted up by tape_run; total is set when
                                * recording is finished; 0: not known yet */
    unsigned threads;          /* how many may work at once; 0: as many as the machine has processors */
};

enum { PROGRESS_UNIT = 1000 };

#endif
