/* attention.h: softmax attention and its variants: softmax(Q K^T / sqrt(d_k)) V with heads. Source: Vaswani et al.
 * 2017, "Attention Is All You Need", section 3.2; each variant names its own where it is made. */
#ifndef QKV_CORE_MECHANISMS_ATTENTION_H
#define QKV_CORE_MECHANISMS_ATTENTION_H

#include "core/mechanisms/parts.h"

/* Record all steps of attention from the words on, for mechanisms that have attention inside: `x` and `memory` are
 * steps ([1, n, d_model]; memory NO_STEP: keys and values come from x). Sinusoids are not added: record_positions
 * does that. Returns the last step: that of W_O, or "concat" without W_O. */
int attention_steps(struct recorder *r, int x, int memory, const struct output_names *names);

/* The same inside a layer, on `normed`, which has the shape of x; so has its result, "attention_output". */
int attention_in_layer(struct recorder *r, int x, int normed, int memory);

#endif
