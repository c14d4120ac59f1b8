#include "core/edit.h"

#include "base/thread.h"
#include "core/compute.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What computing again has changed. */
struct recomputed {
    size_t cells;   /* how many cells have other bits than before */
    double largest; /* the largest difference of two finite numbers */
    bool opened;    /* the mask no longer blocks a cell */
    /* for the check of the result: */
    bool not_finite, cancelled;
};

enum {
    BLOCK_CELLS = 1 << 16,  /* half a megabyte: what changed is compared while it is in the cache */
    WORTH_THREADS = 2000000 /* operations: about a millisecond; starting a thread takes a thirtieth of it */
};

struct job {
    const struct op_info *op;
    const struct op_call *call;
    struct tensor *out;
    struct reach *reach; /* NULL: all cells, which are new */
    bool compare;        /* narrow the reach to what changes */
    struct progress *progress;
    size_t rows, block_rows;
    double *kept; /* for each worker, the old numbers of a block */
    size_t block_amount;
    struct recomputed found[PARALLEL_MAX];
};

static size_t rows_in_all(const struct tensor *t)
{
    return t->axis[AXIS_HEAD].size * t->axis[AXIS_ROW].size;
}

/* Moving a number counts as well as what is done with it. */
static double operations(const struct op_info *op, const struct op_call *call, const struct tensor *out)
{
    return op->cost(call, out).flops + 4 * (double)tensor_cells(out);
}

static struct stretch columns_of(const struct job *j, size_t row)
{
    struct stretch all = {0, (uint32_t)j->out->axis[AXIS_COL].size};
    return j->reach ? j->reach->row[row] : all;
}

static void keep_block(const struct job *j, size_t first, size_t end, double *kept)
{
    size_t cols = j->out->axis[AXIS_COL].size;
    for (size_t row = first; row < end; row++) {
        struct stretch s = columns_of(j, row);
        if (!j->op->reach) /* all is computed: all must be zero */
            s = (struct stretch){0, (uint32_t)cols};
        size_t bytes = (s.to - s.from) * sizeof *kept;
        double *at = &j->out->v[row * cols + s.from];
        if (kept)
            memcpy(&kept[(row - first) * cols + s.from], at, bytes);
        memset(at, 0, bytes);
    }
}

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static void compare_row(const double *before, const double *after, struct stretch *s, struct recomputed *found)
{
    while (s->from < s->to && same_bits(before[s->from], after[s->from]))
        s->from++;
    while (s->from < s->to && same_bits(before[s->to - 1], after[s->to - 1]))
        s->to--;
    for (size_t c = s->from; c < s->to; c++) {
        double difference = fabs(after[c] - before[c]);
        found->cells += !same_bits(before[c], after[c]);
        found->opened = found->opened || (before[c] == -INFINITY && after[c] != -INFINITY);
        if (difference > found->largest && difference != INFINITY)
            found->largest = difference;
    }
}

static void compute_compare(const struct tensor *before, const struct tensor *after, struct reach *reach,
                            struct recomputed *ret)
{
    for (size_t row = 0; row < rows_in_all(after); row++)
        compare_row(&before->v[row * reach->cols], &after->v[row * reach->cols], &reach->row[row], ret);
}

/* Times 0 all that is finite is 0, the rest is NaN. Four sums, because each waits for its last number. */
static bool all_finite(const double *v, size_t n)
{
    double sum[4] = {0};
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (size_t k = 0; k < 4; k++)
            sum[k] += v[i + k] * 0.0;
    for (; i < n; i++)
        sum[0] += v[i] * 0.0;
    return sum[0] + sum[1] + sum[2] + sum[3] == 0;
}

static void look_at_block(struct job *j, size_t first, size_t end, const double *kept, struct recomputed *found)
{
    size_t cols = j->out->axis[AXIS_COL].size;
    for (size_t row = first; row < end; row++) {
        struct stretch s = columns_of(j, row);
        const double *at = &j->out->v[row * cols];
        found->not_finite = found->not_finite || !all_finite(at + s.from, s.to - s.from);
        if (kept)
            compare_row(&kept[(row - first) * cols], at, &j->reach->row[row], found);
    }
}

static void compute_block(void *context, size_t i, unsigned worker)
{
    struct job *j = context;
    struct recomputed *found = &j->found[worker];
    if (j->progress && atomic_load_explicit(&j->progress->cancel, memory_order_relaxed)) {
        found->cancelled = true;
        return;
    }
    size_t first = i * j->block_rows, end = first + j->block_rows < j->rows ? first + j->block_rows : j->rows;
    double *kept = j->compare ? &j->kept[worker * j->block_rows * j->out->axis[AXIS_COL].size] : NULL;
    struct op_part part = {first, end, j->reach ? j->reach->row : NULL};
    struct op_call call = *j->call;
    call.part = j->op->reach ? &part : NULL;
    if (j->reach)
        keep_block(j, first, end, kept);
    j->op->forward(&call, j->out);
    if (!j->reach || j->compare)
        look_at_block(j, first, end, kept, found);
    if (j->progress)
        atomic_fetch_add_explicit(&j->progress->done, j->block_amount, memory_order_relaxed);
}

