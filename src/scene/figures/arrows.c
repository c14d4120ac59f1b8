/* arrows.c: pairs of numbers as arrows on a dial, before and after they were turned by their places. At the turning
 * step a dial for each place; at the scores the query, the key, and both with the angle between them. */
#include "scene/arithmetic.h"
#include "scene/figure.h"

#include <math.h>
#include <stdio.h>

/* Measures in units of the design's grid. */
static const float caption_h = 22, line_h = 18, dial_most = 220, dial_least = 56, dial_gap = 16;
static const double turn = 6.283185307179586;

/* A pair of columns of one row, as it is before and after. */
struct hand {
    int step; /* on the tape: where it was turned */
    size_t head, row, pair;
    enum role role;
};

struct dials {
    struct pen *pen;
    const struct view *view;
    const struct tape *tape;
    double longest; /* of all arrows that are compared: as long as the dial's radius */
};

static bool is_turned(const struct tape *tape, int step)
{
    return step >= 0 && tape->steps[step].spec.op == OP_ROPE;
}

static double number(const struct dials *d, int step, const struct hand *h, size_t part)
{
    return *tensor_at(&d->tape->steps[step].value, h->head, h->row, 2 * h->pair + part);
}

static double angle_at(const struct dials *d, int step, const struct hand *h)
{
    return atan2(number(d, step, h, 1), number(d, step, h, 0));
}

/* By how much it was turned, from 0 to a whole turn. The computed angle of no turn may be a hair below 0. */
static double turned_by(const struct dials *d, const struct hand *h)
{
    double by = angle_at(d, h->step, h) - angle_at(d, d->tape->steps[h->step].spec.in[0], h);
    by -= floor(by / turn) * turn;
    return turn - by < 1e-9 ? 0 : by;
}

static double longest_of(const struct tape *tape, int step)
{
    const struct tensor *t = &tape->steps[step].value;
    double ret = 0;
    for (size_t h = 0; h < t->axis[AXIS_HEAD].size; h++)
        for (size_t r = 0; r < t->axis[AXIS_ROW].size; r++)
            for (size_t c = 0; c + 1 < t->axis[AXIS_COL].size; c += 2)
                ret = fmax(ret, hypot(*tensor_at(t, h, r, c), *tensor_at(t, h, r, c + 1)));
    return ret;
}

/* ---- a dial ---- */

static void draw_dial(struct pen *pen, struct point middle, float radius)
{
    const struct theme *t = pen->theme;
    float u = pen->scale, thin = fmaxf(1, roundf(u));
    struct rect box = {middle.x - radius, middle.y - radius, 2 * radius, 2 * radius};
    pen_fill(pen, "arrows.dial", box, t->panel, radius);
    pen_frame(pen, "arrows.dial", box, t->line, thin, radius);
    for (int i = 0; i < 12; i++) {
        float a = (float)i * (float)(turn / 12), x = cosf(a), y = sinf(a), inner = radius - 7 * u;
        struct point ends[] = {{middle.x + inner * x, middle.y + inner * y},
                               {middle.x + radius * x, middle.y + radius * y}};
        pen_curve(pen, "arrows.tick", t->line, thin, 2, ends);
    }
}

/* Up is up: the second number of the pair. */
static struct point tip_of(const struct dials *d, int step, const struct hand *h, struct point middle, float radius)
{
    float unit = d->longest > 0 ? radius * 0.86f / (float)d->longest : 0;
    return (struct point){middle.x + unit * (float)number(d, step, h, 0),
                          middle.y - unit * (float)number(d, step, h, 1)};
}

/* From one angle to another, the way it is turned (counterclockwise), in pieces. */
static void draw_turn(const struct dials *d, double from, double by, struct point middle, float radius)
{
    enum { POINTS = 49 };
    struct point points[POINTS];
    for (int i = 0; i < POINTS; i++) {
        double a = from + by * i / (POINTS - 1);
        points[i] = (struct point){middle.x + radius * (float)cos(a), middle.y - radius * (float)sin(a)};
    }
    if (by > 0.05)
        pen_curve(d->pen, "arrows.turn", d->pen->theme->text_secondary, fmaxf(1, 1.5f * d->pen->scale), POINTS, points);
}

