/* costs_chart.c: curves against the length of a text, on logarithmic axes, with a label at the end of each. */
#include "scene/page_costs.h"
#include "scene/page_parts.h"
#include "scene/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Measures in units of the design's grid. */
static const float title_h = 24, tick_h = 20, tick_w = 46, label_w = 132, label_w_small = 78, dot = 3.5f, target = 12;

/* One thing of several on a line: where it wants to be, and where it is. */
struct place_on_line {
    enum untaped way;
    float at;
};

struct chart {
    struct pen *pen;
    const struct view *view;
    int kind;
    size_t d;
    struct rect plot, gutter;                     /* where points have places, and their labels */
    double low, high;                             /* the logarithms of the ends */
    double value[UNTAPED_COUNT][UNTAPED_LENGTHS]; /* 0: there is none */
    struct place_on_line label[UNTAPED_COUNT];
    size_t labels;
    float label_h;
    bool two_lines;
};

/* Those that run together (tiles with softmax, a window with linear) are drawn thick, the other over them. */
static const struct curve {
    int colour; /* of the heads' */
    float stroke;
    const char *growth;
} curves[UNTAPED_COUNT] = {
    [UNTAPED_SOFTMAX] = {3, 2, "n²d"},    [UNTAPED_TILES] = {0, 5, "n²d"},   [UNTAPED_WINDOW] = {5, 5, "n·w·d"},
    [UNTAPED_LOW_RANK] = {4, 2, "n·k·d"}, [UNTAPED_LINEAR] = {1, 2, "n·d²"}, [UNTAPED_CACHED] = {2, 2, "n²d"},
};

/* In the order in which they are drawn. */
static const enum untaped drawn[UNTAPED_COUNT] = {UNTAPED_TILES,    UNTAPED_WINDOW,  UNTAPED_CACHED,
                                                  UNTAPED_LOW_RANK, UNTAPED_SOFTMAX, UNTAPED_LINEAR};

static struct colour colour_of(const struct chart *c, enum untaped way)
{
    return head_colour(c->pen->theme, (size_t)curves[way].colour);
}

static bool is_measured(const struct chart *c)
{
    return c->kind == CHART_OPERATIONS || c->view->state->costs.times.d == c->d;
}

/* ---- places ---- */

static float place_x(const struct chart *c, double n)
{
    return c->plot.x + c->plot.w * (float)(log2(n / UNTAPED_SHORTEST) / (UNTAPED_LENGTHS - 1));
}

static float place_y(const struct chart *c, double value)
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

/* The last length that has a value; UNTAPED_LENGTHS: none has. */
static size_t last_of(const struct chart *c, enum untaped way)
{
    for (size_t i = UNTAPED_LENGTHS; i-- > 0;)
        if (c->value[way][i] > 0)
            return i;
    return UNTAPED_LENGTHS;
}

/* ---- axes ---- */

static void draw_line(struct pen *pen, const char *part, float x, float y, float to_x, float to_y, float stroke,
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
        float y = place_y(c, pow(10, c->low + i));
        draw_line(pen, "costs.grid", c->plot.x, y, c->plot.x + c->plot.w, y, hair, pen->theme->line);
        if (i % every == 0)
            draw_value(c, (int)c->low + i, y);
    }
    float between = c->plot.w / (UNTAPED_LENGTHS - 1);
    size_t step = (size_t)ceilf(46 * u / between);
    for (size_t i = 0; i < UNTAPED_LENGTHS; i++) {
        bool chosen = i == costs_length(c->view);
        float x = place_x(c, (double)untaped_length(i)), wide = (float)step * between;
        draw_line(pen, chosen ? "costs.chosen" : "costs.grid", x, c->plot.y, x, c->plot.y + c->plot.h,
                  chosen ? 2 * hair : hair, chosen ? pen->theme->text_secondary : pen->theme->line);
        if ((UNTAPED_LENGTHS - 1 - i) % step)
            continue;
        pen_text_in(pen, "costs.tick",
                    pen_ink(pen, chosen ? FACE_SANS_BOLD : FACE_SANS, 12, 9,
                            chosen ? pen->theme->text : pen->theme->text_secondary),
                    (struct rect){x - wide / 2, c->plot.y + c->plot.h + 2 * u, wide, tick_h * u}, ALIGN_CENTRE,
                    whole_text((double)untaped_length(i), text));
    }
}

/* ---- curves ---- */

