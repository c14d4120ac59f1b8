#include "core/costs.h"

#include <stdlib.h>

int tape_result(const struct tape *tape)
{
    int marked = tape_find_what(tape, STEP_RESULT);
    return marked >= 0 ? marked : (int)tape->n - 1;
}

/* For each step the last one that needs its numbers, itself or what was only moved out of it; -1: the result is not
 * made of it. */
static void find_last_uses(const struct tape *tape, int *last)
{
    for (size_t i = 0; i < tape->n; i++)
        last[i] = -1;
    const int result = tape_result(tape);
    last[result] = (int)tape->n - 1;
    for (size_t i = tape->n; i-- > 0;) {
        const struct step_spec *spec = &tape->steps[i].spec;
        const struct op_info *op = op_table[spec->op];
        int until = op->moves ? last[i] : (int)i;
        for (int k = 0; last[i] >= 0 && spec->op != OP_INPUT && k < op->n_inputs; k++)
            last[spec->in[k]] = until > last[spec->in[k]] ? until : last[spec->in[k]];
    }
}

struct qkv_err tape_costs(const struct tape *tape, struct costs *ret)
{
    struct costs costs = {0};
    int *last = malloc((tape->n + 1) * sizeof *last);
    double *freed = calloc(tape->n + 1, sizeof *freed), live = 0; /* behind each step */
    bool fine = last && freed;
    if (fine && tape->n)
        find_last_uses(tape, last);
    for (size_t i = 0; fine && i < tape->n; i++) {
        const struct step *step = &tape->steps[i];
        if (last[i] < 0 || step->spec.op == OP_INPUT || op_table[step->spec.op]->moves)
            continue;
        const struct op_cost cost = tape_cost(tape, (int)i);
        costs.operations += cost.flops;
        costs.read += cost.read;
        live += cost.written;
        freed[last[i]] += cost.written;
        costs.held = live > costs.held ? live : costs.held;
        live -= freed[i];
    }
    free(last);
    free(freed);
    if (!fine)
        return qkv_nomem("what a computation costs");
    *ret = costs;
    return (struct qkv_err){0};
}
