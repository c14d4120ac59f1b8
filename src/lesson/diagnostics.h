/* diagnostics.h: what is wrong with a file: all of it, in the order of its lines, not only the first. */
#ifndef QKV_LESSON_DIAGNOSTICS_H
#define QKV_LESSON_DIAGNOSTICS_H

#include "base/err.h"

#include <stddef.h>

enum { LESSON_DIAGNOSTICS_MAX = 32 };

struct diagnostics {
    struct qkv_err v[LESSON_DIAGNOSTICS_MAX];
    size_t n; /* counts on above the maximum: so many there were */
};

void diagnostics_add(struct diagnostics *f, struct qkv_err err);

/* Order by line and column; diagnostics that are not about a place come first. */
void diagnostics_sort(struct diagnostics *f);

/* How many of them are in v. */
size_t diagnostics_kept(const struct diagnostics *f);

#endif
