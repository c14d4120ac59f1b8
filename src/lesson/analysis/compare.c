#include "lesson/analysis/compare.h"
#include "lesson/analysis/summary.h"

#include "base/str.h"
#include "core/blocked.h"
#include "core/mechanisms/record.h"
#include "lesson/inputs/weights.h"
#include "lesson/language/language.h"
#include "lesson/lesson_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the second computation ---- */

static const struct field beside_fields[] = {
    {"label", NODE_TEXT, true, "what is computed here, in two or three words: full attention"},
    {"mechanism", NODE_TEXT, false, "another mechanism; without it the lesson's"},
    {"settings", NODE_MAPPING, false, "what is set otherwise: {evaluation: full}"},
    {"weights", NODE_MAPPING, false, "other weights; without it the lesson's"},
    {"compare", NODE_TEXT, false, "a tensor that both have; without it their last one"},
    {"equal", NODE_TEXT, false, "true: both must be the same"},
    {"again", NODE_TEXT, false, "true: it is done again for every word, and costs as much"},
    {0},
};

static const double equal_up_to = 1e-9;

static struct largest_difference largest_difference(const struct tensor *a, const struct tensor *b)
{
    double largest = 0;
    size_t at = 0, rows = a->axis[AXIS_ROW].size, cols = a->axis[AXIS_COL].size;
    for (size_t i = 0; i < tensor_cells(a); i++) {
        double by = a->v[i] != b->v[i] ? fabs(a->v[i] - b->v[i]) : 0; /* -inf less -inf would be no number */
        if (by > largest)
            largest = by, at = i;
    }
    return (struct largest_difference){largest, at / cols / rows, at / cols % rows, at % cols};
}

/* What stands at one place in both must be of one kind: speaker less person says nothing. */
static bool same_axes(const struct tensor *a, const struct tensor *b)
{
    if (!tensor_same_shape(a, b))
        return false;
    for (int i = AXIS_ROW; i < AXES; i++)
        for (size_t h = 0; h < a->axis[AXIS_HEAD].size; h++)
            for (size_t at = 0; at < a->axis[i].size; at++) {
                const char *here = axis_label(&a->axis[i], h, at), *there = axis_label(&b->axis[i], h, at);
                if (here && there && strcmp(here, there) != 0)
                    return false;
            }
    return true;
}

/* The tensor to compare: the one named, or the last that both have in one shape. */
static bool find_compared(struct reader *r, const struct node *beside, const struct lesson *lesson,
                          struct second_computation *b)
{
    const struct tape *tape = &lesson->tape;
    const struct node *named = node_field(beside, "compare");
    for (size_t i = tape->n; i-- > 0;) {
        const struct step *step = &tape->steps[i];
        int other = tape_find(&b->tape, step->spec.name);
        if (step->spec.stage == STAGE_INPUT || other < 0 || (named && strcmp(named->text, step->spec.name) != 0))
            continue;
        b->step = (int)i;
        b->other_step = other;
        if (same_axes(&step->value, &b->tape.steps[other].value))
            return true;
        char here[TENSOR_SHAPE_TEXT], there[TENSOR_SHAPE_TEXT];
        if (named && tensor_same_shape(&step->value, &b->tape.steps[other].value) && !node_field(beside, "equal"))
            return true; /* shown, not subtracted */
        if (named)
            return diagnostic(
                r, named, QKV_ERR_SHAPE,
                "'%s' is %s here and %s beside: only what has one shape and one kind of rows and columns can be "
                "compared",
                named->text, tensor_shape_text(&step->value, here),
                tensor_shape_text(&b->tape.steps[other].value, there));
    }
    return named ? diagnostic(r, named, QKV_ERR_DOMAIN, "'%.40s' is not computed by both", named->text)
                 : diagnostic(r, beside, QKV_ERR_DOMAIN, "the two computations have no tensor in common");
}

