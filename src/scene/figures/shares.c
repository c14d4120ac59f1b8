/* shares.c: from scores to shares: the scores of a row as bars, e to the power of each as bars, and one bar of length 1
 * that they share. What the walk has not computed yet is not drawn. */
#include "scene/arithmetic.h"
#include "scene/figure.h"
#include "scene/token_picture.h"

#include <math.h>
#include <stdio.h>

/* Measures in units of the design's grid. */
static const float label_h = 22, number_h = 18, whole_h = 38, foot_h = 22, bar_most = 46, keys_h = 20;

struct shares {
    struct pen *pen;
    const struct view *view;
    const struct tape *tape;
    int scores, exponentials, weights; /* on the tape */
    size_t head, row, n;
    const struct axis *axis; /* the words looked at */
    double top, lowest;      /* the row's largest score, and its smallest that is not blocked, or 0 */
};

static double at(const struct shares *s, int step, size_t col)
{
    return *tensor_at(&s->tape->steps[step].value, s->head, s->row, col);
}

static struct cursor cell_of(const struct shares *s, int step, size_t col)
{
    return (struct cursor){true, step, s->head, s->row, col};
}

/* Weights that were made of scores in the steps of the softmax: e to the power of scores less their maximum, and these
 * over their sum. */
static bool find(struct shares *s)
{
    s->weights = tape_find_what(s->tape, STEP_WEIGHTS);
    const struct step *weights = s->weights < 0 ? NULL : &s->tape->steps[s->weights];
    if (!weights || op_table[weights->spec.op]->n_inputs != 2)
        return false;
    s->exponentials = weights->spec.in[0];
    const struct step *exponentials = &s->tape->steps[s->exponentials];
    if (exponentials->spec.op != OP_EXP_SHIFTED)
        return false;
    s->scores = exponentials->spec.in[0];
    size_t heads = weights->value.axis[AXIS_HEAD].size;
    s->head = heads > 1 && view_head(s->view) < heads ? view_head(s->view) : 0;
    s->row = view_word(s->view, weights);
    s->axis = &weights->value.axis[AXIS_COL];
    s->n = s->axis->size;
    s->top = s->lowest = 0;
    for (size_t i = 0; i < s->n; i++)
        if (isfinite(at(s, s->scores, i))) {
            s->top = fmax(s->top, at(s, s->scores, i));
            s->lowest = fmin(s->lowest, at(s, s->scores, i));
        }
    return s->n <= 64;
}

/* ---- bars ---- */

struct bar {
    const char *part;
    int step;
    float x, w;
    double height, low; /* of one unit, in pixels, and where 0 is */
    struct colour colour;
};

static void draw_bar(const struct shares *s, const struct bar *b, size_t col, bool numbers)
{
    struct pen *pen = s->pen;
    const double value = at(s, b->step, col);
    const struct cursor cell = cell_of(s, b->step, col);
    float u = pen->scale, h = (float)(value * b->height), y = (float)b->low - fmaxf(h, 0);
    if (!isfinite(value))
        return;
    struct rect box = {b->x, y, b->w, fmaxf(fabsf(h), 1)};
    bool lit = figure_is_lit(s->view, &cell);
    if (lit)
        pen_frame(pen, "figure.lit", rect_inset(box, -3 * u), pen->theme->accent, roundf(2 * u), 3 * u);
    pen_fill(pen, b->part, box, b->colour, 0);
    struct rect above = {b->x - 10 * u, h < 0 ? y + box.h : y - number_h * u, b->w + 20 * u, number_h * u};
    if (numbers)
        figure_number(pen, s->view, pen_ink(pen, lit ? FACE_MONO_BOLD : FACE_MONO, 13, 9, pen->theme->text), above,
                      ALIGN_CENTRE, &cell);
    struct rect target = {b->x - 4 * u, fminf(y, (float)b->low) - number_h * u, b->w + 8 * u, 0};
    target.h = fmaxf(24 * u, (float)b->low - target.y + (h < 0 ? -h : 0));
    figure_cell(pen, target, &cell, 0, 0);
}

