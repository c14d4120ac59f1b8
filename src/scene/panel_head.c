/* panel_head.c: the head of the panel: stage and formula. */
#include "scene/page_parts.h"

#include "lesson/language/language.h"
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
    struct marked_formula w = {0};
    formula_of_mechanism(view->lesson, view->walk, view->state->columns, &w.text, &w.stages);
    return w;
}

/* Draw some bytes of it; returns their width. */
static float draw_marked(struct pen *pen, const struct marked_formula *w, size_t at, size_t end, enum stage stage,
                         float size, float x, float y)
{
    float start = x;
    for (size_t n; at < end; at += n) {
        bool lit = w->stages.v[at] == (char)(stage + 1);
        for (n = 1; at + n < end && w->stages.v[at + n] == w->stages.v[at];)
            n++;
        x += formula_draw_n(pen, lit ? "formula.lit" : "formula.whole", w->text.v + at, n, size, lit,
                            lit ? pen->theme->accent : pen->theme->text_secondary, x, y)
                 .width;
    }
    return x - start;
}

/* Where the equation that begins at byte `at` ends, its comma included; "1 if r_h > 0.1, else 0" is one. */
static size_t equation_end(const struct marked_formula *w, size_t at)
{
    int depth = 0;
    for (; at < w->text.n; at++) {
        depth += w->text.v[at] == '(' ? 1 : w->text.v[at] == ')' ? -1 : 0;
        if (depth == 0 && w->text.v[at] == ',' && strncmp(&w->text.v[at], ", else", strlen(", else")) != 0)
            return at + 1;
    }
    return at;
}

/* The bytes from `at` on that fit on a line: as many equations as there is room for, and one at least. */
static size_t line_end(const struct pen *pen, const struct marked_formula *w, size_t at, float size, float room)
{
    struct pen measuring = pen_measuring(pen);
    size_t end = equation_end(w, at);
    for (size_t next = end; next < w->text.n; end = next) {
        next = equation_end(w, end);
        if (draw_marked(&measuring, w, at, next, STAGE_COUNT, size, 0, 0) > room)
            break;
    }
    return end;
}

/* Set in lines that are `room` wide; false: an equation is wider. *ret_height: of all lines. */
static bool set_lines(struct pen *pen, const struct marked_formula *w, enum stage stage, float size, struct rect line,
                      bool draw, float *ret_height)
{
    struct pen measuring = pen_measuring(pen);
    float u = pen->scale, y = line.y;
    bool fits = true;
    for (size_t at = 0, end; at < w->text.n; at = end) {
        end = line_end(pen, w, at, size, line.w);
        at += w->text.v[at] == ' ' && at > 0; /* behind the comma of the line before */
        fits = fits && draw_marked(&measuring, w, at, end, stage, size, 0, 0) <= line.w;
        if (draw)
            draw_marked(pen, w, at, end, stage, size, line.x, y + 20 * u);
        y += 24 * u;
    }
    *ret_height = y - line.y + 12 * u;
    return fits;
}

/* A mistake that is still to come is not given away. */
static bool hides_mistake(const struct view *view)
{
    bool hides = false;
    size_t at = walk_place(view->walk, view->state->position).at;
    for (size_t i = at + 1; i < view->walk->n; i++)
        hides = hides || view->lesson->tape.steps[view->walk->steps[i].step].spec.mistake;
    return hides;
}

/* The step that the equation of these bytes computes, "H_1 = ..."; -1: it names none. */
static int computed_by(const struct tape *tape, const char *equation, size_t n)
{
    const char *blank = memchr(equation, ' ', n);
    for (size_t i = 0; blank && i < tape->n; i++) {
        const char *symbol = tape->steps[i].spec.symbol;
        if (strlen(symbol) == (size_t)(blank - equation) && strncmp(symbol, equation, strlen(symbol)) == 0 &&
            strncmp(blank, " = ", 3) == 0)
            return (int)i;
    }
    return -1;
}

/* Of several equations only the one that the walk is in is lit: H_2 = ... once H_1 is there, until H_2 is. */
static void light_one_equation(const struct view *view, struct marked_formula *w)
{
    int here = view->walk->steps[walk_place(view->walk, view->state->position).at].step, before = -1;
    for (size_t at = 0, end; at < w->text.n; at = end) {
        end = equation_end(w, at);
        at += w->text.v[at] == ' ';
        int of = computed_by(&view->lesson->tape, w->text.v + at, end - at);
        if (of >= 0 && (here > of || here <= before))
            memset(w->stages.v + at, STAGE_COUNT + 2, end - at);
        before = of > before ? of : before;
    }
}

