#include "core/edit.h"

#include "core/compute.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* An edit on its way. Old results are not kept: they are what the old inputs give, so going back is putting those back
 * and computing the same cells once more. */
struct edit {
    struct tape *tape;
    const struct tape_change *changes;
    size_t n_changes;
    struct tensor *kept;       /* for each step: an input as it was; v NULL: it is as it was */
    struct step_edited *steps; /* one for each step of the tape; where.row NULL: not reached */
    bool *opened;              /* for each step: a cell that was -inf is it no more */
};

bool tape_can_edit(const struct tape *tape, int step)
{
    const struct step *s = &tape->steps[step];
    return s->spec.op == OP_INPUT && !s->made && !s->read;
}

static struct qkv_err check_change(const struct tape *tape, const struct tape_change *c)
{
    if (c->step < 0 || (size_t)c->step >= tape->n)
        return qkv_errf(QKV_ERR_DOMAIN, "there is no step %d to edit", c->step);
    const struct step *s = &tape->steps[c->step];
    const struct axis *axis = s->value.axis;
    char shape[TENSOR_SHAPE_TEXT];
    if (!tape_can_edit(tape, c->step))
        return qkv_errf(QKV_ERR_DOMAIN, "%s: it cannot be edited where it stands", s->spec.name);
    if (c->head >= axis[AXIS_HEAD].size || c->row >= axis[AXIS_ROW].size || c->col >= axis[AXIS_COL].size)
        return qkv_errf(QKV_ERR_DOMAIN, "%s: there is no cell [%zu, %zu, %zu] in %s", s->spec.name, c->head, c->row,
                        c->col, tensor_shape_text(&s->value, shape));
    if (!isfinite(c->value))
        return qkv_errf(QKV_ERR_DOMAIN, "%s: its cell [%zu, %zu, %zu] is %g; wanted a finite number", s->spec.name,
                        c->head, c->row, c->col, c->value);
    if (s->spec.scale == SCALE_MASK && c->value != 0 && c->value != 1)
        return qkv_errf(QKV_ERR_DOMAIN, "%s: its cell [%zu, %zu, %zu] is %g; wanted 1 (keep) or 0 (block)",
                        s->spec.name, c->head, c->row, c->col, c->value);
    return (struct qkv_err){0};
}

static struct qkv_err edit_init(struct edit *e)
{
    e->kept = calloc(e->tape->n + 1, sizeof *e->kept);
    e->steps = calloc(e->tape->n + 1, sizeof *e->steps);
    e->opened = calloc(e->tape->n + 1, sizeof *e->opened);
    return e->kept && e->steps && e->opened ? (struct qkv_err){0} : qkv_nomem("an edit");
}

static void edit_finish(struct edit *e)
{
    for (size_t i = 0; e->steps && i < e->tape->n; i++)
        reach_finish(&e->steps[i].where);
    for (size_t i = 0; e->kept && i < e->tape->n; i++)
        tensor_finish(&e->kept[i]);
    free(e->kept);
    free(e->steps);
    free(e->opened);
}

static struct qkv_err keep_input(struct edit *e, int step)
{
    struct tensor *kept = &e->kept[step];
    if (kept->v)
        return (struct qkv_err){0};
    struct qkv_err err = reach_init(&e->steps[step].where, &e->tape->steps[step].value);
    return err.code ? err : tensor_copy(kept, &e->tape->steps[step].value);
}

static struct qkv_err change_inputs(struct edit *e)
{
    struct qkv_err err = {0};
    for (size_t i = 0; i < e->n_changes && !err.code; i++) {
        const struct tape_change *c = &e->changes[i];
        err = keep_input(e, c->step);
        if (err.code)
            break;
        *tensor_at(&e->tape->steps[c->step].value, c->head, c->row, c->col) = c->value;
        reach_add(&e->steps[c->step].where, c->head, c->row, c->col, c->col + 1);
    }
    for (size_t i = 0; i < e->tape->n && !err.code; i++) {
        struct computed found = {0};
        if (e->kept[i].v)
            compute_compare(&e->kept[i], &e->tape->steps[i].value, &e->steps[i].where, &found);
        e->steps[i].cells = found.cells;
        e->steps[i].largest = found.largest;
    }
    return err;
}

static bool touched(const struct edit *e, int step)
{
    return e->steps[step].where.row && !reach_empty(&e->steps[step].where);
}

