/* Sentences as people type them: of 1 to 64 words, and of anything that Unicode has: a walk, or one clear limit. */
#include "support/check.h"
#include "support/steps.h"
#include "support/typed.h"

#include "lesson/lesson.h"
#include "lesson/text/builtin.h"
#include "lesson/walk.h"

#include <stdlib.h>

enum { ROUNDS = 400 };

static struct qkv_err open_sentence(const char *lesson_name, const char *sentence, struct lesson *ret)
{
    return lesson_open(lesson_name, &(struct lesson_options){.overrides = &(struct overrides){.sentence = sentence}},
                       ret, NULL);
}

static void check_walk(const struct lesson *lesson)
{
    assert_in_range(lesson->sentence.words.n, 1, WORDS_MAX);
    assert_non_null(lesson->sentence.guessed);
    for (size_t i = 0; i < lesson->n_stops; i++)
        assert_true(lesson->stops[i].say[0] && lesson->stops[i].say[1]);
    assert_true(lesson->walk.length > 0);
    const struct tensor *weights = value_of(&lesson->tape, "weights");
    for (size_t h = 0; h < weights->axis[AXIS_HEAD].size; h++)
        for (size_t t = 0; t < lesson->sentence.words.n; t++) {
            double sum = 0;
            for (size_t s = 0; s < lesson->sentence.words.n; s++)
                sum += *tensor_at(weights, h, t, s);
            assert_close(sum, 1, 1e-9);
        }
}

TEST(a_sentence_of_any_length_up_to_4096_words_is_walked)
{
    char sentence[(WORDS_MAX + 1) * TYPED_WORD + 1] = "";
    for (size_t n = 1; n <= WORDS_MAX + 1; n++) {
        OWN(lesson) lesson = {0};
        strcat(strcat(sentence, typed_word(n)), " ");
        if (n > 66 && n != 200 && n < WORDS_MAX)
            continue; /* each length up to what a page shows whole, then a few */
        /* All steps of one head take half a gigabyte then. */
        struct qkv_err err = open_sentence(n < 1024 ? "several-heads" : "one-head", sentence, &lesson);
        if (n > WORDS_MAX) {
            assert_error(err, QKV_ERR_LIMIT, "more than 4096 words");
            break;
        }
        assert_ok(err);
        assert_int_equal(lesson.sentence.words.n, n);
        check_walk(&lesson);
    }
}

TEST(anything_that_can_be_typed_is_walked_or_refused_with_a_reason)
{
    uint64_t seed = 20;
    size_t walked = 0, refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
        char sentence[4096] = "";
        /* Every other sentence is free of what is always refused, so that many are walked. */
        typed_add(sentence, 1 + round % 40, round % 2 ? TYPED_ALL : TYPED_TAKEN, &seed);
        OWN(lesson) lesson = {0};
        struct qkv_err err = open_sentence(round % 3 ? "one-head" : "several-heads", sentence, &lesson);
        if (err.code) {
            refused++;
            assert_true(err.code == QKV_ERR_SYNTAX || err.code == QKV_ERR_LIMIT);
            assert_true(strlen(err.what) > 10);
        } else {
            walked++;
            check_walk(&lesson);
        }
    }
    print_message("%zu sentences walked, %zu refused with a reason\n", walked, refused);
    assert_true(walked >= 100 && refused >= 100);
}

TEST(unknown_words_of_a_typed_sentence_are_marked)
{
    OWN(lesson) lesson = {0};
    const bool guessed[] = {false, true, false, false, true, false, false};
    assert_ok(open_sentence("one-head", "The zorgle’s dog didn’t flumph 小猫 !", &lesson));
    assert_int_equal(lesson.sentence.words.n, 7);
    for (size_t i = 0; i < 7; i++)
        if (lesson.sentence.guessed[i] != guessed[i])
            fail_msg("'%s' is %sguessed", lesson.sentence.words.v[i], guessed[i] ? "not " : "");
}

/* ---- numbers that are given for words ---- */

static const char *const of_their_words[] = {
    "score-functions", "graph",     "alibi",     "rope",        "translation", "grouped-heads",  "gated-unit",
    "image-patches",   "both-ways", "conformer", "cross-modal", "captioning",  "location-aware",
};

static bool is_listed(const char *lesson)
{
    for (size_t i = 0; i < sizeof of_their_words / sizeof *of_their_words; i++)
        if (strcmp(of_their_words[i], lesson) == 0)
            return true;
    return false;
}

/* As many words as the lesson has, so that no matrix is too small for them. */
static void type_as_many(const char *name, char text[1024])
{
    OWN(lesson) own = {0};
    assert_ok(lesson_open(name, NULL, &own, NULL));
    text[0] = '\0';
    for (size_t i = 0; i < own.sentence.words.n && i < 64; i++)
        strcat(text, i % 2 ? "cats " : "dogs ");
}

TEST(every_lesson_walks_other_words_or_says_whose_numbers_it_has)
{
    size_t refused = 0;
    for (size_t i = 0; i < builtin_n_lessons; i++) {
        const char *name = builtin_lessons[i];
        OWN(lesson) lesson = {0};
        char typed[1024];
        type_as_many(name, typed);
        struct qkv_err err = open_sentence(name, typed, &lesson);
        const bool of_its_own = is_listed(name) || strcmp(name, "padding") == 0;
        if (!of_its_own) {
            assert_ok(err);
        } else {
            refused++;
            assert_int_equal(err.code, QKV_ERR_DOMAIN);
            assert_non_null(strstr(err.what, " has numbers for the "));
            assert_non_null(strstr(err.what, "--weights \"{source: random, seed: 1}\""));
        }
        /* The way out that the message names. */
        OWN(lesson) out = {0};
        const struct overrides way = {.sentence = typed, .weights = "{source: random, seed: 1}"};
        assert_ok(lesson_open(name, &(struct lesson_options){.overrides = &way}, &out, NULL));
    }
    assert_int_equal(refused, sizeof of_their_words / sizeof *of_their_words + 1);
}

TEST(the_words_that_a_lesson_has_numbers_for_may_be_typed)
{
    static const char *const same[][2] = {
        {"translation", "J'aime l'intelligence  artificielle"},
        {"rope", "tick tock tick tock tick"},
        {"rope", "tock tock tick tick tock tick tock tick tock"}, /* rows by word: any number of them */
        {"alibi", "three"},
        {"gated-unit", "A dog saw the house and the cat ran"},
        {"graph", "Anna Ben Carl Dora Emil"},
        {"padding", "The dog barked because it ate pad pad"}, /* the mask blocks the last two */
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        OWN(lesson) lesson = {0};
        assert_ok(open_sentence(same[i][0], same[i][1], &lesson));
    }
}

TEST(a_matrix_of_places_says_how_many_words_it_has_numbers_for)
{
    OWN(lesson) lesson = {0};
    assert_error(open_sentence("low-rank", "three words here", &lesson), QKV_ERR_SHAPE, "3 words: type 8 words");
    assert_error(open_sentence("low-rank", "three words here", &lesson), QKV_ERR_SHAPE, "made for one length");
}