/* Record a copy of the lesson with the other mechanism, settings and weights, and take its tape. */
static bool record(struct reader *r, const struct node *beside, const struct node *weights, const struct glass *model,
                   const struct lesson_options *options, const struct lesson *lesson, struct second_computation *b)
{
    const struct node *mechanism = node_field(beside, "mechanism"), *own = node_field(beside, "weights");
    struct lesson other = *lesson;
    struct lesson_options here = *options;
    size_t before = r->f->n;
    /* Of the changed cells those that this computation does not have change nothing. */
    here.fits = arena_array(r->arena, edit_tree_size(here.overrides->edits) + 1, sizeof *here.fits);
    if (!here.fits)
        return diagnostic_nomem(r, "what was changed");
    if (mechanism)
        mechanism_replace(r, mechanism, &other);
    if (other.mechanism)
        settings_read(r, node_field(beside, "settings"), &other);
    if (own && r->f->n == before)
        model = weights_model(r, own);
    other.tape = (struct tape){0};
    here.held += lesson->tape.cells * sizeof(double);
    if (own)
        other.redrawn = NULL;
    bool fine = r->f->n == before && computation_begin(r, beside, own ? own : weights, model, !own, &here, &other);
    b->tape = other.tape;
    b->mechanism = other.mechanism;
    b->settings = other.settings;
    return fine;
}

void second_begin(struct reader *r, const struct node *beside, const struct node *weights, const struct glass *model,
                  const struct lesson_options *options, struct lesson *lesson)
{
    struct second_computation *b = &lesson->second;
    const struct node *equal = node_field(beside, "equal"), *again = node_field(beside, "again");
    b->on = fields_check(r, beside, beside_fields, "beside") && (!equal || node_bool(r, equal, "equal", &b->equal)) &&
            (!again || node_bool(r, again, "again", &b->again)) &&
            record(r, beside, weights, model, options, lesson, b) && find_compared(r, beside, lesson, b);
    if (b->on)
        b->label = node_field(beside, "label")->text;
    else
        second_finish(b);
}

void second_end(struct reader *r, const struct node *beside, struct qkv_err err, struct lesson *lesson)
{
    struct second_computation *b = &lesson->second;
    const struct step *here = &lesson->tape.steps[b->step];
    b->tape.progress = NULL;
    b->on = is_fine(r, beside, err);
    if (b->on && same_axes(&here->value, &b->tape.steps[b->other_step].value))
        b->difference = largest_difference(&here->value, &b->tape.steps[b->other_step].value).largest;
    if (b->equal && b->difference > equal_up_to)
        b->on = diagnostic(r, node_field(beside, "equal"), QKV_ERR_DOMAIN, "'%s' is not equal: it differs by up to %g",
                           here->spec.name, b->difference);
    if (!b->on)
        second_finish(b);
}

void second_finish(struct second_computation *b)
{
    tape_finish(&b->tape);
    *b = (struct second_computation){0};
}

/* ---- differences, step by step ---- */

static bool comparable(const struct tensor *a, const struct tensor *b)
{
    if (!same_axes(a, b))
        return false;
    for (size_t i = 0, n = tensor_cells(a); i < n; i++)
        if (!isfinite(a->v[i]) || !isfinite(b->v[i]))
            return false;
    return true;
}

/* The texts of `from` with another title and meaning (NULL: the same meaning). */
static void retitle(struct recorder *r, struct comparison *c, int step, const struct step *from, const char *title,
                    const char *meaning)
{
    struct step_text *text = r->err.code ? NULL : arena_array(&c->arena, 2, sizeof *text);
    if (!text)
        record_error(r, qkv_nomem("a comparison"));
    for (int i = 0; text && i < 2; i++) {
        text[i] = step_text(from, i);
        text[i].title = title;
        text[i].meaning = meaning ? meaning : text[i].meaning;
    }
    if (text)
        c->tape.steps[step].text = text;
}

static const char *joined(struct recorder *r, struct comparison *c, const char *first, const char *second)
{
    struct str text = {0};
    str_addf(&text, "%s%s", first, second);
    const char *kept = str_keep(&text, &c->arena);
    if (!kept)
        record_error(r, qkv_nomem("a comparison"));
    return kept;
}

/* What a mask has blocked of a step, which a copy of its numbers does not tell: as a mask on the comparison's tape. Of
 * larger planes no cell is shown as blocked. NO_STEP: nothing is. */
