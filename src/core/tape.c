#include "core/tape.h"

#include "base/array.h"
#include "core/compute.h"
#include "core/kernels.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STAGE_NAME(id, name) [STAGE_##id] = name,
const char *const stage_names[] = {STAGES(STAGE_NAME)};

const char *tape_text(struct tape *tape, const char *format, ...)
{
    char text[TAPE_TEXT];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    assert(n >= 0 && (size_t)n < sizeof text);
    return arena_text(&tape->arena, text, (size_t)n);
}

/* ---- the steps by their names ---- */

/* FNV-1a. */
static size_t hash_of(const char *name)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 0x100000001b3u;
    return (size_t)(hash ^ hash >> 32);
}

/* Where the step of this name is in the table, or would be. */
static int *slot_of(const struct tape *tape, const char *name)
{
    size_t i = hash_of(name) & (tape->names_capacity - 1);
    while (tape->names[i] >= 0 && strcmp(tape->steps[tape->names[i]].spec.name, name) != 0)
        i = (i + 1) & (tape->names_capacity - 1);
    return &tape->names[i];
}

/* Most tapes have no more steps: their tables are made once. */
enum { STEPS_LEAST = 24, NAMES_LEAST = 64 };

/* Make a table that is at most half full with one more step. */
static bool reserve_name(struct tape *tape)
{
    size_t capacity = tape->names_capacity ? 2 * tape->names_capacity : NAMES_LEAST;
    if (2 * (tape->n + 1) <= tape->names_capacity)
        return true;
    int *names = malloc(capacity * sizeof *names);
    if (!names)
        return false;
    for (size_t i = 0; i < capacity; i++)
        names[i] = -1;
    free(tape->names);
    tape->names = names;
    tape->names_capacity = capacity;
    for (size_t i = 0; i < tape->n; i++)
        *slot_of(tape, tape->steps[i].spec.name) = (int)i;
    return true;
}

/* The place of one more name, where it is free and one more step can be held; else NULL. */
static int *reserve_step(struct tape *tape, const char *name)
{
    size_t wanted = tape->n < STEPS_LEAST ? STEPS_LEAST : tape->n + 1;
    if (!array_reserve(&tape->steps, &tape->capacity, wanted, sizeof *tape->steps) || !reserve_name(tape))
        return NULL;
    int *slot = slot_of(tape, name);
    return *slot < 0 ? slot : NULL;
}

static struct qkv_err cannot_reserve(const struct tape *tape, const char *name)
{
    if (tape->names && tape_find(tape, name) >= 0)
        return qkv_errf(QKV_ERR_DOMAIN, "%s: there is a step of that name already", name);
    return qkv_nomem(name);
}

/* The next step has this value; its other fields are zero, as array_reserve made them. */
static void append(struct tape *tape, const struct step_spec *spec, const struct tensor *value, int *slot, int *ret)
{
    struct step *s = &tape->steps[tape->n];
    s->spec = *spec;
    s->value = *value;
    s->computed.rows = spec->op == OP_INPUT ? compute_rows(value) : 0;
    tape->cells += tensor_cells(value);
    *slot = (int)tape->n;
    if (ret)
        *ret = (int)tape->n;
    tape->n++;
}

static struct qkv_err not_finite(const char *name, const struct tensor *value)
{
    size_t rows = value->axis[AXIS_ROW].size, cols = value->axis[AXIS_COL].size, i = 0;
    while (isfinite(value->v[i]))
        i++;
    return qkv_errf(QKV_ERR_DOMAIN, "%s: its cell [%zu, %zu, %zu] is %g; wanted a finite number", name, i / cols / rows,
                    i / cols % rows, i % cols, value->v[i]);
}

struct qkv_err tape_input(struct tape *tape, const struct step_spec *spec, struct tensor *value, int *ret)
{
    assert(spec->op == OP_INPUT);
    if (!kernels_best()->all_finite(value->v, tensor_cells(value)))
        return not_finite(spec->name, value);
    int *slot = reserve_step(tape, spec->name);
    if (!slot)
        return cannot_reserve(tape, spec->name);
    append(tape, spec, value, slot, ret);
    if (value->pixels)
        tape->steps[tape->n - 1].spec.scale = value->pixels == PIXELS_RGB ? SCALE_RGB : SCALE_BRIGHTNESS;
    *value = (struct tensor){0};
    return (struct qkv_err){0};
}

