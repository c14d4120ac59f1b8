/* Which verb and which subject belong together. */

#include "lesson/structure/structure_phrases.h"
#include "lesson/structure/structure_reading.h"

/* ---- verbs ---- */

/* Can this form follow that auxiliary: is seen, has seen, can see? */
static bool continues(const struct reading *r, int auxiliary, int verb)
{
    const struct structure_word *w = &r->t.w[verb];
    if (ahead_kind(&r->t, auxiliary, KIND_BE))
        return structure_is_ing(w) || w->past;
    if (ahead_kind(&r->t, auxiliary, KIND_MODAL))
        return !structure_is_ing(w) && !w->past && w->plural >= 0;
    return w->past;
}

/* "is the man who has the dogs | waiting", "did the keys he lost | open": the auxiliary may be an outer clause's. */
static void leave_for_auxiliary(struct reading *r, int verb)
{
    for (int d = r->depth; d >= 0; d--)
        if (r->open[d].last_auxiliary >= 0 && continues(r, r->open[d].last_auxiliary, verb)) {
            r->depth = d;
            return;
        }
}

/* "the dog that chased the cats | runs": a clause around this one that lacks a verb, rather one that has a subject. */
static void leave_for_subject(struct reading *r)
{
    int outer = clause_waiting(r);
    for (int d = r->depth - 1; d >= 0 && outer < 0; d--)
        if (clause_is_empty(&r->open[d]))
            outer = d;
    if (outer >= 0)
        r->depth = outer;
}

static void turn_round(struct reading *r, struct clause *c, int verb)
{
    /* "which book did the teacher read": what is asked for is no subject */
    if (c->subject >= 0 && c->fronted && r->t.w[c->subject].subject && ahead_kind(&r->t, verb, KIND_AUXILIARY) &&
        ahead_past_nominal(&r->t, verb + 1) > verb + 1) {
        r->t.w[c->subject].subject = false;
        c->subject = -1;
    }
    if (c->subject < 0 && ahead_kind(&r->t, verb, KIND_AUXILIARY))
        c->fronted = true;
}

/* A participle right behind a noun, of a clause whose verb is still to come: "the man | standing there | is". */
static bool is_reduced(const struct reading *r, const struct clause *c, int verb)
{
    if (r->last_head < 0 || r->last_end != verb || c->verb >= 0 || c->subject < 0)
        return false;
    if (structure_is_ing(&r->t.w[verb]))
        return ahead_verbs(&r->t, verb + 1) > 0;
    return r->t.w[verb].past && (ahead_kind(&r->t, verb + 1, KIND_BY)) && ahead_verbs(&r->t, verb + 1) > 0;
}

/* Does an infinitive follow somebody who is an object, not a subject? */
static bool is_told(const struct reading *r, const struct clause *c, int verb)
{
    const int head = r->last_head;
    return c->verb >= 0 && head >= 0 && r->last_end == verb - 1 && !r->last_governed && !r->t.w[head].subject &&
           (r->t.w[head].animate > 0.5 || r->t.w[head].is == CLASS_PRONOUN);
}

static void read_verb(struct reading *r, int at)
{
    struct clause *c = clause_top(r);
    const bool infinitive = ahead_kind(&r->t, at - 1, KIND_TO), joined = r->join >= 0 || r->comma;
    const bool reduced = is_reduced(r, c, at);
    r->join = -1;
    if (reduced || (infinitive && is_told(r, c, at))) { /* "asked the boys | to open the window" */
        clause_open(r, reduced, r->last_head);
        clause_top(r)->verb = at;
        r->t.w[at].clause = clause_top(r)->number;
        return;
    }
    if (c->verb >= 0 && !joined && !infinitive)
        leave_for_auxiliary(r, at);
    c = clause_top(r);
    if (infinitive || structure_is_ing(&r->t.w[at])) {
        if (clause_is_empty(c) && !c->fronted && (infinitive || r->preposition < 0) && ahead_verbs(&r->t, at + 1) > 0)
            clause_set_subject(r, c, at); /* walking is healthy */
        r->t.w[at].clause = clause_is_empty(c) ? r->clauses : clause_number(r, c);
        c->last_auxiliary = -1;
        return;
    }
    if (c->last_auxiliary >= 0 && !joined && continues(r, c->last_auxiliary, at)) {
        c->last_auxiliary = ahead_kind(&r->t, at, KIND_AUXILIARY) ? at : -1;
        r->t.w[at].clause = c->number;
        return;
    }
    if (c->verb >= 0 && !joined)
        leave_for_subject(r);
    c = clause_top(r);
    if (c->verb < 0)
        turn_round(r, c, at);
    if (c->verb < 0 && c->nearer >= 0)
        r->t.w[clause_agrees(r, c->nearer, at) ? c->subject : c->nearer].subject = false;
    if (c->verb < 0 && c->in_doubt >= 0 && !clause_agrees(r, c->subject, at)) {
        r->t.w[c->subject].joined = r->t.w[c->in_doubt].joined = true;
        r->t.w[c->in_doubt].subject = true;
        r->t.w[c->in_doubt].clause = clause_number(r, c);
    }
    c->verb = at;
    c->last_auxiliary = ahead_kind(&r->t, at, KIND_AUXILIARY) ? at : -1;
    r->t.w[at].clause = clause_number(r, c);
}

/* ---- conjunctions and relative pronouns ---- */

