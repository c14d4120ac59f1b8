#include "core/mechanisms/ends.h"

const struct output_names output_names = {"output", "Y", "output_projected", "Y_0"};

int ends_words(struct recorder *r, const char *name, const char *symbol, const char *title, const char *meaning,
               const char *cols, const char *shape)
{
    struct step_spec spec = {.name = name,
                             .symbol = symbol,
                             .stage = STAGE_EMBED,
                             .op = OP_INPUT,
                             .title = title,
                             .meaning = meaning,
                             .axes = "row: a word; column: a feature"};
    int step = record_input(r, spec, "words", cols);
    require_plane(r, step, shape);
    return step;
}

int ends_concat(struct recorder *r, int heads)
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

int ends_output(struct recorder *r, int concat, const struct output_names *names)
{
    if (!record_has(r, "W_O")) {
        if (record_has(r, "b_O"))
            record_error(r, qkv_errf(QKV_ERR_DOMAIN, "b_O: it is added to the output, and without W_O there is none"));
        return NO_STEP;
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
    struct step_spec product = {.name = biased ? names->projected : names->name,
                                .symbol = biased ? names->projected_symbol : names->symbol,
                                .stage = STAGE_OUTPUT,
                                .op = OP_MATMUL,
                                .in = {concat, weights},
                                .title = biased ? "before the bias is added" : "each word after looking around",
                                .meaning = "W_O **mixes** what the heads found into one row for each word. Here the "
                                           "heads meet for the first time.",
                                .axes = "row: the word that looked; column: a feature of the result"};
    int projected = record_step(r, product);
    if (!biased)
        return projected;
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
    sum.name = names->name;
    sum.symbol = names->symbol;
    sum.op = OP_ADD;
    sum.in[0] = projected;
    sum.in[1] = bias;
    sum.title = "each word after looking around";
    sum.meaning =
        "The bias is added to **every** row. This is what the layer hands on: one row for each word that looked.";
    return record_step(r, sum);
}
