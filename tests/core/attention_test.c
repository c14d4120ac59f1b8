/* attention_test.c: what is true of attention for any numbers, and what it says of tensors that do not fit. */
#include "support/check.h"

#include "core/record_run.h"

#include <stdio.h>

enum { N = 5, D_MODEL = 6, HEADS = 2, D_K = 3, D_V = 4, D_OUT = 3 };

/* With two heads. */
static struct tape run(const struct named_tensors *in, const char *text)
{
    char settings[200];
    snprintf(settings, sizeof settings, "heads=2 %s", text);
    return run_mechanism("attention", settings, in);
}

/* The sum of each row, or column, of weights but the last, which a causal mask leaves whole. */
static void check_sums(const struct named_tensors *in, const char *text, bool rows, double least, double most)
{
    OWN(tape) tape = run(in, text);
    const struct tensor *w = value_of(&tape, "weights");
    for (size_t h = 0; h < HEADS; h++)
        for (size_t i = 0; i + (most < 1) < N; i++) {
            double sum = 0;
            for (size_t j = 0; j < N; j++)
                sum += rows ? *tensor_at(w, h, i, j) : *tensor_at(w, h, j, i);
            if (!(sum >= least && sum <= most))
                fail_msg("%s: the sum of %zu is %g", text, i, sum);
        }
}

TEST(every_row_of_weights_sums_to_one_but_by_mistake)
{
    const char *texts[] = {"", "mask=causal", "mask=window:1", "temperature=0.01", "temperature=100", "scale=none"};
    OWN(named_tensors) in = run_tensors("WHOLE");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        check_sums(&in, texts[i], true, 1 - 1e-12, 1 + 1e-12);
    check_sums(&in, "mistake=softmax_over_columns", false, 1 - 1e-12, 1 + 1e-12);
    check_sums(&in, "mistake=mask_after_softmax mask=causal", true, 0, 1 - 1e-6);
}

TEST(scores_in_the_thousands_do_not_overflow)
{
    OWN(named_tensors) in = run_tensors("WHOLE");
    for (size_t i = 0; i < tensor_cells(run_input(&in, "X")); i++)
        run_input(&in, "X")->v[i] *= 1000;
    OWN(tape) tape = run(&in, "scale=none");
    double largest = 0;
    for (size_t i = 0; i < tensor_cells(value_of(&tape, "scores")); i++)
        largest = fmax(largest, fabs(value_of(&tape, "scores")->v[i]));
    assert_true(largest > 100000);
    for (size_t i = 0; i < tensor_cells(value_of(&tape, "output")); i++)
        assert_true(isfinite(value_of(&tape, "output")->v[i]));
}

TEST(a_word_that_may_look_at_nothing_gets_zeros_and_says_so)
{
    OWN(named_tensors) in = run_tensors("WHOLE mask 2*5 5,");
    for (size_t c = 0; c < N; c++)
        *tensor_at(run_input(&in, "mask"), 1, 2, c) = 0;
    OWN(tape) tape = run(&in, "temperature=2");
    const char *zero_steps[] = {"exponentials", "weights"};
    for (size_t i = 0; i < 2; i++)
        for (size_t c = 0; c < N; c++) {
            OWN(explanation) e = {0};
            int step = tape_find(&tape, zero_steps[i]);
            assert_close(*tensor_at(&tape.steps[step].value, 1, 2, c), 0, 0);
            assert_ok(tape_explain(&tape, step, 1, 2, c, &e));
            assert_string_equal(e.term_text, "0");
            assert_int_equal(e.note, i == 0 ? NOTE_ROW_BLOCKED : NOTE_ZERO_SUM);
        }
    assert_close(*tensor_at(value_of(&tape, "tempered"), 1, 2, 0), -INFINITY, 0);
    for (size_t c = 0; c < D_V; c++)
        assert_close(*tensor_at(value_of(&tape, "heads"), 1, 2, c), 0, 0);
}

TEST(permuting_the_words_permutes_the_output)
{
    const size_t from[N] = {3, 0, 4, 1, 2};
    OWN(named_tensors) in = run_tensors("WHOLE"), moved = copy_tensors(&in);
    for (size_t r = 0; r < N; r++)
        for (size_t c = 0; c < D_MODEL; c++)
            *tensor_at(run_input(&moved, "X"), 0, r, c) = *tensor_at(run_input(&in, "X"), 0, from[r], c);
    OWN(tape) tape = run(&in, ""), other = run(&moved, "");
    for (size_t r = 0; r < N; r++)
        for (size_t c = 0; c < D_OUT; c++)
            assert_close(*tensor_at(value_of(&other, "output"), 0, r, c),
                         *tensor_at(value_of(&tape, "output"), 0, from[r], c), 1e-12);
}

TEST(the_same_constant_on_every_key_changes_no_weight)
{
    /* q . (k + b) = q . k + q . b: the same for the whole row, and softmax does not see it. */
    OWN(named_tensors) in = run_tensors("WHOLE");
    OWN(tape) without = run(&in, "");
    run_add(&in, "b_K 1 6,");
    OWN(tape) with = run(&in, "");
    assert_true(step_difference(&with, &without, "weights") <= 1e-12);
}

