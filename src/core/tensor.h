/* tensor.h: blocks of numbers whose axes know what they run along.
 *
 * Every tensor has three axes: [heads, rows, columns], row-major. What exists once for all heads has a leading axis of
 * 1. Numbers are double: what a learner checks with a pencil must agree to the last digit shown, and a gradient check
 * in float cannot see below 1e-2. */
#ifndef QKV_CORE_TENSOR_H
#define QKV_CORE_TENSOR_H

#include "base/array.h"
#include "base/err.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>

enum { AXIS_HEAD, AXIS_ROW, AXIS_COL, AXES };

/* Above any lesson and any model shown here; side * side * heads * 8 stays far inside size_t. */
enum { TENSOR_SIDE_MAX = 65536, TENSOR_CELLS_MAX = 1 << 27 };

struct axis {
    size_t size;
    const char *name; /* what it runs along: "words", "d_model", "d_k", "heads"; a literal or owned as labels are */
    const char *const
        *labels;            /* a text per position, or NULL: positions are numbered. Not owned; outlives the tensor */
    size_t labels_per_head; /* 0: all heads share the labels; else position i of head h is labels[h * this + i] */
};

/* What an input's numbers were in a picture. */
enum pixel_kind { PIXELS_NONE, PIXELS_BRIGHTNESS, PIXELS_RGB };

struct tensor {
    struct axis axis[AXES];
    enum pixel_kind pixels;
    size_t pixels_across; /* of a row's pixels, left to right, then top to bottom: how many lie side by side */
    double *v; /* owned; axis[0].size * axis[1].size * axis[2].size numbers */
};

/* An axis of `size` numbered positions. */
struct axis axis_numbered(size_t size, const char *name);

/* The label of position i for head h, or NULL where positions are numbered. */
const char *axis_label(const struct axis *axis, size_t h, size_t i);

/* Do two axes carry the same texts, wherever these are kept, or none both? */
bool axis_same_labels(const struct axis *a, const struct axis *b);

/* Allocate zeros for these axes. Errors: QKV_ERR_LIMIT (a side of 0 or above the limits), QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err tensor_init(struct tensor *t, const struct axis axes[AXES]);

/* The same with its numbers in an arena, which frees them: tensor_finish is not for it. They are not set. */
QKV_CHECKED struct qkv_err tensor_init_in(struct arena *arena, struct tensor *t, const struct axis axes[AXES]);

/* The same without numbers (v is NULL): only the axes are checked. */
QKV_CHECKED struct qkv_err tensor_init_bare(struct tensor *t, const struct axis axes[AXES]);

/* The same as tensor_init with numbered axes called "heads", "rows" and "columns". */
QKV_CHECKED struct qkv_err tensor_init_sizes(struct tensor *t, size_t heads, size_t rows, size_t cols);

QKV_CHECKED struct qkv_err tensor_copy(struct tensor *ret, const struct tensor *from);
/* The transpose: rows become columns, in every head. */
QKV_CHECKED struct qkv_err tensor_transpose(struct tensor *ret, const struct tensor *from);
void tensor_finish(struct tensor *t);

static inline size_t tensor_cells(const struct tensor *t)
{
    return t->axis[AXIS_HEAD].size * t->axis[AXIS_ROW].size * t->axis[AXIS_COL].size;
}

bool tensor_same_shape(const struct tensor *a, const struct tensor *b);

/* The address of a cell. A head axis of 1 is shared: any h reads plane 0. */
static inline double *tensor_at(const struct tensor *t, size_t h, size_t r, size_t c)
{
    size_t heads = t->axis[AXIS_HEAD].size, rows = t->axis[AXIS_ROW].size, cols = t->axis[AXIS_COL].size;
    if (heads == 1)
        h = 0;
    assert(h < heads && r < rows && c < cols);
    return &t->v[(h * rows + r) * cols + c];
}

/* "[2, 7, 4]" into a buffer of at least TENSOR_SHAPE_TEXT bytes; returns it. */
enum { TENSOR_SHAPE_TEXT = 80 };
const char *tensor_shape_text(const struct tensor *t, char buffer[TENSOR_SHAPE_TEXT]);

/* Tensors that carry names: what a mechanism takes, what a file holds. */
struct named_tensor {
    char name[64];
    size_t axes; /* how many of the three a file shows; 0: all. Those left out are leading ones, and 1 */
    struct tensor tensor;
};
struct named_tensors {
    struct named_tensor *v; /* owned, with their tensors */
    size_t n, capacity;
};
/* Take over *t (which is zeroed) under a name; a name that is there already is replaced. */
QKV_CHECKED struct qkv_err named_tensors_add(struct named_tensors *all, const char *name, struct tensor *t);
/* The same for a name that is known not to be there: quick however many there are. */
QKV_CHECKED struct qkv_err named_tensors_append(struct named_tensors *all, const char *name, struct tensor *t);
const struct tensor *named_tensors_find(const struct named_tensors *all, const char *name); /* NULL: not there */
void named_tensors_finish(struct named_tensors *all);

#endif
