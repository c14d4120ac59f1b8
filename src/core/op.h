/* op.h: the operations steps are made of, one row each.
 *
 * Whatever needs to know something about an operation reads its row: the tape, the formula, the arithmetic of a cell,
 * the gradients, the cost. Nothing switches on op ids, so a new operation is one row and one family file in ops/. */
#ifndef QKV_CORE_OP_H
#define QKV_CORE_OP_H

#include "core/explain.h"
#include "core/tensor.h"

enum op {
    OP_INPUT, /* given, not computed */
    OP_MATMUL, /* Y = A B;                      A [h, n, k], B [h, k, m]; an operand with fewer heads is shared: head i of H
                      * reads its plane floor(i * planes / H) */
    OP_MATMUL_T,     /* Y = A B^T;                    A [h, n, k], B [h, m, k] */
    OP_MULTIPLY,     /* Y = A * B, cell by cell;      shared as for OP_ADD */
    OP_ADD,          /* Y = A + B;                    same shape; a head axis, or a row axis, of 1 in B is shared */
    OP_SUBTRACT,     /* Y = A - B, cell by cell;      shared as for OP_ADD */
    OP_DIVIDE,       /* Y = A / number */
    OP_SPLIT_HEADS,  /* [1, n, heads*d] -> [heads, n, d]; head i owns columns i*d .. (i+1)*d-1; number = heads */
    OP_CONCAT_HEADS, /* [heads, n, d] -> [1, n, heads*d] */
    OP_MASK,         /* Y = A where M is not 0, else -inf; A [h, n, m], M [h or 1, n, m] */
    OP_ROW_MAX,      /* [h, n, m] -> [h, n, 1] */
    OP_EXP_SHIFTED, /* Y = e^(A - B);                A [h, n, m], B [h, n, 1]; a row whose maximum is -inf gives zeros */
    OP_ROW_SUM,     /* [h, n, m] -> [h, n, 1] */
    OP_DIVIDE_ROWS, /* Y = A / B;                    A [h, n, m], B [h, n, 1]; a row whose divisor is 0 gives zeros */
    OP_ADDITIVE,    /* Y = v . tanh(a + b) for rows a of A, b of B; A [h, n, d], B [k, m, d] shared as for OP_MATMUL,
                          * v [1, 1, d] */
    OP_ADDITIVE_LINEAR,  /* the same without tanh */
    OP_ONE_HOT_ARGMAX,   /* 1 at each row's first maximum, else 0; a row with nothing but -inf gives zeros */
    OP_SUPPORT,          /* 1 where sparsemax of the row is above 0, else 0 */
    OP_SPARSE_THRESHOLD, /* [h, n, 1]: (sum of A where S is 1, less 1) / their number; A, S [h, n, m] */
    OP_ABOVE,            /* Y = max(A - B, 0);            A [h, n, m], B [h, n, 1] */
    OP_COLUMN_MEAN,      /* [h, n, d] -> [h, 1, d] */
    OP_GREATER_THAN,     /* 1 where A is above number, else 0 */
    OP_GATE_HEADS,       /* Y = A * G, head by head;      A [heads, n, d], G [1, 1, heads] */
    OP_LOGICAL_OR,       /* the union of two masks of zeros and ones */
    OP_MAXIMUM,          /* Y = max(A, B), cell by cell;  same shape */
    OP_RESCALED_SUM,     /* Y = A * R + B;                A, B [h, n, d], R [h, n, 1] */
    OP_ROWS,             /* `second` rows of A from row `number` (the first is 0) on */
    OP_APPEND_ROWS,      /* the rows of A, then those of B */
    OP_VIEW,             /* the same numbers in the same order as `number` planes of `second` rows */
    OP_TRANSPOSE,        /* rows become columns, in every head */
    OP_SINUSOIDS,        /* [h, n, d] -> the same shape: sin and cos of the row's position; the numbers do not matter */
    OP_ROPE,             /* each pair of columns of A turned by an angle that grows with the row */
    /* Three that read the distance j - i + number of a cell of scores [heads, n, m], of which only the shape matters: */
    OP_RELATIVE_BIAS, /* T [1, heads, 2R+1]: Y = T[head, distance]; farther than R counts as R */
    OP_BY_DISTANCE,   /* T [heads, n, 2R+1]: Y = T[head, row, distance] */
    OP_ALIBI,         /* Y = -2^(-8 (h + 1) / heads) * |distance| */
    OP_SIGMOID,       /* 1 / (1 + e^-A), and other functions of one number, cell by cell */
    OP_TANH,          /* tanh(A) */
    OP_RELU,          /* max(A, 0); a blocked cell gives 0 */
    OP_ELU1,          /* elu(A) + 1: A + 1 above 0, else e^A */
    OP_SILU,          /* A sigmoid(A) */
    OP_GELU,          /* A times the share of a normal distribution below A, by erf */
    OP_ADD_NUMBER,    /* Y = A + number */
    OP_LERP,          /* Y = G * A + (1 - G) * B, cell by cell; same shape */
    /* The parts of layer norm; rows are measured one by one: */
    OP_ROW_MEAN,     /* [h, n, m] -> [h, n, 1] */
    OP_ROW_VARIANCE, /* mean of (A - M)^2;             A [h, n, m], M [h, n, 1] */
    OP_STANDARDISE,  /* (A - M) / sqrt(V + number);    A [h, n, m], M and V [h, n, 1] */
    OP_AFFINE,       /* A * G + B;                     A [h, n, m], G and B [1, 1, m] */
    OP_HALF_SQUARES, /* half of each row's squared length; [h, n, m] -> [h, n, 1] */
    /* What is computed token after token; `number` is the row picked, the first is 1: */
    OP_ADD_ROW,      /* A + row of B, added to every row of A; A [h, k, m], B [h, n, m] */
    OP_TANH_ADD_ROW, /* tanh of that */
    OP_ROW_MATMUL,   /* (row of A) B;                  A [h, n, k], B [h, k, m] -> [h, 1, m] */
    OP_ADD_OUTER,    /* S + (row of A)^T (row of B);   S [h, k, m], A [h, n, k], B [h, n, m] */
    OP_COPY,         /* Y = A */
    OP_GLU,          /* the first half of the columns times the sigmoid of the second; [h, n, 2m] -> [h, n, m] */
    /* A window of odd width slides over the tokens, zeros beyond the ends: */
    OP_DEPTHWISE,    /* each column by its own window; A [1, n, d], D [1, d, width] */
    OP_CONVOLVE_ROW, /* a row by several windows;      A [1, 1, m], F [1, c, width] -> [1, m, c] */
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
};

