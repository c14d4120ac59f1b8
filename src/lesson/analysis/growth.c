#include "lesson/analysis/growth.h"

#include "lesson/lesson.h"

#include <math.h>

/* ---- the same computation for other lengths ---- */

/* What is recorded: a tape that has the inputs, and how it was made. */
struct recorded_as {
    const struct tape *tape;
    const struct mechanism *mechanism;
    const struct settings *settings;
    const struct words *words;
    bool again; /* once for each of 1, 2, ... n words */
};

static struct recorded_as recorded_as(const struct lesson *lesson, bool second)
{
    const struct second_computation *b = &lesson->second;
    const struct words *words = &lesson->sentence.words;
    return second ? (struct recorded_as){&b->tape, b->mechanism, &b->settings, words, b->again}
                  : (struct recorded_as){&lesson->tape, lesson->mechanism, &lesson->settings, words, false};
}

/* An input as it would be for n words: rows and columns of words are repeated, or left away. */
static struct qkv_err resized(const struct tensor *from, const struct words *words, size_t n, struct tensor *ret)
{
    struct axis axes[AXES] = {from->axis[0], from->axis[1], from->axis[2]};
    for (int i = AXIS_ROW; i < AXES; i++)
        if (axes[i].labels == words->v)
            axes[i] = axis_numbered(n, axes[i].name);
    struct qkv_err err = tensor_init(ret, axes);
    size_t rows = axes[AXIS_ROW].size, cols = axes[AXIS_COL].size;
    for (size_t i = 0; !err.code && i < tensor_cells(ret); i++)
        ret->v[i] = *tensor_at(from, i / cols / rows, i / cols % rows % from->axis[AXIS_ROW].size,
                               i % cols % from->axis[AXIS_COL].size);
    return err;
}

/* *ret_fine: it can be recorded. */
static struct qkv_err costs_once(const struct recorded_as *as, size_t n, struct costs *ret, bool *ret_fine)
{
    struct named_tensors inputs = {0};
    struct tape tape = {0};
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < as->tape->n; i++) {
        const struct step *step = &as->tape->steps[i];
        struct tensor input = {0};
        if (step->spec.op != OP_INPUT || step->made)
            continue;
        err = resized(&step->value, as->words, n, &input);
        if (!err.code)
            err = named_tensors_append(&inputs, step->spec.name, &input);
        tensor_finish(&input);
    }
    if (!err.code)
        err = mechanism_record(as->mechanism, as->settings, &inputs, &tape);
    *ret_fine = !err.code;
    if (!err.code)
        err = tape_costs(&tape, ret);
    tape_finish(&tape);
    named_tensors_finish(&inputs);
    return err.code == QKV_ERR_NOMEM ? err : (struct qkv_err){0};
}

static struct qkv_err costs_for(const struct recorded_as *as, size_t n, struct costs *ret, bool *ret_fine)
{
    struct qkv_err err = {0};
    struct costs sum = {0}, one;
    bool fine = true;
    for (size_t t = as->again ? 1 : n; !err.code && fine && t <= n; t++) {
        err = costs_once(as, t, &one, &fine);
        if (err.code || !fine)
            break;
        sum.operations += one.operations;
        sum.read += one.read;
        sum.held = fmax(sum.held, one.held);
    }
    *ret = sum;
    *ret_fine = fine;
    return err;
}

/* ---- the polynomial ---- */

enum { SAMPLES = GROWTH_DEGREE_MAX + 3, LONGEST = 8 /* what is recorded to find out is quick */ };

static double cost_kind(const struct costs *costs, enum cost_kind kind)
{
    return kind == COST_OPERATIONS ? costs->operations : kind == COST_HELD ? costs->held : costs->read;
}

static double value_at(const double by[], double n)
{
    double value = 0;
    for (int i = GROWTH_DEGREE_MAX; i >= 0; i--)
        value = value * n + by[i];
    return value;
}

/* Through the first four points (x, y), by Newton's divided differences. */
static void interpolate(const double x[], const double y[], double by[])
{
    double difference[GROWTH_DEGREE_MAX + 1];
    for (int i = 0; i <= GROWTH_DEGREE_MAX; i++)
        difference[i] = y[i];
    for (int order = 1; order <= GROWTH_DEGREE_MAX; order++)
        for (int i = GROWTH_DEGREE_MAX; i >= order; i--)
            difference[i] = (difference[i] - difference[i - 1]) / (x[i] - x[i - order]);
    for (int i = 0; i <= GROWTH_DEGREE_MAX; i++)
        by[i] = 0;
    for (int i = GROWTH_DEGREE_MAX; i >= 0; i--) {
        for (int k = GROWTH_DEGREE_MAX; k > 0; k--) /* times (n - x[i]), plus the difference */
            by[k] = by[k - 1] - by[k] * x[i];
        by[0] = difference[i] - by[0] * x[i];
    }
    /* Each is a multiple of 1/6: what the sum of squares and of cubes brings. */
    for (int i = 0; i <= GROWTH_DEGREE_MAX; i++)
        by[i] = round(by[i] * 6) / 6;
}