TEST(masks_are_joined_by_a_step_that_can_be_seen)
{
    OWN(named_tensors) in = run_tensors("WHOLE mask 5 5,");
    *tensor_at(run_input(&in, "mask"), 0, 4, 0) = 0;
    OWN(tape) tape = run(&in, "mask=causal");
    for (size_t r = 0; r < N; r++)
        for (size_t c = 0; c < N; c++)
            assert_close(*tensor_at(value_of(&tape, "keep"), 0, r, c), c <= r && !(r == 4 && c == 0), 0);
}

/* Steps in order, for each way of setting it up. */
static const struct walk {
    const char *settings, *extra; /* an input besides X, W_Q, W_K, W_V, W_O and b_Q */
    const char *steps;
} walks[] = {
    {"", "",
     "X W_Q b_Q Q_projected Q W_K K W_V V Q_heads K_heads V_heads scores scaled row_max exponentials row_sums weights "
     "heads concat W_O output "},
    {"heads=1 scale=none", "",
     "X W_Q b_Q Q_projected Q W_K K W_V V scores row_max exponentials row_sums weights heads concat W_O output "},
    {"heads=1 temperature=2 mask=causal", "b_O 1 3,",
     "X W_Q b_Q Q_projected Q W_K K W_V V scores scaled causal_mask masked tempered row_max exponentials row_sums "
     "weights "
     "heads concat W_O output_projected b_O output "},
    {"heads=1 mask=window:1", "mask 5 5,",
     "X W_Q b_Q Q_projected Q W_K K W_V V scores scaled mask window_mask keep masked row_max exponentials row_sums "
     "weights heads concat W_O output "},
};

TEST_ROWS_BY(the_steps_come_in_the_order_of_the_stages, walks, c, settings)
{
    OWN(named_tensors) in = run_tensors("WHOLE");
    run_add(&in, c->extra);
    OWN(tape) tape = run(&in, c->settings);
    char names[600] = "";
    enum stage stage = STAGE_INPUT;
    for (size_t k = 0; k < tape.n; k++) {
        const struct step_spec *spec = &tape.steps[k].spec;
        strncat(names, spec->name, sizeof names - strlen(names) - 1);
        strncat(names, " ", sizeof names - strlen(names) - 1);
        if (spec->stage != STAGE_INPUT) {
            assert_true(spec->stage >= stage);
            stage = spec->stage;
        }
    }
    assert_string_equal(names, c->steps);
}

TEST(rows_and_columns_of_scores_carry_the_words)
{
    static const char *const words[N] = {"the", "cat", "sat", "on", "it"};
    static const char *const asked[HEADS * D_K] = {"noun", "verb", "near", "animate", "plural", "far"};
    OWN(named_tensors) in = run_tensors("WHOLE");
    run_input(&in, "X")->axis[AXIS_ROW].labels = words;
    run_input(&in, "W_Q")->axis[AXIS_COL].labels = asked;
    OWN(tape) tape = run(&in, "mask=causal");
    const char *pairs[] = {"scores", "masked", "weights", "causal_mask"};
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(axis_label(&value_of(&tape, pairs[i])->axis[AXIS_ROW], 0, 4), "it");
        assert_string_equal(axis_label(&value_of(&tape, pairs[i])->axis[AXIS_COL], 0, 1), "cat");
        assert_string_equal(value_of(&tape, pairs[i])->axis[AXIS_COL].name, "words");
    }
    assert_string_equal(axis_label(&value_of(&tape, "Q_heads")->axis[AXIS_COL], 1, 2), "far");
    assert_string_equal(value_of(&tape, "Q")->axis[AXIS_COL].name, "heads*d_k");
    assert_string_equal(value_of(&tape, "heads")->axis[AXIS_COL].name, "d_v");
    assert_string_equal(value_of(&tape, "concat")->axis[AXIS_COL].name, "heads*d_v");
}

TEST(what_is_no_mask_is_named)
{
    OWN(named_tensors) in = run_tensors("WHOLE mask 5 5,");
    OWN(tape) tape = {0};
    *tensor_at(run_input(&in, "mask"), 0, 2, 3) = -1e9;
    assert_error(run_try("attention", "heads=2", &in, &tape), QKV_ERR_DOMAIN,
                 "mask: its cell [0, 2, 3] is -1e+09; wanted 1 (keep) or 0 (block)");
}

TEST(a_mask_tensor_that_blocks_what_lies_ahead_is_causal_enough_for_a_cache)
{
    OWN(named_tensors) in = run_tensors("SMALL mask 2*5 5,");
    struct tensor *mask = run_input(&in, "mask");
    for (size_t h = 0; h < 2; h++)
        for (size_t i = 0; i < N; i++)
            for (size_t j = i + 1; j < N; j++)
                *tensor_at(mask, h, i, j) = 0;
    *tensor_at(mask, 1, 3, 1) = 0;
    OWN(tape) whole = run(&in, ""), cached = run(&in, "evaluation=incremental"), refused = {0};
    assert_true(step_difference(&cached, &whole, "output") <= 1e-12);
    *tensor_at(mask, 1, 0, 4) = 1;
    assert_error(run_try("attention", "heads=2 evaluation=incremental", &in, &refused), QKV_ERR_DOMAIN,
                 "evaluation=incremental needs mask=causal");
}

