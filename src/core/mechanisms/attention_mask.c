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
static int record_piece(struct attention *a, const struct part *p, int whole, struct step_spec spec, bool *ret_ones)
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
    spec.name = tape_text(a->r->tape, "%s_%s_%zu", spec.name, p->what, p->number);
    spec.symbol = tape_text(a->r->tape, "%s_%zu", spec.symbol, p->number);
    if (!spec.name || !spec.symbol)
        record_error(a->r, qkv_nomem("the name of a step"));
    return record_made(a->r, spec, &piece);
}

int record_masked(struct attention *a, const struct part *p, int scores)
{
    if (a->r->err.code || attention_is(a, "mistake", "mask_after_softmax"))
        return scores;
    int mask = whole_mask(a);
    if (mask == NO_STEP || a->r->err.code)
        return scores;
    if (p->what) {
        struct step_spec piece = {.name = "mask",
                                  .symbol = "M",
                                  .stage = STAGE_INPUT,
                                  .scale = SCALE_MASK,
                                  .op = OP_INPUT,
                                  .title = "this part of the mask",
                                  .meaning = "**1 keeps, 0 blocks.** The same cells of the mask as of the scores.",
                                  .axes = PAIR_AXES};
        bool open;
        mask = record_piece(a, p, mask, piece, &open);
        if (open)
            return scores;
    }
    return record_part(a, p,
                       (struct step_spec){
                           .name = "masked",
                           .symbol = "S_masked",
                           .stage = STAGE_MASK,
                           .op = OP_MASK,
                           .in = {scores, mask},
                           .title = "what must not be seen is blocked",
                           .meaning = "Where the mask is 0 the score becomes **-∞**, before the weights are made: "
                                      "its weight will be exactly 0, and the others share everything.",
                           .axes = PAIR_AXES,
                       });
}

int record_unmasked_weights_masked(struct attention *a, int weights)
{
    int mask = whole_mask(a);
    return record_step(a->r, (struct step_spec){
                                 .name = "weights",
                                 .symbol = "A",
                                 .stage = STAGE_NORMALISE,
                                 .scale = SCALE_SHARE,
                                 .op = OP_MULTIPLY,
                                 .in = {weights, mask},
                                 .title = "mistake: masked after the shares were made",
                                 .meaning = "What is blocked is set to 0 **after** softmax. It had its share already: "
                                            "the rows now sum to less than 1, and what was not to be seen has pushed "
                                            "the others down.",
                                 .axes = PAIR_AXES,
                             });
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
    struct step_spec spec = {.name = "dropout_mask",
                             .symbol = "D",
                             .stage = STAGE_DROPOUT,
                             .op = OP_INPUT,
                             .title = "what is dropped by chance",
                             .meaning = "**0** drops a weight; the others are made larger by as much as is lost on "
                                        "average. In training other cells are drawn each time; here the seed says "
                                        "which.",
                             .axes = PAIR_AXES};
    return record_made(a->r, spec, &t);
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
        struct step_spec piece = {.name = "dropout_mask",
                                  .symbol = "D",
                                  .stage = STAGE_INPUT,
                                  .op = OP_INPUT,
                                  .title = "this part of what is dropped",
                                  .meaning = "**0** drops a weight; the others are made larger.",
                                  .axes = PAIR_AXES};
        bool nothing;
        mask = record_piece(a, p, mask, piece, &nothing);
        if (nothing)
            return weights;
    }
    return record_part(a, p,
                       (struct step_spec){
                           .name = "weights_dropped",
                           .symbol = "A_dropped",
                           .stage = STAGE_DROPOUT,
                           .scale = SCALE_SIGNED,
                           .op = OP_MULTIPLY,
                           .in = {weights, mask},
                           .title = "some weights dropped, the others larger",
                           .meaning =
                               "Each weight times 0 or the factor. A row need **not sum to 1** any more: only on "
                               "average over many draws it does.",
                           .axes = PAIR_AXES,
                       });
}
