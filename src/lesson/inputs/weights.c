#include "lesson/inputs/weights.h"

#include "lesson/inputs/inputs.h"
#include "lesson/language/language.h"
#include "lesson/memo.h"
#include "lesson/text/builtin.h"

#include <pthread.h>
#include <string.h>

const char *const weights_source_names[] = {"lesson", "random", "glass", "identity", "numbers", "tensors", NULL};
_Static_assert(sizeof weights_source_names / sizeof *weights_source_names == WEIGHTS_SOURCES + 1,
               "a source has no name");

static enum weights_source find_source(const char *name)
{
    enum weights_source source = WEIGHTS_RANDOM;
    while (source < WEIGHTS_SOURCES && strcmp(weights_source_names[source], name) != 0)
        source++;
    return source;
}

/* WEIGHTS_LESSON: a diagnostic was added. */
static enum weights_source source_of(struct reader *r, const struct node *weights)
{
    const struct node *source = node_field(weights, "source");
    if (weights->kind != NODE_MAPPING || !source || source->kind != NODE_TEXT) {
        diagnostic(r, weights, QKV_ERR_SYNTAX, "weights needs 'source': glass, identity, random, numbers or tensors");
        return WEIGHTS_LESSON;
    }
    enum weights_source found = find_source(source->text);
    if (found < WEIGHTS_SOURCES)
        return found;
    diagnostic(r, source, QKV_ERR_DOMAIN, "unknown source '%.40s'%s", source->text,
               hint_near(source->text, weights_source_names + 1, WEIGHTS_SOURCES - 1).text);
    return WEIGHTS_LESSON;
}

/* ---- what a person chose ---- */

/* Take a field into the choice. False: it is none of its own. */
static bool take_field(const struct node *field, struct weights_choice *choice)
{
    const enum size_id id = size_find(field->key->text);
    long n = 0;
    if (field->kind != NODE_TEXT)
        return false;
    if (strcmp(field->key->text, "source") == 0) {
        const bool own = strcmp(field->text, weights_source_names[WEIGHTS_LESSON]) == 0;
        const enum weights_source source = own ? WEIGHTS_LESSON : find_source(field->text);
        choice->source = source < WEIGHTS_SOURCES ? source : WEIGHTS_LESSON;
        return source < WEIGHTS_SOURCES;
    }
    if (!text_is_whole(field->text, &n) || n < 0)
        return false;
    if (strcmp(field->key->text, "seed") == 0)
        choice->seeded = true, choice->seed = n;
    else if (id != SIZE_NONE && !size_is_given(id) && n > 0)
        choice->size[id] = (size_t)n;
    else
        return false;
    return true;
}

struct weights_choice weights_choice_of(const struct node *weights)
{
    struct weights_choice choice = {0};
    for (const struct node *field = weights->kind == NODE_MAPPING ? weights->first : NULL; field; field = field->next)
        take_field(field, &choice);
    return choice;
}

struct qkv_err weights_choice_read(const char *text, struct weights_choice *ret, struct str *rest)
{
    struct arena arena = {0};
    struct diagnostics diagnostics = {0};
    const struct node *weights = yaml_read(&arena, text, strlen(text), &diagnostics);
    struct qkv_err err = weights ? (struct qkv_err){0} : diagnostics.v[0];
    *ret = (struct weights_choice){0};
    for (const struct node *field = weights && weights->kind == NODE_MAPPING ? weights->first : NULL; field;
         field = field->next)
        if (!take_field(field, ret)) {
            str_add(rest, ", ");
            node_print_field(field, rest);
        }
    arena_finish(&arena);
    return rest->failed ? qkv_nomem("the weights") : err;
}

void weights_choice_print(const struct weights_choice *choice, const char *rest, struct str *to)
{
    str_addf(to, "{source: %s", weights_source_names[choice->source]);
    if (choice->seeded)
        str_addf(to, ", seed: %ld", choice->seed);
    for (enum size_id id = 0; id < SIZE_COUNT; id++)
        if (choice->size[id])
            str_addf(to, ", %s: %zu", size_name(id), choice->size[id]);
    str_addf(to, "%s}", rest);
}

