#include "support/check.h"

#include "paint/sketch.h"
#include "support/read_png.h"

#include <SDL.h>

#include <stdio.h>
#include <stdlib.h>

/* A drawn page; ink is how much darker than the white page a pixel is. */
struct page {
    unsigned char *pixels;
    int w, h;
};

static void page_finish(struct page *page)
{
    free(page->pixels);
}

static struct page draw(const struct display_list *list)
{
    struct page page = {0};
    assert_ok(page_pixels(list, the_fonts, &page.pixels, &page.w, &page.h));
    return page;
}

static const unsigned char *pixel(const struct page *page, int x, int y)
{
    return page->pixels + ((size_t)y * (size_t)page->w + (size_t)x) * 3;
}

static int ink(const struct page *page, int x, int y)
{
    return 255 - pixel(page, x, y)[1];
}

struct bounds {
    int left, top, right, bottom; /* right, bottom: one past the last; left > right: no ink */
    double sum;                   /* in whole black pixels */
};

static struct bounds ink_bounds(const struct page *page)
{
    struct bounds b = {page->w, page->h, 0, 0, 0};
    for (int y = 0; y < page->h; y++)
        for (int x = 0; x < page->w; x++) {
            if (ink(page, x, y) > 8) {
                b.left = x < b.left ? x : b.left;
                b.right = x + 1 > b.right ? x + 1 : b.right;
                b.top = y < b.top ? y : b.top;
                b.bottom = y + 1 > b.bottom ? y + 1 : b.bottom;
            }
            b.sum += ink(page, x, y) / 255.0;
        }
    return b;
}

/* Draw one list and free it: how much ink, and where. */
static struct bounds ink_of(struct display_list *list)
{
    OWN(page) page = draw(list);
    struct bounds bounds = ink_bounds(&page);
    display_finish(list);
    return bounds;
}

/* ---- texts ---- */

TEST(a_text_is_as_wide_as_it_was_measured_and_inside_its_box)
{
    static const char *const texts[] = {"Bgjy",
                                        "The animal didn’t cross",
                                        "-0.31",
                                        "HH",
                                        "0",
                                        "x中文 AVATAR",
                                        "because it was too tired, the street was too wide for it and nobody minded"};
    struct measure measure = fonts_measure(the_fonts);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (int face = 0; face < FACE_COUNT; face++)
            for (float size = 11; size < 34; size += 4) {
                struct display_list list = white_page(1700, 80);
                sketch_text(&list, 20, 20, (enum face)face, size, 0, texts[i]);
                float width = measure.width(measure.context, (enum face)face, size, texts[i], strlen(texts[i]));
                struct bounds b = ink_of(&list);
                /* A letter has a little room at its sides, and rounding may move it out by a pixel. */
                if ((float)b.left < 19 || (float)b.left > 20 + 0.25f * size || (float)b.right > 21.5f + width ||
                    (float)b.right < 20 + width - 0.25f * size)
                    fail_msg("%s at %g in face %d: ink %d..%d, measured 20..%g", texts[i], (double)size, face, b.left,
                             b.right, (double)(20 + width));
                if (b.top < 19 || (float)b.bottom > 21 + TEXT_HEIGHT * size)
                    fail_msg("%s at %g in face %d: ink from %d to %d, box 20 to %g", texts[i], (double)size, face,
                             b.top, b.bottom, (double)(20 + TEXT_HEIGHT * size));
            }
}

TEST(letters_of_all_faces_stand_on_one_baseline)
{
    for (float size = 12; size <= 40; size += 7)
        for (int face = 0; face < FACE_COUNT; face++) {
            struct display_list list = white_page(200, 80);
            sketch_text(&list, 20, 10, (enum face)face, size, 0, "HEI");
            assert_close(ink_of(&list).bottom, 10 + (double)(TEXT_BASELINE * size), 1.01);
        }
}

