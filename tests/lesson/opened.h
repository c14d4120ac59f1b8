/* opened.h: lessons that are there until the test ends, whichever way it ends. */
#ifndef QKV_TESTS_LESSON_OPENED_H
#define QKV_TESTS_LESSON_OPENED_H

#include "support/check.h"
#include "support/steps.h"

#include "lesson/lesson.h"

static struct lesson opened[4];
static size_t n_opened;

static inline void close_lessons(void)
{
    while (n_opened)
        lesson_finish(&opened[--n_opened]);
}

TEST_AFTER_EACH(close_lessons)

static inline const struct lesson *open_by(const char *name, const struct lesson_options *options)
{
    assert_true(n_opened < sizeof opened / sizeof opened[0]);
    struct lesson *lesson = &opened[n_opened];
    *lesson = (struct lesson){0};
    assert_ok(lesson_open(name, options, lesson, NULL));
    n_opened++;
    return lesson;
}

static inline const struct lesson *open_text(const char *text, const struct lesson_options *options)
{
    assert_true(n_opened < sizeof opened / sizeof opened[0]);
    struct lesson *lesson = &opened[n_opened];
    *lesson = (struct lesson){0};
    assert_ok(lesson_parse("test", text, strlen(text), options, lesson, NULL));
    n_opened++;
    return lesson;
}

#define assert_refused(text, options, code, says)                                                                      \
    assert_error(lesson_parse("test", (text), strlen(text), (options), &(struct lesson){0}, NULL), code, says)

#endif
