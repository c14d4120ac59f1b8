/* attention_tiles.c: softmax attention by tiles of keys, with a running maximum and sum (Milakov and Gimelshein 2018,
 * "Online normalizer calculation for softmax"; Dao et al. 2022, "FlashAttention", algorithm 1). */
#include "core/mechanisms/attention_parts.h"

/* What the tiles so far have found: [heads, n, 1], the same, [heads, n, d_v]. */
struct running {
    int max, sum, output;
};

static int record_tile_rows(struct attention *a, const struct part *p, int of, bool keys)
{
    struct step_spec spec = {.name = keys ? "keys" : "values",
                             .symbol = keys ? "K" : "V",
                             .stage = keys ? STAGE_SCORE : STAGE_AGGREGATE,
                             .role = keys ? ROLE_KEY : ROLE_VALUE,
                             .title = keys ? "the keys of this tile" : "the values of this tile",
                             .meaning =
                                 "Only **these** rows are loaded now: what does not fit into fast memory at once "
                                 "is taken piece by piece.",
                             .axes = "row: the word that is looked at; column: a number of one head"};
    return record_rows(a, p, of, p->col, p->cols, spec);
}

/* The largest so far, and what that makes of everything found with the largest before it. */
static void record_running_max(struct attention *a, const struct part *p, int scores, struct running *run,
                               int *ret_rescale)
{
    struct step_spec max = row_max_spec(scores);
    max.name = run->max == NO_STEP ? "running_max" : "max";
    max.symbol = run->max == NO_STEP ? "m" : "m_tile";
    max.meaning = "The largest score of each row **in this tile**: of the tiles to come nothing is known yet.";
    int here = record_part(a, p, max), before = run->max;
    *ret_rescale = NO_STEP;
    run->max = here;
    if (before == NO_STEP)
        return;
    run->max = record_part(a, p,
                           (struct step_spec){
                               .name = "running_max",
                               .symbol = "m",
                               .stage = STAGE_NORMALISE,
                               .op = OP_MAXIMUM,
                               .in = {before, here},
                               .title = "each row's largest score so far",
                               .meaning = "The larger of what it **was** and what this tile has.",
                               .axes = ROW_AXES,
                           });
    *ret_rescale =
        record_part(a, p,
                    (struct step_spec){
                        .name = "rescale",
                        .symbol = "r",
                        .stage = STAGE_NORMALISE,
                        .op = OP_EXP_SHIFTED,
                        .in = {before, run->max},
                        .title = "what earlier tiles are worth now",
                        .meaning = "Earlier exponentials were counted from the largest **then**. e to the power "
                                   "of (then less now) brings them to the largest now: 1 where it stayed.",
                        .axes = ROW_AXES,
                    });
}

static int record_running(struct attention *a, const struct part *p, int before, int rescale, int here,
                          const char *name, const char *symbol, enum stage stage, const char *title, const char *axes)
{
    if (before == NO_STEP)
        return here;
    return record_part(a, p,
                       (struct step_spec){
                           .name = name,
                           .symbol = symbol,
                           .stage = stage,
                           .op = OP_RESCALED_SUM,
                           .in = {before, rescale, here},
                           .title = title,
                           .meaning =
                               "What there was times what it is **worth now**, plus what this tile brings: as if "
                               "all tiles so far had been taken at once.",
                           .axes = axes,
                       });
}

static void record_tile(struct attention *a, const struct part *p, struct running *run)
{
    int keys = record_tile_rows(a, p, a->offer, true);
    int scores = record_normaliser_input(a, p, a->ask, keys), rescale;
    bool first = run->max == NO_STEP;
    record_running_max(a, p, scores, run, &rescale);
    int exponentials = record_part(a, p, exponentials_spec(scores, run->max));
    struct step_spec sum = {.name = first ? "running_sum" : "sum",
                            .symbol = first ? "z" : "z_tile",
                            .stage = STAGE_NORMALISE,
                            .op = OP_ROW_SUM,
                            .in = {exponentials},
                            .title = "each row's sum in this tile",
                            .meaning = "The exponentials of this tile's words, **added up** row by row.",
                            .axes = ROW_AXES};
    int tile_sum = record_part(a, p, sum);
    run->sum = record_running(a, p, first ? NO_STEP : run->sum, rescale, tile_sum, "running_sum", "z", STAGE_NORMALISE,
                              "each row's sum so far", ROW_AXES);
    /* Dropout falls on the shares, not on what they are shares of. */
    int kept = record_dropped(a, p, exponentials);
    int values = record_tile_rows(a, p, a->v, false);
    struct step_spec mix = {.name = first ? "running_output" : "mixture",
                            .symbol = first ? "O" : "O_tile",
                            .stage = STAGE_AGGREGATE,
                            .op = OP_MATMUL,
                            .in = {kept, values},
                            .title = "what this tile hands over",
                            .meaning =
                                "The values of this tile's words, each times its exponential. They become shares "
                                "only at the **end**, when the whole sum is known.",
                            .axes = FOUND_AXES};
    int tile_output = record_part(a, p, mix);
    run->output = record_running(a, p, first ? NO_STEP : run->output, rescale, tile_output, "running_output", "O",
                                 STAGE_AGGREGATE, "what was handed over so far", FOUND_AXES);
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
    return record_step(a->r,
                       (struct step_spec){
                           .name = routed ? "heads_all" : "heads",
                           .symbol = routed ? "H_all" : "H",
                           .stage = STAGE_AGGREGATE,
                           .op = OP_DIVIDE_ROWS,
                           .in = {run.output, run.sum},
                           .title = "what each word collects",
                           .meaning = "Divided by the sum over **all** tiles, once, at the end: exactly what softmax "
                                      "over the whole row would have given, without ever holding a whole row.",
                           .axes = FOUND_AXES,
                       });
}
