/* attention_weights.c: from scores to weights: the mask, the normalisers (sparsemax: Martins and Astudillo 2016),
 * dropout; and the router that switches heads off. */
#include "core/mechanisms/attention_parts.h"

#include "core/random.h"

/* ---- the mask, and pieces of it ---- */

/* The mask of all scores: recorded at its first use. */
static int whole_mask(struct attention *a)
{
    if (!a->mask_is_known) {
        const struct tensor *q = recorded(a->r, a->q), *k = recorded(a->r, a->k);
        a->mask = record_mask(a->r, a->heads, &q->axis[AXIS_ROW], &k->axis[AXIS_ROW]);
        a->mask_is_known = true;
    }
    return a->r->err.code ? NO_STEP : a->mask;
}

/* The cells of a part of a tensor, as a tensor; *ret_ones: all its numbers are 1. */
static struct tensor copy_piece(struct recorder *r, const struct part *p, const struct tensor *whole, bool *ret_ones)
{
    struct axis axes[AXES] = {whole->axis[AXIS_HEAD], whole->axis[AXIS_ROW], whole->axis[AXIS_COL]};
    axes[AXIS_ROW].size = p->rows;
    axes[AXIS_COL].size = p->cols;
    if (axes[AXIS_ROW].labels)
        axes[AXIS_ROW].labels += p->row;
    if (axes[AXIS_COL].labels)
        axes[AXIS_COL].labels += p->col;
    struct tensor piece = {0};
    record_error(r, tensor_init(&piece, axes));
    *ret_ones = true;
    for (size_t i = 0; piece.v && i < tensor_cells(&piece); i++) {
        size_t col = i % p->cols, row = i / p->cols % p->rows, head = i / p->cols / p->rows;
        piece.v[i] = *tensor_at(whole, head, p->row + row, p->col + col);
        *ret_ones = *ret_ones && piece.v[i] == 1;
    }
    return piece;
}

/* The part's piece of a whole step, as a given step of its own; the whole step of a part that is the whole; NO_STEP
 * where all its numbers are 1: it would change nothing. */
