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

/* A key with a name, the same with Control, and text as it is typed. */
static inline void key(struct app *app, const char *name)
{
    app_update(app, (struct action){.kind = ACTION_KEY, .text = name});
}

static inline void key_with_control(struct app *app, const char *name)
{
    app_update(app, (struct action){.kind = ACTION_KEY, .text = name, .ctrl = true});
}

static inline void type(struct app *app, const char *text)
{
    app_update(app, (struct action){.kind = ACTION_TEXT, .text = text});
}

/* On a page: the i-th text of a part (NULL: there is none), and how many items a part has. */
static inline const char *page_part_text(const struct display_list *page, const char *part, size_t i)
{
    for (size_t k = 0; k < page->n; k++)
        if (page->items[k].kind == ITEM_TEXT && strcmp(page->items[k].part, part) == 0 && i-- == 0)
            return display_item_text(page, &page->items[k]);
    return NULL;
}

static inline size_t page_part_count(const struct display_list *page, const char *part)
{
    size_t n = 0;
    for (size_t k = 0; k < page->n; k++)
        n += strcmp(page->items[k].part, part) == 0;
    return n;
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
