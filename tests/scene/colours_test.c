/* Colours and digits that can be read: no colour of data is near a role's, one number has one colour on every page, and
 * where it has not, or a row does not add up as written, the page says so. */
#include "support/colour_eyes.h"
#include "support/theme_check.h"
#include "test_view.h"

#include "scene/matrix.h"
#include "scene/scene.h"
#include "scene/theme.h"

#include <stdio.h>
#include <stdlib.h>

static struct display_list page;

static void build(const struct view *view)
{
    scene_build(view, &fake_measure, &page);
    assert_false(page.failed);
}

static void finish_page(void)
{
    display_finish(&page);
}

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

static size_t walk_index(const struct walk *walk, const struct tape *tape, const char *name)
{
    for (size_t i = 0; i < walk->n; i++)
        if (strcmp(tape->steps[walk->steps[i].step].spec.name, name) == 0)
            return i;
    fail_msg("the walk has no step '%s'", name);
    return 0;
}

static void go(struct test_view *v, const char *step)
{
    v->state.position = walk_whole(&v->lesson.walk, walk_index(&v->lesson.walk, &v->lesson.tape, step));
}

TEST_ROWS(neighbouring_steps_of_a_legend_differ_for_all_eyes, legends, l)
{
    enum { STEPS_MOST = 64 };
    const double told_apart = 3;
    struct colour step[STEPS_MOST];
    OWN(test_view) v;
    test_view_open(&v, l->lesson);
    v.state.compare = COMPARE_NONE; /* the lesson's own steps, whatever a stop opens */
    go(&v, l->step);
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

static bool is_cells(const struct item *item)
{
    return item->kind == ITEM_HEATMAP &&
           (strcmp(item->part, "matrix") == 0 || strcmp(item->part, "heads.picture") == 0) &&
           item->as.heatmap.block_rows <= 1 && item->as.heatmap.block_cols <= 1;
}

static void look(const struct tape *tape, struct seen all[], const char *where)
{
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
            if (of->is[at] && memcmp(&of->colour[at], &now, sizeof now) != 0)
                fail_msg("%s: %s, cell %zu has another colour than before", where, s->spec.name, at);
            of->is[at] = true;
            of->colour[at] = now;
        }
    }
}

/* Cells of a step that hold one number have one colour; a blocked 0 is another than an open one. */
static void compare_cells(const struct step *s, const struct seen *of, const struct theme *theme)
{
    size_t n = tensor_cells(&s->value), cols = s->value.axis[AXIS_COL].size;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < a; b++) {
            bool alike = memcmp(&of->colour[a], &of->colour[b], sizeof of->colour[a]) == 0;
            bool blocked = memcmp(&of->colour[a], &theme->blocked, sizeof theme->blocked) == 0 ||
                           memcmp(&of->colour[b], &theme->blocked, sizeof theme->blocked) == 0;
            bool channel = s->spec.scale == SCALE_RGB && a % cols % 3 != b % cols % 3;
            if (of->is[a] && of->is[b] && s->value.v[a] == s->value.v[b] && !alike && !blocked && !channel)
                fail_msg("%s: cells %zu and %zu hold %g in two colours", s->spec.name, a, b, s->value.v[a]);
        }
}

static const struct {
    const char *name;
} coloured_lessons[] = {{"several-heads"},  {"alibi"},      {"causal-mask"}, {"linear-attention"},
                        {"image-patches"},  {"captioning"}, {"padding"},     {"grouped-heads"},
                        {"location-aware"}, {"big-bird"},   {"head-router"}, {"conformer"}};

