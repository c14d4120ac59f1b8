/* Which noun phrases are subjects, and of which clause. */

#include "lesson/structure/structure_reading.h"

static void join_words(struct reading *r, int first, int second)
{
    if (has_kind(&r->t.w[r->join], KIND_AND))
        r->t.w[first].joined = r->t.w[second].joined = true;
    else if (r->t.w[second].subject && !clause_agrees(r, first, second))
        clause_top(r)->nearer = second;
}

/* A noun phrase behind "and". True: it is dealt with. */
static bool join_phrase(struct reading *r, int head, int end)
{
    struct clause *c = clause_top(r);
    if (c->verb >= 0 && ahead_verb_follows(&r->t, end)) {
        /* "and the guests smiled": a clause of its own, beside those that are complete */
        while (r->depth > 0 && clause_is_complete(clause_top(r)))
            r->depth--;
        if (clause_is_complete(clause_top(r)))
            clause_clear(r);
        if (clause_top(r)->subject < 0) {
            clause_set_subject(r, clause_top(r), head);
            return true;
        }
        return false;
    }
    if (r->last_head < 0)
        return false;
    if (c->subject >= 0 && c->verb < 0 && (!r->last_governed || r->t.w[r->last_head].subject)) {
        clause_set_subject(r, c, head);
        join_words(r, r->last_head, head);
        c->subject = r->last_head; /* the first one speaks for all */
        return true;
    }
    if (c->subject >= 0 && c->verb < 0)
        c->in_doubt = head;
    join_words(r, r->last_head, head);
    return true;
}

static bool is_time(const struct reading *r, int head, int end)
{
    return ahead_kind(&r->t, head, KIND_TIME) && ahead_past_nominal(&r->t, end) > end;
}

/* "When the girls sang | the dog barked", "says | the girls are late": a phrase in a clause that has all it needs. */
static void place_phrase(struct reading *r, int from, int head, int end)
{
    const int outer = clause_waiting(r);
    const bool nominative = ahead_kind(&r->t, head, KIND_NOMINATIVE);
    /* "When they saw the wolf | the sheep and the goat ran" */
    const bool joined = r->last_end == from && ahead_kind(&r->t, end, KIND_AND) &&
                        ahead_verb_follows(&r->t, ahead_past_nominal(&r->t, end + 1));
    if (!nominative && !ahead_verb_follows(&r->t, end) &&
        !(joined && outer < 0 && r->depth > 0 && r->open[0].subject < 0))
        return;
    if (outer >= 0 && !nominative)
        return; /* "the dog that chased the cats | runs" */
    for (int d = r->depth - 1; d >= 0; d--)
        if (clause_is_empty(&r->open[d])) {
            r->depth = d;
            clause_set_subject(r, clause_top(r), head);
            return;
        }
    clause_open(r, false, head);
}

void subject_read(struct reading *r, int from, int head, int end)
{
    struct clause *c = clause_top(r);
    const bool after_comma = r->comma && r->last_head >= 0;
    if (r->preposition >= 0) {
        r->last_governed = true;
        if (clause_is_empty(c))
            c->fronted = true;
        return;
    }
    if (r->join >= 0 && join_phrase(r, head, end))
        return;
    r->last_governed = false;
    if (clause_is_empty(c)) {
        if (!is_time(r, head, end))
            clause_set_subject(r, c, head);
        else
            c->fronted = true;
    } else if (c->subject < 0) {
        if (c->fronted)
            clause_set_subject(r, c, head);
        else
            place_phrase(r, from, head, end);
    } else if (c->verb < 0 && ahead_is(&r->t, c->subject, CLASS_VERB) && (r->comma || from == c->subject + 1)) {
        if (r->comma) { /* "playing in the garden , the boys"; not: "eating apples is healthy" */
            r->t.w[c->subject].subject = false;
            clause_set_subject(r, c, head);
        }
    } else if (c->verb < 0) {
        if (after_comma && ahead_list_goes_on(&r->t, end)) {
            r->t.w[c->subject].joined = true;
            clause_set_subject(r, c, head);
            r->t.w[head].joined = true;
        } else if (!after_comma && (ahead_verb_follows(&r->t, end) || ahead_kind(&r->t, head, KIND_NOMINATIVE))) {
            clause_open(r, true, head); /* "the dog | the cats chased | runs" */
        }
    } else {
        place_phrase(r, from, head, end);
    }
}
