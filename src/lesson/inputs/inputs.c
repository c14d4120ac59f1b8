#include "lesson/inputs/inputs.h"

#include <stdio.h>
#include <string.h>

static void learn_setting(struct inputs *in, enum size_id id)
{
    const struct setting *setting = settings_find(&in->lesson->settings, size_name(id));
    if (setting && setting->choice < 0 && setting->number >= 1 && setting->number <= TENSOR_SIDE_MAX)
        in->sizes.v[id].n = (size_t)setting->number;
}

static void learn_words(struct inputs *in, enum size_id id, const struct words *words)
{
    struct size *size = &in->sizes.v[id];
    if (size->used && words->n)
        *size = (struct size){.used = true, .n = words->n, .labels = words->v, .n_labels = words->n};
}

void inputs_heads(struct inputs *in)
{
    learn_setting(in, SIZE_HEADS);
    in->sizes.v[SIZE_KV_HEADS].n = in->sizes.v[SIZE_HEADS].n;
    learn_setting(in, SIZE_KV_HEADS);
}

void inputs_init(struct inputs *in, struct reader *r, const struct node *weights, const struct lesson *lesson,
                 bool lenient, struct named_tensors *ret)
{
    const struct mechanism *m = lesson->mechanism;
    *in = (struct inputs){
        .r = r, .weights = weights, .lesson = lesson, .lenient = lenient, .ret = ret, .seed = -1, .written_seed = -1};
    for (size_t i = 0; i < m->n_inputs && i < INPUTS_MAX; i++)
        if (shape_read(m->inputs[i].shape, in->shapes[i]))
            for (size_t k = 0; k < SHAPE_ALTERNATIVES; k++)
                sizes_use(&in->sizes, &in->shapes[i][k]);
    inputs_heads(in);
    learn_words(in, SIZE_N, &lesson->sentence.words);
    learn_words(in, SIZE_T, &lesson->sentence.words);
    learn_words(in, SIZE_M, &lesson->memory.words);
}

const struct tensor_info *inputs_find(const struct inputs *in, const char *name, const struct node *at)
{
    const struct mechanism *m = in->lesson->mechanism;
    const struct tensor_info *found = mechanism_input(m, name);
    const char *names[INPUTS_MAX];
    size_t n = 0;
    for (; !found && n < m->n_inputs && n < INPUTS_MAX; n++)
        names[n] = m->inputs[n].name;
    if (!found)
        diagnostic(in->r, at, QKV_ERR_DOMAIN, "unknown tensor '%.40s' of %s%s", name, m->name,
                   hint_near(name, names, n).text);
    return found;
}

const struct shape *inputs_shape(const struct inputs *in, const struct tensor_info *info, int depth)
{
    static const struct shape none;
    const struct shape *shapes = in->shapes[info - in->lesson->mechanism->inputs];
    for (int i = 0; i < SHAPE_ALTERNATIVES; i++)
        if (shapes[i].depth > 0 && (depth == 0 || shapes[i].depth == depth))
            return &shapes[i];
    return &none;
}

/* ---- names and sizes that the lesson gives ---- */

/* Can its positions have names? */
static bool is_named(const struct inputs *in, enum size_id id)
{
    return id != SIZE_NONE && in->sizes.v[id].used && !size_is_given(id);
}

static bool is_sequence(struct dim dim)
{
    return dim_is(dim, SIZE_N) || dim_is(dim, SIZE_T) || dim_is(dim, SIZE_M);
}

bool inputs_check(const struct inputs *in, const struct field own[], bool tensors, const char *whose)
{
    struct field fields[16 + SIZE_COUNT + INPUTS_MAX] = {{0}};
    size_t n = 0, capacity = sizeof fields / sizeof fields[0] - 1;
    for (; own[n].name && n < capacity; n++)
        fields[n] = own[n];
    for (enum size_id id = 0; id < SIZE_COUNT && n < capacity; id++)
        if (size_is_open(id) && in->sizes.v[id].used)
            fields[n++] = (struct field){size_name(id), NODE_TEXT, false, "a size, as the mechanism's shapes name it"};
    const struct mechanism *m = in->lesson->mechanism;
    for (size_t i = 0; i < m->n_inputs && n < capacity; i++) {
        const struct tensor_info *info = &m->inputs[i];
        const struct shape *shape = inputs_shape(in, info, 2);
        if (tensors)
            fields[n++] =
                (struct field){info->name, NODE_LIST | NODE_TEXT | NODE_MAPPING, !info->optional, info->shape};
        else if (shape->depth && is_sequence(shape->dim[0]) && !size_is_given(shape->dim[1].a))
            fields[n++] = (struct field){info->name, NODE_TEXT, false, "pixels, when its words are parts of a picture"};
    }
    return in->lenient || fields_check(in->r, in->weights, fields, whose);
}

