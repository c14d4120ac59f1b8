/* untaped_test.c: attention without a tape gives what the mechanisms give, for as many operations. */
#include "core/record_run.h"
#include "support/check.h"

#include "core/costs.h"
#include "core/untaped.h"
#include "core/untaped_times.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t lengths[] = {1, 2, 16, 31, 33, 64, 65, 100, 130}, widths[] = {1, 4, 9};
enum { LENGTHS = sizeof lengths / sizeof lengths[0], WIDTHS = sizeof widths / sizeof widths[0] };

static const struct way {
    const char *name;
    enum untaped way;
    const char *mechanism, *settings;
} ways[] = {
    {"softmax", UNTAPED_SOFTMAX, "attention", ""},
    {"tiles", UNTAPED_TILES, "attention", "evaluation=tiles chunk=64"},
    {"a window", UNTAPED_WINDOW, "attention", "mask=window:32"},
    {"low rank", UNTAPED_LOW_RANK, "attention", "low_rank=true"},
    {"linear", UNTAPED_LINEAR, "linear_attention", ""},
    {"a cache", UNTAPED_CACHED, "attention", "evaluation=incremental mask=causal"},
};

static struct tape record(const struct way *w, size_t n, size_t d)
{
    char text[200];
    snprintf(text, sizeof text, "X %zu %zu,W_Q %zu %zu,W_K %zu %zu,W_V %zu %zu,", n, d, d, d, d, d, d, d);
    OWN(named_tensors) in = run_tensors(text);
    snprintf(text, sizeof text, "E %d %zu,F %d %zu,", UNTAPED_RANK, n, UNTAPED_RANK, n);
    if (w->way == UNTAPED_LOW_RANK)
        run_add(&in, text);
    return run_mechanism(w->mechanism, w->settings, &in);
}

/* A matrix of the tape, its rows as columns. */
static double *turned(const struct tape *tape, const char *name)
{
    int step = tape_find(tape, name);
    if (step < 0)
        return NULL;
    const struct tensor *t = &tape->steps[step].value;
    size_t rows = t->axis[AXIS_ROW].size, cols = t->axis[AXIS_COL].size;
    double *ret = malloc(rows * cols * sizeof *ret);
    assert_non_null(ret);
    for (size_t i = 0; i < rows * cols; i++)
        ret[i % cols * rows + i / cols] = t->v[i];
    return ret;
}

static void compare_results(const struct way *w, const struct tape *tape, size_t n, size_t d)
{
    enum { GUARD = 8 };
    const double unwritten = -12345;
    const struct tensor *want = value_of(tape, "heads");
    size_t size = untaped_work(w->way, n, d);
    double *e = turned(tape, "E"), *f = turned(tape, "F"), *work = malloc((size + GUARD) * sizeof *work),
           *result = malloc((n * d + GUARD) * sizeof *result);
    assert_true(work && result);
    for (size_t i = 0; i < GUARD; i++)
        work[size + i] = result[n * d + i] = unwritten;
    const struct untaped_input in = {n, d, value_of(tape, "Q")->v, value_of(tape, "K")->v, value_of(tape, "V")->v,
                                     e, f};
    assert_true(untaped_run(w->way, &in, NULL, work, result));
    for (size_t i = 0; i < n * d; i++)
        if (!(fabs(result[i] - want->v[i]) <= 1e-11 * (1 + fabs(want->v[i]))))
            fail_msg("n %zu, d %zu: number %zu is %.17g, not %.17g", n, d, i, result[i], want->v[i]);
    for (size_t i = 0; i < GUARD; i++)
        assert_true(work[size + i] == unwritten && result[n * d + i] == unwritten);
    free(e);
    free(f);
    free(work);
    free(result);
}

TEST_ROWS(the_result_is_the_mechanisms, ways, w)
{
    for (size_t i = 0; i < LENGTHS * WIDTHS; i++) {
        size_t n = lengths[i / WIDTHS], d = widths[i % WIDTHS];
        OWN(tape) tape = record(w, n, d);
        compare_results(w, &tape, n, d);
    }
}

/* What the tape counts, without the projections. */
static double counted(const struct tape *tape)
{
    static const char *const projections[] = {"Q", "K", "V"};
    struct costs costs;
    assert_ok(tape_costs(tape, &costs));
    for (size_t i = 0; i < 3; i++)
        costs.operations -= tape_cost(tape, tape_find(tape, projections[i])).flops;
    return costs.operations;
}

/* One query and so many keys. */
static double counted_of_row(size_t keys, size_t d)
{
    char text[200];
    snprintf(text, sizeof text, "X 1 %zu,memory %zu %zu,W_Q %zu %zu,W_K %zu %zu,W_V %zu %zu,", d, keys, d, d, d, d, d,
             d, d);
    OWN(named_tensors) in = run_tensors(text);
    OWN(tape) tape = run_mechanism("attention", "", &in);
    return counted(&tape);
}

