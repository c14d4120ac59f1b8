#include "core/mechanisms/view.h"

#include "core/mechanisms/learned.h"

#include <string.h>

struct view {
    enum role role;
    const char *w, *b, *projected, *name, *split; /* names of steps */
    const char *w_symbol, *b_symbol, *projected_symbol, *symbol, *split_symbol;
    const char *heads;                    /* the setting that says how many */
    const char *w_cols, *w_cols_one_head; /* axis names */
};

const struct view query_view = {
    .role = ROLE_QUERY,
    .w = "W_Q",
    .b = "b_Q",
    .projected = "Q_projected",
    .name = "Q",
    .split = "Q_heads",
    .w_symbol = "W_Q",
    .b_symbol = "b_Q",
    .projected_symbol = "Q_0",
    .symbol = "Q",
    .split_symbol = "Q_h",
    .heads = "heads",
    .w_cols = "heads*d_k",
    .w_cols_one_head = "d_k",
};

const struct view key_view = {
    .role = ROLE_KEY,
    .w = "W_K",
    .b = "b_K",
    .projected = "K_projected",
    .name = "K",
    .split = "K_heads",
    .w_symbol = "W_K",
    .b_symbol = "b_K",
    .projected_symbol = "K_0",
    .symbol = "K",
    .split_symbol = "K_h",
    .heads = "kv_heads",
    .w_cols = "kv_heads*d_k",
    .w_cols_one_head = "d_k",
};

const struct view value_view = {
    .role = ROLE_VALUE,
    .w = "W_V",
    .b = "b_V",
    .projected = "V_projected",
    .name = "V",
    .split = "V_heads",
    .w_symbol = "W_V",
    .b_symbol = "b_V",
    .projected_symbol = "V_0",
    .symbol = "V",
    .split_symbol = "V_h",
    .heads = "kv_heads",
    .w_cols = "kv_heads*d_v",
    .w_cols_one_head = "d_v",
};

/* The columns of W_Q are one head's, or those of all heads; its rows are the columns of the words. */
static struct linear linear_of(const struct view *view, const char *rows, size_t heads)
{
    bool memory = strcmp(rows, "d_memory") == 0;
    return (struct linear){
        .w = {.name = view->w,
              .symbol = view->w_symbol,
              .role = view->role,
              .rows = rows,
              .cols = heads == 1 ? view->w_cols_one_head : view->w_cols,
              .columns_of = memory ? "memory" : "X",
              .shape = memory ? "[d_memory, columns]" : "[d_model, columns]"},
        .b = {.name = view->b, .symbol = view->b_symbol, .role = view->role},
        .b_optional = true,
        .b_first = true,
        .sum_before = view->projected,
        .symbol_before = view->projected_symbol,
    };
}

int record_view(struct recorder *r, const struct view *view, int words, size_t heads)
{
    if (r->err.code)
        return NO_STEP;
    struct linear linear = linear_of(view, recorded(r, words)->axis[AXIS_COL].name, heads);
    int w = record_matrix(r, &linear.w, words);
    /* Not every mechanism can share heads: where it cannot, keys and values have the queries' heads. */
    require_divides(r, w, heads, settings_find(r->settings, view->heads) ? view->heads : "heads");
    return record_linear_by(r, words, w, &linear, STEP(view->name, view->symbol, STAGE_PROJECT, .role = view->role));
}

int record_split(struct recorder *r, const struct view *view, int whole, size_t heads)
{
    if (heads == 1)
        return whole;
    return record_op(r,
                     STEP(view->split, view->split_symbol, STAGE_PROJECT, .role = view->role, .number = (double)heads),
                     OP_SPLIT_HEADS, whole);
}
