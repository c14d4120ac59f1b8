/* location_aware.h: attention that sees where it looked a moment ago.
 * Source: Chorowski et al. 2015, "Attention-Based Models for Speech Recognition", sections 2.1 and 2.2. */
#ifndef QKV_CORE_MECHANISMS_LOCATION_AWARE_H
#define QKV_CORE_MECHANISMS_LOCATION_AWARE_H

#include "core/mechanism.h"

extern const struct mechanism mechanism_location_aware;

#endif
