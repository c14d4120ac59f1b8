/* attention.c: softmax(Q K^T / sqrt(d_k)) V, with a mask, heads and an output. The variants of its lines are in
 * attention_scores.c, attention_weights.c and, computed in parts, attention_evaluate.c. */
#include "core/mechanisms/attention_parts.h"

#include <math.h>

/* Head i has the columns i*d .. (i+1)*d - 1 of a projection. The mistake reads them as planes of words instead. */
static int record_split_heads(struct attention *a, const struct view *view, int whole, size_t heads)
{
    if (a->set.mistake == MISTAKE_HEADS_NOT_WORDS)
        return record_op(a->r,
                         STEP(view->split, view->split_symbol, STAGE_PROJECT, .role = view->role, .mistake = true,
                              .number = (double)recorded_size(a->r, whole, AXIS_ROW), .second = (double)heads),
                         OP_VIEW, whole);
    int split = record_split(a->r, view, whole, heads);
    if (split != NO_STEP && heads > 1 && heads < a->set.heads) { /* several heads share a plane: it is no head's own */
        a->r->tape->steps[split].value.axis[AXIS_HEAD].name = "sets";
        a->r->tape->steps[split].spec.variant = "sets";
    }
    return split;
}

/* Q = X W_Q + b_Q, K = X W_K + b_K, V = X W_V + b_V, where K and V may be of another sequence, the memory. */
static void record_projections(struct attention *a)
{
    const struct attention_settings *set = &a->set;
    int looked_at = a->memory == NO_STEP ? a->x : a->memory;
    int q = record_view(a->r, &query_view, a->x, set->heads);
    int k = record_view(a->r, &key_view, looked_at, set->kv_heads);
    int v = record_view(a->r, &value_view, looked_at, set->kv_heads);
    if (a->r->err.code)
        return;
    a->d_k = recorded_size(a->r, q, AXIS_COL) / set->heads;
    size_t found = recorded_size(a->r, k, AXIS_COL) / set->kv_heads;
    /* Queries and keys are compared number by number: they must be equally long in every head. */
    if (found != a->d_k)
        record_error(a->r, qkv_errf(QKV_ERR_SHAPE,
                                    "W_K: its %zu columns must be kv_heads*d_k = %zu*%zu, for W_Q has %zu = heads*d_k",
                                    found * set->kv_heads, set->kv_heads, a->d_k, a->d_k * set->heads));
    a->q = record_split_heads(a, &query_view, q, set->heads);
    a->k = record_split_heads(a, &key_view, k, set->kv_heads);
    a->v = record_split_heads(a, &value_view, v, set->kv_heads);
}

/* S = Q K^T / sqrt(d_k), with what is added for distances, -inf where the mask is 0, and the temperature. */
int record_scores(struct attention *a, const struct part *p, int queries, int keys)
{
    const struct attention_settings *set = &a->set;
    int s = record_comparison(a, p, queries, keys);
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
    if (set->mistake != MISTAKE_MASK_AFTER_SOFTMAX)
        s = record_masked(a, p, s);
    if (set->temperature != 1)
        s = record_part(a, p, STEP("tempered", "S_tempered", STAGE_NORMALISE, .number = set->temperature), OP_DIVIDE,
                        s);
    return s;
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
static int record_concat(struct attention *a, int heads)
{
    bool mixed_up = a->set.mistake == MISTAKE_CONCAT_WITHOUT_TRANSPOSE;
    if (!mixed_up && a->set.mistake != MISTAKE_HEADS_NOT_WORDS)
        return record_side_by_side(a->r, heads);
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
    return record_output(r, record_concat(&a, heads), names);
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
    int x = record_sequence(r, &words_that_look), memory = record_sequence(r, &words_looked_at);
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
