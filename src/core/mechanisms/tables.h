/* tables.h: rows that the tables of several mechanisms have in common, and how a mechanism names its tables. */
#ifndef QKV_CORE_MECHANISMS_TABLES_H
#define QKV_CORE_MECHANISMS_TABLES_H

#include "core/mechanism.h"

/* It would take rows for blocks: */
/* clang-format off */

#define COUNT_OF(table) (sizeof(table) / sizeof(table)[0])

/* A mechanism's row at the end of its file: NAME_record, and the tables settings, inputs, outputs and stages. One
 * without settings writes it out. */
#define MECHANISM(named, of_source) \
    const struct mechanism mechanism_##named = { \
        .name = #named, .source = of_source, .record = named##_record, MECHANISM_TABLE(settings), \
        MECHANISM_TABLE(inputs), MECHANISM_TABLE(outputs), MECHANISM_TABLE(stages)}
#define MECHANISM_TABLE(table) .table = table, .n_##table = COUNT_OF(table)

/* One of several words; the first is the default. */
#define SETTING_ONE_OF(setting, first, ...) \
    {.name = setting, .kind = SETTING_CHOICE, .initial = first, .choices = (const char *const[]){first, __VA_ARGS__, NULL}}
#define SETTING_SWITCH(setting) SETTING_ONE_OF(setting, "false", "true")
#define SETTING_HEADS {.name = "heads", .kind = SETTING_WHOLE, .initial = "1", .min = 1, .max = 256}

/* A tensor that is always there, one that may be, and one that is needed where a setting has a value. */
#define TENSOR(tensor, of_shape)              {.name = tensor, .shape = of_shape}
#define TENSOR_OPTIONAL(tensor, of_shape)     {.name = tensor, .shape = of_shape, .optional = true}
#define TENSOR_FOR(which, is, tensor, of_shape) \
    {.name = tensor, .shape = of_shape, .optional = true, .setting = which, .value = is}

/* What queries, keys and values are projected by, and their biases; `kv_heads` is what the heads of keys and values
 * are called. */
#define INPUTS_OF_PROJECTIONS(kv_heads) \
    TENSOR("X", "[n, d_model]"), \
    TENSOR_OPTIONAL("memory", "[m, d_memory]"), \
    TENSOR("W_Q", "[d_model, heads*d_k]"), \
    TENSOR("W_K", "[d_memory, " kv_heads "*d_k]"), \
    TENSOR("W_V", "[d_memory, " kv_heads "*d_v]")
#define INPUTS_OF_BIASES(kv_heads) \
    TENSOR_OPTIONAL("b_Q", "[heads*d_k]"), \
    TENSOR_OPTIONAL("b_K", "[" kv_heads "*d_k]"), \
    TENSOR_OPTIONAL("b_V", "[" kv_heads "*d_v]"), \
    TENSOR_OPTIONAL("b_O", "[d_out]")
#define OUTPUTS_OF_PROJECTIONS(kv_heads) \
    TENSOR("Q", "[1, n, heads*d_k]"), \
    TENSOR("K", "[1, m, " kv_heads "*d_k]"), \
    TENSOR("V", "[1, m, " kv_heads "*d_v]")

/* Of a layer: the matrices and biases of a network, and the factors and summands of a norm. */
#define INPUTS_OF_NETWORK(widening, narrowing) \
    TENSOR("W_" widening, "[d_model, d_ff]"), TENSOR("b_" widening, "[d_ff]"), \
    TENSOR("W_" narrowing, "[d_ff, d_model]"), TENSOR("b_" narrowing, "[d_model]")
#define INPUTS_OF_NORM(suffix) TENSOR("gamma_" suffix, "[d_model]"), TENSOR("beta_" suffix, "[d_model]")


/* ---- attention's, for every mechanism that has attention inside ---- */

/* The first is the default. A new score or normaliser is an entry here and the function that the compiler then misses:
 * score_NAME in attention_scores.c, normaliser_NAME in attention_weights.c. */
#define ATTENTION_SCORES(SCORE) SCORE(dot) SCORE(general) SCORE(additive)
#define ATTENTION_NORMALISERS(NORMALISER) NORMALISER(softmax) NORMALISER(hard) NORMALISER(sparsemax)

#define CHOICE_NAME(name) #name,
#define SETTING_CHOICES(setting, first, list) \
    {.name = setting, .kind = SETTING_CHOICE, .initial = first, \
     .choices = (const char *const[]){list(CHOICE_NAME) NULL}}
