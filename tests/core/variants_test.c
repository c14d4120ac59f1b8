/* variants_test.c: what each variant of attention says, shows and refuses. */
#include "support/check.h"

#include "core/sentence.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const variants[] = {
    "scale=none",
    "score=general",
    "score=additive",
    "score=additive activation=none",
    "position=sinusoidal",
    "position=rope mask=causal",
    "bias=relative",
    "bias=relative_keys",
    "bias=alibi mask=window:1",
    "mask=causal,window:1,global:1,random:1:3",
    "normaliser=hard",
    "normaliser=sparsemax mask=causal",
    "router=true",
    "low_rank=true",
    "dropout=0.3 seed=4",
    "evaluation=query_chunks bias=relative_keys",
    "evaluation=tiles mask=causal bias=alibi position=rope",
    "evaluation=tiles chunk=1 dropout=0.3 score=additive router=true",
    "evaluation=incremental mask=causal,window:2 bias=relative",
    "mistake=softmax_over_columns",
    "mistake=mask_after_softmax mask=causal",
    "mistake=keys_as_values",
    "mistake=concat_without_transpose",
    "mistake=heads_not_words",
};
enum { N_VARIANTS = sizeof variants / sizeof variants[0] };

/* d_v = d_k, so that keys can be taken for values. */
static const struct sizes small = {.n = 5, .d_model = 4, .d_memory = 4, .heads = 2, .kv_heads = 2, .d_k = 4, .d_v = 4};

static void check_words(const char *text, const struct mechanism *m, const struct tape *tape, int i)
{
    const struct step_spec *spec = &tape->steps[i].spec;
    bool listed = spec->stage == STAGE_INPUT;
    for (size_t k = 0; k < m->n_stages; k++)
        listed = listed || m->stages[k] == spec->stage;
    if (!listed)
        fail_msg("%s: the stage of %s is not in the table", text, spec->name);
    if (!spec->symbol)
        fail_msg("%s: %s lacks a symbol", text, spec->name);
    if (strchr(spec->symbol, '_') != strrchr(spec->symbol, '_'))
        fail_msg("%s: the symbol %s has two subscripts", text, spec->symbol);
    for (int a = 0; a < AXES; a++)
        assert_non_null(tape->steps[i].value.axis[a].name);
}

static void check_cells(const char *text, const struct tape *tape, int step)
{
    const struct tensor *t = &tape->steps[step].value;
    struct op_call call = tape_call(tape, step);
    for (size_t i = 0; i < tensor_cells(t); i++) {
        size_t rows = t->axis[1].size, cols = t->axis[2].size;
        struct explanation e = {0};
        assert_ok(tape_explain(tape, step, i / cols / rows, i / cols % rows, i % cols, &e));
        if (explanation_value(&e, call.in, -1) != t->v[i])
            fail_msg("%s: %s, cell %zu: %s gives %.17g, the cell is %.17g", text, tape->steps[step].spec.name, i,
                     e.term_text, explanation_value(&e, call.in, -1), t->v[i]);
        explanation_finish(&e);
    }
}

static void every_step_of_every_variant_has_its_words_and_its_arithmetic(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_VARIANTS; i++) {
        struct named_tensors in;
        struct tape tape;
        sentence_inputs(&small, false, &in);
        sentence_run(&small, &in, variants[i], &tape);
        for (int step = 0; step < (int)tape.n; step++) {
            check_words(variants[i], mechanism_find("attention"), &tape, step);
            check_cells(variants[i], &tape, step);
        }
        tape_finish(&tape);
        named_tensors_finish(&in);
    }
}

static void each_mistake_marks_the_step_that_goes_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_VARIANTS; i++) {
        struct named_tensors in;
        struct tape tape;
        int told = 0;
        sentence_inputs(&small, false, &in);
        sentence_run(&small, &in, variants[i], &tape);
        for (size_t k = 0; k < tape.n; k++)
            told += tape.steps[k].spec.mistake;
        if (strstr(variants[i], "mistake=") ? told < 1 : told > 0)
            fail_msg("%s: %d steps tell of a mistake", variants[i], told);
        tape_finish(&tape);
        named_tensors_finish(&in);
    }
}

