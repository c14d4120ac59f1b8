#include "lesson/lesson.h"

#include "base/file.h"
#include "lesson/builtin.h"
#include "lesson/script.h"
#include "lesson/weights.h"

#include <stdio.h>
#include <string.h>

static const struct field lesson_fields[] = {
    {"title", NODE_TEXT, true, "the question it answers, as a heading"},
    {"tab", NODE_TEXT, false, "two or three words for a tab"},
    {"summary", NODE_TEXT, true, "a sentence or two: what it shows, for whom"},
    {"sentence", NODE_TEXT, true, "the words to walk through"},
    {"mechanism", NODE_TEXT, false, "which computation; without it: attention"},
    {"settings", NODE_MAPPING, false, "the mechanism's settings: {mask: causal}"},
    {"weights", NODE_MAPPING, true, "where the numbers come from: {source: glass, heads: [pronoun]}"},
    {"script", NODE_LIST, false, "the stops, in the order of the walk"},
    {0},
};

/* The text of a field, or NULL when it is missing or too long. */
static const char *text_field(struct reader *r, const struct node *root, const char *name, size_t max)
{
    const struct node *node = node_field(root, name);
    if (!node || node->kind != NODE_TEXT)
        return NULL;
    size_t n = text_characters(node->text);
    if (n > max)
        finding(r, node, QKV_ERR_LIMIT, "%s has %zu characters; at most %zu fit", name, n, max);
    return node->text;
}

static void read_mechanism(struct reader *r, const struct node *root, struct lesson *lesson)
{
    const struct node *node = node_field(root, "mechanism");
    lesson->mechanism = mechanism_find(node ? node->text : "attention");
    if (lesson->mechanism) {
        lesson->settings = settings_default(lesson->mechanism->settings, lesson->mechanism->n_settings);
        return;
    }
    const char *names[32];
    size_t n = 0;
    while (n < 32 && mechanism_table[n]) {
        names[n] = mechanism_table[n]->name;
        n++;
    }
    finding(r, node, QKV_ERR_DOMAIN, "unknown mechanism '%.60s'%s", node ? node->text : "",
            hint_near(node ? node->text : "", names, n).text);
}

static void read_settings(struct reader *r, const struct node *mapping, struct lesson *lesson)
{
    for (const struct node *item = mapping ? mapping->first : NULL; item; item = item->next) {
        if (item->kind != NODE_TEXT) {
            finding(r, item, QKV_ERR_SYNTAX, "a setting is one word or number: {mask: causal}");
            continue;
        }
        struct qkv_err err = settings_set(&lesson->settings, item->key->text, item->text);
        if (!err.code)
            continue;
        /* An unknown name is found at the name, a wrong value at the value. */
        bool known = false;
        for (size_t i = 0; i < lesson->settings.n; i++)
            known = known || strcmp(lesson->settings.info[i].name, item->key->text) == 0;
        finding(r, known ? item : item->key, err.code, "%s", err.what);
    }
}

static void override_settings(struct reader *r, const struct lesson_options *options, struct lesson *lesson)
{
    for (size_t i = 0; options && i < options->n_set; i++) {
        const char *equals = strchr(options->set[i], '=');
        char name[64];
        if (!equals || equals == options->set[i] || (size_t)(equals - options->set[i]) >= sizeof name) {
            finding(r, NULL, QKV_ERR_DOMAIN, "a setting is written KEY=VALUE, not '%.60s'", options->set[i]);
            continue;
        }
        memcpy(name, options->set[i], (size_t)(equals - options->set[i]));
        name[equals - options->set[i]] = '\0';
        struct qkv_err err = settings_set(&lesson->settings, name, equals + 1);
        if (err.code)
            findings_add(r->f, err);
    }
}

static bool split_sentence(struct reader *r, const struct node *node, const struct node *weights,
                           const struct glass *model, const struct lesson_options *options, struct lesson *lesson)
{
    bool given = options && options->sentence;
    const struct node *source = node_field(weights, "source"), *tokens = node_field(weights, "words");
    bool listed = !given && source && strcmp(source->text, "tensors") == 0 && tokens && tokens->kind == NODE_LIST;
    struct lexicon_lookup lookup = {0};
    if (model)
        lookup = glass_lookup(model);
    lesson->sentence = given ? pool_text(r->pool, options->sentence, strlen(options->sentence)) : node->text;
    if (!lesson->sentence) {
        finding_nomem(r, "the sentence");
        return false;
    }
    if (listed)
        return tensors_words(r, tokens, &lesson->words);
    struct qkv_err err = tokens_split(r->pool, lesson->sentence, model ? &lookup : NULL, &lesson->words);
    if (err.code)
        finding(r, given ? NULL : node, err.code, "%s", err.what);
    return !err.code;
}

