#include "lesson/diagnostics.h"

size_t diagnostics_kept(const struct diagnostics *f)
{
    return f->n < LESSON_DIAGNOSTICS_MAX ? f->n : LESSON_DIAGNOSTICS_MAX;
}

void diagnostics_add(struct diagnostics *f, struct qkv_err err)
{
    if (f->n < LESSON_DIAGNOSTICS_MAX)
        f->v[f->n] = err;
    f->n++;
}

static int later(const struct qkv_err *a, const struct qkv_err *b)
{
    return a->line != b->line ? a->line > b->line : a->column > b->column;
}

/* By insertion: there are at most 32, and those of one place keep their order. */
void diagnostics_sort(struct diagnostics *f)
{
    for (size_t i = 1; i < diagnostics_kept(f); i++) {
        struct qkv_err moving = f->v[i];
        size_t at = i;
        for (; at > 0 && later(&f->v[at - 1], &moving); at--)
            f->v[at] = f->v[at - 1];
        f->v[at] = moving;
    }
}
