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
#define SETTING_ONE_OF(setting, what, first, ...) \
    {.name = setting, .kind = SETTING_CHOICE, .initial = first, \
     .choices = (const char *const[]){first, __VA_ARGS__, NULL}, .meaning = what}
#define SETTING_SWITCH(setting, what) SETTING_ONE_OF(setting, what, "false", "true")
#define SETTING_HEADS \
    {.name = "heads", .kind = SETTING_WHOLE, .initial = "1", .min = 1, .max = 256, \
     .meaning = "how many heads look at the words side by side"}

/* The three views of the words and their biases; `kv_heads` is what the heads of keys and values are called. */
#define INPUTS_OF_VIEWS(kv_heads) \
    {"X", "[n, d_model]", false, "always: the words that look"}, \
    {"memory", "[m, d_memory]", true, "optional: the words looked at; otherwise X"}, \
    {"W_Q", "[d_model, heads*d_k]", false, "always"}, \
    {"W_K", "[d_memory, " kv_heads "*d_k]", false, "always"}, \
    {"W_V", "[d_memory, " kv_heads "*d_v]", false, "always"}
#define INPUTS_OF_BIASES(kv_heads) \
    {"b_Q", "[heads*d_k]", true, "optional"}, \
    {"b_K", "[" kv_heads "*d_k]", true, "optional"}, \
    {"b_V", "[" kv_heads "*d_v]", true, "optional"}, \
    {"b_O", "[d_out]", true, "optional: with W_O"}
#define INPUT_W_O_OPTIONAL {"W_O", "[heads*d_v, d_out]", true, "optional: without it there is no output step"}
#define OUTPUTS_OF_VIEWS(kv_heads) \
    {"Q", "[1, n, heads*d_k]", false, "always"}, \
    {"K", "[1, m, " kv_heads "*d_k]", false, "always"}, \
    {"V", "[1, m, " kv_heads "*d_v]", false, "always"}
#define OUTPUT_HEADS    {"heads", "[heads, n, d_v]", false, "always"}
#define OUTPUT_CONCAT   {"concat", "[1, n, heads*d_v]", false, "always"}
#define OUTPUT_WITH_W_O {"output", "[1, n, d_out]", true, "with W_O"}

/* Of a layer: the factors and summands of a norm; a step as wide as the words. */
#define INPUTS_OF_NORM(suffix, when) \
    {"gamma_" suffix, "[d_model]", false, when}, \
    {"beta_" suffix, "[d_model]", false, "always"}
#define OUTPUT_OF_WORDS(name, when) {name, "[1, n, d_model]", false, when}

/* clang-format on */

#endif
