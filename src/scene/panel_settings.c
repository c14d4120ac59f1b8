/* panel_settings.c: what can be set, a row each; the one in focus is opened and has its control. */
#include "scene/page_parts.h"

#include "core/setting_step.h"
#include "scene/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Measures in units of the design's grid. */
static const float row_height = 26, control_height = 28, gap = 6, indent = 14, ring = 6;
static const float words_size = 13, words_least = 11;

size_t view_controls(const struct view *view, struct controls *ret)
{
    controls_of(ret, view->lesson, view->baseline, view->state->columns);
    int at = controls_find(ret, view->state->settings.focus);
    return at < 0 ? 0 : (size_t)at;
}

/* ---- the row in focus, opened: its control, what the lesson has, what was refused, its meaning ---- */

struct detail {
    struct pen *pen;
    const struct view *view;
    const struct control *control;
    struct rect box; /* what is left of it */
    bool compact;    /* a stepper in the place of buttons for all choices */
    float words;     /* the size of the meaning; 0: there is no room for it */
};

static struct rect take(struct detail *d, float height)
{
    return rect_cut_top(&d->box, height, 0);
}

/* `refused`: a message, which may hold any characters; else a text with formulas. */
static void add_words(struct detail *d, const char *part, bool refused, const char *text, float size,
                      struct colour colour)
{
    struct spans words = {0};
    if (refused)
        spans_add(&words, "Not taken: ", ROLE_NONE, true);
    if (refused)
        spans_add_plain(&words, text);
    else
        spans_parse(&words, text);
    spans_find_terms(&words, d->view->lesson->language);
    struct ink ink = {FACE_SANS, size * d->pen->scale, 0, colour};
    spans_wrap(d->pen, part, ink, &words, d->box);
    take(d, spans_height(d->pen, ink, &words, d->box.w));
    spans_done(d->pen, &words);
}

/* A button in a flow of them, at *x; the next line where it has no room. */
static void add_button(struct detail *d, float *x, const char *label, bool lit, int argument)
{
    float u = d->pen->scale, width = fminf(button_width(d->pen, label, 20), d->box.w), height = control_height * u;
    if (*x > 0 && *x + width > d->box.w) {
        take(d, height + gap * u);
        *x = 0;
    }
    button_draw(d->pen, (struct rect){d->box.x + *x, d->box.y, width, height}, label, lit, CMD_SETTING_CHOOSE,
                argument);
    *x += width + gap * u;
}

static bool is_number(const struct control *control)
{
    return control->now.choice < 0 && setting_takes_numbers(&control->info);
}

static const char *value_name(const struct detail *d, const char *text, char ret[CONTROL_TITLE])
{
    control_value_name(d->control, d->view->lesson, d->view->state->columns, text, ret);
    return ret;
}

static void add_buttons(struct detail *d)
{
    const struct control *control = d->control;
    char name[CONTROL_TITLE];
    float x = 0;
    int n = 0;
    for (; control->info.choices[n]; n++)
        add_button(d, &x, value_name(d, control->info.choices[n], name), control->now.choice == n, n);
    if (setting_takes_numbers(&control->info))
        add_button(d, &x, "number", is_number(control), n);
    take(d, (control_height + gap) * d->pen->scale);
}

/* Numbers in the face of numbers, names in that of words. */
static enum face value_face(const struct control *control, bool bold)
{
    bool name = control->now.choice >= 0;
    return name ? (bold ? FACE_SANS_BOLD : FACE_SANS) : bold ? FACE_MONO_BOLD : FACE_MONO;
}

/* A value in a frame: a press opens it for typing. */
static void draw_value(struct detail *d, struct rect box, bool types)
{
    const struct theme *t = d->pen->theme;
    float u = d->pen->scale;
    if (types && d->view->field.on && d->view->field.in_panel) {
        struct ink typed = {FACE_MONO, roundf(14 * u), 0, colour_readable(t->text, t->page)};
        field_line_draw(d->pen, d->view, typed, box);
        return;
    }
    pen_fill(d->pen, "settings.field", box, t->page, 6 * u);
    pen_frame(d->pen, "settings.field", box, t->line, fmaxf(1, roundf(u)), 6 * u);
    char name[CONTROL_TITLE];
    struct ink ink = {value_face(d->control, false), 14 * u, 9 * u, colour_readable(t->text, t->page)};
    pen_text_in(d->pen, "settings.typed", ink, rect_inset(box, 4 * u), ALIGN_CENTRE,
                value_name(d, d->control->now.text, name));
    if (types)
        pen_hit(d->pen, box, CMD_SETTING_TYPE, 0);
}

