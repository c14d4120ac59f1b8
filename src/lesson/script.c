/* script.c: the stops of a lesson: where they stand, what they say, and whether what they say is so. */
#include "lesson/lesson_parts.h"

#include "lesson/analysis/draws.h"
#include "lesson/language/language.h"
#include "lesson/live/literal.h"
#include "lesson/text/position.h"
#include "lesson/trial.h"
#include "lesson/walk.h"

#include <stdio.h>
#include <string.h>

static const struct field stop_fields[] = {
    {"at", NODE_TEXT, true, "the step to stop at: scores"},
    {"head", NODE_TEXT, false, "which head, from 1"},
    {"row", NODE_TEXT, false, "the row to light: a word or a number from 1"},
    {"cell", NODE_LIST, false, "the cell to point at: [row, column]"},
    {"title", NODE_TEXT, false, "what is to be seen here, in a few words"},
    {"say", NODE_TEXT, true, "two or three sentences: what to look at, what it means"},
    {"picture", NODE_TEXT, false, "the idea as a picture beside the matrices: shares"},
    {"draws", NODE_MAPPING, false, "what other seeds would have given here: {seeds: 60}"},
    {"try", NODE_TEXT | NODE_MAPPING, false, "something the learner can try here, and the change it needs"},
    {"compare", NODE_TEXT, false, "yes: with what stands beside; before: with the lesson before a change"},
    {"holds", NODE_TEXT | NODE_LIST | NODE_MAPPING, false, "what its words take for granted: argmax A[it] == cat"},
    {0},
};

enum { STEPS_LISTED_MAX = 64 };

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

/* A position on an axis; -1: a diagnostic. */
static int find_position(struct reader *r, const struct node *node, const struct step *step, int axis, size_t head)
{
    size_t at = 0;
    const char *what = axis == AXIS_ROW ? "row" : "column";
    struct qkv_err err = axis_locate(&step->value.axis[axis], head, what, step->spec.name, node->text, &at);
    return is_fine(r, node, err) ? (int)at : -1;
}

static void resolve(struct reader *r, const struct node *node, struct lesson *lesson, struct stop *stop)
{
    stop->step = find_step(r, node_field(node, "at"), &lesson->tape);
    if (stop->step < 0)
        return;
    const struct step *step = &lesson->tape.steps[stop->step];
    const struct tensor *t = &step->value;
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
        stop->row = find_position(r, cell->first, step, AXIS_ROW, h);
        stop->col = find_position(r, cell->first->next, step, AXIS_COL, h);
    } else if (row) {
        stop->row = find_position(r, row, step, AXIS_ROW, h);
    }
}

/* What stands beside where the stop speaks of it. */
static enum compare read_compare(struct reader *r, const struct node *node, const struct lesson *lesson, bool changed)
{
    if (!node)
        return COMPARE_BY_STOP;
    bool before = strcmp(node->text, "before") == 0;
    if (!before && strcmp(node->text, "yes") != 0)
        diagnostic(r, node, QKV_ERR_DOMAIN, "compare is yes or before, not '%.40s'", node->text);
    else if (!before && !changed && lesson->tape.n && !lesson->second.on)
        diagnostic(r, node, QKV_ERR_DOMAIN, "nothing stands beside this lesson: compare: yes needs the field beside");
    return before ? COMPARE_BEFORE : COMPARE_SECOND;
}

#define FIGURE_NAME(id, name, shows) #name,
const char *const figure_names[] = {FIGURE_LIST(FIGURE_NAME) NULL};
#undef FIGURE_NAME

static enum figure read_figure(struct reader *r, const struct node *node)
{
    char all[NAMES_TEXT];
    for (size_t i = 0; node && figure_names[i]; i++)
        if (strcmp(node->text, figure_names[i]) == 0)
            return (enum figure)(i + 1);
    if (node) {
        struct hint hint = hint_near(node->text, figure_names, FIGURE_COUNT - 1);
        diagnostic(r, node, QKV_ERR_DOMAIN, "there is no picture '%.40s'%s There are: %s", node->text,
                   hint.meant ? hint.text : ".", names_listed(figure_names, FIGURE_COUNT - 1, all));
    }
    return FIGURE_NONE;
}

/* ---- what a stop's words take for granted ---- */

/* A stop that is read. What is wrong with it is a diagnostic of the lesson, or, where a person changed something, said
 * in the stop. */
struct reading {
    struct reader r;
    struct live_scope scope;
    struct lesson *lesson;
    const struct overrides *overrides; /* what a person changed */
    const char *failed, *value; /* the condition that is not true, and what its left side is; NULL: all are true */
};

static bool is_changed(const struct reading *s)
{
    return !overrides_is_empty(s->overrides);
}

