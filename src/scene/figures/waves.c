/* waves.c: sinusoids as waves over the places of the sentence, and as the hands of a clock at each place. Between two
 * places a wave is the turning of its pair of numbers. */
#include "scene/arithmetic.h"
#include "scene/figure.h"

#include <math.h>
#include <stdio.h>

enum { PLACES_MOST = 40, PAIRS_MOST = 4, PIECES = 24 };

/* Measures in units of the design's grid. */
static const float label_w = 124, band_least = 44, band_most = 130, word_h = 22, clock_least = 11, clock_most = 46,
                   number_w = 48, slot_least = 24, slot_most = 150, band_gap = 14;

struct waves {
    struct pen *pen;
    const struct view *view;
    int step; /* on the tape */
    size_t n, pairs, row;
    float slot, left;
    double angle[PAIRS_MOST][PLACES_MOST]; /* of each place's pair, whole turns counted */
};

static double number(const struct waves *w, size_t place, size_t col)
{
    return *tensor_at(&w->view->lesson->tape.steps[w->step].value, 0, place, col);
}

/* What a wave is in the matrices. */
static const char *axis_word(const struct waves *w)
{
    return w->view->state->columns ? "row" : "column";
}

static bool find(struct waves *w)
{
    const struct tape *tape = &w->view->lesson->tape;
    const int here = w->view->walk->steps[view_place(w->view).at].step;
    w->step = -1;
    for (size_t i = 0; i < tape->n && w->step < 0; i++)
        if (tape->steps[i].spec.op == OP_SINUSOIDS && ((int)i == here || figure_has_come(w->view, (int)i)))
            w->step = (int)i;
    if (w->step < 0)
        return false;
    const struct tensor *t = &tape->steps[w->step].value;
    w->n = t->axis[AXIS_ROW].size;
    w->pairs = t->axis[AXIS_COL].size / 2;
    if (w->pairs > PAIRS_MOST)
        w->pairs = PAIRS_MOST;
    w->row = view_word(w->view, &tape->steps[w->step]);
    for (size_t k = 0; k < w->pairs && w->n <= PLACES_MOST; k++)
        for (size_t i = 0; i < w->n; i++) {
            const double turn = 6.283185307179586, at = atan2(number(w, i, 2 * k), number(w, i, 2 * k + 1)),
                         before = i ? w->angle[k][i - 1] : at;
            w->angle[k][i] = at + turn * ceil((before - at) / turn - 1e-9);
        }
    return w->n >= 2 && w->n <= PLACES_MOST && w->pairs > 0;
}

static float place_x(const struct waves *w, float place)
{
    return w->left + w->slot * (place + 0.5f);
}

/* ---- a band for each pair: its sine and its cosine ---- */

static float height_of(struct rect band, double value)
{
    return band.y + band.h * (float)(1 - value) / 2;
}

/* Behind the place looked at. */
static struct colour place_ground(const struct waves *w)
{
    return colour_mix(w->pen->theme->page, w->pen->theme->accent, 0.08f);
}

static void draw_wave(const struct waves *w, struct rect band, size_t col, struct colour colour)
{
    struct point points[CURVE_POINTS];
    const size_t pair = col / 2, most = (CURVE_POINTS - 1) / (w->n - 1), pieces = most < PIECES ? most : PIECES;
    float u = w->pen->scale;
    size_t n = 0;
    for (size_t i = 0; i + 1 < w->n; i++)
        for (size_t k = i ? 1 : 0; k <= pieces; k++) {
            const double t = (double)k / (double)pieces,
                         a = w->angle[pair][i] + t * (w->angle[pair][i + 1] - w->angle[pair][i]);
            points[n++] = (struct point){place_x(w, (float)i + (float)t), height_of(band, col % 2 ? cos(a) : sin(a))};
        }
    pen_curve(w->pen, "waves.wave", colour, (col % 2 ? 2 : 3) * u, n, points);
}

static struct colour wave_colour(const struct waves *w, size_t col)
{
    const struct theme *t = w->pen->theme;
    return col % 2 ? colour_mix(t->panel, t->text_secondary, 0.75f) : t->share;
}

