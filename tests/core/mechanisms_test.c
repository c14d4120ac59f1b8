/* mechanisms_test.c: what must hold for every mechanism, tried on settings and shapes beyond the reference cases, and
 * what is true of single ones. */
#include "support/check.h"

#include "core/mechanism.h"

#include <stdio.h>
#include <stdlib.h>

#define WORDS  "X 5 4,W_Q 4 6,W_K 4 6,W_V 4 8,W_O 8 3,"
#define MEMORY "X 5 4,memory 3 5,W_Q 4 6,W_K 5 6,W_V 5 8,W_O 8 3,"
#define LAYER                                                                                                          \
    "X 5 4,W_Q 4 6,W_K 4 6,W_V 4 8,W_O 8 4,gamma_1 1 4,beta_1 1 4,gamma_2 1 4,beta_2 1 4,W_F1 4 7,b_F1 1 7,W_F2 7 4,"  \
    "b_F2 1 4,"
#define SPEECH                                                                                                         \
    "gamma_A 1 4,beta_A 1 4,gamma_F1 1 4,beta_F1 1 4,gamma_F2 1 4,beta_F2 1 4,gamma_C 1 4,beta_C 1 4,gamma_out 1 4,"   \
    "beta_out 1 4,W_11 4 6,b_11 1 6,W_12 6 4,b_12 1 4,W_21 4 7,b_21 1 7,W_22 7 4,b_22 1 4,W_P1 4 8,b_P1 1 8,b_D 1 4,"  \
    "gamma_N 1 4,beta_N 1 4,W_P2 4 4,b_P2 1 4,"
#define ATTENDED "X 5 4,W_Q 4 6,W_K 4 6,W_V 4 8,W_O 8 4,"
#define SQUARED  "X 5 4,W_U 4 6,W_V 4 6,W_Z 4 3,gamma_Q 1 3,beta_Q 1 3,gamma_K 1 3,beta_K 1 3,W_O 6 4,"
#define HEARD    "W_Q 4 5,W_K 6 5,U 2 5,b_A 1 5,v_A 1 5,"
#define READ     "W_xh 4 3,W_hh 3 3,b_h 1 3,V_xh 5 3,V_hh 3 3,V_ch 3 3,b_s 1 3,"

static const struct mechanism_case {
    const char *mechanism, *settings, *tensors;
} cases[] = {
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
    {"block", "heads=2 kv_heads=1 position=rope bias=alibi temperature=0.5",
     "X 5 4,W_Q 4 8,W_K 4 4,W_V 4 4,W_O 8 4,gamma_1 1 4,beta_1 1 4,gamma_2 1 4,beta_2 1 4,W_F1 4 7,b_F1 1 7,W_F2 7 4,"
     "b_F2 1 4,"},
    {"block", "heads=2 evaluation=tiles mask=causal", LAYER},
    {"block", "heads=2 evaluation=incremental mask=causal norm=post", LAYER},
    {"block", "heads=2 normaliser=sparsemax router=true", LAYER "W_R 4 2,b_R 1 2,"},
    {"block", "heads=2 score=additive position=sinusoidal",
     "memory 3 5,W_1 3 2,W_2 3 2,v_A 1 2,X 5 4,W_Q 4 6,W_K 5 6,W_V 5 8,W_O 8 4,gamma_1 1 4,beta_1 1 4,gamma_2 1 4,"
     "beta_2 1 4,W_F1 4 7,b_F1 1 7,W_F2 7 4,b_F2 1 4,"},
    {"conformer", "heads=2", SPEECH ATTENDED "D 4 3,"},
    {"conformer", "heads=2 mask=window:1 position=sinusoidal", SPEECH ATTENDED "D 4 1,b_Q 1 6,b_O 1 4,"},
    {"conformer", "heads=2 bias=relative score=general", SPEECH ATTENDED "D 4 13,relative_bias 2 5,W_A 3 3,"},
    {"conformer", "", SPEECH "X 1 4,W_Q 4 6,W_K 4 6,W_V 4 8,W_O 8 4,D 4 5,"},
};
enum { N_CASES = sizeof cases / sizeof cases[0] };

static double uniform(void)
{
    static uint64_t state = 2017;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(state >> 11) / 4503599627370496.0 - 1;
}

