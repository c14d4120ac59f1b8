/* attention_score.c: how a question and an offer are compared: q . k, q . W_A k (Luong et al. 2015), or
 * v . tanh(q W_1 + k W_2) (Bahdanau et al. 2014). */
#include "core/mechanisms/attention_parts.h"

#include <math.h>

static int record_matrix(struct attention *a, const char *name, enum role role, const char *title, const char *meaning,
                         const char *cols, const char *shape)
{
    struct step_spec spec = {.name = name,
                             .symbol = name,
                             .stage = STAGE_INPUT,
                             .role = role,
                             .op = OP_INPUT,
                             .title = title,
                             .meaning = meaning,
                             .axes = "row: a number of one head; column: a number of the result"};
    int step = record_input(a->r, spec, "d_k", cols);
    require_plane(a->r, step, shape);
    require_rows(a->r, step, a->d_k, "numbers of a query or key of one head (d_k)");
    return step;
}

static int record_product(struct attention *a, const char *name, const char *symbol, enum role role, int left,
                          int right, const char *title, const char *meaning)
{
    return record_step(a->r, (struct step_spec){.name = name,
                                                .symbol = symbol,
                                                .stage = STAGE_SCORE,
                                                .role = role,
                                                .op = OP_MATMUL,
                                                .in = {left, right},
                                                .title = title,
                                                .meaning = meaning,
                                                .axes = role == ROLE_QUERY
                                                            ? "row: the word that looks; column: what is compared"
                                                            : "row: the word looked at; column: what is compared"});
}

static void prepare_general(struct attention *a)
{
    int w = record_matrix(a, "W_A", ROLE_NONE, "which question goes with which offer",
                          "Learned numbers: a cell says how well **one number** of a query goes with one number of a "
                          "key. On the diagonal alone it would be the dot product.",
                          "d_k", "[d_k, d_k]");
    require_columns(a->r, w, a->d_k, "numbers of a query or key of one head (d_k)");
    a->ask = record_product(a, "Q_general", "Q_A", ROLE_QUERY, a->q, w, "questions in the words of the offers",
                            "Each query times W_A: now any number of a query can meet **any** number of a key, not "
                            "only the one at its own place.");
}

static void prepare_additive(struct attention *a)
{
    int w_1 = record_matrix(a, "W_1", ROLE_QUERY, "what of the question counts",
                            "Learned numbers: a row says what **one number of a query** adds.", "d_a", "[d_k, d_a]");
    a->ask = record_product(a, "Q_additive", "Q_1", ROLE_QUERY, a->q, w_1, "the questions' part of the sums",
                            "What each query brings into the sum, before it is known **which word** is looked at.");
    int w_2 = record_matrix(a, "W_2", ROLE_KEY, "what of the offer counts",
                            "Learned numbers: a row says what **one number of a key** adds.", "d_a", "[d_k, d_a]");
    require_columns(a->r, w_2, recorded_size(a->r, w_1, AXIS_COL), "columns of W_1 (d_a)");
    a->offer = record_product(a, "K_additive", "K_2", ROLE_KEY, a->k, w_2, "the offers' part of the sums",
                              "What each key brings into the sum. Both parts are computed **once for each word**, not "
                              "once for each pair.");
    struct step_spec v = {.name = "v_A",
                          .symbol = "v_A",
                          .stage = STAGE_INPUT,
                          .op = OP_INPUT,
                          .title = "how much each sum counts",
                          .meaning = "Learned numbers: how much **each column** of the sums adds to a score.",
                          .axes = "column: what is compared; one row for all pairs"};
    a->v_A = record_input(a->r, v, "all pairs", "d_a");
    require_vector(a->r, a->v_A, w_1);
}

void prepare_scores(struct attention *a)
{
    a->ask = a->q;
    a->offer = a->k;
    if (attention_is(a, "score", "general"))
        prepare_general(a);
    else if (attention_is(a, "score", "additive"))
        prepare_additive(a);
}

