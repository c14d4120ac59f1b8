/* card_over.c: the arithmetic of a cell that is pointed at, over the words that leave no room for it. */
#include "scene/page_parts.h"

#include <math.h>
#include <string.h>

enum { TERMS_MOST = 6, TERMS_LEAST = 1 };
static const float grow_least = 0.7f, away = 6;

/* The number in the words that is pointed at; NULL: the pointer is at a matrix. */
static const struct item *number_pointed_at(const struct display_list *list)
{
    for (size_t i = list->n; i-- > 0;)
        if (strcmp(list->items[i].part, "live.lit") == 0)
            return &list->items[i];
    return NULL;
}

/* A card, its place, and how it is written. */
struct place_over {
    struct rect box;
    float grow;
    size_t terms;
};

/* The largest card that has room at the panel's foot, below `number`, or at its head, above it. */
static bool find_place(const struct pen *pen, const struct view *view, struct rect panel, const struct item *number,
                       struct place_over *ret)
{
    struct pen measuring = pen_measuring(pen);
    float gap = away * pen->scale, end = panel.y + panel.h;
    float below = number ? end - number->box.y - number->box.h - gap : panel.h,
          above = number ? number->box.y - gap - panel.y : 0;
    for (float grow = 1; grow >= grow_least; grow -= 0.1f)
        for (size_t terms = TERMS_MOST; terms >= TERMS_LEAST; terms--) {
            float height = card_draw(&measuring, view, panel, grow, terms);
            *ret =
                (struct place_over){{panel.x, height <= below ? end - height : panel.y, panel.w, height}, grow, terms};
            if (height <= fmaxf(below, above))
                return true;
        }
    ret->box.y = fmaxf(panel.y, end - ret->box.h);
    return false;
}

/* Cover this, and to their ends the lines of words that its edges would cut. */
static void cover(struct pen *pen, struct rect box)
{
    float top = box.y, end = box.y + box.h;
    for (size_t i = 0; i < pen->list->n; i++) {
        const struct item *item = &pen->list->items[i];
        const struct rect line = item->box;
        if (item->kind != ITEM_TEXT || line.x + line.w < box.x || line.x > box.x + box.w)
            continue;
        if (line.y < box.y && line.y + line.h > box.y)
            top = fminf(top, line.y);
        if (line.y < box.y + box.h && line.y + line.h > box.y + box.h)
            end = fmaxf(end, line.y + line.h);
    }
    pen_fill(pen, "card.over", (struct rect){box.x, top, box.w, end - top}, pen->theme->panel, 0);
}

void card_over_draw(struct pen *pen, const struct view *view, struct rect panel)
{
    const struct item *number = number_pointed_at(pen->list);
    float u = pen->scale;
    struct place_over at;
    if (!find_place(pen, view, panel, number, &at))
        find_place(pen, view, panel, NULL, &at); /* over the number, rather than nowhere */
    cover(pen, rect_inset(at.box, -4 * u));
    card_draw(pen, view, at.box, at.grow, at.terms);
    pen_frame(pen, "card.edge", at.box, pen->theme->accent, fmaxf(1, roundf(u)), 8 * u);
    if (!number) /* what lies under the card is not pressed by mistake */
        pen_hit(pen, at.box, CMD_NOTHING, 0);
}
