/* structure.h: what the words of a sentence are to each other, found by rules that can be said to a class: which class
 * a word has here, which words form a noun phrase, which verb and subject form a clause, which word an adjective
 * describes. The handcrafted model makes features of it (glass_sentence.c); nothing is learnt, and a long or strange
 * sentence only gets worse guesses. The rules are those of English, with what written Chinese needs.
 *
 *   classes   from left to right: "the run" is a noun, "they run" a verb (structure_classes.c)
 *   phrases   determiner, adjectives, nouns: the last noun is the head; "the stone bridge" is a bridge
 *   clauses   a conjunction or a relative pronoun begins one, its verb and its subject complete it (structure_clauses.c)
 */
#ifndef QKV_LESSON_STRUCTURE_H
#define QKV_LESSON_STRUCTURE_H

#include <stdbool.h>
#include <stddef.h>

enum word_class {
    CLASS_NONE, /* a punctuation mark, a particle */
    CLASS_NOUN,
    CLASS_VERB,
    CLASS_ADJECTIVE,
    CLASS_DETERMINER,
    CLASS_PRONOUN,
    CLASS_PREPOSITION,
    CLASS_CONJUNCTION,
    CLASS_ADVERB,
    CLASS_QUESTION, /* who, which, where: it asks, or begins a relative clause */
    CLASS_COUNT
};

/* Words that hold a sentence together: the lists under `kinds` in the model's file, in this order. */
#define STRUCTURE_KINDS(X)                                                                                             \
    X(BE, "be")                                                                                                        \
    X(AUXILIARY, "auxiliary")                                                                                          \
    X(MODAL, "modal")                                                                                                  \
    X(NOMINATIVE, "nominative")                                                                                        \
    X(THIRD_PERSON, "third person")                                                                                    \
    X(THAT, "that")                                                                                                    \
    X(RELATIVE, "relative")                                                                                            \
    X(SUBORDINATOR, "subordinator")                                                                                    \
    X(EITHER, "either")                                                                                                \
    X(JOINS, "joins")                                                                                                  \
    X(AND, "and")                                                                                                      \
    X(TO, "to")                                                                                                        \
    X(BY, "by")                                                                                                        \
    X(OF, "of")                                                                                                        \
    X(THERE, "there")                                                                                                  \
    X(TIME, "time")                                                                                                    \
    X(NAMELESS, "nameless")                                                                                            \
    X(ARTICLE, "article")                                                                                              \
    X(ALSO_VERB, "also verb")                                                                                          \
    X(LOCALISER, "localiser")                                                                                          \
    X(COMMA, "comma")                                                                                                  \
    X(STOP, "stop")                                                                                                    \
    X(APOSTROPHE, "apostrophe")
enum structure_kind {
#define STRUCTURE_KIND_ID(id, name) KIND_##id,
    STRUCTURE_KINDS(STRUCTURE_KIND_ID)
#undef STRUCTURE_KIND_ID
        KIND_COUNT
};

struct structure_word {
    /* Given. */
    const char *text; /* lower case */
    unsigned kinds;   /* a bit for each enum structure_kind */
    unsigned classes; /* a bit for each enum word_class that it may have */
    bool capital;     /* it begins with a capital letter */
    bool guessed;     /* it is in no lexicon */
    bool unspaced;    /* it is of a script without spaces between words */
    bool past;        /* a verb's past or participle */
    double plural;    /* 1: several, -1: one, 0: the word does not tell */
    double animate, feminine, masculine;
    /* Found. */
    enum word_class is;
    bool genitive;    /* the girl's */
    bool attributive; /* an adjective within a noun phrase */
    bool modifier;    /* a noun that only says more of the noun after it: stone in "stone bridge" */
    bool joined;      /* one of several that "and" joins */
    bool subject;     /* of a clause */
    double phrase;    /* which noun phrase, from 1; a genitive ends one; a word of none has that before */
    double clause;    /* which clause, from 0; a subject of two that follow each other stands between them */
    int describes;    /* of an adjective: where the word stands that it describes; -1: none was found */
};

/* Find the classes of the words (from `is` on, the members must be 0). */
void structure_classes(struct structure_word words[], size_t n);

/* Find phrases and clauses of words whose classes are found, and what adjectives describe. */
void structure_clauses(struct structure_word words[], size_t n);

/* The last part of it: what adjectives describe, of words whose phrases and clauses are found. */
void structure_adjectives(struct structure_word words[], size_t n);

static inline bool has_kind(const struct structure_word *w, enum structure_kind kind)
{
    return w->kinds >> kind & 1;
}

static inline bool may_be(const struct structure_word *w, enum word_class class)
{
    return w->classes >> class & 1;
}

/* Does it end in -ing? */
bool structure_is_ing(const struct structure_word *w);

#endif
