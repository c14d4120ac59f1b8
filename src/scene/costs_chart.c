/* costs_chart.c: curves against the length of a text, on logarithmic axes, with a label at the end of each. */
#include "scene/costs_chart.h"
#include "scene/page_parts.h"
#include "scene/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Measures in units of the design's grid. */
static const float title_h = 24, tick_h = 20, tick_w = 46, label_w = 132, label_w_small = 78, dot = CHART_DOT;

/* Those that run together (tiles with softmax, a window with linear) are drawn thick, the other over them. */
static const struct curve {
    int colour; /* of the theme's curves */
    float stroke;
} curves[UNTAPED_COUNT] = {
    [UNTAPED_SOFTMAX] = {0, 2},  [UNTAPED_TILES] = {1, 5},  [UNTAPED_WINDOW] = {2, 5},
    [UNTAPED_LOW_RANK] = {3, 2}, [UNTAPED_LINEAR] = {4, 2}, [UNTAPED_CACHED] = {5, 2},
};

/* In the order in which they are drawn. */
static const enum untaped drawn[UNTAPED_COUNT] = {UNTAPED_TILES,    UNTAPED_WINDOW,  UNTAPED_CACHED,
                                                  UNTAPED_LOW_RANK, UNTAPED_SOFTMAX, UNTAPED_LINEAR};

struct colour chart_colour(const struct chart *c, enum untaped way)
{
    return c->pen->theme->curve[curves[way].colour];
}

static bool is_measured(const struct chart *c)
{
    return c->kind == CHART_OPERATIONS || c->view->state->costs.times.d == c->d;
}

/* ---- places ---- */

float chart_x(const struct chart *c, double n)
{
    return c->plot.x + c->plot.w * (float)(log2(n / UNTAPED_SHORTEST) / (UNTAPED_LENGTHS - 1));
}

float chart_y(const struct chart *c, double value)
{
    return c->plot.y + c->plot.h * (float)((c->high - log10(value)) / (c->high - c->low));
}

static void find_values(struct chart *c)
{
    double least = INFINITY, most = 0;
    const struct untaped_times *times = &c->view->state->costs.times;
    for (int way = 0; way < UNTAPED_COUNT; way++)
        for (size_t i = 0; i < UNTAPED_LENGTHS; i++) {
            double seconds = is_measured(c) ? fmax(0, (double)times->seconds[way][i]) : 0;
            double v =
                c->kind == CHART_SECONDS ? seconds : untaped_operations((enum untaped)way, untaped_length(i), c->d);
            c->value[way][i] = v;
            least = v > 0 ? fmin(least, v) : least;
            most = fmax(most, v);
        }
    /* Where nothing was measured: from a microsecond to ten seconds. */
    c->low = most > 0 ? floor(log10(least)) : -6;
    c->high = most > 0 ? fmax(ceil(log10(most)), c->low + 1) : 1;
}

/* ---- axes ---- */

void chart_line(struct pen *pen, const char *part, float x, float y, float to_x, float to_y, float stroke,
                struct colour colour)
{
    struct item *item = pen_item(pen, ITEM_LINE, part, (struct rect){x, y, to_x - x, to_y - y});
    if (!item)
        return;
    item->fill = colour;
    item->stroke = stroke;
}

/* "10^6" or "10 ms", before the plot. */
static void draw_value(const struct chart *c, int power, float y)
{
    struct pen *pen = c->pen;
    static const char *const units[] = {"ns", "µs", "ms", "s"};
    char text[24];
    struct rect box = {c->plot.x - tick_w * pen->scale, y - tick_h * pen->scale / 2, (tick_w - 6) * pen->scale,
                       tick_h * pen->scale};
    if (c->kind == CHART_SECONDS) {
        int unit = (power + 9) / 3;
        unit = unit < 0 ? 0 : unit > 3 ? 3 : unit;
        snprintf(text, sizeof text, "%g %s", pow(10, power + 9 - 3 * unit), units[unit]);
        pen_text_in(pen, "costs.tick", pen_ink(pen, FACE_SANS, 12, 9, pen->theme->text_secondary), box, ALIGN_RIGHT,
                    text);
        return;
    }
    snprintf(text, sizeof text, "10^%d", power);
    float size = roundf(12 * pen->scale), width = formula_measure(pen, text, size, false).width;
    formula_draw(pen, "costs.tick", text, size, false, pen->theme->text_secondary, box.x + box.w - width,
                 y + 0.35f * size);
}

