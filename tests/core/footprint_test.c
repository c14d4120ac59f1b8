/* footprint_test.c: what a computation takes is known before it is computed, and tiles and states take no more for each
 * token however many there are. */
#include "support/check.h"
#include "support/fail_alloc.h"

#include "core/costs.h"
#include "core/fold.h"
#include "core/footprint.h"
#include "core/record_run.h"

#include <stdio.h>
#include <stdlib.h>

enum { MB = 1000 * 1000 };

static struct named_tensors tokens(size_t n)
{
    char text[100];
    snprintf(text, sizeof text, "X %zu 16,W_Q 16 16,W_K 16 16,W_V 16 16,", n);
    return run_tensors(text);
}

/* Recorded from a copy of the inputs, without memory for its steps. */
static struct tape record_bare(const char *mechanism, const char *settings, const struct named_tensors *in)
{
    const struct mechanism *m = mechanism_find(mechanism);
    struct settings s = run_settings(m, settings);
    OWN(named_tensors) copy = copy_tensors(in);
    struct tape tape = {.bare = true, .cells_most = SIZE_MAX};
    assert_ok(mechanism_begin(m, &s, &copy, &tape));
    return tape;
}

static size_t input_cells(const struct tape *tape)
{
    size_t cells = 0;
    for (size_t i = 0; i < tape->n; i++)
        cells += tape->steps[i].spec.op == OP_INPUT ? tensor_cells(&tape->steps[i].value) : 0;
    return cells;
}

static const struct way {
    const char *name, *mechanism, *settings;
    bool flat;      /* what is held at once for a token does not depend on how many there are */
    bool flat_kept; /* nor what a walk keeps, which is all steps */
} ways[] = {
    {"all pairs", "attention", "heads=2", false, false},
    {"tiles", "attention", "heads=2 evaluation=tiles chunk=32", true, false},
    {"queries in chunks", "attention", "heads=2 evaluation=query_chunks chunk=32", true, false},
    {"linear attention", "linear_attention", "heads=2", true, true},
    {"linear attention, causal", "linear_attention", "heads=2 causal=true", true, true},
};

/* Of the least and the most of what four lengths give for a token. */
static bool is_flat(const double per_token[4])
{
    double least = per_token[0], most = per_token[0];
    for (int i = 1; i < 4; i++)
        least = fmin(least, per_token[i]), most = fmax(most, per_token[i]);
    return most <= 1.25 * least; /* all pairs: about 8 */
}

TEST_ROWS(what_is_held_for_a_token_does_not_grow_with_the_tokens_but_for_all_pairs, ways, way)
{
    double held[4], allocated[4], folded[4];
    for (int i = 0; i < 4; i++) {
        size_t n = (size_t)128 << i, cells;
        OWN(named_tensors) in = tokens(n);
        OWN(tape) tape = run_mechanism(way->mechanism, way->settings, &in);
        struct costs costs;
        assert_ok(tape_costs(&tape, &costs));
        held[i] = costs.held / (double)n;
        /* The tape has memory for its numbers and a little for names: what recording said. */
        double said = (double)(tape.cells - input_cells(&tape)) * sizeof(double);
        double there = (double)arena_bytes(&tape.arena);
        if (!(there >= said && there <= 1.1 * said + 32 * 1024))
            fail_msg("%zu tokens: %.0f bytes allocated, %.0f said", n, there, said);
        allocated[i] = there / (double)n;
        assert_ok(fold_cells(&tape, &cells));
        folded[i] = (double)cells / (double)n;
    }
    if (is_flat(held) != way->flat || is_flat(allocated) != way->flat_kept || is_flat(folded) != way->flat)
        fail_msg("bytes for a token, at 128 and 1024 tokens: held %.0f, %.0f; kept %.0f, %.0f; folded %.0f, %.0f",
                 held[0], held[3], allocated[0], allocated[3], 8 * folded[0], 8 * folded[3]);
}

