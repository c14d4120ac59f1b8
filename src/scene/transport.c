/* transport.c: the controls at the foot of the page. */
#include "scene/page_parts.h"

#include "lesson/language/language.h"
#include "scene/text.h"
#include "scene/view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float button_height = 28;

static const struct {
    const char *name, *text;
} key_signs[] = {{"Right", "→"},      {"Left", "←"},          {"Up", "↑"},          {"Down", "↓"},
                 {"Return", "Enter"}, {"PageDown", "Page ↓"}, {"PageUp", "Page ↑"}, {"Escape", "Esc"}};

const char *key_text(const char *keys, char buffer[24])
{
    size_t n = strcspn(keys, " ");
    for (size_t i = 0; i < sizeof key_signs / sizeof key_signs[0]; i++)
        if (strlen(key_signs[i].name) == n && strncmp(keys, key_signs[i].name, n) == 0)
            return key_signs[i].text;
    snprintf(buffer, 24, "%.*s", (int)n, keys);
    /* Letters are written as on the keys. */
    if (n == 1 && buffer[0] >= 'A' && buffer[0] <= 'Z')
        snprintf(buffer, 24, "Shift %.1s", keys);
    else if (n >= 1 && n < 24 && (n == 1 || buffer[n - 2] == '+') && buffer[n - 1] >= 'a' && buffer[n - 1] <= 'z')
        buffer[n - 1] = (char)(buffer[n - 1] - 'a' + 'A');
    return buffer;
}

/* ---- icons: a few polygons in a square around a centre, drawn for a half-side of 1 ---- */

static const struct icon {
    struct shape {
        int n;
        float x[4], y[4];
    } shape[2];
} icon_first = {{{4, {-1, -0.7f, -0.7f, -1}, {-0.8f, -0.8f, 0.8f, 0.8f}}, {3, {0.8f, 0.8f, -0.5f}, {-0.8f, 0.8f, 0}}}},
  icon_last = {{{4, {0.7f, 1, 1, 0.7f}, {-0.8f, -0.8f, 0.8f, 0.8f}}, {3, {-0.8f, 0.5f, -0.8f}, {-0.8f, 0, 0.8f}}}},
  icon_back = {{{4, {0.5f, 0.75f, -0.15f, -0.5f}, {-0.9f, -0.65f, 0, 0}},
                {4, {-0.5f, -0.15f, 0.75f, 0.5f}, {0, 0, 0.65f, 0.9f}}}},
  icon_forward = {{{4, {-0.5f, 0.5f, 0.15f, -0.75f}, {-0.9f, 0, 0, -0.65f}},
                   {4, {-0.75f, 0.15f, 0.5f, -0.5f}, {0.65f, 0, 0, 0.9f}}}},
  icon_play = {{{3, {-0.7f, 0.9f, -0.7f}, {-0.9f, 0, 0.9f}}}},
  icon_pause = {{{4, {-0.7f, -0.2f, -0.2f, -0.7f}, {-0.85f, -0.85f, 0.85f, 0.85f}},
                 {4, {0.2f, 0.7f, 0.7f, 0.2f}, {-0.85f, -0.85f, 0.85f, 0.85f}}}};

static void draw_icon(struct pen *pen, const struct icon *icon, struct rect box, struct colour colour, int command)
{
    float half = 8 * pen->scale, cx = box.x + box.w / 2, cy = box.y + box.h / 2;
    for (const struct shape *shape = icon->shape; shape < icon->shape + 2 && shape->n > 0; shape++) {
        float x[4], y[4];
        for (int p = 0; p < shape->n; p++) {
            x[p] = cx + shape->x[p] * half;
            y[p] = cy + shape->y[p] * half;
        }
        pen_polygon(pen, "icon", colour, shape->n, x, y);
    }
    pen_hit(pen, box, command, 0);
}

/* ---- the groups of the bar, from left to right; each returns where it ends ---- */

static float draw_transport(struct pen *pen, const struct view *view, float x, struct rect bar)
{
    const struct {
        const struct icon *icon;
        int command;
    } icons[] = {{&icon_first, CMD_FIRST},
                 {&icon_back, CMD_BACK},
                 {view->playing ? &icon_pause : &icon_play, CMD_PLAY},
                 {&icon_forward, CMD_FORWARD},
                 {&icon_last, CMD_LAST}};
    struct rect box = {x, bar.y, 40 * pen->scale, bar.h};
    for (size_t i = 0; i < sizeof icons / sizeof icons[0]; i++, box.x += box.w)
        draw_icon(pen, icons[i].icon, box, icons[i].command == CMD_PLAY ? pen->theme->accent : pen->theme->text,
                  icons[i].command);
    return box.x;
}