TEST(text_has_its_colour_and_alpha)
{
    double solid = 0;
    for (int alpha = 255; alpha >= 0; alpha -= 85) {
        struct display_list list = white_page(200, 60);
        sketch_text(&list, 10, 10, FACE_SANS_BOLD, 30, 0, "MMMM")->fill.a = (uint8_t)alpha;
        double sum = ink_of(&list).sum;
        solid = alpha == 255 ? sum : solid;
        assert_close(sum / solid, alpha / 255.0, 0.02);
    }
    assert_true(solid > 100);
    PAGE list = white_page(200, 60);
    sketch_text(&list, 10, 10, FACE_SANS_BOLD, 40, 0x0B5CAD, "█▌M");
    OWN(page) page = draw(&list);
    bool found = false;
    for (int i = 0; i < page.w * page.h; i++)
        found = found || !memcmp(page.pixels + 3 * i, "\x0B\x5C\xAD", 3);
    assert_true(found);
}

TEST(a_full_atlas_changes_nothing)
{
    /* One page with more letters than the atlas holds, and each of its texts on a page of its own. */
    enum { TEXTS = 60, ROW = 190 };
    PAGE all = white_page(1000, TEXTS * ROW);
    for (int i = 0; i < TEXTS; i++) {
        char text[24];
        snprintf(text, sizeof text, "Wo%dMg%c", i, 'A' + i % 26);
        sketch_text(&all, 10, (float)(i * ROW), FACE_SANS, 150, 0, text);
    }
    OWN(page) whole = draw(&all);
    for (int i = 0; i < TEXTS; i++) {
        PAGE one = white_page(1000, ROW);
        sketch_text(&one, 10, 0, FACE_SANS, 150, 0, display_item_text(&all, &all.items[i]));
        OWN(page) alone = draw(&one);
        assert_memory_equal(alone.pixels, pixel(&whole, 0, i * ROW), (size_t)1000 * ROW * 3);
    }
}

TEST(a_painter_that_forgot_draws_the_same)
{
    PAGE list = {0};
    sketch_everything(&list);
    SDL_Surface *surface = SDL_CreateRGBSurfaceWithFormat(0, 200, 120, 32, SDL_PIXELFORMAT_RGB888);
    SDL_Renderer *renderer = SDL_CreateSoftwareRenderer(surface);
    struct painter *painter;
    assert_ok(painter_new(renderer, the_fonts, &painter));
    size_t size = (size_t)surface->pitch * 120;
    unsigned char *first = malloc(size);
    assert_non_null(first);
    for (int frame = 0; frame < 3; frame++) {
        assert_ok(painter_draw(painter, &list));
        if (frame == 0)
            memcpy(first, surface->pixels, size);
        assert_memory_equal(surface->pixels, first, size);
        if (frame == 1)
            painter_reset(painter);
    }
    free(first);
    painter_free(painter);
    painter_free(NULL);
    SDL_DestroyRenderer(renderer);
    SDL_FreeSurface(surface);
}

/* ---- shapes ---- */

TEST(rounded_boxes_are_symmetrical)
{
    for (int radius = 0; radius <= 24; radius += 3)
        for (int stroke = 0; stroke <= 4; stroke++) {
            PAGE list = white_page(60, 60);
            sketch_round(&list, (struct rect){6, 6, 48, 48}, (float)radius, 0x808080, (float)stroke, 0x102030);
            OWN(page) page = draw(&list);
            for (int y = 0; y < 60; y++)
                for (int x = 0; x < 60; x++) {
                    assert_int_equal(ink(&page, x, y), ink(&page, 59 - x, y));
                    assert_int_equal(ink(&page, x, y), ink(&page, x, 59 - y));
                    assert_int_equal(ink(&page, x, y), ink(&page, y, x));
                }
            assert_true((ink(&page, 6, 6) < 60) == (radius > 2));
            assert_int_equal(pixel(&page, 30, 6)[0], stroke ? 0x10 : 0x80);
            assert_int_equal(pixel(&page, 30, 5)[0], 0xFF);
            assert_int_equal(pixel(&page, 30, 6 + stroke)[0], 0x80);
        }
}

