/* attention_bias.c: what is added to scores for how far two words are apart: a learned number for each distance, a
 * learned key for each distance (Shaw et al. 2018), or a fixed slope (Press et al. 2022, "ALiBi"). */
#include "core/mechanisms/attention_parts.h"

static double offset_of(const struct part *p)
{
    return (double)p->col - (double)p->row;
}

static int record_biased(struct attention *a, const struct part *p, int scores, int bias)
{
    return record_part(a, p, STEP("biased", "S_biased", STAGE_BIAS), OP_ADD, scores, bias);
}

/* The table [2R+1, d_k] and the queries' products with it, once for all parts. */
static void make_relative_scores(struct attention *a)
{
    int table =
        record_input(a->r, STEP("relative_keys", "K_distance", STAGE_INPUT, .role = ROLE_KEY), "distances", "d_k");
    require_plane(a->r, table, "[2R+1, d_k]");
    require_columns(a->r, table, a->d_k, "numbers of a query of one head (d_k)");
    if (table != NO_STEP && recorded_size(a->r, table, AXIS_ROW) % 2 == 0)
        record_error(a->r, qkv_errf(QKV_ERR_SHAPE, "relative_keys: its %zu rows must be 2R+1: distances -R to R",
                                    recorded_size(a->r, table, AXIS_ROW)));
    a->made_bias = true;
    a->distances = record_op(a->r, STEP("relative_scores", "S_distance", STAGE_BIAS), OP_MATMUL_T, a->q, table);
}

int record_relative_keys(struct attention *a, const struct part *p, int scores)
{
    if (a->r->err.code || !attention_is(a, "bias", "relative_keys"))
        return scores;
    if (!a->made_bias)
        make_relative_scores(a);
    int rows = record_rows(a, p, a->distances, p->row, p->rows,
                           STEP("relative_scores", "S_distance", STAGE_BIAS, .variant = "piece"));
    int bias = record_part(a, p, STEP("bias", "B", STAGE_BIAS, .number = offset_of(p)), OP_BY_DISTANCE, rows, scores);
    return record_biased(a, p, scores, bias);
}

static void take_relative_bias(struct attention *a)
{
    a->distances = record_input(a->r, STEP("relative_bias", "b_distance", STAGE_INPUT), "heads", "distances");
    require_plane(a->r, a->distances, "[heads, 2R+1]");
    require_rows(a->r, a->distances, a->heads, "heads");
    if (a->distances != NO_STEP && recorded_size(a->r, a->distances, AXIS_COL) % 2 == 0)
        record_error(a->r, qkv_errf(QKV_ERR_SHAPE, "relative_bias: its %zu columns must be 2R+1: distances -R to R",
                                    recorded_size(a->r, a->distances, AXIS_COL)));
    a->made_bias = true;
}

int record_bias(struct attention *a, const struct part *p, int scores)
{
    bool relative = attention_is(a, "bias", "relative");
    if (a->r->err.code || (!relative && !attention_is(a, "bias", "alibi")))
        return scores;
    if (relative && !a->made_bias)
        take_relative_bias(a);
    const struct step_spec *step = STEP("bias", "B", STAGE_BIAS, .number = offset_of(p));
    int bias = relative ? record_part(a, p, step, OP_RELATIVE_BIAS, a->distances, scores)
                        : record_part(a, p, step, OP_ALIBI, scores);
    return record_biased(a, p, scores, bias);
}
