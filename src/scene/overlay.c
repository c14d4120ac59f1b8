/* overlay.c: what lies over the page: the ring around the control that keys have reached, and what a control under the
 * pointer does. */
#include "scene/parts.h"
#include "scene/scene.h"
#include "scene/spans.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

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

/* What is said about a control; "": nothing. */
static void tip_text(const struct view *view, char ret[], size_t size)
{
    const struct widget *tip = &view->tip;
    const char *help = view->commands[tip->command].help;
    struct controls controls;
    char key[24];
    ret[0] = '\0';
    if (tip->command == CMD_SETTING_FOCUS) {
        view_controls(view, &controls);
        if (tip->argument >= 0 && (size_t)tip->argument < controls.n)
            snprintf(ret, size, "%s", controls.v[tip->argument].meaning);
    } else if (help[0]) {
        snprintf(ret, size, "%s   %s", help, key_text(&view->commands[tip->command], key));
    }
}

/* Below the control, or above it where there is no room; long words in several lines. */
static void draw_tip(struct pen *pen, const struct view *view)
{
    const struct item *item = widget_find(pen->list, &view->tip);
    char text[CONTROL_MEANING + 40] = "";
    if (item)
        tip_text(view, text, sizeof text);
    if (!text[0])
        return;
    float u = pen->scale, pad = 8 * u, bottom;
    struct spans words = {0};
    spans_add(&words, text, strlen(text), ROLE_NONE, false);
    struct ink ink = {FACE_SANS, roundf(14 * u), 0, pen->theme->panel};
    struct rect page = pen->list->page, box = item->box;
    float most = fminf(page.w - 4 * pad, 560 * u), width = pen_width(pen, ink.face, ink.size, text, strlen(text)) + 1;
    width = fminf(width, most);
    struct rect tip = {box.x + box.w / 2, box.y + box.h + 6 * u, width + 2 * pad,
                       spans_height(pen, ink, &words, width) + pad};
    if (tip.y + tip.h > page.h)
        tip.y = fmaxf(0, box.y - tip.h - 6 * u);
    tip.x = fmaxf(pad, fminf(page.w - tip.w - pad, tip.x - tip.w / 2));
    pen_fill(pen, "tip", tip, pen->theme->text, 6 * u);
    spans_wrap(pen, "tip.text", ink, &words, (struct rect){tip.x + pad, tip.y + pad / 2, width, tip.h - pad}, 0,
               &bottom);
    pen->list->failed |= words.failed;
    spans_finish(&words);
}

void overlay_draw(struct pen *pen, const struct view *view)
{
    draw_focus(pen, view);
    draw_tip(pen, view);
}