static void add(struct named_tensors *in, const char *name, size_t rows, size_t cols)
{
    struct tensor t;
    assert_ok(tensor_init_sizes(&t, 1, rows, cols));
    for (size_t i = 0; i < tensor_cells(&t); i++)
        t.v[i] = uniform();
    assert_ok(named_tensors_add(in, name, &t));
}

/* "X 5 4,W_Q 4 6,": random numbers; a name that comes again takes the place of the first. */
static struct named_tensors tensors_of(const char *text)
{
    struct named_tensors in = {0};
    char name[64];
    size_t rows, cols;
    int used;
    for (; sscanf(text, "%63s %zu %zu,%n", name, &rows, &cols, &used) == 3; text += used)
        add(&in, name, rows, cols);
    assert_int_equal(*text, '\0');
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

static void fill(struct named_tensors *in, const char *name, double number)
{
    struct tensor *t = input(in, name);
    for (size_t i = 0; i < tensor_cells(t); i++)
        t->v[i] = number;
}

static struct qkv_err try_run(const char *mechanism, const char *settings, const struct named_tensors *in,
                              struct tape *ret)
{
    const struct mechanism *m = mechanism_find(mechanism);
    struct settings s = settings_default(m->settings, m->n_settings);
    char text[200];
    snprintf(text, sizeof text, "%s", settings);
    for (char *at = strtok(text, " "); at; at = strtok(NULL, " ")) {
        char *value = strchr(at, '=');
        *value++ = '\0';
        assert_ok(settings_set(&s, at, value));
    }
    struct named_tensors copy = {0};
    for (size_t i = 0; i < in->n; i++) {
        struct tensor t;
        assert_ok(tensor_copy(&t, &in->v[i].tensor));
        assert_ok(named_tensors_add(&copy, in->v[i].name, &t));
    }
    *ret = (struct tape){0};
    struct qkv_err err = mechanism_record(m, &s, &copy, ret);
    named_tensors_finish(&copy);
    return err;
}

static struct tape run(const char *mechanism, const char *settings, const struct named_tensors *in)
{
    struct tape tape;
    struct qkv_err err = try_run(mechanism, settings, in, &tape);
    if (err.code)
        fail_msg("%s %s: %s", mechanism, settings, err.what);
    return tape;
}

static const struct tensor *value(const struct tape *tape, const char *name)
{
    int step = tape_find(tape, name);
    if (step < 0)
        fail_msg("no step %s", name);
    return &tape->steps[step].value;
}

static double largest_difference(const struct tensor *a, const struct tensor *b)
{
    double largest = 0;
    assert_int_equal(tensor_cells(a), tensor_cells(b));
    for (size_t i = 0; i < tensor_cells(a); i++)
        largest = fmax(largest, fabs(a->v[i] - b->v[i]));
    return largest;
}

static void for_every_case(void (*check)(const struct mechanism_case *c, struct named_tensors *in, struct tape *tape))
{
    for (int i = 0; i < N_CASES; i++) {
        struct named_tensors in = tensors_of(cases[i].tensors);
        struct tape tape = run(cases[i].mechanism, cases[i].settings, &in);
        check(&cases[i], &in, &tape);
        tape_finish(&tape);
        named_tensors_finish(&in);
    }
}

#define fail_case(c, format, ...) fail_msg("%s %s: " format, (c)->mechanism, (c)->settings, __VA_ARGS__)

/* ---- what must hold for all ---- */

static void every_mechanism_has_cases_and_a_whole_row(void **state)
{
    (void)state;
    for (const struct mechanism *const *m = mechanism_table; *m; m++) {
        bool found = strcmp((*m)->name, "attention") == 0; /* it has a test of its own */
        for (int i = 0; i < N_CASES; i++)
            found = found || strcmp(cases[i].mechanism, (*m)->name) == 0;
        if (!found)
            fail_msg("%s: no case", (*m)->name);
        assert_true((*m)->summary && (*m)->source && (*m)->formula && (*m)->record);
        assert_true((*m)->n_inputs > 0 && (*m)->n_outputs > 0 && (*m)->n_stages > 0);
        assert_true((*m)->n_settings <= SETTINGS_MAX);
        for (size_t i = 0; i < (*m)->n_settings; i++)
            assert_true(strlen((*m)->settings[i].meaning) > 0);
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

static void check_words(const struct mechanism_case *c, struct named_tensors *in, struct tape *tape)
{
    (void)in;
    const struct mechanism *m = mechanism_find(c->mechanism);
    for (size_t i = 0; i < tape->n; i++) {
        const struct step_spec *spec = &tape->steps[i].spec;
        if (!spec->symbol || !spec->title || !spec->meaning || !spec->axes || !*spec->title || !*spec->meaning)
            fail_case(c, "%s has no words", spec->name);
        if (!has_stage(m, spec->stage))
            fail_case(c, "the stage of %s is not in the table", spec->name);
        for (int a = 0; a < AXES; a++)
            if (!tape->steps[i].value.axis[a].name)
                fail_case(c, "axis %d of %s has no name", a, spec->name);
        for (size_t k = 0; k < i; k++)
            if (strcmp(tape->steps[k].spec.symbol, spec->symbol) == 0)
                fail_case(c, "%s and %s are both called %s", tape->steps[k].spec.name, spec->name, spec->symbol);
    }
}

static void every_step_has_words_a_symbol_of_its_own_and_a_listed_stage(void **state)
{
    (void)state;
    for_every_case(check_words);
}

static void check_explanations(const struct mechanism_case *c, struct named_tensors *in, struct tape *tape)
{
    (void)in;
    for (int step = 0; step < (int)tape->n; step++) {
        const struct tensor *t = &tape->steps[step].value;
        struct op_call call = tape_call(tape, step);
        for (size_t i = 0; i < tensor_cells(t); i++) {
            struct explanation e = {0};
            size_t cols = t->axis[AXIS_COL].size, rows = t->axis[AXIS_ROW].size;
            assert_ok(tape_explain(tape, step, i / cols / rows, i / cols % rows, i % cols, &e));
            double got = explanation_value(&e, call.in, -1);
            if (got != t->v[i])
                fail_case(c, "cell %zu of %s: %s gives %.17g, the cell is %.17g", i, tape->steps[step].spec.name,
                          e.term_text, got, t->v[i]);
            explanation_finish(&e);
        }
    }
}

static void every_cell_of_every_step_is_what_its_explanation_gives(void **state)
{
    (void)state;
    for_every_case(check_explanations);
}

static void check_outputs(const struct mechanism_case *c, struct named_tensors *in, struct tape *tape)
{
    (void)in;
    const struct mechanism *m = mechanism_find(c->mechanism);
    bool whole = !strstr(c->settings, "evaluation=");
    for (size_t i = 0; whole && i < m->n_outputs; i++)
        if (!m->outputs[i].optional)
            value(tape, m->outputs[i].name);
}

static void every_output_that_is_promised_is_there(void **state)
{
    (void)state;
    for_every_case(check_outputs);
}

/* sum of g * the last step */
static double loss(const struct mechanism_case *c, const struct named_tensors *in, const struct tensor *g)
{
    struct tape tape = run(c->mechanism, c->settings, in);
    const struct tensor *last = &tape.steps[tape.n - 1].value;
    double sum = 0;
    for (size_t i = 0; i < tensor_cells(last); i++)
        sum += g->v[i] * last->v[i];
    tape_finish(&tape);
    return sum;
}

static void check_input_gradient(const struct mechanism_case *c, struct named_tensors *in, size_t which,
                                 const struct tensor *grad, const struct tensor *g)
{
    struct tensor *t = &in->v[which].tensor;
    const double step = 1e-5;
    for (size_t k = (size_t)(fabs(uniform()) * 4); k < tensor_cells(t); k += 5) {
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

static void check_gradients(const struct mechanism_case *c, struct named_tensors *in, struct tape *tape)
{
    struct named_tensors seeds = {0}, grads = {0};
    const struct step *last = &tape->steps[tape->n - 1];
    struct tensor g, seed;
    assert_ok(tensor_copy(&g, &last->value));
    for (size_t i = 0; i < tensor_cells(&g); i++)
        g.v[i] = uniform();
    assert_ok(tensor_copy(&seed, &g));
    assert_ok(named_tensors_add(&seeds, last->spec.name, &seed));
    assert_ok(tape_backward(tape, &seeds, &grads));
    for (size_t i = 0; i < in->n; i++) {
        char name[80];
        snprintf(name, sizeof name, "d_%s", in->v[i].name);
        check_input_gradient(c, in, i, named_tensors_find(&grads, name), &g);
    }
    tensor_finish(&g);
    named_tensors_finish(&seeds);
    named_tensors_finish(&grads);
}

static void gradients_agree_with_finite_differences(void **state)
{
    (void)state;
    for_every_case(check_gradients);
}

/* Settings with which nobody looks ahead. */
static const struct mechanism_case causal_cases[] = {
    {"linear_attention", "heads=2 causal=true", WORDS},
    {"linear_attention", "heads=2 causal=true order=pairs feature_map=relu", WORDS},
    {"linear_attention", "heads=2 causal=true feature_map=favor", WORDS "omega 4 3,"},
    {"gau", "causal=true", "X 5 4,W_U 4 6,W_V 4 6,base 1 6,W_O 6 4,"},
    {"gau", "form=squared_relu causal=true", SQUARED},
    {"block", "heads=2 mask=causal", LAYER},
    {"block", "heads=2 mask=causal norm=post", LAYER},
};

static void behind_a_causal_mask_a_later_word_changes_no_earlier_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof causal_cases / sizeof causal_cases[0]; i++) {
        const struct mechanism_case *c = &causal_cases[i];
        struct named_tensors in = tensors_of(c->tensors);
        struct tape before = run(c->mechanism, c->settings, &in);
        *tensor_at(input(&in, "X"), 0, 3, 1) += 1;
        struct tape after = run(c->mechanism, c->settings, &in);
        const struct tensor *was = value(&before, "output"), *is = value(&after, "output");
        bool changed = false;
        for (size_t r = 0; r < 5; r++)
            for (size_t k = 0; k < was->axis[AXIS_COL].size; k++) {
                bool same = *tensor_at(was, 0, r, k) == *tensor_at(is, 0, r, k);
                if (r < 3 && !same)
                    fail_case(c, "row %zu changed", r);
                changed = changed || !same;
            }
        assert_true(changed);
        tape_finish(&before);
        tape_finish(&after);
        named_tensors_finish(&in);
    }
}

/* ---- what is true of single ones ---- */

static void linear_attention_gives_the_same_by_state_as_by_pairs(void **state)
{
    (void)state;
    const char *maps[] = {"feature_map=elu1", "feature_map=relu", "feature_map=favor"};
    const char *shapes[] = {WORDS "omega 7 3,", MEMORY "omega 7 3,"};
    for (int i = 0; i < 12; i++) {
        struct named_tensors in = tensors_of(shapes[i % 2]);
        char settings[2][100];
        for (int k = 0; k < 2; k++)
            snprintf(settings[k], sizeof settings[k], "heads=2 %s causal=%s order=%s", maps[i / 2 % 3],
                     i / 6 ? "true" : "false", k ? "pairs" : "state");
        struct tape by_state = run("linear_attention", settings[0], &in);
        struct tape by_pairs = run("linear_attention", settings[1], &in);
        const char *names[] = {"Z", "numerators", "heads", "output"};
        for (int k = 0; k < 4; k++)
            assert_true(largest_difference(value(&by_state, names[k]), value(&by_pairs, names[k])) <= 1e-12);
        tape_finish(&by_state);
        tape_finish(&by_pairs);
        named_tensors_finish(&in);
    }
}

static void the_last_state_is_the_state_of_all_words(void **state)
{
    (void)state;
    struct named_tensors in = tensors_of(WORDS);
    struct tape whole = run("linear_attention", "heads=2", &in);
    struct tape running = run("linear_attention", "heads=2 causal=true", &in);
    assert_true(largest_difference(value(&whole, "KV"), value(&running, "state_5")) <= 1e-12);
    /* Every state has the size of the last, however many words it holds. */
    for (size_t t = 1; t <= 5; t++) {
        char name[16];
        snprintf(name, sizeof name, "state_%zu", t);
        assert_int_equal(tensor_cells(value(&running, name)), tensor_cells(value(&whole, "KV")));
    }
    tape_finish(&whole);
    tape_finish(&running);
    named_tensors_finish(&in);
}

static void features_that_are_all_zero_give_zeros_not_nan(void **state)
{
    (void)state;
    const char *settings[] = {"heads=2 feature_map=relu", "heads=2 feature_map=relu causal=true",
                              "heads=2 feature_map=relu eps=0",
                              "heads=2 feature_map=relu eps=0 causal=true order=pairs"};
    for (int i = 0; i < 4; i++) {
        struct named_tensors in = tensors_of(WORDS "b_Q 1 6,");
        fill(&in, "W_Q", 0);
        fill(&in, "b_Q", -1);
        struct tape tape = run("linear_attention", settings[i], &in);
        for (size_t k = 0; k < tensor_cells(value(&tape, "heads")); k++)
            assert_true(value(&tape, "heads")->v[k] == 0);
        tape_finish(&tape);
        named_tensors_finish(&in);
    }
}

/* The mean over ever more directions of what two rows multiply to is e to the power of their product. */
static void random_features_approach_softmax(void **state)
{
    (void)state;
    enum { FEATURES = 20000 };
    struct named_tensors in = tensors_of("X 5 4,W_Q 4 3,W_K 4 3,W_V 4 2,");
    struct tensor omega;
    assert_ok(tensor_init_sizes(&omega, 1, FEATURES, 3));
    for (size_t i = 0; i < tensor_cells(&omega); i++) /* normally distributed (Box and Muller 1958) */
        omega.v[i] = sqrt(-2 * log(fabs(uniform()) + 1e-12)) * cos(3.141592653589793 * uniform());
    struct tensor *x = input(&in, "X");
    for (size_t i = 0; i < tensor_cells(x); i++)
        x->v[i] /= 2; /* far from the mean, few directions decide, and more of them are needed */
    assert_ok(named_tensors_add(&in, "omega", &omega));
    struct tape linear = run("linear_attention", "feature_map=favor order=pairs", &in);
    named_tensors_finish(&in);
    const struct tensor *q = value(&linear, "Q"), *k = value(&linear, "K"), *s = value(&linear, "similarities");
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < 5; j++) {
            double product = 0;
            for (size_t d = 0; d < 3; d++)
                product += *tensor_at(q, 0, i, d) * *tensor_at(k, 0, j, d);
            double want = exp(product / sqrt(3));
            assert_close(*tensor_at(s, 0, i, j), want, 0.08 * want);
        }
    tape_finish(&linear);
}

static void a_gate_that_is_shut_leaves_the_words_own_numbers(void **state)
{
    (void)state;
    struct named_tensors in = tensors_of("X 5 4,W_U 4 6,W_V 4 6,base 1 6,W_O 6 4,");
    fill(&in, "X", 1);
    fill(&in, "W_U", -20); /* sigmoid(-80) is next to nothing */
    struct tape tape = run("gau", "", &in);
    assert_true(largest_difference(value(&tape, "mixed"), value(&tape, "U")) <= 1e-12);
    tape_finish(&tape);
    named_tensors_finish(&in);
}

static void without_location_the_order_of_queries_does_not_matter(void **state)
{
    (void)state;
    struct named_tensors in = tensors_of("queries 2 4,memory 5 6,F 2 3," HEARD);
    struct tape located = run("location_aware", "", &in);
    fill(&in, "U", 0);
    struct tape tape = run("location_aware", "", &in);
    struct tensor *queries = input(&in, "queries");
    for (size_t c = 0; c < 4; c++) {
        double first = *tensor_at(queries, 0, 0, c);
        *tensor_at(queries, 0, 0, c) = *tensor_at(queries, 0, 1, c);
        *tensor_at(queries, 0, 1, c) = first;
    }
    struct tape swapped = run("location_aware", "", &in);
    for (size_t c = 0; c < 6; c++)
        assert_close(*tensor_at(value(&tape, "context"), 0, 0, c), *tensor_at(value(&swapped, "context"), 0, 1, c),
                     1e-12);
    assert_true(largest_difference(value(&located, "weights"), value(&tape, "weights")) > 1e-3);
    tape_finish(&located);
    tape_finish(&tape);
    tape_finish(&swapped);
    named_tensors_finish(&in);
}

static void with_one_word_to_read_all_contexts_are_the_last_state(void **state)
{
    (void)state;
    struct named_tensors in = tensors_of("X 1 4,Y 3 5,W_A 3 3,W_1 3 2,W_2 3 2,v_A 1 2," READ);
    struct tape last = run("seq2seq", "context=last", &in);
    const char *others[] = {"context=dot", "context=general", "context=additive"};
    for (int i = 0; i < 3; i++) {
        struct tape tape = run("seq2seq", others[i], &in);
        assert_true(largest_difference(value(&last, "decoder_states"), value(&tape, "decoder_states")) <= 1e-12);
        assert_true(largest_difference(value(&last, "context"), value(&tape, "context")) <= 1e-12);
        tape_finish(&tape);
    }
    tape_finish(&last);
    named_tensors_finish(&in);
}

static void a_layer_that_finds_nothing_hands_on_what_it_got(void **state)
{
    (void)state;
    struct named_tensors in = tensors_of(LAYER);
    fill(&in, "W_O", 0);
    fill(&in, "W_F2", 0);
    fill(&in, "b_F2", 0);
    struct tape tape = run("block", "heads=2 norm=pre", &in);
    assert_true(largest_difference(value(&tape, "output"), input(&in, "X")) == 0);
    tape_finish(&tape);
    tape = run("block", "heads=2 norm=post", &in);
    assert_true(largest_difference(value(&tape, "residual_1"), input(&in, "X")) == 0);
    tape_finish(&tape);
    named_tensors_finish(&in);
}

static void the_attention_of_a_block_is_that_of_attention(void **state)
{
    (void)state;
    struct named_tensors in = tensors_of(LAYER);
    struct tape block = run("block", "heads=2 norm=post mask=causal position=sinusoidal", &in);
    struct named_tensors own = {0};
    const char *names[] = {"X", "W_Q", "W_K", "W_V", "W_O"};
    for (int i = 0; i < 5; i++)
        assert_ok(named_tensors_add(&own, names[i], input(&in, names[i])));
    struct tape attention = run("attention", "heads=2 mask=causal position=sinusoidal", &own);
    assert_true(largest_difference(value(&block, "weights"), value(&attention, "weights")) == 0);
    assert_true(largest_difference(value(&block, "attention_output"), value(&attention, "output")) == 0);
    tape_finish(&block);
    tape_finish(&attention);
    named_tensors_finish(&in);
    named_tensors_finish(&own);
}

static void every_standardised_row_has_mean_0_and_spread_1(void **state)
{
    (void)state;
    struct named_tensors in = tensors_of(LAYER);
    struct tape tape = run("block", "heads=2", &in);
    const char *names[] = {"standardised_1", "standardised_2"};
    for (int i = 0; i < 2; i++)
        for (size_t r = 0; r < 5; r++) {
            double sum = 0, squares = 0;
            for (size_t c = 0; c < 4; c++) {
                double x = *tensor_at(value(&tape, names[i]), 0, r, c);
                sum += x;
                squares += x * x;
            }
            assert_close(sum, 0, 1e-12);
            assert_close(squares / 4, 1, 1e-3); /* eps is taken into the spread */
        }
    tape_finish(&tape);
    named_tensors_finish(&in);
}

static void labels_of_words_reach_what_is_made_of_them(void **state)
{
    (void)state;
    static const char *const words[5] = {"the", "cat", "sat", "on", "it"};
    struct named_tensors in = tensors_of(WORDS);
    input(&in, "X")->axis[AXIS_ROW].labels = words;
    struct tape tape = run("linear_attention", "heads=2 causal=true", &in);
    const char *of_words[] = {"heads", "Z", "numerators", "key_sums", "output"};
    for (int i = 0; i < 5; i++) {
        const char *label = axis_label(&value(&tape, of_words[i])->axis[AXIS_ROW], 0, 2);
        if (!label || strcmp(label, "sat") != 0)
            fail_msg("row 3 of %s is called %s", of_words[i], label ? label : "nothing");
    }
    assert_string_equal(axis_label(&value(&tape, "read_4")->axis[AXIS_ROW], 0, 0), "on");
    tape_finish(&tape);
    named_tensors_finish(&in);
    in = tensors_of("X 5 4,Y 5 5," READ);
    input(&in, "Y")->axis[AXIS_ROW].labels = words;
    tape = run("seq2seq", "context=dot", &in);
    assert_string_equal(axis_label(&value(&tape, "weights")->axis[AXIS_ROW], 0, 1), "cat");
    assert_string_equal(axis_label(&value(&tape, "context")->axis[AXIS_ROW], 0, 4), "it");
    assert_string_equal(axis_label(&value(&tape, "decoder_state_2")->axis[AXIS_ROW], 0, 0), "cat");
    tape_finish(&tape);
    named_tensors_finish(&in);
    in = tensors_of("queries 5 4,memory 5 6,F 2 3," HEARD);
    input(&in, "queries")->axis[AXIS_ROW].labels = words;
    tape = run("location_aware", "", &in);
    assert_string_equal(axis_label(&value(&tape, "weights_2")->axis[AXIS_ROW], 0, 0), "cat");
    assert_string_equal(axis_label(&value(&tape, "energies")->axis[AXIS_ROW], 0, 3), "on");
    tape_finish(&tape);
    named_tensors_finish(&in);
}

/* ---- what does not fit ---- */

static const struct misfit {
    const char *mechanism, *settings, *tensors;
    const char *message;
} misfits[] = {
    {"linear_attention", "feature_map=favor", "X 5 4,W_Q 4 3,W_K 4 3,W_V 4 2,",
     "omega: missing; feature_map=favor needs it, [features, d_k]"},
    {"linear_attention", "heads=2 feature_map=favor", WORDS "omega 4 6,",
     "omega: its 6 columns must match the 3 columns of a head's queries (d_k)"},
    {"linear_attention", "", "X 5 4,W_Q 4 3,W_K 4 2,W_V 4 2,", "W_K: its 2 columns must be the 3 of W_Q (heads*d_k)"},
    {"linear_attention", "heads=4", WORDS, "W_Q: its 6 columns do not divide into heads=4 equal parts"},
    {"linear_attention", "heads=2", WORDS "W_O 7 3,", "W_O: its 7 rows must match the 8 columns of concat"},
    {"linear_attention", "", "X 5 4,W_Q 4 3,W_K 4 3,W_V 4 2,b_O 1 3,", "b_O: it is added to the output"},
    {"gau", "form=squared_relu", "X 5 4,W_U 4 6,W_V 4 6,W_O 6 4,", "W_Z: missing; form=squared_relu needs it"},
    {"gau", "", "X 5 4,W_U 4 6,W_V 4 6,W_O 6 4,", "base: missing; form=gated_softmax needs it, [e]"},
    {"gau", "", "X 5 4,W_U 4 6,W_V 4 5,base 1 6,W_O 6 4,", "W_V: its 5 columns must be the 6 of W_U (e)"},
    {"gau", "", "X 5 4,W_U 3 6,W_V 4 6,base 1 6,W_O 6 4,", "W_U: its 3 rows must match the 4 columns of X"},
    {"gau", "", "X 5 4,W_U 4 6,W_V 4 6,base 1 5,W_O 6 4,", "base: its shape [1, 1, 5] must be [6]"},
    {"gau", "", "X 5 4,W_U 4 6,W_V 4 6,base 1 6,W_O 5 4,", "W_O: its 5 rows must match the 6 columns of mixed"},
    {"gau", "form=squared_relu", SQUARED "memory 3 4,", "memory: only form=gated_softmax uses it"},
    {"gau", "form=squared_relu", SQUARED "beta_K 1 4,", "beta_K: its shape [1, 1, 4] must be [3]"},
    {"location_aware", "", "queries 3 4,memory 5 6,F 2 4," HEARD, "F: its width 4 must be odd"},
    {"location_aware", "", "queries 3 4,memory 5 6,F 3 3," HEARD, "U: its 2 rows must match the 3 windows of F (c)"},
    {"location_aware", "", "queries 3 3,memory 5 6,F 2 3," HEARD,
     "W_Q: its 4 rows must match the 3 columns of queries"},
    {"location_aware", "", "queries 3 4,memory 5 6,F 2 3," HEARD "v_A 1 4,", "v_A: its shape [1, 1, 4] must be [5]"},
    {"location_aware", "", "queries 3 4,F 2 3," HEARD, "memory: missing"},
    {"seq2seq", "context=general", "X 5 4,Y 3 5," READ, "W_A: missing; context=general needs it, [d_h, d_h]"},
    {"seq2seq", "context=general", "X 5 4,Y 3 5,W_A 3 4," READ,
     "W_A: its 4 columns must match the 3 numbers of a state"},
    {"seq2seq", "context=additive", "X 5 4,Y 3 5,W_1 3 2,W_2 3 4,v_A 1 4," READ,
     "W_1: its 2 columns must match the 4 columns of W_2 (a)"},
    {"seq2seq", "", "X 5 4,Y 3 5," READ "V_xh 5 4,", "b_s: its shape [1, 1, 3] must be [4]"},
    {"seq2seq", "", "X 5 4,Y 3 5," READ "W_hh 3 2,", "W_hh: its 2 columns must match the 3 numbers of a state (d_h)"},
    {"seq2seq", "", "X 5 3,Y 3 5," READ, "W_xh: its 4 rows must match the 3 columns of X"},
    {"block", "heads=2", LAYER "W_O 8 3,", "W_O: its 3 columns must be the 4 of X (d_model)"},
    {"block", "heads=2", LAYER "W_F2 7 5,b_F2 1 5,", "W_F2: its 5 columns must be the 4 of X (d_model)"},
    {"block", "heads=2", LAYER "gamma_2 1 5,", "gamma_2: its shape [1, 1, 5] must be [4]"},
    {"block", "heads=2 evaluation=incremental", LAYER, "evaluation=incremental needs mask=causal"},
    {"block", "heads=2 kv_heads=3", LAYER, "kv_heads=3"},
    {"block", "", WORDS, "gamma_1: missing"},
    {"conformer", "heads=2", SPEECH ATTENDED "D 4 4,", "D: its width 4 must be odd"},
    {"conformer", "heads=2", SPEECH ATTENDED "D 3 3,", "D: its 3 rows must match the 4 columns of X (d_model)"},
    {"conformer", "heads=2", SPEECH ATTENDED "D 4 3,W_P1 4 6,b_P1 1 6,", "W_P1: its 6 columns must be 8 (2*d_model)"},
    {"conformer", "heads=2", SPEECH ATTENDED "D 4 3,W_O 8 5,", "W_O: its 5 columns must be the 4 of X (d_model)"},
    {"conformer", "heads=2", SPEECH ATTENDED, "D: missing"},
};

static void a_tensor_that_does_not_fit_is_named_with_what_was_wanted(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof misfits / sizeof misfits[0]; i++) {
        struct named_tensors in = tensors_of(misfits[i].tensors);
        struct tape tape;
        struct qkv_err err = try_run(misfits[i].mechanism, misfits[i].settings, &in, &tape);
        if (!err.code || !strstr(err.what, misfits[i].message))
            fail_msg("%s %s: \"%s\"; wanted \"%s\"", misfits[i].mechanism, misfits[i].settings, err.what,
                     misfits[i].message);
        assert_int_equal(tape.n, 0);
        named_tensors_finish(&in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mechanism_has_cases_and_a_whole_row),
        cmocka_unit_test(every_step_has_words_a_symbol_of_its_own_and_a_listed_stage),
        cmocka_unit_test(every_cell_of_every_step_is_what_its_explanation_gives),
        cmocka_unit_test(every_output_that_is_promised_is_there),
        cmocka_unit_test(gradients_agree_with_finite_differences),
        cmocka_unit_test(behind_a_causal_mask_a_later_word_changes_no_earlier_row),
        cmocka_unit_test(linear_attention_gives_the_same_by_state_as_by_pairs),
        cmocka_unit_test(the_last_state_is_the_state_of_all_words),
        cmocka_unit_test(features_that_are_all_zero_give_zeros_not_nan),
        cmocka_unit_test(random_features_approach_softmax),
        cmocka_unit_test(a_gate_that_is_shut_leaves_the_words_own_numbers),
        cmocka_unit_test(without_location_the_order_of_queries_does_not_matter),
        cmocka_unit_test(with_one_word_to_read_all_contexts_are_the_last_state),
        cmocka_unit_test(a_layer_that_finds_nothing_hands_on_what_it_got),
        cmocka_unit_test(the_attention_of_a_block_is_that_of_attention),
        cmocka_unit_test(every_standardised_row_has_mean_0_and_spread_1),
        cmocka_unit_test(labels_of_words_reach_what_is_made_of_them),
        cmocka_unit_test(a_tensor_that_does_not_fit_is_named_with_what_was_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
