/* attention.h: softmax attention: softmax(Q K^T / sqrt(d_k)) V with heads.
 * Source: Vaswani et al. 2017, "Attention Is All You Need", section 3.2; fewer key/value heads: Ainslie et al. 2023. */
#ifndef QKV_CORE_MECHANISMS_ATTENTION_H
#define QKV_CORE_MECHANISMS_ATTENTION_H

#include "core/mechanisms/record.h"

extern const struct mechanism mechanism_attention;

struct qkv_err attention_record(struct tape *tape, const struct settings *settings, struct named_tensors *inputs);

#endif