static struct op_call call_of(const struct tape *tape, const struct step_spec *spec)
{
    struct op_call call = {.number = spec->number, .second = spec->second, .written = spec->written};
    for (int i = 0; i < op_table[spec->op]->n_inputs; i++) {
        assert(spec->in[i] >= 0 && (size_t)spec->in[i] < tape->n);
        call.in[i] = &tape->steps[spec->in[i]].value;
    }
    return call;
}

/* "scores, from Q and K: WHAT" */
static struct qkv_err about_step(const struct tape *tape, const struct step_spec *spec, struct qkv_err err)
{
    char from[120] = "";
    size_t at = 0;
    for (int i = 0; i < op_table[spec->op]->n_inputs && at < sizeof from; i++)
        at += (size_t)snprintf(from + at, sizeof from - at, "%s%s", i == 0 ? ", from " : " and ",
                               tape->steps[spec->in[i]].spec.name);
    return qkv_errf(err.code, "%s%s: %s", spec->name, from, err.what);
}

/* Does a step of these axes still fit on the tape? Checked before it is allocated. */
static struct qkv_err check_size(struct tape *tape, const struct axis axes[AXES])
{
    size_t cells = 1, most = tape->cells_most ? tape->cells_most : TAPE_CELLS_MAX;
    for (int i = 0; i < AXES; i++) {
        /* A side that no tensor may have is refused where the tensor is made; the product cannot overflow before. */
        if (axes[i].size > TENSOR_SIDE_MAX)
            return (struct qkv_err){0};
        cells *= axes[i].size;
    }
    const bool over = tape->cells > most || cells > most - tape->cells;
    tape->bare = tape->bare || (over && tape->cells_most);
    if (over && !tape->cells_most)
        return qkv_errf(QKV_ERR_LIMIT, "with its %zu cells all steps have more than %zu", cells, most);
    return (struct qkv_err){0};
}

struct qkv_err tape_record(struct tape *tape, const struct step_spec *spec, int *ret)
{
    const struct op_info *op = op_table[spec->op];
    assert(spec->op != OP_INPUT);
    int *slot = reserve_step(tape, spec->name);
    if (!slot)
        return cannot_reserve(tape, spec->name);
    struct op_call call = call_of(tape, spec);
    struct axis axes[AXES];
    struct tensor value;
    struct qkv_err err = op->shape(&call, axes);
    if (!err.code)
        err = check_size(tape, axes);
    if (!err.code)
        err = tape->bare ? tensor_init_bare(&value, axes) : tensor_init_in(&tape->arena, &value, axes);
    if (err.code)
        return about_step(tape, spec, err);
    append(tape, spec, &value, slot, ret);
    return err;
}

static bool step_is_computed(const struct step *step)
{
    return step->computed.rows == compute_rows(&step->value);
}

static struct qkv_err run_step(struct tape *tape, int step, size_t *amount)
{
    struct step *s = &tape->steps[step];
    struct op_call call = tape_call(tape, step);
    struct qkv_err err = compute_more(op_table[s->spec.op], &call, tape->progress, amount, &s->value, &s->computed);
    return err.code == QKV_ERR_DOMAIN || err.code == QKV_ERR_CANCELLED ? about_step(tape, &s->spec, err) : err;
}

/* All that is missing of a step. */
static struct qkv_err run_all(struct tape *tape, int step)
{
    struct step *s = &tape->steps[step];
    struct op_call call = tape_call(tape, step);
    if (compute_small(op_table[s->spec.op], &call, tape->progress, &s->value, &s->computed))
        return (struct qkv_err){0};
    return run_step(tape, step, &(size_t){TAPE_ALL});
}

/* ---- steps that are computed together ---- */

/* So large a step does not stay in the cache until the next one reads it. */
enum { LARGE_CELLS = 1 << 17 };

/* Can the step be computed row by row with the steps from `first` on: is each of them that it reads read in the same
 * row? */
static bool joins(const struct tape *tape, size_t first, size_t step)
{
    const struct step *s = &tape->steps[step], *leader = &tape->steps[first];
    const struct op_info *op = op_table[s->spec.op];
    bool reads = step == first;
    if (s->spec.op == OP_INPUT || s->computed.rows > 0 || !op->by_row || s->spec.gathered)
        return false;
    for (int a = AXIS_HEAD; a <= AXIS_ROW; a++)
        if (s->value.axis[a].size != leader->value.axis[a].size)
            return false;
    for (int k = 0; k < op->n_inputs; k++) {
        const struct step *operand = &tape->steps[s->spec.in[k]];
        if ((size_t)s->spec.in[k] < first)
            continue;
        if (!(op->by_row & 1u << k) || operand->value.axis[AXIS_HEAD].size != s->value.axis[AXIS_HEAD].size ||
            operand->value.axis[AXIS_ROW].size != s->value.axis[AXIS_ROW].size)
            return false;
        reads = true;
    }
    return reads;
}

