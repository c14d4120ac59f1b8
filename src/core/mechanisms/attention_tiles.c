/* attention_tiles.c: softmax attention by tiles of keys, with a running maximum and sum (Milakov and Gimelshein 2018,
 * "Online normalizer calculation for softmax"; Dao et al. 2022, "FlashAttention", algorithm 1). */
#include "core/mechanisms/attention_parts.h"
#include "core/mechanisms/softmax.h"

/* What the tiles so far have found: [heads, n, 1], the same, [heads, n, d_v]. */
struct running {
    int max, sum, output;
};

static int record_tile_rows(struct attention *a, const struct part *p, int of, bool keys)
{
    return record_rows(a, p, of, p->col, p->cols,
                       keys ? STEP("keys", "K", STAGE_SCORE, .role = ROLE_KEY)
                            : STEP("values", "V", STAGE_AGGREGATE, .role = ROLE_VALUE));
}

/* The largest so far, and what that makes of everything found with the largest before it. */
static void record_running_max(struct attention *a, const struct part *p, int scores, struct running *run,
                               int *ret_rescale)
{
    int before = run->max;
    int here = record_part(a, p,
                           before == NO_STEP ? STEP("running_max", "m", STAGE_NORMALISE, .words = "row_max")
                                             : STEP("max", "m_tile", STAGE_NORMALISE, .words = "row_max"),
                           OP_ROW_MAX, scores);
    *ret_rescale = NO_STEP;
    run->max = here;
    if (before == NO_STEP)
        return;
    run->max = record_part(a, p, STEP("running_max", "m", STAGE_NORMALISE), OP_MAXIMUM, before, here);
    *ret_rescale = record_part(a, p, STEP("rescale", "r", STAGE_NORMALISE), OP_EXP_SHIFTED, before, run->max);
}

/* What there was, rescaled, and what this tile brings. */
static int record_running(struct attention *a, const struct part *p, int before, int rescale, int here,
                          const struct step_spec *step)
{
    return before == NO_STEP ? here : record_part(a, p, step, OP_RESCALED_SUM, before, rescale, here);
}

static void record_tile(struct attention *a, const struct part *p, struct running *run)
{
    const struct step_spec *sum = STEP("running_sum", "z", STAGE_NORMALISE),
                           *output = STEP("running_output", "O", STAGE_AGGREGATE);
    int keys = record_tile_rows(a, p, a->offer, true);
    int scores = record_normaliser_input(a, p, a->ask, keys), rescale;
    bool first = run->max == NO_STEP;
    record_running_max(a, p, scores, run, &rescale);
    int exponentials = record_part(a, p, &exponentials_step, OP_EXP_SHIFTED, scores, run->max);
    int tile_sum = record_part(a, p,
                               first ? STEP("running_sum", "z", STAGE_NORMALISE, .words = "tile_sum")
                                     : STEP("sum", "z_tile", STAGE_NORMALISE, .words = "tile_sum"),
                               OP_ROW_SUM, exponentials);
    run->sum = record_running(a, p, first ? NO_STEP : run->sum, rescale, tile_sum, sum);
    /* Dropout falls on the shares, not on what they are shares of. */
    int kept = record_dropped(a, p, exponentials);
    int values = record_tile_rows(a, p, a->v, false);
    int tile_output = record_part(a, p,
                                  first ? STEP("running_output", "O", STAGE_AGGREGATE, .words = "tile_output")
                                        : STEP("mixture", "O_tile", STAGE_AGGREGATE, .words = "tile_output"),
                                  OP_MATMUL, kept, values);
    run->output = record_running(a, p, first ? NO_STEP : run->output, rescale, tile_output, output);
}

int record_tiles(struct attention *a)
{
    size_t chunk = (size_t)settings_get(a->r->settings, "chunk")->number;
    struct running run = {NO_STEP, NO_STEP, NO_STEP};
    for (size_t col = 0, i = 1; col < a->m && !a->r->err.code; col += chunk, i++) {
        size_t cols = a->m - col < chunk ? a->m - col : chunk;
        struct part p = {.rows = a->n, .col = col, .cols = cols, .what = "tile", .number = i};
        record_tile(a, &p, &run);
    }
    bool routed = attention_is_routed(a);
    return record_op(a->r,
                     STEP(routed ? "heads_all" : "heads", routed ? "H_all" : "H", STAGE_AGGREGATE, .words = "heads"),
                     OP_DIVIDE_ROWS, run.output, run.sum);
}
