/* settings_test.c: settings mean what was written, and what cannot be meant is refused with what would be right. */
#include "support/check.h"

#include "core/settings.h"

static const struct setting_info table[] = {
    {.name = "heads", .kind = SETTING_WHOLE, .initial = "1", .min = 1, .max = 64},
    {.name = "temperature", .kind = SETTING_NUMBER, .initial = "1", .min = 0, .min_excluded = true, .max = INFINITY},
    {.name = "threshold", .kind = SETTING_NUMBER, .initial = "0.1", .min = -INFINITY, .max = INFINITY},
    {.name = "eps", .kind = SETTING_NUMBER, .initial = "0", .min = 0, .max = INFINITY},
    {.name = "seed", .kind = SETTING_WHOLE, .initial = "0", .min = 0, .max = 4294967295.0},
    {.name = "kv_heads",
     .kind = SETTING_CHOICE_OR_WHOLE,
     .initial = "heads",
     .choices = (const char *const[]){"heads", NULL},
     .min = 1,
     .max = 64},
    {.name = "share", .kind = SETTING_NUMBER, .initial = "0", .min = 0, .max = 1},
    {.name = "normaliser",
     .kind = SETTING_CHOICE,
     .initial = "softmax",
     .choices = (const char *const[]){"softmax", "hard", "sparsemax", NULL}},
    {.name = "scale",
     .kind = SETTING_CHOICE_OR_NUMBER,
     .initial = "sqrt_dk",
     .choices = (const char *const[]){"sqrt_dk", "none", NULL},
     .min = 0,
     .min_excluded = true,
     .max = INFINITY},
    {.name = "mask",
     .kind = SETTING_LIST,
     .initial = "none",
     .choices = (const char *const[]){"none", "causal", "window:W", "random:R:SEED", NULL},
     .min = 0,
     .max = 4294967295.0},
};
enum { ROWS = sizeof table / sizeof table[0] };

TEST(the_defaults_are_those_of_the_table)
{
    struct settings s = settings_default(table, ROWS);
    assert_close(settings_get(&s, "heads")->number, 1, 0);
    assert_true(settings_is(&s, "normaliser", "softmax"));
    assert_true(settings_is(&s, "scale", "sqrt_dk"));
    assert_true(settings_is(&s, "mask", "none"));
    assert_false(settings_list_has(&s, "mask", "causal", NULL));
}

static const struct {
    const char *name, *text;
    double number;
    int choice;
} meant[] = {
    {"heads", "8", 8, -1},
    {"temperature", "2.5e-1", 0.25, -1},
    {"temperature", "1e10", 1e10, -1},
    {"threshold", "-1e12", -1e12, -1},
    {"seed", "4294967295", 4294967295.0, -1},
    {"normaliser", "hard", 0, 1},
    {"scale", "3.5", 3.5, -1},
};

TEST_ROWS_BY(values_are_read_as_written, meant, c, text)
{
    struct settings s = settings_default(table, ROWS);
    assert_ok(settings_set(&s, c->name, c->text));
    assert_string_equal(settings_get(&s, c->name)->text, c->text);
    if (c->choice < 0)
        assert_close(settings_get(&s, c->name)->number, c->number, 0);
    assert_int_equal(settings_get(&s, c->name)->choice, c->choice);
}

TEST(a_list_holds_its_items_and_their_numbers)
{
    double numbers[2] = {-1, -1};
    struct settings s = settings_default(table, ROWS);
    assert_ok(settings_set(&s, "mask", "causal, window:2,random:3:42"));
    assert_true(settings_list_has(&s, "mask", "causal", NULL));
    assert_false(settings_list_has(&s, "mask", "none", NULL));
    assert_true(settings_list_has(&s, "mask", "window", numbers));
    assert_close(numbers[0], 2, 0);
    assert_true(settings_list_has(&s, "mask", "random", numbers));
    assert_close(numbers[0], 3, 0);
    assert_close(numbers[1], 42, 0);
    assert_false(settings_is(&s, "mask", "none"));
    assert_ok(settings_set(&s, "mask", "random:1:4294967295"));
    assert_true(settings_list_has(&s, "mask", "random", numbers));
    assert_close(numbers[1], 4294967295.0, 0);
}

struct wrong_setting {
    const char *name, *text, *message;
};

TEST_TABLE(what_cannot_be_meant_is_refused_and_changes_nothing, wrong_setting, "core/wrong_settings.tsv", c, message)
{
    struct settings s = settings_default(table, ROWS), before = s;
    assert_error(settings_set(&s, c->name, c->text), QKV_ERR_DOMAIN, c->message);
    assert_memory_equal(&s, &before, sizeof s);
}

TEST(a_value_that_is_too_long_is_refused)
{
    struct settings s = settings_default(table, ROWS);
    char text[97];
    memset(text, ',', sizeof text);
    text[96] = '\0';
    assert_error(settings_set(&s, "mask", text), QKV_ERR_LIMIT, "longer than 95 characters");
}
