/* settings_test.c: settings mean what was written, and what cannot be meant is refused with what would be right. */
#include "support/case.h"

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

TEST(values_are_read_as_written)
{
    struct settings s = settings_default(table, ROWS);
    assert_ok(settings_set(&s, "heads", "8"));
    assert_close(settings_get(&s, "heads")->number, 8, 0);
    assert_string_equal(settings_get(&s, "heads")->text, "8");
    assert_ok(settings_set(&s, "temperature", "2.5e-1"));
    assert_close(settings_get(&s, "temperature")->number, 0.25, 0);
    assert_ok(settings_set(&s, "temperature", "1e10"));
    assert_close(settings_get(&s, "temperature")->number, 1e10, 0);
    assert_ok(settings_set(&s, "threshold", "-1e12"));
    assert_close(settings_get(&s, "threshold")->number, -1e12, 0);
    assert_ok(settings_set(&s, "seed", "4294967295"));
    assert_close(settings_get(&s, "seed")->number, 4294967295.0, 0);
    assert_ok(settings_set(&s, "normaliser", "hard"));
    assert_true(settings_is(&s, "normaliser", "hard"));
    assert_ok(settings_set(&s, "scale", "3.5"));
    assert_false(settings_is(&s, "scale", "sqrt_dk"));
    assert_int_equal(settings_get(&s, "scale")->choice, -1);
    assert_close(settings_get(&s, "scale")->number, 3.5, 0);
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
    enum qkv_code code;
} wrong[] = {
    {"head", "2", "unknown setting 'head'; did you mean 'heads'?", QKV_ERR_DOMAIN},
    {"tempertaure", "2", "unknown setting 'tempertaure'; did you mean 'temperature'?", QKV_ERR_DOMAIN},
    {"colour", "red", "unknown setting 'colour'", QKV_ERR_DOMAIN},
    {"", "2", "unknown setting ''", QKV_ERR_DOMAIN},
    {"heads", "0", "heads must be a whole number from 1 to 64, not '0'", QKV_ERR_DOMAIN},
    {"heads", "65", "heads must be a whole number from 1 to 64, not '65'", QKV_ERR_DOMAIN},
    {"heads", "1.5", "heads must be a whole number from 1 to 64, not '1.5'", QKV_ERR_DOMAIN},
    {"heads", "", "not ''", QKV_ERR_DOMAIN},
    {"heads", "0x2", "not '0x2'", QKV_ERR_DOMAIN},
    {"heads", "2 ", "not '2 '", QKV_ERR_DOMAIN},
    {"temperature", "hot", "temperature must be a number above 0, not 'hot'", QKV_ERR_DOMAIN},
    {"temperature", "0", "temperature must be a number above 0, not '0'", QKV_ERR_DOMAIN},
    {"temperature", "nan", "not 'nan'", QKV_ERR_DOMAIN},
    {"temperature", "inf", "not 'inf'", QKV_ERR_DOMAIN},
    {"temperature", "1e999", "not '1e999'", QKV_ERR_DOMAIN},
    {"threshold", "low", "threshold must be a number, not 'low'", QKV_ERR_DOMAIN},
    {"eps", "-1", "eps must be a number of 0 or more, not '-1'", QKV_ERR_DOMAIN},
    {"seed", "4294967296", "seed must be a whole number from 0 to 4294967295, not '4294967296'", QKV_ERR_DOMAIN},
    {"kv_heads", "1.5", "kv_heads must be a whole number from 1 to 64, not '1.5'", QKV_ERR_DOMAIN},
    {"kv_heads", "all", "unknown kv_heads 'all'; known: heads or a whole number from 1 to 64", QKV_ERR_DOMAIN},
    {"share", "1.01", "share must be a number from 0 to 1, not '1.01'", QKV_ERR_DOMAIN},
    {"normaliser", "sofmax", "unknown normaliser 'sofmax'; did you mean 'softmax'?", QKV_ERR_DOMAIN},
    {"normaliser", "relu", "unknown normaliser 'relu'; known: softmax, hard, sparsemax", QKV_ERR_DOMAIN},
    {"scale", "big", "unknown scale 'big'; known: sqrt_dk, none or a number above 0", QKV_ERR_DOMAIN},
    {"scale", "-1", "scale must be a number above 0, not '-1'", QKV_ERR_DOMAIN},
    {"mask", "casual", "unknown mask 'casual'; did you mean 'causal'?", QKV_ERR_DOMAIN},
    {"mask", "causal,windw:2", "unknown mask 'windw'; did you mean 'window:W'?", QKV_ERR_DOMAIN},
    {"mask", "window", "mask 'window' must be written window:W, each a whole number from 0 to 4294967295",
     QKV_ERR_DOMAIN},
    {"mask", "window:99999999999", "must be written window:W, each a whole number from 0 to 4294967295",
     QKV_ERR_DOMAIN},
    {"mask", "window:1,window:2", "mask 'window' stands twice in 'window:1,window:2'", QKV_ERR_DOMAIN},
    {"mask", "window:", "must be written window:W", QKV_ERR_DOMAIN},
    {"mask", "window:-1", "must be written window:W", QKV_ERR_DOMAIN},
    {"mask", "window:1.5", "must be written window:W", QKV_ERR_DOMAIN},
    {"mask", "window:1:2", "must be written window:W", QKV_ERR_DOMAIN},
    {"mask", "random:1", "must be written random:R:SEED", QKV_ERR_DOMAIN},
    {"mask", "causal:1", "mask 'causal:1' must be written causal, without a number", QKV_ERR_DOMAIN},
    {"mask", "none,causal", "mask 'none' cannot stand beside others", QKV_ERR_DOMAIN},
    {"mask", "", "unknown mask ''", QKV_ERR_DOMAIN},
    {"mask", "causal,", "unknown mask ''", QKV_ERR_DOMAIN},
    {"mask",
     "causal,causal,causal,causal,causal,causal,causal,causal,causal,causal,causal,causal,causal,causal,causal,causal",
     "longer than 95 characters", QKV_ERR_LIMIT},
};

TEST(what_cannot_be_meant_is_refused_and_changes_nothing)
{
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct settings s = settings_default(table, ROWS), before = s;
        assert_error(settings_set(&s, wrong[i].name, wrong[i].text), wrong[i].code, wrong[i].message);
        assert_memory_equal(&s, &before, sizeof s);
    }
}

static const struct {
    const char *text, *want; /* NULL: nothing is near */
} words[] = {
    {"casual", "causal"}, {"causla", "causal"}, {"windo", "window:W"}, {"x", NULL},    {"", NULL},
    {"none", "none"},     {"completely", NULL}, {"dad", "add"},        {"odd", "add"}, {"oda", NULL},
};

TEST(the_nearest_word_is_the_one_a_slip_away)
{
    const char *const choices[] = {"none", "causal", "window:W", "add", NULL};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const char *got = nearest_word(words[i].text, choices);
        if (!words[i].want)
            assert_null(got);
        else if (!got || strcmp(got, words[i].want) != 0)
            fail_msg("'%s': %s, wanted %s", words[i].text, got ? got : "nothing", words[i].want);
    }
}

RUN_TESTS
