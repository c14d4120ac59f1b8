/* block.h: a Transformer encoder layer: attention, a feed-forward network, and a residual around each.
 * Source: Vaswani et al. 2017, section 3.1 (norm=post); Xiong et al. 2020, "On Layer Normalization in the Transformer
 * Architecture" (norm=pre). */
#ifndef QKV_CORE_MECHANISMS_BLOCK_H
#define QKV_CORE_MECHANISMS_BLOCK_H

#include "core/mechanism.h"

extern const struct mechanism mechanism_block;

#endif
