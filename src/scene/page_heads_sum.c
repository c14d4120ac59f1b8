/* page_heads_sum.c: one number of the output as the sum of what each head adds: bars that begin where the bar before
 * ended, and end at the output. */
#include "scene/page_heads.h"

#include "lesson/language/language.h"
#include "scene/arithmetic.h"
#include "scene/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DECIMALS = 2 };

struct sum {
    const struct heads_page *page;
    struct pen *pen;
    struct contributions c;
    struct arithmetic terms;         /* of the sum */
    size_t word, column, columns;    /* of the output */
    double from, to;                 /* the ends of the scale */
    float label, number, line, size; /* widths; the height of a line and of its letters */
};

static double share_of(const struct sum *s, size_t head)
{
    return s->c.tape.steps[s->c.shares].value.v[head];
}

/* How far the bars reach, on both sides of 0. */
static void find_scale(struct sum *s)
{
    double at = 0;
    for (size_t h = 0; h < s->c.heads; h++) {
        at += share_of(s, h);
        s->from = fmin(s->from, at);
        s->to = fmax(s->to, at);
    }
    double output = s->c.tape.steps[s->c.output].value.v[0];
    s->from = fmin(s->from, output);
    s->to = fmax(s->to, output);
    if (s->to - s->from <= 0)
        s->to = 1;
}

static float place_of(const struct rect *bars, const struct sum *s, double value)
{
    return bars->x + bars->w * (float)((value - s->from) / (s->to - s->from));
}

/* A label and a number; returns what is left between them for a bar. */
static struct rect write_line(struct sum *s, const char *part, const char *label, const char *number, bool bold,
                              struct rect line)
{
    float u = s->pen->scale;
    struct ink words = {bold ? FACE_SANS_BOLD : FACE_SANS, s->size, 9 * u, s->pen->theme->text}, digits = words;
    digits.face = bold ? FACE_MONO_BOLD : FACE_MONO;
    struct rect left = rect_cut_left(&line, s->label, 0);
    pen_text_in(s->pen, "sum.label", words, (struct rect){left.x, left.y, left.w - 6 * u, left.h}, ALIGN_LEFT, label);
    pen_text_in(s->pen, part, digits, rect_cut_right(&line, s->number, 8 * u), ALIGN_RIGHT, number);
    line.w = fmaxf(line.w, 1);
    return line;
}

/* A bar from one number to another, at least a stroke wide, and where zero is. */
static void draw_bar(struct sum *s, const char *part, struct rect bars, double from, double to, struct colour colour)
{
    float u = s->pen->scale, zero = place_of(&bars, s, 0), w = fmaxf(1, roundf(u)), least = fmaxf(1, 1.5f * u);
    float a = place_of(&bars, s, fmin(from, to)), b = place_of(&bars, s, fmax(from, to));
    if (b - a < least)
        a = fminf(a, bars.x + bars.w - least), b = a + least;
    pen_fill(s->pen, "sum.zero", (struct rect){fminf(zero, bars.x + bars.w - w), bars.y, w, bars.h},
             s->pen->theme->line, 0);
    pen_fill(s->pen, part, (struct rect){a, bars.y + bars.h * 0.15f, b - a, bars.h * 0.7f}, colour, 0);
}

/* A line for each head, or, where there is no room, for the largest terms and one for the rest. */
static void draw_heads(struct sum *s, struct rect *box)
{
    double at = 0;
    for (size_t i = 0; i < s->terms.n; i++) {
        const struct arithmetic_line *term = &s->terms.lines[i];
        char name[64], folded[32];
        bool whole = s->terms.n == s->c.heads;
        const char *label = whole ? heads_name(s->page, i, name) : term->label;
        if (term->folded) {
            snprintf(folded, sizeof folded, "%zu others", term->folded);
            label = folded;
        }
        struct rect bars = write_line(s, "sum.term", label, term->value, false, rect_cut_top(box, s->line, 0));
        if (whole)
            draw_bar(s, "sum.bar", bars, at, at + share_of(s, i), head_colour(s->pen->theme, i));
        at += share_of(s, i);
    }
}

