#include "lesson/lesson.h"

#include "base/file.h"
#include "lesson/beside.h"
#include "lesson/builtin.h"
#include "lesson/lesson_parts.h"
#include "lesson/language.h"
#include "lesson/inputs.h"
#include "lesson/picture.h"
#include "lesson/weights.h"

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
    {"script", NODE_LIST, false, "the stops, in the order of the walk"},
    {0},
};

static void override_settings(struct reader *r, const struct lesson_options *options, struct lesson *lesson)
{
    for (size_t i = 0; options && i < options->n_set; i++) {
        const char *equals = strchr(options->set[i], '=');
        char name[64];
        if (!equals || equals == options->set[i] || (size_t)(equals - options->set[i]) >= sizeof name) {
            diagnostic(r, NULL, QKV_ERR_DOMAIN, "a setting is written KEY=VALUE, not '%.60s'", options->set[i]);
            continue;
        }
        memcpy(name, options->set[i], (size_t)(equals - options->set[i]));
        name[equals - options->set[i]] = '\0';
        struct qkv_err err = settings_set(&lesson->settings, name, equals + 1);
        if (err.code)
            diagnostics_add(r->f, err);
    }
}

static bool split(struct reader *r, const struct node *node, const char *text, const struct glass *model,
                  struct words *ret)
{
    struct lexicon_lookup lookup = {0};
    if (model)
        lookup = glass_lookup(model);
    struct qkv_err err = tokens_split(r->arena, text, model ? &lookup : NULL, ret);
    if (err.code)
        diagnostic(r, node, err.code, "%s", err.what);
    return !err.code;
}

/* What stands for a sequence that is no text: its tokens, with spaces between. */
static const char *joined(struct reader *r, const struct words *words)
{
    struct str text = {0};
    for (size_t i = 0; i < words->n; i++)
        str_addf(&text, "%s%s", i ? " " : "", words->v[i]);
    const char *copy = text.failed ? NULL : arena_text(r->arena, str_text(&text), text.n);
    str_finish(&text);
    if (!copy)
        diagnostic_nomem(r, "the sentence");
    return copy;
}

static bool read_sentence(struct reader *r, const struct node *root, const struct node *weights,
                          const struct glass *model, const struct lesson_options *options, struct lesson *lesson)
{
    const struct node *sentence = node_field(root, "sentence"), *source = node_field(weights, "source"),
                      *tokens = node_field(weights, "words");
    bool given = options && options->sentence;
    if (!given && sentence->kind == NODE_MAPPING)
        return sequence_read(r, sentence, "sentence", options, lesson, &lesson->words, &lesson->picture,
                             &lesson->regions, &lesson->noun) &&
               (lesson->sentence = joined(r, &lesson->words));
    lesson->sentence = given ? arena_text(r->arena, options->sentence, strlen(options->sentence)) : sentence->text;
    if (!lesson->sentence) {
        diagnostic_nomem(r, "the sentence");
        return false;
    }
    if (!given && source && strcmp(source->text, "tensors") == 0 && tokens && tokens->kind == NODE_LIST)
        return words_read_list(r, tokens, &lesson->words);
    return split(r, given ? NULL : sentence, lesson->sentence, model, &lesson->words);
}

static bool read_memory(struct reader *r, const struct node *memory, const struct glass *model,
                        const struct lesson_options *options, struct lesson *lesson)
{
    if (!memory)
        return true;
    if (memory->kind == NODE_MAPPING)
        return sequence_read(r, memory, "memory", options, lesson, &lesson->memory_words, &lesson->memory_picture,
                             &lesson->memory_regions, &lesson->memory_noun) &&
               (lesson->memory = joined(r, &lesson->memory_words));
    lesson->memory = memory->text;
    return split(r, memory, lesson->memory, model, &lesson->memory_words);
}

/* Words of a second sequence that nobody looks at would be a mistake that nothing tells. */
static void check_memory(struct reader *r, const struct node *memory, const struct lesson *lesson,
                         const struct named_tensors *inputs)
{
    size_t rows = 0;
    for (size_t i = 0; i < inputs->n; i++)
        for (int axis = AXIS_ROW; axis < AXES; axis++)
            rows += inputs->v[i].tensor.axis[axis].labels == lesson->memory_words.v;
    if (memory && !rows)
        diagnostic(r, memory, QKV_ERR_DOMAIN, "a memory of %zu words is given, but no tensor has rows for them",
                   lesson->memory_words.n);
}

bool lesson_as_written(const struct lesson_options *options)
{
    return !options || (!options->sentence && !options->weights && !options->mechanism && options->n_set == 0 &&
                        options->n_edits == 0);
}

/* The lesson's weights, or those that the person chose in their place. */
static const struct node *chosen_weights(struct reader *r, const struct node *root,
                                         const struct lesson_options *options, struct lesson *lesson)
{
    if (!options || !options->weights)
        return node_field(root, "weights");
    const struct node *weights = yaml_read(r->arena, options->weights, strlen(options->weights), r->f);
    struct weights_choice *choice = arena_array(r->arena, 1, sizeof *choice);
    if (!choice)
        diagnostic_nomem(r, "the weights");
    else if (weights)
        *choice = weights_choice_of(weights);
    lesson->chosen = choice;
    return weights;
}

