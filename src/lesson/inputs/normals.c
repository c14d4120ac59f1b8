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

static struct normals_row *row_of(struct normals *normals, uint64_t seed, struct spread spread)
{
    for (size_t i = 0; i < normals->n; i++) {
        struct normals_row *row = &normals->v[i];
        if (row->seed == seed && row->spread.middle == spread.middle && row->spread.deviation == spread.deviation)
            return row;
    }
    if (!array_reserve(&normals->v, &normals->capacity, normals->n + 1, sizeof *normals->v))
        return NULL;
    struct normals_row *row = &normals->v[normals->n++];
    *row = (struct normals_row){.seed = seed, .spread = spread, .next = {seed}};
    return row;
}

const double *normals_from(struct normals *normals, uint64_t seed, struct spread spread, size_t n)
{
    struct normals_row *row = row_of(normals, seed, spread);
    if (row && row->n < n && normals->numbers + n - row->n > NORMALS_MOST) {
        normals_finish(normals);
        row = row_of(normals, seed, spread);
    }
    if (!row || !array_reserve(&row->v, &row->capacity, n, sizeof *row->v))
        return NULL;
    normals->numbers += n > row->n ? n - row->n : 0;
    for (; row->n < n; row->n++)
        row->v[row->n] = round((spread.middle + spread.deviation * next_normal(&row->next)) * 100) / 100 + 0.0;
    return row->v;
}

void normals_finish(struct normals *normals)
{
    for (size_t i = 0; i < normals->n; i++)
        free(normals->v[i].v);
    free(normals->v);
    *normals = (struct normals){0};
}