static int record_piece(struct attention *a, const struct part *p, int whole, const struct step_spec *step)
{
    if (whole == NO_STEP || !p->what || a->r->err.code)
        return whole;
    bool ones;
    record_error(a->r, tape_read(a->r->tape, whole));
    if (a->r->err.code)
        return NO_STEP;
    struct tensor piece = copy_piece(a->r, p, recorded(a->r, whole), &ones);
    if (ones) {
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

int record_part_mask(struct attention *a, const struct part *p)
{
    int whole = a->r->err.code ? NO_STEP : whole_mask(a);
    return record_piece(a, p, whole, STEP("mask", "M", STAGE_INPUT, .scale = SCALE_MASK));
}

/* ---- the other normalisers ---- */

struct last normaliser_hard(struct attention *a, const struct part *p, int scores)
{
    (void)a, (void)p;
    return (struct last){OP_ONE_HOT_ARGMAX, scores, 0};
}

/* The threshold tau for which the scores above it, less tau, sum to 1. */
struct last normaliser_sparsemax(struct attention *a, const struct part *p, int scores)
{
    int support = record_part(a, p, STEP("support", "U", STAGE_NORMALISE, .scale = SCALE_SHARE), OP_SUPPORT, scores);
    int thresholds =
        record_part(a, p, STEP("thresholds", "tau", STAGE_NORMALISE), OP_SPARSE_THRESHOLD, scores, support);
    return (struct last){OP_ABOVE, scores, thresholds};
}

static int record_last(struct attention *a, const struct part *p, const struct step_spec *step, struct last last)
{
    return record_part(a, p, step, last.op, last.left, last.right);
}

/* The mistake softmax_over_columns: each column is normalised, by transposing before and after. */
static int record_weights_over_columns(struct attention *a, const struct part *p, int scores)
{
    a->over_columns = true;
    int transposed =
        record_op(a->r, STEP("scores_turned", "S_turned", STAGE_NORMALISE, .mistake = true, .variant = "over_columns"),
                  OP_TRANSPOSE, scores);
    struct step_spec step = step_called(&weights_step, "weights_turned", "A_turned");
    step.distribution = false; /* that its rows add up would give the mistake away */
    int weights = record_last(a, p, &step, a->normalise(a, p, transposed));
    a->over_columns = false;
    step = weights_step;
    step.mistake = true;
    return record_part(a, p, &step, OP_TRANSPOSE, weights);
}

/* The mistake mask_after_softmax: a row sums to 1 before some of its weights are set to 0. */
static int record_weights_masked_after(struct attention *a, const struct part *p, int scores)
{
    struct step_spec step = step_called(&weights_step, "weights_unmasked", "A_unmasked");
    step.variant = "unmasked";
    int weights = record_last(a, p, &step, a->normalise(a, p, scores));
    step = weights_step;
    step.mistake = true;
    return record_op(a->r, &step, OP_MULTIPLY, weights, whole_mask(a));
}

int record_weights(struct attention *a, const struct part *p, int scores)
{
    if (is_set(a, "mistake", "softmax_over_columns"))
        return record_weights_over_columns(a, p, scores);
    if (is_set(a, "mistake", "mask_after_softmax"))
        return record_weights_masked_after(a, p, scores);
    return record_last(a, p, &weights_step, a->normalise(a, p, scores));
}

/* ---- dropout ---- */

/* 0 with probability p, else 1 / (1 - p): so the expected sum stays the same. One number is drawn for each cell
 * of the whole, in their order, so that parts drop the same cells as the whole. */
static int whole_dropout(struct attention *a, const struct tensor *weights, double p)
{
    struct axis axes[AXES] = {weights->axis[AXIS_HEAD], weights->axis[AXIS_ROW], weights->axis[AXIS_COL]};
    axes[AXIS_ROW] = recorded(a->r, a->q)->axis[AXIS_ROW];
    axes[AXIS_COL] = recorded(a->r, a->k)->axis[AXIS_ROW];
    struct tensor t = {0};
    record_error(a->r, tensor_init(&t, axes));
    struct random random = {.state = (uint64_t)set_number(a, "seed")};
    for (size_t i = 0; t.v && i < tensor_cells(&t); i++)
        t.v[i] = random_share(&random) < p ? 0 : 1 / (1 - p);
    return record_made(a->r, STEP("dropout_mask", "D", STAGE_DROPOUT), &t);
}

int record_dropped(struct attention *a, const struct part *p, int weights)
{
    double dropout = set_number(a, "dropout");
    if (a->r->err.code || dropout == 0)
        return weights;
    if (a->dropout == NO_STEP)
        a->dropout = whole_dropout(a, recorded(a->r, weights), dropout);
    int factors = record_piece(a, p, a->dropout, STEP("dropout_mask", "D", STAGE_INPUT));
    if (factors == NO_STEP)
        return weights;
    return record_part(a, p, STEP("weights_dropped", "A_dropped", STAGE_DROPOUT), OP_MULTIPLY, weights, factors);
}

/* ---- the router: a head whose importance is not above the threshold is switched off ---- */

/* With a router the heads have another name before it switches some of them off. */
struct step_spec heads_step(const struct attention *a, bool whole)
{
    bool all = whole && is_set(a, "router", "true");
    return *STEP(all ? "heads_all" : "heads", all ? "H_all" : "H", STAGE_AGGREGATE, .words = "heads");
}

static const struct linear router = {
    .w = {.name = "W_R", .rows = "d_model", .cols = "heads", .columns_of = "X"},
    .b = {.name = "b_R"},
    .sum_before = "importance_projected",
    .symbol_before = "r_0",
};

/* importance = mean of X over its rows, times W_R, plus b_R; gates = importance > threshold */
int record_routed(struct attention *a, int heads)
{
    int mean = record_op(a->r, STEP("X_mean", "x_mean", STAGE_AGGREGATE), OP_COLUMN_MEAN, a->x);
    int w = record_matrix(a->r, &router.w, mean);
    require_columns(a->r, w, a->heads, "heads");
    int importance = record_linear_by(a->r, mean, w, &router, STEP("importance", "r", STAGE_AGGREGATE));
    int gates =
        record_op(a->r, STEP("gates", "g", STAGE_AGGREGATE, .scale = SCALE_SHARE, .number = set_number(a, "threshold")),
                  OP_GREATER_THAN, importance);
    return record_op(a->r, STEP("heads", "H", STAGE_AGGREGATE, .words = "heads_routed"), OP_GATE_HEADS, heads, gates);
}
