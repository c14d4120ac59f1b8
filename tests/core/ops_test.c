/* ops_test.c: what must hold for every operation, tried on every row of op_table.
 *
 * Each op needs a row in ops.tsv that says what its operands look like; the rest is the same for all. */
#include "core/explained.h"
#include "support/check.h"

#include "core/op.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 4 };

/* What an operand's numbers are like: see ops.tsv. */
enum kind { ANY, SWITCH, BLOCKED, TOPS, DIVISORS, POSITIVE, ZEROS };
static const char *const kind_names[] = {"any", "switch", "blocked", "tops", "divisors", "positive", "zeros", NULL};

struct op_case {
    const char *op, *about, *operands, *number, *written, *second;
};

/* One trial: a case with numbers. */
struct trial {
    const struct op_case *from;
    const struct op_info *op;
    enum kind kind[OP_INPUTS_MAX];
    struct tensor in[OP_INPUTS_MAX], out;
    struct op_call call;
};

static double uniform(void)
{
    static uint64_t state = 20171206;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(state >> 11) / 9007199254740992.0;
}

static double number_of(enum kind kind, size_t plane_row, size_t col)
{
    double any = 4 * uniform() - 2;
    switch (kind) {
    case SWITCH:
        return plane_row == 0 || uniform() < 0.5 ? 0 : 1;
    case BLOCKED:
        return plane_row == 0 || (col % 2 == 1 && any < 0) ? -INFINITY : any;
    case TOPS:
        return plane_row == 0 ? -INFINITY : any;
    case DIVISORS:
        return plane_row == 0 ? 0 : any + (any < 0 ? -0.5 : 0.5);
    case POSITIVE:
        return any + 2.5;
    case ZEROS:
        return 0;
    default:
        return any;
    }
}

static enum op op_named(const char *name)
{
    for (int op = 0; op < OP_COUNT; op++)
        if (strcmp(op_table[op]->name, name) == 0)
            return (enum op)op;
    fail_msg("there is no op %s", name);
    return OP_INPUT;
}

/* Operands as ops.tsv writes them, with numbers; and the call with them. */
static void read_operands(struct trial *t, const char *text, const char *number)
{
    t->call.number = strtod(number, NULL);
    for (int i = 0, used; *text; i++) {
        char kind[16];
        size_t h, r, c;
        assert_int_equal(sscanf(text, "%15s %zu*%zu*%zu%n", kind, &h, &r, &c, &used), 4);
        assert_true(i < t->op->n_inputs);
        while (strcmp(kind_names[t->kind[i]], kind) != 0)
            assert_non_null(kind_names[++t->kind[i]]);
        assert_ok(tensor_init_sizes(&t->in[i], h, r, c));
        for (size_t k = 0; k < h * r * c; k++)
            t->in[i].v[k] = number_of(t->kind[i], k / c, k % c);
        t->call.in[i] = &t->in[i];
        text += used + strspn(text + used, ", ");
    }
}

static bool has_case[OP_COUNT];

static void trial_init(struct trial *t, const struct op_case *from)
{
    enum op op = op_named(from->op);
    *t = (struct trial){.from = from, .op = op_table[op]};
    has_case[op] = true;
    t->call.written = from->written[0] ? from->written : NULL;
    t->call.second = strtod(from->second, NULL);
    read_operands(t, from->operands, from->number);
    struct axis axes[AXES];
    assert_ok(t->op->shape(&t->call, axes));
    assert_ok(tensor_init(&t->out, axes));
    t->op->forward(&t->call, &t->out);
}

static void trial_finish(struct trial *t)
{
    for (int i = 0; i < OP_INPUTS_MAX; i++)
        tensor_finish(&t->in[i]);
    tensor_finish(&t->out);
}

/* Compute the result anew from the operands as they are now. */
static void recompute(const struct trial *t, struct tensor *out)
{
    t->op->forward(&t->call, out);
}

/* A test of every case, several times with other numbers. */
#define TEST_EVERY_CASE(fact, rounds)                                                                                  \
    static void fact##_case(struct trial *t);                                                                          \
    TEST_TABLE(fact, op_case, "core/ops.tsv", c, op)                                                                   \
    {                                                                                                                  \
        for (int round = 0; round < (rounds); round++) {                                                               \
            OWN(trial) t;                                                                                              \
            trial_init(&t, c);                                                                                         \
            fact##_case(&t);                                                                                           \
        }                                                                                                              \
    }                                                                                                                  \
    static void fact##_case(struct trial *t)

