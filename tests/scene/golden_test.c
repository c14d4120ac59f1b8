/* Golden pages: golden/NAME.txt holds a size, a state line, and the page that they give as a text that can be reviewed:
 * each part of the page with the box that it takes and what it says. Boxes are rounded to 8 pixels. Beside some of them
 * lies golden/NAME.png: the same page as pixels, a quarter of its size, compared with a tolerance.
 *
 * `./dev golden` writes the pages anew. A new page: write a file with its first line and run that. */
#include "app/test_app.h"

#include "base/file.h"
#include "base/folder.h"
#include "paint/paint.h"
#include "support/read_png.h"

#include <stdio.h>
#include <stdlib.h>

enum { GOLDEN_BYTES_MAX = 1 << 20, GRID = 8, SHRINK = 4, TOLD_MOST = 12 };

static const char *const not_meant = "pages changed; if that is meant, run ./dev golden and review the difference";

/* ---- a page as text ---- */

static struct rect united(struct rect a, struct rect b)
{
    float x = fminf(a.x, b.x), y = fminf(a.y, b.y);
    return (struct rect){x, y, fmaxf(a.x + a.w, b.x + b.w) - x, fmaxf(a.y + a.h, b.y + b.h) - y};
}

static int rounded(float x)
{
    return (int)lroundf(x / GRID) * GRID;
}

/* Items of one part and matrix belong together. */
static bool same_part(const struct item *a, const struct item *b)
{
    return a->kind == b->kind && a->group == b->group && strcmp(a->part, b->part) == 0;
}

/* The texts of a part, line by line; two blanks and more between those that stand apart. */
static void add_texts(const struct display_list *page, size_t first, struct str *to)
{
    const struct item *before = NULL;
    OWN(str) texts = {0};
    bool number = strcmp(page->items[first].part, "cell") == 0;
    for (size_t i = first; i < page->n; i++) {
        const struct item *item = &page->items[i];
        if (!same_part(item, &page->items[first]))
            continue;
        float size = item->as.text.size, gap = before ? item->box.x - before->box.x - before->box.w : 0;
        bool turned = item->as.text.upwards;
        if (before && !turned && fabsf(item->box.y - before->box.y) > 0.9f * size)
            str_add(&texts, "\n   ");
        else if (before && (turned || fabsf(gap) > 0.8f * size))
            str_add(&texts, " ");
        str_addf(&texts, number ? " %5s" : " %s", display_item_text(page, item));
        before = item;
    }
    str_addf(to, "%s%s", strchr(str_text(&texts), '\n') ? "\n   " : "", str_text(&texts));
}

/* What can be pointed at: each command once, in the order of the page, and how often. */
static void add_targets(const struct display_list *page, struct str *to)
{
    for (size_t i = 0; i < page->n; i++) {
        const struct item *item = &page->items[i];
        size_t n = 0, before = 0;
        for (size_t k = 0; item->kind == ITEM_HIT && k < page->n; k++)
            if (page->items[k].kind == ITEM_HIT && page->items[k].as.hit.command == item->as.hit.command) {
                n++;
                before += k < i;
            }
        if (n == 0 || before > 0)
            continue;
        str_addf(to, " %s", item->as.hit.command < 0 ? "nothing" : command_shown(item->as.hit.command)->name);
        if (n > 1)
            str_addf(to, " x %zu", n);
        str_add(to, ";");
    }
}

/* A part, told at its first item. */
static void add_part(const struct display_list *page, size_t first, struct str *to)
{
    const struct item *item = &page->items[first];
    struct rect box = item->box;
    size_t n = 0;
    for (size_t i = first; i < page->n; i++)
        if (same_part(&page->items[i], item)) {
            box = united(box, page->items[i].box);
            n++;
        }
    str_addf(to, "%s", item->part);
    if (n > 1 && item->kind != ITEM_TEXT)
        str_addf(to, " x %zu", n);
    str_addf(to, " [%d,%d %dx%d]", rounded(box.x), rounded(box.y), rounded(box.w), rounded(box.h));
    if (item->kind == ITEM_HEATMAP)
        str_addf(to, " %zu x %zu cells%s", item->as.heatmap.rows, item->as.heatmap.cols,
                 item->as.heatmap.transposed ? ", transposed" : "");
    if (item->kind == ITEM_TEXT)
        add_texts(page, first, to);
    if (item->kind == ITEM_HIT)
        add_targets(page, to);
    str_add(to, "\n");
}

static void add_page(const struct display_list *page, struct str *to)
{
    for (size_t i = 0; i < page->n; i++) {
        const struct item *item = &page->items[i];
        size_t before = 0;
        while (before < i &&
               (item->kind == ITEM_HIT ? page->items[before].kind != ITEM_HIT : !same_part(&page->items[before], item)))
            before++;
        if (before == i)
            add_part(page, i, to);
    }
}

