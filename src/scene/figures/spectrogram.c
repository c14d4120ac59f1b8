/* spectrogram.c: a sound whole, along its axis of time. Under it, on the same axis, what belongs to each of its moments:
 * the weights as bars, and the window of a convolution where it lies for the row looked at. */
#include "scene/arithmetic.h"
#include "scene/figure.h"
#include "scene/token_picture.h"

#include <math.h>
#include <stdio.h>

/* Measures in units of the design's grid. */
static const float names_w = 104, moment_h = 22, number_h = 18, lane_least = 36, sound_least = 36, bar_most = 44,
                   lane_gap = 10;
static const float sound_share = 0.42f, sound_share_windowed = 0.3f;
enum { LANES_MOST = 4 };

/* A number for each moment: a row of a step, or its only column. */
struct lane {
    int step;
    size_t row;
    bool down; /* the moments are rows */
    const char *name;
    char buffer[LABEL_TEXT];
};

struct sound {
    struct pen *pen;
    const struct view *view;
    const struct tape *tape;
    int here;
    size_t head, row, n; /* the row of the step looked at; how many moments there are */
    size_t window;       /* how many moments a convolution sees; 0: it is none */
    struct placed_picture place;
    struct lane lane[LANES_MOST];
    size_t lanes;
    bool veiled; /* by the first lane's numbers */
};

static struct cursor cell_of(const struct sound *s, const struct lane *lane, size_t moment)
{
    return lane->down ? (struct cursor){true, lane->step, s->head, moment, 0}
                      : (struct cursor){true, lane->step, s->head, lane->row, moment};
}

static double number_of(const struct sound *s, const struct lane *lane, size_t moment)
{
    const struct cursor c = cell_of(s, lane, moment);
    return *tensor_at(&s->tape->steps[c.step].value, c.head, c.row, c.col);
}

static const struct axis *axis_of(const struct sound *s, int step, int axis)
{
    return &s->tape->steps[step].value.axis[axis];
}

/* Is this axis the time of a sound: strips as high as their picture? */
static const struct axis *time_of(const struct sound *s, int step, int axis)
{
    const struct axis *a = axis_of(s, step, axis);
    const struct sequence *of = token_pictures(s->view, a);
    return of && of->regions[0].h == of->picture.height ? a : NULL;
}

/* ---- what the step is ---- */

static void add_lane(struct sound *s, int step, size_t row, bool down, const char *name)
{
    struct lane *lane = &s->lane[s->lanes++];
    *lane = (struct lane){.step = step, .row = row, .down = down, .name = name};
    if (!name)
        lane->name = axis_position(axis_of(s, step, AXIS_ROW), s->head, row, lane->buffer);
}

/* The axis of time; NULL: the step is nothing that this picture shows. */
static const struct axis *find(struct sound *s)
{
    const struct step_spec *spec = &s->tape->steps[s->here].spec;
    const size_t rows = axis_of(s, s->here, AXIS_ROW)->size;
    const struct axis *time;
    if (spec->op == OP_CONVOLVE_ROW && axis_of(s, s->here, AXIS_COL)->size == 1 &&
        (time = time_of(s, s->here, AXIS_ROW))) {
        s->window = axis_of(s, spec->in[1], AXIS_COL)->size;
        add_lane(s, spec->in[0], 0, false, "looked before");
        add_lane(s, s->here, 0, true, "the window says");
        s->veiled = true;
        return time;
    }
    if (spec->op == OP_DEPTHWISE && (time = time_of(s, s->here, AXIS_ROW))) {
        s->window = axis_of(s, spec->in[1], AXIS_COL)->size;
        return time;
    }
    if (!spec->distribution || !(time = time_of(s, s->here, AXIS_COL)))
        return NULL;
    s->veiled = true;
    add_lane(s, s->here, s->row, false, NULL);
    if (!time_of(s, s->here, AXIS_ROW) && rows <= LANES_MOST)
        for (size_t i = s->lanes = 0; i < rows; i++)
            add_lane(s, s->here, i, false, NULL);
    return time;
}

/* ---- the sound ---- */

