/* replay_test.c: computing what was recorded: in slices, with other numbers, stopped, by several threads. That the bits
 * stay is checked by record_run.c on whatever the other tests record. */
#include "support/check.h"

#include "base/thread.h"
#include "core/record_run.h"
#include "support/fail_alloc.h"

/* Large enough for several blocks of rows and several threads. */
#define LARGE "X 90 64,W_Q 64 64,W_K 64 64,W_V 64 64,W_O 64 64,"

static struct tape begin(const struct named_tensors *in)
{
    const struct mechanism *m = mechanism_find("attention");
    struct settings s = run_settings(m, "heads=8");
    OWN(named_tensors) copy = copy_tensors(in);
    struct tape tape = {0};
    assert_ok(mechanism_begin(m, &s, &copy, &tape));
    return tape;
}

static bool same_numbers(const struct tape *a, const struct tape *b)
{
    bool same = a->n == b->n;
    for (size_t i = 0; i < a->n && same; i++)
        same = memcmp(a->steps[i].value.v, b->steps[i].value.v, tensor_cells(&a->steps[i].value) * sizeof(double)) == 0;
    return same;
}

TEST(a_step_of_many_rows_is_computed_in_slices_by_any_number_of_threads)
{
    OWN(named_tensors) in = run_tensors(LARGE);
    OWN(tape) whole = begin(&in);
    assert_ok(tape_run(&whole, TAPE_ALL));
    for (unsigned threads = 1; threads <= 4; threads++) {
        OWN(tape) sliced = begin(&in);
        struct progress progress = {.threads = threads};
        size_t slices = 0;
        sliced.progress = &progress;
        for (; !tape_is_computed(&sliced); slices++)
            assert_ok(tape_run(&sliced, 50));
        assert_true(slices > 2 * sliced.n);
        assert_true(same_numbers(&sliced, &whole));
    }
}

/* So large that its steps are computed together, some rows at a time. */
#define TOGETHER "X 170 12,W_Q 12 12,W_K 12 12,W_V 12 12,W_O 12 4,"

TEST(steps_computed_together_have_the_bits_of_one_after_the_other)
{
    OWN(named_tensors) in = run_tensors(TOGETHER);
    const struct mechanism *m = mechanism_find("attention");
    static const char *const settings[] = {"heads=6", "heads=6 mask=causal", "heads=6 normaliser=sparsemax",
                                           "heads=6 bias=alibi temperature=2"};
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        for (unsigned threads = 1; threads <= 3; threads += 2) {
            struct settings s = run_settings(m, settings[i]);
            OWN(named_tensors) copy = copy_tensors(&in);
            OWN(tape) together = {0}, sliced = {0};
            struct progress progress = {.threads = threads};
            together.progress = &progress;
            assert_ok(mechanism_record(m, &s, &copy, &together));
            size_t total = tape_amount(&together);
            assert_true(progress.done > total / 10 * 9 && progress.done < total / 10 * 11);
            together.progress = NULL;
            assert_ok(record_copy(m, &s, &in, 1000, &sliced));
            assert_true(same_numbers(&together, &sliced));
        }
}

TEST(an_error_in_steps_computed_together_is_that_of_the_first_and_nothing_behind_it_is_computed)
{
    OWN(named_tensors) in = run_tensors(TOGETHER);
    const struct mechanism *m = mechanism_find("attention");
    struct settings s = run_settings(m, "heads=6");
    run_fill(&in, "W_Q", 1e200);
    run_fill(&in, "W_K", 1e200);
    OWN(named_tensors) copy = copy_tensors(&in);
    OWN(tape) tape = {0};
    assert_ok(mechanism_begin(m, &s, &copy, &tape));
    struct qkv_err err = tape_run(&tape, TAPE_ALL);
    assert_int_equal(err.code, QKV_ERR_DOMAIN);
    assert_true(strncmp(err.what, "scores, from Q_heads and K_heads: ", 34) == 0);
    for (int i = tape_find(&tape, "scores"); i < (int)tape.n; i++)
        assert_true(tape.steps[i].spec.op == OP_INPUT || tape.steps[i].computed.rows == 0);
}

TEST(slices_are_about_as_long_as_asked)
{
    OWN(named_tensors) in = run_tensors(LARGE);
    OWN(tape) tape = begin(&in);
    struct progress progress = {0};
    size_t whole = tape_amount(&tape), before = 0;
    tape.progress = &progress;
    while (!tape_is_computed(&tape)) {
        assert_ok(tape_run(&tape, whole / 10));
        assert_true(progress.done - before < whole / 5);
        before = progress.done;
    }
    assert_true(progress.done > whole / 10 * 9 && progress.done < whole / 10 * 11);
}

