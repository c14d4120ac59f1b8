#include "core/mechanisms/ends.h"

#include "core/mechanisms/learned.h"

const struct sequence words_that_look = {
    .name = "X",
    .symbol = "X",
    .title = "the words as numbers",
    .meaning =
        "One row for each word. Every column is a **feature**: read along a row to see what the word is made of.",
    .cols = "d_model",
    .shape = "[n, d_model]",
};
const struct sequence words_looked_at = {
    .name = "memory",
    .symbol = "X_memory",
    .title = "the words that are looked at",
    .meaning = "A second sequence: queries come from the first, **keys and values from this one**.",
    .cols = "d_memory",
    .shape = "[m, d_memory]",
};

int record_sequence(struct recorder *r, const struct sequence *sequence)
{
    int step = record_input(r,
                            (struct step_spec){.name = sequence->name,
                                               .symbol = sequence->symbol,
                                               .stage = STAGE_EMBED,
                                               .title = sequence->title,
                                               .meaning = sequence->meaning,
                                               .axes = WORD_AXES},
                            "words", sequence->cols);
    require_plane(r, step, sequence->shape);
    return step;
}

static const struct step_spec concat_words = {
    .name = "concat",
    .symbol = "C",
    .stage = STAGE_CONCAT,
    .title = "the heads side by side",
    .meaning = "The heads' columns are put **side by side**, not added: each word's row now holds what every head "
               "found. With one head nothing changes.",
    .axes = "row: the word that looked; column: what each head found",
};

int record_side_by_side(struct recorder *r, int heads)
{
    return record_op(r, &concat_words, OP_CONCAT_HEADS, heads);
}

const struct output_names output_names = {"output", "Y", "output_projected", "Y_0"};

int record_output(struct recorder *r, int concat, const struct output_names *names)
{
    if (r->err.code)
        return NO_STEP;
    if (!record_has(r, "W_O")) {
        if (record_has(r, "b_O"))
            record_error(r, qkv_errf(QKV_ERR_DOMAIN, "b_O: it is added to the output, and without W_O there is none"));
        return concat;
    }
    struct linear linear = {
        .w = {.name = "W_O",
              .title = "how the heads are mixed",
              .meaning = "Learned numbers: a row says what **one column of one head** adds to the result.",
              .axes = "row: what a head found; column: a feature of the result",
              .rows = recorded(r, concat)->axis[AXIS_COL].name,
              .cols = "d_out",
              .shape = "[heads*d_v, d_out]"},
        .b = {.name = "b_O",
              .title = "what every result starts from",
              .meaning = "Learned numbers, the same for **every** word: they are added to each row.",
              .axes = "column: a feature of the result; one row for all words"},
        .b_optional = true,
        .sum_before = names->projected,
        .symbol_before = names->projected_symbol,
        .sum_meaning = "The bias is added to **every** row. This is what the layer hands on: one row for each word "
                       "that looked.",
    };
    return record_linear(r, concat, &linear,
                         &(struct step_spec){.name = names->name,
                                             .symbol = names->symbol,
                                             .stage = STAGE_OUTPUT,
                                             .title = "each word after looking around",
                                             .meaning = "W_O **mixes** what the heads found into one row for each "
                                                        "word. Here the heads meet for the first time.",
                                             .axes = "row: the word that looked; column: a feature of the result"});
}