/* What computing a step costs on paper: not what this machine took. */
struct op_cost {
    double flops; /* additions, multiplications, divisions, comparisons and functions, each counted as one: what the
                   * explanations of all cells add up to */
    double read;  /* bytes of operands read, every cell once, 8 bytes each */
    double written;
};

/* How a step made by this op is laid out by whoever shows it. */
enum op_form {
    FORM_LINE,     /* operands and result side by side */
    FORM_PRODUCT,  /* result[r, c] is made of row r of {0} and column c of {1}: crosswise */
    FORM_PRODUCT_T /* the same with {1} transposed: of row r of {0} and row c of {1} */
};

struct op_info {
    const char *name;  /* "matmul": how messages and the text walk call it */
    const char *title; /* "matrix product": in words */
    int n_inputs;
    enum op_form form;
    bool blocks; /* may turn finite numbers into -inf: cells that nobody may look at */
    /* How the result is written from its operands, in the notation of formulas (scene/text.h): {0} {1} are the
     * operands' symbols, {n} the constant: "{0} {1}^T". */
    const char *formula;
    /* The axes of the result, or QKV_ERR_SHAPE: which dimensions disagree. */
    struct qkv_err (*shape)(const struct op_call *call, struct axis ret[AXES]);
    /* Fill the call's part of `out`, which has the axes that shape gave: every cell of it, whatever it held before.
     * Cannot fail. A cell is computed from the operands alone and always in the same order, so that its bits do not
     * depend on the part. */
    void (*forward)(const struct op_call *call, struct tensor *out);
    /* Add this step's part to the operands' gradients. grad_in[i] has the shape of in[i]; NULL: not wanted. */
    void (*backward)(const struct op_call *call, const struct tensor *out, const struct tensor *grad_out,
                     struct tensor *const grad_in[]);
    /* Where the number at out[h, r, c] comes from. *ret is empty before; the caller finishes it. Errors: QKV_ERR_NOMEM. */
    struct qkv_err (*explain)(const struct op_call *call, size_t h, size_t r, size_t c, struct explanation *ret);
    struct op_cost (*cost)(const struct op_call *call, const struct tensor *out);
};

extern const struct op_info op_table[]; /* OP_COUNT rows; the row of OP_INPUT has no functions */

#endif
