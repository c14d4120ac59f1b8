#include "lesson/analysis/draws.h"

#include "lesson/inputs/weights.h"
#include "lesson/lesson_parts.h"
#include "lesson/text/fields.h"
#include "lesson/text/position.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const draw_summary_names[] = {"lowest", "quarter", "median", "three quarters", "highest", NULL};

static const struct field draws_fields[] = {
    {"seeds", NODE_TEXT, true, "how many draws: the seeds 1, 2, ... up to it"},
    {"size", NODE_TEXT, false, "what grows, as the mechanism's shapes name it: features"},
    {"values", NODE_LIST, false, "how large it is, one after the other: [8, 32, 128]"},
    {"called", NODE_TEXT, false, "what the size is called on the page: directions"},
    {"scale", NODE_TEXT, false, "'powers': equal steps are equal factors"},
    {"marks", NODE_MAPPING, false, "numbers to compare with: softmax: beside.H[it, animate]"},
    {0},
};

/* ---- what is asked for ---- */

/* A cell of the step, by labels or numbers. */
static bool find_cell(const struct lesson *lesson, const struct node *stop, struct draws *d)
{
    const struct node *at = node_field(stop, "at"), *cell = node_field(stop, "cell"), *head = node_field(stop, "head");
    size_t number[2] = {0};
    long plane = 1;
    d->step = at ? tape_find(&lesson->tape, at->text) : -1;
    if (d->step < 0 || !cell || cell->n != 2 || (head && !text_is_whole(head->text, &plane)))
        return false;
    const struct axis *axis = lesson->tape.steps[d->step].value.axis;
    d->head = plane >= 1 && (size_t)plane <= axis[AXIS_HEAD].size ? (size_t)plane - 1 : 0;
    const struct node *node = cell->first;
    for (int i = 0; i < 2; i++, node = node->next) /* what is wrong is said of the stop's cell */
        if (axis_locate(&axis[i == 0 ? AXIS_ROW : AXIS_COL], d->head, "", "", node->text, &number[i]).code)
            return false;
    d->row = number[0];
    d->col = number[1];
    return true;
}

static bool read_values(struct reader *r, const struct node *draws, struct draws *d)
{
    const struct node *size = node_field(draws, "size"), *values = node_field(draws, "values");
    if (!size != !values)
        return diagnostic(r, draws, QKV_ERR_SYNTAX, "'size' and 'values' go together: size: features, values: [8, 32]");
    if (!size) {
        d->n_values = 1;
        return true;
    }
    if (size_find(size->text) == SIZE_NONE || size_is_given(size_find(size->text)))
        return diagnostic(r, size, QKV_ERR_DOMAIN, "'%.40s' is no size of what is drawn", size->text);
    d->size = size->text;
    d->called = node_field(draws, "called") ? node_field(draws, "called")->text : d->size;
    if (values->n == 0 || values->n > DRAW_VALUES_MAX)
        return diagnostic(r, values, QKV_ERR_LIMIT, "1 to %d values can be shown, not %zu", DRAW_VALUES_MAX, values->n);
    for (const struct node *item = values->first; item; item = item->next) {
        long n;
        if (!node_whole(r, item, "a value", 1, 1024, &n))
            return false;
        d->value[d->n_values++] = (size_t)n;
    }
    return true;
}

static bool read_draws(struct reader *r, const struct node *stop, const struct node *node, const struct lesson *lesson,
                       struct draws *d)
{
    const struct node *scale = node_field(node, "scale");
    long seeds;
    *d = (struct draws){.line = stop->line};
    if (!fields_check(r, node, draws_fields, "draws") ||
        !node_whole(r, node_field(node, "seeds"), "seeds", 2, DRAW_SEEDS_MAX, &seeds) || !read_values(r, node, d))
        return false;
    d->n_seeds = (size_t)seeds;
    d->by_powers = scale != NULL;
    if (scale && strcmp(scale->text, "powers") != 0)
        return diagnostic(r, scale, QKV_ERR_DOMAIN, "a scale is 'powers', or it is left out; not '%.40s'", scale->text);
    if (!find_cell(lesson, stop, d))
        return diagnostic(r, node, QKV_ERR_DOMAIN, "draws need a cell at this stop: cell: [row, column]");
    if (lesson->seed < 0)
        return diagnostic(r, node, QKV_ERR_DOMAIN, "nothing is drawn here: the weights need a seed that is used");
    return true;
}

