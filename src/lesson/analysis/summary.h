/* summary.h: what pages ask of all numbers of a step, in every frame: found once and kept with the lesson. */
#ifndef QKV_LESSON_SUMMARY_H
#define QKV_LESSON_SUMMARY_H

#include "lesson/lesson.h"

/* The range of n numbers, of the finite ones. */
struct value_range {
    double min, max; /* 0, 0: there are none */
    bool empty;      /* no finite number */
};
struct value_range range_of(const double v[], size_t n);

/* Make room for what is kept. False: no memory. */
bool summaries_init(struct lesson *lesson);

/* The range of all numbers of a step. To be asked by one thread at a time. */
struct value_range lesson_range(const struct lesson *lesson, int step);

#endif
