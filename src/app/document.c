#include "app/document.h"

#include "base/array.h"
#include "lesson/analysis/compare.h"

#include <stdlib.h>
#include <string.h>

struct qkv_err document_copy(struct document *ret, const struct document *from)
{
    *ret = (struct document){0};
    struct qkv_err err = overrides_copy(&ret->overrides, &from->overrides);
    if (!err.code) {
        ret->source = lesson_source_ref(from->source);
        ret->lesson = lesson_ref(from->lesson);
    }
    return err;
}

void document_finish(struct document *document)
{
    lesson_source_unref(document->source);
    overrides_finish(&document->overrides);
    lesson_unref(document->lesson);
    *document = (struct document){0};
}

bool document_same(const struct document *a, const struct document *b)
{
    return lesson_source_same(a->source, b->source) && overrides_same(&a->overrides, &b->overrides);
}

/* ---- the cache ---- */

size_t lesson_bytes(const struct lesson *lesson)
{
    if (!lesson)
        return 0;
    size_t cells = lesson->tape.cells + lesson->second.tape.cells;
    return (cells + (lesson->comparison ? lesson->comparison->tape.cells : 0)) * sizeof(double);
}

const struct lesson *cache_find(const struct lesson_cache *cache, const struct document *document)
{
    for (size_t i = 0; i < cache->n; i++)
        if (document_same(&cache->v[i], document))
            return cache->v[i].lesson;
    return NULL;
}

void cache_add(struct lesson_cache *cache, const struct document *document)
{
    struct document first = {0};
    size_t bytes = 0, n = 0;
    if (document_copy(&first, document).code)
        return;
    for (size_t i = 0; i < cache->n; i++) {
        bytes += lesson_bytes(cache->v[i].lesson);
        if (i + 1 < CACHE_LESSONS && bytes + lesson_bytes(first.lesson) <= CACHE_BYTES &&
            !document_same(&cache->v[i], &first))
            cache->v[n++] = cache->v[i];
        else
            document_finish(&cache->v[i]);
    }
    memmove(&cache->v[1], &cache->v[0], n * sizeof cache->v[0]);
    cache->v[0] = first;
    cache->n = n + 1;
}

void cache_finish(struct lesson_cache *cache)
{
    while (cache->n > 0)
        document_finish(&cache->v[--cache->n]);
}

/* ---- history ---- */

static void clear(struct entries *entries)
{
    while (entries->n > 0)
        document_finish(&entries->v[--entries->n].document);
}

void history_finish(struct history *h)
{
    clear(&h->undo);
    clear(&h->redo);
    free(h->undo.v);
    free(h->redo.v);
    document_finish(&h->first.document);
    *h = (struct history){0};
}

static struct qkv_err entry_init(struct entry *ret, const struct document *document, const struct view_state *state)
{
    struct qkv_err err = document_copy(&ret->document, document);
    lesson_unref(ret->document.lesson);
    ret->document.lesson = NULL;
    ret->state = *state;
    return err;
}

static struct qkv_err push(struct entries *to, const struct document *document, const struct view_state *state)
{
    if (!array_reserve(&to->v, &to->capacity, to->n + 1, sizeof *to->v))
        return qkv_nomem("what was before; nothing was changed");
    struct qkv_err err = entry_init(&to->v[to->n], document, state);
    to->n += !err.code;
    return err;
}

struct qkv_err history_begin(struct history *h, const struct document *document, const struct view_state *state)
{
    struct entry first;
    struct qkv_err err = entry_init(&first, document, state);
    if (err.code)
        return err;
    document_finish(&h->first.document);
    h->first = first;
    return err;
}

void history_begin_gesture(struct history *h)
{
    h->current_gesture = ++h->last_gesture;
}

void history_end_gesture(struct history *h)
{
    h->current_gesture = 0;
}

struct qkv_err history_push(struct history *h, unsigned gesture, const struct document *document,
                            const struct view_state *state)
{
    if (gesture && gesture == h->pushed_gesture)
        return (struct qkv_err){0};
    struct qkv_err err = push(&h->undo, document, state);
    if (err.code)
        return err;
    clear(&h->redo);
    h->pushed_gesture = gesture;
    return err;
}

const struct entry *history_target(const struct history *h, bool redo)
{
    const struct entries *from = redo ? &h->redo : &h->undo;
    return from->n ? &from->v[from->n - 1] : redo || !h->first.document.source ? NULL : &h->first;
}

struct qkv_err history_move(struct history *h, bool redo, const struct document *document,
                            const struct view_state *state)
{
    struct entries *from = redo ? &h->redo : &h->undo;
    struct qkv_err err = push(redo ? &h->undo : &h->redo, document, state);
    if (!err.code && from->n > 0)
        document_finish(&from->v[--from->n].document);
    h->pushed_gesture = 0;
    return err;
}

struct view_state history_state(const struct view_state *then, const struct view_state *now)
{
    struct view_state state = *then;
    state.choice = now->choice;
    state.motion = now->motion;
    state.speed = now->speed;
    state.scale = now->scale;
    state.theme = now->theme;
    state.columns = now->columns;
    state.costs.times = now->costs.times;
    return state;
}
