/* live_names.c: what the names of an expression stand for: settings, sizes, costs and cells. */
#include "lesson/analysis/draws.h"
#include "lesson/live/live_value.h"
#include "lesson/memo.h"

#include "lesson/analysis/growth.h"
#include "lesson/inputs/shape.h"
#include "lesson/text/number.h"
#include "lesson/text/position.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void live_refuse(struct evaluation *e, size_t at, const char *format, ...)
{
    char what[sizeof e->err.what];
    va_list args;
    if (e->err.code)
        return;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    e->err = qkv_errf(QKV_ERR_DOMAIN, "%s", what);
    e->err.column = (int)at + 1;
}

/* ---- making values ---- */

double *live_table(struct evaluation *e, size_t rows, size_t cols)
{
    double *v = arena_array(&e->arena, rows * cols, sizeof *v);
    if (!v && !e->err.code)
        e->err = qkv_nomem("an expression's numbers");
    return v;
}

/* The number as its digits say it: printed and read again, since 0.335 times 100 may be above or below 33.5. */
double live_rounded(double x, int decimals)
{
    char number[NUMBER_TEXT];
    return isfinite(x) && fabs(x) < 1e9 ? strtod(number_text(x, decimals, number), NULL) : x;
}

struct value live_number(struct evaluation *e, double x, int decimals)
{
    double *v = live_table(e, 1, 1);
    if (v)
        *v = x;
    return (struct value){.rows = 1, .cols = 1, .v = v, .decimals = decimals, .shown = x, .cell = {.step = -1}};
}

struct value live_word(const char *word)
{
    return (struct value){.rows = 1, .cols = 1, .word = word, .cell = {.step = -1}};
}

bool live_is_one(const struct value *value)
{
    return !value->word && value->v && value->rows == 1 && value->cols == 1;
}

/* Is it whole, but for what is lost in computing? */
bool live_is_whole(double x)
{
    return x == 0 || (round(x) != 0 && fabs(x - round(x)) < LIVE_EQUAL_UP_TO);
}

/* ---- names ---- */

static const struct lesson *lesson_of(struct evaluation *e, const struct live_node *node)
{
    const struct live_scope *scope = e->scope;
    if (node->whose != LIVE_WRITTEN)
        return scope->lesson;
    if (!scope->written)
        live_refuse(e, node->at, "the lesson as it is written cannot be read here");
    return scope->written;
}

const struct tape *live_tape(struct evaluation *e, const struct live_node *node)
{
    const struct lesson *lesson = lesson_of(e, node);
    if (!lesson || node->whose != LIVE_BESIDE)
        return lesson ? &lesson->tape : NULL;
    if (!lesson->second.on)
        live_refuse(e, node->at, "nothing stands beside this lesson: 'beside.' needs the field beside");
    return lesson->second.on ? &lesson->second.tape : NULL;
}

/* By its name, else by its symbol: -1: there is none; -2: several have this symbol. */
static int find_step(const struct tape *tape, const char *name, int ret_several[2])
{
    int found = tape_find(tape, name), n = 0;
    for (size_t i = 0; found < 0 && i < tape->n; i++)
        if (tape->steps[i].spec.symbol && strcmp(tape->steps[i].spec.symbol, name) == 0 && n++ < 2)
            ret_several[n - 1] = (int)i;
    return found >= 0 ? found : n == 1 ? ret_several[0] : n == 0 ? -1 : -2;
}

void live_refuse_unknown(struct evaluation *e, size_t at, const char *name, const struct tape *tape)
{
    enum { LISTED_MAX = 256 };
    const char *names[LISTED_MAX];
    size_t n = 0;
    for (size_t i = 0; i < tape->n && n < LISTED_MAX; i++)
        if (tape->steps[i].spec.stage != STAGE_INPUT)
            names[n++] = tape->steps[i].spec.symbol;
    live_refuse(e, at, "no step, symbol, setting or size is called '%.40s'%s", name, hint_near(name, names, n).text);
}

/* The step of a node that needs one; NULL: refused. */
static const struct step *step_of(struct evaluation *e, const struct live_node *node, const char *name)
{
    int several[2];
    const struct tape *tape = live_tape(e, node);
    int step = tape ? find_step(tape, name, several) : -1;
    if (tape && step == -1)
        live_refuse_unknown(e, node->at, name, tape);
    if (tape && step == -2)
        live_refuse(e, node->at, "'%.20s' is the symbol of more than one step: say which by its name, %s or %s", name,
                    tape->steps[several[0]].spec.name, tape->steps[several[1]].spec.name);
    return step >= 0 ? &tape->steps[step] : NULL;
}

