/* session_read.c: YAML as a state line. */
#include "app/session.h"

#include "base/array.h"
#include "base/file.h"
#include "base/folder.h"
#include "lesson/builtin.h"
#include "lesson/fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char mark[] = "qkv session:";

bool session_is(const char *text, size_t n)
{
    for (size_t at = 0; at + sizeof mark - 1 <= n;) {
        if (memcmp(text + at, mark, sizeof mark - 1) == 0)
            return true;
        const char *end = memchr(text + at, '\n', n - at);
        if (!end)
            return false;
        at = (size_t)(end - text) + 1;
    }
    return false;
}

bool session_file(const char *path, struct str *ret)
{
    struct str text = {0};
    for (size_t i = 0; builtin_lesson_name(i); i++)
        if (strcmp(builtin_lesson_name(i), path) == 0)
            return false;
    if (!file_is_plain(path) || file_read(path, SESSION_BYTES_MAX, &text).code)
        return false;
    bool is = session_is(str_text(&text), text.n);
    if (is)
        *ret = text;
    else
        str_finish(&text);
    return is;
}

void session_finish(struct session *session)
{
    str_finish(&session->line);
    free(session->places);
    *session = (struct session){0};
}

static const struct field session_fields[] = {
    {"qkv session", NODE_TEXT, true, "the version of this format: 1"},
    {"lesson", NODE_TEXT, true, "a lesson's name, or the path of one"},
    {"sentence", NODE_TEXT, false, "words in place of the lesson's"},
    {"weights", NODE_TEXT, false, "in place of the lesson's, written as --weights has them, in quotes"},
    {"mechanism", NODE_TEXT, false, "in place of the lesson's"},
    {"settings", NODE_MAPPING, false, "settings of the mechanism, as in a lesson"},
    {"edits", NODE_MAPPING, false, "for each tensor a list of head,row,column: numbers"},
    {"place", NODE_MAPPING, false, "words of --state, such as at: scores"},
    {"screen", NODE_MAPPING, false, "words of --state, such as theme: dark"},
    {NULL, 0, false, NULL},
};

/* ---- words, each with its place ---- */

static void add_word(struct reader *r, struct session *s, const struct node *at, const char *key, const char *value)
{
    if (!array_reserve(&s->places, &s->capacity, s->n + 1, sizeof *s->places)) {
        diagnostic_nomem(r, "a session");
        return;
    }
    s->places[s->n++] = (struct session_place){at->line, at->column};
    struct str word = {0};
    word_print(&word, key, value);
    str_add(&s->line, str_text(&word) + (s->line.n == 0));
    s->line.failed |= word.failed;
    str_finish(&word);
}

static void read_top(struct reader *r, struct session *s, const struct node *root)
{
    static const char *const names[] = {"lesson", "sentence", "weights", "mechanism"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct node *node = node_field(root, names[i]);
        if (node)
            add_word(r, s, node, names[i], node->text);
    }
}

static void read_settings(struct reader *r, struct session *s, const struct node *settings)
{
    for (const struct node *n = settings ? settings->first : NULL; n; n = n->next) {
        struct str set = {0};
        if (n->kind != NODE_TEXT || n->key->text[0] == '\0' || strchr(n->key->text, '=')) {
            diagnostic(r, n->key, QKV_ERR_SYNTAX, "a setting is a line 'name: value'");
            continue;
        }
        str_addf(&set, "%s=%s", n->key->text, n->text);
        add_word(r, s, n->key, "set", str_text(&set));
        s->line.failed |= set.failed;
        str_finish(&set);
    }
}