/* One less, the value, one more. */
static void add_stepper(struct detail *d)
{
    float u = d->pen->scale, side = 36 * u, height = control_height * u;
    float width = fminf(180 * u, d->box.w - 2 * (side + gap * u));
    struct rect less = {d->box.x, d->box.y, side, height}, value = {less.x + side + gap * u, less.y, width, height},
                more = {value.x + width + gap * u, less.y, side, height};
    button_draw(d->pen, less, "−", false, CMD_SETTING_LESS, 0);
    draw_value(d, value, is_number(d->control) && !setting_has_slider(&d->control->info));
    button_draw(d->pen, more, "+", false, CMD_SETTING_MORE, 0);
    take(d, height + gap * u);
}

static void add_slider(struct detail *d)
{
    float u = d->pen->scale, height = control_height * u, value = fminf(96 * u, d->box.w * 0.4f), r = 7 * u;
    struct rect track = {d->box.x + r, d->box.y, d->box.w - value - 2 * r - 10 * u, height};
    slider_draw(d->pen, track, track.w * (float)setting_place(&d->control->info, d->control->now.number));
    pen_hit(d->pen, track, CMD_SETTING_SLIDE, 0);
    draw_value(d, (struct rect){d->box.x + d->box.w - value, d->box.y, value, height}, true);
    take(d, height + gap * u);
}

static void add_control(struct detail *d)
{
    const struct setting_info *info = &d->control->info;
    if (info->choices && !d->compact)
        add_buttons(d);
    else if (info->choices)
        add_stepper(d);
    if (is_number(d->control) && setting_has_slider(info))
        add_slider(d);
    else if (is_number(d->control) && !(info->choices && d->compact))
        add_stepper(d);
}

/* What the lesson has, and the way back to it. */
static void add_own(struct detail *d)
{
    char label[CONTROL_TITLE + 64], name[CONTROL_TITLE];
    float u = d->pen->scale, height = control_height * u;
    if (!d->control->changed)
        return;
    if (d->control->own.text[0])
        snprintf(label, sizeof label, "the lesson's: %s   Delete", value_name(d, d->control->own.text, name));
    else
        snprintf(label, sizeof label, "the usual size   Delete");
    struct rect box = {d->box.x, d->box.y, fminf(button_width(d->pen, label, 20), d->box.w), height};
    button_draw(d->pen, box, label, false, CMD_SETTING_OWN, 0);
    take(d, height + gap * u);
}

/* Returns the height it takes. */
static float detail_draw(struct detail d)
{
    float top = d.box.y;
    const struct theme *t = d.pen->theme;
    take(&d, gap * d.pen->scale);
    add_control(&d);
    add_own(&d);
    if (d.view->state->settings.refused && d.view->message)
        add_words(&d, "settings.refused", true, d.view->message, words_size, t->text);
    if (d.words > 0)
        add_words(&d, "settings.meaning", false, d.control->meaning, d.words, t->text_secondary);
    return d.box.y - top;
}

static float detail_height(struct detail d)
{
    struct pen measuring = pen_measuring(d.pen);
    d.pen = &measuring;
    return detail_draw(d);
}

/* Leave out what does not fit; returns the height. */
static float choose_detail(struct detail *d, float room)
{
    float height = 0;
    for (int compact = 0; compact < 2; compact++)
        for (d->words = words_size; d->words >= words_least; d->words -= 1) {
            d->compact = compact;
            height = detail_height(*d);
            if (height <= room)
                return height;
        }
    d->words = 0;
    return detail_height(*d);
}

/* ---- the rows ---- */

/* A title, which may hold a formula: a press on it opens the row, so it marks no terms. Returns its width. */
static float draw_name(struct pen *pen, struct ink ink, struct rect box, const char *title)
{
    struct spans s = {0};
    spans_parse(&s, title);
    ink.size = roundf(ink.size);
    while (ink.size - 1 >= ink.least && spans_width(pen, ink, &s) > box.w)
        ink.size -= 1;
    float width = spans_width(pen, ink, &s);
    if (width <= box.w)
        spans_draw(pen, "settings.name", ink, &s, box.x, box.y + (box.h - ink.size * TEXT_HEIGHT) / 2);
    else
        width = pen_text_in(pen, "settings.name", ink, box, ALIGN_LEFT, str_text(&s.text)).w;
    spans_done(pen, &s);
    return width;
}

static void draw_row(struct pen *pen, const struct view *view, const struct control *control, bool focus,
                     struct rect line, int hit)
{
    const struct theme *t = pen->theme;
    float u = pen->scale, dot = 6 * u;
    struct rect name = {line.x + indent * u, line.y, (line.w - indent * u) * 0.6f, line.h};
    if (control->changed)
        pen_fill(pen, "settings.changed", (struct rect){line.x + 2 * u, line.y + (line.h - dot) / 2, dot, dot},
                 t->accent, dot / 2);
    struct ink ink = {focus || control->changed ? FACE_SANS_BOLD : FACE_SANS, 14 * u, 9 * u, t->text};
    float left = name.x + draw_name(pen, ink, name, control->title) + 10 * u;
    struct ink value = {value_face(control, control->changed), 13 * u, 9 * u,
                        control->changed ? t->text : t->text_secondary};
    char text[CONTROL_TITLE];
    control_value_name(control, view->lesson, view->state->columns, control->now.text, text);
    pen_text_in(pen, "settings.value", value, (struct rect){left, line.y, line.x + line.w - left, line.h}, ALIGN_RIGHT,
                text);
    pen_hit(pen, line, CMD_SETTING_FOCUS, hit);
}

