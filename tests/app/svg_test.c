/* A page as SVG and the same page as pixels agree: another program draws the SVG, and both pictures are compared.
 * argv[1] is that program, rsvg-convert; without it the tests that need it are skipped.
 *
 * Letters are smoothed and hinted differently by every renderer, so single pixels along their edges differ a lot. But a
 * letter has as much ink in both: over a square of 16 pixels the differences cancel. So three things are asked:
 *   page   the mean difference of all pixels (up to 1.7 on a page full of numbers);
 *   square the largest difference between the mean colours of a square of 16 x 16 pixels (up to 7.6): a single digit
 *          that is missing makes 26 or more, and half a pixel of shift, which no eye would see, stays below;
 *   flat   the largest difference of a pixel in the middle of 25 x 5 along which nothing changes, lying or standing:
 *          in a cell, on the page, along an edge, and in no letter. There both must be the same, but for rounding.
 * Differences are the largest of the three channels', from 0 to 255. */
#include "app/test_app.h"

#include "app/export.h"
#include "base/array.h"
#include "base/file.h"
#include "scene/pen.h"
#include "support/read_png.h"

#include <stdio.h>
#include <stdlib.h>

static const double page_tolerance = 2.5, square_tolerance = 14, flat_tolerance = 1;

static const char *renderer;
static struct fonts *the_fonts;

struct picture_of_page {
    unsigned char *pixels;
    int w, h;
};

static void picture_of_page_finish(struct picture_of_page *p)
{
    free(p->pixels);
}

struct difference {
    double page, square, flat;
};

static int channel_difference(const unsigned char *a, const unsigned char *b)
{
    int most = 0;
    for (int i = 0; i < 3; i++)
        most = abs(a[i] - b[i]) > most ? abs(a[i] - b[i]) : most;
    return most;
}

static const unsigned char *pixel(const struct picture_of_page *p, int x, int y)
{
    return p->pixels + ((size_t)y * (size_t)p->w + (size_t)x) * 3;
}

static double square_difference(const struct picture_of_page *a, const struct picture_of_page *b, int left, int top)
{
    enum { SIDE = 16 };
    double sums[3] = {0}, most = 0;
    for (int y = top; y < top + SIDE && y < a->h; y++)
        for (int x = left; x < left + SIDE && x < a->w; x++)
            for (int i = 0; i < 3; i++)
                sums[i] += pixel(a, x, y)[i] - pixel(b, x, y)[i];
    for (int i = 0; i < 3; i++)
        most = fmax(most, fabs(sums[i]) / (SIDE * SIDE));
    return most;
}

/* Do the pixels that are up to `along` away in the direction x (or y) have the colour of this one? */
static bool is_even(const struct picture_of_page *a, int x, int y, bool in_x, int along)
{
    for (int i = -along; i <= along; i++) {
        int there_x = in_x ? x + i : x, there_y = in_x ? y : y + i;
        if (there_x >= 0 && there_y >= 0 && there_x < a->w && there_y < a->h &&
            memcmp(pixel(a, x, y), pixel(a, there_x, there_y), 3) != 0)
            return false;
    }
    return true;
}

/* Nothing changes along x (or y) here, nor up to two pixels beside. */
static bool is_flat(const struct picture_of_page *a, int x, int y, bool in_x)
{
    for (int i = -2; i <= 2; i++) {
        int there_x = in_x ? x : x + i, there_y = in_x ? y + i : y;
        if (there_x >= 0 && there_y >= 0 && there_x < a->w && there_y < a->h && !is_even(a, there_x, there_y, in_x, 12))
            return false;
    }
    return true;
}

static struct difference compare(const struct picture_of_page *a, const struct picture_of_page *b)
{
    struct difference d = {0};
    assert_int_equal(a->w, b->w);
    assert_int_equal(a->h, b->h);
    for (int y = 0; y < a->h; y++)
        for (int x = 0; x < a->w; x++) {
            int here = channel_difference(pixel(a, x, y), pixel(b, x, y));
            d.page += here;
            if (here > d.flat && (is_flat(a, x, y, true) || is_flat(a, x, y, false)))
                d.flat = here;
        }
    d.page /= (double)a->w * a->h;
    for (int y = 0; y < a->h; y += 8) /* squares overlap: what lies across the edge of one is inside another */
        for (int x = 0; x < a->w; x += 8)
            d.square = fmax(d.square, square_difference(a, b, x, y));
    return d;
}

