/* offer.c: a session that was not saved, with what can be done with it, in the rail's place. */
#include "scene/parts.h"

#include <math.h>
#include <string.h>

void offer_draw(struct pen *pen, const struct view *view, struct rect box)
{
    static const struct {
        const char *label;
        int command;
    } buttons[] = {
        {"Delete  Del", CMD_OFFER_DELETE}, {"Leave it  Esc", CMD_OFFER_LEAVE}, {"Open  Enter", CMD_OFFER_OPEN}};
    float u = pen->scale, height = fminf(30 * u, box.h - 8 * u), y = box.y + (box.h - height) / 2;
    float left = box.x + 24 * u, right = box.x + box.w - 24 * u;
    pen_fill(pen, "offer", box, pen->theme->soft, 0);
    for (size_t i = 0; i < sizeof buttons / sizeof buttons[0]; i++) {
        const char *label = buttons[i].label;
        float width = ceilf(pen_width(pen, FACE_SANS_BOLD, roundf(14 * u), label, strlen(label))) + 24 * u;
        right -= width;
        button_draw(pen, (struct rect){right, y, width, height}, label, i == 2, buttons[i].command, 0);
        right -= 8 * u;
    }
    struct ink ink = {FACE_SANS_BOLD, 15 * u, 11 * u, colour_readable(pen->theme->text, pen->theme->soft)};
    pen_text_in(pen, "offer.text", ink, (struct rect){left, box.y, right - left - 8 * u, box.h}, ALIGN_LEFT,
                view->offer);
}
