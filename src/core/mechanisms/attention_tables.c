/* attention_tables.c: what can be set on attention, what goes in, what comes out. */
#include "core/mechanisms/attention.h"
#include "core/mechanisms/tables.h"

static const struct setting_info settings[] = {
#include "core/mechanisms/attention_settings.inc"
};

static const struct tensor_info inputs[] = {
#include "core/mechanisms/attention_inputs.inc"
    TENSOR_OPTIONAL("W_O", "[heads*d_v, d_out]"),
};

static const struct tensor_info outputs[] = {
#include "core/mechanisms/attention_outputs.inc"
    TENSOR_OPTIONAL("output", "[1, n, d_out]"),
};

static const enum stage stages[] = {
    STAGE_EMBED, STAGE_PROJECT,   STAGE_POSITION, STAGE_SCORE,     STAGE_SCALE,  STAGE_BIAS,
    STAGE_MASK,  STAGE_NORMALISE, STAGE_DROPOUT,  STAGE_AGGREGATE, STAGE_CONCAT, STAGE_OUTPUT,
};

const struct mechanism mechanism_attention = {
    .name = "attention",
    .source = "Vaswani et al. 2017, Attention Is All You Need",
    MECHANISM_TABLE(settings),
    MECHANISM_TABLE(inputs),
    MECHANISM_TABLE(outputs),
    .record = attention_record,
    MECHANISM_TABLE(stages),
};
