/* expression_test.c: the notation of explanations is read as it is written, and nothing else is. */
#include "core/explained.h"
#include "support/check.h"

#include "core/explain.h"

#include <stdio.h>
#include <stdlib.h>

static const double letters[] = {2, -3, 0.5}; /* a, b, c */

static const struct {
    const char *text;
    double want, operations;
} rows[] = {
    {"a", 2, 0},
    {"0", 0, 0},
    {"-inf", -INFINITY, 0},
    {"a * b", -6, 1},
    {"a + b * c", 0.5, 2},
    {"(a + b) * c", -0.5, 2},
    {"a - b - c", 4.5, 2},
    {"a / c / a", 2, 2},
    {"-a", -2, 0},
    {"--a", 2, 0},
    {"a * -b", 6, 1},
    {"a - -b", -1, 1},
    {"a ^ 3", 8, 1},
    {"a ^ a ^ 3", 256, 2},
    {"a / sqrt(4)", 1, 1},
    {"sqrt(a * 2)", 2, 2},
    {"exp(b - b)", 1, 2},
    {"exp(a - inf)", 0, 2},
    {"max(a, b, c)", 2, 2},
    {"max(a)", 2, 0},
    {"relu(b)", 0, 1},
    {"abs(b)", 3, 1},
    {"sigmoid(a - 2)", 0.5, 2},
    {"tanh(0 * a)", 0, 2},
    {"log(1)", 0, 0},
    {"cos(0)", 1, 0},
    {"sin(0)", 0, 0},
    {"erf(0)", 0, 0},
    {"2.5e-1 * a", 0.5, 1},
    {"  a*b ", -6, 1},
    {".5", 0.5, 0},
};

TEST_ROWS_BY(arithmetic_is_evaluated_and_its_operations_counted, rows, c, text)
{
    double value, operations;
    assert_ok(expression_eval(c->text, letters, 3, &value, &operations));
    assert_close(value, c->want, 0);
    assert_close(operations, c->operations, 0);
}

static const struct {
    const char *text, *message;
} wrong[] = {
    {"", "a value is missing at character 1"},
    {"a +", "a value is missing at character 4"},
    {"a b", "an unexpected character at character 3"},
    {"d", "an unknown letter at character 1"},
    {"A", "an unknown letter at character 1"},
    {"foo(a)", "an unknown word at character 1"},
    {"ab", "an unknown word"},
    {"sqrt a", "a '(' is missing"},
    {"sqrt(a", "a ')' is missing"},
    {"sqrt(a, b)", "a ')' is missing"},
    {"(a", "a ')' is missing"},
    {"a)", "an unexpected character"},
    {"0x10", "a malformed number"},
    {"1.2.3", "a malformed number"},
    {".", "a malformed number"},
    {"nan", "an unknown word"},
    {"a $ b", "an unexpected character at character 3"},
};

TEST_ROWS_BY(what_is_not_the_notation_is_refused_with_its_place, wrong, c, text)
{
    double value = 7;
    assert_error(expression_eval(c->text, letters, 3, &value, NULL), QKV_ERR_SYNTAX, c->message);
    assert_true(value == 7);
}

TEST(parentheses_nested_without_end_are_refused)
{
    char text[5000];
    double value;
    memset(text, '(', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_error(expression_eval(text, letters, 3, &value, NULL), QKV_ERR_SYNTAX, "nested too deeply");
    for (size_t i = 0; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "2^", 2);
    assert_error(expression_eval(text, letters, 3, &value, NULL), QKV_ERR_SYNTAX, "nested too deeply");
}

TEST(rounding_is_what_printf_prints)
{
    const double values[] = {0.15, 2.675, -0.005, 1e15, 123.456, -INFINITY, 0.5, 1.5, 2.5};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        for (int decimals = 0; decimals < 5; decimals++) {
            char text[64];
            snprintf(text, sizeof text, "%.*f", decimals, values[i]);
            assert_close(round_decimals(values[i], decimals), strtod(text, NULL), 0);
        }
}

TEST(an_explanation_with_rounded_operands_is_what_a_pencil_gives)
{
    OWN(tensor) a, b;
    assert_ok(tensor_init_sizes(&a, 1, 1, 2));
    assert_ok(tensor_init_sizes(&b, 1, 1, 2));
    a.v[0] = 0.314, a.v[1] = -0.126;
    b.v[0] = 2.5, b.v[1] = 1.04;
    OWN(explanation) e = {.fold = FOLD_SUM, .term_text = "a * b"};
    for (size_t i = 0; i < 2; i++)
        assert_ok(explanation_add(&e, i, 2, (struct cell[]){{0, 0, 0, i}, {1, 0, 0, i}}));
    const struct tensor *in[] = {&a, &b};
    assert_close(explanation_value(&e, in, -1), 0.314 * 2.5 - 0.126 * 1.04, 1e-15);
    assert_close(explanation_value(&e, in, 1), 0.3 * 2.5 - 0.1 * 1.0, 1e-15);
    assert_close(explanation_term_value(&e, 1, in, 2), -0.13 * 1.04, 1e-15);
    assert_close(explanation_operations(&e), 3, 0);
    e.fold = FOLD_MAX;
    assert_close(explanation_value(&e, in, -1), 0.314 * 2.5, 1e-15);
}
