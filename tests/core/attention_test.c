/* attention_test.c: what is true of attention for any numbers, and what it says of tensors that do not fit. */
#include "support/check.h"

#include "core/mechanism.h"

#include <stdio.h>
#include <stdlib.h>

enum { N = 5, D_MODEL = 6, HEADS = 2, D_K = 3, D_V = 4, D_OUT = 3 };

static double uniform(void)
{
    static uint64_t state = 1706;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(state >> 11) / 4503599627370496.0 - 1;
}

static void add(struct named_tensors *in, const char *name, size_t heads, size_t rows, size_t cols)
{
    struct tensor t;
    assert_ok(tensor_init_sizes(&t, heads, rows, cols));
    for (size_t i = 0; i < tensor_cells(&t); i++)
        t.v[i] = strcmp(name, "mask") == 0 ? 1 : uniform();
    assert_ok(named_tensors_add(in, name, &t));
}

static struct named_tensors whole_inputs(void)
{
    struct named_tensors in = {0};
    add(&in, "X", 1, N, D_MODEL);
    add(&in, "W_Q", 1, D_MODEL, HEADS * D_K);
    add(&in, "W_K", 1, D_MODEL, HEADS * D_K);
    add(&in, "W_V", 1, D_MODEL, HEADS * D_V);
    add(&in, "W_O", 1, HEADS * D_V, D_OUT);
    add(&in, "b_Q", 1, 1, HEADS * D_K);
    return in;
}

static struct tensor *input(struct named_tensors *in, const char *name)
{
    for (size_t i = 0; i < in->n; i++)
        if (strcmp(in->v[i].name, name) == 0)
            return &in->v[i].tensor;
    fail_msg("no input %s", name);
    return NULL;
}

static struct named_tensors copy_of(const struct named_tensors *in)
{
    struct named_tensors copy = {0};
    for (size_t i = 0; i < in->n; i++) {
        struct tensor t;
        assert_ok(tensor_copy(&t, &in->v[i].tensor));
        assert_ok(named_tensors_add(&copy, in->v[i].name, &t));
    }
    return copy;
}

/* Settings as "KEY=VALUE" separated by blanks, after heads=2. */
static struct settings settings_of(const char *text)
{
    const struct mechanism *m = mechanism_find("attention");
    struct settings s = settings_default(m->settings, m->n_settings);
    char copy[200];
    assert_ok(settings_set(&s, "heads", "2"));
    snprintf(copy, sizeof copy, "%s", text);
    for (char *at = strtok(copy, " "); at; at = strtok(NULL, " ")) {
        char *value = strchr(at, '=');
        *value++ = '\0';
        assert_ok(settings_set(&s, at, value));
    }
    return s;
}

/* Compute from a copy of the inputs. */
static struct tape run(const struct named_tensors *in, const char *text)
{
    struct settings s = settings_of(text);
    struct named_tensors copy = copy_of(in);
    struct tape tape = {0};
    assert_ok(mechanism_record(mechanism_find("attention"), &s, &copy, &tape));
    named_tensors_finish(&copy);
    return tape;
}

static const struct tensor *value(const struct tape *tape, const char *name)
{
    int step = tape_find(tape, name);
    if (step < 0)
        fail_msg("no step %s", name);
    return &tape->steps[step].value;
}

static void every_row_of_weights_sums_to_one(void **state)
{
    (void)state;
    const char *texts[] = {"", "mask=causal", "mask=window:1", "temperature=0.01", "temperature=100", "scale=none"};
    struct named_tensors in = whole_inputs();
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct tape tape = run(&in, texts[i]);
        for (size_t h = 0; h < HEADS; h++)
            for (size_t r = 0; r < N; r++) {
                double sum = 0;
                for (size_t c = 0; c < N; c++)
                    sum += *tensor_at(value(&tape, "weights"), h, r, c);
                assert_close(sum, 1, 1e-12);
            }
        tape_finish(&tape);
    }
    named_tensors_finish(&in);
}

