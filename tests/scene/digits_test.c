/* Cells that can be read: blocked ones are hatched, small numbers have digits, and where a row does not add up as
 * written, or 0 is not 0.00, the page says so. */
#include "coloured_page.h"

#include <stdio.h>
#include <stdlib.h>

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
    open_own(&v, "causal-mask");
    v.state.figure = FIGURE_OFF;
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

TEST(a_blocked_cell_is_hatched_where_it_is_compared_too)
{
    OWN(test_view) v;
    open_own(&v, "causal-mask");
    go(&v, "weights");
    v.state.compare = COMPARE_SECOND;
    build(&v.view);
    assert_true(view_comparing(&v.view));
    const struct step *d = &view_tape(&v.view)->steps[view_step(&v.view)];
    size_t sides = 0;
    for (size_t i = 0; i < page.n; i++) {
        const struct item item = page.items[i];
        if (!is_cells(&item) || item.as.heatmap.step == view_step(&v.view))
            continue;
        bool here = item.as.heatmap.step == d->spec.in[0];
        sides++;
        for (size_t r = 0; r < item.as.heatmap.rows; r++)
            for (size_t c = 0; c < item.as.heatmap.cols; c++)
                assert_int_equal(lines_in(heatmap_cell(&item, r, c)) > 0, here && c > r);
    }
    assert_int_equal(sides, 2);
    assert_true(says("note", 0, "Hatched: blocked by the mask."));
    finish_page();
}

TEST(a_zero_that_nobody_blocked_is_not_hatched)
{
    OWN(test_view) v;
    open_own(&v, "soft-and-hard");
    v.state.figure = FIGURE_OFF;
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

static size_t count_numbers(const struct item *heatmap, const char *number)
{
    size_t n = 0;
    for (size_t i = 0; i < page.n; i++)
        n += page.items[i].kind == ITEM_TEXT && page.items[i].group == heatmap->group &&
             strcmp(page.items[i].part, "cell") == 0 && strcmp(display_item_text(&page, &page.items[i]), number) == 0;
    return n;
}

/* What the window leaves out of head 2 is less than 0.00000001. */
TEST(a_difference_too_small_for_its_cells_is_told_from_none)
{
    OWN(test_view) v;
    size_t small = 0;
    open_own(&v, "local-window");
    go(&v, "weights");
    v.state.compare = COMPARE_SECOND;
    v.state.head = 1;
    v.state.head_here = true;
    build(&v.view);
    assert_true(view_comparing(&v.view));
    for (size_t i = 0; i < page.n; i++)
        if (is_cells(&page.items[i]) && page.items[i].as.heatmap.step == view_step(&v.view))
            small += count_numbers(&page.items[i], "0.00") + count_numbers(&page.items[i], "-0.00");
    assert_true(small > 0);
    finish_page();
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
    open_own(&v, l->name);
    go(&v, "weights");
    int step = tape_find(&v.lesson.tape, "weights");
    for (size_t row = 0; row < v.lesson.tape.steps[step].value.axis[AXIS_ROW].size; row++) {
        v.state.figure = FIGURE_OFF;
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
    open_own(&v, l->name);
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
    open_own(&v, "mistake-softmax-columns");
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

TEST(other_pages_say_what_shares_add_up_to)
{
    OWN(test_view) v;
    open_own(&v, "several-heads");
    go(&v, "weights");
    v.state.page = PAGE_HEADS;
    v.state.heads.word = 5;
    build(&v.view);
    assert_string_equal(page_part_text(&page, "heads.column.sum", 0), "Σ 1.00");
    assert_true(says("heads.note", 0, "Σ adds the exact numbers"));
    v.state.page = PAGE_MICROSCOPE;
    build(&v.view);
    bool said = false;
    for (size_t i = 0; i < page.n; i++)
        said = said ||
               (page.items[i].kind == ITEM_TEXT && strcmp(display_item_text(&page, &page.items[i]), "exact sum") == 0);
    assert_true(said);
    finish_page();
}
