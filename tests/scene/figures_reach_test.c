/* The picture of a mask as reach: who is lit in which line is what the powers of the mask say. */
#include "scene/test_figure.h"

#include <math.h>
#include <stdio.h>

enum { PLACES = 16, LAYERS = 3 };

/* Whom `word` hears after so many layers: a row of the mask's power, by products of matrices. */
static void power_row(const struct tensor *mask, size_t word, size_t layers, bool ret[PLACES])
{
    const size_t n = mask->axis[AXIS_COL].size;
    double power[PLACES] = {0}, next[PLACES];
    power[word] = 1;
    for (size_t k = 0; k < layers; k++) {
        for (size_t j = 0; j < n; j++) {
            next[j] = 0;
            for (size_t i = 0; i < n; i++)
                next[j] += power[i] * *tensor_at(mask, 0, i, j);
        }
        memcpy(power, next, sizeof power);
    }
    for (size_t j = 0; j < n; j++)
        ret[j] = power[j] > 0;
}

static const struct {
    const char *name, *step, *mask;
    size_t stop;
} lines[] = {{"causal-mask", "masked", "causal_mask", 0},
             {"local-window", "masked", "window_mask", 0},
             {"big-bird", "near_mask", "near_mask", 0},
             {"big-bird", "concat", "pattern_mask", 0},
             {"padding", "masked", "mask", 0}};

/* Dots come line by line, word by word: the first line has the word that looks. */
static size_t check_lines(const struct tensor *mask, size_t word)
{
    const size_t n = mask->axis[AXIS_COL].size;
    size_t dots = 0;
    for (size_t i = 0; i < page.n; i++) {
        const struct item *item = &page.items[i];
        const bool reached = is_part(item, "reach.reached");
        bool wanted[PLACES];
        if (item->kind != ITEM_BOX || (!reached && !is_part(item, "reach.other")))
            continue;
        power_row(mask, word, dots / n, wanted);
        if (reached != wanted[dots % n])
            fail_msg("word %zu, layer %zu, place %zu: %d", word, dots / n, dots % n, reached);
        dots++;
    }
    assert_int_equal(dots % n, 0);
    return dots / n - 1;
}

TEST_ROWS(lit_words_are_those_that_layers_reach, lines, row)
{
    OWN(test_view) v;
    open_figure(&v, row->name, row->step, row->stop);
    const struct tensor *mask = tensor_of(&v, row->mask);
    for (size_t word = 0; word < mask->axis[AXIS_COL].size; word++) {
        v.state.heads.word = word + 1;
        build_figure(&v);
        const size_t layers = check_lines(mask, word);
        assert_true(layers >= 1 && layers <= LAYERS);
        /* Nothing is new in a further layer, or three were drawn. */
        bool last[PLACES], next[PLACES];
        power_row(mask, word, layers, last);
        power_row(mask, word, layers + 1, next);
        for (size_t j = 0; layers < LAYERS && j < mask->axis[AXIS_COL].size; j++)
            assert_int_equal(last[j], next[j]);
    }
}

/* Each line leads from a word to one that it sees: its ends lie on their dots. */
TEST_ROWS(lines_lead_to_words_that_are_seen, lines, row)
{
    OWN(test_view) v;
    open_figure(&v, row->name, row->step, row->stop);
    const struct tensor *mask = tensor_of(&v, row->mask);
    const size_t n = mask->axis[AXIS_COL].size;
    build_figure(&v);
    struct point dots[PLACES * (LAYERS + 1)];
    size_t places = 0, checked = 0;
    for (size_t i = 0; i < page.n; i++)
        if (page.items[i].kind == ITEM_BOX &&
            (is_part(&page.items[i], "reach.reached") || is_part(&page.items[i], "reach.other")))
            dots[places++] = middle_of(&page.items[i]);
    for (size_t i = 0; i < page.n; i++) {
        const struct item *item = &page.items[i];
        size_t end[2] = {places, places};
        if (item->kind != ITEM_CURVE || (!is_part(item, "reach.way") && !is_part(item, "reach.line")))
            continue;
        for (size_t e = 0; e < 2; e++)
            for (size_t d = 0; d < places; d++)
                if (hypotf(page.points[item->as.curve.at + e].x - dots[d].x,
                           page.points[item->as.curve.at + e].y - dots[d].y) < 0.5f)
                    end[e] = d;
        assert_true(end[0] < places && end[1] < places);
        assert_int_equal(end[1] / n, end[0] / n + 1);
        assert_true(*tensor_at(mask, 0, end[0] % n, end[1] % n) == 1);
        checked++;
    }
    assert_true(checked >= n / 2);
}