/* A text of the language; returns its height. */
static float say(struct pen *pen, const struct view *view, const char *part, struct colour colour, float size,
                 struct rect box, const char *key)
{
    struct str text = {0};
    language_add(view->lesson, language_page(view->lesson->language, key), view->state->columns, &text);
    float height = words_draw(pen, view, part, colour, size, box, str_text(&text));
    pen->list->failed |= text.failed;
    str_finish(&text);
    return height;
}

/* "Y[it, animate]": which number it is, between the buttons that choose another. */
static void draw_name(struct sum *s, struct rect box)
{
    const struct step *output = &s->page->view->lesson->tape.steps[s->page->output.output];
    float u = s->pen->scale;
    char row[24], col[24];
    const char *word = axis_position(&output->value.axis[AXIS_ROW], 0, s->word, row);
    const char *feature = axis_position(&output->value.axis[AXIS_COL], 0, s->column, col);
    bool turned = s->page->view->state->columns;
    button_draw(s->pen, rect_cut_left(&box, box.h, 8 * u), "←", false, CMD_CURSOR_LEFT, 0);
    button_draw(s->pen, rect_cut_right(&box, box.h, 8 * u), "→", false, CMD_CURSOR_RIGHT, 0);
    float symbol = formula_draw(s->pen, "sum.symbol", output->spec.symbol, 16 * u, true, s->pen->theme->text, box.x,
                                box.y + box.h / 2 + 6 * u)
                       .width;
    rect_cut_left(&box, symbol, 0);
    pen_textf(s->pen, "sum.name", pen_ink(s->pen, FACE_SANS_BOLD, 16, 10, s->pen->theme->text), box, ALIGN_LEFT,
              "[%s, %s]", turned ? feature : word, turned ? word : feature);
}

/* The sum, the bias where there is one, and the output as the walk has it. */
static void draw_total(struct sum *s, struct rect *box)
{
    const struct step *output = &s->page->view->lesson->tape.steps[s->page->output.output];
    float u = s->pen->scale;
    char text[NUMBER_TEXT];
    double sum = s->c.tape.steps[s->c.sum].value.v[0], all = s->c.tape.steps[s->c.output].value.v[0];
    pen_fill(s->pen, "sum.rule", (struct rect){box->x, box->y, box->w, fmaxf(1, u)}, s->pen->theme->text_secondary, 0);
    rect_cut_top(box, 3 * u, 0);
    struct rect bars = write_line(s, "sum.total", "sum", s->terms.value, true, rect_cut_top(box, s->line, 0));
    draw_bar(s, "sum.all", bars, 0, sum, s->pen->theme->text_secondary);
    if (s->c.bias >= 0) {
        number_signed(s->c.tape.steps[s->c.bias].value.v[0], DECIMALS, text);
        bars = write_line(s, "sum.bias", "b_O", text, false, rect_cut_top(box, s->line, 0));
        draw_bar(s, "sum.bar", bars, sum, all, s->pen->theme->accent);
    }
    struct rect line = rect_cut_top(box, s->line, 0), number = rect_cut_right(&line, s->number, 0);
    struct ink words = {FACE_SANS, s->size, 9 * u, s->pen->theme->text_secondary}, digits = words;
    digits.face = FACE_MONO;
    pen_text_in(s->pen, "sum.label", words, line, ALIGN_LEFT, "as in the walk");
    pen_text_in(s->pen, "sum.output", digits, number, ALIGN_RIGHT,
                number_text(*tensor_at(&output->value, 0, s->word, s->column), DECIMALS, text));
}

/* How far the output is from the lesson's. */
static float draw_moved(struct pen *pen, const struct view *view, struct rect box)
{
    const struct moved *m = &view->moved;
    char text[200];
    int step = m->on ? tape_find(&view->lesson->tape, m->name) : -1;
    if (step < 0 || box.h < 14 * pen->scale)
        return 0;
    const struct step *last = &view->lesson->tape.steps[step];
    char row[24], col[24];
    if (m->by.largest > 0)
        snprintf(text, sizeof text, "The output moved by up to **%.2f** from the lesson's (%s, %s).", m->by.largest,
                 axis_position(&last->value.axis[AXIS_ROW], m->by.head, m->by.row, row),
                 axis_position(&last->value.axis[AXIS_COL], m->by.head, m->by.col, col));
    else
        snprintf(text, sizeof text, "The output is as the lesson has it.");
    return words_draw(pen, view, "sum.moved", pen->theme->text, 14 * pen->scale, box, text);
}