/* Place and screen: any word of a state line that is not about the work; what can stand there only the lesson knows. */
static void read_words(struct reader *r, struct session *s, const struct node *part)
{
    for (const struct node *n = part ? part->first : NULL; n; n = n->next) {
        const char *key = n->key->text;
        bool word = key[0] && strspn(key, "abcdefghijklmnopqrstuvwxyz_-") == strlen(key) && !state_is_of_work(key);
        if (n->kind != NODE_TEXT || !word)
            diagnostic(r, n->key, QKV_ERR_SYNTAX, "'%.60s' is no word of --state with a value", key);
        else
            add_word(r, s, n->key, key, n->text);
    }
}

/* ---- edits ---- */

/* A cell and its neighbours to the right. */
struct run {
    const struct node *node; /* its key is the cell, its text the numbers */
    const char *tensor;
    size_t at[AXES];
};

struct runs {
    struct run *v; /* owned */
    size_t n, capacity;
};

/* "1,3,2" */
static bool read_cell(const char *text, size_t at[AXES])
{
    for (int i = 0; i < AXES; i++) {
        char *end;
        if (*text < '0' || *text > '9')
            return false;
        unsigned long n = strtoul(text, &end, 10);
        if (n < 1 || n > TENSOR_SIDE_MAX || *end != (i + 1 < AXES ? ',' : '\0'))
            return false;
        at[i] = n;
        text = end + 1;
    }
    return true;
}

/* Write the numbers again, as exactly: no blanks between, and each of them one. */
static bool add_numbers(struct str *to, const char *text)
{
    for (size_t i = 0;; i++) {
        char number[64];
        double value;
        text += strspn(text, " ");
        size_t n = strcspn(text, ", ");
        snprintf(number, sizeof number, "%.*s", (int)(n < sizeof number ? n : 0), text);
        if (!text_is_number(number, &value))
            return false;
        str_add(to, i ? "," : "");
        str_add_number(to, value);
        text += n + strspn(text + n, " ");
        if (*text == '\0')
            return true;
        if (*text++ != ',')
            return false;
    }
}

static void collect_run(struct reader *r, struct runs *runs, const char *tensor, const struct node *item)
{
    const struct node *pair = item->kind == NODE_MAPPING && item->n == 1 ? item->first : NULL;
    struct run run = {.node = pair, .tensor = tensor};
    if (!pair || pair->kind != NODE_TEXT || !read_cell(pair->key->text, run.at))
        diagnostic(r, item, QKV_ERR_SYNTAX, "an edit is written head,row,column: numbers, counted from 1: 1,3,2: 0.5,-1");
    else if (!array_reserve(&runs->v, &runs->capacity, runs->n + 1, sizeof *runs->v))
        diagnostic_nomem(r, "a session");
    else
        runs->v[runs->n++] = run;
}

static int compare_runs(const void *a, const void *b)
{
    const struct run *x = a, *y = b;
    int order = strcmp(x->tensor, y->tensor);
    for (int i = 0; i < AXES && order == 0; i++)
        order = (x->at[i] > y->at[i]) - (x->at[i] < y->at[i]);
    return order;
}

static void add_run(struct reader *r, struct session *s, const struct run *run)
{
    struct str edit = {0};
    str_addf(&edit, "%s,%zu,%zu,%zu:", run->tensor, run->at[0], run->at[1], run->at[2]);
    if (add_numbers(&edit, run->node->text))
        add_word(r, s, run->node->key, "edit", str_text(&edit));
    else
        diagnostic(r, run->node, QKV_ERR_DOMAIN, "'%.40s': numbers are wanted here, with commas between", run->node->text);
    s->line.failed |= edit.failed;
    str_finish(&edit);
}