static void draw_dots(const struct waves *w, struct rect band, size_t col)
{
    struct pen *pen = w->pen;
    const struct theme *t = pen->theme;
    float u = pen->scale;
    for (size_t i = 0; i < w->n; i++) {
        const struct cursor cell = {true, w->step, 0, i, col};
        float r = (i == w->row ? 6 : 4) * u, x = place_x(w, (float)i), y = height_of(band, number(w, i, col));
        struct rect dot = {x - r, y - r, 2 * r, 2 * r};
        if (!view_filled(w->view, w->step, i, col))
            continue;
        pen_fill(pen, "waves.dot", dot, wave_colour(w, col), r);
        if (figure_is_lit(w->view, &cell))
            pen_frame(pen, "figure.lit", rect_inset(dot, -4 * u), t->accent, roundf(2 * u), r + 4 * u);
        if (w->slot >= slot_least * u)
            figure_cell(pen, (struct rect){x - 12 * u, y - 12 * u, 24 * u, 24 * u}, &cell, 0, 0);
    }
}

/* The names of the two at their ends; the upper one stands above. */
static void write_names(const struct waves *w, struct rect band, size_t pair)
{
    const struct theme *t = w->pen->theme;
    float u = w->pen->scale, x = place_x(w, (float)w->n - 1) + 14 * u, h = 20 * u, y[2];
    for (size_t part = 0; part < 2; part++)
        y[part] = height_of(band, number(w, w->n - 1, 2 * pair + part));
    if (fabsf(y[0] - y[1]) < h) { /* apart, around their middle, inside the band */
        float middle = fmaxf(band.y + h / 2, fminf((y[0] + y[1]) / 2, band.y + band.h - h / 2));
        const bool sine_above = y[0] < y[1];
        y[sine_above ? 0 : 1] = middle - h / 2, y[sine_above ? 1 : 0] = middle + h / 2;
    }
    for (size_t part = 0; part < 2; part++)
        pen_textf(w->pen, "waves.name", pen_ink(w->pen, part ? FACE_SANS : FACE_SANS_BOLD, 14, 12, t->text),
                  (struct rect){x, y[part] - h / 2, label_w * u - 14 * u, h}, ALIGN_LEFT, "%s %zu, %s", axis_word(w),
                  2 * pair + part + 1, part ? "cosine" : "sine");
}

static void draw_band(const struct waves *w, struct rect band, size_t pair)
{
    struct pen *pen = w->pen;
    float u = pen->scale, thin = fmaxf(1, roundf(u));
    pen_fill(pen, "waves.zero", (struct rect){w->left, band.y + band.h / 2 - thin / 2, w->slot * (float)w->n, thin},
             pen->theme->line, 0);
    const bool whole = figure_has_come(w->view, w->step);
    for (size_t part = 2; part-- > 0;) {
        if (whole)
            draw_wave(w, band, 2 * pair + part, wave_colour(w, 2 * pair + part));
        draw_dots(w, band, 2 * pair + part);
    }
    write_names(w, band, pair);
}

/* ---- a clock for each place ---- */

/* From twelve o'clock to the right: its sine across, its cosine up. The faster, the longer. */
static void draw_clock(const struct waves *w, struct point middle, float radius, size_t place)
{
    struct pen *pen = w->pen;
    const struct theme *t = pen->theme;
    float u = pen->scale;
    struct rect box = {middle.x - radius, middle.y - radius, 2 * radius, 2 * radius};
    const bool looked = place == w->row;
    pen_fill(pen, "waves.clock", box, t->panel, radius);
    pen_frame(pen, "waves.clock", box, looked ? t->accent : t->line, roundf((looked ? 2.5f : 1.5f) * u), radius);
    pen_curve(pen, "waves.twelve", t->text_secondary, fmaxf(1, u), 2,
              (struct point[]){{middle.x, box.y + 2 * u}, {middle.x, box.y + radius * 0.22f}});
    for (size_t k = w->pairs; k-- > 0;) {
        float length = radius * (0.84f - 0.3f * (float)k / (float)(w->pairs > 1 ? w->pairs - 1 : 1));
        struct point tip = {middle.x + length * (float)number(w, place, 2 * k),
                            middle.y - length * (float)number(w, place, 2 * k + 1)};
        if (view_filled(w->view, w->step, place, 2 * k + 1))
            pen_curve(pen, "waves.hand", k ? t->text_secondary : t->share,
                      fmaxf(1.5f, radius * (0.06f + 0.05f * (float)k)), 2, (struct point[]){middle, tip});
    }
}

