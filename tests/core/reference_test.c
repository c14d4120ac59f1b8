/* reference_test.c: the mechanisms give the numbers that other implementations gave.
 *
 * tests/reference/cases.tsv lists the cases. */
#include "support/check.h"

#include "core/record_run.h"
#include "core/safetensors.h"

struct reference_case {
    const char *name, *mechanism, *settings, *gradient; /* "gradient", or nothing */
};

static void read_tensors(const char *name, const char *kind, struct named_tensors *ret)
{
    assert_ok(safetensors_read_any(tests_path("reference/%s.%s.safetensors", name, kind), ret));
}

static void compare(const char *name, const char *tensor, const struct tensor *got, const struct tensor *want)
{
    if (!got)
        fail_msg("%s: %s is missing", name, tensor);
    char got_shape[TENSOR_SHAPE_TEXT], want_shape[TENSOR_SHAPE_TEXT];
    tensor_shape_text(got, got_shape);
    if (strcmp(got_shape, tensor_shape_text(want, want_shape)) != 0)
        fail_msg("%s: %s has the shape %s, wanted %s", name, tensor, got_shape, want_shape);
    double largest = 0;
    for (size_t i = 0; i < tensor_cells(want); i++)
        if (isfinite(want->v[i]) && fabs(want->v[i]) > largest)
            largest = fabs(want->v[i]);
    double tolerance = (strcmp(name, "large_scores") == 0 ? 2e-2 : 2e-5) * (1 + largest);
    for (size_t i = 0; i < tensor_cells(want); i++)
        if (got->v[i] != want->v[i] && !(fabs(got->v[i] - want->v[i]) <= tolerance))
            fail_msg("%s: cell %zu of %s is %.9g, wanted %.9g within %g", name, i, tensor, got->v[i], want->v[i],
                     tolerance);
}

static void compare_gradients(const char *name, const struct tape *tape, const struct named_tensors *want)
{
    OWN(named_tensors) seeds = {0}, got = {0};
    read_tensors(name, "gradient", &seeds);
    for (size_t i = 0; i < seeds.n; i++)
        memmove(seeds.v[i].name, seeds.v[i].name + 2, sizeof seeds.v[i].name - 2); /* without the d_ */
    assert_ok(tape_backward(tape, &seeds, &got));
    for (size_t i = 0; i < want->n; i++)
        if (strncmp(want->v[i].name, "d_", 2) == 0)
            compare(name, want->v[i].name, named_tensors_find(&got, want->v[i].name), &want->v[i].tensor);
}

/* Evaluations other than full have no whole scores and weights. */
static bool promised(const struct mechanism *m, const struct settings *settings, const char *name)
{
    if (strcmp(m->name, "attention") != 0 || settings_is(settings, "evaluation", "full"))
        return true;
    const char *there[] = {"Q", "K", "V", "heads", "concat", "output"};
    for (size_t i = 0; i < sizeof there / sizeof there[0]; i++)
        if (strcmp(there[i], name) == 0)
            return true;
    return false;
}

enum { CASES = 58 };
static int cases_run;

TEST_TABLE(every_case_gives_the_reference_numbers, reference_case, "reference/cases.tsv", c, name)
{
    const struct mechanism *m = mechanism_find(c->mechanism);
    assert_non_null(m);
    cases_run++;
    struct settings settings = run_settings(m, c->settings);
    OWN(named_tensors) in = {0}, want = {0};
    OWN(tape) tape = {0};
    read_tensors(c->name, "in", &in);
    read_tensors(c->name, "out", &want);
    check_replay(m, &settings, &in);
    assert_ok(mechanism_record(m, &settings, &in, &tape));
    for (size_t i = 0; i < want.n; i++) {
        if (strncmp(want.v[i].name, "d_", 2) == 0 || !promised(m, &settings, want.v[i].name))
            continue;
        int step = tape_find(&tape, want.v[i].name);
        compare(c->name, want.v[i].name, step < 0 ? NULL : &tape.steps[step].value, &want.v[i].tensor);
    }
    if (strcmp(c->gradient, "gradient") == 0)
        compare_gradients(c->name, &tape, &want);
}

TEST(there_are_as_many_cases_as_ever)
{
    assert_int_equal(cases_run, CASES);
}