static bool is_in_window(const struct sound *s, size_t moment)
{
    const long from = (long)s->row - (long)(s->window / 2);
    return (long)moment >= from && (long)moment < from + (long)s->window;
}

static const struct lane *veiling(const struct sound *s)
{
    for (size_t i = 0; i < s->lanes; i++)
        if (s->lane[i].step == s->here && s->lane[i].row == s->row)
            return &s->lane[i];
    return &s->lane[0];
}

static void draw_sound(const struct sound *s)
{
    struct pen *pen = s->pen;
    double top = 0;
    for (size_t i = 0; i < s->n && s->veiled; i++)
        top = fmax(top, number_of(s, veiling(s), i));
    picture_draw(pen, "spectrogram.sound", &s->place, (struct colour){0});
    for (size_t i = 0; i < s->n; i++) {
        double share = s->veiled ? (top > 0 ? number_of(s, veiling(s), i) / top : 0) : is_in_window(s, i);
        struct rect part = picture_part(&s->place, i);
        pen_fill(pen, "spectrogram.veil", part, figure_veil(share), 0);
        if (!s->veiled || part.w < 5 * fmaxf(1, pen->scale))
            continue;
        const struct cursor cell = cell_of(s, veiling(s), i);
        if (figure_is_lit(s->view, &cell))
            pen_frame(pen, "figure.lit", part, pen->theme->accent, roundf(3 * pen->scale), 0);
        figure_cell(pen, part, &cell, 0, 0);
    }
}

/* The moment that looks, or that the window lies around. */
static void draw_looking(const struct sound *s)
{
    const struct theme *t = s->pen->theme;
    float stroke = roundf(3 * s->pen->scale);
    struct rect part = picture_part(&s->place, s->row);
    pen_frame(s->pen, "spectrogram.looking", rect_inset(part, -stroke), t->role[ROLE_QUERY], stroke, 0);
}

static void draw_moments(const struct sound *s, const struct axis *time, struct rect line, bool looks)
{
    struct pen *pen = s->pen;
    char buffer[LABEL_TEXT];
    float u = pen->scale, every = ceilf(30 * u * (float)s->n / s->place.box.w);
    for (size_t i = 0; i < s->n; i++) {
        struct rect part = picture_part(&s->place, i);
        const bool own = looks && i == s->row;
        struct ink ink = pen_ink(pen, own ? FACE_SANS_BOLD : FACE_SANS, 15, 12,
                                 own ? pen->theme->role[ROLE_QUERY] : pen->theme->text);
        if (every <= 1 || i % (size_t)every == 0)
            pen_text_in(pen, "spectrogram.moment", ink, (struct rect){part.x, line.y, part.w * fmaxf(every, 1), line.h},
                        every <= 1 ? ALIGN_CENTRE : ALIGN_LEFT, axis_position(time, s->head, i, buffer));
    }
}

/* ---- the lanes ---- */

struct scale {
    double top, low, unit; /* the largest number, the lowest or 0, and pixels for 1 */
};

static struct scale scale_of(const struct sound *s, float height)
{
    struct scale ret = {0};
    for (size_t l = 0; l < s->lanes; l++)
        for (size_t i = 0; i < s->n; i++) {
            ret.top = fmax(ret.top, number_of(s, &s->lane[l], i));
            ret.low = fmin(ret.low, number_of(s, &s->lane[l], i));
        }
    float free = height - number_h * s->pen->scale * (ret.low < 0 ? 2 : 1);
    ret.unit = fmaxf(free, 1) / fmax(ret.top - ret.low, 1e-9);
    return ret;
}

