/* What the words of a sentence are to each other, and what the handcrafted model makes of it: each row is a word of a
 * sentence and one of its features. */
#include "lesson/opened.h"
#include "support/steps.h"

#include <stdio.h>
#include <stdlib.h>

static const char all_heads[] =
    "title: t\nsummary: s\nsentence: x\n"
    "weights: {source: glass, heads: [pronoun, previous, adjective, verb, determiner, same]}\n";

#define typed(text) (&(struct lesson_options){.overrides = &(struct overrides){.sentence = (text)}})

static size_t column_of(const struct tensor *x, const char *name)
{
    for (size_t i = 0; i < x->axis[AXIS_COL].size; i++)
        if (strcmp(x->axis[AXIS_COL].labels[i], name) == 0)
            return i;
    fail_msg("X has no column '%s'", name);
    return 0;
}

static size_t row_of(const struct lesson *lesson, const char *word)
{
    for (size_t t = 0; t < lesson->sentence.words.n; t++)
        if (strcmp(lesson->sentence.words.v[t], word) == 0)
            return t;
    fail_msg("'%s' has no word '%s'", lesson->sentence.text, word);
    return 0;
}

struct feature_case {
    const char *name, *sentence, *word, *feature, *is;
};

TEST_TABLE(the_sentence_decides_this_feature, feature_case, "lesson/features.tsv", c, name)
{
    const struct lesson *lesson = open_text(all_heads, typed(c->sentence));
    const struct tensor *x = value_of(&lesson->tape, "X");
    const size_t t = row_of(lesson, c->word);
    /* A guess is off by at most 0.10. */
    assert_close(*tensor_at(x, 0, t, column_of(x, c->feature)), strtod(c->is, NULL),
                 sequence_is_guessed(&lesson->sentence, t) ? 0.1 : 1e-9);
}

/* ---- what a head looks at ---- */

static size_t most(const struct lesson *lesson, size_t head, size_t t)
{
    const struct tensor *weights = value_of(&lesson->tape, "weights");
    size_t found = 0;
    for (size_t s = 1; s < lesson->sentence.words.n; s++)
        if (*tensor_at(weights, head, t, s) > *tensor_at(weights, head, t, found))
            found = s;
    return found;
}

TEST(no_word_of_a_thousand_looks_at_another_one_than_its_like)
{
    static const char same[] = "title: t\nsummary: s\nsentence: x\nweights: {source: glass, heads: [same]}\n";
    enum { MANY = 1024 };
    char sentence[8 * MANY] = "";
    size_t n = 0;
    /* 512 different words, each twice: enough for codes of letters to meet many times */
    for (size_t i = 0; i < MANY; i++)
        n += (size_t)snprintf(sentence + n, sizeof sentence - n, "w%zu ", i % (MANY / 2) * 7);
    const struct lesson *lesson = open_text(same, typed(sentence));
    assert_int_equal(lesson->sentence.words.n, MANY);
    for (size_t t = 0; t < MANY; t++)
        assert_int_equal(most(lesson, 0, t), t % (MANY / 2));
}

TEST(an_unknown_chinese_word_tells_no_number_and_is_preferred_by_no_pronoun)
{
    const struct lesson *lesson = open_text(all_heads, typed("石头 和 蜥蜴 因为 它 很 大"));
    const struct tensor *x = value_of(&lesson->tape, "X"), *weights = value_of(&lesson->tape, "weights");
    const size_t unknown = row_of(lesson, "蜥蜴"), known = row_of(lesson, "石头"), it = row_of(lesson, "它");
    assert_true(sequence_is_guessed(&lesson->sentence, unknown));
    assert_int_equal(sequence_guessed(&lesson->sentence), 1);
    assert_true(*tensor_at(x, 0, unknown, column_of(x, "plural")) == 0);
    assert_true(*tensor_at(x, 0, unknown, column_of(x, "noun")) < 1);
    assert_true(*tensor_at(weights, 0, it, known) > *tensor_at(weights, 0, it, unknown));
}

static const struct fit_case {
    const char *name, *sentence, *word, *first, *second;
} fits[] = {
    {"two things", "The trophy did not fit in the suitcase because it was too big", "it", "trophy", "suitcase"},
    {"two women", "Anna told Mary a story because she was bored", "she", "Anna", "Mary"},
    {"two groups", "The boys helped the girls because they were kind", "they", "boys", "girls"},
};

TEST_ROWS(what_features_cannot_decide_is_shared, fits, c)
{
    const struct lesson *lesson = open_text(all_heads, typed(c->sentence));
    const struct tensor *weights = value_of(&lesson->tape, "weights");
    const size_t t = row_of(lesson, c->word);
    const double first = *tensor_at(weights, 0, t, row_of(lesson, c->first));
    assert_close(first, *tensor_at(weights, 0, t, row_of(lesson, c->second)), 1e-9);
    assert_true(first > 0.15);
}

static const struct described_case {
    const char *name, *sentence, *word, *noun;
} described[] = {
    {"open is said of the subject", "The door was open", "open", "door"},
    {"or of the noun behind it", "The cat sat at an open window", "open", "window"},
    {"drunk is said of the subject", "The sailor was drunk", "drunk", "sailor"},
    {"of joined nouns the nearest is looked at", "The king and the queen were happy", "happy", "queen"},
};

TEST_ROWS(an_adjective_looks_mostly_at_its_noun, described, c)
{
    enum { ADJECTIVE_HEAD = 2 };
    const struct lesson *lesson = open_text(all_heads, typed(c->sentence));
    assert_int_equal(most(lesson, ADJECTIVE_HEAD, row_of(lesson, c->word)), row_of(lesson, c->noun));
}

/* ---- columns ---- */

static size_t width(const char *lesson_name, const char *sentence)
{
    OWN(lesson) lesson = {0};
    assert_ok(lesson_open(lesson_name, typed(sentence), &lesson, NULL));
    size_t n = value_of(&lesson.tape, "X")->axis[AXIS_COL].size;
    return n;
}

TEST(a_lesson_shows_features_of_structure_only_where_a_word_has_them)
{
    assert_int_equal(width("several-heads", NULL), 12);
    assert_int_equal(width("several-heads", "The small dog slept"), 12);
    assert_int_equal(width("several-heads", "The keys to the cabinet are rusty"), 13);
    assert_int_equal(width("several-heads", "The man said that she was happy"), 14);
    assert_int_equal(width("head-router", "The keys to the cabinet are rusty"), 13);
    assert_int_equal(width("one-head", "The keys to the cabinet are rusty"), 8);
}

TEST(a_claim_says_how_many_words_are_guessed)
{
    static const struct {
        const char *sentence, *says;
    } cases[] = {
        {"The cat sat", NULL},
        {"The zorg sat there", "One of these words (1 of 4) is guessed: zorg."},
        {"The zorg saw a blick there", "Some of these words (2 of 6) are guessed: zorg, blick."},
        {"Die Katze liebt it", "Over half of these words (3 of 4) are guessed: Die, Katze, liebt."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct lesson *lesson = open_text(all_heads, typed(cases[i].sentence));
        const char *found = strstr(lesson->head_claims.v[0], "guessed");
        assert_int_equal(found != NULL, cases[i].says != NULL);
        if (cases[i].says)
            assert_non_null(strstr(lesson->head_claims.v[0], cases[i].says));
    }
}
