#include "lesson/findings.h"

size_t findings_kept(const struct findings *f)
{
    return f->n < LESSON_FINDINGS_MAX ? f->n : LESSON_FINDINGS_MAX;
}

void findings_add(struct findings *f, struct qkv_err err)
{
    if (f->n < LESSON_FINDINGS_MAX)
        f->v[f->n] = err;
    f->n++;
}

static int later(const struct qkv_err *a, const struct qkv_err *b)
{
    return a->line != b->line ? a->line > b->line : a->column > b->column;
}

/* By insertion: there are at most 32, and those of one place keep their order. */
void findings_sort(struct findings *f)
{
    for (size_t i = 1; i < findings_kept(f); i++) {
        struct qkv_err moving = f->v[i];
        size_t at = i;
        for (; at > 0 && later(&f->v[at - 1], &moving); at--)
            f->v[at] = f->v[at - 1];
        f->v[at] = moving;
    }
}