static int add_blocked(struct recorder *r, struct comparison *c, const struct tape *tape, const struct step *from,
                       const char *side)
{
    enum { PLANE_MOST = 4096 };
    const struct axis *axis = from->value.axis;
    size_t rows = axis[AXIS_ROW].size, cols = axis[AXIS_COL].size;
    int step = (int)(from - tape->steps);
    struct tensor open = {0};
    if (r->err.code || rows * cols > PLANE_MOST || !tape_has_blocked(tape, step))
        return NO_STEP;
    record_error(r, tensor_init(&open, axis));
    for (size_t i = 0; open.v && i < tensor_cells(&open); i++)
        open.v[i] = !tape_is_blocked(tape, step, i / cols / rows, i / cols % rows, i % cols);
    return record_made(r, STEP(joined(r, c, side, ":open"), "M", STAGE_INPUT, .scale = SCALE_MASK), &open);
}

/* A copy of a step's value as an input of the comparison, under a name of its own. */
static int add_side(struct recorder *r, struct comparison *c, const struct tape *tape, const struct step *from,
                    const char *prefix, const char *symbol, const char *title)
{
    struct tensor value = {0};
    struct step_spec spec = from->spec;
    spec.name = joined(r, c, prefix, from->spec.name);
    spec.symbol = symbol;
    spec.formula = NULL;
    spec.op = OP_INPUT;
    spec.mistake = false;
    spec.blocked_by = add_blocked(r, c, tape, from, spec.name) + 1;
    record_error(r, tensor_copy(&value, &from->value));
    int side = record_made(r, &spec, &value);
    retitle(r, c, side, from, title, NULL);
    return side;
}

static int add_pair(struct recorder *r, struct comparison *c, const struct lesson *lesson, const struct other *other,
                    const struct step *here, const struct step *there)
{
    const struct language *language = lesson->language;
    int a = add_side(r, c, &lesson->tape, here, "here:", here->spec.symbol, other->here);
    int b = add_side(r, c, other->tape, there, "beside:", joined(r, c, here->spec.symbol, "'"), c->label);
    struct step_spec spec = here->spec;
    spec.symbol = "D";
    spec.role = ROLE_NONE;
    spec.scale = SCALE_SIGNED;
    spec.formula = NULL;
    spec.distribution = false;
    spec.mistake = false;
    int difference = record_op(r, &spec, OP_SUBTRACT, a, b);
    retitle(r, c, difference, here, language_page(language, "difference"),
            language_page(language, "difference_meaning"));
    return difference;
}

/* Is a step computed in both alike, from the beginning on? Then that it is equal says nothing. `alike`: of the steps
 * before it. */
static bool is_alike(const struct tape *here, const struct tape *there, int i, const bool alike[])
{
    const struct step *a = &here->steps[i];
    int found = tape_find(there, a->spec.name);
    const struct step *b = found >= 0 ? &there->steps[found] : NULL;
    if (!b || a->spec.op != b->spec.op || !tensor_same_shape(&a->value, &b->value))
        return false;
    if (a->spec.op == OP_INPUT)
        return same_axes(&a->value, &b->value) && largest_difference(&a->value, &b->value).largest == 0;
    if (a->spec.number != b->spec.number || a->spec.second != b->spec.second)
        return false;
    for (int k = 0; k < op_table[a->spec.op]->n_inputs; k++)
        if (!alike[a->spec.in[k]] ||
            strcmp(here->steps[a->spec.in[k]].spec.name, there->steps[b->spec.in[k]].spec.name) != 0)
            return false;
    return true;
}

static struct qkv_err find_alike(const struct lesson *lesson, const struct tape *there, bool ret[])
{
    const struct walk *walk = &lesson->walk;
    bool *alike = calloc(lesson->tape.n + 1, sizeof *alike);
    for (size_t i = 0; alike && i < lesson->tape.n; i++)
        alike[i] = is_alike(&lesson->tape, there, (int)i, alike);
    for (size_t i = 0; alike && i < walk->n; i++)
        ret[i] = alike[walk->steps[i].step];
    free(alike);
    return alike ? (struct qkv_err){0} : qkv_nomem("a comparison");
}

/* What both computations cost. */
static struct qkv_err find_costs(struct comparison *c, const struct lesson *lesson, const struct other *other)
{
    struct qkv_err err = other->of ? lesson_growth(lesson, false, c->here) : (struct qkv_err){0};
    if (!err.code && other->of)
        err = lesson_growth(other->of, other->of == lesson, c->there);
    return err;
}

struct largest {
    bool known;
    struct largest_difference it;
};

