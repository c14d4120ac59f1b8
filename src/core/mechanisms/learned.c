#include "core/mechanisms/learned.h"

#include <stdio.h>
#include <string.h>

enum { SHAPE_NAMES = 64 };

/* "[d_model, d_ff]": what a message says of the shape. */
static const char *shape_of(const struct given *given, char buffer[SHAPE_NAMES])
{
    if (given->shape)
        return given->shape;
    if (strcmp(given->rows, ALL_WORDS) == 0)
        snprintf(buffer, SHAPE_NAMES, "[%s]", given->cols);
    else
        snprintf(buffer, SHAPE_NAMES, "[%s, %s]", given->rows, given->cols);
    return buffer;
}

int record_given(struct recorder *r, const struct given *given)
{
    char shape[SHAPE_NAMES];
    int step = record_input(r,
                            STEP(given->name, given->symbol ? given->symbol : given->name, STAGE_INPUT,
                                 .role = given->role, .words = given->words),
                            given->rows, given->cols);
    if (step == NO_STEP)
        record_error(r, qkv_errf(QKV_ERR_DOMAIN, "%s: missing; wanted %s", given->name, shape_of(given, shape)));
    require_plane(r, step, shape_of(given, shape));
    return step;
}

int record_matrix(struct recorder *r, const struct given *given, int of)
{
    int step = record_given(r, given);
    if (step == NO_STEP || of == NO_STEP)
        return step;
    char columns[SHAPE_NAMES];
    snprintf(columns, sizeof columns, "columns of %s (%s)",
             given->columns_of ? given->columns_of : r->tape->steps[of].spec.name, given->rows);
    require_rows(r, step, recorded_size(r, of, AXIS_COL), columns);
    return step;
}

int record_row(struct recorder *r, const struct given *given, int of)
{
    int step = record_given(r, given);
    require_vector(r, step, of);
    return step;
}

static int record_bias(struct recorder *r, const struct linear *linear, int w)
{
    struct given b = linear->b;
    b.rows = b.rows ? b.rows : ALL_WORDS;
    b.cols = b.cols ? b.cols : linear->w.cols;
    return record_row(r, &b, w);
}

int record_linear_by(struct recorder *r, int x, int w, const struct linear *linear, const struct step_spec *step)
{
    if (!linear->b.name || (linear->b_optional && !record_has(r, linear->b.name)))
        return record_op(r, step, OP_MATMUL, x, w);
    struct step_spec product = step_called(step, linear->sum_before, linear->symbol_before), sum = *step;
    product.variant = "before_bias";
    sum.variant = "with_bias";
    int b = linear->b_first ? record_bias(r, linear, w) : NO_STEP;
    int xw = record_op(r, &product, OP_MATMUL, x, w);
    if (!linear->b_first)
        b = record_bias(r, linear, w);
    return record_op(r, &sum, OP_ADD, xw, b);
}

int record_linear(struct recorder *r, int x, const struct linear *linear, const struct step_spec *step)
{
    return record_linear_by(r, x, record_matrix(r, &linear->w, x), linear, step);
}
