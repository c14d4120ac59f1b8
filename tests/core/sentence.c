#include "core/sentence.h"

#include "core/run.h"
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>

static size_t between(size_t least, size_t most)
{
    return least + (size_t)((random_number() + 1) / 2 * (double)(most - least + 1));
}

struct sizes sentence_sizes(bool memory)
{
    struct sizes s = {.n = between(1, 7), .d_model = between(2, 6), .kv_heads = between(1, 2)};
    s.heads = s.kv_heads * between(1, 2);
    s.d_k = 2 * between(1, 3);
    s.d_v = between(1, 4);
    s.m = memory ? between(1, 8) : 0;
    s.d_memory = memory ? between(2, 5) : s.d_model;
    return s;
}

static void add(struct named_tensors *in, const char *name, size_t heads, size_t rows, size_t cols)
{
    struct tensor t;
    assert_ok(tensor_init_sizes(&t, heads, rows, cols));
    for (size_t i = 0; i < tensor_cells(&t); i++)
        t.v[i] = random_number();
    assert_ok(named_tensors_add(in, name, &t));
}

static void add_mask(const struct sizes *s, struct named_tensors *in)
{
    add(in, "mask", s->heads, s->n, s->m ? s->m : s->n);
    struct tensor *mask = run_input(in, "mask");
    for (size_t i = 0; i < tensor_cells(mask); i++)
        mask->v[i] = mask->v[i] > -0.3;
    for (size_t c = 0; c < mask->axis[AXIS_COL].size; c++)
        *tensor_at(mask, 0, s->n - 1, c) = 0;
}

void sentence_inputs(const struct sizes *s, bool mask, struct named_tensors *ret)
{
    enum { D_A = 3, REACH = 2, LOW = 3, D_OUT = 3 };
    size_t m = s->m ? s->m : s->n;
    *ret = (struct named_tensors){0};
    add(ret, "X", 1, s->n, s->d_model);
    if (s->m)
        add(ret, "memory", 1, s->m, s->d_memory);
    add(ret, "W_Q", 1, s->d_model, s->heads * s->d_k);
    add(ret, "W_K", 1, s->d_memory, s->kv_heads * s->d_k);
    add(ret, "W_V", 1, s->d_memory, s->kv_heads * s->d_v);
    add(ret, "W_O", 1, s->heads * s->d_v, D_OUT);
    add(ret, "b_K", 1, 1, s->kv_heads * s->d_k);
    add(ret, "b_O", 1, 1, D_OUT);
    add(ret, "W_A", 1, s->d_k, s->d_k);
    add(ret, "W_1", 1, s->d_k, D_A);
    add(ret, "W_2", 1, s->d_k, D_A);
    add(ret, "v_A", 1, 1, D_A);
    add(ret, "relative_bias", 1, s->heads, 2 * REACH + 1);
    add(ret, "relative_keys", 1, 2 * REACH + 1, s->d_k);
    add(ret, "W_R", 1, s->d_model, s->heads);
    add(ret, "b_R", 1, 1, s->heads);
    add(ret, "E", 1, LOW, m);
    add(ret, "F", 1, LOW, m);
    if (mask)
        add_mask(s, ret);
}

void sentence_run(const struct sizes *s, const struct named_tensors *in, const char *text, struct tape *ret)
{
    char settings[300];
    snprintf(settings, sizeof settings, "heads=%zu kv_heads=%zu %s", s->heads, s->kv_heads, text);
    *ret = run_mechanism("attention", settings, in);
}
