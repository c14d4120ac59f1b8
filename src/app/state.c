/* state.c: what is on the screen as one line of "key=value" words, and back. */
#include "app/state_words.h"

#include "app/job.h"
#include "app/parts.h"

#include <stdio.h>
#include <stdlib.h>

static const struct state_word *const word_tables[] = {place_words, page_words};
enum { TABLES = sizeof word_tables / sizeof word_tables[0] };

void state_explain(struct str *to)
{
    static const char row[] = "  %-9s %-40s %s\n";
    str_addf(to, row, "lesson", "a lesson's name, or a path", "what is walked; the others are about it");
    str_addf(to, row, "sentence", "words, in quotes", "in place of the lesson's: sentence=\"the dogs slept\"");
    str_addf(to, row, "weights", "as --weights has them", "in place of the lesson's");
    str_addf(to, row, "mechanism", "a mechanism's name", "in place of the lesson's");
    str_addf(to, row, "set", "KEY=VALUE", "a setting; as often as there are some");
    str_addf(to, row, "edit", "TENSOR,HEAD,ROW,COLUMN:NUMBER,...", "numbers of an input: edit=W_Q,1,3,2:0.5,-1");
    for (size_t t = 0; t < TABLES; t++)
        for (const struct state_word *w = word_tables[t]; w->name; w++)
            str_addf(to, row, w->name, w->wanted, w->meaning);
}

void state_print_view(const struct app *app, struct str *to)
{
    place_print(app, to);
    pages_print(app, to);
}

void state_print_work(const struct app *app, struct str *to)
{
    struct str lesson = {0};
    word_print(&lesson, "lesson", str_text(&app->source.given));
    str_add(to, str_text(&lesson) + (lesson.n > 0)); /* no blank at the start */
    to->failed |= lesson.failed;
    str_finish(&lesson);
    overrides_print(&app->overrides, to);
    state_print_view(app, to);
}

void state_print_rest(const struct app *app, struct str *to)
{
    overrides_print(&app->overrides, to);
    state_print_view(app, to);
    screen_print(app, to);
}

void state_print(const struct app *app, struct str *to)
{
    state_print_work(app, to);
    screen_print(app, to);
}

/* ---- reading ---- */

/* A word, taken apart in place: "at=Q" gives "Q" and leaves "at". NULL: it has no '='. */
static const char *take_apart(struct str *word)
{
    char *equals = word->v ? strchr(word->v, '=') : NULL;
    if (!equals)
        return NULL;
    *equals = '\0';
    return equals + 1;
}

static struct qkv_err read_field(struct reading *r, const char *key, const char *value)
{
    for (size_t t = 0; t < TABLES; t++)
        for (const struct state_word *w = word_tables[t]; w->name; w++) {
            if (strcmp(w->name, key) != 0)
                continue;
            if (value && w->read(r, value))
                return r->err;
            return qkv_errf(QKV_ERR_DOMAIN, "state: '%.60s%s%.60s': %s must be %s", key, value ? "=" : "",
                            value ? value : "", w->name, w->wanted);
        }
    return qkv_errf(QKV_ERR_DOMAIN, "state: unknown word '%.60s%s%.60s'", key, value ? "=" : "", value ? value : "");
}

/* What a line says about the lesson and what is changed in it: read first, wherever it stands. */
struct said {
    struct str lesson;
    struct overrides overrides;
    size_t word; /* the one that is being read, from 0: that an error is about */
};

/* The lesson that a line names; empty: none. */
static struct str lesson_named(const char *line)
{
    struct str word = {0}, name = {0};
    while (word_next(&line, &word))
        if (strncmp(str_text(&word), "lesson=", 7) == 0) {
            str_clear(&name);
            str_add(&name, str_text(&word) + 7);
        }
    str_finish(&word);
    return name;
}

/* Does the line only say what else is to change in what is open? So does one without a lesson; of one that names the
 * lesson that is open whoever asks decides. */
static bool is_addition(const struct app *app, const char *line, bool here)
{
    struct str name = lesson_named(line);
    bool adds = name.n == 0 || (here && strcmp(name.v, str_text(&app->source.given)) == 0);
    str_finish(&name);
    return adds;
}

