/* compute.h: running an op: block by block of rows, on several threads where it is long enough, and cancellable.
 *
 * Used by the tape; the bits of a result depend neither on blocks nor on threads. */
#ifndef QKV_CORE_COMPUTE_H
#define QKV_CORE_COMPUTE_H

#include "base/thread.h"
#include "core/op.h"

/* How far a result is computed. */
struct computed {
    size_t rows;     /* from the first on, counted through all heads */
    bool not_finite; /* one of these rows has a cell that is not finite */
};

/* The rows of all heads. */
size_t compute_rows(const struct tensor *t);

/* Compute the rows of *out that are missing, about *amount of work (in units of struct progress; SIZE_MAX: all of it)
 * and at least one block, and take what was done off *amount. progress may be NULL. Errors: QKV_ERR_DOMAIN (a
 * result too large for a double), QKV_ERR_CANCELLED (*computed is then as it was). */
QKV_CHECKED struct qkv_err compute_more(const struct op_info *op, const struct op_call *call, struct progress *progress,
                                        size_t *amount, struct tensor *out, struct computed *computed);

/* Compute all of a small result, of which nothing is computed yet: to plan blocks of it takes longer. False: it is not
 * small, or it was cancelled or is no result; compute_more says which. */
bool compute_small(const struct op_info *op, const struct op_call *call, struct progress *progress, struct tensor *out,
                   struct computed *computed);

/* One of several results of which each reads, of those before it, only the row that it makes. */
struct link {
    const struct op_info *op;
    struct op_call call;
    struct tensor *out;        /* all have as many rows, of as many heads */
    struct computed *computed; /* nothing yet */
};

enum { LINKS_MAX = 16 };

/* Compute all rows of all of them, some rows of each at a time: so a large result is still in the cache where the next
 * one reads it. Errors: those of compute_more; *ret_failed is then the link that it is about, and it and those behind
 * it are not computed. */
QKV_CHECKED struct qkv_err compute_links(const struct link links[], size_t n, struct progress *progress,
                                         size_t *ret_failed);

/* How much work all rows are, in units of struct progress. */
size_t compute_amount(const struct op_info *op, const struct op_call *call, const struct tensor *out);

#endif
