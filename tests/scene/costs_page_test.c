/* costs_page_test.c: every number of the page of costs is what the core counts, and every point lies where its number
 * belongs. */
#include "test_view.h"

#include "app/keys.h"
#include "core/costs.h"
#include "lesson/analysis/growth.h"
#include "paint/paint.h"
#include "scene/page_costs.h"
#include "scene/page_parts.h"
#include "scene/scene.h"
#include "support/sample_times.h"
#include "support/steps.h"

#include <stdio.h>
#include <stdlib.h>

static void open_page(struct test_view *v, const char *lesson, bool measured)
{
    test_view_open(v, lesson);
    v->state.page = PAGE_COSTS;
    if (measured)
        assert_ok(key_read_alone(&key_table[key_find("times")], SAMPLE_TIMES, &v->state));
}

/* ---- the table ---- */

enum { COLUMNS = 5, KEPT_MOST = 2 };

static void assert_cell(const struct display_list *page, size_t row, size_t col, double want)
{
    char text[FIGURE_TEXT];
    assert_string_equal(page_part_text(page, "costs.cell", row * COLUMNS + col), count_text((size_t)want, text));
}

static void check_table(const struct view *view, const struct display_list *page)
{
    const struct tape *tape = &view->lesson->tape;
    int id = view->walk->steps[view_place(view).at].step;
    struct op_cost step = {0};
    struct costs costs;
    double cells = 0;
    if (tape->steps[id].spec.op != OP_INPUT)
        step = tape_cost(tape, id);
    assert_ok(tape_costs(tape, &costs));
    for (size_t i = 0; i < view->walk->n; i++)
        cells += (double)tensor_cells(&tape->steps[view->walk->steps[i].step].value);
    assert_cell(page, 0, 0, step.flops);
    assert_cell(page, 0, 1, step.read);
    assert_cell(page, 0, 2, 8 * (double)tensor_cells(&tape->steps[id].value));
    assert_cell(page, 0, 3, (double)tensor_cells(&tape->steps[id].value));
    assert_cell(page, 1, 0, costs.operations);
    assert_cell(page, 1, 1, costs.read);
    assert_cell(page, 1, 2, costs.held);
    assert_cell(page, 1, 3, cells);
}

TEST(the_table_says_what_the_core_counts_for_every_step_of_every_lesson)
{
    for (size_t i = 0; i < builtin_n_lessons; i++) {
        OWN(test_view) v;
        PAGE page = {0};
        open_page(&v, builtin_lessons[i], false);
        for (size_t at = 0; at < v.lesson.walk.n; at++) {
            v.state.position = walk_whole(&v.lesson.walk, at);
            scene_build(&v.view, &fake_measure, &page);
            check_table(&v.view, &page);
        }
    }
}

static const struct kept_case {
    const char *name, *lesson, *tensors[KEPT_MOST];
} kept[] = {
    {"keys and values", "one-head", {"K", "V"}},
    {"of fewer key heads", "grouped-heads", {"K", "V"}},
    {"the state of linear attention", "linear-attention", {"KV", "key_sum"}},
    {"the same word by word", "linear-recurrent", {"state_1", "key_sum_1"}},
};

TEST_ROWS(the_cache_is_what_a_model_that_writes_keeps, kept, c)
{
    OWN(test_view) v;
    PAGE page = {0};
    open_page(&v, c->lesson, false);
    double all = 0;
    for (int i = 0; i < KEPT_MOST; i++)
        all += 8 * (double)tensor_cells(value_of(&v.lesson.tape, c->tensors[i]));
    for (size_t at = 0; at < v.lesson.walk.n; at++) {
        int id = v.lesson.walk.steps[at].step;
        const char *name = v.lesson.tape.steps[id].spec.name;
        bool is = strcmp(name, c->tensors[0]) == 0 || strcmp(name, c->tensors[1]) == 0;
        v.state.position = walk_whole(&v.lesson.walk, at);
        scene_build(&v.view, &fake_measure, &page);
        assert_cell(&page, 0, 4, is ? 8 * (double)tensor_cells(&v.lesson.tape.steps[id].value) : 0);
        assert_cell(&page, 1, 4, all);
    }
}

TEST(the_growth_is_the_lessons)
{
    OWN(test_view) v;
    PAGE page = {0};
    struct growth growth[COST_KINDS];
    open_page(&v, "one-head", false);
    scene_build(&v.view, &fake_measure, &page);
    assert_ok(lesson_growth(&v.lesson, false, growth));
    assert_true(growth[COST_OPERATIONS].known);
    assert_true(display_has(&page, "costs.formula"));
}