/* ---- computing ---- */

/* A copy of the lesson that is computed again and again, with what it draws in an arena of its own. */
struct redrawing {
    struct lesson lesson;
    struct weights_choice choice;
    struct arena arena;
    struct diagnostics found;
    struct reader r;
    struct lesson_options options;
    const struct node *weights;
    const struct glass *model;
    struct redraw again;
};

static bool redrawing_init(struct redrawing *w, const struct lesson *lesson, const struct draws_source *source)
{
    *w = (struct redrawing){.lesson = *lesson, .options = *source->options, .weights = source->weights};
    w->r = (struct reader){.arena = &w->arena, .f = &w->found};
    w->lesson.tape = (struct tape){0};
    if (lesson->redrawn)
        w->choice = *lesson->redrawn;
    w->choice.seeded = true;
    w->lesson.redrawn = &w->choice;
    /* A changed cell that a smaller size does not have changes nothing there. */
    w->options.fits = arena_array(&w->arena, edit_tree_size(w->options.overrides->edits) + 1, sizeof(bool));
    w->model = weights_model(&w->r, w->weights);
    return w->options.fits && !w->found.n;
}

static void redrawing_finish(struct redrawing *w)
{
    tape_finish(&w->lesson.tape);
    redraw_finish(&w->again);
    arena_finish(&w->arena);
}

static bool redraw(struct redrawing *w)
{
    return computation_redraw(&w->again, &w->r, w->weights, w->model, &w->options, &w->lesson);
}

/* The looked-at cell in a copy that was computed; NULL: it is not there. */
static const double *cell_of(const struct redrawing *w, const struct lesson *lesson, const struct draws *d)
{
    int step = tape_find(&w->lesson.tape, lesson->tape.steps[d->step].spec.name);
    const struct tensor *t = step >= 0 ? &w->lesson.tape.steps[step].value : NULL;
    bool there =
        t && d->head < t->axis[AXIS_HEAD].size && d->row < t->axis[AXIS_ROW].size && d->col < t->axis[AXIS_COL].size;
    return there ? tensor_at(t, d->head, d->row, d->col) : NULL;
}

static bool same_plan(const struct draws *a, const struct draws *b)
{
    return a->n_seeds == b->n_seeds && a->n_values == b->n_values && !a->size == !b->size &&
           (!a->size || strcmp(a->size, b->size) == 0) && memcmp(a->value, b->value, sizeof a->value) == 0;
}

/* Draw for all that have the plan of draws[0], which computes each lesson once. False: one could not be. */
static bool draw_all(struct reader *r, const struct lesson *lesson, const struct draws_source *source, struct draws *d,
                     size_t n)
{
    struct redrawing w;
    bool fine = redrawing_init(&w, lesson, source);
    size_t cells = 0;
    for (size_t v = 0; fine && v < d->n_values; v++) {
        redraw_finish(&w.again);
        for (size_t s = 0; fine && s < d->n_seeds; s++) {
            w.choice.seed = (long)s + 1;
            if (d->size)
                w.choice.size[size_find(d->size)] = d->value[v];
            fine = redraw(&w);
            cells += w.lesson.tape.cells;
            if (fine && cells > DRAW_CELLS_MAX)
                fine = diagnostic(&w.r, &(struct node){.line = d->line, .column = 1}, QKV_ERR_LIMIT,
                                  "these draws are too much to compute: take fewer seeds or values");
            for (size_t i = 0; fine && i < n; i++) {
                const double *cell = same_plan(d, &d[i]) ? cell_of(&w, lesson, &d[i]) : NULL;
                if (cell)
                    ((double *)d[i].v)[v * d->n_seeds + s] = *cell;
                fine = cell || !same_plan(d, &d[i]);
            }
        }
    }
    for (size_t i = 0; i < diagnostics_kept(&w.found); i++)
        diagnostics_add(r->f, w.found.v[i]);
    redrawing_finish(&w);
    return fine;
}

