/* properties_test.c: what is true of single mechanisms, and says what they are for. */
#include "support/check.h"

#include "core/record_run.h"

#include <stdio.h>

TEST(linear_attention_gives_the_same_by_state_as_by_pairs)
{
    const char *maps[] = {"feature_map=elu1", "feature_map=relu", "feature_map=favor"};
    const char *shapes[] = {"WORDS omega 7 3,", "MEMORY omega 7 3,"};
    for (int i = 0; i < 12; i++) {
        OWN(named_tensors) in = run_tensors(shapes[i % 2]);
        char settings[2][100];
        for (int k = 0; k < 2; k++)
            snprintf(settings[k], sizeof settings[k], "heads=2 %s causal=%s order=%s", maps[i / 2 % 3],
                     i / 6 ? "true" : "false", k ? "pairs" : "state");
        OWN(tape) by_state = run_mechanism("linear_attention", settings[0], &in);
        OWN(tape) by_pairs = run_mechanism("linear_attention", settings[1], &in);
        const char *names[] = {"Z", "numerators", "heads", "output"};
        for (int k = 0; k < 4; k++)
            assert_true(step_difference(&by_state, &by_pairs, names[k]) <= 1e-12);
    }
}

TEST(the_last_state_is_the_state_of_all_words)
{
    OWN(named_tensors) in = run_tensors("WORDS");
    OWN(tape) whole = run_mechanism("linear_attention", "heads=2", &in);
    OWN(tape) running = run_mechanism("linear_attention", "heads=2 causal=true", &in);
    assert_true(largest_difference(value_of(&whole, "KV"), value_of(&running, "state_5")) <= 1e-12);
    /* Every state has the size of the last, however many words it holds. */
    for (size_t t = 1; t <= 5; t++) {
        char name[16];
        snprintf(name, sizeof name, "state_%zu", t);
        assert_int_equal(tensor_cells(value_of(&running, name)), tensor_cells(value_of(&whole, "KV")));
    }
}

TEST(features_that_are_all_zero_give_zeros_not_nan)
{
    const char *settings[] = {"heads=2 feature_map=relu", "heads=2 feature_map=relu causal=true",
                              "heads=2 feature_map=relu eps=0",
                              "heads=2 feature_map=relu eps=0 causal=true order=pairs"};
    for (int i = 0; i < 4; i++) {
        OWN(named_tensors) in = run_tensors("WORDS b_Q 1 6,");
        run_fill(&in, "W_Q", 0);
        run_fill(&in, "b_Q", -1);
        OWN(tape) tape = run_mechanism("linear_attention", settings[i], &in);
        for (size_t k = 0; k < tensor_cells(value_of(&tape, "heads")); k++)
            assert_true(value_of(&tape, "heads")->v[k] == 0);
    }
}

/* The mean over ever more directions of what two rows multiply to is e to the power of their product. */
TEST(random_features_approach_softmax)
{
    enum { FEATURES = 20000 };
    OWN(named_tensors) in = run_tensors("X 5 4,W_Q 4 3,W_K 4 3,W_V 4 2,");
    struct tensor omega;
    assert_ok(tensor_init_sizes(&omega, 1, FEATURES, 3));
    for (size_t i = 0; i < tensor_cells(&omega); i++) /* normally distributed (Box and Muller 1958) */
        omega.v[i] = sqrt(-2 * log(fabs(random_number()) + 1e-12)) * cos(3.141592653589793 * random_number());
    struct tensor *x = run_input(&in, "X");
    for (size_t i = 0; i < tensor_cells(x); i++)
        x->v[i] /= 2; /* far from the mean, few directions decide, and more of them are needed */
    assert_ok(named_tensors_add(&in, "omega", &omega));
    OWN(tape) linear = run_mechanism("linear_attention", "feature_map=favor order=pairs", &in);
    const struct tensor *q = value_of(&linear, "Q"), *k = value_of(&linear, "K"),
                        *s = value_of(&linear, "similarities");
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < 5; j++) {
            double product = 0;
            for (size_t d = 0; d < 3; d++)
                product += *tensor_at(q, 0, i, d) * *tensor_at(k, 0, j, d);
            double want = exp(product / sqrt(3));
            assert_close(*tensor_at(s, 0, i, j), want, 0.08 * want);
        }
}

