/* panel_head.c: the head of the panel: stage, formula, and what is said of other computations. */
#include "scene/page_parts.h"

#include "lesson/language.h"
#include "scene/arithmetic.h"
#include "scene/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- the formula of the whole mechanism ---- */

/* The formula, and for each of its bytes the stage that makes it, plus 1 so that no byte is 0. */
struct marked_formula {
    struct str text, stages;
};

static struct marked_formula formula_of(const struct view *view)
{
    struct marked_formula w = {0}, turned = {0};
    struct formula_piece piece;
    for (size_t at = 0; language_formula(view->lesson, &at, &piece);) {
        const char stage = (char)(piece.stage + 1);
        for (const char *p = piece.text; walk_stage(view->walk, piece.stage) >= 0 && *p; p++) {
            str_addn(&w.text, p, 1);
            str_addn(&w.stages, &stage, 1);
        }
    }
    if (!view->state->columns)
        return w;
    transposed_marked(&view->lesson->tape, str_text(&w.text), str_text(&w.stages), &turned.text, &turned.stages);
    turned.text.failed |= w.text.failed || w.stages.failed;
    str_finish(&w.text);
    str_finish(&w.stages);
    return turned;
}

/* Draw it; returns its width. */
static float draw_marked(struct pen *pen, const struct marked_formula *w, enum stage stage, float size, float x,
                         float y)
{
    float start = x;
    for (size_t at = 0, n; at < w->text.n; at += n) {
        bool lit = w->stages.v[at] == (char)(stage + 1);
        for (n = 1; at + n < w->text.n && w->stages.v[at + n] == w->stages.v[at];)
            n++;
        x += formula_draw_n(pen, lit ? "formula.lit" : "formula.whole", w->text.v + at, n, size, lit,
                            lit ? pen->theme->accent : pen->theme->text_secondary, x, y)
                 .width;
    }
    return x - start;
}

/* From the stage on that makes its first part. */
static float draw_whole_formula(struct pen *pen, const struct view *view, enum stage stage, struct rect line)
{
    float u = pen->scale, size = 15 * u;
    struct marked_formula w = formula_of(view);
    bool failed = w.text.failed || w.stages.failed;
    bool begun = !failed && w.text.n > 0 && strchr(str_text(&w.stages), (char)(stage + 1));
    if (begun) {
        struct pen measuring = pen_measuring(pen);
        float width = draw_marked(&measuring, &w, stage, size, line.x, 0);
        if (width > line.w)
            size = floorf(size * line.w / width);
        begun = size >= 10 * u;
    }
    if (begun)
        draw_marked(pen, &w, stage, size, line.x, line.y + 20 * u);
    pen->list->failed |= failed;
    str_finish(&w.text);
    str_finish(&w.stages);
    return begun ? 36 * u : 0;
}

/* ---- other computations ---- */

/* A pill with a text and, at its right, a key; returns the height it takes. */
static float draw_pill(struct pen *pen, const char *part, const char *label_part, struct rect line, bool lit,
                       const char *text, const char *key)
{
    float u = pen->scale;
    struct colour fill = lit ? pen->theme->button_idle : pen->theme->page;
    line.h = 26 * u;
    pen_fill(pen, part, line, fill, line.h / 2);
    pen_frame(pen, part, line, lit ? pen->theme->accent : pen->theme->line, fmaxf(1, roundf(u)), line.h / 2);
    pen_hit(pen, line, CMD_COMPARE, 0);
    struct rect label = rect_inset(line, 6 * u), right = {label.x, label.y, label.w - 4 * u, label.h};
    struct colour colour = colour_readable(pen->theme->text, fill);
    if (key)
        label.w -=
            pen_text_in(pen, "badge.key", pen_ink(pen, FACE_MONO, 13, 10, colour), right, ALIGN_RIGHT, key).w + 10 * u;
    pen_text_in(pen, label_part, pen_ink(pen, FACE_SANS_BOLD, 14, 10, colour), label, ALIGN_CENTRE, text);
    return line.h + 8 * u;
}

/* The largest difference from the comparison: at this step, else at the last step that both have. */
static float draw_badge(struct pen *pen, const struct view *view, struct rect line)
{
    const struct comparison *c = view->comparison;
    if (!c)
        return 0;
    size_t at = view_place(view).at;
    bool here = c->step[at] >= 0;
    for (size_t i = view->walk->n; i-- > 0 && c->step[at] < 0;)
        at = i;
    if (c->step[at] < 0)
        return 0;
    double largest = comparison_largest(c, c->step[at]);
    char text[200], number[NUMBER_TEXT], key[24];
    /* Differences due to rounding count as none, but are written. */
    bool same = largest < 1e-9;
    if (largest == 0 || !same)
        number_text(largest, 2, number);
    else
        snprintf(number, sizeof number, "%.0e", largest);
    /* On a small page there is room for the number only. */
    snprintf(text, sizeof text, "%s %s%s: %s%s", same ? "=" : "≠", c->label, here ? "" : " (later)",
             view_is_tight(view) ? "" : "largest difference ", number);
    /* The key shows both side by side. */
    return draw_pill(pen, "badge", "badge.label", line, same, text,
                     here ? key_text(view->command(CMD_COMPARE)->keys, key) : NULL);
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
    else if (moved->largest == 0)
        snprintf(text, sizeof text, "Changed: %s stays as it was", moved->name);
    else if (view_is_tight(view)) /* there is room for the number only */
        snprintf(text, sizeof text, "%s moved by %s", moved->name, number_text(moved->largest, 2, number));
    else
        snprintf(text, sizeof text, "Changed: %s moved by up to %s (at “%s”)", moved->name,
                 number_text(moved->largest, 2, number),
                 axis_position(&last->value.axis[AXIS_ROW], moved->head, moved->row, row));
    return draw_pill(pen, "moved", "moved.label", line, true, text, NULL);
}

