/* attention_score.c: how a question and an offer are compared: q . k, q . W_A k (Luong et al. 2015), or
 * v . tanh(q W_1 + k W_2) (Bahdanau et al. 2014). */
#include "core/mechanisms/attention_parts.h"

#include <math.h>

static int record_matrix(struct attention *a, const char *name, enum role role, const char *cols, const char *shape)
{
    int step = record_input(a->r, STEP(name, name, STAGE_INPUT, .role = role), "d_k", cols);
    require_plane(a->r, step, shape);
    require_rows(a->r, step, a->d_k, "numbers of a query or key of one head (d_k)");
    return step;
}

static void prepare_general(struct attention *a)
{
    int w = record_matrix(a, "W_A", ROLE_NONE, "d_k", "[d_k, d_k]");
    require_columns(a->r, w, a->d_k, "numbers of a query or key of one head (d_k)");
    a->ask = record_op(a->r, STEP("Q_general", "Q_A", STAGE_SCORE, .role = ROLE_QUERY), OP_MATMUL, a->q, w);
}

static void prepare_additive(struct attention *a)
{
    int w_1 = record_matrix(a, "W_1", ROLE_QUERY, "d_a", "[d_k, d_a]");
    a->ask = record_op(a->r, STEP("Q_additive", "Q_1", STAGE_SCORE, .role = ROLE_QUERY), OP_MATMUL, a->q, w_1);
    int w_2 = record_matrix(a, "W_2", ROLE_KEY, "d_a", "[d_k, d_a]");
    require_columns(a->r, w_2, recorded_size(a->r, w_1, AXIS_COL), "columns of W_1 (d_a)");
    a->offer = record_op(a->r, STEP("K_additive", "K_2", STAGE_SCORE, .role = ROLE_KEY), OP_MATMUL, a->k, w_2);
    a->v_A = record_input(a->r, STEP("v_A", "v_A", STAGE_INPUT), "all pairs", "d_a");
    require_vector(a->r, a->v_A, w_1);
}

void prepare_scores(struct attention *a)
{
    a->ask = a->q;
    a->offer = a->k;
    if (attention_is(a, "score", "general"))
        prepare_general(a);
    else if (attention_is(a, "score", "additive"))
        prepare_additive(a);
}

static int record_scores(struct attention *a, const struct part *p, int ask, int offer)
{
    bool additive = attention_is(a, "score", "additive");
    const struct step_spec *step =
        STEP("scores", "S", STAGE_SCORE, .mistake = !additive && attention_is(a, "mistake", "heads_not_words"));
    if (!additive)
        return record_part(a, p, step, OP_MATMUL_T, ask, offer);
    bool bent = attention_is(a, "activation", "tanh");
    return record_part(a, p, step, bent ? OP_ADDITIVE : OP_ADDITIVE_LINEAR, ask, offer, a->v_A);
}

static int record_scaled(struct attention *a, const struct part *p, int scores)
{
    const struct setting *scale = settings_get(a->r->settings, "scale");
    if (attention_is(a, "scale", "none") || attention_is(a, "score", "additive"))
        return scores;
    bool root = scale->choice >= 0;
    return record_part(a, p,
                       STEP("scaled", "S_scaled", STAGE_SCALE, .number = root ? sqrt((double)a->d_k) : scale->number,
                            .written = root ? "sqrt(d_k)" : NULL),
                       OP_DIVIDE, scores);
}

static int record_tempered(struct attention *a, const struct part *p, int scores)
{
    double temperature = settings_get(a->r->settings, "temperature")->number;
    if (temperature == 1)
        return scores;
    return record_part(a, p, STEP("tempered", "S_tempered", STAGE_NORMALISE, .number = temperature), OP_DIVIDE, scores);
}

int record_normaliser_input(struct attention *a, const struct part *p, int ask, int offer)
{
    int scores = record_scores(a, p, ask, offer);
    scores = record_relative_keys(a, p, scores);
    scores = record_scaled(a, p, scores);
    scores = record_bias(a, p, scores);
    scores = record_masked(a, p, scores);
    return record_tempered(a, p, scores);
}