TEST(a_gate_that_is_shut_leaves_the_words_own_numbers)
{
    OWN(named_tensors) in = run_tensors("X 5 4,W_U 4 6,W_V 4 6,base 1 6,W_O 6 4,");
    run_fill(&in, "X", 1);
    run_fill(&in, "W_U", -20); /* sigmoid(-80) is next to nothing */
    OWN(tape) tape = run_mechanism("gau", "", &in);
    assert_true(largest_difference(value_of(&tape, "mixed"), value_of(&tape, "U")) <= 1e-12);
}

TEST(without_location_the_order_of_queries_does_not_matter)
{
    OWN(named_tensors) in = run_tensors("queries 2 4,memory 5 6,F 2 3,HEARD");
    OWN(tape) located = run_mechanism("location_aware", "", &in);
    run_fill(&in, "U", 0);
    OWN(tape) tape = run_mechanism("location_aware", "", &in);
    struct tensor *queries = run_input(&in, "queries");
    for (size_t c = 0; c < 4; c++) {
        double first = *tensor_at(queries, 0, 0, c);
        *tensor_at(queries, 0, 0, c) = *tensor_at(queries, 0, 1, c);
        *tensor_at(queries, 0, 1, c) = first;
    }
    OWN(tape) swapped = run_mechanism("location_aware", "", &in);
    for (size_t c = 0; c < 6; c++)
        assert_close(*tensor_at(value_of(&tape, "context"), 0, 0, c),
                     *tensor_at(value_of(&swapped, "context"), 0, 1, c), 1e-12);
    assert_true(step_difference(&located, &tape, "weights") > 1e-3);
}

TEST(with_one_word_to_read_all_contexts_are_the_last_state)
{
    OWN(named_tensors) in = run_tensors("X 1 4,Y 3 5,W_A 3 3,W_1 3 2,W_2 3 2,v_A 1 2,READ");
    OWN(tape) last = run_mechanism("seq2seq", "context=last", &in);
    const char *others[] = {"context=dot", "context=general", "context=additive"};
    for (int i = 0; i < 3; i++) {
        OWN(tape) tape = run_mechanism("seq2seq", others[i], &in);
        assert_true(step_difference(&last, &tape, "decoder_states") <= 1e-12);
        assert_true(step_difference(&last, &tape, "context") <= 1e-12);
    }
}

TEST(a_layer_that_finds_nothing_hands_on_what_it_got)
{
    OWN(named_tensors) in = run_tensors("LAYER");
    run_fill(&in, "W_O", 0);
    run_fill(&in, "W_F2", 0);
    run_fill(&in, "b_F2", 0);
    OWN(tape) pre = run_mechanism("block", "heads=2 norm=pre", &in),
              post = run_mechanism("block", "heads=2 norm=post", &in);
    assert_true(largest_difference(value_of(&pre, "output"), run_input(&in, "X")) == 0);
    assert_true(largest_difference(value_of(&post, "residual_1"), run_input(&in, "X")) == 0);
}

TEST(the_attention_of_a_block_is_that_of_attention)
{
    OWN(named_tensors) in = run_tensors("LAYER");
    OWN(tape) block = run_mechanism("block", "heads=2 norm=post mask=causal position=sinusoidal", &in);
    OWN(named_tensors) own = {0};
    const char *names[] = {"X", "W_Q", "W_K", "W_V", "W_O"};
    for (int i = 0; i < 5; i++)
        assert_ok(named_tensors_add(&own, names[i], run_input(&in, names[i])));
    OWN(tape) attention = run_mechanism("attention", "heads=2 mask=causal position=sinusoidal", &own);
    assert_true(step_difference(&block, &attention, "weights") == 0);
    assert_true(largest_difference(value_of(&block, "attention_output"), value_of(&attention, "output")) == 0);
}