/* Of a step, or of a whole computation (`of` is NULL). */
static double cost_of(struct evaluation *e, const struct live_node *node, const struct lesson *lesson, int of)
{
    const bool second = node->whose == LIVE_BESIDE;
    const struct op_cost step =
        of >= 0 ? tape_cost(second ? &lesson->second.tape : &lesson->tape, of) : (struct op_cost){0};
    struct costs costs = {step.flops, step.read, step.written};
    if (of < 0) {
        struct qkv_err err = lesson_costs(lesson, second, &costs);
        e->err = e->err.code ? e->err : err;
    }
    return strcmp(node->name, "operations") == 0   ? costs.operations
           : strcmp(node->name, "bytes_read") == 0 ? costs.read
           : strcmp(node->name, "bytes_held") == 0 ? costs.held
                                                   : step.read + step.written;
}

static struct value computed_cost(struct evaluation *e, const struct live_node *node)
{
    const struct live_scope *scope = e->scope;
    const struct tape *tape = live_tape(e, node);
    const struct lesson *lesson = lesson_of(e, node), *longer = NULL;
    if (tape && node->words > 0) {
        longer = scope->at_length && node->whose != LIVE_WRITTEN ? scope->at_length(scope->context, (size_t)node->words)
                                                                 : NULL;
        if (!longer || (node->whose == LIVE_BESIDE && !longer->second.on))
            live_refuse(e, node->at, "the cost for %.0f words cannot be told: this lesson has no numbers for them",
                        node->words);
        tape = node->whose == LIVE_BESIDE && longer ? &longer->second.tape : longer ? &longer->tape : NULL;
        lesson = longer;
    }
    int several[2], step = tape && node->of ? find_step(tape, node->of, several) : -1;
    if (tape && node->of && step < 0)
        step_of(e, node, node->of);
    if (tape && !node->of && strcmp(node->name, "bytes") == 0)
        live_refuse(e, node->at, "bytes of which step? Of all: bytes_read, or bytes_held at once");
    return live_number(e, tape && !e->err.code ? cost_of(e, node, lesson, step) : 0, 0);
}

/* For other lengths a lesson is computed, and what was found is kept. */
static struct value cost_value(struct evaluation *e, const struct live_node *node)
{
    struct memo *memo = node->words > 0 ? e->scope->memo : NULL;
    struct str asked = {0};
    double cost;
    str_addf(&asked, "%d %s of %s at %.0f", (int)node->whose, node->name, node->of ? node->of : "all", node->words);
    const bool known = memo && !asked.failed && memo_find_cost(memo, str_text(&asked), &cost);
    struct value value = known ? live_number(e, cost, 0) : computed_cost(e, node);
    if (memo && !known && !asked.failed && !e->err.code)
        memo_keep_cost(memo, str_text(&asked), value.v[0]);
    str_finish(&asked);
    return value;
}

/* A setting, a size or a cost. False: the name is none of these. */
static bool plain_name(struct evaluation *e, const struct live_node *node, struct value *ret)
{
    const struct lesson *lesson = lesson_of(e, node);
    if (!lesson)
        return false;
    if (live_is_cost(node->name)) {
        *ret = cost_value(e, node);
        return true;
    }
    if (strcmp(node->name, "infinity") == 0) {
        *ret = live_number(e, INFINITY, 0);
        return true;
    }
    const struct settings *settings = node->whose == LIVE_BESIDE ? &lesson->second.settings : &lesson->settings;
    const struct setting *setting = settings->n ? settings_find(settings, node->name) : NULL;
    if (setting) {
        bool number = setting->choice < 0 && text_is_number(setting->text, &(double){0});
        *ret = number ? live_number(e, setting->number, setting->number == floor(setting->number) ? 0 : CELL_DECIMALS)
                      : live_word(setting->text);
        return true;
    }
    enum size_id id = size_find(node->name);
    if (id == SIZE_NONE || !lesson->sizes || !lesson->sizes->v[id].n)
        return false;
    *ret = live_number(e, (double)lesson->sizes->v[id].n, 0);
    return true;
}

/* ---- cells ---- */

/* A position on an axis. False: refused. */
static bool find_position(struct evaluation *e, const struct live_node *node, const char *text, const struct axis *axis,
                          size_t head, const char *what, size_t *ret)
{
    struct qkv_err err = axis_locate(axis, head, what, node->name, text, ret);
    if (err.code)
        live_refuse(e, node->at, "%s", err.what);
    return !err.code;
}

