#include "lesson/trial.h"

#include "lesson/lesson_parts.h"
#include "lesson/text/fields.h"

#include <stdlib.h>
#include <string.h>

static const struct field trial_fields[] = {
    {"say", NODE_TEXT, true, "what the learner can try here"},
    {"then", NODE_TEXT, false, "what is said in the place of the stop's words once it is done"},
    {"set", NODE_MAPPING, false, "settings: {mask: window:3}"},
    {"sentence", NODE_TEXT, false, "another sentence"},
    {"weights", NODE_TEXT, false, "other weights: '{source: random, seed: 7}'"},
    {"mechanism", NODE_TEXT, false, "another mechanism"},
    {"edit", NODE_MAPPING, false, "numbers of inputs, each a line: X[it, plural]: 1"},
    {0},
};

/* ---- reading ---- */

static void read_setting(struct reader *r, const struct node *item, const struct lesson *lesson, struct trial *trial)
{
    struct settings settings = lesson->settings; /* the value must be one that the setting takes */
    if (setting_read(r, item, &settings))
        (void)is_fine(r, item, overrides_set(&trial->change, item->key->text, item->text));
}

static void read_edit(struct reader *r, const struct node *item, const struct live_scope *scope, struct trial *trial)
{
    struct live_cell cell;
    struct str says = {0};
    struct edit edit = {.value = 0};
    struct qkv_err err = live_print(scope, item->key->text, item->key->bytes, &says, &cell);
    str_finish(&says);
    const struct step *step = !err.code && cell.step >= 0 ? &scope->lesson->tape.steps[cell.step] : NULL;
    if (!is_fine(r, item->key, err) || !node_number(r, item, "an edited cell", &edit.value))
        return;
    if (!step || step->spec.op != OP_INPUT || !mechanism_input(scope->lesson->mechanism, step->spec.name)) {
        diagnostic(r, item->key, QKV_ERR_DOMAIN, "'%.60s' is no cell of an input: X[it, plural] or W_Q[noun, 1] is one",
                   item->key->text);
        return;
    }
    memcpy(edit.tensor, step->spec.name, strlen(step->spec.name) + 1);
    edit.at[AXIS_HEAD] = cell.head;
    edit.at[AXIS_ROW] = cell.row;
    edit.at[AXIS_COL] = cell.col;
    (void)is_fine(r, item->key, overrides_edit(&trial->change, &edit));
}

static void read_change(struct reader *r, const struct node *node, const struct live_scope *scope,
                        const struct lesson *lesson, struct trial *trial)
{
    const struct node *set = node_field(node, "set"), *edit = node_field(node, "edit"),
                      *sentence = node_field(node, "sentence"), *weights = node_field(node, "weights"),
                      *mechanism = node_field(node, "mechanism");
    for (const struct node *item = set ? set->first : NULL; item; item = item->next)
        read_setting(r, item, lesson, trial);
    for (const struct node *item = edit ? edit->first : NULL; item; item = item->next)
        read_edit(r, item, scope, trial);
    if (sentence)
        (void)is_fine(r, sentence, overrides_set_sentence(&trial->change, sentence->text));
    if (weights)
        (void)is_fine(r, weights, overrides_set_weights(&trial->change, weights->text));
    if (mechanism)
        (void)is_fine(r, mechanism, overrides_set_mechanism(&trial->change, mechanism->text));
}

/* The change on one line: "mask=window:3, X[it, plural] = 1". How weights are written is not for people. */
static const char *said_of(const struct overrides *e, const struct node *edit, struct arena *arena)
{
    struct str said = {0};
    const char *const others[] = {e->sentence, e->mechanism};
    for (size_t i = 0; i < e->n_set; i++)
        str_addf(&said, "%s%s", said.n ? ", " : "", e->set[i]);
    for (const struct node *item = edit ? edit->first : NULL; item; item = item->next)
        str_addf(&said, "%s%s = %s", said.n ? ", " : "", item->key->text, item->text);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (others[i])
            str_addf(&said, "%s“%s”", said.n ? ", " : "", others[i]);
    if (e->weights)
        str_addf(&said, "%sother weights", said.n ? ", " : "");
    return str_keep(&said, arena);
}

struct trial *trial_read(struct reader *r, const struct node *node, const struct live_scope *scope,
                         struct lesson *lesson)
{
    if (!fields_check(r, node, trial_fields, "a try") || lesson->n_trials == LESSON_STOPS_MAX)
        return NULL;
    if (!lesson->trials)
        lesson->trials = arena_array(r->arena, LESSON_STOPS_MAX, sizeof *lesson->trials);
    struct trial *trial = lesson->trials ? &lesson->trials[lesson->n_trials++] : NULL;
    if (!trial) {
        diagnostic_nomem(r, "what can be tried");
        return NULL;
    }
    size_t before = r->f->n;
    trial->line = node->line;
    trial->column = node->column;
    trial->then = node_field(node, "then");
    read_change(r, node, scope, lesson, trial);
    trial->said = said_of(&trial->change, node_field(node, "edit"), r->arena);
    if (!trial->said)
        diagnostic_nomem(r, "what can be tried");
    return r->f->n == before && !overrides_is_empty(&trial->change) ? trial : NULL;
}

