/* mistakes_test.c: the gallery of mistakes: each one's symptom, by the test that catches it. */
#include "support/check.h"

#include "core/sentence.h"

#include <stdio.h>
#include <stdlib.h>

/* d_v = d_k, so that keys can be taken for values. */
static const struct sizes small = {.n = 5, .d_model = 4, .d_memory = 4, .heads = 2, .kv_heads = 2, .d_k = 4, .d_v = 4};

/* How far the output moves, row by row, when the named input is changed in one row (or everywhere: row = -1). */
static void moved_rows(const char *text, const char *name, int row, bool moved[])
{
    TENSORS in = {0};
    TAPE before = {0}, after = {0};
    sentence_inputs(&small, false, &in);
    sentence_run(&small, &in, text, &before);
    struct tensor *x = run_input(&in, name);
    for (size_t i = 0; i < tensor_cells(x); i++)
        if (row < 0 || i / x->axis[AXIS_COL].size == (size_t)row)
            x->v[i] += 0.5;
    sentence_run(&small, &in, text, &after);
    const struct tensor *a = run_value(&before, "output"), *b = run_value(&after, "output");
    for (size_t r = 0; r < small.n; r++) {
        moved[r] = false;
        for (size_t c = 0; c < a->axis[AXIS_COL].size; c++)
            moved[r] = moved[r] || *tensor_at(a, 0, r, c) != *tensor_at(b, 0, r, c);
    }
}

static void with_heads_not_words_a_changed_word_moves_its_own_row_alone(void **state)
{
    (void)state;
    bool moved[8];
    moved_rows("mistake=heads_not_words", "X", 3, moved);
    for (size_t r = 0; r < small.n; r++)
        assert_int_equal(moved[r], r == 3);
    moved_rows("mistake=none", "X", 3, moved);
    for (size_t r = 0; r < small.n; r++)
        assert_true(moved[r]);
}

static void with_keys_as_values_the_values_do_not_matter(void **state)
{
    (void)state;
    bool moved[8];
    moved_rows("mistake=keys_as_values", "W_V", -1, moved);
    for (size_t r = 0; r < small.n; r++)
        assert_false(moved[r]);
    moved_rows("mistake=none", "W_V", -1, moved);
    for (size_t r = 0; r < small.n; r++)
        assert_true(moved[r]);
}

static void sums_of_the_others(const char *text, bool rows, double least, double most)
{
    TENSORS in = {0};
    TAPE tape = {0};
    sentence_inputs(&small, false, &in);
    sentence_run(&small, &in, text, &tape);
    const struct tensor *w = run_value(&tape, "weights");
    for (size_t h = 0; h < small.heads; h++)
        for (size_t i = 0; i + 1 < small.n; i++) {
            double sum = 0;
            for (size_t j = 0; j < small.n; j++)
                sum += rows ? *tensor_at(w, h, i, j) : *tensor_at(w, h, j, i);
            if (!(sum >= least && sum <= most))
                fail_msg("%s: the sum of %zu is %g", text, i, sum);
        }
}

static void mistaken_weights_sum_to_what_betrays_them(void **state)
{
    (void)state;
    sums_of_the_others("mistake=softmax_over_columns", false, 1 - 1e-12, 1 + 1e-12);
    sums_of_the_others("mistake=mask_after_softmax mask=causal", true, 0, 1 - 1e-6);
    sums_of_the_others("mask=causal", true, 1 - 1e-12, 1 + 1e-12);
}

static void concat_without_transpose_mixes_words_and_heads(void **state)
{
    (void)state;
    TENSORS in = {0};
    TAPE tape = {0};
    sentence_inputs(&small, false, &in);
    sentence_run(&small, &in, "mistake=concat_without_transpose", &tape);
    const struct tensor *heads = run_value(&tape, "heads"), *concat = run_value(&tape, "concat");
    assert_int_equal(concat->axis[AXIS_ROW].size, small.n);
    assert_memory_equal(heads->v, concat->v, tensor_cells(heads) * sizeof *heads->v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_heads_not_words_a_changed_word_moves_its_own_row_alone),
        cmocka_unit_test(with_keys_as_values_the_values_do_not_matter),
        cmocka_unit_test(mistaken_weights_sum_to_what_betrays_them),
        cmocka_unit_test(concat_without_transpose_mixes_words_and_heads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