/* The lines in which two texts differ, the first few. */
static void tell_difference(const char *path, const char *want, const char *got)
{
    int told = 0;
    for (int line = 1; (*want || *got) && told < TOLD_MOST; line++) {
        size_t w = strcspn(want, "\n"), g = strcspn(got, "\n");
        if (w != g || strncmp(want, got, w) != 0) {
            print_error("%s:%d:\n  -%.*s\n  +%.*s\n", path, line, (int)w, want, (int)g, got);
            told++;
        }
        want += w + (want[w] == '\n');
        got += g + (got[g] == '\n');
    }
}

/* ---- a page as pixels ---- */

struct pixels {
    unsigned char *rgb; /* owned; 3 bytes a pixel */
    int w, h;
};

/* Every pixel is the mean of SHRINK x SHRINK. */
static struct pixels shrunk(const unsigned char *rgb, int w, int h)
{
    struct pixels small = {malloc((size_t)(w / SHRINK) * (size_t)(h / SHRINK) * 3), w / SHRINK, h / SHRINK};
    assert_non_null(small.rgb);
    for (int i = 0; i < small.w * small.h * 3; i++) {
        int sum = 0, x = i / 3 % small.w * SHRINK, y = i / 3 / small.w * SHRINK;
        for (int k = 0; k < SHRINK * SHRINK; k++)
            sum += rgb[((y + k / SHRINK) * w + x + k % SHRINK) * 3 + i % 3];
        small.rgb[i] = (unsigned char)(sum / (SHRINK * SHRINK));
    }
    return small;
}

static void write_png(const char *path, const struct pixels *pixels)
{
    OWN(str) png = {0};
    assert_ok(png_make(pixels->rgb, pixels->w, pixels->h, false, &png));
    assert_ok(file_write(path, png.v, png.n));
}

static struct pixels read_png(const char *path)
{
    OWN(str) png = {0};
    struct pixels pixels = {0};
    assert_ok(file_read(path, GOLDEN_BYTES_MAX, &png));
    pixels.rgb = read_png_bytes(png.v, png.n, &pixels.w, &pixels.h);
    return pixels;
}

static int difference_at(const struct pixels *a, const struct pixels *b, int i)
{
    int most = 0;
    for (int k = 3 * i; k < 3 * i + 3; k++)
        most = abs(a->rgb[k] - b->rgb[k]) > most ? abs(a->rgb[k] - b->rgb[k]) : most;
    return most;
}

/* Letters may be smoothed a little otherwise by another version of a library: a pixel may differ by 40 of 255 levels,
 * and one of 2,000 by more. Differing pixels of *got become red, the others pale. */
static bool pixels_agree(const struct pixels *want, struct pixels *got)
{
    int far = 0, n = got->w * got->h;
    if (want->w != got->w || want->h != got->h)
        return false;
    for (int i = 0; i < n; i++)
        far += difference_at(want, got, i) > 40;
    for (int i = 0; far * 2000 > n && i < n; i++) {
        bool differs = difference_at(want, got, i) > 40;
        for (int k = 0; k < 3; k++)
            got->rgb[3 * i + k] = (unsigned char)(differs ? (k ? 0 : 255) : 170 + got->rgb[3 * i + k] / 3);
    }
    return far * 2000 <= n;
}

/* The pictures were drawn with these faces; where others are found there is nothing to compare. */
static bool faces_are_there(struct fonts *fonts, const struct display_list *page)
{
    OWN(str) svg = {0};
    assert_ok(page_svg(page, fonts, "", "", &svg));
    return strstr(str_text(&svg), "Inter") && strstr(str_text(&svg), "JetBrains Mono");
}

/* ---- the pages in the folder ---- */

struct golden {
    struct str path, want, got; /* texts */
    struct display_list page;
    char name[64];
};

static bool writing(void)
{
    const char *mode = getenv("QKV_GOLDEN");
    return mode && strcmp(mode, "write") == 0;
}

static void build(const char *first_line, struct measure measure, struct display_list *page)
{
    OWN(app) app;
    int w, h, at = 0;
    if (sscanf(first_line, "%dx%d %n", &w, &h, &at) != 2 || !at)
        fail_msg("\"%s\" does not begin with a size, WxH", first_line);
    assert_ok(app_init(&app, NULL, NULL, measure));
    app_update(&app, (struct action){.kind = ACTION_RESIZE, .x = (float)w, .y = (float)h});
    assert_ok(state_apply(&app, first_line + at));
    scene_build(VIEW(&app), &measure, page);
    assert_false(page->failed);
}