static void draw_hand(const struct dials *d, const struct hand *h, struct point middle, float radius, bool before)
{
    struct pen *pen = d->pen;
    const int given = d->tape->steps[h->step].spec.in[0];
    float u = pen->scale;
    struct colour colour = pen->theme->role[h->role], faint = colour;
    faint.a = 110;
    if (before) {
        struct point from = middle, to = tip_of(d, given, h, middle, radius);
        enum { DASHES = 6 };
        for (int i = 0; i < DASHES; i++) {
            float a = (float)i / DASHES, b = a + 0.55f / DASHES;
            struct point dash[] = {{from.x + (to.x - from.x) * a, from.y + (to.y - from.y) * a},
                                   {from.x + (to.x - from.x) * b, from.y + (to.y - from.y) * b}};
            pen_curve(pen, "arrows.before", faint, 2.5f * u, 2, dash);
        }
        draw_turn(d, angle_at(d, given, h), turned_by(d, h), middle, radius * 0.4f);
    }
    figure_arrow(pen, "arrows.hand", colour, fmaxf(2, fminf(5 * u, radius * 0.07f)), middle,
                 tip_of(d, h->step, h, middle, radius));
}

/* One part of the dial stands for each number of the pair: the right half for the first, the left for the second. */
static void add_cells(const struct dials *d, const struct hand *h, struct point middle, float radius)
{
    for (size_t part = 0; part < 2; part++) {
        const struct cursor cell = {true, h->step, h->head, h->row, 2 * h->pair + part};
        figure_cell(d->pen, (struct rect){part ? middle.x - radius : middle.x, middle.y - radius, radius, 2 * radius},
                    &cell, 0, 0);
    }
}

static void write_name(const struct dials *d, const struct hand *h, struct rect line)
{
    char buffer[LABEL_TEXT];
    const struct axis *rows = &d->tape->steps[h->step].value.axis[AXIS_ROW];
    pen_textf(d->pen, "arrows.name", pen_ink(d->pen, FACE_SANS_BOLD, 15, 10, d->pen->theme->role[h->role]), line,
              ALIGN_CENTRE, "%s, place %zu", axis_position(rows, h->head, h->row, buffer), h->row + 1);
}

static void write_turn(const struct dials *d, const struct hand *h, struct rect line)
{
    const double degrees = turned_by(d, h) * 360 / turn;
    struct ink ink = pen_ink(d->pen, FACE_MONO, 13, 9, d->pen->theme->text_secondary);
    if (h->row == 0)
        pen_text_in(d->pen, "arrows.by", ink, line, ALIGN_CENTRE, "not turned");
    else
        pen_textf(d->pen, "arrows.by", ink, line, ALIGN_CENTRE, "turned by %.0f°", degrees);
}

static void draw_place(const struct dials *d, const struct hand *h, struct rect box, bool lit)
{
    float u = d->pen->scale, radius = fminf(box.w, box.h - (caption_h + line_h) * u) / 2;
    struct point middle = {box.x + box.w / 2, box.y + radius};
    draw_dial(d->pen, middle, radius);
    if (lit)
        pen_frame(d->pen, "figure.lit", (struct rect){middle.x - radius, box.y, 2 * radius, 2 * radius},
                  d->pen->theme->role[h->role], roundf(3 * u), radius);
    draw_hand(d, h, middle, radius, true);
    add_cells(d, h, middle, radius);
    struct rect line = {box.x - dial_gap * u / 2, box.y + 2 * radius + 2 * u, box.w + dial_gap * u, caption_h * u};
    write_name(d, h, line);
    write_turn(d, h, (struct rect){line.x, line.y + line.h, line.w, line_h * u});
}

/* ---- where they are turned: a dial for each place ---- */

static bool draw_places(struct dials *d, int step, struct rect box)
{
    const struct step *s = &d->tape->steps[step];
    const size_t n = s->value.axis[AXIS_ROW].size;
    const size_t head = view_head(d->view) < s->value.axis[AXIS_HEAD].size ? view_head(d->view) : 0;
    const struct stop *stop = view_stop(d->view);
    float u = d->pen->scale, gap = dial_gap * u;
    size_t across = n;
    d->longest = longest_of(d->tape, step);
    box = figure_title(d->pen, box,
                       s->spec.role == ROLE_KEY ? "Every key, turned by its place" : "Every query, turned by its place",
                       "dashed: as it was; the arrow: turned further for every place");
    float side = 0;
    /* In as many lines as give the largest dials. */
    for (size_t k = 1; k <= n; k++) {
        size_t lines = (n + k - 1) / k;
        float w = (box.w - gap * (float)(k - 1)) / (float)k,
              h = (box.h - gap * (float)(lines - 1)) / (float)lines - (caption_h + line_h) * u;
        if (fminf(w, h) > side)
            side = fminf(w, h), across = k;
    }
    side = fminf(side, dial_most * u);
    if (side < dial_least * u)
        return false;
    float step_w = side + fminf(gap * 3, across > 1 ? (box.w - side * (float)across) / (float)(across - 1) : 0),
          step_h = side + (caption_h + line_h) * u + gap;
    for (size_t i = 0; i < n; i++) {
        const struct hand h = {step, head, i, 0, s->spec.role};
        const bool lit = d->view->state->cursor.on
                             ? d->view->state->cursor.step == step && d->view->state->cursor.row == i
                             : stop && stop->row == (int)i;
        struct rect place = {box.x + step_w * (float)(i % across), box.y + step_h * (float)(i / across), side,
                             side + (caption_h + line_h) * u};
        draw_place(d, &h, place, lit);
    }
    return true;
}

