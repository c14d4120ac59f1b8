#include "core/mechanisms/attention.h"

#include "core/mechanisms/mask.h"
#include "core/mechanisms/view.h"

#include <math.h>

static const char words_axes[] = "row: a word; column: a feature";
static const char pair_axes[] = "row: the word that looks; column: the word looked at";
static const char row_axes[] = "row: the word that looks; one number for all it looks at";

struct dims {
    size_t heads, kv_heads, d_k;
};

static int record_words(struct recorder *r, const char *name, const char *symbol, const char *title,
                        const char *meaning, const char *cols, const char *shape)
{
    struct step_spec spec = {.name = name,
                             .symbol = symbol,
                             .stage = STAGE_EMBED,
                             .op = OP_INPUT,
                             .title = title,
                             .meaning = meaning,
                             .axes = words_axes};
    int step = record_input(r, spec, "words", cols);
    require_plane(r, step, shape);
    return step;
}

static int record_scores(struct recorder *r, int queries, int keys)
{
    return record_step(r,
                       (struct step_spec){
                           .name = "scores",
                           .symbol = "S",
                           .stage = STAGE_SCORE,
                           .op = OP_MATMUL_T,
                           .in = {queries, keys},
                           .title = "how well question and offer fit",
                           .meaning = "Each cell is a query times a key, number by number, added up: **large** where "
                                      "they agree, negative where they are opposed. Every word meets every word.",
                           .axes = pair_axes,
                       });
}

static int record_scaled(struct recorder *r, int scores, size_t d_k)
{
    const struct setting *scale = settings_get(r->settings, "scale");
    if (settings_is(r->settings, "scale", "none"))
        return scores;
    bool root = scale->choice >= 0;
    return record_step(
        r, (struct step_spec){
               .name = "scaled",
               .symbol = "S_scaled",
               .stage = STAGE_SCALE,
               .op = OP_DIVIDE,
               .in = {scores},
               .number = root ? sqrt((double)d_k) : scale->number,
               .written = root ? "sqrt(d_k)" : NULL,
               .title = root ? "scores divided by the root of d_k" : "scores divided by a number",
               .meaning = root ? "The longer the queries and keys, the larger their products can grow. Dividing by the "
                                 "root of their length **d_k** keeps the scores moderate; their order stays."
                               : "Every score is divided by the **same** number. The order within a row stays; the "
                                 "distances change.",
               .axes = pair_axes,
           });
}

static int record_masked(struct recorder *r, int scores, size_t heads)
{
    if (r->err.code)
        return NO_STEP;
    const struct tensor *t = recorded(r, scores);
    int mask = record_mask(r, heads, &t->axis[AXIS_ROW], &t->axis[AXIS_COL]);
    if (mask == NO_STEP)
        return scores;
    return record_step(r, (struct step_spec){
                              .name = "masked",
                              .symbol = "S_masked",
                              .stage = STAGE_MASK,
                              .op = OP_MASK,
                              .in = {scores, mask},
                              .title = "what must not be seen is blocked",
                              .meaning = "Where the mask is 0 the score becomes **-inf**, before the weights are made: "
                                         "its weight will be exactly 0, and the others share everything.",
                              .axes = pair_axes,
                          });
}

static int record_tempered(struct recorder *r, int scores)
{
    double temperature = settings_get(r->settings, "temperature")->number;
    if (temperature == 1)
        return scores;
    return record_step(r, (struct step_spec){
                              .name = "tempered",
                              .symbol = "S_tempered",
                              .stage = STAGE_NORMALISE,
                              .op = OP_DIVIDE,
                              .in = {scores},
                              .number = temperature,
                              .title = "scores divided by the temperature",
                              .meaning = "A temperature **below 1** pulls the scores apart, so that the largest takes "
                                         "more; one **above 1** brings them together, so that all get more alike.",
                              .axes = pair_axes,
                          });
}

/* softmax in the four steps that a person would take (the row's largest is taken off so that no exponential is too
 * large; it cancels in the quotient). */
