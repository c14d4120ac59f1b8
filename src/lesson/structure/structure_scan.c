#include "lesson/structure/structure_scan.h"

const struct structure_word *scan_at(const struct scan *s, size_t i)
{
    static const struct structure_word end = {.text = ""};
    return i < s->n ? &s->w[i] : &end;
}

size_t scan_before(const struct scan *s, size_t i)
{
    while (i > 0 && s->w[i - 1].is == CLASS_ADVERB)
        i--;
    return i > 0 ? i - 1 : s->n;
}

bool scan_only(const struct structure_word *w, enum word_class class)
{
    return w->classes == 1u << class;
}

size_t scan_skip_adverbs(const struct scan *s, size_t i)
{
    while (scan_only(scan_at(s, i), CLASS_ADVERB))
        i++;
    return i;
}

bool scan_nominal_starts(const struct scan *s, size_t i)
{
    bool described = false;
    for (; i < s->n; i++) {
        const struct structure_word *w = &s->w[i];
        if (may_be(w, CLASS_NOUN))
            return true;
        const bool participle = may_be(w, CLASS_VERB) && (w->past || structure_is_ing(w)) && !described &&
                                may_be(scan_at(s, i + 1), CLASS_NOUN);
        const bool between = described && (has_kind(w, KIND_COMMA) || has_kind(w, KIND_JOINS));
        if (may_be(w, CLASS_ADJECTIVE) || participle)
            described = true;
        else if (!scan_only(w, CLASS_ADVERB) && !may_be(w, CLASS_DETERMINER) && !between)
            return false;
    }
    return false;
}

/* Past the noun phrase that begins here, if one does. */
static size_t past_phrase(const struct scan *s, size_t i)
{
    if (may_be(scan_at(s, i), CLASS_PRONOUN) && !may_be(scan_at(s, i), CLASS_DETERMINER))
        return i + 1;
    for (bool described = false;; i++) {
        const struct structure_word *w = scan_at(s, i);
        /* "so cold | that the lake froze"; not: "the first two" */
        const bool determines = may_be(w, CLASS_DETERMINER) && (!described || w->plural > 0);
        described = described || may_be(w, CLASS_ADJECTIVE);
        if (!determines && !scan_only(w, CLASS_ADVERB) && !may_be(w, CLASS_ADJECTIVE))
            break;
    }
    if (i > 0 && has_kind(scan_at(s, i - 1), KIND_ARTICLE) && scan_only(scan_at(s, i), CLASS_VERB))
        return i + 1; /* after the walk */
    for (bool first = true; may_be(scan_at(s, i), CLASS_NOUN); first = false, i++)
        if (!first && may_be(scan_at(s, i), CLASS_VERB))
            break; /* "the dogs work" */
    return i;
}

bool scan_clause_starts(const struct scan *s, size_t i)
{
    size_t end = past_phrase(s, i);
    if (end == i)
        return false;
    if (may_be(scan_at(s, i), CLASS_PRONOUN) && may_be(scan_at(s, i), CLASS_VERB))
        return true; /* it's */
    end = scan_skip_adverbs(s, end);
    while (may_be(scan_at(s, end), CLASS_PREPOSITION) && !has_kind(scan_at(s, end), KIND_TO)) {
        size_t inside = past_phrase(s, end + 1);
        if (inside == end + 1)
            break;
        end = scan_skip_adverbs(s, inside);
    }
    return may_be(scan_at(s, end), CLASS_VERB) && !structure_is_ing(scan_at(s, end));
}

/* Can it be a verb where it stands? Sure: and nothing else. */
static bool is_verb_here(const struct scan *s, size_t i, bool sure)
{
    const struct structure_word *w = scan_at(s, i), *prev = scan_at(s, i - 1);
    if (structure_is_ing(w) || scan_only(prev, CLASS_VERB))
        return false;
    return scan_only(w, CLASS_VERB) ||
           (!sure && may_be(w, CLASS_VERB) && !may_be(prev, CLASS_DETERMINER) && !may_be(prev, CLASS_PREPOSITION));
}

size_t scan_verbs(const struct scan *s, size_t i, bool sure)
{
    size_t count = 0;
    for (; i < s->n && s->w[i].classes != 0 && !may_be(&s->w[i], CLASS_QUESTION) && !has_kind(&s->w[i], KIND_THAT);
         i++) {
        if (may_be(&s->w[i], CLASS_CONJUNCTION) &&
            (!has_kind(&s->w[i], KIND_JOINS) || may_be(scan_at(s, i + 1), CLASS_VERB) || scan_clause_starts(s, i + 1)))
            break;
        count += is_verb_here(s, i, sure);
    }
    return count;
}

bool scan_wants_verb(const struct scan *s, size_t i)
{
    const struct structure_word *next = scan_at(s, i + 1);
    /* "rings | the pupils leave": the verb behind another noun phrase is that one's */
    const bool phrase_follows = scan_only(next, CLASS_DETERMINER) || has_kind(next, KIND_NOMINATIVE);
    return s->lacking > 0 && s->lacking + phrase_follows > scan_verbs(s, i + 1, true);
}