static double loss(const struct named_tensors *in, const char *text, const struct tensor *weights)
{
    struct tape tape;
    double sum = 0;
    sentence_run(&small, in, text, &tape);
    for (size_t i = 0; i < tensor_cells(weights); i++)
        sum += weights->v[i] * sentence_value(&tape, "output")->v[i];
    tape_finish(&tape);
    return sum;
}

/* Two cells of each input: all of them would take too long. */
static void check_gradient(const char *text, struct named_tensors *in, const char *name, const struct tensor *grad,
                           const struct tensor *seed)
{
    struct tensor *x = sentence_input(in, name);
    const double step = 1e-5;
    for (int k = 0; k < 2; k++) {
        size_t i = (size_t)((sentence_number() + 1) / 2 * (double)tensor_cells(x));
        double kept = x->v[i];
        x->v[i] = kept + step;
        double above = loss(in, text, seed);
        x->v[i] = kept - step;
        double slope = (above - loss(in, text, seed)) / (2 * step);
        x->v[i] = kept;
        if (!(fabs(grad->v[i] - slope) <= 1e-7 * (1 + fabs(slope))))
            fail_msg("%s: d_%s, cell %zu: backward gives %.12g, finite differences %.12g", text, name, i, grad->v[i],
                     slope);
    }
}

static void gradients_of_every_variant_agree_with_finite_differences(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_VARIANTS; i++) {
        struct named_tensors in, seeds = {0}, grads = {0};
        struct tape tape;
        struct tensor seed, kept;
        sentence_inputs(&small, false, &in);
        sentence_run(&small, &in, variants[i], &tape);
        assert_ok(tensor_copy(&seed, sentence_value(&tape, "output")));
        for (size_t k = 0; k < tensor_cells(&seed); k++)
            seed.v[k] = sentence_number();
        assert_ok(tensor_copy(&kept, &seed));
        assert_ok(named_tensors_add(&seeds, "output", &seed));
        assert_ok(tape_backward(&tape, &seeds, &grads));
        for (size_t k = 0; k < in.n; k++) {
            char name[80];
            snprintf(name, sizeof name, "d_%s", in.v[k].name);
            const struct tensor *grad = named_tensors_find(&grads, name);
            if (grad)
                check_gradient(variants[i], &in, in.v[k].name, grad, &kept);
        }
        tape_finish(&tape);
        tensor_finish(&kept);
        named_tensors_finish(&in);
        named_tensors_finish(&seeds);
        named_tensors_finish(&grads);
    }
}

