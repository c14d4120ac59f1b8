/* Work on several threads: what thread.h promises. */
#include "support/check.h"
#include "support/fail_alloc.h"

#include "base/thread.h"

#include <stdatomic.h>

enum { ITEMS = 5000 };

struct count {
    atomic_int done[ITEMS], at_work;
    int workers;
    atomic_bool wrong;
};

static void count_item(void *context, size_t i)
{
    struct count *c = context;
    if (atomic_fetch_add(&c->at_work, 1) >= c->workers)
        atomic_store(&c->wrong, true);
    atomic_fetch_add(&c->done[i], 1);
    atomic_fetch_sub(&c->at_work, 1);
}

TEST(every_item_is_done_once_and_no_more_at_a_time_than_there_are_workers)
{
    static const size_t items[] = {0, 1, 2, 15, ITEMS};
    static const unsigned workers[] = {1, 2, 3, PARALLEL_MAX};
    static struct count c;
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++)
        for (size_t k = 0; k < sizeof workers / sizeof workers[0]; k++) {
            memset(&c, 0, sizeof c);
            c.workers = (int)workers[k];
            parallel_for(items[i], workers[k], count_item, &c);
            assert_false(atomic_load(&c.wrong));
            for (size_t n = 0; n < ITEMS; n++)
                assert_int_equal(atomic_load(&c.done[n]), n < items[i]);
        }
    assert_in_range(parallel_workers(), 1, PARALLEL_MAX);
    assert_int_equal(parallel_workers(), parallel_workers());
}

struct errand {
    atomic_bool go;
    int result;
};

static void run_errand(void *context)
{
    struct errand *e = context;
    while (task_has_threads() && !atomic_load(&e->go))
        continue;
    e->result = 42;
}

TEST(a_task_runs_beside_its_caller)
{
    struct errand e = {.result = 0};
    struct task *task = task_begin(run_errand, &e);
    assert_non_null(task);
    assert_int_equal(task_is_done(task), !task_has_threads());
    atomic_store(&e.go, true);
    while (!task_is_done(task))
        continue;
    assert_int_equal(e.result, 42);
    task_end(task);
    task_end(NULL);
}

TEST(a_task_that_is_ended_has_run)
{
    struct errand e = {.go = true};
    task_end(task_begin(run_errand, &e));
    assert_int_equal(e.result, 42);
}

TEST(a_task_without_memory_is_not_run)
{
    struct errand e = {.go = true};
    fail_alloc_at(1);
    struct task *task = task_begin(run_errand, &e);
    fail_alloc_at(0);
    assert_null(task);
    assert_int_equal(e.result, 0);
}
