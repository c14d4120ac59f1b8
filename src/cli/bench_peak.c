/* bench_peak.c: the most that this machine can do: products and sums that stay in registers, and copying. */
#include "base/thread.h"
#include "cli/bench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SUMS = 12 /* enough to keep both units busy while each waits for its last result */, ROUNDS = 1000000 };

/* ROUNDS times a product and a sum in each lane of SUMS registers. Products are rounded before they are added, as those
 * of the core's kernels are. Returns a number that depends on all of it. */
#define SPIN(name, bytes, attributes)                                                                                  \
    typedef double name##_lanes __attribute__((vector_size(bytes)));                                                   \
    attributes static __attribute__((noinline)) double name(double start)                                              \
    {                                                                                                                  \
        name##_lanes sum[SUMS] = {{0}}, factor = (name##_lanes){0} + 0.5, term = (name##_lanes){0} + start;            \
        for (size_t i = 0; i < ROUNDS; i++) {                                                                          \
            _Pragma("GCC unroll 12") for (size_t k = 0; k < SUMS; k++) sum[k] = sum[k] * factor + term;                \
        }                                                                                                              \
        for (size_t k = 1; k < SUMS; k++)                                                                              \
            sum[0] += sum[k];                                                                                          \
        return sum[0][0];                                                                                              \
    }

SPIN(spin_plain, 16, )
#if defined(__x86_64__)
SPIN(spin_avx2, 32, __attribute__((target("avx2"))))
SPIN(spin_avx512, 64, __attribute__((target("avx512f"))))
#endif

struct spin {
    double (*run)(double start);
    size_t lanes;
};

static struct spin widest(void)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f"))
        return (struct spin){spin_avx512, 8};
    if (__builtin_cpu_supports("avx2"))
        return (struct spin){spin_avx2, 4};
#endif
    return (struct spin){spin_plain, 2};
}

static volatile double kept;

static void spin_once(void *context, size_t i)
{
    const struct spin *spin = context;
    kept = spin->run((double)i + 1);
}

/* Operations a second; the best of several times. */
static double measure_operations(unsigned threads)
{
    enum { TIMES = 8 };
    struct spin spin = widest();
    double best = 0, operations = 2.0 * SUMS * ROUNDS * (double)spin.lanes * threads;
    for (int i = 0; i < TIMES; i++) {
        double start = threads > 1 ? bench_wall() : bench_thread();
        parallel_for(threads, threads, spin_once, &spin);
        double ms = (threads > 1 ? bench_wall() : bench_thread()) - start;
        best = fmax(best, operations / ms * 1e3);
    }
    return best;
}

static struct qkv_err measure_copying(double *ret)
{
    enum { TIMES = 5, BYTES = 64 << 20 };
    char *from = malloc(BYTES), *to = malloc(BYTES);
    struct qkv_err err = from && to ? (struct qkv_err){0} : qkv_nomem("what is copied");
    double best = 0;
    for (int i = 0; i < TIMES && !err.code; i++) {
        memset(from, i, BYTES); /* every page is there */
        double start = bench_thread();
        memcpy(to, from, BYTES);
        double ms = bench_thread() - start;
        kept = to[i];
        best = i ? fmax(best, 2.0 * BYTES / ms * 1e3) : 0;
    }
    free(from);
    free(to);
    *ret = best;
    return err;
}

struct qkv_err bench_peak(struct bench *b)
{
    struct peak *peak = &b->peak;
    peak->operations[0] = measure_operations(1);
    peak->operations[1] = parallel_workers() > 1 ? measure_operations(2) : NAN;
    struct qkv_err err = measure_copying(&peak->copied);
    const struct bench_figure figures[] = {
        {"peak_1_gflops", peak->operations[0] / 1e9, "Gflop/s",
         "the most products and sums in registers, one thread: the limit of what follows", 0},
        {"peak_2_gflops", peak->operations[1] / 1e9, "Gflop/s", "by the clock: the same with two threads", 0},
        {"peak_copy_gbs", peak->copied / 1e9, "GB/s", "the most bytes copied, read and written", 0},
    };
    for (size_t i = 0; i < sizeof figures / sizeof figures[0] && !err.code; i++)
        err = bench_tell(b, &figures[i]);
    return err;
}
