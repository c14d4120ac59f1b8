/* state.c: what is on the screen as one line of "key=value" words, and back. */
#include "app/parts.h"

#include "app/job.h"
#include "scene/zoom.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The line while it is read: nothing of the app changes before all of it is understood. */
struct reading {
    struct view view;
    const struct walk *walk;
    const struct experiment *experiment;
    size_t at, filled, stop;
    bool filled_given;
    const struct lesson *baseline;
    struct comparison against; /* made when it is asked for */
    struct qkv_err err;        /* what is no mistake of the line: no memory */
    size_t word;               /* of the line, from 0: that an error is about */
};

static const char *const compare_words[] = {"", " compare=yes", " compare=before"};
static const char *const page_names[] = {"walk", "overview", "lessons", "keys", "blank", "heads", "microscope", NULL};
_Static_assert(sizeof page_names / sizeof page_names[0] == PAGE_COUNT + 1, "a page has no name");

static bool read_number(const char *text, size_t *ret)
{
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    unsigned long long n = strtoull(text, &end, 10);
    if (*end || n > 1000000000)
        return false;
    *ret = (size_t)n;
    return true;
}

static bool read_name(const char *text, const char *const *names, int *ret)
{
    for (int i = 0; names[i]; i++)
        if (strcmp(text, names[i]) == 0) {
            *ret = i;
            return true;
        }
    return false;
}

/* ---- one pair of functions a field; a field at its usual value is not printed ---- */

static void print_at(const struct app *app, struct str *to)
{
    struct place place = walk_place(&app->walk, app->view.position);
    str_addf(to, " at=%s", app->lesson.tape.steps[app->walk.steps[place.at].step].spec.name);
    if (!place.whole)
        str_addf(to, " filled=%zu", place.filled);
    size_t stop = app->view.position - walk_whole(&app->walk, place.at);
    if (place.whole && stop > 0)
        str_addf(to, " stop=%zu", stop + 1);
}

static bool read_at(struct reading *r, const char *text)
{
    int at = walk_find(r->walk, tape_find(&r->walk->lesson->tape, text));
    r->at = (size_t)(at < 0 ? 0 : at);
    return at >= 0;
}

static bool read_filled(struct reading *r, const char *text)
{
    r->filled_given = read_number(text, &r->filled);
    return r->filled_given;
}

static bool read_stop(struct reading *r, const char *text)
{
    return read_number(text, &r->stop) && r->stop >= 1;
}

static void print_stride(const struct app *app, struct str *to)
{
    if (app->view.stride != STRIDE_STEP)
        str_addf(to, " stride=%s", stride_names[app->view.stride]);
}

static bool read_stride(struct reading *r, const char *text)
{
    int i = 0;
    bool known = read_name(text, stride_names, &i);
    r->view.stride = (enum stride)i;
    return known;
}

static void print_head(const struct app *app, struct str *to)
{
    if (app->view.head > 0 || app->view.head_here)
        str_addf(to, " head=%d%s", app->view.head + 1, app->view.head_here ? "!" : "");
}

/* "2": the head looked at; "2!": chosen here, against what the stop names. */
static bool read_head(struct reading *r, const char *text)
{
    char digits[16];
    size_t n = strlen(text), head, heads = 1;
    r->view.head_here = n > 1 && text[n - 1] == '!';
    snprintf(digits, sizeof digits, "%.*s", (int)(n - r->view.head_here), text);
    const struct tape *tape = &r->walk->lesson->tape;
    for (size_t i = 0; i < tape->n; i++)
        if (tape->steps[i].value.axis[AXIS_HEAD].size > heads)
            heads = tape->steps[i].value.axis[AXIS_HEAD].size;
    if (!read_number(digits, &head) || head < 1 || head > heads)
        return false;
    r->view.head = (int)head - 1;
    return true;
}

static void print_cell(const struct app *app, struct str *to)
{
    const struct cursor *c = &app->view.cursor;
    if (c->on)
        str_addf(to, " cell=%s,%zu,%zu,%zu", view_tape(&app->view)->steps[c->step].spec.name, c->head + 1, c->row + 1,
                 c->col + 1);
}

