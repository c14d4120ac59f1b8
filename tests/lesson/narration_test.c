/* The decimal numbers in the built-in lessons' texts: each stands on the page beside which the text stands.
 *
 * A number with a point, in `say` or `try`, must be a cell of the step's result or of its operands, rounded to the
 * digits that are written, its sign left aside. A text that says so ("add up", "together", "less") may also name the
 * sum of a row or column there, or a sum or difference of two numbers that it writes itself. Whole numbers are not
 * looked at: they count words as often as they are cells; nor are live numbers, which are computed. */
#include "lesson/opened.h"

#include "lesson/live/live.h"
#include "lesson/text/builtin.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- a number, as a text writes it ---- */

struct written {
    char text[32]; /* without its sign */
    double is;
    int decimals; /* 0: a whole number */
};

/* The next number at or after *at, which moves behind it. */
static bool next_number(const char **at, struct written *ret)
{
    const char *from = *at;
    for (; *from && !isdigit((unsigned char)*from); from++)
        if (*from == LIVE_MARKS[0])
            from += strcspn(from, &LIVE_MARKS[2]) - 1;
    const char *to = from, *point = NULL;
    while (isdigit((unsigned char)*to) || (*to == '.' && !point && isdigit((unsigned char)to[1]))) {
        if (*to == '.')
            point = to;
        to++;
    }
    *at = to;
    if (to == from || (size_t)(to - from) >= sizeof ret->text)
        return false;
    snprintf(ret->text, sizeof ret->text, "%.*s", (int)(to - from), from);
    ret->is = strtod(ret->text, NULL);
    ret->decimals = point ? (int)(to - point - 1) : 0;
    return true;
}

static bool rounds_to(const struct written *number, double value)
{
    return fabs(fabs(value) - number->is) <= 0.5 * pow(10, -number->decimals) * (1 + 1e-9);
}

/* ---- where it may stand ---- */

enum { NEAREST = 3 };

struct hunt {
    const struct written *number;
    bool found;
    double nearest[NEAREST];
};

static void offer(struct hunt *hunt, double value)
{
    hunt->found = hunt->found || rounds_to(hunt->number, value);
    double better = fabs(value);
    for (int i = 0; i < NEAREST && isfinite(value); i++) {
        if (better == hunt->nearest[i])
            return;
        if (fabs(better - hunt->number->is) < fabs(hunt->nearest[i] - hunt->number->is)) {
            double worse = hunt->nearest[i];
            hunt->nearest[i] = better;
            better = worse;
        }
    }
}

static void offer_sums(struct hunt *hunt, const struct tensor *t)
{
    for (size_t h = 0; h < t->axis[AXIS_HEAD].size; h++) {
        for (size_t r = 0; r < t->axis[AXIS_ROW].size; r++) {
            double sum = 0;
            for (size_t c = 0; c < t->axis[AXIS_COL].size; c++)
                sum += *tensor_at(t, h, r, c);
            offer(hunt, sum);
        }
        for (size_t c = 0; c < t->axis[AXIS_COL].size; c++) {
            double sum = 0;
            for (size_t r = 0; r < t->axis[AXIS_ROW].size; r++)
                sum += *tensor_at(t, h, r, c);
            offer(hunt, sum);
        }
    }
}

static void offer_tensor(struct hunt *hunt, const struct tensor *t, bool sums)
{
    for (size_t i = 0; i < tensor_cells(t); i++)
        offer(hunt, t->v[i]);
    if (sums)
        offer_sums(hunt, t);
}

static void offer_step(struct hunt *hunt, const struct tape *tape, int step, bool sums)
{
    if (step < 0)
        return;
    struct op_call call = tape_call(tape, step);
    offer_tensor(hunt, &tape->steps[step].value, sums);
    for (size_t i = 0; i < OP_INPUTS_MAX && call.in[i]; i++)
        offer_tensor(hunt, call.in[i], sums);
}

/* Sums and differences of numbers in the same text. */
static void offer_pencil(struct hunt *hunt, const char *text)
{
    struct written a, b;
    for (const char *at = text; next_number(&at, &a);)
        for (const char *then = at; next_number(&then, &b);) {
            offer(hunt, a.is + b.is);
            offer(hunt, a.is - b.is);
        }
}

static bool speaks_of_sums(const char *text)
{
    static const char *const words[] = {"add", "together", "sum", "total", " less", "difference", " more than", "plus"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(text, words[i]))
            return true;
    return false;
}

/* ---- a lesson's texts ---- */

