#include "lesson/saturation.h"

#include "core/random.h"

#include <math.h>
#include <stdbool.h>

enum { D_K_MOST = 1 << (SATURATION_POINTS - 1) };

static void fill(struct random *random, double v[], int d_k)
{
    for (int i = 0; i < d_k; i++)
        v[i] = (2 * random_share(random) - 1) * sqrt(3);
}

static double largest_weight(const double scores[SATURATION_KEYS], double divisor)
{
    double top = -INFINITY, sum = 0;
    for (int s = 0; s < SATURATION_KEYS; s++)
        top = fmax(top, scores[s]);
    for (int s = 0; s < SATURATION_KEYS; s++)
        sum += exp((scores[s] - top) / divisor);
    return 1 / sum;
}

static struct saturation measure(struct random *random, int d_k)
{
    double sum = 0, squares = 0, largest = 0, largest_scaled = 0, root = sqrt(d_k);
    double query[D_K_MOST], key[D_K_MOST], scores[SATURATION_KEYS];
    for (int t = 0; t < SATURATION_QUERIES; t++) {
        fill(random, query, d_k);
        for (int s = 0; s < SATURATION_KEYS; s++) {
            fill(random, key, d_k);
            scores[s] = 0;
            for (int i = 0; i < d_k; i++)
                scores[s] += query[i] * key[i];
            sum += scores[s];
            squares += scores[s] * scores[s];
        }
        largest += largest_weight(scores, 1);
        largest_scaled += largest_weight(scores, root);
    }
    const double pairs = (double)SATURATION_QUERIES * SATURATION_KEYS;
    double mean = sum / pairs, variance = squares / pairs - mean * mean;
    return (struct saturation){.d_k = d_k,
                               .variance = variance,
                               .variance_scaled = variance / d_k,
                               .largest = largest / SATURATION_QUERIES,
                               .largest_scaled = largest_scaled / SATURATION_QUERIES};
}

void saturation_measure(uint64_t seed, struct saturation ret[SATURATION_POINTS])
{
    struct random random = {seed};
    for (int i = 0; i < SATURATION_POINTS; i++)
        ret[i] = measure(&random, 1 << i);
}

const struct saturation *saturation_known(void)
{
    static struct saturation known[SATURATION_POINTS];
    static bool measured;
    if (!measured)
        saturation_measure(2017, known);
    measured = true;
    return known;
}
