/* location_aware.c: attention that depends on the previous weights: one query after the other; the weights of each
 * are an operand of the next.
 * Source: Chorowski et al. 2015, "Attention-Based Models for Speech Recognition", sections 2.1 and 2.2.
 *
 * For every query: a convolution of the previous weights, which gives location features; their sum with memory and
 * query; one energy for each position; softmax. What does not change from query to query is computed once. */
#include "core/mechanisms/parts.h"

#include <stdlib.h>

/* Steps shared by all queries. */
struct location {
    struct recorder *r;
    int windows, to_hidden, v; /* inputs F, U, v_A */
    int queries, memory;       /* queries W_Q [1, T, a]; memory W_K + b_A [1, m, a] */
};

static const struct sequence states = {"queries", "Q_in", "d_q", "[T, d_q]"};
static const struct sequence places = {"memory", "X_memory", "d_memory", "[m, d_memory]"};
static const struct linear query_linear = {.w = {.name = "W_Q", .role = ROLE_QUERY, .rows = "d_q", .cols = "a"}};
static const struct linear key_linear = {
    .w = {.name = "W_K", .role = ROLE_KEY, .rows = "d_memory", .cols = "a"},
    .b = {.name = "b_A", .rows = "all places", .shape = "[a]"},
    .sum_before = "K_projected",
    .symbol_before = "K_0",
};
static const struct given windows_given = {.name = "F", .rows = "windows", .cols = "width", .shape = "[c, width]"};
static const struct given to_hidden_given = {.name = "U", .rows = "windows", .cols = "a", .shape = "[c, a]"};
static const struct given v_given = {.name = "v_A", .rows = "all places", .cols = "a", .shape = "[a]"};

static void record_learned(struct location *l, int queries, int memory)
{
    struct recorder *r = l->r;
    l->queries = record_linear(r, queries, &query_linear, STEP("Q", "Q", STAGE_PROJECT, .role = ROLE_QUERY));
    l->memory = record_linear(r, memory, &key_linear, STEP("K", "K", STAGE_PROJECT, .role = ROLE_KEY));
    l->windows = record_given(r, &windows_given);
    l->to_hidden = record_given(r, &to_hidden_given);
    l->v = record_row(r, &v_given, l->queries);
    require_odd_width(r, l->windows);
    require_rows(r, l->to_hidden, recorded_size(r, l->windows, AXIS_ROW), "windows of F (c)");
    require_columns(r, l->to_hidden, recorded_size(r, l->queries, AXIS_COL), "columns of W_Q (a)");
    require_columns(r, l->memory, recorded_size(r, l->queries, AXIS_COL), "columns of W_Q (a)");
}

/* e = v_A . tanh(q + k + f U), where the location features f are a convolution of the previous weights. */
static int record_energies(struct location *l, size_t t, int previous)
{
    struct recorder *r = l->r;
    int features = record_op_at(r, STEP("location", "L", STAGE_LOCATE), t, OP_CONVOLVE_ROW, previous, l->windows);
    int located = record_op_at(r, STEP("located", "LU", STAGE_LOCATE), t, OP_MATMUL, features, l->to_hidden);
    int located_keys =
        record_op_at(r, STEP("offered", "P", STAGE_SCORE, .role = ROLE_KEY), t, OP_ADD, l->memory, located);
    int hidden = record_op_at(r, STEP("hidden", "T", STAGE_SCORE), t, OP_TANH_ADD_ROW, located_keys, l->queries);
    int energies = record_op_at(r, STEP("energies", "e", STAGE_SCORE, .variant = "one"), t, OP_MATMUL_T, l->v, hidden);
    record_row_names(r, energies, l->queries, t - 1);
    return energies;
}

static void location_aware_record(struct recorder *r)
{
    struct location l = {.r = r};
    int queries = record_sequence(r, &states), memory = record_sequence(r, &places);
    record_learned(&l, queries, memory);
    size_t n = recorded_size(r, queries, AXIS_ROW);
    int *energies = record_capacity(r, 2 * n, "the weights of every query");
    if (!energies)
        return;
    struct axis key_rows = recorded(r, l.memory)->axis[AXIS_ROW];
    int *weights = energies + n;
    int previous = record_filled_row(
        r,
        STEP("weights_0", "A_0", STAGE_INPUT, .scale = SCALE_SHARE, .distribution = true, .formula = "{y}_j = 1 / m"),
        "queries", key_rows, 1 / (double)key_rows.size);
    for (size_t t = 1; !r->err.code && t <= n; t++) {
        energies[t - 1] = record_energies(&l, t, previous);
        previous = weights[t - 1] = record_softmax(r, energies[t - 1], t);
    }
    record_row_names(r, record_gathered(r, energies, n, STEP("energies", "S", STAGE_AGGREGATE)), l.queries, 0);
    int alignment = record_gathered(r, weights, n,
                                    STEP("weights", "A", STAGE_AGGREGATE, .scale = SCALE_SHARE, .what = STEP_WEIGHTS,
                                         .variant = "all", .distribution = true));
    record_row_names(r, alignment, l.queries, 0);
    record_op(r, STEP("context", "C", STAGE_AGGREGATE), OP_MATMUL, alignment, memory);
    free(energies);
}

static const struct tensor_info inputs[] = {
    TENSOR("queries", "[T, d_q]"), TENSOR("memory", "[m, d_memory]"),
    TENSOR("W_Q", "[d_q, a]"),     TENSOR("W_K", "[d_memory, a]"),
    TENSOR("F", "[c, width]"),     TENSOR("U", "[c, a]"),
    TENSOR("b_A", "[a]"),          TENSOR("v_A", "[a]"),
};

static const struct tensor_info outputs[] = {
    TENSOR("energies", "[1, T, m]"),
    TENSOR("weights", "[1, T, m]"),
    TENSOR("context", "[1, T, d_memory]"),
};

static const enum stage stages[] = {STAGE_EMBED, STAGE_PROJECT,   STAGE_LOCATE,
                                    STAGE_SCORE, STAGE_NORMALISE, STAGE_AGGREGATE};

const struct mechanism mechanism_location_aware = {
    .name = "location_aware",
    .source = "Chorowski et al. 2015, Attention-Based Models for Speech Recognition",
    MECHANISM_TABLE(inputs),
    MECHANISM_TABLE(outputs),
    .record = location_aware_record,
    MECHANISM_TABLE(stages),
};