/* From the sentence to the tape. Whatever fails is a diagnostic. */
static void compute(struct reader *r, const struct node *root, const struct lesson_options *options,
                    struct lesson *lesson)
{
    size_t before = r->f->n;
    const struct node *weights = chosen_weights(r, root, options, lesson), *beside = node_field(root, "beside");
    struct named_tensors inputs = {0};
    lesson->noun = lesson->memory_noun = "word";
    const struct glass *model = r->f->n == before ? weights_model(r, weights) : NULL;
    if (r->f->n == before && read_sentence(r, root, weights, model, options, lesson) &&
        read_memory(r, node_field(root, "memory"), model, options, lesson) &&
        weights_make(r, weights, model, lesson, false, &inputs) && weights_edit(r, options, lesson, &inputs)) {
        check_memory(r, node_field(root, "memory"), lesson, &inputs);
        lesson->tape.cells_most = LESSON_CELLS_MAX;
        lesson->tape.progress = options ? options->progress : NULL;
        struct qkv_err err = mechanism_record(lesson->mechanism, &lesson->settings, &inputs, &lesson->tape);
        if (err.code)
            diagnostic(r, weights, err.code, "%s", err.what);
        else if (!language_tell_steps(r->arena, lesson, &lesson->tape))
            diagnostic_nomem(r, "the steps' words");
        lesson->tape.progress = NULL;
    }
    named_tensors_finish(&inputs);
    if (beside && lesson->mechanism == lesson->written && r->f->n == before)
        beside_read(r, beside, weights, model, options, lesson);
}

static void read_lesson(struct reader *r, const struct node *root, const struct lesson_options *options,
                        struct lesson *lesson)
{
    bool whole = fields_check(r, root, lesson_fields, "a lesson");
    if (root->kind != NODE_MAPPING)
        return;
    const struct node *settings = node_field(root, "settings"), *script = node_field(root, "script");
    lesson->title = text_field(r, root, "title", LESSON_TITLE_MAX);
    lesson->tab = text_field(r, root, "tab", LESSON_TAB_MAX);
    lesson->summary = text_field(r, root, "summary", LESSON_SUMMARY_MAX);
    if (!lesson->tab)
        lesson->tab = lesson->title;
    if (options && options->heading_only) {
        course_read(r, root, lesson);
        return;
    }
    size_t before = r->f->n;
    mechanism_read(r, node_field(root, "mechanism"), lesson);
    if (lesson->mechanism) {
        settings_read(r, settings && settings->kind == NODE_MAPPING ? settings : NULL, lesson);
        lesson->written = lesson->mechanism;
        if (options && options->mechanism)
            mechanism_replace(r, options->mechanism, lesson);
        override_settings(r, options, lesson);
    }
    /* Numbers only when what they are made of is right; else one mistake would be told many times over. */
    if (whole && lesson->mechanism && r->f->n == before)
        compute(r, root, options, lesson);
    course_read(r, root, lesson);
    if (script && script->kind == NODE_LIST && lesson_as_written(options))
        script_read(r, script, lesson);
}

/* Is this the text that the program carries under this name, and not a file that is called the same? */
static bool is_built_in(const char *name, const char *text)
{
    char path[160];
    snprintf(path, sizeof path, "lessons/%s.yaml", name);
    const struct builtin_file *file = builtin_find(path);
    return file && file->text == text;
}

struct qkv_err lesson_parse(const char *name, const char *text, size_t n, const struct lesson_options *options,
                            struct lesson *ret, struct diagnostics *ret_diagnostics)
{
    struct diagnostics diagnostics = {0};
    struct lesson lesson = {0};
    struct reader r = {&lesson.arena, &diagnostics};
    const struct node *root = yaml_read(&lesson.arena, text, n, &diagnostics);
    lesson.name = arena_text(&lesson.arena, name, strlen(name));
    if (options && options->folder)
        lesson.folder = arena_text(&lesson.arena, options->folder, strlen(options->folder));
    lesson.language = options && options->language ? options->language : language_english();
    if (!lesson.name || !lesson.language || (options && options->folder && !lesson.folder))
        diagnostic_nomem(&r, "the lesson's name");
    if (root)
        read_lesson(&r, root, options, &lesson);
    if (root && is_built_in(name, text))
        course_check(&r, root, &lesson);
    diagnostics_sort(&diagnostics);
    if (ret_diagnostics)
        *ret_diagnostics = diagnostics;
    if (diagnostics.n) {
        lesson_finish(&lesson);
        return diagnostics.v[0];
    }
    *ret = lesson;
    return (struct qkv_err){0};
}

void lesson_finish(struct lesson *lesson)
{
    if (!lesson)
        return;
    tape_finish(&lesson->tape);
    tape_finish(&lesson->beside.tape);
    arena_finish(&lesson->arena);
    *lesson = (struct lesson){0};
}

