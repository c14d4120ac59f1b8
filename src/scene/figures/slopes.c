/* slopes.c: what every head takes off for a distance, all heads in one plot: straight lines; behind the softmax, what
 * they leave of the weights: curves. A point for each number. */
#include "scene/arithmetic.h"
#include "scene/figure.h"

#include <math.h>
#include <stdio.h>

enum { PLACES_MOST = 64 };

/* Measures in units of the design's grid. */
static const float label_w = 132, label_h = 21, axis_h = 44, dot = 5, target = 24, slot_least = 14, slot_most = 240,
                   height_least = 90, head_room = 14;

struct slopes {
    struct pen *pen;
    const struct view *view;
    int step; /* on the tape: whose numbers are drawn */
    bool weights;
    size_t heads, row, head; /* head: the one looked at */
    double least, most;      /* of the numbers drawn, with 0 */
    struct rect plot;
    float slot;
};

static const struct tensor *values(const struct slopes *s)
{
    return &s->view->lesson->tape.steps[s->step].value;
}

/* Distances run from 0, the word itself, to the first word. */
static double value_at(const struct slopes *s, size_t head, size_t distance)
{
    return *tensor_at(values(s), head, s->row, s->row - distance);
}

static bool find(struct slopes *s)
{
    const struct tape *tape = &s->view->lesson->tape;
    const int here = s->view->walk->steps[view_place(s->view).at].step;
    int bias = -1;
    for (size_t i = 0; i < tape->n && bias < 0; i++)
        if (tape->steps[i].spec.op == OP_ALIBI)
            bias = (int)i;
    s->weights = bias >= 0 && tape->steps[here].spec.what == STEP_WEIGHTS;
    s->step = s->weights ? here : bias;
    if (bias < 0 || (!s->weights && s->step != here && !figure_has_come(s->view, s->step)))
        return false;
    const struct tensor *t = values(s);
    s->heads = t->axis[AXIS_HEAD].size;
    s->row = view_word(s->view, &tape->steps[s->step]);
    if (s->row < 2) /* a line needs some distance */
        s->row = t->axis[AXIS_ROW].size - 1;
    s->head = view_head(s->view);
    if (s->row < 1 || s->row >= PLACES_MOST || s->heads > HEAD_COLOURS || s->row >= t->axis[AXIS_COL].size)
        return false;
    for (size_t h = 0; h < s->heads; h++)
        for (size_t d = 0; d <= s->row; d++) {
            s->least = fmin(s->least, value_at(s, h, d));
            s->most = fmax(s->most, value_at(s, h, d));
        }
    return isfinite(s->least) && s->most > s->least;
}

static struct point point_at(const struct slopes *s, size_t head, size_t distance)
{
    const double share = (s->most - value_at(s, head, distance)) / (s->most - s->least);
    return (struct point){s->plot.x + s->slot * (float)distance, s->plot.y + s->plot.h * (float)share};
}

static bool is_filled(const struct slopes *s, size_t distance)
{
    return view_filled(s->view, s->step, s->row, s->row - distance);
}

static struct cursor cell_of(const struct slopes *s, size_t head, size_t distance)
{
    return (struct cursor){true, s->step, head, s->row, s->row - distance};
}

/* ---- the axes ---- */

static void draw_axes(const struct slopes *s, struct rect foot)
{
    struct pen *pen = s->pen;
    const struct theme *t = pen->theme;
    char buffer[LABEL_TEXT], text[24];
    float u = pen->scale, thin = fmaxf(1, roundf(u)),
          zero = s->plot.y + s->plot.h * (float)(s->most / (s->most - s->least));
    struct rect numbers = rect_cut_top(&foot, foot.h / 2, 0);
    pen_fill(pen, "slopes.zero", (struct rect){s->plot.x, zero - thin / 2, s->plot.w, thin}, t->text_secondary, 0);
    for (size_t d = 0; d <= s->row; d++) {
        float x = s->plot.x + s->slot * (float)d;
        struct rect place = {x - s->slot / 2, numbers.y, s->slot, numbers.h};
        struct ink ink = pen_ink(pen, FACE_SANS, 14, 12, t->text);
        const char *word = axis_position(&values(s)->axis[AXIS_COL], 0, s->row - d, buffer);
        pen_fill(pen, "slopes.tick", (struct rect){x - thin / 2, s->plot.y, thin, s->plot.h}, t->line, 0);
        if (pen_fits(pen, ink, s->slot - 4 * u, word))
            pen_text_in(pen, "slopes.word", ink, place, ALIGN_CENTRE, word);
        place.y = foot.y;
        snprintf(text, sizeof text, "%zu", d);
        if (s->slot >= 26 * u)
            pen_text_in(pen, "slopes.distance", pen_ink(pen, FACE_MONO, 13, 12, t->text_secondary), place, ALIGN_CENTRE,
                        text);
    }
}

/* ---- the lines ---- */