/* ---- making ---- */

/* The built-in model, read once in a process: nothing changes it afterwards, so threads share it. */
static const struct glass *shared_model(struct diagnostics *diagnostics)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct arena arena;
    static const struct glass *model;
    const struct builtin_file *file = builtin_find("assets/glass.yaml");
    struct reader reader = {.arena = &arena, .f = diagnostics};
    pthread_mutex_lock(&lock);
    if (!model && file)
        model = glass_read(&reader, file->text, file->n);
    if (!model)
        arena_finish(&arena); /* no memory: the next call tries again */
    const struct glass *found = model;
    pthread_mutex_unlock(&lock);
    return found;
}

const struct glass *weights_model(struct reader *r, const struct node *weights)
{
    const struct node *source = node_field(weights, "source");
    if (!source || (strcmp(source->text, "glass") != 0 && strcmp(source->text, "identity") != 0))
        return NULL;
    /* What is wrong with the model is no diagnostic about a line of the lesson. */
    struct diagnostics of_model = {0};
    const struct glass *model = shared_model(&of_model);
    if (!model && of_model.n)
        diagnostic(r, NULL, of_model.v[0].code, "the glass model, line %d: %s", of_model.v[0].line, of_model.v[0].what);
    return model;
}

static bool make(struct inputs *in, const struct glass *model, struct lesson *lesson)
{
    switch (source_of(in->r, in->weights)) {
    case WEIGHTS_GLASS:
        return model && weights_glass(in, model, lesson);
    case WEIGHTS_IDENTITY:
        return model && weights_identity(in, model, lesson);
    case WEIGHTS_RANDOM:
        return weights_random(in);
    case WEIGHTS_NUMBERS:
        return weights_numbers(in);
    case WEIGHTS_TENSORS:
        return weights_tensors(in);
    default:
        return false;
    }
}

static bool make_inputs(struct inputs *in, const struct glass *model, struct lesson *lesson)
{
    struct inputs begun = *in;
    struct sizes *sizes = arena_array(in->r->arena, 1, sizeof *sizes);
    if (!sizes)
        return diagnostic_nomem(in->r, "the sizes");
    if (!make(in, model, lesson))
        return false;
    /* What a source assumed is not what it made. */
    for (enum size_id id = 0; id < SIZE_COUNT; id++)
        begun.sizes.v[id].open = in->sizes.v[id].open;
    memcpy(begun.drawn, in->drawn, sizeof begun.drawn);
    lesson->seed = in->seed;
    lesson->written_seed = in->written_seed;
    *in = begun;
    inputs_heads(in);
    inputs_learn(in);
    *sizes = in->sizes;
    lesson->sizes = sizes;
    return true;
}

/* ---- single numbers that a person replaced ---- */

/* A mask that blocks nothing: a row for each query, a column for each key. */
static bool add_mask(struct inputs *in, const struct tensor_info *info)
{
    const size_t n = in->lesson->sentence.words.n, m = in->sizes.v[SIZE_M].n;
    struct tensor mask = {0};
    if (!inputs_tensor(in, NULL, info, 2, (size_t[]){n, m ? m : n}, &mask))
        return false;
    for (size_t i = 0; i < tensor_cells(&mask); i++)
        mask.v[i] = 1;
    return inputs_add(in, NULL, info, &mask);
}

static double *find_cell(const struct named_tensors *inputs, const struct edit *edit)
{
    const struct tensor *t = named_tensors_find(inputs, edit->tensor);
    if (!t)
        return NULL;
    for (int i = 0; i < AXES; i++)
        if (edit->at[i] >= t->axis[i].size)
            return NULL;
    return tensor_at(t, edit->at[AXIS_HEAD], edit->at[AXIS_ROW], edit->at[AXIS_COL]);
}

