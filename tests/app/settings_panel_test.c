/* The settings in the panel: every one can be turned by keys, and every turn goes back exactly. */
#include "snapshot.h"
#include "test_app.h"

#include "core/setting_step.h"
#include "support/sample.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

/* The row in focus. */
static struct control focused(const struct app *app)
{
    struct controls controls;
    size_t at = view_controls(VIEW(app), &controls);
    return controls.v[at];
}

/* Which of the choices of the row in focus has this name. */
static int choice_named(const struct app *app, const char *name)
{
    struct control c = focused(app);
    for (int i = 0; c.info.choices && c.info.choices[i]; i++)
        if (strcmp(c.info.choices[i], name) == 0)
            return i;
    fail_msg("%s has no choice %s", c.name, name);
    return -1;
}

/* Open the settings at a row. */
static void open_at(struct app *app, const char *name)
{
    struct controls controls;
    if (!app->state.settings.on)
        type(app, "x");
    view_controls(VIEW(app), &controls);
    int at = controls_find(&controls, name);
    if (at < 0)
        fail_msg("no setting is called %s", name);
    give(app, CMD_SETTING_FOCUS, at);
    assert_string_equal(focused(app).name, name);
}

/* ---- a lesson of every mechanism, and one whose weights can have any size ---- */

static const struct lesson_case {
    const char *name, *lesson, *state;
} lessons[] = {
    {"attention", "grouped-heads", NULL},
    {"attention with drawn weights", "one-head", "weights=\"{source: random, seed: 3, d_k: 2}\""},
    {"linear_attention", "linear-attention", NULL},
    {"gau", "gated-unit", NULL},
    {"location_aware", "location-aware", NULL},
    {"seq2seq", "bottleneck", NULL},
    {"block", "transformer-block", NULL},
    {"conformer", "conformer", NULL},
};
enum { LESSONS = sizeof lessons / sizeof lessons[0], STEPS_EACH_WAY = 7, STEPS_SAMPLED = 2 };

/* One step: it takes effect and can be undone, or says why not and leaves everything. Did it take effect? */
static bool check_step(struct app *app, const char *way)
{
    OWN(snapshot) before = snapshot_of(app);
    struct control was = focused(app);
    size_t undos = app->history.undo.n;
    key(app, way);
    struct control is = focused(app);
    OWN(snapshot) after = snapshot_of(app);
    bool turned = strcmp(was.now.text, is.now.text) != 0;
    assert_string_equal(was.name, is.name);
    if (turned) {
        assert_int_equal(app->history.undo.n, undos + 1);
        assert_false(same_snapshot(&before, &after));
        give(app, CMD_UNDO, 0);
        OWN(snapshot) undone = snapshot_of(app);
        if (!same_snapshot(&undone, &before))
            fail_msg("%s, %s from %s: undone it is \"%s\", it was \"%s\"", was.name, way, was.now.text,
                     str_text(&undone.line), str_text(&before.line));
        give(app, CMD_REDO, 0);
        OWN(snapshot) again = snapshot_of(app);
        assert_true(same_snapshot(&again, &after));
    } else {
        assert_true(same_snapshot(&before, &after));
        assert_int_equal(app->history.undo.n, undos);
        if (!app->message[0] || strlen(app->message) < 10)
            fail_msg("%s, %s from %s: nothing is said", was.name, way, was.now.text);
    }
    return turned;
}

static void undo_all(struct app *app)
{
    while (app->history.undo.n > 0)
        give(app, CMD_UNDO, 0);
}

TEST_ROWS(every_setting_turns_both_ways_and_back, lessons, c)
{
    OWN(app) app;
    assert_ok(app_init(&app, c->lesson, c->state, fake_measure));
    assert_memory_equal(app.doc.lesson->mechanism->name, c->name, strlen(app.doc.lesson->mechanism->name));
    OWN(snapshot) first = snapshot_of(&app);
    struct controls controls;
    size_t turned = 0;
    int steps = test_all() ? STEPS_EACH_WAY : STEPS_SAMPLED;
    view_controls(VIEW(&app), &controls);
    assert_true(controls.n >= app.doc.lesson->settings.n);
    for (size_t i = 0; i < controls.n; i++) {
        open_at(&app, controls.v[i].name);
        for (int k = 0; k < steps; k++)
            turned += check_step(&app, "Right");
        for (int k = 0; k < 2 * steps; k++)
            turned += check_step(&app, "Left");
        undo_all(&app);
    }
    type(&app, "x");
    undo_all(&app);
    app.state.settings.on = false;
    assert_as_in(&app, &first);
    printf("%zu turns\n", turned);
    assert_true(turned > 1);
}

