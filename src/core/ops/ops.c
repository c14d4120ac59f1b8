#include "core/ops/ops.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t heads_of(const struct tensor *t)
{
    return t->axis[AXIS_HEAD].size;
}

size_t rows_of(const struct tensor *t)
{
    return t->axis[AXIS_ROW].size;
}

size_t cols_of(const struct tensor *t)
{
    return t->axis[AXIS_COL].size;
}

struct qkv_err shapes_disagree(const struct op_call *call, const char *what)
{
    char left[TENSOR_SHAPE_TEXT], right[TENSOR_SHAPE_TEXT];
    tensor_shape_text(call->in[0], left);
    if (!call->in[1])
        return qkv_errf(QKV_ERR_SHAPE, "%s: %s", left, what);
    return qkv_errf(QKV_ERR_SHAPE, "%s and %s: %s", left, tensor_shape_text(call->in[1], right), what);
}

void axes_of(const struct tensor *t, struct axis ret[AXES])
{
    memcpy(ret, t->axis, sizeof t->axis);
}

struct axis axis_of_head(const struct axis *axis, size_t h)
{
    struct axis seen = *axis;
    if (seen.labels)
        seen.labels += h * seen.labels_per_head;
    seen.labels_per_head = 0;
    return seen;
}

struct qkv_err explain_one(struct explanation *e, const char *text, const char *note, int n, const struct cell cells[])
{
    snprintf(e->term_text, sizeof e->term_text, "%s", text);
    snprintf(e->note, sizeof e->note, "%s", note);
    return explanation_add(e, 0, n, cells);
}

void constant_text(const struct op_call *call, char *buffer, size_t size)
{
    double x = call->number, square = rint(x * x);
    if (call->written && strncmp(call->written, "sqrt(", 5) == 0 && sqrt(square) == x) {
        snprintf(buffer, size, "sqrt(%.0f)", square);
        return;
    }
    /* The shortest text that is read back as the same number. */
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(buffer, size, "%.*g", digits, x);
        if (strtod(buffer, NULL) == x)
            return;
    }
}

struct op_cost cost_of(const struct op_call *call, int n, const struct tensor *out, double flops)
{
    struct op_cost cost = {.flops = flops, .written = 8 * (double)tensor_cells(out)};
    for (int i = 0; i < n; i++)
        cost.read += 8 * (double)tensor_cells(call->in[i]);
    return cost;
}
