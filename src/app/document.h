/* document.h: a document is a lesson's source, what a person changed in it, and the lesson computed from both.
 *
 * All three are values that are shared and never change, so a document can be copied cheaply and read by another
 * thread. "Before" and "baseline" are other lessons; undo keeps sources and overrides and computes. */
#ifndef QKV_APP_DOCUMENT_H
#define QKV_APP_DOCUMENT_H

#include "lesson/overrides.h"
#include "scene/view.h"

struct document {
    const struct lesson_source *source;
    struct overrides overrides;
    const struct lesson *lesson; /* NULL: it is not computed, as in history */
};

/* Error: QKV_ERR_NOMEM; *ret is then empty. */
QKV_CHECKED struct qkv_err document_copy(struct document *ret, const struct document *from);
void document_finish(struct document *document);
/* Are source and overrides the same? Then the lessons are. */
bool document_same(const struct document *a, const struct document *b);

/* ---- lessons that were shown a moment ago, so that going back does not compute them ---- */

enum { CACHE_LESSONS = 8, CACHE_BYTES = 256 << 20 };
struct lesson_cache {
    struct document v[CACHE_LESSONS]; /* the newest first */
    size_t n;
};
/* The oldest go where it gets too large; the newest stays whatever its size. Only the numbers of tapes are counted.
 * Without memory nothing is added. */
/* What its tapes keep, in bytes; of NULL: nothing. */
size_t lesson_bytes(const struct lesson *lesson);

void cache_add(struct lesson_cache *cache, const struct document *document);
/* The lesson of this document, which stays the cache's; NULL: it has none. */
const struct lesson *cache_find(const struct lesson_cache *cache, const struct document *document);
void cache_finish(struct lesson_cache *cache);

/* ---- history: what can be gone back to, and done again ----
 *
 * Documents without their lessons, each with the place in it. They share what they have in common with one another and
 * with what is on the page, so an entry costs what differs: about 450 bytes, and 72 for each new node of the tree of
 * edits. The stacks have no limit. */

struct entry {
    struct document document; /* its lesson is NULL */
    struct view_state state;
};
struct entries {
    struct entry *v; /* owned, the nearest last */
    size_t n, capacity;
};
struct history {
    struct entry first; /* where the session began: undo goes here when the stack is empty */
    struct entries undo, redo;
    /* All changes of one gesture (a drag) are one, pushed with the first. */
    unsigned current_gesture, last_gesture, pushed_gesture; /* counted from 1; current: 0: none */
};

/* Error: QKV_ERR_NOMEM; nothing is changed then; so below. */
QKV_CHECKED struct qkv_err history_begin(struct history *h, const struct document *document,
                                         const struct view_state *state);
void history_begin_gesture(struct history *h);
void history_end_gesture(struct history *h);
/* What is here now is about to be changed: remember it, unless it is part of a gesture (0: of none) that is
 * remembered. What was undone cannot be done again from then on. */
QKV_CHECKED struct qkv_err history_push(struct history *h, unsigned gesture, const struct document *document,
                                        const struct view_state *state);
/* The entry to go to; NULL: there is none. It stays until history_move. */
const struct entry *history_target(const struct history *h, bool redo);
/* Its document is computed and about to be shown: what is here now goes to the other side. */
QKV_CHECKED struct qkv_err history_move(struct history *h, bool redo, const struct document *document,
                                        const struct view_state *state);
void history_finish(struct history *h);

/* The state of an entry on the screen as it is now: theme, size of text, motion and the like stay. */
struct view_state history_state(const struct view_state *then, const struct view_state *now);

#endif