TEST_ROWS(recording_takes_no_memory_for_numbers_and_says_what_they_will_take, ways, way)
{
    enum { TOKENS = 512 };
    struct footprint said = {0};
    OWN(named_tensors) in = tokens(TOKENS);
    OWN(tape) whole = run_mechanism(way->mechanism, way->settings, &in);
    OWN(tape) bare = record_bare(way->mechanism, way->settings, &in);
    footprint_add(&said, &bare);
    assert_int_equal(said.bytes, whole.cells * sizeof(double));
    for (size_t i = 0; i < bare.n; i++)
        assert_true(!bare.steps[i].value.v == (bare.steps[i].spec.op != OP_INPUT));
    assert_ok(tape_furnish(&bare));
    assert_ok(tape_run(&bare, TAPE_ALL));
    for (size_t i = 0; i < bare.n; i++)
        assert_memory_equal(bare.steps[i].value.v, whole.steps[i].value.v,
                            tensor_cells(&whole.steps[i].value) * sizeof(double));
}

TEST_ROWS(a_folded_run_gives_the_same_bits_and_takes_what_was_said, ways, way)
{
    enum { TOKENS = 512 };
    size_t cells, pieces = 0;
    OWN(named_tensors) in = tokens(TOKENS);
    OWN(tape) whole = run_mechanism(way->mechanism, way->settings, &in);
    OWN(tape) tape = record_bare(way->mechanism, way->settings, &in);
    assert_ok(fold_cells(&tape, &cells));
    double said = (double)(cells - input_cells(&tape)) * sizeof(double);
    arenas_trim();
    fail_alloc_most_begin();
    assert_ok(fold_run(&tape));
    double most = (double)fail_alloc_most();
    if (!(most >= 0.8 * said && most <= 1.1 * said + 256 * 1024)) /* what is kept is not all there from the start */
        fail_msg("%.0f bytes at once, %.0f said", most, said);
    assert_true(tape_is_computed(&tape));
    for (size_t i = 0; i < tape.n; i++) {
        const struct tensor *value = &tape.steps[i].value;
        if (value->v)
            assert_memory_equal(value->v, whole.steps[i].value.v, tensor_cells(value) * sizeof(double));
        pieces += !value->v;
        assert_true(value->v || tape.steps[i].spec.part);
    }
    assert_true((pieces > 0) == (strstr(way->settings, "chunk") != NULL));
    assert_non_null(value_of(&tape, "heads")->v);
}

TEST(masked_tiles_are_folded_too)
{
    const struct mechanism *m = mechanism_find("attention");
    struct settings s = run_settings(m, "heads=2 evaluation=tiles chunk=8 mask=causal,window:9");
    OWN(named_tensors) in = tokens(40), copy = copy_tensors(&in);
    OWN(tape) whole = {0}, tape = {.bare = true, .cells_most = SIZE_MAX};
    assert_ok(mechanism_record(m, &s, &copy, &whole));
    assert_ok(mechanism_begin(m, &s, &in, &tape));
    assert_ok(fold_run(&tape));
    assert_memory_equal(value_of(&tape, "heads")->v, value_of(&whole, "heads")->v,
                        tensor_cells(value_of(&whole, "heads")) * sizeof(double));
}

/* ---- the limit ---- */

TEST(more_than_a_tape_may_have_is_counted_and_takes_no_memory)
{
    const struct mechanism *m = mechanism_find("attention");
    struct settings s = run_settings(m, "heads=8");
    OWN(named_tensors) in = tokens(4096);
    OWN(tape) tape = {.cells_most = 20 * MB};
    struct footprint all = {0};
    fail_alloc_most_begin();
    assert_ok(mechanism_begin(m, &s, &in, &tape));
    assert_true(fail_alloc_most() < 200 * (long)MB);
    assert_true(tape.bare);
    footprint_add(&all, &tape);
    OWN(str) text = {0};
    footprint_text(&all, &text);
    assert_string_equal(str_text(&text), "4.3 GB: 18 steps, the largest 8 heads of 4,096 x 4,096");
}

