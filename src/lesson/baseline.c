#include "lesson/baseline.h"

#include <math.h>

const struct step *step_like(const struct tape *tape, const struct step *step)
{
    int found = tape ? tape_find(tape, step->spec.name) : -1;
    if (found < 0)
        return NULL;
    for (int i = 0; i < AXES; i++)
        if (tape->steps[found].value.axis[i].size != step->value.axis[i].size)
            return NULL;
    return &tape->steps[found];
}

bool cell_differs(const struct step *now, const struct step *then, size_t h, size_t r, size_t c, double *ret)
{
    if (!then)
        return false;
    *ret = *tensor_at(&then->value, h, r, c);
    return *ret != *tensor_at(&now->value, h, r, c);
}

struct moved lesson_moved(const struct lesson *now, const struct lesson *then)
{
    struct moved moved = {0};
    const struct step *last = now->tape.n ? &now->tape.steps[now->tape.n - 1] : NULL;
    const struct step *old = last && then ? step_like(&then->tape, last) : NULL;
    if (!old)
        return moved;
    moved.on = true;
    moved.name = last->spec.name;
    const struct axis *axis = last->value.axis;
    for (size_t h = 0; h < axis[AXIS_HEAD].size; h++)
        for (size_t r = 0; r < axis[AXIS_ROW].size; r++)
            for (size_t c = 0; c < axis[AXIS_COL].size; c++) {
                double before, after = *tensor_at(&last->value, h, r, c);
                double by = cell_differs(last, old, h, r, c, &before) ? fabs(after - before) : 0;
                if (by > moved.largest) {
                    moved.largest = by;
                    moved.head = h, moved.row = r, moved.col = c;
                }
            }
    return moved;
}
