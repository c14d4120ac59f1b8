/* test_app.h: an app without a window, and chance that is the same every time. */
#ifndef QKV_TESTS_TEST_APP_H
#define QKV_TESTS_TEST_APP_H

#include "support/check.h"
#include "support/fake_measure.h"

#include "app/app.h"
#include "lesson/builtin.h"

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

static inline void give(struct app *app, int command, int argument)
{
    app_update(app, (struct action){.kind = ACTION_COMMAND, .command = command, .argument = argument});
}

/* Everything on the page, as text. The caller finishes it. */
static inline struct str page_text(const struct app *app)
{
    struct display_list list = {0};
    struct str text = {0};
    scene_build(VIEW(app), &app->measure, &list);
    display_print(&list, &text);
    assert_false(list.failed || text.failed);
    display_finish(&list);
    return text;
}

#endif
