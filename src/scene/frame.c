/* frame.c: what stands around a page: the header, the stages, the offer of a session, and what lies over it. */
#include "lesson/language/language.h"
#include "scene/page_parts.h"

#include "scene/scene.h"
#include "scene/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float pill_height = 32, pill_gap = 8, pill_pad = 16;

/* ---- what pages have in common ---- */

float page_title_draw(struct pen *pen, const struct view *view, struct rect box)
{
    float u = pen->scale;
    pen_text_in(pen, "page.title", pen_ink(pen, FACE_SANS_BOLD, 24, 16, pen->theme->text),
                (struct rect){box.x, box.y, box.w, 34 * u}, ALIGN_LEFT, page_table[view->state->page].title);
    return 46 * u;
}

float button_width(const struct pen *pen, const char *label, float around)
{
    float u = pen->scale;
    return ceilf(pen_width(pen, FACE_SANS_BOLD, roundf(14 * u), label, strlen(label))) + around * u;
}

void button_draw(struct pen *pen, struct rect box, const char *label, bool lit, int command, int argument)
{
    const struct theme *t = pen->theme;
    pen_fill(pen, lit ? "button.lit" : "button", box, lit ? t->accent : t->button_idle, box.h / 2);
    struct ink ink = {lit ? FACE_SANS_BOLD : FACE_SANS, 14 * pen->scale, 10 * pen->scale,
                      lit ? t->on_accent : colour_readable(t->text, t->button_idle)};
    struct rect inside = {box.x + 4 * pen->scale, box.y, box.w - 8 * pen->scale, box.h};
    pen_text_in(pen, "button.label", ink, inside, ALIGN_CENTRE, label);
    pen_hit(pen, box, command, argument);
}

void slider_draw(struct pen *pen, struct rect box, float at)
{
    float u = pen->scale, r = 7 * u, y = box.y + box.h / 2;
    pen_fill(pen, "slider.track", (struct rect){box.x, y - 2 * u, box.w, 4 * u}, pen->theme->line, 2 * u);
    pen_fill(pen, "slider.done", (struct rect){box.x, y - 2 * u, at, 4 * u}, pen->theme->accent, 2 * u);
    pen_fill(pen, "slider.handle", (struct rect){box.x + at - r, y - r, 2 * r, 2 * r}, pen->theme->accent, r);
}

void slider_draw_places(struct pen *pen, struct rect box, int at, int n, int command)
{
    float part = box.w / (float)(n - 1);
    slider_draw(pen, box, part * (float)at);
    for (int i = 0; i < n; i++)
        pen_hit(pen, (struct rect){box.x + part * ((float)i - 0.5f), box.y, part, box.h}, command, i);
}

float label_draw(struct pen *pen, const char *part, const char *label, float x, struct rect bar)
{
    struct ink ink = pen_ink(pen, FACE_SANS, 14, 0, pen->theme->text_secondary);
    float width = ink_width(pen, ink, label) + 1;
    pen_text_in(pen, part, ink, (struct rect){x, bar.y, width, bar.h}, ALIGN_LEFT, label);
    return x + width;
}

struct rect part_draw(struct pen *pen, const char *part, struct rect box)
{
    pen_fill(pen, part, box, pen->theme->panel, 10 * pen->scale);
    return rect_inset(box, fminf(12 * pen->scale, box.w * 0.04f));
}

float words_draw(struct pen *pen, const struct view *view, const char *part, struct colour colour, float size,
                 struct rect box, const char *words)
{
    struct spans s = {0};
    spans_parse(&s, words);
    spans_find_terms(&s, view->lesson->language);
    float height = spans_wrap(pen, part, (struct ink){FACE_SANS, roundf(size), 9 * pen->scale, colour}, &s, box);
    spans_done(pen, &s);
    return height;
}

/* ---- the header ---- */

enum { HEADER_MOST = PAGE_COUNT + 8 };

/* The buttons of the header, from the right; the least needed last, where the window is too narrow for all. */
static size_t header_commands(int ret[HEADER_MOST])
{
    static const int first[] = {CMD_KEYS, CMD_OVERVIEW, CMD_SENTENCE, CMD_LESSONS, CMD_SETTINGS};
    size_t n = sizeof first / sizeof first[0];
    memcpy(ret, first, sizeof first);
    for (int page = 0; page < PAGE_COUNT; page++) {
        bool there = !page_table[page].in_header;
        for (size_t i = 0; i < n; i++)
            there = there || ret[i] == page_table[page].command;
        if (!there)
            ret[n++] = page_table[page].command;
    }
    ret[n++] = CMD_THEME;
    return n;
}

