/* op.h: the operations steps are made of, one row each.
 *
 * Whatever needs to know something about an operation reads its row: the tape, the formula, the arithmetic of a cell,
 * the gradients, the cost. Nothing switches on op ids, so a new operation is its name in the list below and its row in
 * a file of ops/. */
#ifndef QKV_CORE_OP_H
#define QKV_CORE_OP_H

#include "core/explain.h"
#include "core/tensor.h"

/* clang-format off */
/* Every operation: its id (OP_MATMUL) and the name of its row, op_matmul, which stands with its functions in ops/. */
#define OPS_COMPUTED(OP) \
    OP(MATMUL, matmul)                     /* A B; of fewer planes p, head i of h reads floor(i * p / h) */ \
    OP(MATMUL_T, matmul_t)                 /* A B^T; A [h, n, k], B [h, m, k] */ \
    OP(MULTIPLY, multiply)                 /* A * B, cell by cell; shared as for OP_ADD */ \
    OP(ADD, add)                           /* A + B; a head axis, or a row axis, of 1 in B is shared */ \
    OP(SUBTRACT, subtract)                 /* A - B, cell by cell; shared as for OP_ADD */ \
    OP(DIVIDE, divide)                     /* A / number */ \
    OP(SPLIT_HEADS, split_heads)           /* [1, n, heads*d] -> [heads, n, d]; head i owns i*d .. (i+1)*d-1 */ \
    OP(CONCAT_HEADS, concat_heads)         /* [heads, n, d] -> [1, n, heads*d] */ \
    OP(MASK, mask)                         /* A where M is not 0, else -inf; A [h, n, m], M [h or 1, n, m] */ \
    OP(ROW_MAX, row_max)                   /* [h, n, m] -> [h, n, 1] */ \
    OP(EXP_SHIFTED, exp_shifted)           /* e^(A - B); B [h, n, 1]; a row whose B is -inf gives zeros */ \
    OP(ROW_SUM, row_sum)                   /* [h, n, m] -> [h, n, 1] */ \
    OP(DIVIDE_ROWS, divide_rows)           /* A / B; A [h, n, m], B [h, n, 1]; a row whose divisor is 0 gives zeros */ \
    OP(ADDITIVE, additive)                 /* v . tanh(a + b) for rows a of A, b of B; v [1, 1, d] */ \
    OP(ADDITIVE_LINEAR, additive_linear)   /* the same without tanh */ \
    OP(ONE_HOT_ARGMAX, one_hot_argmax)     /* 1 at each row's first maximum, else 0; a row of -inf gives zeros */ \
    OP(SUPPORT, support)                   /* 1 where sparsemax of the row is above 0, else 0 */ \
    OP(SPARSE_THRESHOLD, sparse_threshold) /* (sum of A where S is 1, less 1) / their number; -> [h, n, 1] */ \
    OP(ABOVE, above)                       /* max(A - B, 0); A [h, n, m], B [h, n, 1] */ \
    OP(COLUMN_MEAN, column_mean)           /* [h, n, d] -> [h, 1, d] */ \
    OP(GREATER_THAN, greater_than)         /* 1 where A is above number, else 0 */ \
    OP(GATE_HEADS, gate_heads)             /* A * G, head by head; A [heads, n, d], G [1, 1, heads] */ \
    OP(LOGICAL_OR, logical_or)             /* the union of two masks of zeros and ones */ \
    OP(MAXIMUM, maximum)                   /* max(A, B), cell by cell; same shape */ \
    OP(RESCALED_SUM, rescaled_sum)         /* A * R + B; A, B [h, n, d], R [h, n, 1] */ \
    OP(ROWS, rows)                         /* `second` rows of A from row `number` (the first is 0) on */ \
    OP(APPEND_ROWS, append_rows)           /* the rows of A, then those of B */ \
    OP(VIEW, view)                         /* the same numbers in order, as `number` planes of `second` rows */ \
    OP(TRANSPOSE, transpose)               /* rows become columns, in every head */ \
    OP(SINUSOIDS, sinusoids)               /* sin and cos of the row's position; of A only the shape matters */ \
    OP(ROPE, rope)                         /* each pair of columns of A rotated by an angle that grows with the row */ \
    /* Three that read the distance j - i + number of a cell of scores, of which only the shape matters: */ \
    OP(RELATIVE_BIAS, relative_bias)       /* T [1, heads, 2R+1]: Y = T[head, distance]; farther than R counts as R */ \
    OP(BY_DISTANCE, by_distance)           /* T [heads, n, 2R+1]: Y = T[head, row, distance] */ \
    OP(ALIBI, alibi)                       /* -2^(-8 h / heads) * |distance| */ \
    OP(SIGMOID, sigmoid)                   /* 1 / (1 + e^-A), and other functions of one number, cell by cell */ \
    OP(TANH, tanh)                         /* tanh(A) */ \
    OP(RELU, relu)                         /* max(A, 0); a blocked cell gives 0 */ \
    OP(ELU1, elu1)                         /* elu(A) + 1: A + 1 above 0, else e^A */ \
    OP(SILU, silu)                         /* A sigmoid(A) */ \
    OP(GELU, gelu)                         /* A times the share of a normal distribution below A, by erf */ \
    OP(ADD_NUMBER, add_number)             /* A + number */ \
    OP(LERP, lerp)                         /* G * A + (1 - G) * B, cell by cell; same shape */ \
    /* The parts of layer norm; rows are measured one by one: */ \
    OP(ROW_MEAN, row_mean)                 /* [h, n, m] -> [h, n, 1] */ \
    OP(ROW_VARIANCE, row_variance)         /* mean of (A - M)^2; A [h, n, m], M [h, n, 1] */ \
    OP(STANDARDISE, standardise)           /* (A - M) / sqrt(V + number); A [h, n, m], M and V [h, n, 1] */ \
    OP(AFFINE, affine)                     /* A * G + B; A [h, n, m], G and B [1, 1, m] */ \
    OP(HALF_SQUARES, half_squares)         /* half of each row's squared length; [h, n, m] -> [h, n, 1] */ \
    /* What is computed token after token; `number` is the row picked, the first is 1: */ \
    OP(ADD_ROW, add_row)                   /* A + row of B, added to every row of A; A [h, k, m], B [h, n, m] */ \
    OP(TANH_ADD_ROW, tanh_add_row)         /* tanh of that */ \
    OP(ROW_MATMUL, row_matmul)             /* (row of A) B; A [h, n, k], B [h, k, m] -> [h, 1, m] */ \
    OP(ADD_OUTER, add_outer)               /* S + (row of A)^T (row of B); S [h, k, m], A [h, n, k], B [h, n, m] */ \
    OP(COPY, copy)                         /* A */ \
    OP(GLU, glu)                           /* first half of the columns times sigmoid of the second half */ \
    /* A window of odd width slides over the tokens, zeros beyond the ends: */ \
    OP(DEPTHWISE, depthwise)               /* each column by its own window; A [1, n, d], D [1, d, width] */ \
    OP(CONVOLVE_ROW, convolve_row)         /* a row by several windows; A [1, 1, m], F [1, c, width] -> [1, m, c] */
