/* session.c: a request as a session file. */
#include "app/keys.h"

#include "base/file.h"
#include "base/folder.h"
#include "lesson/text/builtin.h"
#include "lesson/text/fields.h"

#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

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

/* ---- reading ---- */

static const struct field session_fields[] = {
    {"qkv session", NODE_TEXT, true, "the version of this format: 1"},
    {"lesson", NODE_TEXT, true, "a lesson's name, or the path of one"},
    {"sentence", NODE_TEXT, false, "words in place of the lesson's"},
    {"weights", NODE_TEXT, false, "in place of the lesson's, written as --weights has them, in quotes"},
    {"mechanism", NODE_TEXT, false, "in place of the lesson's"},
    {"settings", NODE_MAPPING, false, "settings of the mechanism, as in a lesson"},
    {"edits", NODE_MAPPING, false, "for each tensor a list of head,row,column: numbers"},
    {"place", NODE_MAPPING, false, "keys of --state, such as at: scores"},
    {"screen", NODE_MAPPING, false, "keys of --state, such as theme: dark"},
    {NULL, 0, false, NULL},
};

static void add(struct reader *r, struct request *to, const struct node *at, const char *key, const char *text)
{
    struct qkv_err err = request_add(to, ORIGIN_FILE, key, text, at->line, at->column);
    if (err.code)
        diagnostics_add(r->f, err);
}

/* "KEY=VALUE" of a setting, "TENSOR,HEAD,ROW,COLUMN:NUMBER,..." of an edit. */
static void add_pair(struct reader *r, struct request *to, const char *key, const char *lead, const struct node *pair,
                     const char *between)
{
    struct str text = {0};
    str_addf(&text, "%s%s%s%s", lead, pair->key->text, between, pair->text);
    if (text.failed)
        diagnostic_nomem(r, "a session");
    else
        add(r, to, pair->key, key, text.v);
    str_finish(&text);
}

static void read_settings(struct reader *r, struct request *to, const struct node *settings)
{
    for (const struct node *n = settings ? settings->first : NULL; n; n = n->next)
        if (n->kind != NODE_TEXT || n->key->text[0] == '\0' || strchr(n->key->text, '='))
            diagnostic(r, n->key, QKV_ERR_SYNTAX, "a setting is a line 'name: value'");
        else
            add_pair(r, to, "set", "", n, "=");
}

static void read_edits(struct reader *r, struct request *to, const struct node *edits)
{
    for (const struct node *tensor = edits ? edits->first : NULL; tensor; tensor = tensor->next) {
        char lead[sizeof((struct edit *)0)->tensor + 1];
        int n = snprintf(lead, sizeof lead, "%s,", tensor->key->text);
        if (tensor->kind != NODE_LIST || n >= (int)sizeof lead || strchr(tensor->key->text, ','))
            diagnostic(r, tensor->key, QKV_ERR_SYNTAX, "'%.60s': edits are a tensor's name and a list",
                       tensor->key->text);
        for (const struct node *item = tensor->first; item && tensor->kind == NODE_LIST; item = item->next)
            if (item->kind != NODE_MAPPING || item->n != 1 || item->first->kind != NODE_TEXT)
                diagnostic(r, item, QKV_ERR_SYNTAX,
                           "an edit is written head,row,column: numbers, counted from 1: 1,3,2: 0.5,-1");
            else
                add_pair(r, to, "edit", lead, item->first, ":");
    }
}

/* Keys of the place and of the screen may stand in either part. */
static void read_keys(struct reader *r, struct request *to, const struct node *part)
{
    for (const struct node *n = part ? part->first : NULL; n; n = n->next) {
        int key = key_find(n->key->text);
        if (n->kind != NODE_TEXT)
            diagnostic(r, n->key, QKV_ERR_SYNTAX, "'%.60s' wants a text", n->key->text);
        else if (key >= 0 && key_table[key].group == KEYS_DOCUMENT)
            diagnostic(r, n->key, QKV_ERR_SYNTAX, "'%s' does not belong here: it is about the lesson", n->key->text);
        else
            add(r, to, n->key, n->key->text, n->text);
    }
}

static void read_root(struct reader *r, struct request *to, const struct node *root)
{
    static const char *const texts[] = {"lesson", "sentence", "weights", "mechanism"};
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
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const struct node *node = node_field(root, texts[i]);
        if (node)
            add(r, to, node, texts[i], node->text);
    }
    read_settings(r, to, node_field(root, "settings"));
    read_edits(r, to, node_field(root, "edits"));
    read_keys(r, to, node_field(root, "place"));
    read_keys(r, to, node_field(root, "screen"));
}

struct qkv_err session_read(const char *text, size_t n, struct request *r, struct diagnostics *ret_diagnostics)
{
    struct arena arena = {0};
    struct diagnostics f = {0};
    struct reader reader = {.arena = &arena, .f = &f};
    const struct yaml_limits limits = {SESSION_BYTES_MAX, SESSION_NODES_MAX};
    const struct node *root = yaml_read_within(&arena, text, n, limits, &f);
    request_source(r);
    if (root)
        read_root(&reader, r, root);
    arena_finish(&arena);
    if (ret_diagnostics)
        *ret_diagnostics = f;
    return f.n ? f.v[0] : (struct qkv_err){0};
}

