/* course.h: a lesson's place in the course. */
#ifndef QKV_LESSON_COURSE_H
#define QKV_LESSON_COURSE_H

#include "lesson/fields.h"
#include "lesson/lesson.h"

/* Read `group`, `builds_on`, `next` and `dissolves`. */
void course_read(struct reader *r, const struct node *root, struct lesson *lesson);

/* Of a built-in lesson: are the lessons it names built in as well, and do those it builds on come before it? */
void course_check(struct reader *r, const struct node *root, const struct lesson *lesson);

#endif
