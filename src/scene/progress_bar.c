#include "scene/parts.h"

#include <math.h>
#include <stdio.h>

void progress_draw(struct pen *pen, const struct view *view, struct rect bar, float left)
{
    char text[80], key[24];
    float u = pen->scale, height = roundf(fmaxf(3, 4 * u)), right = bar.x + bar.w - 16 * u;
    const char *leave = key_text(&view->commands[CMD_LEAVE], key);
    pen_fill(pen, "progress.track", (struct rect){bar.x, bar.y, bar.w, height}, pen->theme->line, 0);
    pen_fill(pen, "progress.done", (struct rect){bar.x, bar.y, bar.w * view->progress, height}, pen->theme->accent, 0);
    if (view->field.on || right - left < 60 * u)
        return;
    struct ink ink = {FACE_SANS, 13 * u, 11 * u, pen->theme->text};
    int n = snprintf(text, sizeof text, "Computing: %.0f%%   %s cancels", floor((double)view->progress * 100), leave);
    if (pen_width(pen, ink.face, roundf(ink.least), text, (size_t)n) > right - left)
        snprintf(text, sizeof text, "%s cancels", leave);
    struct rect box = {left, bar.y + height, right - left, bar.h - height};
    struct rect written = pen_text_in(pen, "progress", ink, box, ALIGN_RIGHT, text);
    if (written.w > 0)
        pen_hit(pen, (struct rect){written.x, box.y, written.w, box.h}, CMD_LEAVE, 0);
}
