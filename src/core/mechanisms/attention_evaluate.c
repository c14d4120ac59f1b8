/* attention_evaluate.c: the same heads computed at once, by chunks of queries, or token by token with a cache. */
#include "core/mechanisms/attention_parts.h"

#include <string.h>

static struct step_spec heads_spec(int weights, int values)
{
    return (struct step_spec){.name = "heads",
                              .symbol = "H",
                              .stage = STAGE_AGGREGATE,
                              .op = OP_MATMUL,
                              .in = {weights, values},
                              .title = "what each word collects",
                              .meaning =
                                  "Each word's row is a **mixture** of the values of all words, in the shares of "
                                  "its row of weights: the words it looks at most count most.",
                              .axes = FOUND_AXES};
}

static int record_part_heads(struct attention *a, const struct part *p, int ask, int offer, int values)
{
    int weights = record_weights(a, p, record_normaliser_input(a, p, ask, offer));
    struct step_spec spec = heads_spec(record_dropped(a, p, weights), values);
    if (!p->what && attention_is_routed(a)) {
        spec.name = "heads_all";
        spec.symbol = "H_all";
    }
    if (attention_is(a, "mistake", "keys_as_values")) {
        spec.in[1] = a->k;
        spec.title = "mistake: the keys are collected, not the values";
        spec.meaning = "The weights are multiplied with the **keys**. The values have no part in the result: set them "
                       "to 0 and nothing changes.";
    } else if (attention_is(a, "low_rank", "true")) {
        spec.meaning =
            "Each word's row is made of the values of **the mixtures**, in the shares of its row of weights.";
    } else if (attention_is(a, "mistake", "heads_not_words")) {
        spec.meaning = "Each head's row is a mixture of the heads of **the same word**. What other words hand over "
                       "never arrives.";
        spec.axes = "a plane for each word; row: a head; column: what was handed to it";
    }
    return record_part(a, p, spec);
}

/* Append what a part found to what there is; the last one gets the name of the whole. */
static int append_heads(struct attention *a, const struct part *p, int so_far, int heads, bool last)
{
    if (so_far == NO_STEP)
        return heads;
    bool routed = attention_is_routed(a);
    struct step_spec spec = {.name = !last    ? "heads_so_far"
                                     : routed ? "heads_all"
                                              : "heads",
                             .symbol = !last    ? "H_sofar"
                                       : routed ? "H_all"
                                                : "H",
                             .stage = STAGE_AGGREGATE,
                             .op = OP_APPEND_ROWS,
                             .in = {so_far, heads},
                             .title = "the rows found so far",
                             .meaning = "The new rows are put **below** those found before. No number changes: which "
                                        "rows are computed together makes no difference.",
                             .axes = FOUND_AXES};
    return last ? record_step(a->r, spec) : record_part(a, p, spec);
}

static struct step_spec ask_spec(void)
{
    return (struct step_spec){.name = "asked",
                              .symbol = "Q",
                              .stage = STAGE_SCORE,
                              .role = ROLE_QUERY,
                              .title = "the queries of this part",
                              .meaning = "Only **these** rows ask now: their scores are all that must be held at once.",
                              .axes = "row: the word that asks; column: what it can ask for"};
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
        int ask = record_rows(a, &p, a->ask, row, rows, ask_spec());
        int found = record_part_heads(a, &p, ask, a->offer, a->v);
        heads = append_heads(a, &p, heads, found, row + rows == a->n);
    }
    return heads;
}

/* The cache with the row of one more token. */
static int grow_cache(struct attention *a, const struct part *p, int cache, int whole, bool keys)
{
    struct step_spec row = {.name = keys ? "new_key" : "new_value",
                            .symbol = keys ? "k" : "v",
                            .stage = STAGE_SCORE,
                            .role = keys ? ROLE_KEY : ROLE_VALUE,
                            .title = keys ? "the new word's key" : "the new word's value",
                            .meaning = "All that is computed for the keys and values of this step: **one row**.",
                            .axes = "row: the new word; column: a number of one head"};
    int fresh = record_rows(a, p, whole, p->row, 1, row);
    if (cache == NO_STEP)
        return fresh;
    return record_part(a, p,
                       (struct step_spec){
                           .name = keys ? "key_cache" : "value_cache",
                           .symbol = keys ? "K_cache" : "V_cache",
                           .stage = STAGE_SCORE,
                           .role = keys ? ROLE_KEY : ROLE_VALUE,
                           .op = OP_APPEND_ROWS,
                           .in = {cache, fresh},
                           .title = keys ? "the keys kept, and one more" : "the values kept, and one more",
                           .meaning = "What was computed for earlier words is **kept**, not computed again; the new "
                                      "word's row is put below. The cache grows by one row for each word.",
                           .axes = "row: a word so far; column: a number of one head",
                       });
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
        int ask = record_rows(a, &p, a->ask, t, 1, ask_spec());
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
