#include "card_reader.h"

#include "support/pencil.h"

#include "lesson/language/language.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool wrong(char why[REASON_TEXT], const char *format, ...) QKV_PRINTF(2, 3);
static bool wrong(char why[REASON_TEXT], const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(why, REASON_TEXT, format, args);
    va_end(args);
    return false;
}

/* ---- reading the card ---- */

static void append(char to[SHOWN_TEXT], const char *between, const char *text)
{
    size_t n = strlen(to);
    snprintf(to + n, SHOWN_TEXT - n, "%s%s", n ? between : "", text);
}

/* Where the last line's parts stand, to see that they stand in one line and in order. */
struct place_read {
    struct rect term, work;
    char label[SHOWN_TEXT], above[SHOWN_TEXT]; /* of the line to come: its label, and work that stands above its term */
};

static bool read_work(const struct item *item, const char *text, struct shown_card *card, struct place_read *at,
                      char why[REASON_TEXT])
{
    if (card->n == 0 || item->box.y > at->term.y + at->term.h - 1) {
        append(at->above, "", text);
        return true;
    }
    struct shown_line *line = &card->lines[card->n - 1];
    if (fabsf(item->box.y + item->box.h / 2 - at->term.y - at->term.h / 2) > 2)
        return wrong(why, "work \"%s\" does not stand beside its term \"%s\"", text, line->term);
    if (item->box.x + item->box.w > at->term.x + 1)
        return wrong(why, "work \"%s\" runs into its term \"%s\"", text, line->term);
    if (line->work[0] && item->box.x < at->work.x + at->work.w - 1)
        return wrong(why, "work \"%s\" does not stand after \"%s\"", text, line->work);
    append(line->work, "", text);
    at->work = item->box;
    return true;
}

static bool read_term(const struct item *item, const char *text, struct shown_card *card, struct place_read *at,
                      char why[REASON_TEXT])
{
    if (card->n == SHOWN_LINES_MAX)
        return wrong(why, "more than %d lines", SHOWN_LINES_MAX);
    struct shown_line *line = &card->lines[card->n++];
    if (card->n > 1 && item->box.y < at->term.y + at->term.h / 2)
        return wrong(why, "term \"%s\" does not stand below the one before", text);
    snprintf(line->term, sizeof line->term, "%s", text);
    snprintf(line->label, sizeof line->label, "%s", at->label);
    snprintf(line->work, sizeof line->work, "%s", at->above);
    at->label[0] = at->above[0] = '\0';
    at->work = at->term = item->box;
    return true;
}

bool card_read(const struct display_list *list, struct shown_card *card, char why[REASON_TEXT])
{
    memset(card, 0, sizeof *card);
    struct place_read at = {.label = ""};
    bool fine = true;
    for (size_t i = 0; fine && i < list->n; i++) {
        const struct item *item = &list->items[i];
        if (item->kind != ITEM_TEXT)
            continue;
        const char *text = display_item_text(list, item);
        if (strcmp(item->part, "card.term") == 0)
            fine = read_term(item, text, card, &at, why);
        else if (strcmp(item->part, "card.work") == 0)
            fine = read_work(item, text, card, &at, why);
        else if (strcmp(item->part, "card.label") == 0)
            snprintf(at.label, sizeof at.label, "%s", text);
        else if (strcmp(item->part, "card.name") == 0)
            append(card->name, "", text);
        else if (strcmp(item->part, "card.value") == 0)
            append(card->value, " ", text);
        else if (strcmp(item->part, "card.total") == 0)
            append(card->total, " ", text);
        else if (strcmp(item->part, "card.total.label") == 0)
            append(card->total_label, " ", text);
        else if (strcmp(item->part, "card.note") == 0)
            append(card->note, " ", text);
    }
    if (fine && !card->value[0])
        return wrong(why, "the page shows no card with a value");
    return fine;
}

/* ---- what is true ---- */

static void position_name(const struct axis *axis, size_t h, size_t i, char ret[96])
{
    const char *label = axis->labels ? axis->labels[h * axis->labels_per_head + i] : NULL;
    if (label)
        snprintf(ret, 96, "%s", label);
    else
        snprintf(ret, 96, "%zu", i + 1);
}

