/* steps.h: what the steps of a tape hold, for tests. */
#ifndef QKV_TESTS_STEPS_H
#define QKV_TESTS_STEPS_H

#include "support/check.h"

#include "core/tape.h"

/* The value of a step, which must be there. */
static inline const struct tensor *value_of(const struct tape *tape, const char *step)
{
    int at = tape_find(tape, step);
    if (at < 0)
        fail_msg("there is no step '%s'", step);
    return &tape->steps[at].value;
}

static inline double largest_difference(const struct tensor *a, const struct tensor *b)
{
    double largest = 0;
    assert_int_equal(tensor_cells(a), tensor_cells(b));
    for (size_t i = 0; i < tensor_cells(a); i++)
        largest = fmax(largest, fabs(a->v[i] - b->v[i]));
    return largest;
}

/* The same, of the steps of this name on two tapes. */
static inline double step_difference(const struct tape *a, const struct tape *b, const char *step)
{
    return largest_difference(value_of(a, step), value_of(b, step));
}

#endif