/* Settings that cannot be, or a tensor that is missing, and what is said of them. */
static const struct refusal {
    const char *settings, *without; /* an input to leave out */
    bool memory, mask;
    const char *message;
} refusals[] = {
    {"heads=4 kv_heads=3", NULL, false, false, "kv_heads=3 does not divide heads=4"},
    {"heads=2 kv_heads=4", NULL, false, false, "kv_heads=4 must not be more than heads=2"},
    {"score=additive scale=2", NULL, false, false, "scale=2 does not go with score=additive"},
    {"score=general", "W_A", false, false, "W_A: missing; score=general needs it, [d_k, d_k]"},
    {"score=additive", "v_A", false, false, "v_A: missing; score=additive needs it, [d_a]"},
    {"bias=relative", "relative_bias", false, false, "relative_bias: missing; bias=relative needs it, [heads, 2R+1]"},
    {"bias=relative_keys", "relative_keys", false, false, "relative_keys: missing; bias=relative_keys needs it"},
    {"router=true", "W_R", false, false, "W_R: missing; router=true needs it, [d_model, heads]"},
    {"low_rank=true", "F", false, false, "F: missing; low_rank=true needs it, [k, m]"},
    {"low_rank=true mask=causal", NULL, false, false, "low_rank=true does not go with mask=causal"},
    {"low_rank=true bias=alibi", NULL, false, false, "low_rank=true does not go with bias=alibi"},
    {"low_rank=true", NULL, false, true, "mask: low_rank=true leaves no word to block"},
    {"evaluation=incremental", NULL, false, false, "evaluation=incremental needs mask=causal"},
    {"evaluation=incremental mask=window:2", NULL, false, false, "evaluation=incremental needs mask=causal"},
    {"evaluation=incremental mask=causal", NULL, true, false, "evaluation=incremental does not go with memory"},
    {"evaluation=tiles normaliser=hard", NULL, false, false, "evaluation=tiles does not go with normaliser=hard"},
    {"mistake=keys_as_values evaluation=tiles", NULL, false, false, "a mistake is shown with evaluation=full"},
    {"mistake=mask_after_softmax", NULL, false, false, "mistake=mask_after_softmax needs a mask"},
    {"mistake=heads_not_words mask=causal", NULL, false, false, "does not go with mask=causal"},
    {"mistake=heads_not_words", NULL, true, false, "needs memory as long as X"},
    {"mistake=heads_not_words kv_heads=1", NULL, false, false, "needs as many kv_heads as heads"},
};

static void what_contradicts_itself_is_refused_with_the_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        struct sizes s = small;
        s.m = refusals[i].memory ? 3 : 0;
        struct named_tensors in;
        struct tape tape = {0};
        sentence_inputs(&s, refusals[i].mask, &in);
        if (refusals[i].without)
            tensor_finish(sentence_input(&in, refusals[i].without));
        struct settings settings = sentence_settings(&s, refusals[i].settings);
        assert_error(mechanism_record(mechanism_find("attention"), &settings, &in, &tape), QKV_ERR_DOMAIN,
                     refusals[i].message);
        assert_null(tape.steps);
        assert_null(tape.texts);
        named_tensors_finish(&in);
    }
}

static void a_mask_tensor_that_blocks_what_lies_ahead_is_causal_enough_for_a_cache(void **state)
{
    (void)state;
    struct named_tensors in;
    struct tape whole, cached = {0};
    sentence_inputs(&small, true, &in);
    struct tensor *mask = sentence_input(&in, "mask");
    for (size_t h = 0; h < small.heads; h++)
        for (size_t i = 0; i < small.n; i++)
            for (size_t j = i + 1; j < small.n; j++)
                *tensor_at(mask, h, i, j) = 0;
    sentence_run(&small, &in, "", &whole);
    sentence_run(&small, &in, "evaluation=incremental", &cached);
    const struct tensor *want = sentence_value(&whole, "output"), *got = sentence_value(&cached, "output");
    for (size_t i = 0; i < tensor_cells(want); i++)
        assert_close(got->v[i], want->v[i], 1e-12);
    tape_finish(&whole);
    tape_finish(&cached);
    *tensor_at(mask, 1, 0, 4) = 1;
    struct settings settings = sentence_settings(&small, "evaluation=incremental");
    assert_error(mechanism_record(mechanism_find("attention"), &settings, &in, &cached), QKV_ERR_DOMAIN,
                 "evaluation=incremental needs mask=causal");
    named_tensors_finish(&in);
}