#define fail_case(t, format, ...) fail_msg("%s, %s: " format, (t)->op->name, (t)->from->about, __VA_ARGS__)

/* sum of g * out over the finite cells */
static double loss(const struct tensor *out, const struct tensor *g)
{
    double sum = 0;
    for (size_t i = 0; i < tensor_cells(out); i++)
        sum += isfinite(out->v[i]) ? g->v[i] * out->v[i] : 0;
    return sum;
}

/* A number that only switches, or that an infinitesimal step would take out of its role, has no slope to measure. */
static bool has_slope(enum kind kind, double x)
{
    return isfinite(x) && kind != SWITCH && !(kind == DIVISORS && x == 0);
}

static void check_operand_gradient(struct trial *t, int i, const struct tensor *grad, const struct tensor *g,
                                   struct tensor *again)
{
    const double step = 1e-5;
    for (size_t k = 0; k < tensor_cells(&t->in[i]); k++) {
        double *x = &t->in[i].v[k], kept = *x, slope = 0;
        if (has_slope(t->kind[i], kept)) {
            *x = kept + step;
            recompute(t, again);
            double above = loss(again, g);
            *x = kept - step;
            recompute(t, again);
            slope = (above - loss(again, g)) / (2 * step);
            *x = kept;
        }
        if (!(fabs(grad->v[k] - slope) <= 1e-7 * (1 + fabs(slope))))
            fail_case(t, "operand %d, cell %zu: backward gives %.12g, finite differences %.12g", i, k, grad->v[k],
                      slope);
    }
}

TEST_EVERY_CASE(backward_agrees_with_finite_differences, ROUNDS)
{
    OWN(tensor) g = {0}, again = {0};
    struct tensor grads[OP_INPUTS_MAX] = {0};
    struct tensor *grad_in[OP_INPUTS_MAX] = {0};
    assert_ok(tensor_copy(&g, &t->out));
    assert_ok(tensor_copy(&again, &t->out));
    for (size_t k = 0; k < tensor_cells(&g); k++)
        g.v[k] = isfinite(t->out.v[k]) ? 2 * uniform() - 1 : 0;
    for (int i = 0; i < t->op->n_inputs; i++) {
        assert_ok(tensor_init(&grads[i], t->in[i].axis));
        grad_in[i] = &grads[i];
    }
    t->op->backward(&t->call, &t->out, &g, grad_in);
    for (int i = 0; i < t->op->n_inputs; i++)
        check_operand_gradient(t, i, &grads[i], &g, &again);
    /* Backward adds to what is there, and does without what is not wanted. */
    OWN(tensor) once;
    assert_ok(tensor_copy(&once, &grads[0]));
    struct tensor *only_first[OP_INPUTS_MAX] = {&grads[0]}, *none[OP_INPUTS_MAX] = {0};
    t->op->backward(&t->call, &t->out, &g, only_first);
    t->op->backward(&t->call, &t->out, &g, none);
    for (size_t k = 0; k < tensor_cells(&once); k++)
        assert_close(grads[0].v[k], 2 * once.v[k], 1e-12 * (1 + fabs(once.v[k])));
    for (int i = 0; i < OP_INPUTS_MAX; i++)
        tensor_finish(&grads[i]);
}

/* Whatever a fresh gradient holds, it becomes what zeros become, to the bit. */
TEST_EVERY_CASE(backward_sets_what_is_fresh, ROUNDS)
{
    OWN(tensor) g = {0};
    struct tensor cleared[OP_INPUTS_MAX] = {0}, fresh[OP_INPUTS_MAX] = {0};
    struct tensor *to_cleared[OP_INPUTS_MAX] = {0}, *to_fresh[OP_INPUTS_MAX] = {0};
    assert_ok(tensor_copy(&g, &t->out));
    for (size_t k = 0; k < tensor_cells(&g); k++)
        g.v[k] = isfinite(t->out.v[k]) ? 2 * uniform() - 1 : 0;
    for (int i = 0; i < t->op->n_inputs; i++) {
        assert_ok(tensor_init(&cleared[i], t->in[i].axis));
        assert_ok(tensor_init(&fresh[i], t->in[i].axis));
        for (size_t k = 0; t->op->sets & 1u << i && k < tensor_cells(&fresh[i]); k++)
            fresh[i].v[k] = NAN;
        to_cleared[i] = &cleared[i];
        to_fresh[i] = &fresh[i];
    }
    t->op->backward(&t->call, &t->out, &g, to_cleared);
    struct op_call call = t->call;
    call.fresh = t->op->sets;
    t->op->backward(&call, &t->out, &g, to_fresh);
    for (int i = 0; i < t->op->n_inputs; i++) {
        if (memcmp(fresh[i].v, cleared[i].v, tensor_cells(&fresh[i]) * sizeof *fresh[i].v) != 0)
            fail_case(t, "operand %d: what was fresh is not what zeros become", i);
        tensor_finish(&cleared[i]);
        tensor_finish(&fresh[i]);
    }
}

