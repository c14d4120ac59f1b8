#include "core/mechanisms/softmax.h"

const struct step_spec row_max_words = {
    .name = "row_max",
    .symbol = "m",
    .stage = STAGE_NORMALISE,
    .title = "each row's largest score",
    .meaning = "The largest score of each row. It is taken off next, so that **no** exponential gets too large to be "
               "held; the weights stay the same.",
    .axes = ROW_AXES,
};
const struct step_spec exponentials_words = {
    .name = "exponentials",
    .symbol = "E",
    .stage = STAGE_NORMALISE,
    .title = "scores as positive numbers",
    .meaning = "e to the power of (score less the row's largest): the largest score gives **1**, smaller ones less, a "
               "blocked one 0. Nothing is negative any more.",
    .axes = PAIR_AXES,
};
const struct step_spec row_sums_words = {
    .name = "row_sums",
    .symbol = "z",
    .stage = STAGE_NORMALISE,
    .title = "each row's sum",
    .meaning = "The exponentials of each row added up: what they are to be **shares of**.",
    .axes = ROW_AXES,
};
const struct step_spec shares_words = {
    .name = "weights",
    .symbol = "A",
    .stage = STAGE_NORMALISE,
    .scale = SCALE_SHARE,
    .title = "how much each word looks at each word",
    .meaning = "Each row divided by its own sum: **shares** that sum to 1 (a row with all of it blocked stays 0). "
               "Follow a row: where is its largest share?",
    .axes = PAIR_AXES,
};

int record_shares(struct recorder *r, int scores, size_t t)
{
    int row_max = record_op_at(r, &row_max_words, t, OP_ROW_MAX, scores);
    int exponentials = record_op_at(r, &exponentials_words, t, OP_EXP_SHIFTED, scores, row_max);
    int row_sums = record_op_at(r, &row_sums_words, t, OP_ROW_SUM, exponentials);
    return record_op_at(r, &shares_words, t, OP_DIVIDE_ROWS, exponentials, row_sums);
}
