/* What is kept of a step's numbers is what looking at all of them says. */
#include "lesson/analysis/summary.h"

#include "support/check.h"
#include "support/own.h"

#include <math.h>

static struct range_case {
    const char *name;
    size_t n;
    double v[9], min, max;
    bool empty;
} ranges[] = {
    {"no number", 0, {0}, 0, 0, true},
    {"one number", 1, {-3}, -3, -3, false},
    {"what is blocked does not count", 5, {-INFINITY, 2, NAN, -1, INFINITY}, -1, 2, false},
    {"all blocked", 3, {-INFINITY, NAN, INFINITY}, 0, 0, true},
    {"the last of many is the smallest", 9, {1, 2, 3, 4, 5, 6, 7, 8, -9}, -9, 8, false},
    {"the largest number counts", 2, {1.7976931348623157e308, 0}, 0, 1.7976931348623157e308, false},
};

TEST_ROWS(a_range, ranges, row)
{
    struct value_range range = range_of(row->v, row->n);
    assert_true(range.empty == row->empty && range.min == row->min && range.max == row->max);
}

TEST(a_range_that_is_kept_is_that_of_its_step)
{
    OWN(lesson) lesson = {0};
    assert_ok(lesson_open("causal-mask", NULL, &lesson, NULL));
    for (int again = 0; again < 2; again++)
        for (size_t i = 0; i < lesson.tape.n; i++) {
            const struct tensor *value = &lesson.tape.steps[i].value;
            struct value_range kept = lesson_range(&lesson, (int)i), all = range_of(value->v, tensor_cells(value));
            assert_true(kept.min == all.min && kept.max == all.max && kept.empty == all.empty);
        }
}

TEST_GROUP(NULL, NULL)
