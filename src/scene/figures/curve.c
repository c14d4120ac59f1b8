/* curve.c: a score as a curve: what one query gives to every key, along the one number in which the keys differ. A point
 * for each score; between two points the keys' numbers are mixed and scored the same way. Beside it the score that the
 * lesson is compared with. */
#include "scene/arithmetic.h"
#include "scene/figure.h"

#include <math.h>
#include <stdio.h>

enum { KEYS_MOST = 20, PIECES = 24 };

/* Measures in units of the design's grid. */
static const float head_h = 22, axis_h = 44, side = 46, panel_least = 250, plot_least = 70, panel_gap = 36, name_h = 22,
                   top_room = 32;

/* Scores of one tape. */
struct scored {
    const struct tape *tape;
    int step, q, k; /* scores, and the rows that they are made of */
    double least, most;
    struct rect plot;
};

struct curve {
    struct pen *pen;
    const struct view *view;
    int keys; /* on the lesson's tape */
    size_t head, row, n, col;
    size_t order[KEYS_MOST]; /* of the keys, by that number */
    struct scored own, other;
    bool both;
};

static double key_number(const struct curve *c, size_t i)
{
    return *tensor_at(&c->view->lesson->tape.steps[c->keys].value, c->head, i, c->col);
}

/* ---- the score of a key that lies between two others ---- */

static double score_between(const struct curve *c, const struct scored *s, size_t from, size_t to, double t)
{
    const struct step *step = &s->tape->steps[s->step];
    const struct tensor *q = &s->tape->steps[s->q].value, *k = &s->tape->steps[s->k].value,
                        *v = step->spec.op == OP_MATMUL_T ? NULL : &s->tape->steps[step->spec.in[2]].value;
    double ret = 0;
    for (size_t i = 0; i < q->axis[AXIS_COL].size; i++) {
        const double a = *tensor_at(q, c->head, c->row, i),
                     b = (1 - t) * *tensor_at(k, c->head, from, i) + t * *tensor_at(k, c->head, to, i);
        ret += step->spec.op == OP_MATMUL_T   ? a * b
               : step->spec.op == OP_ADDITIVE ? *tensor_at(v, 0, 0, i) * tanh(a + b)
                                              : *tensor_at(v, 0, 0, i) * (a + b);
    }
    return ret;
}

/* ---- what there is to draw ---- */

static bool find_scores(struct scored *s, const struct tape *tape)
{
    const int step = tape_find(tape, "scores");
    if (step < 0)
        return false;
    const enum op op = tape->steps[step].spec.op;
    *s = (struct scored){
        .tape = tape, .step = step, .q = tape->steps[step].spec.in[0], .k = tape->steps[step].spec.in[1]};
    return op == OP_MATMUL_T || op == OP_ADDITIVE || op == OP_ADDITIVE_LINEAR;
}

/* The one column in which the keys differ; false: it is none, or several. */
static bool find_column(struct curve *c)
{
    const struct tensor *t = &c->view->lesson->tape.steps[c->keys].value;
    size_t columns = 0;
    for (size_t col = 0; col < t->axis[AXIS_COL].size; col++) {
        bool differs = false;
        for (size_t i = 1; i < c->n; i++)
            differs = differs || *tensor_at(t, c->head, i, col) != *tensor_at(t, c->head, 0, col);
        if (differs)
            c->col = col, columns++;
    }
    return columns == 1;
}

static void find_range(const struct curve *c, struct scored *s)
{
    for (size_t i = 0; i + 1 < c->n; i++)
        for (size_t k = 0; k <= PIECES; k++) {
            const double y = score_between(c, s, c->order[i], c->order[i + 1], (double)k / PIECES);
            s->least = fmin(s->least, y), s->most = fmax(s->most, y);
        }
    s->most = fmax(s->most, s->least + 1e-6);
}

