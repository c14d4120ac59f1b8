/* live_functions.c: the functions of expressions: argmax, sum, rank... */
#include "lesson/live/live_value.h"

#include "lesson/language/language.h"
#include "lesson/text/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static struct value most(struct evaluation *e, const struct live_node *node, struct value of)
{
    bool least = node->function == LIVE_MIN || node->function == LIVE_ARGMIN;
    bool where = node->function == LIVE_ARGMAX || node->function == LIVE_ARGMIN;
    size_t best = 0;
    for (size_t i = 1; i < of.rows * of.cols; i++)
        if (least ? of.v[i] < of.v[best] : of.v[i] > of.v[best])
            best = i;
    size_t row = of.first_row + best / of.cols, col = of.first_col + best % of.cols;
    struct value value = live_number(e, of.v[best], of.decimals);
    value.shown = live_rounded(of.v[best], of.decimals);
    if (of.step && of.own)
        value.cell = (struct live_cell){(int)(of.step - e->scope->lesson->tape.steps), of.head, row, col};
    if (!where)
        return value;
    if (!of.step || (of.rows > 1 && of.cols > 1)) {
        live_refuse(e, node->at, "%s needs a row or a column of a step: A[it] or A[*, cat]",
                    live_functions[node->function]);
        return value;
    }
    char *number = arena_text(&e->arena, "                       ", 23);
    value.axis = &of.step->value.axis[of.rows > 1 ? AXIS_ROW : AXIS_COL];
    value.head = of.head;
    value.position = of.rows > 1 ? row : col;
    value.word = axis_label(value.axis, value.head, value.position);
    if (!value.word && number) {
        snprintf(number, 23, "%zu", value.position + 1);
        value.word = number;
    }
    if (!value.word && !e->err.code)
        e->err = qkv_nomem("a word");
    return value;
}

/* 1: no number of its row is larger. */
static struct value rank(struct evaluation *e, const struct live_node *node, struct value of)
{
    if (!of.step || !live_is_one(&of)) {
        live_refuse(e, node->at, "rank needs a cell: rank A[it, cat]");
        return of;
    }
    const struct tensor *t = &of.step->value;
    size_t larger = 0;
    for (size_t c = 0; c < t->axis[AXIS_COL].size; c++)
        larger += live_apply(LIVE_MORE, *tensor_at(t, of.head, of.first_row, c), of.v[0]) != 0;
    struct value value = live_number(e, (double)larger + 1, 0);
    value.cell = of.cell;
    return value;
}

static struct value sum(struct evaluation *e, enum live_function function, struct value of)
{
    double total = 0;
    for (size_t i = 0; i < of.rows * of.cols; i++)
        total += function == LIVE_COUNT ? of.v[i] != 0 : of.v[i];
    if (function == LIVE_MEAN)
        total /= (double)(of.rows * of.cols);
    return live_number(e, total,
                       function == LIVE_COUNT || (function == LIVE_MEAN && total == floor(total)) ? 0
                       : function == LIVE_MEAN                                                    ? CELL_DECIMALS
                                                                                                  : of.decimals);
}

static struct value transposed(struct evaluation *e, struct value of)
{
    double *v = live_table(e, of.rows, of.cols);
    for (size_t i = 0; v && i < of.rows * of.cols; i++)
        v[i % of.cols * of.rows + i / of.cols] = of.v[i];
    return (struct value){.rows = of.cols, .cols = of.rows, .v = v, .decimals = of.decimals, .cell = {.step = -1}};
}

/* Of every number. */
static struct value each(struct evaluation *e, enum live_function function, struct value of)
{
    struct value value = of;
    double *v = live_table(e, of.rows, of.cols);
    for (size_t i = 0; v && i < of.rows * of.cols; i++)
        v[i] = function == LIVE_EXP    ? exp(of.v[i])
               : function == LIVE_LOG  ? log(of.v[i])
               : function == LIVE_SQRT ? sqrt(of.v[i])
               : function == LIVE_ABS  ? fabs(of.v[i])
                                       : round(of.v[i]);
    value.v = v;
    value.step = NULL;
    bool whole = v && live_is_whole(v[0]);
    if (function == LIVE_ROUND)
        value.decimals = 0;
    else if (function != LIVE_ABS)
        value.decimals = whole ? of.decimals : CELL_DECIMALS;
    value.shown = v ? live_rounded(v[0], value.decimals) : 0;
    return value;
}

static struct value spelt(struct evaluation *e, const struct live_node *node, struct value of)
{
    char number[NUMBER_TEXT];
    if (!live_is_one(&of) || of.v[0] != floor(of.v[0])) {
        live_refuse(e, node->at, "spell needs a whole number: spell rows X");
        return of;
    }
    number_text(of.v[0], 0, number);
    const char *word = language_count(e->scope->lesson->language, number);
    struct value value = live_word(word[0] ? word : arena_text(&e->arena, number, strlen(number)));
    if (!value.word)
        e->err = qkv_nomem("a word");
    value.cell = of.cell;
    return value;
}

struct value live_call(struct evaluation *e, const struct live_node *node)
{
    struct value of = live_numbers(e, node->left);
    if (e->err.code || !of.v)
        return of;
    switch (node->function) {
    case LIVE_ARGMAX:
    case LIVE_ARGMIN:
    case LIVE_MAX:
    case LIVE_MIN:
        return most(e, node, of);
    case LIVE_RANK:
        return rank(e, node, of);
    case LIVE_SUM:
    case LIVE_MEAN:
    case LIVE_COUNT:
        return sum(e, node->function, of);
    case LIVE_ROWS:
        return live_number(e, (double)of.rows, 0);
    case LIVE_COLUMNS:
        return live_number(e, (double)of.cols, 0);
    case LIVE_TRANSPOSE:
        return transposed(e, of);
    case LIVE_SPELL:
        return spelt(e, node, of);
    default:
        return each(e, node->function, of);
    }
}