/* "{row} {1}" is row 2, or column 2. The lessons with distances are about words. */
static void say_note(const struct explanation *e, bool turned, char said[SAID_NOTE_TEXT])
{
    static const char *const marks[][3] = {{"{row}", "row", "column"},
                                           {"{column}", "column", "row"},
                                           {"{columns}", "columns", "rows"},
                                           {"{target}", "word", "word"},
                                           {"{targets}", "words", "words"}};
    size_t n = 0;
    for (const char *p = language_note(language_english(), e->note); *p && n + NOTE_NUMBER_TEXT < SAID_NOTE_TEXT;) {
        char text[NOTE_NUMBER_TEXT] = {*p};
        size_t length = 1;
        if (p[0] == '{' && isdigit((unsigned char)p[1])) {
            snprintf(text, sizeof text, "%s", e->number[p[1] - '1']);
            length = 3;
        }
        for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
            if (strncmp(p, marks[i][0], strlen(marks[i][0])) == 0) {
                snprintf(text, sizeof text, "%s", marks[i][1 + turned]);
                length = strlen(marks[i][0]);
            }
        n += (size_t)snprintf(said + n, SAID_NOTE_TEXT - n, "%s", text);
        p += length;
    }
    said[n] = '\0';
}

struct qkv_err cell_facts_init(struct cell_facts *facts, const struct tape *tape, int step, size_t h, size_t r,
                               size_t c)
{
    *facts = (struct cell_facts){.step = &tape->steps[step], .head = h};
    const struct step_spec *spec = &facts->step->spec;
    const struct tensor *value = &facts->step->value;
    for (int i = 0; i < OP_INPUTS_MAX; i++)
        facts->in[i] = spec->op == OP_INPUT               ? value
                       : i < op_table[spec->op]->n_inputs ? &tape->steps[spec->in[i]].value
                                                          : NULL;
    size_t rows = value->axis[AXIS_ROW].size, cols = value->axis[AXIS_COL].size;
    facts->value = value->v[(h * rows + r) * cols + c];
    position_name(&value->axis[AXIS_ROW], h, r, facts->row);
    position_name(&value->axis[AXIS_COL], h, c, facts->col);
    struct qkv_err err = tape_explain(tape, step, h, r, c, &facts->explanation);
    say_note(&facts->explanation, false, facts->note);
    return err;
}

void cell_facts_turn(struct cell_facts *facts)
{
    struct explanation *e = &facts->explanation;
    facts->turned = true;
    say_note(e, true, facts->note);
    for (size_t i = 0; i < e->n_terms && op_table[facts->step->spec.op]->form != FORM_LINE; i++)
        if (e->terms[i].n_cells == 2) {
            struct cell left = e->terms[i].cell[0];
            e->terms[i].cell[0] = e->terms[i].cell[1];
            e->terms[i].cell[1] = left;
        }
}

void cell_facts_finish(struct cell_facts *facts)
{
    explanation_finish(&facts->explanation);
}

enum { WRITTEN_MAX = 16 };

/* The numbers of a term's arithmetic, in the order they are written: cells, and constants as the 2 of "a × a ÷ 2". */
struct written {
    const struct cell *cell; /* NULL: a constant */
    double constant;
};

static size_t numbers_written(const struct explanation *e, const struct term *term, struct written ret[WRITTEN_MAX],
                              size_t *ret_cells)
{
    size_t n = 0;
    *ret_cells = 0;
    for (const char *p = e->term_text; *p && n < WRITTEN_MAX; p++) {
        if (p > e->term_text && (isalnum((unsigned char)p[-1]) || p[-1] == '.'))
            continue;
        if (isdigit((unsigned char)*p)) {
            ret[n++] = (struct written){NULL, strtod(p, NULL)};
        } else if (islower((unsigned char)*p) && !isalpha((unsigned char)p[1]) && *p - 'a' < term->n_cells) {
            ret[n++] = (struct written){&term->cell[*p - 'a'], 0};
            ++*ret_cells;
        }
    }
    return n;
}

static double cell_value(const struct cell_facts *f, const struct cell *cell)
{
    const struct tensor *t = f->in[cell->operand];
    size_t h = t->axis[AXIS_HEAD].size > 1 ? cell->head : 0;
    return t->v[(h * t->axis[AXIS_ROW].size + cell->row) * t->axis[AXIS_COL].size + cell->col];
}

static double exact_term(const struct cell_facts *f, size_t term)
{
    return explanation_term_value(&f->explanation, term, f->in, -1);
}

/* ---- is it true? ---- */

/* The written arithmetic of a term: its numbers are the cells', and with the cells as they really are in their place it
 * comes to what the term really is: so every sign and every constant in it is right too. */
