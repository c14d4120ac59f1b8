/* threshold.c: sparsemax as a line through the bars of a row's scores: what stands above it is the weight. Of a hard
 * choice: the highest bar takes all. What the walk has not computed yet is not drawn. */
#include "scene/arithmetic.h"
#include "scene/figure.h"

#include <math.h>
#include <stdio.h>

enum { PLACES_MOST = 64 };

/* Measures in units of the design's grid. */
static const float word_h = 24, number_h = 19, line_w = 118, slot_least = 20, slot_most = 110, bar_most = 52,
                   foot_h = 22, height_least = 60, words_most = 80;

struct threshold {
    struct pen *pen;
    const struct view *view;
    int scores, line, weights; /* on the tape; line: -1, the choice is hard */
    bool cut, shared;          /* the walk has the line; the weights */
    size_t head, row, n;
    const struct axis *words;
    double least, most; /* of the scores, the line and 0 */
    struct rect plot;
    float slot, word_h;
    bool upwards; /* the words: they are too wide for their places */
};

static struct cursor cell_of(const struct threshold *s, int step, size_t col)
{
    return (struct cursor){true, step, s->head, s->row, col};
}

static double number(const struct threshold *s, int step, size_t col)
{
    return *tensor_at(&s->view->lesson->tape.steps[step].value, s->head, s->row, col);
}

static bool find(struct threshold *s)
{
    const struct tape *tape = &s->view->lesson->tape;
    const int here = s->view->walk->steps[view_place(s->view).at].step;
    s->weights = tape_find_what(tape, STEP_WEIGHTS);
    const struct step *weights = s->weights < 0 ? NULL : &tape->steps[s->weights];
    if (!weights || (weights->spec.op != OP_ABOVE && weights->spec.op != OP_ONE_HOT_ARGMAX))
        return false;
    s->scores = weights->spec.in[0];
    s->line = weights->spec.op == OP_ABOVE ? weights->spec.in[1] : -1;
    s->shared = s->weights == here || figure_has_come(s->view, s->weights);
    s->cut = s->line >= 0 && (s->line == here || figure_has_come(s->view, s->line));
    const size_t heads = weights->value.axis[AXIS_HEAD].size;
    s->head = heads > 1 && view_head(s->view) < heads ? view_head(s->view) : 0;
    s->row = view_word(s->view, weights);
    s->words = &weights->value.axis[AXIS_COL];
    s->n = s->words->size;
    if (!figure_has_come(s->view, s->scores) || s->n > PLACES_MOST)
        return false;
    for (size_t i = 0; i < s->n; i++)
        if (isfinite(number(s, s->scores, i))) {
            s->least = fmin(s->least, number(s, s->scores, i));
            s->most = fmax(s->most, number(s, s->scores, i));
        }
    if (s->cut && isfinite(number(s, s->line, 0)))
        s->least = fmin(s->least, number(s, s->line, 0)), s->most = fmax(s->most, number(s, s->line, 0));
    s->most = fmax(s->most, s->least + 0.5); /* bars of 0 are no wall */
    return true;
}

static float height_at(const struct threshold *s, double value)
{
    return s->plot.y + s->plot.h * (float)((s->most - value) / (s->most - s->least));
}

/* What counts of a bar: from the line to its top, or all of the winner. */
static struct rect part_of(const struct threshold *s, size_t i, struct rect bar)
{
    const double weight = number(s, s->weights, i);
    if (s->line < 0)
        return weight > 0 ? bar : (struct rect){0};
    const float from = height_at(s, number(s, s->scores, i)), to = height_at(s, number(s, s->line, 0));
    return to > from ? (struct rect){bar.x, from, bar.w, to - from} : (struct rect){0};
}

static void draw_bar(const struct threshold *s, size_t i)
{
    struct pen *pen = s->pen;
    const struct theme *t = pen->theme;
    char buffer[LABEL_TEXT];
    float u = pen->scale, x = s->plot.x + s->slot * (float)i, w = fminf(s->slot * 0.62f, bar_most * u);
    const double score = number(s, s->scores, i);
    const bool open = isfinite(score), known = s->line < 0 ? s->shared : s->cut;
    const struct cursor of_score = cell_of(s, s->scores, i), of_weight = cell_of(s, s->weights, i);
    struct rect word = {x + 2 * u, s->plot.y + s->plot.h + 4 * u, s->slot - 4 * u, s->word_h};
    struct ink ink = pen_ink(pen, FACE_SANS, 15, 12, open ? t->text : t->text_secondary);
    const char *label = axis_position(s->words, s->head, i, buffer);
    if (s->upwards)
        pen_text_upwards(pen, "threshold.word", ink, word, ALIGN_RIGHT, label);
    else
        pen_text_in(pen, "threshold.word", ink, word, ALIGN_CENTRE, label);
    if (!open)
        return;
    float zero = height_at(s, 0), top = height_at(s, score);
    struct rect bar = {x + (s->slot - w) / 2, fminf(zero, top), w, fmaxf(fabsf(zero - top), 1)};
    if (figure_is_lit(s->view, &of_score) || figure_is_lit(s->view, &of_weight))
        pen_frame(pen, "figure.lit", rect_inset(bar, -3 * u), t->accent, roundf(2 * u), 2 * u);
    pen_fill(pen, "threshold.score", bar, colour_mix(t->panel, t->text_secondary, 0.35f), 0);
    struct rect part = part_of(s, i, bar);
    if (known && part.h > 0)
        pen_fill(pen, "threshold.part", part, t->share, 0);
    struct rect above = {x, fminf(bar.y, part.h > 0 && known ? part.y : bar.y) - number_h * u, s->slot, number_h * u};
    const bool numbers = s->slot >= 44 * u;
    if (numbers && s->shared)
        figure_number(pen, s->view, pen_ink(pen, FACE_MONO_BOLD, 15, 12, t->text), above, ALIGN_CENTRE, &of_weight);
    else if (numbers)
        figure_number(pen, s->view, pen_ink(pen, FACE_MONO, 14, 12, t->text), above, ALIGN_CENTRE, &of_score);
    if (numbers && s->shared) { /* the score has its place below the word */
        struct rect below = {x, word.y + word.h, s->slot, number_h * u};
        figure_number(pen, s->view, pen_ink(pen, FACE_MONO, 13, 12, t->text_secondary), below, ALIGN_CENTRE, &of_score);
        figure_cell(pen, (struct rect){x, below.y - 3 * u, s->slot, 24 * u}, &of_score, 0, 0);
    }
    const float low = fmaxf(bar.y + bar.h, above.y + 24 * u);
    if (s->slot >= 24 * u)
        figure_cell(pen, (struct rect){x, above.y, s->slot, low - above.y}, s->shared ? &of_weight : &of_score, 0, 0);
}

