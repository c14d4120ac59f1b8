/* cellwise.c: operations cell by cell: sums, products, masks and switches, and functions of one number. */
#include "core/kernels.h"
#include "core/ops/ops.h"

/* ---- sums and products ---- */

VALUE(add, x[0] + x[1])
SLOPES(add, d[0] = g, d[1] = g)
OP_OF_TERMS(add, 2, "{0} + {1}", shape_pair, .n = 2, .cells = cells_pair, .text = "a + b", .operations = 1);

VALUE(subtract, x[0] - x[1])
SLOPES(subtract, d[0] = g, d[1] = -g)
OP_OF_TERMS(subtract, 2, "{0} - {1}", shape_pair, .n = 2, .cells = cells_pair, .text = "a - b", .operations = 1);

VALUE(multiply, x[0] * x[1])
SLOPES(multiply, d[0] = g * x[1], d[1] = g * x[0])
OP_OF_TERMS(multiply, 2, "{0} ⊙ {1}", shape_pair, .n = 2, .cells = cells_pair, .text = "a * b", .operations = 1);

static struct qkv_err divide_shape(const struct op_call *call, struct axis ret[AXES])
{
    if (call->number == 0 || !isfinite(call->number))
        return qkv_errf(QKV_ERR_DOMAIN, "cannot divide by %g", call->number);
    return shape_first(call, ret);
}

EXPLAIN(divide)
{
    if (x[0] == -INFINITY)
        explain_as(ret, NULL, NOTE_STAYS_BLOCKED);
}

VALUE(divide, x[0] / call->number)
SLOPES(divide, d[0] = g / call->number)
TERMS(divide, .n = 1, .text = "a / %s", .operations = 1, .explain = divide_says)
FORWARD(divide)
{
    size_t cols = cols_of(out), first = call->part ? call->part->first : 0,
           end = call->part ? call->part->end : heads_of(out) * rows_of(out);
    kernels_best()->divide(&call->in[0]->v[first * cols], call->number, &out->v[first * cols], (end - first) * cols);
}

BACKWARD(divide)
{
    if (grad_in[0])
        kernels_best()->add_quotients(grad_out->v, call->number, call->fresh, grad_in[0]->v, tensor_cells(out));
}

EXPLAIN_OF_TERMS(divide)
COST_OF_TERMS(divide)
OP_ROW(divide, 1, "{0} / {n}", divide_shape, .by_row = 1, .sets = 1);

VALUE(add_number, x[0] + call->number)
SLOPES(add_number, d[0] = g)
OP_OF_TERMS(add_number, 1, "{0} + {n}", shape_first, .n = 1, .text = "a + %s", .operations = 1);

VALUE(copy, x[0])
SLOPES(copy, d[0] = g)
OP_OF_TERMS(copy, 1, "{0}", shape_first, .n = 1, .text = "a");

/* ---- what joins more than two ---- */

SHAPE_UNLESS(lerp, !tensor_same_shape(b, a) || !tensor_same_shape(c, a),
             "the gate and what it mixes must have the same shape")

VALUE(lerp, x[0] * x[1] + (1 - x[0]) * x[2])
SLOPES(lerp, d[0] = g * (x[1] - x[2]), d[1] = g * x[0], d[2] = g * (1 - x[0]))
OP_OF_TERMS(lerp, 3, "{0} ⊙ {1} + (1 - {0}) ⊙ {2}", lerp_shape, .n = 3, .text = "a * b + (1 - a) * c", .operations = 4);

/* A * R + B: a number of R for each row, as tiles bring their sums to a new maximum. */
SHAPE_UNLESS(rescaled_sum, !one_per_row(b, a) || !tensor_same_shape(c, a),
             "wanted A [h, n, d], one number for each row of A, and B like A")

CELLS(rescaled_sum_cells, {0, at.h, at.r, at.c}, {1, at.h, at.r, 0}, {2, at.h, at.r, at.c})
VALUE(rescaled_sum, x[0] * x[1] + x[2])
SLOPES(rescaled_sum, d[0] = g * x[1], d[1] = g * x[0], d[2] = g)
OP_OF_TERMS(rescaled_sum, 3, "{y}_ij = {1}_i {0}_ij + {2}_ij", rescaled_sum_shape, .n = 3, .cells = rescaled_sum_cells,
            .text = "a * b + c", .operations = 2);

