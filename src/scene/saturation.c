/* saturation.c: why scores are divided by sqrt(d_k): how they spread, and how softmax answers, as d_k grows. */
#include "lesson/saturation.h"

#include "scene/heads.h"
#include "scene/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void saturation_draw(struct pen *pen, const struct view *view, struct rect box);

enum { BARS = 4 };

/* A number on a bar that is as long as it is large. */
static void draw_bar(struct pen *pen, struct rect cell, double value, double most, bool scaled)
{
    float u = pen->scale;
    const struct theme *t = pen->theme;
    char text[NUMBER_TEXT];
    struct colour fill = colour_mix(t->panel, scaled ? t->role[ROLE_VALUE] : t->positive, 0.3f);
    struct rect bar = {cell.x, cell.y + cell.h * 0.08f, fmaxf(cell.w * (float)(value / most), 1), cell.h * 0.84f};
    pen_fill(pen, "saturation.bar", bar, fill, 0);
    struct ink ink = {FACE_MONO, fminf(14 * u, cell.h / 1.3f), 8 * u, t->text};
    pen_text_in(pen, "saturation.number", ink, (struct rect){cell.x + 4 * u, cell.y, cell.w - 6 * u, cell.h},
                ALIGN_LEFT, number_text(value, 2, text));
}

static void draw_heads(struct pen *pen, struct rect box, float x, float w, float line)
{
    static const char *const groups[] = {"variance of q · k", "mean largest weight"};
    static const char *const kinds[] = {"as it is", "/ √d_k"};
    float u = pen->scale, size = fminf(13 * u, line / 1.3f);
    struct ink bold = {FACE_SANS_BOLD, size, 8 * u, pen->theme->text},
               quiet = {FACE_SANS, size, 8 * u, pen->theme->quiet};
    for (int g = 0; g < 2; g++)
        pen_text_in(pen, "saturation.group", bold, (struct rect){x + w * 2 * (float)g, box.y, w * 2 - 4 * u, line},
                    ALIGN_LEFT, groups[g]);
    for (int i = 0; i < BARS; i++)
        pen_text_in(pen, "saturation.kind", quiet, (struct rect){x + w * (float)i, box.y + line, w - 4 * u, line},
                    ALIGN_LEFT, kinds[i % 2]);
    pen_text_in(pen, "saturation.kind", quiet, (struct rect){box.x, box.y + line, x - box.x - 4 * u, line}, ALIGN_LEFT,
                "d_k");
}

void saturation_draw(struct pen *pen, const struct view *view, struct rect box)
{
    const struct saturation *s = saturation_known();
    float u = pen->scale, heading = 24 * u;
    bool tight = view_is_tight(view);
    struct rect inside = part_draw(pen, "saturation", box);
    struct ink bold = {FACE_SANS_BOLD, 17 * u, 10 * u, pen->theme->text};
    pen_text_in(pen, "saturation.title", bold, (struct rect){inside.x, inside.y, inside.w, heading}, ALIGN_LEFT,
                "Saturation: why divide by √d_k");
    float words = fminf((tight ? 66 : 110) * u, inside.h * 0.3f);
    float line = fminf(36 * u, (inside.h - heading - words) / (SATURATION_POINTS + 2));
    struct rect table = {inside.x, inside.y + heading, inside.w, line * (SATURATION_POINTS + 2)};
    float first = fminf(44 * u, table.w * 0.14f), w = (table.w - first) / BARS;
    draw_heads(pen, table, table.x + first, w, line);
    for (int i = 0; i < SATURATION_POINTS; i++) {
        float y = table.y + line * (float)(i + 2);
        char d_k[16];
        snprintf(d_k, sizeof d_k, "%d", s[i].d_k);
        struct ink ink = {FACE_MONO, fminf(14 * u, line / 1.3f), 8 * u, pen->theme->text};
        pen_text_in(pen, "saturation.d_k", ink, (struct rect){table.x, y, first - 6 * u, line}, ALIGN_LEFT, d_k);
        const double values[BARS] = {s[i].variance, s[i].variance_scaled, s[i].largest, s[i].largest_scaled};
        for (int k = 0; k < BARS; k++)
            draw_bar(pen, (struct rect){table.x + first + w * (float)k, y, w - 4 * u, line}, values[k],
                     k < 2 ? s[SATURATION_POINTS - 1].variance : 1, k % 2);
    }
    char text[240];
    snprintf(text, sizeof text,
             "%d random queries, %d keys each, components of variance 1. Wider vectors give **wilder scores**, until one "
             "word gets nearly all the weight and nothing can be learned; / √d_k holds them.",
             SATURATION_QUERIES, SATURATION_KEYS);
    float top = table.y + table.h + 8 * u;
    words_draw(pen, "saturation.words", pen->theme->quiet, 13 * u,
               (struct rect){inside.x, top, inside.w, inside.y + inside.h - top}, text);
}
