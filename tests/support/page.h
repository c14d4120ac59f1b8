/* page.h: what is on a page, for tests of display lists. */
#ifndef QKV_TESTS_PAGE_H
#define QKV_TESTS_PAGE_H

#include "scene/display.h"

#include <math.h>
#include <string.h>

/* A display list that is finished where its block ends. */
#define PAGE __attribute__((cleanup(display_finish))) struct display_list

/* The i-th text of a part (NULL: there is none), and how many items a part has. */
static inline const char *page_part_text(const struct display_list *page, const char *part, size_t i)
{
    for (size_t k = 0; k < page->n; k++)
        if (page->items[k].kind == ITEM_TEXT && strcmp(page->items[k].part, part) == 0 && i-- == 0)
            return display_item_text(page, &page->items[k]);
    return NULL;
}

static inline size_t page_part_count(const struct display_list *page, const char *part)
{
    size_t n = 0;
    for (size_t k = 0; k < page->n; k++)
        n += strcmp(page->items[k].part, part) == 0;
    return n;
}

static inline bool rect_holds(struct rect box, float x, float y)
{
    return x >= box.x && x < box.x + box.w && y >= box.y && y < box.y + box.h;
}

/* The first item of a part; NULL: there is none. */
static inline const struct item *page_item(const struct display_list *page, const char *part)
{
    for (size_t k = 0; k < page->n; k++)
        if (strcmp(page->items[k].part, part) == 0)
            return &page->items[k];
    return NULL;
}

/* The target that sends this command, with any argument where it is -1; NULL: there is none. */
static inline const struct item *page_hit(const struct display_list *page, int command, int argument)
{
    for (size_t k = 0; k < page->n; k++) {
        const struct item *item = &page->items[k];
        if (item->kind == ITEM_HIT && item->as.hit.command == command &&
            (argument < 0 || item->as.hit.argument == argument))
            return item;
    }
    return NULL;
}

static inline void page_print_colour(struct colour c, struct str *to)
{
    str_addf(to, " %02X%02X%02X/%d", c.r, c.g, c.b, c.a);
}

/* The page as text, positions rounded to whole pixels: pages that read the same look the same. */
static inline void page_print(const struct display_list *page, struct str *to)
{
    str_addf(to, "page %g x %g%s", (double)page->page.w, (double)page->page.h, page->failed ? " (not whole)" : "");
    page_print_colour(page->background, to);
    for (size_t k = 0; k < page->n; k++) {
        const struct item *item = &page->items[k];
        const struct rect b = item->box;
        str_addf(to, "\n%d %s %ld %ld %ld %ld group %d stroke %g radius %g", (int)item->kind, item->part, lroundf(b.x),
                 lroundf(b.y), lroundf(b.w), lroundf(b.h), item->group, (double)item->stroke, (double)item->radius);
        page_print_colour(item->fill, to);
        page_print_colour(item->border, to);
        if (item->kind == ITEM_TEXT)
            str_addf(to, " %d %g %s", (int)item->as.text.face, (double)item->as.text.size,
                     display_item_text(page, item));
        if (item->kind == ITEM_HIT)
            str_addf(to, " command %d %d", item->as.hit.command, item->as.hit.argument);
        for (int i = 0; item->kind == ITEM_POLYGON && i < item->as.polygon.n; i++)
            str_addf(to, " %ld,%ld", lroundf(item->as.polygon.x[i]), lroundf(item->as.polygon.y[i]));
        size_t cells = item->kind == ITEM_HEATMAP ? item->as.heatmap.rows * item->as.heatmap.cols : 0;
        for (size_t i = 0; i < cells && item->as.heatmap.at + i < page->n_colours; i++)
            page_print_colour(page->colours[item->as.heatmap.at + i], to);
    }
}

#endif
