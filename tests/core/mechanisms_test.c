/* mechanisms_test.c: what must hold for every mechanism, tried on settings and shapes beyond the reference cases. */
#include "support/check.h"

#include "core/record_run.h"

#include <stdio.h>
#include <stdlib.h>

static const struct mechanism_case {
    const char *mechanism, *settings, *tensors;
} cases[] = {
    {"attention", "heads=2 scale=none", SMALL VARIANTS},
    {"attention", "heads=2 score=general", SMALL VARIANTS},
    {"attention", "heads=2 score=additive", SMALL VARIANTS},
    {"attention", "heads=2 score=additive activation=none", SMALL VARIANTS},
    {"attention", "heads=2 position=sinusoidal", SMALL VARIANTS},
    {"attention", "heads=2 position=rope mask=causal", SMALL VARIANTS},
    {"attention", "heads=2 bias=relative", SMALL VARIANTS},
    {"attention", "heads=2 bias=relative_keys", SMALL VARIANTS},
    {"attention", "heads=2 bias=alibi mask=window:1", SMALL VARIANTS},
    {"attention", "heads=2 mask=causal,window:1,global:1,random:1:3", SMALL VARIANTS},
    {"attention", "heads=2 normaliser=hard", SMALL VARIANTS},
    {"attention", "heads=2 normaliser=sparsemax mask=causal", SMALL VARIANTS},
    {"attention", "heads=2 router=true", SMALL VARIANTS},
    {"attention", "heads=2 low_rank=true", SMALL VARIANTS},
    {"attention", "heads=2 dropout=0.3 seed=4", SMALL VARIANTS},
    {"attention", "heads=2 evaluation=query_chunks bias=relative_keys score=additive", SMALL VARIANTS},
    {"attention", "heads=2 evaluation=tiles mask=causal bias=alibi position=rope", SMALL VARIANTS},
    {"attention", "heads=2 evaluation=tiles chunk=1 dropout=0.3 score=additive router=true", SMALL VARIANTS},
    {"attention", "heads=2 evaluation=incremental mask=causal,window:2 bias=relative", SMALL VARIANTS},
    {"attention", "heads=2 mistake=softmax_over_columns", SMALL VARIANTS},
    {"attention", "heads=2 mistake=mask_after_softmax mask=causal", SMALL VARIANTS},
    {"attention", "heads=2 mistake=keys_as_values", SMALL VARIANTS},
    {"attention", "heads=2 mistake=concat_without_transpose", SMALL VARIANTS},
    {"attention", "heads=2 mistake=heads_not_words", SMALL VARIANTS},
    {"attention", "heads=2 mask=causal temperature=0.7 kv_heads=2", WHOLE "mask 2*5 5,"},
    {"linear_attention", "", "X 5 4,W_Q 4 3,W_K 4 3,W_V 4 2,"},
    {"linear_attention", "heads=2", WORDS "b_Q 1 6,b_K 1 6,b_V 1 8,b_O 1 3,"},
    {"linear_attention", "heads=2 feature_map=relu", MEMORY},
    {"linear_attention", "heads=2 feature_map=relu causal=true", WORDS},
    {"linear_attention", "heads=2 feature_map=favor", MEMORY "omega 5 3,"},
    {"linear_attention", "heads=2 feature_map=favor causal=true order=both", WORDS "omega 2 3,"},
    {"linear_attention", "heads=2 causal=true", MEMORY},
    {"linear_attention", "heads=2 causal=true order=both eps=0", "X 3 4,memory 5 5,W_Q 4 6,W_K 5 6,W_V 5 8,"},
    {"linear_attention", "order=pairs causal=true", "X 5 4,W_Q 4 3,W_K 4 3,W_V 4 2,"},
    {"linear_attention", "order=both", "X 5 4,W_Q 4 3,W_K 4 3,W_V 4 2,"},
    {"linear_attention", "causal=true", "X 1 4,W_Q 4 1,W_K 4 1,W_V 4 1,"},
    {"gau", "", "X 5 4,W_U 4 6,W_V 4 6,base 1 6,W_O 6 4,"},
    {"gau", "causal=true", "X 5 4,W_U 4 6,W_V 4 6,base 1 6,W_O 6 3,"},
    {"gau", "causal=true", "X 5 4,memory 3 2,W_U 4 6,W_V 2 6,base 1 6,W_O 6 4,"},
    {"gau", "", "X 1 4,memory 7 2,W_U 4 6,W_V 2 6,base 1 6,W_O 6 4,"},
    {"gau", "form=squared_relu", SQUARED},
    {"gau", "form=squared_relu causal=true", SQUARED},
    {"gau", "form=squared_relu causal=true",
     "X 1 1,W_U 1 1,W_V 1 1,W_Z 1 1,gamma_Q 1 1,beta_Q 1 1,gamma_K 1 1,beta_K "
     "1 1,W_O 1 1,"},
    {"location_aware", "", "queries 3 4,memory 5 6,F 2 3," HEARD},
    {"location_aware", "", "queries 4 4,memory 5 6,F 2 1," HEARD},
    {"location_aware", "", "queries 2 4,memory 3 6,F 2 9," HEARD},
    {"location_aware", "", "queries 1 4,memory 5 6,F 2 5," HEARD},
    {"location_aware", "", "queries 3 4,memory 1 6,F 2 3," HEARD},
    {"seq2seq", "", "X 5 4,Y 3 5," READ},
    {"seq2seq", "context=dot", "X 5 4,Y 4 5," READ},
    {"seq2seq", "context=general", "X 2 4,Y 5 5,W_A 3 3," READ},
    {"seq2seq", "context=additive", "X 5 4,Y 3 5,W_1 3 4,W_2 3 4,v_A 1 4," READ},
    {"seq2seq", "context=additive", "X 1 4,Y 1 5,W_1 3 1,W_2 3 1,v_A 1 1," READ},
    {"seq2seq", "context=last", "X 1 4,Y 1 5," READ},
    {"block", "heads=2", LAYER "b_Q 1 6,b_K 1 6,b_V 1 8,b_O 1 4,"},
    {"block", "heads=2 norm=post mask=causal", LAYER},
    {"block", "heads=2 norm=post ffn_activation=gelu position=sinusoidal", LAYER},
    {"block", "heads=2 kv_heads=1 position=rope bias=alibi temperature=0.5", LAYER "W_Q 4 8,W_K 4 4,W_V 4 4,"},
    {"block", "heads=2 evaluation=tiles mask=causal", LAYER},
    {"block", "heads=2 evaluation=incremental mask=causal norm=post", LAYER},
    {"block", "heads=2 normaliser=sparsemax router=true", LAYER "W_R 4 2,b_R 1 2,"},
    {"block", "heads=2 score=additive position=sinusoidal",
     LAYER "memory 3 5,W_K 5 6,W_V 5 8,W_1 3 2,W_2 3 2,v_A 1 2,"},
    {"conformer", "heads=2", SPEECH ATTENDED "D 4 3,"},
    {"conformer", "heads=2 mask=window:1 position=sinusoidal", SPEECH ATTENDED "D 4 1,b_Q 1 6,b_O 1 4,"},
    {"conformer", "heads=2 bias=relative score=general", SPEECH ATTENDED "D 4 13,relative_bias 2 5,W_A 3 3,"},
    {"conformer", "", SPEECH "X 1 4,W_Q 4 6,W_K 4 6,W_V 4 8,W_O 8 4,D 4 5,"},
};
enum { N_CASES = sizeof cases / sizeof cases[0] };