/* A formula is for people: a coefficient has at most one digit behind its point. */
static bool is_short(const double by[])
{
    for (int i = 0; i <= GROWTH_DEGREE_MAX; i++)
        if (fabs(by[i] * 2 - round(by[i] * 2)) > 1e-6 || fabs(by[i]) > 1e9)
            return false;
    return true;
}

/* The polynomials, from a few lengths at which all chunks are full. */
static struct qkv_err fit(const struct recorded_as *as, struct growth ret[COST_KINDS])
{
    const struct setting *chunk = settings_find(as->settings, "chunk");
    struct costs costs[SAMPLES];
    double x[SAMPLES], y[SAMPLES];
    size_t of = chunk && chunk->number > 1 ? (size_t)chunk->number : 1, n = as->words->n,
           first = (n < LONGEST ? n : LONGEST) / of + 1;
    bool fine = n > 0 && of <= LONGEST;
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && fine && i < SAMPLES; i++) {
        size_t length = of * (i + 1 < SAMPLES ? first + i : 2 * first + SAMPLES);
        x[i] = (double)length;
        err = costs_for(as, length, &costs[i], &fine);
    }
    for (int kind = 0; !err.code && kind < COST_KINDS; kind++) {
        struct growth *g = &ret[kind];
        *g = (struct growth){0};
        for (size_t i = 0; fine && i < SAMPLES; i++)
            y[i] = cost_kind(&costs[i], (enum cost_kind)kind);
        if (fine)
            interpolate(x, y, g->by);
        g->known = fine && is_short(g->by);
        for (size_t i = 0; g->known && i < SAMPLES; i++)
            g->known = fabs(value_at(g->by, x[i]) - y[i]) < 0.5;
    }
    return err;
}

/* Doing it again for every one of many words would take long: the polynomials know. */
static struct qkv_err costs_of_all(const struct recorded_as *as, struct costs *ret)
{
    const double n = (double)as->words->n;
    struct growth g[COST_KINDS];
    bool fine, known = as->words->n > LONGEST;
    struct qkv_err err = known ? fit(as, g) : (struct qkv_err){0};
    for (int kind = 0; !err.code && known && kind < COST_KINDS; kind++)
        known = g[kind].known;
    if (!err.code && known)
        *ret = (struct costs){.operations = value_at(g[COST_OPERATIONS].by, n),
                              .read = value_at(g[COST_READ].by, n),
                              .held = value_at(g[COST_HELD].by, n)};
    return err.code || known ? err : costs_for(as, as->words->n, ret, &fine);
}

struct qkv_err lesson_costs(const struct lesson *lesson, bool second, struct costs *ret)
{
    const struct recorded_as as = recorded_as(lesson, second);
    return as.again ? costs_of_all(&as, ret) : tape_costs(as.tape, ret);
}

struct qkv_err lesson_growth(const struct lesson *lesson, bool second, struct growth ret[COST_KINDS])
{
    const struct recorded_as as = recorded_as(lesson, second);
    struct costs own;
    struct qkv_err err = lesson_costs(lesson, second, &own);
    if (!err.code)
        err = fit(&as, ret);
    for (int kind = 0; !err.code && kind < COST_KINDS; kind++) {
        struct growth *g = &ret[kind];
        g->value = cost_kind(&own, (enum cost_kind)kind);
        g->known = g->known && fabs(value_at(g->by, (double)as.words->n) - g->value) < 0.5;
    }
    return err;
}

void growth_formula(const struct growth *growth, struct str *to)
{
    static const char *const powers[] = {"", " n", " n^2", " n^3"};
    bool begun = false;
    for (int i = GROWTH_DEGREE_MAX; growth->known && i >= 0; i--) {
        double by = fabs(growth->by[i]);
        if (by == 0)
            continue;
        str_add(to, begun ? (growth->by[i] < 0 ? " - " : " + ") : growth->by[i] < 0 ? "-" : "");
        if (by == 1 && i > 0)
            str_add(to, powers[i] + 1);
        else
            str_addf(to, "%.*f%s", by == round(by) ? 0 : 1, by, powers[i]);
        begun = true;
    }
    if (growth->known && !begun)
        str_add(to, "0");
}
