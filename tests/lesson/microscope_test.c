/* Softmax under the microscope: rows whose numbers are known, and rows that floating-point numbers cannot hold. */
#include "support/check.h"

#include "lesson/analysis/microscope.h"
#include "lesson/lesson.h"
#include "lesson/text/builtin.h"

enum { ROW_MOST = 8 };

#define LOG_3 1.0986122886681098
/* The maximum taken off, or not. */
#define USUAL                                                                                                          \
    {                                                                                                                  \
        1, 1, false                                                                                                    \
    }
#define RAW                                                                                                            \
    {                                                                                                                  \
        1, 1, true                                                                                                     \
    }
/* Of shares of 3 to 1, and of 9 to 1: the entropy, and 2 to its power. */
#define OF_3_TO_1 0.8112781244591328, 1.7547653506033172
#define OF_9_TO_1 0.4689955935892812, 1.384145488461686

static struct row_case {
    const char *name;
    size_t n;
    double scores[ROW_MOST];
    struct microscope_how how;
    double weights[ROW_MOST];
    double sum, entropy, effective;
} rows[] = {
    {"4 equal scores have 2 bits and 4 words", 4, {5, 5, 5, 5}, USUAL, {0.25, 0.25, 0.25, 0.25}, 4, 2, 4},
    {"a row with one word alone has 0 bits and 1 word", 3, {0, 1000, 0}, USUAL, {0, 1, 0}, 1, 0, 1},
    {"a blocked word gets nothing and counts for nothing", 3, {2, -INFINITY, 2}, USUAL, {0.5, 0, 0.5}, 2, 1, 2},
    {"a row with everything blocked has no weights", 2, {-INFINITY, -INFINITY}, USUAL, {0, 0}, 0, 0, 0},
    {"two scores log 3 apart share 3 to 1", 2, {LOG_3, 0}, USUAL, {0.75, 0.25}, 4.0 / 3, OF_3_TO_1},
    {"a small temperature makes the larger larger", 2, {LOG_3, 0}, {1, 0.5, false}, {0.9, 0.1}, 10.0 / 9, OF_9_TO_1},
    {"a factor is an inverse temperature", 2, {LOG_3, 0}, {2, 1, false}, {0.9, 0.1}, 10.0 / 9, OF_9_TO_1},
    {"raw, weights are the same while numbers hold", 2, {LOG_3, 0}, RAW, {0.75, 0.25}, 4, OF_3_TO_1},
    {"raw, e^709 is held, but not three of them", 3, {709, 709, 709}, RAW, {0, 0, 0}, INFINITY, 0, 0},
    {"raw, 710 overflows: infinity by infinity", 2, {710, 0}, RAW, {NAN, 0}, INFINITY, NAN, NAN},
    {"raw, far negative scores vanish: 0 by 0", 2, {-1000, -1000}, RAW, {NAN, NAN}, 0, NAN, NAN},
    {"with the maximum taken off they do not", 2, {-1000, -1000}, {1000, 1, false}, {0.5, 0.5}, 2, 1, 2},
};

/* The same number, be it finite or not. */
static void assert_number(double found, double wanted)
{
    if (isnan(wanted))
        assert_true(isnan(found));
    else if (isinf(wanted))
        assert_true(found == wanted);
    else
        assert_close(found, wanted, 1e-12);
}

TEST_ROWS(a_row_case, rows, c)
{
    OWN(microscope) m;
    assert_ok(microscope_init(&m, c->scores, c->n, &c->how));
    for (size_t i = 0; i < c->n; i++)
        assert_number(m.lines[i].weight, c->weights[i]);
    assert_number(m.sum, c->sum);
    assert_number(m.entropy, c->entropy);
    assert_number(m.effective, c->effective);
}

