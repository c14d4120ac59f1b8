/* Pictures that plot numbers: heights, places and angles are the tape's, within half a pixel. */
#include "scene/test_figure.h"

#include <math.h>

/* Heights of parts against the numbers of the cells they stand for: y = a + b * number, with a and b of the first two
 * parts that differ. */
struct plotted {
    struct point at[64];
    const struct item *item[64];
    size_t n;
};

static struct plotted parts_of(const char *part)
{
    struct plotted ret = {0};
    for (size_t i = 0; i < page.n && ret.n < 64; i++)
        if (page.items[i].kind == ITEM_BOX && is_part(&page.items[i], part)) {
            ret.item[ret.n] = &page.items[i];
            ret.at[ret.n++] = middle_of(&page.items[i]);
        }
    return ret;
}

/* All points lie on one straight scale of their numbers. */
static void check_scale(const struct plotted *p, const double numbers[], size_t n)
{
    size_t least = 0, most = 0;
    assert_int_equal(p->n, n);
    for (size_t i = 0; i < n; i++) {
        least = numbers[i] < numbers[least] ? i : least;
        most = numbers[i] > numbers[most] ? i : most;
    }
    assert_true(numbers[most] > numbers[least]);
    const double unit = (double)(p->at[least].y - p->at[most].y) / (numbers[most] - numbers[least]);
    assert_true(unit > 1);
    for (size_t i = 0; i < n; i++)
        assert_close((double)p->at[i].y, (double)p->at[least].y - unit * (numbers[i] - numbers[least]), 0.5);
}

/* ---- slopes ---- */

static const struct {
    const char *name, *step;
} sloped[] = {{"bias", "bias"}, {"weights", "weights"}};

/* The head looked at is drawn last; the others in their order after it. */
TEST_ROWS(points_of_slopes_are_at_their_numbers, sloped, row)
{
    OWN(test_view) v;
    open_figure(&v, "alibi", row->step, 0);
    const struct tensor *t = tensor_of(&v, row->step);
    const size_t heads = t->axis[AXIS_HEAD].size, words = t->axis[AXIS_COL].size;
    double numbers[64];
    size_t n = 0;
    for (size_t i = 1; i <= heads; i++)
        for (size_t d = 0; d < words; d++)
            numbers[n++] = *tensor_at(t, i % heads, words - 1, words - 1 - d);
    build_figure(&v);
    const struct plotted p = parts_of("slopes.dot");
    check_scale(&p, numbers, n);
    for (size_t i = words; i < p.n; i++)
        assert_close((double)p.at[i].x, (double)p.at[i - words].x, 0.5);
    for (size_t d = 2; d < words; d++) /* a word of distance is everywhere as wide */
        assert_close((double)(p.at[d].x - p.at[d - 1].x), (double)(p.at[1].x - p.at[0].x), 0.5);
    for (size_t d = 0; d < words; d++) {
        const struct hit *hit = cell_at(p.at[(heads - 1) * words + d]);
        assert_non_null(hit);
        assert_int_equal(hit->cell.head, 0);
        assert_int_equal(hit->cell.col, words - 1 - d);
    }
}

TEST(every_head_is_named_at_its_line)
{
    OWN(test_view) v;
    open_figure(&v, "alibi", "bias", 0);
    build_figure(&v);
    assert_int_equal(count_parts(ITEM_TEXT, "slopes.head"), 4);
    assert_int_equal(count_parts(ITEM_TEXT, "figure.number"), 4);
}

/* ---- the ruler ---- */

static const struct item *bar_of(size_t col)
{
    for (size_t i = 0; i < page.n; i++) {
        const struct hit *hit = is_part(&page.items[i], "ruler.bar") ? cell_at(middle_of(&page.items[i])) : NULL;
        if (hit && hit->cell.col == col)
            return &page.items[i];
    }
    return NULL;
}

