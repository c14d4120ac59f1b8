#include "lesson/lesson_parts.h"

#include "lesson/builtin.h"
#include "lesson/language.h"
#include "lesson/walk.h"

#include <stdio.h>
#include <string.h>

/* ---- texts ---- */

/* How many code points. */
static size_t text_characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
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

void settings_read(struct reader *r, const struct node *mapping, struct lesson *lesson)
{
    for (const struct node *item = mapping ? mapping->first : NULL; item; item = item->next) {
        if (item->kind != NODE_TEXT) {
            diagnostic(r, item, QKV_ERR_SYNTAX, "a setting is one word or number: {mask: causal}");
            continue;
        }
        struct qkv_err err = settings_set(&lesson->settings, item->key->text, item->text);
        if (!err.code)
            continue;
        /* An unknown name is found at the name, a wrong value at the value. */
        bool known = false;
        for (size_t i = 0; i < lesson->settings.n; i++)
            known = known || strcmp(lesson->settings.info[i].name, item->key->text) == 0;
        diagnostic(r, known ? item : item->key, err.code, "%s", err.what);
    }
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

void course_read(struct reader *r, const struct node *root, struct lesson *lesson)
{
    const struct node *next = node_field(root, "next"), *builds_on = node_field(root, "builds_on");
    lesson->group = text_field(r, root, "group", LESSON_GROUP_MAX);
    lesson->dissolves = text_field(r, root, "dissolves", LESSON_DISSOLVES_MAX);
    if (next && next->kind == NODE_TEXT)
        lesson->next = next->text;
    if (builds_on && builds_on->kind == NODE_LIST)
        node_texts(r, builds_on, "builds_on lists names of lessons: [one-head]", &lesson->builds_on);
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

/* ---- the script ---- */

static const struct field stop_fields[] = {
    {"at", NODE_TEXT, true, "the step to stop at: scores"},
    {"head", NODE_TEXT, false, "which head, from 1"},
    {"row", NODE_TEXT, false, "the row to light: a word or a number from 1"},
    {"cell", NODE_LIST, false, "the cell to point at: [row, column]"},
    {"say", NODE_TEXT, true, "two or three sentences: what to look at, what it means"},
    {"try", NODE_TEXT, false, "something the learner can try here"},
    {0},
};

enum { STEPS_LISTED_MAX = 64 };

/* Is every ** closed, and has every name in braces a meaning? */
static void check_marks(struct reader *r, const struct node *node, const char *what, const char *text)
{
    size_t stars = 0;
    for (const char *at = text; *at; at++) {
        if (strncmp(at, "**", 2) == 0) {
            stars++;
            at++;
        } else if (*at == '{') {
            const char *end = strchr(at, '}');
            if (!end || end - at != 2 || !strchr("QKV", at[1])) {
                size_t n = end && end - at < 20 ? (size_t)(end - at) + 1 : 1;
                diagnostic(
                    r, node, QKV_ERR_SYNTAX,
                    "%s: '%.*s' is no reference; there are {Q}, {K} and {V}, {row}, {column}, {below} and others, "
                    "and {this|that}",
                    what, (int)n, at);
                return;
            }
            at = end;
        }
    }
    if (stars % 2 != 0)
        diagnostic(r, node, QKV_ERR_SYNTAX, "%s: a ** has no partner; bold is written **so**", what);
}

void text_render(struct reader *r, const struct node *node, const char *what, size_t max, const struct lesson *lesson,
                 const char *ret[2])
{
    if (!node || node->kind != NODE_TEXT)
        return;
    if (!language_render(r->arena, lesson, node->text, ret)) {
        diagnostic_nomem(r, what);
        return;
    }
    check_marks(r, node, what, ret[0]);
    for (int columns = 0; columns < 2; columns++) {
        size_t n = text_characters(ret[columns]);
        if (n > max) {
            diagnostic(r, node, QKV_ERR_LIMIT, "%s has %zu characters; at most %zu fit%s", what, n, max,
                       max == LESSON_SAY_MAX ? ": make two stops of it" : "");
            return;
        }
    }
}

/* ---- places ---- */

/* Weights and masks are operands: the walk shows them at the step that uses them. */
static bool is_walked(const struct step *step)
{
    return step->spec.stage != STAGE_INPUT;
}

static int find_step(struct reader *r, const struct node *at, const struct tape *tape)
{
    int step = tape_find(tape, at->text);
    if (step >= 0 && is_walked(&tape->steps[step]))
        return step;
    const char *names[STEPS_LISTED_MAX];
    char all[NAMES_TEXT];
    size_t n = 0;
    for (size_t i = 0; i < tape->n && n < STEPS_LISTED_MAX; i++)
        if (is_walked(&tape->steps[i]))
            names[n++] = tape->steps[i].spec.name;
    struct hint hint = hint_near(at->text, names, n);
    if (step >= 0)
        diagnostic(r, at, QKV_ERR_DOMAIN, "'%.40s' is given, not computed; stop at the step that uses it: %s", at->text,
                   names_listed(names, n, all));
    else
        diagnostic(r, at, QKV_ERR_DOMAIN, "unknown step '%.40s'%s This lesson has: %s", at->text,
                   hint.meant ? hint.text : ".", names_listed(names, n, all));
    return -1;
}

/* A position on an axis: its label, "label#2" for the second of that label, or its number from 1; -1: a diagnostic. */
static int find_position(struct reader *r, const struct node *node, const struct axis *axis, size_t head,
                         const char *what)
{
    const char *names[LESSON_WORDS_MAX * 2];
    size_t n_names = 0;
    long number = 0, at = axis_find(axis, head, node->text);
    if (at >= 0)
        return (int)at;
    for (size_t i = 0; axis->labels && i < axis->size && n_names < sizeof names / sizeof names[0]; i++)
        names[n_names++] = axis_label(axis, head, i);
    if (text_is_whole(node->text, &number)) {
        if (number >= 1 && (size_t)number <= axis->size)
            return (int)number - 1;
        diagnostic(r, node, QKV_ERR_DOMAIN, "%s %ld: there are %zu here", what, number, axis->size);
    } else if (n_names) {
        diagnostic(r, node, QKV_ERR_DOMAIN, "there is no %s '%.40s' here%s", what, node->text,
                   hint_near(node->text, names, n_names).text);
    } else {
        diagnostic(r, node, QKV_ERR_DOMAIN, "the %ss here have no names; a number from 1 to %zu is needed, not '%.40s'",
                   what, axis->size, node->text);
    }
    return -1;
}

static void resolve(struct reader *r, const struct node *node, struct lesson *lesson, struct stop *stop)
{
    stop->step = find_step(r, node_field(node, "at"), &lesson->tape);
    if (stop->step < 0)
        return;
    const struct tensor *t = &lesson->tape.steps[stop->step].value;
    const struct node *head = node_field(node, "head"), *row = node_field(node, "row"),
                      *cell = node_field(node, "cell");
    const struct setting *setting = settings_find(&lesson->settings, "heads");
    long heads = setting ? (long)setting->number : 1, planes = (long)t->axis[AXIS_HEAD].size, number = 0;
    heads = planes > heads ? planes : heads; /* a mistake may make planes of words */
    if (head && node_whole(r, head, "head", 1, heads > 0 ? heads : 1, &number))
        stop->head = (int)number - 1;
    size_t h = stop->head >= 0 && t->axis[AXIS_HEAD].size > 1 ? (size_t)stop->head : 0;
    if (cell && (cell->n != 2 || cell->first->kind != NODE_TEXT || cell->first->next->kind != NODE_TEXT)) {
        diagnostic(r, cell, QKV_ERR_SYNTAX, "a cell is [row, column]: [it, cat]");
        return;
    }
    if (cell && row)
        diagnostic(r, row, QKV_ERR_SYNTAX, "a stop has a row or a cell, not both");
    if (cell) {
        stop->row = find_position(r, cell->first, &t->axis[AXIS_ROW], h, "row");
        stop->col = find_position(r, cell->first->next, &t->axis[AXIS_COL], h, "column");
    } else if (row) {
        stop->row = find_position(r, row, &t->axis[AXIS_ROW], h, "row");
    }
}

void script_read(struct reader *r, const struct node *script, struct lesson *lesson)
{
    if (script->n > LESSON_STOPS_MAX) {
        diagnostic(r, script, QKV_ERR_LIMIT, "the script has %zu stops; at most %d", script->n, LESSON_STOPS_MAX);
        return;
    }
    lesson->stops = arena_array(r->arena, script->n + 1, sizeof *lesson->stops);
    if (!lesson->stops) {
        diagnostic_nomem(r, "the script");
        return;
    }
    int latest = -1;
    for (const struct node *node = script->first; node; node = node->next) {
        if (!fields_check(r, node, stop_fields, "a stop"))
            continue;
        const struct node *say = node_field(node, "say"), *try_this = node_field(node, "try");
        struct stop stop = {.step = -1, .head = -1, .row = -1, .col = -1, .line = node->line};
        text_render(r, say, "say", LESSON_SAY_MAX, lesson, stop.say);
        text_render(r, try_this, "try", LESSON_SAY_MAX, lesson, stop.try_this);
        if (lesson->tape.n)
            resolve(r, node, lesson, &stop);
        if (stop.step >= 0 && stop.step < latest)
            diagnostic(r, node_field(node, "at"), QKV_ERR_DOMAIN,
                       "'%s' comes before '%s' in the walk; stops follow the walk",
                       lesson->tape.steps[stop.step].spec.name, lesson->tape.steps[latest].spec.name);
        else if (stop.step >= 0)
            latest = stop.step;
        lesson->stops[lesson->n_stops++] = stop;
    }
}
