/* Colours that can be read: none of data is near a role's, one number has one colour on every page, and where colours
 * cannot be compared the page says so. */
#include "coloured_page.h"
#include "support/colour_eyes.h"
#include "support/theme_check.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- the colours themselves ---- */

TEST(colours_of_data_are_far_from_roles_and_accent)
{
    char why[160];
    for (int i = 0; i < THEME_COUNT; i++)
        if (!theme_is_clear(&theme_table[i], why))
            fail_msg("%s", why);
}

static const struct {
    const char *name;
    struct colour a, b;
    double distance;
} known_distances[] = {
    {"none", {9, 8, 7, 255}, {9, 8, 7, 255}, 0},
    {"black and white", {0, 0, 0, 255}, {255, 255, 255, 255}, 100},
    {"red and green", {255, 0, 0, 255}, {0, 255, 0, 255}, 86.6},
    {"blue and yellow", {0, 0, 255, 255}, {255, 255, 0, 255}, 103.4},
};

TEST_ROWS(distances_of_colours_are_the_known_ones, known_distances, d)
{
    assert_close(colour_distance(d->a, d->b, EYES_ALL), d->distance, 0.1);
}

/* ---- legends ---- */

/* The colours beside the numbers of the page's legend, from above; how many. */
static size_t legend_steps(struct colour ret[], size_t most)
{
    const struct item *bar = NULL;
    size_t n = 0;
    for (size_t i = 0; i < page.n; i++)
        if (page.items[i].kind == ITEM_HEATMAP && strcmp(page.items[i].part, "legend") == 0)
            bar = &page.items[i];
    assert_non_null(bar);
    size_t bands = bar->as.heatmap.rows;
    for (size_t band = 0; band < bands; band++)
        for (size_t i = 0; i < page.n; i++) {
            const struct item *tick = &page.items[i];
            float at = (tick->box.y - bar->box.y) / bar->box.h * (float)bands;
            if (strcmp(tick->part, "legend.tick") != 0 || (size_t)fminf(fmaxf(at, 0), (float)bands - 1) != band)
                continue;
            assert_true(n < most);
            ret[n++] = page.colours[bar->as.heatmap.at + band * bar->as.heatmap.cols];
        }
    return n;
}

static const struct {
    const char *name, *lesson, *step;
} legends[] = {{"both signs", "one-head", "Q"},
               {"one sign", "alibi", "bias"},
               {"large numbers", "linear-attention", "numerators"},
               {"shares", "one-head", "weights"},
               {"brightness", "image-patches", "X"},
               {"whole numbers", "alibi", "X"}};

TEST_ROWS(neighbouring_steps_of_a_legend_differ_for_all_eyes, legends, l)
{
    enum { STEPS_MOST = 64 };
    const double told_apart = 3;
    struct colour step[STEPS_MOST];
    OWN(test_view) v;
    open_own(&v, l->lesson);
    go(&v, l->step);
    v.state.figure = FIGURE_OFF;
    for (v.state.theme = 0; v.state.theme < THEME_COUNT; v.state.theme++) {
        build(&v.view);
        size_t n = legend_steps(step, STEPS_MOST);
        assert_true(n >= 3);
        for (size_t i = 1; i < n; i++)
            for (enum eyes e = 0; e < EYES_COUNT; e++)
                if (colour_distance(step[i - 1], step[i], e) < told_apart)
                    fail_msg("%s: steps %zu and %zu, %s eyes: %g", theme_table[v.state.theme].name, i, i + 1,
                             eyes_names[e], colour_distance(step[i - 1], step[i], e));
    }
    finish_page();
}

/* ---- one number, one colour ---- */

/* For each cell of a lesson's tape the colour that it had where it was seen first. */
struct seen {
    struct colour *colour;
    bool *is;
};

/* Remember the colours of a page. Returns the first step with a cell in another colour than before; NULL: none. */
static const struct step *look(const struct tape *tape, struct seen all[])
{
    const struct step *other = NULL;
    for (size_t i = 0; i < page.n; i++) {
        const struct item *item = &page.items[i];
        if (!is_cells(item))
            continue;
        const struct step *s = &tape->steps[item->as.heatmap.step];
        size_t rows = s->value.axis[AXIS_ROW].size, cols = s->value.axis[AXIS_COL].size;
        for (size_t k = 0; k < item->as.heatmap.rows * item->as.heatmap.cols; k++) {
            size_t r = item->as.heatmap.row + k / item->as.heatmap.cols,
                   c = item->as.heatmap.col + k % item->as.heatmap.cols;
            bool turned = item->as.heatmap.transposed;
            size_t at = (item->as.heatmap.head * rows + (turned ? c : r)) * cols + (turned ? r : c);
            struct seen *of = &all[item->as.heatmap.step];
            struct colour now = page.colours[item->as.heatmap.at + k];
            if (of->is[at] && !other && memcmp(&of->colour[at], &now, sizeof now) != 0)
                other = s;
            of->is[at] = true;
            of->colour[at] = now;
        }
    }
    return other;
}

