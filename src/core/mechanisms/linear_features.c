#include "core/mechanisms/linear_features.h"

#include "core/mechanisms/learned.h"

#include <math.h>

/* What is made of queries and of keys: the same, under other names. */
struct feature_side {
    enum role role;
    const char *scaled, *scaled_symbol, *projected, *projected_symbol, *half, *half_symbol, *powers, *powers_symbol;
    const char *name, *symbol, *title;
};

const struct feature_side query_side = {
    ROLE_QUERY, "Q_scaled",       "Q_scaled", "Q_random", "Q_ω", "Q_half_squares",
    "q_2",      "Q_exponentials", "Q_exp",    "phi_Q",    "φ_Q", "what each word asks for, made positive"};
const struct feature_side key_side = {ROLE_KEY, "K_scaled",       "K_scaled", "K_random",
                                      "K_ω",    "K_half_squares", "k_2",      "K_exponentials",
                                      "K_exp",  "phi_K",          "φ_K",      "what each word offers, made positive"};

static const char feature_axes[] = "row: a word; column: a feature of the map phi";

static struct step_spec feature_spec(const struct feature_side *side, const char *name, const char *symbol, enum op op,
                                     int in)
{
    return (struct step_spec){.name = name,
                              .symbol = symbol,
                              .stage = STAGE_FEATURES,
                              .role = side->role,
                              .op = op,
                              .in = {in},
                              .axes = feature_axes};
}

/* Random features (Choromanski et al. 2020): exp(x' omega^T - |x'|^2 / 2) / sqrt(f), x' = x / d_k^(1/4). */
static int record_favor(struct recorder *r, const struct feature_side *side, int x, int omega)
{
    struct step_spec scaled = feature_spec(side, side->scaled, side->scaled_symbol, OP_DIVIDE, x);
    scaled.number = pow((double)recorded_size(r, x, AXIS_COL), 0.25);
    scaled.written = "d_k^(1/4)";
    scaled.title = "the root of the root of d_k taken off";
    scaled.meaning = "Queries and keys each carry **half** of the scaling: together their product is divided by the "
                     "root of d_k, as in softmax attention.";
    int small = record_step(r, scaled);
    struct step_spec random = feature_spec(side, side->projected, side->projected_symbol, OP_MATMUL_T, small);
    random.in[1] = omega;
    random.title = "seen from random directions";
    random.meaning =
        "Each column is one random direction: the cell says how far the row reaches **that way**. The more "
        "directions, the nearer the result is to softmax.";
    int seen = record_step(r, random);
    struct step_spec half = feature_spec(side, side->half, side->half_symbol, OP_HALF_SQUARES, small);
    half.title = "half of each row's squared length";
    half.meaning = "Long rows reach far in **every** direction. This is what is taken off for their length.";
    half.axes = "row: a word; one number for its whole row";
    int length = record_step(r, half);
    struct step_spec power = feature_spec(side, side->powers, side->powers_symbol, OP_EXP_SHIFTED, seen);
    power.in[1] = length;
    power.title = "e to the power of the difference";
    power.meaning =
        "What is seen in a direction, less half of the squared length, as a power of e: always **above 0**. "
        "On average over the directions, two such rows multiply to e to the power of q times k.";
    int powers = record_step(r, power);
    size_t features = recorded_size(r, powers, AXIS_COL);
    struct step_spec mean = feature_spec(side, side->name, side->symbol, OP_DIVIDE, powers);
    mean.number = sqrt((double)features);
    mean.written = "sqrt(f)";
    mean.title = side->title;
    mean.meaning = "Divided by the root of the number f of directions, on both sides: so a product of two rows is the "
                   "**mean** over the directions.";
    return record_step(r, mean);
}

int record_features(struct recorder *r, const struct feature_side *side, int x, int omega)
{
    if (r->err.code)
        return NO_STEP;
    if (omega != NO_STEP)
        return record_favor(r, side, x, omega);
    bool elu = settings_is(r->settings, "feature_map", "elu1");
    struct step_spec spec = feature_spec(side, side->name, side->symbol, elu ? OP_ELU1 : OP_RELU, x);
    spec.title = side->title;
    spec.meaning =
        elu ? "Numbers above 0 get 1 added; those below become e to their power, between 0 and 1. So **nothing "
              "is negative**, and larger stays larger."
            : "Numbers above 0 stay, all others become **0**. A row may lose everything: then it fits "
              "nothing.";
    return record_step(r, spec);
}

int record_omega(struct recorder *r, int queries)
{
    bool favor = settings_is(r->settings, "feature_map", "favor");
    require_if(r, favor, "omega", "[features, d_k]", "feature_map=favor");
    if (!favor || r->err.code)
        return NO_STEP;
    static const struct given given = {.name = "omega",
                                       .title = "random directions",
                                       .meaning = "Drawn once, at random, and then **kept**: a row is a direction in "
                                                  "the space of queries and keys.",
                                       .axes = "row: a random direction; column: a number of a query or key",
                                       .rows = "features",
                                       .cols = "d_k",
                                       .shape = "[features, d_k]"};
    int omega = record_given(r, &given);
    require_columns(r, omega, recorded_size(r, queries, AXIS_COL), "columns of a head's queries (d_k)");
    return omega;
}
