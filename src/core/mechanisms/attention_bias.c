/* attention_bias.c: what is added to scores for how far two words are apart: a learned number for each distance, a
 * learned key for each distance (Shaw et al. 2018), or a fixed slope (Press et al. 2022, "ALiBi"). */
#include "core/mechanisms/attention_parts.h"

static double offset_of(const struct part *p)
{
    return (double)p->col - (double)p->row;
}

static int record_biased(struct attention *a, const struct part *p, int scores, int bias)
{
    return record_part(a, p,
                       (struct step_spec){
                           .name = "biased",
                           .symbol = "S_biased",
                           .stage = STAGE_BIAS,
                           .op = OP_ADD,
                           .in = {scores, bias},
                           .title = "scores with the distance counted in",
                           .meaning = "The bias is **added** to each score: how well two words fit and how they stand "
                                      "to each other now count together.",
                           .axes = PAIR_AXES,
                       });
}

/* The table [2R+1, d_k] and the queries' products with it, once for all parts. */
static void make_relative_scores(struct attention *a)
{
    struct step_spec given = {.name = "relative_keys",
                              .symbol = "K_distance",
                              .stage = STAGE_INPUT,
                              .role = ROLE_KEY,
                              .op = OP_INPUT,
                              .title = "a key for each distance",
                              .meaning = "Learned numbers: a row for each distance, the **middle** one for distance 0, "
                                         "those above it for words that stand before.",
                              .axes = "row: a distance from -R to R; column: a number of a key"};
    int table = record_input(a->r, given, "distances", "d_k");
    require_plane(a->r, table, "[2R+1, d_k]");
    require_columns(a->r, table, a->d_k, "numbers of a query of one head (d_k)");
    if (table != NO_STEP && recorded_size(a->r, table, AXIS_ROW) % 2 == 0)
        record_error(a->r, qkv_errf(QKV_ERR_SHAPE, "relative_keys: its %zu rows must be 2R+1: distances -R to R",
                                    recorded_size(a->r, table, AXIS_ROW)));
    a->made_bias = true;
    a->distances = record_step(a->r, (struct step_spec){
                                         .name = "relative_scores",
                                         .symbol = "S_distance",
                                         .stage = STAGE_BIAS,
                                         .op = OP_MATMUL_T,
                                         .in = {a->q, table},
                                         .title = "how well a question fits each distance",
                                         .meaning = "Each query times the key of **each distance**: a word can ask for "
                                                    "what stands just before it, whatever word that is.",
                                         .axes = "row: the word that looks; column: a distance from -R to R",
                                     });
}

int record_relative_keys(struct attention *a, const struct part *p, int scores)
{
    if (a->r->err.code || !attention_is(a, "bias", "relative_keys"))
        return scores;
    if (!a->made_bias)
        make_relative_scores(a);
    struct step_spec some = {.name = "relative_scores",
                             .symbol = "S_distance",
                             .stage = STAGE_BIAS,
                             .title = "the rows of these questions",
                             .meaning = "How well **these** queries fit each distance.",
                             .axes = "row: the word that looks; column: a distance from -R to R"};
    int rows = record_rows(a, p, a->distances, p->row, p->rows, some);
    int bias = record_part(a, p,
                           (struct step_spec){
                               .name = "bias",
                               .symbol = "B",
                               .stage = STAGE_BIAS,
                               .op = OP_BY_DISTANCE,
                               .in = {rows, scores},
                               .number = offset_of(p),
                               .title = "each pair's distance, looked up",
                               .meaning = "For each pair of words the score of **its distance** is taken: cells on one "
                                          "diagonal come from one column.",
                               .axes = PAIR_AXES,
                           });
    return record_biased(a, p, scores, bias);
}

static void take_relative_bias(struct attention *a)
{
    struct step_spec given = {.name = "relative_bias",
                              .symbol = "b_distance",
                              .stage = STAGE_INPUT,
                              .op = OP_INPUT,
                              .title = "a number for each distance",
                              .meaning = "Learned numbers: how much each head likes **each distance**; the middle "
                                         "column is distance 0.",
                              .axes = "row: a head; column: a distance from -R to R"};
    a->distances = record_input(a->r, given, "heads", "distances");
    require_plane(a->r, a->distances, "[heads, 2R+1]");
    require_rows(a->r, a->distances, a->heads, "heads");
    if (a->distances != NO_STEP && recorded_size(a->r, a->distances, AXIS_COL) % 2 == 0)
        record_error(a->r, qkv_errf(QKV_ERR_SHAPE, "relative_bias: its %zu columns must be 2R+1: distances -R to R",
                                    recorded_size(a->r, a->distances, AXIS_COL)));
    a->made_bias = true;
}

int record_bias(struct attention *a, const struct part *p, int scores)
{
    bool relative = attention_is(a, "bias", "relative");
    if (a->r->err.code || (!relative && !attention_is(a, "bias", "alibi")))
        return scores;
    if (relative && !a->made_bias)
        take_relative_bias(a);
    struct step_spec spec = {
        .name = "bias",
        .symbol = "B",
        .stage = STAGE_BIAS,
        .op = relative ? OP_RELATIVE_BIAS : OP_ALIBI,
        .number = offset_of(p),
        .title = relative ? "each pair's distance, looked up" : "less for each word of distance",
        .meaning = relative ? "For each pair of words the number of **its distance** is looked up: all cells on one "
                              "diagonal are the same."
                            : "The farther apart two words stand, the more is taken off their score. Each head has its "
                              "own **slope**: the first looks near, the last far.",
        .axes = PAIR_AXES,
    };
    spec.in[0] = relative ? a->distances : scores;
    spec.in[1] = relative ? scores : 0;
    return record_biased(a, p, scores, record_part(a, p, spec));
}
