#include "scene/arithmetic.h"

#include "lesson/language/language.h"

#include "scene/text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One cell's explanation with what is needed to write it. */
struct source {
    const struct tape *tape;
    const struct step *step;
    struct explanation e;
    const struct tensor *in[OP_INPUTS_MAX];
    double value;
    size_t *shown; /* owned: the terms that are written, in order */
    size_t n_shown;
    bool exchanged; /* "b * a": the factors of a transposed product */
};

const char *axis_position(const struct axis *axis, size_t h, size_t i, char buffer[24])
{
    const char *label = axis_label(axis, h, i);
    if (label)
        return label;
    snprintf(buffer, 24, "%zu", i + 1);
    return buffer;
}

/* Does x, rounded to so many decimals, give what is shown for y? Ties may round either way. */
static bool reads_as(double x, double y, int decimals)
{
    if (x == y)
        return true;
    double unit = pow(10, -decimals);
    return fabs(x - round_decimals(y, decimals)) <= 0.5 * unit * (1 + 1e-9) + 1e-15 * fabs(y);
}

/* With NUMBER_EXACT or negative decimals the operands are not rounded. */
static double term_value(const struct source *s, size_t term, int decimals)
{
    return explanation_term_value(&s->e, term, s->in, decimals < NUMBER_EXACT ? decimals : -1);
}

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;
    int larger = (x[0] < y[0]) - (x[0] > y[0]);
    return larger ? larger : (x[1] > y[1]) - (x[1] < y[1]); /* a stable order on every machine */
}

