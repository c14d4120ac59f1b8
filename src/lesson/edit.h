/* edit.h: single numbers of a lesson that is open, changed without reading and computing it again. */
#ifndef QKV_LESSON_EDIT_H
#define QKV_LESSON_EDIT_H

#include "lesson/lesson.h"

/* Another copy of the lesson: numbers of its own, texts and tables shared. Errors: QKV_ERR_NOMEM; *ret is then empty. */
QKV_CHECKED struct qkv_err lesson_copy(const struct lesson *lesson, struct lesson *ret);

/* Bring an open lesson to what reading it with these edits, and otherwise the same options, gives: bit for bit, in the
 * time that only the cells that they reach take. The second computation follows; the script goes with the first edit and
 * comes back with the last. `edits` as overrides has them: in order, each cell once. work: who waits, or NULL.
 * Errors, after which the lesson is as it was: QKV_ERR_DOMAIN (it has to be read again: an input that was looked at while
 * recording, a mask that comes or goes, numbers that grow too large), QKV_ERR_NOMEM, QKV_ERR_CANCELLED. */
QKV_CHECKED struct qkv_err lesson_edit(struct lesson *lesson, const struct edit *edits, size_t n, struct progress *progress);

#endif
