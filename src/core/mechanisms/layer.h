/* layer.h: what layers are built of: attention inside a layer, what is made of each word by itself, and how what was
 * found is added to what there was.
 * Source: Vaswani et al. 2017, sections 3.1 and 3.3. */
#ifndef QKV_CORE_MECHANISMS_LAYER_H
#define QKV_CORE_MECHANISMS_LAYER_H

#include "core/mechanisms/record.h"

/* Record attention, with its settings and inputs, on `normed`, which has the shape of x; so has its result. */
int record_attended(struct recorder *r, int x, int normed, int memory);

struct feed_forward {
    const char *name, *symbol;         /* of the result; the steps before are called after it: "ffn_wide", "ffn_bent" */
    const char *w_1, *b_1, *w_2, *b_2; /* inputs: [d_model, d_ff], [d_ff], [d_ff, d_model], [d_model] */
    enum op bent;                      /* OP_RELU, OP_GELU, OP_SILU */
};

/* Record f(x W_1 + b_1) W_2 + b_2, which has the shape of x. */
int record_feed_forward(struct recorder *r, int x, const struct feed_forward *ffn);

/* Record before + found under this name ("residual_1"). */
int record_residual(struct recorder *r, int before, int found, const char *name, const char *symbol);

#endif
