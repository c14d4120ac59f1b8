/* Which class each word has in its sentence: most words have one, and the others follow from their neighbours. */

#include "lesson/structure/structure.h"

#include <string.h>

bool structure_is_ing(const struct structure_word *w)
{
    size_t n = strlen(w->text);
    return n > 4 && strcmp(w->text + n - 3, "ing") == 0;
}

/* The words while they are gone through. */
struct scan {
    struct structure_word *w;
    size_t n;
    bool object_gap; /* the last relative clause has its own subject: "the song the girls like" */
    size_t lacking;  /* verbs that are still to come: one for the clause, one for each relative clause in it */
    size_t opened;   /* as many were when the last relative clause began */
};

static const struct structure_word *at(const struct scan *s, size_t i)
{
    static const struct structure_word end = {.text = ""};
    return i < s->n ? &s->w[i] : &end;
}

/* The word before, adverbs left out; the end's word where there is none. */
static size_t before(const struct scan *s, size_t i)
{
    while (i > 0 && s->w[i - 1].is == CLASS_ADVERB)
        i--;
    return i > 0 ? i - 1 : s->n;
}

static bool only(const struct structure_word *w, enum word_class class)
{
    return w->classes == 1u << class;
}

static size_t skip_adverbs(const struct scan *s, size_t i)
{
    while (only(at(s, i), CLASS_ADVERB))
        i++;
    return i;
}

/* Do words begin here that can follow a determiner: a noun, or what leads to one? */
static bool nominal_starts(const struct scan *s, size_t i)
{
    bool described = false;
    for (; i < s->n; i++) {
        const struct structure_word *w = &s->w[i];
        if (may_be(w, CLASS_NOUN))
            return true;
        const bool participle =
            may_be(w, CLASS_VERB) && (w->past || structure_is_ing(w)) && !described && may_be(at(s, i + 1), CLASS_NOUN);
        const bool between = described && (has_kind(w, KIND_COMMA) || has_kind(w, KIND_JOINS));
        if (may_be(w, CLASS_ADJECTIVE) || participle)
            described = true;
        else if (!only(w, CLASS_ADVERB) && !may_be(w, CLASS_DETERMINER) && !between)
            return false;
    }
    return false;
}

/* Past the noun phrase that begins here, if one does. */
static size_t past_phrase(const struct scan *s, size_t i)
{
    if (may_be(at(s, i), CLASS_PRONOUN) && !may_be(at(s, i), CLASS_DETERMINER))
        return i + 1;
    while (may_be(at(s, i), CLASS_DETERMINER) || only(at(s, i), CLASS_ADVERB) || may_be(at(s, i), CLASS_ADJECTIVE))
        i++;
    for (bool first = true; may_be(at(s, i), CLASS_NOUN); first = false, i++)
        if (!first && may_be(at(s, i), CLASS_VERB))
            break; /* "the dogs work" */
    return i;
}

/* Does a clause begin here: a noun phrase, what belongs to it, a verb? */
static bool clause_starts(const struct scan *s, size_t i)
{
    size_t end = past_phrase(s, i);
    if (end == i)
        return false;
    if (may_be(at(s, i), CLASS_PRONOUN) && may_be(at(s, i), CLASS_VERB))
        return true; /* it's */
    end = skip_adverbs(s, end);
    while (may_be(at(s, end), CLASS_PREPOSITION) && !has_kind(at(s, end), KIND_TO)) {
        size_t inside = past_phrase(s, end + 1);
        if (inside == end + 1)
            break;
        end = skip_adverbs(s, inside);
    }
    return may_be(at(s, end), CLASS_VERB) && !structure_is_ing(at(s, end));
}

