/* attention_evaluate.c: the same heads computed at once, by chunks of queries, token by token with a cache, or by tiles
 * of keys with a running maximum and sum (Milakov and Gimelshein 2018, "Online normalizer calculation for softmax"; Dao
 * et al. 2022, "FlashAttention", algorithm 1). */
#include "core/mechanisms/attention_parts.h"

/* All queries and all keys at once. */
static int record_full(struct attention *a)
{
    struct part whole = {.rows = a->n, .cols = a->m};
    return record_heads(a, &whole, a->score_of_q, a->score_of_k, a->v);
}

/* Append what a part found to what there is; the last one gets the name of the whole. */
static int append_heads(struct attention *a, const struct part *p, int so_far, int heads, bool last)
{
    if (so_far == NO_STEP)
        return heads;
    struct step_spec whole = heads_step(a, true);
    whole.words = "heads_so_far";
    return last ? record_op(a->r, &whole, OP_APPEND_ROWS, so_far, heads)
                : record_part(a, p, STEP("heads_so_far", "H_sofar", STAGE_AGGREGATE), OP_APPEND_ROWS, so_far, heads);
}

static int record_queries(struct attention *a, const struct part *p, size_t rows)
{
    return record_rows(a, p, a->score_of_q, p->row, rows, STEP("asked", "Q", STAGE_SCORE, .role = ROLE_QUERY));
}

/* `chunk` queries at a time: n x m scores need never be there at once, only chunk x m. */
static int record_query_chunks(struct attention *a)
{
    size_t chunk = a->set.chunk;
    int heads = NO_STEP;
    if (chunk >= a->n)
        return record_full(a);
    for (size_t row = 0, i = 1; row < a->n && !a->r->err.code; row += chunk, i++) {
        size_t rows = a->n - row < chunk ? a->n - row : chunk;
        struct part p = {.row = row, .rows = rows, .cols = a->m, .what = "chunk", .number = i};
        int queries = record_queries(a, &p, rows);
        int found = record_heads(a, &p, queries, a->score_of_k, a->v);
        heads = append_heads(a, &p, heads, found, row + rows == a->n);
    }
    return heads;
}

/* The cache with the row of one more token. */
static int grow_cache(struct attention *a, const struct part *p, int cache, int whole, bool keys)
{
    enum role role = keys ? ROLE_KEY : ROLE_VALUE;
    int fresh = record_rows(a, p, whole, p->row, 1,
                            keys ? STEP("new_key", "k", STAGE_SCORE, .role = role)
                                 : STEP("new_value", "v", STAGE_SCORE, .role = role));
    if (cache == NO_STEP)
        return fresh;
    return record_part(a, p,
                       keys ? STEP("key_cache", "K_cache", STAGE_SCORE, .role = role)
                            : STEP("value_cache", "V_cache", STAGE_SCORE, .role = role),
                       OP_APPEND_ROWS, cache, fresh);
}

/* Token by token, as text is generated: nobody looks ahead, so a row once computed never changes. */
static int record_incremental(struct attention *a)
{
    int keys = NO_STEP, values = NO_STEP, heads = NO_STEP;
    if (a->n == 1)
        return record_full(a);
    for (size_t t = 0; t < a->n && !a->r->err.code; t++) {
        struct part p = {.row = t, .rows = 1, .cols = t + 1, .what = "token", .number = t + 1};
        int queries = record_queries(a, &p, 1);
        keys = grow_cache(a, &p, keys, a->score_of_k, true);
        values = grow_cache(a, &p, values, a->v, false);
        int found = record_heads(a, &p, queries, keys, values);
        heads = append_heads(a, &p, heads, found, t + 1 == a->n);
    }
    return heads;
}

/* ---- tiles ---- */

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
    int keys = record_tile_rows(a, p, a->score_of_k, true);
    int scores = record_scores(a, p, a->score_of_q, keys), rescale;
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

static int record_tiles(struct attention *a)
{
    size_t chunk = a->set.chunk;
    struct running run = {NO_STEP, NO_STEP, NO_STEP};
    for (size_t col = 0, i = 1; col < a->m && !a->r->err.code; col += chunk, i++) {
        size_t cols = a->m - col < chunk ? a->m - col : chunk;
        struct part p = {.rows = a->n, .col = col, .cols = cols, .what = "tile", .number = i};
        record_tile(a, &p, &run);
    }
    struct step_spec heads = heads_step(a, true);
    return record_op(a->r, &heads, OP_DIVIDE_ROWS, run.output, run.sum);
}

int record_evaluation(struct attention *a)
{
    prepare_scores(a);
    if (a->r->err.code)
        return NO_STEP;
#define EVALUATION_FUNCTION(id, name) [EVALUATION_##id] = record_##name,
    static int (*const evaluate[])(struct attention * a) = {ATTENTION_EVALUATIONS(EVALUATION_FUNCTION)};
    return evaluate[a->set.evaluation](a);
}