/* clang-format on */

enum op {
    OP_INPUT, /* given, not computed */
#define OP_ID(id, op) OP_##id,
    OPS_COMPUTED(OP_ID)
#undef OP_ID
        OP_COUNT
};

enum { OP_INPUTS_MAX = 4 };

/* Some cells of a result: the rows first .. end - 1, counted through all heads (row r of head h is h * rows + r). */
struct op_part {
    size_t first, end;
};

/* One use of an op: its operands and its constants. */
struct op_call {
    const struct tensor *in[OP_INPUTS_MAX];
    double number;              /* the constant, where the op has one */
    double second;              /* another constant, where the op has two */
    const char *written;        /* how that constant is written in formulas: "sqrt(d_k)"; NULL: as the number */
    const struct op_part *part; /* what forward is to compute; NULL: all cells */
    unsigned fresh;             /* of backward, among the bits of the op's `sets`: grad_in[k] holds nothing yet */
};

/* What computing a step costs on paper: not what this machine took. */
struct op_cost {
    double flops; /* additions, multiplications, divisions, comparisons and functions, each counted as one: what the
                   * explanations of all cells add up to, and the comparisons of what is decided by a whole row */
    double read;  /* bytes of operands read, every cell once, 8 bytes each */
    double written;
};

/* How a page lays out a step made by this op. */
enum op_form {
    FORM_LINE,     /* operands and result side by side */
    FORM_PRODUCT,  /* result[r, c] is made of row r of {0} and column c of {1}: crosswise */
    FORM_PRODUCT_T /* the same with {1} transposed: of row r of {0} and row c of {1} */
};

struct op_info {
    const char *name; /* "matmul": its name in OPS_COMPUTED */
    int n_inputs;
    enum op_form form;
    unsigned by_row; /* bit k: where operand k has the result's heads and rows, a row reads that row of it alone */
    unsigned sets;   /* bit k: backward sets all of grad_in[k] where the call says that it is fresh */
    bool blocks;     /* sets cells to -inf where its second operand is 0 */
    bool moves;      /* only moves numbers: they could be read where its operands have them */
    const char *normaliser; /* "softmax": the first step from scores, its first operand, to weights; NULL: none */
    /* How the result is written from its operands, in the notation of formulas (scene/text.h), which says what stands in
     * braces: "{0} {1}^T". An operand of which only the shape matters is not named. */
    const char *formula;
    /* The axes of the result, or QKV_ERR_SHAPE: which dimensions disagree. */
    struct qkv_err (*shape)(const struct op_call *call, struct axis ret[AXES]);
    /* Fill the call's part of `out`, which has the axes that shape gave: every cell of it, whatever it held before.
     * Cannot fail. A cell is computed from the operands alone and always in the same order, so that its bits do not
     * depend on the part. */
    void (*forward)(const struct op_call *call, struct tensor *out);
    /* Add this step's part to the operands' gradients. grad_in[i] has the shape of in[i]; NULL: not wanted. One that is
     * fresh is taken for zeros, whatever it holds. */
    void (*backward)(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                     struct tensor *const grad_in[]);
    /* Where the number at out[h, r, c] comes from. *ret is empty before; the caller finishes it. Errors:
     * QKV_ERR_NOMEM. */
    struct qkv_err (*explain)(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret);
    struct op_cost (*cost)(const struct op_call *call, const struct tensor *out);
};

extern const struct op_info *const op_table[]; /* of OP_COUNT ops; the row of OP_INPUT has no functions */

#endif
