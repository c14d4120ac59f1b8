/* Which class each word has in its sentence: most words have one, and the others follow from their neighbours. */

#include "lesson/structure/structure_scan.h"

#include <string.h>

bool structure_is_ing(const struct structure_word *w)
{
    size_t n = strlen(w->text);
    return n > 4 && strcmp(w->text + n - 3, "ing") == 0;
}

/* "that" before a noun, in "the dog that ...", "he said that ...", "that is". */
static enum word_class class_of_that(const struct scan *s, size_t i)
{
    const struct structure_word *prev = scan_at(s, scan_before(s, i)), *next = scan_at(s, scan_skip_adverbs(s, i + 1));
    const bool stacked = prev->is == CLASS_VERB && s->lacking > 0 && scan_only(next, CLASS_VERB);
    if (prev->is == CLASS_NOUN || stacked)
        return CLASS_QUESTION; /* the girl that lives here that sings */
    if (scan_only(next, CLASS_VERB) || next->classes == 0 || may_be(next, CLASS_CONJUNCTION))
        return prev->is == CLASS_QUESTION ? CLASS_QUESTION : CLASS_PRONOUN;
    if (may_be(next, CLASS_PRONOUN) || may_be(next, CLASS_DETERMINER) ||
        (may_be(next, CLASS_NOUN) && next->plural > 0) ||
        ((prev->is == CLASS_VERB || prev->is == CLASS_ADJECTIVE || prev->is == CLASS_PRONOUN) &&
         scan_clause_starts(s, i + 1)))
        return CLASS_CONJUNCTION;
    return CLASS_DETERMINER;
}

/* Does the word stand behind a determiner, an adjective that leads to a noun, or a preposition? */
static bool noun_expected(const struct structure_word *prev)
{
    return prev->is == CLASS_DETERMINER || prev->is == CLASS_ADJECTIVE || prev->genitive ||
           (prev->is == CLASS_PREPOSITION && !has_kind(prev, KIND_TO));
}