#define SETTING_A_NUMBER(setting, first, ...) \
    {.name = setting, .kind = SETTING_NUMBER, .initial = first, __VA_ARGS__}
#define SETTING_A_SEED(setting) \
    {.name = setting, .kind = SETTING_WHOLE, .initial = "0", .min = 0, .max = 4294967295.0}

#define ATTENTION_SETTINGS \
    SETTING_HEADS, \
    {.name = "kv_heads", .kind = SETTING_CHOICE_OR_WHOLE, .initial = "heads", \
     .choices = (const char *const[]){"heads", NULL}, .min = 1, .max = 256}, \
    SETTING_CHOICES("score", "dot", ATTENTION_SCORES), \
    SETTING_ONE_OF("activation", "tanh", "none"), \
    {.name = "scale", .kind = SETTING_CHOICE_OR_NUMBER, .initial = "sqrt_dk", \
     .choices = (const char *const[]){"sqrt_dk", "none", NULL}, \
     .min = 0, .min_excluded = true, .max = INFINITY}, \
    SETTING_A_NUMBER("temperature", "1", .min = 0, .min_excluded = true, .max = INFINITY), \
    SETTING_ONE_OF("position", "none", "sinusoidal", "rope"), \
    SETTING_ONE_OF("bias", "none", "relative", "relative_keys", "alibi"), \
    {.name = "mask", .kind = SETTING_LIST, .initial = "none", \
     .choices = (const char *const[]){"none", "causal", "window:W", "global:G", "random:R:SEED", NULL}, \
     .min = 0, .max = 4294967295.0}, \
    SETTING_CHOICES("normaliser", "softmax", ATTENTION_NORMALISERS), \
    SETTING_SWITCH("router"), \
    SETTING_A_NUMBER("threshold", "0.1", .min = -INFINITY, .max = INFINITY), \
    SETTING_SWITCH("low_rank"), \
    SETTING_ONE_OF("evaluation", "full", "query_chunks", "tiles", "incremental"), \
    {.name = "chunk", .kind = SETTING_WHOLE, .initial = "2", .min = 1, .max = TENSOR_SIDE_MAX}, \
    SETTING_ONE_OF("mistake", "none", "heads_not_words", "softmax_over_columns", "mask_after_softmax", "keys_as_values", \
                   "concat_without_transpose"), \
    SETTING_A_NUMBER("dropout", "0", .min = 0, .max = 0.99), \
    SETTING_A_SEED("seed")

/* All but W_O, which some can do without, and what that makes. */
#define ATTENTION_INPUTS \
    INPUTS_OF_PROJECTIONS("kv_heads"), \
    INPUTS_OF_BIASES("kv_heads"), \
    TENSOR_FOR("score", "general", "W_A", "[d_k, d_k]"), \
    TENSOR_FOR("score", "additive", "W_1", "[d_k, d_a]"), \
    TENSOR_FOR("score", "additive", "W_2", "[d_k, d_a]"), \
    TENSOR_FOR("score", "additive", "v_A", "[d_a]"), \
    TENSOR_FOR("bias", "relative", "relative_bias", "[heads, 2R+1]"), \
    TENSOR_FOR("bias", "relative_keys", "relative_keys", "[2R+1, d_k]"), \
    TENSOR_FOR("router", "true", "W_R", "[d_model, heads]"), \
    TENSOR_OPTIONAL("b_R", "[heads]"), \
    TENSOR_FOR("low_rank", "true", "E", "[k, m]"), \
    TENSOR_FOR("low_rank", "true", "F", "[k, m]"), \
    TENSOR_OPTIONAL("mask", "[n, m] or [heads, n, m]")
#define ATTENTION_OUTPUTS \
    OUTPUTS_OF_PROJECTIONS("kv_heads"), \
    TENSOR("scores", "[heads, n, m]"), \
    TENSOR_OPTIONAL("scaled", "[heads, n, m]"), \
    TENSOR_OPTIONAL("biased", "[heads, n, m]"), \
    TENSOR_OPTIONAL("masked", "[heads, n, m]"), \
    TENSOR("weights", "[heads, n, m]"), \
    TENSOR("heads", "[heads, n, d_v]"), \
    TENSOR_OPTIONAL("importance", "[1, 1, heads]"), \
    TENSOR_OPTIONAL("gates", "[1, 1, heads]"), \
    TENSOR("concat", "[1, n, heads*d_v]")

/* clang-format on */

#endif
