/* gau.c: the gated attention unit: one head whose result is multiplied by a gate. U is the gate, V the values.
 * Source: Hua et al. 2022, "Transformer Quality in Linear Time", section 2.2 (form=squared_relu). */
#include "core/mechanisms/parts.h"

#include <math.h>

/* The matrices of X W. */
static int record_own(struct recorder *r, int x, const char *name, enum role role, const char *cols,
                      const struct step_spec *step)
{
    struct linear linear = {.w = {.name = name,
                                  .role = role,
                                  .rows = x == NO_STEP ? "d_model" : recorded(r, x)->axis[AXIS_COL].name,
                                  .cols = cols}};
    return record_linear(r, x, &linear, step);
}

/* silu(x W): two steps, the first of the variant "before_bend". */
static int record_silu(struct recorder *r, int x, const char *name, enum role role, const char *cols,
                       const char *before, const char *symbol_before, const struct step_spec *step)
{
    struct step_spec product = step_called(step, before, symbol_before);
    product.variant = "before_bend";
    return record_op(r, step, OP_SILU, record_own(r, x, name, role, cols, &product));
}

/* mask(Q K^T / number) */
static int record_scores(struct recorder *r, int q, int k, double number, const char *written)
{
    int scaled = record_op(r, STEP("scaled", "S_scaled", STAGE_SCALE, .number = number, .written = written), OP_DIVIDE,
                           record_op(r, STEP("scores", "S", STAGE_SCORE), OP_MATMUL_T, q, k));
    if (!settings_is(r->settings, "causal", "true"))
        return scaled;
    return record_op(r, STEP("masked", "S_masked", STAGE_MASK), OP_MASK, scaled, record_causal(r, scaled));
}

static int record_context(struct recorder *r, int weights, int v)
{
    return record_op(r, STEP("context", "C", STAGE_AGGREGATE), OP_MATMUL, weights, v);
}

/* softmax((U * base) V^T / e^(1/4)) V, mixed with U by the gate sigmoid(U). */
static int record_gated_softmax(struct recorder *r, int x, int memory)
{
    static const struct given base_given = {.name = "base", .rows = ALL_WORDS, .cols = "e"};
    int u = record_own(r, x, "W_U", ROLE_QUERY, "e", STEP("U", "U", STAGE_PROJECT, .role = ROLE_QUERY));
    int v = record_own(r, memory == NO_STEP ? x : memory, "W_V", ROLE_VALUE, "e",
                       STEP("V", "V", STAGE_PROJECT, .role = ROLE_VALUE));
    require_width(r, v, "W_V", u, "W_U (e)");
    int base = record_row(r, &base_given, u);
    int q = record_op(r, STEP("U_base", "U_base", STAGE_SCORE, .role = ROLE_QUERY), OP_MULTIPLY, u, base);
    int scores = record_scores(r, q, v, pow((double)recorded_size(r, u, AXIS_COL), 0.25), "d_e^(1/4)");
    int context = record_context(r, record_softmax(r, scores, 0), v);
    int gate = record_op(r, STEP("gate", "G", STAGE_GATE, .scale = SCALE_SHARE), OP_SIGMOID, u);
    return record_op(r, STEP("mixed", "M", STAGE_GATE), OP_LERP, gate, context, u);
}

/* Q or K: B * gamma + beta. */
static int record_side(struct recorder *r, int base, const char *gamma, const char *beta, const char *name,
                       enum role role)
{
    return record_affine(r, base, gamma, beta, STEP(name, name, STAGE_PROJECT, .role = role));
}

