#include "core/mechanisms/linear_features.h"

#include "core/mechanisms/learned.h"

#include <math.h>

/* What is made of queries and of keys: the same, under other names. */
struct feature_side {
    enum role role;
    const char *scaled, *scaled_symbol, *projected, *projected_symbol, *half, *half_symbol, *powers, *powers_symbol;
    const char *name, *symbol;
};

const struct feature_side query_side = {ROLE_QUERY, "Q_scaled",       "Q_scaled", "Q_random", "Q_ω", "Q_half_squares",
                                        "q_2",      "Q_exponentials", "Q_exp",    "phi_Q",    "φ_Q"};
const struct feature_side key_side = {ROLE_KEY, "K_scaled",       "K_scaled", "K_random", "K_ω", "K_half_squares",
                                      "k_2",    "K_exponentials", "K_exp",    "phi_K",    "φ_K"};

/* A step of both sides, which says the same of both. */
#define SIDE(step, in_formulas, ...) STEP(step, in_formulas, STAGE_FEATURES, .role = side->role, .words = __VA_ARGS__)

/* Random features (Choromanski et al. 2020): exp(x' omega^T - |x'|^2 / 2) / sqrt(f), x' = x / d_k^(1/4). */
static int record_favor(struct recorder *r, const struct feature_side *side, int x, int omega)
{
    double root = pow((double)recorded_size(r, x, AXIS_COL), 0.25);
    int small = record_op(r, SIDE(side->scaled, side->scaled_symbol, "scaled", .number = root, .written = "d_k^(1/4)"),
                          OP_DIVIDE, x);
    int seen = record_op(r, SIDE(side->projected, side->projected_symbol, "random"), OP_MATMUL_T, small, omega);
    int length = record_op(r, SIDE(side->half, side->half_symbol, "half_squares"), OP_HALF_SQUARES, small);
    int powers = record_op(r, SIDE(side->powers, side->powers_symbol, "powers"), OP_EXP_SHIFTED, seen, length);
    double directions = sqrt((double)recorded_size(r, powers, AXIS_COL));
    return record_op(r, SIDE(side->name, side->symbol, NULL, .number = directions, .written = "sqrt(f)"), OP_DIVIDE,
                     powers);
}

int record_features(struct recorder *r, const struct feature_side *side, int x, int omega)
{
    if (r->err.code)
        return NO_STEP;
    if (omega != NO_STEP)
        return record_favor(r, side, x, omega);
    bool elu = settings_is(r->settings, "feature_map", "elu1");
    return record_op(r, SIDE(side->name, side->symbol, NULL), elu ? OP_ELU1 : OP_RELU, x);
}

int record_omega(struct recorder *r, int queries)
{
    static const struct given given = {.name = "omega", .rows = "features", .cols = "d_k", .shape = "[features, d_k]"};
    if (r->err.code || !settings_is(r->settings, "feature_map", "favor"))
        return NO_STEP;
    int omega = record_given(r, &given);
    require_columns(r, omega, recorded_size(r, queries, AXIS_COL), "columns of a head's queries (d_k)");
    return omega;
}