void trials_read(const struct reader *r, const struct node *script, const struct live_scope *scope,
                 struct lesson *lesson)
{
    struct diagnostics unseen = {0};
    struct reader quiet = *r;
    quiet.f = &unseen;
    for (const struct node *stop = script->first; stop; stop = stop->next) {
        const struct node *node = node_field(stop, "try");
        if (node && node->kind == NODE_MAPPING)
            trial_read(&quiet, node, scope, lesson);
    }
}

/* ---- doing it ---- */

static bool is_wanted(const char *wanted, const char *is)
{
    return !wanted || (is && strcmp(wanted, is) == 0);
}

static bool has_setting(const struct overrides *e, const char *pair)
{
    for (size_t i = 0; i < e->n_set; i++)
        if (strcmp(e->set[i], pair) == 0)
            return true;
    return false;
}

static bool has_edit(const struct overrides *e, const struct edit *edit)
{
    for (size_t i = 0; i < edit_tree_size(e->edits); i++) {
        struct edit other = edit_tree_at(e->edits, i);
        if (edit_order(&other, edit) == 0)
            return other.value == edit->value;
    }
    return false;
}

bool trial_is_on(const struct trial *trial, const struct overrides *e)
{
    const struct overrides *change = &trial->change;
    bool on = !overrides_is_empty(change) && is_wanted(change->sentence, e->sentence) &&
              is_wanted(change->weights, e->weights) && is_wanted(change->mechanism, e->mechanism);
    for (size_t i = 0; on && i < change->n_set; i++)
        on = has_setting(e, change->set[i]);
    for (size_t i = 0; on && i < edit_tree_size(change->edits); i++) {
        struct edit edit = edit_tree_at(change->edits, i);
        on = has_edit(e, &edit);
    }
    return on;
}

struct qkv_err trial_do(const struct trial *trial, bool on, struct overrides *e)
{
    const struct overrides *change = &trial->change;
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < change->n_set; i++) {
        char key[SETTING_TEXT];
        const char *value = setting_split(change->set[i], key);
        if (on)
            err = overrides_set(e, key, value);
        else
            overrides_unset(e, key);
    }
    if (!err.code && change->sentence)
        err = overrides_set_sentence(e, on ? change->sentence : "");
    if (!err.code && change->weights)
        err = overrides_set_weights(e, on ? change->weights : "");
    if (!err.code && change->mechanism)
        err = overrides_set_mechanism(e, on ? change->mechanism : "");
    for (size_t i = 0; !err.code && i < edit_tree_size(change->edits); i++) {
        struct edit edit = edit_tree_at(change->edits, i);
        if (on)
            err = overrides_edit(e, &edit);
        else if (!edit_tree_remove(&e->edits, &edit, NULL))
            err = qkv_nomem("what was before");
    }
    return err;
}

const struct trial *trial_on(const struct lesson *lesson, const struct stop *stop, const struct overrides *e)
{
    if (e && stop && stop->draws)
        return stop->trial && trial_is_on(stop->trial, e) ? stop->trial : NULL;
    for (size_t i = 0; e && i < lesson->n_trials; i++)
        if (trial_is_on(&lesson->trials[i], e))
            return &lesson->trials[i];
    return NULL;
}

/* ---- can it be done? ---- */

void trials_check(const struct lesson *lesson, const char *text, size_t n, const struct lesson_options *options,
                  struct diagnostics *ret)
{
    for (size_t i = 0; i < lesson->n_trials; i++) {
        const struct trial *trial = &lesson->trials[i];
        struct lesson_options tried = *options;
        struct lesson other;
        tried.overrides = &trial->change;
        struct qkv_err err = lesson_parse(lesson->name, text, n, &tried, &other, NULL);
        if (err.code) {
            diagnostics_add(ret, qkv_err_at(trial->line, trial->column, err.code, "this cannot be tried (%s): %s",
                                            trial->said, err.what));
            continue;
        }
        for (size_t k = 0; trial->then && k < other.n_stops; k++)
            if (other.stops[k].line == trial->stop_line && other.stops[k].lost[0])
                diagnostics_add(ret, qkv_err_at(trial->line, trial->column, QKV_ERR_DOMAIN, "then (%s): %s",
                                                trial->said, other.stops[k].lost[0]));
        lesson_finish(&other);
    }
}
