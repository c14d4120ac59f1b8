#include "app/app_parts.h"

#include "lesson/trial.h"
#include "scene/arithmetic.h"
#include "scene/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct step *step_of(const struct app *app, const struct cursor *cell)
{
    return &app->doc.lesson->tape.steps[cell->step];
}

/* What blocks: the operand of the masked scores, whether it was given, made by a setting or both; NULL: nothing
 * does, or the mask is in pieces. */
static const struct step *whole_mask(const struct app *app)
{
    const struct tape *tape = &app->doc.lesson->tape;
    const struct step *found = NULL;
    for (size_t i = 0; i < tape->n; i++) {
        if (!op_table[tape->steps[i].spec.op]->blocks)
            continue;
        if (found)
            return NULL;
        found = &tape->steps[tape->steps[i].spec.in[1]];
    }
    /* Computed in parts, all but one of which may be open: what is left is a part, too. */
    const struct lesson *lesson = app->doc.lesson;
    size_t n = lesson->sentence.words.n, m = lesson->memory.words.n ? lesson->memory.words.n : n;
    bool whole = found && found->value.axis[AXIS_ROW].size == n && found->value.axis[AXIS_COL].size == m;
    return whole ? found : NULL;
}

/* A mask of patterns that a setting made can be painted too: it becomes one of single cells. */
bool edit_is_mask(const struct app *app, const struct cursor *cell)
{
    const struct step *step = step_of(app, cell), *whole = whole_mask(app);
    if (strcmp(step->spec.name, "mask") == 0)
        return true;
    return whole && step->spec.scale == SCALE_MASK && mechanism_input(app->doc.lesson->mechanism, "mask") &&
           step->value.axis[AXIS_ROW].size == whole->value.axis[AXIS_ROW].size &&
           step->value.axis[AXIS_COL].size == whole->value.axis[AXIS_COL].size;
}

bool edit_is_possible(const struct app *app, const struct cursor *cell)
{
    if (view_comparing(VIEW(app)) || !view_has_cell(VIEW(app), cell) || step_of(app, cell)->spec.op != OP_INPUT)
        return false;
    return mechanism_input(app->doc.lesson->mechanism, step_of(app, cell)->spec.name) || edit_is_mask(app, cell);
}

double edit_value(const struct app *app, const struct cursor *cell)
{
    return *tensor_at(&step_of(app, cell)->value, cell->head, cell->row, cell->col);
}

/* The mask on the screen is what the settings and a tensor made together. To open what a setting blocks, all of it
 * becomes cells and the setting is dropped: what is seen stays, but for what is painted. */
static struct qkv_err take_mask(const struct step *mask, struct overrides *e)
{
    const struct axis *axis = mask->value.axis;
    struct qkv_err err = overrides_set(e, "mask", "none");
    struct edit *edits = calloc(tensor_cells(&mask->value), sizeof *edits), edit = {.tensor = "mask"};
    size_t n = 0;
    if (!edits)
        return qkv_nomem("a mask");
    for (edit.at[0] = 0; edit.at[0] < axis[0].size; edit.at[0]++)
        for (edit.at[1] = 0; edit.at[1] < axis[1].size; edit.at[1]++)
            for (edit.at[2] = 0; edit.at[2] < axis[2].size; edit.at[2]++) {
                edit.value = mask->value.v[n];
                edits[n++] = edit;
            }
    if (!err.code)
        err = overrides_edit_all(e, edits, n);
    free(edits);
    return err;
}

static bool is_masked_by_setting(const struct app *app)
{
    const struct setting *mask = settings_find(&app->doc.lesson->settings, "mask");
    return mask && strcmp(mask->text, "none") != 0;
}

/* A mask of one plane is that of every head. */
static size_t plane_of(const struct step *mask, const struct cursor *cell)
{
    size_t planes = mask ? mask->value.axis[AXIS_HEAD].size : 1;
    return cell->head < planes ? cell->head : 0;
}

struct edit edit_of(const struct app *app, const struct cursor *cell, double value)
{
    struct edit edit = {.at = {cell->head, cell->row, cell->col}, .value = value};
    bool mask = edit_is_mask(app, cell);
    snprintf(edit.tensor, sizeof edit.tensor, "%s", mask ? "mask" : step_of(app, cell)->spec.name);
    if (mask)
        edit.at[AXIS_HEAD] = plane_of(whole_mask(app), cell);
    return edit;
}

bool edit_cells(struct app *app, const struct edit *edits, size_t n)
{
    struct overrides next;
    const struct step *mask = strcmp(edits[0].tensor, "mask") == 0 ? whole_mask(app) : NULL;
    struct qkv_err err = overrides_copy(&next, app_overrides(app));
    if (!err.code && mask && is_masked_by_setting(app))
        err = take_mask(mask, &next);
    if (!err.code)
        err = overrides_edit_all(&next, edits, n);
    return app_change(app, err, &next);
}

