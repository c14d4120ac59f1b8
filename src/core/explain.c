#include "core/explain.h"

#include "base/array.h"
#include "core/kernels.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct note_info note_table[NOTE_COUNT] = {
#define NOTE_INFO(id, key, n) [NOTE_##id] = {key, n},
    EXPLAIN_NOTES(NOTE_INFO)
#undef NOTE_INFO
};

void explanation_finish(struct explanation *e)
{
    free(e->terms);
    free(e->deciding);
    *e = (struct explanation){0};
}

struct qkv_err explanation_add(struct explanation *e, size_t position, int n, const struct cell cells[])
{
    assert(n <= EXPLAIN_CELLS_MAX);
    if (!array_reserve(&e->terms, &e->capacity, e->n_terms + 1, sizeof *e->terms))
        return qkv_nomem("an explanation");
    struct term *term = &e->terms[e->n_terms++];
    *term = (struct term){.n_cells = n, .position = position};
    if (n > 0)
        memcpy(term->cell, cells, (size_t)n * sizeof *cells);
    return (struct qkv_err){0};
}

struct qkv_err explanation_decide(struct explanation *e, struct cell cell)
{
    if (!array_reserve(&e->deciding, &e->deciding_capacity, e->n_deciding + 1, sizeof *e->deciding))
        return qkv_nomem("an explanation");
    e->deciding[e->n_deciding++] = cell;
    return (struct qkv_err){0};
}

double round_decimals(double x, int decimals)
{
    if (!isfinite(x))
        return x;
    /* Through the text itself: x * 10^d and back would round 0.15 and its like otherwise than printf does. */
    char text[400];
    snprintf(text, sizeof text, "%.*f", decimals, x);
    return strtod(text, NULL);
}

double explanation_term_value(const struct explanation *e, size_t i, const struct tensor *const in[], int decimals)
{
    const struct term *term = &e->terms[i];
    double letters[EXPLAIN_CELLS_MAX] = {0}, value = NAN;
    for (int k = 0; k < term->n_cells; k++) {
        const struct cell *cell = &term->cell[k];
        double x = *tensor_at(in[cell->operand], cell->head, cell->row, cell->col);
        letters[k] = decimals < 0 ? x : round_decimals(x, decimals);
    }
    /* An op that writes arithmetic that cannot be read gives NaN: no value equals it, so its test fails. */
    struct qkv_err err = expression_eval(e->term_text, letters, term->n_cells, &value, NULL);
    return err.code ? NAN : value;
}

/* ---- the notation of the arithmetic ---- */

enum { DEPTH_MAX = 64 };

/* A value and whether a variable had a part in it: what is made of constants alone is known beforehand and costs
 * nothing. */
struct value {
    double x;
    bool varies;
};

struct parser {
    const char *text, *at;
    const double *variables;
    int n_variables;
    int depth;
    double operations;
    struct qkv_err err; /* the first one; nothing is read after it */
};

struct function {
    const char *name;
    double (*of)(double); /* NULL: max, of one or more */
};

static struct value sum(struct parser *p);

static struct value fail(struct parser *p, const char *what)
{
    if (!p->err.code) {
        int place = (int)(p->at - p->text) + 1;
        p->err = qkv_errf(QKV_ERR_SYNTAX, "%s at character %d of '%.120s'", what, place, p->text);
    }
    return (struct value){0};
}

static char peek(struct parser *p)
{
    while (*p->at == ' ')
        p->at++;
    return p->err.code ? '\0' : *p->at;
}

static bool take(struct parser *p, char wanted)
{
    if (peek(p) != wanted)
        return false;
    p->at++;
    return true;
}

static struct value operated(struct parser *p, double x, bool varies)
{
    if (varies)
        p->operations++;
    return (struct value){x, varies};
}

static double relu(double x)
{
    return x > 0 ? x : 0;
}

static double sigmoid(double x)
{
    return 1 / (1 + exponential(-x));
}

static const struct function functions[] = {
    {"sqrt", sqrt}, {"exp", exponential}, {"log", log}, {"tanh", tanh}, {"sigmoid", sigmoid}, {"abs", fabs},
    {"sin", sin},   {"cos", cos},         {"erf", erf}, {"relu", relu}, {"max", NULL},
};

