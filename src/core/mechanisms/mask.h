/* mask.h: who may look at whom: 1 keeps, 0 blocks. */
#ifndef QKV_CORE_MECHANISMS_MASK_H
#define QKV_CORE_MECHANISMS_MASK_H

#include "core/mechanisms/record.h"

/* Record what the `mask` setting and the `mask` input say of scores with these row and column axes: the step that
 * holds the combined mask, or NO_STEP where nothing is masked. */
int record_mask(struct recorder *r, size_t heads, const struct axis *rows, const struct axis *cols);

/* Record an operand "causal_mask": 1 where column j may be seen by row i (j <= i), else 0. */
int record_causal(struct recorder *r, int scores);

#endif
