/* Which verb and which subject belong together. The sentence is read once, from left to right; the clauses that wait for
 * their verb lie on a stack. */

#include "lesson/structure/structure.h"
#include "lesson/structure/structure_ahead.h"
#include "lesson/structure/structure_phrases.h"

enum { CLAUSES_OPEN_MAX = 32 };

/* A clause that is being read. Words are given by where they stand; -1: none yet. */
struct clause {
    int number; /* -1: nothing of it has been read that needs one */
    int subject, verb;
    int last_auxiliary; /* waits for the rest of the verb: "has ... eaten" */
    bool inside;        /* of another clause, which goes on behind it */
    bool relative;
    bool fronted; /* begins with "in the garden", "there", a question: its subject may follow the verb */
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

static struct clause *top(struct reading *r)
{
    return &r->open[r->depth];
}

static const struct clause new_clause = {.number = -1, .subject = -1, .verb = -1, .last_auxiliary = -1, .in_doubt = -1};

static int number_of(struct reading *r, struct clause *c)
{
    if (c->number < 0)
        c->number = r->clauses++;
    return c->number;
}

static void restart(struct reading *r)
{
    r->depth = 0;
    r->open[0] = new_clause;
    r->preposition = r->join = r->last_head = -1;
    r->comma = false;
}

static bool is_complete(const struct clause *c)
{
    return c->subject >= 0 && c->verb >= 0;
}

/* Does an outer clause have its subject and still lack its verb? */
static int waiting(const struct reading *r)
{
    for (int d = r->depth - 1; d >= 0; d--)
        if (r->open[d].subject >= 0 && r->open[d].verb < 0)
            return d;
    return -1;
}

static void push(struct reading *r, bool relative)
{
    const int outer = waiting(r);
    const bool begun = top(r)->subject >= 0 || top(r)->verb >= 0;
    /* What is complete and encloses nothing that waits need not stay. */
    if (outer < 0 && is_complete(top(r)) && r->depth > 0)
        *top(r) = new_clause;
    else if (r->depth + 1 < CLAUSES_OPEN_MAX)
        r->open[++r->depth] = new_clause;
    top(r)->inside = begun || r->depth > 0;
    top(r)->relative = relative;
    r->join = -1;
}

/* ---- subjects ---- */

static void set_subject(struct reading *r, struct clause *c, int at)
{
    struct structure_word *w = &r->t.w[at];
    const int number = number_of(r, c);
    /* One that is a subject already, of the clause before, stands between the two. */
    w->clause = w->subject ? (w->clause + number) / 2 : number;
    w->subject = true;
    c->subject = at;
}

static bool same_number(const struct reading *r, int subject, int verb)
{
    return r->t.w[subject].plural * r->t.w[verb].plural >= 0;
}

static void join_words(struct reading *r, int first, int second)
{
    if (has_kind(&r->t.w[r->join], KIND_AND))
        r->t.w[first].joined = r->t.w[second].joined = true;
    else if (r->t.w[second].subject && !same_number(r, first, second))
        r->t.w[first].subject = false; /* "the girl or the boys sing": the verb agrees with the nearer one */
}

/* A noun phrase behind "and". True: it is dealt with. */
static bool join_phrase(struct reading *r, int head, int end)
{
    struct clause *c = top(r);
    if (c->verb >= 0 && ahead_verb_follows(&r->t, end)) {
        /* "and the guests smiled": a clause of its own, beside those that are complete */
        while (r->depth > 0 && is_complete(top(r)))
            r->depth--;
        if (is_complete(top(r)))
            *top(r) = new_clause;
        if (top(r)->subject < 0) {
            set_subject(r, top(r), head);
            return true;
        }
        return false;
    }
    if (r->last_head < 0)
        return false;
    if (c->subject >= 0 && c->verb < 0 && (!r->last_governed || r->t.w[r->last_head].subject)) {
        set_subject(r, c, head);
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
    const int outer = waiting(r);
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
        if (r->open[d].subject < 0 && r->open[d].verb < 0) {
            r->depth = d;
            set_subject(r, top(r), head);
            return;
        }
    push(r, false);
    set_subject(r, top(r), head);
}

static void read_subject(struct reading *r, int from, int head, int end)
{
    struct clause *c = top(r);
    const bool after_comma = r->comma && r->last_head >= 0;
    if (r->preposition >= 0) {
        r->last_governed = true;
        if (c->subject < 0 && c->verb < 0)
            c->fronted = true;
        return;
    }
    if (r->join >= 0 && join_phrase(r, head, end))
        return;
    r->last_governed = false;
    if (c->subject < 0 && c->verb < 0) {
        if (!is_time(r, head, end))
            set_subject(r, c, head);
        else
            c->fronted = true;
    } else if (c->subject < 0) {
        if (c->fronted)
            set_subject(r, c, head);
        else if (ahead_verb_follows(&r->t, end) || ahead_kind(&r->t, head, KIND_NOMINATIVE))
            place_phrase(r, from, head, end);
    } else if (c->verb < 0 && ahead_is(&r->t, c->subject, CLASS_VERB) && (r->comma || from == c->subject + 1)) {
        if (r->comma) { /* "playing in the garden , the boys"; not: "eating apples is healthy" */
            r->t.w[c->subject].subject = false;
            set_subject(r, c, head);
        }
    } else if (c->verb < 0) {
        if (after_comma && ahead_list_goes_on(&r->t, end)) {
            r->t.w[c->subject].joined = true;
            set_subject(r, c, head);
            r->t.w[head].joined = true;
        } else if (!after_comma && (ahead_verb_follows(&r->t, end) || ahead_kind(&r->t, head, KIND_NOMINATIVE))) {
            push(r, true); /* "the dog | the cats chased | runs" */
            set_subject(r, top(r), head);
        }
    } else {
        place_phrase(r, from, head, end);
    }
}

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

/* "is the man who has the dogs | sleeping": the auxiliary that waits for this form may be an outer clause's. */
static struct clause *leave_for_auxiliary(struct reading *r, int verb)
{
    int d = r->depth;
    while (d >= 0 && !(r->open[d].last_auxiliary >= 0 && continues(r, r->open[d].last_auxiliary, verb)))
        d--;
    if (d >= 0 && structure_is_ing(&r->t.w[verb]))
        r->depth = d;
    return top(r);
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
    struct clause *c = top(r);
    const bool infinitive = ahead_kind(&r->t, at - 1, KIND_TO), joined = r->join >= 0 || r->comma;
    const bool reduced = is_reduced(r, c, at);
    r->join = -1;
    if (reduced || (infinitive && is_told(r, c, at))) { /* "asked the boys | to open the window" */
        push(r, reduced);
        set_subject(r, top(r), r->last_head);
        top(r)->verb = at;
        r->t.w[at].clause = top(r)->number;
        return;
    }
    if (!joined && !infinitive)
        c = leave_for_auxiliary(r, at);
    if (infinitive || structure_is_ing(&r->t.w[at])) {
        if (c->subject < 0 && c->verb < 0 && !c->fronted && (infinitive || r->preposition < 0) &&
            ahead_verbs(&r->t, at + 1) > 0)
            set_subject(r, c, at); /* walking is healthy */
        r->t.w[at].clause = c->subject < 0 && c->verb < 0 ? r->clauses : number_of(r, c);
        c->last_auxiliary = -1;
        return;
    }
    if (c->last_auxiliary >= 0 && !joined && continues(r, c->last_auxiliary, at)) {
        c->last_auxiliary = ahead_kind(&r->t, at, KIND_AUXILIARY) ? at : -1;
        r->t.w[at].clause = c->number;
        return;
    }
    if (c->verb >= 0 && !joined) {
        int outer = waiting(r);
        for (int d = r->depth - 1; d >= 0 && outer < 0; d--)
            if (r->open[d].subject < 0 && r->open[d].verb < 0)
                outer = d;
        if (outer >= 0)
            r->depth = outer;
        c = top(r);
    }
    if (c->verb < 0)
        turn_round(r, c, at);
    if (c->verb < 0 && c->in_doubt >= 0 && !same_number(r, c->subject, at)) {
        r->t.w[c->subject].joined = r->t.w[c->in_doubt].joined = true;
        r->t.w[c->in_doubt].subject = true;
        r->t.w[c->in_doubt].clause = number_of(r, c);
    }
    c->verb = at;
    c->last_auxiliary = ahead_kind(&r->t, at, KIND_AUXILIARY) ? at : -1;
    r->t.w[at].clause = number_of(r, c);
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
        const int head = r->last_head;
        push(r, true);
        if (verb_follows && r->preposition < 0)
            set_subject(r, top(r), head);
    } else {
        if (top(r)->subject < 0 && top(r)->verb < 0 &&
            (verb_follows || of_follows || !ahead_verb_follows(&r->t, ahead_past_nominal(&r->t, next))))
            top(r)->fronted = true;
        else
            push(r, false);
        /* who knows, which of them knows; not: when did he, whom does he */
        if (!asks_by_order && ((verb_follows && !ahead_kind(&r->t, at, KIND_SUBORDINATOR)) || of_follows))
            set_subject(r, top(r), at);
    }
    r->preposition = -1;
}

static void read_conjunction(struct reading *r, int at)
{
    if (ahead_kind(&r->t, at, KIND_JOINS))
        r->join = at;
    else
        push(r, false);
}

static void read_mark(struct reading *r, int at)
{
    if (ahead_kind(&r->t, at, KIND_STOP)) {
        restart(r);
    } else if (ahead_kind(&r->t, at, KIND_OF) && at > 0 &&
               (ahead_is(&r->t, at - 1, CLASS_VERB) || ahead_is(&r->t, at - 2, CLASS_VERB))) {
        *top(r) =
            new_clause; /* Chinese: 女孩喜欢的 书, "the book that the girl likes": what follows is another clause */
    } else if (ahead_kind(&r->t, at, KIND_COMMA)) {
        r->comma = true;
        if (r->depth > 0 && top(r)->verb >= 0 && (top(r)->relative || r->open[r->depth - 1].subject < 0))
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
        read_conjunction(r, at);
        break;
    case CLASS_QUESTION:
        read_question(r, at);
        break;
    case CLASS_ADVERB:
        if (ahead_kind(&r->t, at, KIND_THERE) && ahead_kind(&r->t, ahead_skip_adverbs(&r->t, at + 1), KIND_BE))
            top(r)->fronted = true;
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
        top(r)->last_auxiliary = -1; /* "is old": nothing of the verb is to come */
        r->join = -1;
    }
    if (w->is != CLASS_PREPOSITION && w->is != CLASS_ADVERB)
        r->preposition = -1;
    /* An adjective keeps which clause it stands in until all subjects are known. */
    if (w->is != CLASS_VERB)
        w->clause = top(r)->number >= 0 ? top(r)->number : r->clauses;
}

static int read_phrase(struct reading *r, int at)
{
    struct phrase phrase;
    if (!phrase_read(r->t.w, (size_t)r->t.n, (size_t)at, r->phrases + 1, &phrase))
        return at;
    const int head = (int)phrase.head, end = (int)phrase.end;
    r->phrases = phrase.number;
    if (phrase.asks && r->last_head >= 0 && r->last_end == at && ahead_kind(&r->t, at, KIND_RELATIVE))
        push(r, true); /* "the girl | whose brother is ill" */
    else if (phrase.asks && top(r)->subject < 0)
        top(r)->fronted = true;
    read_subject(r, at, head, end);
    if (top(r)->last_auxiliary >= 0 && ahead_kind(&r->t, top(r)->last_auxiliary, KIND_BE) &&
        r->t.w[head].subject == false && r->preposition < 0)
        top(r)->last_auxiliary = -1; /* "is a friend" */
    for (int i = at; i < end; i++)
        if (!r->t.w[i].subject)
            r->t.w[i].clause = top(r)->number >= 0 ? top(r)->number : r->clauses;
    r->preposition = r->join = -1;
    r->comma = false;
    r->last_head = head;
    r->last_end = end;
    if (may_be(&r->t.w[head], CLASS_VERB) && r->t.w[head].is == CLASS_PRONOUN)
        top(r)->verb = head, top(r)->last_auxiliary = head; /* it's */
    return end;
}

void structure_clauses(struct structure_word words[], size_t n)
{
    struct reading r = {.t = {words, (int)n}};
    restart(&r);
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
