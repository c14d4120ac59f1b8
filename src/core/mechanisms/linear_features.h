/* linear_features.h: the feature maps phi of linear attention, which make queries and keys positive.
 * Sources: elu(x)+1: Katharopoulos et al. 2020; random features: Choromanski et al. 2020. */
#ifndef QKV_CORE_MECHANISMS_LINEAR_FEATURES_H
#define QKV_CORE_MECHANISMS_LINEAR_FEATURES_H

#include "core/mechanisms/record.h"

/* Queries and keys: the same is made of both, under other names. */
struct feature_side;
extern const struct feature_side query_side, key_side;

/* Record the input omega where feature_map=favor needs it, for queries [heads, n, d_k]; else NO_STEP. */
int record_omega(struct recorder *r, int queries);

/* Record "phi_Q" or "phi_K" of x [heads, n, d_k] as feature_map says: [heads, n, f]. */
int record_features(struct recorder *r, const struct feature_side *side, int x, int omega);

#endif