bool edit_cell(struct app *app, const struct cursor *cell, double value)
{
    if (!app->job && edit_value(app, cell) == value)
        return true;
    if (edit_is_mask(app, cell))
        return edit_mask(app, cell, value != 0);
    struct edit edit = edit_of(app, cell, value);
    return edit_cells(app, &edit, 1);
}

bool edit_pair_is_open(const struct app *app, const struct cursor *cell)
{
    const struct step *mask = whole_mask(app);
    return !mask || *tensor_at(&mask->value, plane_of(mask, cell), cell->row, cell->col) != 0;
}

bool edit_mask(struct app *app, const struct cursor *cell, bool open)
{
    size_t plane = plane_of(whole_mask(app), cell);
    return edit_cells(app, &(struct edit){"mask", {plane, cell->row, cell->col}, open}, 1);
}

void edit_by(struct app *app, int hundredths)
{
    struct cursor cell = app->state.cursor;
    if (!edit_is_possible(app, &cell)) {
        app_say(app, "This number is computed: change what it is made of.");
        return;
    }
    double value = edit_value(app, &cell);
    edit_cell(app, &cell, edit_is_mask(app, &cell) ? value == 0 : round((value + hundredths / 100.0) * 1000) / 1000);
}

void edit_begin(struct app *app, UNUSED int argument)
{
    const struct view *v = VIEW(app);
    char label[FIELD_LABEL], row[24], col[24];
    struct cursor cell = app->state.cursor;
    if (!edit_is_possible(app, &cell)) {
        app_say(app, cell.on ? "This number is computed: change what it is made of."
                             : "Point at a number of an input first: in X, the weights or the mask.");
        return;
    }
    const struct step *step = step_of(app, &cell);
    const struct axis *axis = step->value.axis;
    const char *of_row = axis_position(&axis[AXIS_ROW], cell.head, cell.row, row);
    const char *of_col = axis_position(&axis[AXIS_COL], cell.head, cell.col, col);
    struct str turned = {0};
    snprintf(label, sizeof label, "%s[%s, %s]", transposed_symbol(view_tape(v), cell.step, app->state.columns, &turned),
             app->state.columns ? of_col : of_row, app->state.columns ? of_row : of_col);
    str_finish(&turned);
    struct str number = {0};
    str_add_number(&number, edit_value(app, &cell));
    typing_open(app, TYPING_CELL, label, str_text(&number));
    app->input.field.at = cell;
    app->state.pinned = true;
    str_finish(&number);
}

/* ---- back to the lesson ---- */

void edit_reset(struct app *app, UNUSED int argument)
{
    struct overrides next;
    const struct cursor *cell = &app->state.cursor;
    if (!edit_is_possible(app, cell)) {
        app_say(app, "Point at an input that you changed; Ctrl+Shift+Delete resets all.");
        return;
    }
    struct qkv_err err = overrides_copy(&next, app_overrides(app));
    if (!err.code)
        err = overrides_unedit(&next, step_of(app, cell)->spec.name);
    if (app_change(app, err, &next))
        app_say(app, "As it was. Ctrl+Z brings back what you changed.");
}

void edit_reset_all(struct app *app, UNUSED int argument)
{
    struct overrides nothing = {0};
    if (overrides_is_empty(&app->doc.overrides))
        app_say(app, "Nothing is changed.");
    else if (app_change(app, (struct qkv_err){0}, &nothing))
        app_say(app, "The lesson as it is written. Ctrl+Z brings back what you changed.");
}

void edit_try(struct app *app, UNUSED int argument)
{
    const struct lesson *lesson = app->doc.lesson;
    const struct place place = walk_place(&lesson->walk, app->state.position);
    const struct stop *stop = place.stop >= 0 ? &lesson->stops[place.stop] : NULL;
    const struct trial *on = trial_on(lesson, stop, app_overrides(app));
    const struct trial *trial = on ? on : stop ? stop->trial : NULL;
    struct overrides next;
    if (!trial) {
        app_say(app, "There is nothing to try here by a key.");
        return;
    }
    struct qkv_err err = overrides_copy(&next, app_overrides(app));
    if (!err.code)
        err = trial_do(trial, !on, &next);
    struct str said = {0}; /* the lesson may be gone when it is said */
    control_names_in(lesson, app->state.columns, trial->said, &said);
    if (app_change(app, err, &next))
        app_say(app, on ? "As before." : "Tried: %.200s. Shift T goes back.", str_text(&said));
    str_finish(&said);
}

/* ---- the sentence ---- */

/* Does the axis run along the sentence? */
static bool along_words(const struct axis *axis, const struct words *words)
{
    return axis_same_labels(axis, &(struct axis){.size = words->n, .labels = words->v});
}

