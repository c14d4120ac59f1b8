#include "lesson/inputs/normals.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

/* Box and Muller 1958: two uniform numbers make a normal one. */
static double next_normal(struct random *random)
{
    double u = ((double)(random_next(random) >> 11) + 1) / 9007199254740993.0; /* 0 < u < 1 */
    double v = (double)(random_next(random) >> 11) / 9007199254740992.0;
    return sqrt(-2 * log(u)) * cos(2 * 3.14159265358979323846 * v);
}

static struct normals_row *row_of(struct normals *normals, uint64_t seed)
{
    for (size_t i = 0; i < normals->n; i++)
        if (normals->v[i].seed == seed)
            return &normals->v[i];
    if (!array_reserve(&normals->v, &normals->capacity, normals->n + 1, sizeof *normals->v))
        return NULL;
    struct normals_row *row = &normals->v[normals->n++];
    *row = (struct normals_row){.seed = seed, .next = {seed}};
    return row;
}

const double *normals_from(struct normals *normals, uint64_t seed, size_t n)
{
    struct normals_row *row = row_of(normals, seed);
    if (row && row->n < n && normals->numbers + n - row->n > NORMALS_MOST) {
        normals_finish(normals);
        row = row_of(normals, seed);
    }
    if (!row || !array_reserve(&row->v, &row->capacity, n, sizeof *row->v))
        return NULL;
    normals->numbers += n > row->n ? n - row->n : 0;
    for (; row->n < n; row->n++)
        row->v[row->n] = next_normal(&row->next);
    return row->v;
}

void normals_finish(struct normals *normals)
{
    for (size_t i = 0; i < normals->n; i++)
        free(normals->v[i].v);
    free(normals->v);
    *normals = (struct normals){0};
}
