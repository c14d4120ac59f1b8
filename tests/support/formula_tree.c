#include "support/formula_tree.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const char *start, *at;
    struct formula_tree *tree;
    char *why; /* begins empty; the first complaint */
};

static int read_choice(struct reader *r);
static int read_sum(struct reader *r);
static int read_product(struct reader *r);

static int complain(struct reader *r, const char *what)
{
    if (r->why && !r->why[0])
        snprintf(r->why, 200, "%s at character %d of '%.120s'", what, (int)(r->at - r->start) + 1, r->start);
    r->at += strlen(r->at);
    return -1;
}

static int add(struct reader *r, enum formula_kind kind, int a, int b)
{
    if (r->tree->n == FORMULA_NODES)
        return complain(r, "too long");
    r->tree->node[r->tree->n] = (struct formula_node){.kind = kind, .a = a, .b = b, .c = -1};
    return r->tree->n++;
}

static void skip(struct reader *r)
{
    r->at += strspn(r->at, " ");
}

static bool take(struct reader *r, const char *sign)
{
    skip(r);
    if (strncmp(r->at, sign, strlen(sign)) != 0)
        return false;
    r->at += strlen(sign);
    return true;
}

static bool is_sign(const char *at)
{
    static const char *const signs[] = {"⊙", "·", "÷", "≤", "∞"};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strncmp(at, signs[i], strlen(signs[i])) == 0)
            return true;
    return false;
}

static size_t word_length(const char *at)
{
    size_t n = 0;
    while (isalnum((unsigned char)at[n]) || ((unsigned char)at[n] >= 0x80 && (n > 0 || !is_sign(at))))
        n++;
    return n;
}

/* "_ij", "_(scaled,ij)": the parts of a subscript. */
static void read_parts(struct reader *r, struct formula_node *node)
{
    bool bracket = *++r->at == '(';
    r->at += bracket;
    int depth = 0;
    size_t n = 0;
    node->n_parts = 1;
    for (; *r->at; r->at++) {
        depth += *r->at == '(' ? 1 : *r->at == ')' ? -1 : 0;
        if (depth < 0 || (!bracket && word_length(r->at) == 0))
            break;
        struct formula_part *part = &node->part[node->n_parts - 1];
        if (*r->at == ',' && depth == 0 && node->n_parts < FORMULA_PARTS) {
            node->n_parts++;
            n = 0;
        } else if (n + 1 < FORMULA_TEXT) {
            part->text[n++] = *r->at;
        }
    }
    if (bracket && *r->at++ != ')')
        complain(r, "a bracket is not closed");
}

static int read_operator(struct reader *r, size_t n)
{
    int node = add(r, F_OPERATOR, -1, -1);
    if (node < 0)
        return node;
    struct formula_node *op = &r->tree->node[node];
    snprintf(op->text, sizeof op->text, "%.*s", (int)n, r->at);
    r->at += n + 1;
    bool bracket = take(r, "(");
    op->letter = *r->at++;
    if (bracket && take(r, ":")) {
        int left = read_sum(r), right = take(r, "=") ? read_sum(r) : complain(r, "'=' is missing");
        op->b = add(r, F_EQUAL, left, right);
    } else if (bracket && take(r, "<=")) {
        int left = add(r, F_NAME, -1, -1), right = add(r, F_NAME, -1, -1);
        if (right >= 0) {
            r->tree->node[left].text[0] = op->letter;
            r->tree->node[right].text[0] = *r->at++;
        }
        op->b = add(r, F_AT_MOST, left, right);
    }
    if (bracket && !take(r, ")"))
        return complain(r, "')' is missing");
    op->a = read_product(r);
    return node;
}

static int read_call(struct reader *r, int node)
{
    r->tree->node[node].kind = F_CALL;
    r->at++;
    int *argument[] = {&r->tree->node[node].a, &r->tree->node[node].b, &r->tree->node[node].c};
    for (int i = 0;; i++) {
        if (i == 3)
            break;
        *argument[i] = read_choice(r);
        if (!take(r, ","))
            break;
    }
    while (*r->at && *r->at != ')') /* "reshape(H, n, h, d_k)": sizes that do not fit into three */
        r->at++;
    return take(r, ")") ? node : complain(r, "')' is missing");
}

/* A name, a function's call, or an operator. */
static int read_word(struct reader *r)
{
    static const char *const operators[] = {"sum", "max", "mean", "argmax"};
    size_t n = word_length(r->at);
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++)
        if (strlen(operators[i]) == n && strncmp(r->at, operators[i], n) == 0 && r->at[n] == '_')
            return read_operator(r, n);
    int node = add(r, F_NAME, -1, -1);
    if (node < 0)
        return node;
    struct formula_node *name = &r->tree->node[node];
    snprintf(name->text, sizeof name->text, "%.*s", (int)n, r->at);
    r->at += n;
    if (strcmp(name->text, "φ") == 0 && *r->at == '(') {
        r->at++;
        n = word_length(r->at);
        snprintf(name->text, sizeof name->text, "%.*s", (int)n, r->at);
        r->at += n;
        name->applied = true;
        if (*r->at == '_')
            read_parts(r, name);
        if (!take(r, ")"))
            return complain(r, "')' is missing");
        name->primed = *r->at == '\'';
        r->at += name->primed;
        return node;
    }
    if (*r->at == '_')
        read_parts(r, name);
    name->primed = *r->at == '\'';
    r->at += name->primed;
    if (*r->at == '(')
        return read_call(r, node);
    return node;
}

