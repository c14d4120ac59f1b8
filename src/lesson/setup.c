#include "lesson/setup.h"

#include <string.h>

void setup_mechanism(struct reader *r, const struct node *node, struct lesson *lesson)
{
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
    diagnostic(r, node, QKV_ERR_DOMAIN, "unknown mechanism '%.60s'%s", node ? node->text : "",
               hint_near(node ? node->text : "", names, n).text);
}

void setup_settings(struct reader *r, const struct node *mapping, struct lesson *lesson)
{
    for (const struct node *item = mapping ? mapping->first : NULL; item; item = item->next) {
        if (item->kind != NODE_TEXT) {
            diagnostic(r, item, QKV_ERR_SYNTAX, "a setting is one word or number: {mask: causal}");
            continue;
        }
        struct qkv_err err = settings_set(&lesson->settings, item->key->text, item->text);
        if (!err.code)
            continue;
        /* An unknown name is found at the name, a wrong value at the value. */
        bool known = false;
        for (size_t i = 0; i < lesson->settings.n; i++)
            known = known || strcmp(lesson->settings.info[i].name, item->key->text) == 0;
        diagnostic(r, known ? item : item->key, err.code, "%s", err.what);
    }
}

void setup_another(struct reader *r, const char *name, struct lesson *lesson)
{
    const struct settings was = lesson->settings;
    const struct node node = {.kind = NODE_TEXT, .text = name};
    setup_mechanism(r, &node, lesson);
    for (size_t i = 0; lesson->mechanism && i < was.n; i++) {
        if (strcmp(was.v[i].text, was.info[i].initial) == 0 || !settings_find(&lesson->settings, was.info[i].name))
            continue;
        struct qkv_err err = settings_set(&lesson->settings, was.info[i].name, was.v[i].text);
        (void)err; /* a value that is none of this mechanism's stays at its default */
    }
}
