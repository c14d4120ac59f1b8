#include "core/mechanisms/view.h"

#include "core/mechanisms/learned.h"

#include <string.h>

struct view {
    enum role role;
    const char *w, *b, *projected, *name, *split; /* names of steps */
    const char *w_symbol, *b_symbol, *projected_symbol, *symbol, *split_symbol;
    const char *heads;                    /* the setting that says how many */
    const char *w_cols, *w_cols_one_head; /* axis names */
    const char *title, *w_title, *b_title, *split_title;
    const char *meaning, *w_meaning;
    const char *axes;
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
    .title = "what each word asks for",
    .w_title = "how features become questions",
    .b_title = "what every question starts from",
    .split_title = "each head's questions",
    .meaning = "Each word's row times W_Q gives its **query**: the question this word asks of the others. Look at one "
               "row and read what that word asks for.",
    .w_meaning = "Learned numbers: a row says what one feature adds to the **question** of a word that has it.",
    .axes = "row: the word that asks; column: what it can ask for",
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
    .title = "what each word offers",
    .w_title = "how features become offers",
    .b_title = "what every offer starts from",
    .split_title = "each head's offers",
    .meaning =
        "Each word's row times W_K gives its **key**: what this word can be found by. The columns match those of "
        "the queries, so that the two can be compared number by number.",
    .w_meaning = "Learned numbers: a row says what one feature adds to the **offer** of a word that has it.",
    .axes = "row: the word that is looked at; column: what it can offer",
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
    .title = "what each word hands over",
    .w_title = "how features become contents",
    .b_title = "what everything handed over starts from",
    .split_title = "what is handed over in each head",
    .meaning =
        "Each word's row times W_V gives its **value**: what it hands over to the words that look at it. Queries "
        "and keys decide how much of it arrives.",
    .w_meaning = "Learned numbers: a row says what one feature adds to what a word **hands over**.",
    .axes = "row: the word that is looked at; column: what it hands over",
};

/* The columns of W_Q are one head's, or those of all heads; its rows are the columns of the words. */
static struct linear linear_of(const struct view *view, const char *rows, size_t heads)
{
    bool memory = strcmp(rows, "d_memory") == 0;
    return (struct linear){
        .w = {.name = view->w,
              .symbol = view->w_symbol,
              .role = view->role,
              .title = view->w_title,
              .meaning = view->w_meaning,
              .axes = MATRIX_AXES,
              .rows = rows,
              .cols = heads == 1 ? view->w_cols_one_head : view->w_cols,
              .columns_of = memory ? "memory" : "X",
              .shape = memory ? "[d_memory, columns]" : "[d_model, columns]"},
        .b = {.name = view->b,
              .symbol = view->b_symbol,
              .role = view->role,
              .title = view->b_title,
              .meaning = "Learned numbers, the same for **every** word: they are added to each row.",
              .axes = "column: a number of the result; one row for all words"},
        .b_optional = true,
        .b_first = true,
        .sum_before = view->projected,
        .symbol_before = view->projected_symbol,
        .sum_meaning =
            "The bias is added to **every** row. Compare two columns: where the bias is large, all words have more.",
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
    return record_linear_by(r, words, w, &linear,
                            &(struct step_spec){.name = view->name,
                                                .symbol = view->symbol,
                                                .stage = STAGE_PROJECT,
                                                .role = view->role,
                                                .title = view->title,
                                                .meaning = view->meaning,
                                                .axes = view->axes});
}

int record_split(struct recorder *r, const struct view *view, int whole, size_t heads)
{
    if (heads == 1)
        return whole;
    return record_step(r, (struct step_spec){
                              .name = view->split,
                              .symbol = view->split_symbol,
                              .stage = STAGE_PROJECT,
                              .role = view->role,
                              .op = OP_SPLIT_HEADS,
                              .in = {whole},
                              .number = (double)heads,
                              .title = view->split_title,
                              .meaning =
                                  "The **columns** are shared out to the heads; every head still sees all words. No "
                                  "number changes: each head looks at its own few columns.",
                              .axes = view->axes,
                          });
}
