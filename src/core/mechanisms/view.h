/* view.h: the three views of the words: queries, keys and values, each X W + b, shared out to the heads. */
#ifndef QKV_CORE_MECHANISMS_VIEW_H
#define QKV_CORE_MECHANISMS_VIEW_H

#include "core/mechanisms/record.h"

/* They are made the same way; only the words differ. */
struct view;
extern const struct view query_view, key_view, value_view;

/* Record the view's weights, its bias where there is one, and X W + b: two steps with a bias, one without. `words` is
 * the step of X or memory. Returns the step of the result, [1, n, heads * d]. */
int record_view(struct recorder *r, const struct view *view, int words, size_t heads);

/* Record [1, n, heads * d] -> [heads, n, d]. With one head there is nothing to share out: `whole` is returned. */
int record_split(struct recorder *r, const struct view *view, int whole, size_t heads);

#endif
