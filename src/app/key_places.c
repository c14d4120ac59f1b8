/* key_places.c: keys that are read and printed by functions of their own: places in the walk, heads, cells, words, and the
 * part of a matrix that is shown. */
#include "app/keys.h"
#include "lesson/text/position.h"

#include <stdio.h>
#include <string.h>

enum { LISTED_MAX = 128, NAME_BYTES = 64 };

/* "there is no WHAT 'text' in WHERE; did you mean 'name'? There are: name, name"; where may be NULL. QKV_ERR_DOMAIN. */
static struct qkv_err no_such(const char *what, const char *text, const char *where, const char *const *names, size_t n)
{
    char all[NAMES_TEXT];
    struct hint hint = hint_near(text, names, n);
    return qkv_errf(QKV_ERR_DOMAIN, "there is no %s '%.40s'%s%.60s%s%s%s", what, text, where ? " in " : "",
                    where ? where : "", hint.text, hint.meant ? " There are: " : "",
                    hint.meant ? names_listed(names, n, all) : "");
}

/* "wants yes or no, not 'maybe'": the key's name goes before it. */
static struct qkv_err wants(const char *wanted, const char *text)
{
    return qkv_errf(QKV_ERR_SYNTAX, "wants %s, not '%.60s'", wanted, text);
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

/* `n` counts from 1 separated by commas. Returns what stands behind them; NULL: they are not there. */
static const char *read_counts(const char *text, size_t counts[], size_t n)
{
    char part[NAME_BYTES];
    for (size_t i = 0; i < n; i++)
        if (!next_part(&text, part) || !read_count(part, &counts[i]) || counts[i] < 1)
            return NULL;
    return text;
}

/* ---- the walk ---- */

struct qkv_err walk_step_named(const struct lesson *lesson, const char *name, size_t *ret)
{
    const struct tape *tape = &lesson->tape;
    const struct walk *walk = &lesson->walk;
    const char *names[LISTED_MAX];
    size_t n = 0;
    int at = walk_find(walk, tape_find(tape, name));
    *ret = (size_t)(at < 0 ? 0 : at);
    if (at >= 0)
        return (struct qkv_err){0};
    for (; n < walk->n && n < LISTED_MAX; n++)
        names[n] = tape->steps[walk->steps[n].step].spec.name;
    return no_such("step", name, lesson->name, names, n);
}

bool key_print_at(const struct view *v, struct str *to)
{
    str_add(to, v->lesson->tape.steps[v->walk->steps[view_place(v).at].step].spec.name);
    return true;
}

struct qkv_err key_read_at(struct reading *r, const char *text)
{
    size_t at;
    struct qkv_err err = walk_step_named(r->view.lesson, text, &at);
    if (!err.code)
        r->state.position = walk_whole(r->view.walk, at);
    return err;
}

bool key_print_filled(const struct view *v, struct str *to)
{
    struct place place = view_place(v);
    str_addf(to, "%zu", place.filled);
    return !place.whole;
}

struct qkv_err key_read_filled(struct reading *r, const char *text)
{
    size_t at = view_place(&r->view).at, filled;
    const struct walk_step *s = &r->view.walk->steps[at];
    if (!read_count(text, &filled) || filled > s->rows * s->cols)
        return qkv_errf(QKV_ERR_SYNTAX, "wants 0 to %zu, the cells of %s, not '%.60s'", s->rows * s->cols,
                        r->view.lesson->tape.steps[s->step].spec.name, text);
    r->state.position = walk_filled(r->view.walk, at, filled);
    return (struct qkv_err){0};
}

bool key_print_stop(const struct view *v, struct str *to)
{
    struct place place = view_place(v);
    size_t stop = v->state->position - walk_whole(v->walk, place.at);
    str_addf(to, "%zu", stop + 1);
    return place.whole && stop > 0;
}

struct qkv_err key_read_stop(struct reading *r, const char *text)
{
    struct place place = view_place(&r->view);
    const struct walk_step *s = &r->view.walk->steps[place.at];
    size_t stops = s->n_stops > 1 ? (size_t)s->n_stops : 1, stop;
    if (!read_count(text, &stop) || stop < 1 || stop > stops)
        return qkv_errf(QKV_ERR_SYNTAX, "wants 1 to %zu, as often as the script stops there, not '%.60s'", stops, text);
    if (place.whole)
        r->state.position = walk_whole(r->view.walk, place.at) + stop - 1;
    return (struct qkv_err){0};
}

/* ---- heads, cells and words ---- */

size_t lesson_head_count(const struct lesson *lesson)
{
    size_t heads = 1;
    for (size_t i = 0; i < lesson->tape.n; i++)
        if (lesson->tape.steps[i].value.axis[AXIS_HEAD].size > heads)
            heads = lesson->tape.steps[i].value.axis[AXIS_HEAD].size;
    return heads;
}

/* What is printed is a number: it comes before a label that is one. */
static struct qkv_err find_position(const struct axis *axis, size_t head, const char *what, const char *where,
                                    const char *text, size_t *ret)
{
    size_t number;
    const struct axis counted = {.size = axis->size};
    return axis_locate(read_count(text, &number) ? &counted : axis, head, what, where, text, ret);
}

/* One of so many heads, by its number or name. */
static struct qkv_err find_head(const struct lesson *lesson, size_t heads, const char *text, size_t *ret)
{
    const struct words *names = &lesson->head_names;
    const struct axis axis = {.size = heads, .labels = names->n >= heads ? names->v : NULL};
    return find_position(&axis, 0, "head", lesson->name, text, ret);
}

bool key_print_head(const struct view *v, struct str *to)
{
    str_addf(to, "%d%s", v->state->head + 1, v->state->head_here ? "!" : "");
    return v->state->head > 0 || v->state->head_here;
}

/* "2": the head looked at; "2!": chosen here, against what the stop names. */
struct qkv_err key_read_head(struct reading *r, const char *text)
{
    char name[NAME_BYTES];
    size_t n = strlen(text), head;
    bool here = n > 1 && text[n - 1] == '!';
    snprintf(name, sizeof name, "%.*s", (int)(n < sizeof name ? n : sizeof name - 1) - here, text);
    struct qkv_err err = find_head(r->view.lesson, lesson_head_count(r->view.lesson), name, &head);
    if (err.code)
        return err;
    r->state.head = (int)head;
    r->state.head_here = here;
    return err;
}

bool key_print_cell(const struct view *v, struct str *to)
{
    const struct cursor *c = &v->state->cursor;
    if (c->on)
        str_addf(to, "%s,%zu,%zu,%zu", view_tape(v)->steps[c->step].spec.name, c->head + 1, c->row + 1, c->col + 1);
    return c->on;
}

struct qkv_err key_read_cell(struct reading *r, const char *text)
{
    char part[4][NAME_BYTES];
    const char *rest = text, *names[LISTED_MAX];
    size_t n = 0;
    const struct tape *tape = view_tape(&r->view);
    while (n < 4 && next_part(&rest, part[n]))
        n++;
    if (n < 3 || *rest)
        return wants("STEP,ROW,COLUMN or STEP,HEAD,ROW,COLUMN", text);
    int step = tape_find(tape, part[0]);
    if (step < 0) {
        for (n = 0; n < tape->n && n < LISTED_MAX; n++)
            names[n] = tape->steps[n].spec.name;
        return no_such("step", part[0], NULL, names, n);
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
    const struct axis counted = {.size = n < WORDS_MAX ? n : WORDS_MAX};
    return find_position(read_count(text, &number) ? &counted : &step->value.axis[AXIS_ROW], 0, "word", step->spec.name,
                         text, ret);
}

struct qkv_err key_read_word(struct reading *r, const char *text)
{
    size_t word;
    struct qkv_err err = find_word(r, text, &word);
    if (!err.code)
        r->state.heads.word = word + 1;
    return err;
}

bool key_print_word(const struct view *v, struct str *to)
{
    str_addf(to, "%zu", v->state->heads.word);
    return v->state->heads.word > 0;
}

/* In the order of the sentence. */
bool key_print_words(const struct view *v, struct str *to)
{
    for (size_t i = 0; i < WORDS_MAX; i++)
        if (view_word_is_kept(v, i))
            str_addf(to, "%s%zu", to->n ? "," : "", i + 1);
    return to->n > 0;
}

struct qkv_err key_read_words(struct reading *r, const char *text)
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

bool key_print_zoom(const struct view *v, struct str *to)
{
    struct section rows, cols;
    zoom_of(v, -1, &rows, &cols);
    str_addf(to, "%zu,%zu,%zu,%zu", rows.from + 1, rows.n, cols.from + 1, cols.n);
    return zoom_is_on(v);
}

struct qkv_err key_read_zoom(struct reading *r, const char *text)
{
    size_t n[4];
    const struct step *step = &view_tape(&r->view)->steps[view_step(&r->view)];
    const struct axis *axis = step->value.axis;
    size_t rows = axis[AXIS_ROW].size, cols = axis[AXIS_COL].size;
    const char *end = read_counts(text, n, 4);
    if (!end || *end || n[1] > rows || n[0] > rows - n[1] + 1 || n[3] > cols || n[2] > cols - n[3] + 1)
        return qkv_errf(QKV_ERR_SYNTAX, "wants ROW,ROWS,COLUMN,COLUMNS within the %zu x %zu of %.60s, not '%.60s'",
                        rows, cols, step->spec.name, text);
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
    size_t n[3];
    const char *what = read_counts(text, n, 3);
    bool words = what && strcmp(what, "words") == 0;
    if (!what || (!words && strcmp(what, "others") != 0) || n[1] < ZOOM_LEAST || n[2] > TENSOR_SIDE_MAX ||
        n[2] <= n[1] || n[0] > n[2] - n[1] + 1)
        return wants("FIRST,HOW MANY,OF,words or others", text);
    *z = (struct zoom_axis){{n[0] - 1, n[1]}, n[2], words};
    return (struct qkv_err){0};
}

bool key_print_row_zoom(const struct view *v, struct str *to)
{
    return print_kept(v, &v->state->zoom.row, AXIS_ROW, to);
}

struct qkv_err key_read_row_zoom(struct reading *r, const char *text)
{
    return read_kept(&r->state.zoom.row, text);
}

bool key_print_col_zoom(const struct view *v, struct str *to)
{
    return print_kept(v, &v->state->zoom.col, AXIS_COL, to);
}

struct qkv_err key_read_col_zoom(struct reading *r, const char *text)
{
    return read_kept(&r->state.zoom.col, text);
}

/* ---- the rest of the page ---- */

/* Steps are of the comparison's tape from here on. */
struct qkv_err key_read_compare(struct reading *r, const char *text)
{
    (void)text;
    if (r->state.compare != COMPARE_BEFORE || r->view.baseline_comparison)
        return (struct qkv_err){0};
    const struct other other = {r->view.baseline ? &r->view.baseline->tape : NULL, NULL, "", ""};
    struct qkv_err err = comparison_init(&r->before, r->view.lesson, &other);
    r->view.baseline_comparison = r->before.step ? &r->before : NULL;
    if (!r->view.baseline_comparison)
        r->state.compare = COMPARE_BY_STOP;
    if (err.code || r->view.baseline_comparison)
        return err;
    return qkv_errf(QKV_ERR_DOMAIN, "nothing is changed in the lesson that 'before' could be compared with");
}

bool key_print_focus(const struct view *v, struct str *to)
{
    struct controls controls;
    size_t row = v->state->settings.on ? view_controls(v, &controls) : 0;
    str_add(to, row > 0 ? controls.v[row].name : "");
    return row > 0;
}

struct qkv_err key_read_focus(struct reading *r, const char *text)
{
    struct controls controls;
    const char *names[CONTROLS_MAX];
    controls_of(&controls, r->view.lesson, NULL, r->state.columns);
    for (size_t i = 0; i < controls.n; i++)
        names[i] = controls.v[i].name;
    if (controls_find(&controls, text) < 0)
        return no_such("row of the settings", text, NULL, names, controls.n);
    snprintf(r->state.settings.focus, CONTROL_NAME, "%s", text);
    return (struct qkv_err){0};
}

bool key_print_control(const struct view *v, struct str *to)
{
    if (v->focus.on)
        str_addf(to, "%s,%d", v->command(v->focus.command)->name, v->focus.argument);
    return v->focus.on;
}

/* "stage,3": the control that sends this. */
struct qkv_err key_read_control(struct reading *r, const char *text)
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
    return no_such("control", name, NULL, names, CMD_COUNT);
}
