#include "scene/token_picture.h"

#include "scene/arithmetic.h"

#include <math.h>
#include <stdio.h>

/* The tokens along an axis, which is identified by its labels; NULL: it has none. */
static const struct sequence *tokens_of(const struct view *view, const struct axis *axis)
{
    const struct sequence *const sequences[] = {&view->lesson->sentence, &view->lesson->memory};
    for (size_t i = 0; axis->labels && i < 2; i++) {
        const struct axis own = {.size = sequences[i]->words.n, .labels = sequences[i]->words.v};
        if (axis_same_labels(axis, &own))
            return sequences[i];
    }
    return NULL;
}

const struct sequence *token_pictures(const struct view *view, const struct axis *axis)
{
    const struct sequence *tokens = tokens_of(view, axis);
    return tokens && tokens->regions ? tokens : NULL;
}

const char *token_label(const struct view *view, const struct axis *axis, size_t head, size_t i,
                        char buffer[TOKEN_LABEL])
{
    const struct sequence *tokens = tokens_of(view, axis);
    const char *label = axis_position(axis, head, i, buffer);
    if (!tokens || !sequence_is_guessed(tokens, i))
        return label;
    snprintf(buffer, TOKEN_LABEL, "%s?", label);
    return buffer;
}

bool token_is_pictured(const struct view *view, const struct axis *axis)
{
    return token_pictures(view, axis) != NULL;
}

static struct colour colour_at(const struct picture *picture, int x, int y)
{
    const unsigned char *p = &picture->rgba[((size_t)y * (size_t)picture->width + (size_t)x) * 4];
    return (struct colour){p[0], p[1], p[2], p[3]};
}

void token_draw(struct pen *pen, const struct view *view, const struct axis *axis, size_t i, struct rect box)
{
    enum { SIDE_MAX = 32 }; /* cells a side: more cannot be distinguished in a label */
    const struct sequence *sequence = token_pictures(view, axis);
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
            colours[r * cols + c] = colour_at(picture, x, y);
        }
}

/* ---- the picture whole ---- */

static bool place(const struct sequence *sequence, struct rect box, float across, float down,
                  struct placed_picture *ret)
{
    across = across >= 3 ? floorf(across) : across;
    down = down >= 3 ? floorf(down) : down;
    float w = (float)sequence->picture.width * across, h = (float)sequence->picture.height * down;
    *ret = (struct placed_picture){sequence, {box.x + floorf((box.w - w) / 2), floorf(box.y), w, h}, across, down};
    return w >= 4 && h >= 4;
}

bool picture_place(const struct view *view, const struct axis *axis, struct rect box, struct placed_picture *ret)
{
    const struct sequence *sequence = token_pictures(view, axis);
    if (!sequence)
        return false;
    float unit = fminf(box.w / (float)sequence->picture.width, box.h / (float)sequence->picture.height);
    return place(sequence, box, unit, unit, ret);
}

bool picture_stretch(const struct view *view, const struct axis *axis, struct rect box, struct placed_picture *ret)
{
    const struct sequence *sequence = token_pictures(view, axis);
    return sequence &&
           place(sequence, box, box.w / (float)sequence->picture.width, box.h / (float)sequence->picture.height, ret);
}

struct rect picture_part(const struct placed_picture *p, size_t i)
{
    const struct region *part = &p->of->regions[i];
    return (struct rect){p->box.x + (float)part->x * p->across, p->box.y + (float)part->y * p->down,
                         (float)part->w * p->across, (float)part->h * p->down};
}

static bool is_in_a_part(const struct sequence *sequence, int x, int y)
{
    for (size_t i = 0; i < sequence->words.n; i++) {
        const struct region *part = &sequence->regions[i];
        if (x >= part->x && x < part->x + part->w && y >= part->y && y < part->y + part->h)
            return true;
    }
    return false;
}

void picture_draw(struct pen *pen, const char *part, const struct placed_picture *p, struct colour veil)
{
    enum { SIDE_MAX = 128 };
    const struct picture *picture = &p->of->picture;
    size_t cols = (size_t)(picture->width < SIDE_MAX ? picture->width : SIDE_MAX);
    size_t rows = (size_t)(picture->height < SIDE_MAX ? picture->height : SIDE_MAX);
    struct colour *colours;
    if (!pen_heatmap(pen, part, p->box, rows, cols, &colours))
        return;
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < cols; c++) {
            int x = (int)(c * (size_t)picture->width / cols), y = (int)(r * (size_t)picture->height / rows);
            struct colour colour = colour_at(picture, x, y), solid = veil;
            solid.a = 255;
            if (veil.a && !is_in_a_part(p->of, x, y))
                colour = colour_mix(colour, solid, (float)veil.a / 255);
            colours[r * cols + c] = colour;
        }
}
