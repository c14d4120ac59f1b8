/* structure_phrases.h: one noun phrase of a sentence whose words have their classes. */
#ifndef QKV_LESSON_STRUCTURE_PHRASES_H
#define QKV_LESSON_STRUCTURE_PHRASES_H

#include "lesson/structure/structure.h"

struct phrase {
    size_t from, end; /* its words; `end` is the first one after it */
    size_t head;      /* the noun or pronoun that the others belong to */
    double number;    /* counted from 1 */
    bool asks;        /* which book, whose brother */
};

/* Read the phrase that begins at `from`, as the one of this number, and mark its words. False: none begins there. */
bool phrase_read(struct structure_word w[], size_t n, size_t from, double number, struct phrase *ret);

#endif