static int by_position(const void *a, const void *b)
{
    const size_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Choose the terms that are written: all, or the largest, in their own order. */
static struct qkv_err choose_terms(struct source *s, size_t most)
{
    size_t n = s->e.n_terms;
    bool all = most == 0 || n <= most;
    s->n_shown = all ? n : most - 1;
    s->shown = calloc(n ? n : 1, sizeof *s->shown);
    double(*sizes)[2] = all ? NULL : calloc(n, sizeof *sizes);
    for (size_t i = 0; s->shown && i < s->n_shown; i++)
        s->shown[i] = i;
    if (sizes && s->shown) {
        for (size_t i = 0; i < n; i++) {
            double value = term_value(s, i, -1);
            sizes[i][0] = s->e.fold == FOLD_MAX ? value : fabs(value);
            sizes[i][1] = (double)i;
        }
        qsort(sizes, n, sizeof *sizes, by_size);
        for (size_t i = 0; i < s->n_shown; i++)
            s->shown[i] = (size_t)sizes[i][1];
        qsort(s->shown, s->n_shown, sizeof *s->shown, by_position);
    }
    bool failed = !s->shown || (!all && !sizes);
    free(sizes);
    return failed ? qkv_nomem("the arithmetic of a cell") : (struct qkv_err){0};
}

static struct qkv_err source_init(struct source *s, const struct tape *tape, int step, size_t h, size_t r, size_t c,
                                  size_t most, bool turned)
{
    *s = (struct source){.tape = tape, .step = &tape->steps[step]};
    s->exchanged = turned && op_table[s->step->spec.op]->form != FORM_LINE;
    struct qkv_err err = tape_explain(tape, step, h, r, c, &s->e);
    if (err.code)
        return err;
    struct op_call call = tape_call(tape, step);
    for (int i = 0; i < OP_INPUTS_MAX; i++)
        s->in[i] = call.in[i];
    if (s->step->spec.op == OP_INPUT)
        s->in[0] = &s->step->value;
    s->value = *tensor_at(&s->step->value, h, r, c);
    return choose_terms(s, most);
}

static void source_finish(struct source *s)
{
    explanation_finish(&s->e);
    free(s->shown);
}

static double fold(const struct source *s, double so_far, double value)
{
    return s->e.fold == FOLD_MAX ? fmax(so_far, value) : so_far + value;
}

static double fold_of_none(const struct source *s)
{
    return s->e.fold == FOLD_MAX ? -INFINITY : 0;
}

/* The terms that are not written, taken together: their sum or their largest. */
static double rest_value(const struct source *s)
{
    double rest = fold_of_none(s);
    for (size_t i = 0, next = 0; i < s->e.n_terms; i++)
        if (next < s->n_shown && s->shown[next] == i)
            next++;
        else
            rest = fold(s, rest, term_value(s, i, -1));
    return rest;
}

/* The fewest decimals with which what is written gives the value shown: of the terms' values or, on one line, of the
 * operands. */
static int enough_decimals(const struct source *s, int decimals, bool of_operands)
{
    double rest = rest_value(s);
    for (int d = decimals; d < NUMBER_EXACT; d++) {
        double value = fold_of_none(s);
        for (size_t i = 0; i < s->n_shown; i++) {
            double term = term_value(s, s->shown[i], of_operands ? d : -1);
            value = fold(s, value, of_operands ? term : round_decimals(term, d));
        }
        if (s->n_shown < s->e.n_terms)
            value = fold(s, value, round_decimals(rest, d));
        if (reads_as(value, s->value, decimals))
            return d;
    }
    return NUMBER_EXACT;
}

/* The fewest decimals for the operands with which every written term gives its written value. */
static int operand_decimals(const struct source *s, int decimals)
{
    for (int d = decimals; d < NUMBER_EXACT; d++) {
        bool enough = true;
        for (size_t i = 0; enough && i < s->n_shown; i++)
            enough = reads_as(term_value(s, s->shown[i], d), term_value(s, s->shown[i], -1), decimals);
        if (enough)
            return d;
    }
    return NUMBER_EXACT;
}

/* The decimals a number needs of those allowed, as number_written writes it. */
static int needed_decimals(double x, int allowed)
{
    char number[NUMBER_TEXT];
    const char *point = strchr(number_written(x, allowed, number), '.');
    return point && !strchr(point, 'e') ? (int)strlen(point + 1) : 0;
}

/* All operands of a card are written with as many decimals as the one of them that needs most. */
static int common_decimals(const struct source *s, int allowed)
{
    int most = 0;
    if (allowed >= NUMBER_EXACT)
        return allowed;
    for (size_t i = 0; i < s->n_shown; i++)
        for (int k = 0; k < s->e.terms[s->shown[i]].n_cells; k++) {
            const struct cell *cell = &s->e.terms[s->shown[i]].cell[k];
            int needed = needed_decimals(*tensor_at(s->in[cell->operand], cell->head, cell->row, cell->col), allowed);
            most = needed > most ? needed : most;
        }
    return most;
}

static void write_operand(const struct source *s, const struct cell *cell, int decimals, struct spans *to)
{
    char number[NUMBER_TEXT], bracketed[NUMBER_TEXT + 2];
    double value = *tensor_at(s->in[cell->operand], cell->head, cell->row, cell->col);
    if (decimals >= NUMBER_EXACT || fabs(value) >= 1e6)
        number_written(value, decimals, number);
    else
        number_text(value, decimals, number);
    enum role role =
        s->step->spec.op == OP_INPUT ? s->step->spec.role : s->tape->steps[s->step->spec.in[cell->operand]].spec.role;
    /* "a - -b" is hard to read, and "--" worse. */
    const char *before = str_text(&to->text);
    bool bracket = number[0] == '-' && to->text.n >= 2 && strchr("-+", before[to->text.n - 2]);
    snprintf(bracketed, sizeof bracketed, bracket ? "(%s)" : "%s", number);
    spans_add(to, bracketed, role, false);
}

/* The term's arithmetic with numbers for its letters and the signs people write. */
static void write_term(const struct source *s, size_t term, int decimals, struct spans *to)
{
    const struct term *t = &s->e.terms[term];
    const char *text = s->e.term_text;
    for (const char *p = text; *p; p++) {
        bool alone = islower((unsigned char)*p) && !isalpha((unsigned char)p[1]) &&
                     (p == text || !isalpha((unsigned char)p[-1]));
        int letter = s->exchanged && t->n_cells == 2 ? 'b' - *p : *p - 'a';
        if (strncmp(p, "mask(", 5) == 0) { /* "3.50, mask 0" */
            const struct cell *m = &t->cell[1];
            char mask[32];
            snprintf(mask, sizeof mask, ", mask %g", *tensor_at(s->in[m->operand], m->head, m->row, m->col));
            write_operand(s, &t->cell[0], decimals, to);
            spans_add_plain(to, mask);
            return;
        }
        if (alone && letter >= 0 && letter < t->n_cells)
            write_operand(s, &t->cell[letter], decimals, to);
        else if (*p == '*' || *p == '/')
            spans_add_plain(to, *p == '*' ? "×" : "÷");
        else if (strncmp(p, "sqrt(", 5) == 0) {
            /* The root of a plain number needs no brackets: √4. */
            size_t digits = strspn(p + 5, "0123456789.");
            bool plain = digits > 0 && p[5 + digits] == ')';
            spans_add_plain(to, "√");
            spans_add_n(to, p + 5, plain ? digits : 0, ROLE_NONE, false);
            p += plain ? 5 + digits : 3;
        } else if (strncmp(p, "inf", 3) == 0) {
            spans_add_plain(to, "∞");
            p += 2;
        } else
            spans_add_n(to, p, 1, ROLE_NONE, false);
    }
}

/* What stands between the work and the value. */
static const char *gives(const struct source *s)
{
    return strncmp(s->e.term_text, "mask(", 5) == 0 ? " → " : " = ";
}

static void write_value(const struct source *s, double value, int decimals, char buffer[NUMBER_TEXT])
{
    number_written(value, decimals, buffer);
    if (s->e.fold == FOLD_SUM && buffer[0] != '-') {
        memmove(buffer + 1, buffer, strlen(buffer) + 1);
        buffer[0] = '+';
    }
}

struct qkv_err arithmetic_make(const struct lesson *lesson, const struct tape *tape, int step, size_t h, size_t r,
                               size_t c, size_t most, int decimals, bool turned, struct arithmetic *ret)
{
    struct source s;
    struct arithmetic a = {0};
    struct qkv_err err = source_init(&s, tape, step, h, r, c, most, turned);
    if (err.code)
        goto out;
    a.lines = calloc(s.n_shown + 1, sizeof *a.lines);
    if (!a.lines) {
        err = qkv_nomem("the arithmetic of a cell");
        goto out;
    }
    a.fold = s.e.fold;
    a.gives = gives(&s);
    language_add_note(lesson, &s.e, turned, &a.note);
    bool failed = a.note.failed;
    number_written(s.value, decimals, a.value);
    int of_terms = s.e.fold == FOLD_SUM ? enough_decimals(&s, decimals, false) : decimals;
    int of_operands = common_decimals(&s, operand_decimals(&s, of_terms));
    for (size_t i = 0; i < s.n_shown; i++) {
        struct arithmetic_line *line = &a.lines[a.n++];
        line->label = s.e.along.size ? axis_position(&s.e.along, h, s.e.terms[s.shown[i]].position, line->number) : "";
        if (strcmp(s.e.term_text, "a") != 0) /* a single cell has no calculation beside its value */
            write_term(&s, s.shown[i], of_operands, &line->work);
        write_value(&s, term_value(&s, s.shown[i], -1), of_terms, line->value);
        failed |= line->work.failed;
    }
    if (failed)
        err = qkv_nomem("the arithmetic of a cell");
    if (s.n_shown < s.e.n_terms) {
        struct arithmetic_line *line = &a.lines[a.n++];
        line->folded = s.e.n_terms - s.n_shown;
        snprintf(line->number, sizeof line->number, s.e.fold == FOLD_MAX ? "%zu more, at most" : "%zu more",
                 line->folded);
        line->label = line->number;
        write_value(&s, rest_value(&s), of_terms, line->value);
    }
out:
    source_finish(&s);
    if (err.code)
        arithmetic_finish(&a);
    else
        *ret = a;
    return err;
}

void arithmetic_finish(struct arithmetic *a)
{
    for (size_t i = 0; i < a->n; i++)
        spans_finish(&a->lines[i].work);
    free(a->lines);
    str_finish(&a->note);
    *a = (struct arithmetic){0};
}

struct qkv_err arithmetic_text(const struct lesson *lesson, const struct tape *tape, int step, size_t h, size_t r,
                               size_t c, size_t most, int decimals, bool turned, struct str *to)
{
    struct source s;
    struct spans line = {0};
    struct str note = {0};
    char number[NUMBER_TEXT];
    struct qkv_err err = source_init(&s, tape, step, h, r, c, most, turned);
    if (err.code)
        goto out;
    int of_rest = enough_decimals(&s, decimals, true), d = common_decimals(&s, of_rest);
    const char *between = s.e.fold == FOLD_MAX ? ", " : " + ";
    if (s.e.fold == FOLD_MAX)
        str_add(&line.text, "max(");
    for (size_t i = 0; i < s.n_shown; i++) {
        if (i > 0)
            str_add(&line.text, between);
        write_term(&s, s.shown[i], d, &line);
    }
    if (s.n_shown < s.e.n_terms)
        str_addf(&line.text, "%s%s [%zu more]", between, number_written(rest_value(&s), of_rest, number),
                 s.e.n_terms - s.n_shown);
    if (s.e.fold == FOLD_MAX)
        str_add(&line.text, ")");
    str_addf(to, "%s%s%s", str_text(&line.text), gives(&s), number_written(s.value, decimals, number));
    language_add_note(lesson, &s.e, turned, &note);
    if (note.n)
        str_addf(to, "  (%s)", str_text(&note));
    if (note.failed || line.failed || line.text.failed || to->failed)
        err = qkv_nomem("the arithmetic of a cell");
out:
    str_finish(&note);
    spans_finish(&line);
    source_finish(&s);
    return err;
}

const char *cell_name(const struct tensor *t, size_t h, size_t r, size_t c, bool turned, char buffer[CELL_NAME])
{
    char head[32] = "", names[2][24];
    const char *row = axis_position(&t->axis[AXIS_ROW], h, r, names[0]),
               *col = axis_position(&t->axis[AXIS_COL], h, c, names[1]);
    bool rows = t->axis[AXIS_ROW].size > 1, cols = t->axis[AXIS_COL].size > 1;
    if (t->axis[AXIS_HEAD].size > 1)
        snprintf(head, sizeof head, "head %zu, ", h + 1);
    if (rows && cols)
        snprintf(buffer, CELL_NAME, "%s%s, %s", head, turned ? col : row, turned ? row : col);
    else
        snprintf(buffer, CELL_NAME, "%s%s", head, cols ? col : row);
    return buffer;
}