/* "that" before a noun, in "the dog that ...", "he said that ...", "that is". */
static enum word_class class_of_that(const struct scan *s, size_t i)
{
    const struct structure_word *prev = at(s, before(s, i)), *next = at(s, skip_adverbs(s, i + 1));
    const bool stacked = prev->is == CLASS_VERB && s->lacking > 0 && only(next, CLASS_VERB);
    if (prev->is == CLASS_NOUN || stacked)
        return CLASS_QUESTION; /* the girl that lives here that sings */
    if (only(next, CLASS_VERB) || next->classes == 0 || may_be(next, CLASS_CONJUNCTION))
        return prev->is == CLASS_QUESTION ? CLASS_QUESTION : CLASS_PRONOUN;
    if (may_be(next, CLASS_PRONOUN) || may_be(next, CLASS_DETERMINER) ||
        (may_be(next, CLASS_NOUN) && next->plural > 0) ||
        ((prev->is == CLASS_VERB || prev->is == CLASS_ADJECTIVE || prev->is == CLASS_PRONOUN) &&
         clause_starts(s, i + 1)))
        return CLASS_CONJUNCTION;
    return CLASS_DETERMINER;
}

/* Does the word stand behind a determiner, an adjective that leads to a noun, or a preposition? */
static bool noun_expected(const struct structure_word *prev)
{
    return prev->is == CLASS_DETERMINER || prev->is == CLASS_ADJECTIVE || prev->genitive ||
           (prev->is == CLASS_PREPOSITION && !has_kind(prev, KIND_TO));
}

/* Can it be a verb where it stands? Sure: and nothing else. */
static bool is_verb_here(const struct scan *s, size_t i, bool sure)
{
    const struct structure_word *w = at(s, i), *prev = at(s, i - 1);
    if (structure_is_ing(w) || only(prev, CLASS_VERB))
        return false;
    return only(w, CLASS_VERB) ||
           (!sure && may_be(w, CLASS_VERB) && !may_be(prev, CLASS_DETERMINER) && !may_be(prev, CLASS_PREPOSITION));
}

/* How many verbs come from here on, up to the next clause? */
static size_t count_ahead(const struct scan *s, size_t i, bool sure)
{
    size_t count = 0;
    for (; i < s->n && s->w[i].classes != 0 && !may_be(&s->w[i], CLASS_QUESTION) && !has_kind(&s->w[i], KIND_THAT);
         i++) {
        if (may_be(&s->w[i], CLASS_CONJUNCTION) &&
            (!has_kind(&s->w[i], KIND_JOINS) || may_be(at(s, i + 1), CLASS_VERB) || clause_starts(s, i + 1)))
            break;
        count += is_verb_here(s, i, sure);
    }
    return count;
}

/* Does the sentence need this word as a verb? */
static bool is_wanted(const struct scan *s, size_t i)
{
    const struct structure_word *next = at(s, i + 1);
    /* "rings | the pupils leave": the verb behind another noun phrase is that one's */
    const bool phrase_follows = only(next, CLASS_DETERMINER) || has_kind(next, KIND_NOMINATIVE);
    return s->lacking > 0 && s->lacking + phrase_follows > count_ahead(s, i + 1, true);
}

