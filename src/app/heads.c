#include "app/app_parts.h"

#include "lesson/analysis/contributions.h"
#include "lesson/analysis/microscope.h"
#include "lesson/language/language.h"
#include "lesson/text/builtin.h"
#include "scene/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- words ---- */

/* The step whose rows are the words of the page that is open; NULL: there is none. */
static const struct step *step_of_page(const struct app *app)
{
    const struct view *v = VIEW(app);
    const char *instead;
    int here = v->walk->steps[view_place(v).at].step;
    int step = app->state.page == PAGE_MICROSCOPE ? microscope_find(&app->doc.lesson->tape, here, &instead)
                                                  : view_heads_step(VIEW(app));
    return step < 0 ? NULL : &app->doc.lesson->tape.steps[step];
}

/* As many words as can be chosen. */
static size_t word_count(const struct app *app)
{
    const struct step *step = step_of_page(app);
    size_t rows = step ? step->value.axis[AXIS_ROW].size : 0;
    return rows < WORDS_MAX ? rows : WORDS_MAX;
}

static void set_kept(struct heads_view *heads, size_t word, bool kept)
{
    uint64_t bit = (uint64_t)1 << word % 64;
    if (kept)
        heads->chosen[word / 64] |= bit;
    else
        heads->chosen[word / 64] &= ~bit;
}

static void forget_words(struct heads_view *heads)
{
    *heads = (struct heads_view){.all = heads->all, .column = heads->column};
}

void heads_word(struct app *app, int argument)
{
    struct heads_view *heads = &app->state.heads;
    const struct step *step = step_of_page(app);
    /* The place of all words, reached by keys: the word that is looked at. */
    if (step && argument > 0 && (size_t)argument == word_count(app))
        argument = (int)view_word(VIEW(app), step);
    if (argument < 0 || (size_t)argument >= word_count(app))
        return;
    bool again = heads->word == (size_t)argument + 1;
    forget_words(heads);
    heads->word = again ? 0 : (size_t)argument + 1;
}

void heads_word_add(struct app *app, int argument)
{
    struct heads_view *heads = &app->state.heads;
    if (argument < 0 || (size_t)argument >= word_count(app))
        return;
    size_t word = (size_t)argument, before = heads->word;
    bool chosen = before == word + 1 || view_word_is_kept(VIEW(app), word);
    if (before > 0)
        set_kept(heads, before - 1, true);
    set_kept(heads, word, false);
    heads->word = chosen ? 0 : word + 1;
}

void heads_keep(struct app *app, UNUSED int argument)
{
    const struct step *step = step_of_page(app);
    if (app->state.page != PAGE_HEADS) {
        page_toggle(app, PAGE_HEADS);
    } else if (step) {
        size_t word = view_word(VIEW(app), step);
        if (word >= WORDS_MAX)
            return;
        app->state.heads.word = word + 1;
        set_kept(&app->state.heads, word, !view_word_is_kept(VIEW(app), word));
    }
}

bool heads_deselect(struct app *app)
{
    struct heads_view *heads = &app->state.heads;
    bool any = heads->word > 0;
    for (size_t i = 0; i < sizeof heads->chosen / sizeof heads->chosen[0]; i++)
        any = any || heads->chosen[i];
    if (app->state.page != PAGE_HEADS || !any)
        return false;
    forget_words(heads);
    return true;
}

/* ---- arrows ---- */

static void move_word(struct app *app, int down)
{
    size_t n = word_count(app);
    const struct step *step = step_of_page(app);
    if (!step)
        return;
    size_t word = view_word(VIEW(app), step);
    word = word < n ? word : n - 1;
    /* The first arrow chooses the word that is looked at already. */
    if (app->state.page == PAGE_HEADS && app->state.heads.word == 0)
        app->state.heads.word = word + 1;
    else
        app->state.heads.word = step_around(word, down, n) + 1;
}

/* What the heads add up to; false: nothing, the message says why. */
static bool find_output(struct app *app, struct heads_output *ret)
{
    const char *why = heads_output_find(&app->doc.lesson->tape, ret);
    if (why)
        app_say(app, "%s", language_page(app->doc.lesson->language, why));
    return !why;
}

static void move_column(struct app *app, int across)
{
    struct heads_output at;
    if (!find_output(app, &at))
        return;
    size_t n = app->doc.lesson->tape.steps[at.output].value.axis[AXIS_COL].size, column = app->state.heads.column;
    column = column < n ? column : n - 1;
    app->state.heads.column = step_around(column, across, n);
}

