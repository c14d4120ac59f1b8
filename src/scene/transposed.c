/* transposed.c: formulas where tokens are columns: the factors of products change places. */
#include "scene/text.h"

#include <ctype.h>
#include <string.h>

struct transposing {
    const struct tape *tape;
    const char *start, *marks; /* the whole text, and the marks of its bytes; NULL: none */
    struct str *to, *to_marks;
};

static void mark(const struct transposing *t, const char *of)
{
    if (t->marks)
        str_addn(t->to_marks, t->marks + (of - t->start), 1);
}

static void copy(const struct transposing *t, const char *text, size_t n)
{
    str_addn(t->to, text, n);
    for (size_t i = 0; i < n; i++)
        mark(t, text + i);
}

/* Add text with the mark of byte `of`. */
static void add(const struct transposing *t, const char *text, const char *of)
{
    str_add(t->to, text);
    for (size_t i = 0; i < strlen(text); i++)
        mark(t, of);
}

/* A name with its subscript: "S_(scaled,2)". */
static size_t name_length(const char *text, size_t n)
{
    size_t i = formula_word_length(text, n);
    if (i + 1 < n && text[i] == '_')
        i += 1 + (text[i + 1] == '(' ? formula_bracket_length(text + i + 1, n - i - 1)
                                     : formula_word_length(text + i + 1, n - i - 1));
    return i;
}

/* Is it a weight matrix (features to features)? Those are the given matrices called W, U or V. */
static bool is_weight(const struct tape *tape, const char *name, size_t n)
{
    if (n > 2 && strncmp(name, "W_", 2) == 0)
        return true;
    for (size_t i = 0; i < tape->n; i++) {
        const struct step_spec *s = &tape->steps[i].spec;
        if (s->op == OP_INPUT && s->stage == STAGE_INPUT && strlen(s->symbol) == n && strncmp(s->symbol, name, n) == 0)
            return s->name[0] == 'U' || s->name[0] == 'V' || s->name[0] == 'W';
    }
    return false;
}

static void transpose_chain(const struct transposing *t, const char *text, size_t n);

/* "(A B)" at text: returns its bytes. */
static size_t transpose_bracket(const struct transposing *t, const char *text, size_t n)
{
    size_t bracket = formula_bracket_length(text, n);
    bool closed = bracket > 1 && text[bracket - 1] == ')';
    copy(t, text, 1);
    transpose_chain(t, text + 1, bracket - 1 - closed);
    copy(t, text + bracket - closed, closed);
    return bracket;
}

static void transpose_name(const struct transposing *t, const char *text, size_t n)
{
    size_t word = formula_word_length(text, n);
    bool one = word == 3 && strncmp(text, "row", 3) == 0, rows = word == 4 && strncmp(text, "rows", 4) == 0;
    if (one || rows) { /* "row_2(h)", "rows(Q)" */
        add(t, one ? "column" : "columns", text);
        copy(t, text + word, n - word);
    } else {
        copy(t, text, n);
    }
}

static void transpose_factor(const struct transposing *t, const char *text, size_t n)
{
    size_t name = name_length(text, n), at = name;
    const char *rest = text + name;
    if (name == 0 && n > 0 && text[0] == '(') {
        at = transpose_bracket(t, text, n);
    } else if (name < n && rest[0] == '(') {
        transpose_name(t, text, name);
        at += transpose_bracket(t, rest, n - name);
    } else if (name == 1 && text[0] == 'e' && n > 2 && rest[0] == '^' && rest[1] == '(') {
        copy(t, text, 2);
        at = 2 + transpose_bracket(t, text + 2, n - 2);
    } else if (name > 0 && is_weight(t->tape, text, name)) {
        copy(t, text, name);
        if (n - name >= 2 && strncmp(rest, "^T", 2) == 0)
            at += 2;
        else
            add(t, "^T", text + name - 1);
    } else {
        at = 0;
    }
    copy(t, text + at, n - at);
}

/* Factors are separated by blanks; they change places. */
static void transpose_product(const struct transposing *t, const char *text, size_t n)
{
    size_t end = n;
    int depth = 0;
    for (size_t i = n; i-- > 0;) {
        depth += text[i] == ')' ? 1 : text[i] == '(' ? -1 : 0;
        if (text[i] != ' ' || depth != 0)
            continue;
        transpose_factor(t, text + i + 1, end - i - 1);
        copy(t, text + i, 1);
        end = i;
    }
    transpose_factor(t, text, end);
}

/* Bytes of the sign between products at text: "=", "+", ","; 0: there is none. */
static size_t sign_length(const char *text, size_t n)
{
    static const char *const signs[] = {" = ", " + ", " - ", " * ", " / ", " ÷ ", " or ", ", "};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strlen(signs[i]) <= n && strncmp(text, signs[i], strlen(signs[i])) == 0)
            return strlen(signs[i]);
    return 0;
}

/* Products with signs between them, which keep their order. */
static void transpose_chain(const struct transposing *t, const char *text, size_t n)
{
    size_t from = 0;
    int depth = 0;
    for (size_t i = 0; i < n;) {
        depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
        size_t sign = depth == 0 ? sign_length(text + i, n - i) : 0;
        if (sign > 0) {
            transpose_product(t, text + from, i - from);
            copy(t, text + i, sign);
            from = i + sign;
        }
        i += sign > 0 ? sign : 1;
    }
    transpose_product(t, text + from, n - from);
}

void transposed_marked(const struct tape *tape, const char *text, const char *marks, struct str *to,
                       struct str *ret_marks)
{
    const struct transposing t = {tape, text, marks, to, ret_marks};
    transpose_chain(&t, text, strlen(text));
}

void transposed_formula(const struct tape *tape, const char *text, struct str *to)
{
    transposed_marked(tape, text, NULL, to, NULL);
}

void transposed_step_formula(const struct tape *tape, int step, bool columns, struct str *to)
{
    struct str text = {0};
    formula_of_step(tape, step, &text);
    if (columns)
        transposed_formula(tape, str_text(&text), to);
    else
        str_add(to, str_text(&text));
    to->failed |= text.failed;
    str_finish(&text);
}

const char *transposed_symbol(const struct tape *tape, int step, bool columns, struct str *buffer)
{
    const char *symbol = tape->steps[step].spec.symbol;
    if (!columns)
        return symbol;
    str_clear(buffer);
    transposed_formula(tape, symbol, buffer);
    return str_text(buffer);
}
