#include "base/thread.h"

#include "base/err.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#ifdef QKV_THREADS
#include <pthread.h>
#include <unistd.h>

/* The default may be as little as `ulimit -s` says, or 128 kB: too little for a lesson to be read and computed. */
static bool start_thread(pthread_t *thread, void *(*run)(void *given), void *given)
{
    enum { STACK_BYTES = 4 * 1024 * 1024 };
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0)
        return false;
    (void)pthread_attr_setstacksize(&attributes, STACK_BYTES);
    bool started = pthread_create(thread, &attributes, run, given) == 0;
    pthread_attr_destroy(&attributes);
    return started;
}

static long processors(void)
{
    return sysconf(_SC_NPROCESSORS_ONLN);
}

bool task_has_threads(void)
{
    return true;
}

#else

typedef int pthread_t;

static bool start_thread(UNUSED pthread_t *thread, UNUSED void *(*run)(void *given), UNUSED void *given)
{
    return false;
}

static void pthread_join(UNUSED pthread_t thread, UNUSED void **ret)
{
}

static long processors(void)
{
    return 1;
}

bool task_has_threads(void)
{
    return false;
}

#endif

struct queue {
    atomic_size_t next;
    size_t n;
    void (*item)(void *context, size_t i);
    void *context;
};

static void *take_items(void *given)
{
    struct queue *q = given;
    for (size_t i; (i = atomic_fetch_add(&q->next, 1)) < q->n;)
        q->item(q->context, i);
    return NULL;
}

/* Asked once: the system reads a file to answer, and every step of a tape asks. */
unsigned parallel_workers(void)
{
    static atomic_uint known;
    unsigned n = atomic_load_explicit(&known, memory_order_relaxed);
    if (n == 0) {
        long found = processors();
        n = found < 1 ? 1 : found > PARALLEL_MAX ? PARALLEL_MAX : (unsigned)found;
        atomic_store_explicit(&known, n, memory_order_relaxed);
    }
    return n;
}

void parallel_for(size_t n, unsigned workers, void (*item)(void *context, size_t i), void *context)
{
    assert(workers >= 1 && workers <= PARALLEL_MAX);
    if (workers == 1 || n <= 1) {
        for (size_t i = 0; i < n; i++)
            item(context, i);
        return;
    }
    struct queue queue = {.n = n, .item = item, .context = context};
    pthread_t thread[PARALLEL_MAX];
    unsigned started = 1; /* the caller */
    /* Where a thread cannot be started, those that were do its share. */
    while (started < workers && started < n && start_thread(&thread[started], take_items, &queue))
        started++;
    take_items(&queue);
    for (unsigned i = 1; i < started; i++)
        pthread_join(thread[i], NULL);
}

struct task {
    void (*run)(void *context);
    void *context;
    atomic_bool done;
    pthread_t thread;
    bool started;
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
    task->started = start_thread(&task->thread, work, task);
    if (!task->started)
        work(task);
    return task;
}

bool task_is_done(const struct task *task)
{
    return atomic_load(&task->done);
}

void task_end(struct task *task)
{
    if (task && task->started)
        pthread_join(task->thread, NULL);
    free(task);
}
