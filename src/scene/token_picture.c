#include "scene/token_picture.h"

#include <math.h>

/* The sequence of which an axis has the parts of a picture, or NULL. An axis is identified by its labels. */
static const struct sequence *pictured(const struct view *view, const struct axis *axis)
{
    const struct sequence *const sequences[] = {&view->lesson->sentence, &view->lesson->memory};
    for (size_t i = 0; axis->labels && i < 2; i++) {
        const struct axis own = {.size = sequences[i]->words.n, .labels = sequences[i]->words.v};
        if (sequences[i]->regions && axis_same_labels(axis, &own))
            return sequences[i];
    }
    return NULL;
}

bool token_is_pictured(const struct view *view, const struct axis *axis)
{
    return pictured(view, axis) != NULL;
}

void token_draw(struct pen *pen, const struct view *view, const struct axis *axis, size_t i, struct rect box)
{
    enum { SIDE_MAX = 32 }; /* cells a side: more cannot be distinguished in a label */
    const struct sequence *sequence = pictured(view, axis);
    if (!sequence || box.w < 4 || box.h < 4)
        return;
    const struct picture *picture = &sequence->picture;
    const struct region *part = &sequence->regions[i];
    float scale = fminf(box.w / (float)part->w, box.h / (float)part->h);
    float w = roundf((float)part->w * scale), h = roundf((float)part->h * scale);
    box = (struct rect){box.x + box.w - w, box.y + (box.h - h) / 2, w, h};
    size_t cols = (size_t)(part->w < SIDE_MAX ? part->w : SIDE_MAX);
    size_t rows = (size_t)(part->h < SIDE_MAX ? part->h : SIDE_MAX);
    struct colour *colours;
    if (!pen_heatmap(pen, "picture", box, rows, cols, &colours))
        return;
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < cols; c++) {
            int x = part->x + (int)(c * (size_t)part->w / cols), y = part->y + (int)(r * (size_t)part->h / rows);
            const unsigned char *p = &picture->rgba[((size_t)y * (size_t)picture->width + (size_t)x) * 4];
            colours[r * cols + c] = (struct colour){p[0], p[1], p[2], p[3]};
        }
}