TEST(every_mechanism_is_in_the_table)
{
    for (size_t i = 0; mechanism_table[i]; i++) {
        bool there = false;
        for (size_t k = 0; k < LESSONS; k++)
            there = there || strcmp(lessons[k].name, mechanism_table[i]->name) == 0;
        if (!there)
            fail_msg("no lesson of %s is tested", mechanism_table[i]->name);
    }
}

/* ---- typed values ---- */

static const struct typed_case {
    const char *name, *lesson, *focus, *typed, *value, *says; /* says: NULL: it is taken */
} typed[] = {
    {"a number is taken", "one-head", "temperature", "0.37", "0.37", NULL},
    {"a number far from the slider's ends is taken", "one-head", "temperature", "5000", "5000", NULL},
    {"a word is no temperature", "one-head", "temperature", "hot", "1", "number above 0"},
    {"a temperature of 0 would divide by it", "one-head", "temperature", "0", "1", "number above 0"},
    {"nothing is no temperature", "one-head", "temperature", "", "1", "number above 0"},
    {"infinity is no temperature", "one-head", "temperature", "1e999", "1", "number above 0"},
    {"half a head is none", "one-head", "heads", "1.5", "1", "whole number"},
    {"a choice can be typed too", "one-head", "scale", "none", "none", NULL},
    {"a choice that is misspelt is not guessed", "one-head", "scale", "nnoe", "sqrt_dk", "did you mean 'none'"},
    {"heads of keys that do not divide the heads are refused", "several-heads", "kv_heads", "2", "heads",
     "heads of K and V = 2"},
    {"weights that were made for three heads take no fourth", "several-heads", "heads", "4", "3", "heads"},
    {"nor a single one", "several-heads", "heads", "1", "3", "heads"},
    {"a window is a whole number", "one-head", "mask.window", "2", "2", NULL},
    {"a window is no fraction", "one-head", "mask.window", "0.5", "off", "whole number"},
};

TEST_ROWS(a_typed_value, typed, c)
{
    OWN(app) app = app_at(c->lesson, NULL);
    open_at(&app, c->focus);
    OWN(snapshot) before = snapshot_of(&app);
    key(&app, "Return");
    assert_true(app.input.field.on);
    if (c->typed[0])
        type(&app, c->typed);
    else
        key(&app, "Backspace");
    key(&app, "Return");
    assert_string_equal(focused(&app).now.text, c->value);
    OWN(snapshot) after = snapshot_of(&app);
    assert_int_equal(app.input.field.on, c->says != NULL);
    assert_int_equal(same_snapshot(&before, &after), c->says != NULL);
    if (c->says)
        assert_said(&app, c->says);
    assert_int_equal(c->says != NULL, page_says(&app, "settings.refused"));
}

TEST(a_digit_begins_to_type)
{
    OWN(app) app = app_at("several-heads", NULL);
    open_at(&app, "temperature");
    type(&app, "0");
    assert_true(app.input.field.on);
    assert_true(page_says(&app, "header")); /* it is typed where the value stands */
    assert_false(page_says(&app, "settings.typed"));
    type(&app, ".5");
    key(&app, "Return");
    assert_string_equal(focused(&app).now.text, "0.5");
}

/* ---- back to the lesson ---- */

static const struct turn_case {
    const char *name, *lesson;
    struct {
        const char *focus, *keys, *now, *line; /* the value then, and how the state line begins */
        bool changed;
    } turns[4];
} turn_cases[] = {
    {"Delete and Backspace put the lesson's own back",
     "causal-mask",
     {{"mask.causal", "", "on", "lesson=causal-mask at=", false},
      {"mask.causal", "Left", "off", "lesson=causal-mask set=mask=none at=", true},
      {"mask.window", "Right Delete", "off", "lesson=causal-mask set=mask=none at=", false},
      {"mask.causal", "Backspace", "on", "lesson=causal-mask at=", false}}},
    {"what is turned back by hand is no change",
     "one-head",
     {{"normaliser", "Right", "hard", "lesson=one-head set=normaliser=hard at=", true},
      {"normaliser", "Left", "softmax", "lesson=one-head at=", false}}},
    {"drawn weights have a size",
     "one-head",
     {{"weights", "Right", "random", "lesson=one-head weights=\"{source: random, seed: 1}\" at=", true},
      {"d_k", "Right", "5", "lesson=one-head weights=\"{source: random, seed: 1, d_k: 5}\" at=", true},
      {"weights_seed", "Right", "2", "lesson=one-head weights=\"{source: random, seed: 2, d_k: 5}\" at=", true},
      {"d_k", "Delete", "4", "lesson=one-head weights=\"{source: random, seed: 2}\" at=", false}}},
};

