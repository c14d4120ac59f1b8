#include "scene/view.h"

#include "lesson/language/language.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

const float speed_table[SPEED_COUNT] = {0.25f, 0.5f, 1, 2, 4};

const double temperature_table[TEMPERATURE_COUNT] = {0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 4, 10};
const size_t cost_width_table[COST_WIDTHS] = {16, 64, 256};
const double factor_table[FACTOR_COUNT] = {1, 10, 100, 1000};

/* The smallest page that holds all parts at scale 1, and the usual page. */
static const float least_width = 640, least_height = 480, usual_width = 1280, usual_height = 800;

enum compare view_compare(const struct view *view)
{
    const struct stop *stop = view->state->compare == COMPARE_BY_STOP ? view_stop(view) : NULL;
    return stop ? stop->compare : view->state->compare;
}

const struct comparison *view_comparison(const struct view *view)
{
    enum compare compare = view_compare(view);
    return compare == COMPARE_SECOND ? view->comparison : compare == COMPARE_BEFORE ? view->baseline_comparison : NULL;
}

struct place view_place(const struct view *view)
{
    return walk_place(view->walk, view->state->position);
}

const struct stop *view_stop(const struct view *view)
{
    struct place place = view_place(view);
    return place.at_stop ? &view->lesson->stops[place.stop] : NULL;
}

bool view_comparing(const struct view *view)
{
    const struct comparison *c = view_comparison(view);
    return c && c->step[view_place(view).at] >= 0;
}

bool view_shows_draws(const struct view *view)
{
    const struct place place = view_place(view);
    const struct stop *stop = place.stop >= 0 ? &view->lesson->stops[place.stop] : NULL;
    return stop && stop->draws && place.at_stop && !view_comparing(view);
}

const struct tape *view_tape(const struct view *view)
{
    return view_comparing(view) ? &view_comparison(view)->tape : &view->lesson->tape;
}

static struct summaries *summaries_of(const struct view *view)
{
    return view_comparing(view) ? view_comparison(view)->summaries : view->lesson->summaries;
}

struct value_range view_range(const struct view *view, int step)
{
    return summaries_range(summaries_of(view), view_tape(view), step);
}

int view_decimals(const struct view *view, int step, size_t head)
{
    return summaries_decimals(summaries_of(view), view_tape(view), step, head);
}

const struct pyramid *view_pyramid(const struct view *view, int step, size_t head)
{
    return summaries_pyramid(summaries_of(view), view_tape(view), step, head);
}

int view_step(const struct view *view)
{
    size_t at = view_place(view).at;
    return view_comparing(view) ? view_comparison(view)->step[at] : view->walk->steps[at].step;
}

struct view view_of_lesson(const struct view *view, struct view_state *ret_state)
{
    struct view ret = *view;
    *ret_state = *view->state;
    if (view_comparing(view))
        ret_state->cursor.on = false; /* it lies on the comparison's tape */
    ret_state->compare = COMPARE_NONE;
    ret.state = ret_state;
    return ret;
}

static size_t heads_of(const struct view *view, int step)
{
    return view_tape(view)->steps[step].value.axis[AXIS_HEAD].size;
}

size_t view_head(const struct view *view)
{
    if (view->state->cursor.on && heads_of(view, view->state->cursor.step) > 1)
        return view->state->cursor.head;
    const struct stop *stop = view_stop(view);
    size_t heads = heads_of(view, view_step(view));
    int head = !view->state->head_here && stop && stop->head >= 0 ? stop->head : view->state->head;
    return heads > 1 && (size_t)head >= heads ? heads - 1 : (size_t)head;
}

static float scale_of(const struct view *view, float chosen)
{
    float w = view->width / view->density, h = view->height / view->density;
    float grown = fmaxf(1, fminf(w / usual_width, h / usual_height));
    float most = fminf(w / least_width, h / least_height);
    return view->density * fminf(grown * chosen, fmaxf(most, 0.5f));
}

float view_scale(const struct view *view)
{
    return scale_of(view, (float)view->state->scale / 100);
}

float view_base(const struct view *view)
{
    return scale_of(view, fminf(1, (float)view->state->scale / 100));
}

bool view_is_tight(const struct view *view)
{
    return view->height < 640 * view_scale(view);
}

bool view_hides_mistake(const struct view *view, const struct step *step)
{
    return step->spec.mistake && view->state->position < walk_mistake_told(view->lesson);
}

const char *view_title(const struct view *view, const struct step *step)
{
    return view_hides_mistake(view, step) ? "what comes out here" : step_text(step, view->state->columns).title;
}

size_t view_filled_cells(const struct view *view, int step)
{
    struct place place = view_place(view);
    return view_comparing(view) || view->walk->steps[place.at].step != step || place.whole ? SIZE_MAX : place.filled;
}

