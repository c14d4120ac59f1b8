#include "lesson/language/language.h"
#include "scene/arithmetic.h"
#include "scene/matrix.h"
#include "scene/page_parts.h"
#include "scene/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Decimals of the value on the card: few while pointing, enough to compute on with when pinned. */
enum { DECIMALS_POINTED = 2, DECIMALS_PINNED = 4 };

static const float pad = 16, line_gap = 1.7f, name_least = 9;

/* What is being written: the card's box, its type size. */
struct card {
    struct pen *pen;
    const struct view *view;
    struct rect box;
    float size, y;
    struct cursor cell;
    const struct step *step;
};

static struct rect line_box(const struct card *c, float height)
{
    float p = pad * c->pen->scale;
    return (struct rect){c->box.x + p, c->y, c->box.w - 2 * p, height};
}

/* Spans wrapped at the card's width; moves down by their height. */
static void write_wrapped(struct card *c, const char *part, struct ink ink, const struct spans *s)
{
    struct rect box = line_box(c, 100000);
    spans_wrap(c->pen, part, ink, s, box);
    c->y += spans_height(c->pen, ink, s, box.w);
}

/* The roles of its row and its column: those of the operands that share the axis. */
static void axis_roles(const struct card *c, enum role *row, enum role *col)
{
    *row = *col = c->step->spec.role;
    const struct tape *tape = view_tape(c->view);
    enum op_form form = op_table[c->step->spec.op]->form;
    if (form == FORM_PRODUCT_T) {
        *row = tape->steps[c->step->spec.in[0]].spec.role;
        *col = tape->steps[c->step->spec.in[1]].spec.role;
    }
}

/* A cell's place along one axis: its label, in the colour of the role that it belongs to. */
struct place_name {
    const char *label; /* NULL: none */
    enum role role;
};

/* "it: the word that looks · cat: the word looked at", from the step's own words for its axes. */
static void write_axes(struct card *c, const struct place_name *row, const struct place_name *col)
{
    struct step_text text = step_text(c->step, c->view->state->columns);
    /* On a low page the line under the matrices says it already, and the arithmetic needs the room. */
    if (!text.row || !text.column || view_is_tight(c->view))
        return;
    struct ink quiet = {FACE_SANS, c->size * 0.9f, 0, c->pen->theme->text_secondary};
    static const char *const between[] = {" · ", "\n"}; /* on one line, else each on its own */
    bool written = false;
    for (size_t i = 0; i < 2 && !written; i++) {
        struct spans s = {0};
        spans_add(&s, row->label, row->role, true);
        spans_add_plain(&s, ": ");
        spans_add_plain(&s, text.row);
        spans_add_plain(&s, between[i]);
        spans_add(&s, col->label, col->role, true);
        spans_add_plain(&s, ": ");
        spans_add_plain(&s, text.column);
        written = i == 1 || spans_width(c->pen, quiet, &s) <= line_box(c, 0).w;
        if (written)
            write_wrapped(c, "card.axes", quiet, &s);
        spans_done(c->pen, &s);
    }
}

/* "S[it, cat]" in a line: smaller where the room is less, cut where even that is too long. */
static void write_name(struct card *c, const char *symbol, const struct spans *cell, float size, float baseline,
                       struct rect line)
{
    float x = line.x + formula_draw(c->pen, "card.symbol", symbol, size, true, c->pen->theme->role[c->step->spec.role],
                                    line.x, baseline)
                           .width;
    struct ink ink = {FACE_SANS_BOLD, roundf(size), 0, c->pen->theme->text};
    float room = line.x + line.w - x;
    while (ink.size > name_least * c->pen->scale && spans_width(c->pen, ink, cell) > room)
        ink.size -= 1;
    float top = baseline - TEXT_BASELINE * ink.size;
    if (spans_width(c->pen, ink, cell) <= room)
        spans_draw(c->pen, "card.name", ink, cell, x, top);
    else
        pen_text_in(c->pen, "card.name", ink, (struct rect){x, top, room, ink.size * TEXT_HEIGHT}, ALIGN_LEFT,
                    str_text(&cell->text));
}

