#include "paint/sketch.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>

static struct colour colour(unsigned rgb)
{
    return (struct colour){(uint8_t)(rgb >> 16), (uint8_t)(rgb >> 8), (uint8_t)rgb, 255};
}

void sketch_page(struct display_list *list, int w, int h, unsigned rgb)
{
    display_clear(list);
    list->page = (struct rect){0, 0, (float)w, (float)h};
    list->background = colour(rgb);
}

struct display_list white_page(int w, int h)
{
    struct display_list list = {0};
    sketch_page(&list, w, h, 0xFFFFFF);
    return list;
}

struct item *sketch_item(struct display_list *list, enum item_kind kind, struct rect box, unsigned rgb)
{
    if (!array_reserve(&list->items, &list->capacity, list->n + 1, sizeof *list->items))
        abort();
    struct item *item = &list->items[list->n++];
    *item = (struct item){.kind = kind, .part = "sketch", .box = box, .fill = colour(rgb)};
    return item;
}

struct item *sketch_text(struct display_list *list, float x, float y, enum face face, float size, unsigned rgb,
                         const char *text)
{
    struct item *item = sketch_item(list, ITEM_TEXT, (struct rect){x, y, 0, TEXT_HEIGHT * size}, rgb);
    item->as.text.face = face;
    item->as.text.size = size;
    item->as.text.at = list->texts.n;
    str_addn(&list->texts, text, strlen(text) + 1);
    return item;
}

struct item *sketch_round(struct display_list *list, struct rect box, float radius, unsigned fill, float stroke,
                          unsigned border)
{
    struct item *item = sketch_item(list, ITEM_BOX, box, fill);
    item->radius = radius;
    item->stroke = stroke;
    item->border = colour(border);
    return item;
}

struct item *sketch_heatmap(struct display_list *list, struct rect box, size_t rows, size_t cols, float gap)
{
    struct item *item = sketch_item(list, ITEM_HEATMAP, box, 0);
    item->as.heatmap.rows = rows;
    item->as.heatmap.cols = cols;
    item->as.heatmap.gap = gap;
    item->as.heatmap.at = list->n_colours;
    if (!array_reserve(&list->colours, &list->colours_capacity, list->n_colours + rows * cols, sizeof *list->colours))
        abort();
    for (size_t i = 0; i < rows * cols; i++) {
        unsigned shade = (unsigned)(i * 37 % 100);
        list->colours[list->n_colours++] =
            (struct colour){(uint8_t)(255 - shade), (uint8_t)(255 - shade * 3 / 2), (uint8_t)(255 - 2 * shade), 255};
    }
    return item;
}

struct item *sketch_triangle(struct display_list *list, const float x[3], const float y[3], unsigned rgb)
{
    struct item *item = sketch_item(list, ITEM_POLYGON, (struct rect){0}, rgb);
    memcpy(item->as.polygon.x, x, 3 * sizeof *x);
    memcpy(item->as.polygon.y, y, 3 * sizeof *y);
    item->as.polygon.n = 3;
    return item;
}

void sketch_everything(struct display_list *list)
{
    sketch_page(list, 200, 120, 0xFFFFFF);
    sketch_round(list, (struct rect){4, 4, 60, 30}, 6, 0xEEEEEE, 2, 0x3B4BC8);
    sketch_text(list, 8, 8, FACE_SANS, 15, 0x1A1F27, "Look at it, \u00e9\u03b1\u4e2d\u0634\u0645");
    sketch_text(list, 8, 40, FACE_MONO, 13, 0x1A1F27, "-1.25 \u2212\u221e");
    sketch_text(list, 8, 60, FACE_SANS_BOLD, 20, 0x1A1F27, "\U0010FFFD")->as.text.upwards = true;
    sketch_text(list, 30, 60, FACE_MONO_BOLD, 16, 0x1A1F27, "up")->as.text.upwards = true;
    sketch_heatmap(list, (struct rect){100, 60, 40, 40}, 3, 3, 1);
    sketch_heatmap(list, (struct rect){150, 60, 40, 40}, 150, 150, 0);
    sketch_triangle(list, (const float[]){150, 170, 160}, (const float[]){20, 24, 44}, 0xA8480A);
    sketch_item(list, ITEM_LINE, (struct rect){100, 10, 30, 21}, 0x0A7355)->stroke = 2;
}

struct fonts *the_fonts;

void the_fonts_open(void)
{
    if (fonts_new(&the_fonts).code)
        abort();
}

void the_fonts_close(void)
{
    fonts_free(the_fonts);
    the_fonts = NULL;
}
