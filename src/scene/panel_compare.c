/* panel_compare.c: what the panel says of other computations: the badge, what a change moved, and what both cost. */
#include "scene/page_parts.h"

#include "scene/arithmetic.h"
#include "scene/text.h"

#include <math.h>
#include <stdio.h>

/* A pill with a text (and a second line of it, or NULL) and, at its right, a key; returns the height it takes. */
static float draw_pill(struct pen *pen, const char *part, const char *label_part, struct rect line, bool lit,
                       const char *text, const char *more, const char *key)
{
    float u = pen->scale, one = 26 * u;
    struct colour fill = lit ? pen->theme->button_idle : pen->theme->page;
    line.h = more ? 44 * u : one;
    pen_fill(pen, part, line, fill, one / 2);
    pen_frame(pen, part, line, lit ? pen->theme->accent : pen->theme->line, fmaxf(1, roundf(u)), one / 2);
    pen_hit(pen, line, CMD_COMPARE, 0);
    struct rect label = rect_inset(line, 6 * u), right = {label.x, label.y, label.w - 4 * u, label.h};
    struct colour colour = colour_readable(pen->theme->text, fill);
    struct ink ink = pen_ink(pen, FACE_SANS_BOLD, 14, 10, colour);
    if (key)
        label.w -=
            pen_text_in(pen, "badge.key", pen_ink(pen, FACE_MONO, 13, 10, colour), right, ALIGN_RIGHT, key).w + 10 * u;
    if (more)
        label.h /= 2;
    pen_text_in(pen, label_part, ink, label, ALIGN_CENTRE, text);
    label.y += label.h;
    if (more)
        pen_text_in(pen, label_part, ink, label, ALIGN_CENTRE, more);
    return line.h + 8 * u;
}

/* "≠ largest difference 0.58 at it, plural" */
static void difference_text(const struct view *view, size_t at, char *text, size_t size)
{
    const struct comparison *c = view->comparison;
    char number[NUMBER_TEXT], name[CELL_NAME];
    const struct largest_difference d = comparison_largest(c, c->step[at]);
    const double largest = d.largest;
    cell_name(&c->tape.steps[c->step[at]].value, d.head, d.row, d.col, view->state->columns, name);
    /* Differences due to rounding count as none, but are written. */
    if (largest == 0)
        snprintf(text, size, "= every number is the same");
    else if (largest < 1e-9)
        snprintf(text, size, "= the same up to rounding: %.0e", largest);
    else if (view_is_tight(view)) /* there is room for the number only */
        snprintf(text, size, "≠ %s: %s", c->label, number_text(largest, 2, number));
    else
        snprintf(text, size, "≠ largest difference %s at %s", number_text(largest, 2, number), name);
}

/* The largest difference from the second computation at this step, where there is one to tell. */
float panel_draw_badge(struct pen *pen, const struct view *view, struct rect line)
{
    const struct comparison *c = view->comparison;
    size_t at = view_place(view).at;
    char text[200], against[120], key[24];
    if (!c || !comparison_tells(view->lesson, at, view->state->position))
        return 0;
    difference_text(view, at, text, sizeof text);
    snprintf(against, sizeof against, "against %s, at this step", c->label);
    bool tight = view_is_tight(view);
    /* The key shows both side by side. */
    return draw_pill(pen, "badge", "badge.label", line, text[0] == '=', tight ? text : against, tight ? NULL : text,
                     key_text(view->command(CMD_COMPARE)->keys, key));
}

/* How far the person's changes moved what comes out. */
float panel_draw_moved(struct pen *pen, const struct view *view, struct rect line)
{
    const struct moved *moved = &view->moved;
    if (!view->baseline)
        return 0;
    char text[200], number[NUMBER_TEXT], row[24];
    const struct step *last = &view->lesson->tape.steps[view->lesson->tape.n - 1];
    if (!moved->on)
        snprintf(text, sizeof text, "Changed: another shape comes out");
    else if (moved->by.largest == 0)
        snprintf(text, sizeof text, "Changed: %s stays as it was", moved->name);
    else if (view_is_tight(view)) /* there is room for the number only */
        snprintf(text, sizeof text, "%s moved by %s", moved->name, number_text(moved->by.largest, 2, number));
    else
        snprintf(text, sizeof text, "Changed: %s moved by up to %s (at “%s”)", moved->name,
                 number_text(moved->by.largest, 2, number),
                 axis_position(&last->value.axis[AXIS_ROW], moved->by.head, moved->by.row, row));
    return draw_pill(pen, "moved", "moved.label", line, true, text, NULL, NULL);
}

/* ---- what both sides cost ---- */

/* "2247 = 21 n^2 + 174 n   softmax attention": the number, its formula where that is known and has room, and whose. */
static void draw_cost(struct pen *pen, const struct growth *growth, const char *label, struct rect line)
{
    float u = pen->scale, size = 13 * u, least = 60 * u;
    struct str text = {0}, formula = {0};
    struct ink quiet = pen_ink(pen, FACE_SANS, 13, 10, pen->theme->text_secondary);
    growth_formula(growth, &formula);
    str_addf(&text, "%.0f%s%s", growth->value, formula.n ? " = " : "", str_text(&formula));
    if (formula_measure(pen, str_text(&text), size, false).width > line.w - least) {
        str_finish(&text);
        str_addf(&text, "%.0f", growth->value);
    }
    float width =
        formula_draw(pen, "costs", str_text(&text), size, false, pen->theme->text_secondary, line.x, line.y + 14 * u)
            .width +
        8 * u;
    pen_text_in(pen, "costs", quiet, (struct rect){line.x + width, line.y, line.w - width, line.h}, ALIGN_RIGHT, label);
    pen->list->failed |= text.failed || formula.failed;
    str_finish(&text);
    str_finish(&formula);
}

/* What both sides of a comparison cost for the lesson's n words, as much of it as has room above the words; of a
 * comparison that has no badge, first the difference. */
float panel_draw_costs(struct pen *pen, const struct view *view, struct rect line)
{
    static const char *const names[COST_KINDS] = {"operations", "bytes held", "bytes read"};
    const struct comparison *c = view_comparison(view);
    if (!c || !view_comparing(view) || view_is_tight(view))
        return 0;
    float u = pen->scale, top = line.y, first = 80 * u, end = line.y + line.h - 190 * u;
    const bool before = view_compare(view) == COMPARE_BEFORE;
    char number[NUMBER_TEXT], n[32];
    struct ink quiet = pen_ink(pen, FACE_SANS, 13, 10, pen->theme->text_secondary);
    line.h = 18 * u;
    if (before) {
        pen_textf(pen, "largest", quiet, line, ALIGN_LEFT, "largest difference in this step: %s",
                  number_text(comparison_largest(c, view_step(view)).largest, 2, number));
        line.y += line.h;
    }
    snprintf(n, sizeof n, "n = %zu", view->lesson->sentence.words.n);
    struct rect name = {line.x, line.y, first - 8 * u, line.h}, cost = {line.x + first, line.y, line.w - first, line.h};
    for (int i = 0; i < COST_KINDS && cost.y + 2 * line.h <= end; i++) {
        pen_text_in(pen, "costs", quiet, name, ALIGN_LEFT, names[i]);
        draw_cost(pen, &c->here[i], "here", cost);
        name.y = cost.y += line.h;
        pen_text_in(pen, "costs", quiet, name, ALIGN_LEFT, i == 0 ? n : "");
        draw_cost(pen, &c->there[i], before ? "before" : c->label, cost);
        name.y = cost.y += line.h;
    }
    return cost.y - top + 6 * u;
}
