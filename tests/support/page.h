/* page.h: what is on a page, for tests of display lists. */
#ifndef QKV_TESTS_PAGE_H
#define QKV_TESTS_PAGE_H

#include "scene/display.h"

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

#endif
