/* linear_attention.c: attention whose cost grows with the number of words, not with its square; whole, or as a running
 * state.
 * Source: Katharopoulos et al. 2020, "Transformers are RNNs", sections 3.2 and 3.3; random features: Choromanski et al.
 * 2021, "Rethinking Attention with Performers", section 2.3.
 *
 * Softmax compares every word with every word before it can multiply by V. With phi(q) . phi(k) in its place the
 * product may be taken in the other order, phi(Q) (phi(K)^T V), and phi(K)^T V is as small as the features are few. */
#include "core/mechanisms/parts.h"

#include <math.h>
#include <stdlib.h>

/* ---- phi ---- */

/* The names of the steps of queries, and of keys. */
struct feature_side {
    enum role role;
    const char *scaled, *projected, *projected_symbol, *half, *half_symbol, *powers, *powers_symbol, *name, *symbol,
        *symbol_by_heads;
};

#define FEATURE_SIDE(role, letter, small)                                                                              \
    {                                                                                                                  \
        role, letter "_scaled", letter "_random", letter "_ω", letter "_half_squares", small "_half",                  \
            letter "_exponentials", letter "_exp", "phi_" letter, "φ(" letter ")", "φ(" letter "_h)"                   \
    }
static const struct feature_side query_side = FEATURE_SIDE(ROLE_QUERY, "Q", "q"),
                                 key_side = FEATURE_SIDE(ROLE_KEY, "K", "k");

static const char *symbol_of(struct recorder *r, const struct feature_side *side, int x)
{
    return recorded_size(r, x, AXIS_HEAD) > 1 ? side->symbol_by_heads : side->symbol;
}

/* A step of either side; both have the same texts. */
#define SIDE(step, in_formulas, ...) STEP(step, in_formulas, STAGE_FEATURES, .role = side->role, .words = __VA_ARGS__)

/* Random features (Choromanski et al. 2021): exp(x' omega^T - |x'|^2 / 2) / sqrt(f), x' = x / d_k^(1/4). */
static int record_favor(struct recorder *r, const struct feature_side *side, int x, int omega)
{
    double root = pow((double)recorded_size(r, x, AXIS_COL), 0.25);
    int small =
        record_op(r, SIDE(side->scaled, side->scaled, "scaled", .number = root, .written = "d_k^(1/4)"), OP_DIVIDE, x);
    int projected = record_op(r, SIDE(side->projected, side->projected_symbol, "random"), OP_MATMUL_T, small, omega);
    int length = record_op(r, SIDE(side->half, side->half_symbol, "half_squares"), OP_HALF_SQUARES, small);
    int powers = record_op(r, SIDE(side->powers, side->powers_symbol, "powers"), OP_EXP_SHIFTED, projected, length);
    double directions = sqrt((double)recorded_size(r, powers, AXIS_COL));
    return record_op(r, SIDE(side->name, symbol_of(r, side, x), NULL, .number = directions, .written = "sqrt(f)"),
                     OP_DIVIDE, powers);
}

/* "phi_Q" or "phi_K" of x [heads, n, d_k] as feature_map says: [heads, n, f]. */
static int record_features(struct recorder *r, const struct feature_side *side, int x, int omega)
{
    if (r->err.code)
        return NO_STEP;
    if (omega != NO_STEP)
        return record_favor(r, side, x, omega);
    bool elu = settings_is(r->settings, "feature_map", "elu1");
    return record_op(r, SIDE(side->name, symbol_of(r, side, x), NULL), elu ? OP_ELU1 : OP_RELU, x);
}

/* Record the input omega where feature_map=favor needs it, for queries [heads, n, d_k]; else NO_STEP. */
static int record_omega(struct recorder *r, int queries)
{
    static const struct given given = {.name = "omega", .rows = "features", .cols = "d_k", .shape = "[features, d_k]"};
    if (r->err.code || !settings_is(r->settings, "feature_map", "favor"))
        return NO_STEP;
    int omega = record_given(r, &given);
    require_columns(r, omega, recorded_size(r, queries, AXIS_COL), "columns of a head's queries (d_k)");
    return omega;
}

/* ---- phi(Q) (phi(K)^T V) in either order ---- */

/* What both orders of multiplication start from. */
struct linear_state {
    struct recorder *r;
    int q, k, v; /* steps: phi_Q, phi_K [heads, n, f]; V by heads [heads, m, d_v] */
    bool causal, by_pairs, by_state;
};

/* (phi(Q) phi(K)^T) V: every query meets every key, as in softmax attention. Returns the numerators; *ret_sums are the
 * sums of the similarities. */
