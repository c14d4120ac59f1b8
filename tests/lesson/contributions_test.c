/* What the heads add to the output is the output, in every lesson that has heads side by side and W_O. */
#include "lesson/opened.h"

#include "lesson/analysis/contributions.h"
#include "lesson/language/language.h"
#include "lesson/lesson.h"
#include "lesson/text/builtin.h"

#include <stdio.h>

static void check_cell(const struct lesson *lesson, const struct heads_output *at, size_t word, size_t column)
{
    OWN(contributions) c;
    const struct tensor *heads = &lesson->tape.steps[at->heads].value, *w = &lesson->tape.steps[at->w_o].value;
    size_t d_v = heads->axis[AXIS_COL].size;
    assert_ok(contributions_init(&c, &lesson->tape, at, word, column, NULL));
    double sum = 0;
    for (size_t h = 0; h < c.heads; h++) {
        double share = 0;
        for (size_t i = 0; i < d_v; i++)
            share += *tensor_at(heads, h, word, i) * *tensor_at(w, 0, h * d_v + i, column);
        assert_close(*tensor_at(&c.tape.steps[c.shares].value, h, 0, 0), share, 1e-9);
        sum += share;
    }
    assert_close(c.tape.steps[c.sum].value.v[0], sum, 1e-9);
    assert_close(c.tape.steps[c.output].value.v[0], *tensor_at(&lesson->tape.steps[at->output].value, 0, word, column),
                 1e-9);
    assert_int_equal(c.bias >= 0, at->bias >= 0);
}

TEST(they_sum_to_every_number_of_the_output_in_every_lesson)
{
    size_t lessons = 0, without = 0;
    for (size_t i = 0; builtin_lessons[i]; i++) {
        struct heads_output at;
        const struct lesson *lesson = open_by(builtin_lessons[i], NULL);
        const char *why = heads_output_find(&lesson->tape, &at);
        if (why) {
            assert_true(strlen(language_page(lesson->language, why)) > 20);
            without++;
        } else {
            const struct axis *axis = lesson->tape.steps[at.output].value.axis;
            for (size_t t = 0; t < axis[AXIS_ROW].size; t++)
                for (size_t c = 0; c < axis[AXIS_COL].size; c++)
                    check_cell(lesson, &at, t, c);
            lessons++;
        }
        close_lessons();
    }
    printf("%zu lessons with contributions, %zu without\n", lessons, without);
    assert_true(lessons >= 3 && without >= 1);
}

TEST(with_a_bias_they_sum_to_what_it_is_added_to)
{
    static const char text[] = "title: t\ntab: t\nsummary: s\nsentence: one two\nmechanism: attention\n"
                               "settings: {heads: 2}\nweights:\n  source: numbers\n"
                               "  X: [[1, 2], [3, -1]]\n  W_Q: [[1, 0], [0, 1]]\n  W_K: [[1, 1], [0, 1]]\n"
                               "  W_V: [[2, 0], [1, 1]]\n  W_O: [[1, 2, 3, 4], [0.5, 0, -1, 1]]\n  b_O: [1, 2, 3, 4]\n";
    struct heads_output at;
    const struct lesson *lesson = open_text(text, NULL);
    assert_null(heads_output_find(&lesson->tape, &at));
    assert_true(at.bias >= 0);
    check_cell(lesson, &at, 1, 3);
}

TEST(a_head_is_off_when_all_its_rows_are_zero)
{
    struct heads_output at;
    const struct lesson *lesson = open_by("several-heads", NULL);
    assert_null(heads_output_find(&lesson->tape, &at));
    const struct tensor *w = &lesson->tape.steps[at.w_o].value;
    size_t d_v = lesson->tape.steps[at.heads].value.axis[AXIS_COL].size, cols = w->axis[AXIS_COL].size;
    for (size_t h = 0; h < 3; h++)
        assert_false(head_is_off(&lesson->tape, &at, h));
    memset(tensor_at(w, 0, d_v, 0), 0, d_v * cols * sizeof(double));
    assert_true(head_is_off(&lesson->tape, &at, 1));
    assert_false(head_is_off(&lesson->tape, &at, 0));
    *tensor_at(w, 0, 2 * d_v - 1, cols - 1) = 1e-300;
    assert_false(head_is_off(&lesson->tape, &at, 1));
}