size_t comparison_bytes(const struct lesson *lesson, const struct tape *other)
{
    size_t cells = 0;
    for (size_t i = 0; i < lesson->tape.n && other->n; i++) {
        const struct step *here = &lesson->tape.steps[i];
        int there = here->spec.op == OP_INPUT ? -1 : tape_find(other, here->spec.name);
        cells += there >= 0 && comparable(&here->value, &other->steps[there].value) ? tensor_cells(&here->value) : 0;
    }
    return 3 * cells * sizeof(double); /* both sides and their difference */
}

struct qkv_err comparison_init(struct comparison *ret, const struct lesson *lesson, const struct other *other)
{
    const struct walk *walk = &lesson->walk;
    *ret = (struct comparison){0};
    if (!other->tape)
        return (struct qkv_err){0};
    struct comparison c = {.label = other->label,
                           .step = calloc(walk->n + 1, sizeof *c.step),
                           .alike = calloc(walk->n + 1, sizeof *c.alike)};
    struct recorder r = {.tape = &c.tape, .err = c.step && c.alike ? (struct qkv_err){0} : qkv_nomem("a comparison")};
    if (!r.err.code)
        r.err = find_alike(lesson, other->tape, c.alike);
    if (!r.err.code)
        r.err = find_costs(&c, lesson, other);
    for (size_t i = 0; i < walk->n && !r.err.code; i++) {
        const struct step *here = &lesson->tape.steps[walk->steps[i].step];
        int there = tape_find(other->tape, here->spec.name);
        bool paired = there >= 0 && comparable(&here->value, &other->tape->steps[there].value);
        c.step[i] = paired ? add_pair(&r, &c, lesson, other, here, &other->tape->steps[there]) : -1;
    }
    if (!r.err.code)
        r.err = tape_run(&c.tape, TAPE_ALL);
    if (!r.err.code)
        c.summaries = summaries_new(&c.tape);
    if (!r.err.code && !(c.largest = arena_array(&c.arena, c.tape.n + 1, sizeof *c.largest)))
        r.err = qkv_nomem("a comparison");
    if (r.err.code)
        comparison_finish(&c);
    *ret = c;
    return r.err;
}

void comparison_finish(struct comparison *c)
{
    summaries_free(c->summaries);
    tape_finish(&c->tape);
    free(c->step);
    free(c->alike);
    arena_finish(&c->arena);
    *c = (struct comparison){0};
}

struct largest_difference comparison_largest(const struct comparison *c, int step)
{
    const struct step *steps = c->tape.steps, *of = &steps[step];
    struct largest *found = &c->largest[step];
    if (!found->known) {
        found->it = largest_difference(&steps[of->spec.in[0]].value, &steps[of->spec.in[1]].value);
        found->known = true;
    }
    return found->it;
}

void comparison_prepare(const struct comparison *c)
{
    for (size_t i = 0; i < c->tape.n; i++)
        if (c->tape.steps[i].spec.op != OP_INPUT)
            (void)comparison_largest(c, (int)i);
    summaries_prepare(c->summaries, &c->tape);
}

bool comparison_tells(const struct lesson *lesson, size_t at, size_t position)
{
    const struct comparison *c = lesson->comparison;
    return c && c->step[at] >= 0 && !c->alike[at] && position >= walk_mistake_told(lesson);
}

/* ---- an earlier state of the lesson ---- */

const struct step *step_like(const struct tape *tape, const struct step *step)
{
    int found = tape ? tape_find(tape, step->spec.name) : -1;
    return found >= 0 && tensor_same_shape(&tape->steps[found].value, &step->value) ? &tape->steps[found] : NULL;
}

bool cell_differs(const struct step *now, const struct step *then, size_t h, size_t r, size_t c, double *ret)
{
    if (!then)
        return false;
    *ret = *tensor_at(&then->value, h, r, c);
    return *ret != *tensor_at(&now->value, h, r, c);
}

struct moved lesson_moved(const struct lesson *now, const struct lesson *then)
{
    const struct step *last = now->tape.n ? &now->tape.steps[now->tape.n - 1] : NULL;
    const struct step *old = last && then ? step_like(&then->tape, last) : NULL;
    if (!old)
        return (struct moved){0};
    return (struct moved){true, last->spec.name, largest_difference(&last->value, &old->value)};
}
