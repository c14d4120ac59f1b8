/* course.c: what a page says of the lesson's place in the course: at its beginning what it builds on and where it comes
 * from, at its end the misconception it dissolves and the lesson that follows. */
#include "scene/page_parts.h"

#include "lesson/language/language.h"
#include "scene/text.h"

#include <string.h>

/* Its place among the built-in lessons, or -1. */
static int find_lesson(const struct view *view, const char *name)
{
    for (int i = 0; name && view->lessons[i].name; i++)
        if (strcmp(view->lessons[i].name, name) == 0)
            return i;
    return -1;
}

static bool is_first_page(const struct view *view, const struct place *place)
{
    const int first = view->walk->steps[0].first_stop;
    return place->at == 0 && (place->stop < 0 || place->stop == first);
}

static bool is_last_page(const struct view *view, const struct place *place)
{
    const struct walk_step *last = &view->walk->steps[view->walk->n - 1];
    return place->at == view->walk->n - 1 && place->whole &&
           (last->first_stop < 0 || place->stop == last->first_stop + last->n_stops - 1);
}

/* "Builds on: One head; Sinusoids": a line that begins with one of the page's words. */
static void add_list(struct spans *to, const struct view *view, const char *key, const struct words *words)
{
    for (size_t i = 0; i < words->n; i++) {
        int at = find_lesson(view, words->v[i]);
        if (i == 0) {
            spans_add_plain(to, to->n ? "\n" : "");
            spans_add(to, language_page(view->lesson->language, key), ROLE_NONE, true);
        }
        spans_add_plain(to, i ? "; " : " ");
        spans_add_plain(to, at >= 0 ? view->lessons[at].tab : words->v[i]);
    }
}

void course_add(const struct view *view, struct spans *to)
{
    const struct lesson *lesson = view->lesson;
    const struct place place = view_place(view);
    if (is_first_page(view, &place)) {
        add_list(to, view, "builds_on", &lesson->builds_on);
        add_list(to, view, "literature", &lesson->papers);
    }
    if (is_last_page(view, &place) && lesson->dissolves) {
        spans_add_plain(to, to->n ? "\n" : "");
        spans_add(to, language_page(lesson->language, "dissolves"), ROLE_NONE, true);
        spans_add_plain(to, " ");
        struct str turned = {0};
        language_add(lesson, lesson->dissolves, view->state->columns, &turned);
        to->failed |= turned.failed;
        spans_parse(to, str_text(&turned));
        str_finish(&turned);
    }
}

int course_next(const struct view *view)
{
    const struct place place = view_place(view);
    return is_last_page(view, &place) ? find_lesson(view, view->lesson->next) : -1;
}