static void draw_bars(const struct shares *s, struct rect box)
{
    struct pen *pen = s->pen;
    const struct theme *t = pen->theme;
    char buffer[TOKEN_LABEL];
    const bool powers = figure_has_come(s->view, s->exponentials);
    float u = pen->scale, slot = box.w / (float)s->n, bar = fminf(bar_most * u, slot * (powers ? 0.36f : 0.6f));
    const bool numbers = slot >= (powers ? 84 : 44) * u;
    struct rect labels = rect_cut_bottom(&box, label_h * u, 2 * u);
    rect_cut_top(&box, number_h * u, 0);
    if (s->lowest < 0)
        rect_cut_bottom(&box, number_h * u, 0);
    /* One scale for both, so that a score of 1 is as high as e^0. */
    double top = fmax(s->top, powers ? 1 : 0), range = top - s->lowest;
    double unit = box.h / fmax(range, 1e-9), zero = box.y + top * unit;
    struct colour quiet = colour_mix(t->panel, t->text_secondary, 0.45f);
    pen_fill(pen, "shares.base", (struct rect){box.x, (float)zero - 0.5f, box.w, fmaxf(1, roundf(u))},
             t->text_secondary, 0);
    for (size_t i = 0; i < s->n; i++) {
        float x = box.x + slot * (float)i, gap = 3 * u, left = x + (slot - (powers ? 2 * bar + gap : bar)) / 2;
        const bool blocked = !isfinite(at(s, s->scores, i));
        draw_bar(s, &(struct bar){"shares.score", s->scores, left, bar, unit, zero, quiet}, i, numbers);
        if (powers)
            draw_bar(s, &(struct bar){"shares.power", s->exponentials, left + bar + gap, bar, unit, zero, t->share}, i,
                     numbers);
        struct ink ink = pen_ink(pen, FACE_SANS, 14, 9, blocked ? t->text_secondary : t->text);
        pen_textf(pen, "shares.word", ink, (struct rect){x + 2 * u, labels.y, slot - 4 * u, labels.h}, ALIGN_CENTRE,
                  "%s%s", token_label(s->view, s->axis, s->head, i, buffer),
                  blocked && slot > 90 * u ? ", blocked" : "");
    }
}

/* ---- the whole that is shared ---- */

static void draw_whole(const struct shares *s, struct rect box)
{
    struct pen *pen = s->pen;
    const struct theme *t = pen->theme;
    float u = pen->scale, x = box.x;
    for (size_t i = 0; i < s->n; i++) {
        const double share = at(s, s->weights, i);
        const struct cursor cell = cell_of(s, s->weights, i);
        char buffer[TOKEN_LABEL], number[NUMBER_TEXT], both[TOKEN_LABEL + NUMBER_TEXT + 2];
        struct rect part = {x, box.y, box.w * (float)share, box.h};
        x += part.w;
        if (share <= 0)
            continue;
        struct colour fill = colour_mix(t->panel, t->share, 0.25f + 0.75f * (float)share);
        pen_fill(pen, "shares.part", part, fill, 0);
        pen_frame(pen, "shares.edge", part, t->panel, fmaxf(1, roundf(u)), 0);
        if (figure_is_lit(s->view, &cell))
            pen_frame(pen, "figure.lit", part, t->accent, roundf(3 * u), 0);
        snprintf(both, sizeof both, "%s %s", token_label(s->view, s->axis, s->head, i, buffer),
                 number_text(share, CELL_DECIMALS, number));
        struct ink ink = pen_ink(pen, FACE_SANS_BOLD, 14, 10, colour_readable(t->on_accent, fill));
        if (pen_fits(pen, ink, part.w - 8 * u, both))
            pen_text_in(pen, "shares.label", ink, part, ALIGN_CENTRE, both);
        if (part.w >= 24 * u)
            figure_cell(pen, part, &cell, 0, 0);
    }
}

bool shares_figure(struct pen *pen, const struct view *view, struct rect box)
{
    struct shares s = {.pen = pen, .view = view, .tape = &view->lesson->tape};
    char buffer[LABEL_TEXT], title[96];
    float u = pen->scale;
    if (!find(&s))
        return false;
    const bool come = figure_has_come(view, s.weights), powers = figure_has_come(view, s.exponentials);
    const struct axis *rows = &s.tape->steps[s.weights].value.axis[AXIS_ROW];
    snprintf(title, sizeof title, "From scores to shares: “%s” looks", axis_position(rows, s.head, s.row, buffer));
    box = figure_title(pen, box, title, NULL);
    struct rect keys = rect_cut_top(&box, keys_h * u, 4 * u);
    float x = figure_key(pen, colour_mix(pen->theme->panel, pen->theme->text_secondary, 0.45f), "score", keys.x, keys);
    if (powers)
        figure_key(pen, pen->theme->share, "e to the power of (score minus the largest)", x, keys);
    if (come) {
        struct rect foot = rect_cut_bottom(&box, foot_h * u, 2 * u);
        pen_text_in(pen, "shares.foot", pen_ink(pen, FACE_SANS, 13, 10, pen->theme->text_secondary), foot, ALIGN_LEFT,
                    "all parts together: one whole, 1");
        draw_whole(&s, rect_cut_bottom(&box, fminf(whole_h * u, box.h * 0.3f), 6 * u));
    }
    draw_bars(&s, box);
    return true;
}
