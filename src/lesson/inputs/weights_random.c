/* Weights that come from a seed: the same numbers on every machine. */

#include "lesson/inputs/inputs.h"
#include "lesson/inputs/normals.h"
#include "lesson/inputs/weights.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static const struct field random_fields[] = {
    {"source", NODE_TEXT, true, "random"},
    {"seed", NODE_TEXT, true, "a whole number; another one gives other weights"},
    {"output", NODE_TEXT, false, "false leaves out W_O and the last step"},
    {"with", NODE_LIST, false, "tensors that could be left out, to have all the same: [W_O, b_Q]"},
    {"numbers", NODE_MAPPING, false, "tensors written out instead: {mask: [[1, 0], [1, 1]]}"},
    {"names", NODE_MAPPING, false, "what rows and columns are called: {d_k: [who, what]}"},
    {"features", NODE_LIST | NODE_TEXT, false, "names of X's columns"},
    {0},
};

static uint64_t seed_of(uint64_t seed, const char *text)
{
    uint64_t hash = 14695981039346656037u ^ seed; /* FNV-1a */
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}

/* That of the numbers of a tensor: products of many should keep a variance near 1. */
static struct spread spread_of(const struct inputs *in, const char *name, const struct shape *shape,
                               const struct axis axes[])
{
    if (strncmp(name, "gamma", 5) == 0)
        return (struct spread){1, 0.1};
    if (strncmp(name, "beta", 4) == 0 || strncmp(name, "b_", 2) == 0)
        return (struct spread){0, 0.1};
    if (shape->depth == 1 || strncmp(name, "relative", 8) == 0)
        return (struct spread){0, 0.5};
    if (inputs_words(in, shape->dim[0]) || strcmp(name, "omega") == 0)
        return (struct spread){0, 1};
    /* A kernel, and what mixes words, is summed along its rows, a projection along its columns. */
    bool by_row = dim_is(shape->dim[1], SIZE_WINDOW) || inputs_words(in, shape->dim[1]);
    return (struct spread){0, 1 / sqrt((double)axes[by_row ? AXIS_COL : AXIS_ROW].size)};
}

static bool find_sizes(struct inputs *in, const struct tensor_info *info, const struct shape *shape, size_t n[AXES])
{
    size_t cells = 1;
    for (int i = 0; i < shape->depth; i++) {
        char text[DIM_TEXT];
        if (!sizes_value(&in->sizes, shape->dim[i], &n[i]) || n[i] == 0 || n[i] > 16 * SIDE_MAX)
            return diagnostic(in->r, in->weights, QKV_ERR_LIMIT, "%s: %s is more than %d", info->name,
                              dim_text(shape->dim[i], text), 16 * SIDE_MAX);
        cells *= n[i]; /* each factor is small, so that three of them fit */
    }
    return cells <= DRAWN_CELLS_MAX ||
           diagnostic(in->r, in->weights, QKV_ERR_LIMIT, "%s: %zu cells are too many to draw; at most %d", info->name,
                      cells, DRAWN_CELLS_MAX);
}

/* n cells of a tensor from the numbers of a seed. */
static bool fill_cells(struct inputs *in, uint64_t seed, struct spread spread, double v[], size_t n)
{
    const double *normal = normals_from(in->normals, seed, spread, n);
    if (normal)
        memcpy(v, normal, n * sizeof *v);
    return normal || diagnostic_nomem(in->r, "what is drawn");
}

static bool fill(struct inputs *in, const struct tensor_info *info, const struct shape *shape, uint64_t seed,
                 struct tensor *t)
{
    const struct axis *axes = t->axis;
    const struct spread spread = spread_of(in, info->name, shape, axes);
    /* A word has one embedding wherever it stands, so its row is drawn from the word. */
    if (shape->depth != 2 || !inputs_words(in, shape->dim[0]) || !axes[AXIS_ROW].labels)
        return fill_cells(in, seed_of(seed, info->name), spread, t->v, tensor_cells(t));
    bool fine = true;
    for (size_t i = 0; fine && i < axes[AXIS_ROW].size; i++)
        fine =
            fill_cells(in, seed_of(seed, axes[AXIS_ROW].labels[i]), spread, tensor_at(t, 0, i, 0), axes[AXIS_COL].size);
    return fine;
}

static bool draw(struct inputs *in, const struct tensor_info *info, uint64_t seed)
{
    const struct shape *shape = inputs_shape(in, info, 0);
    size_t n[AXES];
    struct tensor t = {0};
    if (strcmp(info->name, "mask") == 0)
        return diagnostic(in->r, in->weights, QKV_ERR_DOMAIN, "a mask is not drawn; write it under 'numbers'");
    if (!shape->depth)
        return diagnostic(in->r, in->weights, QKV_ERR_DOMAIN,
                          "%s has no shape that could be drawn; write it under 'numbers'", info->name);
    if (!find_sizes(in, info, shape, n) || !inputs_tensor(in, in->weights, info, shape->depth, n, &t))
        return false;
    if (!fill(in, info, shape, seed, &t)) {
        tensor_finish(&t);
        return false;
    }
    in->drawn[info - in->lesson->mechanism->inputs] = true;
    return inputs_add(in, in->weights, info, &t);
}