static const struct check_case {
    const char *name;
    size_t bytes, held, limit;
    const char *wanted; /* NULL: it may be computed */
} checks[] = {
    {"as much as there may be", 5 * MB, 0, 5 * MB, NULL},
    {"as much as is left", 3 * MB, 2 * MB, 5 * MB, NULL},
    {"a byte too much", 5 * MB + 1, 0, 5 * MB,
     "it would keep 5.0 MB: 1 steps, the largest 2 x 3; 5.0 MB may be kept here, as QKV_MEMORY says: take fewer "
     "tokens, or "
     "set QKV_MEMORY=1G"},
    {"beside what is shown", 4 * MB, 2 * MB, 5 * MB, "; 3.0 MB more may be kept here"},
    {"more is held than there may be", 1, 6 * MB, 5 * MB, "; 0 bytes more may be kept here"},
    {"more than the machine has is not advised", SIZE_MAX / 4, 0, 5 * MB, "says: take fewer tokens"},
};

TEST_ROWS(what_does_not_fit_is_an_error_with_what_to_do, checks, row)
{
    const struct footprint all = {row->bytes, 1, {1, 2, 3}};
    const struct memory_limit limit = {row->limit, true};
    struct qkv_err err = footprint_check(&all, row->held, &limit, "take fewer tokens");
    if (!row->wanted)
        assert_ok(err);
    else
        assert_error(err, QKV_ERR_LIMIT, row->wanted);
    assert_true(strlen(err.what) + 1 < sizeof err.what);
}

/* ---- the machine ---- */

static const struct size_case {
    const char *name;
    size_t bytes; /* 0: it is none */
} given[] = {
    {"4G", (size_t)4000 * MB},
    {"1.5GB", (size_t)1500 * MB},
    {"500M", (size_t)500 * MB},
    {"64k", 64000},
    {"64K", 64000},
    {"65536", 65536},
    {"", 0},
    {"G", 0},
    {"-1G", 0},
    {"4 G", 0},
    {"4X", 0},
    {"0", 0},
    {"1e30", 0},
    {"nan", 0},
    {"4GG", 0},
};

TEST_ROWS(a_size_is_read_or_refused, given, row)
{
    size_t bytes = 0;
    assert_int_equal(bytes_read(row->name, &bytes), row->bytes > 0);
    assert_int_equal(bytes, row->bytes);
}

static const struct written_case {
    const char *name;
    size_t n;
    bool count;
} written[] = {
    {"0 bytes", 0, false},
    {"999 bytes", 999, false},
    {"1.0 kB", 1000, false},
    {"640 MB", 640 * MB, false},
    {"1.2 GB", (size_t)1249 * MB, false},
    {"100 GB", (size_t)100 * 1000 * MB, false},
    {"1.0 MB", 999900, false},
    {"4,096", 4096, true},
    {"999", 999, true},
    {"1,048,576", 1 << 20, true},
};

TEST_ROWS(bytes_and_counts_are_written_to_be_read, written, row)
{
    char text[BYTES_TEXT];
    assert_string_equal(row->count ? count_text(row->n, text) : bytes_text(row->n, text), row->name);
}

TEST(the_limit_is_half_of_the_memory_unless_the_environment_says_another)
{
    struct memory_limit limit;
    unsetenv("QKV_MEMORY");
    assert_true(memory_physical() > 64 * MB);
    assert_ok(memory_limit(&limit));
    assert_int_equal(limit.bytes, memory_physical() / MEMORY_SHARE);
    assert_false(limit.given);
    setenv("QKV_MEMORY", "300M", 1);
    assert_ok(memory_limit(&limit));
    assert_int_equal(limit.bytes, 300 * MB);
    assert_true(limit.given);
    setenv("QKV_MEMORY", "much", 1);
    assert_error(memory_limit(&limit), QKV_ERR_DOMAIN, "QKV_MEMORY: 'much' is no size; wanted one such as 4G or 500M");
    unsetenv("QKV_MEMORY");
}