TEST_ROWS(a_setting_is_turned, turn_cases, c)
{
    OWN(app) app = app_at(c->lesson, NULL);
    for (size_t i = 0; i < 4 && c->turns[i].focus; i++) {
        open_at(&app, c->turns[i].focus);
        press(&app, c->turns[i].keys);
        const struct control control = focused(&app);
        OWN(str) line = line_of(&app);
        assert_string_equal(control.now.text, c->turns[i].now);
        assert_int_equal(control.changed, c->turns[i].changed);
        if (strncmp(line.v, c->turns[i].line, strlen(c->turns[i].line)) != 0)
            fail_msg("%s: %s", c->turns[i].line, line.v);
        if (strcmp(control.name, "d_k") == 0)
            assert_int_equal(value_of(&app.doc.lesson->tape, "W_Q")->axis[AXIS_COL].size, atoi(control.now.text));
        /* As it is written, all that the lesson says is so. */
        for (size_t k = 0; k < app.doc.lesson->n_stops && overrides_is_empty(&app.doc.overrides); k++)
            assert_null(app.doc.lesson->stops[k].lost[0]);
    }
}

TEST(another_mechanism_draws_its_weights_and_says_so)
{
    OWN(app) app = app_at("causal-mask", NULL);
    open_at(&app, "temperature");
    key(&app, "Right"); /* what the gated unit does not have is forgotten with the mechanism */
    open_at(&app, "mechanism");
    OWN(snapshot) before = snapshot_of(&app);
    give(&app, CMD_SETTING_CHOOSE, choice_named(&app, "gau"));
    assert_string_equal(app.doc.lesson->mechanism->name, "gau");
    assert_string_equal(app.doc.lesson->written->name, "attention");
    assert_said(&app, "drawn at random");
    assert_int_equal(app.doc.overrides.n_set, 0);
    OWN(str) line = line_of(&app);
    assert_non_null(strstr(str_text(&line), " mechanism=gau "));
    give(&app, CMD_UNDO, 0);
    assert_as_in(&app, &before);
    assert_ok(state_apply(&app, str_text(&line)));
    assert_string_equal(app.doc.lesson->mechanism->name, "gau");
    key(&app, "Delete");
    assert_string_equal(app.doc.lesson->mechanism->name, "attention");
    assert_null(app.doc.overrides.mechanism);
    assert_error(state_apply(&app, "mechanism=atention"), QKV_ERR_DOMAIN, "did you mean 'attention'");
}

/* Both mechanisms have a mask: what the lesson sets is kept. */
TEST(a_mechanism_keeps_the_settings_that_it_has_too)
{
    OWN(app) app = app_at("causal-mask", "mechanism=block weights=\"{source: random, seed: 1}\"");
    assert_string_equal(settings_get(&app.doc.lesson->settings, "mask")->text, "causal");
}

/* ---- what the panel says ---- */

static const struct meaning_case {
    const char *name, *lesson, *state, *says, *never;
} meanings[] = {
    {"a row of scores is a row with tokens as rows", "one-head", "panel=settings focus=normaliser",
     "what turns a row of scores", "{"},
    {"and a column with tokens as columns", "one-head", "panel=settings focus=normaliser tokens=columns",
     "what turns a column of scores", "row"},
    {"keys and values are mixed into few rows", "low-rank", "panel=settings focus=low_rank", "into few rows", "column"},
    {"or into few columns", "low-rank", "panel=settings focus=low_rank tokens=columns", "into few columns", "row"},
    {"a layer norm measures rows", "transformer-block", "panel=settings focus=norm", "where each row", "column"},
    {"or columns", "transformer-block", "panel=settings focus=norm tokens=columns", "where each column", "row"},
    {"a mechanism's formula is of queries as rows", "one-head", "panel=settings focus=mechanism",
     "$softmax(Q K^T / sqrt(d_k)) V$", "{"},
    {"or as columns", "one-head", "panel=settings focus=mechanism tokens=columns", "$V softmax(K^T Q / sqrt(d_k))$",
     "{"},
    {"two orders of linear attention, of queries as rows", "linear-attention", "panel=settings focus=order",
     "φ(Q) (φ(K)ᵀ V)", "{"},
    {"or as columns", "linear-attention", "panel=settings focus=order tokens=columns", "(V φ(K)ᵀ) φ(Q)", "{"},
};

