/* conformer.h: a layer for speech: attention for what is far, a convolution for what is near, between two halves of a
 * feed-forward network.
 * Source: Gulati et al. 2020, "Conformer: Convolution-augmented Transformer for Speech Recognition", section 2. */
#ifndef QKV_CORE_MECHANISMS_CONFORMER_H
#define QKV_CORE_MECHANISMS_CONFORMER_H

#include "core/mechanism.h"

extern const struct mechanism mechanism_conformer;

#endif
