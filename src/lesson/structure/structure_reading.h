/* structure_reading.h: a sentence while its clauses are read, once, from left to right; the clauses that wait for their verb
 * lie on a stack. */
#ifndef QKV_LESSON_STRUCTURE_READING_H
#define QKV_LESSON_STRUCTURE_READING_H

#include "lesson/structure/structure_ahead.h"

enum { CLAUSES_OPEN_MAX = 32 };

/* A clause that is being read. Words are given by where they stand; -1: none yet. */
struct clause {
    int number; /* -1: nothing of it has been read that needs one */
    int subject, verb;
    int last_auxiliary; /* waits for the rest of the verb: "has ... eaten" */
    bool relative;
    bool fronted; /* begins with "in the garden", "there", a question: its subject may follow the verb */
    int nearer;   /* "the girl or the boys sing": of two subjects of unlike number the second; the verb decides */
    int in_doubt; /* "the boy with the dog and the girl are": the verb's number decides */
};

struct reading {
    struct structure_text t;
    struct clause open[CLAUSES_OPEN_MAX];
    int depth; /* of the innermost one */
    int clauses;
    double phrases;
    int last_head;      /* of the noun phrase read last */
    int last_end;       /* the first word behind it */
    bool last_governed; /* it stands behind a preposition */
    int preposition;    /* the one that waits for its noun phrase; -1: none */
    int join;           /* the conjunction that was just read: "and"; -1: none */
    bool comma;         /* a comma was just read */
};

/* At the beginning of a sentence, with nothing read. */
void clause_restart(struct reading *r);

/* The innermost clause; and what it is when it begins, again. */
struct clause *clause_top(struct reading *r);
void clause_clear(struct reading *r);

/* The clause's number, given to it now where it had none. The number that a word being read stands in: that of the innermost
 * clause, or of the next one. */
int clause_number(struct reading *r, struct clause *c);
int clause_here(struct reading *r);

bool clause_is_complete(const struct clause *c); /* it has a subject and a verb */
bool clause_is_empty(const struct clause *c);    /* it has neither */

/* The depth of an outer clause that has its subject and still lacks its verb, or what a modal waits for; -1: none. */
int clause_waiting(const struct reading *r);

/* Begin a clause within the innermost one, or in its place where that is over; clause_open gives it its subject, too. */
void clause_push(struct reading *r, bool relative);
void clause_open(struct reading *r, bool relative, int subject);
void clause_set_subject(struct reading *r, struct clause *c, int at);

/* Are two words not of different number? */
bool clause_agrees(const struct reading *r, int first, int second);

/* Find what a noun phrase is that was just read, from `from` to before `end`: the subject of a clause, or nothing of that kind
 * (structure_subjects.c). */
void subject_read(struct reading *r, int from, int head, int end);

#endif