/* A bar is as high as its number, and dragging its end by its height takes all of it away. */
TEST(bars_of_the_ruler_are_their_numbers_and_can_be_dragged)
{
    OWN(test_view) v;
    open_figure(&v, "relative-positions", "bias", 0);
    build_figure(&v);
    const int table = tape_find(&v.lesson.tape, "relative_bias");
    const struct tensor *t = tensor_of(&v, "relative_bias");
    for (size_t col = 0; col < t->axis[AXIS_COL].size; col++) {
        const double number = *tensor_at(t, 0, 0, col);
        const struct item *bar = bar_of(col);
        assert_non_null(bar);
        const struct hit *hit = cell_at(middle_of(bar));
        assert_int_equal(hit->cell.step, table);
        assert_true(hit->per_y < 0);
        assert_close((double)hit->per_x, 0, 0);
        assert_close((double)bar->box.h, fmax(1, fabs(number) / -(double)hit->per_y), 0.5);
    }
}

/* Each word stands over the bar of its distance, the word that looks over 0. */
TEST(words_stand_over_their_distances)
{
    OWN(test_view) v;
    open_figure(&v, "relative-positions", "bias", 0);
    const struct tensor *bias = tensor_of(&v, "bias"), *table = tensor_of(&v, "relative_bias");
    const size_t n = bias->axis[AXIS_COL].size;
    for (size_t word = 0; word < n; word++) {
        v.state.heads.word = word + 1;
        build_figure(&v);
        for (size_t j = 0; j < n; j++) {
            const struct item *text = nth_part(ITEM_TEXT, "ruler.word", j);
            assert_non_null(text);
            for (size_t col = 0; col < table->axis[AXIS_COL].size; col++)
                if (fabsf(middle_of(bar_of(col)).x - middle_of(text).x) < 1)
                    assert_close(*tensor_at(table, 0, 0, col), *tensor_at(bias, 0, word, j), 0);
        }
        assert_close((double)middle_of(nth_part(ITEM_BOX, "ruler.looks", 0)).x, (double)middle_of(bar_of(3)).x, 0.5);
    }
}

/* ---- waves ---- */

TEST(dots_of_waves_are_at_their_numbers)
{
    OWN(test_view) v;
    open_figure(&v, "sinusoids", "positions", 0);
    build_figure(&v);
    const struct tensor *t = tensor_of(&v, "positions");
    const size_t n = t->axis[AXIS_ROW].size, cols = t->axis[AXIS_COL].size;
    const struct plotted p = parts_of("waves.dot");
    assert_int_equal(p.n, n * cols);
    for (size_t pair = 0; pair < cols / 2; pair++) { /* the cosine of each pair comes first */
        double numbers[64];
        struct plotted band = {.n = 2 * n};
        for (size_t i = 0; i < 2 * n; i++) {
            numbers[i] = *tensor_at(t, 0, i % n, 2 * pair + (i < n ? 1 : 0));
            band.at[i] = p.at[2 * n * pair + i];
        }
        check_scale(&band, numbers, 2 * n);
    }
}

/* Each wave goes through its dots. */
TEST(waves_go_through_their_numbers)
{
    OWN(test_view) v;
    open_figure(&v, "sinusoids", "positions", 0);
    build_figure(&v);
    const struct plotted p = parts_of("waves.dot");
    const size_t n = tensor_of(&v, "positions")->axis[AXIS_ROW].size;
    for (size_t wave = 0; wave < p.n / n; wave++) {
        const struct item *curve = nth_part(ITEM_CURVE, "waves.wave", wave);
        assert_non_null(curve);
        for (size_t i = 0; i < n; i++) {
            float nearest = INFINITY;
            for (size_t k = 0; k < curve->as.curve.n; k++) {
                struct point q = page.points[curve->as.curve.at + k], d = p.at[wave * n + i];
                nearest = fminf(nearest, hypotf(q.x - d.x, q.y - d.y));
            }
            assert_close((double)nearest, 0, 0.5);
        }
    }
}

/* Hands stand at their angle, from twelve o'clock to the right; the slow one is drawn first. */
TEST(hands_of_clocks_show_their_pairs)
{
    OWN(test_view) v;
    open_figure(&v, "sinusoids", "positions", 0);
    build_figure(&v);
    const struct tensor *t = tensor_of(&v, "positions");
    const size_t pairs = t->axis[AXIS_COL].size / 2;
    size_t hands = 0;
    for (const struct item *hand; (hand = nth_part(ITEM_CURVE, "waves.hand", hands)); hands++) {
        const struct point *ends = page.points + hand->as.curve.at;
        const size_t place = hands / pairs, pair = pairs - 1 - hands % pairs;
        const double x = (double)(ends[1].x - ends[0].x), y = (double)(ends[0].y - ends[1].y),
                     sine = *tensor_at(t, 0, place, 2 * pair), cosine = *tensor_at(t, 0, place, 2 * pair + 1);
        assert_close(x * cosine - y * sine, 0, 0.5);
        assert_true(x * sine + y * cosine > 5);
    }
    assert_int_equal(hands, pairs * t->axis[AXIS_ROW].size);
}