/* The same cell with other settings. */
static bool mark_otherwise(struct reader *r, const struct node *settings, const struct lesson *lesson,
                           const struct draws_source *source, const struct draws *d, double *ret)
{
    struct redrawing w;
    bool fine = redrawing_init(&w, lesson, source);
    w.lesson.redrawn = lesson->redrawn;
    w.r.source = r->source, w.r.n = r->n;
    settings_read(&w.r, settings, &w.lesson);
    const double *cell = fine && !w.found.n && redraw(&w) ? cell_of(&w, lesson, d) : NULL;
    if (cell)
        *ret = *cell;
    else if (!w.found.n)
        diagnostic(r, settings, QKV_ERR_DOMAIN, "with these settings there is no such cell");
    for (size_t i = 0; i < diagnostics_kept(&w.found); i++)
        diagnostics_add(r->f, w.found.v[i]);
    redrawing_finish(&w);
    return cell != NULL;
}

static bool read_marks(struct reader *r, const struct node *marks, const struct live_scope *scope,
                       const struct draws_source *source, const struct lesson *lesson, struct draws *d)
{
    bool fine = true;
    for (const struct node *item = marks ? marks->first : NULL; item && fine; item = item->next) {
        double value = 0;
        if (d->n_marks == DRAW_MARKS_MAX)
            return diagnostic(r, item, QKV_ERR_LIMIT, "at most %d marks", DRAW_MARKS_MAX);
        if (item->kind == NODE_MAPPING) {
            fine = mark_otherwise(r, item, lesson, source, d, &value);
        } else {
            struct qkv_err err = live_compute(scope, item->text, item->bytes, &value);
            fine = !err.code;
            if (err.code)
                diagnostic_in(r, item, err.column > 0 ? (size_t)err.column - 1 : 0, err.code, "%s", err.what);
        }
        d->mark[d->n_marks++] = (struct draw_mark){item->key->text, value};
    }
    return fine;
}

/* ---- summaries ---- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void draws_summarise(double v[], size_t n, double ret[DRAW_SUMMARIES])
{
    qsort(v, n, sizeof *v, by_value);
    for (int i = 0; i < DRAW_SUMMARIES; i++) {
        double at = (double)(n - 1) * i / (DRAW_SUMMARIES - 1);
        size_t below = (size_t)at, above = below + 1 < n ? below + 1 : below;
        ret[i] = v[below] + (at - (double)below) * (v[above] - v[below]);
    }
}

/* The table that live numbers read, and where the lesson's own draw is. */
static bool sum_up(struct reader *r, const struct lesson *lesson, struct draws *d)
{
    const size_t rows = d->n_values + d->n_marks;
    const char **labels = arena_array(r->arena, rows, sizeof *labels);
    double *cells = arena_array(r->arena, rows * DRAW_SUMMARIES, sizeof *cells);
    double *sorted = arena_array(r->arena, d->n_seeds, sizeof *sorted);
    if (!labels || !cells || !sorted)
        return diagnostic_nomem(r, "the draws");
    enum size_id id = d->size ? size_find(d->size) : SIZE_NONE;
    d->now_value = d->n_values;
    for (size_t i = 0; i < d->n_values; i++) {
        char label[24];
        snprintf(label, sizeof label, "%zu", d->value[i]);
        memcpy(sorted, &d->v[i * d->n_seeds], d->n_seeds * sizeof *sorted);
        draws_summarise(sorted, d->n_seeds, &cells[i * DRAW_SUMMARIES]);
        if (!(labels[i] = arena_text(r->arena, d->size ? label : "all", strlen(d->size ? label : "all"))))
            return diagnostic_nomem(r, "the draws");
        if (id == SIZE_NONE || lesson->sizes->v[id].n == d->value[i])
            d->now_value = i;
    }
    for (size_t i = d->n_values; i < rows; i++) {
        labels[i] = d->mark[i - d->n_values].label;
        for (size_t k = 0; k < DRAW_SUMMARIES; k++)
            cells[i * DRAW_SUMMARIES + k] = d->mark[i - d->n_values].value;
    }
    d->now_seed = lesson->seed;
    if (d->now_seed < 1 || (size_t)d->now_seed > d->n_seeds)
        d->now_value = d->n_values;
    d->table.v = cells;
    d->table.axis[AXIS_HEAD] = axis_numbered(1, "heads");
    d->table.axis[AXIS_ROW] = (struct axis){.size = rows, .name = "values", .labels = labels};
    d->table.axis[AXIS_COL] = (struct axis){.size = DRAW_SUMMARIES, .name = "draws", .labels = draw_summary_names};
    return true;
}

