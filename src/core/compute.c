#include "core/compute.h"

#include "base/parallel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
    struct computed found[PARALLEL_MAX];
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

size_t compute_amount(const struct op_info *op, const struct op_call *call, const struct tensor *out)
{
    return (size_t)(operations(op, call, out) / PROGRESS_UNIT);
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

static void compare_row(const double *before, const double *after, struct stretch *s, struct computed *found)
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

void compute_compare(const struct tensor *before, const struct tensor *after, struct reach *reach, struct computed *ret)
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

static void look_at_block(struct job *j, size_t first, size_t end, const double *kept, struct computed *found)
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
    struct computed *found = &j->found[worker];
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

static struct computed all_found(const struct job *j)
{
    struct computed all = {0};
    for (size_t i = 0; i < PARALLEL_MAX; i++) {
        const struct computed *found = &j->found[i];
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

static struct qkv_err run(struct job *j, size_t blocks, unsigned workers, bool opened, struct computed *ret)
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

struct qkv_err compute_new(const struct op_info *op, const struct op_call *call, struct progress *progress, struct tensor *out)
{
    struct job j = {.op = op, .call = call, .out = out, .progress = progress};
    struct computed unused;
    unsigned workers;
    size_t blocks = plan(&j, &workers);
    return run(&j, blocks, workers, false, &unused);
}

struct qkv_err compute_again(const struct op_info *op, const struct op_call *call, struct progress *progress, bool opened,
                             struct tensor *out, struct reach *reach, struct computed *ret)
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

void compute_back(const struct op_info *op, const struct op_call *call, struct tensor *out, struct reach *reach)
{
    struct job j = {.op = op, .call = call, .out = out, .reach = reach};
    unsigned workers;
    size_t blocks = plan(&j, &workers);
    parallel_for(blocks, workers, compute_block, &j);
}
