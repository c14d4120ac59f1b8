#include "scene/zoom.h"

#include <math.h>
#include <string.h>

bool zoom_runs_along(const struct zoom_axis *z, const struct axis *axis)
{
    return z->shown.n > 0 && z->of == axis->size && z->words == (strcmp(axis->name, "words") == 0);
}

static struct section stretch_of(const struct zoom_axis *z, const struct axis *axis)
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
    enum op_form form = op_table[step->spec.op].form;
    const struct zoom_axis *rows = &view->state->zoom.row, *cols = &view->state->zoom.col;
    /* What a product sums over are the words looked at, where it is words at all; so they are on both sides of it. */
    if (operand == 1 && (form == FORM_PRODUCT_T || form == FORM_PRODUCT))
        rows = &view->state->zoom.col;
    const struct axis *axis =
        operand < 0 ? step->value.axis : view_tape(view)->steps[step->spec.in[operand]].value.axis;
    *ret_rows = stretch_of(rows, &axis[AXIS_ROW]);
    *ret_cols = stretch_of(cols, &axis[AXIS_COL]);
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
    zoom->row = rows.n ? zoom_axis_of(rows, &axis[AXIS_ROW]) : (struct zoom_axis){0};
    zoom->col = cols.n ? zoom_axis_of(cols, &axis[AXIS_COL]) : (struct zoom_axis){0};
}

/* Position `at` stays at the same share of the stretch. */
static struct section scaled(struct section s, float factor, size_t at, size_t size)
{
    float before = (float)s.n, after = fminf(roundf(before * factor), (float)size);
    /* Small stretches change too. */
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

static struct section around(struct section s, size_t at)
{
    if (at < s.from)
        s.from = at;
    else if (at >= s.from + s.n)
        s.from = at + 1 - s.n;
    return s;
}

/* The stretch moves so that it holds the position, where the axis is one that it runs along. */
static void follow(struct zoom_axis *z, const struct axis *axis, size_t at)
{
    if (zoom_runs_along(z, axis))
        z->shown = around(z->shown, at);
}

void zoom_follow(const struct view *view, struct zoom *zoom)
{
    struct cursor cell;
    const struct step *step = result_of(view);
    if (!view_cell(view, &cell))
        return;
    enum op_form form = op_table[step->spec.op].form;
    const struct axis *axis = view_tape(view)->steps[cell.step].value.axis;
    bool right = cell.step != view_step(view) && op_table[step->spec.op].n_inputs > 1 &&
                 step->spec.in[1] == cell.step && (form == FORM_PRODUCT || form == FORM_PRODUCT_T);
    follow(right ? &zoom->col : &zoom->row, &axis[AXIS_ROW], cell.row);
    follow(&zoom->col, &axis[AXIS_COL], cell.col);
}