static void read_question(struct reading *r, int at)
{
    const int next = ahead_skip_adverbs(&r->t, at + 1);
    const bool after_noun =
        r->last_head >= 0 && (r->last_end == at || (r->last_end == at - 1 && (r->comma || r->preposition >= 0)));
    const bool asks_by_order =
        ahead_kind(&r->t, next, KIND_AUXILIARY) && ahead_past_nominal(&r->t, next + 1) > next + 1;
    const bool verb_follows = ahead_is(&r->t, next, CLASS_VERB), of_follows = ahead_kind(&r->t, next, KIND_OF);
    if (after_noun && ahead_kind(&r->t, at, KIND_RELATIVE)) {
        clause_push(r, true);
        if (verb_follows && r->preposition < 0)
            clause_set_subject(r, clause_top(r), r->last_head);
    } else {
        if (clause_is_empty(clause_top(r)) &&
            (verb_follows || of_follows || !ahead_verb_follows(&r->t, ahead_past_nominal(&r->t, next))))
            clause_top(r)->fronted = true;
        else
            clause_push(r, false);
        /* who knows, which of them knows; not: when did he, whom does he */
        if (!asks_by_order && ((verb_follows && !ahead_kind(&r->t, at, KIND_SUBORDINATOR)) || of_follows))
            clause_set_subject(r, clause_top(r), at);
    }
    r->preposition = -1;
}

static void read_mark(struct reading *r, int at)
{
    if (ahead_kind(&r->t, at, KIND_STOP)) {
        clause_restart(r);
    } else if (ahead_kind(&r->t, at, KIND_OF) && at > 0 &&
               (ahead_is(&r->t, at - 1, CLASS_VERB) || ahead_is(&r->t, at - 2, CLASS_VERB))) {
        clause_clear(r); /* 女孩喜欢的 | 书: the book that the girl likes */
    } else if (ahead_kind(&r->t, at, KIND_COMMA)) {
        r->comma = true;
        if (r->depth > 0 && clause_top(r)->verb >= 0 && (clause_top(r)->relative || r->open[r->depth - 1].subject < 0))
            r->depth--;
    }
}

static void read_word(struct reading *r, int at)
{
    struct structure_word *w = &r->t.w[at];
    switch (w->is) {
    case CLASS_VERB:
        read_verb(r, at);
        break;
    case CLASS_PREPOSITION:
        r->preposition = at;
        break;
    case CLASS_CONJUNCTION:
        if (has_kind(w, KIND_JOINS))
            r->join = at;
        else
            clause_push(r, false);
        break;
    case CLASS_QUESTION:
        read_question(r, at);
        break;
    case CLASS_ADVERB:
        if (ahead_kind(&r->t, at, KIND_THERE) && ahead_kind(&r->t, ahead_skip_adverbs(&r->t, at + 1), KIND_BE))
            clause_top(r)->fronted = true;
        break;
    case CLASS_NONE:
        read_mark(r, at);
        break;
    default:
        break;
    }
    if (w->is != CLASS_NONE && w->is != CLASS_ADVERB)
        r->comma = false;
    if (w->is == CLASS_ADJECTIVE) {
        clause_top(r)->last_auxiliary = -1; /* "is old": nothing of the verb is to come */
        r->join = -1;
    }
    if (w->is != CLASS_PREPOSITION && w->is != CLASS_ADVERB)
        r->preposition = -1;
    /* An adjective keeps which clause it stands in until all subjects are known. */
    if (w->is != CLASS_VERB)
        w->clause = clause_here(r);
}

static int read_phrase(struct reading *r, int at)
{
    struct phrase phrase;
    if (!phrase_read(r->t.w, (size_t)r->t.n, (size_t)at, r->phrases + 1, &phrase))
        return at;
    const int head = (int)phrase.head, end = (int)phrase.end;
    r->phrases = phrase.number;
    if (phrase.asks && r->last_head >= 0 && r->last_end == at && ahead_kind(&r->t, at, KIND_RELATIVE))
        clause_push(r, true); /* "the girl | whose brother is ill" */
    else if (phrase.asks && clause_top(r)->subject < 0)
        clause_top(r)->fronted = true;
    subject_read(r, at, head, end);
    if (ahead_kind(&r->t, clause_top(r)->last_auxiliary, KIND_BE) && !r->t.w[head].subject && r->preposition < 0)
        clause_top(r)->last_auxiliary = -1; /* "is a friend" */
    for (int i = at; i < end; i++)
        if (!r->t.w[i].subject)
            r->t.w[i].clause = clause_here(r);
    r->preposition = r->join = -1;
    r->comma = false;
    r->last_head = head;
    r->last_end = end;
    if (may_be(&r->t.w[head], CLASS_VERB) && r->t.w[head].is == CLASS_PRONOUN)
        clause_top(r)->verb = head, clause_top(r)->last_auxiliary = head; /* it's */
    return end;
}

void structure_clauses(struct structure_word words[], size_t n)
{
    struct reading r = {.t = {words, (int)n}};
    clause_restart(&r);
    for (int i = 0; i < r.t.n;) {
        int end = read_phrase(&r, i);
        for (int k = i; k < end; k++)
            words[k].attributive = words[k].is == CLASS_ADJECTIVE;
        if (end == i) {
            words[i].phrase = r.phrases;
            read_word(&r, i);
            end++;
        }
        i = end;
    }
    structure_adjectives(words, n);
}