/* "[it, cat]": row and column, as they stand. */
static void name_cell(const struct card *c, const struct place_name *row, const struct place_name *col,
                      struct spans *to)
{
    const struct place_name *first = c->view->state->columns ? col : row, *second = c->view->state->columns ? row : col;
    spans_add(to, "[", ROLE_NONE, true);
    if (first->label)
        spans_add(to, first->label, first->role, true);
    if (first->label && second->label)
        spans_add(to, ", ", ROLE_NONE, true);
    if (second->label)
        spans_add(to, second->label, second->role, true);
    spans_add(to, "]", ROLE_NONE, true);
}

/* The cell's name and its value: the value large, but never at the cost of the name. */
static void write_heading(struct card *c, const char *value)
{
    char row[24], col[24];
    const struct tensor *t = &c->step->value;
    struct place_name of_row = {axis_position(&t->axis[AXIS_ROW], c->cell.head, c->cell.row, row), ROLE_NONE};
    struct place_name of_col = {axis_position(&t->axis[AXIS_COL], c->cell.head, c->cell.col, col), ROLE_NONE};
    axis_roles(c, &of_row.role, &of_col.role);
    /* One number for a whole row needs no name for its column. */
    bool one = t->axis[AXIS_COL].size == 1 && !axis_label(&t->axis[AXIS_COL], c->cell.head, 0);
    const struct place_name none = {NULL, ROLE_NONE};
    struct spans s = {0};
    struct str turned = {0};
    const char *symbol = transposed_symbol(view_tape(c->view), c->cell.step, c->view->state->columns, &turned);
    name_cell(c, &of_row, one ? &none : &of_col, &s);

    float name = c->size * 1.2f, gap = 8 * c->pen->scale;
    struct ink bold = {FACE_MONO_BOLD, roundf(c->size * 1.6f), 0, c->pen->theme->text};
    struct ink least = {FACE_SANS_BOLD, ceilf(name_least * c->pen->scale), 0, c->pen->theme->text};
    float height = bold.size * 1.4f;
    struct rect line = line_box(c, height);
    float name_w = formula_measure(c->pen, symbol, name, true).width + spans_width(c->pen, least, &s);
    float value_w = ink_width(c->pen, bold, value) + 2;
    for (; bold.size > c->size && name_w + gap + value_w > line.w; value_w = ink_width(c->pen, bold, value) + 2)
        bold.size -= 1;
    bool apart = name_w + gap + value_w > line.w;
    for (; bold.size > least.size && value_w > line.w; value_w = ink_width(c->pen, bold, value) + 2)
        bold.size -= 1;
    struct rect beside = {line.x, line.y, line.w - value_w - gap, height};
    write_name(c, symbol, &s, name, line.y + height / 2 + 0.36f * name, apart ? line : beside);
    if (apart) {
        c->y += height;
        line.y += height;
    }
    pen_text_in(c->pen, "card.value", bold, (struct rect){line.x + line.w - value_w, line.y, value_w, height},
                ALIGN_RIGHT, value);
    c->pen->list->failed |= s.failed || turned.failed;
    spans_finish(&s);
    str_finish(&turned);
    c->y += height;
    write_axes(c, &of_row, &of_col);
}

/* The widths of the three columns of terms at a type size. */
struct columns {
    float label, work, equals, value;
    const char *gives; /* between work and value */
};

static struct columns measure_columns(const struct card *c, const struct arithmetic *a, float size)
{
    const struct ink mono = {.face = FACE_MONO, .size = size}, words = {.face = FACE_SANS, .size = size},
                     bold = {.face = FACE_MONO_BOLD, .size = size};
    struct columns w = {.gives = a->gives, .value = ink_width(c->pen, bold, a->value)};
    for (size_t i = 0; i < a->n; i++) {
        const struct arithmetic_line *line = &a->lines[i];
        w.label = fmaxf(w.label, ink_width(c->pen, words, line->label));
        w.work = fmaxf(w.work, spans_width(c->pen, mono, &line->work));
        w.value = fmaxf(w.value, ink_width(c->pen, bold, line->value));
    }
    w.equals = w.work > 0 ? ink_width(c->pen, mono, a->gives) : size;
    w.label += w.label > 0 ? size : 0;
    return w;
}