/* Where there is a mask, the first word may not look at itself: with mask=causal at nothing. */
static struct named_tensors tensors_of(const struct mechanism_case *c)
{
    struct named_tensors in = run_tensors(c->tensors);
    if (strstr(c->tensors, "mask"))
        run_input(&in, "mask")->v[0] = 0;
    return in;
}

static void for_every_case(void (*check)(const struct mechanism_case *c, struct named_tensors *in, struct tape *tape))
{
    for (int i = 0; i < N_CASES; i++) {
        OWN(named_tensors) in = tensors_of(&cases[i]);
        OWN(tape) tape = run_mechanism(cases[i].mechanism, cases[i].settings, &in);
        check(&cases[i], &in, &tape);
    }
}

/* A test of every case, on its inputs `in` and its `tape`. */
#define TEST_EVERY_CASE(fact)                                                                                          \
    static void fact##_case(const struct mechanism_case *c, struct named_tensors *in, struct tape *tape);              \
    TEST(fact)                                                                                                         \
    {                                                                                                                  \
        for_every_case(fact##_case);                                                                                   \
    }                                                                                                                  \
    static void fact##_case(const struct mechanism_case *c, __attribute__((unused)) struct named_tensors *in,          \
                            struct tape *tape)

#define fail_case(c, format, ...) fail_msg("%s %s: " format, (c)->mechanism, (c)->settings, __VA_ARGS__)