/* How many steps from this one on are computed together. */
static size_t chain_length(const struct tape *tape, size_t first)
{
    size_t n = 0;
    if (tape->steps[first].spec.op == OP_INPUT || tensor_cells(&tape->steps[first].value) < LARGE_CELLS)
        return 1;
    while (n < LINKS_MAX && first + n < tape->n && joins(tape, first, first + n))
        n++;
    return n ? n : 1;
}

static struct qkv_err run_chain(struct tape *tape, size_t first, size_t n)
{
    struct link links[LINKS_MAX];
    size_t failed = 0;
    for (size_t i = 0; i < n; i++) {
        struct step *s = &tape->steps[first + i];
        links[i] = (struct link){op_table[s->spec.op], tape_call(tape, (int)(first + i)), &s->value, &s->computed};
    }
    struct qkv_err err = compute_links(links, n, tape->progress, &failed);
    return err.code ? about_step(tape, &tape->steps[first + failed].spec, err) : err;
}

/* Give a step its memory, where it has none yet. */
static struct qkv_err furnish(struct tape *tape, struct tensor *value)
{
    struct tensor furnished;
    if (value->v)
        return (struct qkv_err){0};
    struct qkv_err err = tensor_init_in(&tape->arena, &furnished, value->axis);
    if (!err.code)
        value->v = furnished.v;
    return err;
}

struct qkv_err tape_furnish(struct tape *tape)
{
    struct qkv_err err = {0};
    for (size_t i = 0; i < tape->n && !err.code; i++)
        err = furnish(tape, &tape->steps[i].value);
    tape->bare = tape->bare && err.code;
    return err;
}

struct qkv_err tape_run_step(struct tape *tape, int step)
{
    return step_is_computed(&tape->steps[step]) ? (struct qkv_err){0} : run_step(tape, step, &(size_t){TAPE_ALL});
}

struct qkv_err tape_run(struct tape *tape, size_t amount)
{
    struct qkv_err err = {0};
    assert(!tape->bare);
    for (size_t i = 0, n; amount == TAPE_ALL && i < tape->n && !err.code; i += n)
        if ((n = chain_length(tape, i)) > 1)
            err = run_chain(tape, i, n);
        else if (!step_is_computed(&tape->steps[i]))
            err = run_all(tape, (int)i);
    for (size_t i = 0; i < tape->n && amount > 0 && !err.code; i++)
        while (!step_is_computed(&tape->steps[i]) && amount > 0 && !err.code)
            err = run_step(tape, (int)i, &amount);
    return err;
}

bool tape_is_computed(const struct tape *tape)
{
    for (size_t i = 0; i < tape->n; i++)
        if (!step_is_computed(&tape->steps[i]))
            return false;
    return true;
}

struct qkv_err tape_read(struct tape *tape, int step)
{
    struct qkv_err err = {0};
    tape->steps[step].read = true;
    for (int i = step; i >= 0; i--) /* operands come before what is made of them */
        for (int k = 0; tape->steps[i].read && k < op_table[tape->steps[i].spec.op]->n_inputs; k++)
            tape->steps[tape->steps[i].spec.in[k]].read = true;
    for (int i = 0; i <= step; i++)
        for (size_t all = TAPE_ALL; tape->steps[i].read && !step_is_computed(&tape->steps[i]) && !err.code;) {
            err = furnish(tape, &tape->steps[i].value);
            if (!err.code)
                err = run_step(tape, i, &all);
        }
    return err;
}

/* Are these numbers that recording would take for this input, or must it be recorded anew? */
static bool can_take(const struct step *s, const struct tensor *value)
{
    size_t bytes = tensor_cells(&s->value) * sizeof *value->v;
    for (int a = 0; a < AXES; a++)
        if (value->axis[a].size != s->value.axis[a].size ||
            (value->axis[a].labels && !axis_same_labels(&value->axis[a], &s->value.axis[a])))
            return false;
    if (memcmp(value->v, s->value.v, bytes) == 0)
        return true;
    bool fine = !s->read && kernels_best()->all_finite(value->v, tensor_cells(value));
    for (size_t i = 0; fine && s->spec.scale == SCALE_MASK && i < tensor_cells(value); i++)
        fine = value->v[i] == 0 || value->v[i] == 1;
    return fine;
}

