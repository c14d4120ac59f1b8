/* keys.c: the table of keys: how each is read and printed. */
#include "app/keys.h"

#include "lesson/fields.h"

#include <stdio.h>
#include <string.h>

enum { LISTED_MAX = 128, NAME_BYTES = 64 };

/* "there is no WHAT 'text'WHERE; did you mean 'name'? There are: name, name". QKV_ERR_DOMAIN. */
static struct qkv_err no_such(const char *what, const char *text, const char *where, const char *const *names, size_t n)
{
    char all[NAMES_TEXT];
    struct hint hint = hint_near(text, names, n);
    return qkv_errf(QKV_ERR_DOMAIN, "there is no %s '%.40s'%s%s%s%s", what, text, where, hint.text,
                    hint.meant ? " There are: " : "", hint.meant ? names_listed(names, n, all) : "");
}

/* "wants yes or no, not 'maybe'": the key's name goes before it. */
static struct qkv_err wants(const char *wanted, const char *text)
{
    return qkv_errf(QKV_ERR_SYNTAX, "wants %s, not '%.60s'", wanted, text);
}

/* Digits only, so that a number is written in one way. */
static bool read_count(const char *text, size_t *ret)
{
    size_t n = 0;
    const char *p = text;
    for (; *p >= '0' && *p <= '9' && n <= 100000000; p++)
        n = n * 10 + (size_t)(*p - '0');
    *ret = n;
    return p > text && !*p;
}

/* The next part of "a,b,c" into part[]; false: there is none, or it is too long. */
static bool next_part(const char **text, char part[NAME_BYTES])
{
    size_t n = strcspn(*text, ",");
    if (!n || n >= NAME_BYTES)
        return false;
    memcpy(part, *text, n);
    part[n] = '\0';
    *text += n + ((*text)[n] == ',');
    return true;
}

/* `n` counts from 1 separated by commas, and nothing else. */
static bool read_counts(const char *text, size_t counts[], size_t n)
{
    char part[NAME_BYTES];
    for (size_t i = 0; i < n; i++)
        if (!next_part(&text, part) || !read_count(part, &counts[i]) || counts[i] < 1)
            return false;
    return *text == '\0';
}

/* ---- the walk ---- */

struct qkv_err walk_step_named(const struct lesson *lesson, const char *name, size_t *ret)
{
    const struct tape *tape = &lesson->tape;
    const struct walk *walk = &lesson->walk;
    const char *names[LISTED_MAX];
    char where[NAME_BYTES + 8];
    size_t n = 0;
    int at = walk_find(walk, tape_find(tape, name));
    *ret = (size_t)(at < 0 ? 0 : at);
    if (at >= 0)
        return (struct qkv_err){0};
    for (size_t i = 0; i < walk->n && n < LISTED_MAX; i++)
        names[n++] = tape->steps[walk->steps[i].step].spec.name;
    snprintf(where, sizeof where, " in %.60s", lesson->name);
    return no_such("step", name, where, names, n);
}

static bool print_at(const struct view *v, struct str *to)
{
    struct place place = walk_place(v->walk, v->state->position);
    str_add(to, v->lesson->tape.steps[v->walk->steps[place.at].step].spec.name);
    return true;
}

static struct qkv_err read_at(struct reading *r, const char *text)
{
    return walk_step_named(r->view.lesson, text, &r->at);
}

static bool print_filled(const struct view *v, struct str *to)
{
    struct place place = walk_place(v->walk, v->state->position);
    str_addf(to, "%zu", place.filled);
    return !place.whole;
}

static struct qkv_err read_filled(struct reading *r, const char *text)
{
    const struct walk_step *s = &r->view.walk->steps[r->at];
    const char *name = r->view.lesson->tape.steps[s->step].spec.name;
    r->filling = read_count(text, &r->filled) && r->filled <= s->rows * s->cols;
    if (r->filling)
        return (struct qkv_err){0};
    return qkv_errf(QKV_ERR_SYNTAX, "wants 0 to %zu, the cells of %s, not '%.60s'", s->rows * s->cols, name, text);
}

