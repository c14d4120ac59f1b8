/* beside.h: a lesson's second computation: other settings, another mechanism or other weights, compared in one tensor. */
#ifndef QKV_LESSON_BESIDE_H
#define QKV_LESSON_BESIDE_H

#include "lesson/weights.h"

/* Compute lesson->beside from `beside: {...}` for a lesson that has its tape. `weights` and `model` are the lesson's.
 * With `strict` what is wrong, and a claimed equality that does not hold, is a finding; without it (the lesson was
 * changed on the command line) the lesson then has no second computation. */
void beside_read(struct reader *r, const struct node *beside, const struct node *weights, const struct glass *model,
                 bool strict, struct lesson *lesson);

#endif