/* How a line of arithmetic stands: all in one row where there is room, else its label above, else its work above too,
 * wrapped. */
enum stance { IN_ONE_ROW, LABEL_ABOVE, WORK_ABOVE };

static void write_line(struct card *c, const struct arithmetic_line *line, const struct columns *w, float size,
                       enum stance stance)
{
    /* Terms that add nothing step back. */
    bool nothing = strspn(line->value, "+0.") == strlen(line->value);
    struct colour quiet = c->pen->theme->text_secondary, text = nothing ? quiet : c->pen->theme->text;
    struct ink label = {FACE_SANS, size, size * 0.8f, line->folded ? quiet : text}, mono = {FACE_MONO, size, 0, text};
    float height = roundf(size * line_gap), room = line_box(c, 0).w;
    if (line->label[0]) {
        struct rect box = line_box(c, height);
        float label_w = ink_width(c->pen, label, line->label);
        box.w = stance == IN_ONE_ROW ? w->label : room;
        pen_text_in(c->pen, "card.label", label, box, ALIGN_LEFT, line->label);
        if (stance != IN_ONE_ROW && (line->work.n > 0 || label_w + size + w->value > room))
            c->y += height;
    }
    if (stance == WORK_ABOVE && line->work.n > 0)
        write_wrapped(c, "card.work", mono, &line->work);
    struct rect box = line_box(c, height);
    float value_x = box.x + box.w - w->value, top = box.y + (height - roundf(size) * TEXT_HEIGHT) / 2;
    pen_text_in(c->pen, "card.term", mono, (struct rect){value_x, box.y, w->value, height}, ALIGN_RIGHT, line->value);
    if (line->work.n > 0) {
        pen_text_n(c->pen, "card.equals", mono, value_x - w->equals, top, w->gives, strlen(w->gives));
        float width = spans_width(c->pen, mono, &line->work);
        if (stance != WORK_ABOVE)
            spans_draw(c->pen, "card.work", mono, &line->work, value_x - w->equals - width, top);
    }
    c->y += height;
}

static void write_total(struct card *c, const struct arithmetic *a, float size)
{
    float u = c->pen->scale, height = roundf(size * line_gap);
    struct rect rule = line_box(c, fmaxf(1, roundf(u)));
    rule.y += 2 * u;
    pen_fill(c->pen, "card.rule", rule, c->pen->theme->text_secondary, 0);
    c->y += 5 * u;
    struct rect box = line_box(c, height);
    const char *label = a->fold == FOLD_MAX ? "largest" : "sum";
    struct ink words = {FACE_SANS_BOLD, size, 0, c->pen->theme->text}, bold = words;
    bold.face = FACE_MONO_BOLD;
    float value_w = ink_width(c->pen, bold, a->value) + 2, gap = size / 2;
    pen_text_in(c->pen, "card.total.label", words, box, ALIGN_LEFT, label);
    if (ink_width(c->pen, words, label) + gap + value_w > box.w) {
        c->y += height;
        box.y += height;
    }
    pen_text_in(c->pen, "card.total", bold, box, ALIGN_RIGHT, a->value);
    c->y += height;
}

/* One term that is a cell as it stands: say so in words. */
static const char *plain_label(const struct card *c)
{
    double was;
    if (view_comparing(c->view) && c->step->spec.op == OP_INPUT)
        return step_text(c->step, c->view->state->columns)
            .title; /* the two sides stand there as inputs: which one it is says more, and is true */
    if (c->step->spec.op == OP_INPUT && changed_from(c->view, &c->cell, &was))
        return "given by you";
    return c->step->spec.op == OP_INPUT ? "given" : "the same number, moved";
}

