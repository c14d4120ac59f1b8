#include "lesson/edits.h"

#include <string.h>

static bool is_taken(const struct mechanism *mechanism, const char *name)
{
    for (size_t i = 0; i < mechanism->n_inputs; i++)
        if (strcmp(mechanism->inputs[i].name, name) == 0)
            return true;
    return false;
}

/* A mask that blocks nothing: a row for each word that looks, a column for each that is looked at. */
static struct qkv_err add_mask(const struct lesson *lesson, struct named_tensors *inputs)
{
    const struct words *rows = &lesson->words, *cols = lesson->memory_words.n ? &lesson->memory_words : rows;
    struct axis axes[AXES] = {axis_numbered(1, "heads"), axis_numbered(rows->n, "words"),
                              axis_numbered(cols->n, "words")};
    axes[AXIS_ROW].labels = rows->v;
    axes[AXIS_COL].labels = cols->v;
    struct tensor mask = {0};
    struct qkv_err err = tensor_init(&mask, axes);
    for (size_t i = 0; !err.code && i < tensor_cells(&mask); i++)
        mask.v[i] = 1;
    if (!err.code)
        err = named_tensors_add(inputs, "mask", &mask);
    tensor_finish(&mask);
    return err;
}

static double *find_cell(const struct named_tensors *inputs, const struct edit *edit)
{
    const struct tensor *t = named_tensors_find(inputs, edit->tensor);
    if (!t)
        return NULL;
    for (int i = 0; i < AXES; i++)
        if (edit->at[i] >= t->axis[i].size)
            return NULL;
    return tensor_at(t, edit->at[AXIS_HEAD], edit->at[AXIS_ROW], edit->at[AXIS_COL]);
}

bool edits_apply(struct reader *r, const struct lesson_options *options, const struct lesson *lesson,
                 struct named_tensors *inputs, struct original ret[])
{
    for (size_t i = 0; options && i < options->n_edits; i++) {
        const struct edit *edit = &options->edits[i];
        if (strcmp(edit->tensor, "mask") == 0 && !named_tensors_find(inputs, "mask") &&
            is_taken(lesson->mechanism, "mask")) {
            struct qkv_err err = add_mask(lesson, inputs);
            if (err.code) {
                diagnostic(r, NULL, err.code, "%s", err.what);
                return false;
            }
        }
        double *cell = find_cell(inputs, edit);
        ret[i] = (struct original){cell != NULL, cell ? *cell : 0};
        if (cell)
            *cell = edit->value;
        if (options->fits) {
            options->fits[i] = cell != NULL;
        } else if (!cell) {
            diagnostic(r, NULL, QKV_ERR_DOMAIN, "there is no cell [%zu, %zu, %zu] of %s to change",
                    edit->at[AXIS_HEAD] + 1, edit->at[AXIS_ROW] + 1, edit->at[AXIS_COL] + 1, edit->tensor);
            return false;
        }
    }
    return true;
}