/* The first line of words stands for the row of the mask. */
TEST(words_of_the_first_layer_are_cells_of_the_mask)
{
    OWN(test_view) v;
    open_figure(&v, "local-window", "masked", 0);
    build_figure(&v);
    const int mask = tape_find(&v.lesson.tape, "window_mask");
    const size_t it = 4, n = v.lesson.sentence.words.n;
    size_t cells = 0, dots = 0;
    for (size_t i = 0; i < page.n; i++) {
        const struct item *item = &page.items[i];
        if (item->kind != ITEM_BOX || (!is_part(item, "reach.reached") && !is_part(item, "reach.other")))
            continue;
        const size_t layer = dots / n, place = dots % n;
        const struct hit *hit = cell_at(middle_of(item));
        dots++;
        if (layer != 1)
            continue;
        assert_non_null(hit);
        assert_int_equal(hit->cell.step, mask);
        assert_int_equal(hit->cell.row, it);
        assert_int_equal(hit->cell.col, place);
        cells++;
    }
    assert_int_equal(cells, n);
    /* And the other way round: the cell pointed at is framed. */
    v.state.cursor = (struct cursor){true, mask, 0, it, 3};
    build_figure(&v);
    assert_true(display_has(&page, "figure.lit"));
}

/* Before the mask is on the page, nothing is told. */
TEST(reach_comes_with_the_mask)
{
    OWN(test_view) v;
    open_figure(&v, "graph", "scaled", 0);
    struct stop *stop = (struct stop *)view_stop(&v.view);
    stop->figure = FIGURE_REACH;
    build_figure(&v);
    assert_false(display_has(&page, "figure.title"));
}

/* ---- friends around a circle ---- */

static const struct item *text_near(const char *part, struct point at)
{
    const struct item *ret = NULL;
    float nearest = INFINITY;
    for (size_t i = 0; i < page.n; i++) {
        if (page.items[i].kind != ITEM_TEXT || !is_part(&page.items[i], part))
            continue;
        struct point p = middle_of(&page.items[i]);
        if (hypotf(p.x - at.x, p.y - at.y) < nearest)
            nearest = hypotf(p.x - at.x, p.y - at.y), ret = &page.items[i];
    }
    return ret;
}

TEST(friends_say_after_how_many_layers_they_are_heard)
{
    OWN(test_view) v;
    open_figure(&v, "graph", "masked", 0);
    const struct tensor *mask = tensor_of(&v, "mask");
    const size_t n = mask->axis[AXIS_COL].size;
    for (size_t word = 0; word < n; word++) {
        size_t nodes = 0;
        v.state.heads.word = word + 1;
        build_figure(&v);
        for (size_t i = 0; i < page.n; i++) {
            const struct item *item = &page.items[i];
            if (item->kind != ITEM_BOX || (!is_part(item, "reach.reached") && !is_part(item, "reach.other")))
                continue;
            const size_t place = nodes++;
            char wanted[24] = "listens";
            bool heard[PLACES] = {0};
            for (size_t k = 1; place != word && k <= LAYERS && !heard[place]; k++) {
                power_row(mask, word, k, heard);
                if (heard[place])
                    snprintf(wanted, sizeof wanted, "%zu layer%s", k, k == 1 ? "" : "s");
            }
            assert_string_equal(display_item_text(&page, text_near("reach.layer", middle_of(item))), wanted);
            const struct hit *hit = cell_at(middle_of(item));
            assert_non_null(hit);
            assert_int_equal(hit->cell.row, word);
            assert_int_equal(hit->cell.col, place);
        }
        assert_int_equal(nodes, n);
    }
    finish_page();
}
