#include "core/ops/ops.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct op_info op_input = {.name = "input", .formula = ""};

#define DECLARE(id, op) extern const struct op_info op_##op;
OPS_COMPUTED(DECLARE)
#define ADDRESS(id, op) [OP_##id] = &op_##op,
const struct op_info *const op_table[] = {[OP_INPUT] = &op_input, OPS_COMPUTED(ADDRESS)};

struct qkv_err shapes_disagree(const struct op_call *call, const char *what, ...)
{
    char left[TENSOR_SHAPE_TEXT], right[TENSOR_SHAPE_TEXT], text[160];
    va_list args;
    va_start(args, what);
    vsnprintf(text, sizeof text, what, args);
    va_end(args);
    tensor_shape_text(call->in[0], left);
    if (!call->in[1])
        return qkv_errf(QKV_ERR_SHAPE, "%s: %s", left, text);
    return qkv_errf(QKV_ERR_SHAPE, "%s and %s: %s", left, tensor_shape_text(call->in[1], right), text);
}

void axes_of(const struct tensor *t, struct axis ret[AXES])
{
    memcpy(ret, t->axis, sizeof t->axis);
}

bool one_per_row(const struct tensor *t, const struct tensor *of)
{
    return heads_of(t) == heads_of(of) && rows_of(t) == rows_of(of) && cols_of(t) == 1;
}

bool one_row(const struct tensor *t, size_t cols)
{
    return heads_of(t) == 1 && rows_of(t) == 1 && cols_of(t) == cols;
}

struct qkv_err shape_first(const struct op_call *call, struct axis ret[AXES])
{
    axes_of(call->in[0], ret);
    return (struct qkv_err){0};
}

struct qkv_err shape_same(const struct op_call *call, struct axis ret[AXES])
{
    if (!tensor_same_shape(call->in[0], call->in[1]))
        return shapes_disagree(call, "both must have the same shape");
    return shape_first(call, ret);
}

struct qkv_err shape_pair(const struct op_call *call, struct axis ret[AXES])
{
    const struct tensor *a = call->in[0], *b = call->in[1];
    if ((heads_of(b) != 1 && heads_of(b) != heads_of(a)) || (rows_of(b) != 1 && rows_of(b) != rows_of(a)) ||
        cols_of(b) != cols_of(a))
        return shapes_disagree(call, "the right must have the left's shape (its heads and its rows may be 1)");
    return shape_first(call, ret);
}

struct qkv_err shape_per_row(const struct op_call *call, struct axis ret[AXES])
{
    if (!one_per_row(call->in[1], call->in[0]))
        return shapes_disagree(call, "the right must have one number for each row of the left");
    return shape_first(call, ret);
}

struct axis axis_of_head(const struct axis *axis, size_t h)
{
    struct axis seen = *axis;
    if (seen.labels)
        seen.labels += h * seen.labels_per_head;
    seen.labels_per_head = 0;
    return seen;
}

void explain_text(struct explanation *e, const char *text, ...)
{
    va_list args;
    va_start(args, text);
    vsnprintf(e->term_text, sizeof e->term_text, text, args);
    va_end(args);
}

void explain_as(struct explanation *e, const char *text, enum explain_note note)
{
    if (text)
        explain_text(e, "%s", text);
    e->note = note;
}

void explain_note(struct explanation *e, enum explain_note note, const char *format, ...)
{
    char numbers[sizeof e->number], *rest = numbers;
    va_list args;
    va_start(args, format);
    vsnprintf(numbers, sizeof numbers, format, args);
    va_end(args);
    e->note = note;
    for (int i = 0; i < note_table[note].n_numbers; i++)
        snprintf(e->number[i], sizeof e->number[i], "%s", strtok_r(rest, " ", &rest));
}

struct qkv_err explain_one(struct explanation *e, const char *text, enum explain_note note, int n,
                           const struct cell cells[])
{
    explain_as(e, text, note);
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

/* The text of the terms, with what stands for %s. */
static void write_text(const struct terms *t, const struct op_call *call, size_t count, struct explanation *e)
{
    char number[32];
    const char *gap = strstr(t->text, "%s");
    if (gap && t->fold == FOLD_NONE)
        constant_text(call, number, sizeof number);
    else
        snprintf(number, sizeof number, "%zu", count);
    if (gap)
        explain_text(e, "%.*s%s%s", (int)(gap - t->text), t->text, number, gap + 2);
    else
        explain_text(e, "%s", t->text);
}

void clear_fresh(const struct op_call *call, struct tensor *const grad_in[])
{
    for (int k = 0; k < OP_INPUTS_MAX; k++)
        if (call->fresh & 1u << k && grad_in[k])
            memset(grad_in[k]->v, 0, tensor_cells(grad_in[k]) * sizeof *grad_in[k]->v);
}

struct qkv_err terms_explain(const struct terms *t, const struct op_call *call, struct term_place at,
                             struct explanation *ret)
{
    struct cell cell[EXPLAIN_CELLS_MAX];
    double x[EXPLAIN_CELLS_MAX];
    size_t n = terms_count(t, call, at);
    ret->fold = t->fold;
    if (t->fold != FOLD_NONE)
        ret->along = t->along ? t->along(call, at) : axis_of_head(&call->in[0]->axis[AXIS_COL], at.h);
    if (t->text)
        write_text(t, call, n, ret);
    struct qkv_err err = {0};
    for (; at.i < n && !err.code; at.i++) {
        terms_read(t, call, at, cell, x);
        if (at.i == 0 && t->explain)
            t->explain(call, at, x, ret);
        err = explanation_add(ret, at.i, t->n, cell);
    }
    return err;
}

struct op_cost cost_of(const struct op_call *call, int n, const struct tensor *out, double flops)
{
    struct op_cost cost = {.flops = flops, .written = 8 * (double)tensor_cells(out)};
    for (int i = 0; i < n; i++)
        cost.read += 8 * (double)tensor_cells(call->in[i]);
    return cost;
}

struct op_cost terms_cost(const struct terms *t, const struct op_call *call, const struct tensor *out)
{
    double count = (double)terms_count(t, call, (struct term_place){0});
    struct op_cost cost = cost_of(call, t->operands ? t->operands : t->n, out,
                                  (double)tensor_cells(out) * (count * t->operations + count - 1));
    for (int i = 0; i < t->n; i++)
        if (t->one_row & 1u << i)
            cost.read -=
                8 * (double)heads_of(call->in[i]) * (double)(rows_of(call->in[i]) - 1) * (double)cols_of(call->in[i]);
    return cost;
}