/* ---- points ---- */

struct plotted {
    float x, y;
};

/* The middle of a sign. */
static struct plotted middle(const struct item *item)
{
    float low_x = INFINITY, high_x = -INFINITY, low_y = INFINITY, high_y = -INFINITY;
    if (item->kind == ITEM_BOX)
        return (struct plotted){item->box.x + item->box.w / 2, item->box.y + item->box.h / 2};
    for (int i = 0; i < item->as.polygon.n; i++) {
        low_x = fminf(low_x, item->as.polygon.x[i]), high_x = fmaxf(high_x, item->as.polygon.x[i]);
        low_y = fminf(low_y, item->as.polygon.y[i]), high_y = fmaxf(high_y, item->as.polygon.y[i]);
    }
    return (struct plotted){(low_x + high_x) / 2, (low_y + high_y) / 2};
}

/* An axis as its lines and numbers say it: two lines, and what stands at them. */
struct axes {
    float left, right, top, bottom; /* of 16 and 16,384 words, of the largest and the smallest power of ten */
    double high, low;               /* these powers */
};

/* Of the i-th chart. */
static struct axes axes_of(const struct display_list *page, size_t chart)
{
    struct axes a = {.left = INFINITY, .right = -INFINITY, .top = INFINITY, .bottom = -INFINITY};
    size_t at = 0;
    for (size_t i = 0; i < page->n; i++) {
        const struct item *item = &page->items[i];
        at += strcmp(item->part, "costs.title") == 0;
        if (at != chart + 1 || item->kind != ITEM_LINE ||
            (strcmp(item->part, "costs.grid") != 0 && strcmp(item->part, "costs.chosen") != 0))
            continue;
        a.left = fminf(a.left, item->box.x), a.right = fmaxf(a.right, item->box.x + item->box.w);
        a.top = fminf(a.top, item->box.y), a.bottom = fmaxf(a.bottom, item->box.y + item->box.h);
    }
    return a;
}

static double value_of_point(const struct view *view, int chart, int way, size_t i)
{
    return chart == CHART_OPERATIONS ? untaped_operations((enum untaped)way, untaped_length(i), costs_width(view))
                                     : fmax(0, (double)view->state->costs.times.seconds[way][i]);
}

/* The powers of ten around all values: between them lie the curves. */
static void find_powers(const struct view *view, int chart, struct axes *a)
{
    a->low = INFINITY, a->high = -INFINITY;
    for (int way = 0; way < UNTAPED_COUNT; way++)
        for (size_t i = 0; i < UNTAPED_LENGTHS; i++) {
            double v = value_of_point(view, chart, way, i);
            if (v > 0) {
                a->low = fmin(a->low, floor(log10(v)));
                a->high = fmax(a->high, ceil(log10(v)));
            }
        }
}

static struct plotted expected(const struct axes *a, double n, double value)
{
    return (struct plotted){a->left + (a->right - a->left) * (float)(log(n / 16) / log(1024)),
                            a->bottom + (a->top - a->bottom) * (float)((log10(value) - a->low) / (a->high - a->low))};
}

static bool is_near(struct plotted a, struct plotted b)
{
    return fabsf(a.x - b.x) <= 0.5f && fabsf(a.y - b.y) <= 0.5f;
}

static size_t points_there(const struct display_list *page, struct plotted at)
{
    size_t n = 0;
    for (size_t i = 0; i < page->n; i++)
        n += strcmp(page->items[i].part, "costs.point") == 0 && is_near(middle(&page->items[i]), at);
    return n;
}

/* Every number has its point, and there are no others. Returns how many. */
static size_t check_points(const struct view *view, const struct display_list *page, int chart)
{
    struct axes a = axes_of(page, (size_t)chart);
    size_t n = 0;
    find_powers(view, chart, &a);
    for (int way = 0; way < UNTAPED_COUNT; way++)
        for (size_t i = 0; i < UNTAPED_LENGTHS; i++) {
            double v = value_of_point(view, chart, way, i);
            const struct item *hit = page_hit(page, CMD_COSTS_POINT, costs_point_argument(chart, way, i));
            assert_int_equal(v > 0, hit != NULL);
            if (!hit)
                continue;
            struct plotted at = expected(&a, (double)untaped_length(i), v);
            if (!points_there(page, at))
                fail_msg("chart %d: no point of %s for %zu words at %.1f,%.1f", chart, untaped_name(way),
                         untaped_length(i), (double)at.x, (double)at.y);
            assert_true(at.x > hit->box.x && at.x < hit->box.x + hit->box.w);
            n++;
        }
    return n;
}

