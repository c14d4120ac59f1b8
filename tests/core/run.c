#include "core/run.h"

#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>

double random_number(void)
{
    static uint64_t state = 2017;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(state >> 11) / 4503599627370496.0 - 1;
}

static void add(struct named_tensors *in, const char *name, size_t rows, size_t cols)
{
    struct tensor t;
    assert_ok(tensor_init_sizes(&t, 1, rows, cols));
    for (size_t i = 0; i < tensor_cells(&t); i++)
        t.v[i] = random_number();
    assert_ok(named_tensors_add(in, name, &t));
}

/* "X 5 4,W_Q 4 6,": random numbers; a name that comes again takes the place of the first. */
struct named_tensors run_tensors(const char *text)
{
    struct named_tensors in = {0};
    char name[64];
    size_t rows, cols;
    int used;
    for (; sscanf(text, "%63s %zu %zu,%n", name, &rows, &cols, &used) == 3; text += used)
        add(&in, name, rows, cols);
    assert_int_equal(*text, '\0');
    return in;
}

struct tensor *run_input(struct named_tensors *in, const char *name)
{
    for (size_t i = 0; i < in->n; i++)
        if (strcmp(in->v[i].name, name) == 0)
            return &in->v[i].tensor;
    fail_msg("no input %s", name);
    return NULL;
}

void run_fill(struct named_tensors *in, const char *name, double number)
{
    struct tensor *t = run_input(in, name);
    for (size_t i = 0; i < tensor_cells(t); i++)
        t->v[i] = number;
}

struct qkv_err run_try(const char *mechanism, const char *settings, const struct named_tensors *in, struct tape *ret)
{
    const struct mechanism *m = mechanism_find(mechanism);
    struct settings s = settings_default(m->settings, m->n_settings);
    char text[200];
    snprintf(text, sizeof text, "%s", settings);
    for (char *at = strtok(text, " "); at; at = strtok(NULL, " ")) {
        char *value = strchr(at, '=');
        *value++ = '\0';
        assert_ok(settings_set(&s, at, value));
    }
    struct named_tensors copy = {0};
    for (size_t i = 0; i < in->n; i++) {
        struct tensor t;
        assert_ok(tensor_copy(&t, &in->v[i].tensor));
        assert_ok(named_tensors_add(&copy, in->v[i].name, &t));
    }
    *ret = (struct tape){0};
    struct qkv_err err = mechanism_record(m, &s, &copy, ret);
    named_tensors_finish(&copy);
    return err;
}

struct tape run_mechanism(const char *mechanism, const char *settings, const struct named_tensors *in)
{
    struct tape tape;
    struct qkv_err err = run_try(mechanism, settings, in, &tape);
    if (err.code)
        fail_msg("%s %s: %s", mechanism, settings, err.what);
    return tape;
}

const struct tensor *run_value(const struct tape *tape, const char *name)
{
    int step = tape_find(tape, name);
    if (step < 0)
        fail_msg("no step %s", name);
    return &tape->steps[step].value;
}

double largest_difference(const struct tensor *a, const struct tensor *b)
{
    double largest = 0;
    assert_int_equal(tensor_cells(a), tensor_cells(b));
    for (size_t i = 0; i < tensor_cells(a); i++)
        largest = fmax(largest, fabs(a->v[i] - b->v[i]));
    return largest;
}