static bool print_stop(const struct view *v, struct str *to)
{
    struct place place = walk_place(v->walk, v->state->position);
    size_t stop = v->state->position - walk_whole(v->walk, place.at);
    str_addf(to, "%zu", stop + 1);
    return place.whole && stop > 0;
}

static struct qkv_err read_stop(struct reading *r, const char *text)
{
    const struct walk_step *s = &r->view.walk->steps[r->at];
    size_t stops = s->n_stops > 1 ? (size_t)s->n_stops : 1, stop;
    if (read_count(text, &stop) && stop >= 1 && stop <= stops) {
        r->stop = stop;
        return (struct qkv_err){0};
    }
    return qkv_errf(QKV_ERR_SYNTAX, "wants 1 to %zu, as often as the script stops there, not '%.60s'", stops, text);
}

/* ---- heads, cells and words ---- */

static size_t head_count(const struct lesson *lesson)
{
    size_t heads = 1;
    for (size_t i = 0; i < lesson->tape.n; i++)
        if (lesson->tape.steps[i].value.axis[AXIS_HEAD].size > heads)
            heads = lesson->tape.steps[i].value.axis[AXIS_HEAD].size;
    return heads;
}

/* A head by its number, from 1, or its name; *ret from 0. */
static struct qkv_err find_head(const struct lesson *lesson, size_t heads, const char *text, size_t *ret)
{
    const struct words *names = &lesson->head_names;
    for (size_t i = 0; i < names->n && i < heads; i++)
        if (strcmp(names->v[i], text) == 0) {
            *ret = i;
            return (struct qkv_err){0};
        }
    if (read_count(text, ret) && *ret >= 1 && *ret <= heads) {
        --*ret;
        return (struct qkv_err){0};
    }
    if (names->n && !read_count(text, ret))
        return no_such("head", text, "", names->v, names->n);
    return qkv_errf(QKV_ERR_DOMAIN, "there is no head %s: there %s %zu", text, heads == 1 ? "is" : "are", heads);
}

static bool print_head(const struct view *v, struct str *to)
{
    str_addf(to, "%d%s", v->state->head + 1, v->state->head_here ? "!" : "");
    return v->state->head > 0 || v->state->head_here;
}

/* "2": the head looked at; "2!": chosen here, against what the stop names. */
static struct qkv_err read_head(struct reading *r, const char *text)
{
    char name[NAME_BYTES];
    size_t n = strlen(text), head;
    bool here = n > 1 && text[n - 1] == '!';
    snprintf(name, sizeof name, "%.*s", (int)(n < sizeof name ? n : sizeof name - 1) - here, text);
    struct qkv_err err = find_head(r->view.lesson, head_count(r->view.lesson), name, &head);
    if (err.code)
        return err;
    r->state.head = (int)head;
    r->state.head_here = here;
    return err;
}

/* The tape that is looked at: the walk's, or that of its comparison. */
static const struct tape *tape_shown(const struct reading *r, int *ret_step)
{
    const struct comparison *c = view_comparison(&r->view);
    bool comparing = c && c->step[r->at] >= 0;
    *ret_step = comparing ? c->step[r->at] : r->view.walk->steps[r->at].step;
    return comparing ? &c->tape : &r->view.lesson->tape;
}

/* A position on an axis by its number from 1 or its label; *ret from 0. What is printed is a number: it comes first. */
static struct qkv_err find_position(const struct axis *axis, size_t head, const char *what, const char *step,
                                    const char *text, size_t *ret)
{
    const char *names[LISTED_MAX];
    char where[NAME_BYTES + 8];
    size_t n = 0, number;
    bool counted = read_count(text, &number);
    long at = counted ? (long)number - 1 : axis_find(axis, head, text);
    *ret = (size_t)at;
    if (at >= 0 && (size_t)at < axis->size)
        return (struct qkv_err){0};
    if (counted)
        return qkv_errf(QKV_ERR_DOMAIN, "there is no %s %s: %.60s has %ss 1 to %zu", what, text, step, what,
                        axis->size);
    for (; axis->labels && n < axis->size && n < LISTED_MAX; n++)
        names[n] = axis_label(axis, head, n);
    snprintf(where, sizeof where, " in %.60s", step);
    if (n)
        return no_such(what, text, where, names, n);
    return qkv_errf(QKV_ERR_DOMAIN, "the %ss of %.60s have no names: 1 to %zu, not '%.60s'", what, step, axis->size,
                    text);
}

