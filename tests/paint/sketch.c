#include "paint/sketch.h"

#include "base/array.h"

#include <stdio.h>
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

static void matrix(struct display_list *list, float x, float y, size_t rows, size_t cols)
{
    struct rect box = {x, y, (float)cols * 50, (float)rows * 46};
    sketch_heatmap(list, box, rows, cols, 1);
    struct item at = list->items[list->n - 1];
    for (size_t i = 0; i < rows * cols; i++) {
        char number[16];
        struct rect cell = heatmap_cell(&at, i / cols, i % cols);
        snprintf(number, sizeof number, "%.2f", (double)((int)(i * 29 % 200) - 60) / 100);
        sketch_text(list, cell.x + (number[0] == '-' ? 4 : 8), cell.y + 14, FACE_MONO, 14, 0x1A1F27, number);
    }
}

static void rail(struct display_list *list)
{
    static const char *const stages[] = {"Embed",   "Project",   "Score",     "Scale",  "Mask",
                                         "Softmax", "Normalise", "Aggregate", "Concat", "Output"};
    for (int i = 0; i < 10; i++) {
        float x = 24 + 100 * (float)i;
        sketch_round(list, (struct rect){x, 60, 90, 32}, 16, i == 2 ? 0x3B4BC8 : 0xF6F7F9, 1, 0xD5DAE1);
        sketch_text(list, x + 20, 66, i == 2 ? FACE_SANS_BOLD : FACE_SANS, 15, i == 2 ? 0xFFFFFF : 0x57606A, stages[i]);
    }
}

static void card(struct display_list *list)
{
    static const char *const words[] = {"noun", "animate", "singular", "rest"};
    sketch_round(list, (struct rect){880, 124, 376, 612}, 10, 0xFFFFFF, 1, 0xD5DAE1);
    sketch_text(list, 904, 140, FACE_SANS_BOLD, 22, 0x1A1F27, "Score");
    sketch_text(list, 904, 180, FACE_SANS, 24, 0x1A1F27, "S = Q K");
    sketch_text(list, 904, 230, FACE_SANS, 16, 0x1A1F27, "Every word puts its question beside every");
    sketch_text(list, 904, 254, FACE_SANS, 16, 0x1A1F27, "word’s offer. it asks for something animate,");
    sketch_text(list, 904, 278, FACE_SANS, 16, 0x1A1F27, "a noun, singular. Which word offers that?");
    sketch_round(list, (struct rect){896, 334, 344, 286}, 8, 0xF6F7F9, 0, 0);
    sketch_text(list, 912, 346, FACE_SANS_BOLD, 20, 0x1A1F27, "S[it, cat]");
    sketch_text(list, 1160, 342, FACE_MONO_BOLD, 26, 0x1A1F27, "4.28");
    for (int i = 0; i < 4; i++) {
        float y = 412 + 30 * (float)i;
        sketch_text(list, 912, y, FACE_SANS, 15, 0x1A1F27, words[i]);
        sketch_text(list, 1040, y, FACE_MONO, 16, 0x0B5CAD, "-1.50");
        sketch_text(list, 1096, y, FACE_MONO, 16, 0x57606A, "×");
        sketch_text(list, 1120, y, FACE_MONO, 16, 0xA8480A, "1.00");
        sketch_text(list, 1168, y, FACE_MONO, 16, 0x57606A, "= +1.50");
    }
}

void sketch_full_page(struct display_list *list)
{
    sketch_page(list, 1280, 800, 0xF6F7F9);
    sketch_round(list, (struct rect){0, 0, 1280, 48}, 0, 0xFFFFFF, 0, 0);
    sketch_text(list, 24, 12, FACE_SANS_BOLD, 20, 0x3B4BC8, "qkv");
    sketch_text(list, 76, 14, FACE_SANS, 16, 0x1A1F27, "Several heads: who is “it”?");
    rail(list);
    matrix(list, 336, 160, 4, 10);
    matrix(list, 860, 160, 8, 8);
    sketch_heatmap(list, (struct rect){1100, 740, 100, 50}, 5, 10, 0);
    matrix(list, 112, 388, 7, 4);
    matrix(list, 336, 388, 7, 10);
    for (int i = 0; i < 7; i++) {
        static const char *const words[] = {"The", "cat", "sat", "because", "it", "was", "tired"};
        sketch_text(list, 40, 402 + 46 * (float)i, FACE_SANS, 15, 0x0B5CAD, words[i]);
        sketch_text(list, 344 + 50 * (float)i, 366, FACE_SANS, 13, 0xA8480A, words[i]);
    }
    sketch_round(list, (struct rect){112, 572, 200, 46}, 4, 0, 3, 0x0B5CAD)->fill.a = 0;
    sketch_round(list, (struct rect){386, 572, 50, 46}, 4, 0, 3, 0x1A1F27)->fill.a = 0;
    for (int i = 0; i < 30; i++)
        sketch_round(list, (struct rect){40 + 28 * (float)i, 764, 22, 22}, 6, 0xE9EBF5, 1, 0xD5DAE1);
    card(list);
    sketch_triangle(list, (const float[]){70, 82, 70}, (const float[]){744, 751, 758}, 0x1A1F27);
    sketch_item(list, ITEM_LINE, (struct rect){100, 740, 200, 20}, 0x3B4BC8)->stroke = 2;
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
