#include "lesson/analysis/microscope.h"

#include "core/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void compute_weights(struct microscope *m, const struct microscope_how *how)
{
    for (size_t i = 0; i < m->n; i++) {
        struct microscope_line *line = &m->lines[i];
        line->exponent = how->raw ? line->scaled : line->scaled - m->largest;
        /* Every score is blocked: all weights are 0, as on the tape. */
        if (!how->raw && m->largest == -INFINITY)
            line->exponent = -INFINITY;
        line->power = exp(line->exponent);
        m->sum += line->power;
    }
    for (size_t i = 0; i < m->n; i++) {
        struct microscope_line *line = &m->lines[i];
        line->weight = !how->raw && m->sum == 0 ? 0 : line->power / m->sum;
        m->weights += line->weight;
        if (line->weight != 0) /* 0 log 0 is 0 */
            m->entropy -= line->weight * log2(line->weight);
    }
    m->effective = m->weights == 0 ? 0 : exp2(m->entropy);
}

struct qkv_err microscope_init(struct microscope *ret, const double scores[], size_t n,
                               const struct microscope_how *how)
{
    struct microscope m = {.lines = calloc(n ? n : 1, sizeof *m.lines), .n = n, .largest = -INFINITY};
    *ret = (struct microscope){0};
    if (!m.lines)
        return qkv_nomem("the microscope");
    for (size_t i = 0; i < n; i++) {
        m.lines[i] = (struct microscope_line){
            .score = scores[i], .scaled = scores[i] * how->factor / how->temperature, .shown = true};
        m.largest = fmax(m.largest, m.lines[i].scaled);
    }
    compute_weights(&m, how);
    *ret = m;
    return (struct qkv_err){0};
}

void microscope_finish(struct microscope *m)
{
    free(m->lines);
    *m = (struct microscope){0};
}

/* How many lines have a larger score than this one, or the same and come before it. */
static size_t rank_of(const struct microscope *m, size_t at)
{
    size_t rank = 0;
    for (size_t i = 0; i < m->n; i++)
        rank += m->lines[i].scaled > m->lines[at].scaled || (i < at && m->lines[i].scaled == m->lines[at].scaled);
    return rank;
}

void microscope_show(struct microscope *m, size_t most)
{
    m->rest = 0;
    m->rest_power = m->rest_weight = 0;
    for (size_t i = 0; i < m->n; i++) {
        struct microscope_line *line = &m->lines[i];
        line->shown = most >= m->n || rank_of(m, i) < most;
        if (line->shown)
            continue;
        m->rest++;
        m->rest_power += line->power;
        m->rest_weight += line->weight;
    }
}

int microscope_find(const struct tape *tape, int near, const char **ret_instead)
{
    int found = -1;
    *ret_instead = NULL;
    for (size_t i = 0; i < tape->n; i++) {
        const char *normaliser = op_table[tape->steps[i].spec.op]->normaliser;
        if (normaliser && (found < 0 || abs((int)i - near) < abs(found - near))) {
            found = (int)i;
            *ret_instead = strcmp(normaliser, "softmax") == 0 ? NULL : normaliser;
        }
    }
    return found < 0 ? -1 : tape->steps[found].spec.in[0];
}

/* ---- why scores are divided by sqrt(d_k) ---- */

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
