/* nearby.h: files that a lesson names: in its folder or below it, or carried by the program. A lesson from a stranger names
 * no other place. */
#ifndef QKV_LESSON_NEARBY_H
#define QKV_LESSON_NEARBY_H

#include "base/str.h"
#include "lesson/fields.h"
#include "lesson/lesson.h"

/* Read the file that `name` says into *ret, which is the caller's to finish. False: a diagnostic was added. */
bool nearby_read(struct reader *r, const struct node *name, const struct lesson *lesson, size_t limit, struct str *ret);

#endif
