/* test_view.h: a lesson that is open, and a view of it, for tests of the scene. */
#ifndef QKV_TESTS_TEST_VIEW_H
#define QKV_TESTS_TEST_VIEW_H

#include "support/check.h"
#include "support/fake_measure.h"
#include "support/page.h"

#include "app/app.h"
#include "lesson/text/builtin.h"

struct test_view {
    struct lesson lesson;
    struct view_state state;
    struct view view;
};

/* What a test changes of a view that it did not make itself. */
static inline struct view_state *test_state(const struct view *view)
{
    return (struct view_state *)view->state;
}

static inline void test_view_start(struct test_view *v)
{
    static const struct lesson_line no_lessons[] = {{0}};
    v->state = (struct view_state){.position = walk_whole(&v->lesson.walk, 0),
                                   .stride = STRIDE_STEP,
                                   .speed = SPEED_NORMAL,
                                   .motion = true,
                                   .scale = SCALE_NORMAL};
    v->view = (struct view){.state = &v->state,
                            .lesson = &v->lesson,
                            .walk = &v->lesson.walk,
                            .width = 1280,
                            .height = 800,
                            .density = 1,
                            .comparison = v->lesson.comparison,
                            .command = command_shown,
                            .lessons = no_lessons};
}

static inline void test_view_open(struct test_view *v, const char *name)
{
    *v = (struct test_view){0};
    assert_ok(lesson_open(name, NULL, &v->lesson, NULL));
    test_view_start(v);
}

static inline void test_view_parse(struct test_view *v, const char *name, const char *text)
{
    *v = (struct test_view){0};
    assert_ok(lesson_parse(name, text, strlen(text), NULL, &v->lesson, NULL));
    test_view_start(v);
}

static inline void test_view_finish(struct test_view *v)
{
    lesson_finish(&v->lesson);
}

#endif
