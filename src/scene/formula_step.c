/* formula_step.c: the formula of a step: that of its op, with the symbols of its operands in it; and the whole formula
 * of a mechanism, with those of its steps. */
#include "lesson/language/language.h"
#include "scene/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* A name in a formula, and which of its cells are meant. */
struct named {
    const char *symbol;
    const struct tensor *value;
    bool row;    /* one row of it, written small: q_i is row i of Q */
    bool cell;   /* the index is never left out: the formula says more of its letters */
    bool at_one; /* the formula is that of one token, whose number names the row */
};

static bool is_small(const char *symbol)
{
    return islower((unsigned char)symbol[0]) || strncmp(symbol, "μ", strlen("μ")) == 0;
}

/* "S_3", "S_(scaled,3)": the row is named by a number already. */
static bool is_numbered(const char *symbol)
{
    size_t n = strlen(symbol);
    n -= n > 0 && symbol[n - 1] == ')';
    return n > 0 && strchr(symbol, '_') && isdigit((unsigned char)symbol[n - 1]);
}

/* Is the step computed for one token, or for few of them, by whose number it is called? */
static bool is_of_token(const struct step_spec *s)
{
    size_t n = strlen(s->symbol), written = s->written ? strlen(s->written) : 0;
    bool at_token = written > 0 && isdigit((unsigned char)s->written[0]) && n > written &&
                    strcmp(s->symbol + n - written, s->written) == 0;
    return at_token || (s->part && strcmp(s->part, "tile") != 0);
}

/* Of a matrix of one row or one column no index is needed where the name tells which it is. */
static const char *index_needed(const struct named *of, const char *index)
{
    const struct axis *axis = of->value->axis;
    bool one_row = of->at_one && axis[AXIS_ROW].size == 1 && is_numbered(of->symbol);
    bool one_col = axis[AXIS_COL].size == 1 && is_small(of->symbol) && strcmp(axis[AXIS_COL].name, "words") != 0;
    if (of->cell)
        return index;
    if (strcmp(index, "i") == 0 || of->row)
        return one_row ? "" : index;
    if (strlen(index) != 2 || !strchr("jl", index[1]))
        return index;
    if (one_col)
        return one_row ? "" : "i";
    return one_row ? index + 1 : index;
}

/* "S" and "ij" make "S_ij", "S_scaled" and "ij" make "S_(scaled,ij)"; "φ(Q)" makes "φ(Q)_ij", and its row "φ(q_i)". */
static void add_indexed(const struct named *of, const char *index, struct str *to)
{
    const char *symbol = of->symbol, *bracket = strchr(symbol, '('), *below = strchr(symbol, '_');
    size_t n = strlen(symbol);
    if (of->row && bracket && bracket > symbol && bracket[-1] != '_' && symbol[n - 1] == ')') {
        struct named inside = *of;
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)(n - (size_t)(bracket - symbol) - 2), bracket + 1);
        inside.symbol = name;
        str_addn(to, symbol, (size_t)(bracket - symbol) + 1);
        add_indexed(&inside, index, to);
        str_add(to, ")");
        return;
    }
    char first = of->row ? (char)tolower((unsigned char)symbol[0]) : symbol[0];
    bool plain =
        strspn(index, "abcdefghijklmnopqrstuvwxyz") == strlen(index) || strspn(index, "0123456789") == strlen(index);
    if (!index[0])
        str_add(to, symbol);
    else if (n > 2 && strcmp(symbol + n - 2, "^T") == 0)
        str_addf(to, "(%s)_%s", symbol, index);
    else if (!below || (bracket && bracket < below))
        str_addf(to, plain ? "%c%s_%s" : "%c%s_(%s)", first, symbol + 1, index);
    else if (below[1] == '(')
        str_addf(to, "%c%.*s,%s)", first, (int)(n - 2), symbol + 1, index);
    else
        str_addf(to, "%c%.*s_(%s,%s)", first, (int)(below - symbol) - 1, symbol + 1, below + 1, index);
}

/* What a template is filled in from. */
struct filling {
    const struct tape *tape;
    const struct step *step;         /* whose formula it is; NULL: the whole mechanism's */
    const struct settings *settings; /* of the mechanism; NULL: it is a step's formula */
    struct str *to;
};

