/* core_memory_test.c: wherever memory runs out, the core says so, gives back what it took, and works the next time. */
#include "support/check.h"
#include "support/fail_alloc.h"
#include "support/scratch.h"

#include "core/record_run.h"
#include "core/safetensors.h"

static struct qkv_err explain_all(const struct tape *tape)
{
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < tape->n; i++) {
        OWN(explanation) e = {0};
        err = tape_explain(tape, (int)i, 0, 0, 0, &e);
    }
    return err;
}

/* What is computed, from a reference case's tensors. */
static const struct run {
    const char *name, *mechanism, *settings;
} runs[] = {
    {"mask_row_blocked", "attention", "heads=2"},
    {"mask_row_blocked", "attention", "heads=2 evaluation=tiles chunk=4 mask=causal,window:2,random:1:2 dropout=0.2"},
    {"mask_row_blocked", "attention", "heads=2 evaluation=query_chunks normaliser=sparsemax position=sinusoidal"},
    {"mask_row_blocked", "attention", "heads=2 evaluation=incremental mask=causal normaliser=hard bias=alibi"},
    {"linear_elu1_causal", "linear_attention", "causal=true"},
    {"gau_gated_softmax", "gau", "causal=true"},
    {"location_aware", "location_aware", ""},
    {"seq2seq_additive", "seq2seq", "context=additive"},
    {"torch_block_pre_relu", "block", "norm=post"},
    {"conformer", "conformer", "heads=2"},
};

/* All that the core does for one case: read, compute, explain, differentiate, write. */
static struct qkv_err whole_run(const struct run *run)
{
    OWN(named_tensors) in = {0}, seeds = {0}, grads = {0};
    OWN(tape) tape = {0};
    const struct mechanism *m = mechanism_find(run->mechanism);
    struct settings s = run_settings(m, run->settings);
    struct qkv_err err = safetensors_read(tests_path("reference/%s.in.safetensors", run->name), &in);
    if (!err.code)
        err = mechanism_record(m, &s, &in, &tape);
    if (!err.code)
        err = explain_all(&tape);
    if (!err.code)
        err = tape_save(&tape, in_scratch("steps"));
    if (!err.code)
        err = tape_backward(&tape, &seeds, &grads);
    return err;
}

TEST_ROWS_BY(every_allocation_may_fail_once, runs, run, mechanism)
{
    fail_alloc_at(0);
    assert_ok(whole_run(run));
    long allocations = fail_alloc_count();
    assert_true(allocations > 100);
    for (long n = 1; n <= allocations; n++) {
        fail_alloc_at(n);
        struct qkv_err err = whole_run(run);
        fail_alloc_at(0);
        /* The JSON reader calls a header that it has no memory for malformed; all else says what it is. */
        if (err.code != QKV_ERR_NOMEM && err.code != QKV_ERR_SYNTAX)
            fail_msg("%s %s, allocation %ld of %ld: code %d, \"%s\"", run->name, run->settings, n, allocations,
                     (int)err.code, err.what);
        assert_true(strlen(err.what) > 0);
    }
    assert_ok(whole_run(run));
}

TEST_GROUP(scratch_folder_make, scratch_folder_remove)