static bool agrees(struct difference d)
{
    return d.page <= page_tolerance && d.square <= square_tolerance && d.flat <= flat_tolerance;
}

/* ---- both ways ---- */

static struct picture_of_page draw(const struct display_list *list)
{
    struct picture_of_page p = {0};
    assert_ok(page_pixels(list, the_fonts, &p.pixels, &p.w, &p.h));
    return p;
}

static struct picture_of_page render(const struct str *svg)
{
    struct picture_of_page p = {0};
    OWN(str) png = {0};
    char command[1024];
    assert_ok(file_write("svg_test.svg", svg->v, svg->n));
    snprintf(command, sizeof command, "'%s' svg_test.svg -o svg_test.png", renderer);
    if (system(command) != 0)
        fail_msg("the renderer refuses the page: see svg_test.svg");
    assert_ok(file_read("svg_test.png", 64 * 1024 * 1024, &png));
    p.pixels = read_png_bytes(png.v, png.n, &p.w, &p.h);
    return p;
}

static struct picture_of_page render_list(const struct display_list *list)
{
    OWN(str) svg = {0};
    assert_ok(page_svg(list, the_fonts, "title", "description", &svg));
    struct picture_of_page p = render(&svg);
    return p;
}

static void open_app(struct app *app, const char *lesson, const char *state)
{
    assert_ok(app_init(app, lesson, state, fonts_measure(the_fonts)));
    app_update(app, (struct action){.kind = ACTION_RESIZE, .x = 1280, .y = 800});
    app->animation.transition.on = false;
}

static void need_renderer(void)
{
    if (!renderer) {
        print_message("SKIP: there is no rsvg-convert (package librsvg2-bin) to draw SVG with\n");
        skip();
    }
}

/* ---- pages that agree ---- */

static struct page_case {
    const char *name, *lesson, *state;
} pages[] = {
    {"a product, light", "one-head", "at=scores theme=light"},
    {"a pinned cell of one of several heads, dark", "several-heads",
     "at=weights head=2 cell=weights,2,5,4 pinned=yes theme=dark"},
    {"the overview, dark", "several-heads", "at=heads page=overview theme=dark"},
    {"blocked cells, light", "causal-mask", "at=masked theme=light"},
    {"a picture in patches with turned labels, light", "image-patches", "at=scores theme=light"},
    {"a picture in patches, dark", "image-patches", "at=scores theme=dark"},
    {"a sentence in Chinese, light", "one-head", "sentence=猫坐在垫子上因为它累了 at=scores theme=light"},
    {"a sentence in Chinese, dark", "one-head", "sentence=猫坐在垫子上因为它累了 at=weights theme=dark"},
    {"a sentence in Hebrew and one that mixes, light", "one-head",
     "sentence=\"שלום עולם and ≤ ∑ ß\" at=scores theme=light"},
    {"words that XML would take for its own marks, dark", "one-head",
     "sentence=\"<b> & \\\"it's\\\" ]]> &amp; --> 𝒳 😀\" at=scores theme=dark"},
};

TEST_ROWS(a_page_as_svg_looks_as_its_pixels_do, pages, c)
{
    OWN(app) app = {0};
    PAGE scratch = {0};
    OWN(str) svg = {0};
    need_renderer();
    open_app(&app, c->lesson, c->state);
    assert_ok(page_make(&app, the_fonts, PAGE_SVG, &svg));
    OWN(picture_of_page) drawn = draw(app_draw(&app, &scratch)), rendered = render(&svg);
    struct difference d = compare(&drawn, &rendered);
    print_message("page %.3f, square %.1f, flat %.0f\n", d.page, d.square, d.flat);
    if (!agrees(d))
        fail_msg("%s: the pictures differ: page %.3f, square %.1f, flat %.0f", c->name, d.page, d.square, d.flat);
}