static bool print_cell(const struct view *v, struct str *to)
{
    const struct cursor *c = &v->state->cursor;
    if (c->on)
        str_addf(to, "%s,%zu,%zu,%zu", view_tape(v)->steps[c->step].spec.name, c->head + 1, c->row + 1, c->col + 1);
    return c->on;
}

static struct qkv_err read_cell(struct reading *r, const char *text)
{
    char part[4][NAME_BYTES];
    const char *rest = text, *names[LISTED_MAX];
    size_t n = 0, listed = 0;
    int here;
    const struct tape *tape = tape_shown(r, &here);
    while (n < 4 && next_part(&rest, part[n]))
        n++;
    if (n < 3 || *rest)
        return wants("STEP,ROW,COLUMN or STEP,HEAD,ROW,COLUMN", text);
    int step = tape_find(tape, part[0]);
    if (step < 0) {
        for (size_t i = 0; i < tape->n && listed < LISTED_MAX; i++)
            names[listed++] = tape->steps[i].spec.name;
        return no_such("step", part[0], "", names, listed);
    }
    const struct axis *axis = tape->steps[step].value.axis;
    struct cursor cell = {.on = true, .step = step};
    struct qkv_err err = {0};
    if (n == 4)
        err = find_head(r->view.lesson, axis[AXIS_HEAD].size, part[1], &cell.head);
    else
        cell.head = (size_t)r->state.head < axis[AXIS_HEAD].size ? (size_t)r->state.head : 0;
    if (!err.code)
        err = find_position(&axis[AXIS_ROW], cell.head, "row", part[0], part[n - 2], &cell.row);
    if (!err.code)
        err = find_position(&axis[AXIS_COL], cell.head, "column", part[0], part[n - 1], &cell.col);
    if (!err.code)
        r->state.cursor = cell;
    return err;
}

/* The words that can be chosen: the rows of the step on the page of heads, else of the step of the walk with the
 * most. */
static const struct step *step_of_words(const struct reading *r, size_t *ret_n)
{
    const struct step *steps = r->view.lesson->tape.steps, *most = &steps[r->view.walk->steps[0].step];
    for (size_t i = 0; i < r->view.walk->n; i++)
        if (steps[r->view.walk->steps[i].step].value.axis[AXIS_ROW].size > most->value.axis[AXIS_ROW].size)
            most = &steps[r->view.walk->steps[i].step];
    int heads = view_heads_step(&r->view);
    *ret_n = most->value.axis[AXIS_ROW].size;
    return heads < 0 ? most : &steps[heads];
}

static struct qkv_err find_word(const struct reading *r, const char *text, size_t *ret)
{
    size_t n, number;
    const struct step *step = step_of_words(r, &n);
    if (!read_count(text, &number))
        return find_position(&step->value.axis[AXIS_ROW], 0, "word", step->spec.name, text, ret);
    *ret = number - 1;
    if (number >= 1 && number <= n && number <= WORDS_MAX)
        return (struct qkv_err){0};
    return qkv_errf(QKV_ERR_DOMAIN, "there is no word %s: there are words 1 to %zu", text, n);
}

static struct qkv_err read_word(struct reading *r, const char *text)
{
    size_t word;
    struct qkv_err err = find_word(r, text, &word);
    if (!err.code)
        r->state.heads.word = word + 1;
    return err;
}

static bool print_word(const struct view *v, struct str *to)
{
    str_addf(to, "%zu", v->state->heads.word);
    return v->state->heads.word > 0;
}

/* In the order of the sentence. */
static bool print_words(const struct view *v, struct str *to)
{
    for (size_t i = 0; i < WORDS_MAX; i++)
        if (view_word_is_kept(v, i))
            str_addf(to, "%s%zu", to->n ? "," : "", i + 1);
    return to->n > 0;
}