TEST_ROWS(a_number_of_a_step_has_one_colour_on_every_page, coloured_lessons, l)
{
    OWN(test_view) v;
    test_view_open(&v, l->name);
    v.state.compare = COMPARE_NONE; /* the lesson's own steps, whatever a stop opens */
    const struct tape *tape = &v.lesson.tape;
    for (v.state.theme = 0; v.state.theme < THEME_COUNT; v.state.theme++) {
        struct seen *all = calloc(tape->n, sizeof *all);
        assert_non_null(all);
        for (size_t s = 0; s < tape->n; s++) {
            all[s].colour = calloc(tensor_cells(&tape->steps[s].value), sizeof *all[s].colour);
            all[s].is = calloc(tensor_cells(&tape->steps[s].value), 1);
        }
        v.state.head_here = true;
        for (v.state.head = 0; v.state.head < 4; v.state.head++) {
            v.state.page = PAGE_WALK;
            for (size_t i = 0; i < v.lesson.walk.n; i++) {
                v.state.position = walk_whole(&v.lesson.walk, i);
                build(&v.view);
                look(tape, all, "the walk");
            }
            v.state.page = PAGE_OVERVIEW;
            build(&v.view);
            look(tape, all, "the overview");
            v.state.page = PAGE_HEADS;
            build(&v.view);
            look(tape, all, "the heads");
        }
        for (size_t s = 0; s < tape->n; s++) {
            compare_cells(&tape->steps[s], &all[s], &theme_table[v.state.theme]);
            free(all[s].colour);
            free(all[s].is);
        }
        free(all);
    }
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

static bool says(const char *part, int group, const char *words)
{
    for (size_t i = 0; i < page.n; i++)
        if (page.items[i].kind == ITEM_TEXT && strcmp(page.items[i].part, part) == 0 &&
            (group == 0 || page.items[i].group == group) && strstr(display_item_text(&page, &page.items[i]), words))
            return true;
    return false;
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
    test_view_open(&v, l->name);
    v.state.compare = COMPARE_NONE; /* the lesson's own steps, whatever a stop opens */
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
    test_view_open(&v, "linear-attention");
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
    test_view_open(&v, p->lesson);
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

/* ---- blocked cells ---- */

static size_t lines_in(struct rect cell)
{
    size_t n = 0;
    for (size_t i = 0; i < page.n; i++) {
        const struct item *item = &page.items[i];
        n += strcmp(item->part, "hatch") == 0 &&
             rect_holds(cell, item->box.x + item->box.w / 2, item->box.y + item->box.h / 2);
    }
    return n;
}

static const struct {
    const char *name, *matrices[4];
} masked_pages[] = {
    {"masked", {"masked"}},
    {"row_max", {"masked"}},
    {"exponentials", {"masked", "exponentials"}},
    {"weights", {"exponentials", "weights"}},
    {"heads", {"weights"}},
};

TEST_ROWS(a_blocked_cell_is_hatched_in_every_later_step, masked_pages, p)
{
    OWN(test_view) v;
    test_view_open(&v, "causal-mask");
    go(&v, p->name);
    for (int columns = 0; columns < 2; columns++) {
        v.state.columns = columns;
        build(&v.view);
        for (size_t m = 0; m < 4 && p->matrices[m]; m++) {
            int step = tape_find(&v.lesson.tape, p->matrices[m]);
            size_t blocked = 0;
            for (size_t i = 0; i < page.n; i++) {
                const struct item item = page.items[i];
                if (!is_cells(&item) || item.as.heatmap.step != step)
                    continue;
                for (size_t r = 0; r < item.as.heatmap.rows; r++)
                    for (size_t c = 0; c < item.as.heatmap.cols; c++) {
                        bool later = item.as.heatmap.transposed ? r > c : c > r;
                        blocked += later;
                        if ((lines_in(heatmap_cell(&item, r, c)) > 0) != later)
                            fail_msg("%s, row %zu, column %zu", p->matrices[m], r + 1, c + 1);
                    }
            }
            assert_true(blocked >= 21);
        }
        assert_true(says("note", 0, "Hatched: blocked by the mask."));
    }
    finish_page();
}

TEST(a_zero_that_nobody_blocked_is_not_hatched)
{
    OWN(test_view) v;
    test_view_open(&v, "soft-and-hard");
    go(&v, "weights");
    build(&v.view);
    assert_int_equal(page_part_count(&page, "hatch"), 0);
    assert_false(says("note", 0, "blocked"));
    finish_page();
}

/* ---- digits ---- */

static const struct {
    const char *name;
    double largest;
    int decimals;
} largest_numbers[] = {{"nothing but zeros", 0, 2}, {"ordinary", 3.5, 2},    {"just shown", 0.005, 2},
                       {"rounded away", 0.0049, 4}, {"smaller", 0.00031, 5}, {"tiny", 2e-7, 8},
                       {"hardly there", 1e-200, 9}};

TEST_ROWS(where_all_would_be_rounded_away_two_digits_are_shown, largest_numbers, l)
{
    assert_int_equal(magnitude_decimals(l->largest), l->decimals);
}

TEST(a_matrix_of_small_numbers_shows_them)
{
    static const char text[] = "title: Small\ntab: Small\nsummary: Small numbers.\nsentence: a b\n"
                               "weights:\n  source: numbers\n  X: [[1, 0], [0, 1]]\n"
                               "  W_Q: [[0.001, -0.002], [0.0031, 0]]\n  W_K: [[1, 0], [0, 1]]\n"
                               "  W_V: [[1, 0], [0, 1]]\n";
    OWN(test_view) v;
    test_view_parse(&v, "small.yaml", text);
    go(&v, "Q");
    build(&v.view);
    bool shown = false;
    for (size_t i = 0; page_part_text(&page, "cell", i); i++) {
        assert_string_not_equal(page_part_text(&page, "cell", i), "0.00");
        shown = shown || strcmp(page_part_text(&page, "cell", i), "-0.0020") == 0;
    }
    assert_true(shown && says("legend", 0, "0.0031"));
    finish_page();
}

/* Where 0 and 0.00 stand in one matrix, the page says what they mean; elsewhere it is silent. */
static void check_zeros(const struct view *view)
{
    bool both = false;
    for (size_t i = 0; i < page.n; i++) {
        const struct item *a = &page.items[i];
        if (a->kind != ITEM_TEXT || strcmp(a->part, "cell") != 0 || strcmp(display_item_text(&page, a), "0") != 0)
            continue;
        for (size_t k = 0; k < page.n && !both; k++) {
            const struct item *b = &page.items[k];
            const char *text = b->kind == ITEM_TEXT && b->group == a->group ? display_item_text(&page, b) : "";
            both = strcmp(b->part, "cell") == 0 && (strcmp(text, "0.00") == 0 || strcmp(text, "-0.00") == 0);
        }
    }
    if (both && !says("note", 0, "0 is exactly 0; 0.00 is small, rounded."))
        fail_msg("%s: 0 and 0.00 are not explained", view_tape(view)->steps[view_step(view)].spec.name);
}

static double written_sum(const struct item *heatmap, size_t row)
{
    struct rect first = heatmap_cell(heatmap, row, 0);
    double sum = 0;
    for (size_t i = 0; i < page.n; i++) {
        const struct item *item = &page.items[i];
        float y = item->box.y + item->box.h / 2;
        if (item->kind == ITEM_TEXT && item->group == heatmap->group && strcmp(item->part, "cell") == 0 &&
            y > first.y && y < first.y + first.h)
            sum += strtod(display_item_text(&page, item), NULL);
    }
    return sum;
}

/* The sum written at the end of the row; NaN: none. */
static double said_sum(const struct item *heatmap, size_t row)
{
    struct rect first = heatmap_cell(heatmap, row, 0);
    for (size_t i = 0; i < page.n; i++) {
        const struct item *item = &page.items[i];
        float y = item->box.y + item->box.h / 2;
        if (item->kind == ITEM_TEXT && item->group == heatmap->group && strcmp(item->part, "row.sum") == 0 &&
            y > first.y && y < first.y + first.h)
            return strtod(display_item_text(&page, item) + strlen("Σ "), NULL);
    }
    return NAN;
}

static void check_sum(const struct view *view, size_t row)
{
    int step = tape_find_what(view_tape(view), STEP_WEIGHTS);
    const struct tensor *value = &view_tape(view)->steps[step].value;
    const struct item *heatmap = NULL;
    double exact = 0;
    char number[NUMBER_TEXT], words[64];
    for (size_t i = 0; i < page.n; i++)
        if (is_cells(&page.items[i]) && page.items[i].as.heatmap.step == step)
            heatmap = &page.items[i];
    assert_non_null(heatmap);
    for (size_t c = 0; c < value->axis[AXIS_COL].size; c++)
        exact += *tensor_at(value, 0, row, c);
    double said = said_sum(heatmap, row), written = written_sum(heatmap, row);
    assert_close(said, exact, 0.005 + 1e-9);
    snprintf(words, sizeof words, "the rounded numbers give %s, the exact ones", number_text(written, 2, number));
    if (fabs(written - said) > 1e-6 && !says("note", 0, words))
        fail_msg("row %zu: %g is written below one another, the sum is %g", row + 1, written, said);
}

static const struct {
    const char *name;
} summed_lessons[] = {{"one-head"}, {"causal-mask"}, {"soft-and-hard"}, {"big-bird"}, {"padding"}, {"alibi"}};

TEST_ROWS(a_row_of_shares_adds_up_as_written_or_the_page_says_why_not, summed_lessons, l)
{
    OWN(test_view) v;
    test_view_open(&v, l->name);
    v.state.compare = COMPARE_NONE; /* the lesson's own steps, whatever a stop opens */
    go(&v, "weights");
    int step = tape_find(&v.lesson.tape, "weights");
    for (size_t row = 0; row < v.lesson.tape.steps[step].value.axis[AXIS_ROW].size; row++) {
        v.state.cursor = (struct cursor){true, step, 0, row, 0};
        build(&v.view);
        check_sum(&v.view, row);
        check_zeros(&v.view);
    }
    finish_page();
}

TEST_ROWS(zeros_are_explained_where_both_kinds_meet, coloured_lessons, l)
{
    OWN(test_view) v;
    test_view_open(&v, l->name);
    v.state.compare = COMPARE_NONE; /* the lesson's own steps, whatever a stop opens */
    v.state.head_here = true;
    for (v.state.head = 0; v.state.head < 4; v.state.head++)
        for (size_t i = 0; i < v.lesson.walk.n; i++) {
            v.state.position = walk_whole(&v.lesson.walk, i);
            build(&v.view);
            check_zeros(&v.view);
        }
    finish_page();
}

TEST(the_sum_of_a_mistaken_step_is_said_when_the_mistake_is)
{
    OWN(test_view) v;
    test_view_open(&v, "mistake-softmax-columns");
    size_t at = walk_index(&v.lesson.walk, &v.lesson.tape, "weights");
    v.state.position = walk_whole(&v.lesson.walk, at);
    const struct step *step = &v.lesson.tape.steps[v.lesson.walk.steps[at].step];
    assert_true(view_hides_mistake(&v.view, step));
    build(&v.view);
    assert_int_equal(page_part_count(&page, "row.sum"), 0);
    v.state.position = walk_whole(&v.lesson.walk, v.lesson.walk.n - 1);
    assert_false(view_hides_mistake(&v.view, step));
    finish_page();
}
