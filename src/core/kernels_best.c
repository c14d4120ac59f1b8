#include "core/kernels.h"

extern const struct kernels kernels_plain;

double exponential(double x)
{
    double y;
    kernels_plain.exp_shifted(&x, 0, &y, 1);
    return y;
}

#ifdef QKV_KERNELS_X86
extern const struct kernels kernels_avx2, kernels_avx512;

/* Asks also whether the system saves the registers. */
static bool has(const struct kernels *k)
{
    return k == &kernels_avx512 ? __builtin_cpu_supports("avx512f") : __builtin_cpu_supports("avx2");
}

static const struct kernels *const wider[] = {&kernels_avx2, &kernels_avx512};
enum { WIDER = sizeof wider / sizeof wider[0] };

const struct kernels *kernels_best(void)
{
    for (size_t i = WIDER; i-- > 0;)
        if (has(wider[i]))
            return wider[i];
    return &kernels_plain;
}

const struct kernels *kernels_variant(size_t i)
{
    if (i == 0)
        return &kernels_plain;
    return i <= WIDER && has(wider[i - 1]) ? wider[i - 1] : NULL;
}
#else
const struct kernels *kernels_best(void)
{
    return &kernels_plain;
}

const struct kernels *kernels_variant(size_t i)
{
    return i == 0 ? &kernels_plain : NULL;
}
#endif