/* Light lines at powers of ten and at the lengths; numbers at as many as there is room for. */
static void draw_axes(const struct chart *c)
{
    struct pen *pen = c->pen;
    float u = pen->scale, hair = fmaxf(1, roundf(u));
    char text[FIGURE_TEXT];
    int powers = (int)(c->high - c->low), every = 1;
    while (c->plot.h / (float)powers * (float)every < 18 * u)
        every++;
    for (int i = 0; i <= powers; i++) {
        float y = chart_y(c, pow(10, c->low + i));
        chart_line(pen, "costs.grid", c->plot.x, y, c->plot.x + c->plot.w, y, hair, pen->theme->line);
        if (i % every == 0)
            draw_value(c, (int)c->low + i, y);
    }
    float between = c->plot.w / (UNTAPED_LENGTHS - 1);
    size_t step = (size_t)ceilf(46 * u / between);
    for (size_t i = 0; i < UNTAPED_LENGTHS; i++) {
        bool chosen = i == costs_length(c->view);
        float x = chart_x(c, (double)untaped_length(i)), wide = (float)step * between;
        chart_line(pen, chosen ? "costs.chosen" : "costs.grid", x, c->plot.y, x, c->plot.y + c->plot.h,
                   chosen ? 2 * hair : hair, chosen ? pen->theme->text_secondary : pen->theme->line);
        if ((UNTAPED_LENGTHS - 1 - i) % step)
            continue;
        pen_text_in(pen, "costs.tick",
                    pen_ink(pen, chosen ? FACE_SANS_BOLD : FACE_SANS, 12, 9,
                            chosen ? pen->theme->text : pen->theme->text_secondary),
                    (struct rect){x - wide / 2, c->plot.y + c->plot.h + 2 * u, wide, tick_h * u}, ALIGN_CENTRE,
                    count_text(untaped_length(i), text));
    }
}

/* ---- curves ---- */

/* A sign of its own for each: colours are not all that tells them apart. */
void chart_sign(const struct chart *c, const char *part, enum untaped way, float x, float y, float r)
{
    struct pen *pen = c->pen;
    struct colour colour = chart_colour(c, way);
    switch (way) {
    case UNTAPED_TILES:
        pen_fill(pen, part, (struct rect){x - r, y - r, 2 * r, 2 * r}, colour, 0);
        break;
    case UNTAPED_WINDOW:
        pen_polygon(pen, part, colour, 4, (float[]){x - 1.4f * r, x, x + 1.4f * r, x},
                    (float[]){y, y - 1.4f * r, y, y + 1.4f * r});
        break;
    case UNTAPED_LOW_RANK:
        pen_polygon(pen, part, colour, 3, (float[]){x - 1.2f * r, x + 1.2f * r, x}, (float[]){y - r, y - r, y + r});
        break;
    case UNTAPED_CACHED:
        pen_polygon(pen, part, colour, 3, (float[]){x - 1.2f * r, x + 1.2f * r, x}, (float[]){y + r, y + r, y - r});
        break;
    case UNTAPED_LINEAR: /* a ring */
        pen_fill(pen, part, (struct rect){x - r, y - r, 2 * r, 2 * r}, colour, r);
        pen_fill(pen, "costs.hole", (struct rect){x - r / 2, y - r / 2, r, r}, pen->theme->panel, r / 2);
        break;
    default:
        pen_fill(pen, part, (struct rect){x - r, y - r, 2 * r, 2 * r}, colour, r);
    }
}