struct qkv_err request_lesson_or_session(struct request *r, const char *name, struct str *ret_path,
                                         struct diagnostics *ret_diagnostics)
{
    struct str text = {0};
    struct qkv_err err = {0};
    /* A built-in lesson of that name comes first. What cannot be read is said by whoever opens a lesson there. */
    if (builtin_lesson_find(name) < 0 && file_is_plain(name))
        err = file_read(name, SESSION_BYTES_MAX, &text);
    bool session = !err.code && session_is(str_text(&text), text.n);
    if (session) {
        err = session_read(text.v, text.n, r, ret_diagnostics);
        if (!err.code)
            err = path_absolute(name, ret_path);
    } else if (!err.code || err.code == QKV_ERR_IO) {
        request_source(r);
        err = request_add(r, ORIGIN_ARGUMENT, "lesson", name, 0, 0);
    }
    str_finish(&text);
    return err;
}

/* ---- printing ---- */

/* libyaml is not given more open brackets than this, in quotes or not (tree.c). */
enum { BRACKETS_WRITTEN = 16 };

/* Characters that YAML takes for something else, even in quotes. */
static bool is_escaped(utf8proc_int32_t code, bool brackets)
{
    return code < 0x20 || (code >= 0x7F && code <= 0xA0) || code == 0x2028 || code == 0x2029 || code == 0xFEFF ||
           code == 0xFFFE || code == 0xFFFF || (brackets && (code == '[' || code == '{'));
}

static bool is_plain(const char *value, size_t n)
{
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
    return n > 0 && strchr(LETTERS, value[0]) && strspn(value, LETTERS "-+.,!/") >= n;
}

/* `n` bytes of it. */
static void add_value(struct str *to, const char *value, size_t n)
{
    if (is_plain(value, n)) {
        str_addn(to, value, n);
        return;
    }
    size_t brackets = 0;
    for (const char *p = value; p < value + n; p++)
        brackets += *p == '[' || *p == '{';
    str_add(to, "\"");
    for (size_t i = 0, bytes; i < n; i += bytes) {
        utf8proc_int32_t code = 0;
        utf8proc_ssize_t length =
            utf8proc_iterate((const utf8proc_uint8_t *)value + i, (utf8proc_ssize_t)(n - i), &code);
        bytes = length > 0 ? (size_t)length : 1;
        if (length > 0 && is_escaped(code, brackets > BRACKETS_WRITTEN)) {
            str_addf(to, "\\u%04X", (unsigned)code);
            continue;
        }
        str_add(to, value[i] == '"' || value[i] == '\\' ? "\\" : "");
        str_addn(to, value + i, bytes);
    }
    str_add(to, "\"");
}

/* "  mask: causal" */
static void add_field(struct str *to, const char *indent, const char *name, size_t n, const char *value)
{
    str_add(to, indent);
    add_value(to, name, n);
    str_add(to, ": ");
    add_value(to, value, strlen(value));
    str_add(to, "\n");
}

/* An edit "W_Q,1,3,2:0.5,-1" below its tensor, which is `before`'s, too, or stands above it. */
static void print_edit(const char *text, const char *before, struct str *to)
{
    size_t n = strcspn(text, ",");
    if (!before || strncmp(text, before, n + 1) != 0) {
        str_add(to, "  ");
        add_value(to, text, n);
        str_add(to, ":\n");
    }
    const char *cell = text + n + 1, *numbers = strchr(cell, ':');
    str_addf(to, "    - %.*s: %s\n", (int)(numbers - cell), cell, numbers + 1);
}

struct qkv_err session_print(struct request *r, struct str *to)
{
    const char *part = "";
    request_sort(r);
    str_addf(to,
             "# `qkv FILE` opens this. An edit is head,row,column: the number there, and those to its right.\n"
             "qkv session: %d\n",
             SESSION_VERSION);
    for (size_t i = 0; i < r->n; i++) {
        const struct key_value *v = &r->v[i];
        const struct key *k = &key_table[v->key];
        bool set = strcmp(k->name, "set") == 0, edit = v->cell[0] > 0;
        const char *heading = set                       ? "settings:\n"
                              : edit                    ? "edits:\n"
                              : k->group == KEYS_PLACE  ? "place:\n"
                              : k->group == KEYS_SCREEN ? "screen:\n"
                                                        : "";
        str_add(to, strcmp(heading, part) == 0 ? "" : heading);
        part = heading;
        size_t n = set ? strcspn(v->text, "=") : 0;
        if (edit)
            print_edit(v->text, i && v[-1].cell[0] ? v[-1].text : NULL, to);
        else if (set)
            add_field(to, "  ", v->text, n, v->text + n + 1);
        else
            add_field(to, heading[0] ? "  " : "", k->name, strlen(k->name), v->text);
    }
    if (to->failed)
        return qkv_nomem("a session");
    if (!utf8_is_valid(to->v, to->n, NULL))
        return qkv_errf(QKV_ERR_DOMAIN, "the lesson's path is no UTF-8, so no session can name it");
    return (struct qkv_err){0};
}
