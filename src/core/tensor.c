#include "core/tensor.h"

#include "base/array.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct axis axis_numbered(size_t size, const char *name)
{
    return (struct axis){.size = size, .name = name};
}

const char *axis_label(const struct axis *axis, size_t h, size_t i)
{
    if (!axis->labels || i >= axis->size)
        return NULL;
    return axis->labels[h * axis->labels_per_head + i];
}

bool axis_same_labels(const struct axis *a, const struct axis *b)
{
    if (a->size != b->size || a->labels_per_head != b->labels_per_head || !a->labels != !b->labels)
        return false;
    if (a->labels == b->labels)
        return true;
    /* Labels of their own for each head are not counted here: those of two places are taken for others. */
    if (a->labels_per_head)
        return false;
    for (size_t i = 0; i < a->size; i++)
        if (strcmp(a->labels[i], b->labels[i]) != 0)
            return false;
    return true;
}

/* How many cells these axes have, or why that is too many. */
static struct qkv_err count_cells(const struct axis axes[AXES], size_t *ret)
{
    size_t cells = 1;
    for (int a = 0; a < AXES; a++) {
        size_t size = axes[a].size;
        /* cells is at most TENSOR_CELLS_MAX here and so is a side: the product cannot wrap. */
        if (size == 0 || size > TENSOR_SIDE_MAX || size * cells > TENSOR_CELLS_MAX)
            return qkv_errf(QKV_ERR_LIMIT, "a tensor of %zu x %zu x %zu: a side must be 1 to %d, the cells at most %d",
                            axes[0].size, axes[1].size, axes[2].size, TENSOR_SIDE_MAX, TENSOR_CELLS_MAX);
        cells *= size;
    }
    *ret = cells;
    return (struct qkv_err){0};
}

struct qkv_err tensor_init_in(struct arena *arena, struct tensor *t, const struct axis axes[AXES])
{
    size_t cells = 0;
    *t = (struct tensor){0};
    struct qkv_err err = count_cells(axes, &cells);
    if (err.code)
        return err;
    double *v = arena ? arena_space(arena, cells, sizeof *v) : array_zeros(cells, sizeof *v);
    if (!v)
        return qkv_nomem("a tensor");
    memcpy(t->axis, axes, sizeof t->axis);
    t->v = v;
    return err;
}

struct qkv_err tensor_init_bare(struct tensor *t, const struct axis axes[AXES])
{
    size_t cells;
    struct qkv_err err = count_cells(axes, &cells);
    *t = (struct tensor){0};
    if (!err.code)
        memcpy(t->axis, axes, sizeof t->axis);
    return err;
}

struct qkv_err tensor_init(struct tensor *t, const struct axis axes[AXES])
{
    return tensor_init_in(NULL, t, axes);
}

struct qkv_err tensor_init_sizes(struct tensor *t, size_t heads, size_t rows, size_t cols)
{
    const struct axis axes[AXES] = {axis_numbered(heads, "heads"), axis_numbered(rows, "rows"),
                                    axis_numbered(cols, "columns")};
    return tensor_init(t, axes);
}

struct qkv_err tensor_copy(struct tensor *ret, const struct tensor *from)
{
    struct tensor copy;
    struct qkv_err err = tensor_init(&copy, from->axis);
    if (err.code)
        return err;
    memcpy(copy.v, from->v, tensor_cells(from) * sizeof *copy.v);
    copy.pixels = from->pixels;
    copy.pixels_across = from->pixels_across;
    *ret = copy;
    return err;
}

struct qkv_err tensor_transpose(struct tensor *ret, const struct tensor *from)
{
    struct tensor copy;
    const struct axis axes[AXES] = {from->axis[AXIS_HEAD], from->axis[AXIS_COL], from->axis[AXIS_ROW]};
    struct qkv_err err = tensor_init(&copy, axes);
    if (err.code)
        return err;
    for (size_t h = 0; h < axes[AXIS_HEAD].size; h++)
        for (size_t r = 0; r < axes[AXIS_ROW].size; r++)
            for (size_t c = 0; c < axes[AXIS_COL].size; c++)
                *tensor_at(&copy, h, r, c) = *tensor_at(from, h, c, r);
    *ret = copy;
    return err;
}

void tensor_finish(struct tensor *t)
{
    free(t->v);
    *t = (struct tensor){0};
}

bool tensor_same_shape(const struct tensor *a, const struct tensor *b)
{
    for (int i = 0; i < AXES; i++)
        if (a->axis[i].size != b->axis[i].size)
            return false;
    return true;
}

const char *tensor_shape_text(const struct tensor *t, char buffer[TENSOR_SHAPE_TEXT])
{
    snprintf(buffer, TENSOR_SHAPE_TEXT, "[%zu, %zu, %zu]", t->axis[0].size, t->axis[1].size, t->axis[2].size);
    return buffer;
}

struct qkv_err named_tensors_append(struct named_tensors *all, const char *name, struct tensor *t)
{
    if (strlen(name) >= sizeof all->v->name)
        return qkv_errf(QKV_ERR_LIMIT, "the tensor name '%.60s...' is longer than %zu bytes", name,
                        sizeof all->v->name - 1);
    if (!array_reserve(&all->v, &all->capacity, all->n + 1, sizeof *all->v))
        return qkv_nomem("a list of tensors");
    struct named_tensor *slot = &all->v[all->n++];
    *slot = (struct named_tensor){.tensor = *t};
    snprintf(slot->name, sizeof slot->name, "%s", name);
    *t = (struct tensor){0};
    return (struct qkv_err){0};
}

struct qkv_err named_tensors_add(struct named_tensors *all, const char *name, struct tensor *t)
{
    for (size_t i = 0; i < all->n; i++) {
        struct named_tensor *slot = &all->v[i];
        if (strcmp(slot->name, name) != 0)
            continue;
        tensor_finish(&slot->tensor);
        slot->tensor = *t;
        slot->axes = 0;
        *t = (struct tensor){0};
        return (struct qkv_err){0};
    }
    return named_tensors_append(all, name, t);
}

const struct tensor *named_tensors_find(const struct named_tensors *all, const char *name)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].name[0] == name[0] && strcmp(all->v[i].name, name) == 0)
            return &all->v[i].tensor;
    return NULL;
}

void named_tensors_finish(struct named_tensors *all)
{
    for (size_t i = 0; i < all->n; i++)
        tensor_finish(&all->v[i].tensor);
    free(all->v);
    *all = (struct named_tensors){0};
}