/* mask(x, m): x where m is not 0, else -inf. What only chooses is no operation. */
static struct value masked(struct parser *p)
{
    if (!take(p, '('))
        return fail(p, "a '(' is missing");
    struct value x = sum(p);
    if (!take(p, ','))
        return fail(p, "a ',' is missing");
    struct value m = sum(p);
    if (!take(p, ')'))
        return fail(p, "a ')' is missing");
    return (struct value){m.x != 0 ? x.x : -INFINITY, true};
}

static const struct function *function_find(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (strlen(functions[i].name) == n && memcmp(functions[i].name, name, n) == 0)
            return &functions[i];
    return NULL;
}

static struct value call(struct parser *p, const struct function *f)
{
    if (!take(p, '('))
        return fail(p, "a '(' is missing");
    struct value result = sum(p);
    if (f->of)
        result = operated(p, f->of(result.x), result.varies);
    while (!f->of && take(p, ',')) {
        struct value next = sum(p);
        result = operated(p, next.x > result.x ? next.x : result.x, next.varies || result.varies);
    }
    return take(p, ')') ? result : fail(p, "a ')' is missing");
}

static struct value word(struct parser *p)
{
    const char *start = p->at;
    while (isalpha((unsigned char)*p->at))
        p->at++;
    size_t n = (size_t)(p->at - start);
    if (n == 1 && *start >= 'a' && *start <= 'z' && *start - 'a' < p->n_variables)
        return (struct value){p->variables[*start - 'a'], true};
    if (n == 3 && memcmp(start, "inf", 3) == 0)
        return (struct value){INFINITY, false};
    if (n == 4 && memcmp(start, "mask", 4) == 0)
        return masked(p);
    const struct function *f = function_find(start, n);
    if (f)
        return call(p, f);
    p->at = start;
    return fail(p, n == 1 ? "an unknown letter" : "an unknown word");
}

/* Only plain decimal numbers: strtod alone would also take "0x10", "nan" and "infinity". */
static struct value number(struct parser *p)
{
    const char *end = p->at + strspn(p->at, "0123456789.");
    if (*end == 'e' || *end == 'E') {
        const char *digits = end + 1 + (end[1] == '+' || end[1] == '-');
        size_t n = strspn(digits, "0123456789");
        if (n > 0)
            end = digits + n;
    }
    char *stopped;
    double x = strtod(p->at, &stopped);
    if (stopped != end)
        return fail(p, "a malformed number");
    p->at = end;
    return (struct value){x, false};
}

static struct value atom(struct parser *p)
{
    char c = peek(p);
    if (isdigit((unsigned char)c) || c == '.')
        return number(p);
    if (isalpha((unsigned char)c))
        return word(p);
    if (!take(p, '('))
        return fail(p, c ? "an unexpected character" : "a value is missing");
    struct value inside = sum(p);
    return take(p, ')') ? inside : fail(p, "a ')' is missing");
}

/* A minus sign belongs to the number it stands before: it is written, not computed. */
static struct value unary(struct parser *p)
{
    bool negative = false;
    while (take(p, '-'))
        negative = !negative;
    struct value v = atom(p);
    if (negative)
        v.x = -v.x;
    return v;
}

static struct value power(struct parser *p)
{
    if (p->depth >= DEPTH_MAX)
        return fail(p, "nested too deeply");
    p->depth++;
    struct value base = unary(p);
    if (take(p, '^')) {
        struct value exponent = power(p);
        base = operated(p, pow(base.x, exponent.x), base.varies || exponent.varies);
    }
    p->depth--;
    return base;
}

static struct value product(struct parser *p)
{
    struct value left = power(p);
    for (;;) {
        bool times = take(p, '*');
        if (!times && !take(p, '/'))
            return left;
        struct value right = power(p);
        left = operated(p, times ? left.x * right.x : left.x / right.x, left.varies || right.varies);
    }
}

static struct value sum(struct parser *p)
{
    struct value left = product(p);
    for (;;) {
        bool plus = take(p, '+');
        if (!plus && !take(p, '-'))
            return left;
        struct value right = product(p);
        left = operated(p, plus ? left.x + right.x : left.x - right.x, left.varies || right.varies);
    }
}

struct qkv_err expression_eval(const char *text, const double variables[], int n_variables, double *ret,
                               double *ret_operations)
{
    struct parser p = {.text = text, .at = text, .variables = variables, .n_variables = n_variables};
    struct value v = sum(&p);
    if (!p.err.code && peek(&p) != '\0')
        fail(&p, "an unexpected character");
    if (p.err.code)
        return p.err;
    *ret = v.x;
    if (ret_operations)
        *ret_operations = p.operations;
    return p.err;
}