/* From the stage on that makes its first part. */
static float draw_whole_formula(struct pen *pen, const struct view *view, enum stage stage, struct rect line)
{
    float u = pen->scale, size = 15 * u, height = 0;
    struct marked_formula w = formula_of(view);
    bool failed = w.text.failed || w.stages.failed;
    bool begun = !failed && w.text.n > 0 && strchr(str_text(&w.stages), (char)(stage + 1)) && !hides_mistake(view);
    if (begun)
        light_one_equation(view, &w);
    while (begun && !set_lines(pen, &w, stage, size, line, false, &height)) {
        size -= 1;
        begun = size >= 10 * u;
    }
    if (begun)
        set_lines(pen, &w, stage, size, line, true, &height);
    pen->list->failed |= failed;
    str_finish(&w.text);
    str_finish(&w.stages);
    return begun ? height : 0;
}

/* ---- stage, which head, formula, where we are in it ---- */

/* Which head is shown, at the right of a line; nothing where there is but one. */
static void draw_head(struct pen *pen, const struct view *view, const struct step *step, struct rect line)
{
    float u = pen->scale;
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
    if (!pen_fits(pen, quiet, line.w, text))
        text[n] = '\0'; /* the number alone rather than half a name */
    pen_text_in(pen, "head", quiet, line, ALIGN_RIGHT, text);
}

/* The stop's claim on up to two lines; returns the height. */
static float draw_claim(struct pen *pen, const struct view *view, const char *claim, struct rect box)
{
    float u = pen->scale, size = (view_is_tight(view) ? 16 : 20) * u, least = 13 * u;
    struct spans s = {.view = view};
    struct ink ink = {FACE_SANS_BOLD, size, 0, pen->theme->text};
    spans_parse(&s, claim);
    spans_find_terms(&s, view->lesson->language);
    while (spans_height(pen, ink, &s, box.w) > 2 * roundf(roundf(ink.size) * 1.5f) && ink.size > least)
        ink.size -= 1;
    box.h = spans_height(pen, ink, &s, box.w);
    spans_wrap(pen, "claim", ink, &s, box);
    spans_done(pen, &s);
    return box.h;
}

/* What is to be seen, or the stage's name, and which head; returns the height. */
static float draw_heading(struct pen *pen, const struct view *view, const struct step *step, struct rect box)
{
    float u = pen->scale;
    const struct stop *stop = panel_stop(view);
    /* The pinned card needs the room of a low page. */
    bool room = !(view->state->pinned && view_is_tight(view));
    const char *claim = stop && room ? stop->title[view->state->columns] : NULL;
    bool heads = step->value.axis[AXIS_HEAD].size > 1;
    if (claim) {
        float height = draw_claim(pen, view, claim, box);
        if (heads)
            draw_head(pen, view, step, (struct rect){box.x, box.y + height, box.w, 22 * u});
        return height + (heads ? 22 * u : 0);
    }
    struct rect line = {box.x, box.y, box.w, 26 * u};
    struct ink bold = {FACE_SANS_BOLD, 20 * u, 14 * u, pen->theme->text};
    struct rect name =
        spans_in(pen, "stage", bold, line, view, language_stage(view->lesson->language, step->spec.stage, "name"));
    rect_cut_left(&line, name.w, 12 * u);
    draw_head(pen, view, step, line);
    return 28 * u;
}

/* The largest size, from `most` down to `least`, at which it fits; below that, `least`. */
static float fitting_size(const struct pen *pen, const char *formula, float most, float least, float width)
{
    float size = most;
    while (size > least && formula_measure(pen, formula, size, false).width > width)
        size -= 1;
    return size;
}