static struct qkv_err read_words(struct reading *r, const char *text)
{
    char part[NAME_BYTES];
    size_t word;
    uint64_t kept[WORDS_MAX / 64] = {0};
    while (next_part(&text, part)) {
        struct qkv_err err = find_word(r, part, &word);
        if (err.code)
            return err;
        kept[word / 64] |= (uint64_t)1 << word % 64;
    }
    memcpy(r->state.heads.chosen, kept, sizeof kept);
    return *text ? wants("words, with commas between", text) : (struct qkv_err){0};
}

/* ---- the part that is shown of a large matrix ---- */

static bool print_zoom(const struct view *v, struct str *to)
{
    struct section rows, cols;
    zoom_of(v, -1, &rows, &cols);
    str_addf(to, "%zu,%zu,%zu,%zu", rows.from + 1, rows.n, cols.from + 1, cols.n);
    return zoom_is_on(v);
}

static struct qkv_err read_zoom(struct reading *r, const char *text)
{
    size_t n[4];
    int step;
    const struct tape *tape = tape_shown(r, &step);
    const struct axis *axis = tape->steps[step].value.axis;
    size_t rows = axis[AXIS_ROW].size, cols = axis[AXIS_COL].size;
    if (!read_counts(text, n, 4) || n[1] > rows || n[0] > rows - n[1] + 1 || n[3] > cols || n[2] > cols - n[3] + 1)
        return qkv_errf(QKV_ERR_SYNTAX, "wants ROW,ROWS,COLUMN,COLUMNS within the %zu x %zu of %.60s, not '%.60s'",
                        rows, cols, tape->steps[step].spec.name, text);
    r->state.zoom.row = zoom_axis_of((struct section){n[0] - 1, n[1]}, &axis[AXIS_ROW]);
    r->state.zoom.col = zoom_axis_of((struct section){n[2] - 1, n[3]}, &axis[AXIS_COL]);
    return (struct qkv_err){0};
}

/* "3,8,12,words": what is kept from another step and holds for operands, where the result is as long as it is. */
static bool print_kept(const struct view *v, const struct zoom_axis *z, int axis, struct str *to)
{
    str_addf(to, "%zu,%zu,%zu,%s", z->shown.from + 1, z->shown.n, z->of, z->words ? "words" : "others");
    return z->shown.n > 0 && !zoom_runs_along(z, &view_tape(v)->steps[view_step(v)].value.axis[axis]);
}

static struct qkv_err read_kept(struct zoom_axis *z, const char *text)
{
    const char *last = strrchr(text, ',');
    char counts[NAME_BYTES];
    size_t n[3];
    snprintf(counts, sizeof counts, "%.*s", last ? (int)(last - text) : 0, text);
    bool words = last && strcmp(last, ",words") == 0;
    if (!last || (!words && strcmp(last, ",others") != 0) || !read_counts(counts, n, 3) || n[1] < ZOOM_LEAST ||
        n[2] > TENSOR_SIDE_MAX || n[2] <= n[1] || n[0] > n[2] - n[1] + 1)
        return wants("FIRST,HOW MANY,OF,words or others", text);
    *z = (struct zoom_axis){{n[0] - 1, n[1]}, n[2], words};
    return (struct qkv_err){0};
}

static bool print_row_zoom(const struct view *v, struct str *to)
{
    return print_kept(v, &v->state->zoom.row, AXIS_ROW, to);
}

static struct qkv_err read_row_zoom(struct reading *r, const char *text)
{
    return read_kept(&r->state.zoom.row, text);
}

static bool print_col_zoom(const struct view *v, struct str *to)
{
    return print_kept(v, &v->state->zoom.col, AXIS_COL, to);
}

static struct qkv_err read_col_zoom(struct reading *r, const char *text)
{
    return read_kept(&r->state.zoom.col, text);
}

/* ---- the rest of the page ---- */

/* Steps are of the comparison's tape from here on. */
static struct qkv_err read_compare(struct reading *r, const char *text)
{
    (void)text;
    if (r->state.compare != COMPARE_BEFORE || r->view.baseline_comparison)
        return (struct qkv_err){0};
    const struct other other = {r->view.baseline ? &r->view.baseline->tape : NULL, "", "", -1, -1};
    struct qkv_err err = comparison_init(&r->before, r->view.lesson, &other);
    r->view.baseline_comparison = r->before.step ? &r->before : NULL;
    if (!r->view.baseline_comparison)
        r->state.compare = COMPARE_NONE;
    if (err.code || r->view.baseline_comparison)
        return err;
    return qkv_errf(QKV_ERR_DOMAIN, "nothing is changed in the lesson that 'before' could be compared with");
}