/* ---- what must hold for all ---- */

TEST(every_mechanism_has_cases_and_a_whole_row)
{
    for (const struct mechanism *const *m = mechanism_table; *m; m++) {
        bool found = false;
        for (int i = 0; i < N_CASES; i++)
            found = found || strcmp(cases[i].mechanism, (*m)->name) == 0;
        if (!found)
            fail_msg("%s: no case", (*m)->name);
        assert_true((*m)->source && (*m)->record);
        assert_true((*m)->n_inputs > 0 && (*m)->n_outputs > 0 && (*m)->n_stages > 0);
        assert_true((*m)->n_settings <= SETTINGS_MAX);
        for (size_t i = 0; i < (*m)->n_inputs; i++)
            for (size_t j = 0; j < i; j++)
                assert_string_not_equal((*m)->inputs[i].name, (*m)->inputs[j].name);
    }
}

static bool has_stage(const struct mechanism *m, enum stage stage)
{
    for (size_t i = 0; i < m->n_stages; i++)
        if (m->stages[i] == stage)
            return true;
    return stage == STAGE_INPUT;
}

TEST_EVERY_CASE(every_step_has_words_a_symbol_of_its_own_and_a_listed_stage)
{
    const struct mechanism *m = mechanism_find(c->mechanism);
    int mistakes = 0;
    for (size_t i = 0; i < tape->n; i++) {
        const struct step_spec *spec = &tape->steps[i].spec;
        mistakes += spec->mistake;
        if (!spec->symbol)
            fail_case(c, "%s has no symbol", spec->name);
        if (spec->stage != STAGE_INPUT && strchr(spec->symbol, '_') != strrchr(spec->symbol, '_') &&
            strcmp(c->mechanism, "attention") == 0)
            fail_case(c, "the symbol %s has two subscripts", spec->symbol);
        if (!has_stage(m, spec->stage))
            fail_case(c, "the stage of %s is not in the table", spec->name);
        for (int a = 0; a < AXES; a++)
            if (!tape->steps[i].value.axis[a].name)
                fail_case(c, "axis %d of %s has no name", a, spec->name);
        for (size_t k = 0; k < i; k++)
            if (strcmp(tape->steps[k].spec.symbol, spec->symbol) == 0)
                fail_case(c, "%s and %s are both called %s", tape->steps[k].spec.name, spec->name, spec->symbol);
    }
    if (strstr(c->settings, "mistake=") ? mistakes < 1 : mistakes > 0)
        fail_case(c, "%d steps tell of a mistake", mistakes);
    assert_int_equal(tape_find_what(tape, STEP_WEIGHTS), tape_find(tape, "weights"));
}

