/* ends.h: how mechanisms begin and end: the words, the heads side by side, and what W_O makes of them. */
#ifndef QKV_CORE_MECHANISMS_ENDS_H
#define QKV_CORE_MECHANISMS_ENDS_H

#include "core/mechanisms/record.h"

/* An input of one row for each word. */
struct sequence {
    const char *name, *symbol, *cols, *shape;
};
extern const struct sequence words_that_look, words_looked_at; /* "X", "memory" */

/* Record it. NO_STEP: it is not there, as memory may be. */
int record_sequence(struct recorder *r, const struct sequence *sequence);

/* Record [heads, n, d_v] -> "concat", [1, n, heads*d_v]. */
int record_side_by_side(struct recorder *r, int heads);

/* What the result of W_O is called, and what it is called before b_O is added. */
struct output_names {
    const char *name, *symbol, *projected, *projected_symbol;
};
extern const struct output_names output_names; /* "output" */

/* Record concat W_O + b_O and return its step; without W_O there is none, and it is `concat` that is returned. */
int record_output(struct recorder *r, int concat, const struct output_names *names);

#endif
