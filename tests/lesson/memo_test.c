/* A lesson that is read with what was computed before is the one that is computed anew. */
#include "support/check.h"
#include "support/sample.h"

#include "lesson/analysis/draws.h"
#include "lesson/memo.h"
#include "lesson/text/builtin.h"

#include <stdio.h>

/* ---- numbers of a seed ---- */

static const struct spread unit = {0, 1};

TEST(the_numbers_of_a_seed_are_the_same_however_they_are_asked_for)
{
    OWN(normals) once = {0};
    OWN(normals) often = {0};
    const double *all = normals_from(&once, 7, unit, 100);
    for (size_t n = 1; n <= 100; n += 9) {
        assert_non_null(normals_from(&often, 8, unit, 50));
        assert_memory_equal(normals_from(&often, 7, unit, n), all, n * sizeof *all);
    }
    assert_int_equal(once.numbers, 100);
    assert_true(memcmp(normals_from(&often, 8, unit, 100), all, 100 * sizeof *all) != 0);
    const double *wider = normals_from(&often, 7, (struct spread){1, 2}, 100);
    for (size_t i = 0; i < 100; i++)
        assert_close(wider[i], 1 + 2 * all[i], 0.0151);
}

TEST(more_numbers_than_are_kept_are_drawn_again)
{
    enum { HALF = NORMALS_MOST / 2 };
    OWN(normals) normals = {0};
    const double first = normals_from(&normals, 1, unit, HALF)[HALF - 1];
    assert_non_null(normals_from(&normals, 2, unit, HALF));
    assert_int_equal(normals.n, 2);
    assert_non_null(normals_from(&normals, 3, unit, 1));
    assert_int_equal(normals.n, 1);
    assert_true(normals_from(&normals, 1, unit, HALF)[HALF - 1] == first);
}

/* ---- lessons ---- */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static void assert_same_stop(const struct stop *a, const struct stop *b)
{
    for (int columns = 0; columns < 2; columns++)
        assert_true(same_text(a->say[columns], b->say[columns]) && same_text(a->title[columns], b->title[columns]) &&
                    same_text(a->try_this[columns], b->try_this[columns]) &&
                    same_text(a->lost[columns], b->lost[columns]));
    assert_true(a->step == b->step && a->row == b->row && a->col == b->col && a->line == b->line);
    assert_true(!a->draws == !b->draws);
    if (a->draws)
        assert_memory_equal(a->draws->v, b->draws->v, a->draws->n_values * a->draws->n_seeds * sizeof *a->draws->v);
}

static void assert_same_tape(const struct tape *a, const struct tape *b)
{
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        assert_string_equal(a->steps[i].spec.name, b->steps[i].spec.name);
        assert_true(tensor_same_shape(&a->steps[i].value, &b->steps[i].value));
        assert_memory_equal(a->steps[i].value.v, b->steps[i].value.v,
                            tensor_cells(&a->steps[i].value) * sizeof(double));
    }
}

static void assert_same_with(struct memo *memo, const struct lesson_source *source, const struct overrides *overrides)
{
    OWN(lesson) anew = {0};
    OWN(lesson) again = {0};
    assert_ok(lesson_source_parse(source, &(struct lesson_options){.overrides = overrides}, &anew, NULL));
    assert_ok(
        lesson_source_parse(source, &(struct lesson_options){.overrides = overrides, .memo = memo}, &again, NULL));
    assert_same_tape(&anew.tape, &again.tape);
    assert_same_tape(&anew.second.tape, &again.second.tape);
    assert_int_equal(anew.n_stops, again.n_stops);
    for (size_t i = 0; i < anew.n_stops; i++)
        assert_same_stop(&anew.stops[i], &again.stops[i]);
    for (int columns = 0; columns < 2; columns++)
        assert_string_equal(anew.summary[columns], again.summary[columns]);
}

/* Of the first input of these that the lesson has: its first cell. */
static void edit_first(const struct lesson *lesson, double value, struct overrides *overrides)
{
    static const char *const names[] = {"omega", "W_Q", "X"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (tape_find(&lesson->tape, names[i]) >= 0) {
            struct edit edit = {.value = value};
            snprintf(edit.tensor, sizeof edit.tensor, "%s", names[i]);
            assert_ok(overrides_edit(overrides, &edit));
        }
}

/* As it is, with one number changed and then with another; so with another sentence, where it takes one. */
static void check_lesson(struct memo *memo, const char *name)
{
    static const char *const sentences[] = {NULL, "The dog barked because it was hungry"};
    const struct lesson_source *source;
    assert_ok(lesson_source_read(name, &source));
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
        OWN(overrides) overrides = {0};
        OWN(lesson) lesson = {0};
        if (sentences[i])
            assert_ok(overrides_set_sentence(&overrides, sentences[i]));
        struct qkv_err err =
            lesson_source_parse(source, &(struct lesson_options){.overrides = &overrides}, &lesson, NULL);
        for (int edits = 0; !err.code && edits < 3; edits++) {
            if (edits)
                edit_first(&lesson, edits, &overrides);
            assert_same_with(memo, source, &overrides);
        }
    }
    lesson_source_unref(source);
}

TEST(a_lesson_read_with_what_was_computed_before_is_the_one_computed_anew)
{
    static const char *const with_costs_and_draws[] = {"random-features", "linear-attention", "key-value-cache"};
    OWN(memo) memo = {0};
    for (size_t i = 0; i < sizeof with_costs_and_draws / sizeof with_costs_and_draws[0]; i++)
        check_lesson(&memo, with_costs_and_draws[i]);
    for (size_t i = 0; builtin_lessons[i]; i++)
        if (sampled(i, 6))
            check_lesson(&memo, builtin_lessons[i]);
}

TEST(costs_of_other_lengths_are_kept_for_the_overrides_they_are_of)
{
    OWN(memo) memo = {0};
    OWN(overrides) none = {0};
    OWN(overrides) edited = {0};
    OWN(overrides) set = {0};
    const struct lesson_source *source, *other;
    double cost = 0;
    assert_ok(lesson_source_read("one-head", &source));
    assert_ok(lesson_source_read("several-heads", &other));
    assert_ok(overrides_edit(&edited, &(struct edit){.tensor = "X", .value = 1}));
    assert_ok(overrides_set(&set, "mask", "causal"));
    memo_begin(&memo, source, &none);
    memo_keep_cost(&memo, "operations at 60", 6000);
    memo_begin(&memo, source, &edited);
    assert_true(memo_find_cost(&memo, "operations at 60", &cost) && cost == 6000);
    assert_false(memo_find_cost(&memo, "operations at 30", &cost));
    memo_begin(&memo, source, &set);
    assert_false(memo_find_cost(&memo, "operations at 60", &cost));
    memo_keep_cost(&memo, "operations at 60", 7000);
    memo_begin(&memo, other, &set);
    assert_false(memo_find_cost(&memo, "operations at 60", &cost));
    lesson_source_unref(source);
    lesson_source_unref(other);
}