TEST(a_random_mask_opens_as_many_cells_in_each_row_as_it_says)
{
    OWN(named_tensors) in = run_tensors("SMALL");
    OWN(tape) tape = run(&in, "mask=random:3:11"), again = run(&in, "mask=random:3:11");
    OWN(tape) other = run(&in, "mask=random:3:12");
    const struct tensor *mask = value_of(&tape, "random_mask");
    for (size_t r = 0; r < N; r++) {
        double open = 0;
        for (size_t c = 0; c < N; c++)
            open += *tensor_at(mask, 0, r, c);
        assert_close(open, 3, 0);
    }
    size_t bytes = tensor_cells(mask) * sizeof *mask->v;
    assert_memory_equal(mask->v, value_of(&again, "random_mask")->v, bytes);
    assert_memory_not_equal(mask->v, value_of(&other, "random_mask")->v, bytes);
}

TEST(the_bigbird_union_is_shown_mask_by_mask)
{
    OWN(named_tensors) in = run_tensors("SMALL mask 2*5 5,");
    *tensor_at(run_input(&in, "mask"), 1, 3, 2) = 0;
    OWN(tape) tape = run(&in, "mask=causal,window:1,global:1,random:1:3");
    const struct tensor *keep = value_of(&tape, "keep"), *given = value_of(&tape, "mask");
    for (size_t h = 0; h < 2; h++)
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < N; j++) {
                bool open = i < 1 || j < 1 || i - j + 1 <= 2 || *tensor_at(value_of(&tape, "random_mask"), 0, i, j);
                assert_close(*tensor_at(keep, h, i, j), open && j <= i && *tensor_at(given, h, i, j) != 0, 0);
            }
    const char *shown[] = {"window_mask", "global_mask", "near_mask", "pattern_mask", "causal_mask"};
    for (size_t i = 0; i < 5; i++)
        value_of(&tape, shown[i]);
}

TEST(dropout_drops_about_its_share_and_makes_up_for_it)
{
    OWN(named_tensors) in = run_tensors("SMALL X 40 4,");
    OWN(tape) tape = run(&in, "dropout=0.25 seed=5");
    const struct tensor *mask = value_of(&tape, "dropout_mask");
    double dropped = 0;
    for (size_t i = 0; i < tensor_cells(mask); i++) {
        dropped += mask->v[i] == 0;
        assert_true(mask->v[i] == 0 || mask->v[i] == 1 / 0.75);
    }
    assert_close(dropped / (double)tensor_cells(mask), 0.25, 0.03);
}

/* ---- the gallery of mistakes: each one's symptom, by the test that catches it ---- */

/* Which rows of the output move ('1') when the named input is changed in one row (or everywhere: row = -1). */
static void moved_rows(const char *text, const char *name, int row, char moved[])
{
    OWN(named_tensors) in = run_tensors("SMALL");
    OWN(tape) before = run(&in, text), after = {0};
    struct tensor *x = run_input(&in, name);
    for (size_t i = 0; i < tensor_cells(x); i++)
        if (row < 0 || i / x->axis[AXIS_COL].size == (size_t)row)
            x->v[i] += 0.5;
    after = run(&in, text);
    const struct tensor *a = value_of(&before, "output"), *b = value_of(&after, "output");
    for (size_t r = 0; r < N; r++) {
        size_t cols = a->axis[AXIS_COL].size;
        moved[r] = memcmp(tensor_at(a, 0, r, 0), tensor_at(b, 0, r, 0), cols * sizeof *a->v) != 0 ? '1' : '0';
    }
}

static const struct {
    const char *settings, *changed;
    int row; /* -1: all */
    const char *moved;
} mistakes[] = {{"mistake=heads_not_words", "X", 3, "00010"}, /* its own row alone */
                {"mistake=none", "X", 3, "11111"},
                {"mistake=keys_as_values", "W_V", -1, "00000"},
                {"mistake=none", "W_V", -1, "11111"}};

TEST_ROWS_BY(a_mistake_shows_in_the_rows_that_a_changed_input_moves, mistakes, c, settings)
{
    char moved[N + 1] = "";
    moved_rows(c->settings, c->changed, c->row, moved);
    assert_string_equal(moved, c->moved);
}

TEST(concat_without_transpose_mixes_words_and_heads)
{
    OWN(named_tensors) in = run_tensors("SMALL");
    OWN(tape) tape = run(&in, "mistake=concat_without_transpose");
    const struct tensor *heads = value_of(&tape, "heads"), *concat = value_of(&tape, "concat");
    assert_int_equal(concat->axis[AXIS_ROW].size, N);
    assert_memory_equal(heads->v, concat->v, tensor_cells(heads) * sizeof *heads->v);
}
