/* kernels_lanes.h: the registers of the instruction set that the inner loops are compiled for; only for these. */
#ifndef QKV_CORE_KERNELS_LANES_H
#define QKV_CORE_KERNELS_LANES_H

#include <stddef.h>

#if defined(__AVX512F__)
#include <immintrin.h>
enum { LANES = 8 };
#elif defined(__AVX2__)
#include <immintrin.h>
enum { LANES = 4 };
#else
enum { LANES = 2 };
#endif

#define INLINE static inline __attribute__((always_inline))

typedef double lanes __attribute__((vector_size(8 * LANES), aligned(8), may_alias));

/* The functions of this instruction set: KERNEL(product) is product_avx2. */
#define JOIN_(a, b)  a##_##b
#define JOIN(a, b)   JOIN_(a, b)
#define KERNEL(name) JOIN(name, KERNELS_NAME)

struct product;
void KERNEL(product)(const struct product *p);

/* The first n numbers, 1 to LANES, and zeros; nothing behind them is read or written. */
INLINE lanes load_some(const double *from, size_t n)
{
#if defined(__AVX512F__)
    return (lanes)_mm512_maskz_loadu_pd((__mmask8)((1u << n) - 1), from);
#elif defined(__AVX2__)
    const __m256i places = _mm256_set_epi64x(3, 2, 1, 0);
    return (lanes)_mm256_maskload_pd(from, _mm256_cmpgt_epi64(_mm256_set1_epi64x((long long)n), places));
#else
    return (lanes){from[0], n > 1 ? from[1] : 0};
#endif
}

INLINE void store_some(double *to, lanes v, size_t n)
{
#if defined(__AVX512F__)
    _mm512_mask_storeu_pd(to, (__mmask8)((1u << n) - 1), (__m512d)v);
#elif defined(__AVX2__)
    const __m256i places = _mm256_set_epi64x(3, 2, 1, 0);
    _mm256_maskstore_pd(to, _mm256_cmpgt_epi64(_mm256_set1_epi64x((long long)n), places), (__m256d)v);
#else
    for (size_t i = 0; i < n; i++)
        to[i] = v[i];
#endif
}

/* LANES rows of LANES numbers, turned: ret[k] has number k of each row. */
INLINE void load_turned(const double *from, size_t row, lanes ret[LANES])
{
#if defined(__AVX512F__)
    __m512d a[8], b[8];
#pragma GCC unroll 8
    for (size_t k = 0; k < 8; k++)
        a[k] = _mm512_loadu_pd(from + k * row);
#pragma GCC unroll 4
    for (size_t k = 0; k < 8; k += 2) {
        b[k] = _mm512_unpacklo_pd(a[k], a[k + 1]); /* numbers 0, 2, 4, 6 of two rows */
        b[k + 1] = _mm512_unpackhi_pd(a[k], a[k + 1]);
    }
    /* In pairs of numbers: a[k] gets 0, 2 of two rows and of the next two, a[k + 2] gets 1, 3. */
    const __m512i even = _mm512_set_epi64(13, 12, 5, 4, 9, 8, 1, 0), odd = _mm512_set_epi64(15, 14, 7, 6, 11, 10, 3, 2);
#pragma GCC unroll 4
    for (size_t k = 0; k < 8; k += k == 1 ? 3 : 1)
        if (k < 6) {
            a[k] = _mm512_permutex2var_pd(b[k], even, b[k + 2]);
            a[k + 2] = _mm512_permutex2var_pd(b[k], odd, b[k + 2]);
        }
#pragma GCC unroll 4
    for (size_t k = 0; k < 4; k++) {
        ret[k] = (lanes)_mm512_shuffle_f64x2(a[k], a[k + 4], 0x44);     /* the first halves */
        ret[k + 4] = (lanes)_mm512_shuffle_f64x2(a[k], a[k + 4], 0xee); /* the second */
    }
#elif defined(__AVX2__)
    __m256d b[4];
#pragma GCC unroll 2
    for (size_t k = 0; k < 4; k += 2) {
        __m256d above = _mm256_loadu_pd(from + k * row), below = _mm256_loadu_pd(from + (k + 1) * row);
        b[k] = _mm256_unpacklo_pd(above, below);
        b[k + 1] = _mm256_unpackhi_pd(above, below);
    }
#pragma GCC unroll 2
    for (size_t k = 0; k < 2; k++) {
        ret[k] = (lanes)_mm256_permute2f128_pd(b[k], b[k + 2], 0x20);
        ret[k + 2] = (lanes)_mm256_permute2f128_pd(b[k], b[k + 2], 0x31);
    }
#else
    ret[0] = (lanes){from[0], from[row]};
    ret[1] = (lanes){from[1], from[row + 1]};
#endif
}

#endif