static bool read_labels(struct inputs *in, const struct node *list, struct size *size)
{
    struct words labels;
    if (!node_texts(in->r, list, "a name is a text: [red, round]", &labels))
        return false;
    if (labels.n == 0)
        return diagnostic(in->r, list, QKV_ERR_SYNTAX, "this list is empty");
    *size = (struct size){.used = size->used, .n = labels.n, .labels = labels.v, .n_labels = labels.n};
    return true;
}

static bool read_names(struct inputs *in, const struct node *names)
{
    struct field fields[SIZE_COUNT + 1] = {{0}};
    size_t n = 0;
    for (enum size_id id = 0; id < SIZE_COUNT; id++)
        if (is_named(in, id))
            fields[n++] = (struct field){size_name(id), NODE_LIST, false, "what each of them is called"};
    if (!in->lenient && !fields_check(in->r, names, fields, "names"))
        return false;
    bool fine = true;
    for (const struct node *node = names->first; node; node = node->next) {
        enum size_id id = size_find(node->key->text);
        if (node->kind == NODE_LIST && is_named(in, id))
            fine = read_labels(in, node, &in->sizes.v[id]) && fine;
    }
    return fine;
}

bool inputs_read_sizes(struct inputs *in)
{
    const struct node *names = node_field(in->weights, "names"), *features = node_field(in->weights, "features");
    bool fine = !names || read_names(in, names);
    if (fine && features && features->kind == NODE_LIST && in->sizes.v[SIZE_D_MODEL].used)
        fine = read_labels(in, features, &in->sizes.v[SIZE_D_MODEL]);
    for (const struct node *node = in->weights->first; node; node = node->next) {
        enum size_id id = size_find(node->key->text);
        long n = 0;
        if (node->kind != NODE_TEXT || !is_named(in, id))
            continue;
        struct size *size = &in->sizes.v[id];
        if (!node_whole(in->r, node, size_name(id), 1, SIDE_MAX, &n))
            fine = false;
        else if (size->n_labels && size->n_labels != (size_t)n)
            fine = diagnostic(in->r, node, QKV_ERR_SHAPE, "%s is %ld, but %zu names are given for it", size_name(id), n,
                              size->n_labels);
        else
            size->n = (size_t)n, size->open = true;
    }
    return fine;
}

/* ---- axes ---- */

const struct words *inputs_words(const struct inputs *in, struct dim dim)
{
    if (dim_is(dim, SIZE_N) || dim_is(dim, SIZE_T))
        return &in->lesson->sentence.words;
    if (!dim_is(dim, SIZE_M))
        return NULL;
    if (in->lesson->memory.words.n)
        return &in->lesson->memory.words;
    /* Without a second sequence the words look at each other; rows of a memory that has no words are only numbered. */
    return named_tensors_find(in->ret, "memory") ? NULL : &in->lesson->sentence.words;
}

/* The size that has the labels of a dimension: of "heads*d_k" that of d_k, which each head repeats. */
static const struct size *labels_for(const struct inputs *in, struct dim dim, size_t n)
{
    const struct size *size = &in->sizes.v[dim.b == SIZE_NONE ? dim.a : dim.b];
    const bool repeated = dim.b != SIZE_NONE && dim.factor == 1 && dim.constant == 0;
    if (!repeated && !dim_is(dim, dim.a))
        return NULL;
    return size->n_labels && (repeated ? n % size->n_labels == 0 : size->n_labels == n) ? size : NULL;
}

/* "-2", "-1", "0", "1", "2": how far what is looked at stands from what looks. */
static const char *distance_label(struct inputs *in, long distance)
{
    struct str text = {0};
    str_addf(&text, "%ld", distance);
    return str_keep(&text, in->r->arena);
}

static bool fill_axis(struct inputs *in, struct dim dim, struct axis *axis)
{
    char text[DIM_TEXT];
    const struct words *words = inputs_words(in, dim);
    const struct size *size = words ? NULL : labels_for(in, dim, axis->size);
    const bool distances = dim.a == SIZE_R && dim.constant == 1 && axis->size % 2;
    const char **labels = NULL;
    axis->name = words ? "words" : arena_text(in->r->arena, dim_text(dim, text), strlen(dim_text(dim, text)));
    axis->labels = NULL;
    if (words && words->n == axis->size)
        axis->labels = words->v;
    else if (size && size->n_labels == axis->size)
        axis->labels = size->labels;
    else if (size || distances)
        axis->labels = labels = arena_array(in->r->arena, axis->size, sizeof *labels);
    for (size_t i = 0; labels && i < axis->size; i++) {
        labels[i] = size ? size->labels[i % size->n_labels] : distance_label(in, (long)i - (long)(axis->size / 2));
        if (!labels[i])
            return false;
    }
    return axis->name && (axis->labels || !(size || distances));
}