static size_t check_text(const struct lesson *lesson, const struct stop *stop, const char *text)
{
    struct written number;
    size_t wrong = 0;
    const char *step = lesson->tape.steps[stop->step].spec.name;
    bool sums = text && speaks_of_sums(text);
    for (const char *at = text; at && next_number(&at, &number);) {
        struct hunt hunt = {&number, false, {INFINITY, INFINITY, INFINITY}};
        if (number.decimals == 0)
            continue;
        offer_step(&hunt, &lesson->tape, stop->step, sums);
        if (lesson->second.on) {
            offer_step(&hunt, &lesson->second.tape, tape_find(&lesson->second.tape, step), sums);
            if (stop->step == lesson->second.step)
                offer(&hunt, lesson->second.difference);
        }
        if (sums)
            offer_pencil(&hunt, text);
        if (hunt.found)
            continue;
        print_error("%s:%d: \"%s\" is not on the page of %s; nearest: %.4f %.4f %.4f\n", lesson->name, stop->line,
                    number.text, step, hunt.nearest[0], hunt.nearest[1], hunt.nearest[2]);
        wrong++;
    }
    return wrong;
}

static size_t check_lesson(const struct lesson *lesson)
{
    size_t wrong = 0;
    for (size_t i = 0; i < lesson->n_stops; i++)
        wrong += check_text(lesson, &lesson->stops[i], lesson->stops[i].say[0]) +
                 check_text(lesson, &lesson->stops[i], lesson->stops[i].try_this[0]);
    return wrong;
}

TEST(every_decimal_number_in_a_lesson_stands_on_its_page)
{
    const char *name;
    size_t wrong = 0;
    for (size_t i = 0; (name = builtin_lessons[i]); i++) {
        wrong += check_lesson(open_by(name, NULL));
        close_lessons();
    }
    if (wrong)
        fail_msg("%zu numbers are not on their pages", wrong);
}

/* ---- the check itself ---- */

/* Scores 1 2 / 3 6, weights 0.27 0.73 / 0.05 0.95. */
static const char tiny[] = "title: t\nsummary: s\nsentence: a b\nsettings: {scale: none}\n"
                           "weights: {source: numbers, X: [[1, 0], [0, 1]], W_Q: [[1, 0], [0, 3]],\n"
                           "  W_K: [[1, 1], [2, 2]], W_V: [[0.25, 0], [0, 1.5]]}\n"
                           "script:\n  - {at: %s, say: \"%s\", try: \"%s\"}\n";

static const struct {
    const char *at, *say, *try_this;
    size_t wrong;
} tiny_texts[] = {
    {"weights", "0.27 and 0.73, 0.95", "0.05", 0},
    {"weights", "0.28", "none", 1},
    {"weights", "0.27", "0.74", 1},
    {"weights", "0.28, 0.72 and 0.94", "0.04", 4},
    {"weights", "0.269 and 0.7311, or 0.3", "0.0474", 0},
    {"weights", "0.268", "0.73110", 2},
    {"weights", "-0.27: the sign is left aside", "no", 0},
    {"weights", "12 words, 7 rows", "whole numbers are not looked at", 0},
    {"V", "0.25 and 1.5", "1.50", 0},
    {"V", "0.27", "0.73 is on another page", 2},
    {"weights", "columns add up to 0.32 and 1.68", "and rows, together, to 1.0", 0},
    {"weights", "0.32 and 1.68, not said where from", "no", 2},
    {"weights", "columns add up to 0.33", "or 1.67 together", 2},
    {"weights", "0.73 less 0.27 is 0.46", "no", 0},
    {"weights", "0.73 less 0.27 is 0.47", "no", 1},
};

TEST_ROWS_BY(a_number_that_is_not_there_is_found, tiny_texts, c, say)
{
    char text[1024];
    snprintf(text, sizeof text, tiny, c->at, c->say, c->try_this);
    assert_int_equal(check_lesson(open_text(text, NULL)), c->wrong);
}

TEST(a_wrong_number_in_a_built_in_lesson_is_found)
{
    static const char live[] = "**{A[it, cat]}**", wrong[] = "**0.82**";
    const struct builtin_file *file = builtin_find("lessons/one-head.yaml");
    assert_non_null(file);
    char *text = strdup(file->text), *at = text ? strstr(text, live) : NULL;
    assert_non_null(at);
    memcpy(at, wrong, sizeof wrong - 1);
    memmove(at + sizeof wrong - 1, at + sizeof live - 1, strlen(at + sizeof live - 1) + 1);
    assert_int_equal(check_lesson(open_text(text, NULL)), 1);
    free(text);
}