/* `words`: the condition in words, or NULL. */
static void check_condition(struct reading *s, const struct node *node, const char *words)
{
    struct str found = {0};
    bool holds = true;
    if (node->kind != NODE_TEXT) {
        diagnostic(&s->r, node, QKV_ERR_SYNTAX, "a condition is a text: argmax A[it] == cat");
        return;
    }
    struct qkv_err err = live_holds(&s->scope, node->text, node->bytes, &holds, &found);
    if (err.code)
        diagnostic_in(&s->r, node, err.column > 0 ? (size_t)err.column - 1 : 0, err.code, "%s", err.what);
    else if (!holds) {
        diagnostic(&s->r, node, QKV_ERR_DOMAIN, "'%.100s' does not hold%s%.60s", node->text,
                   found.n ? ": the left side is " : "", str_text(&found));
        s->failed = words ? words : node->text;
        /* A number says nothing without the condition as it is written. */
        bool says = !words || !text_is_number(str_text(&found), &(double){0});
        s->value = says ? arena_text(s->r.arena, str_text(&found), found.n) : NULL;
    }
    str_finish(&found);
}

/* A condition, a list of them, or a mapping of what each says in words. */
static void check_holds(struct reading *s, const struct node *holds)
{
    if (holds && holds->kind == NODE_TEXT)
        check_condition(s, holds, NULL);
    else
        for (const struct node *item = holds ? holds->first : NULL; item; item = item->next)
            check_condition(s, item, item->key ? item->key->text : NULL);
}

static bool has_word(const struct words *words, const char *text, size_t n)
{
    for (size_t i = 0; i < words->n; i++)
        if (strlen(words->v[i]) == n && strncmp(words->v[i], text, n) == 0)
            return true;
    return false;
}

static bool has_token(const struct lesson *lesson, const char *text, size_t n)
{
    return has_word(&lesson->sentence.words, text, n) || has_word(&lesson->memory.words, text, n);
}

/* Where a person changed something: a word in **bold** must be there if the lesson as it is written has it, and a number
 * that is no reference is right in the lesson as it is written only. */
static void check_changed(struct reading *s, const struct node *node)
{
    const struct lesson *written = s->scope.written;
    struct literal number;
    const char *at = node && node->kind == NODE_TEXT ? node->text : "";
    if (literal_find(at, 0, &number))
        diagnostic(&s->r, node, QKV_ERR_DOMAIN, "“%.*s” was right then", (int)number.n, at + number.at);
    for (const char *end; (at = strstr(at, "**")) && (end = strstr(at + 2, "**")); at = end + 2) {
        size_t n = (size_t)(end - at) - 2;
        if (written && has_token(written, at + 2, n) && !has_token(s->lesson, at + 2, n))
            diagnostic(&s->r, node, QKV_ERR_DOMAIN, "there is no “%.*s”", (int)n, at + 2);
    }
}

/* Append what was said of rows and columns as a lesson's file has them. With tokens as columns, each is the other; a
 * name in quotes stays. */
static void add_turned(const char *text, bool columns, struct str *to)
{
    static const char *const turned[][2] = {
        {"rows", "columns"}, {"columns", "rows"}, {"row", "column"}, {"column", "row"}};
    bool begins = true;
    for (size_t n; *text; text += n) {
        size_t k = 0, length = strspn(text, "abcdefghijklmnopqrstuvwxyz");
        n = length ? length : 1;
        while (k < 4 && !(columns && begins && strlen(turned[k][0]) == n && strncmp(text, turned[k][0], n) == 0))
            k++;
        str_addf(to, "%.*s", k < 4 ? (int)strlen(turned[k][1]) : (int)n, k < 4 ? turned[k][1] : text);
        begins = text[n - 1] == ' ';
    }
}

/* Say at a stop what is no longer as its words take it, and then what the step says of itself. It points at nothing. */
static void lose(struct reader *r, const struct reading *s, const char *why, struct stop *stop)
{
    const char *key = !s->failed ? "not_here" : s->value && s->value[0] ? "now_is" : "no_longer_holds";
    char reason[sizeof((struct qkv_err *)0)->what];
    snprintf(reason, sizeof reason, "%.*s", (int)strcspn(why, ";"), why);
    for (int columns = 0; columns < 2; columns++) {
        struct str said = {0}, why_here = {0};
        add_turned(s->failed ? s->failed : reason, columns, &why_here);
        language_add_lost(s->lesson, "written_for", "", "", &said);
        str_add(&said, " ");
        language_add_lost(s->lesson, key, str_text(&why_here), s->value ? s->value : "", &said);
        stop->lost[columns] = arena_text(r->arena, str_text(&said), said.n);
        str_addf(&said, "\n\n%s", step_text(&s->lesson->tape.steps[stop->step], columns).meaning);
        stop->say[columns] = arena_text(r->arena, str_text(&said), said.n);
        stop->title[columns] = stop->try_this[columns] = NULL;
        if (said.failed || why_here.failed || !stop->lost[columns] || !stop->say[columns])
            diagnostic_nomem(r, "the script");
        str_finish(&why_here);
        str_finish(&said);
    }
    stop->row = stop->col = -1;
    stop->compare = COMPARE_BY_STOP; /* its draws stay: they are those of the numbers that are there */
}

/* ---- reading ---- */