/* The difference of both sides of a comparison in this step, where no badge has it, and what they cost. */
static float draw_costs(struct pen *pen, const struct view *view, struct rect line)
{
    const struct comparison *c = view_comparison(view);
    if (!c || !view_comparing(view) || view_is_tight(view))
        return 0;
    float u = pen->scale, top = line.y;
    char number[NUMBER_TEXT];
    struct ink quiet = pen_ink(pen, FACE_SANS, 14, 10, pen->theme->text_secondary);
    line.h = 20 * u;
    if (view->state->compare == COMPARE_BEFORE) {
        pen_textf(pen, "largest", quiet, line, ALIGN_LEFT, "largest difference in this step: %s",
                  number_text(comparison_largest(c, view_step(view)), 2, number));
        line.y += line.h;
    }
    pen_textf(pen, "costs", quiet, line, ALIGN_LEFT, "operations in all: %.0f here, %.0f %s%s", c->flops_here,
              c->flops_there, view->state->compare == COMPARE_SECOND ? "in " : "", c->label);
    return line.y + line.h - top + 4 * u;
}

/* ---- stage, which head, formula, where we are in it ---- */

static void draw_stage_line(struct pen *pen, const struct view *view, const struct step *step, struct rect line)
{
    float u = pen->scale;
    struct ink bold = {FACE_SANS_BOLD, 20 * u, 14 * u, pen->theme->text};
    struct rect name = pen_text_in(pen, "stage", bold, line, ALIGN_LEFT,
                                   language_stage(view->lesson->language, step->spec.stage, "name"));
    size_t heads = step->value.axis[AXIS_HEAD].size, head = view_head(view);
    char text[160];
    if (heads < 2)
        return;
    /* Planes that are not heads have names (the mistake that takes words for heads). */
    const char *plane = axis_label(&step->value.axis[AXIS_HEAD], 0, head);
    bool sets = strcmp(step->value.axis[AXIS_HEAD].name, "sets") == 0; /* keys and values that several heads share */
    const struct words *names = &view->lesson->head_names;
    const char *called = plane ? plane : !sets && head < names->n ? names->v[head] : NULL;
    int n = snprintf(text, sizeof text, "%s %zu of %zu", plane ? "plane" : sets ? "set" : "head", head + 1, heads);
    if (called)
        snprintf(text + n, sizeof text - (size_t)n, ": %s", called);
    struct ink quiet = {FACE_SANS, 15 * u, 11 * u, pen->theme->text_secondary};
    float left = name.x + name.w + 12 * u;
    if (!pen_fits(pen, quiet, line.x + line.w - left, text))
        text[n] = '\0'; /* the number alone rather than half a name */
    pen_text_in(pen, "head", quiet, (struct rect){left, line.y, line.x + line.w - left, line.h}, ALIGN_RIGHT, text);
}

static float draw_step_formula(struct pen *pen, const struct view *view, int step, struct rect line)
{
    struct str text = {0};
    transposed_step_formula(view_tape(view), step, view->state->columns, &text);
    float size = (view_is_tight(view) ? 18 : 24) * pen->scale, least = 13 * pen->scale;
    struct extent e = formula_measure(pen, str_text(&text), size, false);
    while (e.width > line.w && size > least)
        e = formula_measure(pen, str_text(&text), size -= 1, false);
    float baseline = line.y + 8 * pen->scale + e.above;
    if (e.width <= line.w)
        formula_draw(pen, "formula", str_text(&text), size, false, pen->theme->text, line.x, baseline);
    if (text.failed)
        pen->list->failed = true;
    str_finish(&text);
    return e.above + e.below + 14 * pen->scale;
}

static void draw_counter(struct pen *pen, const struct view *view, const struct place *place, struct rect line)
{
    const struct walk_step *s = &view->walk->steps[place->at];
    if (place->whole)
        return;
    pen_textf(pen, "counter.cell", pen_ink(pen, FACE_MONO, 13, 10, pen->theme->text_secondary), line, ALIGN_RIGHT,
              "cell %zu of %zu", place->filled, s->rows * s->cols);
}

float panel_head_draw(struct pen *pen, const struct view *view, struct rect box)
{
    float u = pen->scale, y = box.y;
    struct place place = view_place(view);
    int id = view_step(view);
    const struct step *step = &view_tape(view)->steps[id];
    draw_stage_line(pen, view, step, (struct rect){box.x, y, box.w, 26 * u});
    y += 28 * u;
    float counter = place.whole ? 0 : 130 * u;
    draw_counter(pen, view, &place, (struct rect){box.x + box.w - counter, y + 8 * u, counter, 24 * u});
    y += draw_step_formula(pen, view, id, (struct rect){box.x, y, box.w - counter, 0});
    if (!view_is_tight(view))
        y += draw_whole_formula(pen, view, step->spec.stage, (struct rect){box.x, y, box.w, 0});
    y += draw_badge(pen, view, (struct rect){box.x, y, box.w, 0});
    y += panel_draw_moved(pen, view, (struct rect){box.x, y, box.w, 0});
    y += draw_costs(pen, view, (struct rect){box.x, y, box.w, 0});
    return y - box.y + 6 * u;
}