static void read_edits(struct reader *r, struct session *s, const struct node *edits)
{
    struct runs runs = {0};
    for (const struct node *tensor = edits ? edits->first : NULL; tensor; tensor = tensor->next) {
        const char *name = tensor->key->text;
        if (tensor->kind != NODE_LIST || !name[0] || strpbrk(name, ",=: ") ||
            strlen(name) >= sizeof((struct edit *)0)->tensor)
            diagnostic(r, tensor->key, QKV_ERR_SYNTAX, "'%.60s': edits are a tensor's name and a list", name);
        else
            for (const struct node *item = tensor->first; item; item = item->next)
                collect_run(r, &runs, name, item);
    }
    /* In their order, in which each is added behind the ones before it, however many there are. */
    if (runs.n)
        qsort(runs.v, runs.n, sizeof *runs.v, compare_runs);
    for (size_t i = 0; i < runs.n; i++)
        add_run(r, s, &runs.v[i]);
    free(runs.v);
}

/* ---- the whole ---- */

static void read_root(struct reader *r, struct session *s, const struct node *root)
{
    const struct node *version = node_field(root, "qkv session");
    long number = 0;
    /* Said first: a later version may have other fields. */
    if (version && (!text_is_whole(version->text, &number) || number != SESSION_VERSION)) {
        diagnostic(r, version, QKV_ERR_DOMAIN, "this is a session of version '%.20s'; version %d can be read",
                version->text, SESSION_VERSION);
        return;
    }
    if (!fields_check(r, root, session_fields, "a session"))
        return;
    read_top(r, s, root);
    read_settings(r, s, node_field(root, "settings"));
    read_edits(r, s, node_field(root, "edits"));
    read_words(r, s, node_field(root, "place"));
    read_words(r, s, node_field(root, "screen"));
    if (s->line.failed)
        diagnostic_nomem(r, "a session");
}

struct qkv_err session_read(const char *text, size_t n, struct session *ret, struct diagnostics *ret_diagnostics)
{
    struct arena arena = {0};
    struct diagnostics f = {0};
    struct reader r = {&arena, &f};
    struct session s = {0};
    const struct yaml_limits limits = {SESSION_BYTES_MAX, SESSION_NODES_MAX};
    const struct node *root = yaml_read_within(&arena, text, n, limits, &f);
    if (root)
        read_root(&r, &s, root);
    diagnostics_sort(&f);
    if (f.n)
        session_finish(&s);
    arena_finish(&arena);
    if (ret_diagnostics)
        *ret_diagnostics = f;
    *ret = s;
    return f.n ? f.v[0] : (struct qkv_err){0};
}

struct qkv_err session_add(struct session *session, const struct lesson_options *options)
{
    struct overrides more;
    struct qkv_err err = overrides_of(&more, options);
    overrides_print(&more, &session->line);
    overrides_finish(&more);
    return !err.code && session->line.failed ? qkv_nomem("a session") : err;
}

struct qkv_err session_work(const struct session *session, struct str *ret_lesson, struct overrides *ret_overrides)
{
    const char *line = str_text(&session->line);
    struct str word = {0};
    struct qkv_err err = {0};
    *ret_overrides = (struct overrides){0};
    while (!err.code && word_next(&line, &word)) {
        bool known;
        size_t n = strcspn(str_text(&word), "=");
        if (word.failed)
            err = qkv_nomem("a session");
        if (err.code || n == word.n)
            continue;
        word.v[n] = '\0';
        if (strcmp(word.v, "lesson") == 0)
            str_add(ret_lesson, word.v + n + 1);
        else
            err = overrides_read(ret_overrides, word.v, word.v + n + 1, &known);
    }
    str_finish(&word);
    if (!err.code && ret_lesson->failed)
        err = qkv_nomem("a session");
    if (err.code)
        overrides_finish(ret_overrides);
    return err;
}

struct qkv_err session_apply(struct app *app, const struct session *session)
{
    size_t word = SIZE_MAX;
    struct qkv_err err = state_apply_word(app, str_text(&session->line), &word);
    if (!err.code || err.code == QKV_ERR_NOMEM)
        return err;
    /* What the lesson says of itself has a place in its own file: here it is what stands at its name. */
    struct session_place at = word < session->n ? session->places[word] : session->places[0];
    return qkv_err_at(at.line, at.column, err.code, "%s", err.what);
}
