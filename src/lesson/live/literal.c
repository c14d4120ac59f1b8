#include "lesson/live/literal.h"

#include "lesson/text/number.h"
#include "lesson/text/position.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- numbers in a text ---- */

static bool is_word_byte(char c)
{
    return isalnum((unsigned char)c) || (c && strchr("_^#.,:", c)) || (unsigned char)c >= 0x80;
}

/* Where a text ends if these words, with blanks around them, are cut off; 0: it ends otherwise. */
static size_t before_word(const char *text, size_t end, const char *const words[])
{
    for (; *words; words++) {
        size_t n = strlen(*words);
        if (end > n && strncmp(text + end - n, *words, n) == 0)
            return end - n;
    }
    return 0;
}

/* Is it a name: "head 2", "{row} 3", the second of "heads 1 and 3"? */
static bool is_name(const char *text, size_t at)
{
    static const char *const names[] = {"head", "step",   "lesson", "tile",  "chunk", "layer", "page", "seed",
                                        "row",  "column", "frame",  "patch", "state", "place", "word", "part",
                                        "case", "stop",   "number", "set",   "draw",  NULL};
    static const char *const links[] = {" and ", " or ", " to ", ", ", NULL};
    size_t end = before_word(text, at, links), start = end;
    while (start > 0 && isdigit((unsigned char)text[start - 1]))
        start--;
    if (end > start && start > 0 && !is_word_byte(text[start - 1]) && text[start - 1] != '-')
        return is_name(text, start);
    for (end = at; end > 0 && text[end - 1] == ' ';)
        end--;
    if (end == at || end == 0)
        return false;
    if (text[end - 1] == '}')
        return true;
    end -= text[end - 1] == 's';
    for (start = end; start > 0 && isalpha((unsigned char)text[start - 1]); start--)
        ;
    for (size_t i = 0; names[i]; i++)
        if (strlen(names[i]) == end - start && tolower((unsigned char)text[start]) == names[i][0] &&
            strncmp(text + start + 1, names[i] + 1, end - start - 1) == 0)
            return true;
    return false;
}

/* "in 2017" */
static bool is_year(const struct literal *number)
{
    return number->n == 4 && number->is >= 1800 && number->is < 2100;
}

/* The number whose digits begin at `at`; false: they belong to a word ("GPT-2", "8x8", "2nd"). */
static bool number_at(const char *text, size_t at, struct literal *ret, bool *ret_sure)
{
    size_t n = strspn(text + at, "0123456789");
    bool minus = at > 0 && text[at - 1] == '-' && (at == 1 || !isalnum((unsigned char)text[at - 2]));
    ret->decimals = 0;
    if (text[at + n] == '.' && isdigit((unsigned char)text[at + n + 1])) {
        ret->decimals = (int)strspn(text + at + n + 1, "0123456789");
        n += 1 + (size_t)ret->decimals;
    }
    const char *behind = text + at + n + (text[at + n] == ' ');
    bool percent = *behind == '%';
    bool inside = at > 0 && (is_word_byte(text[at - 1]) || (text[at - 1] == '-' && !minus));
    ret->at = minus ? at - 1 : at;
    ret->n = n + minus;
    ret->is = strtod(text + ret->at, NULL);
    *ret_sure = ret->decimals > 0 || minus || percent;
    return !inside && !isalpha((unsigned char)text[at + n]) && !(percent && (ret->is == 0 || ret->is == 100));
}

/* ---- is it on the page? ---- */

static bool rounds_to(const struct literal *number, double value)
{
    return isfinite(value) &&
           (number->decimals ? fabs(value - number->is) <= 0.5 * pow(10, -number->decimals) * (1 + 1e-9)
                             : value == number->is);
}

/* A cell of the tensor that shows this number; in the stop's own row where there is one. */
static bool find_cell(const struct tensor *t, const struct stop *stop, const struct literal *number, size_t ret[AXES])
{
    bool found = false;
    for (size_t h = 0; h < t->axis[AXIS_HEAD].size; h++)
        for (size_t r = 0; r < t->axis[AXIS_ROW].size; r++)
            for (size_t c = 0; c < t->axis[AXIS_COL].size; c++) {
                bool here = (stop->head < 0 || (size_t)stop->head == h) && (size_t)stop->row == r;
                if (!rounds_to(number, *tensor_at(t, h, r, c)) || (found && !here))
                    continue;
                ret[AXIS_HEAD] = h, ret[AXIS_ROW] = r, ret[AXIS_COL] = c;
                found = true;
                if (here)
                    return true;
            }
    return found;
}