static const struct size_case {
    const char *name;
    float width, height;
    int width_offset;
} sizes[] = {
    {"1280x720", 1280, 720, 0}, {"640x480", 640, 480, 0},         {"1920x1080", 1920, 1080, 0},
    {"768x1024", 768, 1024, 0}, {"vectors of 16", 1280, 800, -1}, {"vectors of 256", 1280, 800, 1},
};

TEST_ROWS(every_point_lies_at_the_logarithms_of_its_numbers, sizes, c)
{
    OWN(test_view) v;
    PAGE page = {0};
    open_page(&v, "one-head", c->width_offset == 0);
    v.view.width = c->width;
    v.view.height = c->height;
    v.state.costs.width_offset = c->width_offset;
    scene_build(&v.view, &fake_measure, &page);
    size_t n = check_points(&v.view, &page, CHART_OPERATIONS);
    assert_int_equal(n, UNTAPED_COUNT * UNTAPED_LENGTHS);
    if (c->width_offset == 0)
        n += check_points(&v.view, &page, CHART_SECONDS);
    assert_int_equal(page_part_count(&page, "costs.point"), n);
}

/* The numbers at the lines are those that the points are placed by. */
TEST(the_axes_say_their_numbers)
{
    OWN(test_view) v;
    PAGE page = {0};
    open_page(&v, "one-head", true);
    scene_build(&v.view, &fake_measure, &page);
    struct axes a = axes_of(&page, CHART_SECONDS);
    find_powers(&v.view, CHART_SECONDS, &a);
    assert_true(a.low == -6 && a.high == 1);
    size_t found = 0;
    for (size_t i = 0; i < page.n; i++) {
        const struct item *item = &page.items[i];
        float y = item->box.y + item->box.h / 2, x = item->box.x + item->box.w / 2;
        if (item->kind != ITEM_TEXT || strcmp(item->part, "costs.tick") != 0)
            continue;
        const char *text = display_item_text(&page, item);
        if (strcmp(text, "1 ms") == 0)
            found += fabsf(y - expected(&a, 16, 1e-3).y) <= 1;
        else if (strcmp(text, "10 s") == 0)
            found += fabsf(y - expected(&a, 16, 10).y) <= 1;
        else if (strcmp(text, "1,024") == 0 && x > a.left)
            found += fabsf(x - expected(&a, 1024, 1).x) <= 1;
    }
    assert_int_equal(found, 3);
}

/* But for what smoothing takes off. */
static bool is_colour(const unsigned char *pixel, struct colour c)
{
    const int most = 12;
    return abs(pixel[0] - c.r) <= most && abs(pixel[1] - c.g) <= most && abs(pixel[2] - c.b) <= most;
}

/* Does no other point lie so near that it covers some of it? */
static bool lies_alone(const struct display_list *page, const struct item *point)
{
    const float reach = 9;
    struct plotted at = middle(point);
    for (size_t i = 0; i < page->n; i++) {
        struct plotted other = middle(&page->items[i]);
        if (&page->items[i] != point && strcmp(page->items[i].part, "costs.point") == 0 &&
            hypotf(other.x - at.x, other.y - at.y) < reach)
            return false;
    }
    return true;
}

TEST(points_are_painted_where_they_lie)
{
    OWN(test_view) v;
    PAGE page = {0};
    struct fonts *fonts = NULL;
    unsigned char *rgb = NULL;
    int w, h, alone = 0;
    assert_ok(fonts_new(&fonts));
    open_page(&v, "one-head", true);
    for (int theme = 0; theme < THEME_COUNT; theme++) {
        struct measure measure = fonts_measure(fonts);
        v.state.theme = theme;
        scene_build(&v.view, &measure, &page);
        assert_ok(page_pixels(&page, fonts, &rgb, &w, &h));
        for (size_t i = 0; i < page.n; i++) {
            const struct item *item = &page.items[i];
            if (strcmp(item->part, "costs.point") != 0 || !lies_alone(&page, item))
                continue;
            struct plotted at = middle(item);
            const unsigned char *pixel = &rgb[3 * ((int)at.y * w + (int)at.x)];
            bool there = is_colour(pixel, theme_table[theme].panel); /* the hole of a ring */
            for (size_t k = 0; k < CURVE_COLOURS; k++)
                there = there || is_colour(pixel, theme_table[theme].curve[k]);
            alone++;
            if (!there)
                fail_msg("no sign at %.1f,%.1f but %02X%02X%02X", (double)at.x, (double)at.y, pixel[0], pixel[1],
                         pixel[2]);
        }
        free(rgb);
    }
    fonts_free(fonts);
    assert_true(alone > 20);
}