/* ---- the line of sparsemax ---- */

/* A bar's part above the line is as high as its weight, in the scale of the scores. */
TEST(parts_above_the_line_are_the_weights)
{
    OWN(test_view) v;
    open_figure(&v, "soft-and-hard", "weights", 0);
    const struct tensor *scores = tensor_of(&v, "scaled"), *weights = tensor_of(&v, "weights"),
                        *lines = tensor_of(&v, "thresholds");
    const size_t n = scores->axis[AXIS_COL].size;
    for (size_t word = 0; word < n; word++) {
        v.state.heads.word = word + 1;
        build_figure(&v);
        const struct plotted bars = parts_of("threshold.score"), parts = parts_of("threshold.part");
        const struct item *line = nth_part(ITEM_CURVE, "threshold.line", 0);
        assert_int_equal(bars.n, n);
        assert_non_null(line);
        size_t part = 0, tallest = 0;
        for (size_t i = 0; i < n; i++)
            tallest = *tensor_at(scores, 0, word, i) > *tensor_at(scores, 0, word, tallest) ? i : tallest;
        const double most = *tensor_at(scores, 0, word, tallest), tau = *tensor_at(lines, 0, word, 0);
        const double y = (double)page.points[line->as.curve.at].y, top = (double)parts.item[0]->box.y;
        const double unit = ((double)y - top) / (*tensor_at(scores, 0, word, tallest) - tau);
        for (size_t i = 0; i < n; i++) {
            const double weight = *tensor_at(weights, 0, word, i);
            if (weight <= 0)
                continue;
            assert_close((double)parts.item[part]->box.h, weight * unit, 0.5);
            assert_close((double)(parts.item[part]->box.y + parts.item[part]->box.h), y, 0.5);
            part++;
        }
        assert_int_equal(part, parts.n);
        if (most > 0)
            assert_close((double)bars.item[tallest]->box.h, most * unit, 0.5);
    }
}

TEST(the_line_comes_when_it_is_computed)
{
    OWN(test_view) v;
    open_figure(&v, "soft-and-hard", "scaled", 0);
    build_figure(&v);
    assert_true(display_has(&page, "threshold.score"));
    assert_false(display_has(&page, "threshold.line"));
    assert_false(display_has(&page, "threshold.part"));
}

/* ---- scores as curves ---- */

TEST(curves_go_through_the_scores)
{
    OWN(test_view) v;
    open_figure(&v, "score-functions", "scores", 0);
    const struct tensor *scores = tensor_of(&v, "scores"), *keys = tensor_of(&v, "K");
    const size_t n = scores->axis[AXIS_COL].size;
    for (size_t word = 0; word < n; word++) {
        double numbers[64], sizes[64];
        v.state.heads.word = word + 1;
        build_figure(&v);
        const struct plotted dots = parts_of("curve.dot");
        const struct item *curve = nth_part(ITEM_CURVE, "curve.line", 0);
        assert_non_null(curve);
        for (size_t i = 0; i < n; i++)
            numbers[i] = *tensor_at(scores, 0, word, i), sizes[i] = *tensor_at(keys, 0, i, 0);
        check_scale(&dots, numbers, n);
        for (size_t i = 0; i < n; i++) {
            float nearest = INFINITY;
            for (size_t k = 0; k < curve->as.curve.n; k++) {
                struct point q = page.points[curve->as.curve.at + k];
                nearest = fminf(nearest, hypotf(q.x - dots.at[i].x, q.y - dots.at[i].y));
            }
            assert_close((double)nearest, 0, 0.5);
            const double share = (sizes[i] - sizes[0]) / (sizes[n - 1] - sizes[0]);
            assert_close((double)dots.at[i].x, (double)dots.at[0].x + share * (double)(dots.at[n - 1].x - dots.at[0].x),
                         0.5);
        }
    }
    finish_page();
}
