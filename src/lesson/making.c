#include "lesson/making.h"

#include <stdio.h>
#include <string.h>

static void learn_setting(struct making *m, const char *name, const char *otherwise)
{
    const struct setting *setting = settings_find(&m->lesson->settings, name);
    struct size *size = sizes_find(&m->sizes, name);
    if (!size)
        return;
    if (setting && setting->choice < 0 && setting->number >= 1 && setting->number <= TENSOR_SIDE_MAX)
        size->n = (size_t)setting->number;
    else if (otherwise && sizes_find(&m->sizes, otherwise))
        size->n = sizes_find(&m->sizes, otherwise)->n;
}

static void learn_words(struct making *m, const char *name, const struct words *words)
{
    struct size *size = sizes_find(&m->sizes, name);
    if (!size || !words->n)
        return;
    size->n = words->n;
    size->labels = words->v;
    size->n_labels = words->n;
}

void making_heads(struct making *m)
{
    learn_setting(m, "heads", NULL);
    learn_setting(m, "kv_heads", "heads");
}

void making_init(struct making *m, struct reader *r, const struct node *weights, const struct lesson *lesson,
                 bool lenient, struct named_tensors *ret)
{
    *m = (struct making){.r = r, .weights = weights, .lesson = lesson, .lenient = lenient, .ret = ret};
    sizes_names(&m->sizes, lesson->mechanism);
    sizes_add(&m->sizes, "heads"); /* kv_heads may be as many */
    making_heads(m);
    learn_words(m, "n", &lesson->words);
    learn_words(m, "T", &lesson->words);
    learn_words(m, "m", &lesson->memory_words);
}

/* Names whose size the words and the settings give: nobody else may. */
static bool is_fixed(const char *name)
{
    static const char *const fixed[] = {"n", "T", "m", "heads", "kv_heads"};
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        if (strcmp(fixed[i], name) == 0)
            return true;
    return false;
}

void making_fields(const struct making *m, const struct field own[], bool tensors, struct field ret[MAKING_FIELDS_MAX])
{
    size_t n = 0, capacity = MAKING_FIELDS_MAX - 1;
    for (; own[n].name && n < capacity; n++)
        ret[n] = own[n];
    for (size_t i = 0; i < m->sizes.n && n < capacity; i++) {
        const char *name = m->sizes.v[i].name;
        /* "features" names columns when it is a list, and is a size when it is a number. */
        if (!is_fixed(name) && strcmp(name, "features") != 0)
            ret[n++] = (struct field){name, NODE_TEXT, false, "a size, as the mechanism's shapes name it"};
    }
    const struct mechanism *mechanism = m->lesson->mechanism;
    for (size_t i = 0; i < mechanism->n_inputs && n < capacity; i++) {
        const struct tensor_info *info = &mechanism->inputs[i];
        struct shape shape;
        if (!tensors && shape_read(info->shape, 2, &shape) && is_fixed(shape.dim[0]) && !is_fixed(shape.dim[1]))
            ret[n++] = (struct field){info->name, NODE_TEXT, false, "pixels, when its words are parts of a picture"};
        else if (tensors)
            ret[n++] = (struct field){info->name, NODE_LIST | NODE_TEXT, !info->optional && !m->lenient, info->shape};
    }
    ret[n] = (struct field){0};
}

/* ---- names and sizes that the lesson gives ---- */

static bool read_labels(struct making *m, const struct node *list, const char *name)
{
    struct size *size = sizes_find(&m->sizes, name);
    const char **labels = arena_array(m->r->arena, list->n + 1, sizeof *labels);
    if (!labels || !size) {
        diagnostic_nomem(m->r, "names");
        return false;
    }
    size_t n = 0;
    for (const struct node *item = list->first; item; item = item->next) {
        if (item->kind != NODE_TEXT) {
            diagnostic(m->r, item, QKV_ERR_SYNTAX, "a name is a text: [red, round]");
            return false;
        }
        labels[n++] = item->text;
    }
    if (n == 0) {
        diagnostic(m->r, list, QKV_ERR_SYNTAX, "this list is empty");
        return false;
    }
    size->n = size->n_labels = n;
    size->labels = labels;
    return true;
}

static bool read_names(struct making *m, const struct node *names)
{
    struct field fields[SIZES_MAX + 1] = {{0}};
    size_t n = 0;
    for (size_t i = 0; i < m->sizes.n; i++)
        if (!is_fixed(m->sizes.v[i].name))
            fields[n++] = (struct field){m->sizes.v[i].name, NODE_LIST, false, "what each of them is called"};
    if (!m->lenient && !fields_check(m->r, names, fields, "names"))
        return false;
    bool fine = true;
    for (const struct node *node = names->first; node; node = node->next)
        if (node->kind == NODE_LIST && sizes_find(&m->sizes, node->key->text) && !is_fixed(node->key->text))
            fine = read_labels(m, node, node->key->text) && fine;
    return fine;
}

