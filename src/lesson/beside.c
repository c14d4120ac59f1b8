#include "lesson/beside.h"

#include "lesson/language.h"
#include "lesson/lesson_parts.h"
#include "lesson/weights.h"

#include <math.h>
#include <string.h>

static const struct field beside_fields[] = {
    {"label", NODE_TEXT, true, "what is computed here, in two or three words: full attention"},
    {"mechanism", NODE_TEXT, false, "another mechanism; without it the lesson's"},
    {"settings", NODE_MAPPING, false, "what is set otherwise: {evaluation: full}"},
    {"weights", NODE_MAPPING, false, "other weights; without it the lesson's"},
    {"compare", NODE_TEXT, false, "a tensor that both have; without it their last one"},
    {"equal", NODE_TEXT, false, "true: both must be the same"},
    {0},
};

static const double equal_up_to = 1e-9;

static bool same_shape(const struct tensor *a, const struct tensor *b)
{
    for (int i = 0; i < AXES; i++)
        if (a->axis[i].size != b->axis[i].size)
            return false;
    return true;
}

static double largest_difference(const struct tensor *a, const struct tensor *b)
{
    double largest = 0;
    for (size_t i = 0; i < tensor_cells(a); i++)
        if (a->v[i] != b->v[i]) /* blocked in both: -inf less -inf would be no number */
            largest = fmax(largest, fabs(a->v[i] - b->v[i]));
    return largest;
}

/* Settings that both mechanisms have are as in the lesson, as far as their values mean something in both. */
static void take_settings(const struct lesson *lesson, struct settings *to)
{
    for (size_t i = 0; i < lesson->settings.n; i++)
        if (settings_find(to, lesson->settings.info[i].name)) {
            struct qkv_err err = settings_set(to, lesson->settings.info[i].name, lesson->settings.v[i].text);
            (void)err; /* a value that only the other mechanism has: the default stays */
        }
}

/* The tensor to compare: the one named, or the last that both have in one shape. */
static bool find_compared(struct reader *r, const struct node *at, const struct node *named,
                          const struct lesson *lesson, struct beside *b)
{
    const struct tape *tape = &lesson->tape;
    for (size_t i = tape->n; i-- > 0;) {
        const struct step *step = &tape->steps[i];
        int other = tape_find(&b->tape, step->spec.name);
        if (step->spec.stage == STAGE_INPUT || other < 0 || (named && strcmp(named->text, step->spec.name) != 0))
            continue;
        if (same_shape(&step->value, &b->tape.steps[other].value)) {
            b->compare = step->spec.name;
            b->step = (int)i;
            b->other_step = other;
            return true;
        }
        if (named) {
            char here[TENSOR_SHAPE_TEXT], there[TENSOR_SHAPE_TEXT];
            diagnostic(r, named, QKV_ERR_SHAPE, "'%s' is %s here and %s beside: only one shape can be compared",
                       named->text, tensor_shape_text(&step->value, here),
                       tensor_shape_text(&b->tape.steps[other].value, there));
            return false;
        }
    }
    if (named)
        diagnostic(r, named, QKV_ERR_DOMAIN, "'%.40s' is not computed by both", named->text);
    else
        diagnostic(r, at, QKV_ERR_DOMAIN, "the two computations have no tensor in common");
    return false;
}

/* The person's numbers, where this computation has such cells too. */
static bool apply_edits(struct reader *r, const struct lesson_options *options, const struct lesson *other,
                        struct named_tensors *inputs)
{
    struct lesson_options here = options ? *options : (struct lesson_options){0};
    here.fits = arena_array(r->arena, edit_tree_size(here.edits) + 1, sizeof *here.fits);
    if (here.fits)
        return weights_edit(r, &here, other, inputs);
    diagnostic_nomem(r, "what was changed");
    return false;
}

