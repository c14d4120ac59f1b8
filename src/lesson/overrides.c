#include "lesson/overrides.h"

#include "base/array.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void overrides_finish(struct overrides *e)
{
    for (size_t i = 0; i < e->n_set; i++)
        free(e->set[i]);
    free(e->set);
    free(e->edits);
    str_finish(&e->sentence);
    str_finish(&e->weights);
    str_finish(&e->mechanism);
    *e = (struct overrides){0};
}

static struct qkv_err no_memory(void)
{
    return qkv_nomem("what you changed");
}

/* ---- single changes ---- */

static struct qkv_err replace(struct str *text, const char *with)
{
    struct str copy = {0};
    str_add(&copy, with);
    if (copy.failed) {
        str_finish(&copy);
        return no_memory();
    }
    str_finish(text);
    *text = copy;
    return (struct qkv_err){0};
}

struct qkv_err overrides_say(struct overrides *e, const char *sentence)
{
    return replace(&e->sentence, sentence);
}

struct qkv_err overrides_draw(struct overrides *e, const char *weights)
{
    return replace(&e->weights, weights);
}

struct qkv_err overrides_compute(struct overrides *e, const char *mechanism)
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
    if (text.failed || !array_reserve(&e->set, &e->set_capacity, e->n_set + 1, sizeof *e->set)) {
        str_finish(&text);
        return no_memory();
    }
    if (at == e->n_set)
        e->n_set++;
    else
        free(e->set[at]);
    e->set[at] = text.v;
    return (struct qkv_err){0};
}

void overrides_unset(struct overrides *e, const char *key)
{
    size_t at = find_set(e, key);
    if (at == e->n_set)
        return;
    free(e->set[at]);
    memmove(&e->set[at], &e->set[at + 1], (e->n_set - at - 1) * sizeof *e->set);
    e->set[--e->n_set] = NULL;
}

int edit_order(const struct edit *a, const struct edit *b)
{
    int order = strcmp(a->tensor, b->tensor);
    for (int i = 0; i < AXES && order == 0; i++)
        order = (a->at[i] > b->at[i]) - (a->at[i] < b->at[i]);
    return order;
}

struct qkv_err overrides_edit(struct overrides *e, const struct edit *edit)
{
    size_t low = 0, high = e->n_edits;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (edit_order(&e->edits[middle], edit) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < e->n_edits && edit_order(&e->edits[low], edit) == 0) {
        e->edits[low].value = edit->value;
        return (struct qkv_err){0};
    }
    if (e->n_edits >= EDITS_MAX)
        return qkv_errf(QKV_ERR_LIMIT, "no more than %d cells can be changed", (int)EDITS_MAX);
    if (!array_reserve(&e->edits, &e->edits_capacity, e->n_edits + 1, sizeof *e->edits))
        return no_memory();
    memmove(&e->edits[low + 1], &e->edits[low], (e->n_edits - low) * sizeof *e->edits);
    e->edits[low] = *edit;
    e->n_edits++;
    return (struct qkv_err){0};
}

struct qkv_err overrides_edit_all(struct overrides *e, const struct edit *edits, size_t n)
{
    size_t capacity = e->n_edits + n, old = 0, added = 0, kept = 0;
    struct edit *both = calloc(capacity ? capacity : 1, sizeof *both);
    if (!both)
        return no_memory();
    while (old < e->n_edits || added < n) {
        int order = old == e->n_edits ? 1 : added == n ? -1 : edit_order(&e->edits[old], &edits[added]);
        both[kept++] = order < 0 ? e->edits[old] : edits[added];
        old += order <= 0;
        added += order >= 0;
    }
    if (kept > EDITS_MAX) {
        free(both);
        return qkv_errf(QKV_ERR_LIMIT, "no more than %d cells can be changed", (int)EDITS_MAX);
    }
    free(e->edits);
    e->edits = both;
    e->n_edits = kept;
    e->edits_capacity = capacity;
    return (struct qkv_err){0};
}

void overrides_keep(struct overrides *e, const bool keep[])
{
    size_t n = 0;
    for (size_t i = 0; i < e->n_edits; i++)
        if (keep[i])
            e->edits[n++] = e->edits[i];
    e->n_edits = n;
}

void overrides_unedit(struct overrides *e, const char *tensor)
{
    size_t n = 0;
    for (size_t i = 0; tensor && i < e->n_edits; i++)
        if (strcmp(e->edits[i].tensor, tensor) != 0)
            e->edits[n++] = e->edits[i];
    e->n_edits = n;
}

/* ---- changes of changes ---- */

