/* attention_scores.c: variants of Q K^T: other comparisons (Luong et al. 2015; Bahdanau et al. 2014), biases
 * that depend on the distance of two tokens (Shaw et al. 2018; Press et al. 2022, "ALiBi"), and fewer keys (Wang et al.
 * 2020, "Linformer"). */
#include "core/mechanisms/attention_parts.h"

/* ---- low rank: K becomes E K, and V F V: any number of keys becomes k mixtures of keys ---- */

/* In formulas E is e to the power of the scores already, so the mixing matrix E is written E_low. */
static int record_mixtures(struct attention *a, const char *mix, const char *mixer, int of, const char *name,
                           enum role role)
{
    int weights = record_input(a->r, STEP(mix, mixer, STAGE_INPUT, .role = role), "mixtures", "words");
    require_plane(a->r, weights, "[k, m]");
    require_columns(a->r, weights, recorded_size(a->r, of, AXIS_ROW), "words looked at (m)");
    return record_op(a->r, STEP(name, name, STAGE_PROJECT, .role = role), OP_MATMUL, weights, of);
}

void record_low_rank(struct attention *a)
{
    if (a->r->err.code)
        return;
    a->k = record_mixtures(a, "E", "E_low", a->k, "K_low", ROLE_KEY);
    a->v = record_mixtures(a, "F", "F_low", a->v, "V_low", ROLE_VALUE);
    size_t e = recorded_size(a->r, a->k, AXIS_ROW), f = recorded_size(a->r, a->v, AXIS_ROW);
    if (e != f)
        refuse(a->r, QKV_ERR_SHAPE, "F: its %zu rows must match the %zu rows of E", f, e);
}

/* ---- the comparison of a query and a key ---- */

static int record_score_matrix(struct attention *a, const char *name, enum role role, const char *cols,
                               const char *shape)
{
    int step = record_input(a->r, STEP(name, name, STAGE_INPUT, .role = role), "d_k", cols);
    require_plane(a->r, step, shape);
    require_rows(a->r, step, a->d_k, "numbers of a query or key of one head (d_k)");
    return step;
}

/* q . k */
static enum op score_dot(struct attention *a)
{
    (void)a;
    return OP_MATMUL_T;
}

/* q W_A . k */
static enum op score_general(struct attention *a)
{
    int w = record_score_matrix(a, "W_A", ROLE_NONE, "d_k", "[d_k, d_k]");
    require_columns(a->r, w, a->d_k, "numbers of a query or key of one head (d_k)");
    a->score_of_q = record_op(a->r, STEP("Q_general", "Q_A", STAGE_SCORE, .role = ROLE_QUERY), OP_MATMUL, a->q, w);
    return OP_MATMUL_T;
}

/* v_A . tanh(q W_1 + k W_2) */
static enum op score_additive(struct attention *a)
{
    int w_1 = record_score_matrix(a, "W_1", ROLE_QUERY, "d_a", "[d_k, d_a]");
    a->score_of_q = record_op(a->r, STEP("Q_additive", "Q_a", STAGE_SCORE, .role = ROLE_QUERY), OP_MATMUL, a->q, w_1);
    int w_2 = record_score_matrix(a, "W_2", ROLE_KEY, "d_a", "[d_k, d_a]");
    require_columns(a->r, w_2, recorded_size(a->r, w_1, AXIS_COL), "columns of W_1 (d_a)");
    a->score_of_k = record_op(a->r, STEP("K_additive", "K_a", STAGE_SCORE, .role = ROLE_KEY), OP_MATMUL, a->k, w_2);
    a->v_A = record_input(a->r, STEP("v_A", "v_A", STAGE_INPUT), "all pairs", "d_a");
    require_vector(a->r, a->v_A, w_1);
    return is_set(a, "activation", "tanh") ? OP_ADDITIVE : OP_ADDITIVE_LINEAR;
}

void prepare_scores(struct attention *a)
{
#define SCORE_FUNCTION(name) score_##name,
    static enum op (*const prepare[])(struct attention * a) = {ATTENTION_SCORES(SCORE_FUNCTION)};
    a->score_of_q = a->q;
    a->score_of_k = a->k;
    a->comparison = prepare[settings_choice(a->r->settings, "score")](a);
    a->compares_heads = !is_set(a, "score", "additive") && is_set(a, "mistake", "heads_not_words");
}

/* ---- biases that depend on the distance of two tokens ---- */

static int record_biased(struct attention *a, const struct part *p, int scores, int bias)
{
    return record_part(a, p, STEP("biased", "S_biased", STAGE_BIAS), OP_ADD, scores, bias);
}

/* Tables are read by distance: how many more columns than rows stand before this part of the scores. */
static struct step_spec bias_step(const struct part *p)
{
    return *STEP("bias", "B", STAGE_BIAS, .number = (double)p->col - (double)p->row);
}

static void require_odd(struct attention *a, int table, int axis, const char *sides)
{
    size_t size = recorded_size(a->r, table, axis);
    if (table != NO_STEP && size % 2 == 0)
        refuse(a->r, QKV_ERR_SHAPE, "%s: its %zu %s must be 2R+1: distances -R to R",
               a->r->tape->steps[table].spec.name, size, sides);
}

/* A key for each distance: the queries' products with the table [2R+1, d_k] come once for all parts. */
int record_relative_keys(struct attention *a, const struct part *p, int scores)
{
    if (a->distances == NO_STEP) {
        int table =
            record_input(a->r, STEP("relative_keys", "K_rel", STAGE_INPUT, .role = ROLE_KEY), "distances", "d_k");
        require_plane(a->r, table, "[2R+1, d_k]");
        require_columns(a->r, table, a->d_k, "numbers of a query of one head (d_k)");
        require_odd(a, table, AXIS_ROW, "rows");
        a->distances = record_op(a->r, STEP("relative_scores", "S_rel", STAGE_BIAS), OP_MATMUL_T, a->q, table);
    }
    int rows = record_rows(a, p, a->distances, p->row, p->rows,
                           STEP("relative_scores", "S_rel", STAGE_BIAS, .variant = "piece"));
    struct step_spec step = bias_step(p);
    return record_biased(a, p, scores, record_part(a, p, &step, OP_BY_DISTANCE, rows, scores));
}

/* A number for each distance and head, from a table [heads, 2R+1] or from a slope. */
int record_bias(struct attention *a, const struct part *p, int scores)
{
    struct step_spec step = bias_step(p);
    if (is_set(a, "bias", "alibi"))
        return record_biased(a, p, scores, record_part(a, p, &step, OP_ALIBI, scores));
    if (a->distances == NO_STEP) {
        a->distances = record_input(a->r, STEP("relative_bias", "b_rel", STAGE_INPUT), "heads", "distances");
        require_plane(a->r, a->distances, "[heads, 2R+1]");
        require_rows(a->r, a->distances, a->heads, "heads");
        require_odd(a, a->distances, AXIS_COL, "columns");
    }
    return record_biased(a, p, scores, record_part(a, p, &step, OP_RELATIVE_BIAS, a->distances, scores));
}
