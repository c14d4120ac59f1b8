/* core_bench.c: how long a forward pass, and one with its gradients, takes on this machine; compare.py sets the figures
 * beside PyTorch's.
 *
 * One line for each shape: tokens, d_model, heads, then medians in microseconds: `record` makes the tape from copied
 * inputs and computes it, `replay` puts another X into a computed tape and computes it again, `both` is that and the
 * gradients of everything. Arguments: the number of threads (1), and "linear" for the cost of causal linear attention
 * per token. */
#include "core/mechanism.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS_MAX = 2000 };

/* One thread is measured in its own time, which does not grow with what else runs on the machine. What is short is
 * hardly ever interrupted, and to ask for that time takes a quarter of a microsecond. */
enum { SHORT = 100 };
static clockid_t measured = CLOCK_THREAD_CPUTIME_ID;

static double now(void)
{
    struct timespec t;
    clock_gettime(measured, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

static void stop_on(struct qkv_err err)
{
    if (err.code) {
        fprintf(stderr, "core_bench: %s\n", err.what);
        exit(1);
    }
}

static void add(struct named_tensors *in, const char *name, size_t rows, size_t cols)
{
    static unsigned long long state = 2017;
    struct tensor t;
    stop_on(tensor_init_sizes(&t, 1, rows, cols));
    for (size_t i = 0; i < rows * cols; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        t.v[i] = ((double)(state >> 11) / 4503599627370496.0 - 1) / 8;
    }
    stop_on(named_tensors_add(in, name, &t));
}

static struct named_tensors inputs_of(size_t n, size_t d)
{
    struct named_tensors in = {0};
    add(&in, "X", n, d);
    add(&in, "W_Q", d, d);
    add(&in, "W_K", d, d);
    add(&in, "W_V", d, d);
    add(&in, "W_O", d, d);
    return in;
}

static struct named_tensors copy_of(const struct named_tensors *in)
{
    struct named_tensors copy = {0};
    for (size_t i = 0; i < in->n; i++) {
        struct tensor t;
        stop_on(tensor_copy(&t, &in->v[i].tensor));
        stop_on(named_tensors_append(&copy, in->v[i].name, &t));
    }
    return copy;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
    qsort(v, n, sizeof *v, by_size);
    return v[n / 2];
}

/* So many runs that a shape takes about a second. */
static size_t runs_for(double once)
{
    double n = 1e6 / (once + 1);
    return n > RUNS_MAX ? RUNS_MAX : n < 5 ? 5 : (size_t)n;
}

static void set(struct settings *s, const char *name, const char *value)
{
    stop_on(settings_set(s, name, value));
}

struct bench {
    const struct mechanism *m;
    struct settings settings;
    struct named_tensors in, seeds, grads;
    struct progress progress;
    struct tape tape;
};

static double run_record(struct bench *b)
{
    struct named_tensors copy = copy_of(&b->in);
    struct tape tape = {.progress = &b->progress};
    double start = now();
    stop_on(mechanism_record(b->m, &b->settings, &copy, &tape));
    double took = now() - start;
    tape_finish(&tape);
    named_tensors_finish(&copy);
    return took;
}

static void change_x(struct bench *b)
{
    b->in.v[0].tensor.v[0] += 1e-3;
}

static double run_replay(struct bench *b)
{
    change_x(b);
    double start = now();
    if (!tape_put(&b->tape, tape_find(&b->tape, "X"), &b->in.v[0].tensor))
        stop_on(qkv_errf(QKV_ERR_DOMAIN, "cannot be replayed"));
    stop_on(tape_run(&b->tape, TAPE_ALL));
    return now() - start;
}

static double run_both(struct bench *b)
{
    double forward = run_replay(b), start = now();
    stop_on(tape_backward(&b->tape, &b->seeds, &b->grads));
    double took = forward + now() - start;
    return took;
}

static double measure(struct bench *b, double (*run)(struct bench *b))
{
    static double took[RUNS_MAX];
    clockid_t kept = measured;
    double once = run(b);
    size_t n = runs_for(once);
    if (once < SHORT)
        measured = CLOCK_MONOTONIC;
    for (size_t i = 0; i < n; i++)
        took[i] = run(b);
    measured = kept;
    return median(took, n);
}

static void bench_begin(struct bench *b, const char *mechanism, size_t n, size_t d, size_t heads, unsigned threads)
{
    char text[24];
    snprintf(text, sizeof text, "%zu", heads);
    *b = (struct bench){.m = mechanism_find(mechanism), .in = inputs_of(n, d), .progress = {.threads = threads}};
    b->settings = settings_default(b->m->settings, b->m->n_settings);
    set(&b->settings, "heads", text);
    add(&b->seeds, "output", n, d);
}

static void bench_finish(struct bench *b)
{
    named_tensors_finish(&b->in);
    named_tensors_finish(&b->seeds);
    named_tensors_finish(&b->grads);
    tape_finish(&b->tape);
}

static void bench_attention(unsigned threads)
{
    static const size_t shapes[][3] = {{6, 8, 2},     {10, 128, 8},  {10, 512, 8},
                                       {128, 128, 8}, {512, 512, 8}, {1024, 512, 8}};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        struct bench b;
        bench_begin(&b, "attention", shapes[i][0], shapes[i][1], shapes[i][2], threads);
        struct named_tensors copy = copy_of(&b.in);
        b.tape.progress = &b.progress;
        stop_on(mechanism_record(b.m, &b.settings, &copy, &b.tape));
        named_tensors_finish(&copy);
        double record = measure(&b, run_record), replay = measure(&b, run_replay), both = measure(&b, run_both);
        printf("%zu %zu %zu record %.1f replay %.1f both %.1f\n", shapes[i][0], shapes[i][1], shapes[i][2], record,
               replay, both);
        fflush(stdout);
        bench_finish(&b);
    }
}

/* Width 64, one head. */
static void bench_linear(unsigned threads)
{
    for (size_t n = 512; n <= 16384; n *= 2) {
        struct bench b;
        bench_begin(&b, "linear_attention", n, 64, 1, threads);
        set(&b.settings, "causal", "true");
        double record = measure(&b, run_record);
        printf("linear_attention causal %zu tokens: %.0f, %.2f for each\n", n, record, record / (double)n);
        fflush(stdout);
        bench_finish(&b);
    }
}

int main(int argc, char **argv)
{
    unsigned threads = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1;
    if (threads < 1 || threads > PARALLEL_MAX)
        threads = 1;
    if (threads > 1)
        measured = CLOCK_MONOTONIC;
    if (argc > 2 && strcmp(argv[2], "linear") == 0)
        bench_linear(threads);
    else
        bench_attention(threads);
    return 0;
}