TEST(every_standardised_row_has_mean_0_and_spread_1)
{
    OWN(named_tensors) in = run_tensors("LAYER");
    OWN(tape) tape = run_mechanism("block", "heads=2", &in);
    const char *names[] = {"standardised_1", "standardised_2"};
    for (int i = 0; i < 2; i++)
        for (size_t r = 0; r < 5; r++) {
            double sum = 0, squares = 0;
            for (size_t c = 0; c < 4; c++) {
                double x = *tensor_at(value_of(&tape, names[i]), 0, r, c);
                sum += x;
                squares += x * x;
            }
            assert_close(sum, 0, 1e-12);
            assert_close(squares / 4, 1, 1e-3); /* eps is taken into the spread */
        }
}

static const struct {
    const char *mechanism, *settings, *tensors, *words; /* the input whose rows are the words */
    const char *step;
    int axis;
    size_t i;
    const char *label;
} labelled[] = {
    {"linear_attention", "heads=2 causal=true", "WORDS", "X", "heads", AXIS_ROW, 2, "sat"},
    {"linear_attention", "heads=2 causal=true", "WORDS", "X", "Z", AXIS_ROW, 2, "sat"},
    {"linear_attention", "heads=2 causal=true", "WORDS", "X", "numerators", AXIS_ROW, 2, "sat"},
    {"linear_attention", "heads=2 causal=true", "WORDS", "X", "key_sums", AXIS_ROW, 2, "sat"},
    {"linear_attention", "heads=2 causal=true", "WORDS", "X", "output", AXIS_ROW, 2, "sat"},
    {"linear_attention", "heads=2 causal=true", "WORDS", "X", "read_4", AXIS_ROW, 0, "on"},
    {"seq2seq", "context=dot", "X 5 4,Y 5 5,READ", "Y", "weights", AXIS_ROW, 1, "cat"},
    {"seq2seq", "context=dot", "X 5 4,Y 5 5,READ", "Y", "context", AXIS_ROW, 4, "it"},
    {"seq2seq", "context=dot", "X 5 4,Y 5 5,READ", "Y", "decoder_state_2", AXIS_ROW, 0, "cat"},
    {"location_aware", "", "queries 5 4,memory 5 6,F 2 3,HEARD", "queries", "weights_2", AXIS_ROW, 0, "cat"},
    {"location_aware", "", "queries 5 4,memory 5 6,F 2 3,HEARD", "queries", "energies", AXIS_ROW, 3, "on"},
    {"attention", "heads=2 evaluation=tiles mask=causal", "SMALL", "X", "scores_tile_2", AXIS_COL, 0, "sat"},
    {"attention", "heads=2 evaluation=tiles mask=causal", "SMALL", "X", "scores_tile_2", AXIS_ROW, 4, "it"},
    {"attention", "heads=2 evaluation=incremental mask=causal", "SMALL", "X", "scores_token_4", AXIS_ROW, 0, "on"},
    {"attention", "heads=2 evaluation=incremental mask=causal", "SMALL", "X", "scores_token_4", AXIS_COL, 1, "cat"},
    {"attention", "heads=2 evaluation=incremental mask=causal", "SMALL", "X", "output", AXIS_ROW, 4, "it"},
    {"attention", "heads=2 mistake=heads_not_words", "SMALL", "X", "output", AXIS_ROW, 4, "it"},
};

TEST(labels_of_words_reach_what_is_made_of_them)
{
    static const char *const words[5] = {"the", "cat", "sat", "on", "it"};
    for (size_t i = 0; i < sizeof labelled / sizeof labelled[0]; i++) {
        OWN(named_tensors) in = run_tensors(labelled[i].tensors);
        run_input(&in, labelled[i].words)->axis[AXIS_ROW].labels = words;
        OWN(tape) tape = run_mechanism(labelled[i].mechanism, labelled[i].settings, &in);
        const char *label = axis_label(&value_of(&tape, labelled[i].step)->axis[labelled[i].axis], 0, labelled[i].i);
        if (!label || strcmp(label, labelled[i].label) != 0)
            fail_msg("label %zu of %s is %s", labelled[i].i, labelled[i].step, label ? label : "nothing");
    }
}
