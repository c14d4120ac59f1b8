/* mechanisms.c: what can be computed, from the mechanisms' own tables. */
#include "cli/mechanisms.h"

#include "base/str.h"
#include "cli/subcommand.h"
#include "lesson/language.h"

#include <string.h>

struct qkv_err mechanism_named(const char *name, const struct mechanism **ret)
{
    enum { MECHANISMS_MAX = 64 };
    const char *names[MECHANISMS_MAX + 1] = {0};
    *ret = mechanism_find(name);
    if (*ret)
        return (struct qkv_err){0};
    for (int i = 0; i < MECHANISMS_MAX && mechanism_table[i]; i++)
        names[i] = mechanism_table[i]->name;
    const char *near = nearest_word(name, names);
    if (near)
        return qkv_errf(QKV_ERR_DOMAIN, "unknown mechanism '%s'; did you mean '%s'?", name, near);
    return qkv_errf(QKV_ERR_DOMAIN, "unknown mechanism '%s'", name);
}

static void add_values(const struct setting_info *info, struct str *to)
{
    if (info->kind == SETTING_LIST)
        str_add(to, "list of ");
    for (size_t i = 0; info->choices && info->choices[i]; i++)
        str_addf(to, "%s%s", i > 0 ? ", " : "", info->choices[i]);
    if (info->kind == SETTING_CHOICE || info->kind == SETTING_LIST)
        return;
    char range[SETTING_RANGE_TEXT];
    str_addf(to, "%s%s", info->choices ? ", " : "", setting_range_text(info, range));
}

/* "score=general", or whether it is needed at all; and what it is for. */
static void add_input(const struct mechanism *m, const struct tensor_info *info, struct str *to)
{
    const struct language *l = language_english();
    const char *said = language_tensor(l, m, "inputs", info->name);
    str_addf(to, "  %-19s %-28s ", info->name, info->shape);
    if (info->setting)
        str_addf(to, "%s=%s", info->setting, info->value);
    else
        str_add(to, language_page(l, info->optional ? "optional" : "always"));
    str_addf(to, "%s%s\n", said[0] ? ": " : "", said);
}

static void describe(const struct mechanism *m, struct str *to)
{
    const struct language *l = language_english();
    str_addf(to, "%s: %s\n", m->name, language_summary(l, m));
    if (m->source)
        str_addf(to, "source: %s\n", m->source);
    str_add(to, "\nstages:\n");
    for (size_t i = 0; i < m->n_stages; i++)
        str_addf(to, "  %-14s %s\n", language_stage(l, m->stages[i], "name"),
                 language_stage(l, m->stages[i], "meaning"));
    str_add(to, m->n_settings > 0 ? "\nsettings:\n" : "\nsettings: none\n");
    for (size_t i = 0; i < m->n_settings; i++) {
        const struct setting_info *info = &m->settings[i];
        str_addf(to, "  %-14s ", info->name);
        add_values(info, to);
        str_addf(to, " (default %s)\n", info->initial);
        const char *note = language_setting(l, m, info->name, "note");
        str_addf(to, "  %-14s %s%s%s\n", "", language_setting(l, m, info->name, "meaning"), note[0] ? ". " : "", note);
        for (size_t k = 0; info->choices && info->choices[k]; k++)
            str_addf(to, "  %-14s   %s: %s\n", "", info->choices[k],
                     language_choice(l, m, info->name, info->choices[k], "tip"));
    }
    str_add(to, "\ninputs:\n");
    for (size_t i = 0; i < m->n_inputs; i++)
        add_input(m, &m->inputs[i], to);
    str_add(to, "\noutputs:\n");
    for (size_t i = 0; i < m->n_outputs; i++)
        str_addf(to, "  %-19s %-28s %s\n", m->outputs[i].name, m->outputs[i].shape,
                 language_tensor(l, m, "outputs", m->outputs[i].name));
}

enum exit_status subcommand_mechanisms(const struct options *options)
{
    struct str text = {0};
    if (options->n_arguments > 0) {
        const struct mechanism *m;
        struct qkv_err err = mechanism_named(options->arguments[0], &m);
        if (err.code)
            return subcommand_misused("mechanisms", err);
        describe(m, &text);
    } else {
        for (size_t i = 0; mechanism_table[i]; i++)
            str_addf(&text, "%s\t%s\n", mechanism_table[i]->name,
                     language_summary(language_english(), mechanism_table[i]));
    }
    bool failed = text.failed;
    fputs(str_text(&text), stdout);
    str_finish(&text);
    return failed ? subcommand_failed("mechanisms", qkv_nomem("the description")) : EXIT_DONE;
}
