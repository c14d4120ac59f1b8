/* equality_test.c: what must give the same result gives the same result, on sentences of random sizes; and all of it
 * is what a plain loop over the definition gives. */
#include "support/check.h"

#include "core/record_run.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 4 };

/* ---- attention on random sentences: all tensors that any setting could ask for ---- */

struct sizes {
    size_t n, m, d_model, d_memory, heads, kv_heads, d_k, d_v; /* m = 0: no memory */
};

static size_t between(size_t least, size_t most)
{
    return least + (size_t)((random_number() + 1) / 2 * (double)(most - least + 1));
}

/* Sizes drawn anew; d_k is even; `memory`: with a second sentence of another length. */
static struct sizes sentence_sizes(bool memory)
{
    struct sizes s = {.n = between(1, 7), .d_model = between(2, 6), .kv_heads = between(1, 2)};
    s.heads = s.kv_heads * between(1, 2);
    s.d_k = 2 * between(1, 3);
    s.d_v = between(1, 4);
    s.m = memory ? between(1, 8) : 0;
    s.d_memory = memory ? between(2, 5) : s.d_model;
    return s;
}

/* All inputs; `mask`: also a mask for each head, which blocks about a third, and a whole row of the first head. */
static void sentence_inputs(const struct sizes *s, bool mask, struct named_tensors *ret)
{
    size_t m = s->m ? s->m : s->n, q = s->heads * s->d_k, k = s->kv_heads * s->d_k;
    char text[600], memory[60] = "";
    if (s->m)
        snprintf(memory, sizeof memory, "memory %zu %zu,", s->m, s->d_memory);
    snprintf(
        text, sizeof text,
        "X %zu %zu,W_Q %zu %zu,W_K %zu %zu,W_V %zu %zu,W_O %zu 3,b_K 1 %zu,b_O 1 3,W_A %zu %zu,W_1 %zu 3,W_2 %zu 3,"
        "v_A 1 3,relative_bias %zu 5,relative_keys 5 %zu,W_R %zu %zu,b_R 1 %zu,E 3 %zu,F 3 %zu,",
        s->n, s->d_model, s->d_model, q, s->d_memory, k, s->d_memory, s->kv_heads * s->d_v, s->heads * s->d_v, k,
        s->d_k, s->d_k, s->d_k, s->d_k, s->heads, s->d_k, s->d_model, s->heads, s->heads, m, m);
    *ret = run_tensors(text);
    run_add(ret, memory);
    if (!mask)
        return;
    snprintf(text, sizeof text, "mask %zu*%zu %zu,", s->heads, s->n, m);
    run_add(ret, text);
    struct tensor *t = run_input(ret, "mask");
    for (size_t i = 0; i < tensor_cells(t); i++)
        t->v[i] = random_number() > -0.3 && i / m != s->n - 1;
}

/* Compute from a copy of the inputs, with these heads and settings. */
static void sentence_run(const struct sizes *s, const struct named_tensors *in, const char *text, struct tape *ret)
{
    char settings[300];
    snprintf(settings, sizeof settings, "heads=%zu kv_heads=%zu %s", s->heads, s->kv_heads, text);
    *ret = run_mechanism("attention", settings, in);
}

/* ---- what must give the same ---- */

static void compare(const char *left_text, const struct tape *left, const char *right_text, const struct tape *right,
                    const char *name)
{
    const struct tensor *a = value_of(left, name), *b = value_of(right, name);
    for (int axis = 0; axis < AXES; axis++)
        assert_int_equal(a->axis[axis].size, b->axis[axis].size);
    for (size_t i = 0; i < tensor_cells(a); i++)
        if (!(fabs(a->v[i] - b->v[i]) <= 1e-12 * (1 + fabs(a->v[i]))))
            fail_msg("%s: cell %zu is %.17g with %s, %.17g with %s", name, i, a->v[i], left_text, b->v[i], right_text);
}

