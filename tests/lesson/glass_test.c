/* The glass model: its file is sound, its heads do what they claim on sentences that no lesson has, and its numbers are
 * short enough for a pencil. */
#include "support/check.h"

#include "lesson/builtin.h"
#include "lesson/glass.h"
#include "lesson/lesson.h"

#include <strings.h>

static struct pool pool;
static struct glass *glass;

static int read_model(void **state)
{
    const struct builtin_file *file = builtin_find("assets/glass.yaml");
    struct findings findings = {0};
    struct reader reader = {&pool, &findings};
    (void)state;
    glass = file ? glass_read(&reader, file->text, file->n) : NULL;
    for (size_t i = 0; i < findings_kept(&findings); i++)
        print_error("assets/glass.yaml:%d:%d: %s\n", findings.v[i].line, findings.v[i].column, findings.v[i].what);
    return glass ? 0 : -1;
}

static int forget_model(void **state)
{
    (void)state;
    pool_finish(&pool);
    return 0;
}

static void the_model_has_named_features_a_lexicon_and_heads_of_four_columns(void **state)
{
    (void)state;
    assert_in_range(glass->n_features, 16, 24);
    print_message("%zu features, %zu words, %zu heads\n", glass->n_features, glass->n_words, glass->n_heads);
    assert_true(glass->n_words >= 400);
    for (size_t h = 0; h < glass->n_heads; h++) {
        assert_int_equal(glass->heads[h].n_columns, 4); /* the root of d_k is 2: short numbers after scaling */
        assert_int_equal(glass->heads[h].n_values, 4);
        assert_true(strlen(glass->heads[h].claim) > 10);
    }
}

/* ---- embeddings ---- */

static double feature(const double row[], const char *name)
{
    int at = glass_feature_find(glass, name);
    assert_true(at >= 0);
    return row[at];
}

static const struct word_case {
    const char *word, *feature;
    double is;
    bool guessed;
} words[] = {
    {"cat", "animate", 1, false},     {"cat", "plural", -1, false},      {"cats", "plural", 1, false},
    {"cats", "animate", 1, false},    {"foxes", "plural", 1, true},      {"kittens", "plural", 1, false},
    {"kittens", "animate", 1, false}, {"she", "feminine", 1, false},     {"he", "masculine", 1, false},
    {"they", "plural", 1, false},     {"the", "determiner", 1, false},   {"zorgling", "verb", 1, true},
    {"zorgly", "adverb", 1, true},    {"zorgful", "adjective", 1, true}, {"zorg", "noun", 1, true},
    {",", "noun", 0, false},          {"not", "negative", 1, false},
};

static void words_have_the_features_of_their_line_or_their_ending(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        double row[GLASS_FEATURES_MAX];
        bool guessed = glass_embed(glass, words[i].word, 3, row);
        if (guessed != words[i].guessed)
            fail_msg("%s is %sguessed", words[i].word, guessed ? "" : "not ");
        /* A guess is off by at most 0.10. */
        if (fabs(feature(row, words[i].feature) - words[i].is) > (guessed ? 0.1 : 0) + 1e-9)
            fail_msg("%s: %s is %g", words[i].word, words[i].feature, feature(row, words[i].feature));
    }
}

static void two_unknown_words_differ_and_one_is_always_the_same(void **state)
{
    double a[GLASS_FEATURES_MAX], b[GLASS_FEATURES_MAX], again[GLASS_FEATURES_MAX];
    (void)state;
    assert_true(glass_embed(glass, "zorg", 0, a));
    assert_true(glass_embed(glass, "zurg", 0, b));
    assert_true(glass_embed(glass, "zorg", 0, again));
    assert_memory_not_equal(a, b, glass->n_features * sizeof *a);
    assert_memory_equal(a, again, glass->n_features * sizeof *a);
}

static bool is_short(double x)
{
    return fabs(x * 100 - round(x * 100)) < 1e-9;
}