/* work, dances: nouns and verbs. */
static enum word_class noun_or_verb(const struct scan *s, size_t i)
{
    const size_t p = before(s, i);
    const struct structure_word *prev = at(s, p), *next = at(s, skip_adverbs(s, i + 1));
    const bool verb_follows = only(next, CLASS_VERB) && !structure_is_ing(next);
    if (prev->is == CLASS_ADJECTIVE && p > 0 && has_kind(at(s, p - 1), KIND_ARTICLE) && s->lacking > 0 &&
        may_be(next, CLASS_DETERMINER)) {
        s->w[p].is = CLASS_NOUN; /* the rich help the poor */
        return CLASS_VERB;
    }
    if (noun_expected(prev))
        return CLASS_NOUN;
    switch (prev->is) {
    case CLASS_PREPOSITION:
        return CLASS_VERB;
    case CLASS_PRONOUN:
        return has_kind(prev, KIND_NOMINATIVE) || s->lacking > 0 ? CLASS_VERB : CLASS_NOUN;
    case CLASS_QUESTION:
        if (may_be(prev, CLASS_DETERMINER) && !has_kind(prev, KIND_THAT))
            return CLASS_NOUN;
        return verb_follows && !is_wanted(s, i) ? CLASS_NOUN : CLASS_VERB; /* the father who cooks | eats */
    case CLASS_NOUN:
        return is_wanted(s, i) && !has_kind(next, KIND_OF) ? CLASS_VERB : CLASS_NOUN;
    case CLASS_VERB:
        if (has_kind(prev, KIND_MODAL) || (s->object_gap && is_wanted(s, i)))
            return CLASS_VERB;
        return s->lacking > count_ahead(s, i + 1, false) ? CLASS_VERB : CLASS_NOUN; /* the man who drives | smokes */
    case CLASS_NONE:
        if (has_kind(prev, KIND_COMMA) && (is_wanted(s, i) || (at(s, before(s, p))->is == CLASS_VERB &&
                                                               (next->classes == 0 || has_kind(next, KIND_JOINS)))))
            return CLASS_VERB; /* my cousin , a friend , laughs; she sings , dances and plays */
        break;
    case CLASS_CONJUNCTION:
        if (has_kind(prev, KIND_JOINS) && at(s, before(s, p))->is == CLASS_VERB && !verb_follows)
            return CLASS_VERB; /* they hunt and fish; not: birds fly and fish swim */
        break;
    default:
        break;
    }
    return !verb_follows && (may_be(next, CLASS_DETERMINER) || may_be(next, CLASS_PRONOUN)) ? CLASS_VERB : CLASS_NOUN;
}

/* painted, broken: a participle, and not only a past like ran */
static bool is_regular(const struct structure_word *w)
{
    const size_t n = strlen(w->text);
    return n > 3 && (strcmp(w->text + n - 2, "ed") == 0 || strcmp(w->text + n - 2, "en") == 0);
}

/* A verb behind a determiner is a noun ("the run was long") or describes one ("the singing bird"). */
static enum word_class verb_or_other(const struct scan *s, size_t i)
{
    const struct structure_word *w = &s->w[i], *prev = at(s, i - 1), *next = at(s, i + 1);
    const bool noun_follows = may_be(next, CLASS_NOUN) && !may_be(next, CLASS_VERB);
    if (i == 0 || w->unspaced)
        return CLASS_VERB;
    const bool participle = w->past || structure_is_ing(w);
    if (prev->is == CLASS_DETERMINER || prev->genitive) {
        if (participle && (noun_follows || may_be(next, CLASS_ADJECTIVE)))
            return CLASS_ADJECTIVE;
        return prev->genitive && w->past ? CLASS_VERB : CLASS_NOUN;
    }
    if (participle && noun_follows && i > 1 && at(s, i - 2)->is == CLASS_ADJECTIVE &&
        (has_kind(prev, KIND_JOINS) || has_kind(prev, KIND_COMMA)))
        return CLASS_ADJECTIVE; /* the long and winding road */
    if (prev->is == CLASS_ADJECTIVE && i > 1 && at(s, i - 2)->is == CLASS_DETERMINER) {
        if (participle && noun_follows)
            return CLASS_ADJECTIVE;
        return s->lacking == 0 || (only(next, CLASS_VERB) && !structure_is_ing(next)) ? CLASS_NOUN : CLASS_VERB;
    }
    if (prev->is == CLASS_PREPOSITION && w->past && noun_follows && is_regular(w))
        return CLASS_ADJECTIVE; /* of painted wood */
    return CLASS_VERB;
}

static bool begins_clause(const struct scan *s, size_t i)
{
    const enum word_class prev = at(s, before(s, i))->is;
    return prev == CLASS_NONE || prev == CLASS_CONJUNCTION || prev == CLASS_QUESTION;
}

