/* What other seeds give: the numbers are those of lessons with these seeds, computed here by the formulas of the paper; and
 * what is wrong with a stop that asks for them. */
#include "lesson/opened.h"

#include "core/random.h"
#include "lesson/analysis/draws.h"
#include "lesson/controls.h"
#include "lesson/overrides.h"

#include <stdio.h>
#include <stdlib.h>

enum { WORDS = 7, WIDTH = 4, SEEDS = 60, DIRECTIONS_MAX = 512 };

/* ---- random features for the query of "it", from Choromanski et al. 2021, section 2.3 ---- */

/* What the pronoun head makes of "The cat sat because it was tired". */
static const double query[WIDTH] = {3, 2, -2, 0};
static const double keys[WORDS][WIDTH] = {[1] = {1, 1, -1, 0}, [4] = {0, 0, -1, 0}};
enum { CAT = 1 };

/* The seed of a tensor: FNV-1a of its name, begun with the lesson's seed. */
static uint64_t seed_of(uint64_t seed, const char *name)
{
    uint64_t hash = UINT64_C(14695981039346656037) ^ seed;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * UINT64_C(1099511628211);
    return hash;
}

/* To two decimals, as everything that is drawn. */
static void draw_directions(long seed, size_t n, double ret[][WIDTH])
{
    struct random random = {seed_of((uint64_t)seed, "omega")};
    for (size_t f = 0; f < n; f++)
        for (size_t i = 0; i < WIDTH; i++) {
            double u = ((double)(random_next(&random) >> 11) + 1) / 9007199254740993.0;
            double v = (double)(random_next(&random) >> 11) / 9007199254740992.0;
            ret[f][i] = round(100 * sqrt(-2 * log(u)) * cos(2 * 3.14159265358979323846 * v)) / 100;
        }
}

/* The estimate of e^(q . k / sqrt(d_k)): the mean over the directions of phi(q) phi(k). */
static double kernel(const double key[WIDTH], double omega[][WIDTH], size_t n)
{
    const double root = sqrt(sqrt(WIDTH));
    double sum = 0, half = 0;
    for (size_t i = 0; i < WIDTH; i++)
        half += (query[i] * query[i] + key[i] * key[i]) / (2 * root * root);
    for (size_t f = 0; f < n; f++) {
        double reach = 0;
        for (size_t i = 0; i < WIDTH; i++)
            reach += (query[i] + key[i]) * omega[f][i] / root;
        sum += exp(reach - half);
    }
    return sum / (double)n;
}

/* The part of "it" that comes from "cat", above and below the line. */
static void estimate(long seed, size_t n, double *ret_numerator, double *ret_sum)
{
    static double omega[DIRECTIONS_MAX][WIDTH];
    draw_directions(seed, n, omega);
    *ret_numerator = kernel(keys[CAT], omega, n);
    *ret_sum = 0;
    for (size_t s = 0; s < WORDS; s++)
        *ret_sum += kernel(keys[s], omega, n);
}

