/* make_tensors.c: the inputs of an attention, for `qkv run`: make_tensors FILE TOKENS D_MODEL */
#include "core/safetensors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct qkv_err add(struct named_tensors *inputs, const char *name, size_t rows, size_t cols)
{
    struct tensor t = {0};
    struct qkv_err err = tensor_init_sizes(&t, 1, rows, cols);
    for (size_t i = 0; !err.code && i < rows * cols; i++)
        t.v[i] = sin((double)(i * 7919 % 10007)) / sqrt((double)rows);
    if (!err.code)
        err = named_tensors_add(inputs, name, &t);
    tensor_finish(&t);
    return err;
}

int main(int n, char **words)
{
    static const char *const names[] = {"W_Q", "W_K", "W_V", "W_O"};
    const size_t tokens = n == 4 ? strtoul(words[2], NULL, 10) : 0, d_model = n == 4 ? strtoul(words[3], NULL, 10) : 0;
    struct named_tensors inputs = {0};
    struct qkv_err err = add(&inputs, "X", tokens, d_model);
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !err.code; i++)
        err = add(&inputs, names[i], d_model, d_model);
    for (size_t i = 0; i < inputs.n; i++)
        inputs.v[i].axes = 2;
    if (!err.code)
        err = safetensors_write(words[1], &inputs);
    named_tensors_finish(&inputs);
    if (err.code)
        fprintf(stderr, "make_tensors: %s\n", err.what);
    return err.code ? 1 : 0;
}