static enum word_class noun_or_other(const struct scan *s, size_t i)
{
    const struct structure_word *prev = at(s, before(s, i)), *next = at(s, skip_adverbs(s, i + 1));
    const bool verb_follows = may_be(next, CLASS_VERB) && !structure_is_ing(next);
    if (s->w[i].unspaced)
        return CLASS_NOUN;
    if (prev->is == CLASS_PRONOUN && !verb_follows &&
        (has_kind(prev, KIND_NOMINATIVE) || begins_clause(s, before(s, i))))
        return CLASS_VERB; /* she cooks, it snows */
    if (s->w[i].guessed && s->w[i].plural <= 0 && !s->w[i].capital && i > 0 && at(s, i - 1)->is == CLASS_DETERMINER &&
        only(at(s, i + 1), CLASS_NOUN) && !at(s, i + 1)->guessed)
        return CLASS_ADJECTIVE; /* the blick house */
    if (s->w[i].guessed && s->w[i].plural <= 0 && has_kind(prev, KIND_BE) && !may_be(next, CLASS_NOUN) &&
        !verb_follows && !s->w[i].capital)
        return CLASS_ADJECTIVE; /* the wug is blick */
    if (s->w[i].guessed && has_kind(prev, KIND_MODAL) && !verb_follows) {
        const enum word_class asked = at(s, before(s, before(s, i)))->is;
        if (asked == CLASS_NOUN || asked == CLASS_PRONOUN)
            return CLASS_VERB; /* they can blick */
    }
    return CLASS_NOUN;
}

static enum word_class adjective_or_other(const struct scan *s, size_t i)
{
    const struct structure_word *prev = at(s, before(s, i)), *next = at(s, i + 1);
    if (s->w[i].unspaced)
        return CLASS_ADJECTIVE;
    if ((has_kind(prev, KIND_NOMINATIVE) || (prev->is == CLASS_NOUN && s->lacking > count_ahead(s, i + 1, true))) &&
        (may_be(next, CLASS_DETERMINER) || may_be(next, CLASS_PRONOUN)))
        return CLASS_VERB; /* they clean the house */
    const struct structure_word *second = at(s, i + 2);
    const bool participle = next->past && (may_be(second, CLASS_NOUN) || may_be(second, CLASS_ADJECTIVE));
    const bool finite_follows = only(next, CLASS_VERB) && !structure_is_ing(next) && !participle &&
                                (s->lacking > 0 || has_kind(next, KIND_AUXILIARY));
    if (has_kind(prev, KIND_ARTICLE) && i > 0 && at(s, i - 1) == prev &&
        (finite_follows || next->classes == 0 || may_be(next, CLASS_PREPOSITION) ||
         (has_kind(next, KIND_JOINS) && has_kind(second, KIND_ARTICLE))) &&
        !has_kind(next, KIND_COMMA))
        return CLASS_NOUN; /* the rich are */
    return CLASS_ADJECTIVE;
}

/* open, drunk: they describe, unless the sentence needs a verb. */
static enum word_class adjective_or_verb(const struct scan *s, size_t i)
{
    const size_t p = before(s, i);
    const struct structure_word *prev = at(s, p), *next = at(s, i + 1);
    const bool object_follows = may_be(next, CLASS_DETERMINER) || may_be(next, CLASS_PRONOUN);
    bool describes;
    if (noun_expected(prev))
        return CLASS_ADJECTIVE; /* an open door */
    switch (prev->is) {
    case CLASS_VERB: /* was open, stayed open; not: will open, has drunk, was drunk by the cat */
        describes = has_kind(prev, KIND_BE) ? !has_kind(next, KIND_BY) : !has_kind(prev, KIND_AUXILIARY);
        break;
    case CLASS_NOUN:
    case CLASS_PRONOUN:
        describes = s->lacking == 0 && !object_follows; /* is it open; not: the shops open */
        break;
    case CLASS_CONJUNCTION:
        describes = at(s, before(s, p))->is == CLASS_ADJECTIVE; /* old and open */
        break;
    case CLASS_NONE:
        describes = may_be(next, CLASS_NOUN); /* open doors; not: open the door */
        break;
    default:
        describes = false;
    }
    return describes ? CLASS_ADJECTIVE : CLASS_VERB;
}