static int record_scores(struct attention *a, const struct part *p, int ask, int offer)
{
    struct step_spec spec = {
        .name = "scores",
        .symbol = "S",
        .stage = STAGE_SCORE,
        .op = OP_MATMUL_T,
        .in = {ask, offer},
        .title = "how well question and offer fit",
        .meaning = "Each cell is a query times a key, number by number, added up: **large** where "
                   "they agree, negative where they are opposed. Every word meets every word.",
        .axes = PAIR_AXES,
    };
    if (p->what)
        spec.meaning = "Each cell is a query times a key, number by number, added up: **large** where "
                       "they agree, negative where they are opposed. Only this part is compared now.";
    if (attention_is(a, "low_rank", "true"))
        spec.meaning = "Each cell is a query times the key of a mixture, number by number, added up. Every word meets "
                       "every mixture, and **no single word**.";
    if (attention_is(a, "score", "additive")) {
        bool bent = attention_is(a, "activation", "tanh");
        spec.op = bent ? OP_ADDITIVE : OP_ADDITIVE_LINEAR;
        spec.in[2] = a->v_A;
        spec.meaning = bent ? "For each pair of words the two parts are **added**, bent by tanh into -1 to 1, weighed "
                              "by v_A and summed: a small network in place of a product."
                            : "For each pair of words the two parts are **added**, weighed by v_A and summed. With "
                              "nothing bent, a query adds the same to its whole row.";
    } else if (attention_is(a, "mistake", "heads_not_words")) {
        spec.title = "mistake: each word compares its own heads";
        spec.meaning = "A plane for each word, a row and a column for each head: **no word meets another**. Change one "
                       "word and see which planes move.";
        spec.axes = "a plane for each word; row: a head; column: a head";
    }
    return record_part(a, p, spec);
}

static int record_scaled(struct attention *a, const struct part *p, int scores)
{
    const struct setting *scale = settings_get(a->r->settings, "scale");
    if (attention_is(a, "scale", "none") || attention_is(a, "score", "additive"))
        return scores;
    bool root = scale->choice >= 0;
    return record_part(
        a, p,
        (struct step_spec){
            .name = "scaled",
            .symbol = "S_scaled",
            .stage = STAGE_SCALE,
            .op = OP_DIVIDE,
            .in = {scores},
            .number = root ? sqrt((double)a->d_k) : scale->number,
            .written = root ? "sqrt(d_k)" : NULL,
            .title = root ? "scores divided by the root of d_k" : "scores divided by a number",
            .meaning = root ? "The longer the queries and keys, the larger their products can grow. Dividing by the "
                              "root of their length **d_k** keeps the scores moderate; their order stays."
                            : "Every score is divided by the **same** number. The order within a row stays; the "
                              "distances change.",
            .axes = PAIR_AXES,
        });
}

static int record_tempered(struct attention *a, const struct part *p, int scores)
{
    double temperature = settings_get(a->r->settings, "temperature")->number;
    if (temperature == 1)
        return scores;
    return record_part(a, p,
                       (struct step_spec){
                           .name = "tempered",
                           .symbol = "S_tempered",
                           .stage = STAGE_NORMALISE,
                           .op = OP_DIVIDE,
                           .in = {scores},
                           .number = temperature,
                           .title = "scores divided by the temperature",
                           .meaning = "A temperature **below 1** pulls the scores apart, so that the largest takes "
                                      "more; one **above 1** brings them together, so that all get more alike.",
                           .axes = PAIR_AXES,
                       });
}

int record_normaliser_input(struct attention *a, const struct part *p, int ask, int offer)
{
    int scores = record_scores(a, p, ask, offer);
    scores = record_relative_keys(a, p, scores);
    scores = record_scaled(a, p, scores);
    scores = record_bias(a, p, scores);
    scores = record_masked(a, p, scores);
    return record_tempered(a, p, scores);
}