static void draw_line(const struct slopes *s, size_t head)
{
    struct pen *pen = s->pen;
    struct colour colour = head_colour(pen->theme, head);
    struct point points[PLACES_MOST];
    float u = pen->scale, radius = (head == s->head ? 1.2f : 0.8f) * dot * u;
    size_t n = 0;
    for (size_t d = 0; d <= s->row && is_filled(s, d); d++)
        points[n++] = point_at(s, head, d);
    if (n > 1)
        pen_curve(pen, "slopes.line", colour, (head == s->head ? 4 : 2.2f) * u, n, points);
    for (size_t d = 0; d < n; d++) {
        const struct cursor cell = cell_of(s, head, d);
        struct rect box = {points[d].x - radius, points[d].y - radius, 2 * radius, 2 * radius};
        pen_fill(pen, "slopes.dot", box, colour, radius);
        if (figure_is_lit(s->view, &cell))
            pen_frame(pen, "figure.lit", rect_inset(box, -4 * u), pen->theme->accent, roundf(2 * u), radius + 4 * u);
    }
}

/* Points lie on each other where the lines are flat: the head looked at has its targets, the others theirs where nothing
 * is there yet. */
static void add_targets(const struct slopes *s)
{
    float u = s->pen->scale, w = fminf(s->slot, target * u), h = target * u;
    for (size_t d = 0; w >= target * u && d <= s->row; d++) {
        float taken[HEAD_COLOURS];
        size_t n = 0;
        for (size_t i = 0; i < s->heads; i++) {
            const size_t head = (s->head + i) % s->heads;
            const struct cursor cell = cell_of(s, head, d);
            struct point p = point_at(s, head, d);
            bool is_free = is_filled(s, d);
            for (size_t k = 0; k < n; k++)
                is_free = is_free && fabsf(taken[k] - p.y) >= h;
            if (!is_free)
                continue;
            taken[n++] = p.y;
            figure_cell(s->pen, (struct rect){p.x - w / 2, p.y - h / 2, w, h}, &cell, 0, 0);
        }
    }
}

/* The name of each line at its end, with its number for the first word. Lines that end close to each other have their
 * names one below the other. */
static void write_labels(const struct slopes *s)
{
    const struct theme *t = s->pen->theme;
    size_t order[HEAD_COLOURS];
    float y[HEAD_COLOURS], u = s->pen->scale, h = label_h * u, x = s->plot.x + s->plot.w + 30 * u;
    for (size_t i = 0; i < s->heads; i++) { /* from the highest to the lowest */
        size_t k = i;
        for (; k > 0 && point_at(s, order[k - 1], s->row).y > point_at(s, i, s->row).y; k--)
            order[k] = order[k - 1];
        order[k] = i;
    }
    for (size_t k = 0; k < s->heads; k++) {
        y[k] = point_at(s, order[k], s->row).y;
        if (k > 0)
            y[k] = fmaxf(y[k], y[k - 1] + h);
    }
    float last = s->plot.y + s->plot.h;
    for (size_t k = s->heads; k-- > 0; last = y[k] - h)
        y[k] = fminf(y[k], last);
    for (size_t k = 0; is_filled(s, s->row) && k < s->heads; k++) {
        const size_t head = order[k];
        const struct cursor cell = cell_of(s, head, s->row);
        struct point end = point_at(s, head, s->row);
        pen_curve(s->pen, "slopes.leader", head_colour(t, head), fmaxf(1, 1.5f * u), 2,
                  (struct point[]){end, {x - 5 * u, y[k]}});
        struct rect line = {x, y[k] - h / 2, label_w * u - 30 * u, h}, name = rect_cut_left(&line, 54 * u, 4 * u);
        pen_textf(s->pen, "slopes.head", pen_ink(s->pen, head == s->head ? FACE_SANS_BOLD : FACE_SANS, 15, 12, t->text),
                  name, ALIGN_LEFT, "head %zu", head + 1);
        figure_number(s->pen, s->view, pen_ink(s->pen, FACE_MONO, 14, 12, t->text), line, ALIGN_LEFT, &cell);
        figure_cell(s->pen, (struct rect){line.x, y[k] - h / 2, line.w, h}, &cell, 0, 0);
    }
}

bool slopes_figure(struct pen *pen, const struct view *view, struct rect box)
{
    struct slopes s = {.pen = pen, .view = view};
    char buffer[LABEL_TEXT], title[96], note[96];
    float u = pen->scale;
    if (!find(&s))
        return false;
    const char *word = axis_position(&values(&s)->axis[AXIS_ROW], 0, s.row, buffer);
    snprintf(title, sizeof title, s.weights ? "What “%s” gives, by distance" : "What distance costs “%s”", word);
    snprintf(note, sizeof note, "how many words back; at the right what is left for the first word");
    box =
        figure_title(pen, box, title, s.weights ? note : "how many words back; at the right what the first word loses");
    struct rect foot = rect_cut_bottom(&box, axis_h * u, 4 * u);
    rect_cut_top(&box, head_room * u, 0);
    rect_cut_bottom(&box, 8 * u, 0);
    rect_cut_left(&box, 26 * u, 0);
    s.slot = fminf((box.w - label_w * u) / (float)s.row, slot_most * u);
    s.plot = (struct rect){box.x, box.y, s.slot * (float)s.row, box.h};
    if (s.slot < slot_least * u || box.h < fmaxf(height_least, label_h * (float)s.heads) * u)
        return false;
    draw_axes(&s, foot);
    for (size_t i = 1; i <= s.heads; i++)
        draw_line(&s, (s.head + i) % s.heads); /* the one looked at lies on top */
    write_labels(&s);
    add_targets(&s);
    return true;
}
