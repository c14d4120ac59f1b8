/* nouns.h: the steps' own words, fitted to what a lesson's tokens are.
 *
 * The core calls every token a word. Where a lesson's tokens are patches of a picture or frames of a sound, its steps
 * say so: "how much each word looks at each word" becomes "how much each patch looks at each patch". */
#ifndef QKV_LESSON_NOUNS_H
#define QKV_LESSON_NOUNS_H

#include "lesson/lesson.h"

enum { NOUN_BYTES_MAX = 24 };

/* Fit the texts of all steps of a tape. The lesson's nouns tell what looks and what is looked at; a row that carries
 * the memory's labels is of the second kind. False: no memory. */
bool nouns_fit(struct arena *arena, const struct lesson *lesson, struct tape *tape);

#endif
