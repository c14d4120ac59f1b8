#include "core/record_run.h"

#include "support/check.h"
#include "support/fail_alloc.h"

#include <stdio.h>
#include <stdlib.h>

double random_number(void)
{
    static uint64_t state = 2017;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(state >> 11) / 4503599627370496.0 - 1;
}

static void add(struct named_tensors *in, const char *name, size_t planes, size_t rows, size_t cols)
{
    struct tensor t;
    assert_ok(tensor_init_sizes(&t, planes, rows, cols));
    for (size_t i = 0; i < tensor_cells(&t); i++)
        t.v[i] = strcmp(name, "mask") == 0 ? 1 : random_number();
    assert_ok(named_tensors_add(in, name, &t));
}

/* Sets of tensors; those of words are of five. */
static const struct {
    const char *name, *tensors;
} sets[] = {
    {"WORDS", "X 5 4,W_Q 4 6,W_K 4 6,W_V 4 8,W_O 8 3,"},
    {"MEMORY", "X 5 4,memory 3 5,W_Q 4 6,W_K 5 6,W_V 5 8,W_O 8 3,"},
    {"LAYER", "X 5 4,W_Q 4 6,W_K 4 6,W_V 4 8,W_O 8 4,gamma_1 1 4,beta_1 1 4,gamma_2 1 4,beta_2 1 4,W_F1 4 7,"
              "b_F1 1 7,W_F2 7 4,b_F2 1 4,"},
    {"SPEECH", "gamma_A 1 4,beta_A 1 4,gamma_F1 1 4,beta_F1 1 4,gamma_F2 1 4,beta_F2 1 4,gamma_C 1 4,"
               "beta_C 1 4,gamma_out 1 4,beta_out 1 4,W_11 4 6,b_11 1 6,W_12 6 4,b_12 1 4,W_21 4 7,b_21 1 7,"
               "W_22 7 4,b_22 1 4,W_P1 4 8,b_P1 1 8,b_D 1 4,gamma_N 1 4,beta_N 1 4,W_P2 4 4,b_P2 1 4,"},
    {"WHOLE", "X 5 6,W_Q 6 6,W_K 6 6,W_V 6 8,W_O 8 3,b_Q 1 6,"},
    {"SMALL", "X 5 4,W_Q 4 8,W_K 4 8,W_V 4 8,W_O 8 3,b_K 1 8,b_O 1 3,"},
    {"VARIANTS", "W_A 4 4,W_1 4 3,W_2 4 3,v_A 1 3,relative_bias 2 5,relative_keys 5 4,W_R 4 2,b_R 1 2,E 3 5,"
                 "F 3 5,"},
    {"ATTENDED", "X 5 4,W_Q 4 6,W_K 4 6,W_V 4 8,W_O 8 4,"},
    {"SQUARED", "X 5 4,W_U 4 6,W_V 4 6,W_Z 4 3,gamma_Q 1 3,beta_Q 1 3,gamma_K 1 3,beta_K 1 3,W_O 6 4,"},
    {"HEARD", "W_Q 4 5,W_K 6 5,U 2 5,b_A 1 5,v_A 1 5,"},
    {"READ", "W_xh 4 3,W_hh 3 3,b_h 1 3,V_xh 5 3,V_hh 3 3,V_ch 3 3,b_s 1 3,"},
};

/* The tensors of the set that the text begins with; NULL: it begins with none. */
static const char *set_at(const char *text, size_t n)
{
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++)
        if (strlen(sets[i].name) == n && strncmp(sets[i].name, text, n) == 0)
            return sets[i].tensors;
    return NULL;
}

void run_add(struct named_tensors *in, const char *text)
{
    char name[64];
    size_t planes, rows, cols;
    for (int used = 0; *text; text += used) {
        size_t word = strcspn(text, " ");
        if (set_at(text, word)) {
            run_add(in, set_at(text, word));
            used = (int)(word + strspn(text + word, " "));
            continue;
        }
        if (sscanf(text, "%63s %zu*%zu %zu,%n", name, &planes, &rows, &cols, &used) != 4) {
            planes = 1;
            assert_int_equal(sscanf(text, "%63s %zu %zu,%n", name, &rows, &cols, &used), 3);
        }
        add(in, name, planes, rows, cols);
    }
}

