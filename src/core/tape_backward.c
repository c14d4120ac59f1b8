/* tape_backward.c: the gradients of all steps of a tape. */
#include "core/tape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The gradients of all steps, in their order. Those that nothing came to yet are fresh: they hold anything. */
struct gradients {
    struct named_tensors named;
    bool *fresh;
};

static struct tensor *gradient_of(const struct gradients *g, int step)
{
    return &g->named.v[step].tensor;
}

/* Is this an earlier result for this tape? */
static bool fits(const struct named_tensors *named, const struct tape *tape)
{
    bool same = named->n == tape->n;
    for (size_t i = 0; i < tape->n && same; i++)
        same = strcmp(named->v[i].name + 2, tape->steps[i].spec.name) == 0 &&
               tensor_same_shape(&named->v[i].tensor, &tape->steps[i].value);
    return same;
}

static struct qkv_err gradients_init(const struct tape *tape, struct gradients *g)
{
    struct qkv_err err = {0};
    g->fresh = malloc(tape->n + 1);
    if (!g->fresh)
        return qkv_nomem("the gradients");
    memset(g->fresh, true, tape->n);
    if (fits(&g->named, tape))
        return err;
    named_tensors_finish(&g->named);
    for (size_t i = 0; i < tape->n && !err.code; i++) {
        struct tensor gradient;
        char name[80];
        snprintf(name, sizeof name, "d_%s", tape->steps[i].spec.name);
        err = tensor_init(&gradient, tape->steps[i].value.axis);
        if (!err.code && (err = named_tensors_append(&g->named, name, &gradient)).code)
            tensor_finish(&gradient);
    }
    return err;
}

/* Zeros, where nothing came yet. */
static void settle(struct gradients *g, int step)
{
    struct tensor *t = gradient_of(g, step);
    if (g->fresh[step])
        memset(t->v, 0, tensor_cells(t) * sizeof *t->v);
    g->fresh[step] = false;
}

static struct qkv_err gradients_seed(const struct tape *tape, const struct named_tensors *seeds, struct gradients *g)
{
    for (size_t i = 0; i < seeds->n; i++) {
        const struct tensor *seed = &seeds->v[i].tensor;
        int step = tape_find(tape, seeds->v[i].name);
        if (step < 0)
            return qkv_errf(QKV_ERR_DOMAIN, "a gradient for '%s': there is no such step", seeds->v[i].name);
        struct tensor *grad = gradient_of(g, step);
        char found[TENSOR_SHAPE_TEXT], wanted[TENSOR_SHAPE_TEXT];
        if (!tensor_same_shape(seed, grad))
            return qkv_errf(QKV_ERR_SHAPE, "the gradient for %s: its shape %s must be %s", seeds->v[i].name,
                            tensor_shape_text(seed, found), tensor_shape_text(grad, wanted));
        settle(g, step);
        for (size_t k = 0; k < tensor_cells(grad); k++)
            grad->v[k] += seed->v[k];
    }
    return (struct qkv_err){0};
}

static bool is_read_once(const struct step_spec *spec, int n_inputs, int operand)
{
    int times = 0;
    for (int k = 0; k < n_inputs; k++)
        times += spec->in[k] == spec->in[operand];
    return times == 1;
}

static void gradients_flow(const struct tape *tape, struct gradients *g)
{
    for (size_t i = tape->n; i-- > 0;) {
        const struct step *step = &tape->steps[i];
        const struct op_info *op = op_table[step->spec.op];
        struct op_call call = tape_call(tape, (int)i);
        struct tensor *grad_in[OP_INPUTS_MAX] = {0};
        settle(g, (int)i);
        for (int k = 0; op->backward && k < op->n_inputs; k++) {
            int in = step->spec.in[k];
            grad_in[k] = gradient_of(g, in);
            if (g->fresh[in] && op->sets & 1u << k && is_read_once(&step->spec, op->n_inputs, k))
                call.fresh |= 1u << k;
            else
                settle(g, in);
            g->fresh[in] = false;
        }
        if (op->backward)
            op->backward(&call, &step->value, gradient_of(g, (int)i), grad_in);
    }
}

/* The weights of all queries, say, are the weights that each query's step computed and the next one went on from. What
 * came to these by every way is the gradient of the whole, not only what came through it. */
static void gradients_gathered(const struct tape *tape, struct gradients *g)
{
    for (size_t i = 0; i < tape->n; i++) {
        const struct step_spec *spec = &tape->steps[i].spec;
        struct op_call call = {0};
        if (!spec->gathered)
            continue;
        for (int k = 0; k < op_table[spec->op]->n_inputs; k++)
            call.in[k] = gradient_of(g, spec->in[k]);
        op_table[spec->op]->forward(&call, gradient_of(g, (int)i));
    }
}

struct qkv_err tape_backward(const struct tape *tape, const struct named_tensors *seeds, struct named_tensors *ret)
{
    struct gradients g = {.named = *ret};
    struct qkv_err err = gradients_init(tape, &g);
    if (!err.code)
        err = gradients_seed(tape, seeds, &g);
    if (!err.code)
        gradients_flow(tape, &g);
    if (!err.code)
        gradients_gathered(tape, &g);
    free(g.fresh);
    if (err.code)
        named_tensors_finish(&g.named);
    *ret = g.named;
    return err;
}
