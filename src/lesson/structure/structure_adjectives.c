/* Which word an adjective describes: the head of its phrase, the noun right before it, or the subject of its clause. */

#include "lesson/structure/structure.h"
#include "lesson/structure/structure_ahead.h"

static bool agrees(const struct structure_word *pronoun, const struct structure_word *noun)
{
    const double he = pronoun->masculine - pronoun->feminine;
    if (noun->is != CLASS_NOUN || noun->modifier || noun->genitive)
        return false;
    if (noun->plural * pronoun->plural < 0 && !(noun->joined && pronoun->plural > 0))
        return false;
    if (he > 0)
        return noun->masculine > 0;
    if (he < 0)
        return noun->feminine > 0;
    return pronoun->plural > 0 || (noun->masculine == 0 && noun->feminine == 0);
}

/* What an adjective is said of is rather a noun than the pronoun that stands for it: the nearest one before it, one that
 * lives before one that does not. */
static int noun_behind(const struct structure_text *t, int pronoun)
{
    if (!ahead_is(t, pronoun, CLASS_PRONOUN) || !ahead_kind(t, pronoun, KIND_THIRD_PERSON))
        return pronoun;
    int found = pronoun;
    for (int i = pronoun - 1; i >= 0; i--)
        if (agrees(&t->w[pronoun], &t->w[i]) &&
            (found == pronoun || (t->w[i].animate > 0.5 && t->w[found].animate <= 0.5)))
            found = i;
    return found;
}

static int subject_near(const struct structure_text *t, int adjective)
{
    int found = -1;
    double nearest = 0.75; /* a subject of two clauses is half a clause away from each */
    for (int i = 0; i < t->n; i++) {
        const double far = t->w[i].clause > t->w[adjective].clause ? t->w[i].clause - t->w[adjective].clause
                                                                   : t->w[adjective].clause - t->w[i].clause;
        if (t->w[i].subject && t->w[i].is != CLASS_QUESTION && (far < nearest || (found >= 0 && far == nearest))) {
            nearest = far;
            found = i;
        }
    }
    return found;
}

static bool is_copular_question(const struct structure_text *t, int adjective)
{
    for (int i = adjective - 1; i >= 0 && !ahead_is(t, i, CLASS_CONJUNCTION) && !ahead_is(t, i, CLASS_NONE); i--)
        if (ahead_is(t, i, CLASS_VERB))
            return ahead_kind(t, i, KIND_BE) &&
                   (i == 0 || ahead_is(t, i - 1, CLASS_QUESTION) || ahead_is(t, i - 1, CLASS_NONE));
    return false;
}

static int described_by(const struct structure_text *t, int at)
{
    int before = at - 1;
    if (t->w[at].attributive)
        for (int i = at + 1; i < t->n; i++)
            if (t->w[i].is == CLASS_NOUN && !t->w[i].modifier)
                return i;
    while (ahead_is(t, before, CLASS_ADVERB))
        before--;
    if (ahead_is(t, before, CLASS_NOUN) && !t->w[at].unspaced && !is_copular_question(t, at))
        return before; /* the children asleep in the car */
    if (ahead_is(t, before, CLASS_PRONOUN) && !is_copular_question(t, at))
        return noun_behind(t, before); /* made them happy */
    return noun_behind(t, subject_near(t, at));
}

void structure_adjectives(struct structure_word words[], size_t n)
{
    const struct structure_text t = {words, (int)n};
    for (int i = 0; i < t.n; i++)
        words[i].describes = words[i].is == CLASS_ADJECTIVE ? described_by(&t, i) : -1;
}
