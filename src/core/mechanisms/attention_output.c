/* attention_output.c: from the heads to the result: which heads may speak, and the heads side by side. */
#include "core/mechanisms/attention_parts.h"
#include "core/mechanisms/learned.h"

bool attention_is_routed(const struct attention *a)
{
    return attention_is(a, "router", "true");
}

static const struct step_spec mean_words = {
    .name = "X_mean",
    .symbol = "x_mean",
    .stage = STAGE_AGGREGATE,
    .title = "the sentence in one row",
    .meaning = "The mean of all words' rows: what the sentence is **about**, for the choice of heads.",
    .axes = "column: a feature; one row for all words",
};
static const struct step_spec importance_words = {
    .name = "importance",
    .symbol = "i",
    .stage = STAGE_AGGREGATE,
    .title = "how much each head matters here",
    .meaning = "One number for each head, made of the sentence as a whole: **another sentence** gives other numbers.",
    .axes = "column: a head; one row for all words",
};
static const struct linear router = {
    .w = {.name = "W_R",
          .title = "which head for what",
          .meaning = "Learned numbers: a row says what **one feature** of the sentence adds to the importance of each "
                     "head.",
          .axes = "row: a feature; column: a head",
          .rows = "d_model",
          .cols = "heads",
          .columns_of = "X"},
    .b = {.name = "b_R",
          .title = "what every head starts from",
          .meaning = "Learned numbers: how much each head matters whatever the **sentence**.",
          .axes = "column: a head; one row for all words"},
    .b_optional = true,
    .sum_before = "importance_projected",
    .symbol_before = "i_0",
};

static int record_importance(struct attention *a)
{
    int mean = record_op(a->r, &mean_words, OP_COLUMN_MEAN, a->x);
    int w = record_matrix(a->r, &router.w, mean);
    require_columns(a->r, w, a->heads, "heads");
    return record_linear_by(a->r, mean, w, &router, &importance_words);
}

int record_routed(struct attention *a, int heads)
{
    if (a->r->err.code || !attention_is_routed(a))
        return heads;
    int importance = record_importance(a);
    int gates =
        record_step(a->r, (struct step_spec){
                              .name = "gates",
                              .symbol = "g",
                              .stage = STAGE_AGGREGATE,
                              .scale = SCALE_SHARE,
                              .op = OP_GREATER_THAN,
                              .in = {importance},
                              .number = settings_get(a->r->settings, "threshold")->number,
                              .title = "which heads are switched on",
                              .meaning = "**1** where the importance is above the threshold, else 0. A switch has "
                                         "no slope, so no gradient goes back through it; training puts an "
                                         "estimate in its place.",
                              .axes = "column: a head; one row for all words",
                          });
    return record_step(a->r, (struct step_spec){
                                 .name = "heads",
                                 .symbol = "H",
                                 .stage = STAGE_AGGREGATE,
                                 .op = OP_GATE_HEADS,
                                 .in = {heads, gates},
                                 .title = "heads switched off are silent",
                                 .meaning = "Each head times its switch. A head that is **off** hands over nothing but "
                                            "zeros; a program that is to be fast need not compute it at all.",
                                 .axes = FOUND_AXES,
                             });
}

int record_concat(struct attention *a, int heads)
{
    bool mixed_up = attention_is(a, "mistake", "concat_without_transpose");
    if (!mixed_up && !attention_is(a, "mistake", "heads_not_words"))
        return record_side_by_side(a->r, heads);
    struct step_spec spec = {
        .name = "concat",
        .symbol = "C",
        .stage = STAGE_CONCAT,
        .op = OP_VIEW,
        .in = {heads},
        .number = 1,
        .second = (double)a->n_words,
        .title = "the heads side by side",
        .meaning = "Each word's heads are put **side by side** again. The shape is that of the right way; what "
                   "stands in it is not.",
        .axes = "row: the word that looked; column: what each head found",
    };
    if (mixed_up) {
        spec.title = "mistake: read as rows without exchanging the axes";
        spec.meaning = "The numbers are taken in the order in which they stand in memory, head after head: the first "
                       "rows hold **several words of one head**. The shape is right, so nothing complains.";
    }
    return record_step(a->r, spec);
}
