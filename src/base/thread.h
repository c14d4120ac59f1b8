/* thread.h: work on several processors, and work that runs while its caller goes on.
 *
 * Nothing needs a thread to be correct: built without threads, or where none can be started, the caller does the work
 * itself before the call returns. */
#ifndef QKV_BASE_THREAD_H
#define QKV_BASE_THREAD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { PARALLEL_MAX = 16 };

/* The number of workers that are useful on this machine: 1 to PARALLEL_MAX. */
unsigned parallel_workers(void);

/* Call item(context, i) once for each i below n and return when all calls have returned. Items must not depend on one
 * another; their order is unspecified. At most `workers` (1 to PARALLEL_MAX) run at the same time, the caller one of
 * them. */
void parallel_for(size_t n, unsigned workers, void (*item)(void *context, size_t i), void *context);

/* One call in the background. */
struct task;

/* False: this build has no threads, and task_begin returns only when the work is done. */
bool task_has_threads(void);

/* Call run(context) once. NULL: no memory, and it is not called. */
struct task *task_begin(void (*run)(void *context), void *context);

/* True when run() has returned; then everything it wrote can be read. */
bool task_is_done(const struct task *task);

/* Wait until run() has returned, and free the task. NULL is allowed. */
void task_end(struct task *task);

/* Progress and cancellation of long work: the caller owns it and may read and write it from another thread while the
 * work runs; nothing else of the work may be touched from there. */
struct progress {
    atomic_bool cancel;        /* set it to stop: the work ends soon, with QKV_ERR_CANCELLED */
    atomic_size_t done, total; /* in PROGRESS_UNIT operations; done is counted up by tape_run; total is set when
                                * recording is finished; 0: not known yet */
    atomic_size_t keeps;       /* bytes that its numbers will take, set with the total; 0: not known yet */
    unsigned threads;          /* how many may work at once; 0: as many as the machine has processors */
};

enum { PROGRESS_UNIT = 1000 };

#endif