static void compare_runs(const char *left, const char *right, bool memory, bool mask)
{
    for (int round = 0; round < ROUNDS; round++) {
        struct sizes s = sentence_sizes(memory);
        OWN(named_tensors) in = {0};
        OWN(tape) a = {0}, b = {0};
        sentence_inputs(&s, mask, &in);
        sentence_run(&s, &in, left, &a);
        sentence_run(&s, &in, right, &b);
        compare(left, &a, right, &b, "heads");
        compare(left, &a, right, &b, "concat");
        compare(left, &a, right, &b, "output");
    }
}

static const char *const ways[] = {
    "temperature=1",
    "temperature=0.5 scale=3.5",
    "mask=causal",
    "mask=window:1",
    "mask=window:0,global:1,random:1:7",
    "mask=causal,window:2 bias=alibi",
    "bias=alibi mask=window:1",
    "bias=relative",
    "bias=relative_keys",
    "bias=relative_keys mask=causal temperature=2",
    "position=sinusoidal",
    "position=rope mask=causal",
    "position=rope bias=relative_keys score=general",
    "score=general scale=none",
    "score=additive",
    "score=additive activation=none bias=relative mask=causal",
    "router=true",
    "router=true position=sinusoidal threshold=0.5",
    "dropout=0.4 seed=3",
    "dropout=0.4 seed=3 mask=causal",
    "router=true mask=causal dropout=0.2 seed=1",
    "normaliser=hard",
    "normaliser=hard mask=causal,global:1,window:1",
    "normaliser=sparsemax",
    "normaliser=sparsemax mask=causal",
    "low_rank=true",
    "low_rank=true score=additive",
};
TEST(parts_give_what_the_whole_gives)
{
    const char *evaluations[] = {"tiles chunk=1",          "tiles",
                                 "tiles chunk=3",          "tiles chunk=100",
                                 "query_chunks chunk=1",   "query_chunks chunk=3",
                                 "query_chunks chunk=100", "incremental"};
    for (size_t i = 0; i < sizeof evaluations / sizeof evaluations[0]; i++)
        for (size_t k = 0; k < sizeof ways / sizeof ways[0]; k++) {
            bool incremental = strstr(evaluations[i], "incremental"), tiles = strstr(evaluations[i], "tiles");
            if ((incremental && !strstr(ways[k], "causal")) || (tiles && strstr(ways[k], "normaliser")))
                continue;
            char text[200];
            snprintf(text, sizeof text, "%s evaluation=%s", ways[k], evaluations[i]);
            compare_runs(ways[k], text, false, false);
            if (!incremental)
                compare_runs(ways[k], text, true, false);
            if (!strstr(ways[k], "low_rank"))
                compare_runs(ways[k], text, !incremental, true);
        }
}

TEST(what_asks_for_nothing_changes_nothing)
{
    static const char *const pairs[][2] = {
        {"temperature=1", "mask=window:100"},   {"temperature=1", "mask=global:100"},
        {"temperature=1", "mask=random:100:1"}, {"mask=causal", "mask=causal,window:100"},
        {"temperature=1", "dropout=0 seed=9"},  {"score=additive", "score=additive scale=none"},
        {"scale=2 temperature=3", "scale=6"},   {"router=true threshold=-100", "router=false"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        compare_runs(pairs[i][0], pairs[i][1], false, false);
        compare_runs(pairs[i][0], pairs[i][1], true, true);
    }
}

TEST(as_many_key_heads_as_heads_is_multi_head_attention)
{
    for (int round = 0; round < ROUNDS; round++) {
        struct sizes s = sentence_sizes(false);
        s.kv_heads = s.heads;
        OWN(named_tensors) in = {0};
        OWN(tape) a = {0}, b = {0};
        sentence_inputs(&s, false, &in);
        sentence_run(&s, &in, "mask=causal", &a);
        sentence_run(&s, &in, "mask=causal kv_heads=heads", &b);
        compare("kv_heads given", &a, "kv_heads=heads", &b, "output");
    }
}

/* Head h alone: its columns of the projections. */
static void take_columns(struct named_tensors *in, const char *name, size_t first, size_t n)
{
    struct tensor *whole = run_input(in, name), part;
    size_t rows = whole->axis[AXIS_ROW].size;
    assert_ok(tensor_init_sizes(&part, 1, rows, n));
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < n; c++)
            *tensor_at(&part, 0, r, c) = *tensor_at(whole, 0, r, first + c);
    tensor_finish(whole);
    *whole = part;
}

