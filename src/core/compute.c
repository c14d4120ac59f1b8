#include "core/compute.h"

#include "base/thread.h"
#include "core/kernels.h"

#include <math.h>
#include <stdint.h>

enum {
    BLOCK_CELLS = 1 << 16,   /* half a megabyte: whether what was computed is finite is seen while it is in the cache */
    PRODUCT_CELLS = 1 << 18, /* of a product, which copies its right operand once for each block */
    LINK_CELLS = 1 << 15,    /* the same where several results are computed together */
    SLICE_ROWS = 16,         /* the smallest block: products read an operand once for each */
    SMALL_CELLS = 1024,      /* with what is read, a few microseconds */
    SMALL_READ = 16384,
    WORTH_THREADS = 4000000 /* operations: 0.2 ms in products, more elsewhere; starting a thread takes 0.03 ms */
};

/* Some rows of a result, as blocks that do not depend on one another. */
struct job {
    const struct op_info *op;
    const struct op_call *call;
    struct tensor *out;
    struct progress *progress;
    size_t first, end, block_rows, block_amount;
    atomic_bool not_finite, cancelled;
};

size_t compute_rows(const struct tensor *t)
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

static void compute_block(void *context, size_t i)
{
    struct job *j = context;
    if (j->progress && atomic_load_explicit(&j->progress->cancel, memory_order_relaxed))
        j->cancelled = true;
    if (j->cancelled)
        return;
    struct op_part part = {.first = j->first + i * j->block_rows, .end = j->end};
    if (j->end - part.first > j->block_rows)
        part.end = part.first + j->block_rows;
    struct op_call call = *j->call;
    call.part = &part;
    j->op->forward(&call, j->out);
    size_t cols = j->out->axis[AXIS_COL].size;
    if (!kernels_best()->all_finite(&j->out->v[part.first * cols], (part.end - part.first) * cols))
        j->not_finite = true;
    if (j->progress)
        atomic_fetch_add_explicit(&j->progress->done, j->block_amount * (part.end - part.first) / j->block_rows,
                                  memory_order_relaxed);
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

static size_t blocks_of(const struct job *j)
{
    return (j->end - j->first + j->block_rows - 1) / j->block_rows;
}

static unsigned workers_for(const struct job *j, double operations)
{
    unsigned threads = j->progress ? j->progress->threads : 0, machine = threads ? threads : parallel_workers();
    return operations < WORTH_THREADS ? 1 : machine < PARALLEL_MAX ? machine : PARALLEL_MAX;
}

/* No more than there are blocks. */
static unsigned workers_of(const struct job *j, unsigned workers)
{
    size_t blocks = blocks_of(j);
    return workers < blocks ? workers : (unsigned)blocks;
}

/* Set the rows to compute and the blocks they are cut into; returns by how many workers. */
static unsigned plan(struct job *j, size_t done, size_t *amount)
{
    size_t rows = compute_rows(j->out), cols = j->out->axis[AXIS_COL].size;
    bool all = *amount == SIZE_MAX;
    j->first = done;
    j->end = rows;
    size_t cells = j->op->form == FORM_LINE ? BLOCK_CELLS : PRODUCT_CELLS;
    j->block_rows = all && cells / cols > SLICE_ROWS ? cells / cols : SLICE_ROWS;
    /* Counting the operations may itself take a moment: not for what is small. */
    bool small = all && !j->progress && tensor_cells(j->out) <= BLOCK_CELLS && j->op->form == FORM_LINE;
    double each = small ? 0 : operations(j->op, j->call, j->out) / (double)rows;
    j->block_amount = (size_t)(each * (double)j->block_rows / PROGRESS_UNIT);
    if (!all) {
        size_t blocks = *amount / (j->block_amount + 1) + 1, most = blocks * j->block_rows;
        if (most < rows - done)
            j->end = done + most;
        size_t cost = (size_t)(each * (double)(j->end - done) / PROGRESS_UNIT) + 1;
        *amount -= cost < *amount ? cost : *amount;
    }
    size_t n = j->end - j->first;
    unsigned workers = workers_for(j, each * (double)n);
    size_t share = (n + workers - 1) / workers;
    j->block_rows = j->block_rows < share ? j->block_rows : share;
    j->block_amount = (size_t)(each * (double)j->block_rows / PROGRESS_UNIT);
    return workers_of(j, workers);
}

/* What the job was to compute is there; is it a result? */
static struct qkv_err note_computed(const struct job *j, struct computed *computed)
{
    struct qkv_err err = {0};
    computed->rows = j->end;
    computed->not_finite = computed->not_finite || j->not_finite;
    if (computed->not_finite && j->end == compute_rows(j->out))
        err = check_result(j->op, j->call, j->out);
    if (err.code)
        computed->rows = j->first; /* what is made of it must not be computed */
    return err;
}

static size_t cells_read(const struct op_info *op, const struct op_call *call)
{
    size_t cells = 0;
    for (int i = 0; i < op->n_inputs; i++)
        cells += tensor_cells(call->in[i]);
    return cells;
}

bool compute_small(const struct op_info *op, const struct op_call *call, struct progress *progress, struct tensor *out,
                   struct computed *computed)
{
    bool cancelled = progress && atomic_load_explicit(&progress->cancel, memory_order_relaxed);
    if (computed->rows > 0 || tensor_cells(out) > SMALL_CELLS || cells_read(op, call) > SMALL_READ || cancelled)
        return false;
    op->forward(call, out);
    bool finite = kernels_best()->all_finite(out->v, tensor_cells(out));
    if (!finite && check_result(op, call, out).code)
        return false;
    *computed = (struct computed){.rows = compute_rows(out), .not_finite = !finite};
    size_t done = progress ? compute_amount(op, call, out) : 0;
    if (done > 0)
        atomic_fetch_add_explicit(&progress->done, done, memory_order_relaxed);
    return true;
}

struct qkv_err compute_more(const struct op_info *op, const struct op_call *call, struct progress *progress,
                            size_t *amount, struct tensor *out, struct computed *computed)
{
    struct job j = {.op = op, .call = call, .out = out, .progress = progress};
    unsigned workers = plan(&j, computed->rows, amount);
    parallel_for(blocks_of(&j), workers, compute_block, &j);
    if (j.cancelled)
        return qkv_errf(QKV_ERR_CANCELLED, "stopped before it was done");
    return note_computed(&j, computed);
}

/* ---- several results, row by row ---- */

struct chain {
    struct job jobs[LINKS_MAX];
    size_t n;
};

static void compute_block_of_all(void *context, size_t i)
{
    struct chain *chain = context;
    for (size_t k = 0; k < chain->n; k++)
        compute_block(&chain->jobs[k], i);
}

/* All have the blocks of the widest; returns by how many workers. */
static unsigned plan_links(struct chain *chain, const struct link links[], size_t n, struct progress *progress)
{
    size_t cols = 1;
    double all = 0;
    chain->n = n;
    for (size_t k = 0; k < n; k++)
        cols = links[k].out->axis[AXIS_COL].size > cols ? links[k].out->axis[AXIS_COL].size : cols;
    for (size_t k = 0; k < n; k++) {
        struct job *j = &chain->jobs[k];
        *j = (struct job){.op = links[k].op, .call = &links[k].call, .out = links[k].out, .progress = progress};
        j->end = compute_rows(j->out);
        j->block_rows = LINK_CELLS / cols > SLICE_ROWS ? LINK_CELLS / cols : SLICE_ROWS;
        double most = operations(j->op, j->call, j->out);
        j->block_amount = (size_t)(most / (double)j->end * (double)j->block_rows / PROGRESS_UNIT);
        all += most;
    }
    return workers_of(&chain->jobs[0], workers_for(&chain->jobs[0], all));
}

struct qkv_err compute_links(const struct link links[], size_t n, struct progress *progress, size_t *ret_failed)
{
    struct chain chain;
    unsigned workers = plan_links(&chain, links, n, progress);
    parallel_for(blocks_of(&chain.jobs[0]), workers, compute_block_of_all, &chain);
    struct qkv_err err = {0};
    for (size_t k = 0; k < n && !err.code; k++) {
        *ret_failed = k;
        if (chain.jobs[k].cancelled)
            err = qkv_errf(QKV_ERR_CANCELLED, "stopped before it was done");
        else
            err = note_computed(&chain.jobs[k], links[k].computed);
    }
    return err;
}