TEST_ROWS(the_operations_are_those_that_a_tape_counts, ways, w)
{
    for (size_t i = 0; i < LENGTHS * WIDTHS; i++) {
        size_t n = lengths[i / WIDTHS], d = widths[i % WIDTHS];
        double want = 0, got = untaped_operations(w->way, n, d);
        OWN(tape) tape = record(w, n, d);
        if (w->way != UNTAPED_WINDOW)
            want = counted(&tape);
        /* The tape counts the pairs that are blocked, too: here each query meets the keys that it sees. */
        for (size_t r = 0; w->way == UNTAPED_WINDOW && r < n; r++) {
            size_t from = r > UNTAPED_WINDOW_EACH ? r - UNTAPED_WINDOW_EACH : 0,
                   end = r + UNTAPED_WINDOW_EACH + 1 < n ? r + UNTAPED_WINDOW_EACH + 1 : n;
            want += counted_of_row(end - from, d);
        }
        if (got != want)
            fail_msg("n %zu, d %zu: %.0f operations, and %.0f were counted", n, d, got, want);
    }
}

TEST(only_softmax_and_the_cache_work_in_more_for_longer_texts)
{
    for (int way = 0; way < UNTAPED_COUNT; way++)
        assert_int_equal(untaped_work(way, 16384, 64) > untaped_work(way, 8192, 64),
                         way == UNTAPED_SOFTMAX || way == UNTAPED_CACHED);
    assert_int_equal(untaped_work(UNTAPED_SOFTMAX, 16384, 64), (size_t)16384 * 16384);
}

TEST(a_run_that_is_cancelled_says_so)
{
    atomic_bool cancel = true;
    static double x[4 * UNTAPED_RANK], work[8192], result[16];
    const struct untaped_input in = {4, 4, x, x, x, x, x};
    for (int way = 0; way < UNTAPED_COUNT; way++) {
        assert_true(untaped_work(way, 4, 4) <= sizeof work / sizeof work[0]);
        assert_false(untaped_run(way, &in, &cancel, work, result));
    }
}

/* ---- crossings ---- */

TEST(by_formula_linear_is_cheaper_than_softmax_from_its_crossing_on)
{
    static const size_t usual[] = {16, 64, 256};
    for (size_t i = 0; i < 3; i++) {
        size_t d = usual[i], at = untaped_crossing(UNTAPED_LINEAR, d);
        assert_true(at > UNTAPED_SHORTEST && at < 2 * d);
        for (size_t n = UNTAPED_SHORTEST; n <= UNTAPED_LONGEST; n += n < 1024 ? 1 : 997)
            assert_int_equal(untaped_operations(UNTAPED_LINEAR, n, d) < untaped_operations(UNTAPED_SOFTMAX, n, d),
                             n >= at);
    }
    assert_int_equal(untaped_crossing(UNTAPED_TILES, 64), 0);
    assert_int_equal(untaped_crossing(UNTAPED_CACHED, 64), UNTAPED_SHORTEST);
}

static const struct crossing_case {
    const char *name;
    float softmax[4], linear[4]; /* for 16, 32, 64, 128 */
    double want;
} crossings[] = {
    {"half way on logarithmic axes", {1, 4, 16, 64}, {4, 8, 8, 16}, 32 * 1.4142135623730951},
    {"on a length that was measured", {1, 4, 16, 64}, {2, 4, 8, 16}, 32},
    {"from the shortest on", {2, 4, 16, 64}, {1, 2, 4, 8}, 16},
    {"never", {1, 2, 4, 8}, {2, 4, 8, 16}, 0},
    {"the last of several", {2, 4, 16, 64}, {1, 8, 8, 16}, 32 * 1.4142135623730951},
    {"up to where both were measured", {1, 4, 16, UNTAPED_TOO_LARGE}, {4, 8, 8, 16}, 32 * 1.4142135623730951},
    {"nothing was measured", {0}, {0}, 0},
};

TEST_ROWS(measured_crossings, crossings, c)
{
    struct untaped_times times = {.d = 64};
    memcpy(times.seconds[UNTAPED_SOFTMAX], c->softmax, sizeof c->softmax);
    memcpy(times.seconds[UNTAPED_LINEAR], c->linear, sizeof c->linear);
    assert_close(untaped_crossing_measured(&times, UNTAPED_LINEAR), c->want, 1e-9);
    assert_true(untaped_crossing_measured(&(struct untaped_times){0}, UNTAPED_LINEAR) == 0);
}
