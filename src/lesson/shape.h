/* shape.h: shapes as a mechanism's table writes them, "[heads*d_v, d_out]", and the sizes that their names have.
 *
 * A lesson names a size ("d_k: 4"), or gives a tensor from which it follows; what nobody names has a small default. */
#ifndef QKV_LESSON_SHAPE_H
#define QKV_LESSON_SHAPE_H

#include "core/mechanism.h"

enum { SIZE_NAME = 24, SIZES_MAX = 64, DIM_TEXT = 40 };

/* One alternative of a shape's text: "[n, m] or [heads, n, m]" has two. */
struct shape {
    int depth;
    char dim[AXES][DIM_TEXT]; /* "heads*d_k", "2R+1", "2 d_model" */
};

/* The alternative with so many axes; 0: the first. False: there is none. */
bool shape_read(const char *text, int depth, struct shape *ret);

struct size {
    char name[SIZE_NAME];
    size_t n;                  /* 0: not known yet */
    const char *const *labels; /* what the positions are called, n_labels of them; NULL: they are numbered */
    size_t n_labels;
};
struct sizes {
    struct size v[SIZES_MAX];
    size_t n;
};

/* The entry of a name, or NULL; sizes_add makes it when it is not there (NULL: too many). */
struct size *sizes_find(const struct sizes *sizes, const char *name);
struct size *sizes_add(struct sizes *sizes, const char *name);

/* Add every name in the shapes of a mechanism's inputs, not yet known. */
void sizes_names(struct sizes *sizes, const struct mechanism *m);

/* The value of "heads*d_k" or "2R+1". False: a name in it is not known. A value that is too large for a tensor comes
 * as TENSOR_SIDE_MAX + 1. */
bool sizes_value(const struct sizes *sizes, const char *dim, size_t *ret);

/* An axis written `dim` is so long: a single name in it that was not known becomes known. */
void sizes_learn(struct sizes *sizes, const char *dim, size_t n);

/* Give every name that is still unknown its default. */
void sizes_default(struct sizes *sizes);

#endif
