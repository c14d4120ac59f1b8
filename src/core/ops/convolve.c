/* convolve.c: a window slides over the tokens. As in the field, "convolution" does not turn the window around
 * (cross-correlation). The window has a middle, so its width is odd; beyond the ends there are zeros. */
#include "core/ops/ops.h"

#include <stdio.h>

/* The window's places 0..width-1 that lie inside a line of n positions when its middle stands at `at`. */
struct span {
    size_t first, end;
    size_t start; /* the position on the line of the first of them */
};

static struct span window_at(size_t at, size_t n, size_t width)
{
    size_t half = (width - 1) / 2;
    struct span s = {.first = at < half ? half - at : 0, .start = at < half ? 0 : at - half};
    size_t end = s.start + (width - s.first) < n ? s.start + (width - s.first) : n;
    s.end = s.first + (end - s.start);
    return s;
}

static struct qkv_err require_window(const struct op_call *call)
{
    const struct tensor *window = call->in[1];
    if (heads_of(call->in[0]) != 1 || heads_of(window) != 1)
        return shapes_disagree(call, "both must have one plane");
    if (cols_of(window) % 2 == 0)
        return shapes_disagree(call, "the width of the window, the columns of the right, must be odd: it has a middle");
    return (struct qkv_err){0};
}

/* The terms run along the positions that the window covers: named where they have labels. */
static struct axis covered(const struct axis *line, struct span s)
{
    struct axis along = axis_of_head(line, 0);
    along.size = s.end - s.first;
    if (along.labels)
        along.labels += s.start;
    return along;
}

static struct qkv_err explain_window(const struct op_call *call, const struct axis *line, struct span s, bool row,
                                     size_t c, struct explanation *ret)
{
    ret->fold = FOLD_SUM;
    ret->along = covered(line, s);
    snprintf(ret->term_text, sizeof ret->term_text, "a * b");
    if (ret->along.size < cols_of(call->in[1]))
        snprintf(ret->note, sizeof ret->note, "beyond the end there is nothing: the rest of the window counts 0");
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < s.end - s.first; i++) {
        struct cell from = row ? (struct cell){0, 0, 0, s.start + i} : (struct cell){0, 0, s.start + i, c};
        err = explanation_add(ret, i, 2, (struct cell[]){from, {1, 0, c, s.first + i}});
    }
    return err;
}

/* n positions, each with `channels` windows: what the windows at all positions take together. */
static struct op_cost window_cost(const struct op_call *call, const struct tensor *out, size_t n, size_t channels)
{
    size_t width = cols_of(call->in[1]), products = 0, used = 0;
    for (size_t t = 0; t < n; t++) {
        struct span s = window_at(t, n, width);
        products += s.end - s.first;
    }
    for (size_t w = 0; w < width; w++) {
        size_t half = (width - 1) / 2, away = w > half ? w - half : half - w;
        used += away < n; /* else it lies beyond the ends wherever the window stands */
    }
    double flops = (2 * (double)products - (double)n) * (double)channels;
    struct op_cost cost = cost_of(call, 1, out, flops);
    cost.read += 8 * (double)(used * channels);
    return cost;
}

struct qkv_err depthwise_shape(const struct op_call *call, struct axis ret[AXES])
{
    if (cols_of(call->in[0]) != rows_of(call->in[1]))
        return shapes_disagree(call, "there must be a window, a row of the right, for each column of the left");
    axes_of(call->in[0], ret);
    return require_window(call);
}

void depthwise_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    {
        struct span s = window_at(r, rows_of(out), cols_of(call->in[1]));
        double sum = *tensor_at(call->in[0], 0, s.start, c) * *tensor_at(call->in[1], 0, c, s.first);
        for (size_t i = 1; i < s.end - s.first; i++)
            sum += *tensor_at(call->in[0], 0, s.start + i, c) * *tensor_at(call->in[1], 0, c, s.first + i);
        *tensor_at(out, h, r, c) = sum;
    }
}

void depthwise_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                        struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    {
        struct span s = window_at(r, rows_of(out), cols_of(call->in[1]));
        double g = *tensor_at(grad_out, h, r, c);
        for (size_t i = 0; i < s.end - s.first; i++) {
            if (grad_in[0])
                *tensor_at(grad_in[0], 0, s.start + i, c) += g * *tensor_at(call->in[1], 0, c, s.first + i);
            if (grad_in[1])
                *tensor_at(grad_in[1], 0, c, s.first + i) += g * *tensor_at(call->in[0], 0, s.start + i, c);
        }
    }
}

struct qkv_err depthwise_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    (void)h;
    const struct axis *line = &call->in[0]->axis[AXIS_ROW];
    return explain_window(call, line, window_at(r, line->size, cols_of(call->in[1])), false, c, ret);
}

struct op_cost depthwise_cost(const struct op_call *call, const struct tensor *out)
{
    return window_cost(call, out, rows_of(out), cols_of(out));
}

struct qkv_err convolve_row_shape(const struct op_call *call, struct axis ret[AXES])
{
    if (rows_of(call->in[0]) != 1)
        return shapes_disagree(call, "the left must be one row");
    ret[AXIS_HEAD] = axis_numbered(1, "heads");
    ret[AXIS_ROW] = call->in[0]->axis[AXIS_COL];
    ret[AXIS_COL] = call->in[1]->axis[AXIS_ROW];
    return require_window(call);
}

void convolve_row_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    {
        struct span s = window_at(r, rows_of(out), cols_of(call->in[1]));
        const double *row = tensor_at(call->in[0], 0, 0, s.start), *window = tensor_at(call->in[1], 0, c, s.first);
        double sum = row[0] * window[0];
        for (size_t i = 1; i < s.end - s.first; i++)
            sum += row[i] * window[i];
        *tensor_at(out, h, r, c) = sum;
    }
}

void convolve_row_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                           struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    {
        struct span s = window_at(r, rows_of(out), cols_of(call->in[1]));
        double g = *tensor_at(grad_out, h, r, c);
        for (size_t i = 0; i < s.end - s.first; i++) {
            if (grad_in[0])
                *tensor_at(grad_in[0], 0, 0, s.start + i) += g * *tensor_at(call->in[1], 0, c, s.first + i);
            if (grad_in[1])
                *tensor_at(grad_in[1], 0, c, s.first + i) += g * *tensor_at(call->in[0], 0, 0, s.start + i);
        }
    }
}

struct qkv_err convolve_row_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    (void)h;
    const struct axis *line = &call->in[0]->axis[AXIS_COL];
    return explain_window(call, line, window_at(r, line->size, cols_of(call->in[1])), true, c, ret);
}

struct op_cost convolve_row_cost(const struct op_call *call, const struct tensor *out)
{
    return window_cost(call, out, rows_of(out), cols_of(out));
}
