#include "scene/pen.h"

#include "base/array.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct pen pen_measuring(const struct pen *pen)
{
    struct pen ret = *pen;
    ret.measures = true;
    return ret;
}

float pen_width(const struct pen *pen, enum face face, float size, const char *text, size_t n)
{
    return pen->measure->width(pen->measure->context, face, size, text, n);
}

struct ink pen_ink(const struct pen *pen, enum face face, float size, float least, struct colour colour)
{
    return (struct ink){face, size * pen->scale, least * pen->scale, colour};
}

float ink_width(const struct pen *pen, struct ink ink, const char *text)
{
    return pen_width(pen, ink.face, roundf(ink.size), text, strlen(text));
}

struct item *pen_item(struct pen *pen, enum item_kind kind, const char *part, struct rect box)
{
    struct display_list *list = pen->list;
    if (pen->measures)
        return NULL;
    if (list->failed || !array_reserve(&list->items, &list->capacity, list->n + 1, sizeof *list->items)) {
        list->failed = true;
        return NULL;
    }
    struct item *item = &list->items[list->n++];
    *item = (struct item){.kind = kind, .group = pen->group, .part = part, .box = box};
    return item;
}

float pen_text_n(struct pen *pen, const char *part, struct ink ink, float x, float y, const char *text, size_t n)
{
    if (n == 0)
        return 0;
    /* Fonts are drawn at whole pixel sizes, so they are measured at whole sizes, too. */
    float size = roundf(ink.size), width = pen_width(pen, ink.face, size, text, n);
    struct item *item = pen_item(pen, ITEM_TEXT, part, (struct rect){x, y, width, size * TEXT_HEIGHT});
    if (!item)
        return width;
    item->fill = ink.colour;
    item->as.text.face = ink.face;
    item->as.text.size = size;
    item->as.text.at = pen->list->texts.n;
    str_addn(&pen->list->texts, text, n);
    str_addn(&pen->list->texts, "", 1);
    if (pen->list->texts.failed)
        pen->list->failed = true;
    return width;
}

/* The bytes of `text` that fit beside an ellipsis, at whole characters. */
static size_t fitting_bytes(const struct pen *pen, const struct ink *ink, const char *text, float room)
{
    size_t n = strlen(text);
    while (n > 0 && pen_width(pen, ink->face, ink->size, text, n) > room) {
        n--;
        while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
            n--;
    }
    return n;
}

static float aligned(struct rect box, float width, enum align align)
{
    return align == ALIGN_LEFT ? box.x : align == ALIGN_RIGHT ? box.x + box.w - width : box.x + (box.w - width) / 2;
}

struct rect pen_text_in(struct pen *pen, const char *part, struct ink ink, struct rect box, enum align align,
                        const char *text)
{
    static const char dots[] = "…";
    size_t n = strlen(text);
    float least = ink.least > 0 ? ink.least : ink.size;
    ink.size = roundf(ink.size);
    float width = pen_width(pen, ink.face, ink.size, text, n);
    while (width > box.w && ink.size - 1 >= least) {
        ink.size -= 1;
        width = pen_width(pen, ink.face, ink.size, text, n);
    }
    char cut[256];
    if (width > box.w) {
        float dots_width = pen_width(pen, ink.face, ink.size, dots, sizeof dots - 1);
        size_t kept = fitting_bytes(pen, &ink, text, box.w - dots_width);
        if (dots_width > box.w || kept > sizeof cut - sizeof dots)
            return (struct rect){box.x, box.y, 0, 0};
        memcpy(cut, text, kept);
        memcpy(cut + kept, dots, sizeof dots);
        text = cut;
        n = kept + sizeof dots - 1;
        width = pen_width(pen, ink.face, ink.size, text, n);
    }
    float height = ink.size * TEXT_HEIGHT, x = aligned(box, width, align), y = box.y + (box.h - height) / 2;
    pen_text_n(pen, part, ink, x, y, text, n);
    return (struct rect){x, y, width, height};
}

bool pen_fits(const struct pen *pen, struct ink ink, float width, const char *text)
{
    float least = ink.least > 0 ? ink.least : ink.size, size = roundf(ink.size);
    while (size - 1 >= least)
        size -= 1;
    return pen_width(pen, ink.face, size, text, strlen(text)) <= width;
}

bool pen_add_fitting(const struct pen *pen, struct ink ink, float width, struct str *to, const char *more)
{
    size_t before = to->n;
    str_add(to, more);
    if (to->failed || pen_fits(pen, ink, width, str_text(to)))
        return true;
    to->v[to->n = before] = '\0';
    return false;
}

struct rect pen_textf(struct pen *pen, const char *part, struct ink ink, struct rect box, enum align align,
                      const char *format, ...)
{
    char text[PEN_TEXT];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return pen_text_in(pen, part, ink, box, align, text);
}