TEST(a_disc_has_the_area_of_a_disc)
{
    for (int radius = 2; radius <= 40; radius += 2) {
        struct display_list list = white_page(100, 100);
        sketch_round(&list, (struct rect){5, 5, (float)(2 * radius), (float)(2 * radius)}, (float)radius, 0, 0, 0);
        double area = 3.14159265 * radius * radius;
        assert_close(ink_of(&list).sum, area, 0.5 + 0.01 * area); /* SDL rounds when it blends */
    }
}

TEST(edges_are_crisp_and_boxes_that_touch_still_touch)
{
    PAGE list = white_page(60, 20);
    for (int i = 0; i < 8; i++)
        sketch_round(&list, (struct rect){3.3f + 6.7f * (float)i, 4.4f, 6.7f, 10.2f}, 0, 0, 0, 0);
    OWN(page) page = draw(&list);
    for (int y = 0; y < 20; y++)
        for (int x = 0; x < 60; x++)
            assert_int_equal(ink(&page, x, y), x >= 3 && x < 57 && y >= 4 && y < 15 ? 255 : 0);
}

TEST(alpha_blends_in_every_kind_of_item)
{
    for (int kind = 0; kind < 5; kind++) {
        PAGE list = white_page(40, 40);
        struct rect box = {5, 5, 30, 30};
        if (kind == 0)
            sketch_round(&list, box, 8, 0, 0, 0)->fill.a = 128;
        if (kind == 1)
            sketch_heatmap(&list, box, 1, 1, 0), list.colours[0] = (struct colour){0, 0, 0, 128};
        if (kind == 2)
            sketch_item(&list, ITEM_LINE, (struct rect){5, 20, 30, 0}, 0)->fill.a = 128, list.items[0].stroke = 6;
        if (kind == 3)
            sketch_triangle(&list, (const float[]){0, 40, 20}, (const float[]){0, 0, 80}, 0)->fill.a = 128;
        if (kind == 4)
            sketch_item(&list, ITEM_LINE, (struct rect){0, 0, 40, 40}, 0)->fill.a = 128, list.items[0].stroke = 9;
        OWN(page) page = draw(&list);
        if (abs(ink(&page, 20, 20) - 128) > 1)
            fail_msg("kind %d: ink %d, wanted 128", kind, ink(&page, 20, 20));
    }
}

TEST(lines_have_the_ink_of_their_length_and_width)
{
    for (int i = 0; i < 16; i++)
        for (float width = 0.5f; width < 8; width += 1.5f) {
            float angle = 0.1f + 0.39f * (float)i, length = 120;
            struct display_list list = white_page(300, 300);
            struct rect box = {150, 150, length * cosf(angle), length * sinf(angle)};
            sketch_item(&list, ITEM_LINE, box, 0)->stroke = width;
            assert_close(ink_of(&list).sum / (double)(length * width), 1, 0.04);
        }
    static const struct {
        struct rect box;
        float stroke;
        struct bounds want;
    } straight[] = {{{10, 20.5f, 30, 0}, 1, {10, 20, 40, 21, 30}},
                    {{40, 20, -30, 0}, 2, {10, 19, 40, 21, 60}},
                    {{20, 40, 0, -30}, 0.2f, {20, 10, 21, 40, 30}}};
    for (size_t i = 0; i < 3; i++) {
        struct display_list list = white_page(60, 60);
        sketch_item(&list, ITEM_LINE, straight[i].box, 0)->stroke = straight[i].stroke;
        struct bounds got = ink_of(&list), want = straight[i].want;
        assert_close(got.sum, want.sum, 0);
        assert_true(got.left == want.left && got.right == want.right && got.top == want.top &&
                    got.bottom == want.bottom);
    }
}

TEST(polygons_have_the_ink_of_their_area)
{
    for (int i = 1; i < 6; i++) {
        float a = 5.3f * (float)(i * i) + 4, b = 40;
        struct display_list list = white_page(400, 100);
        sketch_triangle(&list, (const float[]){10.2f, 10.2f + 2 * a, 10.2f}, (const float[]){10.7f, 10.7f, 10.7f + b},
                        0);
        assert_close(ink_of(&list).sum / (double)(a * b), 1, 0.04);
    }
}

