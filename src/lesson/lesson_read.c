/* Reading a lesson: from its text to the recorded steps, and on to a lesson that is computed. */
#include "lesson/lesson.h"

#include "lesson/analysis/compare.h"
#include "lesson/analysis/draws.h"
#include "lesson/analysis/summary.h"
#include "lesson/inputs/inputs.h"
#include "lesson/inputs/weights.h"
#include "lesson/language/language.h"
#include "lesson/lesson_parts.h"
#include "lesson/memo.h"
#include "lesson/text/builtin.h"
#include "lesson/trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct field lesson_fields[] = {
    {"title", NODE_TEXT, true, "the question it answers, as a heading"},
    {"tab", NODE_TEXT, false, "two or three words for a tab"},
    {"summary", NODE_TEXT, true, "a sentence or two: what it shows, for whom"},
    {"sentence", NODE_TEXT | NODE_MAPPING, true, "the words to walk through"},
    {"memory", NODE_TEXT | NODE_MAPPING, false, "a second sequence, which keys and values come from"},
    {"mechanism", NODE_TEXT, false, "which computation; without it: attention"},
    {"settings", NODE_MAPPING, false, "the mechanism's settings: {mask: causal}"},
    {"weights", NODE_MAPPING, true, "where the numbers come from: {source: glass, heads: [pronoun]}"},
    {"beside", NODE_MAPPING, false, "a second computation to compare with: {label: unscaled, settings: {scale: none}}"},
    {"group", NODE_TEXT, false, "the part of the course it belongs to"},
    {"builds_on", NODE_LIST, false, "names of lessons that come before: [one-head]"},
    {"next", NODE_TEXT, false, "the name of the lesson that follows"},
    {"dissolves", NODE_TEXT, false, "the misconception it dissolves, in one sentence"},
    {"papers", NODE_LIST, false, "where it comes from: [\"Vaswani et al. 2017, Attention Is All You Need\"]"},
    {"script", NODE_LIST, false, "the stops, in the order of the walk"},
    {0},
};

/* A lesson that is being read and computed. */
struct lesson_work {
    struct lesson lesson;
    /* Those of the second computation of a lesson that a person changed are not seen. */
    struct diagnostics diagnostics, unseen;
    struct reader r, second_r; /* of the lesson, of its second computation */
    const struct node *root, *weights;
    bool done; /* both computations are */
    bool summary_is_live;
    struct lesson_work *longer; /* the same with more words, while its texts are read */
    int lengths;                /* so many were computed */
    struct footprint footprint;
    struct lesson_options options;
};

static void override_settings(struct reader *r, const struct overrides *e, struct lesson *lesson)
{
    for (size_t i = 0; i < e->n_set; i++) {
        char name[SETTING_TEXT];
        const char *value = setting_split(e->set[i], name);
        if (value)
            is_fine(r, NULL, settings_set(&lesson->settings, name, value));
        else
            diagnostic(r, NULL, QKV_ERR_DOMAIN, "a setting is written KEY=VALUE, not '%.60s'", e->set[i]);
    }
}

/* The lesson's own weights, with another seed or other sizes of what is drawn. */
static const struct node *own_weights(struct lesson_work *w, const struct node *weights,
                                      const struct weights_choice *choice)
{
    struct str rest = {0};
    struct weights_choice again;
    struct qkv_err err = weights_choice_read(w->options.overrides->weights, &again, &rest);
    if (!err.code && rest.n)
        err = qkv_errf(QKV_ERR_DOMAIN, "the lesson's own weights take another seed and sizes only, not %.60s",
                       str_text(&rest) + 2);
    str_finish(&rest);
    if (!is_fine(&w->r, weights, err))
        return NULL;
    w->lesson.redrawn = choice;
    return node_field(w->root, "weights");
}

/* The lesson's weights, or those that the person chose in their place. */
static const struct node *chosen_weights(struct lesson_work *w)
{
    struct reader *r = &w->r;
    const char *text = w->options.overrides->weights;
    if (!text)
        return node_field(w->root, "weights");
    const struct node *weights = yaml_read(r->arena, text, strlen(text), r->f);
    const struct node *source = weights ? node_field(weights, "source") : NULL;
    struct weights_choice *choice = arena_array(r->arena, 1, sizeof *choice);
    if (!choice)
        diagnostic_nomem(r, "the weights");
    else if (weights)
        *choice = weights_choice_of(weights);
    if (choice && source && source->kind == NODE_TEXT &&
        strcmp(source->text, weights_source_names[WEIGHTS_LESSON]) == 0)
        return own_weights(w, weights, choice);
    w->lesson.chosen = choice;
    return weights;
}