static void add_constant(const struct filling *f, double number)
{
    char text[NUMBER_TEXT];
    str_add(f->to, f->step->spec.written ? f->step->spec.written : number_trimmed(number, 12, text));
}

/* " + 2", " - 2" or nothing. */
static void add_shift(const struct filling *f, double shift)
{
    if (shift != 0)
        str_addf(f->to, " %c %g", shift < 0 ? '-' : '+', shift < 0 ? -shift : shift);
}

/* "3", "3..4" */
static void add_range(const struct filling *f, size_t first, size_t n)
{
    str_addf(f->to, n == 1 ? "%zu" : "%zu..%zu", first + 1, first + n);
}

static void add_value(const struct filling *f, const char *name)
{
    if (f->settings) {
        str_add(f->to, settings_find(f->settings, name) ? settings_get(f->settings, name)->text : "?");
        return;
    }
    const struct step_spec *s = &f->step->spec;
    const struct tensor *first = &f->tape->steps[s->in[0]].value;
    size_t half = first->axis[AXIS_COL].size / 2;
    if (strcmp(name, "n") == 0)
        add_constant(f, s->number);
    else if (strcmp(name, "+n") == 0)
        add_shift(f, s->number);
    else if (strcmp(name, "-n") == 0)
        add_shift(f, -s->number);
    else if (strcmp(name, "whole") == 0)
        str_addf(f->to, "%.0f", s->number);
    else if (strcmp(name, "heads") == 0)
        str_addf(f->to, "%zu", f->step->value.axis[AXIS_HEAD].size);
    else if (strcmp(name, "rows") == 0)
        add_range(f, (size_t)s->number, (size_t)s->second);
    else if (strcmp(name, "first half") == 0)
        add_range(f, 0, half);
    else if (strcmp(name, "second half") == 0)
        add_range(f, half, half);
}

/* The first step of a list of names, "Q_turned,Q_heads,Q", that is on the tape; NULL: none. */
static const struct step *find_step(const struct tape *tape, const char *names)
{
    for (const char *at = names; *at;) {
        char name[64];
        size_t n = strcspn(at, ",");
        snprintf(name, sizeof name, "%.*s", (int)n, at);
        int step = tape_find(tape, name);
        if (step >= 0)
            return &tape->steps[step];
        at += n + (at[n] == ',');
    }
    return NULL;
}

/* Whose name it is: "0", "row 0", "y", or a list of steps; false: it is no name of a matrix. */
static bool find_named(const struct filling *f, const char *name, struct named *ret, const struct step **ret_step)
{
    bool row = strncmp(name, "row ", 4) == 0, made = strncmp(name, "made ", 5) == 0;
    bool cell = strncmp(name, "cell ", 5) == 0;
    name += row ? 4 : made || cell ? 5 : 0;
    if (f->settings) {
        *ret_step = find_step(f->tape, name);
        if (*ret_step)
            *ret = (struct named){(*ret_step)->spec.symbol, &(*ret_step)->value, .row = row, .cell = cell};
        return *ret_step;
    }
    if (strlen(name) != 1 || !(name[0] == 'y' || (name[0] >= '0' && name[0] < '0' + OP_INPUTS_MAX)))
        return false;
    *ret_step = name[0] == 'y' ? f->step : &f->tape->steps[f->step->spec.in[name[0] - '0']];
    *ret =
        (struct named){(*ret_step)->spec.symbol, &(*ret_step)->value, row || made, cell, is_of_token(&f->step->spec)};
    return true;
}

static void fill(const struct filling *f, const char *text);

/* The text between a pair of brackets or braces at text[0]; returns the bytes with both. */
static size_t between(const char *text, char open, char close, char ret[64])
{
    size_t n = 0;
    for (int depth = 0; text[n]; n++) {
        depth += text[n] == open ? 1 : text[n] == close ? -1 : 0;
        if (depth == 0)
            break;
    }
    snprintf(ret, 64, "%.*s", (int)(n - 1), text + 1);
    return n + 1;
}