static void scores_in_the_thousands_do_not_overflow(void **state)
{
    (void)state;
    struct named_tensors in = whole_inputs();
    for (size_t i = 0; i < tensor_cells(input(&in, "X")); i++)
        input(&in, "X")->v[i] *= 1000;
    struct tape tape = run(&in, "scale=none");
    double largest = 0;
    for (size_t i = 0; i < tensor_cells(value(&tape, "scores")); i++)
        largest = fmax(largest, fabs(value(&tape, "scores")->v[i]));
    assert_true(largest > 100000);
    for (size_t i = 0; i < tensor_cells(value(&tape, "output")); i++)
        assert_true(isfinite(value(&tape, "output")->v[i]));
    tape_finish(&tape);
    named_tensors_finish(&in);
}

static void a_word_that_may_look_at_nothing_gets_zeros_and_says_so(void **state)
{
    (void)state;
    struct named_tensors in = whole_inputs();
    add(&in, "mask", HEADS, N, N);
    for (size_t c = 0; c < N; c++)
        *tensor_at(input(&in, "mask"), 1, 2, c) = 0;
    struct tape tape = run(&in, "temperature=2");
    const char *zero_steps[] = {"exponentials", "weights"};
    for (size_t i = 0; i < 2; i++)
        for (size_t c = 0; c < N; c++) {
            struct explanation e = {0};
            int step = tape_find(&tape, zero_steps[i]);
            assert_close(*tensor_at(&tape.steps[step].value, 1, 2, c), 0, 0);
            assert_ok(tape_explain(&tape, step, 1, 2, c, &e));
            assert_string_equal(e.term_text, "0");
            assert_true(strlen(e.note) > 0);
            explanation_finish(&e);
        }
    assert_close(*tensor_at(value(&tape, "tempered"), 1, 2, 0), -INFINITY, 0);
    for (size_t c = 0; c < D_V; c++)
        assert_close(*tensor_at(value(&tape, "heads"), 1, 2, c), 0, 0);
    tape_finish(&tape);
    named_tensors_finish(&in);
}

static void permuting_the_words_permutes_the_output(void **state)
{
    (void)state;
    const size_t from[N] = {3, 0, 4, 1, 2};
    struct named_tensors in = whole_inputs(), moved = copy_of(&in);
    for (size_t r = 0; r < N; r++)
        for (size_t c = 0; c < D_MODEL; c++)
            *tensor_at(input(&moved, "X"), 0, r, c) = *tensor_at(input(&in, "X"), 0, from[r], c);
    struct tape tape = run(&in, ""), other = run(&moved, "");
    for (size_t r = 0; r < N; r++)
        for (size_t c = 0; c < D_OUT; c++)
            assert_close(*tensor_at(value(&other, "output"), 0, r, c),
                         *tensor_at(value(&tape, "output"), 0, from[r], c), 1e-12);
    tape_finish(&tape);
    tape_finish(&other);
    named_tensors_finish(&in);
    named_tensors_finish(&moved);
}

static void behind_a_causal_mask_a_later_word_changes_no_earlier_row(void **state)
{
    (void)state;
    struct named_tensors in = whole_inputs();
    struct tape before = run(&in, "mask=causal");
    *tensor_at(input(&in, "X"), 0, 3, 1) += 5;
    struct tape after = run(&in, "mask=causal"), open = run(&in, "");
    bool later_changed = false;
    for (size_t r = 0; r < N; r++)
        for (size_t c = 0; c < D_OUT; c++) {
            double was = *tensor_at(value(&before, "output"), 0, r, c);
            double is = *tensor_at(value(&after, "output"), 0, r, c);
            if (r < 3)
                assert_true(was == is);
            else
                later_changed = later_changed || was != is;
        }
    assert_true(later_changed);
    assert_true(*tensor_at(value(&before, "output"), 0, 0, 0) != *tensor_at(value(&open, "output"), 0, 0, 0));
    tape_finish(&before);
    tape_finish(&after);
    tape_finish(&open);
    named_tensors_finish(&in);
}

