/* memo.h: what need not be computed once more when a lesson is read again with other changes: numbers that come from a
 * seed, costs for other lengths, the lesson as it is written.
 *
 * All of it is, bit for bit, what computing it anew gives. A memo belongs to whoever reads a lesson again and again; one
 * reading at a time uses it. A zeroed one is empty. */
#ifndef QKV_LESSON_MEMO_H
#define QKV_LESSON_MEMO_H

#include "lesson/inputs/normals.h"
#include "lesson/lesson.h"

struct memo_cost {
    char *text; /* owned: how a lesson asks for it, "beside.operations at 60" */
    double cost;
};

struct memo {
    const struct lesson_source *source; /* what all is of; NULL: of nothing yet */
    struct normals normals;
    const struct lesson *written; /* the lesson without overrides, its script not read; NULL: nothing asked for it */
    struct overrides overrides;   /* those that `costs` are for, without edits, which change none of them */
    struct memo_cost *costs;      /* owned */
    size_t n_costs, capacity;
};

/* A reading of this source begins: forget what is of another source, or of other overrides. */
void memo_begin(struct memo *memo, const struct lesson_source *source, const struct overrides *overrides);

bool memo_find_cost(const struct memo *memo, const char *text, double *ret);
/* Without memory it is not kept. */
void memo_keep_cost(struct memo *memo, const char *text, double cost);

void memo_finish(struct memo *memo);

/* An empty one of its own; NULL: no memory. */
struct memo *memo_new(void);
void memo_free(struct memo *memo);

#endif
