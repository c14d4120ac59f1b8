/* draws_figure.c: what other seeds would have given, in the place of the matrices: a row for each size, a dot for each
 * draw, and over them the middle half and the median. */
#include "lesson/analysis/draws.h"

#include "lesson/text/number.h"
#include "scene/arithmetic.h"
#include "scene/page_parts.h"

#include <math.h>
#include <stdio.h>

/* Measures in units of the design's grid. */
static const float title_h = 28, line_h = 20, name_w = 128, value_w = 104, row_most = 92, row_least = 26, gap = 12,
                   dot_size = 6, tick_h = 22;
enum { TICKS_MOST = 6 };

struct dot_plot {
    struct pen *pen;
    const struct view *view;
    const struct draws *draws;
    double low, high; /* the ends of the scale; logarithms on one by powers */
    struct rect plot; /* where numbers have places */
    float row;        /* height of a row */
};

static double placed(const struct draws *d, double x)
{
    return d->by_powers ? log10(fmax(x, 1e-300)) : x;
}

static float place(const struct dot_plot *f, double x)
{
    double share = (placed(f->draws, x) - f->low) / (f->high - f->low);
    return f->plot.x + f->plot.w * (float)fmin(1, fmax(0, share));
}

/* 1, 2 or 5 times a power of ten: about a fifth of a range. */
static double tick_of(double range)
{
    double power = pow(10, floor(log10(range / 5))), steps = range / 5 / power;
    return power * (steps <= 1 ? 1 : steps <= 2 ? 2 : steps <= 5 ? 5 : 10);
}

static void find_scale(struct dot_plot *f)
{
    const struct draws *d = f->draws;
    double low = INFINITY, high = -INFINITY, tick;
    for (size_t i = 0; i < d->n_values * d->n_seeds; i++) {
        low = fmin(low, placed(d, d->v[i]));
        high = fmax(high, placed(d, d->v[i]));
    }
    for (size_t i = 0; i < d->n_marks; i++) {
        low = fmin(low, placed(d, d->mark[i].value));
        high = fmax(high, placed(d, d->mark[i].value));
    }
    if (!d->by_powers && low > 0 && low < high)
        low = 0;
    if (!isfinite(low) || !isfinite(high) || high - low < 1e-9)
        low = isfinite(low) ? low - 1 : 0, high = low + 2;
    tick = d->by_powers ? 1 : tick_of(high - low);
    f->low = floor(low / tick) * tick;
    f->high = ceil(high / tick) * tick;
}

/* ---- the parts ---- */

/* "60 draws of H[it, animate]" */
static void draw_title(const struct dot_plot *f, struct rect line)
{
    struct pen *pen = f->pen;
    const struct draws *d = f->draws;
    const struct step *step = &f->view->lesson->tape.steps[d->step];
    char row[24], col[24];
    const char *row_name = axis_position(&step->value.axis[AXIS_ROW], d->head, d->row, row);
    const char *col_name = axis_position(&step->value.axis[AXIS_COL], d->head, d->col, col);
    bool single = step->value.axis[AXIS_COL].size == 1, turned = f->view->state->columns;
    pen_textf(pen, "draws.title", pen_ink(pen, FACE_SANS_BOLD, 18, 12, pen->theme->text), line, ALIGN_LEFT,
              single ? "%zu draws of %s[%s]" : "%zu draws of %s[%s, %s]", d->n_seeds, step->spec.symbol,
              turned && !single ? col_name : row_name, turned ? row_name : col_name);
}