static struct recomputed all_found(const struct job *j)
{
    struct recomputed all = {0};
    for (size_t i = 0; i < PARALLEL_MAX; i++) {
        const struct recomputed *found = &j->found[i];
        all.cells += found->cells;
        all.largest = fmax(all.largest, found->largest);
        all.opened = all.opened || found->opened;
        all.not_finite = all.not_finite || found->not_finite;
        all.cancelled = all.cancelled || found->cancelled;
    }
    return all;
}

/* How many blocks, of how many rows, and by how many workers. */
static size_t plan(struct job *j, unsigned *ret_workers)
{
    size_t cols = j->out->axis[AXIS_COL].size, cells = tensor_cells(j->out);
    j->rows = rows_in_all(j->out);
    j->block_rows = BLOCK_CELLS / cols < 16 ? 16 : BLOCK_CELLS / cols;
    if (!j->op->reach || j->block_rows > j->rows)
        j->block_rows = j->rows;
    size_t blocks = (j->rows + j->block_rows - 1) / j->block_rows;
    double share = j->reach ? (double)reach_cells(j->reach) / (double)cells : 1;
    /* Counting the operations may itself take a moment: not for what is small. */
    double total = j->progress || blocks > 1 ? operations(j->op, j->call, j->out) * share : 0;
    unsigned threads = j->progress ? j->progress->threads : 0, machine = threads ? threads : parallel_workers();
    *ret_workers = total < WORTH_THREADS ? 1 : machine < PARALLEL_MAX ? machine : PARALLEL_MAX;
    if (*ret_workers > blocks)
        *ret_workers = (unsigned)blocks;
    j->block_amount = (size_t)(total / PROGRESS_UNIT / (double)blocks);
    return blocks;
}

static bool holds_minus_infinity(const struct tensor *t)
{
    for (size_t i = 0; i < tensor_cells(t); i++)
        if (t->v[i] == -INFINITY)
            return true;
    return false;
}

/* A blocked score is -inf, and what is made of it may be. Anything else that is not finite is a number that a double
 * cannot hold, and must not pass for a result. */
static struct qkv_err check_result(const struct op_info *op, const struct op_call *call, const struct tensor *value)
{
    bool may_be_blocked = op->blocks;
    for (int i = 0; i < op->n_inputs; i++)
        may_be_blocked = may_be_blocked || holds_minus_infinity(call->in[i]);
    for (size_t i = 0; i < tensor_cells(value); i++)
        if (!isfinite(value->v[i]) && !(may_be_blocked && value->v[i] == -INFINITY))
            return qkv_errf(QKV_ERR_DOMAIN, "the numbers grow too large to be held: a cell is %g",
                            isnan(value->v[i]) ? fabs(value->v[i]) : value->v[i]); /* no "-nan" */
    return (struct qkv_err){0};
}

static struct qkv_err run(struct job *j, size_t blocks, unsigned workers, bool opened, struct recomputed *ret)
{
    parallel_for(blocks, workers, compute_block, j);
    *ret = all_found(j);
    if (ret->cancelled)
        return qkv_errf(QKV_ERR_CANCELLED, "stopped before it was done");
    /* Where an operand has lost its last -inf, one that is left in the result has lost its reason. */
    if (ret->not_finite || (opened && !j->op->blocks))
        return check_result(j->op, j->call, j->out);
    return (struct qkv_err){0};
}

static struct qkv_err compute_again(const struct op_info *op, const struct op_call *call, struct progress *progress,
                                    bool opened, struct tensor *out, struct reach *reach, struct recomputed *ret)
{
    struct job j = {.op = op, .call = call, .out = out, .reach = reach, .compare = true, .progress = progress};
    unsigned workers;
    size_t blocks = plan(&j, &workers);
    j.kept = malloc(workers * j.block_rows * out->axis[AXIS_COL].size * sizeof *j.kept);
    if (!j.kept)
        return qkv_nomem("the numbers as they were");
    struct qkv_err err = run(&j, blocks, workers, opened, ret);
    free(j.kept);
    return err;
}

static void compute_back(const struct op_info *op, const struct op_call *call, struct tensor *out, struct reach *reach)
{
    struct job j = {.op = op, .call = call, .out = out, .reach = reach};
    unsigned workers;
    size_t blocks = plan(&j, &workers);
    parallel_for(blocks, workers, compute_block, &j);
}

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
        struct recomputed found = {0};
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
    struct recomputed found = {0};
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
