#include "core/mechanisms/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void record_error(struct recorder *r, struct qkv_err err)
{
    if (!r->err.code)
        r->err = err;
}

int record_made(struct recorder *r, const struct step_spec *spec, struct tensor *value)
{
    int step = NO_STEP;
    if (!r->err.code)
        r->err = tape_input(r->tape, spec, value, &step);
    tensor_finish(value);
    if (r->err.code)
        return NO_STEP;
    r->tape->steps[step].made = true;
    return step;
}

bool record_has(const struct recorder *r, const char *name)
{
    const struct tensor *t = named_tensors_find(r->inputs, name);
    return t && t->v;
}

int record_input(struct recorder *r, const struct step_spec *spec, const char *rows, const char *cols)
{
    for (size_t i = 0; !r->err.code && i < r->inputs->n; i++) {
        struct tensor *t = &r->inputs->v[i].tensor;
        if (!t->v || strcmp(r->inputs->v[i].name, spec->name) != 0)
            continue;
        struct tensor taken = *t;
        *t = (struct tensor){0};
        taken.axis[AXIS_HEAD].name = "heads";
        taken.axis[AXIS_ROW].name = rows;
        taken.axis[AXIS_COL].name = cols;
        int step = record_made(r, spec, &taken);
        if (step != NO_STEP)
            r->tape->steps[step].made = false;
        return step;
    }
    return NO_STEP;
}

const char *record_named(struct recorder *r, const char *name, const char *part)
{
    const char *text = tape_text(r->tape, "%s_%s", name, part);
    if (!text)
        record_error(r, qkv_nomem(name));
    return text ? text : "";
}

struct step_spec step_called(const struct step_spec *step, const char *name, const char *symbol)
{
    struct step_spec spec = *step;
    spec.words = step->words ? step->words : step->name;
    spec.name = name;
    spec.symbol = symbol;
    spec.what = STEP_ANY;
    return spec;
}

static void set_number(struct recorder *r, struct step_spec *spec, size_t t)
{
    spec->written = tape_text(r->tape, "%zu", t);
    if (!spec->written) {
        record_error(r, qkv_nomem("the place of a row"));
        return;
    }
    spec->number = (double)t;
    *spec = step_called(spec, record_named(r, spec->name, spec->written), record_named(r, spec->symbol, spec->written));
}

int record_equation(struct recorder *r, const struct step_spec *step, size_t t, enum op op,
                    const int operands[OP_INPUTS_MAX])
{
    int result = NO_STEP;
    struct step_spec spec = *step;
    spec.op = op;
    memcpy(spec.in, operands, sizeof spec.in);
    if (t > 0)
        set_number(r, &spec, t);
    if (!r->err.code)
        r->err = tape_record(r->tape, &spec, &result);
    return r->err.code ? NO_STEP : result;
}

const struct tensor *recorded(const struct recorder *r, int step)
{
    return step == NO_STEP ? NULL : &r->tape->steps[step].value;
}

size_t recorded_size(const struct recorder *r, int step, int axis)
{
    return step == NO_STEP ? 1 : recorded(r, step)->axis[axis].size;
}

static const char *name_of(const struct recorder *r, int step)
{
    return r->tape->steps[step].spec.name;
}

void require_plane(struct recorder *r, int step, const char *shape)
{
    char found[TENSOR_SHAPE_TEXT];
    if (step != NO_STEP && recorded_size(r, step, AXIS_HEAD) != 1)
        refuse(r, QKV_ERR_SHAPE, "%s: its shape %s must be %s", name_of(r, step),
               tensor_shape_text(recorded(r, step), found), shape);
}

void require_vector(struct recorder *r, int step, int of)
{
    if (step == NO_STEP || of == NO_STEP)
        return;
    const struct tensor *t = recorded(r, step);
    size_t wanted = recorded_size(r, of, AXIS_COL);
    char found[TENSOR_SHAPE_TEXT];
    if (t->axis[AXIS_HEAD].size != 1 || t->axis[AXIS_ROW].size != 1 || t->axis[AXIS_COL].size != wanted)
        refuse(r, QKV_ERR_SHAPE, "%s: its shape %s must be [%zu], a number for each column of %s (%s)",
               name_of(r, step), tensor_shape_text(t, found), wanted, name_of(r, of),
               recorded(r, of)->axis[AXIS_COL].name);
}

