/* attention_mask.c: what the mask blocks of a part of the scores, and what dropout drops of a part of the weights. */
#include "core/mechanisms/attention_parts.h"

#include "core/mechanisms/mask.h"
#include "core/random.h"

/* The mask of all scores: recorded when it is first asked for. */
static int whole_mask(struct attention *a)
{
    if (!a->asked_keep) {
        const struct tensor *q = recorded(a->r, a->q), *k = recorded(a->r, a->k);
        a->keep = record_mask(a->r, a->heads, &q->axis[AXIS_ROW], &k->axis[AXIS_ROW]);
        a->asked_keep = true;
    }
    return a->r->err.code ? NO_STEP : a->keep;
}

/* A rectangle of a given step as a given step of its own. *ret_ones: all its numbers are 1, and it is not recorded. */
static int record_piece(struct attention *a, const struct part *p, int whole, const struct step_spec *step,
                        bool *ret_ones)
{
    const struct tensor *t = recorded(a->r, whole);
    *ret_ones = false;
    record_error(a->r, tape_read(a->r->tape, whole));
    if (a->r->err.code)
        return NO_STEP;
    struct axis axes[AXES] = {t->axis[AXIS_HEAD], t->axis[AXIS_ROW], t->axis[AXIS_COL]};
    axes[AXIS_ROW].size = p->rows;
    axes[AXIS_COL].size = p->cols;
    if (axes[AXIS_ROW].labels)
        axes[AXIS_ROW].labels += p->row;
    if (axes[AXIS_COL].labels)
        axes[AXIS_COL].labels += p->col;
    struct tensor piece = {0};
    record_error(a->r, tensor_init(&piece, axes));
    *ret_ones = true;
    for (size_t h = 0; piece.v && h < axes[AXIS_HEAD].size; h++)
        for (size_t r = 0; r < p->rows; r++)
            for (size_t c = 0; c < p->cols; c++) {
                double x = *tensor_at(t, h, p->row + r, p->col + c);
                *tensor_at(&piece, h, r, c) = x;
                *ret_ones = *ret_ones && x == 1;
            }
    if (*ret_ones) { /* it would change nothing */
        tensor_finish(&piece);
        return NO_STEP;
    }
    struct step_spec spec = step_called(step, tape_text(a->r->tape, "%s_%s_%zu", step->name, p->what, p->number),
                                        tape_text(a->r->tape, "%s_%zu", step->symbol, p->number));
    spec.variant = "piece";
    if (!spec.name || !spec.symbol)
        record_error(a->r, qkv_nomem("the name of a step"));
    return record_made(a->r, &spec, &piece);
}

int record_masked(struct attention *a, const struct part *p, int scores)
{
    if (a->r->err.code || attention_is(a, "mistake", "mask_after_softmax"))
        return scores;
    int mask = whole_mask(a);
    if (mask == NO_STEP || a->r->err.code)
        return scores;
    if (p->what) {
        bool open;
        mask = record_piece(a, p, mask, STEP("mask", "M", STAGE_INPUT, .scale = SCALE_MASK), &open);
        if (open)
            return scores;
    }
    return record_part(a, p, STEP("masked", "S_masked", STAGE_MASK), OP_MASK, scores, mask);
}

int record_masked_after(struct attention *a, int weights)
{
    int mask = whole_mask(a);
    return record_op(a->r, STEP("weights", "A", STAGE_NORMALISE, .scale = SCALE_SHARE, .mistake = true), OP_MULTIPLY,
                     weights, mask);
}

/* 0 with probability p, else 1 / (1 - p): what is kept makes up for what is dropped. One number is drawn for each cell
 * of the whole, in their order, so that parts drop the same cells as the whole. */
static int whole_dropout(struct attention *a, const struct tensor *weights, double p)
{
    struct axis axes[AXES] = {weights->axis[AXIS_HEAD], weights->axis[AXIS_ROW], weights->axis[AXIS_COL]};
    const struct tensor *q = recorded(a->r, a->q), *k = recorded(a->r, a->k);
    axes[AXIS_ROW] = q->axis[AXIS_ROW];
    axes[AXIS_COL] = k->axis[AXIS_ROW];
    struct tensor t = {0};
    record_error(a->r, tensor_init(&t, axes));
    struct random random = {.state = (uint64_t)settings_get(a->r->settings, "seed")->number};
    for (size_t i = 0; t.v && i < tensor_cells(&t); i++)
        t.v[i] = random_share(&random) < p ? 0 : 1 / (1 - p);
    return record_made(a->r, STEP("dropout_mask", "D", STAGE_DROPOUT), &t);
}

int record_dropped(struct attention *a, const struct part *p, int weights)
{
    double share = settings_get(a->r->settings, "dropout")->number;
    if (a->r->err.code || share == 0)
        return weights;
    if (a->dropout == NO_STEP)
        a->dropout = whole_dropout(a, recorded(a->r, weights), share);
    int mask = a->dropout;
    if (p->what && !a->r->err.code) {
        bool nothing;
        mask = record_piece(a, p, mask, STEP("dropout_mask", "D", STAGE_INPUT), &nothing);
        if (nothing)
            return weights;
    }
    return record_part(a, p, STEP("weights_dropped", "A_dropped", STAGE_DROPOUT), OP_MULTIPLY, weights, mask);
}