/* The second computation: a lesson of the same words, of which only the tape is kept. */
static bool compute(struct reader *r, const struct node *beside, const struct node *weights, const struct glass *model,
                    const struct lesson_options *options, const struct lesson *lesson, struct beside *b)
{
    const struct node *mechanism = node_field(beside, "mechanism"), *settings = node_field(beside, "settings");
    const struct node *own = node_field(beside, "weights");
    struct lesson other = *lesson;
    struct named_tensors inputs = {0};
    size_t before = r->f->n;
    other.tape = (struct tape){0};
    if (mechanism) {
        mechanism_read(r, mechanism, &other);
        if (other.mechanism)
            take_settings(lesson, &other.settings);
    }
    if (other.mechanism)
        settings_read(r, settings, &other);
    if (own && r->f->n == before)
        model = weights_model(r, own);
    if (r->f->n == before && weights_make(r, own ? own : weights, model, &other, !own, &inputs) &&
        apply_edits(r, options, &other, &inputs)) {
        b->tape.cells_most = LESSON_CELLS_MAX;
        b->tape.progress = options ? options->progress : NULL;
        struct qkv_err err = mechanism_begin(other.mechanism, &other.settings, &inputs, &b->tape);
        if (err.code)
            diagnostic(r, beside, err.code, "beside: %s", err.what);
        else if (!language_tell_steps(r->arena, &other, &b->tape))
            diagnostic_nomem(r, "the steps' words");
    }
    named_tensors_finish(&inputs);
    b->mechanism = other.mechanism;
    b->settings = other.settings;
    return r->f->n == before;
}

static bool read(struct reader *r, const struct node *beside, const struct node *weights, const struct glass *model,
                 const struct lesson_options *options, const struct lesson *lesson, struct beside *b)
{
    const struct node *equal = node_field(beside, "equal");
    if (!fields_check(r, beside, beside_fields, "beside") || (equal && !node_bool(r, equal, "equal", &b->equal)))
        return false;
    b->label = node_field(beside, "label")->text;
    if (!compute(r, beside, weights, model, options, lesson, b) ||
        !find_compared(r, beside, node_field(beside, "compare"), lesson, b))
        return false;
    return b->on = true;
}

/* What is wrong goes to r, or nowhere that it is seen in a lesson that was changed; but without memory, or when it is
 * stopped, nothing is whole, whoever asked. */
static void tell(struct reader *r, const struct diagnostics *unseen)
{
    for (size_t i = 0; i < diagnostics_kept(unseen); i++)
        if (unseen->v[i].code == QKV_ERR_NOMEM || unseen->v[i].code == QKV_ERR_CANCELLED)
            diagnostics_add(r->f, unseen->v[i]);
}

static void forget(struct beside *b)
{
    tape_finish(&b->tape);
    *b = (struct beside){0};
}

void beside_begin(struct reader *r, const struct node *beside, const struct node *weights, const struct glass *model,
                  const struct lesson_options *options, struct lesson *lesson)
{
    struct diagnostics unseen = {0};
    struct reader quiet = {r->arena, lesson_as_written(options) ? r->f : &unseen};
    if (!read(&quiet, beside, weights, model, options, lesson, &lesson->beside))
        forget(&lesson->beside);
    tell(r, &unseen);
}

void beside_end(struct reader *r, const struct node *beside, const struct lesson_options *options, struct qkv_err err,
                struct lesson *lesson)
{
    struct diagnostics unseen = {0};
    struct reader quiet = {r->arena, lesson_as_written(options) ? r->f : &unseen};
    struct beside *b = &lesson->beside;
    size_t before = quiet.f->n;
    if (err.code) {
        diagnostic(&quiet, beside, err.code, "beside: %s", err.what);
    } else {
        b->difference =
            largest_difference(&lesson->tape.steps[b->step].value, &b->tape.steps[b->other_step].value);
        if (b->equal && b->difference > equal_up_to)
            diagnostic(&quiet, node_field(beside, "equal"), QKV_ERR_DOMAIN, "'%s' is not equal: it differs by up to %g",
                       b->compare, b->difference);
    }
    b->tape.progress = NULL;
    if (quiet.f->n > before)
        forget(b);
    tell(r, &unseen);
}