static bool read_cell(struct reading *r, const char *text)
{
    char name[64];
    size_t head, row, col;
    if (sscanf(text, "%63[^,],%zu,%zu,%zu", name, &head, &row, &col) != 4)
        return false;
    const struct comparison *c = view_comparison(&r->view);
    bool comparing = c && c->step[r->at] >= 0;
    const struct tape *tape = comparing ? &c->tape : &r->walk->lesson->tape;
    int step = tape_find(tape, name);
    if (step < 0)
        return false;
    const struct axis *axis = tape->steps[step].value.axis;
    if (head < 1 || row < 1 || col < 1 || head > axis[AXIS_HEAD].size || row > axis[AXIS_ROW].size ||
        col > axis[AXIS_COL].size)
        return false;
    r->view.cursor = (struct cursor){true, step, head - 1, row - 1, col - 1};
    return true;
}

/* "zoom=129,64,1,1024": the first row shown and how many, the first column and how many. */
static void print_zoom(const struct app *app, struct str *to)
{
    struct section rows, cols;
    zoom_of(&app->view, -1, &rows, &cols);
    if (zoom_is_on(&app->view))
        str_addf(to, " zoom=%zu,%zu,%zu,%zu", rows.from + 1, rows.n, cols.from + 1, cols.n);
}

static bool read_zoom(struct reading *r, const char *text)
{
    struct section s[2];
    if (sscanf(text, "%zu,%zu,%zu,%zu", &s[0].from, &s[0].n, &s[1].from, &s[1].n) != 4)
        return false;
    const struct comparison *c = view_comparison(&r->view);
    const struct tape *tape = c && c->step[r->at] >= 0 ? &c->tape : &r->walk->lesson->tape;
    int step = tape == &r->walk->lesson->tape ? r->walk->steps[r->at].step : c->step[r->at];
    const struct axis *axis = tape->steps[step].value.axis;
    for (int i = 0; i < 2; i++) {
        size_t size = axis[i ? AXIS_COL : AXIS_ROW].size;
        if (s[i].from < 1 || s[i].n < 1 || s[i].n > size || --s[i].from > size - s[i].n)
            return false;
    }
    r->view.zoom.row = zoom_axis_of(s[0], &axis[AXIS_ROW]);
    r->view.zoom.col = zoom_axis_of(s[1], &axis[AXIS_COL]);
    return true;
}

/* "panel=settings focus=mask.window": what stands in the place of the words, and the row in focus, but the first. */
static void print_panel(const struct view *view, struct str *to)
{
    struct knobs knobs;
    if (!view->settings.on)
        return;
    size_t at = view_knobs(view, &knobs);
    str_add(to, " panel=settings");
    if (at > 0)
        word_print(to, "focus", knobs.v[at].name);
}

static void print_flags(const struct app *app, struct str *to)
{
    const struct view *v = &app->view;
    str_add(to, v->pinned ? " pinned=yes" : "");
    str_add(to, v->unfolded ? " unfolded=yes" : "");
    if (v->read_from > 0)
        str_addf(to, " read=%zu", v->read_from);
    if (v->page != PAGE_WALK)
        str_addf(to, " page=%s", page_names[v->page]);
    print_panel(v, to);
}

/* What the page of heads and the microscope show; the words in the order of the sentence. */
static void print_heads(const struct app *app, struct str *to)
{
    const struct heads_view *heads = &app->view.heads;
    const char *before = " words=";
    if (heads->word > 0)
        str_addf(to, " word=%zu", heads->word);
    for (size_t i = 0; i < WORDS_MAX; i++)
        if (view_word_is_kept(&app->view, i)) {
            str_addf(to, "%s%zu", before, i + 1);
            before = ",";
        }
    str_add(to, heads->all ? " lines=all" : "");
    if (heads->column > 0)
        str_addf(to, " column=%zu", heads->column + 1);
    const struct microscope_view *m = &app->view.microscope;
    if (m->warmer != 0)
        str_addf(to, " temperature=%g", temperature_table[TEMPERATURE_NORMAL + m->warmer]);
    if (m->factor != 0)
        str_addf(to, " factor=%g", factor_table[m->factor]);
    str_add(to, m->raw ? " maximum=no" : "");
}

