/* beside.h: a lesson's second computation: other settings, another mechanism or other weights, compared in one tensor. */
#ifndef QKV_LESSON_BESIDE_H
#define QKV_LESSON_BESIDE_H

#include "lesson/weights.h"

/* Record lesson->beside from `beside: {...}` for a lesson whose tape is recorded; tape_run computes it. `weights` and
 * `model` are the lesson's. In a lesson as written (options that change nothing, or NULL) what is wrong is a diagnostic; in
 * one that a person changed it then has no second computation. Changed cells are changed here too. */
void beside_begin(struct reader *r, const struct node *beside, const struct node *weights, const struct glass *model,
                  const struct lesson_options *options, struct lesson *lesson);

/* It is computed, or `err` says why not: compare the two. A claimed equality that does not hold is wrong, too. */
void beside_end(struct reader *r, const struct node *beside, const struct lesson_options *options, struct qkv_err err,
                struct lesson *lesson);

#endif
