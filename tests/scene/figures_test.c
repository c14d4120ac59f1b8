/* Pictures of an idea: what is longer, wider or further turned is so by the number of a cell. */
#include "scene/test_view.h"

#include "scene/figure.h"
#include "scene/scene.h"

#include <math.h>

static struct display_list page;

static void finish_page(void)
{
    display_finish(&page);
}

static void open_at(struct test_view *v, const char *lesson, const char *step)
{
    test_view_open(v, lesson);
    int at = walk_find(&v->lesson.walk, tape_find(&v->lesson.tape, step));
    assert_true(at >= 0);
    v->state.position = walk_whole(&v->lesson.walk, (size_t)at);
    v->state.figure = FIGURE_LARGE;
}

static void build(const struct view *view)
{
    scene_build(view, &fake_measure, &page);
    assert_false(page.failed);
}

static double value_of(const struct view *view, const struct hit *hit)
{
    return *tensor_at(&view->lesson->tape.steps[hit->cell.step].value, hit->cell.head, hit->cell.row, hit->cell.col);
}

static int decimals_of(const struct view *view, const struct hit *hit)
{
    const struct tensor *t = &view->lesson->tape.steps[hit->cell.step].value;
    return plane_decimals(t, t->axis[AXIS_HEAD].size > 1 ? hit->cell.head : 0);
}

/* The part of the picture in the middle of an item that stands for a cell; NULL: none. */
static const struct hit *cell_of(const struct item *item)
{
    const struct item *hit = display_at(&page, item->box.x + item->box.w / 2, item->box.y + item->box.h / 2).hit;
    return hit && hit->as.hit.command == CMD_CELL ? &hit->as.hit : NULL;
}

/* ---- every picture of every lesson ---- */

/* How many numbers of pictures are on the page; each is that of the cell it stands for. */
static size_t check_numbers(const struct view *view)
{
    size_t numbers = 0;
    for (size_t i = 0; i < page.n; i++) {
        const struct item *item = &page.items[i];
        char number[NUMBER_TEXT];
        if (item->kind != ITEM_TEXT || strcmp(item->part, "figure.number") != 0)
            continue;
        const struct hit *hit = cell_of(item);
        const char *text = display_item_text(&page, item);
        numbers++;
        if (!hit || strcmp(text, cell_number(value_of(view, hit), decimals_of(view, hit), number)) != 0)
            fail_msg("%s: %s stands for no cell with this number", view->lesson->name, text);
    }
    return numbers;
}

static const struct {
    const char *name;
    float width, height;
    size_t numbers; /* on all pages, at least */
} sizes[] = {{"1280 x 720", 1280, 720, 150}, {"640 x 480", 640, 480, 0}, {"1920 x 1080", 1920, 1080, 150}};

TEST_ROWS(a_number_of_a_picture_is_that_of_its_cell, sizes, size)
{
    size_t numbers = 0;
    for (size_t i = 0; builtin_lessons[i]; i++) {
        OWN(test_view) v;
        test_view_open(&v, builtin_lessons[i]);
        v.view.width = size->width, v.view.height = size->height;
        for (size_t at = 0; at < v.lesson.walk.length; at++) {
            v.state.position = at;
            if (!view_place(&v.view).whole || view_comparing(&v.view))
                continue;
            build(&v.view);
            numbers += check_numbers(&v.view);
        }
    }
    assert_true(numbers >= size->numbers);
}

TEST(a_picture_that_a_stop_names_is_drawn)
{
    for (size_t i = 0; builtin_lessons[i]; i++) {
        OWN(test_view) v;
        test_view_open(&v, builtin_lessons[i]);
        v.state.figure = FIGURE_LARGE;
        for (size_t at = 0; at < v.lesson.walk.length; at++) {
            v.state.position = at;
            const struct stop *stop = view_stop(&v.view);
            if (!stop || !stop->figure || view_comparing(&v.view))
                continue;
            build(&v.view);
            if (!display_has(&page, "figure.title"))
                fail_msg("%s, %s: the picture %s is not drawn", v.lesson.name,
                         v.lesson.tape.steps[stop->step].spec.name, figure_names[stop->figure - 1]);
            check_numbers(&v.view);
        }
    }
}

/* ---- the sentence ---- */

TEST(arcs_are_as_wide_as_the_weights)
{
    OWN(test_view) v;
    open_at(&v, "one-head", "weights");
    const struct tensor *weights = &v.lesson.tape.steps[tape_find(&v.lesson.tape, "weights")].value;
    const size_t words = weights->axis[AXIS_COL].size;
    for (size_t word = 0; word < words; word++) {
        size_t arcs = 0;
        v.state.heads.word = word + 1;
        build(&v.view);
        for (size_t i = 0; i < page.n; i++) {
            if (page.items[i].kind != ITEM_CURVE || strcmp(page.items[i].part, "strip.arc") != 0)
                continue;
            const double weight = *tensor_at(weights, 0, word, arcs++);
            assert_close((double)page.items[i].stroke, fmax(0.75, weight * (double)(STRIP_ARC * view_scale(&v.view))),
                         0.5);
        }
        assert_int_equal(arcs, words);
    }
}

TEST(every_word_can_be_looked_from)
{
    OWN(test_view) v;
    open_at(&v, "one-head", "Q");
    build(&v.view);
    size_t words = 0;
    for (size_t i = 0; i < page.n; i++)
        words += page.items[i].kind == ITEM_HIT && page.items[i].as.hit.command == CMD_LOOK;
    assert_int_equal(words, v.lesson.sentence.words.n);
}

