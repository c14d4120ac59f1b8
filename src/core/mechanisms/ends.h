/* ends.h: how mechanisms with heads begin and end: the words, the heads side by side, and what W_O makes of them. */
#ifndef QKV_CORE_MECHANISMS_ENDS_H
#define QKV_CORE_MECHANISMS_ENDS_H

#include "core/mechanisms/record.h"

/* Record an input of one row for each word: X, memory. */
int ends_words(struct recorder *r, const char *name, const char *symbol, const char *title, const char *meaning,
               const char *cols, const char *shape);

/* Record [heads, n, d_v] -> "concat", [1, n, heads*d_v]. */
int ends_concat(struct recorder *r, int heads);

/* What the result of W_O is called, and what it is called before b_O is added. */
struct output_names {
    const char *name, *symbol, *projected, *projected_symbol;
};
extern const struct output_names output_names; /* "output" */

/* Record concat W_O + b_O and return its step; without W_O there is none. */
int ends_output(struct recorder *r, int concat, const struct output_names *names);

#endif