TEST_EVERY_CASE(every_cell_of_every_step_is_what_its_explanation_gives)
{
    for (int step = 0; step < (int)tape->n; step++) {
        const struct tensor *t = &tape->steps[step].value;
        struct op_call call = tape_call(tape, step);
        for (size_t i = 0; i < tensor_cells(t); i++) {
            OWN(explanation) e = {0};
            size_t cols = t->axis[AXIS_COL].size, rows = t->axis[AXIS_ROW].size;
            assert_ok(tape_explain(tape, step, i / cols / rows, i / cols % rows, i % cols, &e));
            double got = explanation_value(&e, call.in, -1);
            if (got != t->v[i])
                fail_case(c, "cell %zu of %s: %s gives %.17g, the cell is %.17g", i, tape->steps[step].spec.name,
                          e.term_text, got, t->v[i]);
        }
    }
}

TEST_EVERY_CASE(every_output_that_is_promised_is_there)
{
    const struct mechanism *m = mechanism_find(c->mechanism);
    bool whole = !strstr(c->settings, "evaluation=");
    for (size_t i = 0; whole && i < m->n_outputs; i++)
        if (!m->outputs[i].optional)
            run_value(tape, m->outputs[i].name);
}

/* sum of g * the last step */
static double loss(const struct mechanism_case *c, const struct named_tensors *in, const struct tensor *g)
{
    const struct mechanism *m = mechanism_find(c->mechanism);
    struct settings settings = run_settings(m, c->settings);
    OWN(tape) tape = {0};
    assert_ok(record_copy(m, &settings, in, TAPE_ALL, &tape));
    const struct tensor *last = &tape.steps[tape.n - 1].value;
    double sum = 0;
    for (size_t i = 0; i < tensor_cells(last); i++)
        sum += g->v[i] * last->v[i];
    return sum;
}

static void check_input_gradient(const struct mechanism_case *c, struct named_tensors *in, size_t which,
                                 const struct tensor *grad, const struct tensor *g)
{
    struct tensor *t = &in->v[which].tensor;
    const double step = 1e-5;
    for (size_t k = (size_t)(fabs(random_number()) * 4); k < tensor_cells(t); k += 5) {
        double kept = t->v[k];
        t->v[k] = kept + step;
        double above = loss(c, in, g);
        t->v[k] = kept - step;
        double slope = (above - loss(c, in, g)) / (2 * step);
        t->v[k] = kept;
        if (!(fabs(grad->v[k] - slope) <= 1e-6 * (1 + fabs(slope))))
            fail_case(c, "cell %zu of d_%s is %.12g, finite differences give %.12g", k, in->v[which].name, grad->v[k],
                      slope);
    }
}

TEST_EVERY_CASE(gradients_agree_with_finite_differences)
{
    OWN(named_tensors) seeds = {0}, grads = {0};
    const struct step *last = &tape->steps[tape->n - 1];
    OWN(tensor) g = {0};
    struct tensor seed;
    assert_ok(tensor_copy(&g, &last->value));
    for (size_t i = 0; i < tensor_cells(&g); i++)
        g.v[i] = random_number();
    assert_ok(tensor_copy(&seed, &g));
    assert_ok(named_tensors_add(&seeds, last->spec.name, &seed));
    assert_ok(tape_backward(tape, &seeds, &grads));
    for (size_t i = 0; i < in->n; i++) {
        char name[80];
        snprintf(name, sizeof name, "d_%s", in->v[i].name);
        const struct tensor *grad = named_tensors_find(&grads, name); /* of what these settings read */
        if (grad && strcmp(in->v[i].name, "mask") != 0)
            check_input_gradient(c, in, i, grad, &g);
    }
}

/* Settings with which nobody looks ahead. */
static const struct mechanism_case causal_cases[] = {
    {"attention", "heads=2 mask=causal", WORDS},
    {"linear_attention", "heads=2 causal=true", WORDS},
    {"linear_attention", "heads=2 causal=true order=pairs feature_map=relu", WORDS},
    {"linear_attention", "heads=2 causal=true feature_map=favor", WORDS "omega 4 3,"},
    {"gau", "causal=true", "X 5 4,W_U 4 6,W_V 4 6,base 1 6,W_O 6 4,"},
    {"gau", "form=squared_relu causal=true", SQUARED},
    {"block", "heads=2 mask=causal", LAYER},
    {"block", "heads=2 mask=causal norm=post", LAYER},
};