/* The next page of the folder; false: that was the last. */
static bool golden_next(struct golden *g, struct measure measure)
{
    struct str path = {0}, line = {0};
    bool more = folder_next(tests_path("scene/golden"), ".txt", g->path.n ? str_text(&g->path) : NULL, &path);
    str_finish(&g->path);
    g->path = path;
    str_finish(&g->want);
    str_clear(&g->got);
    if (!more)
        return false;
    const char *name = strrchr(str_text(&path), '/') + 1;
    snprintf(g->name, sizeof g->name, "%.*s", (int)strcspn(name, "."), name);
    assert_ok(file_read(str_text(&path), GOLDEN_BYTES_MAX, &g->want));
    str_addn(&line, str_text(&g->want), strcspn(str_text(&g->want), "\n"));
    build(str_text(&line), measure, &g->page);
    str_addf(&g->got, "%s\n\n", str_text(&line));
    add_page(&g->page, &g->got);
    str_finish(&line);
    return true;
}

static void golden_finish(struct golden *g)
{
    str_finish(&g->path);
    str_finish(&g->want);
    str_finish(&g->got);
    display_finish(&g->page);
}

TEST(pages_say_what_they_said)
{
    OWN(golden) g = {0};
    int pages = 0, changed = 0;
    for (; golden_next(&g, fake_measure); pages++) {
        bool same = strcmp(str_text(&g.want), str_text(&g.got)) == 0;
        if (!same && writing())
            assert_ok(file_write(str_text(&g.path), str_text(&g.got), g.got.n));
        else if (!same)
            tell_difference(str_text(&g.path), str_text(&g.want), str_text(&g.got));
        changed += !same && !writing();
    }
    assert_true(pages > 0);
    if (changed)
        fail_msg("%d %s", changed, not_meant);
}

static bool picture_is_as_it_was(const struct golden *g, struct fonts *fonts, const char *path)
{
    unsigned char *rgb = NULL;
    int w = 0, h = 0;
    char difference[128];
    assert_ok(page_pixels(&g->page, fonts, &rgb, &w, &h));
    struct pixels got = shrunk(rgb, w, h);
    bool same = true;
    if (writing()) {
        write_png(path, &got);
    } else {
        struct pixels want = read_png(path);
        snprintf(difference, sizeof difference, "%s-difference.png", g->name);
        same = pixels_agree(&want, &got);
        if (!same) {
            write_png(difference, &got);
            print_error("%s is another picture now; what differs is red in %s\n", path, difference);
        }
        free(want.rgb);
    }
    free(got.rgb);
    free(rgb);
    return same;
}

TEST(pages_look_as_they_did)
{
    OWN(golden) g = {0};
    struct fonts *fonts = NULL;
    int pictures = 0, changed = 0;
    bool there = true;
    assert_ok(fonts_new(&fonts));
    while (there && golden_next(&g, fonts_measure(fonts))) {
        const char *path = tests_path("scene/golden/%s.png", g.name);
        there = faces_are_there(fonts, &g.page);
        if (!there || !file_exists(path))
            continue;
        pictures++;
        changed += !picture_is_as_it_was(&g, fonts, path);
    }
    fonts_free(fonts);
    if (!there)
        skip();
    assert_true(pictures > 0);
    if (changed)
        fail_msg("%d %s", changed, not_meant);
}

/* ---- proving the comparison ---- */

TEST(a_page_that_differs_is_found_out)
{
    PAGE page = {0};
    OWN(str) was = {0}, is = {0};
    build("1280x800 lesson=one-head at=scores", fake_measure, &page);
    add_page(&page, &was);
    size_t cell = 0, matrix = 0;
    for (size_t i = 0; i < page.n; i++) {
        cell = strcmp(page.items[i].part, "cell") == 0 ? i : cell;
        matrix = page.items[i].kind == ITEM_HEATMAP ? i : matrix;
    }
    page.texts.v[page.items[cell].as.text.at] ^= 1; /* a digit */
    add_page(&page, &is);
    assert_string_not_equal(str_text(&was), str_text(&is));
    str_clear(&is);
    page.texts.v[page.items[cell].as.text.at] ^= 1;
    page.items[matrix].box.w += 2 * GRID;
    add_page(&page, &is);
    assert_string_not_equal(str_text(&was), str_text(&is));
}

enum { SIDE = 100 };
static const struct difference_case {
    const char *name;
    int pixels, by;
    bool agree;
} differences[] = {
    {"the same", 0, 0, true},
    {"smoothed otherwise", SIDE *SIDE, 30, true},
    {"a few pixels", 5, 255, true},
    {"a cell of another colour", 36, 60, false},
    {"another page", SIDE *SIDE, 60, false},
};

TEST_ROWS(a_picture_that_differs_is_found_out, differences, c)
{
    static unsigned char black[SIDE * SIDE * 3], changed[SIDE * SIDE * 3];
    struct pixels want = {black, SIDE, SIDE}, got = {changed, SIDE, SIDE};
    memset(changed, 0, sizeof changed);
    for (int k = 0; k < c->pixels; k++)
        got.rgb[3 * k + 1] = (unsigned char)c->by;
    assert_int_equal(pixels_agree(&want, &got), c->agree);
}