static bool work_is_of_term(const char *work, const struct cell_facts *f, size_t term, char why[REASON_TEXT])
{
    struct written written[WRITTEN_MAX];
    struct shown_number numbers[WRITTEN_MAX];
    size_t n_cells, n_written = numbers_written(&f->explanation, &f->explanation.terms[term], written, &n_cells);
    size_t n = pencil_numbers(work, numbers, WRITTEN_MAX), from = 0, to = 0;
    if (n < n_cells || n > WRITTEN_MAX)
        return wrong(why, "\"%s\" has %zu numbers, but is made of %zu cells", work, n, n_cells);
    char exact[1024] = "";
    for (size_t i = 0; i < n_written; i++) {
        const struct shown_number *number = &numbers[i]; /* of the work, where i < n */
        /* A wrong constant goes unnoticed where it is multiplied with 0. */
        double constant = written[i].constant;
        if (!written[i].cell && n == n_written && !pencil_agrees(number, constant) && !pencil_agrees(number, -constant))
            return wrong(why, "\"%s\": number %zu is not %g", work, i + 1, constant);
        if (!written[i].cell)
            continue;
        double x = cell_value(f, written[i].cell);
        if (i >= n)
            return wrong(why, "\"%s\" has %zu numbers, and its number %zu is a cell", work, n, i + 1);
        if (!pencil_agrees(number, x))
            return wrong(why, "\"%s\": number %zu is not the cell's %.17g", work, i + 1, x);
        to += (size_t)snprintf(exact + to, sizeof exact - to, "%.*s", (int)(number->at - from), work + from);
        if (isinf(x))
            to += (size_t)snprintf(exact + to, sizeof exact - to, "(%s∞)", x < 0 ? "-" : "");
        else
            to += (size_t)snprintf(exact + to, sizeof exact - to, "(%.17g)", x);
        from = number->at + number->n;
    }
    snprintf(exact + to, sizeof exact - to, "%s", work + from);
    double got, want = exact_term(f, term);
    if (!pencil_eval(exact, &got))
        return wrong(why, "\"%s\" cannot be read", work);
    if (!(got == want || fabs(got - want) <= 1e-12 * (1 + fabs(want))))
        return wrong(why, "\"%s\" with the cells as they are is %.17g, not %.17g", work, got, want);
    return true;
}

/* "5 more": how many; 0: it says something else. */
static size_t folded_terms(const char *label)
{
    size_t n = 0;
    char end;
    return sscanf(label, "%zu mor%c", &n, &end) == 2 && strstr(label, " more") ? n : 0;
}

/* On a small page a name may be cut. */
static bool is_called(const char *shown, const char *name)
{
    const char *cut = strstr(shown, "…");
    return strcmp(shown, name) == 0 || (cut && cut > shown && strncmp(shown, name, (size_t)(cut - shown)) == 0);
}

static bool label_fits_term(const char *label, const struct cell_facts *f, size_t term)
{
    const struct explanation *e = &f->explanation;
    char name[96];
    if (!e->along.size)
        return !label[0] || is_called(label, "given") || is_called(label, "the same number, moved") ||
               (f->step->spec.op == OP_INPUT &&
                is_called(label, step_text(f->step, false).title)); /* a side of a comparison */
    position_name(&e->along, f->head, e->terms[term].position, name);
    return is_called(label, name);
}

static bool line_fits_term(const struct shown_line *line, const struct cell_facts *f, size_t term,
                           char why[REASON_TEXT])
{
    struct shown_number shown;
    double got, exact = exact_term(f, term);
    if (!label_fits_term(line->label, f, term))
        return wrong(why, "\"%s\" is not how term %zu is called", line->label, term + 1);
    if (!pencil_number(line->term, &shown))
        return wrong(why, "term \"%s\" is no number", line->term);
    if (!pencil_agrees(&shown, exact))
        return wrong(why, "term \"%s\" is really %.17g", line->term, exact);
    if (!line->work[0])
        return strcmp(f->explanation.term_text, "a") == 0 || wrong(why, "term \"%s\" shows no work", line->term);
    if (!work_is_of_term(line->work, f, term, why))
        return false;
    if (!pencil_eval(line->work, &got) || !pencil_agrees(&shown, got))
        return wrong(why, "\"%s\" is %.17g, but \"%s\" is written", line->work, got, line->term);
    return true;
}

/* What the terms come to together: their sum or their largest. */
struct together {
    bool largest;
    double value;
};

static void put_together(struct together *t, double x)
{
    t->value = t->largest ? fmax(t->value, x) : t->value + x;
}