static void the_same_constant_on_every_key_changes_no_weight(void **state)
{
    (void)state;
    /* q . (k + b) = q . k + q . b: the same for the whole row, and softmax does not see it. */
    struct named_tensors in = whole_inputs();
    struct tape without = run(&in, "");
    add(&in, "b_K", 1, 1, HEADS * D_K);
    struct tape with = run(&in, "");
    for (size_t i = 0; i < tensor_cells(value(&with, "weights")); i++)
        assert_close(value(&with, "weights")->v[i], value(&without, "weights")->v[i], 1e-12);
    tape_finish(&with);
    tape_finish(&without);
    named_tensors_finish(&in);
}

static void masks_are_joined_by_a_step_that_can_be_seen(void **state)
{
    (void)state;
    struct named_tensors in = whole_inputs();
    add(&in, "mask", 1, N, N);
    *tensor_at(input(&in, "mask"), 0, 4, 0) = 0;
    struct tape tape = run(&in, "mask=causal");
    for (size_t r = 0; r < N; r++)
        for (size_t c = 0; c < N; c++)
            assert_close(*tensor_at(value(&tape, "keep"), 0, r, c), c <= r && !(r == 4 && c == 0), 0);
    tape_finish(&tape);
    named_tensors_finish(&in);
}

/* Steps in order, for each way of setting it up. */
static const struct walk {
    const char *settings, *extra; /* an input besides X, W_Q, W_K, W_V, W_O and b_Q */
    const char *steps;
} walks[] = {
    {"", NULL,
     "X W_Q b_Q Q_projected Q W_K K W_V V Q_heads K_heads V_heads scores scaled row_max exponentials row_sums weights "
     "heads concat W_O output "},
    {"heads=1 scale=none", NULL,
     "X W_Q b_Q Q_projected Q W_K K W_V V scores row_max exponentials row_sums weights heads concat W_O output "},
    {"heads=1 temperature=2 mask=causal", "b_O",
     "X W_Q b_Q Q_projected Q W_K K W_V V scores scaled causal_mask masked tempered row_max exponentials row_sums "
     "weights "
     "heads concat W_O output_projected b_O output "},
    {"heads=1 mask=window:1", "mask",
     "X W_Q b_Q Q_projected Q W_K K W_V V scores scaled mask window_mask keep masked row_max exponentials row_sums "
     "weights heads concat W_O output "},
};

static void the_steps_come_in_the_order_of_the_stages_each_with_its_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof walks / sizeof walks[0]; i++) {
        struct named_tensors in = whole_inputs();
        if (walks[i].extra)
            add(&in, walks[i].extra, 1, strcmp(walks[i].extra, "mask") == 0 ? N : 1,
                strcmp(walks[i].extra, "mask") == 0 ? N : D_OUT);
        struct tape tape = run(&in, walks[i].settings);
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
            assert_non_null(spec->symbol);
            for (int a = 0; a < AXES; a++)
                assert_non_null(tape.steps[k].value.axis[a].name);
        }
        assert_string_equal(names, walks[i].steps);
        tape_finish(&tape);
        named_tensors_finish(&in);
    }
}

static void rows_and_columns_of_scores_carry_the_words(void **state)
{
    (void)state;
    static const char *const words[N] = {"the", "cat", "sat", "on", "it"};
    static const char *const asked[HEADS * D_K] = {"noun", "verb", "near", "animate", "plural", "far"};
    struct named_tensors in = whole_inputs();
    input(&in, "X")->axis[AXIS_ROW].labels = words;
    input(&in, "W_Q")->axis[AXIS_COL].labels = asked;
    struct tape tape = run(&in, "mask=causal");
    const char *pairs[] = {"scores", "masked", "weights", "causal_mask"};
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(axis_label(&value(&tape, pairs[i])->axis[AXIS_ROW], 0, 4), "it");
        assert_string_equal(axis_label(&value(&tape, pairs[i])->axis[AXIS_COL], 0, 1), "cat");
        assert_string_equal(value(&tape, pairs[i])->axis[AXIS_COL].name, "words");
    }
    assert_string_equal(axis_label(&value(&tape, "Q_heads")->axis[AXIS_COL], 1, 2), "far");
    assert_string_equal(value(&tape, "Q")->axis[AXIS_COL].name, "heads*d_k");
    assert_string_equal(value(&tape, "heads")->axis[AXIS_COL].name, "d_v");
    assert_string_equal(value(&tape, "concat")->axis[AXIS_COL].name, "heads*d_v");
    tape_finish(&tape);
    named_tensors_finish(&in);
}

