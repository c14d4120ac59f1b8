/* baseline.h: how far a lesson has moved from what it was. */
#ifndef QKV_LESSON_BASELINE_H
#define QKV_LESSON_BASELINE_H

#include "lesson/lesson.h"

/* The step of `tape` (NULL: none) that has this one's name and shape, or NULL. */
const struct step *step_like(const struct tape *tape, const struct step *step);

/* Is a cell of the step another than in `then`, which may be NULL? Then *ret is what it was. False also where there is
 * no such cell in `then`. */
bool cell_differs(const struct step *now, const struct step *then, size_t h, size_t r, size_t c, double *ret);

/* How far the last step moved. */
struct moved {
    bool on;               /* both have a last step of one name and shape */
    const char *name;      /* the step's */
    double largest;        /* the largest absolute difference; infinity where only one is blocked */
    size_t head, row, col; /* where */
};
struct moved lesson_moved(const struct lesson *now, const struct lesson *then);

#endif