static const struct edit *find_edit(const struct overrides *e, const struct edit *like)
{
    size_t low = 0, high = e->n_edits;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (edit_order(&e->edits[middle], like) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < e->n_edits && edit_order(&e->edits[low], like) == 0 ? &e->edits[low] : NULL;
}

static struct qkv_err rebase_settings(const struct overrides *e, const struct overrides *base, struct overrides *to)
{
    struct qkv_err err = {0};
    char key[SETTING_TEXT];
    for (size_t i = 0; i < base->n_set; i++) {
        setting_split(base->set[i], key);
        if (find_set(e, key) == e->n_set)
            overrides_unset(to, key);
    }
    for (size_t i = 0; i < e->n_set && !err.code; i++) {
        const char *value = setting_split(e->set[i], key);
        size_t was = find_set(base, key);
        if (was == base->n_set || strcmp(base->set[was], e->set[i]) != 0)
            err = overrides_set(to, key, value);
    }
    return err;
}

static struct qkv_err rebase_edits(const struct overrides *e, const struct overrides *base, struct overrides *to)
{
    struct qkv_err err = {0};
    size_t n = 0;
    for (size_t i = 0; i < to->n_edits; i++)
        if (!find_edit(base, &to->edits[i]) || find_edit(e, &to->edits[i]))
            to->edits[n++] = to->edits[i];
    to->n_edits = n;
    for (size_t i = 0; i < e->n_edits && !err.code; i++) {
        const struct edit *was = find_edit(base, &e->edits[i]);
        if (!was || was->value != e->edits[i].value)
            err = overrides_edit(to, &e->edits[i]);
    }
    return err;
}

struct qkv_err overrides_rebase(struct overrides *e, const struct overrides *base, const struct overrides *onto)
{
    struct overrides to = {0};
    struct qkv_err err = overrides_copy(&to, onto);
    if (!err.code && strcmp(str_text(&e->sentence), str_text(&base->sentence)) != 0)
        err = replace(&to.sentence, str_text(&e->sentence));
    if (!err.code && strcmp(str_text(&e->weights), str_text(&base->weights)) != 0)
        err = replace(&to.weights, str_text(&e->weights));
    if (!err.code && strcmp(str_text(&e->mechanism), str_text(&base->mechanism)) != 0)
        err = replace(&to.mechanism, str_text(&e->mechanism));
    if (!err.code)
        err = rebase_settings(e, base, &to);
    if (!err.code)
        err = rebase_edits(e, base, &to);
    if (err.code) {
        overrides_finish(&to);
        return err;
    }
    overrides_finish(e);
    *e = to;
    return err;
}

/* ---- as a value ---- */

bool overrides_is_empty(const struct overrides *e)
{
    return e->sentence.n == 0 && e->weights.n == 0 && e->mechanism.n == 0 && e->n_set == 0 && e->n_edits == 0;
}

bool overrides_same(const struct overrides *a, const struct overrides *b)
{
    if (strcmp(str_text(&a->sentence), str_text(&b->sentence)) != 0 ||
        strcmp(str_text(&a->weights), str_text(&b->weights)) != 0 ||
        strcmp(str_text(&a->mechanism), str_text(&b->mechanism)) != 0 || a->n_set != b->n_set ||
        a->n_edits != b->n_edits)
        return false;
    for (size_t i = 0; i < a->n_set; i++)
        if (strcmp(a->set[i], b->set[i]) != 0)
            return false;
    for (size_t i = 0; i < a->n_edits; i++)
        if (edit_order(&a->edits[i], &b->edits[i]) != 0 || a->edits[i].value != b->edits[i].value)
            return false;
    return true;
}

void overrides_options(const struct overrides *e, struct lesson_options *options)
{
    options->sentence = e->sentence.n ? e->sentence.v : NULL;
    options->weights = e->weights.n ? e->weights.v : NULL;
    options->mechanism = e->mechanism.n ? e->mechanism.v : NULL;
    options->set = (const char *const *)e->set;
    options->n_set = e->n_set;
    options->edits = e->edits;
    options->n_edits = e->n_edits;
}

struct qkv_err overrides_of(struct overrides *ret, const struct lesson_options *options)
{
    struct overrides e = {0};
    struct qkv_err err = {0};
    if (options && options->sentence)
        err = overrides_say(&e, options->sentence);
    if (!err.code && options && options->weights)
        err = replace(&e.weights, options->weights);
    if (!err.code && options && options->mechanism)
        err = replace(&e.mechanism, options->mechanism);
    for (size_t i = 0; !err.code && options && i < options->n_set; i++) {
        char key[SETTING_TEXT];
        const char *value = setting_split(options->set[i], key);
        if (!value)
            err = qkv_errf(QKV_ERR_DOMAIN, "a setting is written KEY=VALUE, not '%.60s'", options->set[i]);
        else
            err = overrides_set(&e, key, value);
    }
    for (size_t i = 0; !err.code && options && i < options->n_edits; i++)
        err = overrides_edit(&e, &options->edits[i]);
    if (err.code)
        overrides_finish(&e);
    *ret = e;
    return err;
}

struct qkv_err overrides_copy(struct overrides *ret, const struct overrides *from)
{
    struct lesson_options options = {0};
    overrides_options(from, &options);
    return overrides_of(ret, &options);
}