/* Nothing is computed yet: will there be memory for all of it? */
static void check_footprint(struct lesson_work *w)
{
    const struct tape *second = &w->lesson.second.tape;
    struct memory_limit limit;
    footprint_add(&w->footprint, &w->lesson.tape);
    footprint_add(&w->footprint, second);
    w->footprint.bytes += comparison_bytes(&w->lesson, second);
    struct qkv_err err = memory_limit(&limit);
    if (!err.code)
        err = footprint_check(&w->footprint, w->options.held, &limit, FOOTPRINT_ADVICE);
    if (!is_fine(&w->r, w->weights, err))
        w->footprint = (struct footprint){0};
}

/* From the sentence to the recorded steps. Whatever fails is a diagnostic. */
static void record(struct lesson_work *w)
{
    struct reader *r = &w->r;
    struct lesson *lesson = &w->lesson;
    const struct lesson_options *options = &w->options;
    size_t before = r->f->n;
    const struct node *weights = w->weights = chosen_weights(w), *beside = node_field(w->root, "beside");
    const struct glass *model = r->f->n == before ? weights_model(r, weights) : NULL;
    if (r->f->n == before && lesson_words_read(r, w->root, weights, model, options, lesson) &&
        computation_begin(r, weights, weights, model, false, options, lesson))
        lesson_memory_check(r, w->root, lesson);
    if (beside && lesson->mechanism == lesson->written && r->f->n == before)
        second_begin(&w->second_r, beside, weights, model, options, lesson);
    check_footprint(w);
}

static void read_lesson(struct lesson_work *w)
{
    struct reader *r = &w->r;
    struct lesson *lesson = &w->lesson;
    const struct node *root = w->root, *settings = node_field(root, "settings");
    bool whole = fields_check(r, root, lesson_fields, "a lesson");
    if (root->kind != NODE_MAPPING)
        return;
    lesson->title = text_field(r, root, "title", LESSON_TITLE_MAX);
    lesson->tab = text_field(r, root, "tab", LESSON_TAB_MAX);
    w->summary_is_live =
        text_render(r, node_field(root, "summary"), "summary", LESSON_SUMMARY_MAX, lesson, NULL, lesson->summary) > 0;
    if (!lesson->tab)
        lesson->tab = lesson->title;
    course_read(r, root, lesson);
    if (w->options.heading_only)
        return;
    size_t before = r->f->n;
    mechanism_read(r, node_field(root, "mechanism"), lesson);
    if (lesson->mechanism) {
        settings_read(r, settings && settings->kind == NODE_MAPPING ? settings : NULL, lesson);
        lesson->written = lesson->mechanism;
        if (w->options.overrides->mechanism)
            mechanism_replace(r, &(struct node){.kind = NODE_TEXT, .text = w->options.overrides->mechanism}, lesson);
        override_settings(r, w->options.overrides, lesson);
    }
    /* After an error above, computing would only report it again in other words. */
    if (whole && lesson->mechanism && r->f->n == before)
        record(w);
}

static const struct overrides no_overrides;

static struct lesson_work *work_new(const char *name, const char *text, size_t n, const struct lesson_options *options)
{
    struct lesson_work *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    struct lesson *lesson = &w->lesson;
    w->r = (struct reader){&lesson->arena, &w->diagnostics, text, n};
    w->options = options ? *options : (struct lesson_options){0};
    w->options.overrides = w->options.overrides ? w->options.overrides : &no_overrides;
    w->second_r = w->r;
    w->second_r.f = overrides_is_empty(w->options.overrides) ? &w->diagnostics : &w->unseen;
    w->root = yaml_read(&lesson->arena, text, n, &w->diagnostics);
    lesson->name = arena_text(&lesson->arena, name, strlen(name));
    lesson->seed = lesson->written_seed = -1;
    if (w->options.folder)
        lesson->folder = arena_text(&lesson->arena, w->options.folder, strlen(w->options.folder));
    lesson->sentence.noun = lesson->memory.noun = "word";
    lesson->language = w->options.language ? w->options.language : language_english();
    if (!lesson->name || !lesson->language || (w->options.folder && !lesson->folder))
        diagnostic_nomem(&w->r, "the lesson's name");
    if (w->root)
        read_lesson(w);
    if (w->options.progress) {
        atomic_store(&w->options.progress->keeps, w->footprint.bytes);
        atomic_store(&w->options.progress->total, atomic_load(&w->options.progress->done) + tape_amount(&lesson->tape) +
                                                      tape_amount(&lesson->second.tape));
    }
    return w;
}

const struct footprint *lesson_work_footprint(const struct lesson_work *w)
{
    return &w->footprint;
}