static bool is_given(const struct step *s)
{
    return s->spec.op == OP_INPUT && !s->made;
}

/* Put the numbers into a step; returns whether they are others. */
static bool take(struct step *s, const struct tensor *value)
{
    size_t bytes = tensor_cells(value) * sizeof *value->v;
    bool differs = memcmp(s->value.v, value->v, bytes) != 0;
    if (differs)
        memcpy(s->value.v, value->v, bytes);
    return differs;
}

/* What is made of changed steps is changed, and to be computed. */
static void wait_for_changed(struct tape *tape)
{
    for (size_t i = 0; i < tape->n; i++) {
        struct step *s = &tape->steps[i];
        for (int k = 0; k < op_table[s->spec.op]->n_inputs; k++)
            s->changed = s->changed || tape->steps[s->spec.in[k]].changed;
        if (s->changed && s->spec.op != OP_INPUT)
            s->computed = (struct computed){0};
    }
}

bool tape_replay(struct tape *tape, const struct named_tensors *inputs)
{
    for (size_t i = 0; i < tape->n; i++) {
        const struct tensor *value = named_tensors_find(inputs, tape->steps[i].spec.name);
        if (is_given(&tape->steps[i]) && (!value || !value->v || !can_take(&tape->steps[i], value)))
            return false;
    }
    for (size_t i = 0; i < tape->n; i++) {
        struct step *s = &tape->steps[i];
        s->changed = is_given(s) && take(s, named_tensors_find(inputs, s->spec.name));
    }
    wait_for_changed(tape);
    return true;
}

bool tape_put(struct tape *tape, int step, const struct tensor *value)
{
    struct step *s = &tape->steps[step];
    if (!is_given(s) || !can_take(s, value))
        return false;
    for (size_t i = 0; i < tape->n; i++)
        tape->steps[i].changed = false;
    s->changed = take(s, value);
    wait_for_changed(tape);
    return true;
}

int tape_find(const struct tape *tape, const char *name)
{
    return tape->n > 0 ? *slot_of(tape, name) : -1;
}

int tape_find_what(const struct tape *tape, enum step_what what)
{
    for (size_t i = 0; i < tape->n; i++)
        if (tape->steps[i].spec.what == what)
            return (int)i;
    return -1;
}

struct op_call tape_call(const struct tape *tape, int step)
{
    const struct step *s = &tape->steps[step];
    if (s->spec.op == OP_INPUT)
        return (struct op_call){.in = {&s->value}};
    return call_of(tape, &s->spec);
}

struct qkv_err tape_explain(const struct tape *tape, int step, size_t h, size_t r, size_t c, struct explanation *ret)
{
    struct explanation e = {0};
    struct op_call call = tape_call(tape, step);
    const struct op_info *op = op_table[tape->steps[step].spec.op];
    struct qkv_err err;
    if (op->explain) {
        err = op->explain(&call, h, r, c, &e);
    } else {
        snprintf(e.term_text, sizeof e.term_text, "a");
        err = explanation_add(&e, 0, 1, &(struct cell){0, h, r, c});
    }
    if (err.code)
        explanation_finish(&e);
    else
        *ret = e;
    return err;
}

struct op_cost tape_cost(const struct tape *tape, int step)
{
    const struct op_info *op = op_table[tape->steps[step].spec.op];
    struct op_call call = tape_call(tape, step);
    return op->cost ? op->cost(&call, &tape->steps[step].value) : (struct op_cost){0};
}

size_t tape_step_amount(const struct tape *tape, int step)
{
    const struct op_info *op = op_table[tape->steps[step].spec.op];
    struct op_call call = tape_call(tape, step);
    return op->forward ? compute_amount(op, &call, &tape->steps[step].value) : 0;
}

size_t tape_amount(const struct tape *tape)
{
    size_t amount = 0;
    for (size_t i = 0; i < tape->n; i++)
        amount += tape_step_amount(tape, (int)i);
    return amount;
}

void tape_finish(struct tape *tape)
{
    for (size_t i = 0; i < tape->n; i++)
        if (tape->steps[i].spec.op == OP_INPUT)
            tensor_finish(&tape->steps[i].value);
    free(tape->steps);
    free(tape->names);
    arena_finish(&tape->arena);
    *tape = (struct tape){0};
}