static void draw_line(const struct threshold *s)
{
    struct pen *pen = s->pen;
    const struct theme *t = pen->theme;
    const struct cursor cell = cell_of(s, s->line, 0);
    float u = pen->scale, y = height_at(s, number(s, s->line, 0)), right = s->plot.x + s->plot.w;
    if (!isfinite(number(s, s->line, 0)))
        return;
    pen_curve(pen, "threshold.line", t->accent, 3 * u, 2, (struct point[]){{s->plot.x, y}, {right + 6 * u, y}});
    struct rect name = {right + 12 * u, y - 21 * u, line_w * u - 12 * u, 21 * u}, value = {name.x, y, name.w, 24 * u};
    if (figure_is_lit(s->view, &cell))
        pen_frame(pen, "figure.lit", (struct rect){name.x - 4 * u, name.y, name.w, 45 * u}, t->accent, roundf(2 * u),
                  4 * u);
    pen_text_in(pen, "threshold.name", pen_ink(pen, FACE_SANS_BOLD, 15, 12, t->text), name, ALIGN_LEFT, "the line");
    figure_number(pen, s->view, pen_ink(pen, FACE_MONO_BOLD, 15, 12, t->text), value, ALIGN_LEFT, &cell);
    figure_cell(pen, value, &cell, 0, 0);
}

static float widest_word(const struct threshold *s)
{
    char buffer[LABEL_TEXT];
    float ret = 0;
    for (size_t i = 0; i < s->n; i++)
        ret = fmaxf(ret, ink_width(s->pen, pen_ink(s->pen, FACE_SANS, 15, 12, s->pen->theme->text),
                                   axis_position(s->words, s->head, i, buffer)));
    return ret;
}

bool threshold_figure(struct pen *pen, const struct view *view, struct rect box)
{
    struct threshold s = {.pen = pen, .view = view};
    char buffer[LABEL_TEXT], title[96];
    float u = pen->scale;
    if (!find(&s))
        return false;
    const struct axis *rows = &view->lesson->tape.steps[s.weights].value.axis[AXIS_ROW];
    const bool hard = s.line < 0;
    snprintf(title, sizeof title, "%s “%s”",
             hard && s.shared ? "One takes all:"
             : s.cut          ? "Above the line:"
                              : "The scores of",
             axis_position(rows, s.head, s.row, buffer));
    box = figure_title(pen, box, title, NULL);
    struct rect foot = rect_cut_bottom(&box, foot_h * u, 2 * u);
    rect_cut_top(&box, number_h * u, 0);
    const bool told = (box.w - (hard ? 0 : line_w) * u) / (float)s.n >= 44 * u;
    s.slot = fminf((box.w - (hard ? 0 : line_w) * u) / (float)s.n, slot_most * u);
    s.upwards = widest_word(&s) > s.slot - 4 * u;
    s.word_h = s.upwards ? fminf(widest_word(&s), words_most * u) : word_h * u;
    rect_cut_bottom(&box, s.word_h + (s.shared && told ? number_h : 0) * u + 4 * u, 0);
    s.plot = (struct rect){box.x, box.y, s.slot * (float)s.n, box.h};
    if (s.slot < slot_least * u || box.h < height_least * u)
        return false;
    for (size_t i = 0; i < s.n; i++)
        draw_bar(&s, i);
    pen_fill(pen, "threshold.zero", (struct rect){s.plot.x, height_at(&s, 0) - 0.5f, s.plot.w, fmaxf(1, roundf(u))},
             pen->theme->text_secondary, 0);
    if (s.cut)
        draw_line(&s);
    pen_text_in(pen, "threshold.foot", pen_ink(pen, FACE_SANS, 14, 12, pen->theme->text_secondary), foot, ALIGN_LEFT,
                hard && s.shared   ? "the highest bar has weight 1, the others 0: of equal ones the first"
                : s.shared && told ? "dark parts are the weights, together 1; below the words the scores"
                : s.shared         ? "dark parts are the weights, together 1"
                : s.cut            ? "dark parts, above the line, are 1 together"
                                   : "bars are as high as the scores");
    return true;
}
