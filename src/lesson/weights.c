#include "lesson/weights.h"

#include "lesson/builtin.h"

#include <pthread.h>
#include <string.h>

enum { SOURCE_GLASS, SOURCE_IDENTITY, SOURCE_RANDOM, SOURCE_NUMBERS, SOURCE_TENSORS };
static const char *const source_names[] = {"glass", "identity", "random", "numbers", "tensors"};
enum { N_SOURCES = sizeof source_names / sizeof source_names[0] };

/* Which source, as an index into source_names; -1: a diagnostic was added. */
static int source_of(struct reader *r, const struct node *weights)
{
    const struct node *source = node_field(weights, "source");
    if (weights->kind != NODE_MAPPING || !source || source->kind != NODE_TEXT) {
        diagnostic(r, weights, QKV_ERR_SYNTAX, "weights needs 'source': glass, identity, random, numbers or tensors");
        return -1;
    }
    for (int i = 0; i < N_SOURCES; i++)
        if (strcmp(source->text, source_names[i]) == 0)
            return i;
    struct hint near = hint_near(source->text, source_names, N_SOURCES);
    diagnostic(r, source, QKV_ERR_DOMAIN, "unknown source '%.40s'%s", source->text,
               near.text[0] ? near.text : "; there are glass, identity, random, numbers and tensors");
    return -1;
}

/* The built-in model, read once in a process: nothing changes it afterwards, so threads share it. */
static const struct glass *shared_model(struct diagnostics *diagnostics)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct arena arena;
    static const struct glass *model;
    const struct builtin_file *file = builtin_find("assets/glass.yaml");
    struct reader reader = {&arena, diagnostics};
    pthread_mutex_lock(&lock);
    if (!model && file)
        model = glass_read(&reader, file->text, file->n);
    if (!model)
        arena_finish(&arena); /* there was no memory: the next one tries again */
    const struct glass *found = model;
    pthread_mutex_unlock(&lock);
    return found;
}

const struct glass *weights_model(struct reader *r, const struct node *weights)
{
    const struct node *source = node_field(weights, "source");
    if (!source || (strcmp(source->text, "glass") != 0 && strcmp(source->text, "identity") != 0))
        return NULL;
    /* What is wrong with the model is no diagnostic about a line of the lesson. */
    struct diagnostics of_model = {0};
    const struct glass *model = shared_model(&of_model);
    if (!model && of_model.n) {
        diagnostics_sort(&of_model);
        diagnostic(r, NULL, of_model.v[0].code, "the glass model, line %d: %s", of_model.v[0].line, of_model.v[0].what);
    }
    return model;
}

bool weights_make(struct reader *r, const struct node *weights, const struct glass *model, struct lesson *lesson,
                  bool lenient, struct named_tensors *ret)
{
    switch (source_of(r, weights)) {
    case SOURCE_GLASS:
        return model && weights_glass(r, weights, model, lesson, lenient, ret);
    case SOURCE_IDENTITY:
        return model && weights_identity(r, weights, model, lesson, lenient, ret);
    case SOURCE_RANDOM:
        return weights_random(r, weights, lesson, lenient, ret);
    case SOURCE_NUMBERS:
        return weights_numbers(r, weights, lesson, lenient, ret);
    case SOURCE_TENSORS:
        return weights_tensors(r, weights, lesson, lenient, ret);
    default:
        return false;
    }
}

/* ---- single numbers that a person replaced ---- */

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

bool weights_edit(struct reader *r, const struct lesson_options *options, const struct lesson *lesson,
                  struct named_tensors *inputs)
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
