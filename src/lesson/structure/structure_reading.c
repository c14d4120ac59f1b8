#include "lesson/structure/structure_reading.h"

struct clause *clause_top(struct reading *r)
{
    return &r->open[r->depth];
}

static const struct clause clause_new = {
    .number = -1, .subject = -1, .verb = -1, .last_auxiliary = -1, .nearer = -1, .in_doubt = -1};

int clause_number(struct reading *r, struct clause *c)
{
    if (c->number < 0)
        c->number = r->clauses++;
    return c->number;
}

void clause_clear(struct reading *r)
{
    *clause_top(r) = clause_new;
}

void clause_restart(struct reading *r)
{
    r->depth = 0;
    clause_clear(r);
    r->preposition = r->join = r->last_head = -1;
    r->comma = false;
}

int clause_here(struct reading *r)
{
    return clause_top(r)->number >= 0 ? clause_top(r)->number : r->clauses;
}

bool clause_is_complete(const struct clause *c)
{
    return c->subject >= 0 && c->verb >= 0;
}

bool clause_is_empty(const struct clause *c)
{
    return c->subject < 0 && c->verb < 0;
}

int clause_waiting(const struct reading *r)
{
    for (int d = r->depth - 1; d >= 0; d--)
        if (r->open[d].subject >= 0 &&
            (r->open[d].verb < 0 || ahead_kind(&r->t, r->open[d].last_auxiliary, KIND_MODAL)))
            return d;
    return -1;
}

void clause_push(struct reading *r, bool relative)
{
    const int outer = clause_waiting(r);
    /* What is complete and encloses nothing that waits need not stay. */
    if (outer < 0 && clause_is_complete(clause_top(r)) && r->depth > 0)
        clause_clear(r);
    else if (r->depth + 1 < CLAUSES_OPEN_MAX)
        r->open[++r->depth] = clause_new;
    clause_top(r)->relative = relative;
    r->join = -1;
}

void clause_set_subject(struct reading *r, struct clause *c, int at)
{
    struct structure_word *w = &r->t.w[at];
    const int number = clause_number(r, c);
    /* One that is a subject already, of the clause before, stands between the two. */
    w->clause = w->subject ? (w->clause + number) / 2 : number;
    w->subject = true;
    c->subject = at;
}

void clause_open(struct reading *r, bool relative, int subject)
{
    clause_push(r, relative);
    clause_set_subject(r, clause_top(r), subject);
}

bool clause_agrees(const struct reading *r, int first, int second)
{
    return r->t.w[first].plural * r->t.w[second].plural >= 0;
}
