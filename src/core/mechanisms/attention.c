/* attention.c: softmax(Q K^T / sqrt(d_k)) V, with a mask, heads and an output. The variants of its lines are in
 * attention_scores.c, attention_weights.c and, computed in parts, attention_evaluate.c. position=rope: Su et al. 2021,
 * "RoFormer". */
#include "core/mechanisms/attention.h"

#include "core/mechanisms/attention_parts.h"

#include <math.h>

/* Q = X W_Q + b_Q, K = X W_K + b_K, V = X W_V + b_V, where K and V may be of another sequence, the memory. */
static void record_projections(struct attention *a)
{
    int source = a->memory == NO_STEP ? a->x : a->memory;
    int q = record_projection(a->r, &query_projection, a->x, a->heads);
    int k = record_projection(a->r, &key_projection, source, a->kv_heads);
    int v = record_projection(a->r, &value_projection, source, a->kv_heads);
    if (a->r->err.code)
        return;
    a->d_k = recorded_size(a->r, q, AXIS_COL) / a->heads;
    a->q = split_heads(a, &query_projection, q, a->heads);
    a->k = split_heads(a, &key_projection, k, a->kv_heads);
    a->v = split_heads(a, &value_projection, v, a->kv_heads);
}

/* S = Q K^T / sqrt(d_k), with what is added for distances, -inf where the mask is 0, and the temperature. */
static int record_scores(struct attention *a, const struct part *p, int queries, int keys)
{
    double temperature = set_number(a, "temperature");
    int s = record_part(a, p, STEP("scores", "S", STAGE_SCORE, .mistake = a->compares_heads), a->comparison, queries,
                        keys, a->v_A); /* score=dot: OP_MATMUL_T */
    if (is_set(a, "bias", "relative_keys"))
        s = record_relative_keys(a, p, s);
    if (is_set(a, "scale", "sqrt_dk") && !is_set(a, "score", "additive"))
        s = record_part(a, p,
                        STEP("scaled", "S_scaled", STAGE_SCALE, .number = sqrt((double)a->d_k), .written = "sqrt(d_k)"),
                        OP_DIVIDE, s);
    if (settings_choice(a->r->settings, "scale") < 0)
        s = record_part(a, p, STEP("scaled", "S_scaled", STAGE_SCALE, .number = set_number(a, "scale")), OP_DIVIDE, s);
    if (is_set(a, "bias", "relative") || is_set(a, "bias", "alibi"))
        s = record_bias(a, p, s);
    int mask = is_set(a, "mistake", "mask_after_softmax") ? NO_STEP : record_part_mask(a, p);
    if (mask != NO_STEP)
        s = record_part(a, p, STEP("masked", "S_masked", STAGE_MASK), OP_MASK, s, mask);
    if (temperature != 1)
        s = record_part(a, p, STEP("tempered", "S_tempered", STAGE_NORMALISE, .number = temperature), OP_DIVIDE, s);
    return s;
}

/* A = softmax(S) = e^(S - m) / z, row by row, with m the largest of the row and z the sum of its exponentials. */
struct last normaliser_softmax(struct attention *a, const struct part *p, int s)
{
    int m = record_part(a, p, &row_max_step, OP_ROW_MAX, s);
    int e = record_part(a, p, &exponentials_step, OP_EXP_SHIFTED, s, m);
    int z = record_part(a, p, &row_sums_step, OP_ROW_SUM, e);
    return (struct last){OP_DIVIDE_ROWS, e, z};
}

/* softmax(S) V: for each query a weighted sum of the values, head by head. */
static int record_mixture(struct attention *a, struct part_iterator *it, int scores)
{
    int weights = record_dropped(a, &it->part, record_weights(a, &it->part, scores));
    int values = values_of_part(a, it);
    struct step_spec heads = heads_step(a, !it->part.what);
    heads.mistake = is_set(a, "mistake", "keys_as_values");
    return record_part(a, &it->part, &heads, OP_MATMUL, weights, heads.mistake ? a->k : values);
}

