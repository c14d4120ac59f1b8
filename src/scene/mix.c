/* mix.c: the way from one page to the next. */
#include "scene/scene.h"

#include "base/array.h"

#include <math.h>
#include <string.h>

/* Slow at both ends, so that the eye can follow. */
static float eased(float t)
{
    return t * t * (3 - 2 * t);
}

static float lerp(float a, float b, float t)
{
    return a + (b - a) * t;
}

/* The cells of a group on a page: what moves. */
static const struct item *matrix_of(const struct display_list *list, int group)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i].group == group && list->items[i].kind == ITEM_HEATMAP &&
            strcmp(list->items[i].part, "matrix") == 0)
            return &list->items[i];
    return NULL;
}

/* Two drawings of a matrix are the same thing to the eye when they stand the same way. */
static bool same_drawing(const struct item *a, const struct item *b)
{
    return a->as.heatmap.transposed == b->as.heatmap.transposed && a->as.heatmap.rows == b->as.heatmap.rows &&
           a->as.heatmap.cols == b->as.heatmap.cols && a->as.heatmap.row == b->as.heatmap.row &&
           a->as.heatmap.col == b->as.heatmap.col && a->as.heatmap.block_rows == b->as.heatmap.block_rows &&
           a->as.heatmap.block_cols == b->as.heatmap.block_cols;
}

static struct rect moved(struct rect r, struct rect from, struct rect to)
{
    float sx = to.w / from.w, sy = to.h / from.h;
    return (struct rect){to.x + (r.x - from.x) * sx, to.y + (r.y - from.y) * sy, r.w * sx, r.h * sy};
}

static struct item *add_copy(struct display_list *list, const struct display_list *from, const struct item *item)
{
    if (list->failed || !array_reserve(&list->items, &list->capacity, list->n + 1, sizeof *list->items)) {
        list->failed = true;
        return NULL;
    }
    struct item *copy = &list->items[list->n++];
    *copy = *item;
    if (item->kind == ITEM_TEXT) {
        const char *text = display_item_text(from, item);
        copy->as.text.at = list->texts.n;
        str_addn(&list->texts, text, strlen(text) + 1);
        list->failed |= list->texts.failed;
    } else if (item->kind == ITEM_HEATMAP) {
        size_t n = item->as.heatmap.rows * item->as.heatmap.cols;
        if (!array_reserve(&list->colours, &list->colours_capacity, list->n_colours + n, sizeof *list->colours)) {
            list->failed = true;
            list->n--;
            return NULL;
        }
        memcpy(&list->colours[list->n_colours], &from->colours[item->as.heatmap.at], n * sizeof *list->colours);
        copy->as.heatmap.at = list->n_colours;
        list->n_colours += n;
    }
    return copy;
}

static void fade(struct display_list *list, struct item *item, float share)
{
    item->fill.a = (uint8_t)lroundf((float)item->fill.a * share);
    item->border.a = (uint8_t)lroundf((float)item->border.a * share);
    if (item->kind == ITEM_HEATMAP)
        for (size_t i = 0; i < item->as.heatmap.rows * item->as.heatmap.cols; i++) {
            struct colour *c = &list->colours[item->as.heatmap.at + i];
            c->a = (uint8_t)lroundf((float)c->a * share);
        }
}

/* Is this drawn the same on both pages? Then it is no part of the change. */
static bool stays(const struct display_list *a, const struct item *x, const struct display_list *b)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct item *y = &b->items[i];
        if (y->kind != x->kind || memcmp(&y->box, &x->box, sizeof x->box) != 0 ||
            memcmp(&y->fill, &x->fill, sizeof x->fill) != 0 || memcmp(&y->border, &x->border, sizeof x->border) != 0 ||
            strcmp(y->part, x->part) != 0)
            continue;
        if (x->kind == ITEM_TEXT && strcmp(display_item_text(a, x), display_item_text(b, y)) != 0)
            continue;
        return true;
    }
    return false;
}

/* Items of the old page that have no place on the new one. */
static void add_leaving(const struct display_list *from, const struct display_list *to, float share,
                        struct display_list *list)
{
    for (size_t i = 0; i < from->n && share > 0; i++) {
        const struct item *item = &from->items[i];
        const struct item *there = item->group ? matrix_of(to, item->group) : NULL;
        const struct item *here = there ? matrix_of(from, item->group) : NULL;
        if (item->kind == ITEM_HIT || (there && here && same_drawing(here, there)))
            continue;
        if (!item->group && stays(from, item, to))
            continue;
        struct item *copy = add_copy(list, from, item);
        if (copy)
            fade(list, copy, share);
    }
}

static void add_arriving(const struct display_list *from, const struct display_list *to, float t,
                         struct display_list *list)
{
    float late = fmaxf(0, 2 * t - 1);
    for (size_t i = 0; i < to->n; i++) {
        const struct item *item = &to->items[i];
        const struct item *there = item->group ? matrix_of(to, item->group) : NULL;
        const struct item *here = there ? matrix_of(from, item->group) : NULL;
        struct item *copy = add_copy(list, to, item);
        if (!copy)
            continue;
        if (there && here && same_drawing(here, there)) {
            struct rect body = {lerp(here->box.x, there->box.x, t), lerp(here->box.y, there->box.y, t),
                                lerp(here->box.w, there->box.w, t), lerp(here->box.h, there->box.h, t)};
            struct rect box = moved(item->box, there->box, body);
            /* Letters keep their size while their cells move: only their middle travels. */
            if (item->kind == ITEM_TEXT)
                box = (struct rect){box.x + (box.w - item->box.w) / 2, box.y + (box.h - item->box.h) / 2, item->box.w,
                                    item->box.h};
            copy->box = box;
        } else if (item->group || !stays(to, item, from)) {
            fade(list, copy, late);
        }
    }
}

void scene_mix(const struct display_list *from, const struct display_list *to, float t, struct display_list *list)
{
    display_clear(list);
    list->page = to->page;
    list->background = to->background;
    float e = eased(t < 0 ? 0 : t > 1 ? 1 : t);
    add_arriving(from, to, e, list);
    add_leaving(from, to, fmaxf(0, 1 - 2 * e), list);
    list->failed |= from->failed || to->failed;
}