static struct ink header_ink(const struct pen *pen, bool key)
{
    float u = pen->scale;
    return key ? (struct ink){FACE_MONO, 13 * u, 0, pen->theme->text_secondary}
               : (struct ink){FACE_SANS, 14 * u, 0, pen->theme->text};
}

static float header_command_width(const struct pen *pen, const struct command_info *command)
{
    char key[24];
    return ink_width(pen, header_ink(pen, true), key_text(command->keys, key)) +
           ink_width(pen, header_ink(pen, false), command->label) + 6 * pen->scale;
}

static void draw_header_command(struct pen *pen, const struct view *view, int id, float x, struct rect box)
{
    const struct command_info *command = view->command(id);
    struct ink key = header_ink(pen, true), word = header_ink(pen, false);
    char buffer[24];
    float u = pen->scale, word_w = ink_width(pen, word, command->label), width = header_command_width(pen, command);
    pen_text_in(pen, "header.label", word, (struct rect){x, box.y, word_w + 1, box.h}, ALIGN_LEFT, command->label);
    pen_text_in(pen, "header.key", key, (struct rect){x + word_w + 6 * u, box.y, width - word_w - 5 * u, box.h},
                ALIGN_LEFT, key_text(command->keys, buffer));
    pen_hit(pen, (struct rect){x - 6 * u, box.y, width + 12 * u, box.h}, id, 0);
}

void header_draw(struct pen *pen, const struct view *view, struct rect box)
{
    float u = pen->scale, right = box.x + box.w - 24 * u, left = box.x + 24 * u, all = 0;
    int commands[HEADER_MOST];
    size_t n = header_commands(commands);
    pen_fill(pen, "header", box, pen->theme->panel, 0);
    pen_fill(pen, "header.line", (struct rect){box.x, box.y + box.h - 1, box.w, 1}, pen->theme->line, 0);
    struct ink logo = {FACE_SANS_BOLD, 20 * u, 0, pen->theme->accent};
    struct ink title = {FACE_SANS_BOLD, 16 * u, 13 * u, pen->theme->text};
    struct rect at = pen_text_in(pen, "logo", logo, (struct rect){left, box.y, 60 * u, box.h}, ALIGN_LEFT, "qkv");
    left = at.x + at.w + 16 * u;
    for (size_t i = 0; i < n; i++)
        all += header_command_width(pen, view->command(commands[i])) + 24 * u;
    /* A narrow window gets the lesson's short name before it loses a button. */
    bool roomy = left + ink_width(pen, title, view->lesson->title) + 16 * u + all <= right;
    const char *name = roomy ? view->lesson->title : view->lesson->tab;
    float name_w = fminf(ink_width(pen, title, name), 0.4f * box.w) + 16 * u;
    for (size_t i = 0; i < n; i++) {
        float width = header_command_width(pen, view->command(commands[i]));
        if (right - width < left + name_w && i > 0)
            break;
        draw_header_command(pen, view, commands[i], right - width, box);
        right -= width + 24 * u;
    }
    pen_text_in(pen, "lesson.title", title, (struct rect){left, box.y, right - left, box.h}, ALIGN_LEFT, name);
}

/* The stages of the walk in their order; returns how many. */
static size_t find_stages(const struct view *view, enum stage ret[STAGE_COUNT])
{
    size_t n = 0;
    for (size_t at = 0; at < view->walk->n; at++) {
        enum stage stage = view->lesson->tape.steps[view->walk->steps[at].step].spec.stage;
        if (walk_stage(view->walk, stage) == (int)at) /* it was not there before */
            ret[n++] = stage;
    }
    return n;
}

/* How the rail is set. */
struct rail {
    float size, pad, gap;
};

static float pill_width(const struct pen *pen, const struct view *view, const struct rail *rail, enum stage stage)
{
    struct ink ink = {.face = FACE_SANS_BOLD, .size = rail->size};
    return ceilf(ink_width(pen, ink, language_stage(view->lesson->language, stage, "name"))) + 2 * rail->pad;
}