TEST_ROWS(the_panel_speaks_of_rows_and_columns_as_the_page_does, meanings, c)
{
    OWN(app) app = app_at(c->lesson, c->state);
    const struct control control = focused(&app);
    if (!strstr(control.meaning, c->says) || strstr(control.meaning, c->never))
        fail_msg("%s: %s", control.name, control.meaning);
    assert_true(page_says(&app, "settings.meaning"));
    assert_false(page_says(&app, "$"));
    assert_false(page_says(&app, "K^T"));
}

/* ---- the mouse ---- */

static const struct item *hit_of(const struct app *app, int command, int argument)
{
    const struct item *hit = page_hit(&app->page, command, argument);
    if (!hit)
        fail_msg("nothing on the page sends command %d with %d", command, argument);
    return hit;
}

static void point(struct app *app, enum action_kind kind, float x, float y)
{
    PAGE scratch = {0};
    app_update(app, (struct action){.kind = kind, .x = x, .y = y});
    assert_non_null(app_draw(app, &scratch));
}

TEST(a_drag_of_the_slider_is_one_change)
{
    OWN(app) app = app_at("one-head", NULL);
    app.state.motion = false;
    open_at(&app, "dropout");
    OWN(snapshot) before = snapshot_of(&app);
    point(&app, ACTION_POINT, 1, 1);
    struct rect track = hit_of(&app, CMD_SETTING_SLIDE, 0)->box;
    point(&app, ACTION_PRESS, track.x, track.y + track.h / 2);
    for (int i = 1; i <= 10; i++)
        point(&app, ACTION_POINT, track.x + track.w * (float)i / 20, track.y - 30);
    assert_string_equal(focused(&app).now.text, "0.5");
    point(&app, ACTION_POINT, track.x + 2 * track.w, track.y);
    assert_string_equal(focused(&app).now.text, "0.99");
    point(&app, ACTION_RELEASE, track.x, track.y);
    point(&app, ACTION_POINT, track.x, track.y + track.h / 2);
    assert_string_equal(focused(&app).now.text, "0.99");
    give(&app, CMD_UNDO, 0);
    assert_as_in(&app, &before);
}

TEST(the_mouse_does_what_keys_do)
{
    struct controls controls;
    OWN(app) app = app_at("one-head", NULL);
    app.state.motion = false;
    type(&app, "x");
    point(&app, ACTION_POINT, 1, 1);
    view_controls(VIEW(&app), &controls);
    int at = controls_find(&controls, "score");
    const struct item *row = hit_of(&app, CMD_SETTING_FOCUS, at);
    struct rect box = row->box;
    point(&app, ACTION_POINT, box.x + 3, box.y + box.h / 2);
    app_tick(&app, 2); /* resting there, the pointer is told what it means */
    assert_true(page_says(&app, "tip.text"));
    point(&app, ACTION_CLICK, box.x + 3, box.y + box.h / 2);
    assert_string_equal(focused(&app).name, "score");
    box = hit_of(&app, CMD_SETTING_CHOOSE, choice_named(&app, "general"))->box;
    point(&app, ACTION_CLICK, box.x + box.w / 2, box.y + box.h / 2);
    assert_true(app.state.settings.refused); /* the lesson has no W_A */
    assert_said(&app, "W_A");
    app_update(&app, (struct action){.kind = ACTION_WHEEL, .x = box.x, .y = box.y, .argument = -1});
    assert_string_equal(focused(&app).name, "activation");
}

/* ---- names for people ---- */

