/* Turning settings by steps and by a slider: tables of what comes next, and every setting of every mechanism. */
#include "support/check.h"

#include "core/mechanism.h"
#include "core/setting_step.h"

#include <stdio.h>

static const char *const two[] = {"sqrt_dk", "none", NULL};
static const struct setting_info share = {"share", SETTING_NUMBER, "0", NULL, 0, 0.99, false},
                                 scale = {"scale", SETTING_CHOICE_OR_NUMBER, "sqrt_dk", two, 0, INFINITY, true},
                                 tiny = {"eps", SETTING_NUMBER, "1e-6", NULL, 0, INFINITY, false},
                                 threshold = {"threshold", SETTING_NUMBER, "0.1", NULL, -INFINITY, INFINITY, false},
                                 heads = {"heads", SETTING_WHOLE, "1", NULL, 1, 256, false},
                                 score = {"score", SETTING_CHOICE, "sqrt_dk", two, 0, 0, false};

static const struct step_case {
    const char *name;
    const struct setting_info *info;
    const char *from;
    int by;
    const char *to; /* NULL: there is nothing */
} steps[] = {
    {"a share goes by a twentieth", &share, "0", 1, "0.05"},
    {"from between two steps to the next", &share, "0.12", 1, "0.15"},
    {"and to the one before", &share, "0.12", -1, "0.1"},
    {"the last step is a shorter one", &share, "0.95", 1, "0.99"},
    {"after the largest there is nothing", &share, "0.99", 1, NULL},
    {"before the smallest there is nothing", &share, "0", -1, NULL},
    {"the next choice", &scale, "sqrt_dk", 1, "none"},
    {"after the choices come the numbers", &scale, "none", 1, "1"},
    {"numbers go by 1, 2, 5", &scale, "1", 1, "2"},
    {"up", &scale, "2", 1, "5"},
    {"and on", &scale, "5", 1, "10"},
    {"and down", &scale, "1", -1, "0.5"},
    {"a number between them goes to the next", &scale, "7.3", 1, "10"},
    {"before the smallest on the slider lie the choices", &scale, "0.01", -1, "none"},
    {"before the first choice there is nothing", &scale, "sqrt_dk", -1, NULL},
    {"small numbers go by factors too", &tiny, "1e-6", 1, "2e-06"},
    {"from zero to the slider's end", &tiny, "0", 1, "1e-08"},
    {"down to zero where it is allowed", &tiny, "1e-12", -1, "0"},
    {"below zero where it is allowed", &threshold, "0", -1, "-0.05"},
    {"beyond the slider's end", &threshold, "1", 1, "1.05"},
    {"heads are whole", &heads, "3", 1, "4"},
    {"and at least one", &heads, "1", -1, NULL},
    {"and at most so many", &heads, "256", 1, NULL},
    {"a choice has no numbers after it", &score, "none", 1, NULL},
    {"what is none of the choices goes to the first", &score, "other", 1, "sqrt_dk"},
};

TEST_ROWS(a_step_goes_to_the_next_value, steps, c)
{
    char to[SETTING_TEXT] = "";
    assert_int_equal(setting_step(c->info, c->from, c->by, to), c->to != NULL);
    assert_string_equal(to, c->to ? c->to : "");
}

/* From the default as far as it goes, or 40 steps, and back over the same values as far as they are steps. */
static void walk(const struct setting_info *info, int by, size_t *ret_steps)
{
    struct settings one = {.info = info, .n = 1};
    char text[SETTING_TEXT], next[SETTING_TEXT], back[SETTING_TEXT];
    snprintf(text, sizeof text, "%s", info->initial);
    for (int i = 0; i < 40 && setting_step(info, text, by, next); i++, (*ret_steps)++) {
        struct qkv_err err = settings_set(&one, info->name, next);
        if (err.code)
            fail_msg("after %s comes %s: %s", text, next, err.what);
        assert_string_not_equal(text, next);
        if (!setting_step(info, next, -by, back))
            fail_msg("there is no way back from %s of %s", next, info->name);
        snprintf(text, sizeof text, "%s", next);
    }
}

TEST(every_step_of_every_setting_is_allowed_by_its_row)
{
    size_t n = 0;
    for (size_t m = 0; mechanism_table[m]; m++)
        for (size_t i = 0; i < mechanism_table[m]->n_settings; i++) {
            const struct setting_info *info = &mechanism_table[m]->settings[i];
            size_t before = n;
            if (info->kind == SETTING_LIST)
                continue;
            walk(info, 1, &n);
            walk(info, -1, &n);
            if (n == before)
                fail_msg("%s of %s cannot be turned", info->name, mechanism_table[m]->name);
        }
    assert_true(n > 500);
}

TEST(every_place_of_every_slider_is_allowed_and_goes_up)
{
    for (size_t m = 0; mechanism_table[m]; m++)
        for (size_t i = 0; i < mechanism_table[m]->n_settings; i++) {
            const struct setting_info *info = &mechanism_table[m]->settings[i];
            double last = -INFINITY;
            for (int k = 0; setting_has_slider(info) && k <= 200; k++) {
                struct settings one = {.info = info, .n = 1};
                char text[SETTING_TEXT];
                setting_at_place(info, k / 200.0, text);
                assert_ok(settings_set(&one, info->name, text));
                assert_true(one.v[0].number >= last);
                last = one.v[0].number;
                assert_close(setting_place(info, last), k / 200.0, 0.02);
            }
        }
}