struct named_tensors run_tensors(const char *text)
{
    struct named_tensors in = {0};
    run_add(&in, text);
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

struct named_tensors copy_tensors(const struct named_tensors *in)
{
    struct named_tensors copy = {0};
    for (size_t i = 0; i < in->n; i++) {
        struct tensor t;
        assert_ok(tensor_copy(&t, &in->v[i].tensor));
        assert_ok(named_tensors_add(&copy, in->v[i].name, &t));
    }
    return copy;
}

static struct qkv_err run_slices(struct tape *tape, size_t slice)
{
    struct qkv_err err = {0};
    while (!err.code && !tape_is_computed(tape))
        err = tape_run(tape, slice);
    return err;
}

struct qkv_err record_copy(const struct mechanism *m, const struct settings *s, const struct named_tensors *in,
                           size_t slice, struct tape *ret)
{
    OWN(named_tensors) copy = copy_tensors(in);
    *ret = (struct tape){0};
    struct qkv_err err = mechanism_begin(m, s, &copy, ret);
    if (!err.code)
        err = run_slices(ret, slice);
    if (err.code)
        tape_finish(ret);
    return err;
}

/* Of most tensors every number is another one, moderate or large; of a mask, some are. */
static struct named_tensors other_numbers(const struct named_tensors *in)
{
    struct named_tensors other = copy_tensors(in);
    double factor = random_number() > 0.8 ? 1e200 : 1;
    for (size_t i = 0; i < other.n; i++) {
        struct tensor *t = &other.v[i].tensor;
        bool mask = strcmp(other.v[i].name, "mask") == 0, stays = random_number() > 0.8;
        for (size_t k = 0; k < tensor_cells(t) && !stays; k++)
            t->v[k] = !mask ? random_number() * factor : random_number() > 0.9 ? 1 - t->v[k] : t->v[k];
    }
    return other;
}

static void check_same(const struct tape *got, const struct tape *want, const char *when)
{
    assert_int_equal(got->n, want->n);
    for (size_t i = 0; i < got->n; i++) {
        const struct tensor *a = &got->steps[i].value, *b = &want->steps[i].value;
        assert_string_equal(got->steps[i].spec.name, want->steps[i].spec.name);
        assert_int_equal(tensor_cells(a), tensor_cells(b));
        if (memcmp(a->v, b->v, tensor_cells(a) * sizeof *a->v) != 0)
            fail_msg("%s is other than what recording anew gives, %s", got->steps[i].spec.name, when);
    }
}

static bool any_was_read(const struct tape *tape)
{
    bool any = false;
    for (size_t i = 0; i < tape->n; i++)
        any = any || tape->steps[i].read;
    return any;
}

void check_replay(const struct mechanism *m, const struct settings *s, const struct named_tensors *in)
{
    OWN(named_tensors) other = other_numbers(in);
    OWN(tape) before = {0}, after = {0}, tape = {0};
    struct qkv_err first = record_copy(m, s, in, TAPE_ALL, &before), sliced = record_copy(m, s, in, 1, &tape);
    struct qkv_err then = record_copy(m, s, &other, TAPE_ALL, &after);
    assert_string_equal(sliced.what, first.what);
    if (!first.code) {
        check_same(&tape, &before, "computed in slices");
        if (tape_replay(&tape, &other)) {
            long allocations = fail_alloc_count();
            struct qkv_err err = run_slices(&tape, 1 + (size_t)(4 * fabs(random_number())));
            assert_int_equal(fail_alloc_count(), allocations);
            assert_string_equal(err.what, then.what);
            if (!err.code)
                check_same(&tape, &after, "replayed");
            assert_true(tape_replay(&tape, in));
            assert_ok(tape_run(&tape, TAPE_ALL));
        } else if (!then.code && !any_was_read(&tape)) {
            fail_msg("%s cannot be replayed", m->name);
        }
        check_same(&tape, &before, "as at first");
    }
}

struct settings run_settings(const struct mechanism *m, const char *settings)
{
    struct settings s = settings_default(m->settings, m->n_settings);
    char text[300];
    snprintf(text, sizeof text, "%s", settings);
    for (char *at = strtok(text, " "); at; at = strtok(NULL, " ")) {
        char *value = strchr(at, '=');
        *value++ = '\0';
        assert_ok(settings_set(&s, at, value));
    }
    return s;
}

struct qkv_err run_try(const char *mechanism, const char *settings, const struct named_tensors *in, struct tape *ret)
{
    const struct mechanism *m = mechanism_find(mechanism);
    struct settings s = run_settings(m, settings);
    check_replay(m, &s, in);
    return record_copy(m, &s, in, TAPE_ALL, ret);
}

struct tape run_mechanism(const char *mechanism, const char *settings, const struct named_tensors *in)
{
    struct tape tape;
    struct qkv_err err = run_try(mechanism, settings, in, &tape);
    if (err.code)
        fail_msg("%s %s: %s", mechanism, settings, err.what);
    return tape;
}
