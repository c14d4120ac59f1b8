#include "core/mechanisms/layer.h"

#include "core/mechanisms/attention.h"
#include "core/mechanisms/learned.h"

int record_attended(struct recorder *r, int x, int normed, int memory)
{
    static const struct output_names names = {"attention_output", "A_out", "attention_projected", "A_0"};
    int found = r->err.code ? NO_STEP : attention_steps(r, normed, memory, &names);
    require_width(r, found, "W_O", x, "X (d_model)");
    return found;
}

static struct step_spec of_network(struct recorder *r, const struct feed_forward *ffn, const char *part)
{
    return *STEP(record_named(r, ffn->name, part), record_named(r, ffn->symbol, part), STAGE_FEED_FORWARD,
                 .words = part);
}

int record_feed_forward(struct recorder *r, int x, const struct feed_forward *ffn)
{
    struct linear widen = {.w = {.name = ffn->w_1, .words = "spread", .rows = "d_model", .cols = "d_ff"},
                           .b = {.name = ffn->b_1, .words = "spread_bias"},
                           .sum_before = record_named(r, ffn->name, "wide_projected"),
                           .symbol_before = record_named(r, ffn->symbol, "0")};
    struct linear narrow = {.w = {.name = ffn->w_2, .words = "narrowing", .rows = "d_ff", .cols = "d_model"},
                            .b = {.name = ffn->b_2, .words = "narrowing_bias"},
                            .sum_before = record_named(r, ffn->name, "projected"),
                            .symbol_before = record_named(r, ffn->symbol, "1")};
    struct step_spec wide = of_network(r, ffn, "wide"), bent = of_network(r, ffn, "bent");
    int spread = record_linear(r, x, &widen, &wide);
    int found = record_linear(r, record_op(r, &bent, ffn->bent, spread), &narrow,
                              STEP(ffn->name, ffn->symbol, STAGE_FEED_FORWARD, .words = "narrow"));
    require_width(r, found, ffn->w_2, x, "X (d_model)");
    return found;
}

int record_residual(struct recorder *r, int before, int found, const char *name, const char *symbol)
{
    return record_op(r, STEP(name, symbol, STAGE_RESIDUAL, .words = "residual"), OP_ADD, before, found);
}
