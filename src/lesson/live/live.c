/* live.c: evaluating the expressions of live numbers, and marking what they say in a text. */
#include "lesson/live/live_value.h"

#include "lesson/text/number.h"
#include "lesson/text/position.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- arithmetic ---- */

static struct value evaluate(struct evaluation *e, const struct live_node *node);

/* The value of a node that must be numbers. */
struct value live_numbers(struct evaluation *e, const struct live_node *node)
{
    struct value value = evaluate(e, node);
    const struct tape *tape = value.word && node && !e->err.code ? live_tape(e, node) : NULL;
    if (tape && value.unknown)
        live_refuse_unknown(e, node->at, value.word, tape);
    else if (tape)
        live_refuse(e, node->at, "a number was wanted, but this is a word: '%.40s'", value.word);
    return value;
}

double live_apply(enum live_op op, double a, double b)
{
    double close = LIVE_EQUAL_UP_TO * fmax(1, fmax(fabs(a), fabs(b)));
    bool equal = a == b || (isfinite(a - b) && fabs(a - b) <= close);
    char here[NUMBER_TEXT], there[NUMBER_TEXT];
    switch (op) {
    case LIVE_ADD:
        return a + b;
    case LIVE_SUBTRACT:
        return a - b;
    case LIVE_MULTIPLY:
        return a * b;
    case LIVE_DIVIDE:
        return a / b;
    case LIVE_EQUAL:
        return equal;
    case LIVE_UNEQUAL:
        return !equal;
    case LIVE_LESS:
        return a < b && !equal;
    case LIVE_MORE:
        return a > b && !equal;
    case LIVE_AT_MOST:
        return a < b || equal;
    case LIVE_AT_LEAST:
        return a > b || equal;
    default: /* alike */
        return strcmp(number_text(a, CELL_DECIMALS, here), number_text(b, CELL_DECIMALS, there)) == 0;
    }
}

static struct value pairs(struct evaluation *e, const struct live_node *node, struct value a, struct value b)
{
    struct value value = {.cell = {.step = -1}, .rows = a.rows, .cols = a.cols};
    if (e->err.code || !a.v || !b.v)
        return value;
    bool one = live_is_one(&b), other = live_is_one(&a);
    if (!one && !other && (a.rows != b.rows || a.cols != b.cols)) {
        live_refuse(e, node->at,
                    "both sides must be of one size, or one of them a single number: these are %zu x %zu and "
                    "%zu x %zu",
                    a.rows, a.cols, b.rows, b.cols);
        return value;
    }
    value.rows = one ? a.rows : b.rows;
    value.cols = one ? a.cols : b.cols;
    double *v = live_table(e, value.rows, value.cols);
    for (size_t i = 0; v && i < value.rows * value.cols; i++)
        v[i] = live_apply(node->op, a.v[other ? 0 : i], b.v[one ? 0 : i]);
    value.v = v;
    value.decimals = a.decimals > b.decimals ? a.decimals : b.decimals;
    bool whole = v && live_is_whole(v[0]);
    if (node->op == LIVE_DIVIDE)
        value.decimals = whole ? value.decimals : CELL_DECIMALS;
    if (node->op > LIVE_DIVIDE)
        value.decimals = 0;
    value.decimals = value.decimals > CELL_DECIMALS ? CELL_DECIMALS : value.decimals;
    /* A reader adds and subtracts the numbers that are shown. */
    bool shown = one && other && (node->op == LIVE_ADD || node->op == LIVE_SUBTRACT);
    value.shown = shown ? live_apply(node->op, a.shown, b.shown) : v ? v[0] : 0;
    return value;
}

/* ---- words ---- */

/* Is the position of `a` the one that `b` says? */
static bool same_word(const struct value *a, const struct value *b)
{
    if (!a->axis && b->axis)
        return same_word(b, a);
    if (a->axis && b->axis && a->axis->size == b->axis->size)
        return a->position == b->position;
    if (a->axis && strchr(b->word, '#'))
        return axis_find(a->axis, a->head, b->word) == (long)a->position;
    return strcmp(a->word, b->word) == 0;
}

static struct value comparison(struct evaluation *e, const struct live_node *node)
{
    struct value a = evaluate(e, node->left), b = live_word("");
    bool takes_word = node->right && node->right->op == LIVE_NAME && !node->right->brackets;
    if (a.word && !a.unknown && takes_word)
        b.word = node->right->name;
    else
        b = evaluate(e, node->right);
    if (b.word && !b.unknown && !a.word && node->left && node->left->op == LIVE_NAME && !node->left->brackets)
        a = live_word(node->left->name);
    if (e->err.code || !a.word != !b.word || (a.unknown && b.unknown)) {
        a = live_numbers(e, node->left);
        b = live_numbers(e, node->right);
        return pairs(e, node, a, b);
    }
    if (!a.word)
        return pairs(e, node, a, b);
    if (node->op != LIVE_EQUAL && node->op != LIVE_UNEQUAL)
        live_refuse(e, node->at, "words are compared with == or !=");
    return live_number(e, same_word(&a, &b) == (node->op == LIVE_EQUAL), 0);
}

/* Is every number of it true? */
static bool is_true(const struct value *value)
{
    for (size_t i = 0; i < value->rows * value->cols; i++)
        if (!value->v || value->v[i] == 0)
            return false;
    return true;
}

