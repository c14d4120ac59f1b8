#include "scene/token.h"

#include <math.h>

/* The picture an axis is cut from and its parts, or NULL. An axis is known by the labels it shares with the lesson. */
static const struct picture *picture_of(const struct view *view, const struct axis *axis,
                                        const struct region **ret_regions)
{
    const struct lesson *lesson = view->lesson;
    const struct axis words = {.size = lesson->words.n, .labels = lesson->words.v},
                      memory = {.size = lesson->memory_words.n, .labels = lesson->memory_words.v};
    if (!axis->labels)
        return NULL;
    if (axis_same_labels(axis, &words) && lesson->regions && lesson->picture.rgba) {
        *ret_regions = lesson->regions;
        return &lesson->picture;
    }
    if (axis_same_labels(axis, &memory) && lesson->memory_regions && lesson->memory_picture.rgba) {
        *ret_regions = lesson->memory_regions;
        return &lesson->memory_picture;
    }
    return NULL;
}

bool token_has_pictures(const struct view *view, const struct axis *axis)
{
    const struct region *regions;
    return picture_of(view, axis, &regions) != NULL;
}

void token_draw(struct pen *pen, const struct view *view, const struct axis *axis, size_t i, struct rect box)
{
    enum { SIDE_MAX = 32 }; /* cells a side: as many as can be told apart in a label */
    const struct region *regions;
    const struct picture *picture = picture_of(view, axis, &regions);
    if (!picture || box.w < 4 || box.h < 4)
        return;
    const struct region *part = &regions[i];
    float scale = fminf(box.w / (float)part->w, box.h / (float)part->h);
    float w = roundf((float)part->w * scale), h = roundf((float)part->h * scale);
    box = (struct rect){box.x + box.w - w, box.y + (box.h - h) / 2, w, h};
    size_t cols = (size_t)(part->w < SIDE_MAX ? part->w : SIDE_MAX), at;
    size_t rows = (size_t)(part->h < SIDE_MAX ? part->h : SIDE_MAX);
    struct colour *colours = pen_colours(pen, rows * cols, &at);
    struct item *item = pen_item(pen, ITEM_HEATMAP, "picture", box);
    if (!colours || !item)
        return;
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < cols; c++) {
            int x = part->x + (int)(c * (size_t)part->w / cols), y = part->y + (int)(r * (size_t)part->h / rows);
            const unsigned char *p = &picture->rgba[((size_t)y * (size_t)picture->width + (size_t)x) * 4];
            colours[r * cols + c] = (struct colour){p[0], p[1], p[2], p[3]};
        }
    item->as.heatmap.rows = rows;
    item->as.heatmap.cols = cols;
    item->as.heatmap.at = at;
}