bool heads_arrow(struct app *app, int down, int across)
{
    if (page_table[app->state.page].chooses != CHOOSES_WORDS)
        return false;
    app->animation.playing = false;
    if (down)
        move_word(app, down);
    else if (app->state.page == PAGE_HEADS)
        move_column(app, across);
    else
        state_turn(&app->state, "temperature", across, false);
    return true;
}

/* ---- pages ---- */

/* The lesson that is open is marked; at its end, the next one. */
static void mark_lesson(struct app *app)
{
    bool at_end = app->state.position + 1 == app->doc.lesson->walk.length && app->doc.lesson->next;
    int at = builtin_lesson_find(at_end ? app->doc.lesson->next : app->doc.lesson->name);
    app->state.choice = at < 0 ? 0 : at;
}

void page_toggle(struct app *app, int page)
{
    enum page_choice chooses = page_table[page].chooses;
    if (page == PAGE_KEYS)
        app->state.read_from = 0;
    else
        app->animation.playing = false;
    if (chooses == CHOOSES_LESSONS)
        mark_lesson(app);
    /* What is pointed at in the walk is what is looked at there. */
    if (chooses == CHOOSES_WORDS && app->state.page == PAGE_WALK && app->state.cursor.on)
        forget_words(&app->state.heads);
    app->state.page = app->state.page == (enum page)page ? PAGE_WALK : (enum page)page;
}

/* ---- a head off and on ---- */

/* Its rows of W_O are set to 0. */
static struct qkv_err switch_off(struct overrides *e, const struct step *w_o, size_t first, size_t end)
{
    struct edit edit = {.value = 0};
    struct qkv_err err = {0};
    snprintf(edit.tensor, sizeof edit.tensor, "%s", w_o->spec.name);
    for (edit.at[AXIS_ROW] = first; edit.at[AXIS_ROW] < end; edit.at[AXIS_ROW]++)
        for (edit.at[AXIS_COL] = 0; edit.at[AXIS_COL] < w_o->value.axis[AXIS_COL].size && !err.code;
             edit.at[AXIS_COL]++)
            if (*tensor_at(&w_o->value, 0, edit.at[AXIS_ROW], edit.at[AXIS_COL]) != 0)
                err = overrides_edit(e, &edit);
    return err;
}

/* They are as the lesson has them. */
static struct qkv_err switch_on(struct overrides *e, const struct step *w_o, size_t first, size_t end)
{
    size_t before = edit_tree_size(e->edits);
    struct edit from = {.at = {0, first}}, to = {.at = {0, end}};
    snprintf(from.tensor, sizeof from.tensor, "%s", w_o->spec.name);
    snprintf(to.tensor, sizeof to.tensor, "%s", w_o->spec.name);
    if (!edit_tree_remove(&e->edits, &from, &to))
        return qkv_nomem("a head");
    return edit_tree_size(e->edits) < before
               ? (struct qkv_err){0}
               : qkv_errf(QKV_ERR_DOMAIN, "In the lesson itself this head's numbers in W_O are all 0.");
}

static void say_switched(struct app *app, size_t head, bool off)
{
    const struct moved *moved = &app->moved;
    /* What is computed in the background is not known yet. */
    if (app->job)
        return;
    char how_far[120] = "The output is as the lesson has it.";
    if (moved->on && moved->by.largest > 0)
        snprintf(how_far, sizeof how_far, "The output moved by up to %.2f from the lesson's.", moved->by.largest);
    struct str turned = {0};
    language_add(app->doc.lesson, language_page(app->doc.lesson->language, off ? "head_off" : "head_on"),
                 app->state.columns, &turned);
    app_say(app, "Head %zu is %s. %s", head + 1, str_text(&turned), how_far);
    str_finish(&turned);
}

void heads_switch_set(struct app *app, int argument)
{
    struct heads_output at;
    const struct tape *tape = &app->doc.lesson->tape;
    if (!find_output(app, &at))
        return;
    const struct axis *axis = tape->steps[at.heads].value.axis;
    if (argument < 0 || (size_t)argument >= axis[AXIS_HEAD].size)
        return;
    struct overrides next;
    size_t head = (size_t)argument, d_v = axis[AXIS_COL].size;
    bool off = !head_is_off(tape, &at, head);
    struct qkv_err err = overrides_copy(&next, app_overrides(app));
    if (!err.code)
        err = (off ? switch_off : switch_on)(&next, &tape->steps[at.w_o], head * d_v, (head + 1) * d_v);
    if (app_change(app, err, &next))
        say_switched(app, head, off);
}

void heads_switch(struct app *app, UNUSED int argument)
{
    heads_switch_set(app, (int)view_head(VIEW(app)));
}
