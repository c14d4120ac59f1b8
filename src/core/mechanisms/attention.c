/* attention.c: softmax(Q K^T / sqrt(d_k)) V, with a mask, heads and an output. The variants of its lines are in
 * attention_scores.c, attention_weights.c and, computed in parts, attention_evaluate.c. */
#include "core/mechanisms/attention_parts.h"

#include <math.h>

/* Head i has the columns i*d .. (i+1)*d - 1 of a projection. */
static int split_heads(struct attention *a, const struct projection *projection, int whole, size_t heads)
{
    if (a->set.mistake == MISTAKE_HEADS_NOT_WORDS)
        return record_heads_not_words(a, projection, whole);
    return record_split_heads(a->r, projection, whole, heads, a->set.heads);
}

/* Q = X W_Q + b_Q, K = X W_K + b_K, V = X W_V + b_V, where K and V may be of another sequence, the memory. */
static void record_projections(struct attention *a)
{
    const struct attention_settings *set = &a->set;
    int looked_at = a->memory == NO_STEP ? a->x : a->memory;
    int q = record_projection(a->r, &query_projection, a->x, set->heads);
    int k = record_projection(a->r, &key_projection, looked_at, set->kv_heads);
    int v = record_projection(a->r, &value_projection, looked_at, set->kv_heads);
    if (a->r->err.code)
        return;
    a->d_k = recorded_size(a->r, q, AXIS_COL) / set->heads;
    a->q = split_heads(a, &query_projection, q, set->heads);
    a->k = split_heads(a, &key_projection, k, set->kv_heads);
    a->v = split_heads(a, &value_projection, v, set->kv_heads);
}

/* S = Q K^T / sqrt(d_k), with what is added for distances, -inf where the mask is 0, and the temperature. */
int record_scores(struct attention *a, const struct part *p, int queries, int keys)
{
    const struct attention_settings *set = &a->set;
    int s = record_part(a, p, STEP("scores", "S", STAGE_SCORE, .mistake = a->compares_heads), a->comparison, queries,
                        keys, a->v_A); /* score=dot: OP_MATMUL_T */
    if (set->bias == BIAS_RELATIVE_KEYS)
        s = record_relative_keys(a, p, s);
    if (set->scale == SCALE_BY_SQRT_DK && set->score != SCORE_ADDITIVE)
        s = record_part(a, p,
                        STEP("scaled", "S_scaled", STAGE_SCALE, .number = sqrt((double)a->d_k), .written = "sqrt(d_k)"),
                        OP_DIVIDE, s);
    if (set->scale == SCALE_BY_NUMBER)
        s = record_part(a, p, STEP("scaled", "S_scaled", STAGE_SCALE, .number = set->divisor), OP_DIVIDE, s);
    if (set->bias == BIAS_RELATIVE || set->bias == BIAS_ALIBI)
        s = record_bias(a, p, s);
    int mask = set->mistake == MISTAKE_MASK_AFTER_SOFTMAX ? NO_STEP : record_part_mask(a, p);
    if (mask != NO_STEP)
        s = record_part(a, p, STEP("masked", "S_masked", STAGE_MASK), OP_MASK, s, mask);
    if (set->temperature != 1)
        s = record_part(a, p, STEP("tempered", "S_tempered", STAGE_NORMALISE, .number = set->temperature), OP_DIVIDE,
                        s);
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

/* H = softmax(S) V: each word's mixture of the values, head by head. */
int record_heads(struct attention *a, const struct part *p, int queries, int keys, int values)
{
    int weights = record_dropped(a, p, record_weights(a, p, record_scores(a, p, queries, keys)));
    struct step_spec heads = heads_step(a, !p->what);
    heads.mistake = a->set.mistake == MISTAKE_KEYS_AS_VALUES;
    return record_part(a, p, &heads, OP_MATMUL, weights, heads.mistake ? a->k : values);
}

/* C = the heads side by side. */
static int concat_heads(struct attention *a, int heads)
{
    bool mixed_up = a->set.mistake == MISTAKE_CONCAT_WITHOUT_TRANSPOSE;
    if (!mixed_up && a->set.mistake != MISTAKE_HEADS_NOT_WORDS)
        return record_concat(a->r, heads);
    return record_op(a->r,
                     STEP("concat", "C", STAGE_CONCAT, .number = 1, .second = (double)a->n_words, .mistake = mixed_up),
                     OP_VIEW, heads);
}

/* Y = concat(softmax(Q K^T / sqrt(d_k)) V) W_O + b_O */
int attention_steps(struct recorder *r, int x, int memory, const struct output_names *names)
{
    struct attention a = {.r = r, .x = x, .memory = memory};
    a.mask = a.dropout = a.distances = a.v_A = NO_STEP;
    if (!r->err.code)
        a.set = attention_settings_read(r->settings);
    if (!r->err.code)
        check_settings(&a);
    if (!r->err.code)
        record_projections(&a);
    if (!r->err.code)
        check_shapes(&a);
    if (a.set.position == POSITION_ROPE) {
        a.q = record_rope(&a, a.q, "Q_turned", "Q_turned", ROLE_QUERY);
        a.k = record_rope(&a, a.k, "K_turned", "K_turned", ROLE_KEY);
    }
    if (a.set.low_rank)
        record_low_rank(&a);
    if (r->err.code)
        return NO_STEP;
    a.n_words = recorded_size(r, x, AXIS_ROW);
    a.n = recorded_size(r, a.q, AXIS_ROW);
    a.m = recorded_size(r, a.k, AXIS_ROW);
    int heads = record_evaluation(&a);
    if (a.set.router)
        heads = record_routed(&a, heads);
    return record_output(r, concat_heads(&a, heads), names);
}

int attention_in_layer(struct recorder *r, int x, int normed, int memory)
{
    static const struct output_names names = {"attention_output", "A_out", "attention_projected", "A_0"};
    int found = r->err.code ? NO_STEP : attention_steps(r, normed, memory, &names);
    require_width(r, found, "W_O", x, "X (d_model)");
    return found;
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

const struct mechanism mechanism_attention = {
    .name = "attention",
    .source = "Vaswani et al. 2017, Attention Is All You Need",
    MECHANISM_TABLE(settings),
    MECHANISM_TABLE(inputs),
    MECHANISM_TABLE(outputs),
    .record = attention_record,
    MECHANISM_TABLE(stages),
};
