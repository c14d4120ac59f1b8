/* test_app.h: an app without a window, and chance that is the same every time. */
#ifndef QKV_TESTS_TEST_APP_H
#define QKV_TESTS_TEST_APP_H

#include "support/check.h"
#include "support/fake_measure.h"
#include "support/page.h"
#include "support/steps.h"

#include "app/app.h"
#include "lesson/text/builtin.h"

#include <stdio.h>

/* splitmix64. */
static inline uint64_t chance_bits(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* A whole number from 0 to n - 1. */
static inline size_t chance(uint64_t *state, size_t n)
{
    return (size_t)(chance_bits(state) % n);
}

/* An app with a lesson (NULL: the first), in the state of a line (NULL: as it opens). The caller finishes it. */
static inline struct app app_at(const char *lesson, const char *state)
{
    struct app app;
    assert_ok(app_init(&app, lesson, state, fake_measure));
    return app;
}

static inline void give(struct app *app, int command, int argument)
{
    app_update(app, (struct action){.kind = ACTION_COMMAND, .command = command, .argument = argument});
}

/* A key with a name, and text as it is typed. */
static inline void key(struct app *app, const char *name)
{
    app_update(app, (struct action){.kind = ACTION_KEY, .text = name});
}

static inline void type(struct app *app, const char *text)
{
    app_update(app, (struct action){.kind = ACTION_TEXT, .text = text});
}

/* Keys as one writes them, with blanks between: "C-s Escape x"; one character is typed, C- is Control and S- Shift. */
static inline void press(struct app *app, const char *keys)
{
    for (size_t n; *keys; keys += n + (keys[n] == ' ')) {
        char name[32];
        struct action action = {.kind = ACTION_KEY, .text = name};
        n = strcspn(keys, " ");
        snprintf(name, sizeof name, "%.*s", (int)n, keys);
        for (; strlen(action.text) > 2 && action.text[1] == '-'; action.text += 2)
            *(action.text[0] == 'C' ? &action.ctrl : &action.shift) = true;
        if (strlen(action.text) == 1 && !action.ctrl)
            action.kind = ACTION_TEXT;
        app_update(app, action);
    }
}

static inline void assert_said(const struct app *app, const char *wanted)
{
    if (!app->message[0] || !strstr(app->message, wanted))
        fail_msg("said \"%s\", not \"%s\"", app->message, wanted);
}

/* Everything on the page, as text. The caller finishes it. */
static inline struct str page_text(const struct app *app)
{
    PAGE list = {0};
    struct str text = {0};
    scene_build(VIEW(app), &app->measure, &list);
    page_print(&list, &text);
    assert_false(list.failed || text.failed);
    return text;
}

static inline bool page_says(const struct app *app, const char *wanted)
{
    OWN(str) page = page_text(app);
    return strstr(str_text(&page), wanted) != NULL;
}

/* The same page; what was said of the last action, what it moved, and which lesson is marked are left out. */
static inline void assert_same_page(struct app *got, struct app *wanted)
{
    got->message[0] = wanted->message[0] = 0;
    got->animation.flash = wanted->animation.flash = 0;
    got->state.choice = wanted->state.choice;
    PAGE a = {0}, b = {0};
    scene_build(VIEW(got), &got->measure, &a);
    scene_build(VIEW(wanted), &wanted->measure, &b);
    assert_false(a.failed || b.failed);
    assert_same_list(&a, &b);
}

/* The state line. The caller finishes it. */
static inline struct str line_of(const struct app *app)
{
    struct str line = {0};
    state_print(app, &line);
    assert_false(line.failed);
    return line;
}

static inline void assert_line(const struct app *app, const char *wanted)
{
    OWN(str) line = line_of(app);
    assert_string_equal(str_text(&line), wanted);
}

/* `fresh` is taken to where `app` is, by the state line alone. */
static inline void go_where(struct app *fresh, const struct app *app)
{
    OWN(str) line = line_of(app);
    struct qkv_err err = state_apply(fresh, str_text(&line));
    if (err.code)
        fail_msg("\"%s\": %s", str_text(&line), err.what);
    assert_line(fresh, str_text(&line));
}

#endif
