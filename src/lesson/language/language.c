/* language.c: reading the file of a language, and looking up its texts. */
#include "lesson/language/language_parts.h"

#include "lesson/text/builtin.h"
#include "lesson/text/fields.h"

#include <stdatomic.h>
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
    const bool read = ret->n == 0, mapping = read && language->root->kind == NODE_MAPPING;
    if (mapping && language_gather_forms(language))
        return language;
    if (mapping)
        diagnostics_add(ret, qkv_nomem("a language"));
    else if (read)
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
    /* Two threads may read it at once: the first to store its language wins, the other frees its own. */
    if (read && !atomic_compare_exchange_strong(&english, &known, read)) {
        language_free(read);
        return known;
    }
    return read;
}

/* ---- look-up ---- */

const struct node *section(const struct language *l, const char *name)
{
    return l ? node_field(l->root, name) : NULL;
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
        name = text_of(node_field(node_field(section(l, "mechanisms"), name), "like"));
    }
    levels.name[levels.n++] = NULL;
    return levels;
}

const struct node *level(const struct language *l, const char *name)
{
    return name ? node_field(section(l, "mechanisms"), name) : section(l, "shared");
}

const struct node *find_node(const struct language *language, const struct mechanism *m, const char *kind,
                             const char *name, const char *field)
{
    struct levels levels = levels_of(language, m);
    for (size_t i = 0; i < levels.n; i++)
        for (const struct language *l = language; l; l = l->fallback) {
            const struct node *node = node_field(level(l, levels.name[i]), kind);
            node = name ? node_field(node, name) : node;
            node = field ? node_field(node, field) : node;
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
        const struct node *node = node_field(section(l, name), key);
        node = field ? node_field(node, field) : node;
        if (node)
            return node;
    }
    return NULL;
}

const char *language_page(const struct language *language, const char *key)
{
    return found(in_section(language, "page", key, NULL));
}

const char *language_count(const struct language *language, const char *digits)
{
    return found(in_section(language, "counts", digits, NULL));
}

const char *language_note(const struct language *language, enum explain_note note)
{
    return note == NOTE_NONE ? "" : found(in_section(language, "notes", note_table[note].key, NULL));
}

const char *language_stage(const struct language *language, enum stage stage, const char *field)
{
    return found(in_section(language, "stages", stage_names[stage], field));
}

const char *language_mechanism(const struct language *language, const struct mechanism *m)
{
    return found(find_node(language, m, "name", NULL, NULL));
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
        const char *text = text_of(node_field(node_field(choices, choice), field));
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

bool language_is(const char *text, size_t n)
{
    struct diagnostics ignored;
    struct language *language = language_read(text, n, NULL, &ignored);
    const bool is = language && section(language, "language");
    language_free(language);
    return is;
}
