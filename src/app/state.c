/* state.c: what is on the screen as one line of "key=value" words, and back. */
#include "app/app.h"

#include "scene/zoom.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The line while it is read: nothing of the app changes before all of it is understood. */
struct reading {
    struct view view;
    const struct walk *walk;
    size_t at, filled, stop;
    bool filled_given;
};

static const char *const page_names[] = {"walk", "overview", "lessons", "keys", "blank", NULL};
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
    const struct comparison *c = r->view.comparison;
    bool comparing = r->view.compare && c && c->step[r->at] >= 0;
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
    const struct comparison *c = r->view.comparison;
    const struct tape *tape = r->view.compare && c && c->step[r->at] >= 0 ? &c->tape : &r->walk->lesson->tape;
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

static void print_flags(const struct app *app, struct str *to)
{
    const struct view *v = &app->view;
    str_add(to, v->pinned ? " pinned=yes" : "");
    str_add(to, v->unfolded ? " unfolded=yes" : "");
    str_add(to, v->compare ? " compare=yes" : "");
    str_add(to, v->motion ? "" : " motion=no");
    if (v->read_from > 0)
        str_addf(to, " read=%zu", v->read_from);
    if (v->speed != SPEED_NORMAL)
        str_addf(to, " speed=%d", v->speed + 1);
    if (v->scale != SCALE_NORMAL)
        str_addf(to, " scale=%d", v->scale);
    if (v->theme != THEME_LIGHT)
        str_addf(to, " theme=%s", theme_table[v->theme].name);
    if (v->page != PAGE_WALK)
        str_addf(to, " page=%s", page_names[v->page]);
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

static bool read_compare(struct reading *r, const char *text)
{
    return read_flag(text, &r->view.compare);
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

static bool read_page(struct reading *r, const char *text)
{
    int i = 0;
    bool known = read_name(text, page_names, &i);
    r->view.page = (enum page)i;
    return known;
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
    {"compare", read_compare, "yes or no", "the lesson and what it is beside of, with their difference"},
    {"cell", read_cell, "STEP,HEAD,ROW,COLUMN, from 1", "the cell pointed at: cell=scores,1,5,2"},
    {"zoom", read_zoom, "ROW,ROWS,COLUMN,COLUMNS of the step",
     "the part shown: first row, how many, first column, how many"},
    {"pinned", read_pinned, "yes or no", "its arithmetic stays where it is"},
    {"unfolded", read_unfolded, "yes or no", "its arithmetic with every term"},
    {"motion", read_motion, "yes or no", "whether matrices move into their places"},
    {"read", read_read, "the first line of the words", "how far words too long for the page are scrolled"},
    {"speed", read_speed, "1 to 5", "of playing"},
    {"scale", read_scale, "a percentage, 70 to 250", "the size of everything drawn"},
    {"theme", read_theme, "light or dark", "the colours"},
    {"page", read_page, "walk, overview, lessons, keys or blank", "what takes the page"},
};

void state_explain(struct str *to)
{
    static const char row[] = "  %-9s %-40s %s\n";
    str_addf(to, row, "lesson", "a lesson's name, or a path", "the first word, where it is another lesson");
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        str_addf(to, row, fields[i].name, fields[i].wanted, fields[i].meaning);
}

void state_print(const struct app *app, struct str *to)
{
    str_addf(to, "lesson=%s", app->lesson.name);
    print_at(app, to);
    print_stride(app, to);
    print_head(app, to);
    print_cell(app, to);
    print_zoom(app, to);
    print_flags(app, to);
}

static struct qkv_err read_word(struct reading *r, const char *word)
{
    const char *equals = strchr(word, '=');
    size_t n = equals ? (size_t)(equals - word) : strlen(word);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (strlen(fields[i].name) != n || strncmp(fields[i].name, word, n) != 0)
            continue;
        if (equals && fields[i].read(r, equals + 1))
            return (struct qkv_err){0};
        return qkv_errf(QKV_ERR_DOMAIN, "state: '%s': %s must be %s", word, fields[i].name, fields[i].wanted);
    }
    return qkv_errf(QKV_ERR_DOMAIN, "state: unknown word '%s'", word);
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

/* The next blank-separated word of *line into `word`; false at the end. */
static bool next_word(const char **line, char word[128])
{
    *line += strspn(*line, " \t\n");
    size_t n = strcspn(*line, " \t\n");
    snprintf(word, 128, "%.*s", (int)n, *line);
    *line += n;
    return n > 0;
}

struct qkv_err state_apply(struct app *app, const char *line)
{
    char word[128];
    const char *rest = line;
    struct opened other = {0}; /* shown only when the whole line is understood */
    struct qkv_err err = {0};
    if (!next_word(&rest, word) || strncmp(word, "lesson=", 7) != 0)
        rest = line;
    else if (strcmp(word + 7, "-") == 0)
        return qkv_errf(QKV_ERR_DOMAIN, "state: '%s': a line cannot bring standard input", word);
    else if (strcmp(word + 7, app->lesson.name) != 0)
        err = opened_init(&other, word + 7, NULL);
    if (err.code)
        return err;
    const struct walk *walk = other.walk.n ? &other.walk : &app->walk;
    /* A line says all that is not as usual: what it leaves out goes back to that. */
    struct reading r = {.view = app->view, .walk = walk, .stop = 1};
    if (other.walk.n)
        r.view.comparison = other.comparison.step ? &other.comparison : NULL;
    r.view.cursor = (struct cursor){0};
    r.view.head = 0;
    r.view.zoom = (struct zoom){0};
    r.view.compare = r.view.head_here = r.view.pinned = r.view.unfolded = r.view.playing = false;
    r.view.read_from = 0;
    r.view.page = PAGE_WALK;
    r.view.stride = STRIDE_STEP;
    r.view.motion = true;
    r.view.speed = SPEED_NORMAL;
    r.view.scale = SCALE_NORMAL;
    r.view.theme = THEME_LIGHT;
    while (!err.code && next_word(&rest, word))
        err = read_word(&r, word);
    if (!err.code)
        err = check_place(&r);
    if (err.code) {
        opened_finish(&other);
        return err;
    }
    r.view.position = r.filled_given ? walk_filled(walk, r.at, r.filled) : walk_whole(walk, r.at) + (r.stop - 1);
    if (other.walk.n)
        app_show(app, &other);
    r.view.comparison = app->comparison.step ? &app->comparison : NULL;
    app->view = r.view;
    app->hover = false;
    app->transition.on = false;
    app->dirty = true;
    return (struct qkv_err){0};
}
