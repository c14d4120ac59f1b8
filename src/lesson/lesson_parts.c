#include "lesson/lesson_parts.h"

#include "lesson/language/language.h"
#include "lesson/text/builtin.h"
#include "lesson/walk.h"

#include <stdio.h>
#include <string.h>

/* ---- texts ---- */

/* How many code points are shown: a mark's place is none. */
static size_t text_characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++) {
        if (*text == LIVE_MARKS[0])
            text += strcspn(text, &LIVE_MARKS[1]);
        n += ((unsigned char)*text & 0xC0) != 0x80 && *text > LIVE_MARKS[2];
    }
    return n;
}

const char *text_field(struct reader *r, const struct node *root, const char *name, size_t max)
{
    const struct node *node = node_field(root, name);
    if (!node || node->kind != NODE_TEXT)
        return NULL;
    size_t n = text_characters(node->text);
    if (n > max)
        diagnostic(r, node, QKV_ERR_LIMIT, "%s has %zu characters; at most %zu fit", name, n, max);
    return node->text;
}

/* ---- mechanism and settings ---- */

void mechanism_read(struct reader *r, const struct node *node, struct lesson *lesson)
{
    if (is_fine(r, node, mechanism_named(node ? node->text : "attention", &lesson->mechanism)))
        lesson->settings = settings_default(lesson->mechanism->settings, lesson->mechanism->n_settings);
}

bool setting_read(struct reader *r, const struct node *item, struct settings *settings)
{
    if (item->kind != NODE_TEXT)
        return diagnostic(r, item, QKV_ERR_SYNTAX, "a setting is one word or number: {mask: causal}");
    /* An unknown name is found at the name, a wrong value at the value. */
    const struct node *at = settings_find(settings, item->key->text) ? item : item->key;
    return is_fine(r, at, settings_set(settings, item->key->text, item->text));
}

void settings_read(struct reader *r, const struct node *mapping, struct lesson *lesson)
{
    for (const struct node *item = mapping ? mapping->first : NULL; item; item = item->next)
        setting_read(r, item, &lesson->settings);
}

void mechanism_replace(struct reader *r, const struct node *name, struct lesson *lesson)
{
    const struct settings was = lesson->settings;
    mechanism_read(r, name, lesson);
    for (size_t i = 0; lesson->mechanism && i < was.n; i++) {
        if (strcmp(was.v[i].text, was.info[i].initial) == 0 || !settings_find(&lesson->settings, was.info[i].name))
            continue;
        struct qkv_err err = settings_set(&lesson->settings, was.info[i].name, was.v[i].text);
        (void)err; /* a value that is none of this mechanism's stays at its default */
    }
}

/* ---- the course ---- */

static void papers_read(struct reader *r, const struct node *papers, struct lesson *lesson)
{
    if (!papers || papers->kind != NODE_LIST)
        return;
    if (papers->n > LESSON_PAPERS_MAX) {
        diagnostic(r, papers, QKV_ERR_LIMIT, "papers lists %zu; at most %d", papers->n, LESSON_PAPERS_MAX);
        return;
    }
    for (const struct node *item = papers->first; item; item = item->next)
        if (item->kind == NODE_TEXT && text_characters(item->text) > LESSON_PAPER_MAX)
            diagnostic(r, item, QKV_ERR_LIMIT, "a paper has %zu characters; at most %d fit: authors, year, title",
                       text_characters(item->text), LESSON_PAPER_MAX);
    node_texts(r, papers, "papers lists texts: [\"Vaswani et al. 2017, Attention Is All You Need\"]", &lesson->papers);
}

void course_read(struct reader *r, const struct node *root, struct lesson *lesson)
{
    const struct node *next = node_field(root, "next"), *builds_on = node_field(root, "builds_on");
    lesson->group = text_field(r, root, "group", LESSON_GROUP_MAX);
    lesson->dissolves = text_field(r, root, "dissolves", LESSON_DISSOLVES_MAX);
    if (next && next->kind == NODE_TEXT)
        lesson->next = next->text;
    if (builds_on && builds_on->kind == NODE_LIST)
        node_texts(r, builds_on, "builds_on lists names of lessons: [one-head]", &lesson->builds_on);
    papers_read(r, node_field(root, "papers"), lesson);
}

/* Its place among the built-in lessons; -1 and a diagnostic: there is none of that name. */
static int find_lesson(struct reader *r, const struct node *node)
{
    int at = builtin_lesson_find(node->text);
    if (at < 0)
        diagnostic(r, node, QKV_ERR_DOMAIN, "no lesson is called '%.60s'%s", node->text,
                   hint_near(node->text, builtin_lessons, builtin_n_lessons).text);
    return at;
}

void course_check(struct reader *r, const struct node *root, const struct lesson *lesson)
{
    const struct node *next = node_field(root, "next"), *builds_on = node_field(root, "builds_on");
    int here = builtin_lesson_find(lesson->name);
    if (next && next->kind == NODE_TEXT)
        find_lesson(r, next);
    for (const struct node *item = builds_on ? builds_on->first : NULL; item; item = item->next)
        if (item->kind == NODE_TEXT && find_lesson(r, item) >= here)
            diagnostic(r, item, QKV_ERR_DOMAIN, "'%.60s' does not come before '%s' in the course", item->text,
                       lesson->name);
}

/* Is every ** closed, and has every name in braces a meaning? */
static void check_marks(struct reader *r, const struct node *node, const char *what, const char *text)
{
    size_t stars = 0;
    for (const char *at = text; *at; at++) {
        if (*at == LIVE_MARKS[0]) {
            at += strcspn(at, &LIVE_MARKS[2]) - 1;
        } else if (strncmp(at, "**", 2) == 0) {
            stars++;
            at++;
        } else if (*at == '{') {
            const char *end = strchr(at, '}');
            if (!end || end - at > 4) {
                diagnostic(r, node, QKV_ERR_SYNTAX,
                           "%s: a { has no partner; there are {Q}, {K}, {V}, {row}, {this|that}", what);
                return;
            }
            at = end;
        }
    }
    if (stars % 2 != 0)
        diagnostic(r, node, QKV_ERR_SYNTAX, "%s: a ** has no partner; bold is written **so**", what);
}

size_t text_render(struct reader *r, const struct node *node, const char *what, size_t max, const struct lesson *lesson,
                   const struct live_scope *scope, const char *ret[2])
{
    struct live_text live = {.scope = scope};
    if (!node || node->kind != NODE_TEXT)
        return 0;
    if (!language_render_live(r->arena, lesson, node->text, &live, ret)) {
        diagnostic_nomem(r, what);
        return 0;
    }
    if (live.err.code)
        diagnostic_in(r, node, (size_t)live.err.column - 1, live.err.code, "%s", live.err.what);
    else if (live.n == 0 || scope)
        check_marks(r, node, what, ret[0]);
    for (int columns = 0; columns < 2; columns++) {
        size_t n = text_characters(ret[columns]);
        if (n > max) {
            diagnostic(r, node, QKV_ERR_LIMIT, "%s has %zu characters; at most %zu fit%s", what, n, max,
                       max == LESSON_SAY_MAX ? ": make two stops of it" : "");
            break;
        }
    }
    return live.n;
}
