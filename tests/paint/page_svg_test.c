/* SVG pages as text: what is on the page is in them, in words that every reader of XML takes. How they look is tested
 * where a renderer is at hand, with the app. */
#include "support/check.h"

#include "paint/sketch.h"

#include <stdlib.h>

/* The page as SVG; the list is freed. The caller finishes it. */
static struct str svg_of(struct display_list *list)
{
    struct str svg = {0};
    assert_ok(page_svg(list, the_fonts, "a title", "a description", &svg));
    display_finish(list);
    return svg;
}

static size_t count(const struct str *svg, const char *what)
{
    size_t n = 0;
    for (const char *at = strstr(svg->v, what); at; at = strstr(at + 1, what))
        n++;
    return n;
}

/* What a reader copies from the page: the letters between the tags of its texts, with their entities. */
static void copy_letters(const char *svg, char *to, size_t room)
{
    size_t n = 0;
    bool in_text = false, in_tag = false;
    for (; *svg; svg++) {
        if (strncmp(svg, "<text", 5) == 0 || strncmp(svg, "</text", 6) == 0)
            in_text = svg[1] != '/';
        in_tag = in_tag || *svg == '<';
        if (in_text && !in_tag && n + 1 < room)
            to[n++] = *svg;
        in_tag = in_tag && *svg != '>';
    }
    to[n] = '\0';
}

static struct letters_case {
    const char *name, *text, *want;
    enum face face;
    size_t boxes; /* characters that no font has */
} letters[] = {
    {"a word stays a word", "because", "because", FACE_SANS, 0},
    {"a number stays a number though its digits are placed one by one", "-0.31", "-0.31", FACE_MONO, 0},
    {"blanks between words stay, also where the runs are cut", "1.00 = +2", "1.00 = +2", FACE_MONO, 0},
    {"marks of XML are escaped", "<a b=\"c\" d='e'> & ]]>", "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt; &amp; ]]&gt;",
     FACE_SANS, 0},
    {"an entity is no entity of ours", "&lt;", "&amp;lt;", FACE_MONO, 0},
    {"Chinese beside Latin", "x中文", "x中文", FACE_SANS, 0},
    {"a character beyond the first 65536", "𝒳", "𝒳", FACE_SANS, 0},
    {"control characters draw nothing and are left out", "a\x01\x1b\x7f\tb", "a b", FACE_MONO, 0},
    {"bytes that are no UTF-8 are boxes", "a\xff\xc0", "a", FACE_SANS, 2},
    {"a noncharacter, which XML forbids, is a box", "a\xEF\xBF\xBF", "a", FACE_SANS, 1},
};

TEST_ROWS(letters_case, letters, c)
{
    struct display_list list = {0};
    char copied[256];
    sketch_page(&list, 640, 480, 0xFFFFFF);
    sketch_text(&list, 20, 20, c->face, 16, 0x102030, c->text);
    OWN(str) svg = svg_of(&list);
    copy_letters(svg.v, copied, sizeof copied);
    assert_string_equal(copied, c->want);
    assert_int_equal(count(&svg, "stroke=\"#102030\""), c->boxes);
    assert_int_equal(count(&svg, "\xEF\xBF\xBF"), 0);
    for (size_t i = 0; i < svg.n; i++)
        assert_true((unsigned char)svg.v[i] >= ' ' || svg.v[i] == '\n');
}

TEST(title_and_description_are_escaped)
{
    PAGE list = {0};
    OWN(str) svg = {0};
    sketch_page(&list, 640, 480, 0xFFFFFF);
    assert_ok(page_svg(&list, the_fonts, "a < b", "c\x02\xff & d\ne", &svg));
    assert_non_null(strstr(svg.v, "<title>a &lt; b</title>"));
    assert_non_null(strstr(svg.v, "<desc>c\xEF\xBF\xBD\xEF\xBF\xBD &amp; d e</desc>"));
}

TEST(what_is_only_pointed_at_is_left_out)
{
    struct display_list with = {0}, without = {0};
    sketch_page(&with, 640, 480, 0xFFFFFF);
    sketch_page(&without, 640, 480, 0xFFFFFF);
    sketch_item(&with, ITEM_HIT, (struct rect){10, 10, 50, 50}, 0x123456);
    OWN(str) a = svg_of(&with), b = svg_of(&without);
    assert_string_equal(a.v, b.v);
}

