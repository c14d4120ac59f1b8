/* activation.c: functions of one number, cell by cell. */
#include "core/ops/ops.h"

#include <math.h>
#include <stdio.h>

/* What is known of a function of one number. `explain` must give what `value` gives, to the last bit. */
struct function {
    double (*value)(double x);
    double (*slope)(double x);
    const char *(*explain)(double x);
    double operations; /* of its explanation */
};

static void function_forward(const struct function *f, const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    *tensor_at(out, h, r, c) = f->value(*tensor_at(call->in[0], h, r, c));
}

static void function_backward(const struct function *f, const struct op_call *call, const struct tensor *grad_out,
                              struct tensor *const grad_in[])
{
    for (size_t i = 0; grad_in[0] && i < tensor_cells(grad_out); i++)
        grad_in[0]->v[i] += grad_out->v[i] * f->slope(call->in[0]->v[i]);
}

static struct qkv_err function_explain(const struct function *f, const struct op_call *call, size_t h, size_t r,
                                       size_t c, struct explanation *ret)
{
    struct cell cell = {0, h, r, c};
    return explain_one(ret, f->explain(*tensor_at(call->in[0], h, r, c)), "", 1, &cell);
}

static double sigmoid_value(double x)
{
    return 1 / (1 + exp(-x));
}

static double sigmoid_slope(double x)
{
    double y = sigmoid_value(x);
    return y * (1 - y);
}

static const char *sigmoid_text(double x)
{
    (void)x;
    return "sigmoid(a)";
}

static double tanh_slope(double x)
{
    double y = tanh(x);
    return 1 - y * y;
}

static const char *tanh_text(double x)
{
    (void)x;
    return "tanh(a)";
}

static double relu_value(double x)
{
    return x > 0 ? x : 0;
}

static double relu_slope(double x)
{
    return x > 0;
}

static const char *relu_text(double x)
{
    (void)x;
    return "relu(a)";
}

/* elu(x) + 1: positive everywhere (Katharopoulos et al. 2020, equation 7). */
static double elu1_value(double x)
{
    return x > 0 ? x + 1 : exp(x);
}

static double elu1_slope(double x)
{
    return x > 0 ? 1 : exp(x);
}

static const char *elu1_text(double x)
{
    return x > 0 ? "a + 1" : "exp(a)";
}

static double silu_value(double x)
{
    return x * sigmoid_value(x);
}

static double silu_slope(double x)
{
    double s = sigmoid_value(x);
    return s + x * s * (1 - s);
}

static const char *silu_text(double x)
{
    (void)x;
    return "a * sigmoid(a)";
}

/* x times the share of a normal distribution that lies below x (Hendrycks and Gimpel 2016), without approximation. */
static double gelu_value(double x)
{
    return x * (1 + erf(x / sqrt(2))) / 2;
}

static double gelu_slope(double x)
{
    const double root_of_two_pi = 2.506628274631000502;
    return (1 + erf(x / sqrt(2))) / 2 + x * exp(-x * x / 2) / root_of_two_pi;
}

static const char *gelu_text(double x)
{
    (void)x;
    return "a * (1 + erf(a / sqrt(2))) / 2";
}

static const struct function sigmoid_function = {sigmoid_value, sigmoid_slope, sigmoid_text, 1},
                             tanh_function = {tanh, tanh_slope, tanh_text, 1},
                             relu_function = {relu_value, relu_slope, relu_text, 1},
                             elu1_function = {elu1_value, elu1_slope, elu1_text, 1},
                             silu_function = {silu_value, silu_slope, silu_text, 2},
                             gelu_function = {gelu_value, gelu_slope, gelu_text, 5};

#define FUNCTION(op)                                                                                                   \
    struct qkv_err op##_shape(const struct op_call *call, struct axis ret[AXES])                                       \
    {                                                                                                                  \
        axes_of(call->in[0], ret);                                                                                     \
        return (struct qkv_err){0};                                                                                    \
    }                                                                                                                  \
    void op##_forward(const struct op_call *call, struct tensor *out)                                                  \
    {                                                                                                                  \
        function_forward(&op##_function, call, out);                                                                   \
    }                                                                                                                  \
    void op##_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,            \
                       struct tensor *const grad_in[])                                                                 \
    {                                                                                                                  \
        (void)out;                                                                                                     \
        function_backward(&op##_function, call, grad_out, grad_in);                                                    \
    }                                                                                                                  \
    struct qkv_err op##_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)     \
    {                                                                                                                  \
        return function_explain(&op##_function, call, h, r, c, ret);                                                   \
    }                                                                                                                  \
    struct op_cost op##_cost(const struct op_call *call, const struct tensor *out)                                     \
    {                                                                                                                  \
        return cost_of(call, 1, out, op##_function.operations * (double)tensor_cells(out));                            \
    }

FUNCTION(sigmoid)
FUNCTION(tanh)
FUNCTION(relu)
FUNCTION(elu1)
FUNCTION(silu)
FUNCTION(gelu)

/* The gated linear unit (Dauphin et al. 2017): the second half of the columns says what of the first passes. */
struct qkv_err glu_shape(const struct op_call *call, struct axis ret[AXES])
{
    if (cols_of(call->in[0]) % 2 != 0)
        return shapes_disagree(call, "the columns must come in two halves");
    axes_of(call->in[0], ret);
    ret[AXIS_COL].size /= 2;
    if (ret[AXIS_COL].labels_per_head)
        ret[AXIS_COL].labels = NULL;
    return (struct qkv_err){0};
}

void glu_forward(const struct op_call *call, struct tensor *out)
{
    FOR_PART(call, out, h, r, c)
    {
        const double *row = tensor_at(call->in[0], h, r, 0);
        *tensor_at(out, h, r, c) = row[c] * sigmoid_value(row[c + cols_of(out)]);
    }
}

void glu_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                  struct tensor *const grad_in[])
{
    FOR_CELLS(out, h, r, c)
    {
        const double *row = tensor_at(call->in[0], h, r, 0);
        double g = *tensor_at(grad_out, h, r, c), gate = row[c + cols_of(out)];
        if (!grad_in[0])
            continue;
        *tensor_at(grad_in[0], h, r, c) += g * sigmoid_value(gate);
        *tensor_at(grad_in[0], h, r, c + cols_of(out)) += g * row[c] * sigmoid_slope(gate);
    }
}

struct qkv_err glu_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret)
{
    size_t half = cols_of(call->in[0]) / 2;
    return explain_one(ret, "a * sigmoid(b)", "", 2, (struct cell[]){{0, h, r, c}, {0, h, r, c + half}});
}

struct op_cost glu_cost(const struct op_call *call, const struct tensor *out)
{
    return cost_of(call, 1, out, 2 * (double)tensor_cells(out));
}