/* ---- where they meet ---- */

static void draw_meeting(const struct dials *d, const struct hand *q, const struct hand *k, int scores, struct rect box)
{
    struct pen *pen = d->pen;
    const struct cursor cell = {true, scores, q->head, q->row, k->row};
    float u = pen->scale, radius = fminf(box.w, box.h - (caption_h + line_h) * u) / 2;
    struct point middle = {box.x + box.w / 2, box.y + radius};
    double between = angle_at(d, q->step, q) - angle_at(d, k->step, k);
    between -= floor(between / turn + 0.5) * turn; /* the shorter way, -180..180 */
    draw_dial(pen, middle, radius);
    draw_turn(d, between < 0 ? angle_at(d, q->step, q) : angle_at(d, k->step, k), fabs(between), middle, radius * 0.5f);
    draw_hand(d, q, middle, radius, false);
    draw_hand(d, k, middle, radius, false);
    struct rect line = {box.x - dial_gap * u / 2, box.y + 2 * radius + 2 * u, box.w + dial_gap * u, caption_h * u};
    pen_textf(pen, "arrows.between", pen_ink(pen, FACE_SANS_BOLD, 15, 10, pen->theme->text), line, ALIGN_CENTRE,
              "between them %.0f°", fabs(between) * 360 / turn);
    struct rect score = {line.x, line.y + line.h, line.w, line_h * u};
    struct rect left = rect_cut_left(&score, score.w / 2, 4 * u);
    pen_text_in(pen, "arrows.score", pen_ink(pen, FACE_MONO, 13, 9, pen->theme->text_secondary), left, ALIGN_RIGHT,
                "score");
    figure_number(pen, d->view, pen_ink(pen, FACE_MONO_BOLD, 15, 9, pen->theme->text), score, ALIGN_LEFT, &cell);
    figure_cell(pen, (struct rect){line.x, score.y - 3 * u, line.w, 24 * u}, &cell, 0, 0);
}

static bool draw_scores(struct dials *d, int scores, struct rect box)
{
    const int *in = d->tape->steps[scores].spec.in;
    struct cursor cell;
    const size_t heads = d->tape->steps[scores].value.axis[AXIS_HEAD].size,
                 head = view_head(d->view) < heads ? view_head(d->view) : 0;
    const bool pointed = view_cell(d->view, &cell) && cell.step == scores;
    const size_t row = pointed ? cell.row : view_word(d->view, &d->tape->steps[scores]);
    const struct hand q = {in[0], head, row, 0, ROLE_QUERY}, k = {in[1], head, pointed ? cell.col : row, 0, ROLE_KEY};
    float u = d->pen->scale;
    d->longest = fmax(longest_of(d->tape, in[0]), longest_of(d->tape, in[1]));
    box = figure_title(d->pen, box, "Two hands, and the angle between them",
                       "move both by the same number of places: the angle stays");
    const float under = (caption_h + line_h) * u, gap = dial_gap * u;
    float in_row = fminf(fminf((box.w - 2 * gap) / 3, box.h - under), dial_most * u),
          stack = fminf(fminf((box.w - gap) / 2, (box.h - gap) / 2 - under), dial_most * u);
    const bool stacked = stack > in_row; /* the third below the two */
    const float side = fmaxf(in_row, stack), rest = box.w - (stacked ? 2 : 3) * side,
                apart = side + fminf(rest / (stacked ? 1 : 2), 60 * u);
    if (side < dial_least * u)
        return false;
    struct rect place = {box.x, box.y, side, side + under};
    draw_place(d, &q, place, false);
    place.x += apart;
    draw_place(d, &k, place, false);
    place.x += stacked ? -apart / 2 : apart;
    place.y += stacked ? side + under + gap : 0;
    draw_meeting(d, &q, &k, scores, place);
    return true;
}

bool arrows_figure(struct pen *pen, const struct view *view, struct rect box)
{
    struct dials d = {.pen = pen, .view = view, .tape = &view->lesson->tape};
    const int here = view->walk->steps[view_place(view).at].step;
    const struct step *step = &d.tape->steps[here];
    if (is_turned(d.tape, here))
        return draw_places(&d, here, box);
    if (op_table[step->spec.op]->form == FORM_PRODUCT_T && is_turned(d.tape, step->spec.in[0]) &&
        is_turned(d.tape, step->spec.in[1]))
        return draw_scores(&d, here, box);
    return false;
}