/* gamma and beta: one number for each column, the same for all rows. */
SHAPE_UNLESS(affine, !one_row(b, cols_of(a)) || !one_row(c, cols_of(a)),
             "factors and summands must be one row, a number for each column of the left")

CELLS(affine_cells, {0, at.h, at.r, at.c}, {1, 0, 0, at.c}, {2, 0, 0, at.c})
VALUE(affine, x[0] * x[1] + x[2])
SLOPES(affine, d[0] = g * x[1], d[1] = g * x[0], d[2] = g)
OP_OF_TERMS(affine, 3, "{1} ⊙ {0} + {2}", affine_shape, .n = 3, .cells = affine_cells, .text = "a * b + c",
            .operations = 2);

/* ---- masks and switches: what only switches has the slope 0 wherever it has one, so nothing flows back to it ---- */

SHAPE_UNLESS(mask,
             (heads_of(b) != 1 && heads_of(b) != heads_of(a)) || rows_of(b) != rows_of(a) || cols_of(b) != cols_of(a),
             "the mask must have the scores' shape (its heads may be 1)")

EXPLAIN(mask)
{
    explain_as(ret, NULL, x[1] != 0 ? NOTE_MASK_KEEPS : NOTE_MASK_BLOCKS);
}

VALUE(mask, x[1] != 0 ? x[0] : -INFINITY)
SLOPES(mask, d[0] = x[1] != 0 ? g : 0)
TERMS(mask, .n = 2, .cells = cells_pair, .text = "mask(a, b)", .explain = mask_says)
FORWARD_OF_TERMS(mask)
BACKWARD_OF_TERMS(mask)
EXPLAIN_OF_TERMS(mask)
COST_OF_TERMS(mask)
OP_ROW(mask, 2, "{y}_ij = {0}_ij if {1}_ij = 1, else -inf", mask_shape, .blocks = true, .by_row = 3);

EXPLAIN(logical_or)
{
    explain_as(ret, NULL,
               x[0] != 0 && x[1] != 0 ? NOTE_OPEN_IN_BOTH
               : x[0] != 0            ? NOTE_OPEN_IN_FIRST
               : x[1] != 0            ? NOTE_OPEN_IN_SECOND
                                      : NOTE_OPEN_IN_NEITHER);
}

VALUE(logical_or, x[1] > x[0] ? x[1] : x[0])
NO_SLOPES(logical_or)
OP_OF_TERMS(logical_or, 2, "{0} or {1}", shape_same, .n = 2, .text = "max(a, b)", .operations = 1,
            .explain = logical_or_says);

/* At a tie the first gets it all: one of the derivatives that there are. */
VALUE(maximum, x[1] > x[0] ? x[1] : x[0])
SLOPES(maximum, d[x[1] > x[0]] = y != -INFINITY ? g : 0)
OP_OF_TERMS(maximum, 2, "{y}_ij = max({0}_ij, {1}_ij)", shape_same, .n = 2, .text = "max(a, b)", .operations = 1);

/* Training needs an estimate in the place of its slope (straight-through), which is no derivative. */
EXPLAIN(greater_than)
{
    bool above = x[0] > call->number;
    constant_text(call, ret->number[0], sizeof ret->number[0]);
    explain_as(ret, above ? "1" : "0", above ? NOTE_SWITCHED_ON : NOTE_SWITCHED_OFF);
}

VALUE(greater_than, x[0] > call->number)
NO_SLOPES(greater_than)
COST(greater_than) /* its text is a number: the comparison is none of its operations */
{
    return cost_of(call, 1, out, (double)tensor_cells(out));
}
OP_OF_TERMS_AND_COST(greater_than, 1, "{y}_h = 1 if {0}_h > {n}, else 0", shape_first, .n = 1,
                     .explain = greater_than_says);

SHAPE_UNLESS(gate_heads, !one_row(b, heads_of(a)), "the right must have one number for each head of the left")

EXPLAIN(gate_heads)
{
    if (x[1] == 0)
        explain_as(ret, NULL, NOTE_HEAD_OFF);
}