/* Is this a name that only files and the command line have: one with a "_", or one whose name for people is another? */
static bool is_written_name(const struct controls *controls, const struct control *control, const struct lesson *lesson,
                            const char *text)
{
    char name[CONTROL_TITLE];
    for (size_t i = 0; i < controls->n; i++)
        if (strcmp(controls->v[i].title, text) == 0)
            return false;
    for (int i = 0; control->info.choices && control->info.choices[i]; i++) {
        control_value_name(control, lesson, false, control->info.choices[i], name);
        if (strcmp(text, control->info.choices[i]) == 0 && strcmp(name, text) != 0)
            return true;
    }
    const char *under = strchr(text, '_');
    return under && isalpha((unsigned char)under[1]) && isalpha((unsigned char)under[2]); /* d_k and W_A are symbols */
}

/* In every lesson's panel, whichever row is open: titles, values, buttons, and the way back to what the lesson has. */
TEST(the_panel_has_names_for_people_only)
{
    static const char *const parts[] = {"settings.name", "settings.value", "settings.typed", "button.label"};
    size_t seen = 0;
    for (size_t l = 0; builtin_lessons[l]; l++) {
        OWN(app) app = app_at(builtin_lessons[l], NULL);
        struct controls controls;
        type(&app, "x");
        view_controls(VIEW(&app), &controls);
        for (size_t i = 0; i < controls.n; i++) {
            PAGE list = {0};
            give(&app, CMD_SETTING_FOCUS, (int)i);
            scene_build(VIEW(&app), &app.measure, &list);
            for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++)
                for (size_t k = 0; page_part_text(&list, parts[p], k); k++, seen++)
                    if (is_written_name(&controls, &controls.v[i], app.doc.lesson, page_part_text(&list, parts[p], k)))
                        fail_msg("%s, %s open: %s says %s", builtin_lessons[l], controls.v[i].name, parts[p],
                                 page_part_text(&list, parts[p], k));
        }
    }
    assert_true(seen > 10000);
}

static const struct {
    const char *name, *says;
} messages[] = {
    {"low_rank=true does not go with mask=window:2: a mixture",
     "low rank “few mixtures” does not go with mask “window 2”: a mixture"},
    {"kv_heads=3 must not be more than heads=2", "heads of K and V = 3 must not be more than heads = 2"},
    {"mask=window:2,global:1", "mask “window 2, global 1”"},
    {"X[it, plural] = 1, other weights", "X[it, plural] = 1, other weights"},
    {"W_Q has no mask and no heads", "W_Q has no mask and no heads"},
    {"scale=", "scale “”"},
};

TEST_ROWS(a_message_has_the_names_of_the_panel, messages, c)
{
    OWN(app) app = app_at("one-head", NULL);
    OWN(str) said = {0};
    control_names_in(app.doc.lesson, false, c->name, &said);
    assert_string_equal(str_text(&said), c->says);
}

/* What a person reads on a button can be typed. */
TEST(a_choice_can_be_typed_as_it_is_called)
{
    OWN(app) app = app_at("one-head", NULL);
    open_at(&app, "scale");
    key(&app, "Return");
    type(&app, "nothing");
    key(&app, "Return");
    assert_string_equal(focused(&app).now.text, "none");
}

/* ---- where the focus is ---- */

TEST(every_row_comes_onto_the_page_with_the_focus)
{
    static const float sizes[][2] = {{640, 480}, {1280, 800}, {768, 1024}};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        struct controls controls;
        OWN(app) app = app_at("one-head", NULL);
        app_update(&app, (struct action){.kind = ACTION_RESIZE, .x = sizes[s][0], .y = sizes[s][1]});
        type(&app, "x");
        view_controls(VIEW(&app), &controls);
        for (size_t i = 0; i < controls.n; i++) {
            assert_string_equal(focused(&app).name, controls.v[i].name);
            assert_true(page_says(&app, "settings.focus"));
            if (!page_says(&app, controls.v[i].title))
                fail_msg("%s is not on the page", controls.v[i].title);
            assert_true(s > 0 || page_says(&app, " more"));
            key(&app, i % 2 ? "Down" : "Tab");
        }
        assert_string_equal(focused(&app).name, controls.v[0].name); /* around */
        key(&app, "Up");
        assert_string_equal(focused(&app).name, controls.v[controls.n - 1].name);
        key(&app, "Escape");
        assert_false(app.state.settings.on);
    }
}
