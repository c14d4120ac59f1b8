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

/* Brackets of any kind, and what they enclose, are passed over as one. */
static int depth_change(char c)
{
    return c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
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

/* Which cells a subscript means: its last part, "ij", or its last two, "3..4,:". */
static bool is_place(const char *text, size_t n)
{
    return (n == 1 && strchr("ijlh:", text[0])) || strspn(text, "0123456789.") >= n || strncmp(text, "clip(", 5) == 0;
}

/* "S_(scaled,ij)" becomes "S_(scaled,ji)", "K_(3,:)" becomes "K_(:,3)". */
static void transpose_index(const struct transposing *t, const char *text, size_t n)
{
    size_t below = formula_word_length(text, n), last = below + 1, before = 0, end = n;
    bool bracket = last < n && text[last] == '(';
    if (below >= n || text[below] != '_') {
        copy(t, text, n);
        return;
    }
    end -= bracket;
    last += bracket;
    int depth = 0;
    for (size_t i = last; i < end; i++) {
        depth += depth_change(text[i]);
        if (text[i] == ',' && depth == 0)
            before = last, last = i + 1;
    }
    bool pair = end - last == 2 && strspn(text + last, "ijl") >= 2;
    bool two = before && is_place(text + before, last - 1 - before) && is_place(text + last, end - last) &&
               (text[last] == ':' || text[before] == ':' || text[last] == 'c');
    copy(t, text, pair ? last : two ? before : n);
    if (pair) {
        copy(t, text + last + 1, 1);
        copy(t, text + last, 1);
    } else if (two) {
        copy(t, text + last, end - last);
        add(t, ",", text + last);
        copy(t, text + before, last - 1 - before);
    }
    if (pair || two)
        copy(t, text + end, n - end);
}

/* Is it a weight matrix? Those from features to features are the given matrices called W, U or V; others mix words. */
static bool is_weight(const struct tape *tape, const char *name, size_t n)
{
    if (n > 2 && strncmp(name, "W_", 2) == 0)
        return true;
    for (size_t i = 0; i < tape->n; i++) {
        const struct step_spec *s = &tape->steps[i].spec;
        if (s->op == OP_INPUT && s->stage == STAGE_INPUT && strlen(s->symbol) == n && strncmp(s->symbol, name, n) == 0)
            return s->name[0] == 'U' || s->name[0] == 'V' || s->name[0] == 'W' ||
                   strcmp(tape->steps[i].value.axis[AXIS_ROW].name, "mixtures") == 0;
    }
    return false;
}

static void transpose_chain(const struct transposing *t, const char *text, size_t n);

/* "(A B)" at text: returns its bytes. */
static size_t transpose_bracket(const struct transposing *t, const char *text, size_t n)
{
    size_t bracket = 0;
    for (int depth = 0; bracket < n; bracket++) {
        depth += depth_change(text[bracket]);
        if (depth == 0)
            break;
    }
    bracket += bracket < n;
    bool closed = bracket > 1 && depth_change(text[bracket - 1]) < 0;
    copy(t, text, 1);
    transpose_chain(t, text + 1, bracket - 1 - closed);
    copy(t, text + bracket - closed, closed);
    return bracket;
}

/* "sum_j", "max_j": what follows is what they run over. */
static size_t operator_length(const char *text, size_t n)
{
    static const char *const names[] = {"sum_", "max_", "mean_", "argmax_"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i]) < n && strncmp(text, names[i], strlen(names[i])) == 0)
            return name_length(text, n);
    return 0;
}

/* With what it runs over: "sum_(j: U_ij = 1)". */
static void transpose_operator(const struct transposing *t, const char *text, size_t n)
{
    size_t below = formula_word_length(text, n) + 1;
    copy(t, text, below);
    size_t bracket = text[below] == '(' ? transpose_bracket(t, text + below, n - below) : 0;
    copy(t, text + below + bracket, n - below - bracket);
}