bool view_has_cell(const struct view *view, const struct cursor *cell)
{
    const struct tape *tape = view_tape(view);
    if (!cell->on || cell->step < 0 || (size_t)cell->step >= tape->n)
        return false;
    const struct axis *axis = tape->steps[cell->step].value.axis;
    return cell->head < axis[AXIS_HEAD].size && cell->row < axis[AXIS_ROW].size && cell->col < axis[AXIS_COL].size;
}

bool view_filled(const struct view *view, int step, size_t row, size_t col)
{
    size_t filled = view_filled_cells(view, step);
    return filled == SIZE_MAX || row * view->lesson->tape.steps[step].value.axis[AXIS_COL].size + col < filled;
}

bool view_cell(const struct view *view, struct cursor *ret)
{
    struct place place = view_place(view);
    const struct stop *stop = view_stop(view);
    int step = view_step(view);
    size_t row, col, cols = view->walk->steps[place.at].cols;
    if (view->state->cursor.on) {
        *ret = view->state->cursor;
        return true;
    }
    if (view_comparing(view))
        return false;
    if (!place.whole && place.filled > 0)
        row = (place.filled - 1) / cols, col = (place.filled - 1) % cols;
    else if (stop && stop->row >= 0 && stop->col >= 0)
        row = (size_t)stop->row, col = (size_t)stop->col;
    else
        return false;
    *ret = (struct cursor){true, step, heads_of(view, step) > 1 ? view_head(view) : 0, row, col};
    return true;
}

/* The row with the largest range: in a row of equal numbers there is nothing to see. */
static size_t telling_row(const struct tensor *t, size_t head)
{
    size_t ret = 0, cols = t->axis[AXIS_COL].size;
    double widest = 0;
    for (size_t r = 0; r < t->axis[AXIS_ROW].size; r++) {
        struct value_range range = range_of(tensor_at(t, head, r, 0), cols);
        if (range.max - range.min > widest) {
            widest = range.max - range.min;
            ret = r;
        }
    }
    return ret;
}

size_t view_word(const struct view *view, const struct step *step)
{
    size_t rows = step->value.axis[AXIS_ROW].size, row = 0, head = view_head(view);
    const struct stop *stop = view_stop(view);
    if (view->state->heads.word > 0)
        row = view->state->heads.word - 1;
    else if (view->state->cursor.on &&
             view_tape(view)->steps[view->state->cursor.step].value.axis[AXIS_ROW].size == rows)
        row = view->state->cursor.row;
    else if (stop && stop->row >= 0)
        row = (size_t)stop->row;
    else if (view->state->page == PAGE_MICROSCOPE)
        row = telling_row(&step->value, head < step->value.axis[AXIS_HEAD].size ? head : 0);
    return row < rows ? row : rows - 1;
}

bool view_word_is_kept(const struct view *view, size_t word)
{
    return word < WORDS_MAX && (view->state->heads.chosen[word / 64] >> (word % 64) & 1);
}

int view_heads_step(const struct view *view)
{
    int weights = tape_find_what(&view->lesson->tape, STEP_WEIGHTS);
    int here = view->walk->steps[view_place(view).at].step;
    if (weights >= 0)
        return weights;
    return view->lesson->tape.steps[here].value.axis[AXIS_HEAD].size > 1 ? here : -1;
}

/* ---- the window of a large matrix ---- */

bool section_has(struct section s, size_t position)
{
    return position >= s.from && position < s.from + s.n;
}

struct section section_common(struct section a, struct section b)
{
    size_t from = a.from > b.from ? a.from : b.from;
    size_t end = a.from + a.n < b.from + b.n ? a.from + a.n : b.from + b.n;
    return (struct section){from, end > from ? end - from : 0};
}

bool zoom_runs_along(const struct zoom_axis *z, const struct axis *axis)
{
    return z->shown.n > 0 && z->of == axis->size && z->words == (strcmp(axis->name, "words") == 0);
}

static struct section section_of(const struct zoom_axis *z, const struct axis *axis)
{
    return zoom_runs_along(z, axis) ? z->shown : (struct section){0, axis->size};
}

static const struct step *result_of(const struct view *view)
{
    return &view_tape(view)->steps[view_step(view)];
}

void zoom_of(const struct view *view, int operand, struct section *ret_rows, struct section *ret_cols)
{
    const struct step *step = result_of(view);
    enum op_form form = op_table[step->spec.op]->form;
    const struct zoom_axis *rows = &view->state->zoom.row, *cols = &view->state->zoom.col;
    /* A product over words sums over those looked at, so that the section of columns applies on both sides of it. */
    if (operand == 1 && (form == FORM_PRODUCT_T || form == FORM_PRODUCT))
        rows = &view->state->zoom.col;
    const struct axis *axis =
        operand < 0 ? step->value.axis : view_tape(view)->steps[step->spec.in[operand]].value.axis;
    *ret_rows = section_of(rows, &axis[AXIS_ROW]);
    *ret_cols = section_of(cols, &axis[AXIS_COL]);
}

