/* What lists say of the lessons, which was written while building, is what the lessons say. */
#include "app/catalogue.h"
#include "lesson/lesson.h"
#include "lesson/text/builtin.h"
#include "support/check.h"
#include "support/own.h"

TEST(every_line_is_of_its_lesson)
{
    for (size_t i = 0; i < builtin_n_lessons; i++) {
        OWN(lesson) lesson = {0};
        const struct lesson_line *line = &catalogue[i];
        assert_ok(lesson_open(builtin_lessons[i], &(struct lesson_options){.heading_only = true}, &lesson, NULL));
        assert_string_equal(line->name, builtin_lessons[i]);
        assert_string_equal(line->title, lesson.title);
        assert_string_equal(line->tab, lesson.tab);
        assert_string_equal(line->summary, lesson.summary[0]);
        assert_true(text_same(line->group, lesson.group));
    }
    assert_null(catalogue[builtin_n_lessons].name);
}

TEST_GROUP(NULL, NULL)