/* Widths of labels and numbers, and how high lines can be. */
static void measure(struct sum *s, struct rect box, float room)
{
    float u = s->pen->scale;
    size_t lines = s->c.heads + 2 + (s->c.bias >= 0);
    s->line = fminf(32 * u, fmaxf(room / (float)lines, 15 * u));
    s->size = roundf(fminf(15 * u, s->line / 1.3f));
    s->label = fminf(box.w * 0.36f, 130 * u);
    for (size_t i = 0; i <= s->terms.n; i++) {
        const char *value = i < s->terms.n ? s->terms.lines[i].value : s->terms.value;
        s->number = fmaxf(s->number, pen_width(s->pen, FACE_MONO_BOLD, s->size, value, strlen(value)) + 2);
    }
    s->number = fmaxf(s->number, pen_width(s->pen, FACE_MONO_BOLD, s->size, "-00.00", 6));
}

static void draw_sum(struct sum *s, struct rect box)
{
    float u = s->pen->scale, line = 15 * u, moved = fminf(52 * u, box.h * 0.18f);
    draw_name(s, rect_cut_top(&box, 28 * u, 4 * u));
    float room = box.h - moved - 8 * u, others = line * (float)(2 + (s->c.bias >= 0));
    size_t most = room - others > line ? (size_t)((room - others) / line) : 1;
    most = most < s->c.heads ? most : 0; /* 0: all */
    struct qkv_err err =
        arithmetic_make(s->page->view->lesson, &s->c.tape, s->c.sum, 0, 0, 0, most, DECIMALS, false, &s->terms);
    if (err.code) {
        s->pen->list->failed = true;
        return;
    }
    measure(s, box, room);
    find_scale(s);
    draw_heads(s, &box);
    rect_cut_top(&box, 2 * u, 0);
    draw_total(s, &box);
    rect_cut_top(&box, 6 * u, 0);
    rect_cut_top(&box, draw_moved(s->pen, s->page->view, box) + 8 * u, 0);
    box.h -= 8 * u;
    if (box.h > 90 * u)
        say(s->pen, s->page->view, "sum.words", s->pen->theme->text_secondary, 14 * u, box, "heads_sum");
    arithmetic_finish(&s->terms);
}

void heads_sum_draw(struct pen *pen, const struct heads_page *page, struct rect box)
{
    float u = pen->scale;
    const struct theme *t = pen->theme;
    struct rect inside = part_draw(pen, "heads.sum", box);
    struct ink bold = {FACE_SANS_BOLD, 17 * u, 11 * u, t->text};
    pen_text_in(pen, "heads.heading", bold, rect_cut_top(&inside, 22 * u, 6 * u), ALIGN_LEFT,
                page->no_output ? "What each head adds" : "What each head adds to");
    if (page->no_output) {
        rect_cut_top(&inside, say(pen, page->view, "sum.none", t->text, 15 * u, inside, page->no_output), 8 * u);
        say(pen, page->view, "sum.none", t->text_secondary, 14 * u, inside, "heads_no_sum");
        return;
    }
    const struct tape *tape = &page->view->lesson->tape;
    struct sum s = {.page = page, .pen = pen};
    const struct axis *axis = tape->steps[page->output.output].value.axis;
    s.word = page->word < axis[AXIS_ROW].size ? page->word : axis[AXIS_ROW].size - 1;
    s.columns = axis[AXIS_COL].size;
    s.column = page->view->state->heads.column < s.columns ? page->view->state->heads.column : s.columns - 1;
    const struct words *names = &page->view->lesson->head_names;
    size_t heads = tape->steps[page->output.heads].value.axis[AXIS_HEAD].size;
    struct qkv_err err =
        contributions_init(&s.c, tape, &page->output, s.word, s.column, names->n == heads ? names->v : NULL);
    if (err.code) {
        pen->list->failed = true;
        return;
    }
    draw_sum(&s, inside);
    contributions_finish(&s.c);
}
