/* live_parse.c: expressions of live numbers as trees. */
#include "lesson/live/live.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const char *const live_functions[] = {"argmax",  "argmin", "max", "min",  "sum", "mean",  "count", "rank",      "rows",
                                      "columns", "exp",    "log", "sqrt", "abs", "round", "spell", "transpose", NULL};

bool live_is_cost(const char *name)
{
    static const char *const names[] = {"operations", "bytes_read", "bytes_held", "bytes"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

enum { DEEPEST = 32, LONGEST = 400 };

struct parser {
    struct arena *arena;
    const char *text;
    size_t n, at, depth;
    struct qkv_err err;
};

static void refuse(struct parser *p, size_t at, const char *wanted)
{
    if (p->err.code)
        return;
    size_t rest = p->n - at < 24 ? p->n - at : 24;
    p->err = at < p->n ? qkv_errf(QKV_ERR_SYNTAX, "%s, not '%.*s'", wanted, (int)rest, p->text + at)
                       : qkv_errf(QKV_ERR_SYNTAX, "%s, but it ends here", wanted);
    p->err.column = (int)at + 1;
}

static struct live_node *make(struct parser *p, enum live_op op, size_t at, struct live_node *left,
                              struct live_node *right)
{
    struct live_node *node = arena_array(p->arena, 1, sizeof *node);
    if (!node) {
        p->err = qkv_nomem("an expression");
        return NULL;
    }
    node->op = op;
    node->at = at;
    node->left = left;
    node->right = right;
    return node;
}

static const char *copy(struct parser *p, const char *from, size_t n)
{
    while (n > 0 && *from == ' ') {
        from++;
        n--;
    }
    while (n > 0 && from[n - 1] == ' ')
        n--;
    if (n >= 2 && from[0] == '"' && from[n - 1] == '"') {
        from++;
        n -= 2;
    }
    const char *text = arena_text(p->arena, from, n);
    if (!text)
        p->err = qkv_nomem("an expression");
    return text;
}

static void skip_blanks(struct parser *p)
{
    while (p->at < p->n && (p->text[p->at] == ' ' || p->text[p->at] == '\n'))
        p->at++;
}

/* Is this what comes next? A word must end there. */
static bool take(struct parser *p, const char *what)
{
    size_t n = strlen(what);
    skip_blanks(p);
    if (p->n - p->at < n || strncmp(p->text + p->at, what, n) != 0)
        return false;
    char next = p->at + n < p->n ? p->text[p->at + n] : ' ';
    if (isalpha((unsigned char)what[0]) && (isalnum((unsigned char)next) || next == '_' || next == '['))
        return false;
    p->at += n;
    return true;
}

/* The bytes of the name at `at`: "A", "S_(scaled,1)", "phi_K^T", "the#2". */
static size_t name_length(const struct parser *p, size_t at)
{
    size_t n = 0;
    for (; at + n < p->n; n++) {
        unsigned char c = (unsigned char)p->text[at + n];
        if (c == '(' && n > 0 && p->text[at + n - 1] == '_') {
            while (at + n < p->n && p->text[at + n] != ')')
                n++;
            if (at + n == p->n)
                return n;
        } else if (!isalnum(c) && !strchr("_#'", c) && c < 0x80 && !(c == '^' && n > 0)) {
            break;
        }
    }
    return n;
}

static struct live_node *read_condition(struct parser *p);
static struct live_node *read_other_side(struct parser *p, struct live_node *left,
                                         struct live_node *(*read_side)(struct parser *p));
static struct live_node *read_factor(struct parser *p);

/* The bytes to the next of `ends` that stands in no quotes. */
static size_t index_length(const struct parser *p, const char *ends)
{
    bool quoted = false;
    size_t n = 0;
    for (; p->at + n < p->n && (quoted || !strchr(ends, p->text[p->at + n])); n++)
        quoted = quoted != (p->text[p->at + n] == '"');
    return n;
}

/* "[2; it, cat]", behind the bracket. */
static void read_index(struct parser *p, struct live_node *node)
{
    size_t n = index_length(p, ";,]");
    if (p->at + n < p->n && p->text[p->at + n] == ';') {
        node->head = copy(p, p->text + p->at, n);
        p->at += n + 1;
        n = index_length(p, ",]");
    }
    node->row = copy(p, p->text + p->at, n);
    p->at += n;
    if (p->at < p->n && p->text[p->at] == ',') {
        p->at++;
        n = index_length(p, "]");
        node->column = copy(p, p->text + p->at, n);
        p->at += n;
    }
    if (!take(p, "]"))
        refuse(p, p->at, "a ']' was wanted behind row and column");
}

static struct live_node *read_name(struct parser *p)
{
    size_t at = p->at;
    enum live_whose whose = LIVE_HERE;
    if (p->n - p->at > 7 && strncmp(p->text + p->at, "beside.", 7) == 0)
        whose = LIVE_BESIDE;
    if (p->n - p->at > 8 && strncmp(p->text + p->at, "written.", 8) == 0)
        whose = LIVE_WRITTEN;
    p->at += whose == LIVE_BESIDE ? 7 : whose == LIVE_WRITTEN ? 8 : 0;
    size_t n = name_length(p, p->at);
    if (n == 0) {
        refuse(p, p->at, "a number, a step, a setting or a bracket was wanted");
        return NULL;
    }
    struct live_node *node = make(p, LIVE_NAME, at, NULL, NULL);
    if (!node)
        return NULL;
    node->whose = whose;
    node->name = copy(p, p->text + p->at, n);
    p->at += n;
    if (p->at < p->n && p->text[p->at] == '[') {
        p->at++;
        node->brackets = true;
        read_index(p, node);
        return node;
    }
    if (!node->name || !live_is_cost(node->name))
        return node;
    if (take(p, "of")) {
        skip_blanks(p);
        n = name_length(p, p->at);
        if (n == 0)
            refuse(p, p->at, "a step was wanted behind 'of'");
        node->of = copy(p, p->text + p->at, n);
        p->at += n;
    }
    if (take(p, "at")) {
        skip_blanks(p);
        size_t number = p->at;
        while (p->at < p->n && isdigit((unsigned char)p->text[p->at]) && p->at - number < 6)
            node->words = node->words * 10 + (p->text[p->at++] - '0');
        if (node->words == 0)
            refuse(p, number, "a number of words was wanted behind 'at'");
    }
    return node;
}

static struct live_node *read_number(struct parser *p)
{
    char digits[32];
    size_t at = p->at, n = 0;
    struct live_node *node = make(p, LIVE_NUMBER, at, NULL, NULL);
    const char *point = NULL;
    while (p->at < p->n && n + 1 < sizeof digits && (isdigit((unsigned char)p->text[p->at]) || p->text[p->at] == '.')) {
        digits[n] = p->text[p->at++];
        if (digits[n] == '.' && point) {
            refuse(p, at, "a number was wanted");
            return NULL;
        }
        if (digits[n] == '.')
            point = &digits[n];
        n++;
    }
    digits[n] = '\0';
    if (node) {
        node->number = strtod(digits, NULL);
        node->decimals = point ? (int)(&digits[n] - point) - 1 : 0;
    }
    return node;
}

/* What count counts. A condition in brackets is all of it: `count (S > 1) == 3` compares the count. */
static struct live_node *read_counted(struct parser *p)
{
    skip_blanks(p);
    bool brackets = p->at < p->n && p->text[p->at] == '(';
    struct live_node *left = read_factor(p);
    bool whole = brackets && left && left->op >= LIVE_EQUAL && left->op <= LIVE_NOT;
    return whole ? left : read_other_side(p, left, read_factor);
}

static struct live_node *read_function(struct parser *p, enum live_function function)
{
    size_t at = p->at - strlen(live_functions[function]);
    struct live_node *of = function == LIVE_COUNT ? read_counted(p) : read_factor(p);
    struct live_node *node = make(p, LIVE_FUNCTION, at, of, NULL);
    if (node)
        node->function = function;
    return node;
}

static struct live_node *read_factor_here(struct parser *p)
{
    skip_blanks(p);
    size_t at = p->at;
    if (take(p, "-"))
        return make(p, LIVE_NEGATE, at, read_factor(p), NULL);
    if (take(p, "(")) {
        struct live_node *inside = read_condition(p);
        if (!take(p, ")"))
            refuse(p, p->at, "a ')' was wanted");
        return inside;
    }
    if (at < p->n && p->text[at] == '"') {
        const char *end = memchr(p->text + at + 1, '"', p->n - at - 1);
        struct live_node *node = make(p, LIVE_WORD, at, NULL, NULL);
        if (!end)
            refuse(p, at, "the quote that opens here is never closed; a closing one was wanted");
        else if (node)
            node->name = copy(p, p->text + at, (size_t)(end - p->text) - at + 1);
        p->at = end ? (size_t)(end - p->text) + 1 : p->n;
        return node;
    }
    if (at < p->n && isdigit((unsigned char)p->text[at]))
        return read_number(p);
    for (int f = 0; live_functions[f]; f++)
        if (take(p, live_functions[f]))
            return read_function(p, (enum live_function)f);
    return read_name(p);
}

static struct live_node *read_factor(struct parser *p)
{
    struct live_node *node = NULL;
    if (++p->depth > DEEPEST)
        refuse(p, p->at, "a shorter expression was wanted");
    if (!p->err.code)
        node = read_factor_here(p);
    p->depth--;
    return node;
}

static struct live_node *read_product(struct parser *p)
{
    struct live_node *node = read_factor(p);
    for (;;) {
        skip_blanks(p);
        size_t at = p->at;
        if (take(p, "*") || take(p, "×"))
            node = make(p, LIVE_MULTIPLY, at, node, read_factor(p));
        else if (take(p, "/") || take(p, "÷"))
            node = make(p, LIVE_DIVIDE, at, node, read_factor(p));
        else
            return node;
    }
}

static struct live_node *read_sum(struct parser *p)
{
    struct live_node *node = read_product(p);
    for (;;) {
        skip_blanks(p);
        size_t at = p->at;
        if (take(p, "+"))
            node = make(p, LIVE_ADD, at, node, read_product(p));
        else if (take(p, "-"))
            node = make(p, LIVE_SUBTRACT, at, node, read_product(p));
        else
            return node;
    }
}

/* The comparison of this side with the one behind the sign that comes next, or this side alone. */
static struct live_node *read_other_side(struct parser *p, struct live_node *left,
                                         struct live_node *(*read_side)(struct parser *p))
{
    static const struct {
        const char *sign;
        enum live_op op;
    } signs[] = {{"==", LIVE_EQUAL},    {"!=", LIVE_UNEQUAL}, {"~=", LIVE_ALIKE}, {"<=", LIVE_AT_MOST},
                 {">=", LIVE_AT_LEAST}, {"<", LIVE_LESS},     {">", LIVE_MORE}};
    skip_blanks(p);
    size_t at = p->at;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (take(p, signs[i].sign))
            return make(p, signs[i].op, at, left, read_side(p));
    return left;
}

static struct live_node *read_comparison(struct parser *p)
{
    return read_other_side(p, read_sum(p), read_sum);
}

static struct live_node *read_not(struct parser *p)
{
    skip_blanks(p);
    size_t at = p->at;
    if (!take(p, "not"))
        return read_comparison(p);
    return make(p, LIVE_NOT, at, read_comparison(p), NULL);
}

/* "and" binds more than "or". */
static struct live_node *read_and(struct parser *p)
{
    struct live_node *node = read_not(p);
    for (size_t at = p->at; !p->err.code && take(p, "and"); at = p->at)
        node = make(p, LIVE_AND, at, node, read_not(p));
    return node;
}

static struct live_node *read_condition(struct parser *p)
{
    struct live_node *node = read_and(p);
    for (size_t at = p->at; !p->err.code && take(p, "or"); at = p->at)
        node = make(p, LIVE_OR, at, node, read_and(p));
    return node;
}

struct qkv_err live_parse(struct arena *arena, const char *text, size_t n, struct live_node **ret)
{
    struct parser p = {.arena = arena, .text = text, .n = n};
    struct live_node *node = NULL;
    if (n > LONGEST)
        refuse(&p, 0, "an expression of at most 400 bytes was wanted");
    else
        node = read_condition(&p);
    skip_blanks(&p);
    if (!p.err.code && p.at < n)
        refuse(&p, p.at, "the end or a sign (+ - * / == < >) was wanted");
    *ret = p.err.code ? NULL : node;
    return p.err;
}