TEST(what_is_not_shown_is_added_up)
{
    const double scores[] = {1, 4, 2, 4, 3};
    OWN(microscope) m;
    assert_ok(microscope_init(&m, scores, 5, &(struct microscope_how){1, 1, false}));
    microscope_show(&m, 2);
    assert_true(m.lines[1].shown && m.lines[3].shown && !m.lines[0].shown && !m.lines[2].shown && !m.lines[4].shown);
    assert_int_equal(m.rest, 3);
    assert_close(m.rest_power + m.lines[1].power + m.lines[3].power, m.sum, 1e-12);
    assert_close(m.rest_weight + m.lines[1].weight + m.lines[3].weight, 1, 1e-12);
    microscope_show(&m, 5);
    assert_int_equal(m.rest, 0);
}

/* The step named `name` that the microscope's rows become. */
static void check_lesson(const char *name, size_t *rows_seen)
{
    OWN(lesson) lesson;
    const char *instead;
    assert_ok(lesson_open(name, NULL, &lesson, NULL));
    int weights = tape_find(&lesson.tape, "weights");
    int scores = microscope_find(&lesson.tape, weights < 0 ? 0 : weights, &instead);
    bool chain = weights >= 0 && scores >= 0 && !instead && lesson.tape.steps[weights].spec.op == OP_DIVIDE_ROWS &&
                 lesson.tape.steps[lesson.tape.steps[weights].spec.in[0]].spec.in[0] == scores;
    const struct axis *axis = chain ? lesson.tape.steps[scores].value.axis : NULL;
    for (size_t h = 0; chain && h < axis[AXIS_HEAD].size; h++)
        for (size_t r = 0; r < axis[AXIS_ROW].size; r++, ++*rows_seen) {
            OWN(microscope) m;
            size_t n = axis[AXIS_COL].size;
            assert_ok(microscope_init(&m, tensor_at(&lesson.tape.steps[scores].value, h, r, 0), n,
                                      &(struct microscope_how){1, 1, false}));
            for (size_t i = 0; i < n; i++)
                assert_close(m.lines[i].weight, *tensor_at(&lesson.tape.steps[weights].value, h, r, i), 1e-15);
        }
}

TEST(the_microscope_sees_the_weights_of_every_lesson)
{
    size_t rows_seen = 0;
    for (size_t i = 0; builtin_lessons[i]; i++)
        check_lesson(builtin_lessons[i], &rows_seen);
    assert_true(rows_seen > 200);
}

TEST(the_variance_of_scores_grows_with_d_k_and_scaling_takes_it_back)
{
    struct saturation s[SATURATION_POINTS];
    saturation_measure(7, s);
    for (int i = 0; i < SATURATION_POINTS; i++) {
        assert_int_equal(s[i].d_k, 1 << i);
        /* 8,000 pairs, of which 8 share a query: the error of a measured variance is a few percent. */
        assert_true(fabs(s[i].variance / s[i].d_k - 1) < 0.12);
        assert_true(fabs(s[i].variance_scaled - 1) < 0.12);
    }
}

TEST(unscaled_scores_saturate_and_scaled_ones_do_not)
{
    const struct saturation *s = saturation_known();
    for (int i = 1; i < SATURATION_POINTS; i++)
        assert_true(s[i].largest > s[i - 1].largest);
    assert_true(s[SATURATION_POINTS - 1].largest > 0.85);
    for (int i = 0; i < SATURATION_POINTS; i++)
        assert_true(s[i].largest_scaled > 1.0 / SATURATION_KEYS && s[i].largest_scaled < 0.45);
}

TEST(the_same_seed_gives_the_same_numbers)
{
    struct saturation a[SATURATION_POINTS], b[SATURATION_POINTS], c[SATURATION_POINTS];
    saturation_measure(1, a);
    saturation_measure(1, b);
    saturation_measure(2, c);
    for (size_t i = 0; i < SATURATION_POINTS; i++)
        assert_true(a[i].d_k == b[i].d_k && a[i].variance == b[i].variance && a[i].largest == b[i].largest &&
                    a[i].variance_scaled == b[i].variance_scaled && a[i].largest_scaled == b[i].largest_scaled);
    assert_true(a[6].variance != c[6].variance);
}