/* `counter`: the width at the line's end that the counter of cells takes. A long formula stands below it. */
static float draw_step_formula(struct pen *pen, const struct view *view, int step, struct rect line, float counter)
{
    struct str text = {0};
    transposed_step_formula(view_tape(view), step, view->state->columns, &text);
    bool tight = view_is_tight(view);
    float u = pen->scale, most = (tight ? 18 : 24) * u, top = line.y;
    float size = fitting_size(pen, str_text(&text), most, (tight ? 12 : 16) * u, line.w - counter);
    if (formula_measure(pen, str_text(&text), size, false).width > line.w - counter) {
        line.y += counter > 0 ? 24 * u : 0;
        size = fitting_size(pen, str_text(&text), most, 11 * u, line.w);
    }
    struct extent e = formula_measure(pen, str_text(&text), size, false);
    float baseline = line.y + 8 * u + e.above;
    if (e.width <= line.w)
        formula_draw(pen, "formula", str_text(&text), size, false, pen->theme->text, line.x, baseline);
    pen->list->failed |= text.failed;
    str_finish(&text);
    return line.y - top + e.above + e.below + 14 * u;
}

/* What is made of places alone (a mask) has no step of its own on the walk: its formula stands below that of the step
 * that it is an operand of. */
static float draw_operand_formulas(struct pen *pen, const struct view *view, const struct step *step, struct rect line)
{
    float top = line.y, u = pen->scale;
    const struct tape *tape = view_tape(view);
    for (int i = 0; i < op_table[step->spec.op]->n_inputs; i++) {
        const struct step *operand = &tape->steps[step->spec.in[i]];
        struct str text = {0};
        if (operand->spec.op != OP_INPUT || !operand->spec.formula)
            continue;
        transposed_step_formula(tape, step->spec.in[i], view->state->columns, &text);
        float size = fitting_size(pen, str_text(&text), 16 * u, 11 * u, line.w);
        struct extent e = formula_measure(pen, str_text(&text), size, false);
        formula_draw(pen, "formula.operand", str_text(&text), size, false, pen->theme->text, line.x,
                     line.y + e.above + 2 * u);
        line.y += e.above + e.below + 10 * u;
        pen->list->failed |= text.failed;
        str_finish(&text);
    }
    return line.y - top;
}

/* Does it matter from where letters count? Of most formulas it does not: only how far apart places are. */
static bool counts(const struct tape *tape, int step)
{
    static const char *const absolute[] = {"R(i - 1)", "8 h /", " i <= "};
    struct str text = {0};
    bool ret = false;
    formula_of_step(tape, step, &text);
    for (size_t i = 0; i < sizeof absolute / sizeof absolute[0]; i++)
        ret = ret || strstr(str_text(&text), absolute[i]);
    str_finish(&text);
    return ret;
}

/* Where the formula, or one of an operand, says so much of places that it has to be said how they are counted. */
static float draw_counting(struct pen *pen, const struct view *view, int step, struct rect line)
{
    const struct tape *tape = view_tape(view);
    const struct step_spec *s = &tape->steps[step].spec;
    bool said = counts(tape, step);
    for (int i = 0; i < op_table[s->op]->n_inputs; i++)
        said = said || (tape->steps[s->in[i]].spec.op == OP_INPUT && counts(tape, s->in[i]));
    if (!said || view_is_tight(view))
        return 0;
    line.h = 20 * pen->scale;
    pen_text_in(pen, "formula.counted", pen_ink(pen, FACE_SANS, 13, 10, pen->theme->text_secondary), line, ALIGN_LEFT,
                language_page(view->lesson->language, "counted"));
    return line.h + 4 * pen->scale;
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
    y += draw_heading(pen, view, step, (struct rect){box.x, y, box.w, 0});
    float counter = place.whole ? 0 : 130 * u;
    draw_counter(pen, view, &place, (struct rect){box.x + box.w - counter, y + 8 * u, counter, 24 * u});
    y += draw_step_formula(pen, view, id, (struct rect){box.x, y, box.w, 0}, counter);
    y += draw_operand_formulas(pen, view, step, (struct rect){box.x, y, box.w, 0});
    y += draw_counting(pen, view, id, (struct rect){box.x, y, box.w, 0});
    if (!view_is_tight(view))
        y += draw_whole_formula(pen, view, step->spec.stage, (struct rect){box.x, y, box.w, 0});
    y += panel_draw_badge(pen, view, (struct rect){box.x, y, box.w, 0});
    y += panel_draw_moved(pen, view, (struct rect){box.x, y, box.w, 0});
    y += panel_draw_costs(pen, view, (struct rect){box.x, y, box.w, box.y + box.h - y});
    return y - box.y + 6 * u;
}