/* The line of the terms that are not written one by one. */
static bool folded_line_is_true(const struct shown_line *line, size_t left, const struct together *rest,
                                char why[REASON_TEXT])
{
    struct shown_number shown;
    if (folded_terms(line->label) != left)
        return wrong(why, "\"%s\", but %zu terms are not written", line->label, left);
    if (line->work[0] || !pencil_number(line->term, &shown))
        return wrong(why, "\"%s\" of \"%s\" is no number", line->term, line->label);
    /* Twins among the terms may stand for one another: then the rest is that of the other, to the digits shown. */
    shown.half *= 3;
    return pencil_agrees(&shown, rest->value) ||
           wrong(why, "\"%s\" of \"%s\" is really %.17g", line->term, line->label, rest->value);
}

/* Does term a come before term b where only some are written: is it larger, or as large and the first? Terms of one
 * name may stand for one another. */
static bool comes_before(const struct cell_facts *f, size_t a, size_t b)
{
    const struct explanation *e = &f->explanation;
    double size_a = exact_term(f, a), size_b = exact_term(f, b);
    char name_a[96], name_b[96];
    if (e->fold != FOLD_MAX) {
        size_a = fabs(size_a);
        size_b = fabs(size_b);
    }
    position_name(&e->along, f->head, e->terms[a].position, name_a);
    position_name(&e->along, f->head, e->terms[b].position, name_b);
    return (size_a > size_b || (size_a == size_b && a < b)) && strcmp(name_a, name_b) != 0;
}

/* Those that are written, in their order, are the ones that matter most. */
static bool largest_are_written(const struct cell_facts *f, const size_t written[], size_t n, char why[REASON_TEXT])
{
    for (size_t term = 0, next = 0; term < f->explanation.n_terms; term++) {
        if (next < n && written[next] == term) {
            next++;
            continue;
        }
        for (size_t i = 0; i < n; i++)
            if (comes_before(f, term, written[i]))
                return wrong(why, "term %zu is written, but term %zu, which comes first, is not", written[i] + 1,
                             term + 1);
    }
    return true;
}

/* Every line belongs to a term, in the terms' order; *ret_shown is what a reader gets who takes them together. */
static bool lines_are_true(const struct shown_card *card, const struct cell_facts *f, struct together *ret_shown,
                           char why[REASON_TEXT])
{
    const struct explanation *e = &f->explanation;
    size_t term = 0, written = 0, terms[SHOWN_LINES_MAX];
    struct together rest = *ret_shown;
    for (size_t i = 0; i < card->n; i++) {
        const struct shown_line *line = &card->lines[i];
        struct shown_number shown;
        if (folded_terms(line->label) && i + 1 == card->n && !line->work[0] && e->n_terms > card->n) {
            for (; term < e->n_terms; term++)
                put_together(&rest, exact_term(f, term));
            if (!folded_line_is_true(line, e->n_terms - written, &rest, why))
                return false;
        } else {
            /* Only where some are folded may a term be passed over. */
            while (!(term < e->n_terms && line_fits_term(line, f, term, why))) {
                if (term == e->n_terms || card->n == e->n_terms)
                    return false;
                put_together(&rest, exact_term(f, term++));
            }
            terms[written++] = term++;
        }
        pencil_number(line->term, &shown);
        put_together(ret_shown, shown.value);
    }
    if (written == e->n_terms || card->n == written + 1)
        return largest_are_written(f, terms, written, why);
    return wrong(why, "%zu of %zu terms are written and the rest is not said", written, e->n_terms);
}

static bool total_is_true(const struct shown_card *card, const struct cell_facts *f, const struct together *shown,
                          char why[REASON_TEXT])
{
    struct shown_number total;
    if (f->explanation.fold == FOLD_NONE) {
        if (card->total[0] || card->total_label[0] || card->n != 1)
            return wrong(why, "one term needs no total");
        return strcmp(card->lines[0].term, card->value) == 0 ||
               wrong(why, "the term is \"%s\", the value \"%s\"", card->lines[0].term, card->value);
    }
    if (strcmp(card->total_label, shown->largest ? "largest" : "sum") != 0)
        return wrong(why, "the total is called \"%s\"", card->total_label);
    if (strcmp(card->total, card->value) != 0 || !pencil_number(card->total, &total))
        return wrong(why, "the total is \"%s\", the value \"%s\"", card->total, card->value);
    return pencil_agrees(&total, shown->value) ||
           wrong(why, "the lines come to %.17g, but \"%s\" is written", shown->value, card->total);
}