static bool find(struct curve *c)
{
    const struct lesson *lesson = c->view->lesson;
    const int here = c->view->walk->steps[view_place(c->view).at].step;
    if (!find_scores(&c->own, &lesson->tape))
        return false;
    const struct step *scores = &lesson->tape.steps[c->own.step];
    const bool sum = scores->spec.op != OP_MATMUL_T;
    c->keys = sum ? lesson->tape.steps[c->own.k].spec.in[0] : c->own.k;
    c->n = scores->value.axis[AXIS_COL].size;
    c->head = view_head(c->view) < scores->value.axis[AXIS_HEAD].size ? view_head(c->view) : 0;
    c->row = view_word(c->view, scores);
    if ((c->own.step != here && !figure_has_come(c->view, c->own.step)) || c->n < 2 || c->n > KEYS_MOST ||
        lesson->tape.steps[c->keys].value.axis[AXIS_ROW].size != c->n || !find_column(c))
        return false;
    for (size_t i = 0; i < c->n; i++) {
        size_t k = i;
        for (; k > 0 && key_number(c, c->order[k - 1]) > key_number(c, i); k--)
            c->order[k] = c->order[k - 1];
        c->order[k] = i;
    }
    const struct tape *other = lesson->second.on ? &lesson->second.tape : NULL;
    c->both = other && find_scores(&c->other, other) &&
              axis_same_labels(&other->steps[c->other.step].value.axis[AXIS_COL], &scores->value.axis[AXIS_COL]) &&
              other->steps[c->other.step].value.axis[AXIS_COL].size == c->n &&
              other->steps[c->other.step].value.axis[AXIS_HEAD].size > c->head;
    find_range(c, &c->own);
    if (c->both)
        find_range(c, &c->other);
    return true;
}

/* ---- a plot ---- */

static float x_of(const struct curve *c, const struct scored *s, double number)
{
    const double from = key_number(c, c->order[0]), to = key_number(c, c->order[c->n - 1]);
    return s->plot.x + s->plot.w * (float)((number - from) / (to - from));
}

static float y_of(const struct scored *s, double score)
{
    return s->plot.y + s->plot.h * (float)((s->most - score) / (s->most - s->least));
}

static void draw_curve(const struct curve *c, const struct scored *s)
{
    struct point points[CURVE_POINTS];
    const struct theme *t = c->pen->theme;
    float u = c->pen->scale;
    size_t n = 0;
    for (size_t i = 0; i + 1 < c->n; i++)
        for (size_t k = i ? 1 : 0; k <= PIECES; k++) {
            const double m = (double)k / PIECES, a = key_number(c, c->order[i]), b = key_number(c, c->order[i + 1]);
            points[n++] = (struct point){x_of(c, s, a + m * (b - a)),
                                         y_of(s, score_between(c, s, c->order[i], c->order[i + 1], m))};
        }
    pen_fill(c->pen, "curve.zero", (struct rect){s->plot.x, y_of(s, 0) - 0.5f, s->plot.w, fmaxf(1, roundf(u))}, t->line,
             0);
    pen_curve(c->pen, s == &c->own ? "curve.line" : "curve.other", s == &c->own ? t->share : t->text_secondary, 3 * u,
              n, points);
}

/* Names below the axis, those of neighbours that are too close left out; the one that looks is never. */
static void write_keys(const struct curve *c, const struct scored *s, float y)
{
    const struct axis *words = &c->view->lesson->tape.steps[c->own.step].value.axis[AXIS_COL];
    const struct theme *t = c->pen->theme;
    struct rect taken[KEYS_MOST];
    char buffer[LABEL_TEXT];
    float u = c->pen->scale;
    size_t n = 0;
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < c->n; i++) {
            const size_t key = c->order[i];
            const bool looks = key == c->row;
            const struct cursor cell = {true, c->keys, c->head, key, c->col};
            struct ink ink =
                pen_ink(c->pen, looks ? FACE_SANS_BOLD : FACE_SANS, 15, 12, looks ? t->role[ROLE_QUERY] : t->text);
            float w = fmaxf(ink_width(c->pen, ink, axis_position(words, 0, key, buffer)) + 8 * u, 34 * u);
            struct rect box = {x_of(c, s, key_number(c, key)) - w / 2, y, w, name_h * u};
            bool is_free = looks == (pass == 0);
            for (size_t k = 0; k < n; k++)
                is_free = is_free && (box.x >= taken[k].x + taken[k].w || taken[k].x >= box.x + box.w);
            if (!is_free)
                continue;
            taken[n++] = box;
            pen_text_in(c->pen, "curve.word", ink, box, ALIGN_CENTRE, axis_position(words, 0, key, buffer));
            box.y += box.h;
            if (s != &c->own)
                continue;
            figure_number(c->pen, c->view, pen_ink(c->pen, FACE_MONO, 13, 12, t->role[ROLE_KEY]), box, ALIGN_CENTRE,
                          &cell);
            figure_cell(c->pen, (struct rect){box.x, box.y - 2 * u, box.w, 24 * u}, &cell, 0, 0);
        }
}

/* Of the `i`th key along the axis. */
static double score_of(const struct curve *c, const struct scored *s, size_t i)
{
    return *tensor_at(&s->tape->steps[s->step].value, c->head, c->row, c->order[i]);
}

