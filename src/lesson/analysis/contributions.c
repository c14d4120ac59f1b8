#include "lesson/analysis/contributions.h"

#include "core/mechanisms/record.h"

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
static int add_given(struct recorder *r, const struct step *from, struct tensor *t)
{
    struct step_spec spec = from->spec;
    spec.op = OP_INPUT;
    return record_made(r, &spec, t);
}

/* What each head found for the word. */
static int add_found(struct recorder *r, const struct step *heads, size_t word)
{
    struct tensor t = {0};
    const struct axis *axis = heads->value.axis;
    struct axis row = axis[AXIS_ROW];
    row.size = 1;
    row.labels = row.labels && row.labels_per_head == 0 ? &row.labels[word] : NULL;
    row.labels_per_head = 0;
    record_error(r, tensor_init(&t, (struct axis[AXES]){axis[AXIS_HEAD], row, axis[AXIS_COL]}));
    if (t.v)
        for (size_t h = 0; h < axis[AXIS_HEAD].size; h++)
            for (size_t i = 0; i < axis[AXIS_COL].size; i++)
                *tensor_at(&t, h, 0, i) = *tensor_at(&heads->value, h, word, i);
    return add_given(r, heads, &t);
}

/* Each head's rows of the column of W_O. */
static int add_rows(struct recorder *r, const struct step *w_o, size_t column, size_t heads, size_t d_v,
                    const char *const *names)
{
    struct tensor t = {0};
    struct axis cols = axis_numbered(1, "head");
    if (names)
        cols.labels = names, cols.labels_per_head = 1;
    record_error(r,
                 tensor_init(&t, (struct axis[AXES]){axis_numbered(heads, "heads"), axis_numbered(d_v, "d_v"), cols}));
    if (t.v)
        for (size_t i = 0; i < heads * d_v; i++)
            t.v[i] = *tensor_at(&w_o->value, 0, i, column);
    return add_given(r, w_o, &t);
}

static int add_bias(struct recorder *r, const struct step *bias, size_t column)
{
    struct tensor t = {0};
    record_error(r, tensor_init_sizes(&t, 1, 1, 1));
    if (t.v)
        t.v[0] = *tensor_at(&bias->value, 0, 0, column);
    return add_given(r, bias, &t);
}

struct qkv_err contributions_init(struct contributions *ret, const struct tape *tape, const struct heads_output *at,
                                  size_t word, size_t column, const char *const *names)
{
    const struct axis *axis = tape->steps[at->heads].value.axis;
    struct contributions c = {.heads = axis[AXIS_HEAD].size, .bias = -1};
    struct recorder r = {.tape = &c.tape};
    c.found = add_found(&r, &tape->steps[at->heads], word);
    c.rows = add_rows(&r, &tape->steps[at->w_o], column, c.heads, axis[AXIS_COL].size, names);
    c.shares = record_op(&r, STEP("contributions", "c", STAGE_OUTPUT), OP_MATMUL, c.found, c.rows);
    int row = record_op(&r, STEP("contributions_row", "c", STAGE_OUTPUT), OP_CONCAT_HEADS, c.shares);
    c.sum = c.output = record_op(&r, STEP("contributions_sum", "s", STAGE_OUTPUT), OP_ROW_SUM, row);
    if (at->bias >= 0) {
        c.bias = add_bias(&r, &tape->steps[at->bias], column);
        c.output = record_op(&r, &tape->steps[at->output].spec, OP_ADD, c.sum, c.bias);
    }
    if (!r.err.code)
        r.err = tape_run(&c.tape, TAPE_ALL);
    if (r.err.code)
        contributions_finish(&c);
    *ret = c;
    return r.err;
}

void contributions_finish(struct contributions *c)
{
    tape_finish(&c->tape);
    *c = (struct contributions){0};
}