/* The step of the page, its result or one of its operands, that shows the number; -1: none does. */
static int find_shown(const struct lesson *lesson, const struct stop *stop, const struct literal *number,
                      size_t ret[AXES])
{
    const struct step *step = &lesson->tape.steps[stop->step];
    if (find_cell(&step->value, stop, number, ret))
        return stop->step;
    for (int i = 0; i < op_table[step->spec.op]->n_inputs; i++)
        if (find_cell(&lesson->tape.steps[step->spec.in[i]].value, stop, number, ret))
            return step->spec.in[i];
    return -1;
}

bool literal_find(const char *text, size_t from, struct literal *ret)
{
    for (size_t i = from; text[i]; i++) {
        bool sure;
        size_t closes = text[i] == '{' ? 1 + strcspn(text + i + 1, "}|{") : 0;
        if (closes && text[i + closes] == '}') { /* a name or a live number; {this|that} is read on */
            i += closes;
            continue;
        }
        if (!isdigit((unsigned char)text[i]))
            continue;
        if (number_at(text, i, ret, &sure) && (sure || (ret->is >= 2 && !is_name(text, i) && !is_year(ret))))
            return true;
        i += strspn(text + i, "0123456789.") - 1;
    }
    return false;
}

/* ---- what to write instead ---- */

/* "A[it, cat]": as an author names the cell. */
static void add_reference(const struct lesson *lesson, const struct stop *stop, int at, const size_t cell[AXES],
                          struct str *to)
{
    const struct tape *tape = &lesson->tape;
    const struct step *step = &tape->steps[at];
    int alike = 0;
    for (size_t i = 0; i < tape->n; i++)
        alike += strcmp(tape->steps[i].spec.symbol, step->spec.symbol) == 0 ||
                 strcmp(tape->steps[i].spec.name, step->spec.symbol) == 0;
    str_addf(to, "%s[",
             alike == 1 || strcmp(step->spec.symbol, step->spec.name) == 0 ? step->spec.symbol : step->spec.name);
    if (step->value.axis[AXIS_HEAD].size > 1 && stop->head != (int)cell[AXIS_HEAD])
        str_addf(to, "%zu; ", cell[AXIS_HEAD] + 1);
    for (int a = AXIS_ROW; a < AXES; a++) {
        const struct axis *axis = &step->value.axis[a];
        const char *label = axis_label(axis, cell[AXIS_HEAD], cell[a]);
        if (a == AXIS_COL && axis->size == 1)
            continue;
        str_add(to, a == AXIS_ROW ? "" : ", ");
        if (label && axis_find(axis, cell[AXIS_HEAD], label) == (long)cell[a] && !strpbrk(label, ",;]"))
            str_add(to, label);
        else
            str_addf(to, "%zu", cell[a] + 1);
    }
    str_add(to, "]");
}

static void report(struct reader *r, const struct lesson *lesson, const struct stop *stop, const struct node *node,
                   const struct literal *number)
{
    size_t cell[AXES];
    struct str cure = {0};
    int at = stop ? find_shown(lesson, stop, number, cell) : -1;
    if (at >= 0)
        add_reference(lesson, stop, at, cell, &cure);
    else
        str_add(&cure, "A[row, column]");
    diagnostic_in(r, node, number->at, QKV_ERR_DOMAIN,
                  "'%.*s' stays as it is when something is changed: write {%s}, or {=%.*s} if it is meant as it is",
                  (int)number->n, node->text + number->at, str_text(&cure), (int)number->n, node->text + number->at);
    str_finish(&cure);
}

static void check_text(struct reader *r, const struct lesson *lesson, const struct stop *stop, const struct node *node)
{
    struct literal number;
    for (size_t from = 0; node && node->kind == NODE_TEXT && literal_find(node->text, from, &number);
         from = number.at + number.n)
        report(r, lesson, stop, node, &number);
}

void literals_check(const struct lesson *lesson, const char *text, size_t n, struct diagnostics *ret)
{
    struct arena arena = {0};
    struct diagnostics ignored = {0};
    struct reader r = {.arena = &arena, .f = ret, .source = text, .n = n};
    const struct node *root = yaml_read(&arena, text, n, &ignored), *script = node_field(root, "script");
    size_t i = 0;
    check_text(&r, lesson, NULL, node_field(root, "summary"));
    for (const struct node *node = script ? script->first : NULL; node && i < lesson->n_stops; node = node->next, i++) {
        check_text(&r, lesson, &lesson->stops[i], node_field(node, "title"));
        check_text(&r, lesson, &lesson->stops[i], node_field(node, "say"));
        const struct node *try_this = node_field(node, "try");
        check_text(&r, lesson, &lesson->stops[i],
                   try_this && try_this->kind == NODE_MAPPING ? node_field(try_this, "say") : try_this);
        check_text(&r, lesson, NULL, node_field(try_this, "then")); /* of other numbers than the page's */
    }
    arena_finish(&arena);
}