/* From the sentence to the tape. Whatever fails is a finding. */
static void compute(struct reader *r, const struct node *root, const struct lesson_options *options,
                    struct lesson *lesson)
{
    const struct node *weights = node_field(root, "weights"), *sentence = node_field(root, "sentence");
    struct named_tensors inputs = {0};
    size_t before = r->f->n;
    const struct glass *model = weights_model(r, weights);
    if (r->f->n == before && split_sentence(r, sentence, weights, model, options, lesson) &&
        weights_make(r, weights, model, lesson, &inputs)) {
        struct qkv_err err = mechanism_record(lesson->mechanism, &lesson->settings, &inputs, &lesson->tape);
        if (err.code)
            finding(r, weights, err.code, "%s", err.what);
    }
    named_tensors_finish(&inputs);
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
    size_t before = r->f->n;
    read_mechanism(r, root, lesson);
    if (lesson->mechanism) {
        read_settings(r, settings && settings->kind == NODE_MAPPING ? settings : NULL, lesson);
        override_settings(r, options, lesson);
    }
    /* Numbers only when what they are made of is right; else one mistake would be told many times over. */
    if (whole && lesson->mechanism && r->f->n == before)
        compute(r, root, options, lesson);
    bool as_written = !options || (!options->sentence && options->n_set == 0);
    if (script && script->kind == NODE_LIST && as_written)
        script_read(r, script, lesson);
}

struct qkv_err lesson_parse(const char *name, const char *text, size_t n, const struct lesson_options *options,
                            struct lesson *ret, struct findings *ret_findings)
{
    struct findings findings = {0};
    struct lesson lesson = {0};
    struct reader r = {&lesson.pool, &findings};
    const struct node *root = yaml_read(&lesson.pool, text, n, &findings);
    lesson.name = pool_text(&lesson.pool, name, strlen(name));
    if (options && options->folder)
        lesson.folder = pool_text(&lesson.pool, options->folder, strlen(options->folder));
    if (!lesson.name || (options && options->folder && !lesson.folder))
        finding_nomem(&r, "the lesson's name");
    if (root)
        read_lesson(&r, root, options, &lesson);
    findings_sort(&findings);
    if (ret_findings)
        *ret_findings = findings;
    if (findings.n) {
        lesson_finish(&lesson);
        return findings.v[0];
    }
    *ret = lesson;
    return (struct qkv_err){0};
}

void lesson_finish(struct lesson *lesson)
{
    if (!lesson)
        return;
    tape_finish(&lesson->tape);
    pool_finish(&lesson->pool);
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
    char all[160] = "";
    size_t n = 0;
    for (const char *known; n < 64 && (known = builtin_lesson_name(n)); n++) {
        size_t used = strlen(all);
        names[n] = known;
        snprintf(all + used, sizeof all - used, "%s%s", n ? ", " : "", known);
    }
    struct hint near = hint_near(name, names, n);
    return near.text[0] ? qkv_errf(QKV_ERR_IO, "no lesson and no file is called '%.80s'%s", name, near.text)
                        : qkv_errf(QKV_ERR_IO, "no lesson and no file is called '%.80s'; the lessons: %s", name, all);
}

static struct qkv_err fail(struct qkv_err err, struct findings *ret_findings)
{
    if (ret_findings) {
        *ret_findings = (struct findings){0};
        findings_add(ret_findings, err);
    }
    return err;
}

struct qkv_err lesson_open(const char *name, const struct lesson_options *options, struct lesson *ret,
                           struct findings *ret_findings)
{
    char path[160], short_name[160], folder[4096];
    snprintf(path, sizeof path, "lessons/%s.yaml", name);
    const struct builtin_file *built_in = is_path(name) ? NULL : builtin_find(path);
    if (built_in)
        return lesson_parse(name, built_in->text, built_in->n, options, ret, ret_findings);
    struct str text = {0};
    struct qkv_err err = file_read(name, LESSON_BYTES_MAX, &text);
    if (err.code) {
        str_finish(&text);
        return fail(err.code == QKV_ERR_IO && !is_path(name) ? no_such_lesson(name) : err, ret_findings);
    }
    name_of_path(name, short_name, sizeof short_name);
    struct lesson_options beside = options ? *options : (struct lesson_options){0};
    beside.folder = lesson_folder(name, folder, sizeof folder);
    err = lesson_parse(short_name, str_text(&text), text.n, &beside, ret, ret_findings);
    str_finish(&text);
    return err;
}