/* ---- by name ---- */

static bool ends_with(const char *text, const char *ending)
{
    size_t n = strlen(text), m = strlen(ending);
    return n > m && strcmp(text + n - m, ending) == 0;
}

static bool is_path(const char *name)
{
    return strchr(name, '/') || ends_with(name, ".yaml") || ends_with(name, ".yml") || strcmp(name, "-") == 0;
}

/* "lessons/one-head.yaml" -> "one-head" */
static void name_of_path(const char *path, char *ret, size_t size)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    size_t n = strlen(base);
    n -= ends_with(base, ".yaml") ? 5 : ends_with(base, ".yml") ? 4 : 0;
    snprintf(ret, size, "%.*s", (int)(n < size ? n : size - 1), base);
}

const char *lesson_folder(const char *path, char buffer[], size_t size)
{
    const char *slash = strrchr(path, '/');
    if (slash == path)
        snprintf(buffer, size, "/");
    else
        snprintf(buffer, size, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
    return buffer;
}

static struct qkv_err no_such_lesson(const char *name)
{
    const char *names[64];
    char all[NAMES_TEXT];
    size_t n = 0;
    while (n < 64 && (names[n] = builtin_lesson_name(n)))
        n++;
    struct hint hint = hint_near(name, names, n);
    return hint.meant ? qkv_errf(QKV_ERR_IO, "no lesson and no file is called '%.80s'%s", name, hint.text)
                      : qkv_errf(QKV_ERR_IO, "no lesson and no file is called '%.80s'; the lessons: %s", name,
                                 names_listed(names, n, all));
}

static struct qkv_err fail(struct qkv_err err, struct diagnostics *ret_diagnostics)
{
    if (ret_diagnostics) {
        *ret_diagnostics = (struct diagnostics){0};
        diagnostics_add(ret_diagnostics, err);
    }
    return err;
}

void lesson_source_finish(struct lesson_source *source)
{
    str_finish(&source->given);
    str_finish(&source->name);
    str_finish(&source->folder);
    str_finish(&source->text);
    *source = (struct lesson_source){0};
}

static struct qkv_err read_path(struct lesson_source *source, const char *path)
{
    char text[4096];
    struct qkv_err err = file_read(path, LESSON_BYTES_MAX, &source->text);
    if (err.code)
        return err.code == QKV_ERR_IO && !is_path(path) ? no_such_lesson(path) : err;
    name_of_path(path, text, 160);
    str_add(&source->name, text);
    str_add(&source->folder, lesson_folder(path, text, sizeof text));
    return (struct qkv_err){0};
}

struct qkv_err lesson_source_read(const char *name, struct lesson_source *ret)
{
    char path[160];
    struct lesson_source source = {0};
    struct qkv_err err = {0};
    snprintf(path, sizeof path, "lessons/%s.yaml", name);
    source.built_in = is_path(name) ? NULL : builtin_find(path);
    str_add(&source.given, name);
    if (source.built_in)
        str_add(&source.name, name);
    else
        err = read_path(&source, name);
    if (!err.code && (source.given.failed || source.name.failed || source.folder.failed || source.text.failed))
        err = qkv_nomem("a lesson");
    if (err.code)
        lesson_source_finish(&source);
    *ret = source;
    return err;
}

struct qkv_err lesson_source_copy(const struct lesson_source *from, struct lesson_source *ret)
{
    struct lesson_source copy = {.built_in = from->built_in};
    str_addn(&copy.given, str_text(&from->given), from->given.n);
    str_addn(&copy.name, str_text(&from->name), from->name.n);
    str_addn(&copy.text, str_text(&from->text), from->text.n);
    str_addn(&copy.folder, str_text(&from->folder), from->folder.n);
    bool failed = copy.given.failed || copy.name.failed || copy.text.failed || copy.folder.failed;
    if (failed)
        lesson_source_finish(&copy);
    *ret = copy;
    return failed ? qkv_nomem("a lesson") : (struct qkv_err){0};
}

struct qkv_err lesson_source_parse(const struct lesson_source *source, const struct lesson_options *options,
                                   struct lesson *ret, struct diagnostics *ret_diagnostics)
{
    const struct builtin_file *file = source->built_in;
    struct lesson_options all = options ? *options : (struct lesson_options){0};
    if (!file)
        all.folder = str_text(&source->folder);
    return lesson_parse(str_text(&source->name), file ? file->text : str_text(&source->text),
                        file ? file->n : source->text.n, &all, ret, ret_diagnostics);
}

struct qkv_err lesson_open(const char *name, const struct lesson_options *options, struct lesson *ret,
                           struct diagnostics *ret_diagnostics)
{
    struct lesson_source source;
    struct qkv_err err = lesson_source_read(name, &source);
    if (err.code)
        return fail(err, ret_diagnostics);
    err = lesson_source_parse(&source, options, ret, ret_diagnostics);
    lesson_source_finish(&source);
    return err;
}