static bool edit_inputs(struct inputs *in, const struct lesson_options *options)
{
    const struct tensor_info *mask = mechanism_input(in->lesson->mechanism, "mask");
    for (size_t i = 0; i < edit_tree_size(options->overrides->edits); i++) {
        const struct edit at = edit_tree_at(options->overrides->edits, i), *edit = &at;
        if (mask && strcmp(edit->tensor, "mask") == 0 && !named_tensors_find(in->ret, "mask") && !add_mask(in, mask))
            return false;
        double *cell = find_cell(in->ret, edit);
        if (cell)
            *cell = edit->value;
        if (options->fits)
            options->fits[i] = cell != NULL;
        else if (!cell)
            return diagnostic(in->r, NULL, QKV_ERR_DOMAIN, "there is no cell [%zu, %zu, %zu] of %s to change",
                              edit->at[AXIS_HEAD] + 1, edit->at[AXIS_ROW] + 1, edit->at[AXIS_COL] + 1, edit->tensor);
    }
    return true;
}

/* Record the steps, whose numbers all together may not take more than there is. */
static bool record_steps(struct reader *r, const struct node *at, struct named_tensors *inputs,
                         const struct lesson_options *options, struct lesson *lesson)
{
    struct tape *tape = &lesson->tape;
    struct footprint kept = {0};
    struct memory_limit limit;
    if (!is_fine(r, at, memory_limit(&limit)))
        return false;
    tape->cells_most = footprint_cells_left(&kept, options->held, &limit);
    tape->progress = options->progress;
    struct qkv_err err = mechanism_begin(lesson->mechanism, &lesson->settings, inputs, tape);
    if (!err.code && tape->bare) {
        footprint_add(&kept, tape);
        err = footprint_check(&kept, options->held, &limit, FOOTPRINT_ADVICE);
        tape_finish(tape);
    }
    return is_fine(r, at, err);
}

/* What was drawn in the last call is drawn again; where that took its inputs, or had others, all are made. */
static bool remake_inputs(struct redraw *again, struct reader *r, const struct node *weights, const struct glass *model,
                          const struct lesson_options *options, struct lesson *lesson)
{
    if (again->made)
        return inputs_redraw(again->in, lesson->redrawn->seed);
    named_tensors_finish(&again->inputs);
    if (!again->in && !(again->in = arena_array(r->arena, 1, sizeof *again->in)))
        return diagnostic_nomem(r, "the inputs");
    inputs_init(again->in, r, weights, lesson, false, &again->inputs);
    again->in->normals = options->memo ? &options->memo->normals : &again->normals;
    return again->made = make_inputs(again->in, model, lesson);
}

bool computation_redraw(struct redraw *again, struct reader *r, const struct node *weights, const struct glass *model,
                        const struct lesson_options *options, struct lesson *lesson)
{
    bool fine = remake_inputs(again, r, weights, model, options, lesson) && edit_inputs(again->in, options);
    if (fine && !(lesson->tape.n && tape_replay(&lesson->tape, &again->inputs))) {
        tape_finish(&lesson->tape);
        again->made = false; /* the tape takes them over */
        fine = record_steps(r, weights, &again->inputs, options, lesson);
    }
    return fine && is_fine(r, weights, tape_run(&lesson->tape, TAPE_ALL));
}

void redraw_finish(struct redraw *again)
{
    named_tensors_finish(&again->inputs);
    normals_finish(&again->normals);
    *again = (struct redraw){0};
}

bool computation_begin(struct reader *r, const struct node *at, const struct node *weights, const struct glass *model,
                       bool lenient, const struct lesson_options *options, struct lesson *lesson)
{
    struct named_tensors inputs = {0};
    struct normals drawn = {0};
    struct inputs in;
    inputs_init(&in, r, weights, lesson, lenient, &inputs);
    in.normals = options->memo ? &options->memo->normals : &drawn;
    bool fine = make_inputs(&in, model, lesson) && edit_inputs(&in, options);
    fine = fine && record_steps(r, at, &inputs, options, lesson) &&
           (language_render_steps(r->arena, lesson) || diagnostic_nomem(r, "the steps' words"));
    named_tensors_finish(&inputs);
    normals_finish(&drawn);
    return fine;
}