static bool read_word(struct reading *r, const char *text)
{
    return read_number(text, &r->view.heads.word) && r->view.heads.word >= 1 && r->view.heads.word <= WORDS_MAX;
}

static bool read_words(struct reading *r, const char *text)
{
    while (*text) {
        char digits[16];
        size_t n = strcspn(text, ","), word;
        snprintf(digits, sizeof digits, "%.*s", (int)n, text);
        if (n >= sizeof digits || !read_number(digits, &word) || word < 1 || word > WORDS_MAX)
            return false;
        r->view.heads.kept[(word - 1) / 64] |= (uint64_t)1 << (word - 1) % 64;
        text += n + (text[n] == ',');
    }
    return true;
}

static bool read_lines(struct reading *r, const char *text)
{
    r->view.heads.all = strcmp(text, "all") == 0;
    return r->view.heads.all || strcmp(text, "one") == 0;
}

static bool read_column(struct reading *r, const char *text)
{
    return read_number(text, &r->view.heads.column) && r->view.heads.column-- >= 1 &&
           r->view.heads.column < TENSOR_SIDE_MAX;
}

/* Which of n numbers is written like this, or -1. */
static int find_number(const char *text, const double numbers[], int n)
{
    char written[32];
    for (int i = 0; i < n; i++) {
        snprintf(written, sizeof written, "%g", numbers[i]);
        if (strcmp(written, text) == 0)
            return i;
    }
    return -1;
}

static bool read_temperature(struct reading *r, const char *text)
{
    int at = find_number(text, temperature_table, TEMPERATURE_COUNT);
    r->view.microscope.warmer = at < 0 ? 0 : at - TEMPERATURE_NORMAL;
    return at >= 0;
}

static bool read_factor(struct reading *r, const char *text)
{
    int at = find_number(text, factor_table, FACTOR_COUNT);
    r->view.microscope.factor = at < 0 ? 0 : at;
    return at >= 0;
}

static void print_screen(const struct app *app, struct str *to)
{
    const struct view *v = &app->view;
    str_add(to, v->motion ? "" : " motion=no");
    if (v->speed != SPEED_NORMAL)
        str_addf(to, " speed=%d", v->speed + 1);
    if (v->scale != SCALE_NORMAL)
        str_addf(to, " scale=%d", v->scale);
    str_add(to, v->columns ? " tokens=columns" : "");
    if (v->theme != THEME_LIGHT)
        str_addf(to, " theme=%s", theme_table[v->theme].name);
}

static void print_control(const struct app *app, struct str *to)
{
    const struct control *focus = &app->view.focus;
    if (focus->on)
        str_addf(to, " control=%s,%d", command_table[focus->command].name, focus->argument);
}

/* "stage,3": the control that sends this. */
static bool read_control(struct reading *r, const char *text)
{
    size_t n = strcspn(text, ",");
    if (!text[n] || sscanf(text + n + 1, "%d", &r->view.focus.argument) != 1)
        return false;
    for (int c = 0; c < CMD_COUNT; c++)
        if (strlen(command_table[c].name) == n && strncmp(command_table[c].name, text, n) == 0) {
            r->view.focus.command = c;
            return r->view.focus.on = true;
        }
    return false;
}