/* Formulas at more places than the lengths; times in straight pieces from point to point. */
static void draw_curve(const struct chart *c, enum untaped way)
{
    enum { PIECES = 4 };
    const size_t pieces = c->kind == CHART_OPERATIONS ? PIECES : 1;
    struct point points[PIECES * UNTAPED_LENGTHS];
    size_t n = 0;
    for (size_t i = 0; i < UNTAPED_LENGTHS && c->value[way][i] > 0; i++) {
        points[n++] = (struct point){chart_x(c, (double)untaped_length(i)), chart_y(c, c->value[way][i])};
        for (size_t k = 1; k < pieces && i + 1 < UNTAPED_LENGTHS; k++) {
            size_t words = untaped_length(i) + untaped_length(i) * k / pieces;
            points[n++] = (struct point){chart_x(c, (double)words), chart_y(c, untaped_operations(way, words, c->d))};
        }
    }
    if (n > 1)
        pen_curve(c->pen, "costs.curve", chart_colour(c, way), curves[way].stroke * c->pen->scale, n, points);
}

static void draw_points(const struct chart *c, enum untaped way)
{
    for (size_t i = 0; i < UNTAPED_LENGTHS; i++)
        if (c->value[way][i] > 0)
            chart_sign(c, "costs.point", way, chart_x(c, (double)untaped_length(i)), chart_y(c, c->value[way][i]),
                       (i == costs_length(c->view) ? 1.6f : 1) * dot * c->pen->scale);
}

/* ---- where linear attention becomes cheaper ---- */

static double value_between(const struct chart *c, double n)
{
    size_t before = (size_t)fmin(UNTAPED_LENGTHS - 2, floor(log2(n / UNTAPED_SHORTEST)));
    double share = log2(n / (double)untaped_length(before));
    if (c->kind == CHART_OPERATIONS)
        return untaped_operations(UNTAPED_LINEAR, (size_t)n, c->d);
    return c->value[UNTAPED_LINEAR][before] *
           pow(c->value[UNTAPED_LINEAR][before + 1] / c->value[UNTAPED_LINEAR][before], share);
}

static void draw_crossing(const struct chart *c)
{
    struct pen *pen = c->pen;
    float u = pen->scale, r = 8 * u;
    char text[80], words[FIGURE_TEXT];
    double n = c->kind == CHART_OPERATIONS ? (double)untaped_crossing(UNTAPED_LINEAR, c->d)
                                           : untaped_crossing_measured(&c->view->state->costs.times, UNTAPED_LINEAR);
    if (n == 0)
        return;
    float x = chart_x(c, n), y = chart_y(c, value_between(c, n)), end = c->plot.y + c->plot.h;
    chart_line(pen, "costs.crossing.line", x, y + r, x, end, fmaxf(1, roundf(1.5f * u)), pen->theme->text);
    pen_frame(pen, "costs.crossing", (struct rect){x - r, y - r, 2 * r, 2 * r}, pen->theme->text,
              fmaxf(2, roundf(2 * u)), r);
    struct ink ink = pen_ink(pen, FACE_SANS_BOLD, 13, 9, pen->theme->text);
    bool right = c->plot.x + c->plot.w - x > x - c->plot.x;
    struct rect box = {right ? x + 6 * u : c->plot.x + 4 * u, end - 24 * u, 0, 20 * u};
    box.w = (right ? c->plot.x + c->plot.w - 4 * u : x - 6 * u) - box.x;
    /* The longest that fits. */
    static const char *const says[] = {"linear is cheaper from n = %s", "linear cheaper from %s", "from %s", "%s"};
    size_t i = 0;
    do
        snprintf(text, sizeof text, says[i], count_text((size_t)round(n), words));
    while (!pen_fits(pen, ink, box.w, text) && ++i < sizeof says / sizeof *says);
    pen_text_in(pen, "costs.crossing.text", ink, box, right ? ALIGN_LEFT : ALIGN_RIGHT, text);
}

