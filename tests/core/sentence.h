/* sentence.h: attention on random sentences, for tests: all tensors that any setting could ask for, with these sizes. */
#ifndef QKV_TESTS_SENTENCE_H
#define QKV_TESTS_SENTENCE_H

#include "core/run.h"

struct sizes {
    size_t n, m, d_model, d_memory, heads, kv_heads, d_k, d_v; /* m = 0: no memory */
};

/* Sizes drawn anew; d_k is even; `memory`: with a second sentence of another length. */
struct sizes sentence_sizes(bool memory);

/* All inputs; `mask`: also a mask for each head, which blocks about a third, and a whole row of the first head. */
void sentence_inputs(const struct sizes *s, bool mask, struct named_tensors *ret);

/* Compute from a copy of the inputs, with these heads and settings. */
void sentence_run(const struct sizes *s, const struct named_tensors *in, const char *text, struct tape *ret);

#endif
