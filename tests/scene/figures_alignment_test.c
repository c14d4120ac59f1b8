/* Who looks at whom: ribbons and bars are as wide as the weights and their sums. */
#include "scene/test_figure.h"

TEST(ribbons_of_an_alignment_are_as_wide_as_the_weights)
{
    OWN(test_view) v;
    const struct tensor *weights = open_at(&v, "translation", "weights");
    const size_t rows = weights->axis[AXIS_ROW].size, cols = weights->axis[AXIS_COL].size;
    for (size_t word = 0; word < rows; word++) {
        size_t i = 0, n = 0;
        v.state.heads.word = word + 1;
        build_figure(&v);
        const double whole = (double)next("alignment.looks", &i)->box.w;
        i = 0;
        for (const struct item *ribbon; (ribbon = next("alignment.ribbon", &i)); n++) {
            /* The row that looks is drawn last. */
            size_t row = n / cols, own = row == rows - 1 ? word : row < word ? row : row + 1;
            const double width = whole * *tensor_at(weights, 0, own, n % cols);
            assert_close((double)(ribbon->as.polygon.x[1] - ribbon->as.polygon.x[0]), width, 0.5);
            assert_close((double)(ribbon->as.polygon.x[2] - ribbon->as.polygon.x[3]), width, 0.5);
        }
        assert_int_equal(n, rows * cols);
    }
    finish_page();
}

TEST(the_bar_of_a_word_looked_at_is_as_long_as_what_arrives)
{
    OWN(test_view) v;
    const struct tensor *weights = open_at(&v, "translation", "heads");
    size_t i = 0, n = 0;
    weights = &v.lesson.tape.steps[tape_find(&v.lesson.tape, "weights")].value;
    build_figure(&v);
    const double whole = (double)next("alignment.looks", &i)->box.w;
    i = 0;
    for (const struct item *bar; (bar = next("alignment.gets", &i)); n++) {
        double sum = 0;
        for (size_t row = 0; row < weights->axis[AXIS_ROW].size; row++)
            sum += *tensor_at(weights, 0, row, n);
        assert_close((double)bar->box.w, whole * sum, 0.5);
    }
    assert_int_equal(n, weights->axis[AXIS_COL].size);
    finish_page();
}