static struct qkv_err read_said(const struct app *app, const char *line, bool here, struct said *ret)
{
    struct str word = {0};
    struct qkv_err err = {0};
    if (is_addition(app, line, here))
        err = overrides_copy(&ret->overrides, &app->overrides);
    for (ret->word = 0; !err.code && word_next(&line, &word); ret->word += !err.code) {
        bool known = false;
        const char *value = take_apart(&word);
        if (word.failed)
            err = qkv_nomem("a state");
        else if (value && strcmp(word.v, "lesson") == 0) {
            str_clear(&ret->lesson);
            str_add(&ret->lesson, value);
        } else if (value) {
            err = overrides_read(&ret->overrides, word.v, value, &known);
        }
    }
    if (!err.code && strcmp(str_text(&ret->lesson), "-") == 0)
        err = qkv_errf(QKV_ERR_DOMAIN, "state: 'lesson=-': a line cannot bring standard input");
    if (!err.code && ret->lesson.failed)
        err = qkv_nomem("a state");
    str_finish(&word);
    return err;
}

bool state_is_of_work(const char *key)
{
    static const char *const keys[] = {"lesson", "sentence", "weights", "mechanism", "set", "edit"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

/* Which step of which tape is on the page; the other words are about what lies in it. */
static bool is_of_step(const char *key)
{
    return strcmp(key, "at") == 0 || strcmp(key, "compare") == 0;
}

static struct qkv_err read_words_of(struct reading *r, const char *line, bool of_step, bool lenient)
{
    struct str word = {0};
    struct qkv_err err = {0};
    for (r->word = 0; !err.code && word_next(&line, &word); r->word += !err.code) {
        const char *value = take_apart(&word);
        if (word.failed)
            err = qkv_nomem("a state");
        else if (is_of_step(str_text(&word)) == of_step && (!value || !state_is_of_work(word.v)))
            err = read_field(r, str_text(&word), value);
        if (lenient && err.code != QKV_ERR_NOMEM)
            err = (struct qkv_err){0};
    }
    str_finish(&word);
    return err;
}

/* The words about the place and the screen, in any order. `lenient`: what is not there in this walk is left out. */
static struct qkv_err read_view(struct reading *r, const char *line, bool lenient)
{
    struct qkv_err err = read_words_of(r, line, true, lenient);
    return err.code ? err : read_words_of(r, line, false, lenient);
}

/* What lies in a step must be in the one that is named, wherever in the line that was said. */
static struct qkv_err check_place(const struct reading *r)
{
    const struct walk_step *s = &r->walk->steps[r->at];
    const char *name = r->walk->lesson->tape.steps[s->step].spec.name;
    size_t stops = s->n_stops > 1 ? (size_t)s->n_stops : 1;
    if (r->filled_given && r->filled > s->rows * s->cols)
        return qkv_errf(QKV_ERR_DOMAIN, "state: filled=%zu: %s has %zu cells", r->filled, name, s->rows * s->cols);
    if (r->stop > stops)
        return qkv_errf(QKV_ERR_DOMAIN, "state: stop=%zu: %s has no more than %zu", r->stop, name, stops);
    return (struct qkv_err){0};
}

/* A line says all that is not as usual: what it leaves out goes back to that. */
/* `baseline`, `overrides`: of the walk's lesson. */
static void reading_init(struct reading *r, const struct view *view, const struct walk *walk,
                         const struct lesson *baseline, const struct overrides *overrides, bool screen)
{
    *r = (struct reading){
        .state = *view->state, .view = *view, .walk = walk, .baseline = baseline, .overrides = overrides, .stop = 1};
    const struct view_state old = r->state;
    /* What belongs to the screen stays unless the line is about it, too. */
    r->state = (struct view_state){.stride = STRIDE_STEP,
                                   .choice = old.choice,
                                   .speed = SPEED_NORMAL,
                                   .motion = true,
                                   .scale = SCALE_NORMAL,
                                   .theme = THEME_LIGHT};
    if (!screen) {
        r->state.motion = old.motion;
        r->state.speed = old.speed;
        r->state.scale = old.scale;
        r->state.theme = old.theme;
        r->state.columns = old.columns;
    }
    r->view.state = &r->state;
    r->view.against = NULL;
    r->view.focus = r->view.tip = (struct widget){0};
    r->view.field.on = false;
    r->view.playing = false;
}

static void show_reading(struct app *app, struct reading *r)
{
    const struct walk *walk = r->walk;
    app->state = r->state;
    app->state.position =
        r->filled_given ? walk_filled(walk, r->at, r->filled) : walk_whole(walk, r->at) + (r->stop - 1);
    comparison_finish(&app->against);
    app->against = r->against;
    r->against = (struct comparison){0};
    app->view.against = app->against.step ? &app->against : NULL;
    app->view.focus = r->view.focus;
    app->view.tip = (struct widget){0};
    app->view.field = r->view.field;
    app->view.playing = false;
    app->hover = false;
    app->transition.on = false;
    app->dirty = true;
}

void state_return(struct app *app, const char *line)
{
    struct reading r;
    reading_init(&r, &app->view, &app->walk, app->view.baseline, &app->overrides, false);
    struct qkv_err err = read_view(&r, line, true);
    if (err.code) {
        comparison_finish(&r.against);
        return;
    }
    /* A step that is shorter now, or has no stops any more, stands whole. */
    if (check_place(&r).code) {
        r.stop = 1;
        r.filled_given = false;
    }
    bool playing = app->view.playing;
    show_reading(app, &r);
    app->view.playing = playing;
}

/* Where the lesson is read from that a line is about. *ret_shown: it is the one on the screen, as it is. */
static struct qkv_err source_said(const struct app *app, const struct said *said, struct lesson_source *ret,
                                  bool *ret_shown)
{
    bool here = said->lesson.n == 0 || strcmp(said->lesson.v, str_text(&app->source.given)) == 0;
    *ret_shown = here && overrides_same(&said->overrides, &app->overrides);
    if (*ret_shown)
        return (struct qkv_err){0};
    return here ? lesson_source_copy(&app->source, ret) : lesson_source_read(said->lesson.v, ret);
}

bool state_begins(struct app *app, const char *line, enum job_use use)
{
    struct said said = {0};
    struct lesson_source source = {0};
    bool shown = false, begins = false;
    struct qkv_err err = read_said(app, line, false, &said);
    if (!err.code)
        err = source_said(app, &said, &source, &shown);
    if (!err.code && !shown)
        begins = job_begins(app, use, &source, &said.overrides);
    lesson_source_finish(&source);
    str_finish(&said.lesson);
    overrides_finish(&said.overrides);
    return begins;
}

/* The lesson that a line is about, when it is not the one that is on the screen. */
static struct qkv_err open_said(struct app *app, struct said *said, struct opened *ret)
{
    struct lesson_source source = {0};
    bool shown;
    struct qkv_err err = source_said(app, said, &source, &shown);
    if (!err.code && !shown)
        err = opened_again(ret, &source, &said->overrides, app, NULL);
    lesson_source_finish(&source);
    return err;
}

/* Which word of the line an error is about goes to *ret_word, where one is. */
static struct qkv_err apply(struct app *app, const char *line, bool screen, bool here, size_t *ret_word)
{
    struct said said = {0};
    struct opened other = {0}; /* shown only when the whole line is understood */
    struct qkv_err err = read_said(app, line, here, &said);
    if (err.code)
        *ret_word = said.word;
    else
        err = open_said(app, &said, &other);
    bool opens = other.walk.n > 0;
    const struct lesson *baseline = opens ? opened_baseline(&other, app) : app->view.baseline;
    struct reading r;
    reading_init(&r, &app->view, opens ? &other.walk : &app->walk, baseline, opens ? &other.overrides : &app->overrides,
                 screen);
    if (opens)
        r.view.comparison = other.comparison.step ? &other.comparison : NULL;
    if (!err.code) {
        err = read_view(&r, line, false);
        *ret_word = err.code ? r.word : SIZE_MAX;
    }
    if (!err.code)
        err = check_place(&r);
    if (!err.code) {
        if (opens)
            app_show(app, &other);
        r.walk = &app->walk;
        show_reading(app, &r);
    }
    comparison_finish(&r.against);
    opened_finish(&other);
    str_finish(&said.lesson);
    overrides_finish(&said.overrides);
    return err;
}

struct qkv_err state_apply(struct app *app, const char *line)
{
    size_t word;
    return apply(app, line, true, false, &word);
}

struct qkv_err state_apply_word(struct app *app, const char *line, size_t *ret_word)
{
    *ret_word = SIZE_MAX;
    return apply(app, line, true, false, ret_word);
}

struct qkv_err state_apply_here(struct app *app, const char *line)
{
    size_t word;
    return apply(app, line, true, true, &word);
}

struct qkv_err state_apply_work(struct app *app, const char *line)
{
    size_t word;
    return apply(app, line, false, false, &word);
}