/* ---- all of a lesson ---- */

/* Is this cancelled, or out of memory? That is told whatever a person changed. */
static bool is_fatal(const struct qkv_err *err)
{
    return err->code == QKV_ERR_CANCELLED || err->code == QKV_ERR_NOMEM;
}

static size_t read_all(struct reader *r, const struct node *script, const struct live_scope *scope,
                       const struct draws_source *source, struct lesson *lesson)
{
    size_t n = 0;
    for (const struct node *stop = script->first; stop; stop = stop->next) {
        const struct node *node = stop->kind == NODE_MAPPING ? node_field(stop, "draws") : NULL;
        struct draws *d = &lesson->draws[n];
        if (!node || !read_draws(r, stop, node, lesson, d) ||
            !read_marks(r, node_field(node, "marks"), scope, source, lesson, d))
            continue;
        d->v = arena_array(r->arena, d->n_values * d->n_seeds, sizeof *d->v);
        if (!d->v) {
            diagnostic_nomem(r, "the draws");
            return 0;
        }
        n++;
    }
    return n;
}

void draws_make(struct reader *r, const struct node *script, const struct live_scope *scope,
                const struct draws_source *source, struct lesson *lesson)
{
    struct diagnostics found = {0};
    struct reader own = *r;
    bool changed = !overrides_is_empty(source->options->overrides);
    size_t n = 0;
    for (const struct node *stop = script->first; stop; stop = stop->next)
        n += stop->kind == NODE_MAPPING && node_field(stop, "draws");
    if (!n || !lesson->tape.n || !tape_is_computed(&lesson->tape))
        return;
    own.f = &found;
    lesson->draws = arena_array(r->arena, n, sizeof *lesson->draws);
    if (!lesson->draws) {
        diagnostic_nomem(r, "the draws");
        return;
    }
    n = read_all(&own, script, scope, source, lesson);
    for (size_t i = 0; i < n && !found.n; i++) {
        bool done = false;
        for (size_t k = 0; k < i; k++)
            done = done || same_plan(&lesson->draws[k], &lesson->draws[i]);
        if (!done)
            draw_all(&own, lesson, source, &lesson->draws[i], n - i);
    }
    for (size_t i = 0; i < n && !found.n; i++)
        sum_up(&own, lesson, &lesson->draws[i]);
    lesson->n_draws = found.n ? 0 : n;
    for (size_t i = 0; i < diagnostics_kept(&found); i++)
        if (!changed || is_fatal(&found.v[i]))
            diagnostics_add(r->f, found.v[i]);
}

const struct draws *draws_at(const struct lesson *lesson, int line)
{
    for (size_t i = 0; i < lesson->n_draws; i++)
        if (lesson->draws[i].line == line)
            return &lesson->draws[i];
    return NULL;
}
