#include "lesson/overrides.h"

#include "base/array.h"
#include "base/str.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- texts that several overrides share ---- */

struct text {
    atomic_uint users;
    char v[];
};

static struct text *text_of(const char *v)
{
    return (struct text *)(void *)((char *)(uintptr_t)v - offsetof(struct text, v));
}

static const char *text_new(const char *v)
{
    size_t n = strlen(v) + 1;
    struct text *text = malloc(sizeof *text + n);
    if (!text)
        return NULL;
    atomic_init(&text->users, 1);
    return memcpy(text->v, v, n);
}

static const char *text_ref(const char *v)
{
    if (v)
        atomic_fetch_add_explicit(&text_of(v)->users, 1, memory_order_relaxed);
    return v;
}

static void text_unref(const char *v)
{
    if (v && atomic_fetch_sub(&text_of(v)->users, 1) == 1)
        free(text_of(v));
}

void overrides_finish(struct overrides *e)
{
    for (size_t i = 0; i < e->n_set; i++)
        text_unref(e->set[i]);
    free(e->set);
    text_unref(e->sentence);
    text_unref(e->weights);
    text_unref(e->mechanism);
    edit_tree_unref(e->edits);
    *e = (struct overrides){0};
}

static struct qkv_err no_memory(void)
{
    return qkv_nomem("what you changed");
}

/* ---- single changes ---- */

static struct qkv_err replace(const char **text, const char *with)
{
    const char *copy = with[0] ? text_new(with) : NULL;
    if (with[0] && !copy)
        return no_memory();
    text_unref(*text);
    *text = copy;
    return (struct qkv_err){0};
}

struct qkv_err overrides_set_sentence(struct overrides *e, const char *sentence)
{
    return replace(&e->sentence, sentence);
}

struct qkv_err overrides_set_weights(struct overrides *e, const char *weights)
{
    return replace(&e->weights, weights);
}

struct qkv_err overrides_set_mechanism(struct overrides *e, const char *mechanism)
{
    return replace(&e->mechanism, mechanism);
}

const char *setting_split(const char *text, char key[SETTING_TEXT])
{
    size_t n = strcspn(text, "=");
    if (n == 0 || n >= SETTING_TEXT || !text[n])
        return NULL;
    memcpy(key, text, n);
    key[n] = '\0';
    return text + n + 1;
}

/* Where the setting stands; n_set: it is not set. */
static size_t find_set(const struct overrides *e, const char *key)
{
    size_t n = strlen(key), i = 0;
    while (i < e->n_set && (strncmp(e->set[i], key, n) != 0 || e->set[i][n] != '='))
        i++;
    return i;
}

struct qkv_err overrides_set(struct overrides *e, const char *key, const char *value)
{
    struct str text = {0};
    str_addf(&text, "%s=%s", key, value);
    size_t at = find_set(e, key);
    const char *copy = text.failed ? NULL : text_new(str_text(&text));
    str_finish(&text);
    if (!copy || !array_reserve(&e->set, &e->set_capacity, e->n_set + 1, sizeof *e->set)) {
        text_unref(copy);
        return no_memory();
    }
    if (at == e->n_set)
        e->n_set++;
    else
        text_unref(e->set[at]);
    e->set[at] = copy;
    return (struct qkv_err){0};
}

void overrides_unset(struct overrides *e, const char *key)
{
    size_t at = find_set(e, key);
    if (at == e->n_set)
        return;
    text_unref(e->set[at]);
    memmove(&e->set[at], &e->set[at + 1], (e->n_set - at - 1) * sizeof *e->set);
    e->set[--e->n_set] = NULL;
}

struct qkv_err overrides_edit(struct overrides *e, const struct edit *edit)
{
    return overrides_edit_all(e, edit, 1);
}

struct qkv_err overrides_edit_all(struct overrides *e, const struct edit *edits, size_t n)
{
    struct edit_tree *next = edit_tree_ref(e->edits);
    struct qkv_err err = edit_tree_set_all(&next, edits, n) ? (struct qkv_err){0} : no_memory();
    if (!err.code && edit_tree_size(next) > EDITS_MAX)
        err = qkv_errf(QKV_ERR_LIMIT, "no more than %d cells can be changed", (int)EDITS_MAX);
    if (!err.code) {
        edit_tree_unref(e->edits);
        e->edits = edit_tree_ref(next);
    }
    edit_tree_unref(next);
    return err;
}

struct qkv_err overrides_keep(struct overrides *e, const bool keep[])
{
    struct edit_tree *next = edit_tree_ref(e->edits);
    bool ok = true;
    for (size_t i = 0; i < edit_tree_size(e->edits) && ok; i++)
        if (!keep[i]) {
            struct edit edit = edit_tree_at(e->edits, i);
            ok = edit_tree_remove(&next, &edit, NULL);
        }
    if (ok) {
        edit_tree_unref(e->edits);
        e->edits = edit_tree_ref(next);
    }
    edit_tree_unref(next);
    return ok ? (struct qkv_err){0} : no_memory();
}

struct qkv_err overrides_unedit(struct overrides *e, const char *tensor)
{
    struct edit first = {0}, end = {.at = {SIZE_MAX}};
    snprintf(first.tensor, sizeof first.tensor, "%s", tensor);
    snprintf(end.tensor, sizeof end.tensor, "%s", tensor);
    return edit_tree_remove(&e->edits, &first, &end) ? (struct qkv_err){0} : no_memory();
}

/* ---- as a value ---- */

bool overrides_is_empty(const struct overrides *e)
{
    return !e->sentence && !e->weights && !e->mechanism && e->n_set == 0 && !e->edits;
}

bool overrides_same(const struct overrides *a, const struct overrides *b)
{
    bool same = text_same(a->sentence, b->sentence) && text_same(a->weights, b->weights) &&
                text_same(a->mechanism, b->mechanism) && a->n_set == b->n_set;
    for (size_t i = 0; i < a->n_set && same; i++)
        same = text_same(a->set[i], b->set[i]);
    return same && edit_tree_same(a->edits, b->edits);
}

struct qkv_err overrides_copy(struct overrides *ret, const struct overrides *from)
{
    struct overrides e = {0};
    if (from->n_set && !array_reserve(&e.set, &e.set_capacity, from->n_set, sizeof *e.set)) {
        *ret = e;
        return no_memory();
    }
    e.sentence = text_ref(from->sentence);
    e.weights = text_ref(from->weights);
    e.mechanism = text_ref(from->mechanism);
    for (; e.n_set < from->n_set; e.n_set++)
        e.set[e.n_set] = text_ref(from->set[e.n_set]);
    e.edits = edit_tree_ref(from->edits);
    *ret = e;
    return (struct qkv_err){0};
}

void overrides_without_settings(struct overrides *ret, const struct overrides *from)
{
    *ret = (struct overrides){.sentence = text_ref(from->sentence),
                              .weights = text_ref(from->weights),
                              .mechanism = text_ref(from->mechanism)};
}
