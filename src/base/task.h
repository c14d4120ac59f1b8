/* task.h: one piece of work beside whoever asked for it.
 *
 * Nothing needs a thread to be right: built without threads, or where none can be started, the work is done when
 * task_begin returns. */
#ifndef QKV_BASE_TASK_H
#define QKV_BASE_TASK_H

#include <stdbool.h>

struct task;

/* Can work go on beside the caller, or has this build no threads? */
bool task_has_threads(void);

/* Call run(context) once. NULL: no memory, and it is not called. */
struct task *task_begin(void (*run)(void *context), void *context);

/* Has it returned? Then all that it wrote can be read. */
bool task_is_done(const struct task *task);

/* Wait until it has, and free the task. NULL is forgiven. */
void task_end(struct task *task);

#endif