static bool print_focus(const struct view *v, struct str *to)
{
    struct controls controls;
    size_t row = v->state->settings.on ? view_controls(v, &controls) : 0;
    str_add(to, row > 0 ? controls.v[row].name : "");
    return row > 0;
}

static struct qkv_err read_focus(struct reading *r, const char *text)
{
    struct controls controls;
    const char *names[CONTROLS_MAX];
    controls_of(&controls, r->view.lesson, NULL);
    for (size_t i = 0; i < controls.n; i++)
        names[i] = controls.v[i].name;
    if (controls_find(&controls, text) < 0)
        return no_such("row of the settings", text, "", names, controls.n);
    snprintf(r->state.settings.focus, CONTROL_NAME, "%s", text);
    return (struct qkv_err){0};
}

static bool print_control(const struct view *v, struct str *to)
{
    if (v->focus.on)
        str_addf(to, "%s,%d", v->command(v->focus.command)->name, v->focus.argument);
    return v->focus.on;
}

/* "stage,3": the control that sends this. */
static struct qkv_err read_control(struct reading *r, const char *text)
{
    char name[NAME_BYTES];
    const char *rest = text, *names[CMD_COUNT];
    long argument;
    if (!next_part(&rest, name) || !text_is_whole(rest, &argument) || argument != (int)argument)
        return wants("CONTROL,ARGUMENT", text);
    for (int c = 0; c < CMD_COUNT; c++) {
        names[c] = r->view.command(c)->name;
        if (strcmp(names[c], name) == 0) {
            r->view.focus = (struct widget){true, c, (int)argument};
            return (struct qkv_err){0};
        }
    }
    return no_such("control", name, "", names, CMD_COUNT);
}

/* ---- the table ---- */

static const char *const no_yes[] = {"no", "yes", NULL}, *const yes_no[] = {"yes", "no", NULL},
                         *const one_all[] = {"one", "all", NULL}, *const panels[] = {"words", "settings", NULL},
                         *const token_axes[] = {"rows", "columns", NULL}, *const themes[] = {"light", "dark", NULL},
                         *const compares[] = {"no", "yes", "before", NULL},
                         *const factors[] = {"1", "10", "100", "1000", NULL}, *const temperatures[] = {"0.1", "0.25",
                                                                                                       "0.5", "0.75",
                                                                                                       "1",   "1.5",
                                                                                                       "2",   "4",
                                                                                                       "10",  NULL};
#define NAMES(array) (sizeof array / sizeof array[0] - 1)
_Static_assert(NAMES(themes) == THEME_COUNT, "a theme has no name");
_Static_assert(NAMES(factors) == FACTOR_COUNT, "a factor has no name");
_Static_assert(NAMES(temperatures) == TEMPERATURE_COUNT, "a temperature has no name");

const struct view_state view_state_default = {
    .stride = STRIDE_STEP, .speed = SPEED_NORMAL, .motion = true, .scale = SCALE_NORMAL, .theme = THEME_LIGHT};

#define STATE(field)  .offset = offsetof(struct view_state, field), .bytes = sizeof view_state_default.field
#define PLACE(name)   name, KEYS_PLACE
#define SCREEN(name)  name, KEYS_SCREEN
#define OWN(function) .print = print_##function, .read = read_##function