/* ---- shares ---- */

/* The part of the picture with this name that stands for this cell. */
static const struct item *part_of(const char *part, int step, size_t row, size_t col)
{
    for (size_t i = 0; i < page.n; i++) {
        const struct hit *hit = strcmp(page.items[i].part, part) == 0 ? cell_of(&page.items[i]) : NULL;
        if (hit && hit->cell.step == step && hit->cell.row == row && hit->cell.col == col)
            return &page.items[i];
    }
    fail_msg("no %s for column %zu of step %d", part, col, step);
    return NULL;
}

TEST(bars_of_shares_are_as_high_and_wide_as_their_numbers)
{
    OWN(test_view) v;
    open_at(&v, "one-head", "weights");
    build(&v.view);
    const struct tape *tape = &v.lesson.tape;
    const int scores = tape_find(tape, "scaled"), powers = tape_find(tape, "exponentials"),
              weights = tape_find(tape, "weights");
    const size_t it = 4, cat = 1;
    const double top = *tensor_at(&tape->steps[scores].value, 0, it, cat);
    const double unit = (double)part_of("shares.score", scores, it, cat)->box.h / top;
    float width = 0;
    for (size_t i = 0; i < page.n; i++)
        width += strcmp(page.items[i].part, "shares.part") == 0 ? page.items[i].box.w : 0;
    for (size_t col = 0; col < 7; col++) {
        const double power = *tensor_at(&tape->steps[powers].value, 0, it, col),
                     share = *tensor_at(&tape->steps[weights].value, 0, it, col);
        assert_close((double)part_of("shares.power", powers, it, col)->box.h, fmax(1, power * unit), 0.5);
        if (share > 0.05)
            assert_close((double)part_of("shares.part", weights, it, col)->box.w, share * (double)width, 0.5);
    }
}

/* What the walk has not computed yet is not given away. */
TEST(shares_come_when_they_are_computed)
{
    OWN(test_view) v;
    open_at(&v, "one-head", "row_max");
    build(&v.view);
    assert_true(display_has(&page, "shares.score"));
    assert_false(display_has(&page, "shares.power"));
    assert_false(display_has(&page, "shares.part"));
}

/* ---- arrows ---- */

/* An arrow points where its pair of numbers does: half a pixel at its tip at most beside it. */
TEST(arrows_point_where_their_numbers_do)
{
    static const char *const steps[] = {"Q_turned", "K_turned"};
    for (size_t s = 0; s < 2; s++) {
        OWN(test_view) v;
        size_t arrows = 0;
        open_at(&v, "rope", steps[s]);
        build(&v.view);
        const struct tensor *turned = &v.lesson.tape.steps[tape_find(&v.lesson.tape, steps[s])].value;
        for (size_t i = 0; i < page.n; i++) {
            if (page.items[i].kind != ITEM_CURVE || strcmp(page.items[i].part, "arrows.hand") != 0)
                continue;
            const struct point *ends = page.points + page.items[i].as.curve.at;
            const double x = (double)(ends[1].x - ends[0].x), y = (double)(ends[0].y - ends[1].y);
            const double *pair = tensor_at(turned, 0, arrows++, 0);
            assert_close((x * pair[1] - y * pair[0]) / hypot(pair[0], pair[1]), 0, 0.5);
            assert_true(x * pair[0] + y * pair[1] > 0);
        }
        assert_int_equal(arrows, turned->axis[AXIS_ROW].size);
    }
}

static void assert_says(const char *part, const char *text)
{
    for (size_t i = 0; i < page.n; i++)
        if (page.items[i].kind == ITEM_TEXT && strcmp(page.items[i].part, part) == 0 &&
            strcmp(display_item_text(&page, &page.items[i]), text) == 0)
            return;
    fail_msg("no %s says %s", part, text);
}

/* One radian is about 57 degrees; a place further is a radian more. */
TEST(arrows_say_their_angles)
{
    OWN(test_view) v;
    open_at(&v, "rope", "Q_turned");
    build(&v.view);
    assert_says("arrows.by", "not turned");
    assert_says("arrows.by", "turned by 57°");
    assert_says("arrows.by", "turned by 229°");
    v.state.cursor = (struct cursor){true, tape_find(&v.lesson.tape, "scores"), 0, 2, 1};
    v.state.position = walk_whole(&v.lesson.walk, (size_t)walk_find(&v.lesson.walk, v.state.cursor.step));
    build(&v.view);
    assert_says("arrows.between", "between them 57°");
}

/* ---- the key ---- */

static const struct {
    const char *name;
    enum figure_size size;
    bool figure, matrices;
} shown[] = {
    {"beside", FIGURE_BESIDE, true, true}, {"large", FIGURE_LARGE, true, false}, {"away", FIGURE_OFF, false, true}};

TEST_ROWS(a_picture_is_beside_the_matrices_or_large_or_away, shown, row)
{
    OWN(test_view) v;
    open_at(&v, "one-head", "row_sums");
    v.state.figure = row->size;
    build(&v.view);
    assert_int_equal(display_has(&page, "figure.title"), row->figure);
    assert_int_equal(display_has(&page, "axes"), row->matrices);
    finish_page();
}