/* The draws of the lesson that show this step. */
static const struct draws *draws_of(const struct lesson *lesson, const char *step)
{
    for (size_t i = 0; i < lesson->n_draws; i++)
        if (strcmp(lesson->tape.steps[lesson->draws[i].step].spec.name, step) == 0)
            return &lesson->draws[i];
    fail_msg("nothing is drawn at %s", step);
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

TEST(every_draw_of_random_features_is_what_the_paper_says)
{
    const struct lesson *lesson = open_by("random-features", NULL);
    const struct draws *above = draws_of(lesson, "numerators"), *share = draws_of(lesson, "heads");
    static const size_t sizes[] = {8, 32, 128, 512};
    assert_int_equal(share->n_seeds, SEEDS);
    assert_int_equal(share->n_values, 4);
    for (size_t v = 0; v < share->n_values; v++) {
        double sorted[SEEDS];
        assert_int_equal(share->value[v], sizes[v]);
        for (size_t s = 0; s < SEEDS; s++) {
            double numerator, sum;
            estimate((long)s + 1, sizes[v], &numerator, &sum);
            assert_close(above->v[v * SEEDS + s], numerator, 1e-9 * numerator);
            assert_close(share->v[v * SEEDS + s], numerator / (sum + 1e-6), 1e-9);
            sorted[s] = share->v[v * SEEDS + s];
        }
        qsort(sorted, SEEDS, sizeof *sorted, by_value);
        const double *row = &share->table.v[v * DRAW_SUMMARIES];
        assert_close(row[DRAW_LOWEST], sorted[0], 0);
        assert_close(row[DRAW_HIGHEST], sorted[SEEDS - 1], 0);
        assert_close(row[DRAW_MEDIAN], (sorted[29] + sorted[30]) / 2, 1e-12);
        assert_close(row[DRAW_QUARTER], sorted[14] + 0.75 * (sorted[15] - sorted[14]), 1e-12);
        assert_close(row[DRAW_THREE_QUARTERS], sorted[44] + 0.25 * (sorted[45] - sorted[44]), 1e-12);
    }
}

/* softmax(q K^T / sqrt(d_k)) and (elu(q) + 1) (elu(K) + 1)^T, by hand. */
TEST(softmax_and_elu_are_marked_where_they_are)
{
    const struct draws *share = draws_of(open_by("random-features", NULL), "heads");
    double exponentials = 0, products = 0, cat = 0;
    for (size_t s = 0; s < WORDS; s++) {
        double score = 0, product = 0;
        for (size_t i = 0; i < WIDTH; i++) {
            double q = query[i] > 0 ? query[i] + 1 : exp(query[i]),
                   k = keys[s][i] > 0 ? keys[s][i] + 1 : exp(keys[s][i]);
            score += query[i] * keys[s][i];
            product += q * k;
        }
        exponentials += exp(score / sqrt(WIDTH));
        products += product;
        cat = s == CAT ? product : cat;
    }
    assert_int_equal(share->n_marks, 2);
    assert_string_equal(share->mark[0].label, "softmax");
    assert_close(share->mark[0].value, exp(3.5) / exponentials, 1e-12);
    assert_string_equal(share->mark[1].label, "elu + 1");
    assert_close(share->mark[1].value, cat / (products + 1e-6), 1e-12);
}

static double share_of(const struct lesson *lesson)
{
    return *tensor_at(value_of(&lesson->tape, "heads"), 0, 4, 1);
}

TEST(a_draw_is_the_lesson_with_that_seed_and_size)
{
    const struct draws *share = draws_of(open_by("random-features", NULL), "heads");
    const struct overrides seventh = {.weights = "{source: lesson, seed: 7}"},
                           wide = {.weights = "{source: lesson, seed: 3, features: 128}"};
    const struct lesson *lesson = open_by("random-features", &(struct lesson_options){.overrides = &seventh});
    assert_true(share_of(lesson) == share->v[6]);
    assert_int_equal(lesson->seed, 7);
    assert_int_equal(lesson->written_seed, 2);
    lesson = open_by("random-features", &(struct lesson_options){.overrides = &wide});
    assert_true(share_of(lesson) == share->v[2 * SEEDS + 2]);
    share = draws_of(lesson, "heads");
    assert_int_equal(share->now_value, 2);
    assert_int_equal(share->now_seed, 3);
}

TEST(what_is_changed_is_drawn_again)
{
    const struct overrides dogs = {.sentence = "The dog ran because it was happy"};
    const struct lesson *lesson = open_by("random-features", &(struct lesson_options){.overrides = &dogs});
    assert_int_equal(draws_of(lesson, "heads")->n_seeds, SEEDS);
    /* With features that are not drawn there is nothing to draw, and that is no error. */
    const char *set[] = {"feature_map=elu1"};
    const struct overrides plain = {.set = set, .n_set = 1};
    assert_int_equal(open_by("random-features", &(struct lesson_options){.overrides = &plain})->n_draws, 0);
}

/* ---- any lesson with a seed ---- */

#define DRAWN                                                                                                          \
    "title: t\nsummary: s\nsentence: a b c\nweights: {source: random, seed: 4, d_k: 3}\n"                              \
    "script:\n  - at: weights\n    cell: [a, b]\n"
#define SAY "    say: \"Half are below {draws[all, median]}.\"\n"

TEST(any_lesson_with_a_seed_can_show_its_draws)
{
    const struct lesson *lesson = open_text(
        DRAWN
        "    say: \"{draws[2, median]} and {draws[3, highest]}\"\n    holds: draws[2, lowest] < draws[2, median]\n"
        "    draws: {seeds: 9, size: d_k, values: [2, 3]}\n",
        NULL);
    const struct draws *d = lesson->stops[0].draws;
    assert_non_null(d);
    assert_true(d->v[9 + 3] == *tensor_at(value_of(&lesson->tape, "weights"), 0, 0, 1)); /* d_k 3, seed 4: its own */
    char median[32];
    snprintf(median, sizeof median, "%.2f", d->table.v[DRAW_MEDIAN]);
    assert_non_null(strstr(lesson->stops[0].say[0], median));
    open_text(DRAWN "    say: x\n    draws: {seeds: 9, marks: {two thirds: 2 / 3}}\n"
                    "    holds: draws[two thirds, median] == 2 / 3 and draws[all, lowest] <= draws[all, highest]\n",
              NULL);
    lesson = open_text(DRAWN SAY "    draws: {seeds: 5}\n", NULL);
    assert_int_equal(lesson->stops[0].draws->n_values, 1);
    assert_null(lesson->stops[0].draws->size);
}

static const struct wrong {
    const char *name, *draws;
    const char *says;
} wrong[] = {
    {"no seeds", "{size: d_k, values: [2]}", "draws needs 'seeds'"},
    {"one seed", "{seeds: 1}", "seeds must be a whole number from 2 to 200"},
    {"a size without values", "{seeds: 9, size: d_k}", "'size' and 'values' go together"},
    {"a size that is none", "{seeds: 9, size: n, values: [2]}", "'n' is no size of what is drawn"},
    {"too many values", "{seeds: 9, size: d_k, values: [1, 2, 3, 4, 5, 6, 7]}", "1 to 6 values can be shown, not 7"},
    {"a scale", "{seeds: 9, scale: roots}", "a scale is 'powers', or it is left out"},
    {"a mark", "{seeds: 9, marks: {best: \"max B[a]\"}}", "no step, symbol, setting or size is called 'B'"},
    {"a mark of a setting", "{seeds: 9, marks: {causal: {mask: caus}}}", "mask"},
    {"an unknown field", "{seeds: 9, sizes: d_k}", "unknown field 'sizes'"},
};

TEST_ROWS(what_is_wrong_with_draws_is_said, wrong, c)
{
    char text[1024];
    snprintf(text, sizeof text, DRAWN "    say: x\n    draws: %s\n", c->draws);
    struct lesson lesson;
    struct qkv_err err = lesson_parse("test", text, strlen(text), NULL, &lesson, NULL);
    if (!err.code)
        lesson_finish(&lesson);
    if (!err.code || !strstr(err.what, c->says))
        fail_msg("\"%s\"; wanted \"%s\"", err.what, c->says);
}

TEST(draws_that_would_take_long_are_refused)
{
    OWN(str) text = {0};
    str_add(&text, "title: t\nsummary: s\nsentence: a");
    for (int i = 0; i < 199; i++)
        str_add(&text, " a");
    str_add(&text, "\nweights: {source: random, seed: 4}\nscript:\n  - at: weights\n    cell: [1, 1]\n    say: x\n"
                   "    draws: {seeds: 200, size: d_k, values: [4, 1024, 1023, 1022, 1021, 1020]}\n");
    assert_refused(str_text(&text), NULL, QKV_ERR_LIMIT, "these draws are too much to compute");
}

TEST(nothing_is_drawn_without_a_seed_that_is_used)
{
    assert_refused("title: t\nsummary: s\nsentence: The cat\nweights: {source: glass, heads: [pronoun]}\n"
                   "script:\n  - {at: weights, cell: [1, 1], say: x, draws: {seeds: 9}}\n",
                   NULL, QKV_ERR_DOMAIN, "nothing is drawn here");
    assert_refused("title: t\nsummary: s\nsentence: a b\nweights: {source: random, seed: 1}\n"
                   "script:\n  - {at: weights, say: x, draws: {seeds: 9}}\n",
                   NULL, QKV_ERR_DOMAIN, "draws need a cell");
}

/* ---- another seed and other sizes ---- */

TEST(only_what_is_drawn_can_have_another_size)
{
    const struct overrides d_k = {.weights = "{source: lesson, d_k: 5}"},
                           heads = {.weights = "{source: lesson, output: false}"};
    struct lesson lesson;
    assert_error(lesson_open("random-features", &(struct lesson_options){.overrides = &d_k}, &lesson, NULL),
                 QKV_ERR_DOMAIN, "d_k is 4 in tensors that this lesson gives: it cannot be 5");
    assert_error(lesson_open("random-features", &(struct lesson_options){.overrides = &heads}, &lesson, NULL),
                 QKV_ERR_DOMAIN, "take another seed and sizes only, not output: false");
}

TEST(seed_and_directions_are_controls)
{
    const struct lesson *lesson = open_by("random-features", NULL);
    struct controls controls;
    controls_of(&controls, lesson, NULL, false);
    int seed = controls_find(&controls, "weights_seed"), features = controls_find(&controls, "features");
    assert_true(seed >= 0 && features >= 0 && controls_find(&controls, "d_k") < 0);
    assert_string_equal(controls.v[seed].now.text, "2");
    assert_string_equal(controls.v[features].now.text, "8");
    OWN(overrides) e = {0};
    assert_ok(control_set(&controls, (size_t)seed, "9", lesson, &e));
    assert_string_equal(e.weights, "{source: lesson, seed: 9}");
    assert_ok(control_set(&controls, (size_t)features, "64", lesson, &e));
    assert_string_equal(e.weights, "{source: lesson, seed: 9, features: 64}");
    assert_ok(control_set(&controls, (size_t)seed, "2", lesson, &e)); /* its own */
    assert_string_equal(e.weights, "{source: lesson, features: 64}");
    assert_ok(control_set(&controls, (size_t)features, NULL, lesson, &e));
    assert_true(overrides_is_empty(&e));
}
