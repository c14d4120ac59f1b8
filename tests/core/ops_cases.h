/* ops_cases.h: what the operands of every operation look like, for the tests that take every row of op_table. */
#ifndef QKV_TESTS_OPS_CASES_H
#define QKV_TESTS_OPS_CASES_H

#include "core/op.h"

/* What an operand's numbers are like. */
enum kind {
    NONE,     /* no such operand */
    ANY,      /* anything finite */
    SWITCH,   /* 0 or 1, and only that is meant */
    BLOCKED,  /* some cells -inf, and the first row all of them */
    TOPS,     /* a number for each row, -inf for the first */
    DIVISORS, /* a number for each row, away from 0, but 0 for the first */
    POSITIVE, /* well above 0 */
    ZEROS
};

struct operand {
    enum kind kind;
    size_t size[AXES];
};

static const struct op_case {
    enum op op;
    const char *about;
    struct operand in[OP_INPUTS_MAX];
    double number;
    const char *written;
    double second;
} cases[] = {
    {OP_MATMUL, "a plane for each head", {{ANY, {2, 3, 4}}, {ANY, {2, 4, 5}}}, 0, NULL, 0},
    {OP_MATMUL, "the right is shared by the heads", {{ANY, {3, 2, 4}}, {ANY, {1, 4, 3}}}, 0, NULL, 0},
    {OP_MATMUL, "the left is shared by the heads", {{ANY, {1, 2, 4}}, {ANY, {3, 4, 2}}}, 0, NULL, 0},
    {OP_MATMUL, "two heads share each plane of the right", {{ANY, {4, 2, 3}}, {ANY, {2, 3, 2}}}, 0, NULL, 0},
    {OP_MATMUL, "three heads share two planes unequally", {{ANY, {3, 2, 3}}, {ANY, {2, 3, 2}}}, 0, NULL, 0},
    {OP_MATMUL, "one number each", {{ANY, {1, 1, 1}}, {ANY, {1, 1, 1}}}, 0, NULL, 0},
    {OP_MATMUL_T, "a plane for each head", {{ANY, {2, 3, 4}}, {ANY, {2, 5, 4}}}, 0, NULL, 0},
    {OP_MATMUL_T, "the right is shared by the heads", {{ANY, {3, 2, 4}}, {ANY, {1, 3, 4}}}, 0, NULL, 0},
    {OP_MATMUL_T, "two heads share each plane of the right", {{ANY, {4, 2, 3}}, {ANY, {2, 3, 3}}}, 0, NULL, 0},
    {OP_MULTIPLY, "the same shape", {{ANY, {2, 3, 4}}, {ANY, {2, 3, 4}}}, 0, NULL, 0},
    {OP_MULTIPLY, "the right is shared by heads and rows", {{ANY, {2, 3, 4}}, {ANY, {1, 1, 4}}}, 0, NULL, 0},
    {OP_SUBTRACT, "the same shape", {{ANY, {2, 3, 4}}, {ANY, {2, 3, 4}}}, 0, NULL, 0},
    {OP_SUBTRACT, "the right is shared by the heads", {{ANY, {2, 3, 4}}, {ANY, {1, 3, 4}}}, 0, NULL, 0},
    {OP_ADD, "the same shape", {{ANY, {2, 3, 4}}, {ANY, {2, 3, 4}}}, 0, NULL, 0},
    {OP_ADD, "the right is shared by the rows", {{ANY, {2, 3, 4}}, {ANY, {2, 1, 4}}}, 0, NULL, 0},
    {OP_ADD, "the right is shared by the heads", {{ANY, {2, 3, 4}}, {ANY, {1, 3, 4}}}, 0, NULL, 0},
    {OP_DIVIDE, "by a number", {{ANY, {2, 3, 4}}}, 3.7, NULL, 0},
    {OP_DIVIDE, "by a root that is no short decimal", {{ANY, {1, 3, 4}}}, 1.4142135623730951, "sqrt(d_k)", 0},
    {OP_DIVIDE, "by a root that is a whole number", {{ANY, {1, 3, 4}}}, 2, "sqrt(d_k)", 0},
    {OP_DIVIDE, "of blocked cells", {{BLOCKED, {2, 3, 4}}}, 0.25, NULL, 0},
    {OP_SPLIT_HEADS, "into three", {{ANY, {1, 4, 6}}}, 3, NULL, 0},
    {OP_CONCAT_HEADS, "of three", {{ANY, {3, 4, 2}}}, 0, NULL, 0},
    {OP_CONCAT_HEADS, "of one", {{ANY, {1, 4, 2}}}, 0, NULL, 0},
    {OP_MASK, "a mask for each head", {{ANY, {2, 3, 4}}, {SWITCH, {2, 3, 4}}}, 0, NULL, 0},
    {OP_MASK, "one mask for all heads", {{ANY, {2, 3, 4}}, {SWITCH, {1, 3, 4}}}, 0, NULL, 0},
    {OP_ROW_MAX, "of finite rows", {{ANY, {2, 3, 4}}}, 0, NULL, 0},
    {OP_ROW_MAX, "of blocked cells", {{BLOCKED, {2, 3, 4}}}, 0, NULL, 0},
    {OP_EXP_SHIFTED, "of finite rows", {{ANY, {2, 3, 4}}, {ANY, {2, 3, 1}}}, 0, NULL, 0},
    {OP_EXP_SHIFTED, "of blocked cells", {{BLOCKED, {2, 3, 4}}, {TOPS, {2, 3, 1}}}, 0, NULL, 0},
    {OP_ROW_SUM, "of a row", {{ANY, {2, 3, 4}}}, 0, NULL, 0},
    {OP_ROW_SUM, "of one number", {{ANY, {2, 3, 1}}}, 0, NULL, 0},
    {OP_DIVIDE_ROWS, "by numbers of which one is 0", {{ANY, {2, 3, 4}}, {DIVISORS, {2, 3, 1}}}, 0, NULL, 0},
    {OP_ADDITIVE, "a plane for each head", {{ANY, {2, 3, 4}}, {ANY, {2, 5, 4}}, {ANY, {1, 1, 4}}}, 0, NULL, 0},
    {OP_ADDITIVE, "four heads share two planes", {{ANY, {4, 2, 3}}, {ANY, {2, 3, 3}}, {ANY, {1, 1, 3}}}, 0, NULL, 0},
    {OP_ADDITIVE_LINEAR, "one column", {{ANY, {2, 3, 1}}, {ANY, {1, 2, 1}}, {ANY, {1, 1, 1}}}, 0, NULL, 0},
    {OP_ADDITIVE_LINEAR, "a plane for each head", {{ANY, {2, 3, 4}}, {ANY, {2, 5, 4}}, {ANY, {1, 1, 4}}}, 0, NULL, 0},
    {OP_ONE_HOT_ARGMAX, "of finite rows", {{ANY, {2, 3, 4}}}, 0, NULL, 0},
    {OP_ONE_HOT_ARGMAX, "of blocked cells", {{BLOCKED, {2, 3, 4}}}, 0, NULL, 0},
    {OP_SUPPORT, "of finite rows", {{ANY, {2, 3, 6}}}, 0, NULL, 0},
    {OP_SUPPORT, "of blocked cells", {{BLOCKED, {2, 3, 4}}}, 0, NULL, 0},
    {OP_SPARSE_THRESHOLD, "of supports of any size", {{ANY, {2, 4, 5}}, {SWITCH, {2, 4, 5}}}, 0, NULL, 0},
    {OP_ABOVE, "of finite rows", {{ANY, {2, 3, 4}}, {ANY, {2, 3, 1}}}, 0, NULL, 0},
    {OP_ABOVE, "of blocked cells", {{BLOCKED, {2, 3, 4}}, {ANY, {2, 3, 1}}}, 0, NULL, 0},
    {OP_COLUMN_MEAN, "of three rows", {{ANY, {2, 3, 4}}}, 0, NULL, 0},
    {OP_COLUMN_MEAN, "of one row", {{ANY, {1, 1, 4}}}, 0, NULL, 0},
    {OP_GREATER_THAN, "at a threshold", {{ANY, {1, 1, 8}}}, 0.1, NULL, 0},
    {OP_GATE_HEADS, "of three heads", {{ANY, {3, 2, 4}}, {ANY, {1, 1, 3}}}, 0, NULL, 0},
    {OP_LOGICAL_OR, "of two masks", {{SWITCH, {1, 3, 4}}, {SWITCH, {1, 3, 4}}}, 0, NULL, 0},
    {OP_MAXIMUM, "of finite cells", {{ANY, {2, 3, 1}}, {ANY, {2, 3, 1}}}, 0, NULL, 0},
    {OP_MAXIMUM, "of blocked cells", {{TOPS, {2, 3, 1}}, {BLOCKED, {2, 3, 1}}}, 0, NULL, 0},
    {OP_RESCALED_SUM, "a factor for each row", {{ANY, {2, 3, 4}}, {ANY, {2, 3, 1}}, {ANY, {2, 3, 4}}}, 0, NULL, 0},
    {OP_ROWS, "two in the middle", {{ANY, {2, 5, 3}}}, 1, NULL, 2},
    {OP_ROWS, "all", {{ANY, {1, 2, 3}}}, 0, NULL, 2},
    {OP_APPEND_ROWS, "three after two", {{ANY, {2, 2, 3}}, {ANY, {2, 3, 3}}}, 0, NULL, 0},
    {OP_VIEW, "one plane as four", {{ANY, {1, 4, 6}}}, 4, NULL, 3},
    {OP_VIEW, "three planes as one", {{ANY, {3, 4, 2}}}, 1, NULL, 4},
    {OP_TRANSPOSE, "of every head", {{ANY, {2, 3, 4}}}, 0, NULL, 0},
    {OP_TRANSPOSE, "of blocked cells", {{BLOCKED, {2, 3, 4}}}, 0, NULL, 0},
    {OP_SINUSOIDS, "of an even width", {{ANY, {1, 4, 6}}}, 0, NULL, 0},
    {OP_SINUSOIDS, "of an odd width", {{ANY, {1, 4, 5}}}, 0, NULL, 0},
    {OP_ROPE, "of every head", {{ANY, {2, 4, 6}}}, 0, NULL, 0},
    {OP_RELATIVE_BIAS, "a short table", {{ANY, {1, 2, 3}}, {ANY, {2, 4, 5}}}, 0, NULL, 0},
    {OP_RELATIVE_BIAS, "a table longer than the rows", {{ANY, {1, 2, 11}}, {ANY, {2, 3, 4}}}, 0, NULL, 0},
    {OP_RELATIVE_BIAS, "of later columns", {{ANY, {1, 2, 7}}, {ANY, {2, 5, 2}}}, 3, NULL, 0},
    {OP_BY_DISTANCE, "a short table", {{ANY, {2, 4, 3}}, {ANY, {2, 4, 5}}}, 0, NULL, 0},
    {OP_BY_DISTANCE, "of a later row", {{ANY, {2, 1, 5}}, {ANY, {2, 1, 4}}}, -3, NULL, 0},
    {OP_ALIBI, "of three heads", {{ANY, {3, 4, 5}}}, 0, NULL, 0},
    {OP_ALIBI, "of later columns", {{ANY, {2, 4, 2}}}, 3, NULL, 0},
    {OP_SIGMOID, "of finite cells", {{ANY, {2, 3, 4}}}, 0, NULL, 0},
    {OP_TANH, "of finite cells", {{ANY, {2, 3, 4}}}, 0, NULL, 0},
    {OP_RELU, "of finite cells", {{ANY, {2, 3, 4}}}, 0, NULL, 0},
    {OP_ELU1, "of finite cells", {{ANY, {2, 3, 4}}}, 0, NULL, 0},
    {OP_SILU, "of finite cells", {{ANY, {2, 3, 4}}}, 0, NULL, 0},
    {OP_GELU, "of finite cells", {{ANY, {2, 3, 4}}}, 0, NULL, 0},
    {OP_RELU, "of blocked cells", {{BLOCKED, {2, 3, 4}}}, 0, NULL, 0},
    {OP_ADD_NUMBER, "a small one", {{ANY, {2, 3, 4}}}, 1e-06, NULL, 0},
    {OP_LERP, "of every head", {{ANY, {2, 3, 4}}, {ANY, {2, 3, 4}}, {ANY, {2, 3, 4}}}, 0, NULL, 0},
    {OP_ROW_MEAN, "of four", {{ANY, {2, 3, 4}}}, 0, NULL, 0},
    {OP_ROW_MEAN, "of one", {{ANY, {1, 3, 1}}}, 0, NULL, 0},
    {OP_ROW_VARIANCE, "of four", {{ANY, {2, 3, 4}}, {ANY, {2, 3, 1}}}, 0, NULL, 0},
    {OP_STANDARDISE,
     "by variances above 0",
     {{ANY, {2, 3, 4}}, {ANY, {2, 3, 1}}, {POSITIVE, {2, 3, 1}}},
     1e-05,
     NULL,
     0},
    {OP_AFFINE, "the same for all heads and rows", {{ANY, {2, 3, 4}}, {ANY, {1, 1, 4}}, {ANY, {1, 1, 4}}}, 0, NULL, 0},
    {OP_HALF_SQUARES, "of four", {{ANY, {2, 3, 4}}}, 0, NULL, 0},
    {OP_ADD_ROW, "to every row", {{ANY, {2, 3, 4}}, {ANY, {2, 5, 4}}}, 2, NULL, 0},
    {OP_ADD_ROW, "to one row", {{ANY, {2, 1, 4}}, {ANY, {2, 3, 4}}}, 3, NULL, 0},
    {OP_TANH_ADD_ROW, "to every row", {{ANY, {1, 3, 4}}, {ANY, {1, 5, 4}}}, 5, NULL, 0},
    {OP_TANH_ADD_ROW, "to one row", {{ANY, {1, 1, 4}}, {ANY, {1, 1, 4}}}, 1, NULL, 0},
    {OP_ROW_MATMUL, "of every head", {{ANY, {2, 5, 3}}, {ANY, {2, 3, 4}}}, 2, NULL, 0},
    {OP_ROW_MATMUL, "of one number", {{ANY, {1, 1, 1}}, {ANY, {1, 1, 2}}}, 1, NULL, 0},
    {OP_ADD_OUTER, "of every head", {{ANY, {2, 3, 4}}, {ANY, {2, 5, 3}}, {ANY, {2, 5, 4}}}, 4, NULL, 0},
    {OP_COPY, "of every head", {{ANY, {2, 3, 4}}}, 0, NULL, 0},
    {OP_GLU, "of six columns", {{ANY, {2, 3, 6}}}, 0, NULL, 0},
    {OP_DEPTHWISE, "a window of three", {{ANY, {1, 5, 3}}, {ANY, {1, 3, 3}}}, 0, NULL, 0},
    {OP_DEPTHWISE, "a window wider than the line", {{ANY, {1, 2, 3}}, {ANY, {1, 3, 7}}}, 0, NULL, 0},
    {OP_DEPTHWISE, "a window of one", {{ANY, {1, 3, 2}}, {ANY, {1, 2, 1}}}, 0, NULL, 0},
    {OP_DEPTHWISE, "one token", {{ANY, {1, 1, 2}}, {ANY, {1, 2, 5}}}, 0, NULL, 0},
    {OP_CONVOLVE_ROW, "a window of three", {{ANY, {1, 1, 5}}, {ANY, {1, 2, 3}}}, 0, NULL, 0},
    {OP_CONVOLVE_ROW, "a window wider than the line", {{ANY, {1, 1, 2}}, {ANY, {1, 3, 5}}}, 0, NULL, 0},
    {OP_GATE_HEADS, "all of them switched off", {{ANY, {3, 2, 4}}, {ZEROS, {1, 1, 3}}}, 0, NULL, 0},
    {OP_ONE_HOT_ARGMAX, "of equal scores", {{SWITCH, {2, 3, 4}}}, 0, NULL, 0},
};

#endif