/* A tensor of another shape put in place of what fits, and what is said of it. */
static const struct misfit {
    const char *settings, *name;
    size_t size[AXES];
    const char *message;
    enum qkv_code code;
} misfits[] = {
    {"", "W_Q", {1, 7, 6}, "W_Q: its 7 rows must match the 6 columns of X (d_model)", QKV_ERR_SHAPE},
    {"", "memory", {1, 4, 5}, "W_K: its 6 rows must match the 5 columns of memory (d_memory)", QKV_ERR_SHAPE},
    {"", "W_Q", {1, 6, 7}, "W_Q: its 7 columns do not divide into heads=2 equal parts", QKV_ERR_SHAPE},
    {"heads=4", "W_O", {1, 8, 3}, "W_Q: its 6 columns do not divide into heads=4 equal parts", QKV_ERR_SHAPE},
    {"", "W_K", {1, 6, 8}, "W_K: its 8 columns must be kv_heads*d_k = 2*3, for W_Q has 6", QKV_ERR_SHAPE},
    {"", "W_V", {1, 6, 7}, "W_V: its 7 columns do not divide into kv_heads=2", QKV_ERR_SHAPE},
    {"", "W_O", {1, 7, 3}, "W_O: its 7 rows must match the 8 columns of concat (heads*d_v)", QKV_ERR_SHAPE},
    {"", "b_Q", {1, 1, 5}, "b_Q: its shape [1, 1, 5] must be [6], a number for each column of W_Q", QKV_ERR_SHAPE},
    {"", "b_O", {1, 1, 4}, "b_O: its shape [1, 1, 4] must be [3]", QKV_ERR_SHAPE},
    {"", "X", {2, 5, 6}, "X: its shape [2, 5, 6] must be [n, d_model]", QKV_ERR_SHAPE},
    {"", "W_K", {2, 6, 6}, "W_K: its shape [2, 6, 6] must be [d_model, columns]", QKV_ERR_SHAPE},
    {"", "mask", {1, 5, 4}, "mask: its shape [1, 5, 4] must be [5, 5] or [2, 5, 5]", QKV_ERR_SHAPE},
    {"", "mask", {3, 5, 5}, "mask: its shape [3, 5, 5] must be", QKV_ERR_SHAPE},
    {"", "W_q", {1, 6, 6}, "W_q: unknown tensor of attention; did you mean 'W_Q'?", QKV_ERR_DOMAIN},
    {"", "weights", {1, 6, 6}, "weights: unknown tensor of attention", QKV_ERR_DOMAIN},
    {"kv_heads=4", "b_O", {1, 1, 3}, "kv_heads=4 must not be more than heads=2", QKV_ERR_DOMAIN},
};

static void a_tensor_that_does_not_fit_is_named_with_what_was_wanted(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof misfits / sizeof misfits[0]; i++) {
        struct named_tensors in = whole_inputs();
        struct settings s = settings_of(misfits[i].settings);
        struct tape tape = {0};
        add(&in, misfits[i].name, misfits[i].size[0], misfits[i].size[1], misfits[i].size[2]);
        assert_error(mechanism_record(mechanism_find("attention"), &s, &in, &tape), misfits[i].code,
                     misfits[i].message);
        assert_int_equal(tape.n, 0);
        assert_null(tape.steps);
        named_tensors_finish(&in);
    }
}

