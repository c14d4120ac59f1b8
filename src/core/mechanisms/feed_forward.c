#include "core/mechanisms/feed_forward.h"

#include "core/mechanisms/parts.h"

static const char wide_axes[] = "row: a word; column: a number of the wide row";
static const char word_axes[] = "row: a word; column: a feature";

/* "ffn" and "wide" make "ffn_wide". */
static const char *part_name(struct recorder *r, const char *name, const char *part)
{
    const char *text = tape_text(r->tape, "%s_%s", name, part);
    if (!text)
        record_error(r, qkv_nomem(name));
    return text ? text : "";
}

static int record_wide(struct recorder *r, int x, const struct feed_forward *ffn)
{
    struct linear linear = {.w = {.name = ffn->w_1,
                                  .title = "how features are spread out",
                                  .meaning = "Learned numbers: a row says what **one feature** adds to the wide row.",
                                  .axes = "row: a feature; column: a number of the wide row",
                                  .rows = "d_model",
                                  .cols = "d_ff",
                                  .shape = "[d_model, d_ff]"},
                            .b = {.name = ffn->b_1,
                                  .title = "what every wide row starts from",
                                  .meaning = "Learned numbers, the same for **every** word.",
                                  .axes = "column: a number of the wide row",
                                  .rows = "all words",
                                  .cols = "d_ff",
                                  .shape = "[d_ff]"},
                            .sum_before = part_name(r, ffn->name, "wide_projected"),
                            .symbol_before = part_name(r, ffn->symbol, "0")};
    return record_linear(r, x, &linear,
                         (struct step_spec){.name = part_name(r, ffn->name, "wide"),
                                            .symbol = part_name(r, ffn->symbol, "wide"),
                                            .stage = STAGE_FEED_FORWARD,
                                            .title = "each word's row, made wide",
                                            .meaning =
                                                "No word looks at another here: each row **by itself** becomes many "
                                                "numbers, each a question of its own about the word.",
                                            .axes = wide_axes});
}

static int record_bent_row(struct recorder *r, int wide, const struct feed_forward *ffn)
{
    return record_step(
        r, (struct step_spec){.name = part_name(r, ffn->name, "bent"),
                              .symbol = part_name(r, ffn->symbol, "bent"),
                              .stage = STAGE_FEED_FORWARD,
                              .op = ffn->bent,
                              .in = {wide},
                              .title = "what is far below 0 is dropped",
                              .meaning = ffn->bent == OP_RELU
                                             ? "Numbers above 0 stay, all others become **0**. Without this "
                                               "bend, two matrices would be no more than one."
                                             : "Large numbers stay, those far below 0 **vanish**, and "
                                               "between the bend is soft. Without it, two matrices would be "
                                               "no more than one.",
                              .axes = wide_axes});
}

int record_feed_forward(struct recorder *r, int x, const struct feed_forward *ffn)
{
    int bent = record_bent_row(r, record_wide(r, x, ffn), ffn);
    struct linear linear = {.w = {.name = ffn->w_2,
                                  .title = "how the wide row becomes features again",
                                  .meaning = "Learned numbers: a row says what **one number** of the wide row adds.",
                                  .axes = "row: a number of the wide row; column: a feature",
                                  .rows = "d_ff",
                                  .cols = "d_model",
                                  .shape = "[d_ff, d_model]"},
                            .b = {.name = ffn->b_2,
                                  .title = "what every result starts from",
                                  .meaning = "Learned numbers, the same for **every** word.",
                                  .axes = "column: a feature",
                                  .rows = "all words",
                                  .cols = "d_model",
                                  .shape = "[d_model]"},
                            .sum_before = part_name(r, ffn->name, "projected"),
                            .symbol_before = part_name(r, ffn->symbol, "1")};
    int result =
        record_linear(r, bent, &linear,
                      (struct step_spec){.name = ffn->name,
                                         .symbol = ffn->symbol,
                                         .stage = STAGE_FEED_FORWARD,
                                         .title = "what each word made of itself",
                                         .meaning = "The wide row is made **narrow** again: as many features as the "
                                                    "word came with, so that the two can be added.",
                                         .axes = word_axes});
    size_t found = recorded_size(r, result, AXIS_COL), wanted = recorded_size(r, x, AXIS_COL);
    if (!r->err.code && found != wanted)
        record_error(
            r, qkv_errf(QKV_ERR_SHAPE, "%s: its %zu columns must be the %zu of X (d_model)", ffn->w_2, found, wanted));
    return result;
}

int record_residual(struct recorder *r, int before, int found, const char *name, const char *symbol)
{
    return record_step(
        r, (struct step_spec){.name = name,
                              .symbol = symbol,
                              .stage = STAGE_RESIDUAL,
                              .op = OP_ADD,
                              .in = {before, found},
                              .title = "what there was, and what was found",
                              .meaning = "What was found is **added**, it replaces nothing: the word stays what "
                                         "it was, with something more.",
                              .axes = word_axes});
}
