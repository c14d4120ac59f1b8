/* attention_output.c: from the heads to the result: which heads may speak, and the heads side by side. */
#include "core/mechanisms/attention_parts.h"
#include "core/mechanisms/learned.h"

bool attention_is_routed(const struct attention *a)
{
    return attention_is(a, "router", "true");
}

static const struct linear router = {
    .w = {.name = "W_R", .rows = "d_model", .cols = "heads", .columns_of = "X"},
    .b = {.name = "b_R"},
    .b_optional = true,
    .sum_before = "importance_projected",
    .symbol_before = "i_0",
};

static int record_importance(struct attention *a)
{
    int mean = record_op(a->r, STEP("X_mean", "x_mean", STAGE_AGGREGATE), OP_COLUMN_MEAN, a->x);
    int w = record_matrix(a->r, &router.w, mean);
    require_columns(a->r, w, a->heads, "heads");
    return record_linear_by(a->r, mean, w, &router, STEP("importance", "i", STAGE_AGGREGATE));
}

int record_routed(struct attention *a, int heads)
{
    if (a->r->err.code || !attention_is_routed(a))
        return heads;
    int importance = record_importance(a);
    double threshold = settings_get(a->r->settings, "threshold")->number;
    int gates = record_op(a->r, STEP("gates", "g", STAGE_AGGREGATE, .scale = SCALE_SHARE, .number = threshold),
                          OP_GREATER_THAN, importance);
    return record_op(a->r, STEP("heads", "H", STAGE_AGGREGATE, .words = "heads_routed"), OP_GATE_HEADS, heads, gates);
}

int record_concat(struct attention *a, int heads)
{
    bool mixed_up = attention_is(a, "mistake", "concat_without_transpose");
    if (!mixed_up && !attention_is(a, "mistake", "heads_not_words"))
        return record_side_by_side(a->r, heads);
    return record_op(a->r,
                     STEP("concat", "C", STAGE_CONCAT, .number = 1, .second = (double)a->n_words, .mistake = mixed_up),
                     OP_VIEW, heads);
}