/* Which cells of a step its changed operands reach. */
static struct qkv_err reach_step(struct edit *e, int step)
{
    const struct step_spec *spec = &e->tape->steps[step].spec;
    const struct op_info *op = &op_table[spec->op];
    struct op_call call = tape_call(e->tape, step);
    struct reach *where = &e->steps[step].where;
    struct qkv_err err = {0};
    for (int i = 0; i < op->n_inputs && !err.code; i++) {
        if (!touched(e, spec->in[i]))
            continue;
        if (!where->row)
            err = reach_init(where, &e->tape->steps[step].value);
        if (err.code)
            return err;
        if (op->reach)
            op->reach(&call, i, &e->steps[spec->in[i]].where, where);
        else
            reach_add_all(where);
    }
    return err;
}

static struct qkv_err compute_step(struct edit *e, int step)
{
    struct step *s = &e->tape->steps[step];
    const struct op_info *op = &op_table[s->spec.op];
    struct op_call call = tape_call(e->tape, step);
    struct step_edited *edited = &e->steps[step];
    struct computed found = {0};
    bool opened = false;
    for (int i = 0; i < op->n_inputs; i++)
        opened = opened || e->opened[s->spec.in[i]];
    struct qkv_err err = compute_again(op, &call, e->tape->progress, opened, &s->value, &edited->where, &found);
    edited->cells = found.cells;
    edited->largest = found.largest;
    e->opened[step] = found.opened;
    return err.code == QKV_ERR_DOMAIN ? tape_about_step(e->tape, &s->spec, err) : err;
}

static struct qkv_err bring_up_to_date(struct edit *e)
{
    struct progress *progress = e->tape->progress;
    size_t before = progress ? atomic_load(&progress->done) : 0;
    struct qkv_err err = {0};
    for (int i = 0; i < (int)e->tape->n && !err.code; i++) {
        if (e->tape->steps[i].spec.op == OP_INPUT)
            continue;
        err = reach_step(e, i);
        if (!err.code && touched(e, i))
            err = compute_step(e, i);
        if (progress) /* a step of which little was reached is done as well as one that was computed whole */
            atomic_store(&progress->done, before += tape_step_amount(e->tape, i));
    }
    return err;
}

static void go_back(struct edit *e)
{
    for (int i = 0; i < (int)e->tape->n; i++) {
        struct step *s = &e->tape->steps[i];
        struct op_call call = tape_call(e->tape, i);
        if (e->kept[i].v)
            memcpy(s->value.v, e->kept[i].v, tensor_cells(&s->value) * sizeof *s->value.v);
        else if (touched(e, i))
            compute_back(&op_table[s->spec.op], &call, &s->value, &e->steps[i].where);
    }
}

/* The steps that changed, moved together to the front of the list, which the caller gets. */
static void hand_over(struct edit *e, struct tape_edited *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < e->tape->n; i++) {
        e->steps[i].step = (int)i;
        if (!touched(e, (int)i))
            reach_finish(&e->steps[i].where);
        else
            e->steps[n++] = e->steps[i];
    }
    *ret = (struct tape_edited){e->steps, n};
    e->steps = NULL;
}

struct qkv_err tape_edit(struct tape *tape, const struct tape_change *changes, size_t n, struct tape_edited *ret)
{
    struct edit e = {.tape = tape, .changes = changes, .n_changes = n};
    struct qkv_err err = {0};
    if (ret)
        *ret = (struct tape_edited){0};
    for (size_t i = 0; i < n && !err.code; i++)
        err = check_change(tape, &changes[i]);
    if (err.code)
        return err;
    if (tape->progress) {
        atomic_store(&tape->progress->done, 0);
        atomic_store(&tape->progress->total, tape_amount(tape));
    }
    err = edit_init(&e);
    if (!err.code) {
        err = change_inputs(&e);
        if (!err.code)
            err = bring_up_to_date(&e);
        if (err.code)
            go_back(&e);
        else if (ret)
            hand_over(&e, ret);
    }
    edit_finish(&e);
    return err;
}

void tape_edited_finish(struct tape_edited *edited)
{
    for (size_t i = 0; i < edited->n; i++)
        reach_finish(&edited->v[i].where);
    free(edited->v);
    *edited = (struct tape_edited){0};
}

const struct step_edited *tape_edited_find(const struct tape_edited *edited, int step)
{
    for (size_t i = 0; i < edited->n; i++)
        if (edited->v[i].step == step)
            return &edited->v[i];
    return NULL;
}
