/* state_place.c: words of a state line about the place in the walk. */
#include "app/state_words.h"

#include "app/parts.h"
#include "scene/view.h"

#include <stdio.h>

static const char *const compare_words[] = {"", " compare=yes", " compare=before"};

static void print_at(const struct app *app, struct str *to)
{
    struct place place = walk_place(&app->walk, app->state.position);
    str_addf(to, " at=%s", app->lesson.tape.steps[app->walk.steps[place.at].step].spec.name);
    if (!place.whole)
        str_addf(to, " filled=%zu", place.filled);
    size_t stop = app->state.position - walk_whole(&app->walk, place.at);
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
    if (app->state.stride != STRIDE_STEP)
        str_addf(to, " stride=%s", stride_names[app->state.stride]);
}

static bool read_stride(struct reading *r, const char *text)
{
    int i = 0;
    bool known = read_name(text, stride_names, &i);
    r->state.stride = (enum stride)i;
    return known;
}

static void print_head(const struct app *app, struct str *to)
{
    if (app->state.head > 0 || app->state.head_here)
        str_addf(to, " head=%d%s", app->state.head + 1, app->state.head_here ? "!" : "");
}

/* "2": the head looked at; "2!": chosen here, against what the stop names. */
static bool read_head(struct reading *r, const char *text)
{
    char digits[16];
    size_t n = strlen(text), head, heads = 1;
    r->state.head_here = n > 1 && text[n - 1] == '!';
    snprintf(digits, sizeof digits, "%.*s", (int)(n - r->state.head_here), text);
    const struct tape *tape = &r->walk->lesson->tape;
    for (size_t i = 0; i < tape->n; i++)
        if (tape->steps[i].value.axis[AXIS_HEAD].size > heads)
            heads = tape->steps[i].value.axis[AXIS_HEAD].size;
    if (!read_number(digits, &head) || head < 1 || head > heads)
        return false;
    r->state.head = (int)head - 1;
    return true;
}

static void print_cell(const struct app *app, struct str *to)
{
    const struct cursor *c = &app->state.cursor;
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
    r->state.cursor = (struct cursor){true, step, head - 1, row - 1, col - 1};
    return true;
}

/* "row-zoom=3,8,12,words": what is kept from another step and holds for operands, where the result is as long as it is. */
static void print_kept_zoom(const char *name, const struct zoom_axis *z, const struct axis *axis, struct str *to)
{
    if (z->shown.n > 0 && !zoom_runs_along(z, axis))
        str_addf(to, " %s=%zu,%zu,%zu,%s", name, z->shown.from + 1, z->shown.n, z->of, z->words ? "words" : "others");
}

static bool read_kept_zoom(struct zoom_axis *z, const char *text)
{
    struct section s;
    size_t of;
    char what[8];
    if (sscanf(text, "%zu,%zu,%zu,%7s", &s.from, &s.n, &of, what) != 4)
        return false;
    bool words = strcmp(what, "words") == 0,
         fits = s.from >= 1 && s.n >= ZOOM_LEAST && of > s.n && s.from <= of - s.n + 1;
    *z = (struct zoom_axis){{s.from - 1, s.n}, of, words};
    return fits && of <= TENSOR_SIDE_MAX && (words || strcmp(what, "others") == 0);
}

static bool read_row_zoom(struct reading *r, const char *text)
{
    return read_kept_zoom(&r->state.zoom.row, text);
}

static bool read_col_zoom(struct reading *r, const char *text)
{
    return read_kept_zoom(&r->state.zoom.col, text);
}

/* "zoom=129,64,1,1024": the first row shown and how many, the first column and how many. */
static void print_zoom(const struct app *app, struct str *to)
{
    struct section rows, cols;
    zoom_of(&app->view, -1, &rows, &cols);
    if (zoom_is_on(&app->view))
        str_addf(to, " zoom=%zu,%zu,%zu,%zu", rows.from + 1, rows.n, cols.from + 1, cols.n);
    const struct axis *axis = view_tape(&app->view)->steps[view_step(&app->view)].value.axis;
    print_kept_zoom("row-zoom", &app->state.zoom.row, &axis[AXIS_ROW], to);
    print_kept_zoom("col-zoom", &app->state.zoom.col, &axis[AXIS_COL], to);
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
    r->state.zoom.row = zoom_axis_of(s[0], &axis[AXIS_ROW]);
    r->state.zoom.col = zoom_axis_of(s[1], &axis[AXIS_COL]);
    return true;
}

static void print_flags(const struct app *app, struct str *to)
{
    str_add(to, app->state.pinned ? " pinned=yes" : "");
    str_add(to, app->state.unfolded ? " unfolded=yes" : "");
    if (app->state.read_from > 0)
        str_addf(to, " read=%zu", app->state.read_from);
}

static bool read_pinned(struct reading *r, const char *text)
{
    return read_flag(text, &r->state.pinned);
}

static bool read_unfolded(struct reading *r, const char *text)
{
    return read_flag(text, &r->state.unfolded);
}

/* "yes": with what the lesson is beside of; "before": with the lesson as written. */
static bool read_compare(struct reading *r, const char *text)
{
    if (strcmp(text, "before") == 0) {
        if (!r->against.step)
            r->err = compare_before(&r->against, r->walk, r->baseline);
        r->view.against = r->against.step ? &r->against : NULL;
        /* A change that leads back to the lesson as written leaves nothing to compare with. */
        r->state.compare = r->against.step ? COMPARE_BEFORE : COMPARE_NONE;
        return r->err.code || r->against.step;
    }
    bool beside = false, known = read_flag(text, &beside);
    r->state.compare = beside ? COMPARE_BESIDE : COMPARE_NONE;
    return known;
}

static bool read_read(struct reading *r, const char *text)
{
    return read_number(text, &r->state.read_from);
}

void place_print(const struct app *app, struct str *to)
{
    print_at(app, to);
    print_stride(app, to);
    print_head(app, to);
    str_add(to, compare_words[app->state.compare]); /* before the cell, which is then of another tape */
    print_cell(app, to);
    print_zoom(app, to);
    print_flags(app, to);
}

const struct state_word place_words[] = {
    {"at", read_at, "a step of the walk", "the step on the page, by its name: at=scores"},
    {"filled", read_filled, "how many of the step's cells are filled", "the step while its result is being filled"},
    {"stop", read_stop, "which of the step's stops, from 1", "where the script stops there more than once"},
    {"stride", read_stride, "stage, step, row or cell", "how far a key leads"},
    {"head", read_head, "a head, from 1", "the head looked at; 2! where the stop names another"},
    {"compare", read_compare, "yes, before or no", "with what the lesson is beside of, or with itself as written"},
    {"cell", read_cell, "STEP,HEAD,ROW,COLUMN, from 1", "the cell pointed at: cell=scores,1,5,2"},
    {"zoom", read_zoom, "ROW,ROWS,COLUMN,COLUMNS of the step",
     "the part shown: first row, how many, first column, how many"},
    {"row-zoom", read_row_zoom, "FIRST,HOW MANY,OF,words or others",
     "the part of rows of other matrices that long, kept from a step before"},
    {"col-zoom", read_col_zoom, "FIRST,HOW MANY,OF,words or others", "the same of columns"},
    {"pinned", read_pinned, "yes or no", "its arithmetic stays where it is"},
    {"unfolded", read_unfolded, "yes or no", "its arithmetic with every term"},
    {"read", read_read, "the first line of the words", "how far words too long for the page are scrolled"},
    {0},
};
