/* tape_backward.c: the gradients of all steps of a tape. */
#include "core/tape.h"

#include <stdio.h>
#include <stdlib.h>

/* Where the gradient of each step is gathered: as large as the step, zero at first. */
static struct qkv_err gradients_init(const struct tape *tape, struct tensor *grads)
{
    struct qkv_err err = {0};
    for (size_t i = 0; !err.code && i < tape->n; i++)
        err = tensor_init(&grads[i], tape->steps[i].value.axis);
    return err;
}

static struct qkv_err gradients_seed(const struct tape *tape, const struct named_tensors *seeds, struct tensor *grads)
{
    for (size_t i = 0; i < seeds->n; i++) {
        const struct tensor *seed = &seeds->v[i].tensor;
        int step = tape_find(tape, seeds->v[i].name);
        if (step < 0)
            return qkv_errf(QKV_ERR_DOMAIN, "a gradient for '%s': there is no such step", seeds->v[i].name);
        struct tensor *grad = &grads[step];
        char found[TENSOR_SHAPE_TEXT], wanted[TENSOR_SHAPE_TEXT];
        if (!tensor_same_shape(seed, grad))
            return qkv_errf(QKV_ERR_SHAPE, "the gradient for %s: its shape %s must be %s", seeds->v[i].name,
                            tensor_shape_text(seed, found), tensor_shape_text(grad, wanted));
        for (size_t k = 0; k < tensor_cells(grad); k++)
            grad->v[k] += seed->v[k];
    }
    return (struct qkv_err){0};
}

static void gradients_flow(const struct tape *tape, struct tensor *grads)
{
    for (size_t i = tape->n; i-- > 0;) {
        const struct step *step = &tape->steps[i];
        const struct op_info *op = op_table[step->spec.op];
        if (!op->backward)
            continue;
        struct op_call call = tape_call(tape, (int)i);
        struct tensor *grad_in[OP_INPUTS_MAX] = {0};
        for (int k = 0; k < op->n_inputs; k++)
            grad_in[k] = &grads[step->spec.in[k]];
        op->backward(&call, &step->value, &grads[i], grad_in);
    }
}

/* The weights of all queries, say, are the weights that each query's step computed and the next one went on from. What
 * came to these by every way is the gradient of the whole, not only what came through it. */
static void gradients_gathered(const struct tape *tape, struct tensor *grads)
{
    for (size_t i = 0; i < tape->n; i++) {
        const struct step_spec *spec = &tape->steps[i].spec;
        struct op_call call = {0};
        if (!spec->gathered)
            continue;
        for (int k = 0; k < op_table[spec->op]->n_inputs; k++)
            call.in[k] = &grads[spec->in[k]];
        op_table[spec->op]->forward(&call, &grads[i]);
    }
}

struct qkv_err tape_backward(const struct tape *tape, const struct named_tensors *seeds, struct named_tensors *ret)
{
    struct tensor *grads = calloc(tape->n + 1, sizeof *grads);
    if (!grads)
        return qkv_nomem("the gradients");
    struct named_tensors named = {0};
    struct qkv_err err = gradients_init(tape, grads);
    if (!err.code)
        err = gradients_seed(tape, seeds, grads);
    if (!err.code)
        gradients_flow(tape, grads);
    if (!err.code)
        gradients_gathered(tape, grads);
    for (size_t i = 0; !err.code && i < tape->n; i++) {
        char name[80];
        snprintf(name, sizeof name, "d_%s", tape->steps[i].spec.name);
        err = named_tensors_append(&named, name, &grads[i]);
    }
    for (size_t i = 0; i < tape->n; i++)
        tensor_finish(&grads[i]);
    free(grads);
    if (err.code)
        named_tensors_finish(&named);
    else
        *ret = named;
    return err;
}