/* H = softmax(Q K^T / sqrt(d_k)) V, in the parts of the setting `evaluation`: by default all at once. */
static int record_heads(struct attention *a)
{
    struct part_iterator it = {0};
    while (next_part(a, &it)) {
        int scores = record_scores(a, &it.part, it.queries, it.keys);
        if (is_set(a, "evaluation", "tiles"))
            add_tile(a, &it, scores);
        else
            add_heads(a, &it, record_mixture(a, &it, scores));
    }
    return is_set(a, "router", "true") ? record_routed(a, it.heads) : it.heads;
}

#define NORMALISER_FUNCTION(name) normaliser_##name,
static normaliser *const normalisers[] = {ATTENTION_NORMALISERS(NORMALISER_FUNCTION)};

/* Y = concat(softmax(Q K^T / sqrt(d_k)) V) W_O + b_O */
int attention_steps(struct recorder *r, int x, int memory, const struct output_names *names)
{
    bool own_heads = settings_choice(r->settings, "kv_heads") >= 0;
    struct attention a = {.r = r,
                          .x = x,
                          .memory = memory,
                          .heads = (size_t)settings_number(r->settings, "heads"),
                          .kv_heads = (size_t)settings_number(r->settings, own_heads ? "heads" : "kv_heads"),
                          .normalise = normalisers[settings_choice(r->settings, "normaliser")]};
    a.mask = a.dropout = a.distances = a.v_A = NO_STEP;
    if (!r->err.code)
        check_settings(&a);
    if (!r->err.code)
        record_projections(&a);
    if (!r->err.code)
        check_shapes(&a);
    if (is_set(&a, "position", "rope")) {
        a.q = record_op(r, STEP("Q_turned", "Q_turned", STAGE_POSITION, .role = ROLE_QUERY), OP_ROPE, a.q);
        a.k = record_op(r, STEP("K_turned", "K_turned", STAGE_POSITION, .role = ROLE_KEY), OP_ROPE, a.k);
    }
    if (is_set(&a, "low_rank", "true"))
        record_low_rank(&a);
    if (r->err.code)
        return NO_STEP;
    a.n_words = recorded_size(r, x, AXIS_ROW);
    a.n = recorded_size(r, a.q, AXIS_ROW);
    a.m = recorded_size(r, a.k, AXIS_ROW);
    prepare_scores(&a);
    return record_output(r, concat_heads(&a, record_heads(&a)), names);
}

int attention_in_layer(struct recorder *r, int x, int normed, int memory)
{
    static const struct output_names names = {"attention_output", "A_out", "attention_projected", "A_0"};
    int result = r->err.code ? NO_STEP : attention_steps(r, normed, memory, &names);
    require_width(r, result, "W_O", x, "X (d_model)");
    return result;
}

static void attention_record(struct recorder *r)
{
    int x = record_sequence(r, &queries_sequence), memory = record_sequence(r, &memory_sequence);
    x = record_positions(r, x, false);
    attention_steps(r, x, record_positions(r, memory, true), &output_names);
}

static const struct setting_info settings[] = {ATTENTION_SETTINGS};
static const struct tensor_info inputs[] = {ATTENTION_INPUTS, TENSOR_OPTIONAL("W_O", "[heads*d_v, d_out]")};
static const struct tensor_info outputs[] = {ATTENTION_OUTPUTS, TENSOR_OPTIONAL("output", "[1, n, d_out]")};
static const enum stage stages[] = {STAGE_EMBED,   STAGE_PROJECT,   STAGE_POSITION, STAGE_SCORE,
                                    STAGE_SCALE,   STAGE_BIAS,      STAGE_MASK,     STAGE_NORMALISE,
                                    STAGE_DROPOUT, STAGE_AGGREGATE, STAGE_CONCAT,   STAGE_OUTPUT};

MECHANISM(attention, "Vaswani et al. 2017, Attention Is All You Need");
