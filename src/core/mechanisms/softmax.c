#include "core/mechanisms/softmax.h"

static const char pair_axes[] = "row: the word that looks; column: the word looked at";
static const char row_axes[] = "row: the word that looks; one number for all it looks at";

int record_shares(struct recorder *r, int scores, size_t t)
{
    struct step_spec max = {.name = record_numbered(r, "row_max", t),
                            .symbol = record_numbered(r, "m", t),
                            .stage = STAGE_NORMALISE,
                            .op = OP_ROW_MAX,
                            .in = {scores},
                            .title = "each row's largest score",
                            .meaning =
                                "The largest score of each row. It is taken off next, so that **no** exponential "
                                "gets too large to be held; the weights stay the same.",
                            .axes = row_axes};
    int row_max = record_step(r, max);
    struct step_spec power = {.name = record_numbered(r, "exponentials", t),
                              .symbol = record_numbered(r, "E", t),
                              .stage = STAGE_NORMALISE,
                              .op = OP_EXP_SHIFTED,
                              .in = {scores, row_max},
                              .title = "scores as positive numbers",
                              .meaning = "e to the power of (score less the row's largest): the largest score gives "
                                         "**1**, smaller ones less, a blocked one 0. Nothing is negative any more.",
                              .axes = pair_axes};
    int exponentials = record_step(r, power);
    struct step_spec sum = {.name = record_numbered(r, "row_sums", t),
                            .symbol = record_numbered(r, "z", t),
                            .stage = STAGE_NORMALISE,
                            .op = OP_ROW_SUM,
                            .in = {exponentials},
                            .title = "each row's sum",
                            .meaning = "The exponentials of each row added up: what they are to be **shares of**.",
                            .axes = row_axes};
    int row_sums = record_step(r, sum);
    struct step_spec share = {.name = record_numbered(r, "weights", t),
                              .symbol = record_numbered(r, "A", t),
                              .stage = STAGE_NORMALISE,
                              .scale = SCALE_SHARE,
                              .op = OP_DIVIDE_ROWS,
                              .in = {exponentials, row_sums},
                              .title = "how much each word looks at each word",
                              .meaning = "Each row divided by its own sum: **shares** that sum to 1 (a row with all of "
                                         "it blocked stays 0). Follow a row: where is its largest share?",
                              .axes = pair_axes};
    return record_step(r, share);
}