/* Mark the cells that an explanation names in named[operand]. */
static void mark_cell(struct trial *t, const struct cell *cell, bool *named[])
{
    if (cell->operand < 0 || cell->operand >= t->op->n_inputs)
        fail_case(t, "an explanation names operand %d", cell->operand);
    const struct tensor *in = &t->in[cell->operand];
    if (cell->head >= in->axis[0].size || cell->row >= in->axis[1].size || cell->col >= in->axis[2].size)
        fail_case(t, "an explanation names a cell outside operand %d", cell->operand);
    named[cell->operand][tensor_at(in, cell->head, cell->row, cell->col) - in->v] = true;
}

static void mark_named(struct trial *t, const struct explanation *e, bool *named[])
{
    for (size_t i = 0; i < e->n_terms; i++)
        for (int k = 0; k < e->terms[i].n_cells; k++)
            mark_cell(t, &e->terms[i].cell[k], named);
    for (size_t i = 0; i < e->n_deciding; i++)
        mark_cell(t, &e->deciding[i], named);
}

static void named_init(const struct trial *t, bool *named[])
{
    for (int i = 0; i < t->op->n_inputs; i++)
        assert_non_null(named[i] = calloc(tensor_cells(&t->in[i]), sizeof *named[i]));
}

static void named_finish(const struct trial *t, bool *named[])
{
    for (int i = 0; i < t->op->n_inputs; i++)
        free(named[i]);
}

/* Change every cell that is not named, all in one go: the cell explained must not notice. */
static void check_others_do_not_matter(struct trial *t, bool *named[], size_t h, size_t r, size_t c)
{
    OWN(tensor) again = {0};
    struct tensor kept[OP_INPUTS_MAX] = {0};
    assert_ok(tensor_copy(&again, &t->out));
    for (int i = 0; i < t->op->n_inputs; i++) {
        assert_ok(tensor_copy(&kept[i], &t->in[i]));
        for (size_t k = 0; k < tensor_cells(&t->in[i]); k++)
            if (!named[i][k])
                t->in[i].v[k] = t->kind[i] == SWITCH ? 1 - t->in[i].v[k] : 3 * uniform() - 1;
    }
    recompute(t, &again);
    double got = *tensor_at(&again, h, r, c), want = *tensor_at(&t->out, h, r, c);
    if (got != want)
        fail_case(t, "[%zu, %zu, %zu] went from %.17g to %.17g when cells that its explanation does not name changed",
                  h, r, c, want, got);
    for (int i = 0; i < t->op->n_inputs; i++) {
        memcpy(t->in[i].v, kept[i].v, tensor_cells(&kept[i]) * sizeof *kept[i].v);
        tensor_finish(&kept[i]);
    }
}

static bool notes_seen[NOTE_COUNT];

static void check_note(const struct trial *t, const struct explanation *e)
{
    notes_seen[e->note] = true;
    for (int i = 0; i < note_table[e->note].n_numbers; i++)
        if (!e->number[i][0])
            fail_case(t, "the note %s has no number {%d}", note_table[e->note].key, i + 1);
}

/* What an op says of itself is what lets its rows be computed before all of its operand is there. */
static void check_by_row(const struct trial *t, const struct cell *cell, size_t h, size_t r)
{
    const struct tensor *operand = &t->in[cell->operand];
    bool alike = operand->axis[AXIS_HEAD].size == t->out.axis[AXIS_HEAD].size &&
                 operand->axis[AXIS_ROW].size == t->out.axis[AXIS_ROW].size;
    if ((t->op->by_row & 1u << cell->operand) && alike && (cell->head != h || cell->row != r))
        fail_case(t, "row %zu reads row %zu of operand %d", r, cell->row, cell->operand);
}