/* ---- the whole ---- */

static void draw_not_measured(const struct chart *c)
{
    const struct view *view = c->view;
    char text[240], key[24];
    const char *measure = key_text(view->command(CMD_COSTS_MEASURE)->keys, key);
    bool narrow = c->plot.w < 260 * c->pen->scale;
    if (view->measuring)
        snprintf(text, sizeof text,
                 narrow ? "**Measuring**" : "**Measuring**, one way after the other. The longest texts come last.");
    else if (view->state->costs.times.d)
        snprintf(text, sizeof text,
                 narrow ? "Measured for d = %zu, **not for %zu**."
                        : "Measured for vectors of %zu numbers, **not for %zu**. %s measures again.",
                 view->state->costs.times.d, c->d, measure);
    else
        snprintf(text, sizeof text,
                 narrow
                     ? "**Not measured here.** Press %s in the window."
                     : "**Not measured here.** Press %s in the window: it takes some seconds, and the page can be used "
                       "meanwhile.",
                 measure);
    struct rect box = c->plot;
    rect_cut_top(&box, box.h * 0.3f, 0);
    words_draw(c->pen, view, "costs.missing", c->pen->theme->text, 16 * c->pen->scale, box, text);
}

static void draw_title(const struct chart *c, struct rect line)
{
    struct pen *pen = c->pen;
    const struct untaped_times *times = &c->view->state->costs.times;
    char words[FIGURE_TEXT];
    struct rect right = rect_cut_right(&line, c->gutter.w, 0);
    pen_textf(pen, "costs.title", pen_ink(pen, FACE_SANS_BOLD, 16, 10, pen->theme->text), line, ALIGN_LEFT, "%s",
              c->kind == CHART_OPERATIONS      ? "Operations, by formula"
              : !is_measured(c) || times->here ? "Time, measured on this machine"
                                               : "Time, as measured earlier");
    pen_textf(pen, "costs.at", pen_ink(pen, FACE_SANS, 13, 9, pen->theme->text_secondary), right, ALIGN_LEFT, "n = %s",
              count_text(untaped_length(costs_length(c->view)), words));
}

void costs_chart_draw(struct pen *pen, const struct view *view, int kind, struct rect box)
{
    struct chart c = {.pen = pen, .view = view, .kind = kind, .d = costs_width(view)};
    float u = pen->scale;
    struct rect inside = part_draw(pen, "costs.part", box);
    find_values(&c);
    c.gutter = inside;
    c.gutter.w = (inside.w >= 420 * u ? label_w : label_w_small) * u;
    c.gutter.x = inside.x + inside.w - c.gutter.w;
    draw_title(&c, rect_cut_top(&inside, title_h * u, 6 * u));
    c.plot = (struct rect){inside.x + tick_w * u, inside.y + 6 * u, inside.w - tick_w * u - c.gutter.w - 12 * u,
                           inside.h - (tick_h + 10) * u};
    if (c.plot.w < tick_w * u || c.plot.h < tick_h * u) /* a window of a few pixels */
        return;
    if (!is_measured(&c)) {
        draw_not_measured(&c);
        return;
    }
    draw_axes(&c);
    chart_place_labels(&c);
    chart_draw_leaders(&c);
    for (int i = 0; i < UNTAPED_COUNT; i++)
        draw_curve(&c, drawn[i]);
    for (int i = 0; i < UNTAPED_COUNT; i++)
        draw_points(&c, drawn[i]);
    draw_crossing(&c);
    chart_draw_labels(&c);
    for (size_t i = 0; i < UNTAPED_LENGTHS; i++)
        chart_add_target(&c, i);
}
