/* linear_attention.h: attention by feature maps, whole or as a running state.
 * Source: Katharopoulos et al. 2020, "Transformers are RNNs", sections 3.2 and 3.3; random features: Choromanski et al.
 * 2020, "Rethinking Attention with Performers", section 2.3. */
#ifndef QKV_CORE_MECHANISMS_LINEAR_ATTENTION_H
#define QKV_CORE_MECHANISMS_LINEAR_ATTENTION_H

#include "core/mechanism.h"

extern const struct mechanism mechanism_linear_attention;

#endif