static void every_number_of_the_model_has_at_most_two_decimals(void **state)
{
    (void)state;
    for (size_t h = 0; h < glass->n_heads; h++)
        for (size_t c = 0; c < 4; c++)
            for (size_t i = 0; i < glass->n_features; i++) {
                assert_true(is_short(glass->heads[h].columns[c].query[i]));
                assert_true(is_short(glass->heads[h].columns[c].key[i]));
                assert_true(is_short(glass->heads[h].values[c].from[i]));
            }
    for (size_t t = 0; t < WORDS_MAX; t++) {
        double row[GLASS_FEATURES_MAX];
        glass_embed(glass, "zorg", t, row);
        for (size_t i = 0; i < glass->n_features; i++)
            assert_true(is_short(row[i]));
    }
}

/* ---- what the heads claim ---- */

/* A sentence, the word that looks, and the word it should look at most. Words may come with #2 for the second. */
struct look {
    const char *sentence, *from, *to;
};

static const struct look pronouns[] = {
    {"The dog barked because it was hungry", "it", "dog"},
    {"The children ran home when they were tired", "they", "children"},
    {"The queen opened the door and she smiled", "she", "queen"},
    {"The king opened the door and he smiled", "he", "king"},
    {"The farmers sold the horse because they wanted bread", "they", "farmers"},
    {"The bird sat in a tree and it sang", "it", "bird"},
    {"My sister met the boys after she came home", "she", "sister"},
    {"My sister met the boys after they came home", "they", "boys"},
    {"The boy gave the girl a book and she read it", "she", "girl"},
    {"The girl gave the boy a flower and he laughed", "he", "boy"},
    {"The mother saw the mice but they ran away", "they", "mice"},
    {"The wolf saw the sheep in the forest and it ran", "it", "wolf"},
    {"The teacher heard the students because they were loud", "they", "students"},
    {"The woman closed the window when she felt cold", "she", "woman"},
    {"The horses were thirsty so they came to the river", "they", "horses"},
    {"Anna likes the garden because she loves flowers", "she", "anna"},
    {"The uncle lost his hat before he found it", "he", "uncle"},
    {"The fish swam to the stone where it slept", "it", "fish"},
    {"The lions saw the child but they were afraid", "they", "lions"},
    {"When it heard the song the puppy slept", "it", "puppy"},
    {"The fathers told the girl a story and they laughed", "they", "fathers"},
    {"The doctor helped the women because they were sick", "they", "women"},
};

static const struct look adjectives[] = {
    {"The small dog chased a ball", "small", "dog"},
    {"The dog chased a red ball", "red", "ball"},
    {"The old king met a young queen", "old", "king"},
    {"The old king met a young queen", "young", "queen"},
    {"She read a long letter at the table", "long", "letter"},
    {"The quiet child sang a song", "quiet", "child"},
    {"They bought the green house near the river", "green", "house"},
    {"The cold water fell on the stone", "cold", "water"},
    {"The horse was very tired", "tired", "horse"},
    {"The soup in the kitchen was hot", "hot", "kitchen"},
    {"A brave woman opened the door", "brave", "woman"},
    {"The farmer has a black cow", "black", "cow"},
    {"He lost a heavy key in the garden", "heavy", "key"},
    {"The beautiful song made them happy", "beautiful", "song"},
    {"The night was warm", "warm", "night"},
    {"She was happy", "happy", "She"},
    {"They are hungry", "hungry", "They"},
    {"The empty box stood under a wet tree", "empty", "box"},
    {"The empty box stood under a wet tree", "wet", "tree"},
    {"A clever fox took the white egg", "clever", "fox"},
    {"A clever fox took the white egg", "white", "egg"},
};

static const char *const long_sentences[] = {
    "The cat sat",
    "We know why the river is quiet at night",
    "Who wrote the long letter that the teacher read to us",
    "My old grandmother never gave the small children milk or bread before they went to school in winter time",
    "Birds sing",
    "The train came late because the driver slept",
    "Is the doctor at home",
    "The boy with the red hat ran over the bridge to the station",
    "No bird flies in the rain",
    "I like cake",
    "The students think that the question about the moon is hard",
    "They sold the house near the sea",
    "A bear and a wolf met in the forest",
    "You can open the box now",
    "The lions sleep in the sun all day",
    "She said that he knows the song",
    "The mice ate the bread under the table",
    "Why did the fox wait",
    "The farmer walked slowly through the field with his dog",
    "Every child wants a game",
};