/* ---- the comparison sees what is wrong ---- */

/* Two lines and a curve, because not every page has some. */
static void add_lines(struct display_list *list)
{
    static const struct point wave[] = {{300, 200}, {330, 170}, {360, 200}, {390, 230}, {420, 200}};
    struct pen pen = {.list = list};
    static const struct item lines[] = {
        {.kind = ITEM_LINE, .part = "line", .box = {100, 140.4f, 150, 0}, .fill = {9, 90, 200, 255}, .stroke = 2},
        {.kind = ITEM_LINE, .part = "line", .box = {100, 300, 150, -90}, .fill = {9, 90, 200, 128}, .stroke = 2.5f},
    };
    pen_curve(&pen, "curve", (struct colour){9, 90, 200, 255}, 6, 5, wave);
    assert_true(array_reserve(&list->items, &list->capacity, list->n + 2, sizeof *list->items));
    memcpy(list->items + list->n, lines, sizeof lines);
    list->n += 2;
}

/* What is done to the first item of a kind, with a text where one is named, or to the i-th from the end. */
static const struct flaw_case {
    const char *name;
    enum { LEFT_ALONE, LEFT_OUT, MOVED, RECOLOURED, CELL_RECOLOURED } how;
    enum item_kind kind;
    const char *text;
    size_t from_end;
} flaws[] = {
    {"a page without a flaw agrees", LEFT_ALONE, ITEM_TEXT, NULL, 0},
    {"a number of one digit is missing", LEFT_OUT, ITEM_TEXT, "7", 0},
    {"the colour of a cell is off by 2", CELL_RECOLOURED, ITEM_HEATMAP, NULL, 0},
    {"a text has another colour", RECOLOURED, ITEM_TEXT, "because", 0},
    {"a text stands 8 pixels to the right", MOVED, ITEM_TEXT, NULL, 0},
    {"a box is missing", LEFT_OUT, ITEM_BOX, NULL, 0},
    {"a polygon is missing", LEFT_OUT, ITEM_POLYGON, NULL, 0},
    {"a level line is missing", LEFT_OUT, ITEM_LINE, NULL, 2},
    {"a slanted line is missing", LEFT_OUT, ITEM_LINE, NULL, 1},
    {"a curve is missing", LEFT_OUT, ITEM_CURVE, NULL, 0},
};

static void spoil(struct display_list *list, const struct flaw_case *c)
{
    size_t i = c->from_end ? list->n - c->from_end : 0;
    while (i < list->n && (list->items[i].kind != c->kind ||
                           (c->text && strcmp(display_item_text(list, &list->items[i]), c->text) != 0)))
        i++;
    assert_true(i < list->n);
    struct item *item = &list->items[i];
    if (c->how == LEFT_OUT)
        item->kind = ITEM_HIT;
    if (c->how == MOVED)
        item->box.x += 8;
    if (c->how == RECOLOURED)
        item->fill = (struct colour){255 - item->fill.r, 255 - item->fill.g, 255 - item->fill.b, 255};
    if (c->how == CELL_RECOLOURED)
        list->colours[item->as.heatmap.at].g ^= 2;
}

TEST_ROWS(a_page_with_a_flaw_is_told_apart, flaws, c)
{
    OWN(app) app = {0};
    PAGE list = {0};
    need_renderer();
    open_app(&app, "one-head", "at=scores");
    scene_build(VIEW(&app), &app.measure, &list);
    add_lines(&list);
    OWN(picture_of_page) drawn = draw(&list);
    spoil(&list, c);
    OWN(picture_of_page) rendered = render_list(&list);
    struct difference d = compare(&drawn, &rendered);
    print_message("page %.3f, square %.1f, flat %.0f\n", d.page, d.square, d.flat);
    assert_int_equal(agrees(d), c->how == LEFT_ALONE);
}

int main(int argc, char **argv)
{
    renderer = argc > 1 ? argv[1] : NULL;
    assert_ok(fonts_new(&the_fonts));
    int failed = test_run();
    fonts_free(the_fonts);
    return failed;
}
