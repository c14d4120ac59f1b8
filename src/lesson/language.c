#include "lesson/language_parts.h"

#include "lesson/builtin.h"
#include "lesson/fields.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct language *language_read(const char *text, size_t n, const struct language *fallback, struct diagnostics *ret)
{
    struct language *language = calloc(1, sizeof *language);
    *ret = (struct diagnostics){0};
    if (!language) {
        diagnostics_add(ret, qkv_nomem("a language"));
        return NULL;
    }
    language->fallback = fallback;
    language->root = yaml_read(&language->arena, text, n, ret);
    if (ret->n == 0 && language->root->kind == NODE_MAPPING)
        return language;
    if (ret->n == 0)
        diagnostics_add(ret, qkv_errf(QKV_ERR_SYNTAX, "a language is a mapping: steps, settings, stages"));
    language_free(language);
    return NULL;
}

void language_free(struct language *language)
{
    if (language)
        arena_finish(&language->arena);
    free(language);
}

const struct language *language_english(void)
{
    static _Atomic(struct language *) english;
    struct language *known = atomic_load(&english);
    if (known)
        return known;
    const struct builtin_file *file = builtin_find("assets/words/en.yaml");
    struct diagnostics diagnostics;
    struct language *read = file ? language_read(file->text, file->n, NULL, &diagnostics) : NULL;
    /* Of two threads that come first, one keeps what it read. */
    if (read && !atomic_compare_exchange_strong(&english, &known, read)) {
        language_free(read);
        return known;
    }
    return read;
}

/* ---- finding ---- */

const struct node *field_of(const struct node *node, const char *name)
{
    return node && node->kind == NODE_MAPPING ? node_field(node, name) : NULL;
}

const struct node *section(const struct language *l, const char *name)
{
    return l ? field_of(l->root, name) : NULL;
}

const char *text_of(const struct node *node)
{
    return node && node->kind == NODE_TEXT ? node->text : NULL;
}

struct levels levels_of(const struct language *l, const struct mechanism *m)
{
    struct levels levels = {.n = 0};
    while (l->fallback)
        l = l->fallback;
    for (const char *name = m ? m->name : NULL; name && levels.n < LIKE_MAX;) {
        levels.name[levels.n++] = name;
        name = text_of(field_of(field_of(section(l, "mechanisms"), name), "like"));
    }
    levels.name[levels.n++] = NULL;
    return levels;
}

const struct node *level(const struct language *l, const char *name)
{
    return name ? field_of(section(l, "mechanisms"), name) : section(l, "shared");
}

const struct node *find_node(const struct language *language, const struct mechanism *m, const char *kind,
                             const char *name, const char *field)
{
    struct levels levels = levels_of(language, m);
    for (size_t i = 0; i < levels.n; i++)
        for (const struct language *l = language; l; l = l->fallback) {
            const struct node *node = field_of(level(l, levels.name[i]), kind);
            node = name ? field_of(node, name) : node;
            node = field ? field_of(node, field) : node;
            if (node)
                return node;
        }
    return NULL;
}

const char *found(const struct node *node)
{
    const char *text = text_of(node);
    return text ? text : "";
}

const struct node *in_section(const struct language *l, const char *name, const char *key, const char *field)
{
    for (; l; l = l->fallback) {
        const struct node *node = field_of(section(l, name), key);
        node = field ? field_of(node, field) : node;
        if (node)
            return node;
    }
    return NULL;
}

const char *language_page(const struct language *language, const char *key)
{
    return found(in_section(language, "page", key, NULL));
}

const char *language_note(const struct language *language, enum explain_note note)
{
    return note == NOTE_NONE ? "" : found(in_section(language, "notes", note_table[note].key, NULL));
}

const char *language_stage(const struct language *language, enum stage stage, const char *field)
{
    return found(in_section(language, "stages", stage_names[stage], field));
}

const char *language_summary(const struct language *language, const struct mechanism *m)
{
    return found(find_node(language, m, "summary", NULL, NULL));
}

const char *language_setting(const struct language *language, const struct mechanism *m, const char *setting,
                             const char *field)
{
    return found(find_node(language, m, "settings", setting, field));
}

const char *language_choice(const struct language *language, const struct mechanism *m, const char *setting,
                            const char *choice, const char *field)
{
    for (const struct language *l = language; l; l = l->fallback) {
        const struct node *choices = find_node(l, m, "settings", setting, "choices");
        const char *text = text_of(field_of(field_of(choices, choice), field));
        if (text)
            return text;
    }
    return "";
}

const char *language_tensor(const struct language *language, const struct mechanism *m, const char *kind,
                            const char *tensor)
{
    return found(find_node(language, m, kind, tensor, NULL));
}

/* ---- what is missing ---- */

static void lacks(struct diagnostics *ret, const struct node *at, const char *format, ...) QKV_PRINTF(3, 4);
static void lacks(struct diagnostics *ret, const struct node *at, const char *format, ...)
{
    struct qkv_err err = {.code = QKV_ERR_DOMAIN, .line = at->line, .column = at->column};
    va_list args;
    va_start(args, format);
    vsnprintf(err.what, sizeof err.what, format, args);
    va_end(args);
    diagnostics_add(ret, err);
}