/* Which rows are shown: those around the focus. */
static size_t first_row(size_t n, size_t focus, size_t shown)
{
    size_t before = shown / 2;
    if (shown >= n || focus <= before)
        return 0;
    return focus - before < n - shown ? focus - before : n - shown;
}

/* How many rows are hidden above or below; a click goes there. */
static void draw_more(struct pen *pen, const char *arrow, size_t n, enum align align, int command, struct rect box)
{
    if (n == 0)
        return;
    pen_textf(pen, "settings.more", pen_ink(pen, FACE_SANS, 13, 9, pen->theme->text_secondary), box, align,
              "%s %zu more", arrow, n);
    pen_hit(pen, box, command, 0);
}

/* `opened`: NULL where the row in focus is opened beside the list. */
static void draw_list(struct pen *pen, const struct view *view, const struct controls *controls, size_t focus,
                      const struct detail *opened, float height, struct rect box)
{
    float u = pen->scale, line = row_height * u, more = 0;
    float inset = ring * u, room = box.h - height - 2 * inset;
    size_t shown = (size_t)fmaxf(1, floorf(room / line));
    if (shown < controls->n) {
        more = line;
        shown = (size_t)fmaxf(1, floorf((room - more) / line));
    }
    size_t first = first_row(controls->n, focus, shown);
    float y = box.y;
    for (size_t i = first; i < controls->n && i < first + shown; i++) {
        if (i != focus) {
            draw_row(pen, view, &controls->v[i], false, (struct rect){box.x, y, box.w, line}, (int)i);
            y += line;
            continue;
        }
        float tall = line + height + 2 * inset;
        pen_frame(pen, "settings.focus", (struct rect){box.x - inset, y, box.w + 2 * inset, tall}, pen->theme->accent,
                  fmaxf(2, roundf(2 * u)), 8 * u);
        draw_row(pen, view, &controls->v[i], true, (struct rect){box.x, y + inset, box.w, line}, (int)i);
        if (opened) {
            struct detail d = *opened;
            d.box.y = y + inset + line;
            detail_draw(d);
        }
        y += tall;
    }
    if (more > 0) {
        struct rect below = rect_cut_bottom(&box, more, 0), above = rect_cut_left(&below, box.w / 2, 0);
        size_t end = first + shown < controls->n ? first + shown : controls->n;
        draw_more(pen, "↑", first, ALIGN_LEFT, CMD_SETTING_PREVIOUS, above);
        draw_more(pen, "↓", controls->n - end, ALIGN_RIGHT, CMD_SETTING_NEXT, below);
    }
}

static float draw_title(struct pen *pen, const struct controls *controls, size_t focus, struct rect box)
{
    float u = pen->scale, height = 28 * u;
    struct rect name = pen_text_in(pen, "settings.title", pen_ink(pen, FACE_SANS_BOLD, 20, 13, pen->theme->text),
                                   (struct rect){box.x, box.y, box.w, height}, ALIGN_LEFT, "Settings");
    struct rect right = {name.x + name.w + 10 * u, box.y, box.x + box.w - name.x - name.w - 10 * u, height};
    pen_textf(pen, "settings.close", pen_ink(pen, FACE_SANS, 13, 9, pen->theme->text_secondary), right, ALIGN_RIGHT,
              "%zu of %zu   Esc closes", focus + 1, controls->n);
    pen_hit(pen, right, CMD_SETTINGS, 0);
    return height + gap * u;
}

void settings_draw(struct pen *pen, const struct view *view, struct rect box)
{
    struct controls controls;
    size_t focus = view_controls(view, &controls);
    float u = pen->scale;
    rect_cut_top(&box, draw_title(pen, &controls, focus, box), 0);
    struct detail d = {.pen = pen, .view = view, .control = &controls.v[focus], .box = box};
    if (box.w > 560 * u && box.w > 1.4f * box.h) {
        struct rect left = rect_cut_left(&d.box, box.w * 0.45f, 24 * u);
        choose_detail(&d, box.h);
        detail_draw(d);
        draw_list(pen, view, &controls, focus, NULL, 0, left);
        return;
    }
    rect_cut_left(&d.box, indent * u, 0);
    float height = choose_detail(&d, box.h - 3 * row_height * u - 2 * ring * u);
    draw_list(pen, view, &controls, focus, &d, height, box);
}
