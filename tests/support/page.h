/* page.h: what is on a page, for tests of display lists. */
#ifndef QKV_TESTS_PAGE_H
#define QKV_TESTS_PAGE_H

#include "support/check.h"

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
        for (size_t i = 0; item->kind == ITEM_CURVE && i < item->as.curve.n; i++)
            str_addf(to, " %ld,%ld", lroundf(page->points[item->as.curve.at + i].x),
                     lroundf(page->points[item->as.curve.at + i].y));
        size_t cells = item->kind == ITEM_HEATMAP ? item->as.heatmap.rows * item->as.heatmap.cols : 0;
        for (size_t i = 0; i < cells && item->as.heatmap.at + i < page->n_colours; i++)
            page_print_colour(page->colours[item->as.heatmap.at + i], to);
    }
}

/* Does page_print write the same of both? Without writing it: false may also be a difference that is not written. */
static inline bool item_is_same(const struct display_list *p, const struct item *a, const struct display_list *q,
                                const struct item *b)
{
    if (a->kind != b->kind || strcmp(a->part, b->part) != 0 || memcmp(&a->box, &b->box, sizeof a->box) != 0 ||
        a->group != b->group || a->stroke != b->stroke || a->radius != b->radius ||
        memcmp(&a->fill, &b->fill, sizeof a->fill) != 0 || memcmp(&a->border, &b->border, sizeof a->border) != 0)
        return false;
    size_t cells = a->as.heatmap.rows * a->as.heatmap.cols;
    switch (a->kind) {
    case ITEM_TEXT:
        return a->as.text.face == b->as.text.face && a->as.text.size == b->as.text.size &&
               strcmp(display_item_text(p, a), display_item_text(q, b)) == 0;
    case ITEM_HIT:
        return a->as.hit.command == b->as.hit.command && a->as.hit.argument == b->as.hit.argument;
    case ITEM_HEATMAP:
        return cells == b->as.heatmap.rows * b->as.heatmap.cols &&
               memcmp(&p->colours[a->as.heatmap.at], &q->colours[b->as.heatmap.at], cells * sizeof *p->colours) == 0;
    case ITEM_POLYGON:
        return memcmp(&a->as.polygon, &b->as.polygon, sizeof a->as.polygon) == 0;
    default:
        return true;
    }
}

static inline bool page_is_same(const struct display_list *p, const struct display_list *q)
{
    bool same = p->page.w == q->page.w && p->page.h == q->page.h && p->failed == q->failed && p->n == q->n &&
                memcmp(&p->background, &q->background, sizeof p->background) == 0;
    for (size_t i = 0; same && i < p->n; i++)
        same = item_is_same(p, &p->items[i], q, &q->items[i]);
    return same;
}

/* They read the same. */
static inline void assert_same_list(const struct display_list *got, const struct display_list *wanted)
{
    if (page_is_same(got, wanted))
        return;
    OWN(str) a = {0}, b = {0};
    page_print(got, &a);
    page_print(wanted, &b);
    assert_string_equal(str_text(&a), str_text(&b));
}

#endif