static int record_pairs(struct linear_state *s, int *ret_sums)
{
    struct recorder *r = s->r;
    const struct step_spec *numerators =
        s->by_state ? STEP("numerators_by_pairs", "N_pairs", STAGE_AGGREGATE, .words = "numerators", .variant = "pairs")
                    : STEP("numerators", "N", STAGE_AGGREGATE, .variant = "pairs");
    int similarities = record_op(r, STEP("similarities", "S", STAGE_SCORE), OP_MATMUL_T, s->q, s->k);
    if (s->causal)
        similarities = record_op(r, STEP("similarities_kept", "S_kept", STAGE_MASK), OP_MULTIPLY, similarities,
                                 record_causal(r, similarities));
    int result = record_op(r, numerators, OP_MATMUL, similarities, s->v);
    if (!s->by_state)
        *ret_sums = record_op(r, STEP("fits", "Z_0", STAGE_NORMALISE, .variant = "pairs"), OP_ROW_SUM, similarities);
    return result;
}

/* phi(Q) (phi(K)^T V) for all words at once. *ret_sums: phi(Q) times the keys' sum. */
static int record_whole(struct linear_state *s, int *ret_sums)
{
    struct recorder *r = s->r;
    bool by_heads = recorded_size(r, s->k, AXIS_HEAD) > 1;
    int transposed = record_op(r, STEP("phi_K_turned", by_heads ? "φ(K_h)^T" : "φ(K)^T", STAGE_STATE, .role = ROLE_KEY),
                               OP_TRANSPOSE, s->k);
    int state = record_op(r, STEP("KV", "KV", STAGE_STATE), OP_MATMUL, transposed, s->v);
    int key_sum = record_op(r, STEP("key_sum", "z", STAGE_STATE, .role = ROLE_KEY), OP_ROW_SUM, transposed);
    *ret_sums = record_op(r, STEP("fits", "Z_0", STAGE_NORMALISE), OP_MATMUL, s->q, key_sum);
    return record_op(r, STEP("numerators", "N", STAGE_AGGREGATE), OP_MATMUL, s->q, state);
}

/* The state and the keys' sum before the first word. */
static void record_empty(struct linear_state *s, int *ret_state, int *ret_sum)
{
    const struct axis heads = recorded(s->r, s->k)->axis[AXIS_HEAD], features = recorded(s->r, s->k)->axis[AXIS_COL],
                      values = recorded(s->r, s->v)->axis[AXIS_COL], none = axis_numbered(1, "words");
    *ret_state =
        record_filled(s->r, STEP("state_0", "S_0", STAGE_INPUT), (struct axis[AXES]){heads, features, values}, 0);
    *ret_sum = record_filled(s->r, STEP("key_sum_0", "z_0", STAGE_INPUT, .role = ROLE_KEY),
                             (struct axis[AXES]){heads, none, features}, 0);
}

/* Token after token, as a recurrent network: add a token's key and value to the state, then multiply by its query. */
static int record_recurrent(struct linear_state *s, int *ret_sums)
{
    struct recorder *r = s->r;
    size_t n = recorded_size(r, s->q, AXIS_ROW), m = recorded_size(r, s->k, AXIS_ROW);
    int *reads = record_capacity(r, 2 * n, "the state of every word");
    if (!reads)
        return NO_STEP;
    int *sums = reads + n, state, key_sum;
    const struct step_spec *grown = STEP("state", "S", STAGE_STATE),
                           *sum = STEP("key_sum", "z", STAGE_STATE, .role = ROLE_KEY, .variant = "running"),
                           *read = STEP("read", "n", STAGE_AGGREGATE);
    record_empty(s, &state, &key_sum);
    for (size_t t = 1; !r->err.code && t <= n; t++) {
        if (t <= m) {
            state = record_op_at(r, grown, t, OP_ADD_OUTER, state, s->k, s->v);
            key_sum = record_op_at(r, sum, t, OP_ADD_ROW, key_sum, s->k);
        }
        sums[t - 1] = key_sum;
        reads[t - 1] = record_op_at(r, read, t, OP_ROW_MATMUL, s->q, state);
    }
    int all = record_gathered(r, sums, n, STEP("key_sums", "z", STAGE_NORMALISE, .role = ROLE_KEY));
    int products = record_op(r, STEP("fits_by_feature", "Z_φ", STAGE_NORMALISE), OP_MULTIPLY, s->q, all);
    *ret_sums = record_op(r, STEP("fits", "Z_0", STAGE_NORMALISE, .variant = "running"), OP_ROW_SUM, products);
    int numerators = record_gathered(r, reads, n, STEP("numerators", "N", STAGE_AGGREGATE, .variant = "running"));
    free(reads);
    return numerators;
}

