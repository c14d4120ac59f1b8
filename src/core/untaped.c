#include "core/untaped.h"

#include "core/kernels.h"

#include <math.h>
#include <string.h>

enum { BLOCK = 64 /* queries at a time */, NARROW = 16 /* the same in a window: few pairs are outside of it */ };
static const double epsilon = 1e-6;

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t widest_window(size_t n)
{
    return least(n, NARROW + 2 * UNTAPED_WINDOW_EACH);
}

size_t untaped_work(enum untaped way, size_t n, size_t d)
{
    switch (way) {
    case UNTAPED_SOFTMAX:
        return n * n;
    case UNTAPED_TILES: /* scores, the tile's output; maxima and sums, of before and now, and the factors */
        return BLOCK * UNTAPED_TILE + BLOCK * d + 5 * BLOCK;
    case UNTAPED_WINDOW:
        return NARROW * widest_window(n);
    case UNTAPED_LOW_RANK: /* E K, F V, scores */
        return 2 * UNTAPED_RANK * d + BLOCK * UNTAPED_RANK;
    case UNTAPED_LINEAR: /* phi^T V, the keys' sum, features, sums of similarities */
        return d * d + d + BLOCK * d + BLOCK;
    case UNTAPED_CACHED: /* the keys, as columns; a row of scores */
        return d * n + n;
    default:
        return 0;
    }
}

static bool cancelled(const atomic_bool *cancel)
{
    return cancel && atomic_load(cancel);
}

/* ---- the parts ---- */

/* out = left right; both as they lie in memory, out_row columns apart. */
static void multiply(const double *left, size_t rows, size_t inner, const double *right, size_t cols, double *out)
{
    kernels_best()->product(&(struct product){.rows = rows,
                                              .cols = cols,
                                              .inner = inner,
                                              .left = left,
                                              .left_row = inner,
                                              .left_inner = 1,
                                              .right = right,
                                              .right_inner = cols,
                                              .right_col = 1,
                                              .out = out,
                                              .out_row = cols});
}

/* out = left^T right, left [inner, rows]; `add`: to what is there. */
static void multiply_turned(const double *left, size_t rows, size_t inner, const double *right, size_t cols, bool add,
                            double *out)
{
    kernels_best()->product(&(struct product){.rows = rows,
                                              .cols = cols,
                                              .inner = inner,
                                              .left = left,
                                              .left_row = 1,
                                              .left_inner = rows,
                                              .right = right,
                                              .right_inner = cols,
                                              .right_col = 1,
                                              .out = out,
                                              .out_row = cols,
                                              .add = add});
}

/* q k^T / sqrt(d), for `rows` queries and `cols` keys that lie one after the other. */
static void score(const double *q, size_t rows, const double *k, size_t cols, size_t d, double *out)
{
    kernels_best()->product(&(struct product){.rows = rows,
                                              .cols = cols,
                                              .inner = d,
                                              .left = q,
                                              .left_row = d,
                                              .left_inner = 1,
                                              .right = k,
                                              .right_inner = 1,
                                              .right_col = d,
                                              .out = out,
                                              .out_row = cols});
    kernels_best()->divide(out, sqrt((double)d), out, rows * cols);
}

/* Softmax of each row, in place. */
static void normalise(double *s, size_t rows, size_t cols)
{
    const struct kernels *kernels = kernels_best();
    for (size_t r = 0; r < rows; r++, s += cols) {
        double largest, sum;
        kernels->row_maxima(s, 1, cols, &largest);
        kernels->exp_shifted(s, largest, s, cols);
        kernels->row_sums(s, 1, cols, &sum);
        kernels->divide(s, sum, s, cols);
    }
}

/* ---- the ways ---- */

static bool run_softmax(const struct untaped_input *in, const atomic_bool *cancel, double *work, double *result)
{
    for (size_t r = 0; r < in->n && !cancelled(cancel); r += BLOCK) {
        size_t rows = least(BLOCK, in->n - r);
        score(in->q + r * in->d, rows, in->k, in->n, in->d, work + r * in->n);
    }
    for (size_t r = 0; r < in->n && !cancelled(cancel); r += BLOCK)
        normalise(work + r * in->n, least(BLOCK, in->n - r), in->n);
    for (size_t r = 0; r < in->n && !cancelled(cancel); r += BLOCK)
        multiply(work + r * in->n, least(BLOCK, in->n - r), in->n, in->v, in->d, result + r * in->d);
    return !cancelled(cancel);
}

/* What is kept of a block of queries while the tiles go by. */
struct running {
    double *scores, *output, *max, *sum, *tile_max, *tile_sum, *rescale;
};

