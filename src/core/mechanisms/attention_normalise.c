/* attention_normalise.c: from a row of scores to a row of weights: softmax, the largest alone, or sparsemax
 * (Martins and Astudillo 2016). */
#include "core/mechanisms/attention_parts.h"
#include "core/mechanisms/softmax.h"

static struct step_spec with_operands(const struct step_spec *words, enum op op, int left, int right)
{
    struct step_spec spec = *words;
    spec.op = op;
    spec.in[0] = left;
    spec.in[1] = right;
    return spec;
}

struct step_spec row_max_spec(int scores)
{
    return with_operands(&row_max_words, OP_ROW_MAX, scores, 0);
}

struct step_spec exponentials_spec(int scores, int row_max)
{
    return with_operands(&exponentials_words, OP_EXP_SHIFTED, scores, row_max);
}

/* Weights that are made otherwise than by shares of exponentials. */
static struct step_spec weights_spec(enum op op, int left, int right, const char *meaning)
{
    struct step_spec spec = with_operands(&shares_words, op, left, right);
    spec.meaning = meaning;
    return spec;
}

/* softmax as record_shares has it, part by part. Returns what the weights are to be made of. */
static struct step_spec softmax(struct attention *a, const struct part *p, int scores)
{
    int row_max = record_part(a, p, row_max_spec(scores));
    int exponentials = record_part(a, p, exponentials_spec(scores, row_max));
    int row_sums = record_part(a, p, with_operands(&row_sums_words, OP_ROW_SUM, exponentials, 0));
    return with_operands(&shares_words, OP_DIVIDE_ROWS, exponentials, row_sums);
}

/* The smallest threshold for which what stands above it sums to 1. */
static struct step_spec sparsemax(struct attention *a, const struct part *p, int scores)
{
    struct step_spec support = {.name = "support",
                                .symbol = "U",
                                .stage = STAGE_NORMALISE,
                                .scale = SCALE_SHARE,
                                .op = OP_SUPPORT,
                                .in = {scores},
                                .title = "which words get a share at all",
                                .meaning = "**1** where the larger scores of the row are together less than 1 ahead; "
                                           "all others get exactly nothing.",
                                .axes = PAIR_AXES};
    int chosen = record_part(a, p, support);
    struct step_spec threshold = {.name = "thresholds",
                                  .symbol = "tau",
                                  .stage = STAGE_NORMALISE,
                                  .op = OP_SPARSE_THRESHOLD,
                                  .in = {scores, chosen},
                                  .title = "each row's threshold",
                                  .meaning =
                                      "The chosen scores of the row added up, **less 1**, divided by how many they "
                                      "are: what stands above this number sums to 1.",
                                  .axes = ROW_AXES};
    int thresholds = record_part(a, p, threshold);
    return weights_spec(
        OP_ABOVE, scores, thresholds,
        "What each score has **above** its row's threshold; below it, exactly 0. The shares of a row sum "
        "to 1, as softmax's do, but many are nothing at all.");
}

static int record_turned_over(struct attention *a, int from, const char *name, const char *symbol, const char *title,
                              const char *axes)
{
    return record_step(a->r,
                       (struct step_spec){.name = name,
                                          .symbol = symbol,
                                          .stage = STAGE_NORMALISE,
                                          .op = OP_TRANSPOSE,
                                          .in = {from},
                                          .title = title,
                                          .meaning = "Rows become columns, so that what comes next goes **down the "
                                                     "columns** of the scores: over all that look at one word.",
                                          .axes = axes});
}

int record_weights(struct attention *a, const struct part *p, int scores)
{
    bool columns = attention_is(a, "mistake", "softmax_over_columns");
    if (columns)
        scores = record_turned_over(a, scores, "scores_turned", "S_turned", "mistake: columns taken for rows",
                                    "row: the word looked at; column: the word that looks");
    a->turned_over = columns;
    struct step_spec spec;
    if (attention_is(a, "normaliser", "hard"))
        spec = weights_spec(OP_ONE_HOT_ARGMAX, scores, 0,
                            "The row's largest score takes **everything**, the first where several are equal. A small "
                            "change of a score changes nothing, so no gradient flows back to the scores: they need "
                            "other training.");
    else if (attention_is(a, "normaliser", "sparsemax"))
        spec = sparsemax(a, p, scores);
    else
        spec = softmax(a, p, scores);
    if (attention_is(a, "low_rank", "true"))
        spec.title = "how much each word looks at each mixture";
    if (attention_is(a, "mistake", "heads_not_words"))
        spec.title = "how much each head looks at each head of its word";
    if (columns) {
        spec.name = "weights_turned";
        spec.symbol = "A_turned";
        spec.title = "how each word is shared out to those that look";
        int turned = record_part(a, p, spec);
        a->turned_over = false;
        spec = weights_spec(OP_TRANSPOSE, turned, 0,
                            "The **columns** sum to 1, the rows do not: some words get more than all of something, "
                            "others hardly anything. Add up a row to see it.");
        spec.title = "mistake: shares of columns, not of rows";
    }
    if (!attention_is(a, "mistake", "mask_after_softmax"))
        return record_part(a, p, spec);
    spec.name = "weights_unmasked";
    spec.symbol = "A_unmasked";
    spec.title = "shares of everything, also of what is blocked";
    return record_unmasked_weights_masked(a, record_part(a, p, spec));
}