struct lesson_work *lesson_work_new(const struct lesson_source *source, const struct lesson_options *options)
{
    const struct builtin_file *file = source->built_in;
    struct lesson_options all = options ? *options : (struct lesson_options){0};
    if (!file)
        all.folder = str_text(&source->folder);
    if (all.memo)
        memo_begin(all.memo, source, all.overrides ? all.overrides : &no_overrides);
    struct lesson_work *w = work_new(str_text(&source->name), file ? file->text : str_text(&source->text),
                                     file ? file->n : source->text.n, &all);
    if (w && w->root && file)
        course_check(&w->r, w->root, &w->lesson);
    return w;
}

bool lesson_work_run(struct lesson_work *w, size_t amount)
{
    struct lesson *lesson = &w->lesson;
    struct tape *second = &lesson->second.tape;
    if (w->done || w->diagnostics.n)
        return false;
    struct qkv_err err = tape_run(&lesson->tape, amount);
    if (err.code) {
        diagnostic(&w->r, w->weights, err.code, "%s", err.what);
        tape_finish(&lesson->tape);
        return false;
    }
    if (!tape_is_computed(&lesson->tape))
        return true;
    if (lesson->second.on) {
        err = tape_run(second, amount);
        if (!err.code && !tape_is_computed(second))
            return true;
        second_end(&w->second_r, node_field(w->root, "beside"), err, lesson);
    }
    w->done = true;
    return false;
}

/* What is made of a lesson's numbers. */
static struct qkv_err finish(struct lesson *lesson)
{
    const struct second_computation *second = &lesson->second;
    struct qkv_err err = walk_init(&lesson->walk, lesson);
    if (!err.code && !(lesson->summaries = summaries_new(&lesson->tape)))
        err = qkv_nomem("a lesson");
    if (err.code || !second->on)
        return err;
    lesson->comparison = calloc(1, sizeof *lesson->comparison);
    return lesson->comparison ? comparison_init(lesson->comparison, lesson,
                                                &(struct other){&second->tape, lesson, second->label, "in this lesson"})
                              : qkv_nomem("a comparison");
}

/* ---- the lesson's own texts ---- */

/* The same file with other options, computed; NULL: it cannot be. */
static struct lesson_work *work_otherwise(const struct lesson_work *w, const struct lesson_options *options)
{
    struct lesson_work *other = work_new(w->lesson.name, w->r.source, w->r.n, options);
    while (other && lesson_work_run(other, TAPE_ALL))
        ;
    if (other && !other->diagnostics.n && other->done)
        return other;
    lesson_work_free(other);
    return NULL;
}

/* The lesson without what a person changed; NULL: it cannot be. The caller has it in common with the memo. */
static const struct lesson *as_written(const struct lesson_work *w)
{
    struct memo *memo = w->options.memo;
    if (memo && memo->written)
        return lesson_ref(memo->written);
    struct lesson_work *other = work_otherwise(w, &(struct lesson_options){.language = w->options.language,
                                                                           .folder = w->options.folder,
                                                                           .held = w->options.held + w->footprint.bytes,
                                                                           .decode_image = w->options.decode_image,
                                                                           .memo = memo});
    const struct lesson *written = other ? lesson_share(&other->lesson) : NULL;
    lesson_work_free(other);
    if (memo)
        memo->written = lesson_ref(written);
    return written;
}

/* A file must not compute lessons without end. */
enum { LENGTHS_MAX = 16 };

/* Its words over and over, until there are so many. */
static const struct lesson *at_length(void *context, size_t n)
{
    struct lesson_work *w = context;
    const struct words *words = &w->lesson.sentence.words;
    struct lesson_options options = w->options;
    struct overrides overrides =
        *w->options.overrides; /* its texts and settings are borrowed, the edits are left out */
    struct str sentence = {0};
    if (w->longer && w->longer->lesson.sentence.words.n == n)
        return &w->longer->lesson;
    if (w->lengths++ == LENGTHS_MAX)
        return NULL;
    for (size_t i = 0; words->n && i < n; i++)
        str_addf(&sentence, "%s%s", i ? " " : "", words->v[i % words->n]);
    overrides.sentence = str_text(&sentence);
    overrides.edits = NULL;
    options.overrides = &overrides;
    options.fits = NULL;
    options.progress = NULL;
    options.held += w->footprint.bytes;
    lesson_work_free(w->longer);
    w->longer = sentence.failed ? NULL : work_otherwise(w, &options);
    str_finish(&sentence);
    return w->longer && w->longer->lesson.sentence.words.n == n ? &w->longer->lesson : NULL;
}

/* The summary's live numbers are those of the lesson, or, where they are gone and in a list of lessons, which computes
 * nothing, those of the lesson as it is written. */
