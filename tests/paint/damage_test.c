/* Only what changed is drawn: the picture is the very one that is drawn whole. */
#include "paint/sketch.h"
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>

enum { W = 200, H = 120 };

struct canvas_pair {
    struct painter *painter, *fresh;
    uint32_t updated[W * H], whole[W * H];
};

static void canvas_pair_finish(struct canvas_pair *c)
{
    painter_free(c->painter);
    painter_free(c->fresh);
}

static struct canvas_pair painters(void)
{
    struct canvas_pair c = {0};
    assert_ok(painter_new(NULL, the_fonts, &c.painter));
    assert_ok(painter_new(NULL, the_fonts, &c.fresh));
    return c;
}

/* Draw a page both ways. Returns how many pixels were drawn to update it. */
static long update(struct canvas_pair *c, const struct display_list *list)
{
    struct damage damage;
    long drawn = 0;
    painter_aim(c->painter, (struct raster){c->updated, W, H, W});
    painter_aim(c->fresh, (struct raster){c->whole, W, H, W});
    assert_ok(painter_update(c->painter, list, &damage));
    assert_ok(painter_draw(c->fresh, list));
    for (int i = 0; i < damage.n; i++) {
        struct area a = damage.rects[i];
        assert_true(a.x >= 0 && a.y >= 0 && a.w > 0 && a.h > 0 && a.x + a.w <= W && a.y + a.h <= H);
        drawn += (long)a.w * a.h;
    }
    for (int i = 0; i < W * H; i++)
        if (c->updated[i] != c->whole[i])
            fail_msg("pixel %d, %d is %06x, and %06x when all is drawn", i % W, i / W, (unsigned)c->updated[i],
                     (unsigned)c->whole[i]);
    return drawn;
}

/* ---- one change ---- */

static void nothing(struct display_list *list)
{
    (void)list;
}

static void recolour_a_box(struct display_list *list)
{
    list->items[0].fill.r ^= 0x40;
}

static void say_something_else(struct display_list *list)
{
    list->texts.v[list->items[2].as.text.at] = '+';
}

static void move_a_text(struct display_list *list)
{
    list->items[4].box.x += 3;
}

static void recolour_a_cell(struct display_list *list)
{
    list->colours[list->items[5].as.heatmap.at + 4].g ^= 0x80;
}

static void recolour_a_cell_of_many(struct display_list *list)
{
    list->colours[list->items[6].as.heatmap.at + 7777].g ^= 0x80;
}

static void move_a_corner(struct display_list *list)
{
    list->items[7].as.polygon.y[2] -= 9;
}

static void turn_a_line(struct display_list *list)
{
    list->items[8].box.h += 6;
}

static void exchange_two_that_overlap(struct display_list *list)
{
    struct item first = list->items[0];
    list->items[0] = list->items[1];
    list->items[1] = first;
}

static void remove_the_first(struct display_list *list)
{
    memmove(list->items, list->items + 1, --list->n * sizeof *list->items);
}

static void add_one_below_all(struct display_list *list)
{
    sketch_round(list, (struct rect){20, 20, 30, 30}, 5, 0x804020, 0, 0);
    struct item added = list->items[list->n - 1];
    memmove(list->items + 1, list->items, (list->n - 1) * sizeof *list->items);
    list->items[0] = added;
}

static void change_the_background(struct display_list *list)
{
    list->background.b ^= 0xFF;
}

static struct change_case {
    const char *name;
    void (*change)(struct display_list *list);
    long most; /* pixels */
} changes[] = {
    {"nothing changed", nothing, 0},
    {"a box has another colour", recolour_a_box, 60 * 30},
    {"a text is another", say_something_else, 60 * 30},
    {"a text moves", move_a_text, 40 * 60},
    {"a cell has another colour", recolour_a_cell, 40 * 40},
    {"a cell of very many has another colour", recolour_a_cell_of_many, 40 * 40},
    {"a triangle has another corner", move_a_corner, 30 * 40},
    {"a line has another slope", turn_a_line, 50 * 40},
    {"two items exchange their order", exchange_two_that_overlap, 80 * 40},
    {"an item is gone", remove_the_first, 60 * 30},
    {"there is one more, below all others", add_one_below_all, 30 * 30},
    {"the background is another", change_the_background, W *H},
};