static const struct misfit {
    const char *settings, *name;
    size_t size[2];
    const char *message;
} misfits[] = {
    {"score=general", "W_A", {3, 4}, "W_A: its 3 rows must match the 4 numbers of a query or key of one head (d_k)"},
    {"score=general", "W_A", {4, 3}, "W_A: its 3 columns must match the 4 numbers"},
    {"score=additive", "W_2", {4, 5}, "W_2: its 5 columns must match the 3 columns of W_1 (d_a)"},
    {"score=additive", "v_A", {1, 4}, "v_A: its shape [1, 1, 4] must be [3]"},
    {"bias=relative", "relative_bias", {3, 5}, "relative_bias: its 3 rows must match the 2 heads"},
    {"bias=relative", "relative_bias", {2, 4}, "relative_bias: its 4 columns must be 2R+1"},
    {"bias=relative_keys", "relative_keys", {4, 4}, "relative_keys: its 4 rows must be 2R+1"},
    {"bias=relative_keys", "relative_keys", {5, 3}, "relative_keys: its 3 columns must match the 4"},
    {"router=true", "W_R", {4, 3}, "W_R: its 3 columns must match the 2 heads"},
    {"router=true", "W_R", {3, 2}, "W_R: its 3 rows must match the 4 columns of X (d_model)"},
    {"router=true", "b_R", {1, 3}, "b_R: its shape [1, 1, 3] must be [2]"},
    {"low_rank=true", "E", {3, 4}, "E: its 4 columns must match the 5 words looked at (m)"},
    {"low_rank=true", "F", {2, 5}, "F: its 2 rows must match the 3 rows of E"},
    {"position=rope", "W_Q", {4, 6}, "W_K: its 8 columns must be"},
};

static void a_tensor_of_a_variant_that_does_not_fit_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof misfits / sizeof misfits[0]; i++) {
        struct named_tensors in;
        struct tape tape = {0};
        sentence_inputs(&small, false, &in);
        struct tensor *t = sentence_input(&in, misfits[i].name);
        tensor_finish(t);
        assert_ok(tensor_init_sizes(t, 1, misfits[i].size[0], misfits[i].size[1]));
        struct settings settings = sentence_settings(&small, misfits[i].settings);
        assert_error(mechanism_record(mechanism_find("attention"), &settings, &in, &tape), QKV_ERR_SHAPE,
                     misfits[i].message);
        named_tensors_finish(&in);
    }
}

static void rope_needs_pairs(void **state)
{
    (void)state;
    struct sizes odd = small;
    odd.d_k = 3;
    struct named_tensors in;
    struct tape tape = {0};
    sentence_inputs(&odd, false, &in);
    struct settings settings = sentence_settings(&odd, "position=rope");
    assert_error(mechanism_record(mechanism_find("attention"), &settings, &in, &tape), QKV_ERR_SHAPE,
                 "position=rope turns pairs of numbers: d_k=3 must be even");
    named_tensors_finish(&in);
}

/* ---- chance ---- */

static void a_random_mask_opens_as_many_cells_in_each_row_as_it_says(void **state)
{
    (void)state;
    struct named_tensors in;
    struct tape tape, again, other;
    sentence_inputs(&small, false, &in);
    sentence_run(&small, &in, "mask=random:3:11", &tape);
    sentence_run(&small, &in, "mask=random:3:11", &again);
    sentence_run(&small, &in, "mask=random:3:12", &other);
    const struct tensor *mask = sentence_value(&tape, "random_mask");
    for (size_t r = 0; r < small.n; r++) {
        double open = 0;
        for (size_t c = 0; c < small.n; c++)
            open += *tensor_at(mask, 0, r, c);
        assert_close(open, 3, 0);
    }
    size_t bytes = tensor_cells(mask) * sizeof *mask->v;
    assert_memory_equal(mask->v, sentence_value(&again, "random_mask")->v, bytes);
    assert_memory_not_equal(mask->v, sentence_value(&other, "random_mask")->v, bytes);
    tape_finish(&tape);
    tape_finish(&again);
    tape_finish(&other);
    named_tensors_finish(&in);
}