TEST(computing_that_was_stopped_goes_on_where_it_was)
{
    OWN(named_tensors) in = run_tensors(LARGE);
    OWN(tape) whole = begin(&in), stopped = begin(&in);
    struct progress progress = {0};
    assert_ok(tape_run(&whole, TAPE_ALL));
    stopped.progress = &progress;
    assert_ok(tape_run(&stopped, 500));
    progress.cancel = true;
    assert_error(tape_run(&stopped, TAPE_ALL), QKV_ERR_CANCELLED, "stopped before it was done");
    assert_false(tape_is_computed(&stopped));
    progress.cancel = false;
    assert_ok(tape_run(&stopped, TAPE_ALL));
    assert_true(same_numbers(&stopped, &whole));
}

TEST(only_what_is_made_of_changed_numbers_is_computed_again)
{
    OWN(named_tensors) in = run_tensors("WORDS");
    OWN(tape) tape = run_mechanism("attention", "heads=2", &in);
    struct progress progress = {0};
    assert_true(tape_replay(&tape, &in));
    assert_true(tape_is_computed(&tape));
    run_fill(&in, "W_O", 0.5);
    assert_true(tape_replay(&tape, &in));
    for (size_t i = 0; i < tape.n; i++)
        assert_true(tape.steps[i].changed ==
                    (strcmp(tape.steps[i].spec.name, "W_O") == 0 || strcmp(tape.steps[i].spec.name, "output") == 0));
    tape.progress = &progress;
    assert_ok(tape_run(&tape, TAPE_ALL));
    assert_int_equal(progress.done, tape_step_amount(&tape, tape_find(&tape, "output")));
}

TEST(one_input_is_changed_in_place_and_the_others_keep_their_numbers)
{
    OWN(named_tensors) in = run_tensors("WORDS");
    OWN(tape) tape = run_mechanism("attention", "heads=2", &in), anew = {0};
    struct tensor *x = run_input(&in, "X");
    int step = tape_find(&tape, "X");
    x->v[3] += 1;
    long allocations = fail_alloc_count();
    assert_true(tape_put(&tape, step, x));
    assert_false(tape_is_computed(&tape));
    assert_ok(tape_run(&tape, TAPE_ALL));
    assert_int_equal(fail_alloc_count(), allocations);
    anew = run_mechanism("attention", "heads=2", &in);
    assert_true(same_numbers(&tape, &anew));
    assert_false(tape_put(&tape, step, run_input(&in, "W_Q"))); /* another shape */
    assert_false(tape_put(&tape, tape_find(&tape, "Q"), x));    /* no input */
    assert_true(same_numbers(&tape, &anew) && tape_is_computed(&tape));
}

static void check_refused(struct tape *tape, const struct named_tensors *in)
{
    assert_false(tape_replay(tape, in));
    assert_true(tape_is_computed(tape));
}

TEST(what_cannot_be_replayed_leaves_the_tape_as_it_was)
{
    OWN(named_tensors) in = run_tensors("WORDS mask 5 5,"), fewer = run_tensors("X 5 4,"), wider = run_tensors("WORDS");
    run_fill(&in, "mask", 1);
    OWN(tape) tape = run_mechanism("attention", "heads=2", &in);
    check_refused(&tape, &fewer);
    assert_true(tape_replay(&tape, &in));
    struct tensor *x = run_input(&in, "X"), *mask = run_input(&in, "mask");
    double kept = x->v[3];
    x->v[3] = NAN;
    check_refused(&tape, &in);
    x->v[3] = kept;
    mask->v[3] = 0.5; /* wanted: 1 or 0 */
    check_refused(&tape, &in);
    mask->v[3] = 0;
    assert_true(tape_replay(&tape, &in));
    static const char *const other[] = {"the", "cat", "sat", "on", "it"};
    x->axis[AXIS_ROW].labels = other; /* other words are another recording */
    OWN(tape) of_wider = run_mechanism("attention", "heads=2", &wider);
    check_refused(&of_wider, &in);
}

TEST(numbers_that_decided_what_was_recorded_are_not_replayed)
{
    OWN(named_tensors) in = run_tensors("WORDS mask 5 5,");
    run_fill(&in, "mask", 1);
    OWN(tape) tape = run_mechanism("attention", "heads=2 evaluation=tiles", &in);
    assert_true(tape.steps[tape_find(&tape, "mask")].read);
    run_fill(&in, "X", 0.25);
    assert_true(tape_replay(&tape, &in)); /* X decided nothing */
    assert_ok(tape_run(&tape, TAPE_ALL));
    run_input(&in, "mask")->v[1] = 0;
    check_refused(&tape, &in);
}