TEST_ROWS(a_change, changes, row)
{
    OWN(canvas_pair) c = painters();
    PAGE list = {0};
    sketch_everything(&list);
    assert_int_equal(update(&c, &list), W * H);
    row->change(&list);
    long drawn = update(&c, &list);
    if (drawn > row->most)
        fail_msg("%ld pixels were drawn, of at most %ld", drawn, row->most);
    assert_int_equal(update(&c, &list), 0);
}

/* ---- what is whole ---- */

TEST(all_is_drawn_where_nothing_is_known_of_the_picture)
{
    OWN(canvas_pair) c = painters();
    PAGE list = {0};
    sketch_everything(&list);
    update(&c, &list);
    painter_reset(c.painter);
    assert_int_equal(update(&c, &list), W * H);
    painter_aim(c.painter, (struct raster){c.updated, W / 2, H, W});
    memset(c.updated, 0x55, sizeof c.updated);
    assert_int_equal(update(&c, &list), W * H);
    assert_ok(painter_draw(c.painter, &list));
    assert_int_equal(update(&c, &list), W * H);
}

/* ---- many changes ---- */

static size_t chance(uint64_t *luck, size_t n)
{
    *luck = *luck * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(*luck >> 33) % n;
}

static void add_by_chance(struct display_list *list, uint64_t *luck)
{
    float x = (float)chance(luck, W) - 10.5f, y = (float)chance(luck, H) - 10.25f, w = (float)chance(luck, 60) + 1,
          h = (float)chance(luck, 40) + 1;
    static const char *const texts[] = {"0.25", "The cat", "\u4e2d\u0634", "\U0010FFFD", ""};
    unsigned rgb = (unsigned)chance(luck, 0x1000000);
    switch (chance(luck, 6)) {
    case 0:
        sketch_round(list, (struct rect){x, y, w, h}, (float)chance(luck, 9), rgb, (float)chance(luck, 4), ~rgb);
        break;
    case 1:
        sketch_text(list, x, y, (enum face)chance(luck, FACE_COUNT), 8 + (float)chance(luck, 16), rgb,
                    texts[chance(luck, 5)])
            ->as.text.upwards = chance(luck, 2);
        break;
    case 2:
        sketch_heatmap(list, (struct rect){x, y, w, h}, 1 + chance(luck, 200), 1 + chance(luck, 200), 0);
        break;
    case 3:
        sketch_triangle(list, (const float[]){x, x + w, x + 5}, (const float[]){y, y + 3, y + h}, rgb);
        break;
    case 4:
        sketch_triangle(list, (const float[]){-9000, 9000, x}, (const float[]){y, y + h, y + 3 * h}, rgb);
        break;
    default:
        sketch_item(list, ITEM_LINE, (struct rect){x, y, w - 30, chance(luck, 3) ? h - 20 : 0}, rgb)->stroke =
            0.5f + (float)chance(luck, 5);
    }
    list->items[list->n - 1].fill.a = (uint8_t)(chance(luck, 2) ? 255 : chance(luck, 256));
}

TEST(whatever_changes_the_picture_is_the_one_that_is_drawn_whole)
{
    OWN(canvas_pair) c = painters();
    PAGE list = {0};
    uint64_t luck = 7;
    long drawn = 0;
    enum { ROUNDS = 600, MOST = 40 };
    for (int round = 0; round < ROUNDS; round++) {
        if (round % 100 == 0)
            sketch_page(&list, W, H, 0xF0F0F0 + (unsigned)round);
        for (size_t n = chance(&luck, 3); n > 0 && list.n < MOST; n--)
            add_by_chance(&list, &luck);
        size_t from = chance(&luck, list.n + 1), to = chance(&luck, list.n + 1);
        if (from < list.n && to < list.n && chance(&luck, 3) == 0) {
            struct item moved = list.items[from];
            list.items[from] = list.items[to];
            list.items[to] = moved;
        } else if (from < list.n) {
            memmove(list.items + from, list.items + from + 1, (--list.n - from) * sizeof *list.items);
        }
        drawn += update(&c, &list);
    }
    assert_true(drawn < (long)ROUNDS * W * H * 3 / 4);
}

TEST_GROUP(the_fonts_open, the_fonts_close)