void require_side(struct recorder *r, int step, int axis, size_t wanted, const char *what)
{
    size_t found = recorded_size(r, step, axis);
    if (step != NO_STEP && found != wanted)
        refuse(r, QKV_ERR_SHAPE, "%s: its %zu %s must match the %zu %s", name_of(r, step), found,
               axis == AXIS_ROW ? "rows" : "columns", wanted, what);
}

void require_width(struct recorder *r, int made, const char *input, int of, const char *sizes)
{
    size_t found = recorded_size(r, made, AXIS_COL), wanted = recorded_size(r, of, AXIS_COL);
    if (!r->err.code && found != wanted)
        refuse(r, QKV_ERR_SHAPE, "%s: its %zu columns must be the %zu of %s", input, found, wanted, sizes);
}

void require_odd_width(struct recorder *r, int windows)
{
    size_t width = recorded_size(r, windows, AXIS_COL);
    if (windows != NO_STEP && width % 2 == 0)
        refuse(r, QKV_ERR_SHAPE, "%s: its width %zu must be odd, so that a window has a middle", name_of(r, windows),
               width);
}

void require_divides(struct recorder *r, int step, size_t parts, const char *parts_name)
{
    size_t cols = recorded_size(r, step, AXIS_COL);
    if (step != NO_STEP && cols % parts != 0)
        refuse(r, QKV_ERR_SHAPE, "%s: its %zu columns do not divide into %s=%zu equal parts", name_of(r, step), cols,
               parts_name, parts);
}

/* ---- token after token ---- */

int record_filled(struct recorder *r, const struct step_spec *step, const struct axis axes[AXES], double number)
{
    struct tensor t = {0};
    if (r->err.code)
        return NO_STEP;
    record_error(r, tensor_init(&t, axes));
    for (size_t i = 0; t.v && i < tensor_cells(&t); i++)
        t.v[i] = number;
    return record_made(r, step, &t);
}

int record_filled_row(struct recorder *r, const struct step_spec *step, const char *rows, struct axis cols,
                      double number)
{
    return record_filled(r, step, (struct axis[AXES]){axis_numbered(1, "heads"), axis_numbered(1, rows), cols}, number);
}

int *record_capacity(struct recorder *r, size_t n, const char *what)
{
    int *steps = r->err.code ? NULL : calloc(n, sizeof *steps);
    if (!steps)
        record_error(r, qkv_nomem(what));
    return steps;
}

/* The rows of two steps below one another, on the way to all of them. */
static int record_pair(struct recorder *r, int above, int below, const struct step_spec *of, size_t first, size_t last)
{
    struct step_spec spec = *of;
    spec.variant = "some_rows";
    spec = step_called(&spec, tape_text(r->tape, "%s_%zu_to_%zu", of->name, first, last),
                       tape_text(r->tape, "%s_(%zu..%zu)", of->symbol, first, last));
    spec.stage = STAGE_INPUT;
    if (!spec.name || !spec.symbol)
        record_error(r, qkv_nomem(of->name));
    return record_op(r, &spec, OP_APPEND_ROWS, above, below);
}

/* Rows first..last-1, halved again and again: so no row is copied more often than the halving takes. */
static int record_rows_of(struct recorder *r, const int rows[], size_t first, size_t end, const struct step_spec *step)
{
    if (r->err.code)
        return NO_STEP;
    if (end - first == 1)
        return rows[first];
    size_t middle = first + (end - first + 1) / 2;
    int above = record_rows_of(r, rows, first, middle, step);
    int below = record_rows_of(r, rows, middle, end, step);
    return record_pair(r, above, below, step, first + 1, end);
}

int record_gathered(struct recorder *r, const int rows[], size_t n, const struct step_spec *step)
{
    size_t middle = (n + 1) / 2;
    struct step_spec spec = *step;
    spec.gathered = true;
    int above = record_rows_of(r, rows, 0, middle, &spec);
    if (n == 1)
        return record_op(r, &spec, OP_COPY, above);
    return record_op(r, &spec, OP_APPEND_ROWS, above, record_rows_of(r, rows, middle, n, &spec));
}

void record_row_names(struct recorder *r, int step, int words, size_t first)
{
    if (step == NO_STEP || words == NO_STEP)
        return;
    struct axis *row = &r->tape->steps[step].value.axis[AXIS_ROW], names = recorded(r, words)->axis[AXIS_ROW];
    names.size = row->size;
    if (names.labels)
        names.labels += first;
    *row = names;
}
