#include "app/words.h"

#include "app/edit.h"
#include "app/parts.h"

#include <stdio.h>
#include <string.h>

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
    const struct words *words = &app->doc.lesson->words;
    if (app->doc.lesson->regions) {
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
    app_say(app, "Point at a word first: a cell of its row.");
    return -1;
}

/* The sentence with word `from` at place `to` (-1: without it). */
static bool rearrange(struct app *app, size_t from, int to)
{
    const struct words *words = &app->doc.lesson->words;
    struct str text = {0};
    struct overrides next = {0};
    for (size_t i = 0, place = 0; i < words->n; place++) {
        bool taken = to >= 0 && place == (size_t)to;
        if (!taken && i == from) {
            i++;
            place--;
            continue;
        }
        str_addf(&text, "%s%s", text.n ? " " : "", words->v[taken ? from : i]);
        i += !taken;
    }
    if (to >= 0 && (size_t)to == words->n - 1)
        str_addf(&text, " %s", words->v[from]);
    struct qkv_err err = text.failed ? qkv_nomem("the sentence") : overrides_copy(&next, app_overrides(app));
    if (!err.code)
        err = overrides_say(&next, str_text(&text));
    str_finish(&text);
    return app_change_if(app, err, &next);
}

void word_remove(struct app *app, int argument)
{
    (void)argument;
    int word = word_here(app);
    if (word < 0)
        return;
    char name[64];
    snprintf(name, sizeof name, "%s", app->doc.lesson->words.v[word]);
    if (app->doc.lesson->words.n < 2)
        app_say(app, "One word has to stay.");
    else if (rearrange(app, (size_t)word, -1))
        app_say(app, "Without \"%s\". Ctrl+Z brings it back.", name);
}

static void move_word(struct app *app, int by)
{
    int word = word_here(app), to = word + by;
    if (word < 0)
        return;
    if (to < 0 || (size_t)to >= app->doc.lesson->words.n) {
        app_say(app, "It is the %s word already.", by < 0 ? "first" : "last");
        return;
    }
    const struct axis *axis = view_tape(VIEW(app))->steps[app->state.cursor.step].value.axis;
    bool by_row = along_words(&axis[AXIS_ROW], &app->doc.lesson->words);
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

void word_earlier(struct app *app, int argument)
{
    (void)argument;
    move_word(app, -1);
}

void word_later(struct app *app, int argument)
{
    (void)argument;
    move_word(app, 1);
}

/* ---- what a word may look at ---- */

static bool takes_mask(const struct mechanism *m)
{
    for (size_t i = 0; i < m->n_inputs; i++)
        if (strcmp(m->inputs[i].name, "mask") == 0)
            return true;
    return false;
}

void pair_block(struct app *app, int argument)
{
    (void)argument;
    const struct view *v = VIEW(app);
    const struct lesson *lesson = app->doc.lesson;
    size_t n = lesson->words.n, m = lesson->memory_words.n ? lesson->memory_words.n : n;
    struct cursor cell = app->state.cursor;
    if (!takes_mask(lesson->mechanism)) {
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
    snprintf(row, sizeof row, "%s", lesson->words.v[cell.row]);
    snprintf(col, sizeof col, "%s",
             lesson->memory_words.n ? lesson->memory_words.v[cell.col] : lesson->words.v[cell.col]);
    bool blocked = !edit_pair_is_open(app, &cell);
    if (edit_mask(app, &cell, blocked))
        app_say(app, blocked ? "“%s” may look at “%s” again." : "“%s” may not look at “%s” any more.", row, col);
}