/* work, dances: nouns and verbs. */
static enum word_class noun_or_verb(const struct scan *s, size_t i)
{
    const size_t p = scan_before(s, i);
    const struct structure_word *prev = scan_at(s, p), *next = scan_at(s, scan_skip_adverbs(s, i + 1));
    const bool verb_follows = scan_only(next, CLASS_VERB) && !structure_is_ing(next);
    if (prev->is == CLASS_ADJECTIVE && p > 0 && has_kind(scan_at(s, p - 1), KIND_ARTICLE) && s->lacking > 0 &&
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
        return verb_follows && !scan_wants_verb(s, i) ? CLASS_NOUN : CLASS_VERB; /* the father who cooks | eats */
    case CLASS_NOUN:
        return scan_wants_verb(s, i) && !has_kind(next, KIND_OF) ? CLASS_VERB : CLASS_NOUN;
    case CLASS_VERB:
        if (has_kind(prev, KIND_MODAL) || (s->object_gap && scan_wants_verb(s, i)))
            return CLASS_VERB;
        return s->lacking > scan_verbs(s, i + 1, false) ? CLASS_VERB : CLASS_NOUN; /* the man who drives | smokes */
    case CLASS_NONE:
        if (has_kind(prev, KIND_COMMA) &&
            (scan_wants_verb(s, i) ||
             (scan_at(s, scan_before(s, p))->is == CLASS_VERB && (next->classes == 0 || has_kind(next, KIND_JOINS)))))
            return CLASS_VERB; /* my cousin , a friend , laughs; she sings , dances and plays */
        break;
    case CLASS_CONJUNCTION:
        if (has_kind(prev, KIND_JOINS) && scan_at(s, scan_before(s, p))->is == CLASS_VERB && !verb_follows)
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
    const struct structure_word *w = &s->w[i], *prev = scan_at(s, i - 1), *next = scan_at(s, i + 1);
    const bool noun_follows = may_be(next, CLASS_NOUN) && !may_be(next, CLASS_VERB);
    if (i == 0 || w->unspaced)
        return CLASS_VERB;
    const bool participle = w->past || structure_is_ing(w);
    if (prev->is == CLASS_DETERMINER || prev->genitive) {
        if (participle && (noun_follows || may_be(next, CLASS_ADJECTIVE)))
            return CLASS_ADJECTIVE;
        return prev->genitive && w->past ? CLASS_VERB : CLASS_NOUN;
    }
    if (participle && noun_follows && i > 1 && scan_at(s, i - 2)->is == CLASS_ADJECTIVE &&
        (has_kind(prev, KIND_JOINS) || has_kind(prev, KIND_COMMA)))
        return CLASS_ADJECTIVE; /* the long and winding road */
    if (prev->is == CLASS_ADJECTIVE && i > 1 && scan_at(s, i - 2)->is == CLASS_DETERMINER) {
        if (participle && noun_follows)
            return CLASS_ADJECTIVE;
        return s->lacking == 0 || (scan_only(next, CLASS_VERB) && !structure_is_ing(next)) ? CLASS_NOUN : CLASS_VERB;
    }
    if (prev->is == CLASS_PREPOSITION && w->past && noun_follows && is_regular(w))
        return CLASS_ADJECTIVE; /* of painted wood */
    return CLASS_VERB;
}

static bool begins_clause(const struct scan *s, size_t i)
{
    const enum word_class prev = scan_at(s, scan_before(s, i))->is;
    return prev == CLASS_NONE || prev == CLASS_CONJUNCTION || prev == CLASS_QUESTION;
}

static enum word_class noun_or_other(const struct scan *s, size_t i)
{
    const struct structure_word *prev = scan_at(s, scan_before(s, i)), *next = scan_at(s, scan_skip_adverbs(s, i + 1));
    const bool verb_follows = may_be(next, CLASS_VERB) && !structure_is_ing(next);
    if (s->w[i].unspaced)
        return CLASS_NOUN;
    if (prev->is == CLASS_PRONOUN && !verb_follows &&
        (has_kind(prev, KIND_NOMINATIVE) || begins_clause(s, scan_before(s, i))))
        return CLASS_VERB; /* she cooks, it snows */
    if (s->w[i].guessed && s->w[i].plural <= 0 && !s->w[i].capital && i > 0 &&
        scan_at(s, i - 1)->is == CLASS_DETERMINER && scan_only(scan_at(s, i + 1), CLASS_NOUN) &&
        !scan_at(s, i + 1)->guessed)
        return CLASS_ADJECTIVE; /* the blick house */
    if (s->w[i].guessed && s->w[i].plural <= 0 && has_kind(prev, KIND_BE) && !may_be(next, CLASS_NOUN) &&
        !verb_follows && !s->w[i].capital)
        return CLASS_ADJECTIVE; /* the wug is blick */
    if (s->w[i].guessed && s->w[i].plural <= 0 && i > 0 && has_kind(scan_at(s, i - 1), KIND_TO) && !s->w[i].capital &&
        !may_be(next, CLASS_NOUN))
        return CLASS_VERB; /* to blick is human */
    const bool joins = has_kind(prev, KIND_JOINS) || has_kind(prev, KIND_COMMA);
    if (s->w[i].guessed && s->w[i].plural <= 0 && joins && scan_at(s, i - 2)->is == CLASS_ADJECTIVE && !s->w[i].capital)
        return CLASS_ADJECTIVE; /* rich but blick */
    if (s->w[i].guessed && has_kind(prev, KIND_MODAL) && !verb_follows) {
        const enum word_class asked = scan_at(s, scan_before(s, scan_before(s, i)))->is;
        if (asked == CLASS_NOUN || asked == CLASS_PRONOUN)
            return CLASS_VERB; /* they can blick */
    }
    return CLASS_NOUN;
}

static enum word_class adjective_or_other(const struct scan *s, size_t i)
{
    const struct structure_word *prev = scan_at(s, scan_before(s, i)), *next = scan_at(s, i + 1);
    if (s->w[i].unspaced)
        return CLASS_ADJECTIVE;
    if ((has_kind(prev, KIND_NOMINATIVE) || (prev->is == CLASS_NOUN && s->lacking > scan_verbs(s, i + 1, true))) &&
        (may_be(next, CLASS_DETERMINER) || may_be(next, CLASS_PRONOUN)))
        return CLASS_VERB; /* they clean the house */
    const struct structure_word *second = scan_at(s, i + 2);
    const bool participle = next->past && (may_be(second, CLASS_NOUN) || may_be(second, CLASS_ADJECTIVE));
    const bool finite_follows = scan_only(next, CLASS_VERB) && !structure_is_ing(next) && !participle &&
                                (s->lacking > 0 || has_kind(next, KIND_AUXILIARY));
    if (has_kind(prev, KIND_ARTICLE) && i > 0 && scan_at(s, i - 1) == prev &&
        (finite_follows || next->classes == 0 || may_be(next, CLASS_PREPOSITION) ||
         (has_kind(next, KIND_JOINS) && has_kind(second, KIND_ARTICLE))) &&
        !has_kind(next, KIND_COMMA))
        return CLASS_NOUN; /* the rich are */
    return CLASS_ADJECTIVE;
}

/* open, drunk: they describe, unless the sentence needs a verb. */
static enum word_class adjective_or_verb(const struct scan *s, size_t i)
{
    const size_t p = scan_before(s, i);
    const struct structure_word *prev = scan_at(s, p), *next = scan_at(s, i + 1);
    const bool object_follows = may_be(next, CLASS_DETERMINER) || may_be(next, CLASS_PRONOUN);
    bool describes;
    if (noun_expected(prev))
        return CLASS_ADJECTIVE; /* an open door */
    switch (prev->is) {
    case CLASS_VERB: /* was open, stayed open; not: will open, has drunk, was drunk by the cat, did the keys he lost open */
        describes = has_kind(prev, KIND_BE)
                        ? !has_kind(next, KIND_BY)
                        : !has_kind(prev, KIND_AUXILIARY) && s->lacking <= scan_verbs(s, i + 1, true);
        break;
    case CLASS_NOUN:
    case CLASS_PRONOUN:
        describes = s->lacking == 0 && !object_follows; /* is it open; not: the shops open */
        break;
    case CLASS_CONJUNCTION:
        describes = scan_at(s, scan_before(s, p))->is == CLASS_ADJECTIVE; /* old and open */
        break;
    case CLASS_NONE:
        describes = may_be(next, CLASS_NOUN); /* open doors; not: open the door */
        break;
    default:
        describes = false;
    }
    return describes ? CLASS_ADJECTIVE : CLASS_VERB;
}

/* Is the verb behind this word one of a new clause? "Before she came"; not: "the queen as well as her ministers | wants". */
static bool begins_clause_here(const struct scan *s, size_t i)
{
    bool begun = false; /* there is a noun before it, whose verb may be the one that comes */
    for (size_t k = i; k > 0 && s->w[k - 1].is != CLASS_NONE && s->w[k - 1].is != CLASS_CONJUNCTION; k--)
        begun = begun || s->w[k - 1].is == CLASS_NOUN;
    if (has_kind(scan_at(s, i + 1), KIND_NOMINATIVE))
        return true;
    return scan_clause_starts(s, i + 1) && !(begun && s->lacking > 0 && scan_verbs(s, i + 1, false) <= s->lacking);
}

static enum word_class preposition_or_other(const struct scan *s, size_t i)
{
    const struct structure_word *w = &s->w[i], *prev = scan_at(s, scan_before(s, i));
    if (has_kind(w, KIND_LOCALISER) && prev->is == CLASS_NOUN)
        return CLASS_NONE; /* 桌子 上: on the table */
    if (has_kind(w, KIND_EITHER) && begins_clause_here(s, i))
        return CLASS_CONJUNCTION; /* before she came */
    if (may_be(w, CLASS_ADVERB) && !scan_nominal_starts(s, i + 1))
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
        !begins_clause_here(s, i))
        return may_be(w, CLASS_ADVERB) ? CLASS_ADVERB : CLASS_PREPOSITION; /* so quiet; as a boy */
    if (may_be(w, CLASS_QUESTION))
        return CLASS_QUESTION;
    if (may_be(w, CLASS_DETERMINER) && !may_be(w, CLASS_NOUN)) {
        const bool before_article =
            may_be(w, CLASS_PRONOUN) && has_kind(scan_at(s, i + 1), KIND_ARTICLE); /* gave her a book */
        /* "two rows": a verb for one is none behind a word for several */
        const bool unlike =
            w->plural > 0 && scan_at(s, i + 1)->plural < 0 && !has_kind(scan_at(s, i + 1), KIND_AUXILIARY);
        const bool alone =
            has_kind(scan_at(s, i + 1), KIND_OF) || before_article || (!scan_nominal_starts(s, i + 1) && !unlike);
        if (!alone || has_kind(w, KIND_ARTICLE) || w->unspaced)
            return CLASS_DETERMINER;
        return scan_at(s, i - 1)->is == CLASS_ADJECTIVE && scan_at(s, i - 2)->is == CLASS_DETERMINER
                   ? CLASS_NOUN /* a new one */
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
    const struct structure_word *w = &s->w[i], *prev = scan_at(s, i - 1);
    if (w->is == CLASS_QUESTION)
        return i > 0 && (prev->is == CLASS_NOUN || has_kind(w, KIND_THAT));
    return i > 0 && prev->is == CLASS_NOUN && !prev->genitive && !has_kind(prev, KIND_TIME) && s->lacking > 0 &&
           ((w->is == CLASS_DETERMINER && !prev->unspaced) || has_kind(w, KIND_NOMINATIVE));
}

static void count_verbs(struct scan *s, size_t i)
{
    const struct structure_word *w = &s->w[i];
    const bool turned =
        has_kind(w, KIND_MODAL) && may_be(scan_at(s, i + 1), CLASS_DETERMINER); /* do the children laugh */
    const bool passive = w->past && has_kind(scan_at(s, i + 1), KIND_BY);       /* boats sold by the farmer */
    if (begins_relative(s, i)) {
        s->opened = ++s->lacking;
        s->object_gap = w->is != CLASS_QUESTION || !may_be(scan_at(s, scan_skip_adverbs(s, i + 1)), CLASS_VERB);
    } else if (is_border(w)) {
        /* A comma may stand within a clause; behind a clause that begins the sentence, the main clause is to come. */
        if (has_kind(w, KIND_THAT))
            s->lacking++;
        else if (!has_kind(w, KIND_COMMA))
            s->lacking = has_kind(w, KIND_SUBORDINATOR) && scan_at(s, i - 1)->is == CLASS_NONE ? 2 : 1;
        s->object_gap = false;
    } else if (w->is == CLASS_CONJUNCTION) {
        /* "the cats slept and the dogs ran", "the cats that he feeds and she likes sleep" */
        if ((s->lacking == 0 || (s->object_gap && s->lacking < s->opened)) && scan_clause_starts(s, i + 1))
            s->lacking++;
    } else if (w->is == CLASS_VERB && !turned && !passive && !structure_is_ing(w) &&
               scan_at(s, i - 1)->is != CLASS_VERB && s->lacking > 0)
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
                      (may_be(w, CLASS_NOUN) && w->plural > 0 && has_kind(scan_at(&s, i + 1), KIND_APOSTROPHE) &&
                       scan_nominal_starts(&s, i + 2));
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