const struct key key_table[] = {
    {.name = "lesson",
     .group = KEYS_DOCUMENT,
     .wanted = "a lesson's name, or a path",
     .meaning = "what is walked; the others are about it"},
    {"sentence", KEYS_DOCUMENT, "words, in quotes", "in place of the lesson's: sentence=\"the dogs slept\"",
     .replace = overrides_set_sentence, .offset = offsetof(struct overrides, sentence)},
    {"weights", KEYS_DOCUMENT, "as --weights has them", "in place of the lesson's", .replace = overrides_set_weights,
     .offset = offsetof(struct overrides, weights)},
    {"mechanism", KEYS_DOCUMENT, "a mechanism's name", "in place of the lesson's", .replace = overrides_set_mechanism,
     .offset = offsetof(struct overrides, mechanism)},
    {"set", KEYS_DOCUMENT, "KEY=VALUE", "a setting; as often as there are some", .repeats = true},
    {"edit", KEYS_DOCUMENT, "TENSOR,HEAD,ROW,COLUMN:NUMBER,...", "numbers of an input: edit=W_Q,1,3,2:0.5,-1",
     .repeats = true},

    /* Which step of which tape is on the page comes before what lies in it. */
    {PLACE("at"), "a step of the walk", "the step on the page, by its name: at=scores", OWN(at)},
    {PLACE("compare"), NULL, "with what the lesson is beside of, or with itself as written", STATE(compare),
     .names = compares, .read = read_compare},
    {PLACE("filled"), "how many of the step's cells are filled", "the step while its result is being filled",
     OWN(filled)},
    {PLACE("stop"), "which of the step's stops, from 1", "where the script stops there more than once", OWN(stop)},
    {PLACE("stride"), NULL, "how far a key leads", STATE(stride), .names = stride_names},
    {PLACE("head"), "a head, by number or name", "the head looked at; 2! where the stop names another", OWN(head)},
    {PLACE("cell"), "STEP,HEAD,ROW,COLUMN, from 1", "the cell pointed at: cell=scores,1,5,2 or cell=scores,it,the#2",
     OWN(cell)},
    {PLACE("zoom"), "ROW,ROWS,COLUMN,COLUMNS of the step",
     "the part shown: first row, how many, first column, how many", OWN(zoom)},
    {PLACE("row-zoom"), "FIRST,HOW MANY,OF,words or others",
     "the part of rows of other matrices that long, kept from a step before", OWN(row_zoom)},
    {PLACE("col-zoom"), "FIRST,HOW MANY,OF,words or others", "the same of columns", OWN(col_zoom)},
    {PLACE("pinned"), NULL, "its arithmetic stays where it is", STATE(pinned), .names = no_yes},
    {PLACE("unfolded"), NULL, "its arithmetic with every term", STATE(unfolded), .names = no_yes},
    {PLACE("read"), NULL, "how far words too long for the page are scrolled: their first line", STATE(read_from),
     .most = TENSOR_SIDE_MAX},
    {PLACE("word"), "a word, or its number from 1", "the word chosen on the page of heads and under the microscope",
     OWN(word)},
    {PLACE("words"), "words, or their numbers: 2,5", "the words chosen besides", OWN(words)},
    {PLACE("lines"), NULL, "whose lines are drawn: the head's, or those of all heads", STATE(heads.all),
     .names = one_all},
    {PLACE("column"), NULL, "the column of the output that is taken apart into what the heads add", STATE(heads.column),
     .shift = 1, .most = TENSOR_SIDE_MAX},
    {PLACE("temperature"), NULL, "of the microscope", STATE(microscope.temperature_offset), .names = temperatures,
     .shift = TEMPERATURE_NORMAL},
    {PLACE("factor"), NULL, "what the microscope takes the scores times", STATE(microscope.factor), .names = factors},
    {PLACE("maximum"), NULL, "whether the microscope takes the row's largest off first", STATE(microscope.raw),
     .names = yes_no},
    {PLACE("page"), NULL, "what takes the page", STATE(page), .names = page_names},
    {PLACE("panel"), NULL, "what stands beside the matrices", STATE(settings.on), .names = panels},
    {PLACE("focus"), "a row of the settings", "the setting that keys turn: focus=mask.window", OWN(focus)},
    {PLACE("control"), "CONTROL,ARGUMENT", "the control that keys have reached", OWN(control)},

    {SCREEN("motion"), NULL, "whether matrices move into their places", STATE(motion), .names = no_yes},
    {SCREEN("speed"), NULL, "of playing", STATE(speed), .shift = 1, .most = SPEED_COUNT},
    {SCREEN("scale"), NULL, "the size of everything drawn, in percent", STATE(scale), .least = SCALE_MIN,
     .most = SCALE_MAX},
    {SCREEN("tokens"), NULL, "how a token stands; a cell's ROW,COLUMN are as on rows", STATE(columns),
     .names = token_axes},
    {SCREEN("theme"), NULL, "the colours", STATE(theme), .names = themes},
};
_Static_assert(sizeof key_table / sizeof key_table[0] == KEY_COUNT, "KEY_COUNT is the number of rows");