/* Each on a line of its own above the rows, its label beside it. */
static void draw_marks(const struct dot_plot *f, struct rect above)
{
    struct pen *pen = f->pen;
    float u = pen->scale;
    for (size_t i = 0; i < f->draws->n_marks; i++) {
        const struct draw_mark *mark = &f->draws->mark[i];
        char number[NUMBER_TEXT];
        float x = place(f, mark->value);
        struct rect line = rect_cut_top(&above, line_h * u, 0);
        struct ink ink = pen_ink(pen, FACE_SANS_BOLD, 13, 10, pen->theme->accent);
        bool left = x > f->plot.x + f->plot.w / 2;
        struct rect label = {left ? f->plot.x : x + 6 * u, line.y, left ? x - 6 * u - f->plot.x : 0, line.h};
        if (!left)
            label.w = f->plot.x + f->plot.w - label.x;
        pen_textf(pen, "draws.mark", ink, label, left ? ALIGN_RIGHT : ALIGN_LEFT, "%s %s", mark->label,
                  number_text(mark->value, CELL_DECIMALS, number));
        pen_fill(pen, "draws.mark.line",
                 (struct rect){x - u, line.y + 2 * u, 2 * u, f->plot.y + f->plot.h - line.y - 2 * u},
                 pen->theme->accent, 0);
    }
}

/* Dots do not cover one another wholly: each has a height of its own, the same every time. */
static float height_of(size_t seed)
{
    return (float)((seed * 37 + 11) % 61) / 60;
}

static void draw_dots(const struct dot_plot *f, size_t v, struct rect row)
{
    struct pen *pen = f->pen;
    const struct draws *d = f->draws;
    float u = pen->scale, size = fminf(dot_size * u, row.h / 3), inner = row.h - size - 4 * u;
    struct colour quiet = colour_mix(pen->theme->panel, pen->theme->text_secondary, 0.8f);
    for (size_t s = 0; s < d->n_seeds; s++) {
        bool now = v == d->now_value && (long)s + 1 == d->now_seed;
        float grown = now ? size * 1.8f : size, x = place(f, d->v[v * d->n_seeds + s]);
        float y = row.y + 2 * u + size / 2 + inner * height_of(s);
        struct rect dot = {x - grown / 2, y - grown / 2, grown, grown};
        pen_fill(pen, now ? "draws.now" : "draws.dot", dot, now ? pen->theme->text : quiet, grown / 2);
    }
}

static void draw_row(const struct dot_plot *f, size_t v, struct rect row)
{
    struct pen *pen = f->pen;
    const struct draws *d = f->draws;
    const double *sums = &d->table.v[v * DRAW_SUMMARIES];
    float u = pen->scale, from = place(f, sums[DRAW_QUARTER]), to = place(f, sums[DRAW_THREE_QUARTERS]),
          middle = place(f, sums[DRAW_MEDIAN]);
    char number[NUMBER_TEXT];
    struct rect name = {row.x, row.y, f->plot.x - row.x - gap * u, row.h},
                value = {f->plot.x + f->plot.w + gap * u, row.y, 0, row.h},
                box = {from, row.y + 2 * u, fmaxf(to - from, 2 * u), row.h - 4 * u};
    value.w = row.x + row.w - value.x;
    /* Of the row; the app takes the dot that is nearest to the place pointed at. */
    pen_hit(pen, (struct rect){f->plot.x, row.y, f->plot.w, f->row}, CMD_DRAW, (int)(v * d->n_seeds));
    if (d->size)
        pen_textf(pen, "draws.size", pen_ink(pen, FACE_SANS, 15, 9, pen->theme->text), name, ALIGN_LEFT, "%zu %s",
                  d->value[v], d->called);
    pen_fill(pen, "draws.box", box, pen->theme->button_idle, 4 * u);
    draw_dots(f, v, (struct rect){f->plot.x, row.y, f->plot.w, row.h});
    pen_frame(pen, "draws.frame", box, pen->theme->text_secondary, fmaxf(1, roundf(u)), 4 * u);
    pen_fill(pen, "draws.median", (struct rect){middle - 1.5f * u, row.y, 3 * u, row.h}, pen->theme->text, 0);
    pen_textf(pen, "draws.value", pen_ink(pen, FACE_SANS, 15, 9, pen->theme->text), value, ALIGN_LEFT, "median %s",
              number_text(sums[DRAW_MEDIAN], CELL_DECIMALS, number));
}