static enum word_class preposition_or_other(const struct scan *s, size_t i)
{
    const struct structure_word *w = &s->w[i], *prev = at(s, before(s, i));
    if (has_kind(w, KIND_LOCALISER) && prev->is == CLASS_NOUN)
        return CLASS_NONE; /* 桌子 上: on the table */
    if (has_kind(w, KIND_EITHER) && (has_kind(at(s, i + 1), KIND_NOMINATIVE) || clause_starts(s, i + 1)))
        return CLASS_CONJUNCTION; /* before she came */
    if (may_be(w, CLASS_ADVERB) && !nominal_starts(s, i + 1))
        return CLASS_ADVERB; /* he came down; not: he came down the hill */
    return may_be(w, CLASS_VERB) ? CLASS_VERB : CLASS_PREPOSITION;
}

static enum word_class class_of(const struct scan *s, size_t i)
{
    const struct structure_word *w = &s->w[i];
    if (w->classes == 0)
        return CLASS_NONE;
    if (has_kind(w, KIND_THAT))
        return class_of_that(s, i);
    if (may_be(w, CLASS_PREPOSITION))
        return preposition_or_other(s, i);
    if (may_be(w, CLASS_CONJUNCTION) && (has_kind(w, KIND_EITHER) || may_be(w, CLASS_ADVERB)) && !w->unspaced &&
        !has_kind(at(s, i + 1), KIND_NOMINATIVE) && !clause_starts(s, i + 1))
        return may_be(w, CLASS_ADVERB) ? CLASS_ADVERB : CLASS_PREPOSITION; /* so quiet; as a boy */
    if (may_be(w, CLASS_QUESTION))
        return CLASS_QUESTION;
    if (may_be(w, CLASS_DETERMINER) && !may_be(w, CLASS_NOUN)) {
        const bool before_article =
            may_be(w, CLASS_PRONOUN) && has_kind(at(s, i + 1), KIND_ARTICLE); /* gave her a book */
        /* "two rows": a verb for one is none behind a word for several */
        const bool unlike = w->plural > 0 && at(s, i + 1)->plural < 0 && !has_kind(at(s, i + 1), KIND_AUXILIARY);
        const bool alone = has_kind(at(s, i + 1), KIND_OF) || before_article || (!nominal_starts(s, i + 1) && !unlike);
        if (!alone || has_kind(w, KIND_ARTICLE) || w->unspaced)
            return CLASS_DETERMINER;
        return at(s, i - 1)->is == CLASS_ADJECTIVE && at(s, i - 2)->is == CLASS_DETERMINER ? CLASS_NOUN /* a new one */
                                                                                           : CLASS_PRONOUN;
    }
    if (may_be(w, CLASS_PRONOUN))
        return CLASS_PRONOUN;
    if (may_be(w, CLASS_NOUN) && may_be(w, CLASS_VERB))
        return noun_or_verb(s, i);
    if (may_be(w, CLASS_NOUN))
        return noun_or_other(s, i);
    if (may_be(w, CLASS_VERB) && may_be(w, CLASS_ADJECTIVE))
        return adjective_or_verb(s, i);
    if (may_be(w, CLASS_VERB))
        return verb_or_other(s, i);
    if (may_be(w, CLASS_ADJECTIVE))
        return adjective_or_other(s, i);
    for (int class = CLASS_NOUN; class < CLASS_COUNT; class ++)
        if (may_be(w, class))
            return class;
    return CLASS_NONE;
}

/* "The wug near the blickets zorfs": a clause and each relative clause in it need a verb. Where one lacks, the last unknown
 * word that follows a noun is taken for it. */
static void find_lost_verb(struct structure_word w[], size_t from, size_t to)
{
    size_t found = to, verbs = 0, wanted = 1;
    for (size_t i = from; i < to; i++) {
        const enum word_class before = i > from ? w[i - 1].is : CLASS_NONE;
        const bool follows =
            (before == CLASS_NOUN && !w[i - 1].genitive) || before == CLASS_PRONOUN || before == CLASS_VERB;
        verbs += w[i].is == CLASS_VERB && before != CLASS_VERB && !structure_is_ing(&w[i]);
        wanted += w[i].is == CLASS_QUESTION && before == CLASS_NOUN;
        if ((w[i].is == CLASS_NOUN || w[i].is == CLASS_ADJECTIVE) && follows && w[i].guessed && !w[i].genitive &&
            !w[i].unspaced)
            found = i;
    }
    if (found < to && verbs < wanted)
        w[found].is = CLASS_VERB;
}