void pen_text_upwards(struct pen *pen, const char *part, struct ink ink, struct rect box, enum align align,
                      const char *text)
{
    /* Lay the text out horizontally, then rotate its box. */
    size_t first = pen->list->n;
    struct rect lying = pen_text_in(pen, part, ink, (struct rect){0, 0, box.h, box.w}, align, text);
    if (pen->list->n == first)
        return;
    struct item *item = &pen->list->items[first];
    item->as.text.upwards = true;
    item->box = (struct rect){box.x + lying.y, box.y + box.h - lying.x - lying.w, lying.h, lying.w};
}

void pen_fill(struct pen *pen, const char *part, struct rect box, struct colour fill, float radius)
{
    struct item *item = pen_item(pen, ITEM_BOX, part, box);
    if (!item)
        return;
    item->fill = fill;
    item->radius = radius;
}

void pen_frame(struct pen *pen, const char *part, struct rect box, struct colour colour, float stroke, float radius)
{
    struct item *item = pen_item(pen, ITEM_BOX, part, box);
    if (!item)
        return;
    item->border = colour;
    item->stroke = stroke;
    item->radius = radius;
}

void pen_polygon(struct pen *pen, const char *part, struct colour fill, int n, const float x[], const float y[])
{
    float left = x[0], right = x[0], top = y[0], bottom = y[0];
    for (int i = 1; i < n; i++) {
        left = fminf(left, x[i]);
        right = fmaxf(right, x[i]);
        top = fminf(top, y[i]);
        bottom = fmaxf(bottom, y[i]);
    }
    struct item *item = pen_item(pen, ITEM_POLYGON, part, (struct rect){left, top, right - left, bottom - top});
    if (!item)
        return;
    item->fill = fill;
    item->as.polygon.n = n;
    memcpy(item->as.polygon.x, x, (size_t)n * sizeof *x);
    memcpy(item->as.polygon.y, y, (size_t)n * sizeof *y);
}

void pen_curve(struct pen *pen, const char *part, struct colour colour, float stroke, size_t n,
               const struct point points[])
{
    struct display_list *list = pen->list;
    float left = points[0].x, right = left, top = points[0].y, bottom = top;
    for (size_t i = 1; i < n; i++) {
        left = fminf(left, points[i].x), right = fmaxf(right, points[i].x);
        top = fminf(top, points[i].y), bottom = fmaxf(bottom, points[i].y);
    }
    list->failed |= !array_reserve(&list->points, &list->points_capacity, list->n_points + n, sizeof *list->points);
    struct item *item = pen_item(pen, ITEM_CURVE, part, (struct rect){left, top, right - left, bottom - top});
    if (!item)
        return;
    item->fill = colour;
    item->stroke = stroke;
    item->as.curve.at = list->n_points;
    item->as.curve.n = n;
    memcpy(list->points + list->n_points, points, n * sizeof *points);
    list->n_points += n;
}

void pen_hit(struct pen *pen, struct rect box, int command, int argument)
{
    struct item *item = pen_item(pen, ITEM_HIT, "hit", box);
    if (item)
        item->as.hit = (struct hit){.command = command, .argument = argument};
}

struct item *pen_heatmap(struct pen *pen, const char *part, struct rect box, size_t rows, size_t cols,
                         struct colour **ret_colours)
{
    struct display_list *list = pen->list;
    size_t n = list->n_colours + rows * cols;
    list->failed |= !array_reserve(&list->colours, &list->colours_capacity, n, sizeof *list->colours);
    struct item *item = pen_item(pen, ITEM_HEATMAP, part, box);
    if (!item)
        return NULL;
    item->as.heatmap.rows = rows;
    item->as.heatmap.cols = cols;
    item->as.heatmap.at = list->n_colours;
    *ret_colours = &list->colours[list->n_colours];
    list->n_colours = n;
    return item;
}

struct rect rect_inset(struct rect r, float by)
{
    return (struct rect){r.x + by, r.y + by, r.w - 2 * by, r.h - 2 * by};
}

struct rect rect_cut_top(struct rect *r, float height, float gap)
{
    struct rect top = {r->x, r->y, r->w, height};
    r->y += height + gap;
    r->h -= height + gap;
    return top;
}

struct rect rect_cut_bottom(struct rect *r, float height, float gap)
{
    r->h -= height + gap;
    return (struct rect){r->x, r->y + r->h + gap, r->w, height};
}

struct rect rect_cut_left(struct rect *r, float width, float gap)
{
    struct rect left = {r->x, r->y, width, r->h};
    r->x += width + gap;
    r->w -= width + gap;
    return left;
}

struct rect rect_cut_right(struct rect *r, float width, float gap)
{
    r->w -= width + gap;
    return (struct rect){r->x + r->w + gap, r->y, width, r->h};
}
