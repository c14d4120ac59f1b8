#include "lesson/contributions.h"

const char *heads_output_find(const struct tape *tape, struct heads_output *ret)
{
    int output = tape_find_what(tape, STEP_OUTPUT), concat = tape_find_what(tape, STEP_CONCAT);
    if (concat < 0)
        return "heads_apart";
    if (output < 0)
        return "heads_not_mixed";
    const int *in = tape->steps[output].spec.in;
    bool biased = in[0] != concat; /* then it is the sum of the product and the bias */
    *ret = (struct heads_output){.heads = tape->steps[concat].spec.in[0],
                                 .w_o = biased ? tape->steps[in[0]].spec.in[1] : in[1],
                                 .bias = biased ? in[1] : -1,
                                 .output = output};
    return NULL;
}

bool head_is_off(const struct tape *tape, const struct heads_output *at, size_t head)
{
    const struct tensor *w = &tape->steps[at->w_o].value;
    size_t d_v = tape->steps[at->heads].value.axis[AXIS_COL].size;
    for (size_t r = head * d_v; r < (head + 1) * d_v; r++)
        for (size_t c = 0; c < w->axis[AXIS_COL].size; c++)
            if (*tensor_at(w, 0, r, c) != 0)
                return false;
    return true;
}

/* ---- the tape ---- */

/* Some cells of a step as an input of the small tape; *t is taken over. */
static struct qkv_err add_given(struct contributions *c, const struct step *from, struct tensor *t, int *ret)
{
    struct step_spec spec = from->spec;
    spec.op = OP_INPUT;
    struct qkv_err err = tape_input(&c->tape, &spec, t, ret);
    tensor_finish(t);
    return err;
}

/* What each head found for the word. */
static struct qkv_err add_found(struct contributions *c, const struct step *heads, size_t word)
{
    struct tensor t = {0};
    const struct axis *axis = heads->value.axis;
    struct axis row = axis[AXIS_ROW];
    row.size = 1;
    row.labels = row.labels && row.labels_per_head == 0 ? &row.labels[word] : NULL;
    row.labels_per_head = 0;
    struct qkv_err err = tensor_init(&t, (struct axis[AXES]){axis[AXIS_HEAD], row, axis[AXIS_COL]});
    for (size_t h = 0; h < c->heads && !err.code; h++)
        for (size_t i = 0; i < axis[AXIS_COL].size; i++)
            *tensor_at(&t, h, 0, i) = *tensor_at(&heads->value, h, word, i);
    return err.code ? err : add_given(c, heads, &t, &c->found);
}

/* Each head's rows of the column of W_O. */
static struct qkv_err add_rows(struct contributions *c, const struct step *w_o, size_t column, size_t d_v,
                               const char *const *names)
{
    struct tensor t = {0};
    struct axis cols = axis_numbered(1, "head");
    if (names)
        cols.labels = names, cols.labels_per_head = 1;
    struct qkv_err err =
        tensor_init(&t, (struct axis[AXES]){axis_numbered(c->heads, "heads"), axis_numbered(d_v, "d_v"), cols});
    for (size_t h = 0; h < c->heads && !err.code; h++)
        for (size_t i = 0; i < d_v; i++)
            *tensor_at(&t, h, i, 0) = *tensor_at(&w_o->value, 0, h * d_v + i, column);
    return err.code ? err : add_given(c, w_o, &t, &c->rows);
}

static struct qkv_err add_bias(struct contributions *c, const struct step *bias, size_t column)
{
    struct tensor t = {0};
    struct qkv_err err = tensor_init_sizes(&t, 1, 1, 1);
    if (err.code)
        return err;
    t.v[0] = *tensor_at(&bias->value, 0, 0, column);
    return add_given(c, bias, &t, &c->bias);
}

static struct qkv_err record_softmax(struct contributions *c)
{
    int row = 0;
    struct step_spec shares = {
        .name = "contributions", .symbol = "c", .stage = STAGE_OUTPUT, .op = OP_MATMUL, .in = {c->found, c->rows}};
    struct qkv_err err = tape_record(&c->tape, &shares, &c->shares);
    struct step_spec side_by_side = {
        .name = "contributions_row", .symbol = "c", .stage = STAGE_OUTPUT, .op = OP_CONCAT_HEADS, .in = {c->shares}};
    if (!err.code)
        err = tape_record(&c->tape, &side_by_side, &row);
    struct step_spec sum = {
        .name = "contributions_sum", .symbol = "s", .stage = STAGE_OUTPUT, .op = OP_ROW_SUM, .in = {row}};
    return err.code ? err : tape_record(&c->tape, &sum, &c->sum);
}

struct qkv_err contributions_init(struct contributions *ret, const struct tape *tape, const struct heads_output *at,
                                  size_t word, size_t column, const char *const *names)
{
    const struct tensor *heads = &tape->steps[at->heads].value;
    struct contributions c = {.heads = heads->axis[AXIS_HEAD].size, .bias = -1};
    struct qkv_err err = add_found(&c, &tape->steps[at->heads], word);
    if (!err.code)
        err = add_rows(&c, &tape->steps[at->w_o], column, heads->axis[AXIS_COL].size, names);
    if (!err.code)
        err = record_softmax(&c);
    c.output = c.sum;
    if (!err.code && at->bias >= 0)
        err = add_bias(&c, &tape->steps[at->bias], column);
    struct step_spec output = tape->steps[at->output].spec;
    output.op = OP_ADD;
    output.in[0] = c.sum;
    output.in[1] = c.bias;
    if (!err.code && at->bias >= 0)
        err = tape_record(&c.tape, &output, &c.output);
    if (!err.code)
        err = tape_run(&c.tape, TAPE_ALL);
    if (err.code)
        contributions_finish(&c);
    *ret = c;
    return err;
}

void contributions_finish(struct contributions *c)
{
    tape_finish(&c->tape);
    *c = (struct contributions){0};
}
