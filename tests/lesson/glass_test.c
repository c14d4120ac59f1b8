/* The glass model: its file is sound, its words have the features they should, and its numbers are short enough for a
 * pencil. */
#include "support/check.h"

#include "lesson/glass/glass.h"
#include "lesson/text/builtin.h"

#include <stdio.h>

static struct arena arena;
static struct glass *glass;

static void read_model(void)
{
    const struct builtin_file *file = builtin_find("assets/glass.yaml");
    struct diagnostics diagnostics = {0};
    struct reader reader = {.arena = &arena, .f = &diagnostics};
    glass = file ? glass_read(&reader, file->text, file->n) : NULL;
    for (size_t i = 0; i < diagnostics_kept(&diagnostics); i++)
        print_error("assets/glass.yaml:%d:%d: %s\n", diagnostics.v[i].line, diagnostics.v[i].column,
                    diagnostics.v[i].what);
    assert_non_null(glass);
}

static void forget_model(void)
{
    arena_finish(&arena);
}

TEST(the_model_has_named_features_a_lexicon_and_heads_of_four_columns)
{
    assert_in_range(glass->n_features, 16, GLASS_FEATURES_MAX);
    print_message("%zu features, %zu words, %zu heads\n", glass->n_features, glass->n_words, glass->n_heads);
    assert_true(glass->n_words >= 900);
    for (size_t h = 0; h < glass->n_heads; h++) {
        assert_int_equal(glass->heads[h].n_columns, 4); /* the root of d_k is 2: short numbers after scaling */
        assert_int_equal(glass->heads[h].n_values, 4);
        assert_true(strlen(glass->heads[h].claim) > 10);
    }
}

/* "| `noun` | names a thing" stands in lessons/README.md. */
static void assert_told(const char *readme, const char *name, const char *meaning)
{
    char row[512];
    snprintf(row, sizeof row, "| `%s` | %s |", name, meaning);
    if (!strstr(readme, row))
        fail_msg("lessons/README.md has no row '%s'", row);
}

TEST(authors_are_told_every_feature_and_every_claim)
{
    OWN(str) readme = tests_file("../lessons/README.md");
    for (size_t i = 0; i < glass->n_features; i++) {
        assert_true(strlen(glass->features[i].meaning) >= 4);
        assert_told(str_text(&readme), glass->features[i].name, glass->features[i].meaning);
    }
    for (size_t h = 0; h < glass->n_heads; h++)
        assert_told(str_text(&readme), glass->heads[h].name, glass->heads[h].claim);
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
    {"cat", "animate", 1, false},     {"cat", "plural", -1, false},        {"cats", "plural", 1, false},
    {"cats", "animate", 1, false},    {"churches", "plural", 1, false},    {"churches", "place", 1, false},
    {"zorges", "plural", 1, true},    {"dog's", "determiner", 1, false},   {"dragonflies", "noun", 1, true},
    {"睡觉", "verb", 1, false},       {"teacher", "feminine", 0.5, false}, {"kittens", "plural", 1, false},
    {"kittens", "animate", 1, false}, {"she", "feminine", 1, false},       {"he", "masculine", 1, false},
    {"they", "plural", 1, false},     {"the", "determiner", 1, false},     {"zorgling", "verb", 1, true},
    {"zorgly", "adverb", 1, true},    {"zorgful", "adjective", 1, true},   {"zorg", "noun", 1, true},
    {",", "noun", 0, false},          {"not", "negative", 1, false},
};

TEST_ROWS_BY(words_have_the_features_of_their_line_or_their_ending, words, c, word)
{
    double row[GLASS_FEATURES_MAX];
    assert_int_equal(glass_embed(glass, c->word, 3, row), c->guessed);
    /* A guess is off by at most 0.10. */
    assert_close(feature(row, c->feature), c->is, (c->guessed ? 0.1 : 0) + 1e-9);
}

TEST(two_unknown_words_differ_and_one_is_always_the_same)
{
    double a[GLASS_FEATURES_MAX], b[GLASS_FEATURES_MAX], again[GLASS_FEATURES_MAX];
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

TEST(every_number_of_the_model_has_at_most_two_decimals)
{
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

TEST_GROUP(read_model, forget_model)
