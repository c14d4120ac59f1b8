/* attention_evaluate.c: the same heads computed at once, by chunks of queries, or token by token with a cache. */
#include "core/mechanisms/attention_parts.h"

#include <string.h>

/* What the heads find is called otherwise while the router has yet to switch some of them off. */
static struct step_spec heads_step(const struct attention *a, bool whole)
{
    bool all = whole && attention_is_routed(a);
    return *STEP(all ? "heads_all" : "heads", all ? "H_all" : "H", STAGE_AGGREGATE, .words = "heads");
}

static int record_part_heads(struct attention *a, const struct part *p, int ask, int offer, int values)
{
    int weights = record_dropped(a, p, record_weights(a, p, record_normaliser_input(a, p, ask, offer)));
    struct step_spec heads = heads_step(a, !p->what);
    heads.mistake = attention_is(a, "mistake", "keys_as_values");
    return record_part(a, p, &heads, OP_MATMUL, weights, heads.mistake ? a->k : values);
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
    return record_rows(a, p, a->ask, p->row, rows, STEP("asked", "Q", STAGE_SCORE, .role = ROLE_QUERY));
}

/* `chunk` queries at a time: n x m scores need never be there at once, only chunk x m. */
static int record_query_chunks(struct attention *a)
{
    size_t chunk = (size_t)settings_get(a->r->settings, "chunk")->number;
    int heads = NO_STEP;
    if (chunk >= a->n) {
        struct part whole = part_whole(a);
        return record_part_heads(a, &whole, a->ask, a->offer, a->v);
    }
    for (size_t row = 0, i = 1; row < a->n && !a->r->err.code; row += chunk, i++) {
        size_t rows = a->n - row < chunk ? a->n - row : chunk;
        struct part p = {.row = row, .rows = rows, .cols = a->m, .what = "chunk", .number = i};
        int ask = record_queries(a, &p, rows);
        int found = record_part_heads(a, &p, ask, a->offer, a->v);
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
    if (a->n == 1) {
        struct part whole = part_whole(a);
        return record_part_heads(a, &whole, a->ask, a->offer, a->v);
    }
    for (size_t t = 0; t < a->n && !a->r->err.code; t++) {
        struct part p = {.row = t, .rows = 1, .cols = t + 1, .what = "token", .number = t + 1};
        int ask = record_queries(a, &p, 1);
        keys = grow_cache(a, &p, keys, a->offer, true);
        values = grow_cache(a, &p, values, a->v, false);
        int found = record_part_heads(a, &p, ask, keys, values);
        heads = append_heads(a, &p, heads, found, t + 1 == a->n);
    }
    return heads;
}

int record_evaluation(struct attention *a)
{
    prepare_scores(a);
    if (a->r->err.code)
        return NO_STEP;
    if (attention_is(a, "evaluation", "query_chunks"))
        return record_query_chunks(a);
    if (attention_is(a, "evaluation", "incremental"))
        return record_incremental(a);
    if (attention_is(a, "evaluation", "tiles"))
        return record_tiles(a);
    struct part whole = part_whole(a);
    return record_part_heads(a, &whole, a->ask, a->offer, a->v);
}
