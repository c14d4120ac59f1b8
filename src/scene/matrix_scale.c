/* matrix_scale.c: from which number to which a matrix's colours reach, and with how many digits it is written. */
#include "scene/matrix.h"

#include <math.h>
#include <stdio.h>

static double step_end(const struct view *view, int step)
{
    const struct step *s = &view_tape(view)->steps[step];
    switch (s->spec.scale) {
    case SCALE_SIGNED:
        break;
    case SCALE_SHARE:
        if (s->value.axis[AXIS_COL].size > MATRIX_UNNUMBERED_MOST)
            break;
        return 1;
    case SCALE_MASK:
    case SCALE_BRIGHTNESS:
    case SCALE_RGB:
        return 1;
    }
    const struct value_range range = view_range(view, step);
    double most = fmax(fabs(range.min), fabs(range.max));
    return most > 0 || s->spec.scale == SCALE_SIGNED ? most : 1;
}

double matrix_scale_end(const struct view *view, int step)
{
    if (!view_comparing(view))
        return step_end(view, step);
    const int difference = view_step(view);
    const int *sides = view_tape(view)->steps[difference].spec.in;
    return fmax(step_end(view, difference), fmax(step_end(view, sides[0]), step_end(view, sides[1])));
}

const char *matrix_range_text(const struct matrix *m, char buffer[RANGE_TEXT])
{
    const struct value_range range = m->range;
    char end[NUMBER_TEXT];
    number_text(m->most, magnitude_decimals(m->most), end);
    if (range.min < 0 && range.max > 0)
        snprintf(buffer, RANGE_TEXT, "±%s", end);
    else
        snprintf(buffer, RANGE_TEXT, range.min < 0 ? "-%s to 0" : "0 to %s", end);
    return buffer;
}

/* ---- the legend ---- */

enum { BANDS = 64, TICKS_MOST = 24 };

/* From the number at the bar's upper end to that at its lower one. */
struct ends {
    double high, low;
    bool root; /* the strength of a colour is the root of its number */
};

static struct ends ends_of(const struct matrix *m)
{
    const struct value_range range = squares_are_means(&m->squares) ? m->squares.range : m->range;
    if (m->of->spec.scale == SCALE_SIGNED)
        return (struct ends){fmax(range.max, 0), fmin(range.min, 0), true};
    bool shares = m->of->spec.scale == SCALE_SHARE;
    return (struct ends){shares && m->squares.top > 0 ? m->squares.top : 1, 0, false};
}

/* Where a number is along a scale of even steps of colour, and back. */
static double along(const struct ends *e, double value)
{
    return e->root ? copysign(sqrt(fabs(value)), value) : value;
}

static double back(const struct ends *e, double place)
{
    return e->root ? copysign(place * place, place) : place;
}

/* Its share of the way from the upper end. */
static double place_of(const struct ends *e, double value)
{
    double high = along(e, e->high), low = along(e, e->low);
    return high > low ? (high - along(e, value)) / (high - low) : 0;
}

static bool draw_bar(struct pen *pen, const struct matrix *m, const struct ends *e, struct rect column)
{
    size_t cols = m->of->spec.scale == SCALE_RGB ? 3 : 1;
    struct colour *colours;
    if (!pen_heatmap(pen, "legend", column, BANDS, cols, &colours))
        return false;
    double high = along(e, e->high), low = along(e, e->low), top = m->of->spec.scale == SCALE_SHARE ? e->high : 1;
    for (size_t i = 0; i < BANDS * cols; i++) {
        double value = back(e, high + (low - high) * (double)(i / cols) / (BANDS - 1));
        colours[i] = column_colour(pen->theme, m->of->spec.scale, m->most, value / top, i % cols);
    }
    pen_frame(pen, "legend", column, pen->theme->line, 1, 0);
    return true;
}

struct ticks {
    float y[TICKS_MOST]; /* the middles of their texts */
    int n;
    struct rect bar;
    float line;
};

/* Write a number beside its colour, where none is written yet; `edge`: an end of the scale, written beside the bar's. */
static void add_tick(struct pen *pen, const struct ends *e, struct ticks *t, double value, const char *text, bool edge)
{
    float u = pen->scale, y = t->bar.y + t->bar.h * (float)place_of(e, value);
    float place = edge ? fmaxf(t->bar.y + t->line / 2, fminf(t->bar.y + t->bar.h - t->line / 2, y)) : y;
    /* Beside a bar lower than a line of text the number ends where the bar does. */
    place = t->bar.h < t->line ? t->bar.y + t->bar.h - t->line / 2 : place;
    for (int i = 0; i < t->n; i++)
        if (fabsf(t->y[i] - place) < t->line * (edge ? 1 : 1.7f))
            return;
    if (t->n == TICKS_MOST)
        return;
    t->y[t->n++] = place;
    struct ink ink = {FACE_MONO, 13 * u, 10 * u, pen->theme->text_secondary};
    float x = t->bar.x + t->bar.w;
    pen_fill(pen, "legend.tick", (struct rect){x, fmaxf(t->bar.y, fminf(y, t->bar.y + t->bar.h - 1)), 3 * u, 1},
             pen->theme->text_secondary, 0);
    pen_text_in(pen, "legend", ink, (struct rect){x + 8 * u, place - t->line / 2, (EQ_LEGEND_W - 36) * u, t->line},
                ALIGN_LEFT, text);
}

/* Round numbers at their places: as they stand closer and closer, one sees how fast the colours grow. */
static void add_round(struct pen *pen, const struct ends *e, struct ticks *t, double end)
{
    static const double factors[] = {5, 2, 1};
    if (end == 0)
        return;
    char text[NUMBER_TEXT];
    int power = (int)floor(log10(fabs(end)));
    for (int p = power; p > power - 3; p--)
        for (size_t i = 0; i < 3; i++) {
            double value = factors[i] * pow(10, p);
            if (value >= fabs(end) * 0.9)
                continue;
            snprintf(text, sizeof text, "%g", copysign(value, end));
            add_tick(pen, e, t, copysign(value, end), text, false);
        }
}

/* An end of the scale; where its decimals would not fit beside the bar, as the round numbers between are written. */
static const char *end_text(double value, int decimals, char text[NUMBER_TEXT])
{
    if (fabs(value) >= 1e-4)
        return number_text(value, decimals, text);
    snprintf(text, NUMBER_TEXT, "%.0e", value);
    return text;
}

void matrix_draw_legend(struct pen *pen, const struct view *view, const struct matrix *m, struct rect box)
{
    struct ends e = ends_of(m);
    if (m->of->spec.scale == SCALE_MASK)
        return;
    float u = pen->scale;
    struct ticks t = {.bar = {box.x, box.y, 14 * u, box.h}, .line = 13 * u * TEXT_HEIGHT};
    char text[NUMBER_TEXT];
    int decimals = magnitude_decimals(fmax(e.high, -e.low));
    pen->group = matrix_group(view, m);
    if (draw_bar(pen, m, &e, t.bar)) {
        if (e.high != 0)
            add_tick(pen, &e, &t, e.high, end_text(e.high, decimals, text), true);
        if (e.low != 0)
            add_tick(pen, &e, &t, e.low, end_text(e.low, decimals, text), true);
        add_tick(pen, &e, &t, 0, "0", e.high == 0 || e.low == 0);
        add_round(pen, &e, &t, e.high);
        add_round(pen, &e, &t, e.low);
    }
    pen->group = 0;
}
