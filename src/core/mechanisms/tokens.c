#include "core/mechanisms/tokens.h"

#include <stdlib.h>

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
