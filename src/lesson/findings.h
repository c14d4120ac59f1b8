/* findings.h: what is wrong with a file: all of it, in the order of its lines, not only the first. */
#ifndef QKV_LESSON_FINDINGS_H
#define QKV_LESSON_FINDINGS_H

#include "base/err.h"

#include <stddef.h>

enum { LESSON_FINDINGS_MAX = 32 };

struct findings {
    struct qkv_err v[LESSON_FINDINGS_MAX];
    size_t n; /* counts on above the maximum: so many there were */
};

void findings_add(struct findings *f, struct qkv_err err);

/* Order by line and column; findings that are not about a place come first. */
void findings_sort(struct findings *f);

/* How many of them are in v. */
size_t findings_kept(const struct findings *f);

#endif