TEST(heads_cut_from_one_projection_are_heads_with_their_own)
{
    struct sizes s = {.n = 5, .d_model = 6, .d_memory = 6, .heads = 4, .kv_heads = 2, .d_k = 2, .d_v = 3};
    OWN(named_tensors) in = {0};
    OWN(tape) all = {0};
    sentence_inputs(&s, false, &in);
    sentence_run(&s, &in, "position=rope", &all);
    for (size_t h = 0; h < s.heads; h++) {
        OWN(named_tensors) one = {0};
        for (const char *const *name = (const char *const[]){"X", "W_Q", "W_K", "W_V", "b_K", NULL}; *name; name++) {
            struct tensor t;
            assert_ok(tensor_copy(&t, run_input(&in, *name)));
            assert_ok(named_tensors_add(&one, *name, &t));
        }
        take_columns(&one, "W_Q", h * s.d_k, s.d_k);
        take_columns(&one, "W_K", h / 2 * s.d_k, s.d_k);
        take_columns(&one, "b_K", h / 2 * s.d_k, s.d_k);
        take_columns(&one, "W_V", h / 2 * s.d_v, s.d_v);
        struct sizes single = s;
        single.heads = single.kv_heads = 1;
        OWN(tape) alone = {0};
        sentence_run(&single, &one, "position=rope", &alone);
        for (size_t r = 0; r < s.n; r++)
            for (size_t c = 0; c < s.d_v; c++)
                assert_close(*tensor_at(value_of(&alone, "heads"), 0, r, c),
                             *tensor_at(value_of(&all, "heads"), h, r, c), 1e-12);
    }
}

/* ---- the definition, by plain loops ---- */

struct plain {
    const char *position, *bias, *mask, *normaliser;
};

static double rotated(const struct tensor *t, size_t first, size_t width, size_t r, size_t c, bool rope)
{
    const double *row = tensor_at(t, 0, r, first);
    if (!rope)
        return row[c];
    size_t pair = c / 2 * 2;
    double angle = (double)r * pow(10000, -(double)pair / (double)width);
    return c % 2 == 0 ? row[pair] * cos(angle) - row[pair + 1] * sin(angle)
                      : row[pair] * sin(angle) + row[pair + 1] * cos(angle);
}

static bool seen(const char *mask, size_t i, size_t j)
{
    size_t apart = i > j ? i - j : j - i;
    bool open = !strstr(mask, "window") && !strstr(mask, "global");
    if (strstr(mask, "window:1") && apart <= 1)
        open = true;
    if (strstr(mask, "global:2") && (i < 2 || j < 2))
        open = true;
    return open && !(strstr(mask, "causal") && j > i);
}

/* A row of scores becomes weights. sparsemax: the threshold by bisection. */
static void weigh(const char *normaliser, double *row, size_t m)
{
    double top = -INFINITY, sum = 0;
    size_t best = 0;
    for (size_t j = 0; j < m; j++)
        if (row[j] > top)
            top = row[j], best = j;
    if (top == -INFINITY) {
        memset(row, 0, m * sizeof *row);
    } else if (strcmp(normaliser, "hard") == 0) {
        for (size_t j = 0; j < m; j++)
            row[j] = j == best;
    } else if (strcmp(normaliser, "sparsemax") == 0) {
        double low = top - 1, high = top;
        for (int k = 0; k < 200; k++) {
            double middle = (low + high) / 2;
            sum = 0;
            for (size_t j = 0; j < m; j++)
                sum += fmax(row[j] - middle, 0);
            *(sum > 1 ? &low : &high) = middle;
        }
        for (size_t j = 0; j < m; j++)
            row[j] = fmax(row[j] - low, 0);
    } else {
        for (size_t j = 0; j < m; j++)
            sum += row[j] = exp(row[j] - top);
        for (size_t j = 0; j < m; j++)
            row[j] /= sum;
    }
}

