/* structure_ahead.h: what a reader of a sentence sees ahead: is there a verb, a noun phrase, a list? Classes are found. */
#ifndef QKV_LESSON_STRUCTURE_AHEAD_H
#define QKV_LESSON_STRUCTURE_AHEAD_H

#include "lesson/structure/structure.h"

struct structure_text {
    struct structure_word *w;
    int n;
};

/* Is word i of this class, of this kind? False where there is no such word. */
bool ahead_is(const struct structure_text *t, int i, enum word_class class);
bool ahead_kind(const struct structure_text *t, int i, enum structure_kind kind);
/* Is it a verb with a subject: neither an -ing form nor an infinitive? */
bool ahead_is_finite(const struct structure_text *t, int i);
/* The first word from i on that is no adverb. */
int ahead_skip_adverbs(const struct structure_text *t, int i);
/* Past the noun phrase that begins at i, if one does; nothing is marked. */
int ahead_past_nominal(const struct structure_text *t, int i);
/* How many finite verbs stand from here to the end of the sentence or the next conjunction, auxiliaries with theirs. */
int ahead_verbs(const struct structure_text *t, int i);
/* Does a verb follow, after adverbs and prepositional phrases? */
bool ahead_verb_follows(const struct structure_text *t, int i);
/* Is it a list ("the dog , the cat and ...") and no remark ("my sister , the queen , sleeps")? */
bool ahead_list_goes_on(const struct structure_text *t, int i);

#endif
