/* summary.h: what pages ask of all numbers of a step, in every frame: found once and kept beside the tape. */
#ifndef QKV_LESSON_SUMMARY_H
#define QKV_LESSON_SUMMARY_H

#include "lesson/analysis/pyramid.h"
#include "lesson/lesson.h"

/* The range of n numbers, of the finite ones. */
struct value_range {
    double min, max; /* 0, 0: there are none */
    bool empty;      /* no finite number */
};
struct value_range range_of(const double v[], size_t n);

/* From so many cells on a plane has a pyramid. */
enum { PYRAMID_CELLS = 1 << 18 };

/* Room for what is kept of a computed tape, which is given to all calls and never changes. NULL: no memory. */
struct summaries *summaries_new(const struct tape *tape);
void summaries_free(struct summaries *summaries);

/* Find out now what frames will ask for of large steps. */
void summaries_prepare(struct summaries *summaries, const struct tape *tape);

/* The range of all numbers of a step. Here and below: `summaries` may be NULL, then nothing is kept; to be asked by one
 * thread at a time. */
struct value_range summaries_range(struct summaries *summaries, const struct tape *tape, int step);

/* plane_decimals of a plane (number.h). */
int summaries_decimals(struct summaries *summaries, const struct tape *tape, int step, size_t head);

/* The sums of a plane's blocks; NULL: it is small, or there is no memory. */
const struct pyramid *summaries_pyramid(struct summaries *summaries, const struct tape *tape, int step, size_t head);

/* The range of a step of the lesson's own tape. */
struct value_range lesson_range(const struct lesson *lesson, int step);

#endif