TEST_ROWS_BY(behind_a_causal_mask_a_later_word_changes_no_earlier_row, causal_cases, c, settings)
{
    OWN(named_tensors) in = run_tensors(c->tensors);
    for (int k = 0; k < 2 && strstr(c->tensors, "beta_Q"); k++) /* so that some weights are above 0 */
        run_fill(&in, k ? "beta_K" : "beta_Q", 2);
    OWN(tape) before = run_mechanism(c->mechanism, c->settings, &in);
    for (size_t col = 0; col < 4; col++)
        *tensor_at(run_input(&in, "X"), 0, 3, col) += 1;
    OWN(tape) after = run_mechanism(c->mechanism, c->settings, &in);
    const struct tensor *was = run_value(&before, "output"), *is = run_value(&after, "output");
    bool changed = false;
    for (size_t r = 0; r < 5; r++)
        for (size_t k = 0; k < was->axis[AXIS_COL].size; k++) {
            bool same = *tensor_at(was, 0, r, k) == *tensor_at(is, 0, r, k);
            assert_true(same || r >= 3);
            changed = changed || !same;
        }
    assert_true(changed);
}

/* ---- what does not fit ---- */

struct misfit {
    const char *mechanism, *settings, *tensors, *message;
};

static const struct misfit shapes[] = {
    {"attention", "heads=2", WHOLE "W_Q 7 6,", "W_Q: its 7 rows must match the 6 columns of X (d_model)"},
    {"attention", "heads=2", WHOLE "memory 4 5,", "W_K: its 6 rows must match the 5 columns of memory (d_memory)"},
    {"attention", "heads=2", WHOLE "W_Q 6 7,", "W_Q: its 7 columns do not divide into heads=2 equal parts"},
    {"attention", "heads=2 heads=4", WHOLE "W_O 8 3,", "W_Q: its 6 columns do not divide into heads=4 equal parts"},
    {"attention", "heads=2", WHOLE "W_K 6 8,", "W_K: its 8 columns must be kv_heads*d_k = 2*3, for W_Q has 6"},
    {"attention", "heads=2", WHOLE "W_V 6 7,", "W_V: its 7 columns do not divide into kv_heads=2"},
    {"attention", "heads=2", WHOLE "W_O 7 3,", "W_O: its 7 rows must match the 8 columns of concat (heads*d_v)"},
    {"attention", "heads=2", WHOLE "b_Q 1 5,", "b_Q: its shape [1, 1, 5] must be [6], a number for each column of W_Q"},
    {"attention", "heads=2", WHOLE "b_O 1 4,", "b_O: its shape [1, 1, 4] must be [3]"},
    {"attention", "heads=2", WHOLE "X 2*5 6,", "X: its shape [2, 5, 6] must be [n, d_model]"},
    {"attention", "heads=2", WHOLE "W_K 2*6 6,", "W_K: its shape [2, 6, 6] must be [d_model, columns]"},
    {"attention", "heads=2", WHOLE "mask 5 4,", "mask: its shape [1, 5, 4] must be [5, 5] or [2, 5, 5]"},
    {"attention", "heads=2", WHOLE "mask 3*5 5,", "mask: its shape [3, 5, 5] must be"},
    {"attention", "heads=2 score=general", SMALL "W_A 3 4,",
     "W_A: its 3 rows must match the 4 numbers of a query or key of one head (d_k)"},
    {"attention", "heads=2 score=general", SMALL "W_A 4 3,", "W_A: its 3 columns must match the 4 numbers"},
    {"attention", "heads=2 score=additive", SMALL "W_1 4 3,W_2 4 3,v_A 1 3,W_2 4 5,",
     "W_2: its 5 columns must match the 3 columns of W_1 (d_a)"},
    {"attention", "heads=2 score=additive", SMALL "W_1 4 3,W_2 4 3,v_A 1 3,v_A 1 4,",
     "v_A: its shape [1, 1, 4] must be [3]"},
    {"attention", "heads=2 bias=relative", SMALL "relative_bias 3 5,",
     "relative_bias: its 3 rows must match the 2 heads"},
    {"attention", "heads=2 bias=relative", SMALL "relative_bias 2 4,", "relative_bias: its 4 columns must be 2R+1"},
    {"attention", "heads=2 bias=relative_keys", SMALL "relative_keys 4 4,", "relative_keys: its 4 rows must be 2R+1"},
    {"attention", "heads=2 bias=relative_keys", SMALL "relative_keys 5 3,",
     "relative_keys: its 3 columns must match the 4"},
    {"attention", "heads=2 router=true", SMALL "W_R 4 2,W_R 4 3,", "W_R: its 3 columns must match the 2 heads"},
    {"attention", "heads=2 router=true", SMALL "W_R 4 2,W_R 3 2,",
     "W_R: its 3 rows must match the 4 columns of X (d_model)"},
    {"attention", "heads=2 router=true", SMALL "W_R 4 2,b_R 1 3,", "b_R: its shape [1, 1, 3] must be [2]"},
    {"attention", "heads=2 low_rank=true", SMALL "E 3 5,F 3 5,E 3 4,",
     "E: its 4 columns must match the 5 words looked at (m)"},
    {"attention", "heads=2 low_rank=true", SMALL "E 3 5,F 3 5,F 2 5,", "F: its 2 rows must match the 3 rows of E"},
    {"attention", "heads=2 position=rope", SMALL "W_Q 4 6,", "W_K: its 8 columns must be"},
    {"attention", "heads=2 position=rope", "X 5 4,W_Q 4 6,W_K 4 6,W_V 4 8,",
     "position=rope rotates pairs of numbers: d_k=3 must be even"},
    {"linear_attention", "heads=2 feature_map=favor", WORDS "omega 4 6,",
     "omega: its 6 columns must match the 3 columns of a head's queries (d_k)"},
    {"linear_attention", "", "X 5 4,W_Q 4 3,W_K 4 2,W_V 4 2,", "W_K: its 2 columns must be the 3 of W_Q (heads*d_k)"},
    {"linear_attention", "heads=4", WORDS, "W_Q: its 6 columns do not divide into heads=4 equal parts"},
    {"linear_attention", "heads=2", "X 5 4,W_Q 4 6,W_K 4 5,W_V 4 6,",
     "W_K: its 5 columns do not divide into heads=2 equal parts"},
    {"linear_attention", "heads=2", WORDS "W_O 7 3,", "W_O: its 7 rows must match the 8 columns of concat"},
    {"gau", "", "X 5 4,W_U 4 6,W_V 4 5,base 1 6,W_O 6 4,", "W_V: its 5 columns must be the 6 of W_U (e)"},
    {"gau", "", "X 5 4,W_U 3 6,W_V 4 6,base 1 6,W_O 6 4,", "W_U: its 3 rows must match the 4 columns of X"},
    {"gau", "", "X 5 4,W_U 4 6,W_V 4 6,base 1 5,W_O 6 4,", "base: its shape [1, 1, 5] must be [6]"},
    {"gau", "", "X 5 4,W_U 4 6,W_V 4 6,base 1 6,W_O 5 4,", "W_O: its 5 rows must match the 6 columns of mixed"},
    {"gau", "form=squared_relu", SQUARED "beta_K 1 4,", "beta_K: its shape [1, 1, 4] must be [3]"},
    {"location_aware", "", "queries 3 4,memory 5 6,F 2 4," HEARD, "F: its width 4 must be odd"},
    {"location_aware", "", "queries 3 4,memory 5 6,F 3 3," HEARD, "U: its 2 rows must match the 3 windows of F (c)"},
    {"location_aware", "", "queries 3 3,memory 5 6,F 2 3," HEARD,
     "W_Q: its 4 rows must match the 3 columns of queries"},
    {"location_aware", "", "queries 3 4,memory 5 6,F 2 3," HEARD "v_A 1 4,", "v_A: its shape [1, 1, 4] must be [5]"},
    {"seq2seq", "context=general", "X 5 4,Y 3 5,W_A 3 4," READ,
     "W_A: its 4 columns must match the 3 numbers of a state"},
    {"seq2seq", "context=additive", "X 5 4,Y 3 5,W_1 3 2,W_2 3 4,v_A 1 4," READ,
     "W_1: its 2 columns must match the 4 columns of W_2 (a)"},
    {"seq2seq", "", "X 5 4,Y 3 5," READ "V_xh 5 4,", "b_s: its shape [1, 1, 3] must be [4]"},
    {"seq2seq", "", "X 5 4,Y 3 5," READ "W_hh 3 2,", "W_hh: its 2 columns must match the 3 numbers of a state (d_h)"},
    {"seq2seq", "", "X 5 3,Y 3 5," READ, "W_xh: its 4 rows must match the 3 columns of X"},
    {"block", "heads=2", LAYER "W_O 8 3,", "W_O: its 3 columns must be the 4 of X (d_model)"},
    {"block", "heads=2", LAYER "W_F2 7 5,b_F2 1 5,", "W_F2: its 5 columns must be the 4 of X (d_model)"},
    {"block", "heads=2", LAYER "gamma_2 1 5,",
     "gamma_2: its shape [1, 1, 5] must be [4], a number for each column of standardised_2 (d_model)"},
    {"conformer", "heads=2", SPEECH ATTENDED "D 4 4,", "D: its width 4 must be odd"},
    {"conformer", "heads=2", SPEECH ATTENDED "D 3 3,", "D: its 3 rows must match the 4 columns of X (d_model)"},
    {"conformer", "heads=2", SPEECH ATTENDED "D 4 3,W_P1 4 6,b_P1 1 6,", "W_P1: its 6 columns must be 8 (2*d_model)"},
    {"conformer", "heads=2", SPEECH ATTENDED "D 4 3,W_O 8 5,", "W_O: its 5 columns must be the 4 of X (d_model)"},
};