bool state_is_of_screen(const char *key)
{
    static const char *const keys[] = {"motion", "speed", "scale", "theme"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

static bool read_flag(const char *text, bool *ret)
{
    *ret = strcmp(text, "yes") == 0;
    return *ret || strcmp(text, "no") == 0;
}

static bool read_pinned(struct reading *r, const char *text)
{
    return read_flag(text, &r->view.pinned);
}

static bool read_unfolded(struct reading *r, const char *text)
{
    return read_flag(text, &r->view.unfolded);
}

/* "yes": with what the lesson is beside of; "before": with the lesson as written. */
static bool read_compare(struct reading *r, const char *text)
{
    if (strcmp(text, "before") == 0) {
        if (!r->against.step)
            r->err = compare_before(&r->against, r->walk, r->baseline);
        r->view.against = r->against.step ? &r->against : NULL;
        /* A change that leads back to the lesson as written leaves nothing to compare with. */
        r->view.compare = r->against.step ? COMPARE_BEFORE : COMPARE_NONE;
        return r->err.code || r->against.step;
    }
    bool beside = false, known = read_flag(text, &beside);
    r->view.compare = beside ? COMPARE_BESIDE : COMPARE_NONE;
    return known;
}

static bool read_maximum(struct reading *r, const char *text)
{
    bool taken_off, known = read_flag(text, &taken_off);
    r->view.microscope.raw = known && !taken_off;
    return known;
}

static bool read_motion(struct reading *r, const char *text)
{
    return read_flag(text, &r->view.motion);
}

static bool read_read(struct reading *r, const char *text)
{
    return read_number(text, &r->view.read_from);
}

static bool read_speed(struct reading *r, const char *text)
{
    size_t speed;
    if (!read_number(text, &speed) || speed < 1 || speed > SPEED_COUNT)
        return false;
    r->view.speed = (int)speed - 1;
    return true;
}

static bool read_scale(struct reading *r, const char *text)
{
    size_t scale;
    if (!read_number(text, &scale) || scale < SCALE_MIN || scale > SCALE_MAX)
        return false;
    r->view.scale = (int)scale;
    return true;
}

static bool read_theme(struct reading *r, const char *text)
{
    for (int i = 0; i < THEME_COUNT; i++)
        if (strcmp(theme_table[i].name, text) == 0) {
            r->view.theme = i;
            return true;
        }
    return false;
}

static bool read_tokens(struct reading *r, const char *text)
{
    r->view.columns = strcmp(text, "columns") == 0;
    return r->view.columns || strcmp(text, "rows") == 0;
}

static bool read_page(struct reading *r, const char *text)
{
    int i = 0;
    bool known = read_name(text, page_names, &i);
    r->view.page = (enum page)i;
    return known;
}

static bool read_panel(struct reading *r, const char *text)
{
    r->view.settings.on = strcmp(text, "settings") == 0;
    return r->view.settings.on || strcmp(text, "words") == 0;
}

static bool read_focus(struct reading *r, const char *text)
{
    struct knobs knobs;
    knobs_of(&knobs, r->walk->lesson, NULL, r->experiment);
    snprintf(r->view.settings.focus, KNOB_NAME, "%s", text);
    return knobs_find(&knobs, text) >= 0;
}

/* In the order they are printed and best read: a step before what lies in it. */
static const struct {
    const char *name;
    bool (*read)(struct reading *r, const char *text);
    const char *wanted, *meaning;
} fields[] = {
    {"at", read_at, "a step of the walk", "the step on the page, by its name: at=scores"},
    {"filled", read_filled, "how many of the step's cells are filled", "the step while its result is being filled"},
    {"stop", read_stop, "which of the step's stops, from 1", "where the script stops there more than once"},
    {"stride", read_stride, "stage, step, row or cell", "how far a key leads"},
    {"head", read_head, "a head, from 1", "the head looked at; 2! where the stop names another"},
    {"compare", read_compare, "yes, before or no", "with what the lesson is beside of, or with itself as written"},
    {"cell", read_cell, "STEP,HEAD,ROW,COLUMN, from 1", "the cell pointed at: cell=scores,1,5,2"},
    {"zoom", read_zoom, "ROW,ROWS,COLUMN,COLUMNS of the step",
     "the part shown: first row, how many, first column, how many"},
    {"word", read_word, "a word, from 1", "the word chosen on the page of heads and under the microscope"},
    {"words", read_words, "words, from 1: 2,5", "the words chosen besides"},
    {"lines", read_lines, "one or all", "whose lines are drawn: the head's, or those of all heads"},
    {"column", read_column, "a column of the output, from 1", "which one is taken apart into what the heads add"},
    {"temperature", read_temperature, "0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 4 or 10", "of the microscope"},
    {"factor", read_factor, "1, 10, 100 or 1000", "what the microscope takes the scores times"},
    {"maximum", read_maximum, "yes or no", "whether the microscope takes the row's largest off first"},
    {"pinned", read_pinned, "yes or no", "its arithmetic stays where it is"},
    {"unfolded", read_unfolded, "yes or no", "its arithmetic with every term"},
    {"motion", read_motion, "yes or no", "whether matrices move into their places"},
    {"read", read_read, "the first line of the words", "how far words too long for the page are scrolled"},
    {"speed", read_speed, "1 to 5", "of playing"},
    {"scale", read_scale, "a percentage, 70 to 250", "the size of everything drawn"},
    {"tokens", read_tokens, "rows or columns", "how a token stands; a cell's ROW,COLUMN are as on rows"},
    {"theme", read_theme, "light or dark", "the colours"},
    {"control", read_control, "CONTROL,ARGUMENT", "the control that keys have reached"},
    {"page", read_page, "walk, overview, lessons, keys, blank, heads or microscope", "what takes the page"},
    {"panel", read_panel, "words or settings", "what stands beside the matrices"},
    {"focus", read_focus, "a row of the settings", "the setting that keys turn: focus=mask.window"},
};

void state_explain(struct str *to)
{
    static const char row[] = "  %-9s %-40s %s\n";
    str_addf(to, row, "lesson", "a lesson's name, or a path", "what is walked; the others are about it");
    str_addf(to, row, "sentence", "words, in quotes", "in place of the lesson's: sentence=\"the dogs slept\"");
    str_addf(to, row, "weights", "as --weights has them", "in place of the lesson's");
    str_addf(to, row, "mechanism", "a mechanism's name", "in place of the lesson's");
    str_addf(to, row, "set", "KEY=VALUE", "a setting; as often as there are some");
    str_addf(to, row, "edit", "TENSOR,HEAD,ROW,COLUMN:NUMBER,...", "numbers of an input: edit=W_Q,1,3,2:0.5,-1");
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        str_addf(to, row, fields[i].name, fields[i].wanted, fields[i].meaning);
}

void state_print_view(const struct app *app, struct str *to)
{
    print_at(app, to);
    print_stride(app, to);
    print_head(app, to);
    str_add(to, compare_words[app->view.compare]); /* before the cell, which is then of another tape */
    print_cell(app, to);
    print_zoom(app, to);
    print_heads(app, to);
    print_flags(app, to);
    print_control(app, to);
}

void state_print_work(const struct app *app, struct str *to)
{
    struct str lesson = {0};
    word_print(&lesson, "lesson", str_text(&app->source.given));
    str_add(to, str_text(&lesson) + (lesson.n > 0)); /* no blank at the start */
    to->failed |= lesson.failed;
    str_finish(&lesson);
    experiment_print(&app->experiment, to);
    state_print_view(app, to);
}

void state_print_rest(const struct app *app, struct str *to)
{
    experiment_print(&app->experiment, to);
    state_print_view(app, to);
    print_screen(app, to);
}

void state_print(const struct app *app, struct str *to)
{
    state_print_work(app, to);
    print_screen(app, to);
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
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (strcmp(fields[i].name, key) != 0)
            continue;
        if (value && fields[i].read(r, value))
            return r->err;
        return qkv_errf(QKV_ERR_DOMAIN, "state: '%.60s%s%.60s': %s must be %s", key, value ? "=" : "",
                        value ? value : "", fields[i].name, fields[i].wanted);
    }
    return qkv_errf(QKV_ERR_DOMAIN, "state: unknown word '%.60s%s%.60s'", key, value ? "=" : "", value ? value : "");
}

/* What a line says about the lesson and what is changed in it: read first, wherever it stands. */
struct said {
    struct str lesson;
    struct experiment experiment;
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
        err = experiment_copy(&ret->experiment, &app->experiment);
    for (ret->word = 0; !err.code && word_next(&line, &word); ret->word += !err.code) {
        bool known = false;
        const char *value = take_apart(&word);
        if (word.failed)
            err = qkv_nomem("a state");
        else if (value && strcmp(word.v, "lesson") == 0) {
            str_clear(&ret->lesson);
            str_add(&ret->lesson, value);
        } else if (value) {
            err = experiment_read(&ret->experiment, word.v, value, &known);
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

/* The words about the place and the screen. `lenient`: what is not there in this walk is left out. */
static struct qkv_err read_view(struct reading *r, const char *line, bool lenient)
{
    struct str word = {0};
    struct qkv_err err = {0};
    for (r->word = 0; !err.code && word_next(&line, &word); r->word += !err.code) {
        const char *value = take_apart(&word);
        if (word.failed)
            err = qkv_nomem("a state");
        else if (!value || !state_is_of_work(word.v))
            err = read_field(r, str_text(&word), value);
        if (lenient && err.code != QKV_ERR_NOMEM)
            err = (struct qkv_err){0};
    }
    str_finish(&word);
    return err;
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
/* `baseline`, `experiment`: of the walk's lesson. */
static struct reading reading_init(const struct view *view, const struct walk *walk, const struct lesson *baseline,
                                   const struct experiment *experiment, bool screen)
{
    struct reading r = {.view = *view, .walk = walk, .baseline = baseline, .experiment = experiment, .stop = 1};
    r.view.against = NULL;
    r.view.cursor = (struct cursor){0};
    r.view.focus = r.view.tip = (struct control){0};
    r.view.field.on = false;
    r.view.head = 0;
    r.view.zoom = (struct zoom){0};
    r.view.heads = (struct heads_view){0};
    r.view.microscope = (struct microscope_view){0};
    r.view.compare = COMPARE_NONE;
    r.view.head_here = r.view.pinned = r.view.unfolded = r.view.playing = false;
    r.view.read_from = 0;
    r.view.page = PAGE_WALK;
    r.view.settings = (struct settings_panel){0};
    r.view.stride = STRIDE_STEP;
    if (screen) {
        r.view.motion = true;
        r.view.speed = SPEED_NORMAL;
        r.view.scale = SCALE_NORMAL;
        r.view.theme = THEME_LIGHT;
        r.view.columns = false;
    }
    return r;
}

static void show_reading(struct app *app, struct reading *r)
{
    const struct walk *walk = r->walk;
    struct view view = r->view;
    view.position = r->filled_given ? walk_filled(walk, r->at, r->filled) : walk_whole(walk, r->at) + (r->stop - 1);
    /* What belongs to the lesson that is shown now was not read from the line. */
    view.comparison = app->view.comparison;
    comparison_finish(&app->against);
    app->against = r->against;
    r->against = (struct comparison){0};
    view.against = app->against.step ? &app->against : NULL;
    view.baseline = app->view.baseline;
    view.before = app->view.before;
    view.moved = app->view.moved;
    view.flash = app->view.flash;
    view.working = app->view.working;
    view.progress = app->view.progress;
    app->view = view;
    app->hover = false;
    app->transition.on = false;
    app->dirty = true;
}

void state_return(struct app *app, const char *line)
{
    struct reading r = reading_init(&app->view, &app->walk, app->view.baseline, &app->experiment, false);
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
    *ret_shown = here && experiment_same(&said->experiment, &app->experiment);
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
        begins = job_begins(app, use, &source, &said.experiment);
    lesson_source_finish(&source);
    str_finish(&said.lesson);
    experiment_finish(&said.experiment);
    return begins;
}

/* The lesson that a line is about, when it is not the one that is on the screen. */
static struct qkv_err open_said(struct app *app, struct said *said, struct opened *ret)
{
    struct lesson_source source = {0};
    bool shown;
    struct qkv_err err = source_said(app, said, &source, &shown);
    if (!err.code && !shown)
        err = opened_again(ret, &source, &said->experiment, app, NULL);
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
    struct reading r = reading_init(&app->view, opens ? &other.walk : &app->walk, baseline,
                                    opens ? &other.experiment : &app->experiment, screen);
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
    experiment_finish(&said.experiment);
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