/* ---- crossings ---- */

TEST(the_crossings_are_marked_where_they_are)
{
    OWN(test_view) v;
    PAGE page = {0};
    size_t marks = 0;
    open_page(&v, "one-head", true);
    scene_build(&v.view, &fake_measure, &page);
    for (size_t i = 0; i < page.n; i++) {
        if (strcmp(page.items[i].part, "costs.crossing") != 0)
            continue;
        int chart = (int)marks++;
        struct axes a = axes_of(&page, (size_t)chart);
        double n = chart == CHART_OPERATIONS ? (double)untaped_crossing(UNTAPED_LINEAR, 64)
                                             : untaped_crossing_measured(&v.state.costs.times, UNTAPED_LINEAR);
        char words[FIGURE_TEXT], want[80];
        assert_true(fabsf(middle(&page.items[i]).x - expected(&a, n, 1).x) <= 0.5f);
        snprintf(want, sizeof want, "linear is cheaper from n = %s", count_text((size_t)round(n), words));
        assert_string_equal(page_part_text(&page, "costs.crossing.text", (size_t)chart), want);
    }
    assert_int_equal(marks, CHART_COUNT);
}

/* ---- what is said ---- */

TEST(what_was_not_measured_is_not_drawn_and_said)
{
    OWN(test_view) v;
    PAGE page = {0};
    OWN(str) said = {0};
    open_page(&v, "one-head", false);
    scene_build(&v.view, &fake_measure, &page);
    assert_int_equal(page_part_count(&page, "costs.point"), UNTAPED_COUNT * UNTAPED_LENGTHS);
    for (size_t i = 0; page_part_text(&page, "costs.missing", i); i++)
        str_addf(&said, "%s ", page_part_text(&page, "costs.missing", i));
    assert_non_null(strstr(str_text(&said), "Not measured here."));
    assert_non_null(strstr(str_text(&said), "in the window"));
    assert_ok(key_read_alone(&key_table[key_find("times")], SAMPLE_TIMES, &v.state));
    v.state.costs.width_offset = 1;
    scene_build(&v.view, &fake_measure, &page);
    assert_int_equal(page_part_count(&page, "costs.point"), UNTAPED_COUNT * UNTAPED_LENGTHS);
    assert_non_null(page_part_text(&page, "costs.missing", 0));
}

static const struct told_case {
    const char *name;
    enum untaped way;
    size_t length;
    const char *said;
} told[] = {
    {"measured", UNTAPED_LINEAR, 6,
     "**linear**, 1,024 words: 17.1 million operations by formula; it works in 67 kB; **1.37 ms** measured earlier "
     "or elsewhere"},
    {"too large", UNTAPED_SOFTMAX, 10,
     "**softmax**, 16,384 words: 70.1 billion operations by formula; it works in 2.1 GB; not measured: that is more "
     "than 256 MB"},
    {"too long", UNTAPED_TILES, 10,
     "**tiles**, 16,384 words: 70.1 billion operations by formula; it works in 68 kB; not measured: it would take "
     "longer than 2 s"},
};

TEST_ROWS(a_point_says_its_numbers, told, c)
{
    OWN(test_view) v;
    char text[400];
    open_page(&v, "one-head", true);
    for (int chart = 0; chart < CHART_COUNT; chart++) {
        costs_point_tell(&v.view, costs_point_argument(chart, c->way, c->length), text, sizeof text);
        assert_string_equal(text, c->said);
    }
}

static const struct figure_case {
    const char *name;
    const char *(*text)(double x, char buffer[FIGURE_TEXT]);
    double x;
} figures[] = {
    {"999,999", operations_text, 999999},
    {"1.00 million", operations_text, 1e6},
    {"70.4 billion", operations_text, 70.4e9},
    {"1.00 billion", operations_text, 999.9e6},
    {"2.50 µs", seconds_text, 2.5e-6},
    {"10.0 ms", seconds_text, 9.999e-3},
    {"1.42 s", seconds_text, 1.42},
    {"1.00 s", seconds_text, 0.9999},
};

TEST_ROWS(figures_are_written_with_three_digits, figures, c)
{
    char text[FIGURE_TEXT];
    assert_string_equal(c->text(c->x, text), c->name);
}
