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

static const struct {
    const char *name, *text, *message;
} wrong[] = {
    {"head", "2", "unknown setting 'head'; did you mean 'heads'?"},
    {"tempertaure", "2", "unknown setting 'tempertaure'; did you mean 'temperature'?"},
    {"colour", "red", "unknown setting 'colour'"},
    {"", "2", "unknown setting ''"},
    {"heads", "0", "heads must be a whole number from 1 to 64, not '0'"},
    {"heads", "65", "heads must be a whole number from 1 to 64, not '65'"},
    {"heads", "1.5", "heads must be a whole number from 1 to 64, not '1.5'"},
    {"heads", "", "not ''"},
    {"heads", "0x2", "not '0x2'"},
    {"heads", "2 ", "not '2 '"},
    {"temperature", "hot", "temperature must be a number above 0, not 'hot'"},
    {"temperature", "0", "temperature must be a number above 0, not '0'"},
    {"temperature", "nan", "not 'nan'"},
    {"temperature", "inf", "not 'inf'"},
    {"temperature", "1e999", "not '1e999'"},
    {"threshold", "low", "threshold must be a number, not 'low'"},
    {"eps", "-1", "eps must be a number of 0 or more, not '-1'"},
    {"seed", "4294967296", "seed must be a whole number from 0 to 4294967295, not '4294967296'"},
    {"kv_heads", "1.5", "kv_heads must be a whole number from 1 to 64, not '1.5'"},
    {"kv_heads", "all", "unknown kv_heads 'all'; there are heads or a whole number from 1 to 64"},
    {"share", "1.01", "share must be a number from 0 to 1, not '1.01'"},
    {"normaliser", "sofmax", "unknown normaliser 'sofmax'; did you mean 'softmax'?"},
    {"normaliser", "relu", "unknown normaliser 'relu'; there are softmax, hard, sparsemax"},
    {"scale", "big", "unknown scale 'big'; there are sqrt_dk, none or a number above 0"},
    {"scale", "-1", "scale must be a number above 0, not '-1'"},
    {"mask", "casual", "unknown mask 'casual'; did you mean 'causal'?"},
    {"mask", "causal,windw:2", "unknown mask 'windw'; did you mean 'window:W'?"},
    {"mask", "window", "mask 'window' must be written window:W, each a whole number from 0 to 4294967295"},
    {"mask", "window:99999999999", "must be written window:W, each a whole number from 0 to 4294967295"},
    {"mask", "window:1,window:2", "mask 'window' stands twice in 'window:1,window:2'"},
    {"mask", "window:", "must be written window:W"},
    {"mask", "window:-1", "must be written window:W"},
    {"mask", "window:1.5", "must be written window:W"},
    {"mask", "window:1:2", "must be written window:W"},
    {"mask", "random:1", "must be written random:R:SEED"},
    {"mask", "causal:1", "mask 'causal:1' must be written causal, without a number"},
    {"mask", "none,causal", "mask 'none' cannot stand beside others"},
    {"mask", "", "unknown mask ''"},
    {"mask", "causal,", "unknown mask ''"},
};

TEST_ROWS_BY(what_cannot_be_meant_is_refused_and_changes_nothing, wrong, c, message)
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