/* Which plane: the one that is named, else that of the text's place. */
static bool find_head(struct evaluation *e, const struct live_node *node, const struct step *step, size_t *ret)
{
    const struct words *names = &e->scope->lesson->head_names;
    const struct setting *heads = settings_find(&e->scope->lesson->settings, "heads");
    size_t planes = step->value.axis[AXIS_HEAD].size,
           all = heads && heads->number >= 1 ? (size_t)heads->number : planes;
    long number = 0;
    *ret = 0;
    if (!node->head) {
        if (planes == 1)
            return true;
        if (e->scope->head < 0) {
            live_refuse(e, node->at, "%s has %zu heads: say which, as in %s[2; it, cat]", node->name, planes,
                        node->name);
            return false;
        }
        /* Fewer keys than queries: several heads share a plane. */
        *ret = planes < all ? (size_t)e->scope->head * planes / all : (size_t)e->scope->head;
    } else if (text_is_whole(node->head, &number)) {
        *ret = number >= 1 ? (size_t)number - 1 : planes;
    } else {
        *ret = planes;
        for (size_t i = 0; i < names->n; i++)
            if (strcmp(names->v[i], node->head) == 0)
                *ret = i;
    }
    if (*ret < planes)
        return true;
    live_refuse(e, node->at, "%s has no head '%.40s'; a number from 1 to %zu was wanted%s%s", node->name,
                node->head ? node->head : "", planes, names->n ? ", or a name: " : "",
                names->n ? names_listed(names->v, names->n, (char[NAMES_TEXT]){0}) : "");
    return false;
}

static bool is_all(const char *text)
{
    return !text || text[0] == '\0' || strcmp(text, "*") == 0;
}

/* A copy: the numbers of a column do not lie side by side, as those of a row or of a plane do. */
static const double *column_of(struct evaluation *e, const struct tensor *t, size_t head, size_t col)
{
    const size_t rows = t->axis[AXIS_ROW].size;
    double *v = live_table(e, rows, 1);
    for (size_t r = 0; v && r < rows; r++)
        v[r] = *tensor_at(t, head, r, col);
    return v;
}

static struct value cells_value(struct evaluation *e, const struct live_node *node, const struct step *step)
{
    size_t head, row = 0, col = 0;
    const struct tensor *t = &step->value;
    bool rows = is_all(node->row), cols = is_all(node->column);
    struct value value = {.cell = {.step = -1}, .step = step, .own = node->whose == LIVE_HERE};
    if (!find_head(e, node, step, &head) ||
        (!rows && !find_position(e, node, node->row, &t->axis[AXIS_ROW], head, "row", &row)) ||
        (!cols && !find_position(e, node, node->column, &t->axis[AXIS_COL], head, "column", &col)))
        return value;
    value.rows = rows ? t->axis[AXIS_ROW].size : 1;
    value.cols = cols ? t->axis[AXIS_COL].size : 1;
    value.v = cols || !rows ? tensor_at(t, head, row, col) : column_of(e, t, head, col);
    value.head = head;
    value.first_row = row;
    value.first_col = col;
    value.decimals = plane_decimals(t, head);
    value.shown = value.v ? live_rounded(value.v[0], value.decimals) : 0;
    if (value.own && value.rows == 1 && value.cols == 1)
        value.cell = (struct live_cell){(int)(step - e->scope->lesson->tape.steps), head, row, col};
    return value;
}

/* Of what other seeds gave at this stop: draws[512, median]. */
static struct value draws_value(struct evaluation *e, const struct live_node *node)
{
    struct value value = {.cell = {.step = -1}};
    struct step *table = arena_array(&e->arena, 1, sizeof *table);
    if (!table) {
        e->err = qkv_nomem("an expression's numbers");
        return value;
    }
    table->value = e->scope->draws->table;
    value = cells_value(e, node, table);
    value.own = false;
    value.cell.step = -1;
    return value;
}

struct value live_name(struct evaluation *e, const struct live_node *node)
{
    struct value value = {.cell = {.step = -1}};
    int several[2];
    if (!node->name || (!node->brackets && plain_name(e, node, &value)))
        return value;
    if (e->scope->draws && node->whose == LIVE_HERE && strcmp(node->name, "draws") == 0)
        return draws_value(e, node);
    const struct tape *tape = live_tape(e, node);
    if (!tape)
        return value;
    if (!node->brackets && find_step(tape, node->name, several) == -1) {
        value = live_word(node->name);
        value.unknown = true;
        return value;
    }
    const struct step *step = step_of(e, node, node->name);
    return step ? cells_value(e, node, step) : value;
}
