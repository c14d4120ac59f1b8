/* bench_core.c: how long forward and backward passes take, beside what the same operations would take at the machine's
 * peak. Medians: of one thread in its own time, of two by the clock. */
#include "base/memory.h"
#include "cli/bench.h"
#include "core/costs.h"
#include "core/mechanism.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { RUNS_MAX = 500, RUNS_LEAST = 3, LONG = 4, WIDTH = 64 /* of linear attention */ };

/* A figure takes about so long. */
static const double figure_ms = 250;

/* A mechanism with its inputs, recorded once. */
struct pass {
    const struct mechanism *m;
    struct settings settings;
    struct named_tensors in, seeds;
    struct progress progress;
    struct tape tape;
    double operations; /* of the result */
};

static double now(const struct pass *p)
{
    return p->progress.threads > 1 ? bench_wall() : bench_thread();
}

static struct qkv_err add_random(struct named_tensors *in, const char *name, size_t rows, size_t cols)
{
    struct tensor t = {0};
    struct qkv_err err = tensor_init_sizes(&t, 1, rows, cols);
    for (size_t i = 0; !err.code && i < rows * cols; i++)
        t.v[i] = sin((double)(i * 7919 % 10007)) / sqrt((double)cols);
    if (!err.code)
        err = named_tensors_append(in, name, &t);
    tensor_finish(&t);
    return err;
}

static struct qkv_err copy_inputs(const struct named_tensors *in, struct named_tensors *ret)
{
    struct qkv_err err = {0};
    for (size_t i = 0; i < in->n && !err.code; i++) {
        struct tensor t = {0};
        err = tensor_copy(&t, &in->v[i].tensor);
        if (!err.code)
            err = named_tensors_append(ret, in->v[i].name, &t);
        tensor_finish(&t);
    }
    return err;
}

static void pass_finish(struct pass *p)
{
    named_tensors_finish(&p->in);
    named_tensors_finish(&p->seeds);
    tape_finish(&p->tape);
}

/* n tokens of d numbers; `key`, a setting of the mechanism, has this value; NULL: none has. */
static struct qkv_err pass_init(struct pass *p, const char *mechanism, size_t n, size_t d, size_t heads,
                                const char *key, const char *value)
{
    static const char *const weights[] = {"W_Q", "W_K", "W_V", "W_O"};
    char text[24];
    snprintf(text, sizeof text, "%zu", heads);
    *p = (struct pass){.m = mechanism_find(mechanism), .progress = {.threads = 1}};
    p->settings = settings_default(p->m->settings, p->m->n_settings);
    struct qkv_err err = settings_set(&p->settings, "heads", text);
    if (!err.code && key)
        err = settings_set(&p->settings, key, value);
    if (!err.code)
        err = add_random(&p->in, "X", n, d);
    for (size_t i = 0; i < sizeof weights / sizeof weights[0] && !err.code; i++)
        err = add_random(&p->in, weights[i], d, d);
    if (!err.code)
        err = add_random(&p->seeds, "output", n, d);
    return err;
}

/* The tape that replays, and how many operations its result takes. */
static struct qkv_err record(struct pass *p)
{
    struct named_tensors copy = {0};
    struct costs costs = {0};
    struct qkv_err err = copy_inputs(&p->in, &copy);
    p->tape.progress = &p->progress;
    if (!err.code)
        err = mechanism_record(p->m, &p->settings, &copy, &p->tape);
    if (!err.code)
        err = tape_costs(&p->tape, &costs);
    p->operations = costs.operations;
    named_tensors_finish(&copy);
    return err;
}

/* ---- what is timed, in milliseconds ---- */

typedef struct qkv_err timed(struct pass *p, double *ret);

/* Everything new: the tape from copied inputs, and all of its steps. */
static struct qkv_err forward(struct pass *p, double *ret)
{
    struct named_tensors copy = {0};
    struct tape tape = {.progress = &p->progress};
    struct qkv_err err = copy_inputs(&p->in, &copy);
    double start = now(p);
    if (!err.code)
        err = mechanism_record(p->m, &p->settings, &copy, &tape);
    *ret = now(p) - start;
    tape_finish(&tape);
    named_tensors_finish(&copy);
    return err;
}

/* Another X in the tape that is there. */
static struct qkv_err replay(struct pass *p, double *ret)
{
    p->in.v[0].tensor.v[0] += 1e-3;
    double start = now(p);
    bool fine = tape_put(&p->tape, tape_find(&p->tape, "X"), &p->in.v[0].tensor);
    struct qkv_err err = fine ? tape_run(&p->tape, TAPE_ALL) : qkv_errf(QKV_ERR_DOMAIN, "cannot be replayed");
    *ret = now(p) - start;
    return err;
}

