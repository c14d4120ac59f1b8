/* script.h: a lesson's script: its stops, resolved against the lesson's tape. */
#ifndef QKV_LESSON_SCRIPT_H
#define QKV_LESSON_SCRIPT_H

#include "lesson/fields.h"
#include "lesson/lesson.h"

/* Check the stops' fields and texts, and, when the lesson has a tape, their places. The stops go into *lesson. */
void script_read(struct reader *r, const struct node *script, struct lesson *lesson);

/* A text with marks: is every ** closed, and is every {..} one of {Q} {K} {V}? Adds diagnostics at `node`. */
void script_check_marks(struct reader *r, const struct node *node, const char *what);

/* The text of a field, or NULL when it is missing; longer than `max` characters: a diagnostic. */
const char *text_field(struct reader *r, const struct node *root, const char *name, size_t max);

/* How many characters (code points). */
size_t text_characters(const char *text);

#endif
