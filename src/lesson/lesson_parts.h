/* lesson_parts.h: the parts of a lesson's file besides its words and numbers: which mechanism it has and how that is
 * set, its place in the course, and its script, whose stops are resolved against the lesson's tape. */
#ifndef QKV_LESSON_PARTS_H
#define QKV_LESSON_PARTS_H

#include "lesson/fields.h"
#include "lesson/lesson.h"

/* Set the lesson's mechanism (NULL: attention), with its settings at their defaults; NULL and a diagnostic: unknown. */
void mechanism_read(struct reader *r, const struct node *name, struct lesson *lesson);

/* Set the settings of a mapping, which may be NULL. */
void settings_read(struct reader *r, const struct node *mapping, struct lesson *lesson);

/* Another mechanism in place of the lesson's, with those of its settings that this one has too. A diagnostic:
 * unknown. */
void mechanism_replace(struct reader *r, const struct node *name, struct lesson *lesson);

/* Read `group`, `builds_on`, `next` and `dissolves`. */
void course_read(struct reader *r, const struct node *root, struct lesson *lesson);

/* Of a built-in lesson: are the lessons it names built in as well, and do those it builds on come before it? */
void course_check(struct reader *r, const struct node *root, const struct lesson *lesson);

/* Check the stops' fields and texts, and, when the lesson has a tape, their places. The stops go into *lesson. */
void script_read(struct reader *r, const struct node *script, struct lesson *lesson);

/* Render a text of the lesson (node may be NULL) for tokens as rows, ret[0], and as columns, ret[1]. Diagnostics: a **
 * that is not closed, a name in braces without a meaning, more than `max` characters. */
void text_render(struct reader *r, const struct node *node, const char *what, size_t max, const struct lesson *lesson,
                 const char *ret[2]);

/* The text of a field, or NULL when it is missing; longer than `max` characters: a diagnostic. */
const char *text_field(struct reader *r, const struct node *root, const char *name, size_t max);

#endif