struct tally {
    size_t agree, all;
};

static int most_looked_at(const struct lesson *lesson, size_t head, size_t from)
{
    const struct tensor *weights = &lesson->tape.steps[tape_find(&lesson->tape, "weights")].value;
    size_t most = 0;
    for (size_t s = 0; s < lesson->words.n; s++)
        if (*tensor_at(weights, head, from, s) > *tensor_at(weights, head, from, most))
            most = s;
    return (int)most;
}

static int place_of(const struct lesson *lesson, const char *word)
{
    for (size_t i = 0; i < lesson->words.n; i++)
        if (strcasecmp(lesson->words.v[i], word) == 0)
            return (int)i;
    return -1;
}

static void open_sentence(const char *sentence, struct lesson *lesson)
{
    assert_ok(lesson_open("several-heads", &(struct lesson_options){.sentence = sentence}, lesson, NULL));
}

static struct tally tally_looks(const struct look *looks, size_t n, size_t head)
{
    struct tally tally = {0};
    for (size_t i = 0; i < n; i++) {
        struct lesson lesson = {0};
        open_sentence(looks[i].sentence, &lesson);
        int from = place_of(&lesson, looks[i].from), to = place_of(&lesson, looks[i].to);
        int found = from < 0 ? -1 : most_looked_at(&lesson, head, (size_t)from);
        tally.all++;
        tally.agree += to >= 0 && found == to;
        if (found != to)
            print_message("  %s: %s looks at %s\n", looks[i].sentence, looks[i].from,
                          found < 0 ? "?" : lesson.words.v[found]);
        lesson_finish(&lesson);
    }
    return tally;
}

static void report(const char *claim, struct tally tally)
{
    print_message("%s: %zu of %zu\n", claim, tally.agree, tally.all);
    assert_true(tally.all >= 20);
    assert_true((double)tally.agree >= 0.9 * (double)tally.all);
}

static void a_pronoun_looks_at_the_noun_it_can_stand_for(void **state)
{
    (void)state;
    report("pronoun", tally_looks(pronouns, sizeof pronouns / sizeof pronouns[0], 0));
}

static void an_adjective_looks_at_the_nearest_noun(void **state)
{
    (void)state;
    report("adjective", tally_looks(adjectives, sizeof adjectives / sizeof adjectives[0], 2));
}

static void every_word_looks_at_the_one_before_in_sentences_of_up_to_20_words(void **state)
{
    struct tally tally = {0};
    double least = 1, most = 0;
    (void)state;
    for (size_t i = 0; i < sizeof long_sentences / sizeof long_sentences[0]; i++) {
        struct lesson lesson = {0};
        open_sentence(long_sentences[i], &lesson);
        const struct tensor *weights = &lesson.tape.steps[tape_find(&lesson.tape, "weights")].value;
        for (size_t t = 0; t < lesson.words.n; t++, tally.all++) {
            int want = t > 0 ? (int)t - 1 : 0;
            double share = *tensor_at(weights, 1, t, (size_t)want);
            tally.agree += most_looked_at(&lesson, 1, t) == want;
            least = fmin(least, share);
            most = fmax(most, share);
        }
        lesson_finish(&lesson);
    }
    report("previous", tally);
    assert_int_equal(tally.agree, tally.all);
    print_message("largest weights of head 2: %.2f to %.2f\n", least, most);
    assert_true(least > 0.6 && most < 0.95); /* decisive, and not so sure that nothing else counts */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_model_has_named_features_a_lexicon_and_heads_of_four_columns),
        cmocka_unit_test(words_have_the_features_of_their_line_or_their_ending),
        cmocka_unit_test(two_unknown_words_differ_and_one_is_always_the_same),
        cmocka_unit_test(every_number_of_the_model_has_at_most_two_decimals),
        cmocka_unit_test(a_pronoun_looks_at_the_noun_it_can_stand_for),
        cmocka_unit_test(an_adjective_looks_at_the_nearest_noun),
        cmocka_unit_test(every_word_looks_at_the_one_before_in_sentences_of_up_to_20_words),
    };
    return cmocka_run_group_tests(tests, read_model, forget_model);
}
