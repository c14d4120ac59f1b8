#include "core/mechanisms/layer.h"

#include "core/mechanisms/attention.h"
#include "core/mechanisms/learned.h"

int record_attended(struct recorder *r, int x, int normed, int memory)
{
    static const struct output_names names = {"attention_output", "A_out", "attention_projected", "A_0"};
    int found = r->err.code ? NO_STEP : attention_steps(r, normed, memory, &names);
    require_width(r, found, "W_O", x, "X (d_model)");
    return found;
}

#define WIDE_AXES "row: a word; column: a number of the wide row"

/* Names are those of each network: "ffn" and "wide" make "ffn_wide". */
static const struct step_spec wide_words = {
    .name = "wide",
    .symbol = "wide",
    .stage = STAGE_FEED_FORWARD,
    .title = "each word's row, made wide",
    .meaning = "No word looks at another here: each row **by itself** becomes many numbers, each a question of its own "
               "about the word.",
    .axes = WIDE_AXES,
};
static const struct step_spec hard_bend_words = {
    .name = "bent",
    .symbol = "bent",
    .stage = STAGE_FEED_FORWARD,
    .title = "what is far below 0 is dropped",
    .meaning = "Numbers above 0 stay, all others become **0**. Without this bend, two matrices would be no more than "
               "one.",
    .axes = WIDE_AXES,
};
static const struct step_spec soft_bend_words = {
    .name = "bent",
    .symbol = "bent",
    .stage = STAGE_FEED_FORWARD,
    .title = "what is far below 0 is dropped",
    .meaning = "Large numbers stay, those far below 0 **vanish**, and between the bend is soft. Without it, two "
               "matrices would be no more than one.",
    .axes = WIDE_AXES,
};
static const struct step_spec narrow_words = {
    .stage = STAGE_FEED_FORWARD,
    .title = "what each word made of itself",
    .meaning = "The wide row is made **narrow** again: as many features as the word came with, so that the two can be "
               "added.",
    .axes = WORD_AXES,
};

static struct step_spec of_network(struct recorder *r, const struct feed_forward *ffn, const struct step_spec *words)
{
    struct step_spec spec = *words;
    spec.name = words->name ? record_named(r, ffn->name, words->name) : ffn->name;
    spec.symbol = words->symbol ? record_named(r, ffn->symbol, words->symbol) : ffn->symbol;
    return spec;
}

int record_feed_forward(struct recorder *r, int x, const struct feed_forward *ffn)
{
    struct linear widen = {
        .w = {.name = ffn->w_1,
              .title = "how features are spread out",
              .meaning = "Learned numbers: a row says what **one feature** adds to the wide row.",
              .axes = "row: a feature; column: a number of the wide row",
              .rows = "d_model",
              .cols = "d_ff"},
        .b = {.name = ffn->b_1, .title = "what every wide row starts from", .axes = "column: a number of the wide row"},
        .sum_before = record_named(r, ffn->name, "wide_projected"),
        .symbol_before = record_named(r, ffn->symbol, "0")};
    struct linear narrow = {
        .w = {.name = ffn->w_2,
              .title = "how the wide row becomes features again",
              .meaning = "Learned numbers: a row says what **one number** of the wide row adds.",
              .axes = "row: a number of the wide row; column: a feature",
              .rows = "d_ff",
              .cols = "d_model"},
        .b = {.name = ffn->b_2, .title = "what every result starts from", .axes = "column: a feature"},
        .sum_before = record_named(r, ffn->name, "projected"),
        .symbol_before = record_named(r, ffn->symbol, "1")};
    struct step_spec wide = of_network(r, ffn, &wide_words), result = of_network(r, ffn, &narrow_words),
                     bent = of_network(r, ffn, ffn->bent == OP_RELU ? &hard_bend_words : &soft_bend_words);
    int spread = record_linear(r, x, &widen, &wide);
    int found = record_linear(r, record_op(r, &bent, ffn->bent, spread), &narrow, &result);
    require_width(r, found, ffn->w_2, x, "X (d_model)");
    return found;
}

static const struct step_spec residual_words = {
    .stage = STAGE_RESIDUAL,
    .title = "what there was, and what was found",
    .meaning = "What was found is **added**, it replaces nothing: the word stays what it was, with something more.",
    .axes = WORD_AXES,
};

int record_residual(struct recorder *r, int before, int found, const char *name, const char *symbol)
{
    struct step_spec residual = residual_words;
    residual.name = name;
    residual.symbol = symbol;
    return record_op(r, &residual, OP_ADD, before, found);
}