bool inputs_own_words(struct inputs *in, const struct node *at, const char *name, const struct words *words)
{
    const struct words *own = in->lesson->sentence.written;
    if (words != &in->lesson->sentence.words || !own || in->lesson->chosen)
        return true;
    char held[96] = "";
    for (size_t i = 0, n = 0; i < own->n; i++) {
        const bool fits = n + strlen(own->v[i]) + sizeof " ..." < sizeof held;
        n += (size_t)snprintf(held + n, sizeof held - n, "%s%s", i ? " " : "", fits ? own->v[i] : "...");
        if (!fits)
            break;
    }
    return diagnostic(in->r, at, QKV_ERR_DOMAIN,
                      "%s has numbers for %s%s%s only: keep %s, or take --weights \"{source: random, seed: 1}\" (X in "
                      "the window)",
                      name, own->n ? "the words '" : "the parts of its picture", held, own->n ? "'" : "",
                      own->n ? "them" : "it");
}

/* ---- tensors ---- */

static void learn(struct inputs *in, const struct tensor_info *info, const struct tensor *t)
{
    const struct shape *shape = inputs_shape(in, info, t->axis[AXIS_HEAD].size > 1 ? AXES : 2);
    if (!shape->depth)
        shape = inputs_shape(in, info, 1);
    for (int i = 0; i < shape->depth; i++) {
        const struct axis *axis = &t->axis[AXES - shape->depth + i];
        struct size *size = &in->sizes.v[shape->dim[i].a];
        sizes_learn(&in->sizes, shape->dim[i], axis->size);
        if (dim_is(shape->dim[i], shape->dim[i].a) && size->n == axis->size && !size->n_labels && axis->labels &&
            !axis->labels_per_head) {
            size->labels = axis->labels;
            size->n_labels = axis->size;
        }
    }
}

void inputs_learn(struct inputs *in)
{
    for (size_t i = 0; i < in->ret->n; i++) {
        const struct tensor_info *info = mechanism_input(in->lesson->mechanism, in->ret->v[i].name);
        if (info)
            learn(in, info, &in->ret->v[i].tensor);
    }
}

bool inputs_tensor(struct inputs *in, const struct node *at, const struct tensor_info *info, int depth,
                   const size_t n[], struct tensor *ret)
{
    const struct shape *shape = inputs_shape(in, info, depth);
    struct axis axes[AXES] = {axis_numbered(1, "heads"), axis_numbered(1, "rows"), axis_numbered(1, "columns")};
    for (int i = 0; i < depth; i++) {
        struct axis *axis = &axes[AXES - depth + i];
        axis->size = n[i];
        if (shape->depth && !fill_axis(in, shape->dim[i], axis))
            return diagnostic_nomem(in->r, "labels");
    }
    struct qkv_err err = tensor_init(ret, axes);
    return !err.code || diagnostic(in->r, at, err.code, "%s: %s", info->name, err.what);
}

bool inputs_add(struct inputs *in, const struct node *at, const struct tensor_info *info, struct tensor *t)
{
    learn(in, info, t);
    struct qkv_err err = named_tensors_add(in->ret, info->name, t);
    tensor_finish(t);
    return is_fine(in->r, at, err);
}

bool inputs_asked_for(const struct inputs *in, const struct tensor_info *info)
{
    return info->setting && settings_is(&in->lesson->settings, info->setting, info->value);
}

/* ---- tokens ---- */

bool word_check(struct reader *r, const struct node *word)
{
    struct words pieces;
    struct qkv_err err = tokens_split(r->arena, word->text, NULL, &pieces);
    if (!err.code && word->bytes > WORD_BYTES_MAX)
        err = qkv_errf(QKV_ERR_LIMIT, "a word has at most %d bytes", WORD_BYTES_MAX);
    return is_fine(r, word, err);
}

bool words_read_list(struct reader *r, const struct node *list, struct words *ret)
{
    if (list->n == 0 || list->n > WORDS_MAX)
        return diagnostic(r, list, QKV_ERR_LIMIT, "%zu words are listed; 1 to %d can be walked", list->n, WORDS_MAX);
    for (const struct node *item = list->first; item; item = item->next)
        if (!word_check(r, item))
            return false;
    return node_texts(r, list, "a word is a text", ret);
}
