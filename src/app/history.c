#include "app/history.h"

#include "base/array.h"

#include <stdlib.h>

static void entry_finish(struct entry *entry)
{
    document_finish(&entry->document);
}

static void clear(struct entries *entries)
{
    while (entries->n > 0)
        entry_finish(&entries->v[--entries->n]);
}

void history_finish(struct history *h)
{
    clear(&h->undo);
    clear(&h->redo);
    free(h->undo.v);
    free(h->redo.v);
    entry_finish(&h->first);
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
    entry_finish(&h->first);
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
        entry_finish(&from->v[--from->n]);
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