static void write_terms(struct card *c, struct arithmetic *a)
{
    float size = c->size, least = 10 * c->pen->scale, room = line_box(c, 0).w;
    /* What a note says need not be said twice. */
    if (a->fold == FOLD_NONE && a->n == 1 && a->lines[0].work.n == 0 && !a->note.n)
        a->lines[0].label = plain_label(c);
    struct columns w = measure_columns(c, a, size);
    while (w.label + w.work + w.equals + w.value > room && size > least)
        w = measure_columns(c, a, size -= 1);
    enum stance stance = w.label + w.work + w.equals + w.value <= room ? IN_ONE_ROW
                         : w.work + w.equals + w.value <= room         ? LABEL_ABOVE
                                                                       : WORK_ABOVE;
    while (w.equals + w.value > room && size > 6)
        w = measure_columns(c, a, size -= 1);
    for (size_t i = 0; i < a->n; i++)
        write_line(c, &a->lines[i], &w, size, stance);
    if (a->fold != FOLD_NONE)
        write_total(c, a, size);
}

static void write_words(struct card *c, const char *part, const char *words)
{
    struct spans s = {0};
    spans_parse(&s, words);
    struct ink quiet = {FACE_SANS, c->size, 0, c->pen->theme->text_secondary};
    write_wrapped(c, part, quiet, &s);
    spans_done(c->pen, &s);
}

/* What it was before the person changed something. */
static void write_before(struct card *c)
{
    double was;
    char text[64], number[NUMBER_TEXT];
    if (!changed_from(c->view, &c->cell, &was))
        return;
    snprintf(text, sizeof text, "before your changes: **%s**",
             number_trimmed(was, c->view->state->pinned ? DECIMALS_PINNED : DECIMALS_POINTED, number));
    c->y += 4 * c->pen->scale;
    write_words(c, "card.before", text);
}

static void write_cell(struct card *c, size_t most)
{
    struct arithmetic a = {0};
    int decimals = c->view->state->pinned ? DECIMALS_PINNED : DECIMALS_POINTED;
    struct qkv_err err = arithmetic_make(c->view->lesson, view_tape(c->view), c->cell.step, c->cell.head, c->cell.row,
                                         c->cell.col, most, decimals, c->view->state->columns, &a);
    if (err.code) {
        c->pen->list->failed = true;
        return;
    }
    write_heading(c, a.value);
    c->y += 6 * c->pen->scale;
    write_terms(c, &a);
    if (a.note.n) {
        c->y += 4 * c->pen->scale;
        write_words(c, "card.note", str_text(&a.note));
    }
    arithmetic_finish(&a);
    write_before(c);
}

float card_draw(struct pen *pen, const struct view *view, struct rect box, float grow, size_t most)
{
    float p = pad * pen->scale;
    struct card c = {.pen = pen, .view = view, .box = box, .size = roundf(15 * grow * pen->scale)};
    c.y = box.y + p / 2;
    size_t first = pen->list->n;
    if (view_shows_draws(view) && !view->state->pinned)
        return 0; /* the page is about many numbers */
    pen_fill(pen, view->state->pinned ? "card.pinned" : "card", box, pen->theme->page, 8 * pen->scale);
    if (!view_cell(view, &c.cell)) {
        write_words(&c, "card.hint", "Point at a cell, or press **↓**, to see the arithmetic behind its number.");
    } else {
        c.step = &view_tape(view)->steps[c.cell.step];
        if (view_filled(view, c.cell.step, c.cell.row, c.cell.col))
            write_cell(&c, most);
        else
            write_words(&c, "card.hint", "This cell is not computed yet. What will it be? Step forward to see.");
    }
    float height = c.y + p / 2 - box.y;
    if (pen->list->n > first && !pen->list->failed)
        pen->list->items[first].box.h = height;
    return height;
}
