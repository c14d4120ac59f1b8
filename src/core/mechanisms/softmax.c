#include "core/mechanisms/softmax.h"

const struct step_spec row_max_step = {.name = "row_max", .symbol = "m", .stage = STAGE_NORMALISE};
const struct step_spec exponentials_step = {.name = "exponentials", .symbol = "E", .stage = STAGE_NORMALISE};
const struct step_spec row_sums_step = {.name = "row_sums", .symbol = "z", .stage = STAGE_NORMALISE};
const struct step_spec shares_step = {.name = "weights", .symbol = "A", .stage = STAGE_NORMALISE, .scale = SCALE_SHARE};

int record_shares(struct recorder *r, int scores, size_t t)
{
    int row_max = record_op_at(r, &row_max_step, t, OP_ROW_MAX, scores);
    int exponentials = record_op_at(r, &exponentials_step, t, OP_EXP_SHIFTED, scores, row_max);
    int row_sums = record_op_at(r, &row_sums_step, t, OP_ROW_SUM, exponentials);
    return record_op_at(r, &shares_step, t, OP_DIVIDE_ROWS, exponentials, row_sums);
}
