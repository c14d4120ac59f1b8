/* resolve.c: what a request asks for in a lesson: overrides, the view state, and which key is to blame for an error. */
#include "app/keys.h"

#include "app/document.h"
#include "base/array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- overrides ---- */

/* Many cells at once: each is found by its place in *ret, one more than there are for the last. */
static struct qkv_err read_numbers(struct request *r, const struct key_value *v, struct edit **edits, size_t *n,
                                   size_t *capacity)
{
    struct edit edit = {0};
    memcpy(edit.tensor, v->text, strcspn(v->text, ","));
    for (int i = 0; i < AXES; i++)
        edit.at[i] = v->cell[i] - 1;
    for (const char *p = strchr(v->text, ':'); *p; edit.at[AXIS_COL]++) {
        char *end;
        edit.value = strtod(p + 1, &end);
        p = end;
        if (!array_reserve(edits, capacity, *n + 1, sizeof **edits))
            return qkv_nomem("what you changed");
        if (*n && edit_order(&(*edits)[*n - 1], &edit) >= 0)
            return request_error(r, v,
                                 qkv_errf(QKV_ERR_DOMAIN, "the cell %zu,%zu,%zu of %s is given twice", edit.at[0] + 1,
                                          edit.at[1] + 1, edit.at[2] + 1, edit.tensor));
        (*edits)[(*n)++] = edit;
    }
    return (struct qkv_err){0};
}

/* All numbers of a source at once: one after the other would move the rest each time. */
static struct qkv_err read_edits(struct request *r, int source, struct overrides *e)
{
    struct edit *edits = NULL;
    size_t n = 0, capacity = 0;
    struct qkv_err err = {0};
    for (size_t i = 0; i < r->n && !err.code; i++)
        if (r->v[i].cell[0] && r->v[i].source == source)
            err = read_numbers(r, &r->v[i], &edits, &n, &capacity);
    if (!err.code && n)
        err = overrides_edit_all(e, edits, n);
    free(edits);
    return err;
}

/* Of a sorted request; without one of its values, of edits without all (NULL: with all). */
static struct qkv_err overrides_without(struct request *r, const struct key_value *without, struct overrides *e)
{
    struct qkv_err err = {0};
    char name[SETTING_TEXT];
    for (size_t i = 0; i < r->n && !err.code; i++) {
        const struct key *k = &key_table[r->v[i].key];
        if (&r->v[i] == without)
            continue;
        if (k->replace)
            err = k->replace(e, r->v[i].text);
        else if (strcmp(k->name, "set") == 0)
            err = overrides_set(e, name, setting_split(r->v[i].text, name));
    }
    for (int source = 0; !(without && without->cell[0]) && source <= r->source && !err.code; source++)
        err = read_edits(r, source, e);
    return err;
}

struct qkv_err request_overrides(struct request *r, struct overrides *e)
{
    request_sort(r);
    return overrides_without(r, NULL, e);
}

/* ---- the view state ---- */

struct qkv_err request_resolve(struct request *r, const struct view *view, unsigned how, struct view_state *ret,
                               struct widget *ret_focus)
{
    struct reading reading = {.view = *view};
    struct qkv_err err = {0};
    const struct key_value *given[KEY_COUNT] = {0};
    reading.state = how & RESOLVE_SCREEN ? view_state_default : history_state(&view_state_default, view->state);
    reading.state.position = walk_whole(view->walk, 0);
    reading.state.choice = view->state->choice;
    reading.view.state = &reading.state;
    reading.view.baseline_comparison = NULL;
    reading.view.focus = (struct widget){0};
    for (size_t i = 0; i < r->n; i++)
        given[r->v[i].key] = &r->v[i];
    /* In the order of the table, whatever the order of the request. */
    for (int i = 0; i < KEY_COUNT && !err.code; i++) {
        if (!given[i] || key_table[i].group == KEYS_DOCUMENT)
            continue;
        err = key_read(&key_table[i], &reading, given[i]->text);
        if ((how & RESOLVE_LENIENT) && err.code != QKV_ERR_NOMEM)
            err = (struct qkv_err){0};
        if (err.code)
            err = request_error(r, given[i], err);
    }
    comparison_finish(&reading.before);
    if (err.code)
        return err;
    *ret = reading.state;
    *ret_focus = reading.view.focus;
    return err;
}

/* ---- which key is to blame ---- */

/* `source` is NULL where it cannot be read. */
static bool can_compute(const struct lesson_source *source, const struct overrides *e,
                        const struct lesson_options *options)
{
    struct lesson lesson;
    struct lesson_options wanted = *options;
    wanted.overrides = e;
    bool can = source && !lesson_source_parse(source, &wanted, &lesson, NULL).code;
    if (can)
        lesson_finish(&lesson);
    return can;
}

static bool can_compute_without(struct request *r, const struct key_value *without, const struct lesson_source *source,
                                const struct lesson_options *options)
{
    struct overrides e = {0};
    bool can = !overrides_without(r, without, &e).code && can_compute(source, &e, options);
    overrides_finish(&e);
    return can;
}

/* The first edit of a cell that is not there; else the first of all. */
static const struct key_value *misplaced(struct request *r, const struct key_value *first,
                                         const struct lesson_source *source, const struct lesson_options *options)
{
    struct overrides e = {0};
    struct qkv_err err = overrides_without(r, NULL, &e);
    size_t at = 0, n = edit_tree_size(e.edits);
    bool *fits = calloc(n + 1, sizeof *fits);
    struct lesson_options asking = *options;
    asking.fits = fits;
    if (!err.code && fits && can_compute(source, &e, &asking))
        while (at < n && fits[at])
            at++;
    free(fits);
    struct edit edit = at < n ? edit_tree_at(e.edits, at) : (struct edit){0};
    size_t length = strlen(edit.tensor);
    for (const struct key_value *v = first; length && v < r->v + r->n; v++)
        if (strncmp(v->text, edit.tensor, length) == 0 && v->text[length] == ',' && v->cell[0] == edit.at[0] + 1 &&
            v->cell[1] == edit.at[1] + 1 && v->cell[2] <= edit.at[2] + 1)
            first = v;
    overrides_finish(&e);
    return first;
}

struct qkv_err request_blame(struct request *r, const struct lesson_source *source,
                             const struct lesson_options *options, struct qkv_err err)
{
    if (err.code == QKV_ERR_NOMEM || err.code == QKV_ERR_CANCELLED)
        return err;
    struct qkv_err said = err; /* what is said of a key */
    said.code = QKV_ERR_DOMAIN;
    request_sort(r);
    const struct key_value *lesson = request_value(r, "lesson"), *last = NULL, *blamed = NULL;
    for (size_t i = r->n; i-- > 0 && !blamed;) {
        const struct key_value *v = &r->v[i];
        if (key_table[v->key].group != KEYS_DOCUMENT || v == lesson || (v->cell[0] && i > 0 && v[-1].cell[0]))
            continue;
        last = last ? last : v;
        if (can_compute_without(r, v, source, options))
            blamed = v->cell[0] ? misplaced(r, v, source, options) : v;
    }
    /* Several together, or the lesson by itself? */
    if (!blamed && last && can_compute(source, &(struct overrides){0}, options))
        blamed = last;
    if (blamed)
        return request_error(r, blamed, said);
    r->usage_error = false;
    if (!lesson || lesson->origin != ORIGIN_FILE)
        return err;
    if (err.line == 0)
        return request_error(r, lesson, said);
    return qkv_err_at(lesson->line, lesson->column, err.code, "%.60s:%d:%d: %s", lesson->text, err.line, err.column,
                      err.what);
}