/* "_ij", "_{n}" or "_(...)" at text: the index with its braces filled; returns the bytes. */
static size_t fill_index(const struct filling *f, const char *text, struct str *ret)
{
    struct filling inside = *f;
    char index[64];
    size_t n = 1;
    inside.to = ret;
    if (text[1] == '(') {
        n += between(text + 1, '(', ')', index);
    } else if (text[1] == '{') {
        n += between(text + 1, '{', '}', index);
        add_value(&inside, index);
        return n;
    } else {
        n += strspn(text + 1, "hijl");
        snprintf(index, sizeof index, "%.*s", (int)(n - 1), text + 1);
    }
    fill(&inside, index);
    return n;
}

/* A matrix, by what it was made: row i of A B is a_i B. */
static void add_made(const struct filling *f, const struct step *step, const char *index)
{
    const bool at_one = is_of_token(&f->step->spec);
    const struct named whole = {step->spec.symbol, &step->value, .row = true, .at_one = at_one};
    if (step->spec.op != OP_MATMUL) {
        add_indexed(&whole, index_needed(&whole, index), f->to);
        return;
    }
    const struct step *left = &f->tape->steps[step->spec.in[0]], *right = &f->tape->steps[step->spec.in[1]];
    const struct named row = {left->spec.symbol, &left->value, .row = true, .at_one = at_one};
    add_indexed(&row, index_needed(&row, index), f->to);
    str_addf(f->to, " %s", right->spec.symbol);
}

static void fill(const struct filling *f, const char *text)
{
    while (*text) {
        char name[64];
        struct named of;
        const struct step *step;
        struct str index = {0};
        if (*text != '{') {
            str_addn(f->to, text++, 1);
            continue;
        }
        text += between(text, '{', '}', name);
        if (!find_named(f, name, &of, &step)) {
            add_value(f, name);
            continue;
        }
        if (*text == '_')
            text += fill_index(f, text, &index);
        if (strncmp(name, "made ", 5) == 0)
            add_made(f, step, str_text(&index));
        else
            add_indexed(&of, index_needed(&of, str_text(&index)), f->to);
        f->to->failed |= index.failed;
        str_finish(&index);
    }
}

void formula_of_step(const struct tape *tape, int step, struct str *to)
{
    const struct step *s = &tape->steps[step];
    const char *formula = s->spec.formula ? s->spec.formula : op_table[s->spec.op]->formula;
    struct str right = {0};
    const struct filling all = {tape, s, NULL, to}, of_right = {tape, s, NULL, &right};
    if (strstr(formula, "y}")) {
        fill(&all, formula);
        return;
    }
    fill(&of_right, formula);
    str_add(to, s->spec.symbol);
    /* "φ(K)^T" is written once. */
    if (right.n && strcmp(str_text(&right), s->spec.symbol) != 0)
        str_addf(to, " = %s", str_text(&right));
    to->failed |= right.failed;
    str_finish(&right);
}

/* Is it part of the formula? What is on the walk; and a mask that blocks nothing in any part that is computed, as that of
 * a token whose later ones are not there yet. */
static bool has_stage(const struct tape *tape, const struct walk *walk, enum stage stage)
{
    bool masked = false;
    for (size_t i = 0; stage == STAGE_MASK && i < tape->n; i++)
        masked = masked || tape->steps[i].spec.scale == SCALE_MASK;
    return masked || walk_stage(walk, stage) >= 0;
}

void formula_of_mechanism(const struct lesson *lesson, const struct walk *walk, bool columns, struct str *to,
                          struct str *ret_stages)
{
    struct str text = {0}, stages = {0};
    struct formula_piece piece;
    const struct filling f = {&lesson->tape, NULL, &lesson->settings, &text};
    for (size_t at = 0; language_formula(lesson, &at, &piece);) {
        const char stage = (char)(piece.stage + 1);
        if (has_stage(&lesson->tape, walk, piece.stage))
            fill(&f, piece.text);
        while (stages.n < text.n && !stages.failed)
            str_addn(&stages, &stage, 1);
    }
    if (columns)
        transposed_marked(&lesson->tape, str_text(&text), str_text(&stages), to, ret_stages);
    else {
        str_add(to, str_text(&text));
        str_add(ret_stages, str_text(&stages));
    }
    to->failed |= text.failed || stages.failed;
    str_finish(&text);
    str_finish(&stages);
}