static void check_explanation(struct trial *t, size_t h, size_t r, size_t c)
{
    OWN(explanation) e = {0};
    bool *named[OP_INPUTS_MAX];
    assert_ok(t->op->explain(&t->call, h, r, c, &e));
    double got = explanation_value(&e, t->call.in, -1), want = *tensor_at(&t->out, h, r, c);
    if (got != want)
        fail_case(t, "[%zu, %zu, %zu]: \"%s\" gives %.17g, the cell is %.17g", h, r, c, e.term_text, got, want);
    for (size_t i = 0; i < e.n_terms; i++)
        for (int k = 0; k < e.terms[i].n_cells; k++)
            check_by_row(t, &e.terms[i].cell[k], h, r);
    bool whole = e.n_terms == (e.fold == FOLD_NONE ? 1 : e.along.size);
    if (!whole && (e.fold == FOLD_NONE || e.n_deciding == 0 || e.n_terms == 0 || e.n_terms > e.along.size))
        fail_case(t, "[%zu, %zu, %zu]: %zu terms along an axis of %zu", h, r, c, e.n_terms, e.along.size);
    check_note(t, &e);
    named_init(t, named);
    mark_named(t, &e, named);
    check_others_do_not_matter(t, named, h, r, c);
    named_finish(t, named);
}

TEST_EVERY_CASE(every_explanation_gives_its_cell_and_names_all_that_matters, ROUNDS)
{
    const struct axis *axis = t->out.axis;
    for (size_t h = 0; h < axis[0].size; h++)
        for (size_t r = 0; r < axis[1].size; r++)
            for (size_t c = 0; c < axis[2].size; c++)
                check_explanation(t, h, r, c);
}

TEST(every_note_is_that_of_some_explanation)
{
    for (int note = NOTE_NONE + 1; note < NOTE_COUNT; note++)
        if (!notes_seen[note])
            fail_msg("no explanation has the note %s", note_table[note].key);
}

/* Of ops whose cells are decided by comparisons, for a row of n numbers. */
static double comparisons_of_row(const char *op, double n)
{
    /* Each is compared with the threshold. */
    if (strcmp(op, "greater_than") == 0)
        return n;
    /* The first is the largest so far; each other one is compared with it. */
    if (strcmp(op, "one_hot_argmax") == 0)
        return n - 1;
    /* Martins and Astudillo 2016, algorithm 1: sort z, n log2 n comparisons (Cormen et al., Introduction to Algorithms,
     * theorem 8.1); then for k = 1 .. n the sum of z_1 .. z_k, n - 1 additions, and 1 + k z_k > sum: a product, an
     * addition and a comparison each. */
    double sums = n - 1, tests = 3 * n;
    return strcmp(op, "support") == 0 ? ceil(n * log(n) / log(2) - 1e-9) + sums + tests : 0;
}

TEST_EVERY_CASE(cost_is_what_the_explanations_add_up_to, ROUNDS)
{
    bool *named[OP_INPUTS_MAX];
    double flops = 0, read = 0;
    named_init(t, named);
    const struct axis *axis = t->out.axis;
    for (size_t i = 0; i < tensor_cells(&t->out); i++) {
        OWN(explanation) e = {0};
        assert_ok(t->op->explain(&t->call, i / axis[2].size / axis[1].size, i / axis[2].size % axis[1].size,
                                 i % axis[2].size, &e));
        flops += explanation_operations(&e);
        mark_named(t, &e, named);
    }
    for (int i = 0; i < t->op->n_inputs; i++)
        for (size_t k = 0; k < tensor_cells(&t->in[i]); k++)
            read += named[i][k] ? 8 : 0;
    named_finish(t, named);
    flops += (double)(axis[0].size * axis[1].size) * comparisons_of_row(t->op->name, (double)axis[2].size);
    struct op_cost cost = t->op->cost(&t->call, &t->out);
    double written = 8 * (double)tensor_cells(&t->out);
    if (cost.flops != flops || cost.read != read || cost.written != written)
        fail_case(t, "cost says %g operations, %g read, %g written; counted %g, %g, %g", cost.flops, cost.read,
                  cost.written, flops, read, written);
}

/* What an op takes only the shape of is no operand of its formula. */
TEST_EVERY_CASE(every_formula_names_the_operands_whose_numbers_count, ROUNDS)
{
    bool *named[OP_INPUTS_MAX];
    named_init(t, named);
    const struct axis *axis = t->out.axis;
    for (size_t i = 0; i < tensor_cells(&t->out); i++) {
        OWN(explanation) e = {0};
        assert_ok(t->op->explain(&t->call, i / axis[2].size / axis[1].size, i / axis[2].size % axis[1].size,
                                 i % axis[2].size, &e));
        mark_named(t, &e, named);
    }
    for (int i = 0; i < OP_INPUTS_MAX; i++) {
        char place[] = {(char)('0' + i), '}', '\0'};
        bool counts = false;
        for (size_t k = 0; i < t->op->n_inputs && k < tensor_cells(&t->in[i]); k++)
            counts = counts || named[i][k];
        if ((strstr(t->op->formula, place) != NULL) != counts)
            fail_case(t, "the formula \"%s\" and operand %d, which %s", t->op->formula, i,
                      counts ? "counts" : "does not count");
    }
    named_finish(t, named);
}

