/* compare.h: two computations of one lesson beside each other.
 *
 * For every step of the walk that the other computation has too (the same name and shape), a tape holds both values as
 * inputs and their difference as a step: so it is shown, explained and proven as every other number is. */
#ifndef QKV_LESSON_COMPARE_H
#define QKV_LESSON_COMPARE_H

#include "lesson/pool.h"
#include "lesson/walk.h"

struct comparison {
    struct tape tape;
    int *step;         /* owned; for each of the walk's steps its difference on that tape, or -1 */
    const char *label; /* what the lesson is beside of: "full attention"; the lesson's */
    struct pool pool;  /* names of the tape's steps */
};

/* Compare the walk's lesson with what it is beside of, which outlives the comparison; empty where it is beside of
 * nothing. Steps are the same that have one name, and the two that the lesson names for comparison. Steps with blocked
 * (infinite) cells have no difference. Error: QKV_ERR_NOMEM; *ret is then empty. */
QKV_CHECKED struct qkv_err comparison_init(struct comparison *ret, const struct walk *walk);
void comparison_finish(struct comparison *c);

/* The largest absolute difference of a step of its tape. */
double comparison_largest(const struct comparison *c, int step);

#endif