CELLS(gate_heads_cells, {0, at.h, at.r, at.c}, {1, 0, 0, at.h})
VALUE(gate_heads, x[0] * x[1])
SLOPES(gate_heads, d[0] = g * x[1], d[1] = g * x[0])
OP_OF_TERMS(gate_heads, 2, "{1}_h {0}", gate_heads_shape, .n = 2, .cells = gate_heads_cells, .text = "a * b",
            .operations = 1, .explain = gate_heads_says);

/* ---- functions of one number ---- */

INLINE double sigmoid(double x)
{
    return 1 / (1 + exponential(-x));
}

INLINE double sigmoid_slope(double x)
{
    double y = sigmoid(x);
    return y * (1 - y);
}

VALUE(sigmoid, sigmoid(x[0]))
SLOPES(sigmoid, d[0] = g * sigmoid_slope(x[0]))
OP_OF_TERMS(sigmoid, 1, "sigmoid({0})", shape_first, .n = 1, .text = "sigmoid(a)", .operations = 1);

VALUE(tanh, tanh(x[0]))
SLOPES(tanh, double bent = tanh(x[0]); d[0] = g * (1 - bent * bent))
OP_OF_TERMS(tanh, 1, "tanh({0})", shape_first, .n = 1, .text = "tanh(a)", .operations = 1);

VALUE(relu, x[0] > 0 ? x[0] : 0)
SLOPES(relu, d[0] = g * (x[0] > 0))
OP_OF_TERMS(relu, 1, "relu({0})", shape_first, .n = 1, .text = "relu(a)", .operations = 1);

/* elu(x) + 1: positive everywhere (Katharopoulos et al. 2020, equation 7). */
EXPLAIN(elu1)
{
    explain_text(ret, "%s", x[0] > 0 ? "a + 1" : "exp(a)");
}

VALUE(elu1, x[0] > 0 ? x[0] + 1 : exponential(x[0]))
SLOPES(elu1, d[0] = g * (x[0] > 0 ? 1 : exponential(x[0])))
OP_OF_TERMS(elu1, 1, "elu({0}) + 1", shape_first, .n = 1, .operations = 1, .explain = elu1_says);

VALUE(silu, x[0] * sigmoid(x[0]))
SLOPES(silu, double s = sigmoid(x[0]); d[0] = g * (s + x[0] * s * (1 - s)))
OP_OF_TERMS(silu, 1, "silu({0})", shape_first, .n = 1, .text = "a * sigmoid(a)", .operations = 2);

/* x times the share of a normal distribution that lies below x (Hendrycks and Gimpel 2016), without approximation. */
INLINE double gelu_slope(double x)
{
    const double root_of_two_pi = 2.506628274631000502;
    return (1 + erf(x / sqrt(2))) / 2 + x * exponential(-x * x / 2) / root_of_two_pi;
}

VALUE(gelu, x[0] * (1 + erf(x[0] / sqrt(2))) / 2)
SLOPES(gelu, d[0] = g * gelu_slope(x[0]))
OP_OF_TERMS(gelu, 1, "gelu({0})", shape_first, .n = 1, .text = "a * (1 + erf(a / sqrt(2))) / 2", .operations = 5);

/* The gated linear unit (Dauphin et al. 2017): the second half of the columns says what of the first passes. */
SHAPE(glu, cols_of(a) % 2 != 0, "the columns must come in two halves", struct axis *cols = &ret[AXIS_COL];
      cols->size /= 2; cols->labels = cols->labels_per_head ? NULL : cols->labels)

CELLS(glu_cells, {0, at.h, at.r, at.c}, {0, at.h, at.r, at.c + cols_of(call->in[0]) / 2})
VALUE(glu, x[0] * sigmoid(x[1]))
SLOPES(glu, d[0] = g * sigmoid(x[1]), d[1] = g * x[0] * sigmoid_slope(x[1]))
OP_OF_TERMS(glu, 1, "{0}_(:,{first half}) ⊙ sigmoid({0}_(:,{second half}))", glu_shape, .n = 2, .operands = 1,
            .cells = glu_cells, .text = "a * sigmoid(b)", .operations = 2);