TEST(every_op_has_a_row_and_a_case)
{
    for (int op = 0; op < OP_COUNT; op++) {
        const struct op_info *info = op_table[op];
        if (!info->name || !info->formula)
            fail_msg("op %d has no row", op);
        if (op == OP_INPUT)
            continue;
        if (!info->shape || !info->forward || !info->backward || !info->explain || !info->cost || info->n_inputs < 1)
            fail_msg("%s: a function is missing in its row", info->name);
        if (!has_case[op])
            fail_msg("%s: no case says what its operands look like", info->name);
        for (int other = 0; other < op; other++)
            assert_string_not_equal(op_table[other]->name, info->name);
    }
}

/* ---- parts of a result ---- */

static bool same_number(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* The rows that are asked for are computed, whatever they held before, and nothing else is written. */
TEST_EVERY_CASE(a_part_that_is_asked_for_is_computed_and_nothing_else, 10 * ROUNDS)
{
    OWN(tensor) got;
    size_t cols = t->out.axis[AXIS_COL].size, rows = t->out.axis[AXIS_HEAD].size * t->out.axis[AXIS_ROW].size;
    assert_ok(tensor_copy(&got, &t->out));
    for (size_t k = 0; k < tensor_cells(&got); k++)
        got.v[k] = 77;
    size_t first = (size_t)(uniform() * (double)rows), end = first + (size_t)(uniform() * (double)(rows - first + 1));
    struct op_part part = {first, end};
    struct op_call call = t->call;
    call.part = &part;
    t->op->forward(&call, &got);
    for (size_t k = 0; k < tensor_cells(&got); k++) {
        bool in = k / cols >= first && k / cols < end;
        if (!same_number(got.v[k], in ? t->out.v[k] : 77))
            fail_case(t, "cell %zu is %.17g, which was %sasked for", k, got.v[k], in ? "" : "not ");
    }
}

/* Whatever the tiles are that a product is computed in, a cell is its products added from first to last. */
TEST(a_product_of_any_size_adds_each_cell_in_the_order_of_its_explanation)
{
    for (int i = 0; i < 60; i++) {
        bool transposed = i % 2;
        size_t n = 1 + (size_t)(uniform() * 13), k = 1 + (size_t)(uniform() * (i % 3 ? 9 : 600)),
               m = 1 + (size_t)(uniform() * 29);
        char operands[80];
        snprintf(operands, sizeof operands, "any 1*%zu*%zu, any 1*%zu*%zu", n, k, transposed ? m : k,
                 transposed ? k : m);
        struct op_case from = {transposed ? "matmul_t" : "matmul", "of any size", operands, "", "", ""};
        OWN(trial) t;
        trial_init(&t, &from);
        for (size_t at = 0; at < n * m; at++) {
            double sum = 0;
            for (size_t p = 0; p < k; p++) {
                double term = t.in[0].v[at / m * k + p] * t.in[1].v[transposed ? at % m * k + p : p * m + at % m];
                sum = p == 0 ? term : sum + term;
            }
            if (!same_number(sum, t.out.v[at]))
                fail_case(&t, "[%zu, %zu] [%zu, %zu], cell %zu: %.17g, wanted %.17g", n, k, k, m, at, t.out.v[at], sum);
        }
    }
}

struct misfit {
    const char *op, *operands, *number, *message;
};

TEST_TABLE(operands_that_do_not_fit_are_an_error_with_their_shapes, misfit, "core/op_misfits.tsv", m, message)
{
    OWN(trial) t = {.op = op_table[op_named(m->op)]};
    struct axis axes[AXES];
    read_operands(&t, m->operands, m->number);
    assert_error(t.op->shape(&t.call, axes), QKV_ERR_SHAPE, m->message);
}

TEST(a_zero_divisor_is_an_error)
{
    OWN(tensor) in;
    assert_ok(tensor_init_sizes(&in, 1, 1, 1));
    struct op_call call = {.in = {&in}, .number = 0};
    struct axis axes[AXES];
    assert_error(op_table[OP_DIVIDE]->shape(&call, axes), QKV_ERR_DOMAIN, "cannot divide by 0");
}
