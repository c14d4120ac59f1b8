#include "support/check.h"

#include "paint/sketch.h"

static struct item *add_hit(struct display_list *list, struct rect box, int command)
{
    struct item *item = sketch_item(list, ITEM_HIT, box, 0);
    item->as.hit = (struct hit){.command = command, .argument = 0};
    return item;
}

TEST(hits_are_found_from_the_top)
{
    PAGE list = white_page(100, 100);
    add_hit(&list, (struct rect){10, 10, 40, 40}, 1);
    add_hit(&list, (struct rect){30, 30, 40, 40}, 2);
    add_hit(&list, (struct rect){70, 30, 20, 40}, 3);
    sketch_round(&list, (struct rect){0, 0, 100, 100}, 0, 0, 0, 0);
    static const struct {
        float x, y;
        int command; /* 0: none */
    } points[] = {{10, 10, 1}, {9.5f, 10, 0},     {35, 35, 2}, {29, 29, 1}, {69.5f, 40, 2},
                  {70, 40, 3}, {89.9f, 69.9f, 3}, {90, 69, 0}, {80, 70, 0}, {-5, 400, 0}};
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        const struct item *hit = display_at(&list, points[i].x, points[i].y).hit;
        if ((hit ? hit->as.hit.command : 0) != points[i].command)
            fail_msg("at %g, %g: command %d, wanted %d", (double)points[i].x, (double)points[i].y,
                     hit ? hit->as.hit.command : 0, points[i].command);
    }
}

TEST(cells_and_gaps_fill_the_heatmap)
{
    struct item map = {.kind = ITEM_HEATMAP, .box = {10, 20, 104, 63}};
    map.as.heatmap.rows = 4;
    map.as.heatmap.cols = 5;
    map.as.heatmap.gap = 1;
    for (size_t row = 0; row < 4; row++)
        for (size_t col = 0; col < 5; col++) {
            struct rect cell = heatmap_cell(&map, row, col);
            assert_close((double)cell.w, 20, 1e-5);
            assert_close((double)cell.h, 15, 1e-5);
            assert_close((double)cell.x, 10 + 21.0 * (double)col, 1e-4);
            assert_close((double)cell.y, 20 + 16.0 * (double)row, 1e-4);
        }
}

TEST(a_list_that_is_not_whole_still_reads)
{
    struct display_list list = {0};
    sketch_page(&list, 10, 10, 0);
    sketch_text(&list, 0, 0, FACE_SANS, 10, 0, "x");
    sketch_heatmap(&list, (struct rect){0, 0, 10, 10}, 3, 3, 0);
    list.texts.n = 0;
    list.n_colours = 2;
    list.failed = true;
    assert_string_equal(display_item_text(&list, &list.items[0]), "");
    assert_string_equal(display_item_text(&list, &list.items[1]), "");
    display_clear(&list);
    assert_false(list.failed);
    assert_int_equal(list.n, 0);
    display_finish(&list);
    display_finish(&list);
}