static int record_softmax(struct recorder *r, int scores)
{
    struct step_spec max = {.name = "row_max",
                            .symbol = "m",
                            .stage = STAGE_NORMALISE,
                            .op = OP_ROW_MAX,
                            .in = {scores},
                            .title = "each row's largest score",
                            .meaning =
                                "The largest score of each row. It is taken off next, so that **no** exponential "
                                "gets too large to be held; the weights stay the same.",
                            .axes = row_axes};
    int row_max = record_step(r, max);
    struct step_spec power = {.name = "exponentials",
                              .symbol = "E",
                              .stage = STAGE_NORMALISE,
                              .op = OP_EXP_SHIFTED,
                              .in = {scores, row_max},
                              .title = "scores as positive numbers",
                              .meaning = "e to the power of (score less the row's largest): the largest score gives "
                                         "**1**, smaller ones less, a blocked one 0. Nothing is negative any more.",
                              .axes = pair_axes};
    int exponentials = record_step(r, power);
    struct step_spec sum = {.name = "row_sums",
                            .symbol = "z",
                            .stage = STAGE_NORMALISE,
                            .op = OP_ROW_SUM,
                            .in = {exponentials},
                            .title = "each row's sum",
                            .meaning = "The exponentials of each row added up: what they are to be **shares of**.",
                            .axes = row_axes};
    int row_sums = record_step(r, sum);
    struct step_spec share = {.name = "weights",
                              .symbol = "A",
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

static int record_heads(struct recorder *r, int weights, int values)
{
    return record_step(r,
                       (struct step_spec){
                           .name = "heads",
                           .symbol = "H",
                           .stage = STAGE_AGGREGATE,
                           .op = OP_MATMUL,
                           .in = {weights, values},
                           .title = "what each word collects",
                           .meaning = "Each word's row is a **mixture** of the values of all words, in the shares of "
                                      "its row of weights: the words it looks at most count most.",
                           .axes = "row: the word that looked; column: what was handed to it",
                       });
}

static int record_concat(struct recorder *r, int heads)
{
    return record_step(r, (struct step_spec){
                              .name = "concat",
                              .symbol = "C",
                              .stage = STAGE_CONCAT,
                              .op = OP_CONCAT_HEADS,
                              .in = {heads},
                              .title = "the heads side by side",
                              .meaning = "The heads' columns are put **side by side**, not added: each word's row now "
                                         "holds what every head found. With one head nothing changes.",
                              .axes = "row: the word that looked; column: what each head found",
                          });
}

static void record_output(struct recorder *r, int concat)
{
    if (!record_has(r, "W_O")) {
        if (record_has(r, "b_O"))
            record_error(r, qkv_errf(QKV_ERR_DOMAIN, "b_O: it is added to the output, and without W_O there is none"));
        return;
    }
    struct step_spec w = {.name = "W_O",
                          .symbol = "W_O",
                          .stage = STAGE_INPUT,
                          .op = OP_INPUT,
                          .title = "how the heads are mixed",
                          .meaning = "Learned numbers: a row says what **one column of one head** adds to the result.",
                          .axes = "row: what a head found; column: a feature of the result"};
    int weights = record_input(r, w, recorded(r, concat)->axis[AXIS_COL].name, "d_out");
    require_plane(r, weights, "[heads*d_v, d_out]");
    require_rows(r, weights, recorded_size(r, concat, AXIS_COL), "columns of concat (heads*d_v)");
    bool biased = record_has(r, "b_O");
    struct step_spec product = {.name = biased ? "output_projected" : "output",
                                .symbol = biased ? "Y_0" : "Y",
                                .stage = STAGE_OUTPUT,
                                .op = OP_MATMUL,
                                .in = {concat, weights},
                                .title = biased ? "before the bias is added" : "each word after looking around",
                                .meaning = "W_O **mixes** what the heads found into one row for each word. Here the "
                                           "heads meet for the first time.",
                                .axes = "row: the word that looked; column: a feature of the result"};
    int projected = record_step(r, product);
    if (!biased)
        return;
    struct step_spec b = {.name = "b_O",
                          .symbol = "b_O",
                          .stage = STAGE_INPUT,
                          .op = OP_INPUT,
                          .title = "what every result starts from",
                          .meaning = "Learned numbers, the same for **every** word: they are added to each row.",
                          .axes = "column: a feature of the result; one row for all words"};
    int bias = record_input(r, b, "all words", "d_out");
    require_vector(r, bias, weights);
    struct step_spec sum = product;
    sum.name = "output";
    sum.symbol = "Y";
    sum.op = OP_ADD;
    sum.in[0] = projected;
    sum.in[1] = bias;
    sum.title = "each word after looking around";
    sum.meaning =
        "The bias is added to **every** row. This is what the layer hands on: one row for each word that looked.";
    record_step(r, sum);
}

/* How many heads there are, as far as the settings say. */
static struct dims dims_of(struct recorder *r)
{
    struct dims d = {.heads = (size_t)settings_get(r->settings, "heads")->number};
    const struct setting *kv = settings_get(r->settings, "kv_heads");
    d.kv_heads = kv->choice >= 0 ? d.heads : (size_t)kv->number;
    if (kv->choice < 0 && kv->number != floor(kv->number))
        record_error(r, qkv_errf(QKV_ERR_DOMAIN, "kv_heads must be a whole number, not '%s'", kv->text));
    else if (d.kv_heads > d.heads)
        record_error(r, qkv_errf(QKV_ERR_DOMAIN, "kv_heads=%zu must not be more than heads=%zu", d.kv_heads, d.heads));
    return d;
}

/* Queries and keys are compared number by number: they must be equally long in every head. */
static void require_matching(struct recorder *r, int queries, int keys, struct dims *d)
{
    if (r->err.code)
        return;
    d->d_k = recorded_size(r, queries, AXIS_COL) / d->heads;
    size_t k = recorded_size(r, keys, AXIS_COL) / d->kv_heads;
    if (k != d->d_k)
        record_error(r, qkv_errf(QKV_ERR_SHAPE,
                                 "W_K: its %zu columns must be kv_heads*d_k = %zu*%zu, for W_Q has %zu = heads*d_k",
                                 k * d->kv_heads, d->kv_heads, d->d_k, d->d_k * d->heads));
}

struct qkv_err attention_record(struct tape *tape, const struct settings *settings, struct named_tensors *inputs)
{
    struct recorder r = {.tape = tape, .settings = settings, .inputs = inputs};
    struct dims d = dims_of(&r);
    int x = record_words(&r, "X", "X", "the words as numbers",
                         "One row for each word. Every column is a **feature**: read along a row to see what the word "
                         "is made of.",
                         "d_model", "[n, d_model]");
    int looked_at = x;
    if (record_has(&r, "memory"))
        looked_at =
            record_words(&r, "memory", "X_memory", "the words that are looked at",
                         "A second sequence, one row for each of its words: queries come from the first, **keys "
                         "and values from this one**.",
                         "d_memory", "[m, d_memory]");
    if (r.err.code)
        return r.err;
    int queries = record_view(&r, &query_view, x, d.heads);
    if (r.err.code)
        return r.err;
    int keys = record_view(&r, &key_view, looked_at, d.kv_heads);
    if (r.err.code)
        return r.err;
    int values = record_view(&r, &value_view, looked_at, d.kv_heads);
    require_matching(&r, queries, keys, &d);
    int q = record_split(&r, &query_view, queries, d.heads);
    int k = record_split(&r, &key_view, keys, d.kv_heads);
    int v = record_split(&r, &value_view, values, d.kv_heads);
    int scores = record_scores(&r, q, k);
    scores = record_scaled(&r, scores, d.d_k);
    scores = record_masked(&r, scores, d.heads);
    scores = record_tempered(&r, scores);
    int weights = record_softmax(&r, scores);
    int concat = record_concat(&r, record_heads(&r, weights, v));
    if (!r.err.code)
        record_output(&r, concat);
    return r.err;
}