/* A sign of its own for each: colours are not all that tells them apart. */
static void draw_sign(const struct chart *c, const char *part, enum untaped way, float x, float y, float r)
{
    struct pen *pen = c->pen;
    struct colour colour = colour_of(c, way);
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
    float u = c->pen->scale, stroke = curves[way].stroke * u;
    for (size_t i = 0; i + 1 < UNTAPED_LENGTHS; i++) {
        int pieces = c->kind == CHART_OPERATIONS ? PIECES : 1;
        if (c->value[way][i] <= 0 || c->value[way][i + 1] <= 0)
            continue;
        float x = place_x(c, (double)untaped_length(i)), y = place_y(c, c->value[way][i]);
        for (int k = 1; k <= pieces; k++) {
            size_t n = untaped_length(i) + untaped_length(i) * (size_t)k / (size_t)pieces;
            double v = k == pieces ? c->value[way][i + 1] : untaped_operations(way, n, c->d);
            float to_x = place_x(c, (double)n), to_y = place_y(c, v);
            draw_line(c->pen, "costs.curve", x, y, to_x, to_y, stroke, colour_of(c, way));
            x = to_x, y = to_y;
        }
    }
}

static void draw_points(const struct chart *c, enum untaped way)
{
    for (size_t i = 0; i < UNTAPED_LENGTHS; i++)
        if (c->value[way][i] > 0)
            draw_sign(c, "costs.point", way, place_x(c, (double)untaped_length(i)), place_y(c, c->value[way][i]),
                      (i == costs_length(c->view) ? 1.6f : 1) * dot * c->pen->scale);
}

/* ---- places for what must not overlap ---- */

/* Sort them, and move them apart to at least `gap`, as little as can be: those that would overlap share the mean. */
static void move_apart(struct place_on_line v[], size_t n, float gap, float top, float bottom)
{
    float sum[UNTAPED_COUNT];
    size_t count[UNTAPED_COUNT], groups = 0;
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && v[k].at < v[k - 1].at; k--) {
            struct place_on_line other = v[k];
            v[k] = v[k - 1];
            v[k - 1] = other;
        }
    for (size_t i = 0; i < n; i++) {
        sum[groups] = v[i].at - (float)i * gap;
        count[groups++] = 1;
        while (groups > 1 && sum[groups - 1] / (float)count[groups - 1] <= sum[groups - 2] / (float)count[groups - 2]) {
            groups--;
            sum[groups - 1] += sum[groups];
            count[groups - 1] += count[groups];
        }
    }
    for (size_t g = 0, i = 0; g < groups; g++)
        for (size_t k = 0; k < count[g]; k++, i++)
            v[i].at = fmaxf(top, fminf(bottom - (float)(n - 1) * gap, sum[g] / (float)count[g])) + (float)i * gap;
}

/* Every point of a length has a part of the height around it; where points lie together, at least a few pixels. */
static void add_targets(const struct chart *c, size_t length)
{
    struct place_on_line v[UNTAPED_COUNT];
    size_t n = 0;
    float u = c->pen->scale, least = 6 * u, reach = target * u, x = place_x(c, (double)untaped_length(length));
    float half = fminf(reach, c->plot.w / (UNTAPED_LENGTHS - 1) / 2);
    for (int way = 0; way < UNTAPED_COUNT; way++)
        if (c->value[way][length] > 0)
            v[n++] = (struct place_on_line){(enum untaped)way, place_y(c, c->value[way][length])};
    move_apart(v, n, least, c->plot.y, c->plot.y + c->plot.h);
    for (size_t i = 0; i < n; i++) {
        float top = i ? fmaxf(v[i].at - reach, (v[i - 1].at + v[i].at) / 2) : v[i].at - reach;
        float bottom = i + 1 < n ? fminf(v[i].at + reach, (v[i].at + v[i + 1].at) / 2) : v[i].at + reach;
        pen_hit(c->pen, (struct rect){x - half, top, 2 * half, bottom - top}, CMD_COSTS_POINT,
                costs_point_argument(c->kind, v[i].way, length));
    }
}

/* ---- labels ---- */

/* What the curve has at the length looked at. */
static const char *value_text(const struct chart *c, enum untaped way, char buffer[FIGURE_TEXT])
{
    size_t at = costs_length(c->view);
    double value = c->value[way][at];
    float seconds = c->view->state->costs.times.seconds[way][at];
    char bytes[FIGURE_TEXT];
    if (c->kind == CHART_OPERATIONS)
        return operations_text(value, buffer);
    if (value > 0)
        return seconds_text(value, buffer);
    if (seconds == UNTAPED_TOO_LONG)
        snprintf(buffer, FIGURE_TEXT, "over %d s", UNTAPED_SECONDS_MOST);
    else if (seconds == UNTAPED_TOO_LARGE)
        snprintf(buffer, FIGURE_TEXT, "needs %s",
                 byte_count_text(8 * (double)untaped_work(way, untaped_length(at), c->d), bytes));
    else
        snprintf(buffer, FIGURE_TEXT, "not measured");
    return buffer;
}