/* "light or dark", "1 to 5" */
static void add_wanted(const struct key *k, struct str *to)
{
    if (k->wanted)
        str_add(to, k->wanted);
    else if (!k->names)
        str_addf(to, "%ld to %ld", k->least > k->shift ? k->least : k->shift, k->most);
    for (size_t i = 0; !k->wanted && k->names && k->names[i]; i++)
        str_addf(to, "%s%s", i == 0 ? "" : k->names[i + 1] ? ", " : " or ", k->names[i]);
}

void keys_explain(struct str *to)
{
    struct str wanted = {0};
    for (size_t i = 0; i < KEY_COUNT; i++) {
        str_clear(&wanted);
        add_wanted(&key_table[i], &wanted);
        str_addf(to, "  %-11s %-40s %s\n", key_table[i].name, str_text(&wanted), key_table[i].meaning);
    }
    str_finish(&wanted);
}

int key_find(const char *name)
{
    for (int i = 0; i < KEY_COUNT; i++)
        if (strcmp(key_table[i].name, name) == 0)
            return i;
    return -1;
}

/* ---- fields of the view state ---- */

static long get(const struct key *k, const struct view_state *state)
{
    const char *field = (const char *)state + k->offset;
    size_t whole = 0;
    int number = 0;
    if (k->bytes == sizeof(bool))
        return *(const bool *)field;
    if (k->bytes == sizeof(size_t))
        return memcpy(&whole, field, sizeof whole), (long)whole;
    return memcpy(&number, field, sizeof number), number;
}

static void put(const struct key *k, struct view_state *state, long value)
{
    char *field = (char *)state + k->offset;
    size_t whole = (size_t)value;
    int number = (int)value;
    if (k->bytes == sizeof(bool))
        *(bool *)field = value;
    else
        memcpy(field, k->bytes == sizeof whole ? (void *)&whole : (void *)&number, k->bytes);
}

struct qkv_err key_read_field(const struct key *k, const char *text, struct view_state *ret)
{
    size_t number;
    for (int i = 0; k->names && k->names[i]; i++)
        if (strcmp(k->names[i], text) == 0) {
            put(k, ret, i - k->shift);
            return (struct qkv_err){0};
        }
    if (!k->names && read_count(text, &number) && (long)number <= k->most && (long)number >= k->shift &&
        (long)number >= k->least) {
        put(k, ret, (long)number - k->shift);
        return (struct qkv_err){0};
    }
    struct str wanted = {0};
    size_t n = 0;
    while (k->names && k->names[n])
        n++;
    add_wanted(k, &wanted);
    struct hint near = hint_near(text, k->names, n);
    struct qkv_err err =
        qkv_errf(QKV_ERR_SYNTAX, "wants %s, not '%.60s'%s", str_text(&wanted), text, near.meant ? near.text : "");
    str_finish(&wanted);
    return err;
}

struct qkv_err key_read(const struct key *k, struct reading *r, const char *text)
{
    struct qkv_err err = k->bytes ? key_read_field(k, text, &r->state) : (struct qkv_err){0};
    return !err.code && k->read ? k->read(r, text) : err;
}

bool key_print(const struct key *k, const struct view *view, struct str *to)
{
    if (k->print)
        return k->print(view, to);
    if (k->replace) {
        const char *text = *(const char *const *)(const void *)((const char *)view->overrides + k->offset);
        str_add(to, text ? text : "");
        return text != NULL;
    }
    long value = k->bytes ? get(k, view->state) : 0;
    if (!k->bytes || value == get(k, &view_state_default))
        return false;
    if (k->names)
        str_add(to, k->names[value + k->shift]);
    else
        str_addf(to, "%ld", value + k->shift);
    return true;
}