static const struct misfit meanings[] = {
    {"attention", "heads=2", "X 5 6,", "W_Q: missing; attention needs it, [d_model, heads*d_k]"},
    {"attention", "heads=2", "X 5 6,W_Q 6 2,W_K 6 2,W_V 6 2,b_O 1 2,",
     "b_O: it is added to the output, and without W_O there is none"},
    {"attention", "heads=2", WHOLE "W_q 6 6,", "W_q: unknown tensor of attention; did you mean 'W_Q'?"},
    {"attention", "heads=2", WHOLE "weights 6 6,", "weights: unknown tensor of attention"},
    {"attention", "heads=2 kv_heads=4", WHOLE "b_O 1 3,", "kv_heads=4 must not be more than heads=2"},
    {"attention", "heads=4 kv_heads=3", SMALL VARIANTS, "kv_heads=3 does not divide heads=4"},
    {"attention", "heads=2 kv_heads=4", SMALL VARIANTS, "kv_heads=4 must not be more than heads=2"},
    {"attention", "heads=2 score=additive scale=2", SMALL VARIANTS, "scale=2 does not go with score=additive"},
    {"attention", "heads=2 score=general", SMALL, "W_A: missing; score=general needs it, [d_k, d_k]"},
    {"attention", "heads=2 score=additive", SMALL "W_1 4 3,W_2 4 3,", "v_A: missing; score=additive needs it, [d_a]"},
    {"attention", "heads=2 bias=relative", SMALL, "relative_bias: missing; bias=relative needs it, [heads, 2R+1]"},
    {"attention", "heads=2 bias=relative_keys", SMALL, "relative_keys: missing; bias=relative_keys needs it"},
    {"attention", "heads=2 router=true", SMALL, "W_R: missing; router=true needs it, [d_model, heads]"},
    {"attention", "heads=2 low_rank=true", SMALL "E 3 5,", "F: missing; low_rank=true needs it, [k, m]"},
    {"attention", "heads=2 low_rank=true mask=causal", SMALL VARIANTS, "low_rank=true does not go with mask=causal"},
    {"attention", "heads=2 low_rank=true bias=alibi", SMALL VARIANTS, "low_rank=true does not go with bias=alibi"},
    {"attention", "heads=2 low_rank=true", SMALL VARIANTS "mask 2*5 5,", "mask: low_rank=true leaves no word to block"},
    {"attention", "heads=2 evaluation=incremental", SMALL VARIANTS, "evaluation=incremental needs mask=causal"},
    {"attention", "heads=2 evaluation=incremental mask=window:2", SMALL VARIANTS,
     "evaluation=incremental needs mask=causal"},
    {"attention", "heads=2 evaluation=incremental mask=causal", SMALL VARIANTS "memory 3 4,",
     "evaluation=incremental does not go with memory"},
    {"attention", "heads=2 evaluation=tiles normaliser=hard", SMALL VARIANTS,
     "evaluation=tiles does not go with normaliser=hard"},
    {"attention", "heads=2 mistake=keys_as_values evaluation=tiles", SMALL VARIANTS,
     "a mistake is shown with evaluation=full"},
    {"attention", "heads=2 mistake=mask_after_softmax", SMALL VARIANTS, "mistake=mask_after_softmax needs a mask"},
    {"attention", "heads=2 mistake=heads_not_words mask=causal", SMALL VARIANTS, "does not go with mask=causal"},
    {"attention", "heads=2 mistake=heads_not_words", SMALL VARIANTS "memory 3 4,", "needs memory as long as X"},
    {"attention", "heads=2 mistake=heads_not_words kv_heads=1", SMALL VARIANTS, "needs as many kv_heads as heads"},
    {"linear_attention", "feature_map=favor", "X 5 4,W_Q 4 3,W_K 4 3,W_V 4 2,",
     "omega: missing; feature_map=favor needs it, [features, d_k]"},
    {"linear_attention", "", "X 5 4,W_Q 4 3,W_K 4 3,W_V 4 2,b_O 1 3,", "b_O: it is added to the output"},
    {"gau", "form=squared_relu", "X 5 4,W_U 4 6,W_V 4 6,W_O 6 4,", "W_Z: missing; form=squared_relu needs it"},
    {"gau", "", "X 5 4,W_U 4 6,W_V 4 6,W_O 6 4,", "base: missing; form=gated_softmax needs it, [e]"},
    {"gau", "form=squared_relu", SQUARED "memory 3 4,", "memory: only form=gated_softmax uses it"},
    {"location_aware", "", "queries 3 4,F 2 3," HEARD, "memory: missing"},
    {"seq2seq", "context=general", "X 5 4,Y 3 5," READ, "W_A: missing; context=general needs it, [d_h, d_h]"},
    {"block", "heads=2 evaluation=incremental", LAYER, "evaluation=incremental needs mask=causal"},
    {"block", "heads=2 kv_heads=3", LAYER, "kv_heads=3"},
    {"block", "", WORDS, "gamma_1: missing"},
    {"conformer", "heads=2", SPEECH ATTENDED, "D: missing"},
};

static void check_misfit(const struct misfit *m, enum qkv_code code)
{
    OWN(named_tensors) in = run_tensors(m->tensors);
    struct tape tape;
    assert_error(run_try(m->mechanism, m->settings, &in, &tape), code, m->message);
    assert_true(tape.n == 0 && !tape.steps && !tape.texts);
}

TEST_ROWS_BY(a_shape_that_does_not_fit_is_named_with_what_was_wanted, shapes, m, message)
{
    check_misfit(m, QKV_ERR_SHAPE);
}

TEST_ROWS_BY(what_cannot_be_meant_is_named_with_what_was_wanted, meanings, m, message)
{
    check_misfit(m, QKV_ERR_DOMAIN);
}
