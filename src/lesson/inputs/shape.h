/* shape.h: the shapes of a mechanism's inputs as data, read once from its table ("[heads*d_v, d_out]"), and the sizes
 * that their names have.
 *
 * A lesson names a size ("d_k: 4"), or gives a tensor from which it follows; every other size has a small default. */
#ifndef QKV_LESSON_SHAPE_H
#define QKV_LESSON_SHAPE_H

#include "core/mechanism.h"

/* The sizes that shapes are written in; shape.c has a row for each. */
enum size_id {
    SIZE_N, /* words that look */
    SIZE_T, /* the same, of a decoder */
    SIZE_M, /* words that are looked at */
    SIZE_HEADS,
    SIZE_KV_HEADS,
    SIZE_D_MODEL,
    SIZE_D_MEMORY,
    SIZE_D_K,
    SIZE_D_V,
    SIZE_D_OUT,
    SIZE_D_X,
    SIZE_D_Y,
    SIZE_D_Q,
    SIZE_D_H,
    SIZE_D_A,
    SIZE_D_FF,
    SIZE_FEATURES,
    SIZE_R,
    SIZE_K,
    SIZE_E,
    SIZE_S,
    SIZE_A,
    SIZE_C,
    SIZE_WINDOW,
    SIZE_COUNT,
    SIZE_NONE = SIZE_COUNT
};

/* factor * a * b + constant; SIZE_NONE counts as 1: "heads*d_k", "2R+1", "2 d_model". */
struct dim {
    unsigned short factor, constant;
    unsigned char a, b; /* enum size_id */
};

/* One alternative of a shape: "[n, m] or [heads, n, m]" has two. */
struct shape {
    int depth; /* 0: there is none */
    struct dim dim[AXES];
};

enum { SHAPE_ALTERNATIVES = 2, DIM_TEXT = 40 };

/* The alternatives of a shape's text. False: it is written otherwise, or with a size that has no row. */
bool shape_read(const char *text, struct shape ret[SHAPE_ALTERNATIVES]);

/* A dimension as the table writes it. Returns the buffer. */
const char *dim_text(struct dim dim, char buffer[DIM_TEXT]);

/* Is it this size and nothing else? */
bool dim_is(struct dim dim, enum size_id id);

struct size {
    bool used;                 /* in the shapes of the mechanism */
    size_t n;                  /* 0: not known yet */
    const char *const *labels; /* what the positions are called, n_labels of them; NULL: they are numbered */
    size_t n_labels;
    bool open; /* only of what is drawn: no tensor that is given has it, so it may be any */
};
struct sizes {
    struct size v[SIZE_COUNT];
};

const char *size_name(enum size_id id);
enum size_id size_find(const char *name); /* SIZE_NONE: there is none */

/* Is this size given by the words and the settings (n, T, m, heads, kv_heads)? Then a lesson may not set it. */
bool size_is_given(enum size_id id);
/* May a lesson set it? ("features" names columns.) */
bool size_is_open(enum size_id id);

/* Note the sizes of a shape as used. */
void sizes_use(struct sizes *sizes, const struct shape *shape);

/* The value of a dimension; one that is too large for a tensor comes as TENSOR_SIDE_MAX + 1. False: a size in it is not
 * known. */
bool sizes_value(const struct sizes *sizes, struct dim dim, size_t *ret);

/* An axis of this dimension is so long: the first size in it that was not known becomes known. */
void sizes_learn(struct sizes *sizes, struct dim dim, size_t n);

/* Give every size that is still unknown its default. */
void sizes_default(struct sizes *sizes);

#endif
