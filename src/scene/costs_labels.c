/* costs_labels.c: what stands beside the curves of the page of costs, and what can be pointed at: moved apart, so that
 * nothing covers another. */
#include "scene/costs_chart.h"

#include <math.h>
#include <stdio.h>

/* How the operations grow, in the letters of the page's foot. */
static const char *const growths[UNTAPED_COUNT] = {
    [UNTAPED_SOFTMAX] = "n²d",    [UNTAPED_TILES] = "n²d",   [UNTAPED_WINDOW] = "n·w·d",
    [UNTAPED_LOW_RANK] = "n·k·d", [UNTAPED_LINEAR] = "n·d²", [UNTAPED_CACHED] = "n²d",
};

/* So far from a point it can be pointed at, in units of the design's grid. */
static const float target = 12;

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
void chart_add_target(const struct chart *c, size_t length)
{
    struct place_on_line v[UNTAPED_COUNT];
    size_t n = 0;
    float u = c->pen->scale, least = 6 * u, reach = target * u, x = chart_x(c, (double)untaped_length(length));
    float half = fminf(reach, c->plot.w / (UNTAPED_LENGTHS - 1) / 2);
    for (int way = 0; way < UNTAPED_COUNT; way++)
        if (c->value[way][length] > 0)
            v[n++] = (struct place_on_line){(enum untaped)way, chart_y(c, c->value[way][length])};
    move_apart(v, n, least, c->plot.y, c->plot.y + c->plot.h);
    for (size_t i = 0; i < n; i++) {
        float top = i ? fmaxf(v[i].at - reach, (v[i - 1].at + v[i].at) / 2) : v[i].at - reach;
        float bottom = i + 1 < n ? fminf(v[i].at + reach, (v[i].at + v[i + 1].at) / 2) : v[i].at + reach;
        pen_hit(c->pen, (struct rect){x - half, top, 2 * half, bottom - top}, CMD_COSTS_POINT,
                costs_point_argument(c->kind, v[i].way, length));
    }
}

/* ---- labels ---- */

/* The last length that has a value; UNTAPED_LENGTHS: none has. */
static size_t last_of(const struct chart *c, enum untaped way)
{
    for (size_t i = UNTAPED_LENGTHS; i-- > 0;)
        if (c->value[way][i] > 0)
            return i;
    return UNTAPED_LENGTHS;
}

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
        snprintf(buffer, FIGURE_TEXT, "needs %s", bytes_text(8 * untaped_work(way, untaped_length(at), c->d), bytes));
    else
        snprintf(buffer, FIGURE_TEXT, "not measured");
    return buffer;
}

static void draw_label(const struct chart *c, enum untaped way, struct rect box, bool two_lines)
{
    struct pen *pen = c->pen;
    float u = pen->scale;
    char text[FIGURE_TEXT];
    const char *growth = c->kind == CHART_OPERATIONS && c->gutter.w > 100 * u ? growths[way] : "";
    struct ink name = pen_ink(pen, FACE_SANS_BOLD, 14, 10, colour_readable(chart_colour(c, way), pen->theme->panel));
    struct ink quiet = pen_ink(pen, FACE_SANS, 12, 9, pen->theme->text_secondary);
    chart_sign(c, "costs.sign", way, box.x + 6 * u, box.y + (two_lines ? 9 * u : box.h / 2), CHART_DOT * u);
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
void chart_place_labels(struct chart *c)
{
    float u = c->pen->scale;
    c->two_lines = c->plot.h >= (float)UNTAPED_COUNT * 35 * u;
    c->label_h = c->two_lines ? 35 * u : fminf(19 * u, c->plot.h / UNTAPED_COUNT);
    for (int way = 0; way < UNTAPED_COUNT; way++) {
        size_t last = last_of(c, (enum untaped)way);
        if (last < UNTAPED_LENGTHS)
            c->label[c->labels++] = (struct place_on_line){(enum untaped)way, chart_y(c, c->value[way][last])};
    }
    move_apart(c->label, c->labels, c->label_h, c->plot.y + c->label_h / 2, c->plot.y + c->plot.h - c->label_h / 2);
}

/* Each is joined to its curve. */
void chart_draw_leaders(const struct chart *c)
{
    float u = c->pen->scale;
    for (size_t i = 0; i < c->labels; i++) {
        enum untaped way = c->label[i].way;
        size_t last = last_of(c, way);
        float name = c->label[i].at + (c->two_lines ? 9 * u - c->label_h / 2 : 0);
        chart_line(c->pen, "costs.leader", chart_x(c, (double)untaped_length(last)), chart_y(c, c->value[way][last]),
                   c->gutter.x, name, fmaxf(1, roundf(u)),
                   colour_mix(c->pen->theme->panel, chart_colour(c, way), 0.6f));
    }
}

void chart_draw_labels(const struct chart *c)
{
    for (size_t i = 0; i < c->labels; i++)
        draw_label(c, c->label[i].way,
                   (struct rect){c->gutter.x, c->label[i].at - c->label_h / 2, c->gutter.w, c->label_h}, c->two_lines);
}
