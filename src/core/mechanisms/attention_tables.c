/* attention_tables.c: what can be set on attention, what goes in, what comes out. */
#include "core/mechanisms/attention.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const struct setting_info settings[] = {
#include "core/mechanisms/attention_settings.inc"
};

static const struct tensor_info inputs[] = {
#include "core/mechanisms/attention_inputs.inc"
    {"W_O", "[heads*d_v, d_out]", true, "optional: without it there is no output step"},
};

static const struct tensor_info outputs[] = {
#include "core/mechanisms/attention_outputs.inc"
    {"output", "[1, n, d_out]", true, "with W_O"},
};

/* concat(dropout(softmax(mask(Q K^T ÷ sqrt(d_k) + B))) V) W_O, as far as these stages are on the tape. */
static const struct formula_part formula[] = {
    {STAGE_CONCAT, "concat("}, {STAGE_DROPOUT, "dropout("},   {STAGE_NORMALISE, "softmax("}, {STAGE_MASK, "mask("},
    {STAGE_SCORE, "Q K^T"},    {STAGE_SCALE, " ÷ sqrt(d_k)"}, {STAGE_BIAS, " + B"},          {STAGE_MASK, ")"},
    {STAGE_NORMALISE, ")"},    {STAGE_DROPOUT, ")"},          {STAGE_AGGREGATE, " V"},       {STAGE_CONCAT, ")"},
    {STAGE_OUTPUT, " W_O"},    {STAGE_INPUT, NULL},
};

static const enum stage stages[] = {
    STAGE_EMBED, STAGE_PROJECT,   STAGE_POSITION, STAGE_SCORE,     STAGE_SCALE,  STAGE_BIAS,
    STAGE_MASK,  STAGE_NORMALISE, STAGE_DROPOUT,  STAGE_AGGREGATE, STAGE_CONCAT, STAGE_OUTPUT,
};

const struct mechanism mechanism_attention = {
    .name = "attention",
    .summary = "scaled dot-product attention with heads: softmax(Q K^T / sqrt(d_k)) V",
    .source = "Vaswani et al. 2017, Attention Is All You Need",
    .formula = formula,
    .settings = settings,
    .n_settings = COUNT(settings),
    .inputs = inputs,
    .n_inputs = COUNT(inputs),
    .outputs = outputs,
    .n_outputs = COUNT(outputs),
    .record = attention_record,
    .stages = stages,
    .n_stages = COUNT(stages),
};