static int read_relation(struct reader *r)
{
    static const struct {
        const char *sign;
        enum formula_kind kind;
    } signs[] = {{"<=", F_AT_MOST}, {"<", F_LESS}, {">", F_MORE}, {"=", F_EQUAL}};
    int left = read_sum(r);
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (take(r, signs[i].sign)) {
            left = add(r, signs[i].kind, left, read_sum(r));
            break;
        }
    if (take(r, "or "))
        return add(r, F_OR, left, read_relation(r));
    return left;
}

static int read_bracket(struct reader *r)
{
    r->at++;
    int inside = read_relation(r);
    if (take(r, ";"))
        inside = add(r, F_STACKED, inside, read_choice(r));
    else if (take(r, ","))
        inside = add(r, F_BESIDE, inside, read_choice(r));
    else
        inside = add(r, F_TRUTH, inside, -1);
    return take(r, "]") ? inside : complain(r, "']' is missing");
}

static int read_atom(struct reader *r)
{
    skip(r);
    if (isdigit((unsigned char)*r->at)) {
        char *end;
        int node = add(r, F_NUMBER, -1, -1);
        if (node >= 0)
            r->tree->node[node].number = strtod(r->at, &end);
        r->at = node >= 0 ? end : r->at;
        return node;
    }
    if (word_length(r->at) > 0)
        return read_word(r);
    if (*r->at == '[')
        return read_bracket(r);
    if (take(r, "|")) {
        int inside = read_sum(r);
        return take(r, "|") ? add(r, F_SIZE, inside, -1) : complain(r, "'|' is missing");
    }
    if (!take(r, "("))
        return complain(r, "something is missing");
    int inside = read_choice(r);
    return take(r, ")") ? inside : complain(r, "')' is missing");
}

static int read_power(struct reader *r)
{
    int base = read_atom(r);
    while (base >= 0 && (*r->at == '^' || *r->at == '_')) {
        if (*r->at == '_') {
            base = add(r, F_INDEXED, base, -1);
            if (base >= 0)
                read_parts(r, &r->tree->node[base]);
        } else if (r->at[1] == 'T' && word_length(r->at + 1) == 1) {
            r->at += 2;
            base = add(r, F_TRANSPOSED, base, -1);
        } else {
            r->at++;
            base = add(r, F_POWER, base, read_atom(r));
        }
    }
    return base;
}

/* Does another factor stand here? */
static bool factor_follows(const struct reader *r)
{
    const char *at = r->at + strspn(r->at, " ");
    static const char *const words[] = {"if ", "or ", "else "};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strncmp(at, words[i], strlen(words[i])) == 0)
            return false;
    return r->at[0] == ' ' && (word_length(at) > 0 || *at == '(' || *at == '[');
}

static int read_product(struct reader *r)
{
    int left = read_power(r);
    while (left >= 0 && factor_follows(r))
        left = add(r, F_PRODUCT, left, read_power(r));
    return left;
}

static int read_term(struct reader *r)
{
    static const struct {
        const char *sign;
        enum formula_kind kind;
    } signs[] = {{"⊙", F_CELLWISE}, {"·", F_DOT}, {"/", F_QUOTIENT}, {"÷", F_QUOTIENT}};
    int left = read_product(r);
    for (bool more = true; more && left >= 0;) {
        more = false;
        for (size_t i = 0; !more && i < sizeof signs / sizeof signs[0]; i++)
            if (take(r, signs[i].sign)) {
                left = add(r, signs[i].kind, left, read_product(r));
                more = true;
            }
    }
    return left;
}

static int read_sum(struct reader *r)
{
    bool negative = take(r, "-");
    int left = read_term(r);
    if (negative)
        left = add(r, F_NEGATIVE, left, -1);
    for (;;) {
        bool plus = take(r, "+");
        if (!plus && !take(r, "-"))
            return left;
        left = add(r, plus ? F_SUM : F_DIFFERENCE, left, read_term(r));
    }
}

/* "A or B" of two masks is read as a sum is. */
static int read_choice(struct reader *r)
{
    int value = read_sum(r);
    if (take(r, "or "))
        value = add(r, F_OR, value, read_sum(r));
    if (!take(r, "if "))
        return value;
    int condition = read_relation(r), other = take(r, ", else") ? read_sum(r) : complain(r, "', else' is missing");
    int node = add(r, F_CHOICE, value, condition);
    if (node >= 0)
        r->tree->node[node].c = other;
    return node;
}

bool formula_read(const char **text, struct formula_tree *ret, char why[200])
{
    struct reader r = {.start = *text, .at = *text, .tree = ret, .why = why};
    why[0] = '\0';
    *ret = (struct formula_tree){.left = -1};
    int first = read_choice(&r);
    while (take(&r, "=") && ret->n_right < 3)
        ret->right[ret->n_right++] = read_choice(&r);
    if (ret->n_right == 0)
        ret->right[ret->n_right++] = first;
    else
        ret->left = first;
    skip(&r);
    if (*r.at && *r.at != ',')
        complain(&r, "what is this");
    *text = r.at + (*r.at == ',');
    return !why[0];
}

int formula_read_part(struct formula_tree *tree, const char *text)
{
    char why[200] = "";
    struct reader r = {.start = text, .at = text, .tree = tree, .why = why};
    int node = read_sum(&r);
    return why[0] || *r.at ? -1 : node;
}