/* Two rows of three cells; all of one colour but the last. */
static struct str cells_with(float gap)
{
    struct display_list list = white_page(640, 480);
    struct item *map = sketch_heatmap(&list, (struct rect){10, 10, 60, 40}, 2, 3, gap);
    for (size_t i = 0; i < 6; i++)
        list.colours[map->as.heatmap.at + i] = (struct colour){0xAB, 0xCD, i == 5 ? 0x01 : 0xEF, 255};
    return svg_of(&list);
}

TEST(cells_are_merged_only_if_they_touch_and_are_equal)
{
    OWN(str) apart = cells_with(2), together = cells_with(0);
    assert_int_equal(count(&apart, "fill=\"#ABCDEF\""), 5);
    assert_int_equal(count(&together, "fill=\"#ABCDEF\""), 2);
    assert_int_equal(count(&together, "x=\"10\" y=\"10\" width=\"60\" height=\"20\""), 1);
    assert_int_equal(count(&together, "x=\"10\" y=\"30\" width=\"40\" height=\"20\""), 1);
    assert_int_equal(count(&together, "fill=\"#ABCD01\""), 1);
}

TEST(a_picture_is_embedded)
{
    struct display_list list = white_page(640, 480);
    sketch_heatmap(&list, (struct rect){10, 10, 3, 2}, 2, 3, 0)->part = "picture";
    OWN(str) svg = svg_of(&list);
    assert_non_null(strstr(svg.v, "<image x=\"10\" y=\"10\" width=\"3\" height=\"2\""));
    /* The eight bytes that a PNG begins with, and the start of its first chunk. */
    assert_non_null(strstr(svg.v, "data:image/png;base64,iVBORw0KGgo"));
}

TEST(there_are_no_colours_but_those_of_the_list)
{
    PAGE list = {0};
    sketch_everything(&list);
    sketch_heatmap(&list, (struct rect){0, 0, 190, 110}, 12, 12, 1);
    OWN(str) svg = {0};
    assert_ok(page_svg(&list, the_fonts, "", "", &svg));
    size_t colours = 0;
    for (const char *at = strchr(svg.v, '#'); at; at = strchr(at + 1, '#'), colours++) {
        unsigned rgb = (unsigned)strtoul(at + 1, NULL, 16);
        struct colour c = {(uint8_t)(rgb >> 16), (uint8_t)(rgb >> 8), (uint8_t)rgb, 255};
        bool found = memcmp(&c, &list.background, 3) == 0;
        for (size_t i = 0; i < list.n && !found; i++)
            found = memcmp(&c, &list.items[i].fill, 3) == 0 || memcmp(&c, &list.items[i].border, 3) == 0;
        for (size_t i = 0; i < list.n_colours && !found; i++)
            found = memcmp(&c, &list.colours[i], 3) == 0;
        if (!found && at[-1] != '&')
            fail_msg("the list has no colour %06X", rgb);
    }
    assert_true(colours > 100);
}

TEST(what_cannot_be_drawn_is_left_out)
{
    struct display_list list = white_page(640, 480);
    sketch_item(&list, ITEM_BOX, (struct rect){NAN, 0, 10, 10}, 0x010203);
    sketch_item(&list, ITEM_LINE, (struct rect){0, INFINITY, 10, 10}, 0x010203)->stroke = 2;
    sketch_triangle(&list, (const float[]){0, NAN, 3}, (const float[]){0, 9, 9}, 0x010203);
    sketch_text(&list, 1e30f, 0, FACE_SANS, 16, 0x010203, "far");
    OWN(str) svg = svg_of(&list);
    assert_int_equal(count(&svg, "#010203"), 0);
}

TEST(a_page_without_size_is_an_error)
{
    struct display_list list = {0};
    struct str svg = {0};
    assert_error(page_svg(&list, the_fonts, "", "", &svg), QKV_ERR_LIMIT, "a side must be 1..");
    assert_null(svg.v);
}

TEST_GROUP(the_fonts_open, the_fonts_close)