static double relative_number(const struct tensor *table, size_t row, size_t i, size_t j)
{
    double apart = (double)j - (double)i;
    return *tensor_at(table, 0, row, (size_t)(fmin(fmax(apart, -2), 2) + 2));
}

static double plain_score(const struct plain *p, const struct sizes *s, const struct named_tensors *in,
                          const struct tape *tape, size_t h, size_t i, size_t j)
{
    size_t shared = h * s->kv_heads / s->heads;
    bool rope = strcmp(p->position, "rope") == 0, keyed = strcmp(p->bias, "relative_keys") == 0;
    double score = 0, apart = fabs((double)i - (double)j);
    for (size_t c = 0; c < s->d_k; c++) {
        double q = rotated(value_of(tape, "Q"), h * s->d_k, s->d_k, i, c, rope);
        double k = rotated(value_of(tape, "K"), shared * s->d_k, s->d_k, j, c, rope);
        if (keyed)
            k += *tensor_at(named_tensors_find(in, "relative_keys"), 0,
                            (size_t)(fmin(fmax((double)j - (double)i, -2), 2) + 2), c);
        score += q * k;
    }
    score /= sqrt((double)s->d_k);
    if (strcmp(p->bias, "relative") == 0)
        score += relative_number(named_tensors_find(in, "relative_bias"), h, i, j);
    if (strcmp(p->bias, "alibi") == 0)
        score -= pow(2, -8.0 * (double)(h + 1) / (double)s->heads) * apart;
    return seen(p->mask, i, j) ? score : -INFINITY;
}

static void compare_with_plain(const struct plain *p, const struct sizes *s, const struct named_tensors *in)
{
    char text[200];
    snprintf(text, sizeof text, "position=%s bias=%s mask=%s normaliser=%s", p->position, p->bias, p->mask,
             p->normaliser);
    OWN(tape) tape = {0};
    sentence_run(s, in, text, &tape);
    size_t m = s->m ? s->m : s->n;
    double *row = calloc(m, sizeof *row);
    for (size_t h = 0; h < s->heads; h++)
        for (size_t i = 0; i < s->n; i++) {
            for (size_t j = 0; j < m; j++)
                row[j] = plain_score(p, s, in, &tape, h, i, j);
            weigh(p->normaliser, row, m);
            for (size_t j = 0; j < m; j++)
                if (fabs(*tensor_at(value_of(&tape, "weights"), h, i, j) - row[j]) > 1e-9)
                    fail_msg("%s: weight [%zu, %zu, %zu] is %.12g, wanted %.12g", text, h, i, j,
                             *tensor_at(value_of(&tape, "weights"), h, i, j), row[j]);
            for (size_t c = 0; c < s->d_v; c++) {
                double sum = 0;
                for (size_t j = 0; j < m; j++)
                    sum += row[j] * *tensor_at(value_of(&tape, "V"), 0, j, h * s->kv_heads / s->heads * s->d_v + c);
                assert_close(*tensor_at(value_of(&tape, "heads"), h, i, c), sum, 1e-9);
            }
        }
    free(row);
}

TEST(all_combinations_give_what_the_definition_gives)
{
    const char *positions[] = {"none", "rope"}, *biases[] = {"none", "relative", "relative_keys", "alibi"};
    const char *masks[] = {"none", "causal", "window:1", "global:2,window:1", "causal,global:2,window:1"};
    const char *choices[] = {"softmax", "hard", "sparsemax"};
    for (size_t i = 0; i < 2 * 4 * 5 * 3; i++) {
        struct plain p = {positions[i % 2], biases[i / 2 % 4], masks[i / 8 % 5], choices[i / 40]};
        for (int memory = 0; memory < 2; memory++) {
            struct sizes s = sentence_sizes(memory);
            OWN(named_tensors) in = {0};
            sentence_inputs(&s, false, &in);
            compare_with_plain(&p, &s, &in);
        }
    }
}