static void draw_ticks(const struct dot_plot *f, struct rect line)
{
    struct pen *pen = f->pen;
    double step = f->draws->by_powers ? fmax(1, ceil((f->high - f->low) / TICKS_MOST)) : tick_of(f->high - f->low);
    float wide = f->plot.w / (float)((f->high - f->low) / step);
    for (double at = f->low; at < f->high + step / 2; at += step) {
        char number[NUMBER_TEXT];
        double x = f->draws->by_powers ? pow(10, at) : at;
        float px = place(f, x);
        snprintf(number, sizeof number, "%.6g", fabs(x) < 1e-12 ? 0 : x);
        pen_fill(pen, "draws.tick", (struct rect){px, f->plot.y, fmaxf(1, roundf(pen->scale)), f->plot.h},
                 pen->theme->line, 0);
        pen_text_in(pen, "draws.number", pen_ink(pen, FACE_MONO, 12, 9, pen->theme->text_secondary),
                    (struct rect){px - wide / 2, line.y, wide, line.h}, ALIGN_CENTRE, number);
    }
}

/* What the signs mean, and the button that throws again. */
static void draw_foot(const struct dot_plot *f, struct rect foot)
{
    struct pen *pen = f->pen;
    char key[24], label[64];
    float u = pen->scale;
    snprintf(label, sizeof label, "%s  %s", f->view->command(CMD_REROLL)->label,
             key_text(f->view->command(CMD_REROLL)->keys, key));
    struct rect button = rect_cut_right(&foot, button_width(pen, label, 24), 12 * u);
    button_draw(pen, button, label, false, CMD_REROLL, 0);
    /* The longest that fits. */
    static const char *const legends[] = {
        "a dot: one seed (click it); the box: the middle half; the bar: the median; the large dot: this draw",
        "a dot: one seed (click it); the box: the middle half; the bar: the median",
        "box: the middle half; bar: the median", "bar: the median"};
    size_t i = f->draws->now_value < f->draws->n_values ? 0 : 1;
    struct ink ink = pen_ink(pen, FACE_SANS, 13, 11, pen->theme->text_secondary);
    while (i + 1 < sizeof legends / sizeof *legends && !pen_fits(pen, ink, foot.w, legends[i]))
        i++;
    pen_text_in(pen, "draws.legend", ink, foot, ALIGN_LEFT, legends[i]);
}

void draws_figure_draw(struct pen *pen, const struct view *view, struct rect area)
{
    const struct draws *d = view_stop(view)->draws;
    struct dot_plot f = {.pen = pen, .view = view, .draws = d};
    float u = pen->scale;
    find_scale(&f);
    draw_title(&f, rect_cut_top(&area, title_h * u, 4 * u));
    struct rect foot = rect_cut_bottom(&area, title_h * u, 4 * u), ticks = rect_cut_bottom(&area, tick_h * u, 0);
    struct rect marks = rect_cut_top(&area, (float)d->n_marks * line_h * u, 4 * u);
    f.row = fminf(row_most * u, fmaxf(row_least * u, area.h / (float)d->n_values));
    float names = d->size ? fminf(name_w * u, area.w * 0.22f) : 0, values = fminf(value_w * u, area.w * 0.22f);
    f.plot = (struct rect){area.x + names, area.y, area.w - names - values, f.row * (float)d->n_values};
    ticks.y = fminf(ticks.y, f.plot.y + f.plot.h);
    draw_ticks(&f, ticks);
    for (size_t v = 0; v < d->n_values; v++)
        draw_row(&f, v, (struct rect){area.x, area.y + f.row * (float)v, area.w, f.row - 6 * u});
    draw_marks(&f, marks);
    foot.y = fminf(foot.y, ticks.y + ticks.h + 12 * u);
    draw_foot(&f, foot);
}