static void draw_label(const struct chart *c, enum untaped way, struct rect box, bool two_lines)
{
    struct pen *pen = c->pen;
    float u = pen->scale;
    char text[FIGURE_TEXT];
    const char *growth = c->kind == CHART_OPERATIONS && c->gutter.w > 100 * u ? curves[way].growth : "";
    struct ink name = pen_ink(pen, FACE_SANS_BOLD, 14, 10, colour_readable(colour_of(c, way), pen->theme->panel));
    struct ink quiet = pen_ink(pen, FACE_SANS, 12, 9, pen->theme->text_secondary);
    draw_sign(c, "costs.sign", way, box.x + 6 * u, box.y + (two_lines ? 9 * u : box.h / 2), dot * u);
    box.x += 14 * u;
    box.w -= 14 * u;
    struct rect first = two_lines ? rect_cut_top(&box, 18 * u, 0) : box;
    struct rect written = pen_text_in(pen, "costs.label", name, first, ALIGN_LEFT, untaped_name(way));
    float used = written.w + 6 * u;
    if (*growth && first.w - used > 30 * u)
        pen_text_in(pen, "costs.growth", quiet, (struct rect){first.x + used, first.y, first.w - used, first.h},
                    ALIGN_LEFT, growth);
    if (two_lines)
        pen_text_in(pen, "costs.value", quiet, box, ALIGN_LEFT, value_text(c, way, text));
}

/* At the ends of the curves, moved apart. */
static void place_labels(struct chart *c)
{
    float u = c->pen->scale;
    c->two_lines = c->plot.h >= (float)UNTAPED_COUNT * 35 * u;
    c->label_h = c->two_lines ? 35 * u : fminf(19 * u, c->plot.h / UNTAPED_COUNT);
    for (int way = 0; way < UNTAPED_COUNT; way++) {
        size_t last = last_of(c, (enum untaped)way);
        if (last < UNTAPED_LENGTHS)
            c->label[c->labels++] = (struct place_on_line){(enum untaped)way, place_y(c, c->value[way][last])};
    }
    move_apart(c->label, c->labels, c->label_h, c->plot.y + c->label_h / 2, c->plot.y + c->plot.h - c->label_h / 2);
}

/* Each is joined to its curve. */
static void draw_leaders(const struct chart *c)
{
    float u = c->pen->scale;
    for (size_t i = 0; i < c->labels; i++) {
        enum untaped way = c->label[i].way;
        size_t last = last_of(c, way);
        float name = c->label[i].at + (c->two_lines ? 9 * u - c->label_h / 2 : 0);
        draw_line(c->pen, "costs.leader", place_x(c, (double)untaped_length(last)), place_y(c, c->value[way][last]),
                  c->gutter.x, name, fmaxf(1, roundf(u)), colour_mix(c->pen->theme->panel, colour_of(c, way), 0.6f));
    }
}

static void draw_labels(const struct chart *c)
{
    for (size_t i = 0; i < c->labels; i++)
        draw_label(c, c->label[i].way,
                   (struct rect){c->gutter.x, c->label[i].at - c->label_h / 2, c->gutter.w, c->label_h}, c->two_lines);
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
    float x = place_x(c, n), y = place_y(c, value_between(c, n)), end = c->plot.y + c->plot.h;
    draw_line(pen, "costs.crossing.line", x, y + r, x, end, fmaxf(1, roundf(1.5f * u)), pen->theme->text);
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
        snprintf(text, sizeof text, says[i], whole_text(round(n), words));
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
              whole_text((double)untaped_length(costs_length(c->view)), words));
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
    place_labels(&c);
    draw_leaders(&c);
    for (int i = 0; i < UNTAPED_COUNT; i++)
        draw_curve(&c, drawn[i]);
    for (int i = 0; i < UNTAPED_COUNT; i++)
        draw_points(&c, drawn[i]);
    draw_crossing(&c);
    draw_labels(&c);
    for (size_t i = 0; i < UNTAPED_LENGTHS; i++)
        add_targets(&c, i);
}