TEST(heatmap_cells_have_their_colours)
{
    static const size_t sizes[][2] = {{1, 1}, {3, 7}, {50, 60}, {150, 200}};
    for (size_t i = 0; i < 4; i++) {
        size_t rows = sizes[i][0], cols = sizes[i][1];
        PAGE list = white_page(700, 500);
        sketch_heatmap(&list, (struct rect){50, 25, 600, 450}, rows, cols, i == 1 ? 2 : 0);
        OWN(page) page = draw(&list);
        for (size_t row = 0; row < rows; row++)
            for (size_t col = 0; col < cols; col++) {
                struct rect cell = heatmap_cell(&list.items[0], row, col);
                const unsigned char *got = pixel(&page, (int)(cell.x + cell.w / 2), (int)(cell.y + cell.h / 2));
                struct colour want = list.colours[row * cols + col];
                assert_true(got[0] == want.r && got[1] == want.g && got[2] == want.b);
            }
    }
}

TEST(what_cannot_be_drawn_is_left_out)
{
    static const struct rect boxes[] = {{10, 10, 0, 20},    {10, 10, 20, 0},        {10, 10, -5, -5},
                                        {-500, 10, 20, 20}, {10, 900, 20, 20},      {NAN, 10, 20, 20},
                                        {10, 10, NAN, 20},  {INFINITY, 10, 20, 20}, {1e30f, 1e30f, 1e30f, 1e30f}};
    for (size_t i = 0; i < sizeof boxes / sizeof boxes[0]; i++) {
        struct display_list list = white_page(100, 100);
        sketch_round(&list, boxes[i], 5, 0, 2, 0);
        sketch_heatmap(&list, boxes[i], 3, 3, 1);
        if (!(boxes[i].x == 10 && boxes[i].y == 10)) {
            sketch_text(&list, boxes[i].x, boxes[i].y, FACE_SANS, 15, 0, "x");
            sketch_item(&list, ITEM_LINE, boxes[i], 0)->stroke = 1;
            float x = boxes[i].x, y = boxes[i].y;
            sketch_triangle(&list, (const float[]){x, x + 10, x}, (const float[]){y, y, y + 10}, 0);
        }
        sketch_item(&list, ITEM_HIT, (struct rect){0, 0, 100, 100}, 0);
        sketch_item(&list, ITEM_LINE, (struct rect){0, 0, 50, 50}, 0)->stroke = 0;
        assert_close(ink_of(&list).sum, 0, 0);
    }
    struct display_list list = white_page(100, 100);
    sketch_heatmap(&list, (struct rect){0, 0, 50, 50}, 4, 4, 0)->as.heatmap.rows = SIZE_MAX / 2;
    sketch_heatmap(&list, (struct rect){0, 0, 50, 50}, 0, 0, 0);
    sketch_triangle(&list, (const float[]){0, 5, 0}, (const float[]){0, 0, 5}, 0)->as.polygon.n = 2;
    assert_close(ink_of(&list).sum, 0, 0);
}

/* ---- pages ---- */

TEST(a_png_decodes_to_the_same_pixels)
{
    PAGE list = {0};
    OWN(str) png = {0};
    sketch_everything(&list);
    OWN(page) page = draw(&list);
    assert_ok(page_png(&list, the_fonts, &png));
    int width, height;
    unsigned char *decoded = read_png_bytes(png.v, png.n, &width, &height);
    assert_true(width == 200 && height == 120);
    assert_memory_equal(decoded, page.pixels, 200 * 120 * 3);
    free(decoded);
}

TEST(a_page_without_size_is_an_error)
{
    static const float sizes[][2] = {{0, 100}, {100, 0}, {-5, 5}, {NAN, 10}, {1e9f, 10}, {10, 20000}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct display_list list = {.page = {0, 0, sizes[i][0], sizes[i][1]}};
        struct str png = {0};
        assert_error(page_png(&list, the_fonts, &png), QKV_ERR_LIMIT, "a side must be 1..16384");
        assert_null(png.v);
    }
}

TEST_GROUP(the_fonts_open, the_fonts_close)