/* What grammar needs is another matter in every language. */
static bool is_own(const char *key)
{
    static const char *const own[] = {"orientation", "kinds", "plurals", "articles", "like", "formula", "when"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (strcmp(own[i], key) == 0)
            return true;
    return false;
}

/* Every text of one mapping must be in the other, and every key of this in the one. */
static void compare(struct diagnostics *ret, const char *path, const struct node *there, const struct node *here)
{
    for (const struct node *item = here->first; item && here->kind == NODE_MAPPING; item = item->next)
        if (!is_own(item->key->text) && !field_of(there, item->key->text))
            lacks(ret, item->key, "nothing is called %s%s%s", path, path[0] ? "." : "", item->key->text);
    for (const struct node *item = there->first; item && there->kind == NODE_MAPPING; item = item->next) {
        char name[160];
        const struct node *own = field_of(here, item->key->text);
        snprintf(name, sizeof name, "%s%s%s", path, path[0] ? "." : "", item->key->text);
        if (is_own(item->key->text) || (strcmp(item->key->text, "axes") == 0 && item->kind == NODE_TEXT))
            continue;
        if (!own)
            lacks(ret, here, "%s is not said: the fallback's stands for it", name);
        else if (own->kind != item->kind || (own->kind == NODE_LIST && own->n != item->n))
            lacks(ret, own, "%s is not as in the fallback: %zu there, %zu here", name, item->n, own->n);
        else
            compare(ret, name, item, own);
    }
}

static void check_tensors(const struct language *l, const struct mechanism *m, const char *kind,
                          const struct tensor_info *tensors, size_t n, struct diagnostics *ret)
{
    for (size_t i = 0; i < n; i++)
        if (!find_node(l, m, kind, tensors[i].name, NULL))
            lacks(ret, l->root, "%s: nothing is said of %s of its %s", m->name, tensors[i].name, kind);
}

static void check_mechanism(const struct language *l, const struct mechanism *m, struct diagnostics *ret)
{
    if (!language_summary(l, m)[0])
        lacks(ret, l->root, "%s has no summary", m->name);
    for (size_t i = 0; i < m->n_stages; i++)
        if (!language_stage(l, m->stages[i], "name")[0] || !language_stage(l, m->stages[i], "meaning")[0])
            lacks(ret, l->root, "the stage %s has no words", stage_names[m->stages[i]]);
    for (size_t i = 0; i < m->n_settings; i++) {
        const char *name = m->settings[i].name, *const *choice = m->settings[i].choices;
        if (!language_setting(l, m, name, "name")[0] || !language_setting(l, m, name, "meaning")[0])
            lacks(ret, l->root, "%s: the setting %s has no words", m->name, name);
        for (; choice && *choice; choice++)
            if (!language_choice(l, m, name, *choice, "name")[0] || !language_choice(l, m, name, *choice, "tip")[0])
                lacks(ret, l->root, "%s: %s=%s has no words", m->name, name, *choice);
    }
    check_tensors(l, m, "inputs", m->inputs, m->n_inputs, ret);
    check_tensors(l, m, "outputs", m->outputs, m->n_outputs, ret);
}

/* Every note has words, and they name each of its numbers and no other. */
static void check_notes(const struct language *l, struct diagnostics *ret)
{
    for (int note = NOTE_NONE + 1; note < NOTE_COUNT; note++) {
        const char *key = note_table[note].key, *text = language_note(l, (enum explain_note)note);
        const struct node *at = in_section(l, "notes", key, NULL);
        if (!text[0])
            lacks(ret, l->root, "the note %s has no words", key);
        for (int i = 1; text[0] && i <= NOTE_NUMBERS_MAX; i++) {
            const char name[] = {'{', (char)('0' + i), '}', '\0'};
            if (!strstr(text, name) != (i > note_table[note].n_numbers))
                lacks(ret, at, "the note %s has %d numbers: %s %s", key, note_table[note].n_numbers, name,
                      strstr(text, name) ? "stands for nothing" : "is not said");
        }
    }
}

/* Braces that stand for nothing, in any text. */
static void check_braces(const struct language *l, const struct node *node, struct diagnostics *ret)
{
    for (const struct node *item = node->first; item; item = item->next)
        check_braces(l, item, ret);
    if (node->kind != NODE_TEXT)
        return;
    struct str said[2] = {{0}};
    for (int columns = 0; columns < 2; columns++) {
        language_try(l, node->text, columns, &said[columns]);
        for (const char *at = strchr(str_text(&said[columns]), '{'); at; at = strchr(at + 1, '{'))
            if (!strchr("QKV", at[1]) || at[2] != '}') {
                lacks(ret, node, "'%.*s' stands for nothing", (int)strcspn(at, " .;,") + 1, at);
                columns = 2;
                break;
            }
    }
    str_finish(&said[0]);
    str_finish(&said[1]);
}

void language_check(const struct language *language, struct diagnostics *ret)
{
    for (const struct mechanism *const *m = mechanism_table; *m; m++)
        check_mechanism(language, *m, ret);
    check_notes(language, ret);
    check_braces(language, language->root, ret);
    if (language->fallback)
        compare(ret, "", language->fallback->root, language->root);
}

bool language_is(const char *text, size_t n)
{
    struct diagnostics ignored;
    struct language *language = language_read(text, n, NULL, &ignored);
    const bool is = language && section(language, "language");
    language_free(language);
    return is;
}
