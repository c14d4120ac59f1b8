/* memory_test.c: wherever memory runs out, the core says so, gives back what it took, and works the next time. */
#include "support/check.h"
#include "support/fail_alloc.h"

#include "core/mechanism.h"
#include "core/safetensors.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char saved[300]; /* where the computation writes its steps */

static struct qkv_err save_steps(const struct tape *tape)
{
    struct named_tensors steps = {0};
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < tape->n; i++) {
        struct tensor copy = {0};
        err = tensor_copy(&copy, &tape->steps[i].value);
        if (!err.code)
            err = named_tensors_add(&steps, tape->steps[i].spec.name, &copy);
        tensor_finish(&copy);
    }
    if (!err.code)
        err = safetensors_write(saved, &steps);
    named_tensors_finish(&steps);
    return err;
}

static struct qkv_err explain_all(const struct tape *tape)
{
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < tape->n; i++) {
        struct explanation e = {0};
        err = tape_explain(tape, (int)i, 0, 0, 0, &e);
        explanation_finish(&e);
    }
    return err;
}

/* All that the core does for one case: read, compute, explain, differentiate, write. */
static struct qkv_err whole_run(const char *name)
{
    char path[512];
    struct named_tensors in = {0}, seeds = {0}, grads = {0};
    struct tape tape = {0};
    const struct mechanism *m = mechanism_find("attention");
    struct settings s = settings_default(m->settings, m->n_settings);
    struct qkv_err err = settings_set(&s, "heads", "2");
    snprintf(path, sizeof path, "%s/reference/%s.in.safetensors", getenv("QKV_TESTS"), name);
    if (!err.code)
        err = safetensors_read(path, &in);
    if (!err.code)
        err = mechanism_record(m, &s, &in, &tape);
    if (!err.code)
        err = explain_all(&tape);
    if (!err.code)
        err = save_steps(&tape);
    if (!err.code)
        err = tape_backward(&tape, &seeds, &grads);
    named_tensors_finish(&in);
    named_tensors_finish(&seeds);
    named_tensors_finish(&grads);
    tape_finish(&tape);
    return err;
}

static void every_allocation_may_fail_once(void **state)
{
    (void)state;
    const char *folder = getenv("TMPDIR");
    snprintf(saved, sizeof saved, "%s/qkv-memory-XXXXXX", folder ? folder : "/tmp");
    int fd = mkstemp(saved);
    assert_true(fd >= 0);
    close(fd);
    fail_alloc_at(0);
    assert_ok(whole_run("mask_row_blocked"));
    long allocations = fail_alloc_count();
    assert_true(allocations > 100);
    for (long n = 1; n <= allocations; n++) {
        fail_alloc_at(n);
        struct qkv_err err = whole_run("mask_row_blocked");
        fail_alloc_at(0);
        /* The JSON reader calls a header that it has no memory for malformed; all else says what it is. */
        if (err.code != QKV_ERR_NOMEM && err.code != QKV_ERR_SYNTAX)
            fail_msg("allocation %ld of %ld: code %d, \"%s\"", n, allocations, (int)err.code, err.what);
        assert_true(strlen(err.what) > 0);
    }
    assert_ok(whole_run("mask_row_blocked"));
    unlink(saved);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
