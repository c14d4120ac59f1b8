/* setup.h: which mechanism a lesson has, and how it is set. */
#ifndef QKV_LESSON_SETUP_H
#define QKV_LESSON_SETUP_H

#include "lesson/fields.h"
#include "lesson/lesson.h"

/* Set the lesson's mechanism (NULL: attention), with its settings at their defaults; NULL and a diagnostic: unknown. */
void setup_mechanism(struct reader *r, const struct node *name, struct lesson *lesson);

/* Set what a mapping of settings says; it may be NULL. */
void setup_settings(struct reader *r, const struct node *mapping, struct lesson *lesson);

/* Another mechanism in place of the lesson's, with those of its settings that this one has too. A diagnostic: unknown. */
void setup_another(struct reader *r, const char *name, struct lesson *lesson);

#endif
