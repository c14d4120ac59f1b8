#include "lesson/compare.h"

#include "base/str.h"
#include "lesson/language.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool comparable(const struct tensor *a, const struct tensor *b)
{
    for (int axis = 0; axis < AXES; axis++)
        if (a->axis[axis].size != b->axis[axis].size)
            return false;
    for (size_t i = 0, n = tensor_cells(a); i < n; i++)
        if (!isfinite(a->v[i]) || !isfinite(b->v[i]))
            return false;
    return true;
}

/* What is said of a step, under another title and, where there is one, with another meaning. */
static bool retitle(struct comparison *c, int step, const struct step *from, const char *title, const char *meaning)
{
    struct step_text *text = arena_array(&c->arena, 2, sizeof *text);
    for (int i = 0; text && i < 2; i++) {
        text[i] = step_text(from, i);
        text[i].title = title;
        text[i].meaning = meaning ? meaning : text[i].meaning;
    }
    c->tape.steps[step].text = text;
    return text;
}

/* A copy of a step's value as an input of the comparison, under a name of its own. */
static struct qkv_err add_side(struct comparison *c, const struct step *from, const char *prefix, const char *symbol,
                               const char *title, int *ret)
{
    struct tensor value = {0};
    struct step_spec spec = from->spec;
    struct str name = {0};
    str_addf(&name, "%s:%s", prefix, from->spec.name);
    spec.name = name.failed ? NULL : arena_text(&c->arena, str_text(&name), name.n);
    str_finish(&name);
    spec.symbol = symbol;
    spec.op = OP_INPUT;
    spec.mistake = false;
    if (!spec.name || !symbol)
        return qkv_nomem("a comparison");
    struct qkv_err err = tensor_copy(&value, &from->value);
    if (!err.code)
        err = tape_input(&c->tape, &spec, &value, ret);
    if (!err.code && !retitle(c, *ret, from, title, NULL))
        err = qkv_nomem("a comparison");
    tensor_finish(&value);
    return err;
}

static const char *primed(struct comparison *c, const char *symbol)
{
    struct str text = {0};
    str_addf(&text, "%s'", symbol);
    const char *copy = text.failed ? NULL : arena_text(&c->arena, str_text(&text), text.n);
    str_finish(&text);
    return copy;
}

static struct qkv_err add_pair(struct comparison *c, const struct language *language, const char *side,
                               const struct step *here, const struct step *there, int *ret)
{
    int a = 0, b = 0;
    struct qkv_err err = add_side(c, here, "here", here->spec.symbol, side, &a);
    if (!err.code)
        err = add_side(c, there, "beside", primed(c, here->spec.symbol), c->label, &b);
    if (err.code)
        return err;
    struct step_spec spec = here->spec;
    spec.symbol = "D";
    spec.role = ROLE_NONE;
    spec.scale = SCALE_SIGNED;
    spec.op = OP_SUBTRACT;
    spec.in[0] = a;
    spec.in[1] = b;
    spec.mistake = false;
    err = tape_record(&c->tape, &spec, ret);
    if (!err.code &&
        !retitle(c, *ret, here, language_page(language, "difference"), language_page(language, "difference_meaning")))
        err = qkv_nomem("a comparison");
    return err;
}

/* The other computation's step that is to be compared with this one, or NULL. */
static const struct step *other_step(const struct other *other, const struct step *here, int step)
{
    int there = step == other->step ? other->other_step : tape_find(other->tape, here->spec.name);
    return there >= 0 && comparable(&here->value, &other->tape->steps[there].value) ? &other->tape->steps[there] : NULL;
}

struct other other_beside(const struct lesson *lesson)
{
    const struct beside *b = &lesson->beside;
    if (!b->on)
        return (struct other){.step = -1, .other_step = -1};
    return (struct other){&b->tape, b->label, "in this lesson", b->step, b->other_step};
}

static double flops_of(const struct tape *tape)
{
    double flops = 0;
    for (size_t i = 0; i < tape->n; i++)
        flops += tape_cost(tape, (int)i).flops;
    return flops;
}

struct qkv_err comparison_init(struct comparison *ret, const struct lesson *lesson, const struct other *other)
{
    const struct walk *walk = &lesson->walk;
    *ret = (struct comparison){0};
    if (!other->tape)
        return (struct qkv_err){0};
    struct comparison c = {.label = other->label, .step = calloc(walk->n ? walk->n : 1, sizeof *c.step)};
    struct qkv_err err = c.step ? (struct qkv_err){0} : qkv_nomem("a comparison");
    c.flops_here = flops_of(&lesson->tape);
    c.flops_there = flops_of(other->tape);
    for (size_t i = 0; i < walk->n && !err.code; i++) {
        const struct step *here = &lesson->tape.steps[walk->steps[i].step];
        const struct step *there = other_step(other, here, walk->steps[i].step);
        c.step[i] = -1;
        if (there)
            err = add_pair(&c, lesson->language, other->here, here, there, &c.step[i]);
    }
    if (err.code)
        comparison_finish(&c);
    *ret = c;
    return err;
}

void comparison_finish(struct comparison *c)
{
    tape_finish(&c->tape);
    free(c->step);
    arena_finish(&c->arena);
    *c = (struct comparison){0};
}

double comparison_largest(const struct comparison *c, int step)
{
    const struct tensor *d = &c->tape.steps[step].value;
    double largest = 0;
    for (size_t i = 0, n = tensor_cells(d); i < n; i++)
        largest = fmax(largest, fabs(d->v[i]));
    return largest;
}
