/* ops.h: what the families of operations share, and the functions that op_table.c gathers. */
#ifndef QKV_CORE_OPS_OPS_H
#define QKV_CORE_OPS_OPS_H

#include "core/op.h"

/* The five functions of an op's row. */
#define OP_FUNCTIONS(op)                                                                                               \
    struct qkv_err op##_shape(const struct op_call *call, struct axis ret[AXES]);                                      \
    void op##_forward(const struct op_call *call, struct tensor *out);                                                 \
    void op##_backward(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,            \
                       struct tensor *const grad_in[]);                                                                \
    struct qkv_err op##_explain(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret);    \
    struct op_cost op##_cost(const struct op_call *call, const struct tensor *out);

OP_FUNCTIONS(matmul)
OP_FUNCTIONS(matmul_t)
OP_FUNCTIONS(multiply)
OP_FUNCTIONS(add)
OP_FUNCTIONS(subtract)
OP_FUNCTIONS(divide)
OP_FUNCTIONS(split_heads)
OP_FUNCTIONS(concat_heads)
OP_FUNCTIONS(mask)
OP_FUNCTIONS(row_max)
OP_FUNCTIONS(exp_shifted)
OP_FUNCTIONS(row_sum)
OP_FUNCTIONS(divide_rows)
OP_FUNCTIONS(additive)
OP_FUNCTIONS(additive_linear)
OP_FUNCTIONS(hard)
OP_FUNCTIONS(support)
OP_FUNCTIONS(sparse_threshold)
OP_FUNCTIONS(above)
OP_FUNCTIONS(column_mean)
OP_FUNCTIONS(open)
OP_FUNCTIONS(gate_heads)
OP_FUNCTIONS(either)
OP_FUNCTIONS(maximum)
OP_FUNCTIONS(rescaled_sum)
OP_FUNCTIONS(rows)
OP_FUNCTIONS(append_rows)
OP_FUNCTIONS(view)
OP_FUNCTIONS(transpose)
OP_FUNCTIONS(sinusoids)
OP_FUNCTIONS(rope)
OP_FUNCTIONS(relative_bias)
OP_FUNCTIONS(by_distance)
OP_FUNCTIONS(alibi)
OP_FUNCTIONS(sigmoid)
OP_FUNCTIONS(tanh)
OP_FUNCTIONS(relu)
OP_FUNCTIONS(elu1)
OP_FUNCTIONS(silu)
OP_FUNCTIONS(gelu)
OP_FUNCTIONS(add_number)
OP_FUNCTIONS(blend)
OP_FUNCTIONS(row_mean)
OP_FUNCTIONS(row_variance)
OP_FUNCTIONS(standardise)
OP_FUNCTIONS(affine)
OP_FUNCTIONS(half_squares)
OP_FUNCTIONS(add_row)
OP_FUNCTIONS(tanh_add_row)
OP_FUNCTIONS(row_matmul)
OP_FUNCTIONS(add_outer)
OP_FUNCTIONS(copy)
OP_FUNCTIONS(glu)
OP_FUNCTIONS(depthwise)
OP_FUNCTIONS(convolve_row)

/* An axis's size, shortly. */
size_t heads_of(const struct tensor *t);
size_t rows_of(const struct tensor *t);
size_t cols_of(const struct tensor *t);

/* "the left [1, 2, 3] and the right [1, 4, 5]: WHAT", as QKV_ERR_SHAPE. */
QKV_CHECKED struct qkv_err shapes_disagree(const struct op_call *call, const char *what);

/* The axes of an operand, unchanged. */
void axes_of(const struct tensor *t, struct axis ret[AXES]);

/* The labels that head h sees, for explanation.along. */
struct axis axis_of_head(const struct axis *axis, size_t h);

/* An explanation of one term whose letters are these cells. */
QKV_CHECKED struct qkv_err explain_one(struct explanation *e, const char *text, const char *note, int n,
                                       const struct cell cells[]);

/* "heads*d_k" -> "d_k" and back: what the columns of one head are called, and those of all. Other names stay. */
const char *column_name_of_one(const char *all);
const char *column_name_of_all(const char *one);

/* How the call's constant is written in arithmetic: "3.5", or "sqrt(2)" where it is that root and called so. */
void constant_text(const struct op_call *call, char *buffer, size_t size);

/* A cost: every cell of the first n operands read once, every cell of the result written once. */
struct op_cost cost_of(const struct op_call *call, int n, const struct tensor *out, double flops);

/* Walk every cell of a tensor. */
#define FOR_CELLS(t, h, r, c)                                                                                          \
    for (size_t h = 0; h < heads_of(t); h++)                                                                           \
        for (size_t r = 0; r < rows_of(t); r++)                                                                        \
            for (size_t c = 0; c < cols_of(t); c++)

/* A row that forward is to compute. */
struct part_row {
    size_t head, row;
    size_t next; /* to come, counted through all heads */
};

static inline bool part_next(const struct op_call *call, const struct tensor *out, struct part_row *row)
{
    size_t rows = out->axis[AXIS_ROW].size, end = call->part ? call->part->end : out->axis[AXIS_HEAD].size * rows;
    if (row->next >= end)
        return false;
    row->head = row->next / rows;
    row->row = row->next % rows;
    row->next++;
    return true;
}

/* Walk the rows of the part of the result that is to be computed. */
#define FOR_PART_ROWS(call, out, row)                                                                                  \
    for (struct part_row row = {.next = (call)->part ? (call)->part->first : 0}; part_next(call, out, &row);)

/* Walk its cells. */
#define FOR_PART(call, out, h, r, c)                                                                                   \
    FOR_PART_ROWS(call, out, part_)                                                                                    \
    for (size_t h = part_.head, r = part_.row, c = 0; c < (out)->axis[AXIS_COL].size; c++)

#endif