static struct value logic(struct evaluation *e, const struct live_node *node)
{
    struct value a = live_numbers(e, node->left), b = node->right ? live_numbers(e, node->right) : a;
    bool left = is_true(&a), right = is_true(&b);
    return live_number(e, node->op == LIVE_NOT ? !left : node->op == LIVE_AND ? left && right : left || right, 0);
}

static struct value evaluate(struct evaluation *e, const struct live_node *node)
{
    struct value value = {.cell = {.step = -1}};
    if (!node || e->err.code)
        return value;
    switch (node->op) {
    case LIVE_NUMBER:
        return live_number(e, node->number, node->decimals);
    case LIVE_WORD:
        return live_word(node->name ? node->name : "");
    case LIVE_NAME:
        return live_name(e, node);
    case LIVE_FUNCTION:
        return live_call(e, node);
    case LIVE_AND:
    case LIVE_OR:
    case LIVE_NOT:
        return logic(e, node);
    case LIVE_NEGATE:
        return pairs(e, &(struct live_node){.op = LIVE_SUBTRACT, .at = node->at}, live_number(e, 0, 0),
                     live_numbers(e, node->left));
    case LIVE_ADD:
    case LIVE_SUBTRACT:
    case LIVE_MULTIPLY:
    case LIVE_DIVIDE:
        value = live_numbers(e, node->left);
        return pairs(e, node, value, live_numbers(e, node->right));
    default:
        return comparison(e, node);
    }
}

/* ---- what is asked ---- */

/* Zero alone is "0": what is rounded to it is "0.00", as in a cell. */
static const char *number_said(const struct value *value, char number[NUMBER_TEXT])
{
    if (value->decimals == 0)
        return number_written(value->shown, 0, number);
    return value->v[0] == 0 ? cell_number(0, value->decimals, number)
                            : number_text(value->shown, value->decimals, number);
}

static void say(struct evaluation *e, const struct value *value, struct str *to)
{
    char number[NUMBER_TEXT];
    if (value->word)
        str_add(to, value->word);
    else if (live_is_one(value))
        str_add(to, number_said(value, number));
    else if (!e->err.code)
        live_refuse(
            e, 0, "a text says one number, and '%.*s' is %zu x %zu: name row and column, or say max, sum or mean of it",
            (int)(e->n < 40 ? e->n : 40), e->text, value->rows, value->cols);
}

struct qkv_err live_print(const struct live_scope *scope, const char *text, size_t n, struct str *to,
                          struct live_cell *ret)
{
    struct evaluation e = {.scope = scope, .text = text, .n = n};
    struct live_node *node;
    *ret = (struct live_cell){.step = -1};
    e.err = live_parse(&e.arena, text, n, &node);
    struct value value = evaluate(&e, node);
    if (value.unknown)
        value = live_numbers(&e, node);
    if (!e.err.code)
        say(&e, &value, to);
    if (!e.err.code)
        *ret = value.cell;
    arena_finish(&e.arena);
    return e.err;
}

struct qkv_err live_compute(const struct live_scope *scope, const char *text, size_t n, double *ret)
{
    struct evaluation e = {.scope = scope, .text = text, .n = n};
    struct live_node *node;
    e.err = live_parse(&e.arena, text, n, &node);
    struct value value = live_numbers(&e, node);
    if (!e.err.code && !live_is_one(&value))
        live_refuse(&e, 0, "one number was wanted");
    if (!e.err.code)
        *ret = value.v[0];
    arena_finish(&e.arena);
    return e.err;
}

struct qkv_err live_holds(const struct live_scope *scope, const char *text, size_t n, bool *ret, struct str *found)
{
    struct evaluation e = {.scope = scope, .text = text, .n = n};
    struct live_node *node;
    e.err = live_parse(&e.arena, text, n, &node);
    struct value value = live_numbers(&e, node);
    *ret = !e.err.code && is_true(&value);
    if (!e.err.code && node->op >= LIVE_EQUAL && node->op <= LIVE_ALIKE) {
        struct value left = evaluate(&e, node->left);
        if (left.word || live_is_one(&left))
            say(&e, &left, found);
    }
    arena_finish(&e.arena);
    return e.err;
}

/* ---- marks ---- */

void live_mark(const struct live_cell *cell, const char *says, struct str *to)
{
    str_addf(to, "%c%d %zu %zu %zu%c%s%c", LIVE_MARKS[0], cell->step, cell->head, cell->row, cell->col, LIVE_MARKS[1],
             says, LIVE_MARKS[2]);
}

size_t live_read_mark(const char *text, struct live_cell *ret, const char **ret_says, size_t *ret_n)
{
    if (text[0] != LIVE_MARKS[0])
        return 0;
    char *at;
    ret->step = (int)strtol(text + 1, &at, 10);
    ret->head = strtoul(at, &at, 10);
    ret->row = strtoul(at, &at, 10);
    ret->col = strtoul(at, &at, 10);
    const char *end = strchr(at, LIVE_MARKS[2]);
    if (*at != LIVE_MARKS[1] || !end)
        return 0;
    *ret_says = at + 1;
    *ret_n = (size_t)(end - at) - 1;
    return (size_t)(end - text) + 1;
}