bool zoom_is_on(const struct view *view)
{
    const struct axis *axis = result_of(view)->value.axis;
    return zoom_runs_along(&view->state->zoom.row, &axis[AXIS_ROW]) ||
           zoom_runs_along(&view->state->zoom.col, &axis[AXIS_COL]);
}

struct zoom_axis zoom_axis_of(struct section s, const struct axis *axis)
{
    size_t least = axis->size < ZOOM_LEAST ? axis->size : ZOOM_LEAST;
    s.n = s.n < least ? least : s.n;
    if (s.n >= axis->size)
        return (struct zoom_axis){0};
    if (s.from > axis->size - s.n)
        s.from = axis->size - s.n;
    return (struct zoom_axis){s, axis->size, strcmp(axis->name, "words") == 0};
}

void zoom_set(const struct view *view, struct zoom *zoom, struct section rows, struct section cols)
{
    const struct axis *axis = result_of(view)->value.axis;
    *zoom = (struct zoom){0};
    if (rows.n)
        zoom->row = zoom_axis_of(rows, &axis[AXIS_ROW]);
    if (cols.n)
        zoom->col = zoom_axis_of(cols, &axis[AXIS_COL]);
}

/* Position `at` stays at the same share of the section. */
static struct section scaled(struct section s, float factor, size_t at, size_t size)
{
    float before = (float)s.n, after = fminf(roundf(before * factor), (float)size);
    /* Small sections change, too. */
    if (after == before && factor != 1)
        after += factor > 1 ? 1 : -1;
    after = fmaxf(1, fmaxf(after, fminf((float)ZOOM_LEAST, (float)size)));
    float share = at < s.from ? 0 : fminf(1, ((float)(at - s.from) + 0.5f) / before);
    float from = fmaxf(0, roundf((float)s.from + share * (before - after)));
    return (struct section){(size_t)from, (size_t)after};
}

void zoom_by(const struct view *view, struct zoom *zoom, float factor, size_t row, size_t col)
{
    struct section rows, cols;
    const struct axis *axis = result_of(view)->value.axis;
    zoom_of(view, -1, &rows, &cols);
    zoom_set(view, zoom, scaled(rows, factor, row, axis[AXIS_ROW].size),
             scaled(cols, factor, col, axis[AXIS_COL].size));
}

static struct section moved(struct section s, long by)
{
    s.from = by < 0 && s.from < (size_t)-by ? 0 : s.from + (size_t)by;
    return s;
}

void zoom_pan(const struct view *view, struct zoom *zoom, long rows, long cols)
{
    struct section r, c;
    zoom_of(view, -1, &r, &c);
    zoom_set(view, zoom, moved(r, view->state->columns ? cols : rows), moved(c, view->state->columns ? rows : cols));
}

static struct section centred(struct section s, float share, size_t size)
{
    float from = fminf(1, fmaxf(0, share)) * (float)size - (float)s.n / 2;
    return (struct section){(size_t)fmaxf(0, roundf(from)), s.n};
}

void zoom_centre(const struct view *view, struct zoom *zoom, float rows, float cols)
{
    struct section r, c;
    const struct axis *axis = result_of(view)->value.axis;
    float down = view->state->columns ? cols : rows, across = view->state->columns ? rows : cols;
    zoom_of(view, -1, &r, &c);
    zoom_set(view, zoom, centred(r, down, axis[AXIS_ROW].size), centred(c, across, axis[AXIS_COL].size));
}

/* Move the section so that it contains the position, where it applies to the axis. */
static void follow(struct zoom_axis *z, const struct axis *axis, size_t at)
{
    struct section *s = &z->shown;
    if (zoom_runs_along(z, axis) && !section_has(*s, at))
        s->from = at < s->from ? at : at + 1 - s->n;
}

void zoom_follow(const struct view *view, struct zoom *zoom)
{
    struct cursor cell;
    const struct step *step = result_of(view);
    if (!view_cell(view, &cell))
        return;
    enum op_form form = op_table[step->spec.op]->form;
    const struct axis *axis = view_tape(view)->steps[cell.step].value.axis;
    bool right = cell.step != view_step(view) && op_table[step->spec.op]->n_inputs > 1 &&
                 step->spec.in[1] == cell.step && (form == FORM_PRODUCT || form == FORM_PRODUCT_T);
    follow(right ? &zoom->col : &zoom->row, &axis[AXIS_ROW], cell.row);
    follow(&zoom->col, &axis[AXIS_COL], cell.col);
}
