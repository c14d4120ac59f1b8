/* mechanisms_test.c: what must hold for every mechanism, tried on settings and shapes beyond the reference cases. */
#include "core/explained.h"
#include "support/check.h"

#include "core/record_run.h"

#include <stdio.h>

struct mechanism_case {
    const char *mechanism, *settings, *tensors;
};

/* Where there is a mask, the first word may not look at itself: with mask=causal at nothing. */
static struct named_tensors tensors_of(const struct mechanism_case *c)
{
    struct named_tensors in = run_tensors(c->tensors);
    if (strstr(c->tensors, "mask"))
        run_input(&in, "mask")->v[0] = 0;
    return in;
}

/* A test of every case, on its inputs `in` and its `tape`. */
#define TEST_EVERY_CASE(fact)                                                                                          \
    static void fact##_case(const struct mechanism_case *c, struct named_tensors *in, struct tape *tape);              \
    TEST_TABLE(fact, mechanism_case, "core/mechanisms.tsv", c, settings)                                               \
    {                                                                                                                  \
        OWN(named_tensors) in = tensors_of(c);                                                                         \
        OWN(tape) tape = run_mechanism(c->mechanism, c->settings, &in);                                                \
        fact##_case(c, &in, &tape);                                                                                    \
    }                                                                                                                  \
    static void fact##_case(const struct mechanism_case *c, __attribute__((unused)) struct named_tensors *in,          \
                            struct tape *tape)

#define fail_case(c, format, ...) fail_msg("%s %s: " format, (c)->mechanism, (c)->settings, __VA_ARGS__)

/* ---- what must hold for all ---- */

static bool has_stage(const struct mechanism *m, enum stage stage)
{
    for (size_t i = 0; i < m->n_stages; i++)
        if (m->stages[i] == stage)
            return true;
    return stage == STAGE_INPUT;
}

static bool has_case[16]; /* by the index in mechanism_table */

TEST_EVERY_CASE(every_step_has_words_a_symbol_of_its_own_and_a_listed_stage)
{
    const struct mechanism *m = mechanism_find(c->mechanism);
    int mistakes = 0;
    for (size_t i = 0; mechanism_table[i]; i++)
        has_case[i] = has_case[i] || mechanism_table[i] == m;
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

TEST(every_mechanism_has_cases_and_a_whole_row)
{
    for (size_t k = 0; mechanism_table[k]; k++) {
        const struct mechanism *m = mechanism_table[k];
        if (!has_case[k])
            fail_msg("%s: no case", m->name);
        assert_true(m->source && m->record);
        assert_true(m->n_inputs > 0 && m->n_outputs > 0 && m->n_stages > 0);
        assert_true(m->n_settings <= SETTINGS_MAX);
        for (size_t i = 0; i < m->n_inputs; i++)
            for (size_t j = 0; j < i; j++)
                assert_string_not_equal(m->inputs[i].name, m->inputs[j].name);
    }
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
            value_of(tape, m->outputs[i].name);
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
    {"attention", "heads=2 mask=causal", "WORDS"},
    {"linear_attention", "heads=2 causal=true", "WORDS"},
    {"linear_attention", "heads=2 causal=true order=pairs feature_map=relu", "WORDS"},
    {"linear_attention", "heads=2 causal=true feature_map=favor", "WORDS omega 4 3,"},
    {"gau", "causal=true", "X 5 4,W_U 4 6,W_V 4 6,base 1 6,W_O 6 4,"},
    {"gau", "form=squared_relu causal=true", "SQUARED"},
    {"block", "heads=2 mask=causal", "LAYER"},
    {"block", "heads=2 mask=causal norm=post", "LAYER"},
};

TEST_ROWS_BY(behind_a_causal_mask_a_later_word_changes_no_earlier_row, causal_cases, c, settings)
{
    OWN(named_tensors) in = run_tensors(c->tensors);
    for (int k = 0; k < 2 && strstr(c->tensors, "SQUARED"); k++) /* so that some weights are above 0 */
        run_fill(&in, k ? "beta_K" : "beta_Q", 2);
    OWN(tape) before = run_mechanism(c->mechanism, c->settings, &in);
    for (size_t col = 0; col < 4; col++)
        *tensor_at(run_input(&in, "X"), 0, 3, col) += 1;
    OWN(tape) after = run_mechanism(c->mechanism, c->settings, &in);
    const struct tensor *was = value_of(&before, "output"), *is = value_of(&after, "output");
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
    const char *kind, *mechanism, *settings, *tensors, *message;
};

TEST_TABLE(what_does_not_fit_is_named_with_what_was_wanted, misfit, "core/misfits.tsv", m, message)
{
    enum qkv_code code = strcmp(m->kind, "shape") == 0 ? QKV_ERR_SHAPE : QKV_ERR_DOMAIN;
    OWN(named_tensors) in = run_tensors(m->tensors);
    struct tape tape;
    assert_error(run_try(m->mechanism, m->settings, &in, &tape), code, m->message);
    assert_true(tape.n == 0 && !tape.steps && !tape.names && !tape.arena.blocks);
}
