/* tables.h: rows that the tables of several mechanisms have in common, and how a mechanism names its tables. */
#ifndef QKV_CORE_MECHANISMS_TABLES_H
#define QKV_CORE_MECHANISMS_TABLES_H

#include "core/mechanism.h"

/* It would take rows for blocks: */
/* clang-format off */

#define COUNT_OF(table) (sizeof(table) / sizeof(table)[0])

/* In a mechanism's row: MECHANISM_TABLE(settings) is the table `settings` and the number of its rows. */
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

/* The three views of the words and their biases; `kv_heads` is what the heads of keys and values are called. */
#define INPUTS_OF_VIEWS(kv_heads) \
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
#define OUTPUTS_OF_VIEWS(kv_heads) \
    TENSOR("Q", "[1, n, heads*d_k]"), \
    TENSOR("K", "[1, m, " kv_heads "*d_k]"), \
    TENSOR("V", "[1, m, " kv_heads "*d_v]")

/* Of a layer: the factors and summands of a norm. */
#define INPUTS_OF_NORM(suffix) TENSOR("gamma_" suffix, "[d_model]"), TENSOR("beta_" suffix, "[d_model]")

/* clang-format on */

#endif
