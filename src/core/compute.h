/* compute.h: running an op: block by block of rows, spread over threads where it is worth it, stopped when asked to.
 *
 * Used by the tape; the bits of a result depend neither on blocks nor on threads. */
#ifndef QKV_CORE_COMPUTE_H
#define QKV_CORE_COMPUTE_H

#include "core/op.h"
#include "core/progress.h"

/* Compute all of *out, which is new and zero. work: NULL, or who waits. Errors: QKV_ERR_DOMAIN (a result too large for
 * a double), QKV_ERR_CANCELLED. */
QKV_CHECKED struct qkv_err compute_new(const struct op_info *op, const struct op_call *call, struct progress *progress,
                                       struct tensor *out);

/* What computing again has changed. */
struct computed {
    size_t cells;   /* how many cells have other bits than before */
    double largest; /* the largest difference of two finite numbers */
    bool opened;    /* a cell that was -inf is it no more */
    /* for the check of the result: */
    bool not_finite, cancelled;
};

/* Compute the cells that are in *reach again, for operands that have changed, and leave in *reach those that are other
 * than before. opened: an operand has a cell that was -inf and is it no more. Errors: as above, and QKV_ERR_NOMEM.
 * After an error, compute_back with the old operands brings the old numbers back. */
QKV_CHECKED struct qkv_err compute_again(const struct op_info *op, const struct op_call *call, struct progress *progress,
                                         bool opened, struct tensor *out, struct reach *reach, struct computed *ret);

/* Narrow the reach to the cells in which two tensors of the same shape differ, and add what is found to *ret. */
void compute_compare(const struct tensor *before, const struct tensor *after, struct reach *reach,
                     struct computed *ret);

/* Compute the cells that are in *reach again; cannot fail. */
void compute_back(const struct op_info *op, const struct op_call *call, struct tensor *out, struct reach *reach);

/* How much work all cells are, in units of struct progress. */
size_t compute_amount(const struct op_info *op, const struct op_call *call, const struct tensor *out);

#endif
