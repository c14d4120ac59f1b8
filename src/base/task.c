#include "base/task.h"

#include <stdatomic.h>
#include <stdlib.h>

#ifdef QKV_THREADS
#include <pthread.h>
#endif

struct task {
    void (*run)(void *context);
    void *context;
    atomic_bool done;
#ifdef QKV_THREADS
    pthread_t thread;
    bool started;
#endif
};

static void *work(void *given)
{
    struct task *task = given;
    task->run(task->context);
    atomic_store(&task->done, true);
    return NULL;
}

struct task *task_begin(void (*run)(void *context), void *context)
{
    struct task *task = calloc(1, sizeof *task);
    if (!task)
        return NULL;
    task->run = run;
    task->context = context;
#ifdef QKV_THREADS
    task->started = pthread_create(&task->thread, NULL, work, task) == 0;
    if (task->started)
        return task;
#endif
    work(task);
    return task;
}

bool task_has_threads(void)
{
#ifdef QKV_THREADS
    return true;
#else
    return false;
#endif
}

bool task_is_done(const struct task *task)
{
    return atomic_load(&task->done);
}

void task_end(struct task *task)
{
#ifdef QKV_THREADS
    if (task && task->started)
        pthread_join(task->thread, NULL);
#endif
    free(task);
}