static void add_tile(const struct untaped_input *in, const struct running *b, size_t row, size_t rows, size_t first,
                     double *result)
{
    const struct kernels *kernels = kernels_best();
    size_t cols = least(UNTAPED_TILE, in->n - first), d = in->d;
    score(in->q + row * d, rows, in->k + first * d, cols, d, b->scores);
    kernels->row_maxima(b->scores, rows, cols, b->tile_max);
    for (size_t r = 0; r < rows; r++) {
        double max = first ? fmax(b->max[r], b->tile_max[r]) : b->tile_max[r];
        b->rescale[r] = first ? exponential(b->max[r] - max) : 0;
        b->max[r] = max;
        kernels->exp_shifted(b->scores + r * cols, max, b->scores + r * cols, cols);
    }
    kernels->row_sums(b->scores, rows, cols, b->tile_sum);
    multiply(b->scores, rows, cols, in->v + first * d, d, b->output);
    for (size_t r = 0; r < rows; r++) {
        double *to = result + (row + r) * d;
        b->sum[r] = first ? b->sum[r] * b->rescale[r] + b->tile_sum[r] : b->tile_sum[r];
        for (size_t c = 0; c < d; c++)
            to[c] = first ? to[c] * b->rescale[r] + b->output[r * d + c] : b->output[r * d + c];
    }
}

static bool run_tiles(const struct untaped_input *in, const atomic_bool *cancel, double *work, double *result)
{
    struct running b = {.scores = work, .output = work + BLOCK * UNTAPED_TILE};
    b.max = b.output + BLOCK * in->d;
    b.sum = b.max + BLOCK;
    b.tile_max = b.sum + BLOCK;
    b.tile_sum = b.tile_max + BLOCK;
    b.rescale = b.tile_sum + BLOCK;
    for (size_t r = 0; r < in->n && !cancelled(cancel); r += BLOCK) {
        size_t rows = least(BLOCK, in->n - r);
        for (size_t first = 0; first < in->n; first += UNTAPED_TILE)
            add_tile(in, &b, r, rows, first, result);
        for (size_t i = 0; i < rows; i++)
            kernels_best()->divide(result + (r + i) * in->d, b.sum[i], result + (r + i) * in->d, in->d);
    }
    return !cancelled(cancel);
}

static bool run_window(const struct untaped_input *in, const atomic_bool *cancel, double *work, double *result)
{
    for (size_t r = 0; r < in->n && !cancelled(cancel); r += NARROW) {
        size_t rows = least(NARROW, in->n - r), first = r > UNTAPED_WINDOW_EACH ? r - UNTAPED_WINDOW_EACH : 0;
        size_t cols = least(in->n, r + rows + UNTAPED_WINDOW_EACH) - first;
        score(in->q + r * in->d, rows, in->k + first * in->d, cols, in->d, work);
        for (size_t i = 0; i < rows; i++)
            for (size_t c = 0; c < cols; c++)
                if (first + c + UNTAPED_WINDOW_EACH < r + i || first + c > r + i + UNTAPED_WINDOW_EACH)
                    work[i * cols + c] = -INFINITY;
        normalise(work, rows, cols);
        multiply(work, rows, cols, in->v + first * in->d, in->d, result + r * in->d);
    }
    return !cancelled(cancel);
}

static bool run_low_rank(const struct untaped_input *in, const atomic_bool *cancel, double *work, double *result)
{
    double *keys = work, *values = keys + UNTAPED_RANK * in->d, *scores = values + UNTAPED_RANK * in->d;
    multiply_turned(in->mix_keys, UNTAPED_RANK, in->n, in->k, in->d, false, keys);
    multiply_turned(in->mix_values, UNTAPED_RANK, in->n, in->v, in->d, false, values);
    for (size_t r = 0; r < in->n && !cancelled(cancel); r += BLOCK) {
        size_t rows = least(BLOCK, in->n - r);
        score(in->q + r * in->d, rows, keys, UNTAPED_RANK, in->d, scores);
        normalise(scores, rows, UNTAPED_RANK);
        multiply(scores, rows, UNTAPED_RANK, values, in->d, result + r * in->d);
    }
    return !cancelled(cancel);
}

/* elu(x) + 1 */
static void make_features(const double *x, size_t n, double *to)
{
    kernels_best()->exp_shifted(x, 0, to, n);
    for (size_t i = 0; i < n; i++)
        to[i] = x[i] > 0 ? x[i] + 1 : to[i];
}

