/* attention_evaluate.c: the same heads computed at once, by chunks of queries, token by token with a cache, or by tiles
 * of keys with a running maximum and sum (Milakov and Gimelshein 2018, "Online normalizer calculation for softmax"; Dao
 * et al. 2022, "FlashAttention", algorithm 1). */
#include "core/mechanisms/attention_parts.h"

/* The cache with the row of one more token. */
static int grow_cache(struct attention *a, const struct part *p, int cache, int whole, bool keys)
{
    enum role role = keys ? ROLE_KEY : ROLE_VALUE;
    int fresh = record_rows(a, p, whole, p->row, 1,
                            keys ? STEP("new_key", "k", STAGE_SCORE, .role = role)
                                 : STEP("new_value", "v", STAGE_AGGREGATE, .role = role));
    if (cache == NO_STEP)
        return fresh;
    return record_part(a, p,
                       keys ? STEP("key_cache", "K_(1..)", STAGE_SCORE, .role = role)
                            : STEP("value_cache", "V_(1..)", STAGE_AGGREGATE, .role = role),
                       OP_APPEND_ROWS, cache, fresh);
}

/* evaluation=incremental needs a causal mask: no query attends to a later key, so the keys and values of earlier tokens
 * are kept. */
static int grown_keys(struct attention *a, const struct part_iterator *it)
{
    return grow_cache(a, &it->part, it->part.row == 0 ? NO_STEP : it->keys, a->score_of_k, true);
}

int values_of_part(struct attention *a, struct part_iterator *it)
{
    if (!is_set(a, "evaluation", "incremental"))
        return a->v;
    it->values = grow_cache(a, &it->part, it->part.row == 0 ? NO_STEP : it->values, a->v, false);
    return it->values;
}

static int record_tile_rows(struct attention *a, const struct part *p, int of, bool keys)
{
    return record_rows(a, p, of, p->col, p->cols,
                       keys ? STEP("keys", "K", STAGE_SCORE, .role = ROLE_KEY)
                            : STEP("values", "V", STAGE_AGGREGATE, .role = ROLE_VALUE));
}

/* query_chunks: `chunk` rows of the scores at a time, so n x m of them need never be there at once. */
bool next_part(struct attention *a, struct part_iterator *it)
{
    bool tiles = is_set(a, "evaluation", "tiles"), incremental = is_set(a, "evaluation", "incremental");
    bool chunks = is_set(a, "evaluation", "query_chunks");
    size_t first = it->done, left = (tiles ? a->m : a->n) - first;
    size_t size = tiles || chunks ? (size_t)set_number(a, "chunk") : incremental ? 1 : a->n;
    if (a->r->err.code || left == 0)
        return false;
    size = size < left ? size : left;
    it->done += size;
    it->part.what = tiles ? "tile" : size == a->n ? NULL : incremental ? "token" : "chunk";
    it->part.number++;
    it->part.row = tiles ? 0 : first;
    it->part.rows = tiles ? a->n : size;
    it->part.col = tiles ? first : 0;
    it->part.cols = tiles ? size : incremental ? it->done : a->m;
    it->queries = record_rows(a, &it->part, a->score_of_q, it->part.row, it->part.rows,
                              STEP("asked", incremental ? "q" : "Q", STAGE_SCORE, .role = ROLE_QUERY));
    it->keys = incremental ? grown_keys(a, it)
               : tiles     ? record_tile_rows(a, &it->part, a->score_of_k, true)
                           : a->score_of_k;
    return true;
}

/* Append the heads of this part; the last result has the name of the whole. */
void add_heads(struct attention *a, struct part_iterator *it, int heads)
{
    struct step_spec whole = heads_step(a, true);
    whole.words = "heads_so_far";
    if (it->part.row == 0)
        it->heads = heads;
    else if (it->done == a->n)
        it->heads = record_op(a->r, &whole, OP_APPEND_ROWS, it->heads, heads);
    else
        it->heads = record_part(a, &it->part, STEP("heads_so_far", "H_(1..)", STAGE_AGGREGATE), OP_APPEND_ROWS,
                                it->heads, heads);
}

/* ---- tiles ---- */

/* The maximum so far. Returns the step of e^(old - new), which rescales what was computed with the old maximum. */
static int record_running_max(struct attention *a, struct part_iterator *it, int scores)
{
    const struct part *p = &it->part;
    int before = it->max;
    bool first = p->col == 0;
    it->max = record_part(a, p,
                          first ? STEP("running_max", "m", STAGE_NORMALISE, .words = "row_max")
                                : STEP("max", "m_tile", STAGE_NORMALISE, .words = "row_max"),
                          OP_ROW_MAX, scores);
    if (first)
        return NO_STEP;
    it->max = record_part(a, p, STEP("running_max", "m", STAGE_NORMALISE), OP_MAXIMUM, before, it->max);
    return record_part(a, p, STEP("rescale", "r", STAGE_NORMALISE), OP_EXP_SHIFTED, before, it->max);
}

/* The sum so far, rescaled, plus that of this tile. */
static int record_running(struct attention *a, const struct part *p, int before, int rescale, int here,
                          const struct step_spec *step)
{
    return p->col == 0 ? here : record_part(a, p, step, OP_RESCALED_SUM, before, rescale, here);
}

void add_tile(struct attention *a, struct part_iterator *it, int scores)
{
    const struct part *p = &it->part;
    bool first = p->col == 0;
    int rescale = record_running_max(a, it, scores);
    int exponentials = record_part(a, p, &exponentials_step, OP_EXP_SHIFTED, scores, it->max);
    int tile_sum = record_part(a, p,
                               first ? STEP("running_sum", "z", STAGE_NORMALISE, .words = "tile_sum")
                                     : STEP("sum", "z_tile", STAGE_NORMALISE, .words = "tile_sum"),
                               OP_ROW_SUM, exponentials);
    it->sum = record_running(a, p, it->sum, rescale, tile_sum, STEP("running_sum", "z", STAGE_NORMALISE));
    /* Dropout acts on the weights, not on the sum that they are divided by. */
    int kept = record_dropped(a, p, exponentials);
    int values = record_tile_rows(a, p, a->v, false);
    int tile_output = record_part(a, p,
                                  first ? STEP("running_output", "O", STAGE_AGGREGATE, .words = "tile_output")
                                        : STEP("mixture", "O_tile", STAGE_AGGREGATE, .words = "tile_output"),
                                  OP_MATMUL, kept, values);
    it->output = record_running(a, p, it->output, rescale, tile_output, STEP("running_output", "O", STAGE_AGGREGATE));
    struct step_spec heads = heads_step(a, true);
    if (it->done == a->m)
        it->heads = record_op(a->r, &heads, OP_DIVIDE_ROWS, it->output, it->sum);
}
