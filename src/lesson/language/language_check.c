/* language_check.c: what a language lacks. */
#include "lesson/language/language_parts.h"

#include "lesson/text/fields.h"

#include <stdio.h>
#include <string.h>

/* Keys whose contents follow the grammar of each language, so that no two files agree in them. */
static bool is_grammar(const char *key)
{
    static const char *const grammar[] = {"orientation", "kinds",   "pronouns", "plurals", "articles",
                                          "like",        "formula", "when",     "forms"};
    for (size_t i = 0; i < sizeof grammar / sizeof grammar[0]; i++)
        if (strcmp(grammar[i], key) == 0)
            return true;
    return false;
}

/* `there` is of the fallback, `here` of the language: both must have the same keys. */
static void compare_keys(struct reader *r, const char *path, const struct node *there, const struct node *here)
{
    for (const struct node *item = here->first; item && here->kind == NODE_MAPPING; item = item->next)
        if (!is_grammar(item->key->text) && !node_field(there, item->key->text))
            diagnostic(r, item->key, QKV_ERR_DOMAIN, "nothing is called %s%s%s", path, path[0] ? "." : "",
                       item->key->text);
    for (const struct node *item = there->first; item && there->kind == NODE_MAPPING; item = item->next) {
        char name[160];
        const struct node *own = node_field(here, item->key->text);
        snprintf(name, sizeof name, "%s%s%s", path, path[0] ? "." : "", item->key->text);
        if (is_grammar(item->key->text) || (strcmp(item->key->text, "axes") == 0 && item->kind == NODE_TEXT))
            continue;
        if (!own)
            diagnostic(r, here, QKV_ERR_DOMAIN, "%s is not said: the fallback's stands for it", name);
        else if (own->kind != item->kind || (own->kind == NODE_LIST && own->n != item->n))
            diagnostic(r, own, QKV_ERR_DOMAIN, "%s is not as in the fallback: %zu there, %zu here", name, item->n,
                       own->n);
        else
            compare_keys(r, name, item, own);
    }
}

static void check_tensors(const struct language *l, const struct mechanism *m, const char *kind,
                          const struct tensor_info *tensors, size_t n, struct reader *r)
{
    for (size_t i = 0; i < n; i++)
        if (!find_node(l, m, kind, tensors[i].name, NULL))
            diagnostic(r, l->root, QKV_ERR_DOMAIN, "%s: nothing is said of %s of its %s", m->name, tensors[i].name,
                       kind);
}

static void check_mechanism(const struct language *l, const struct mechanism *m, struct reader *r)
{
    if (!language_mechanism(l, m)[0])
        diagnostic(r, l->root, QKV_ERR_DOMAIN, "%s has no name", m->name);
    if (!language_summary(l, m)[0])
        diagnostic(r, l->root, QKV_ERR_DOMAIN, "%s has no summary", m->name);
    for (size_t i = 0; i < m->n_stages; i++)
        if (!language_stage(l, m->stages[i], "name")[0] || !language_stage(l, m->stages[i], "meaning")[0])
            diagnostic(r, l->root, QKV_ERR_DOMAIN, "the stage %s has no words", stage_names[m->stages[i]]);
    for (size_t i = 0; i < m->n_settings; i++) {
        const char *name = m->settings[i].name, *const *choice = m->settings[i].choices;
        if (!language_setting(l, m, name, "name")[0] || !language_setting(l, m, name, "meaning")[0])
            diagnostic(r, l->root, QKV_ERR_DOMAIN, "%s: the setting %s has no words", m->name, name);
        for (; choice && *choice; choice++)
            if (!language_choice(l, m, name, *choice, "name")[0] || !language_choice(l, m, name, *choice, "tip")[0])
                diagnostic(r, l->root, QKV_ERR_DOMAIN, "%s: %s=%s has no words", m->name, name, *choice);
    }
    check_tensors(l, m, "inputs", m->inputs, m->n_inputs, r);
    check_tensors(l, m, "outputs", m->outputs, m->n_outputs, r);
}

/* Every note has words, and they name each of its numbers and no other. */
static void check_notes(const struct language *l, struct reader *r)
{
    for (int note = NOTE_NONE + 1; note < NOTE_COUNT; note++) {
        const char *key = note_table[note].key, *text = language_note(l, (enum explain_note)note);
        const struct node *at = in_section(l, "notes", key, NULL);
        if (!text[0])
            diagnostic(r, l->root, QKV_ERR_DOMAIN, "the note %s has no words", key);
        for (int i = 1; text[0] && i <= NOTE_NUMBERS_MAX; i++) {
            const char name[] = {'{', (char)('0' + i), '}', '\0'};
            if (!strstr(text, name) != (i > note_table[note].n_numbers))
                diagnostic(r, at, QKV_ERR_DOMAIN, "the note %s has %d numbers: %s %s", key, note_table[note].n_numbers,
                           name, strstr(text, name) ? "stands for nothing" : "is not said");
        }
    }
}

/* Braces that have no meaning, in any text below the node. */
static void check_braces(const struct language *l, const struct node *node, struct reader *r)
{
    for (const struct node *item = node->first; item; item = item->next)
        if (!item->key || strcmp(item->key->text, "formula") != 0) /* its braces name steps and settings */
            check_braces(l, item, r);
    if (node->kind != NODE_TEXT)
        return;
    struct str texts[2] = {{0}};
    for (int columns = 0; columns < 2; columns++) {
        language_add_sample(l, node->text, columns, &texts[columns]);
        for (const char *at = strchr(str_text(&texts[columns]), '{'); at; at = strchr(at + 1, '{'))
            if (!strchr("QKV", at[1]) || at[2] != '}') {
                diagnostic(r, node, QKV_ERR_DOMAIN, "'%.*s' stands for nothing", (int)strcspn(at, " .;,") + 1, at);
                columns = 2;
                break;
            }
    }
    str_finish(&texts[0]);
    str_finish(&texts[1]);
}

void language_check(const struct language *language, struct diagnostics *ret)
{
    struct reader reader = {.f = ret}, *r = &reader;
    for (const struct mechanism *const *m = mechanism_table; *m; m++)
        check_mechanism(language, *m, r);
    check_notes(language, r);
    language_check_terms(language, r);
    check_braces(language, language->root, r);
    if (language->fallback)
        compare_keys(r, "", language->fallback->root, language->root);
}