bool making_read_sizes(struct making *m)
{
    const struct node *names = node_field(m->weights, "names"), *features = node_field(m->weights, "features");
    bool fine = !names || read_names(m, names);
    if (fine && features && features->kind == NODE_LIST && sizes_find(&m->sizes, "d_model"))
        fine = read_labels(m, features, "d_model");
    for (const struct node *node = m->weights->first; node; node = node->next) {
        struct size *size = sizes_find(&m->sizes, node->key->text);
        long n = 0;
        if (node->kind != NODE_TEXT || !size || is_fixed(size->name))
            continue;
        if (!node_whole(m->r, node, size->name, 1, SIDE_MAX, &n))
            fine = false;
        else if (size->n_labels && size->n_labels != (size_t)n) {
            diagnostic(m->r, node, QKV_ERR_SHAPE, "%s is %ld, but %zu names are given for it", size->name, n,
                    size->n_labels);
            fine = false;
        } else
            size->n = (size_t)n;
    }
    return fine;
}

/* ---- axes ---- */

const struct words *making_words(const struct making *m, const char *dim)
{
    if (strcmp(dim, "n") == 0 || strcmp(dim, "T") == 0)
        return &m->lesson->words;
    if (strcmp(dim, "m") != 0)
        return NULL;
    if (m->lesson->memory_words.n)
        return &m->lesson->memory_words;
    /* Without a second sequence the words look at each other; rows of a memory that has no words are only numbered. */
    return named_tensors_find(m->ret, "memory") ? NULL : &m->lesson->words;
}

/* The labels of "d_k", also for "heads*d_k", where each head repeats them. */
static const struct size *labels_for(const struct making *m, const char *dim, size_t n)
{
    const struct size *whole = sizes_find(&m->sizes, dim);
    if (whole)
        return whole->n_labels == n ? whole : NULL;
    const char *star = strrchr(dim, '*');
    const struct size *part = star ? sizes_find(&m->sizes, star + 1) : NULL;
    return part && part->n_labels && n % part->n_labels == 0 ? part : NULL;
}

/* "-2", "-1", "0", "1", "2": how far what is looked at stands from what looks. */
static const char *const *distances(struct making *m, size_t n)
{
    const char **labels = arena_array(m->r->arena, n, sizeof *labels);
    for (size_t i = 0; labels && i < n; i++) {
        char text[24];
        int length = snprintf(text, sizeof text, "%ld", (long)i - (long)(n / 2));
        if (!(labels[i] = arena_text(m->r->arena, text, (size_t)length)))
            return NULL;
    }
    return labels;
}

bool making_axis(struct making *m, const char *dim, size_t n, struct axis *ret)
{
    const struct words *words = making_words(m, dim);
    const struct size *names = words ? NULL : labels_for(m, dim, n);
    *ret = (struct axis){.size = n, .name = words ? "words" : arena_text(m->r->arena, dim, strlen(dim))};
    if (words && words->n == n) {
        ret->labels = words->v;
    } else if (strcmp(dim, "2R+1") == 0 && n % 2) {
        if (!(ret->labels = distances(m, n)))
            ret->name = NULL;
    } else if (names && names->n_labels == n) {
        ret->labels = names->labels;
    } else if (names) {
        const char **labels = arena_array(m->r->arena, n, sizeof *labels);
        for (size_t i = 0; labels && i < n; i++)
            labels[i] = names->labels[i % names->n_labels];
        ret->labels = labels;
    }
    if (ret->name && (ret->labels || !names))
        return true;
    diagnostic_nomem(m->r, "labels");
    return false;
}

const struct tensor_info *making_input(const struct making *m, const char *name)
{
    for (size_t i = 0; i < m->lesson->mechanism->n_inputs; i++)
        if (strcmp(m->lesson->mechanism->inputs[i].name, name) == 0)
            return &m->lesson->mechanism->inputs[i];
    return NULL;
}

static void learn(struct making *m, const struct tensor_info *info, const struct tensor *t)
{
    struct shape shape;
    int depth = t->axis[AXIS_HEAD].size > 1 ? AXES : 2;
    if (!shape_read(info->shape, depth, &shape) && !shape_read(info->shape, 1, &shape))
        return;
    for (int i = 0; i < shape.depth; i++) {
        const struct axis *axis = &t->axis[AXES - shape.depth + i];
        sizes_learn(&m->sizes, shape.dim[i], axis->size);
        struct size *size = sizes_find(&m->sizes, shape.dim[i]);
        if (size && size->n == axis->size && !size->n_labels && axis->labels && !axis->labels_per_head) {
            size->labels = axis->labels;
            size->n_labels = axis->size;
        }
    }
}

void making_learn(struct making *m)
{
    for (size_t i = 0; i < m->ret->n; i++) {
        const struct tensor_info *info = making_input(m, m->ret->v[i].name);
        if (info)
            learn(m, info, &m->ret->v[i].tensor);
    }
}

bool making_add(struct making *m, const struct node *at, const struct tensor_info *info, struct tensor *t)
{
    learn(m, info, t);
    struct qkv_err err = named_tensors_add(m->ret, info->name, t);
    if (err.code)
        diagnostic(m->r, at, err.code, "%s", err.what);
    tensor_finish(t);
    return !err.code;
}

/* ---- what is needed ---- */

bool making_asked_for(const struct making *m, const struct tensor_info *info)
{
    for (size_t i = 0; info->when && i < m->lesson->settings.n; i++) {
        const char *name = m->lesson->settings.info[i].name, *text = m->lesson->settings.v[i].text;
        size_t n = strlen(name), length = strcspn(info->when, ":;, ");
        if (strncmp(info->when, name, n) == 0 && info->when[n] == '=' && length == n + 1 + strlen(text) &&
            strncmp(info->when + n + 1, text, strlen(text)) == 0)
            return true;
    }
    return false;
}
