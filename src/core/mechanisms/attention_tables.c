/* attention_tables.c: what can be set on attention, what goes in, what comes out. */
#include "core/mechanisms/attention.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const struct setting_info settings[] = {
    {.name = "heads",
     .kind = SETTING_WHOLE,
     .initial = "1",
     .min = 1,
     .max = 256,
     .meaning = "how many heads look at the words side by side"},
    {.name = "kv_heads",
     .kind = SETTING_CHOICE_OR_NUMBER,
     .initial = "heads",
     .choices = (const char *const[]){"heads", NULL},
     .min = 1,
     .max = 256,
     .meaning = "heads of keys and values; fewer than heads: several heads share them (grouped queries)"},
    {.name = "scale",
     .kind = SETTING_CHOICE_OR_NUMBER,
     .initial = "sqrt_dk",
     .choices = (const char *const[]){"sqrt_dk", "none", NULL},
     .min = 0,
     .min_excluded = true,
     .max = 1e9,
     .meaning = "what scores are divided by: the root of d_k, nothing, or a number"},
    {.name = "temperature",
     .kind = SETTING_NUMBER,
     .initial = "1",
     .min = 0,
     .min_excluded = true,
     .max = 1e9,
     .meaning = "below 1 the weights get sharper, above 1 flatter"},
    {.name = "mask",
     .kind = SETTING_LIST,
     .initial = "none",
     .choices = (const char *const[]){"none", "causal", "window:W", "global:G", NULL},
     .min = 0,
     .max = TENSOR_SIDE_MAX,
     .meaning =
         "who may look at whom: causal: nobody looks ahead; window:W: at most W words away; global:G: the first G "
         "words look at all and are seen by all"},
    {.name = "normaliser",
     .kind = SETTING_CHOICE,
     .initial = "softmax",
     .choices = (const char *const[]){"softmax", NULL},
     .meaning = "what turns a row of scores into weights"},
};

static const struct tensor_info inputs[] = {
    {"X", "[n, d_model]", false, "always: the words that look"},
    {"memory", "[m, d_memory]", true, "optional: the words looked at; otherwise X"},
    {"W_Q", "[d_model, heads*d_k]", false, "always"},
    {"W_K", "[d_memory, kv_heads*d_k]", false, "always"},
    {"W_V", "[d_memory, kv_heads*d_v]", false, "always"},
    {"W_O", "[heads*d_v, d_out]", true, "optional: without it there is no output step"},
    {"b_Q", "[heads*d_k]", true, "optional"},
    {"b_K", "[kv_heads*d_k]", true, "optional"},
    {"b_V", "[kv_heads*d_v]", true, "optional"},
    {"b_O", "[d_out]", true, "optional: with W_O"},
    {"mask", "[n, m] or [heads, n, m]", true, "optional: 1 keeps, 0 blocks; intersected with the mask setting"},
};

static const struct tensor_info outputs[] = {
    {"Q", "[1, n, heads*d_k]", false, "always"},
    {"K", "[1, m, kv_heads*d_k]", false, "always"},
    {"V", "[1, m, kv_heads*d_v]", false, "always"},
    {"scores", "[heads, n, m]", false, "always"},
    {"scaled", "[heads, n, m]", true, "unless scale=none"},
    {"masked", "[heads, n, m]", true, "with a mask; blocked cells are -inf"},
    {"weights", "[heads, n, m]", false, "always; a row with every cell blocked is all zeros"},
    {"heads", "[heads, n, d_v]", false, "always"},
    {"concat", "[1, n, heads*d_v]", false, "always"},
    {"output", "[1, n, d_out]", true, "with W_O"},
};

/* concat(softmax(mask(Q K^T ÷ sqrt(d_k))) V) W_O, as far as these stages are on the tape. */
static const struct formula_part formula[] = {
    {STAGE_CONCAT, "concat("}, {STAGE_NORMALISE, "softmax("}, {STAGE_MASK, "mask("},
    {STAGE_SCORE, "Q K^T"},    {STAGE_SCALE, " ÷ sqrt(d_k)"}, {STAGE_MASK, ")"},
    {STAGE_NORMALISE, ")"},    {STAGE_AGGREGATE, " V"},       {STAGE_CONCAT, ")"},
    {STAGE_OUTPUT, " W_O"},    {STAGE_INPUT, NULL},
};

static const enum stage stages[] = {STAGE_EMBED,     STAGE_PROJECT,   STAGE_SCORE,  STAGE_SCALE, STAGE_MASK,
                                    STAGE_NORMALISE, STAGE_AGGREGATE, STAGE_CONCAT, STAGE_OUTPUT};

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
