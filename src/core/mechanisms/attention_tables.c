/* attention_tables.c: what can be set on attention, what goes in, what comes out. */
#include "core/mechanisms/attention.h"
#include "core/mechanisms/tables.h"

static const struct setting_info settings[] = {
#include "core/mechanisms/attention_settings.inc"
};

static const struct tensor_info inputs[] = {
#include "core/mechanisms/attention_inputs.inc"
    INPUT_W_O_OPTIONAL,
};

static const struct tensor_info outputs[] = {
#include "core/mechanisms/attention_outputs.inc"
    OUTPUT_WITH_W_O,
};

/* concat(dropout(softmax(mask(Q K^T ÷ sqrt(d_k) + B))) V) W_O, as far as these stages are on the tape, and with what
 * the settings put in their places. Relative keys are added before the scores are scaled. */
static const struct formula_part formula[] = {
    {STAGE_CONCAT, "concat("},
    {STAGE_DROPOUT, "dropout("},
    {STAGE_NORMALISE, "softmax("},
    {STAGE_NORMALISE, "hardmax("},
    {STAGE_NORMALISE, "sparsemax("},
    {STAGE_MASK, "mask("},
    {STAGE_SCALE, "("},
    {STAGE_SCORE, "Q K^T"},
    {STAGE_SCORE, "Q (E_low K)^T"},
    {STAGE_SCORE, "Q W_A K^T"},
    {STAGE_SCORE, "f(Q W_1 + K W_2) v_A^T"},
    {STAGE_BIAS, " + Q K_distance^T"},
    {STAGE_SCALE, ")"},
    {STAGE_SCALE, " ÷ sqrt(d_k)"},
    {STAGE_SCALE, " ÷ s"},
    {STAGE_BIAS, " + B"},
    {STAGE_MASK, ")"},
    {STAGE_NORMALISE, ")"},
    {STAGE_DROPOUT, ")"},
    {STAGE_AGGREGATE, " V"},
    {STAGE_AGGREGATE, " F_low V"},
    {STAGE_CONCAT, ")"},
    {STAGE_OUTPUT, " W_O"},
    {STAGE_INPUT, NULL},
};
static const struct formula_condition conditions[] = {
    {STAGE_NORMALISE, "softmax(", "normaliser", "softmax"},
    {STAGE_NORMALISE, "hardmax(", "normaliser", "hard"},
    {STAGE_NORMALISE, "sparsemax(", "normaliser", "sparsemax"},
    {STAGE_SCALE, "(", "bias", "relative_keys"},
    {STAGE_SCORE, "Q K^T", "score", "dot"},
    {STAGE_SCORE, "Q K^T", "low_rank", "!true"},
    {STAGE_SCORE, "Q (E_low K)^T", "score", "dot"},
    {STAGE_SCORE, "Q (E_low K)^T", "low_rank", "true"},
    {STAGE_AGGREGATE, " V", "low_rank", "!true"},
    {STAGE_AGGREGATE, " F_low V", "low_rank", "true"},
    {STAGE_SCORE, "Q W_A K^T", "score", "general"},
    {STAGE_SCORE, "f(Q W_1 + K W_2) v_A^T", "score", "additive"},
    {STAGE_BIAS, " + Q K_distance^T", "bias", "relative_keys"},
    {STAGE_SCALE, ")", "bias", "relative_keys"},
    {STAGE_SCALE, " ÷ sqrt(d_k)", "scale", "sqrt_dk"},
    {STAGE_SCALE, " ÷ s", "scale", "!sqrt_dk"},
    {STAGE_BIAS, " + B", "bias", "!relative_keys"},
    {STAGE_INPUT, NULL, NULL, NULL},
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
    .conditions = conditions,
    MECHANISM_TABLE(settings),
    MECHANISM_TABLE(inputs),
    MECHANISM_TABLE(outputs),
    .record = attention_record,
    MECHANISM_TABLE(stages),
};