static bool is_border(const struct structure_word *w)
{
    return w->is == CLASS_NONE || w->is == CLASS_QUESTION || (w->is == CLASS_CONJUNCTION && !has_kind(w, KIND_JOINS));
}

/* The dog | the cats chased: a clause without a conjunction begins at the determiner. */
static bool begins_relative(const struct scan *s, size_t i)
{
    const struct structure_word *w = &s->w[i], *prev = at(s, i - 1);
    if (w->is == CLASS_QUESTION)
        return i > 0 && (prev->is == CLASS_NOUN || has_kind(w, KIND_THAT));
    return i > 0 && prev->is == CLASS_NOUN && !prev->genitive && !has_kind(prev, KIND_TIME) && s->lacking > 0 &&
           ((w->is == CLASS_DETERMINER && !prev->unspaced) || has_kind(w, KIND_NOMINATIVE));
}

static void count_verbs(struct scan *s, size_t i)
{
    const struct structure_word *w = &s->w[i];
    const bool turned = has_kind(w, KIND_MODAL) && may_be(at(s, i + 1), CLASS_DETERMINER); /* do the children laugh */
    const bool passive = w->past && has_kind(at(s, i + 1), KIND_BY); /* boats sold by the farmer */
    if (begins_relative(s, i)) {
        s->opened = ++s->lacking;
        s->object_gap = w->is != CLASS_QUESTION || !may_be(at(s, skip_adverbs(s, i + 1)), CLASS_VERB);
    } else if (is_border(w)) {
        /* A comma may stand within a clause; behind a clause that begins the sentence, the main clause is to come. */
        if (has_kind(w, KIND_THAT))
            s->lacking++;
        else if (!has_kind(w, KIND_COMMA))
            s->lacking = has_kind(w, KIND_SUBORDINATOR) && at(s, i - 1)->is == CLASS_NONE ? 2 : 1;
        s->object_gap = false;
    } else if (w->is == CLASS_CONJUNCTION) {
        /* "the cats slept and the dogs ran", "the cats that he feeds and she likes sleep" */
        if ((s->lacking == 0 || (s->object_gap && s->lacking < s->opened)) && clause_starts(s, i + 1))
            s->lacking++;
    } else if (w->is == CLASS_VERB && !turned && !passive && !structure_is_ing(w) && at(s, i - 1)->is != CLASS_VERB &&
               s->lacking > 0)
        s->lacking--;
}

void structure_classes(struct structure_word words[], size_t n)
{
    struct scan s = {.w = words, .n = n, .lacking = 1};
    size_t n_guessed = 0;
    bool article = false;
    for (size_t i = 0; i < n; i++) {
        struct structure_word *w = &words[i];
        n_guessed += w->guessed;
        article = article || has_kind(w, KIND_ARTICLE);
        w->genitive = (may_be(w, CLASS_NOUN) && may_be(w, CLASS_DETERMINER)) ||
                      (may_be(w, CLASS_NOUN) && w->plural > 0 && has_kind(at(&s, i + 1), KIND_APOSTROPHE) &&
                       nominal_starts(&s, i + 2));
        w->is = w->genitive ? CLASS_NOUN : class_of(&s, i);
        count_verbs(&s, i);
    }
    /* Where most words are unknown and no article is there, the language is no English. */
    for (size_t from = 0, i = 0; i <= n && (article || 2 * n_guessed <= n); i++)
        if (i == n ||
            (is_border(&words[i]) && !(i > 0 && words[i].is == CLASS_QUESTION && words[i - 1].is == CLASS_NOUN))) {
            find_lost_verb(words, from, i);
            from = i + 1;
        }
}
