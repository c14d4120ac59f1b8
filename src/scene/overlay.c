/* overlay.c: what lies over the page: the ring around the control that keys have reached, and what a control under the
 * pointer does. */
#include "scene/parts.h"
#include "scene/scene.h"
#include "scene/spans.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const struct item *control_find(const struct display_list *list, const struct control *control)
{
    for (size_t i = 0; control->on && i < list->n; i++) {
        const struct item *item = &list->items[i];
        if (item->kind == ITEM_HIT && item->as.hit.command == control->command &&
            item->as.hit.argument == control->argument)
            return item;
    }
    return NULL;
}

static void draw_focus(struct pen *pen, const struct view *view)
{
    const struct item *item = control_find(pen->list, &view->focus);
    if (!item)
        return;
    float u = pen->scale, stroke = fmaxf(2, roundf(2.5f * u));
    struct rect ring = rect_inset(item->box, stroke / 2);
    pen_frame(pen, "focus.edge", rect_inset(ring, -1), pen->theme->panel, stroke + 2, 6 * u + 1);
    pen_frame(pen, "focus", ring, pen->theme->accent, stroke, 6 * u);
}

/* Below the control, or above it where there is no room. */
static void draw_tip(struct pen *pen, const struct view *view)
{
    const struct item *item = control_find(pen->list, &view->tip);
    const char *help = item ? view->commands[view->tip.command].help : "";
    if (!help[0])
        return;
    float u = pen->scale, pad = 8 * u;
    char text[200], key[24];
    snprintf(text, sizeof text, "%s   %s", help, key_text(&view->commands[view->tip.command], key));
    struct ink ink = {FACE_SANS, roundf(14 * u), 0, pen->theme->panel};
    struct rect page = pen->list->page, box = item->box;
    struct rect tip = {box.x + box.w / 2, box.y + box.h + 6 * u,
                       pen_width(pen, ink.face, ink.size, text, strlen(text)) + 2 * pad, ink.size * TEXT_HEIGHT + pad};
    if (tip.y + tip.h > page.h)
        tip.y = box.y - tip.h - 6 * u;
    tip.x = fmaxf(pad, fminf(page.w - tip.w - pad, tip.x - tip.w / 2));
    pen_fill(pen, "tip", tip, pen->theme->text, 6 * u);
    pen_text_in(pen, "tip.text", ink, (struct rect){tip.x + pad, tip.y, tip.w - 2 * pad, tip.h}, ALIGN_LEFT, text);
}

void overlay_draw(struct pen *pen, const struct view *view)
{
    draw_focus(pen, view);
    draw_tip(pen, view);
}