static bool run_linear(const struct untaped_input *in, const atomic_bool *cancel, double *work, double *result)
{
    size_t d = in->d;
    double *state = work, *key_sum = state + d * d, *features = key_sum + d, *fits = features + BLOCK * d;
    memset(key_sum, 0, d * sizeof *key_sum);
    for (size_t r = 0; r < in->n && !cancelled(cancel); r += BLOCK) {
        size_t rows = least(BLOCK, in->n - r);
        make_features(in->k + r * d, rows * d, features);
        multiply_turned(features, d, rows, in->v + r * d, d, r > 0, state);
        for (size_t i = 0; i < rows; i++)
            for (size_t c = 0; c < d; c++)
                key_sum[c] += features[i * d + c];
    }
    for (size_t r = 0; r < in->n && !cancelled(cancel); r += BLOCK) {
        size_t rows = least(BLOCK, in->n - r);
        make_features(in->q + r * d, rows * d, features);
        multiply(features, rows, d, key_sum, 1, fits);
        multiply(features, rows, d, state, d, result + r * d);
        for (size_t i = 0; i < rows; i++)
            kernels_best()->divide(result + (r + i) * d, fits[i] + epsilon, result + (r + i) * d, d);
    }
    return !cancelled(cancel);
}

static bool run_cached(const struct untaped_input *in, const atomic_bool *cancel, double *work, double *result)
{
    size_t n = in->n, d = in->d;
    double *cache = work, *scores = work + d * n;
    for (size_t t = 0; t < n && !cancelled(cancel); t++) {
        for (size_t c = 0; c < d; c++)
            cache[c * n + t] = in->k[t * d + c];
        kernels_best()->product(&(struct product){.rows = 1,
                                                  .cols = t + 1,
                                                  .inner = d,
                                                  .left = in->q + t * d,
                                                  .left_row = d,
                                                  .left_inner = 1,
                                                  .right = cache,
                                                  .right_inner = n,
                                                  .right_col = 1,
                                                  .out = scores,
                                                  .out_row = n});
        kernels_best()->divide(scores, sqrt((double)d), scores, t + 1);
        normalise(scores, 1, t + 1);
        multiply(scores, 1, t + 1, in->v, d, result + t * d);
    }
    return !cancelled(cancel);
}

bool untaped_run(enum untaped way, const struct untaped_input *in, const atomic_bool *cancel, double *work,
                 double *result)
{
    static bool (*const run[UNTAPED_COUNT])(const struct untaped_input *, const atomic_bool *, double *, double *) = {
        [UNTAPED_SOFTMAX] = run_softmax,   [UNTAPED_TILES] = run_tiles,   [UNTAPED_WINDOW] = run_window,
        [UNTAPED_LOW_RANK] = run_low_rank, [UNTAPED_LINEAR] = run_linear, [UNTAPED_CACHED] = run_cached,
    };
    return run[way](in, cancel, work, result);
}

/* ---- how many operations ---- */

/* n queries that meet `pairs` keys together, from the scores to the result: a score of d products, its division, its
 * comparison, exponential (of a difference), sum, division, and d products of the result. */
static double operations_of_pairs(double n, double pairs, double d)
{
    double scores = pairs * (2 * d - 1), scaled = pairs, largest = pairs - n, exponentials = 2 * pairs,
           sums = pairs - n, shares = pairs, results = d * (2 * pairs - n);
    return scores + scaled + largest + exponentials + sums + shares + results;
}

/* Without the shares; behind the first tile the larger maximum, the factor, and the sum and output brought to it; in the
 * end the output divided. */
static double operations_of_tiles(double n, double d)
{
    double tiles = ceil(n / UNTAPED_TILE), per_tile = operations_of_pairs(n * tiles, n * n, d) - n * n;
    return per_tile + n * (tiles - 1) * (1 + 2 + 2 + 2 * d) + n * d;
}

/* How many keys all queries see together. */
static double pairs_of_window(double n)
{
    double w = UNTAPED_WINDOW_EACH;
    return n <= w ? n * n : n + w * (w + 1) + 2 * (n - 1 - w) * w;
}

/* Features; phi(K)^T V and the sum of phi(K); the products with both; epsilon; the division. */
static double operations_of_linear(double n, double d)
{
    double state = d * d * (2 * n - 1) + d * (n - 1), products = n * (2 * d - 1) + n * d * (2 * d - 1);
    return 2 * n * d + state + products + n + n * d;
}

double untaped_operations(enum untaped way, size_t words, size_t width)
{
    double n = (double)words, d = (double)width;
    switch (way) {
    case UNTAPED_SOFTMAX:
        return operations_of_pairs(n, n * n, d);
    case UNTAPED_TILES:
        return operations_of_tiles(n, d);
    case UNTAPED_WINDOW:
        return operations_of_pairs(n, pairs_of_window(n), d);
    case UNTAPED_LOW_RANK:
        return 2 * UNTAPED_RANK * d * (2 * n - 1) + operations_of_pairs(n, n * UNTAPED_RANK, d);
    case UNTAPED_LINEAR:
        return operations_of_linear(n, d);
    case UNTAPED_CACHED:
        return operations_of_pairs(n, n * (n + 1) / 2, d);
    default:
        return 0;
    }
}