/* Divide the numerators by the sum of the similarities. */
static int record_heads(struct linear_state *s)
{
    int fits = NO_STEP, numerators = NO_STEP;
    if (s->by_pairs)
        numerators = record_pairs(s, &fits);
    if (s->by_state && !s->r->err.code)
        numerators = s->causal ? record_recurrent(s, &fits) : record_whole(s, &fits);
    double eps = settings_get(s->r->settings, "eps")->number;
    int divisor = record_op(s->r, STEP("Z", "Z", STAGE_NORMALISE, .number = eps), OP_ADD_NUMBER, fits);
    return record_op(s->r, STEP("heads", "H", STAGE_NORMALISE), OP_DIVIDE_ROWS, numerators, divisor);
}

static void linear_attention_record(struct recorder *r)
{
    const struct settings *settings = r->settings;
    size_t heads = (size_t)settings_get(settings, "heads")->number;
    int x = record_sequence(r, &queries_sequence), memory = record_sequence(r, &memory_sequence);
    int source = memory == NO_STEP ? x : memory;
    int queries = record_projection(r, &query_projection, x, heads);
    int keys = record_projection(r, &key_projection, source, heads);
    int values = record_projection(r, &value_projection, source, heads);
    /* Queries and keys are compared number by number. */
    require_width(r, keys, "W_K", queries, "W_Q (heads*d_k)");
    queries = record_split_heads(r, &query_projection, queries, heads, heads);
    keys = record_split_heads(r, &key_projection, keys, heads, heads);
    values = record_split_heads(r, &value_projection, values, heads, heads);
    int omega = record_omega(r, queries);
    bool both = settings_is(settings, "order", "both");
    struct linear_state s = {.r = r,
                             .v = values,
                             .causal = settings_is(settings, "causal", "true"),
                             .by_pairs = both || settings_is(settings, "order", "pairs"),
                             .by_state = both || settings_is(settings, "order", "state")};
    s.q = record_features(r, &query_side, queries, omega);
    s.k = record_features(r, &key_side, keys, omega);
    if (!r->err.code)
        record_output(r, record_concat(r, record_heads(&s)), &output_names);
}

static const struct setting_info settings[] = {
    SETTING_HEADS,
    SETTING_ONE_OF("feature_map", "elu1", "relu", "favor"),
    SETTING_SWITCH("causal"),
    {.name = "eps", .kind = SETTING_NUMBER, .initial = "1e-6", .min = 0, .max = INFINITY},
    SETTING_ONE_OF("order", "state", "pairs", "both"),
};

static const struct tensor_info inputs[] = {
    INPUTS_OF_PROJECTIONS("heads"),
    TENSOR_OPTIONAL("W_O", "[heads*d_v, d_out]"),
    INPUTS_OF_BIASES("heads"),
    TENSOR_FOR("feature_map", "favor", "omega", "[features, d_k]"),
};

static const struct tensor_info outputs[] = {
    OUTPUTS_OF_PROJECTIONS("heads"),
    TENSOR("phi_Q", "[heads, n, f]"),
    TENSOR("phi_K", "[heads, m, f]"),
    TENSOR_OPTIONAL("KV", "[heads, f, d_v]"),
    TENSOR_OPTIONAL("state_1, ...", "[heads, f, d_v]"),
    TENSOR_OPTIONAL("similarities", "[heads, n, m]"),
    TENSOR("numerators", "[heads, n, d_v]"),
    TENSOR_OPTIONAL("numerators_by_pairs", "[heads, n, d_v]"),
    TENSOR("Z", "[heads, n, 1]"),
    TENSOR("heads", "[heads, n, d_v]"),
    TENSOR("concat", "[1, n, heads*d_v]"),
    TENSOR_OPTIONAL("output", "[1, n, d_out]"),
};

static const enum stage stages[] = {STAGE_EMBED, STAGE_PROJECT,   STAGE_FEATURES,  STAGE_SCORE,  STAGE_MASK,
                                    STAGE_STATE, STAGE_AGGREGATE, STAGE_NORMALISE, STAGE_CONCAT, STAGE_OUTPUT};

MECHANISM(linear_attention,
          "Katharopoulos et al. 2020, Transformers are RNNs; random features: Choromanski et al. 2021, Performers");
