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
    OP_DIVIDE,       /* Y = A / number */
    OP_SPLIT_HEADS,  /* [1, n, heads*d] -> [heads, n, d]; head i owns columns i*d .. (i+1)*d-1; number = heads */
    OP_CONCAT_HEADS, /* [heads, n, d] -> [1, n, heads*d] */
    OP_MASK,         /* Y = A where M is not 0, else -inf; A [h, n, m], M [h or 1, n, m] */
    OP_ROW_MAX,      /* [h, n, m] -> [h, n, 1] */
    OP_EXP_SHIFTED, /* Y = e^(A - B);                A [h, n, m], B [h, n, 1]; a row whose maximum is -inf gives zeros */
    OP_ROW_SUM,     /* [h, n, m] -> [h, n, 1] */
    OP_DIVIDE_ROWS, /* Y = A / B;                    A [h, n, m], B [h, n, 1]; a row whose divisor is 0 gives zeros */
    OP_COUNT
};

enum { OP_INPUTS_MAX = 4 };

/* One use of an op: its operands and its constant. */
struct op_call {
    const struct tensor *in[OP_INPUTS_MAX];
    double number;       /* the constant, where the op has one */
    const char *written; /* how that constant is written in formulas: "sqrt(d_k)"; NULL: as the number */
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
    /* How the result is written from its operands, in the notation of formulas (scene/formula.h): {0} {1} are the
     * operands' symbols, {n} the constant: "{0} {1}^T". */
    const char *formula;
    /* The axes of the result, or QKV_ERR_SHAPE: which dimensions disagree. */
    struct qkv_err (*shape)(const struct op_call *call, struct axis ret[AXES]);
    /* Fill `out`, which has the axes that shape gave and holds zeros. Cannot fail. */
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