/* relu(Q K^T / n)^2 V, times U (Hua et al. 2022, equation 5). */
static int record_squared_relu(struct recorder *r, int x)
{
    int u = record_silu(r, x, "W_U", ROLE_NONE, "e", "U_projected", "U_0", STEP("U", "U", STAGE_PROJECT));
    int v = record_silu(r, x, "W_V", ROLE_VALUE, "e", "V_projected", "V_0",
                        STEP("V", "V", STAGE_PROJECT, .role = ROLE_VALUE));
    require_width(r, v, "W_V", u, "W_U (e)");
    int b = record_silu(r, x, "W_Z", ROLE_NONE, "s", "B_projected", "B_0", STEP("B", "B", STAGE_PROJECT));
    int q = record_side(r, b, "gamma_Q", "beta_Q", "Q", ROLE_QUERY);
    int k = record_side(r, b, "gamma_K", "beta_K", "K", ROLE_KEY);
    int scores = record_scores(r, q, k, (double)recorded_size(r, x, AXIS_ROW), "n");
    int positive = record_op(r, STEP("positive", "R", STAGE_NORMALISE), OP_RELU, scores);
    int weights =
        record_op(r, STEP("weights", "A", STAGE_NORMALISE, .what = STEP_WEIGHTS), OP_MULTIPLY, positive, positive);
    return record_op(r, STEP("mixed", "M", STAGE_GATE), OP_MULTIPLY, u, record_context(r, weights, v));
}

static void gau_record(struct recorder *r)
{
    static const struct linear output = {.w = {.name = "W_O", .rows = "e", .cols = "d_out"}};
    bool squared = settings_is(r->settings, "form", "squared_relu");
    if (squared && record_has(r, "memory"))
        refuse(r, QKV_ERR_DOMAIN, "memory: only form=gated_softmax uses it");
    int x = record_sequence(r, &queries_sequence), memory = record_sequence(r, &memory_sequence);
    int mixed = squared ? record_squared_relu(r, x) : record_gated_softmax(r, x, memory);
    record_linear(r, mixed, &output, STEP("output", "Y", STAGE_OUTPUT));
}

static const struct setting_info settings[] = {
    SETTING_ONE_OF("form", "gated_softmax", "squared_relu"),
    SETTING_SWITCH("causal"),
};

static const struct tensor_info inputs[] = {
    TENSOR("X", "[n, d_model]"),
    TENSOR_OPTIONAL("memory", "[m, d_memory]"),
    TENSOR("W_U", "[d_model, e]"),
    TENSOR("W_V", "[d_memory, e]"),
    TENSOR_FOR("form", "gated_softmax", "base", "[e]"),
    TENSOR_FOR("form", "squared_relu", "W_Z", "[d_model, s]"),
    TENSOR_FOR("form", "squared_relu", "gamma_Q", "[s]"),
    TENSOR_FOR("form", "squared_relu", "beta_Q", "[s]"),
    TENSOR_FOR("form", "squared_relu", "gamma_K", "[s]"),
    TENSOR_FOR("form", "squared_relu", "beta_K", "[s]"),
    TENSOR("W_O", "[e, d_out]"),
};

static const struct tensor_info outputs[] = {
    TENSOR("U", "[1, n, e]"),
    TENSOR("V", "[1, m, e]"),
    TENSOR_OPTIONAL("B", "[1, n, s]"),
    TENSOR_OPTIONAL("Q", "[1, n, s]"),
    TENSOR_OPTIONAL("K", "[1, n, s]"),
    TENSOR("scores", "[1, n, m]"),
    TENSOR("scaled", "[1, n, m]"),
    TENSOR_OPTIONAL("masked", "[1, n, m]"),
    TENSOR("weights", "[1, n, m]"),
    TENSOR("context", "[1, n, e]"),
    TENSOR_OPTIONAL("gate", "[1, n, e]"),
    TENSOR("mixed", "[1, n, e]"),
    TENSOR("output", "[1, n, d_out]"),
};

static const enum stage stages[] = {STAGE_EMBED,     STAGE_PROJECT,   STAGE_SCORE, STAGE_SCALE, STAGE_MASK,
                                    STAGE_NORMALISE, STAGE_AGGREGATE, STAGE_GATE,  STAGE_OUTPUT};

MECHANISM(gau, "form=squared_relu: Hua et al. 2022, Transformer Quality in Linear Time");