static void draw_clocks(const struct waves *w, struct rect line, float radius)
{
    const struct theme *t = w->pen->theme;
    const struct axis *rows = &w->view->lesson->tape.steps[w->step].value.axis[AXIS_ROW];
    char buffer[LABEL_TEXT];
    float u = w->pen->scale;
    struct rect words = rect_cut_top(&line, word_h * u, 2 * u);
    for (size_t i = 0; i < w->n; i++) {
        struct rect place = {place_x(w, (float)i) - w->slot / 2, words.y, w->slot, words.h};
        struct ink ink = pen_ink(w->pen, i == w->row ? FACE_SANS_BOLD : FACE_SANS, 15, 12, t->text);
        const char *word = axis_position(rows, 0, i, buffer);
        if (pen_fits(w->pen, ink, w->slot - 4 * u, word))
            pen_text_in(w->pen, "waves.word", ink, place, ALIGN_CENTRE, word);
        draw_clock(w, (struct point){place_x(w, (float)i), line.y + radius}, radius, i);
    }
    struct rect says = {place_x(w, (float)w->n - 1) + radius + 10 * u, line.y + radius - 20 * u, 0, 20 * u};
    says.w = w->left + w->slot * (float)w->n + label_w * u - says.x;
    struct ink ink = pen_ink(w->pen, FACE_SANS, 14, 12, t->text_secondary);
    pen_textf(w->pen, "waves.hands", ink, says, ALIGN_LEFT, "long: %ss 1, 2", axis_word(w));
    says.y += says.h;
    if (w->pairs > 1)
        pen_textf(w->pen, "waves.hands", ink, says, ALIGN_LEFT, w->pairs > 2 ? "shorter: the next" : "short: %ss 3, 4",
                  axis_word(w));
}

/* The numbers of the place looked at, beside their dots. */
static void write_numbers(const struct waves *w, const struct rect *bands, size_t n)
{
    float u = w->pen->scale, h = 18 * u;
    for (size_t k = 0; k < n; k++) {
        float taken = -h;
        for (size_t part = 0; part < 2; part++) {
            const struct cursor cell = {true, w->step, 0, w->row, 2 * k + part};
            float x = place_x(w, (float)w->row), y = height_of(bands[k], number(w, w->row, 2 * k + part));
            const bool left = w->row + 1 == w->n; /* the names are at the right */
            struct rect box = {left ? x - (9 + number_w) * u : x + 9 * u, y - h / 2, number_w * u, h};
            if (!view_filled(w->view, w->step, w->row, 2 * k + part) || fabsf(y - taken) < 24 * u)
                continue;
            taken = y;
            pen_fill(w->pen, "waves.ground", (struct rect){box.x + (left ? 6 : -2) * u, box.y, box.w - 4 * u, h},
                     place_ground(w), 4 * u);
            figure_number(w->pen, w->view, pen_ink(w->pen, FACE_MONO_BOLD, 14, 12, w->pen->theme->text), box,
                          left ? ALIGN_RIGHT : ALIGN_LEFT, &cell);
            figure_cell(w->pen, (struct rect){box.x, y - 12 * u, box.w, 24 * u}, &cell, 0, 0);
        }
    }
}

bool waves_figure(struct pen *pen, const struct view *view, struct rect box)
{
    struct waves w = {.pen = pen, .view = view};
    struct rect bands[PAIRS_MOST];
    float u = pen->scale;
    if (!find(&w))
        return false;
    box = figure_title(pen, box, "Each place has its own time",
                       "fast waves tell near places apart, slow ones far places");
    w.slot = fminf((box.w - label_w * u) / (float)w.n, slot_most * u);
    w.left = box.x;
    float radius = fminf(fminf(w.slot * 0.45f, box.h * 0.14f), clock_most * u);
    if (radius < clock_least * u)
        return false;
    struct rect clocks = rect_cut_bottom(&box, 2 * radius + (word_h + 2) * u, band_gap * u);
    rect_cut_top(&box, 8 * u, 0);
    while (w.pairs > 1 && (box.h + band_gap * u) / (float)w.pairs < (band_least + band_gap) * u)
        w.pairs--;
    float h = fminf((box.h + band_gap * u) / (float)w.pairs - band_gap * u, band_most * u);
    if (h < band_least * u)
        return false;
    clocks.y = box.y + (h + band_gap * u) * (float)w.pairs;
    pen_fill(pen, "waves.place",
             (struct rect){place_x(&w, (float)w.row) - w.slot / 2, box.y - 6 * u, w.slot,
                           clocks.y + clocks.h - box.y + 12 * u},
             place_ground(&w), 6 * u);
    for (size_t k = 0; k < w.pairs; k++) {
        bands[k] = (struct rect){box.x, box.y + (h + band_gap * u) * (float)k, box.w, h};
        draw_band(&w, bands[k], k);
    }
    draw_clocks(&w, clocks, radius);
    if (w.slot >= (number_w + 24) * u)
        write_numbers(&w, bands, w.pairs);
    return true;
}
