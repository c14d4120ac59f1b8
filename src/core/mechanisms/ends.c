#include "core/mechanisms/ends.h"

#include "core/mechanisms/learned.h"

const struct sequence words_that_look = {"X", "X", "d_model", "[n, d_model]"};
const struct sequence words_looked_at = {"memory", "X_memory", "d_memory", "[m, d_memory]"};

int record_sequence(struct recorder *r, const struct sequence *sequence)
{
    int step = record_input(r, STEP(sequence->name, sequence->symbol, STAGE_EMBED), "words", sequence->cols);
    require_plane(r, step, sequence->shape);
    return step;
}

int record_side_by_side(struct recorder *r, int heads)
{
    return record_op(r, STEP("concat", "C", STAGE_CONCAT), OP_CONCAT_HEADS, heads);
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
    struct linear linear = {.w = {.name = "W_O",
                                  .rows = recorded(r, concat)->axis[AXIS_COL].name,
                                  .cols = "d_out",
                                  .shape = "[heads*d_v, d_out]"},
                            .b = {.name = "b_O"},
                            .b_optional = true,
                            .sum_before = names->projected,
                            .symbol_before = names->projected_symbol};
    return record_linear(r, concat, &linear, STEP(names->name, names->symbol, STAGE_OUTPUT, .words = "output"));
}
