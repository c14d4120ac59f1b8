/* beside.h: a lesson's second computation: other settings, another mechanism or other weights, compared in one tensor. */
#ifndef QKV_LESSON_BESIDE_H
#define QKV_LESSON_BESIDE_H

#include "lesson/weights.h"

/* Compute lesson->beside from `beside: {...}` for a lesson that has its tape. `weights` and `model` are the lesson's.
 * In a lesson as written (options that change nothing, or NULL) what is wrong, and a claimed equality that does not hold,
 * is a diagnostic; in one that a person changed it then has no second computation. Changed cells are changed here too. */
void beside_read(struct reader *r, const struct node *beside, const struct node *weights, const struct glass *model,
                 const struct lesson_options *options, struct lesson *lesson);

/* How far the two are apart, for numbers that are new. False: the lesson says that they are equal, and they are not. */
bool beside_compare(struct beside *b, const struct tape *lesson_tape);

#endif