/* "(φ(K)^T)_ij": at the index behind a bracket; returns its bytes. */
static size_t transpose_index_behind(const struct transposing *t, const char *text, size_t n)
{
    size_t index = n > 1 && text[0] == '_' ? 1 + formula_word_length(text + 1, n - 1) : 0;
    if (index == 0)
        return 0;
    copy(t, text, 1);
    for (size_t i = index; i-- > 1;)
        copy(t, text + i, 1);
    return index;
}

/* "reshape(A, n, h d_v)": of the arguments only the first is turned. */
static void transpose_reshaped(const struct transposing *t, const char *text, size_t n)
{
    size_t open = formula_word_length(text, n) + 1, end = open;
    for (int depth = 0; end < n && (depth != 0 || text[end] != ','); end++)
        depth += depth_change(text[end]);
    copy(t, text, open);
    transpose_chain(t, text + open, end - open);
    copy(t, text + end, n - end);
}

static void transpose_factor(const struct transposing *t, const char *text, size_t n)
{
    size_t name = name_length(text, n), at = name;
    const char *rest = text + name;
    bool turned = n - name >= 2 && strncmp(rest, "^T", 2) == 0;
    if (n > 2 && strncmp(text, "R(", 2) == 0) { /* the rotation of features */
        size_t bracket = 1 + formula_bracket_length(text + 1, n - 1);
        copy(t, text, bracket);
        if (bracket == n)
            add(t, "^T", text + bracket - 1);
        return;
    }
    if (name == 0 && n > 0 && strchr("([", text[0])) {
        at = transpose_bracket(t, text, n);
        at += transpose_index_behind(t, text + at, n - at);
    } else if (name == 7 && name < n && strncmp(text, "reshape", 7) == 0) {
        at = n; /* the numbers in the order of memory, and the sizes, are what they are */
        transpose_reshaped(t, text, n);
    } else if (name < n && rest[0] == '(') {
        copy(t, text, name);
        at += transpose_bracket(t, rest, n - name);
        at += transpose_index_behind(t, text + at, n - at);
    } else if (name == 1 && text[0] == 'e' && n > 2 && rest[0] == '^' && rest[1] == '(') {
        copy(t, text, 2);
        at = 2 + transpose_bracket(t, text + 2, n - 2);
    } else if (name > 0 && is_weight(t->tape, text, name)) {
        copy(t, text, name);
        if (turned)
            at += 2;
        else
            add(t, "^T", text + name - 1);
    } else {
        transpose_index(t, text, name);
    }
    copy(t, text + at, n - at);
}

/* Factors are separated by blanks; they change places. What a sum runs over stays behind its sign. */
static void transpose_product(const struct transposing *t, const char *text, size_t n)
{
    int depth = 0;
    for (size_t i = 0; i < n; i++) {
        size_t sign = depth == 0 && (i == 0 || text[i - 1] == ' ') ? operator_length(text + i, n - i) : 0;
        if (sign > 0 && i + sign < n) {
            bool alone = i == 0;
            add(t, alone ? "" : "(", text + i);
            transpose_operator(t, text + i, sign);
            copy(t, text + i + sign, 1);
            transpose_product(t, text + i + sign + 1, n - i - sign - 1);
            add(t, alone ? "" : ")", text + n - 1);
            if (!alone) {
                copy(t, text + i - 1, 1);
                transpose_product(t, text, i - 1);
            }
            return;
        }
        depth += depth_change(text[i]);
    }
    size_t end = n;
    depth = 0;
    for (size_t i = n; i-- > 0;) {
        depth -= depth_change(text[i]);
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
    static const char *const signs[] = {" = ",  " + ", " - ", " ⊙ ",  " · ",     " / ", " ÷ ", " or ",
                                        " if ", " < ", " > ", " <= ", ", else ", ", ",  ": ",  "; "};
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
        depth += depth_change(text[i]);
        size_t sign = depth == 0 ? sign_length(text + i, n - i) : 0;
        if (sign > 0) {
            transpose_product(t, text + from, i - from);
            if (text[i] == ';') /* rows one below the other become columns side by side */
                add(t, ", ", text + i);
            else
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
