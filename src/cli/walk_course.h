/* walk_course.h: of a walk as text, what stands around the steps: the lesson's place in the course, and the terms. */
#ifndef QKV_CLI_WALK_COURSE_H
#define QKV_CLI_WALK_COURSE_H

#include "lesson/lesson.h"

/* Break a text at its blanks into lines that start with two. */
void walk_add_wrapped(struct str *to, const char *text);

/* What the first page says: the lessons it builds on, the papers. */
void walk_add_course(const struct lesson *lesson, struct str *to);

/* What the last page says: the misconception that the lesson dissolves, and the next lesson. */
void walk_add_end(const struct lesson *lesson, bool columns, struct str *to);

/* The terms that the text uses, a line each. */
void walk_add_terms(const struct lesson *lesson, struct str *to);

#endif