static float draw_strides(struct pen *pen, const struct view *view, float x, struct rect bar)
{
    float u = pen->scale, h = button_height * u, y = bar.y + (bar.h - h) / 2;
    for (int i = 0; i < STRIDE_COUNT; i++) {
        struct str turned = {0};
        language_add(view->lesson, language_page(view->lesson->language, stride_names[i]), view->state->columns,
                     &turned);
        const char *name = str_text(&turned);
        float width = button_width(pen, name, 24);
        button_draw(pen, (struct rect){x, y, width, h}, name, view->state->stride == (enum stride)i, CMD_STRIDE_SET, i);
        pen->list->failed |= turned.failed;
        str_finish(&turned);
        x += width + 6 * u;
    }
    return x;
}

static float draw_speed(struct pen *pen, const struct view *view, float x, struct rect bar)
{
    float u = pen->scale, track = 100 * u;
    x = label_draw(pen, "controls.label", "speed", x, bar) + 10 * u;
    slider_draw_places(pen, (struct rect){x, bar.y, track, bar.h}, view->state->speed, SPEED_COUNT, CMD_SPEED_SET);
    struct rect box = {x + track + 12 * u, bar.y, 48 * u, bar.h};
    pen_textf(pen, "speed.value", pen_ink(pen, FACE_MONO, 14, 0, pen->theme->text), box, ALIGN_LEFT, "%g×",
              (double)speed_table[view->state->speed]);
    return box.x + box.w;
}

/* The heads of the step with the most: a head can be chosen before the walk comes to it. */
static const struct axis *most_heads(const struct view *view)
{
    const struct axis *most = NULL;
    for (size_t i = 0; i < view->lesson->tape.n; i++) {
        const struct axis *heads = &view->lesson->tape.steps[i].value.axis[AXIS_HEAD];
        most = !most || heads->size > most->size ? heads : most;
    }
    return most;
}

static float draw_heads(struct pen *pen, const struct view *view, float x, struct rect bar, float end)
{
    const struct axis *most = most_heads(view);
    size_t heads = most ? most->size : 0, head = view_head(view);
    float u = pen->scale, size = 28 * u, y = bar.y + (bar.h - size) / 2;
    char text[32];
    if (heads < 2)
        return x;
    /* Planes that have names are no heads (the mistake that takes words for heads). */
    x = label_draw(pen, "controls.label", axis_label(most, 0, 0) ? "word" : "head", x, bar) + 10 * u;
    if (x + (float)heads * (size + 6 * u) > end) {
        snprintf(text, sizeof text, "%zu of %zu", head + 1, heads);
        float width = button_width(pen, text, 24);
        button_draw(pen, (struct rect){x, y, width, size}, text, true, CMD_HEAD_NEXT, 0);
        return x + width + 6 * u;
    }
    for (size_t i = 0; i < heads; i++) {
        snprintf(text, sizeof text, "%zu", i + 1);
        button_draw(pen, (struct rect){x, y, size, size}, text, i == head, CMD_HEAD_SET, (int)i);
        x += size + 6 * u;
    }
    return x;
}

/* The keys of the settings and of the list of lessons, as many as there is room for. */
static const char *const settings_keys[] = {
    "↑ ↓ setting", "   ← → value", "   Enter type", "   Delete the lesson's own", "   Esc close", NULL};
static const char *const lessons_keys[] = {"↑ ↓ lesson", "   Enter open", "   Esc leave", NULL};

static void add_keys(const struct pen *pen, struct ink ink, float room, const char *const keys[], struct str *to)
{
    while (*keys && pen_add_fitting(pen, ink, room, to, *keys))
        keys++;
}