/* What a stop invites to: `try` is a text, or a mapping that says one. */
static const struct node *try_text(const struct node *stop)
{
    const struct node *node = node_field(stop, "try");
    return node && node->kind == NODE_MAPPING ? node_field(node, "say") : node;
}

/* What cannot be tried in a lesson that was changed is no loss of the stop's words. */
static struct trial *read_trial(struct reading *s, const struct node *node)
{
    struct diagnostics unseen = {0};
    struct reader r = s->r;
    if (!node || node->kind != NODE_MAPPING || !s->lesson->tape.n)
        return NULL;
    r.f = is_changed(s) ? &unseen : s->r.f;
    return trial_read(&r, node, &s->scope, s->lesson);
}

static struct stop read_stop(struct reading *s, const struct node *node)
{
    const struct node *title = node_field(node, "title"), *say = node_field(node, "say"), *try_this = try_text(node),
                      *holds = node_field(node, "holds");
    struct stop stop = {.step = -1, .head = -1, .row = -1, .col = -1, .line = node->line};
    if (s->lesson->tape.n)
        resolve(&s->r, node, s->lesson, &stop);
    stop.figure = read_figure(&s->r, node_field(node, "picture"));
    stop.compare = read_compare(&s->r, node_field(node, "compare"), s->lesson, is_changed(s));
    s->scope.head = stop.head;
    s->scope.draws = stop.draws = draws_at(s->lesson, node->line);
    struct trial *trial = read_trial(s, node_field(node, "try"));
    if (trial)
        trial->stop_line = stop.line;
    stop.trial = trial;
    if (trial && trial->then && trial_is_on(trial, s->overrides)) {
        say = trial->then;
        title = try_this = holds = NULL;
    }
    const struct live_scope *scope = stop.step >= 0 ? &s->scope : NULL;
    size_t max = is_changed(s) ? SIZE_MAX : LESSON_SAY_MAX;
    text_render(&s->r, title, "title", is_changed(s) ? SIZE_MAX : STOP_TITLE_MAX, s->lesson, scope, stop.title);
    text_render(&s->r, say, "say", max, s->lesson, scope, stop.say);
    text_render(&s->r, try_this, "try", max, s->lesson, scope, stop.try_this);
    if (scope)
        check_holds(s, holds);
    if (scope && is_changed(s)) {
        check_changed(s, title);
        check_changed(s, say);
        check_changed(s, try_this);
    }
    return stop;
}

bool script_is_live(struct reader *r, const struct node *script, const struct lesson *lesson)
{
    struct diagnostics ignored = {0};
    struct reader quiet = {.arena = r->arena, .f = &ignored};
    const char *said[2];
    for (const struct node *node = script->first; node; node = node->next)
        if (node_field(node, "holds") || (node_field(node, "try") && try_text(node) != node_field(node, "try")) ||
            text_render(&quiet, node_field(node, "say"), "say", SIZE_MAX, lesson, NULL, said) ||
            text_render(&quiet, try_text(node), "try", SIZE_MAX, lesson, NULL, said))
            return true;
    return false;
}

bool script_reads_written(const struct node *node)
{
    bool reads = node->kind == NODE_TEXT && strstr(node->text, "written.");
    for (const struct node *item = node->first; item && !reads; item = item->next)
        reads = script_reads_written(item);
    return reads;
}

void script_read(struct reader *r, const struct node *script, const struct live_scope *scope, struct lesson *lesson,
                 const struct overrides *overrides)
{
    const bool changed = !overrides_is_empty(overrides);
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
        struct diagnostics found = {0};
        struct reading s = {.r = *r, .scope = *scope, .lesson = lesson, .overrides = overrides};
        if (!fields_check(r, node, stop_fields, "a stop"))
            continue;
        s.r.f = &found;
        struct stop stop = read_stop(&s, node);
        for (size_t i = 0; i < diagnostics_kept(&found); i++)
            if (!changed || found.v[i].code == QKV_ERR_NOMEM)
                diagnostics_add(r->f, found.v[i]);
        /* A step that is not there has no place, and one whose place another setting moved before the last has none. */
        if (changed && (stop.step < 0 || stop.step < latest))
            continue;
        /* Of several that are lost at one step, the first speaks for all; but one that shows draws shows them still. */
        const struct stop *before = lesson->n_stops ? &lesson->stops[lesson->n_stops - 1] : NULL;
        if (changed && found.n && !stop.draws && before && before->lost[0] && before->step == stop.step)
            continue;
        if (changed && found.n)
            lose(r, &s, found.v[0].what, &stop);
        if (stop.step >= 0 && stop.step < latest)
            diagnostic(r, node_field(node, "at"), QKV_ERR_DOMAIN,
                       "'%s' comes before '%s' in the walk; stops follow the walk",
                       lesson->tape.steps[stop.step].spec.name, lesson->tape.steps[latest].spec.name);
        else if (stop.step >= 0)
            latest = stop.step;
        lesson->stops[lesson->n_stops++] = stop;
    }
}