/* The word of the cell's row, else of its column; -1, with a message: there is none. */
static int word_here(struct app *app)
{
    const struct view *v = VIEW(app);
    const struct cursor *c = &app->state.cursor;
    const struct words *words = &app->doc.lesson->sentence.words;
    if (app->doc.lesson->sentence.regions) {
        app_say(app, "These tokens are cut from a picture: they stay where they are.");
        return -1;
    }
    if (view_has_cell(v, c)) {
        const struct axis *axis = view_tape(v)->steps[c->step].value.axis;
        if (along_words(&axis[AXIS_ROW], words))
            return (int)c->row;
        if (along_words(&axis[AXIS_COL], words))
            return (int)c->col;
    }
    app_say(app, "Point at a word first: a cell of its %s.", app->state.columns ? "column" : "row");
    return -1;
}

bool edit_sentence(struct app *app, const char *text)
{
    struct overrides next;
    struct qkv_err err = overrides_copy(&next, app_overrides(app));
    if (!err.code)
        err = overrides_set_sentence(&next, text);
    return app_change(app, err, &next);
}

/* The sentence with word `from` at place `to` (-1: without it). */
static bool rearrange(struct app *app, size_t from, int to)
{
    const struct words *words = &app->doc.lesson->sentence.words;
    const char *order[LESSON_WORDS_MAX];
    struct str text = {0};
    size_t n = 0;
    for (size_t i = 0; i < words->n; i++)
        if (i != from)
            order[n++] = words->v[i];
    if (to >= 0) {
        memmove(&order[to + 1], &order[to], (n++ - (size_t)to) * sizeof order[0]);
        order[to] = words->v[from];
    }
    for (size_t i = 0; i < n; i++)
        str_addf(&text, "%s%s", i ? " " : "", order[i]);
    if (text.failed)
        app_say(app, "There is no memory for that.");
    bool done = !text.failed && edit_sentence(app, str_text(&text));
    str_finish(&text);
    return done;
}

void word_remove(struct app *app, UNUSED int argument)
{
    int word = word_here(app);
    if (word < 0)
        return;
    char name[64];
    snprintf(name, sizeof name, "%s", app->doc.lesson->sentence.words.v[word]);
    if (app->doc.lesson->sentence.words.n < 2)
        app_say(app, "One word has to stay.");
    else if (rearrange(app, (size_t)word, -1))
        app_say(app, "Without \"%s\". Ctrl+Z brings it back.", name);
}

void word_move(struct app *app, int by)
{
    int word = word_here(app), to = word + by;
    if (word < 0)
        return;
    if (to < 0 || (size_t)to >= app->doc.lesson->sentence.words.n) {
        app_say(app, "It is the %s word already.", by < 0 ? "first" : "last");
        return;
    }
    const struct axis *axis = view_tape(VIEW(app))->steps[app->state.cursor.step].value.axis;
    bool by_row = along_words(&axis[AXIS_ROW], &app->doc.lesson->sentence.words);
    if (!rearrange(app, (size_t)word, to) || !app->state.cursor.on)
        return;
    /* The cursor goes with the word. */
    if (by_row)
        app->state.cursor.row = (size_t)to;
    else
        app->state.cursor.col = (size_t)to;
    /* Words that stand otherwise may be cut otherwise. */
    app->state.cursor.on = view_has_cell(VIEW(app), &app->state.cursor);
    app->state.pinned = app->state.pinned && app->state.cursor.on;
}

/* ---- what a word may look at ---- */

void pair_block(struct app *app, UNUSED int argument)
{
    const struct view *v = VIEW(app);
    const struct lesson *lesson = app->doc.lesson;
    size_t n = lesson->sentence.words.n, m = lesson->memory.words.n ? lesson->memory.words.n : n;
    struct cursor cell = app->state.cursor;
    if (!mechanism_input(lesson->mechanism, "mask")) {
        app_say(app, "This mechanism takes no mask.");
        return;
    }
    const struct axis *axis =
        !view_comparing(v) && view_has_cell(v, &cell) ? lesson->tape.steps[cell.step].value.axis : NULL;
    if (!axis || axis[AXIS_ROW].size != n || axis[AXIS_COL].size != m || axis[AXIS_COL].labels == NULL) {
        app_say(app, "Point at a cell of the scores or the weights first: who looks at whom.");
        return;
    }
    char row[64], col[64];
    snprintf(row, sizeof row, "%s", lesson->sentence.words.v[cell.row]);
    snprintf(col, sizeof col, "%s",
             lesson->memory.words.n ? lesson->memory.words.v[cell.col] : lesson->sentence.words.v[cell.col]);
    bool blocked = !edit_pair_is_open(app, &cell);
    if (edit_mask(app, &cell, blocked))
        app_say(app, blocked ? "“%s” may look at “%s” again." : "“%s” may not look at “%s” any more.", row, col);
}