/* The keys of commands; those of arrows stand together and need no label. */
static void add_hints(const struct pen *pen, const struct view *view, struct ink ink, float room, const int *commands,
                      struct str *to)
{
    char key[24], hint[64];
    bool fits = true;
    for (const int *c = commands; *c >= 0 && fits; c++) {
        bool arrow = *commands == CMD_CURSOR_UP && *c <= CMD_CURSOR_RIGHT, labelled = !arrow || *c == CMD_CURSOR_RIGHT;
        snprintf(hint, sizeof hint, "%s%s%s%s",
                 to->n == 0 ? ""
                 : arrow    ? " "
                            : "   ",
                 key_text(view->command(*c)->keys, key), labelled ? " " : "", labelled ? view->command(*c)->label : "");
        fits = pen_add_fitting(pen, ink, room, to, hint);
    }
}

/* A message: on a line, else in some lines, as large as it fits; else over the foot of the page. Symbols in it are set as
 * such. */
static void draw_message(struct pen *pen, const struct view *view, struct ink ink, struct rect box)
{
    float u = pen->scale, pad = 8 * u, least = 10 * u;
    struct spans s = {0};
    spans_add_plain(&s, view->message);
    spans_find_terms(&s, view->lesson->language);
    s.n_terms = 0; /* it is gone soon: nothing in it is a target */
    if (spans_width(pen, ink, &s) <= box.w) {
        box.x += box.w - spans_width(pen, ink, &s);
        spans_draw(pen, "hints", ink, &s, box.x, box.y + (box.h - ink.size * TEXT_HEIGHT) / 2);
        spans_done(pen, &s);
        return;
    }
    box.w = fmaxf(box.w, 60 * u);
    for (ink.size = roundf(ink.size); ink.size - 1 >= least && spans_height(pen, ink, &s, box.w) > box.h - 4;)
        ink.size -= 1;
    float height = spans_height(pen, ink, &s, box.w);
    if (height > box.h - 4 && view->state->page == PAGE_WALK) { /* the matrices have no room for it */
        ink.size = 13 * u;
        pen_text_in(pen, "hints", ink, box, ALIGN_RIGHT, view->message);
        spans_done(pen, &s);
        return;
    }
    if (height > box.h - 4) {
        float right = fminf(box.x + box.w, pen->list->page.w - 24 * u), width = fminf(560 * u, right - 24 * u);
        ink.size = roundf(13 * u);
        height = spans_height(pen, ink, &s, width - 2 * pad);
        struct rect over = {right - width, box.y - height - 2 * pad, width, height + pad};
        pen_fill(pen, "message.over", over, pen->theme->text, 6 * u);
        ink.colour = pen->theme->panel;
        box = (struct rect){over.x + pad, over.y + pad / 2, width - 2 * pad, height};
    } else
        box.y += (box.h - height) / 2;
    ink.least = 0;
    spans_wrap(pen, "hints", ink, &s, box);
    spans_done(pen, &s);
}

/* The keys that are useful now, as many as there is room for. */
static void draw_hints(struct pen *pen, const struct view *view, float left, struct rect bar)
{
    static const int walking[] = {CMD_FORWARD, CMD_BACK, CMD_STRIDE, CMD_CURSOR_DOWN, CMD_PIN, -1};
    static const int pictured[] = {CMD_FORWARD, CMD_BACK, CMD_FIGURE, CMD_CURSOR_DOWN, CMD_PIN, -1};
    static const int pointing[] = {
        CMD_CURSOR_UP, CMD_CURSOR_DOWN, CMD_CURSOR_LEFT, CMD_CURSOR_RIGHT, CMD_PIN, CMD_LEAVE, -1};
    static const int nearer[] = {CMD_ZOOM_IN, CMD_FORWARD, CMD_BACK, CMD_CURSOR_DOWN, -1};
    static const int near[] = {CMD_ZOOM_IN, CMD_ZOOM_OUT, CMD_ZOOM_RESET, CMD_CURSOR_DOWN, -1};
    enum { LARGE = 64 };
    const struct axis *axis = view_tape(view)->steps[view_step(view)].value.axis;
    bool large = axis[AXIS_ROW].size > LARGE || axis[AXIS_COL].size > LARGE;
    const int *at_rest = zoom_is_on(view)                             ? near
                         : large && view->state->page == PAGE_WALK    ? nearer
                         : view_stop(view) && view_stop(view)->figure ? pictured
                                                                      : walking;
    const int *of_page = page_table[view->state->page].hints;
    float u = pen->scale, right = bar.x + bar.w - 24 * u;
    struct ink quiet = {FACE_SANS, 13 * u, 0, pen->theme->text_secondary};
    struct str text = {0};
    if (view->message)
        str_add(&text, view->message);
    else if (view->field.on)
        str_addf(&text, "%s   %s", view->field.label, view->field.hint);
    else if (view->state->settings.on && view->state->page == PAGE_WALK)
        add_keys(pen, quiet, right - left, settings_keys, &text);
    else if (page_table[view->state->page].chooses == CHOOSES_LESSONS)
        add_keys(pen, quiet, right - left, lessons_keys, &text);
    else
        add_hints(pen, view, quiet, right - left,
                  of_page                  ? of_page
                  : view->state->cursor.on ? pointing
                                           : at_rest,
                  &text);
    struct ink ink = {FACE_SANS, 13 * u, 11 * u, view->message ? pen->theme->text : pen->theme->text_secondary};
    struct rect box = {left, bar.y, right - left, bar.h};
    if (view->message)
        draw_message(pen, view, ink, box);
    else if (text.n)
        pen_text_in(pen, "hints", ink, box, ALIGN_RIGHT, text.v);
    pen->list->failed |= text.failed;
    str_finish(&text);
}