/* That, and the gradients of everything. */
static struct qkv_err backward(struct pass *p, double *ret)
{
    struct named_tensors gradients = {0};
    double once;
    struct qkv_err err = replay(p, &once);
    double start = now(p);
    if (!err.code)
        err = tape_backward(&p->tape, &p->seeds, &gradients);
    *ret = once + now(p) - start;
    named_tensors_finish(&gradients);
    return err;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median of as many runs as fit into a while; what takes very long is run once. */
static struct qkv_err median(struct pass *p, timed *run, double *ret)
{
    static double took[RUNS_MAX];
    double once = 0;
    struct qkv_err err = run(p, &once); /* warm */
    if (once > LONG * figure_ms) {
        *ret = once;
        return err;
    }
    size_t n = (size_t)fmin(RUNS_MAX, fmax(RUNS_LEAST, figure_ms / fmax(once, 1e-3)));
    for (size_t i = 0; i < n && !err.code; i++)
        err = run(p, &took[i]);
    qsort(took, n, sizeof *took, by_size);
    *ret = took[n / 2];
    return err;
}

/* ---- the figures ---- */

static const struct shape {
    size_t tokens, d_model, heads;
} shapes[] = {{6, 8, 2}, {10, 128, 8}, {10, 512, 8}, {128, 128, 8}, {512, 512, 8}, {1024, 512, 8}};

static const struct kind {
    const char *name;
    timed *run;
    unsigned threads;
    double passes; /* so many times the operations of the result; a gradient is two products for each */
    const char *meaning;
} kinds[] = {
    {"forward_1", forward, 1, 1, "all steps of attention, recorded and computed: tokens x d_model x heads"},
    {"forward_2", forward, 2, 1, "by the clock: the same with two threads"},
    {"replay", replay, 1, 1, "the same steps with another X, on the tape that is there"},
    {"backward", backward, 1, 3, "that, and the gradients of everything"},
};

static struct qkv_err tell_pass(struct bench *b, struct pass *p, const struct shape *s, const struct kind *kind)
{
    char name[64];
    double ms = NAN;
    struct qkv_err err = {0};
    p->progress.threads = kind->threads;
    if (kind->threads == 1 || parallel_workers() >= kind->threads)
        err = median(p, kind->run, &ms);
    if (err.code)
        return err;
    snprintf(name, sizeof name, "%s_%zux%zux%zu", kind->name, s->tokens, s->d_model, s->heads);
    return bench_tell(
        b, &(struct bench_figure){name, ms, "ms", kind->meaning,
                                  kind->passes * p->operations / b->peak.operations[kind->threads - 1] * 1e3});
}

static struct qkv_err tell_shape(struct bench *b, const struct shape *s)
{
    struct pass p;
    struct qkv_err err = pass_init(&p, "attention", s->tokens, s->d_model, s->heads, NULL, NULL);
    if (!err.code)
        err = record(&p);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && !err.code; i++)
        err = tell_pass(b, &p, s, &kinds[i]);
    pass_finish(&p);
    return err;
}

/* Causal, a token after the other: every state is a step that is kept. `operations` of a token. */
static struct qkv_err tell_linear(struct bench *b, size_t tokens, double operations)
{
    enum { BYTES_EACH = (WIDTH + 8) * WIDTH * 8 };
    char name[64];
    struct memory_limit limit;
    struct pass p = {0};
    double ms = NAN;
    struct qkv_err err = memory_limit(&limit);
    bool fits = !err.code && tokens * BYTES_EACH <= limit.bytes;
    if (fits)
        err = pass_init(&p, "linear_attention", tokens, WIDTH, 1, "causal", "true");
    if (fits && !err.code)
        err = median(&p, forward, &ms);
    pass_finish(&p);
    if (err.code)
        return err;
    snprintf(name, sizeof name, "linear_%zu_us", tokens);
    return bench_tell(b, &(struct bench_figure){name, ms * 1e3 / (double)tokens, "us",
                                                "causal linear attention for each of so many tokens, width 64",
                                                operations / b->peak.operations[0] * 1e6});
}

/* Their number of operations grows with that of the tokens. */
static struct qkv_err tell_linears(struct bench *b)
{
    enum { SHORTEST = 512, LONGEST = 65536 };
    struct pass p;
    struct qkv_err err = pass_init(&p, "linear_attention", SHORTEST, WIDTH, 1, "causal", "true");
    if (!err.code)
        err = record(&p);
    double operations = p.operations / SHORTEST;
    pass_finish(&p);
    for (size_t tokens = SHORTEST; tokens <= LONGEST && !err.code; tokens *= 2)
        err = tell_linear(b, tokens, operations);
    return err;
}

struct qkv_err bench_core(struct bench *b)
{
    struct qkv_err err = {0};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0] && !err.code; i++)
        err = tell_shape(b, &shapes[i]);
    return err.code ? err : tell_linears(b);
}