static struct seen *seen_new(const struct tape *tape)
{
    struct seen *all = calloc(tape->n, sizeof *all);
    assert_non_null(all);
    for (size_t s = 0; s < tape->n; s++) {
        all[s].colour = calloc(tensor_cells(&tape->steps[s].value), sizeof *all[s].colour);
        all[s].is = calloc(tensor_cells(&tape->steps[s].value), 1);
        assert_true(all[s].colour && all[s].is);
    }
    return all;
}

static void seen_free(const struct tape *tape, struct seen *all)
{
    for (size_t s = 0; s < tape->n; s++) {
        free(all[s].colour);
        free(all[s].is);
    }
    free(all);
}

/* Cells of a step that hold one number have one colour; a blocked 0 has another than an open one. */
static bool has_one_colour_a_number(const struct step *s, const struct seen *of, const struct theme *theme)
{
    size_t n = tensor_cells(&s->value), cols = s->value.axis[AXIS_COL].size;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < a; b++) {
            bool alike = memcmp(&of->colour[a], &of->colour[b], sizeof of->colour[a]) == 0;
            bool blocked = memcmp(&of->colour[a], &theme->blocked, sizeof theme->blocked) == 0 ||
                           memcmp(&of->colour[b], &theme->blocked, sizeof theme->blocked) == 0;
            bool channel = s->spec.scale == SCALE_RGB && a % cols % 3 != b % cols % 3;
            if (of->is[a] && of->is[b] && s->value.v[a] == s->value.v[b] && !alike && !blocked && !channel)
                return false;
        }
    return true;
}

static void look_at(const struct view *view, struct seen all[], const char *where)
{
    build(view);
    const struct step *other = look(&view->lesson->tape, all);
    if (other)
        fail_msg("%s: %s has a cell in another colour than before", where, other->spec.name);
}

TEST_ROWS(a_number_of_a_step_has_one_colour_on_every_page, coloured_lessons, l)
{
    OWN(test_view) v;
    open_own(&v, l->name);
    const struct tape *tape = &v.lesson.tape;
    v.state.head_here = true;
    for (v.state.theme = 0; v.state.theme < THEME_COUNT; v.state.theme++) {
        struct seen *all = seen_new(tape);
        for (v.state.head = 0; v.state.head < 4; v.state.head++) {
            v.state.page = PAGE_WALK;
            for (size_t i = 0; i < v.lesson.walk.n; i++) {
                v.state.position = walk_whole(&v.lesson.walk, i);
                look_at(&v.view, all, "the walk");
            }
            v.state.page = PAGE_OVERVIEW;
            look_at(&v.view, all, "the overview");
            v.state.page = PAGE_HEADS;
            look_at(&v.view, all, "the heads");
        }
        for (size_t s = 0; s < tape->n; s++)
            if (!has_one_colour_a_number(&tape->steps[s], &all[s], &theme_table[v.state.theme]))
                fail_msg("%s: a number has two colours", tape->steps[s].spec.name);
        seen_free(tape, all);
    }
    finish_page();
}

TEST(a_cell_in_a_colour_that_is_not_its_number_s_is_noticed)
{
    OWN(test_view) v;
    open_own(&v, "one-head");
    go(&v, "scores");
    const struct tape *tape = &v.lesson.tape;
    int step = tape_find(tape, "scores");
    struct seen *all = seen_new(tape);
    build(&v.view);
    assert_null(look(tape, all));
    assert_true(has_one_colour_a_number(&tape->steps[step], &all[step], &theme_table[0]));
    for (size_t i = 0; i < page.n; i++)
        if (is_cells(&page.items[i]) && page.items[i].as.heatmap.step == step)
            page.colours[page.items[i].as.heatmap.at].g ^= 1;
    assert_ptr_equal(look(tape, all), &tape->steps[step]);
    assert_false(has_one_colour_a_number(&tape->steps[step], &all[step], &theme_table[0]));
    seen_free(tape, all);
    finish_page();
}

/* ---- what cannot be compared is marked ---- */