bool card_is_true(const struct shown_card *card, const struct cell_facts *f, char why[REASON_TEXT])
{
    char name[SHOWN_TEXT];
    struct shown_number value;
    bool largest = f->explanation.fold == FOLD_MAX;
    struct together shown = {largest, largest ? -INFINITY : 0};
    /* The only number of a row needs no name for its column, unless it has one. */
    const struct axis *cols = &f->step->value.axis[AXIS_COL];
    bool alone = cols->size == 1 && !axis_label(cols, f->head, 0);
    snprintf(name, sizeof name, alone ? "[%s]" : "[%s, %s]", f->turned && !alone ? f->col : f->row,
             f->turned ? f->row : f->col);
    if (!is_called(card->name, name))
        return wrong(why, "the card names \"%s\", not \"%s\"", card->name, name);
    if (!pencil_number(card->value, &value) || !pencil_agrees(&value, f->value))
        return wrong(why, "the value is \"%s\", really %.17g", card->value, f->value);
    if (strcmp(card->note, f->note) != 0)
        return wrong(why, "the note is \"%s\", not \"%s\"", card->note, f->note);
    return lines_are_true(card, f, &shown, why) && total_is_true(card, f, &shown, why);
}

/* ---- on one line ---- */

/* The written numbers of the terms are those of the cells, in order; folded terms are left out. */
static bool line_numbers_are_true(const char *work, const struct cell_facts *f, char why[REASON_TEXT])
{
    const struct explanation *e = &f->explanation;
    struct shown_number numbers[1024];
    struct written written[WRITTEN_MAX];
    size_t n = pencil_numbers(work, numbers, 1024), k = 0, n_shown = 0, per_term;
    size_t n_written = numbers_written(e, &e->terms[0], written, &per_term);
    bool folded = strstr(work, " more]"), single = e->fold == FOLD_NONE;
    if (n > 1024 || n < e->n_terms * per_term * (folded ? 0 : 1))
        return wrong(why, "%zu numbers for %zu terms", n, e->n_terms);
    for (size_t term = 0; term < e->n_terms; term++) {
        numbers_written(e, &e->terms[term], written, &per_term);
        bool fits = k + per_term <= n - folded;
        for (size_t i = 0, at = k; fits && i < n_written; i++) {
            size_t place = single ? i : at;
            if (written[i].cell)
                fits = place < n && pencil_agrees(&numbers[place], cell_value(f, written[i].cell));
            at += written[i].cell != NULL;
        }
        if (!fits && !folded)
            return wrong(why, "\"%s\": the numbers of term %zu are not its cells", work, term + 1);
        k += fits ? per_term : 0;
        n_shown += fits;
        for (size_t i = 0; fits && !single && i < n_written && k < n - folded; i++)
            k += !written[i].cell && pencil_agrees(&numbers[k], written[i].constant);
    }
    size_t more = 0;
    if (folded && (sscanf(strrchr(work, '['), "[%zu more]", &more) != 1 || more + n_shown != e->n_terms))
        return wrong(why, "\"%s\": %zu terms are written, %zu said to be left", work, n_shown, more);
    /* What is left over are constants: one term has them. */
    return k + folded == n || e->fold == FOLD_NONE || wrong(why, "\"%s\" has numbers of no cell", work);
}

bool line_is_true(const char *line, const struct cell_facts *f, char why[REASON_TEXT])
{
    char work[8192], value[SHOWN_TEXT], note[SAID_NOTE_TEXT + 4] = "";
    const char *equals = strstr(line, " = "), *gives = strstr(line, ", mask ") ? strstr(line, " → ") : NULL;
    size_t sign = strlen(gives ? " → " : " = ");
    equals = gives ? gives : equals;
    if (!equals || (size_t)(equals - line) >= sizeof work)
        return wrong(why, "\"%s\" has no equals sign", line);
    snprintf(work, sizeof work, "%.*s", (int)(equals - line), line);
    const char *end = strstr(equals, "  (");
    snprintf(value, sizeof value, "%.*s", end ? (int)(end - equals - (ptrdiff_t)sign) : (int)strlen(equals + sign),
             equals + sign);
    if (f->note[0])
        snprintf(note, sizeof note, "  (%s)", f->note);
    if (strcmp(end ? end : "", note) != 0)
        return wrong(why, "the note is \"%s\", not \"%s\"", end ? end : "", note);
    struct shown_number shown;
    double got;
    if (!pencil_number(value, &shown) || !pencil_agrees(&shown, f->value))
        return wrong(why, "the value is \"%s\", really %.17g", value, f->value);
    if (!pencil_eval(work, &got) || !pencil_agrees(&shown, got))
        return wrong(why, "\"%s\" is %.17g, but \"%s\" is written", work, got, value);
    return line_numbers_are_true(work, f, why);
}
