/* typing.c: keys and text while a field is open, and what becomes of the text. */
#include "app/app_parts.h"

#include "app/input.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what a text is used for; false: it is refused, the message says why, and the field stays open ---- */

static bool use_sentence(struct app *app, const char *text)
{
    if (strcmp(text, app->doc.lesson->sentence.text) == 0)
        return true; /* as it was */
    app->message[0] = 0;
    if (!edit_sentence(app, text))
        return false;
    if (!app->message[0])
        app_say(app, "%s",
                text[0] ? "Your own sentence: the lesson's words were about its own. Ctrl+Z: back."
                        : "The lesson's own sentence.");
    return true;
}

static bool use_number(struct app *app, const char *text)
{
    char *end;
    double value = strtod(text, &end);
    while (*end == ' ')
        end++;
    if (end == text || *end || !isfinite(value)) {
        app_say(app, "A number is wanted, such as 0.5 or -2, not '%.40s'.", text);
        return false;
    }
    return edit_cell(app, &app->input.field.at, value);
}

static const struct {
    const char *hint;
    bool (*use)(struct app *app, const char *text);
} uses[] = {
    [TYPING_SENTENCE] = {"Enter uses it, Escape leaves it; up to %d words", use_sentence},
    [TYPING_CELL] = {"Enter: use it   Esc: leave it", use_number},
    [TYPING_SETTING] = {"Enter uses it, Escape leaves it", settings_use},
    [TYPING_SAVE] = {"Enter saves the session, Escape does not; `qkv FILE` opens it", keep_use_save},
    [TYPING_OPEN] = {"Enter opens it: a session or a lesson, by name or path", keep_use_open},
    [TYPING_EXPORT] = {"The page: .png, .svg; the matrix: .csv; all: .safetensors", keep_use_export},
};

void typing_open(struct app *app, enum typing use, const char *label, const char *text)
{
    struct text_field *f = &app->input.field;
    snprintf(f->label, sizeof f->label, "%s", label);
    f->use = use;
    snprintf(f->hint, sizeof f->hint, uses[use].hint, (int)WORDS_MAX);
    f->at = (struct cursor){0};
    f->in_panel = use == TYPING_SETTING;
    app->animation.playing = false;
    str_clear(&app->files.overwrite_path);
    field_open(f, text);
}

static bool use_text(struct app *app)
{
    struct text_field *f = &app->input.field;
    struct str text = {0};
    str_add(&text, str_text(&f->text));
    if (text.failed)
        app_say(app, "There is no memory for that.");
    f->on = text.failed || !uses[f->use].use(app, str_text(&text));
    str_finish(&text);
    return !f->on;
}

bool typing_ends(struct app *app)
{
    const struct text_field *f = &app->input.field;
    if (f->on && f->use == TYPING_CELL)
        return use_text(app);
    app->input.field.on = false;
    return true;
}

/* Is this the first character of a number, for the cell that is pinned or the setting in focus? Then its field is open
 * now. */
static bool typing_begins(struct app *app, const char *text)
{
    if (strlen(text) != 1 || !strchr("0123456789.-", text[0]))
        return false;
    if (!app->state.pinned)
        return settings_begin(app);
    if (app->state.page != PAGE_WALK || !edit_is_possible(app, &app->state.cursor))
        return false;
    edit_begin(app, 0);
    return true;
}

static void copy_selection(struct app *app, bool cut)
{
    struct text_field *f = &app->input.field;
    size_t at, n = field_selection(f, &at);
    struct str copy = {0};
    str_addn(&copy, str_text(&f->text) + at, n);
    if (n == 0 || copy.failed || !app->clipboard.set) {
        str_finish(&copy);
        return;
    }
    app->clipboard.set(copy.v);
    str_finish(&copy);
    if (cut)
        field_insert(f, "");
}

static void paste(struct app *app)
{
    char *text = app->clipboard.get ? app->clipboard.get() : NULL;
    if (text && !field_insert(&app->input.field, text))
        app_say(app, "What was copied is too long for a line, or is no text.");
    free(text);
}

static void press_key(struct app *app, const struct action *action)
{
    struct text_field *f = &app->input.field;
    const char *key = action->text;
    /* The keys belong to the input method as long as it is at work; some systems tell of them all the same. Escape is a
     * way out should it never end. */
    if (f->composing.n > 0) {
        if (strcmp(key, "Escape") == 0)
            field_compose(f, "");
        return;
    }
    if (strcmp(key, "Return") == 0)
        use_text(app);
    else if (strcmp(key, "Escape") == 0)
        f->on = false;
    else if (action->ctrl && strcmp(key, "v") == 0)
        paste(app);
    else if (action->ctrl && (strcmp(key, "c") == 0 || strcmp(key, "x") == 0))
        copy_selection(app, key[0] == 'x');
    else
        field_key(f, key, action->shift, action->ctrl);
}

bool typing_takes(struct app *app, const struct action *action)
{
    struct text_field *f = &app->input.field;
    if (!f->on && !(action->kind == ACTION_TEXT && typing_begins(app, action->text)))
        return action->kind == ACTION_COMPOSE;
    app->dirty = true;
    app->message[0] = 0;
    if (action->kind == ACTION_KEY)
        press_key(app, action);
    else if (action->kind == ACTION_COMPOSE)
        field_compose(f, action->text);
    else if (!field_insert(f, action->text))
        app_say(app, "The line cannot get longer.");
    return true;
}