static double end_of(const struct step *s)
{
    double most = 0;
    for (size_t i = 0; i < tensor_cells(&s->value); i++)
        most = fmax(most, isfinite(s->value.v[i]) ? fabs(s->value.v[i]) : 0);
    return most;
}

static void check_scales(const struct view *view)
{
    const struct tape *tape = view_tape(view);
    const struct step *result = &tape->steps[view_step(view)];
    double first = 0;
    bool own = false;
    for (size_t i = 0; i < page.n; i++) {
        const struct item *item = &page.items[i];
        if (item->kind != ITEM_HEATMAP || strcmp(item->part, "matrix") != 0)
            continue;
        const struct step *s = &tape->steps[item->as.heatmap.step];
        double end = end_of(s);
        if (s->spec.scale != SCALE_SIGNED || end == 0)
            continue;
        own = own || (first > 0 && end != first);
        first = end;
        bool in_legend = result->spec.scale == SCALE_SIGNED && end == end_of(result);
        char number[NUMBER_TEXT];
        if (in_legend == says("range", item->group, number_text(end, end < 0.005 ? 9 : 2, number)) && end >= 0.005)
            fail_msg("%s on the page of %s: its range is %s", s->spec.name, result->spec.name,
                     in_legend ? "said twice" : "not said");
    }
    if (own != says("note", 0, "Each matrix has its own colour scale."))
        fail_msg("%s: matrices have %s", result->spec.name, own ? "scales of their own, unsaid" : "one scale");
}

TEST_ROWS(a_page_says_where_colours_cannot_be_compared, coloured_lessons, l)
{
    static const float sizes[][2] = {{1280, 800}, {1280, 720}, {640, 480}};
    OWN(test_view) v;
    open_own(&v, l->name);
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (size_t i = 0; i < v.lesson.walk.n; i++) {
            v.view.width = sizes[s][0], v.view.height = sizes[s][1];
            v.state.position = walk_whole(&v.lesson.walk, i);
            build(&v.view);
            check_scales(&v.view);
        }
    finish_page();
}

TEST(what_is_compared_has_one_scale)
{
    OWN(test_view) v;
    open_own(&v, "linear-attention");
    go(&v, "heads");
    v.state.compare = COMPARE_SECOND;
    build(&v.view);
    assert_true(view_comparing(&v.view));
    const struct tape *tape = view_tape(&v.view);
    const struct step *d = &tape->steps[view_step(&v.view)];
    double most = end_of(d);
    for (int i = 0; i < 2; i++)
        most = fmax(most, end_of(&tape->steps[d->spec.in[i]]));
    size_t matrices = 0;
    for (size_t i = 0; i < page.n; i++) {
        const struct item *item = &page.items[i];
        if (!is_cells(item))
            continue;
        const struct tensor *value = &tape->steps[item->as.heatmap.step].value;
        matrices++;
        for (size_t k = 0; k < item->as.heatmap.rows * item->as.heatmap.cols; k++) {
            struct colour want = value_colour(&theme_table[0], SCALE_SIGNED, most, value->v[k]);
            assert_memory_equal(&want, &page.colours[item->as.heatmap.at + k], sizeof want);
        }
    }
    assert_int_equal(matrices, 3);
    assert_false(says("note", 0, "colour scale"));
    finish_page();
}

/* ---- pixels ---- */

static const struct {
    const char *name, *lesson, *step;
    bool coloured;
} pictures[] = {{"brightness", "image-patches", "X", false}, {"red, green and blue", "captioning", "memory", true}};

TEST_ROWS(pixels_are_as_bright_as_in_the_picture, pictures, p)
{
    OWN(test_view) v;
    open_own(&v, p->lesson);
    go(&v, p->step);
    for (v.state.theme = 0; v.state.theme < THEME_COUNT; v.state.theme++) {
        build(&v.view);
        const struct item *item = page_item(&page, "matrix");
        const struct tensor *value = &v.lesson.tape.steps[item->as.heatmap.step].value;
        for (size_t k = 0; k < tensor_cells(value); k++) {
            size_t channel = k % value->axis[AXIS_COL].size % 3;
            uint8_t light = (uint8_t)lround(value->v[k] * 255);
            struct colour want = {light, light, light, 255}, got = page.colours[item->as.heatmap.at + k];
            if (p->coloured)
                want =
                    (struct colour){channel == 0 ? light : 0, channel == 1 ? light : 0, channel == 2 ? light : 0, 255};
            assert_memory_equal(&want, &got, sizeof want);
        }
        assert_true(says("note", 0, "As in the picture"));
    }
    finish_page();
}