static void draw_pill(struct pen *pen, const struct view *view, enum stage stage, struct rect box, float size)
{
    const struct theme *t = pen->theme;
    struct place place = view_place(view);
    bool here = stage == view->lesson->tape.steps[view->walk->steps[place.at].step].spec.stage;
    bool done = walk_stage(view->walk, stage) < (int)place.at && !here;
    const char *part = here ? "rail.here" : done ? "rail.done" : "rail.ahead";
    if (here || done)
        pen_fill(pen, part, box, here ? t->accent : t->button_idle, box.h / 2);
    else
        pen_frame(pen, part, box, t->line, fmaxf(1, roundf(pen->scale)), box.h / 2);
    struct colour colour = here ? t->on_accent : done ? colour_readable(t->text, t->button_idle) : t->text_secondary;
    struct ink ink = {here ? FACE_SANS_BOLD : FACE_SANS, size, 0, colour};
    pen_text_in(pen, "rail.label", ink, box, ALIGN_CENTRE, language_stage(view->lesson->language, stage, "name"));
    pen_hit(pen, box, CMD_STAGE, (int)stage);
}

static void draw_progress(struct pen *pen, const struct view *view, struct rect box)
{
    struct place place = view_place(view);
    const struct walk_step *s = &view->walk->steps[place.at];
    float share = ((float)place.at + (float)place.filled / (float)(s->rows * s->cols)) / (float)view->walk->n;
    pen_fill(pen, "progress", box, pen->theme->line, box.h / 2);
    if (share > 0)
        pen_fill(pen, "progress.done", (struct rect){box.x, box.y, fmaxf(box.h, box.w * share), box.h},
                 pen->theme->accent, box.h / 2);
}

/* ---- a session that was not saved ---- */

/* What can be done with it, in the place of the stages. */
static void draw_offer(struct pen *pen, const struct view *view, struct rect box)
{
    static const struct {
        const char *label;
        int command;
    } buttons[] = {
        {"Delete  Del", CMD_OFFER_DELETE}, {"Leave it  Esc", CMD_OFFER_LEAVE}, {"Open  Enter", CMD_OFFER_OPEN}};
    float u = pen->scale, height = fminf(30 * u, box.h - 8 * u);
    struct rect line = {box.x + 24 * u, box.y + (box.h - height) / 2, box.w - 48 * u, height};
    pen_fill(pen, "offer", box, pen->theme->button_idle, 0);
    for (size_t i = 0; i < sizeof buttons / sizeof buttons[0]; i++) {
        float width = button_width(pen, buttons[i].label, 24);
        button_draw(pen, rect_cut_right(&line, width, 8 * u), buttons[i].label, i == 2, buttons[i].command, 0);
    }
    struct ink ink = {FACE_SANS_BOLD, 15 * u, 11 * u, colour_readable(pen->theme->text, pen->theme->button_idle)};
    pen_text_in(pen, "offer.text", ink, (struct rect){line.x, box.y, line.w - 8 * u, box.h}, ALIGN_LEFT, view->offer);
}

/* ---- the rail ---- */

static float rail_width(const struct pen *pen, const struct view *view, const struct rail *rail, const enum stage *v,
                        size_t n)
{
    float width = rail->gap * (float)(n - 1);
    for (size_t i = 0; i < n; i++)
        width += pill_width(pen, view, rail, v[i]);
    return width;
}

static void draw_stages(struct pen *pen, const struct view *view, struct rect box)
{
    float u = pen->scale;
    enum stage stages[STAGE_COUNT];
    size_t n = find_stages(view, stages);
    struct rail rail = {15 * u, pill_pad * u, pill_gap * u};
    char counter[64];
    snprintf(counter, sizeof counter, "step %zu of %zu", view_place(view).at + 1, view->walk->n);
    struct ink mono = {FACE_MONO, 13 * u, 0, pen->theme->text_secondary};
    float counter_w = ink_width(pen, mono, counter) + 1;
    struct rect inside = {box.x + 24 * u, box.y, box.w - 48 * u, box.h};
    float room = inside.w - counter_w - 16 * u;
    /* Narrow windows: less space first, then smaller type; all stages stay on the rail. */
    while (rail_width(pen, view, &rail, stages, n) > room && rail.size > 9 * u) {
        if (rail.pad > 5 * u)
            rail.pad -= u;
        else
            rail.size -= 1;
        rail.gap = fmaxf(2 * u, rail.gap - u);
    }
    float x = inside.x, line = fmaxf(2, roundf(3 * u)), height = fminf(pill_height * u, box.h - line - 8 * u);
    float y = box.y + (box.h - line - height) / 2;
    for (size_t i = 0; i < n; i++) {
        struct rect pill = {x, y, pill_width(pen, view, &rail, stages[i]), height};
        draw_pill(pen, view, stages[i], pill, rail.size);
        x += pill.w + rail.gap;
    }
    if (inside.x + inside.w - counter_w >= x)
        pen_text_in(pen, "counter.step", mono, (struct rect){inside.x + inside.w - counter_w, y, counter_w, height},
                    ALIGN_RIGHT, counter);
    draw_progress(pen, view, (struct rect){inside.x, box.y + box.h - line, inside.w, line});
}

