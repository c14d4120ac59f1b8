/* badges.c: what the head of the panel says of other computations: how far the lesson is from the one beside it, how far a
 * person's changes moved it, what both cost. */
#include "scene/arithmetic.h"
#include "scene/number.h"
#include "scene/parts.h"

#include <math.h>
#include <stdio.h>

static struct rect draw_pill(struct pen *pen, const char *part, struct rect line, bool lit, int command)
{
    float u = pen->scale;
    line.h = 26 * u;
    pen_fill(pen, part, line, lit ? pen->theme->soft : pen->theme->page, line.h / 2);
    pen_frame(pen, part, line, lit ? pen->theme->accent : pen->theme->line, fmaxf(1, roundf(u)), line.h / 2);
    pen_hit(pen, line, command, 0);
    return line;
}

/* How far this computation is from the one beside it: at this step, else at the last that both have. */
float badge_draw(struct pen *pen, const struct view *view, struct rect line)
{
    const struct comparison *c = view->comparison;
    if (!c)
        return 0;
    size_t at = walk_place(view->walk, view->state->position).at;
    bool here = c->step[at] >= 0;
    for (size_t i = view->walk->n; i-- > 0 && c->step[at] < 0;)
        at = i;
    if (c->step[at] < 0)
        return 0;
    float u = pen->scale;
    double largest = comparison_largest(c, c->step[at]);
    char text[200], number[NUMBER_TEXT];
    /* What is left of rounding is no difference that a formula makes; but it is said. */
    bool same = largest < 1e-9;
    if (largest == 0 || !same)
        number_text(largest, 2, number);
    else
        snprintf(number, sizeof number, "%.0e", largest);
    /* On a small page the number must fit rather than what it is called. */
    snprintf(text, sizeof text, "%s %s%s: %s%s", same ? "=" : "≠", c->label, here ? "" : " (later)",
             view_is_tight(view) ? "" : "largest difference ", number);
    line = draw_pill(pen, "badge", line, same, CMD_COMPARE);
    struct ink ink = {FACE_SANS_BOLD, 14 * u, 10 * u,
                      colour_readable(pen->theme->text, same ? pen->theme->soft : pen->theme->page)};
    struct rect label = rect_inset(line, 6 * u);
    if (here) { /* pressed, both stand side by side */
        char key[24];
        struct ink quiet = {FACE_MONO, 13 * u, 10 * u, ink.colour};
        struct rect right = {label.x, label.y, label.w - 4 * u, label.h};
        label.w -=
            pen_text_in(pen, "badge.key", quiet, right, ALIGN_RIGHT, key_text(&view->commands[CMD_COMPARE], key)).w +
            10 * u;
    }
    pen_text_in(pen, "badge.label", ink, label, ALIGN_CENTRE, text);
    return line.h + 8 * u;
}

/* How far the person's changes moved what comes out. */
float moved_draw(struct pen *pen, const struct view *view, struct rect line)
{
    const struct moved *moved = &view->moved;
    if (!view->baseline)
        return 0;
    float u = pen->scale;
    char text[200], number[NUMBER_TEXT], row[24];
    const struct step *last = &view->lesson->tape.steps[view->lesson->tape.n - 1];
    if (!moved->on)
        snprintf(text, sizeof text, "Changed: another shape comes out");
    else if (moved->largest == 0)
        snprintf(text, sizeof text, "Changed: %s stays as it was", moved->name);
    else if (view_is_tight(view)) /* the number must fit rather than where it is */
        snprintf(text, sizeof text, "%s moved by %s", moved->name, number_text(moved->largest, 2, number));
    else
        snprintf(text, sizeof text, "Changed: %s moved by up to %s (at “%s”)", moved->name,
                 number_text(moved->largest, 2, number),
                 axis_position(&last->value.axis[AXIS_ROW], moved->head, moved->row, row));
    line = draw_pill(pen, "moved", line, true, CMD_COMPARE);
    struct ink ink = {FACE_SANS_BOLD, 14 * u, 10 * u, colour_readable(pen->theme->text, pen->theme->soft)};
    pen_text_in(pen, "moved.label", ink, rect_inset(line, 6 * u), ALIGN_CENTRE, text);
    return line.h + 8 * u;
}

/* How far apart both sides of a comparison are in this step, where no badge says so, and what they cost. */
float costs_draw(struct pen *pen, const struct view *view, struct rect line)
{
    const struct comparison *c = view_comparison(view);
    if (!c || !view_comparing(view) || view_is_tight(view))
        return 0;
    float u = pen->scale, top = line.y;
    char text[200], number[NUMBER_TEXT];
    struct ink quiet = {FACE_SANS, 14 * u, 10 * u, pen->theme->quiet};
    line.h = 20 * u;
    if (view->state->compare == COMPARE_BEFORE) {
        snprintf(text, sizeof text, "largest difference in this step: %s",
                 number_text(comparison_largest(c, view_step(view)), 2, number));
        pen_text_in(pen, "largest", quiet, line, ALIGN_LEFT, text);
        line.y += line.h;
    }
    snprintf(text, sizeof text, "operations in all: %.0f here, %.0f %s%s", c->flops_here, c->flops_there,
             view->state->compare == COMPARE_BESIDE ? "in " : "", c->label);
    pen_text_in(pen, "costs", quiet, line, ALIGN_LEFT, text);
    return line.y + line.h - top + 4 * u;
}
