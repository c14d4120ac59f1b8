/* transposed.c: formulas where tokens are columns: the factors of products change places. */
#include "scene/text.h"

#include <ctype.h>
#include <string.h>

/* ---- words ---- */

/* What is said of rows is said of columns. Longer ones first; a capital at the start stays one. */
static const struct {
    const char *here, *there;
} exchanged[] = {
    {"rows of W_O", "columns of W_Oᵀ"},
    {"rows** of W_O", "columns** of W_Oᵀ"},
    {"to the right of the diagonal", "below the diagonal"},
    {"left of the diagonal", "above the diagonal"},
    {"from top to bottom", "from left to right"},
    {"down the columns", "along the rows"},
    {"down the column", "along the row"},
    {"along a row", "down a column"},
    {"along its row", "down its column"},
    {"one below the other", "side by side"},
    {"below one another", "beside one another"},
    {"below each other", "beside each other"},
    {"put below", "put beside"},
    {"put **below**", "put **beside**"},
    {"upper rows", "left columns"},
    {"columns", "rows"},
    {"column", "row"},
};
enum { EXCHANGED = sizeof exchanged / sizeof exchanged[0] };

static bool is_of_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Does `text` begin with these words, whatever the case of the first letter? */
static bool begins(const char *text, const char *words)
{
    size_t n = strlen(words);
    return tolower((unsigned char)text[0]) == words[0] && strncmp(text + 1, words + 1, n - 1) == 0 &&
           !is_of_word(text[n]);
}

static size_t add_exchanged(const char *text, struct str *to)
{
    for (size_t i = 0; i < 2 * EXCHANGED; i++) {
        const char *from = i % 2 ? exchanged[i / 2].there : exchanged[i / 2].here;
        const char *with = i % 2 ? exchanged[i / 2].here : exchanged[i / 2].there;
        if (!begins(text, from))
            continue;
        char first = isupper((unsigned char)text[0]) ? (char)toupper((unsigned char)with[0]) : with[0];
        str_addn(to, &first, 1);
        str_add(to, with + 1);
        return strlen(from);
    }
    return 0;
}

/* "row times W_Q gives" becomes "column, with W_Qᵀ from the left, gives": the weights are the left factor. */
static size_t add_times(const char *text, struct str *to)
{
    static const char times[] = " times W_";
    if (strncmp(text, times, sizeof times - 1) != 0)
        return 0;
    size_t n = sizeof times - 1, start = n - 2;
    while (isalnum((unsigned char)text[n]))
        n++;
    bool last = text[n] == '\0' || strchr(",.:;", text[n]);
    str_addf(to, ", with %.*sᵀ from the left%s", (int)(n - start), text + start, last ? "" : ",");
    return n;
}

void turned_words(const char *text, struct str *to)
{
    for (size_t i = 0; text[i];) {
        bool starts = i == 0 || !is_of_word(text[i - 1]);
        size_t n = starts ? add_exchanged(text + i, to) : 0;
        n = n ? n : add_times(text + i, to);
        if (n == 0)
            str_addn(to, text + i, n = 1);
        i += n;
    }
}

const char *turned_text(bool columns, const char *text, struct str *buffer)
{
    if (!columns || !text)
        return text;
    str_clear(buffer);
    turned_words(text, buffer);
    return str_text(buffer);
}

/* ---- formulas ---- */

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
