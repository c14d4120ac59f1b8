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

void sentence_inputs(const struct sizes *s, bool mask, struct named_tensors *ret)
{
    size_t m = s->m ? s->m : s->n, q = s->heads * s->d_k, k = s->kv_heads * s->d_k;
    char text[600], memory[60] = "";
    if (s->m)
        snprintf(memory, sizeof memory, "memory %zu %zu,", s->m, s->d_memory);
    snprintf(
        text, sizeof text,
        "X %zu %zu,W_Q %zu %zu,W_K %zu %zu,W_V %zu %zu,W_O %zu 3,b_K 1 %zu,b_O 1 3,W_A %zu %zu,W_1 %zu 3,W_2 %zu 3,"
        "v_A 1 3,relative_bias %zu 5,relative_keys 5 %zu,W_R %zu %zu,b_R 1 %zu,E 3 %zu,F 3 %zu,",
        s->n, s->d_model, s->d_model, q, s->d_memory, k, s->d_memory, s->kv_heads * s->d_v, s->heads * s->d_v, k,
        s->d_k, s->d_k, s->d_k, s->d_k, s->heads, s->d_k, s->d_model, s->heads, s->heads, m, m);
    *ret = run_tensors(text);
    run_add(ret, memory);
    if (!mask)
        return;
    snprintf(text, sizeof text, "mask %zu*%zu %zu,", s->heads, s->n, m);
    run_add(ret, text);
    struct tensor *t = run_input(ret, "mask");
    for (size_t i = 0; i < tensor_cells(t); i++)
        t->v[i] = random_number() > -0.3 && i / m != s->n - 1;
}

void sentence_run(const struct sizes *s, const struct named_tensors *in, const char *text, struct tape *ret)
{
    char settings[300];
    snprintf(settings, sizeof settings, "heads=%zu kv_heads=%zu %s", s->heads, s->kv_heads, text);
    *ret = run_mechanism("attention", settings, in);
}