static void draw_lane(const struct sound *s, const struct lane *lane, struct rect box, const struct scale *scale)
{
    struct pen *pen = s->pen;
    const struct theme *t = pen->theme;
    const bool signs = s->tape->steps[lane->step].spec.scale == SCALE_SIGNED, own = lane == veiling(s);
    float u = pen->scale, zero = box.y + number_h * u + (float)(scale->top * scale->unit);
    struct rect name = {box.x, zero - (float)(scale->top * scale->unit / 2) - 12 * u, names_w * u - 10 * u, 24 * u};
    pen_text_in(pen, "spectrogram.lane",
                pen_ink(pen, own && s->lanes > 1 && !s->window ? FACE_SANS_BOLD : FACE_SANS, 15, 11, t->text), name,
                ALIGN_RIGHT, lane->name);
    pen_fill(pen, "spectrogram.base", (struct rect){s->place.box.x, zero, s->place.box.w, fmaxf(1, roundf(u))},
             t->text_secondary, 0);
    for (size_t i = 0; i < s->n; i++) {
        const struct cursor cell = cell_of(s, lane, i);
        const double number = number_of(s, lane, i);
        struct rect part = picture_part(&s->place, i);
        float w = fminf(part.w * 0.6f, bar_most * u), h = (float)(number * scale->unit);
        struct rect bar = {part.x + (part.w - w) / 2, zero - fmaxf(h, 0), w, fmaxf(fabsf(h), 1)};
        const bool lit = figure_is_lit(s->view, &cell);
        pen_fill(pen, "spectrogram.bar", bar, !signs ? t->share : number < 0 ? t->negative : t->positive, 0);
        if (lit)
            pen_frame(pen, "figure.lit", rect_inset(bar, -3 * u), t->accent, roundf(2 * u), 3 * u);
        struct rect above = {part.x, h < 0 ? bar.y + bar.h : bar.y - number_h * u, part.w, number_h * u};
        if (part.w >= 42 * u)
            figure_number(pen, s->view, pen_ink(pen, lit ? FACE_MONO_BOLD : FACE_MONO, 15, 12, t->text), above,
                          ALIGN_CENTRE, &cell);
        if (part.w >= 5 * fmaxf(1, u))
            figure_cell(pen, (struct rect){part.x, box.y, part.w, box.h}, &cell, 0, 0);
    }
}

/* The window, where it lies for the row looked at, with its numbers; beyond the edges there is nothing. */
static void draw_window(const struct sound *s, struct rect box, float below)
{
    struct pen *pen = s->pen;
    const struct theme *t = pen->theme;
    const int numbers = s->tape->steps[s->here].spec.in[1];
    struct rect own = picture_part(&s->place, s->row);
    float u = pen->scale, x = own.x - own.w * (float)(s->window / 2);
    struct rect frame = {x, box.y, own.w * (float)s->window, box.h};
    float left = fmaxf(frame.x, s->place.box.x - 7 * u),
          right = fminf(frame.x + frame.w, s->place.box.x + s->place.box.w + 7 * u);
    frame = (struct rect){left, frame.y, right - left, frame.h};
    pen_frame(pen, "spectrogram.window", frame, t->role[ROLE_QUERY], roundf(3 * u), 6 * u);
    if (s->lanes < 2)
        return;
    figure_arrow(pen, "spectrogram.arrow", t->role[ROLE_QUERY], 3 * u,
                 (struct point){own.x + own.w / 2, frame.y + frame.h}, (struct point){own.x + own.w / 2, below});
    for (size_t i = 0; i < s->window; i++) {
        const struct cursor cell = {true, numbers, 0, 0, i};
        struct rect at = {x + own.w * (float)i, box.y + box.h - 24 * u, own.w, 22 * u};
        if (at.x < s->place.box.x - 1 || at.x + at.w > s->place.box.x + s->place.box.w + 1 || at.w < 56 * u)
            continue;
        struct rect number = {at.x + at.w / 2 - 12 * u, at.y, at.w / 2 + 8 * u, at.h};
        pen_text_in(pen, "spectrogram.times", pen_ink(pen, FACE_MONO, 15, 12, t->role[ROLE_QUERY]),
                    (struct rect){at.x, at.y, at.w / 2 - 14 * u, at.h}, ALIGN_RIGHT, "×");
        figure_number(pen, s->view, pen_ink(pen, FACE_MONO_BOLD, 15, 12, t->role[ROLE_QUERY]), number, ALIGN_LEFT,
                      &cell);
        figure_cell(pen, at, &cell, 0, 0);
    }
}

/* ---- the figure ---- */