void rail_draw(struct pen *pen, const struct view *view, struct rect box)
{
    if (view->offer)
        draw_offer(pen, view, box);
    else
        draw_stages(pen, view, box);
}

/* ---- over the page: focus and tip ---- */

const struct item *widget_find(const struct display_list *list, const struct widget *widget)
{
    for (size_t i = 0; widget->on && i < list->n; i++) {
        const struct item *item = &list->items[i];
        if (item->kind == ITEM_HIT && item->as.hit.command == widget->command &&
            item->as.hit.argument == widget->argument)
            return item;
    }
    return NULL;
}

static void draw_focus(struct pen *pen, const struct view *view)
{
    const struct item *item = widget_find(pen->list, &view->focus);
    if (!item)
        return;
    float u = pen->scale, stroke = fmaxf(2, roundf(2.5f * u));
    struct rect ring = rect_inset(item->box, stroke / 2);
    pen_frame(pen, "focus.edge", rect_inset(ring, -1), pen->theme->panel, stroke + 2, 6 * u + 1);
    pen_frame(pen, "focus", ring, pen->theme->accent, stroke, 6 * u);
}

/* The tip of a control; "": it has none. */
static void tip_text(const struct view *view, const struct widget *tip, const struct hit *hit, char ret[], size_t size)
{
    const char *help = view->command(tip->command)->help;
    const struct language *language = view->lesson->language;
    struct controls controls;
    struct glossary_term term;
    char key[24];
    ret[0] = '\0';
    if (tip->command == CMD_SETTING_FOCUS) {
        view_controls(view, &controls);
        if (tip->argument >= 0 && (size_t)tip->argument < controls.n)
            snprintf(ret, size, "%s", controls.v[tip->argument].meaning);
    } else if (tip->command == CMD_TERM) {
        if (language_term(language, tip->argument, &term))
            snprintf(ret, size, "**%s**: %s", term.name, term.line);
    } else if (tip->command == CMD_STAGE) {
        struct str said = {0};
        language_add(view->lesson, language_stage(language, (enum stage)tip->argument, "meaning"), view->state->columns,
                     &said);
        snprintf(ret, size, "%s", str_text(&said));
        str_finish(&said);
    } else if (tip->command == CMD_COSTS_POINT) {
        costs_point_tell(view, tip->argument, ret, size);
    } else if (tip->command == CMD_LIVE) {
        live_help(view, hit, ret, size);
    } else if (help[0]) {
        snprintf(ret, size, "%s   %s", help, key_text(view->command(tip->command)->keys, key));
    }
}

/* Below the control, or above it where there is no room; in a text above, where it has been read. A term that keys reached tells its line at once. */
static void draw_tip(struct pen *pen, const struct view *view)
{
    enum { TIP_BYTES = 1000 };
    const struct widget *tell = !view->tip.on && view->focus.command == CMD_TERM ? &view->focus : &view->tip;
    const struct item *item = widget_find(pen->list, tell);
    char text[TIP_BYTES] = "";
    if (item)
        tip_text(view, tell, &item->as.hit, text, sizeof text);
    if (!text[0])
        return;
    float u = pen->scale, pad = 8 * u;
    struct spans words = {0};
    spans_parse(&words, text);
    struct ink ink = {FACE_SANS, roundf(14 * u), 0, pen->theme->panel};
    struct rect page = pen->list->page, box = item->box;
    float most = fminf(page.w - 4 * pad, 560 * u), width = fminf(spans_width(pen, ink, &words) + 1, most);
    struct rect tip = {box.x + box.w / 2, box.y + box.h + 6 * u, width + 2 * pad,
                       spans_height(pen, ink, &words, width) + pad};
    float above = box.y - tip.h - 6 * u;
    bool in_text = tell->command == CMD_TERM || tell->command == CMD_LIVE;
    if (tip.y + tip.h > page.h || (in_text && above >= 0))
        tip.y = fmaxf(0, above);
    tip.x = fmaxf(pad, fminf(page.w - tip.w - pad, tip.x - tip.w / 2));
    pen_fill(pen, "tip", tip, pen->theme->text, 6 * u);
    spans_wrap(pen, "tip.text", ink, &words, (struct rect){tip.x + pad, tip.y + pad / 2, width, tip.h - pad});
    spans_done(pen, &words);
}

void overlay_draw(struct pen *pen, const struct view *view)
{
    draw_focus(pen, view);
    draw_tip(pen, view);
}