/* ---- a computation in the background ---- */

/* How far it has come, at the upper edge of the controls; from `left` what cancels it. */
static void draw_progress(struct pen *pen, const struct view *view, struct rect bar, float left)
{
    char text[120], key[24], bytes[BYTES_TEXT], keeps[BYTES_TEXT + 8] = "";
    float u = pen->scale, height = roundf(fmaxf(3, 4 * u)), right = bar.x + bar.w - 16 * u;
    const char *leave = key_text(view->command(CMD_LEAVE)->keys, key);
    pen_fill(pen, "progress.track", (struct rect){bar.x, bar.y, bar.w, height}, pen->theme->line, 0);
    pen_fill(pen, "progress.done", (struct rect){bar.x, bar.y, bar.w * view->progress, height}, pen->theme->accent, 0);
    if (view->field.on || right - left < 60 * u)
        return;
    struct ink ink = {FACE_SANS, 13 * u, 11 * u, pen->theme->text};
    if (view->keeps >= FOOTPRINT_LARGE)
        snprintf(keeps, sizeof keeps, " of %s", bytes_text(view->keeps, bytes));
    int n = snprintf(text, sizeof text, "%s: %.0f%%%s   %s cancels", view->measuring ? "Measuring" : "Computing",
                     floor((double)view->progress * 100), keeps, leave);
    if (pen_width(pen, ink.face, roundf(ink.least), text, (size_t)n) > right - left)
        snprintf(text, sizeof text, "%s cancels", leave);
    struct rect box = {left, bar.y + height, right - left, bar.h - height};
    struct rect written = pen_text_in(pen, "progress", ink, box, ALIGN_RIGHT, text);
    if (written.w > 0)
        pen_hit(pen, (struct rect){written.x, box.y, written.w, box.h}, CMD_LEAVE, 0);
}

/* ---- the bar ---- */

void transport_draw(struct pen *pen, const struct view *view, struct rect box)
{
    float u = pen->scale, left = box.x + 14 * u, end = box.x + box.w - 16 * u;
    pen_fill(pen, "controls", box, pen->theme->panel, 0);
    pen_fill(pen, "controls.line", (struct rect){box.x, box.y, box.w, 1}, pen->theme->line, 0);
    if (!view->lesson) {
        draw_progress(pen, view, box, left);
        return;
    }
    left = draw_transport(pen, view, left, box) + 14 * u;
    left = draw_strides(pen, view, left, box) + 14 * u;
    if (end - left >= 420 * u)
        left = draw_speed(pen, view, left, box) + 8 * u;
    /* What cancels a computation comes before the heads. */
    if (!view->working || end - left >= 340 * u)
        left = draw_heads(pen, view, left, box, end) + 14 * u;
    if (view->working) {
        draw_progress(pen, view, box, left);
        return;
    }
    /* While a sentence is typed keys are no commands, and messages stand in the rail's place. */
    if ((end - left >= 60 * u || (view->message && view->state->page != PAGE_WALK)) &&
        (!view->field.on || view->field.at.on))
        draw_hints(pen, view, left, box);
}