static bool is_listed(const struct inputs *in, const char *name)
{
    const struct node *with = node_field(in->weights, "with");
    for (const struct node *item = with ? with->first : NULL; item; item = item->next)
        if (strcmp(item->text, name) == 0)
            return true;
    return false;
}

static bool check_list(struct inputs *in)
{
    const struct node *with = node_field(in->weights, "with");
    bool fine = true;
    for (const struct node *item = with && !in->lenient ? with->first : NULL; item; item = item->next)
        fine = inputs_find(in, item->text, item) && fine;
    return fine;
}

static bool is_needed(const struct inputs *in, const struct tensor_info *info, bool output)
{
    if (strcmp(info->name, "memory") == 0 && in->lesson->memory.words.n)
        return true;
    if (strcmp(info->name, "W_O") == 0 && info->optional)
        return output || is_listed(in, "W_O");
    return !info->optional || inputs_asked_for(in, info) || is_listed(in, info->name);
}

/* What is not known yet is of no tensor that is given: it may be chosen. False: a size was that may not. */
static bool choose_sizes(struct inputs *in)
{
    const struct weights_choice *redrawn = in->lesson->redrawn;
    bool fine = true;
    for (enum size_id id = 0; id < SIZE_COUNT; id++) {
        struct size *size = &in->sizes.v[id];
        size->open = size->used && !size_is_given(id) && !size->n_labels && (size->open || !size->n);
        if (!redrawn || !redrawn->size[id])
            continue;
        if (size->open)
            size->n = redrawn->size[id];
        else if (!in->lenient)
            fine =
                diagnostic(in->r, NULL, QKV_ERR_DOMAIN, "%s is %zu in tensors that this lesson gives: it cannot be %zu",
                           size_name(id), size->n ? size->n : size->n_labels, redrawn->size[id]);
    }
    return fine;
}

bool inputs_draw(struct inputs *in, const struct node *seed, bool output)
{
    const struct mechanism *mechanism = in->lesson->mechanism;
    const struct weights_choice *redrawn = in->lesson->redrawn;
    bool fine = node_whole(in->r, seed, "seed", 0, SEED_MAX, &in->written_seed) && check_list(in) && choose_sizes(in);
    struct size *size = in->sizes.v;
    const long from = redrawn && redrawn->seeded ? redrawn->seed : in->written_seed;
    in->seed = -1;
    if (!size[SIZE_M].n)
        size[SIZE_M].n = in->lesson->sentence.words.n;
    sizes_default(&in->sizes);
    /* Without a second sequence its embeddings are the first's. */
    if (size[SIZE_D_MEMORY].used && size[SIZE_D_MODEL].used && !in->lesson->memory.words.n &&
        !named_tensors_find(in->ret, "memory"))
        size[SIZE_D_MEMORY] = size[SIZE_D_MODEL];
    for (size_t i = 0; fine && i < mechanism->n_inputs; i++) {
        const struct tensor_info *info = &mechanism->inputs[i];
        if (!named_tensors_find(in->ret, info->name) && is_needed(in, info, output)) {
            fine = draw(in, info, (uint64_t)from);
            in->seed = from;
        }
    }
    return fine;
}

bool inputs_redraw(struct inputs *in, long seed)
{
    const struct mechanism *mechanism = in->lesson->mechanism;
    for (size_t i = 0; i < in->ret->n; i++) {
        struct tensor *t = &in->ret->v[i].tensor;
        const struct tensor_info *info = mechanism_input(mechanism, in->ret->v[i].name);
        if (in->drawn[info - mechanism->inputs] && !fill(in, info, inputs_shape(in, info, 0), (uint64_t)seed, t))
            return false;
    }
    in->seed = seed;
    return true;
}

bool weights_random(struct inputs *in)
{
    if (!inputs_check(in, random_fields, false, "random weights"))
        return false;
    const struct node *output = node_field(in->weights, "output"), *numbers = node_field(in->weights, "numbers");
    bool with_output = true, fine = !output || node_bool(in->r, output, "output", &with_output);
    fine = inputs_read_sizes(in) && fine;
    fine = fine && inputs_numbers(in, in->weights); /* those that are pixels */
    if (fine && numbers)
        fine = inputs_numbers(in, numbers);
    return fine && inputs_draw(in, node_field(in->weights, "seed"), with_output);
}
