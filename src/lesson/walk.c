#include "lesson/lesson.h"

#include <stdlib.h>
#include <string.h>

const char *const stride_names[] = {"stage", "step", "row", "cell", NULL};

static size_t cells_of(const struct walk_step *s)
{
    return s->rows * s->cols;
}

/* Positions a step takes: 0..cells filled, and a place for every stop after the first. */
static size_t length_of(const struct walk_step *s)
{
    return cells_of(s) + 1 + (s->n_stops > 1 ? (size_t)s->n_stops - 1 : 0);
}

static void find_stops(struct walk_step *s, const struct lesson *lesson)
{
    s->first_stop = -1;
    for (size_t i = 0; i < lesson->n_stops; i++)
        if (lesson->stops[i].step == s->step) {
            if (s->first_stop < 0)
                s->first_stop = (int)i;
            s->n_stops = (int)i - s->first_stop + 1;
        }
}

struct qkv_err walk_init(struct walk *walk, const struct lesson *lesson)
{
    const struct tape *tape = &lesson->tape;
    *walk = (struct walk){0};
    struct walk_step *steps = calloc(tape->n ? tape->n : 1, sizeof *steps);
    if (!steps)
        return qkv_nomem("the walk");
    for (size_t i = 0; i < tape->n; i++) {
        if (tape->steps[i].spec.stage == STAGE_INPUT)
            continue;
        const struct tensor *value = &tape->steps[i].value;
        struct walk_step *s = &steps[walk->n++];
        *s = (struct walk_step){.step = (int)i,
                                .stage = tape->steps[i].spec.stage,
                                .rows = value->axis[AXIS_ROW].size,
                                .cols = value->axis[AXIS_COL].size,
                                .start = walk->length};
        find_stops(s, lesson);
        walk->length += length_of(s);
    }
    walk->steps = steps;
    return (struct qkv_err){0};
}

void walk_finish(struct walk *walk)
{
    free(walk->steps);
    *walk = (struct walk){0};
}

bool walk_same(const struct lesson *a, const struct lesson *b)
{
    bool same = a->tape.n == b->tape.n && a->walk.n == b->walk.n;
    for (size_t i = 0; same && i < a->tape.n; i++) {
        const struct step *x = &a->tape.steps[i], *y = &b->tape.steps[i];
        same = strcmp(x->spec.name, y->spec.name) == 0;
        for (int axis = 0; axis < AXES; axis++)
            same = same && x->value.axis[axis].size == y->value.axis[axis].size;
    }
    for (size_t i = 0; same && i < a->walk.n; i++)
        same = a->walk.steps[i].step == b->walk.steps[i].step && a->walk.steps[i].n_stops == b->walk.steps[i].n_stops;
    return same;
}

static size_t step_at(const struct walk *walk, size_t position)
{
    size_t low = 0, high = walk->n;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (walk->steps[middle].start <= position)
            low = middle;
        else
            high = middle;
    }
    return low;
}

struct place walk_place(const struct walk *walk, size_t position)
{
    struct place place = {.at = step_at(walk, position), .stop = -1};
    const struct walk_step *s = &walk->steps[place.at];
    size_t offset = position - s->start, cells = cells_of(s);
    place.whole = offset >= cells;
    place.filled = place.whole ? cells : offset;
    if (s->first_stop >= 0)
        place.stop = s->first_stop + (place.whole ? (int)(offset - cells) : 0);
    place.at_stop = place.whole && place.stop >= 0;
    return place;
}

size_t walk_whole(const struct walk *walk, size_t at)
{
    return walk->steps[at].start + cells_of(&walk->steps[at]);
}

size_t walk_filled(const struct walk *walk, size_t at, size_t filled)
{
    size_t cells = cells_of(&walk->steps[at]);
    return walk->steps[at].start + (filled < cells ? filled : cells);
}

static bool last_of_stage(const struct walk *walk, size_t at)
{
    return at + 1 == walk->n || walk->steps[at].stage != walk->steps[at + 1].stage;
}

/* Does this stride stand at this position? */
static bool stands(const struct walk *walk, size_t position, enum stride stride)
{
    size_t at = step_at(walk, position);
    const struct walk_step *s = &walk->steps[at];
    size_t offset = position - s->start, cells = cells_of(s);
    switch (stride) {
    case STRIDE_STAGE:
        return offset == cells && last_of_stage(walk, at);
    case STRIDE_STEP:
        return offset >= cells;
    case STRIDE_ROW:
        return offset >= cells || offset % s->cols == 0;
    default:
        return true;
    }
}

/* From a position where a stride does not stand: how far it is at least to one where it may, forward or back. A step
 * can have a million cells, too many to test one by one. */
static size_t passed(const struct walk *walk, size_t position, enum stride stride, bool forward)
{
    const struct walk_step *s = &walk->steps[step_at(walk, position)];
    size_t offset = position - s->start, cells = cells_of(s);
    if (offset >= cells)
        return 1;
    if (stride == STRIDE_ROW)
        return forward ? s->cols - offset % s->cols : offset % s->cols;
    return forward ? cells - offset : offset + 1;
}

size_t walk_forward(const struct walk *walk, size_t position, enum stride stride)
{
    for (size_t next = position + 1; next < walk->length; next += passed(walk, next, stride, true))
        if (stands(walk, next, stride))
            return next;
    return position;
}

size_t walk_back(const struct walk *walk, size_t position, enum stride stride)
{
    size_t previous = position, step = 1;
    while (step <= previous) {
        previous -= step;
        if (stands(walk, previous, stride))
            return previous;
        step = passed(walk, previous, stride, false);
    }
    return position;
}

size_t walk_mistake_told(const struct lesson *lesson)
{
    const struct walk *walk = &lesson->walk;
    for (size_t i = walk->n; i-- > 0;) {
        const struct walk_step *s = &walk->steps[i];
        if (lesson->tape.steps[s->step].spec.mistake)
            return s->n_stops ? walk_whole(walk, i) + (s->n_stops > 1) : 0;
    }
    return 0;
}

int walk_stage(const struct walk *walk, enum stage stage)
{
    for (size_t i = 0; i < walk->n; i++)
        if (walk->steps[i].stage == stage)
            return (int)i;
    return -1;
}

int walk_find(const struct walk *walk, int tape_step)
{
    for (size_t i = 0; i < walk->n; i++)
        if (walk->steps[i].step == tape_step)
            return (int)i;
    return -1;
}
