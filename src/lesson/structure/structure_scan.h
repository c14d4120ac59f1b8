/* structure_scan.h: the words of a sentence while their classes are found, from left to right: what stands before is decided,
 * what comes is known only by what it may be. */
#ifndef QKV_LESSON_STRUCTURE_SCAN_H
#define QKV_LESSON_STRUCTURE_SCAN_H

#include "lesson/structure/structure.h"

struct scan {
    struct structure_word *w;
    size_t n;
    bool object_gap; /* the last relative clause has its own subject: "the song the girls like" */
    size_t lacking;  /* verbs that are still to come: one for the clause, one for each relative clause in it */
    size_t opened;   /* as many were when the last relative clause began */
};

/* Word i; one without a class where there is none. */
const struct structure_word *scan_at(const struct scan *s, size_t i);
/* Where the word before i is, adverbs left out; s->n: there is none. */
size_t scan_before(const struct scan *s, size_t i);
/* From i on, the first word that is not sure to be an adverb. */
size_t scan_skip_adverbs(const struct scan *s, size_t i);
/* May the word be of this class and of no other? */
bool scan_only(const struct structure_word *w, enum word_class class);

/* Do words begin at i that can follow a determiner: a noun, or what leads to one? */
bool scan_nominal_starts(const struct scan *s, size_t i);
/* Does a clause begin at i: a noun phrase, what belongs to it, a verb? */
bool scan_clause_starts(const struct scan *s, size_t i);
/* How many verbs come from i on, up to the next clause? Sure: only words that can be nothing else. */
size_t scan_verbs(const struct scan *s, size_t i, bool sure);
/* Does the sentence need word i as a verb? */
bool scan_wants_verb(const struct scan *s, size_t i);

#endif