static void the_bigbird_union_is_shown_mask_by_mask(void **state)
{
    (void)state;
    struct named_tensors in;
    struct tape tape;
    sentence_inputs(&small, true, &in);
    sentence_run(&small, &in, "mask=causal,window:1,global:1,random:1:3", &tape);
    const struct tensor *keep = sentence_value(&tape, "keep"), *given = sentence_value(&tape, "mask");
    for (size_t h = 0; h < small.heads; h++)
        for (size_t i = 0; i < small.n; i++)
            for (size_t j = 0; j < small.n; j++) {
                bool open =
                    i < 1 || j < 1 || i - j + 1 <= 2 || *tensor_at(sentence_value(&tape, "random_mask"), 0, i, j);
                assert_close(*tensor_at(keep, h, i, j), open && j <= i && *tensor_at(given, h, i, j) != 0, 0);
            }
    sentence_value(&tape, "window_mask");
    sentence_value(&tape, "global_mask");
    sentence_value(&tape, "near_mask");
    sentence_value(&tape, "pattern_mask");
    sentence_value(&tape, "causal_mask");
    tape_finish(&tape);
    named_tensors_finish(&in);
}

static void dropout_drops_about_its_share_and_makes_up_for_it(void **state)
{
    (void)state;
    struct sizes s = small;
    s.n = 40;
    struct named_tensors in;
    struct tape tape;
    sentence_inputs(&s, false, &in);
    sentence_run(&s, &in, "dropout=0.25 seed=5", &tape);
    const struct tensor *mask = sentence_value(&tape, "dropout_mask");
    double dropped = 0;
    for (size_t i = 0; i < tensor_cells(mask); i++) {
        dropped += mask->v[i] == 0;
        assert_true(mask->v[i] == 0 || mask->v[i] == 1 / 0.75);
    }
    assert_close(dropped / (double)tensor_cells(mask), 0.25, 0.03);
    tape_finish(&tape);
    named_tensors_finish(&in);
}

/* ---- the words stay with their rows ---- */

static void parts_keep_the_words_of_their_rows(void **state)
{
    (void)state;
    static const char *const words[] = {"the", "cat", "sat", "on", "it"};
    struct named_tensors in;
    struct tape tape;
    sentence_inputs(&small, false, &in);
    sentence_input(&in, "X")->axis[AXIS_ROW].labels = words;
    sentence_run(&small, &in, "evaluation=tiles mask=causal", &tape);
    const struct tensor *scores = sentence_value(&tape, "scores_tile_2");
    assert_string_equal(axis_label(&scores->axis[AXIS_COL], 0, 0), "sat");
    assert_string_equal(axis_label(&scores->axis[AXIS_ROW], 0, 4), "it");
    tape_finish(&tape);
    sentence_run(&small, &in, "evaluation=incremental mask=causal", &tape);
    assert_string_equal(axis_label(&sentence_value(&tape, "scores_token_4")->axis[AXIS_ROW], 0, 0), "on");
    assert_string_equal(axis_label(&sentence_value(&tape, "scores_token_4")->axis[AXIS_COL], 0, 1), "cat");
    assert_string_equal(axis_label(&sentence_value(&tape, "output")->axis[AXIS_ROW], 0, 4), "it");
    tape_finish(&tape);
    sentence_run(&small, &in, "mistake=heads_not_words", &tape);
    assert_string_equal(axis_label(&sentence_value(&tape, "output")->axis[AXIS_ROW], 0, 4), "it");
    tape_finish(&tape);
    named_tensors_finish(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_step_of_every_variant_has_its_words_and_its_arithmetic),
        cmocka_unit_test(each_mistake_marks_the_step_that_goes_wrong),
        cmocka_unit_test(gradients_of_every_variant_agree_with_finite_differences),
        cmocka_unit_test(what_contradicts_itself_is_refused_with_the_reason),
        cmocka_unit_test(a_mask_tensor_that_blocks_what_lies_ahead_is_causal_enough_for_a_cache),
        cmocka_unit_test(a_tensor_of_a_variant_that_does_not_fit_is_named),
        cmocka_unit_test(rope_needs_pairs),
        cmocka_unit_test(a_random_mask_opens_as_many_cells_in_each_row_as_it_says),
        cmocka_unit_test(the_bigbird_union_is_shown_mask_by_mask),
        cmocka_unit_test(dropout_drops_about_its_share_and_makes_up_for_it),
        cmocka_unit_test(parts_keep_the_words_of_their_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