static void read_summary(struct lesson_work *w, struct live_scope scope)
{
    struct lesson *lesson = &w->lesson;
    const struct node *summary = w->summary_is_live ? node_field(w->root, "summary") : NULL;
    struct diagnostics gone = {0};
    struct reader quiet = w->r;
    quiet.f = scope.lesson == scope.written ? w->r.f : &gone;
    if (summary && lesson->tape.n)
        text_render(&quiet, summary, "summary", LESSON_SUMMARY_MAX, lesson, &scope, lesson->summary);
    if (!summary || (lesson->tape.n && !gone.n) || (w->diagnostics.n && !w->options.heading_only))
        return;
    scope.lesson = as_written(w);
    if (scope.lesson)
        text_render(&w->r, summary, "summary", LESSON_SUMMARY_MAX, lesson, &scope, lesson->summary);
    lesson_unref(scope.lesson);
}

/* The summary and the script, whose live numbers are those of the computed lesson. */
static void read_texts(struct lesson_work *w)
{
    struct lesson *lesson = &w->lesson;
    const struct overrides *overrides = w->options.overrides;
    const struct node *script = w->root ? node_field(w->root, "script") : NULL;
    const bool headings = w->options.heading_only, own = overrides_is_empty(overrides) && !headings;
    if (!own && !headings && !w->diagnostics.n && lesson->mechanism != lesson->written && script)
        trials_read(&w->r, script, &(struct live_scope){.lesson = lesson, .head = -1}, lesson);
    if (w->diagnostics.n || headings || lesson->mechanism != lesson->written)
        script = own ? script : NULL;
    if (script && (script->kind != NODE_LIST || (!own && !script_is_live(&w->r, script, lesson))))
        script = NULL;
    const bool of_written = script && !own && (overrides->sentence || script_reads_written(script));
    const struct lesson *written = of_written ? as_written(w) : NULL;
    const struct live_scope scope = {.lesson = lesson,
                                     .written = own ? lesson : written,
                                     .head = -1,
                                     .at_length = at_length,
                                     .context = w,
                                     .memo = w->options.memo};
    if (script && !w->diagnostics.n)
        draws_make(&w->r, script, &scope, &(struct draws_source){w->weights, &w->options}, lesson);
    if (script)
        script_read(&w->r, script, &scope, lesson, overrides);
    read_summary(w, scope);
    lesson_unref(written);
    lesson_work_free(w->longer);
    w->longer = NULL;
}

struct qkv_err lesson_work_end(struct lesson_work *w, struct lesson *ret, struct diagnostics *ret_diagnostics)
{
    struct qkv_err err = {0};
    read_texts(w);
    w->lesson.tape.progress = NULL;
    /* Out of memory and cancelled end the whole lesson. */
    for (size_t i = 0; i < diagnostics_kept(&w->unseen); i++)
        if (w->unseen.v[i].code == QKV_ERR_NOMEM || w->unseen.v[i].code == QKV_ERR_CANCELLED)
            diagnostics_add(&w->diagnostics, w->unseen.v[i]);
    if (!w->diagnostics.n)
        err = finish(&w->lesson);
    if (err.code)
        diagnostics_add(&w->diagnostics, err);
    if (ret_diagnostics)
        *ret_diagnostics = w->diagnostics;
    if (w->diagnostics.n) {
        err = w->diagnostics.v[0];
    } else {
        *ret = w->lesson;
        w->lesson = (struct lesson){0};
    }
    lesson_work_free(w);
    return err;
}

void lesson_work_free(struct lesson_work *w)
{
    if (w)
        lesson_finish(&w->lesson);
    free(w);
}

static struct qkv_err fail(struct qkv_err err, struct diagnostics *ret_diagnostics)
{
    if (ret_diagnostics) {
        *ret_diagnostics = (struct diagnostics){0};
        diagnostics_add(ret_diagnostics, err);
    }
    return err;
}

static struct qkv_err work_all(struct lesson_work *w, struct lesson *ret, struct diagnostics *ret_diagnostics)
{
    if (!w)
        return fail(qkv_nomem("a lesson"), ret_diagnostics);
    while (lesson_work_run(w, TAPE_ALL))
        ;
    return lesson_work_end(w, ret, ret_diagnostics);
}

struct qkv_err lesson_parse(const char *name, const char *text, size_t n, const struct lesson_options *options,
                            struct lesson *ret, struct diagnostics *ret_diagnostics)
{
    return work_all(work_new(name, text, n, options), ret, ret_diagnostics);
}

struct qkv_err lesson_source_parse(const struct lesson_source *source, const struct lesson_options *options,
                                   struct lesson *ret, struct diagnostics *ret_diagnostics)
{
    return work_all(lesson_work_new(source, options), ret, ret_diagnostics);
}

struct qkv_err lesson_open(const char *name, const struct lesson_options *options, struct lesson *ret,
                           struct diagnostics *ret_diagnostics)
{
    const struct lesson_source *source;
    struct qkv_err err = lesson_source_read(name, &source);
    if (err.code)
        return fail(err, ret_diagnostics);
    err = lesson_source_parse(source, options, ret, ret_diagnostics);
    lesson_source_unref(source);
    return err;
}
