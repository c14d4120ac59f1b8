/* expression_test.c: the notation of explanations is read as it is written, and nothing else is. */
#include "core/explained.h"
#include "support/check.h"

#include "core/explain.h"

#include <stdio.h>
#include <stdlib.h>

static const double letters[] = {2, -3, 0.5}; /* a, b, c */

struct expression_case {
    const char *text, *want, *operations, *message;
};

TEST_TABLE(what_is_written_is_evaluated_or_refused_with_its_place, expression_case, "core/expressions.tsv", c, text)
{
    double value = 7, operations;
    struct qkv_err err = expression_eval(c->text, letters, 3, &value, &operations);
    if (c->message[0]) {
        assert_error(err, QKV_ERR_SYNTAX, c->message);
        assert_close(value, 7, 0);
    } else {
        assert_ok(err);
        assert_close(value, strtod(c->want, NULL), 0);
        assert_close(operations, strtod(c->operations, NULL), 0);
    }
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
