/* gau.h: the gated attention unit: one head whose result is gated by the word itself.
 * Source: Hua et al. 2022, "Transformer Quality in Linear Time", section 2.2 (form=squared_relu). */
#ifndef QKV_CORE_MECHANISMS_GAU_H
#define QKV_CORE_MECHANISMS_GAU_H

#include "core/mechanism.h"

extern const struct mechanism mechanism_gau;

#endif