static void what_is_missing_or_no_mask_is_named(void **state)
{
    (void)state;
    struct named_tensors in = whole_inputs();
    struct settings s = settings_of("");
    struct tape tape = {0};
    add(&in, "mask", 1, N, N);
    *tensor_at(input(&in, "mask"), 0, 2, 3) = -1e9;
    assert_error(mechanism_record(mechanism_find("attention"), &s, &in, &tape), QKV_ERR_DOMAIN,
                 "mask: its cell [0, 2, 3] is -1e+09; wanted 1 (keep) or 0 (block)");
    named_tensors_finish(&in);
    add(&in, "X", 1, N, D_MODEL);
    assert_error(mechanism_record(mechanism_find("attention"), &s, &in, &tape), QKV_ERR_DOMAIN,
                 "W_Q: missing; attention needs it, [d_model, heads*d_k]");
    add(&in, "W_Q", 1, D_MODEL, 2);
    add(&in, "W_K", 1, D_MODEL, 2);
    add(&in, "W_V", 1, D_MODEL, 2);
    add(&in, "b_O", 1, 1, 2);
    assert_error(mechanism_record(mechanism_find("attention"), &s, &in, &tape), QKV_ERR_DOMAIN,
                 "b_O: it is added to the output, and without W_O there is none");
    named_tensors_finish(&in);
}

static void every_cell_of_every_step_is_what_its_explanation_gives(void **state)
{
    (void)state;
    struct named_tensors in = whole_inputs();
    add(&in, "mask", HEADS, N, N);
    *tensor_at(input(&in, "mask"), 0, 0, 0) = 0; /* with the causal mask: a row with nothing left */
    struct tape tape = run(&in, "mask=causal temperature=0.7 kv_heads=2");
    for (int step = 0; step < (int)tape.n; step++) {
        const struct tensor *t = &tape.steps[step].value;
        struct op_call call = tape_call(&tape, step);
        for (size_t h = 0; h < t->axis[0].size; h++)
            for (size_t r = 0; r < t->axis[1].size; r++)
                for (size_t c = 0; c < t->axis[2].size; c++) {
                    struct explanation e = {0};
                    assert_ok(tape_explain(&tape, step, h, r, c, &e));
                    if (explanation_value(&e, call.in, -1) != *tensor_at(t, h, r, c))
                        fail_msg("%s [%zu, %zu, %zu]: %s gives %.17g, the cell is %.17g", tape.steps[step].spec.name, h,
                                 r, c, e.term_text, explanation_value(&e, call.in, -1), *tensor_at(t, h, r, c));
                    explanation_finish(&e);
                }
    }
    tape_finish(&tape);
    named_tensors_finish(&in);
}

static void every_output_of_the_table_that_is_always_there_is_there(void **state)
{
    (void)state;
    const struct mechanism *m = mechanism_find("attention");
    struct named_tensors in = whole_inputs();
    struct tape tape = run(&in, "mask=causal");
    for (size_t i = 0; i < m->n_outputs; i++)
        if (!m->outputs[i].optional)
            value(&tape, m->outputs[i].name);
    assert_null(mechanism_find("atention"));
    tape_finish(&tape);
    named_tensors_finish(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_weights_sums_to_one),
        cmocka_unit_test(scores_in_the_thousands_do_not_overflow),
        cmocka_unit_test(a_word_that_may_look_at_nothing_gets_zeros_and_says_so),
        cmocka_unit_test(permuting_the_words_permutes_the_output),
        cmocka_unit_test(behind_a_causal_mask_a_later_word_changes_no_earlier_row),
        cmocka_unit_test(the_same_constant_on_every_key_changes_no_weight),
        cmocka_unit_test(masks_are_joined_by_a_step_that_can_be_seen),
        cmocka_unit_test(the_steps_come_in_the_order_of_the_stages_each_with_its_words),
        cmocka_unit_test(rows_and_columns_of_scores_carry_the_words),
        cmocka_unit_test(a_tensor_that_does_not_fit_is_named_with_what_was_wanted),
        cmocka_unit_test(what_is_missing_or_no_mask_is_named),
        cmocka_unit_test(every_cell_of_every_step_is_what_its_explanation_gives),
        cmocka_unit_test(every_output_of_the_table_that_is_always_there_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
