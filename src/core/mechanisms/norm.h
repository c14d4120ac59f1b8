/* norm.h: layer norm of every row. Source: Ba, Kiros and Hinton 2016, "Layer Normalization", section 3 (eps 1e-5). */
#ifndef QKV_CORE_MECHANISMS_NORM_H
#define QKV_CORE_MECHANISMS_NORM_H

#include "core/mechanisms/record.h"

/* (x - mean) / sqrt(variance + eps) * gamma + beta: "mean_1", "variance_1", "standardised_1" and the result, with
 * inputs "gamma_1" and "beta_1". */
struct norm {
    const char *suffix;        /* "1" */
    const char *name, *symbol; /* of the result, whose texts are the variant of this name */
};
int record_norm(struct recorder *r, int x, const struct norm *norm);

/* x * gamma + beta, by these inputs: factors and summands of the columns of x. */
int record_affine(struct recorder *r, int x, const char *gamma, const char *beta, const struct step_spec *step);

#endif
