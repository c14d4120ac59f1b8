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

/* Of a layer: the factors and summands of a norm. */
#define INPUTS_OF_NORM(suffix) TENSOR("gamma_" suffix, "[d_model]"), TENSOR("beta_" suffix, "[d_model]")


/* ---- attention's, for every mechanism that has attention inside ---- */

/* What each setting can be: its value in the lesson and, in capitals, its id; the first is the default. A new score or
 * normaliser is an entry here and the function that the compiler then misses: score_NAME in attention_scores.c,
 * normaliser_NAME in attention_weights.c. */
#define ATTENTION_SCORES(ITEM) ITEM(SCORE, DOT, dot) ITEM(SCORE, GENERAL, general) ITEM(SCORE, ADDITIVE, additive)
#define ATTENTION_NORMALISERS(ITEM) \
    ITEM(NORMALISER, SOFTMAX, softmax) ITEM(NORMALISER, ONE_HOT_ARGMAX, hard) ITEM(NORMALISER, SPARSEMAX, sparsemax)
#define ATTENTION_ACTIVATIONS(ITEM) ITEM(ACTIVATION, TANH, tanh) ITEM(ACTIVATION, NONE, none)
#define ATTENTION_SCALES(ITEM) ITEM(SCALE_BY, SQRT_DK, sqrt_dk) ITEM(SCALE_BY, NONE, none)
#define ATTENTION_POSITIONS(ITEM) \
    ITEM(POSITION, NONE, none) ITEM(POSITION, SINUSOIDAL, sinusoidal) ITEM(POSITION, ROPE, rope)
#define ATTENTION_BIASES(ITEM) \
    ITEM(BIAS, NONE, none) ITEM(BIAS, RELATIVE, relative) ITEM(BIAS, RELATIVE_KEYS, relative_keys) \
    ITEM(BIAS, ALIBI, alibi)
#define ATTENTION_EVALUATIONS(ITEM) \
    ITEM(EVALUATION, FULL, full) ITEM(EVALUATION, QUERY_CHUNKS, query_chunks) ITEM(EVALUATION, TILES, tiles) \
    ITEM(EVALUATION, INCREMENTAL, incremental)
#define ATTENTION_MISTAKES(ITEM) \
    ITEM(MISTAKE, NONE, none) ITEM(MISTAKE, HEADS_NOT_WORDS, heads_not_words) \
    ITEM(MISTAKE, SOFTMAX_OVER_COLUMNS, softmax_over_columns) ITEM(MISTAKE, MASK_AFTER_SOFTMAX, mask_after_softmax) \
    ITEM(MISTAKE, KEYS_AS_VALUES, keys_as_values) ITEM(MISTAKE, CONCAT_WITHOUT_TRANSPOSE, concat_without_transpose)

#define CHOICE_ID(setting, id, name) setting##_##id,
enum score { ATTENTION_SCORES(CHOICE_ID) };
enum normaliser { ATTENTION_NORMALISERS(CHOICE_ID) };
enum activation { ATTENTION_ACTIVATIONS(CHOICE_ID) };
enum scale { ATTENTION_SCALES(CHOICE_ID) SCALE_BY_NUMBER = -1 };
enum position { ATTENTION_POSITIONS(CHOICE_ID) };
enum bias { ATTENTION_BIASES(CHOICE_ID) };
enum evaluation { ATTENTION_EVALUATIONS(CHOICE_ID) };
enum mistake { ATTENTION_MISTAKES(CHOICE_ID) };

#define CHOICE_NAME(setting, id, name) #name,
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
    SETTING_CHOICES("activation", "tanh", ATTENTION_ACTIVATIONS), \
    {.name = "scale", .kind = SETTING_CHOICE_OR_NUMBER, .initial = "sqrt_dk", \
     .choices = (const char *const[]){ATTENTION_SCALES(CHOICE_NAME) NULL}, \
     .min = 0, .min_excluded = true, .max = INFINITY}, \
    SETTING_A_NUMBER("temperature", "1", .min = 0, .min_excluded = true, .max = INFINITY), \
    SETTING_CHOICES("position", "none", ATTENTION_POSITIONS), \
    SETTING_CHOICES("bias", "none", ATTENTION_BIASES), \
    {.name = "mask", .kind = SETTING_LIST, .initial = "none", \
     .choices = (const char *const[]){"none", "causal", "window:W", "global:G", "random:R:SEED", NULL}, \
     .min = 0, .max = 4294967295.0}, \
    SETTING_CHOICES("normaliser", "softmax", ATTENTION_NORMALISERS), \
    SETTING_SWITCH("router"), \
    SETTING_A_NUMBER("threshold", "0.1", .min = -INFINITY, .max = INFINITY), \
    SETTING_SWITCH("low_rank"), \
    SETTING_CHOICES("evaluation", "full", ATTENTION_EVALUATIONS), \
    {.name = "chunk", .kind = SETTING_WHOLE, .initial = "2", .min = 1, .max = TENSOR_SIDE_MAX}, \
    SETTING_CHOICES("mistake", "none", ATTENTION_MISTAKES), \
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
