#include "lesson/memo.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>

static void forget_costs(struct memo *memo)
{
    for (size_t i = 0; i < memo->n_costs; i++)
        free(memo->costs[i].text);
    free(memo->costs);
    memo->costs = NULL;
    memo->n_costs = memo->capacity = 0;
    overrides_finish(&memo->overrides);
}

void memo_begin(struct memo *memo, const struct lesson_source *source, const struct overrides *overrides)
{
    struct overrides without_edits = *overrides; /* borrowed */
    without_edits.edits = NULL;
    if (memo->source && !lesson_source_same(memo->source, source))
        memo_finish(memo);
    if (!memo->source)
        memo->source = lesson_source_ref(source);
    if (overrides_same(&memo->overrides, &without_edits))
        return;
    forget_costs(memo);
    /* Without memory they are those of a lesson that nobody changed: what is kept must not be taken for that. */
    if (overrides_copy(&memo->overrides, &without_edits).code)
        memo_finish(memo);
}

bool memo_find_cost(const struct memo *memo, const char *text, double *ret)
{
    for (size_t i = 0; i < memo->n_costs; i++)
        if (strcmp(memo->costs[i].text, text) == 0) {
            *ret = memo->costs[i].cost;
            return true;
        }
    return false;
}

void memo_keep_cost(struct memo *memo, const char *text, double cost)
{
    const size_t bytes = strlen(text) + 1;
    if (!memo->source || !array_reserve(&memo->costs, &memo->capacity, memo->n_costs + 1, sizeof *memo->costs))
        return;
    char *copy = malloc(bytes);
    if (copy)
        memo->costs[memo->n_costs++] = (struct memo_cost){memcpy(copy, text, bytes), cost};
}

void memo_finish(struct memo *memo)
{
    forget_costs(memo);
    lesson_source_unref(memo->source);
    lesson_unref(memo->written);
    normals_finish(&memo->normals);
    *memo = (struct memo){0};
}

struct memo *memo_new(void)
{
    return calloc(1, sizeof(struct memo));
}

void memo_free(struct memo *memo)
{
    if (memo)
        memo_finish(memo);
    free(memo);
}
