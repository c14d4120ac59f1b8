#include "lesson/course.h"

#include "lesson/builtin.h"
#include "lesson/script.h"

#include <string.h>

static void read_builds_on(struct reader *r, const struct node *list, struct lesson *lesson)
{
    const char **names = arena_array(r->arena, list->n + 1, sizeof *names);
    if (!names) {
        diagnostic_nomem(r, "the course");
        return;
    }
    size_t n = 0;
    for (const struct node *item = list->first; item; item = item->next) {
        if (item->kind != NODE_TEXT)
            diagnostic(r, item, QKV_ERR_SYNTAX, "builds_on lists names of lessons: [one-head]");
        names[n++] = item->text;
    }
    lesson->builds_on = (struct words){names, n};
}

void course_read(struct reader *r, const struct node *root, struct lesson *lesson)
{
    const struct node *next = node_field(root, "next"), *builds_on = node_field(root, "builds_on");
    lesson->group = text_field(r, root, "group", LESSON_GROUP_MAX);
    lesson->dissolves = text_field(r, root, "dissolves", LESSON_DISSOLVES_MAX);
    if (next && next->kind == NODE_TEXT)
        lesson->next = next->text;
    if (builds_on && builds_on->kind == NODE_LIST)
        read_builds_on(r, builds_on, lesson);
}

/* Its place among the built-in lessons; -1 and a diagnostic: there is none of that name. */
static int find_lesson(struct reader *r, const struct node *node)
{
    const char *names[256];
    size_t n = 0;
    for (const char *name; n < 256 && (name = builtin_lesson_name(n)); n++) {
        if (strcmp(name, node->text) == 0)
            return (int)n;
        names[n] = name;
    }
    diagnostic(r, node, QKV_ERR_DOMAIN, "no lesson is called '%.60s'%s", node->text,
               hint_near(node->text, names, n).text);
    return -1;
}

void course_check(struct reader *r, const struct node *root, const struct lesson *lesson)
{
    const struct node *next = node_field(root, "next"), *builds_on = node_field(root, "builds_on");
    int here = 0;
    while (builtin_lesson_name((size_t)here) && strcmp(builtin_lesson_name((size_t)here), lesson->name) != 0)
        here++;
    if (next && next->kind == NODE_TEXT)
        find_lesson(r, next);
    for (const struct node *item = builds_on ? builds_on->first : NULL; item; item = item->next)
        if (item->kind == NODE_TEXT && find_lesson(r, item) >= here)
            diagnostic(r, item, QKV_ERR_DOMAIN, "'%.60s' does not come before '%s' in the course", item->text,
                       lesson->name);
}