static void draw_points(const struct curve *c, const struct scored *s)
{
    const struct theme *t = c->pen->theme;
    float u = c->pen->scale, last = -1e6f;
    for (size_t i = 0; i < c->n; i++) {
        const size_t key = c->order[i];
        const struct cursor cell = {true, c->own.step, c->head, c->row, key};
        const double score = score_of(c, s, i);
        float r = (key == c->row ? 7 : 5) * u, x = x_of(c, s, key_number(c, key)), y = y_of(s, score);
        struct rect dot = {x - r, y - r, 2 * r, 2 * r};
        if (s == &c->own && !view_filled(c->view, c->own.step, c->row, key))
            continue;
        pen_fill(c->pen, s == &c->own ? "curve.dot" : "curve.other_dot", dot,
                 key == c->row  ? t->role[ROLE_QUERY]
                 : s == &c->own ? t->share
                                : t->text_secondary,
                 r);
        if (s != &c->own)
            continue;
        if (figure_is_lit(c->view, &cell))
            pen_frame(c->pen, "figure.lit", rect_inset(dot, -4 * u), t->accent, roundf(2 * u), r + 4 * u);
        /* Outside of the curve: at the left where it rises, at the right where it falls, above its top. */
        const double before = score_of(c, s, i ? i - 1 : i), after = score_of(c, s, i + 1 < c->n ? i + 1 : i);
        const bool rises = before <= score && after > score, falls = before > score && after <= score;
        struct rect number = {x - 24 * u, y - r - 21 * u, 48 * u, 20 * u};
        if (rises || falls)
            number.x = rises ? x - r - 4 * u - number.w : x + r + 4 * u, number.y = y - 10 * u;
        const bool apart = x - last >= 52 * u;
        if (apart) {
            last = x;
            figure_number(c->pen, c->view, pen_ink(c->pen, FACE_MONO_BOLD, 14, 12, t->text), number,
                          rises   ? ALIGN_RIGHT
                          : falls ? ALIGN_LEFT
                                  : ALIGN_CENTRE,
                          &cell);
            figure_cell(c->pen, (struct rect){number.x, number.y - 2 * u, number.w, 24 * u}, &cell, 0, 0);
        }
        figure_cell(c->pen, (struct rect){x - 12 * u, y - 12 * u, 24 * u, 24 * u}, &cell, 0, 0);
    }
}

static void draw_plot(const struct curve *c, struct scored *s, struct rect box, const char *name)
{
    float u = c->pen->scale;
    pen_text_in(c->pen, "curve.name", pen_ink(c->pen, FACE_SANS_BOLD, 15, 12, c->pen->theme->text),
                rect_cut_top(&box, head_h * u, top_room * u), ALIGN_LEFT, name);
    rect_cut_bottom(&box, axis_h * u, 8 * u);
    s->plot = (struct rect){box.x + side * u, box.y, box.w - 2 * side * u, box.h};
    draw_curve(c, s);
    draw_points(c, s);
    write_keys(c, s, box.y + box.h + 8 * u);
}

bool curve_figure(struct pen *pen, const struct view *view, struct rect box)
{
    struct curve c = {.pen = pen, .view = view};
    char buffer[LABEL_TEXT], along[LABEL_TEXT], title[96], name[64];
    float u = pen->scale;
    if (!find(&c))
        return false;
    const struct tensor *keys = &view->lesson->tape.steps[c.keys].value;
    const struct step *scores = &view->lesson->tape.steps[c.own.step];
    snprintf(title, sizeof title, "What “%s” gives to each %s",
             axis_position(&scores->value.axis[AXIS_ROW], 0, c.row, buffer),
             axis_position(&keys->axis[AXIS_COL], 0, c.col, along));
    box = figure_title(pen, box, title, NULL);
    const float least = (head_h + top_room + axis_h + 8 + plot_least) * u;
    const bool across = box.w >= (2 * panel_least + panel_gap) * u, stacked = !across && box.h >= 2 * least + 20 * u;
    if (box.h < least)
        return false;
    const char *setting = scores->spec.op == OP_MATMUL_T ? "this score: a product" : "this score: a sum, bent by tanh";
    snprintf(name, sizeof name, "%s", scores->spec.op == OP_ADDITIVE_LINEAR ? "this score: a sum" : setting);
    if (c.both && across) {
        struct rect right = rect_cut_right(&box, (box.w - panel_gap * u) / 2, panel_gap * u);
        draw_plot(&c, &c.other, right, view->lesson->second.label);
    } else if (c.both && stacked) {
        struct rect below = rect_cut_bottom(&box, (box.h - 20 * u) / 2, 20 * u);
        draw_plot(&c, &c.other, below, view->lesson->second.label);
    }
    draw_plot(&c, &c.own, box, name);
    return true;
}
