/* What the words of a sentence are to each other, and what the handcrafted model makes of it: each row is a word of a
 * sentence and one of its features. */
#include "lesson/opened.h"
#include "support/steps.h"

#include <stdio.h>

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

static const struct feature_case {
    const char *name, *sentence, *word, *feature;
    double is;
} features[] = {
    {"a word that may be a noun or a verb is a noun behind a determiner", "The work is hard", "work", "noun", 1},
    {"and no verb there", "The work is hard", "work", "verb", 0},
    {"it is a verb behind a pronoun", "They work at night", "work", "verb", 1},
    {"and where the clause lacks one", "My friends in the city work", "work", "verb", 1},
    {"open describes behind is", "The door was open", "open", "adjective", 1},
    {"and is no verb there", "The door was open", "open", "verb", 0},
    {"and before a noun", "An open window let the wind in", "open", "adjective", 1},
    {"and behind a verb that is complete", "They left the door open", "open", "adjective", 1},
    {"and in a question", "Are the windows of the house open", "open", "adjective", 1},
    {"it is a verb where the clause lacks one", "Every morning the bakers open their shop", "open", "verb", 1},
    {"and behind an auxiliary", "He did not open them", "open", "verb", 1},
    {"and behind to", "She wants to open the box", "open", "adjective", 0},
    {"and where it is a command", "Open the door", "Open", "verb", 1},
    {"drunk describes", "The sailor was drunk", "drunk", "adjective", 1},
    {"also before its noun", "The drunk sailor sang", "drunk", "adjective", 1},
    {"it is a verb behind has", "The sailor has drunk the milk", "drunk", "verb", 1},
    {"and behind had before its noun", "He had drunk the milk", "drunk", "adjective", 0},
    {"not where another word must be it", "The garden plants need water", "plants", "noun", 1},
    {"a relative clause wants a verb of its own", "The girl who paints the walls smiles", "smiles", "verb", 1},
    {"a noun is a verb where the clause lacks one", "The teacher questions the boys", "questions", "verb", 1},
    {"a participle before a noun is an adjective", "The singing bird sat there", "singing", "adjective", 1},
    {"that is a determiner before a noun", "That dog sleeps", "That", "determiner", 1},
    {"and none before a clause", "The dog that the cats chased runs", "that", "determiner", 0},
    {"her is a determiner before a noun", "She lost her hat", "her", "determiner", 1},
    {"and none at the end", "They saw her", "her", "determiner", 0},
    {"a noun before a noun counts half", "The stone bridge fell", "stone", "noun", 0.5},
    {"and the head of the phrase whole", "The stone bridge fell", "bridge", "noun", 1},
    {"joined nouns have no number", "The dog and the cat sleep", "dog", "plural", 0},
    {"nouns that or joins keep it", "The dog or the cat sleeps", "dog", "plural", -1},
    {"an unknown word with a capital is a person", "We saw Zilla there", "Zilla", "feminine", 0.5},
    {"an unknown word may be the verb", "The wug near the blickets zorfs", "zorfs", "noun", 0},
    {"a subject is no noun behind a preposition", "The keys to the cabinet are old", "cabinet", "subject", 0},
    {"but the one before it", "The keys to the cabinet are old", "keys", "subject", 1},
    {"a subject may follow its verb", "Behind the trees stands an old house", "house", "subject", 1},
    {"a second clause has another number", "The boys laughed because the clown fell", "clown", "clause", 1},
    {"its verb has the same", "The boys laughed because the clown fell", "fell", "clause", 1},
    {"the subject of two clauses stands between them", "The dog that chased the cats runs", "dog", "clause", 0.5},
    {"the verb behind a relative clause is of the first", "The dog that chased the cats runs", "runs", "clause", 0},
    {"phrases are counted", "The keys to the old cabinet are old", "cabinet", "phrase", 2},
    {"an adjective belongs to its noun's", "The keys to the old cabinet fell", "old", "phrase", 2},
    {"a genitive and its determiner are one", "My friend's sister's car is fast", "friend's", "phrase", 1},
    {"a second genitive is one by itself", "My friend's sister's car is fast", "sister's", "phrase", 2},
    {"and what is theirs is the third", "My friend's sister's car is fast", "car", "phrase", 3},
    {"a genitive says whose", "My friend's sister's car is fast", "friend's", "whose", 1},
    {"so does one of Chinese that lives", "老师的狗喜欢牛奶", "老师", "whose", 1},
    {"and none that does not", "红色的花很漂亮", "花", "noun", 1},
    {"a number may stand behind an adjective", "The first two songs are old", "songs", "phrase", 1},
    {"a noun or verb of a relative clause is its verb", "The father who cooks eats", "cooks", "verb", 1},
    {"and the next one the main clause's", "The man who drives smokes", "smokes", "verb", 1},
    {"not where a verb is still to come", "The boy who likes games works here", "games", "noun", 1},
    {"a noun behind and has a verb of its own", "Birds fly and fish swim", "fish", "noun", 1},
    {"of subjects that or joins the nearer one agrees", "The teacher or the pupils clean the room", "teacher",
     "subject", 0},
    {"an unknown word joined to an adjective is one", "The judge was rich but blick", "blick", "adjective", 1},
    {"a verb may be a noun behind after", "The boys, tired after the walk, were quiet", "walk", "subject", 0},
    {"which is no part of the phrase behind it", "The house in which the girls live burned", "live", "clause", 1},
    {"unless the verb fits the other one", "Nobody but the guards knows the code", "Nobody", "subject", 1},
    {"as well as joins no subject", "The queen as well as her ministers wants peace", "ministers", "subject", 0},
    {"a verb may wait for an auxiliary of the clause around", "Did the keys that he lost open the box", "open",
     "clause", 0},
    {"an unknown word behind to is a verb", "To blick is human", "blick", "verb", 1},
    {"a gerund may be the subject", "Walking is healthy", "Walking", "subject", 1},
    {"and is none before a comma", "Playing in the garden, the boys sang", "Playing", "subject", 0},
    {"an adjective beside its noun is not apart", "The small dog slept", "small", "apart", 0},
    {"one across another noun is", "The keys to the cabinet are rusty", "rusty", "apart", -5.25},
    {"one far from its noun is", "The flowers that you gave me yesterday are beautiful", "beautiful", "apart", -7.25},
    {"one of a pronoun that no noun stands for", "The man said that she was happy", "happy", "of pronoun", 1},
    {"one of a pronoun for a noun", "The cat sat because it was tired", "tired", "of pronoun", 0},
    {"a word is new where it stands first", "the cat", "cat", "new", 1},
};

TEST_ROWS(the_sentence_decides_this_feature, features, c)
{
    const struct lesson *lesson = open_text(all_heads, typed(c->sentence));
    const struct tensor *x = value_of(&lesson->tape, "X");
    const size_t t = row_of(lesson, c->word);
    /* A guess is off by at most 0.10. */
    assert_close(*tensor_at(x, 0, t, column_of(x, c->feature)), c->is,
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
    char sentence[8 * WORDS_MAX] = "";
    size_t n = 0;
    /* 512 different words, each twice: enough for codes of letters to meet many times */
    for (size_t i = 0; i < WORDS_MAX; i++)
        n += (size_t)snprintf(sentence + n, sizeof sentence - n, "w%zu ", i % (WORDS_MAX / 2) * 7);
    const struct lesson *lesson = open_text(same, typed(sentence));
    assert_int_equal(lesson->sentence.words.n, WORDS_MAX);
    for (size_t t = 0; t < WORDS_MAX; t++)
        assert_int_equal(most(lesson, 0, t), t % (WORDS_MAX / 2));
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
