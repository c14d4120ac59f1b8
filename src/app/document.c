#include "app/document.h"

#include "base/array.h"
#include "lesson/compare.h"
#include "paint/paint.h"

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

static size_t bytes_of(const struct lesson *lesson)
{
    size_t cells = lesson->tape.cells + lesson->second.tape.cells;
    return (cells + (lesson->comparison ? lesson->comparison->tape.cells : 0)) * sizeof(double);
}

/* The lesson of this document, which stays the cache's; NULL: it has none. */
static const struct lesson *cache_find(const struct lesson_cache *cache, const struct document *document)
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
        bytes += bytes_of(cache->v[i].lesson);
        if (i + 1 < CACHE_LESSONS && bytes + bytes_of(first.lesson) <= CACHE_BYTES &&
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

/* ---- computing ---- */

void computed_document_finish(struct computed_document *computed)
{
    document_finish(&computed->document);
    lesson_unref(computed->baseline);
    *computed = (struct computed_document){0};
}

struct document_work {
    struct computed_document computed;
    struct overrides baseline;  /* of the baseline */
    struct lesson_work *lesson; /* what is being computed now: the document's lesson, then its baseline */
    struct progress *progress;
    bool *fits; /* for each edit: is there such a cell? NULL: all must be */
    struct qkv_err err;
};

struct document_work *document_work_new(const struct document *document, bool lenient, const struct lesson_cache *cache,
                                        struct progress *progress)
{
    struct document_work *w = calloc(1, sizeof *w);
    size_t edits = edit_tree_size(document->overrides.edits);
    if (!w)
        return NULL;
    struct computed_document *c = &w->computed;
    w->progress = progress;
    w->err = overrides_copy(&c->document.overrides, &document->overrides);
    c->document.source = lesson_source_ref(document->source);
    c->document.lesson = lesson_ref(cache_find(cache, document));
    overrides_without_settings(&w->baseline, &document->overrides);
    struct document baseline = {.source = document->source, .overrides = w->baseline};
    c->baseline = lesson_ref(cache_find(cache, &baseline));
    w->fits = lenient ? calloc(edits + 1, sizeof *w->fits) : NULL;
    if (!w->err.code && lenient && !w->fits)
        w->err = qkv_nomem("what you changed");
    if (!w->err.code)
        return w;
    document_work_free(w);
    return NULL;
}

/* Edits without a place go before anything is computed: what is left may be the baseline. */
static void drop_lost(struct document_work *w)
{
    struct overrides *e = &w->computed.document.overrides;
    size_t before = edit_tree_size(e->edits);
    if (!w->fits)
        return;
    w->err = overrides_keep(e, w->fits);
    size_t lost = before - edit_tree_size(e->edits);
    if (!w->err.code && lost == 0)
        return;
    w->computed.lost += lost;
    lesson_work_free(w->lesson);
    w->lesson = NULL;
}

static void begin(struct document_work *w, const struct overrides *e, bool *fits)
{
    struct lesson_options options = {.decode_image = image_decode, .progress = w->progress, .fits = fits};
    overrides_options(e, &options);
    for (size_t i = 0; fits && i < edit_tree_size(e->edits); i++)
        fits[i] = true;
    w->lesson = lesson_work_new(w->computed.document.source, &options);
    if (!w->lesson)
        w->err = qkv_nomem("a lesson");
    else if (fits)
        drop_lost(w);
}

static const struct lesson *end(struct document_work *w)
{
    struct lesson lesson;
    w->err = lesson_work_end(w->lesson, &lesson, NULL);
    w->lesson = NULL;
    const struct lesson *shared = w->err.code ? NULL : lesson_share(&lesson);
    if (!w->err.code && !shared)
        w->err = qkv_nomem("a lesson");
    return shared;
}

bool document_work_run(struct document_work *w, size_t amount)
{
    struct computed_document *c = &w->computed;
    const struct overrides *e = &c->document.overrides;
    const struct lesson **to = c->document.lesson ? &c->baseline : &c->document.lesson;
    bool changed = e->n_set > 0 || e->edits;
    if (w->err.code || (c->document.lesson && (c->baseline || !changed)))
        return false;
    if (!w->lesson) {
        begin(w, to == &c->baseline ? &w->baseline : e, to == &c->baseline ? NULL : w->fits);
        /* The baseline is computed next and takes about as long. */
        if (w->progress && to == &c->document.lesson && changed && !c->baseline)
            atomic_store(&w->progress->total, 2 * atomic_load(&w->progress->total));
    } else if (!lesson_work_run(w->lesson, amount)) {
        *to = end(w);
    }
    return true;
}

struct qkv_err document_work_end(struct document_work *w, struct computed_document *ret)
{
    struct qkv_err err = w->err;
    const struct overrides *e = &w->computed.document.overrides;
    *ret = (struct computed_document){0};
    if (!err.code) {
        if (e->n_set == 0 && !e->edits) { /* the cache may have had it: it is its own */
            lesson_unref(w->computed.baseline);
            w->computed.baseline = NULL;
        }
        *ret = w->computed;
        w->computed = (struct computed_document){0};
    }
    document_work_free(w);
    return err;
}

void document_work_free(struct document_work *w)
{
    if (!w)
        return;
    lesson_work_free(w->lesson);
    computed_document_finish(&w->computed);
    overrides_finish(&w->baseline);
    free(w->fits);
    free(w);
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
    return state;
}