static struct rect draw_titles(const struct sound *s, const struct axis *time, struct rect box)
{
    char title[2 * LABEL_TEXT + 32], buffer[LABEL_TEXT];
    const struct axis *rows = axis_of(s, s->here, AXIS_ROW);
    const char *noun = token_pictures(s->view, time)->noun, *name = axis_position(rows, s->head, s->row, buffer);
    if (s->window) {
        snprintf(title, sizeof title, "The window at %s %s", noun, name);
        return figure_title(s->pen, box, title,
                            s->veiled ? "it slides over the place looked at before"
                                      : "clear: what it sees; it slides along");
    }
    if (rows->size > 1 && s->lanes > 1)
        return figure_title(s->pen, box, "Where each looks", "the larger the share, the clearer");
    snprintf(title, sizeof title, "Where %s%s%s looks", s->lanes == 1 && time_of(s, s->here, AXIS_ROW) ? noun : "",
             s->lanes == 1 && time_of(s, s->here, AXIS_ROW) ? " " : "", name);
    return figure_title(s->pen, box, title, "the larger the share, the clearer");
}

bool spectrogram_figure(struct pen *pen, const struct view *view, struct rect box)
{
    struct sound s = {.pen = pen, .view = view, .tape = &view->lesson->tape};
    s.here = view->walk->steps[view_place(view).at].step;
    const struct step *step = &s.tape->steps[s.here];
    const size_t heads = step->value.axis[AXIS_HEAD].size;
    s.head = heads > 1 && view_head(view) < heads ? view_head(view) : 0;
    s.row = view_word(view, step);
    const struct axis *time = find(&s);
    if (!time)
        return false;
    const struct display_mark mark = display_mark(pen->list);
    float u = pen->scale;
    s.n = time->size;
    box = draw_titles(&s, time, box);
    const bool looks = s.window || time_of(&s, s.here, AXIS_ROW);
    float foot = s.window && s.lanes ? 26 * u : 0,
          least = s.lanes ? (float)s.lanes * (lane_least + lane_gap) * u + foot : 0;
    float high = s.lanes ? fmaxf(sound_least * u, fminf(box.h * (s.window ? sound_share_windowed : sound_share),
                                                        box.h - moment_h * u - least))
                         : fminf(box.h - (moment_h + lane_gap) * u, box.w * 0.5f);
    struct rect sound = {box.x + names_w * u, box.y + 4 * u, box.w - names_w * u - 8 * u, high};
    float lane_h =
        s.lanes ? (box.h - 4 * u - high - moment_h * u - foot) / (float)s.lanes - lane_gap * u : lane_least * u;
    lane_h = fminf(lane_h, 130 * u);
    if (lane_h < lane_least * u || high < sound_least * u || !picture_stretch(view, time, sound, &s.place)) {
        display_rewind(pen->list, mark);
        return false;
    }
    struct ink quiet = pen_ink(pen, FACE_SANS, 15, 12, pen->theme->text_secondary);
    struct rect side = {box.x, sound.y, names_w * u - 10 * u, 20 * u};
    pen_text_in(pen, "spectrogram.pitch", quiet, side, ALIGN_RIGHT, "high");
    side.y = sound.y + high - 20 * u;
    pen_text_in(pen, "spectrogram.pitch", quiet, side, ALIGN_RIGHT, "low");
    draw_sound(&s);
    if (looks)
        draw_looking(&s);
    draw_moments(&s, time, (struct rect){sound.x, sound.y + high + 4 * u, sound.w, moment_h * u - 4 * u}, looks);
    struct scale scale = scale_of(&s, lane_h);
    struct rect lane = {box.x, sound.y + high + (moment_h + lane_gap) * u, box.w, lane_h};
    for (size_t i = 0; i < s.lanes; i++) {
        draw_lane(&s, &s.lane[i], lane, &scale);
        lane.y += lane_h + lane_gap * u + (i == 0 ? foot : 0);
    }
    if (s.window && s.lanes) {
        struct rect over = {box.x, sound.y + high + (moment_h + lane_gap / 2) * u, box.w,
                            lane_h + lane_gap / 2 * u + foot};
        draw_window(&s, over, over.y + over.h + lane_gap * u);
    } else if (s.window)
        draw_window(&s, rect_inset((struct rect){0, sound.y, 0, high}, -4 * u), 0);
    return true;
}
