#include "core/fold.h"

#include <stdlib.h>

/* What recording has read (tape_read) has its memory from the tape. */
static bool is_piece(const struct step *step)
{
    return step->spec.part && step->spec.op != OP_INPUT && !step->read;
}

/* For each step the last one that reads it, or itself. NULL: no memory. */
static size_t *last_reads(const struct tape *tape)
{
    size_t *last = malloc((tape->n + 1) * sizeof *last);
    for (size_t i = 0; last && i < tape->n; i++) {
        const struct step_spec *spec = &tape->steps[i].spec;
        last[i] = i;
        for (int k = 0; spec->op != OP_INPUT && k < op_table[spec->op]->n_inputs; k++)
            last[spec->in[k]] = i;
    }
    return last;
}

/* The pieces that step `at` is the last to read, itself or operands of it, each once. */
static void find_done(const struct tape *tape, const size_t last[], size_t at, int ret[OP_INPUTS_MAX + 1], int *n)
{
    const struct step_spec *spec = &tape->steps[at].spec;
    int read[OP_INPUTS_MAX + 1] = {(int)at}, n_read = 1;
    for (int k = 0; spec->op != OP_INPUT && k < op_table[spec->op]->n_inputs; k++)
        read[n_read++] = spec->in[k];
    *n = 0;
    for (int k = 0; k < n_read; k++) {
        bool again = false;
        for (int i = 0; i < *n; i++)
            again = again || ret[i] == read[k];
        if (!again && is_piece(&tape->steps[read[k]]) && last[read[k]] == at)
            ret[(*n)++] = read[k];
    }
}

struct qkv_err fold_cells(const struct tape *tape, size_t *ret)
{
    size_t *last = last_reads(tape), live = 0, most;
    int done[OP_INPUTS_MAX + 1], n;
    if (!last)
        return qkv_nomem("the steps of a computation");
    for (size_t i = 0; i < tape->n; i++)
        live += is_piece(&tape->steps[i]) ? 0 : tensor_cells(&tape->steps[i].value);
    most = live;
    for (size_t i = 0; i < tape->n; i++) {
        live += is_piece(&tape->steps[i]) ? tensor_cells(&tape->steps[i].value) : 0;
        most = live > most ? live : most;
        find_done(tape, last, i, done, &n);
        for (int k = 0; k < n; k++)
            live -= tensor_cells(&tape->steps[done[k]].value);
    }
    free(last);
    *ret = most;
    return (struct qkv_err){0};
}

static struct qkv_err give_memory(struct tape *tape, struct step *step)
{
    struct tensor given;
    if (step->value.v)
        return (struct qkv_err){0};
    struct qkv_err err = tensor_init_in(is_piece(step) ? NULL : &tape->arena, &given, step->value.axis);
    if (!err.code)
        step->value.v = given.v;
    return err;
}

struct qkv_err fold_run(struct tape *tape)
{
    size_t *last = last_reads(tape);
    int done[OP_INPUTS_MAX + 1], n;
    struct qkv_err err = last ? (struct qkv_err){0} : qkv_nomem("the steps of a computation");
    for (size_t i = 0; i < tape->n && !err.code; i++) {
        struct step *step = &tape->steps[i];
        if (step->spec.op != OP_INPUT)
            err = give_memory(tape, step);
        if (!err.code && step->spec.op != OP_INPUT)
            err = tape_run_step(tape, (int)i);
        find_done(tape, last, i, done, &n);
        for (int k = 0; k < n && !err.code; k++) {
            free(tape->steps[done[k]].value.v);
            tape->steps[done[k]].value.v = NULL;
        }
    }
    for (size_t i = 0; i < tape->n && err.code; i++)
        if (is_piece(&tape->steps[i])) {
            free(tape->steps[i].value.v);
            tape->steps[i].value.v = NULL;
        }
    tape->bare = tape->bare && err.code;
    free(last);
    return err;
}
