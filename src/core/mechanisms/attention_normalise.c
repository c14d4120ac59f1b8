/* attention_normalise.c: from a row of scores to a row of weights: softmax, the largest alone, or sparsemax
 * (Martins and Astudillo 2016). */
#include "core/mechanisms/attention_parts.h"
#include "core/mechanisms/softmax.h"

/* What the last step of a normaliser computes: the weights. */
struct last {
    enum op op;
    int left, right;
};

/* softmax as record_shares has it, part by part. */
static struct last softmax(struct attention *a, const struct part *p, int scores)
{
    int row_max = record_part(a, p, &row_max_step, OP_ROW_MAX, scores);
    int exponentials = record_part(a, p, &exponentials_step, OP_EXP_SHIFTED, scores, row_max);
    return (struct last){OP_DIVIDE_ROWS, exponentials, record_part(a, p, &row_sums_step, OP_ROW_SUM, exponentials)};
}

/* The smallest threshold for which what stands above it sums to 1. */
static struct last sparsemax(struct attention *a, const struct part *p, int scores)
{
    int support = record_part(a, p, STEP("support", "U", STAGE_NORMALISE, .scale = SCALE_SHARE), OP_SUPPORT, scores);
    int thresholds =
        record_part(a, p, STEP("thresholds", "tau", STAGE_NORMALISE), OP_SPARSE_THRESHOLD, scores, support);
    return (struct last){OP_ABOVE, scores, thresholds};
}

int record_weights(struct attention *a, const struct part *p, int scores)
{
    struct step_spec step = shares_step;
    a->over_columns = attention_is(a, "mistake", "softmax_over_columns");
    if (a->over_columns)
        scores = record_op(
            a->r, STEP("scores_turned", "S_turned", STAGE_NORMALISE, .mistake = true, .variant = "over_columns"),
            OP_TRANSPOSE, scores);
    struct last last = attention_is(a, "normaliser", "hard")        ? (struct last){OP_ONE_HOT_ARGMAX, scores, 0}
                       : attention_is(a, "normaliser", "sparsemax") ? sparsemax(a, p, scores)
                                                                    : softmax(a, p, scores);
    if (a->over_columns) {
        step = step_called(&shares_step, "weights_turned", "A_turned");
        int turned = record_part(a, p, &step, last.op, last.left, last.right);
        a->over_columns = false;
        last = (struct last){OP_TRANSPOSE, turned, 0};
        step = shares_step;
        step.mistake = true;
    } else if (attention_is(a, "mistake", "mask_after_softmax")) {
        step = step_called(&shares_step, "weights_unmasked", "A_unmasked");
        step.variant = "unmasked";
        return record_masked_after(a, record_part(a, p, &step, last.op, last.left, last.right));
    }
    return record_part(a, p, &step, last.op, last.left, last.right);
}
