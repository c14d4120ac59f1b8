#include "support/check.h"
#include "support/pencil.h"

static const struct {
    const char *text;
    double value;
} readable[] = {
    {"1.50 × 1.00 + 1.80 × (-2.00)", -2.1},
    {"3.00 ÷ √(4)", 1.5},
    {"3.00 ÷ √2", 2.1213203435596424},
    {"1.40 - (-0.35)", 1.75},
    {"1 − 2 · 3", -5},
    {"exp(0.50 - 1.50)", 0.36787944117144233},
    {"exp(-∞ - 2.00)", 0},
    {"e^(1 - 1)", 1},
    {"2 ^ 3 ^ 2", 512},
    {"-2 × -3", 6},
    {"max(1.00, -∞, 3.50)", 3.5},
    {"max(-∞, -∞)", -INFINITY},
    {"max(1, 2 [5 more])", 2},
    {"1.00 + 0.25 [3 more]", 1.25},
    {"1.25e+07 ÷ 2", 6.25e6},
    {"+0.25", 0.25},
    {"sqrt(2 + 2) * 3 / 2", 3},
    {"3.50, mask 1", 3.5},
    {"3.50, mask 0", -INFINITY},
};

TEST_ROWS_BY(arithmetic_comes_to_what_a_reader_gets, readable, c, text)
{
    double x;
    assert_true(pencil_eval(c->text, &x));
    assert_close(x, c->value, 1e-12);
}

TEST(what_is_no_arithmetic_is_refused)
{
    static const char *const texts[] = {"",         "1 +",   "(1", "1)",    "1 2", "1 × × 2", "word", "exp 1",
                                        "max(1, )", "1.2.3", "…",  "1.00…", ".5",  "1,5",     "[1",   "e2"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        double x;
        if (pencil_eval(texts[i], &x))
            fail_msg("\"%s\" was read as %g", texts[i], x);
    }
}

static const struct {
    const char *text;
    double x;
    bool agrees;
} shown_numbers[] = {
    {"0.25", 0.2549, true}, {"0.25", 0.2551, false}, {"-0.25", -0.2451, true},     {"-0.25", 0.25, false},
    {"7", 7.4, true},       {"7", 7.6, false},       {"1.25e+07", 12549999, true}, {"1.25e+07", 12551000, false},
    {"+1.00", 1, true},     {"-∞", -INFINITY, true}, {"∞", -INFINITY, false},      {"0.00", INFINITY, false},
    {"0.00", NAN, false},   {"0.125", 0.125, true},
};

TEST_ROWS_BY(a_number_stands_for_half_a_unit_around_it, shown_numbers, c, text)
{
    struct shown_number shown;
    assert_true(pencil_number(c->text, &shown));
    assert_int_equal(pencil_agrees(&shown, c->x), c->agrees);
}

TEST(numbers_are_found_with_their_signs)
{
    struct shown_number found[8];
    assert_int_equal(pencil_numbers("1.50 × (-2.00) - 3 + -∞ [5 more]", found, 8), 4);
    assert_close(found[0].value, 1.5, 0);
    assert_close(found[1].value, -2, 0);
    assert_close(found[1].half, 0.005, 1e-15);
    assert_close(found[2].value, 3, 0);
    assert_close(found[2].half, 0.5, 0);
    assert_close(found[3].value, -INFINITY, 0);
    assert_int_equal(pencil_numbers("∞ - 2 × -3", found, 8), 3);
    assert_close(found[1].value, 2, 0);
    assert_close(found[2].value, -3, 0);
    assert_false(pencil_number("1.50 …", found));
    assert_false(pencil_number("NaN", found));
}
