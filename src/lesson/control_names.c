/* control_names.c: settings and their values as people call them; files and the command line have the contract's names. */
#include "lesson/controls.h"
#include "lesson/language/language.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char *setting_name(const struct lesson *lesson, const char *setting)
{
    return language_setting(lesson->language, lesson->mechanism, setting, "name");
}

/* The choice of a setting that n bytes name: "window:W" for "window:3"; NULL: none. */
static const char *choice_of(const struct setting_info *info, const char *text, size_t n)
{
    const size_t word = strcspn(text, ":,") < n ? strcspn(text, ":,") : n;
    for (int i = 0; info->choices && info->choices[i]; i++)
        if (strcspn(info->choices[i], ":") == word && strncmp(info->choices[i], text, word) == 0)
            return info->choices[i];
    return NULL;
}

/* A value, or the items of a list, of n bytes: "window 2, global 1" for "window:2,global:1". */
static void add_value(const struct lesson *lesson, bool columns, const struct setting_info *info, const char *text,
                      size_t n, struct str *to)
{
    for (const char *at = text, *end = text + n; at < end;) {
        size_t item = strcspn(at, ",") < (size_t)(end - at) ? strcspn(at, ",") : (size_t)(end - at);
        const char *choice = choice_of(info, at, item), *numbers = memchr(at, ':', item);
        const char *name =
            choice ? language_choice(lesson->language, lesson->mechanism, info->name, choice, "name") : "";
        if (name[0])
            language_add(lesson, name, columns, to);
        else
            str_addn(to, at, item);
        for (; name[0] && numbers && numbers < at + item; numbers++)
            str_addf(to, "%c", *numbers == ':' ? ' ' : *numbers);
        at += item;
        str_add(to, at < end ? ", " : "");
        at += at < end;
    }
}

static void keep(struct str *text, char ret[CONTROL_TITLE])
{
    snprintf(ret, CONTROL_TITLE, "%s", str_text(text));
    str_finish(text);
}

void control_name(struct control *control, const struct lesson *lesson, bool columns)
{
    const char *own = setting_name(lesson, control->name);
    struct str title = {0};
    if (control->kind == CONTROL_ITEM) {
        const struct setting_info *list = &lesson->settings.info[control->setting];
        const char *choice = list->choices[control->item];
        language_add(lesson, setting_name(lesson, list->name), columns, &title);
        str_add(&title, ": ");
        add_value(lesson, columns, list, choice, strcspn(choice, ":"), &title);
        str_add(&title, control->part ? ", seed" : "");
    } else if (own[0]) {
        language_add(lesson, own, columns, &title);
    } else {
        const bool symbol = strchr(control->name, '_') || !control->name[1];
        str_addf(&title, symbol ? "$%s$" : "%s", control->name);
    }
    keep(&title, control->title);
}

void control_value_name(const struct control *control, const struct lesson *lesson, bool columns, const char *text,
                        char ret[CONTROL_TITLE])
{
    struct str name = {0};
    for (int i = 0; control->kind == CONTROL_MECHANISM && mechanism_table[i]; i++)
        if (strcmp(mechanism_table[i]->name, text) == 0)
            language_add(lesson, language_mechanism(lesson->language, mechanism_table[i]), columns, &name);
    if (control->kind == CONTROL_SOURCE)
        language_add(lesson, language_choice(lesson->language, lesson->mechanism, "weights", text, "name"), columns,
                     &name);
    else if (control->kind == CONTROL_SETTING)
        add_value(lesson, columns, &lesson->settings.info[control->setting], text, strlen(text), &name);
    if (!name.n)
        str_add(&name, text);
    keep(&name, ret);
}

static size_t word_length(const char *text)
{
    size_t n = 0;
    while (isalnum((unsigned char)text[n]) || text[n] == '_')
        n++;
    return n;
}

/* A value ends at a blank; a mark of the sentence behind it is not its own. */
static size_t value_length(const char *text)
{
    size_t n = strcspn(text, " )");
    while (n > 0 && strchr(",:;.", text[n - 1]))
        n--;
    return n;
}

static const struct setting_info *find(const struct lesson *lesson, const char *name, size_t n)
{
    for (size_t i = 0; i < lesson->settings.n; i++)
        if (strlen(lesson->settings.info[i].name) == n && strncmp(lesson->settings.info[i].name, name, n) == 0)
            return &lesson->settings.info[i];
    return NULL;
}

void control_names_in(const struct lesson *lesson, bool columns, const char *message, struct str *to)
{
    for (const char *at = message; *at;) {
        size_t n = word_length(at);
        const struct setting_info *info = n ? find(lesson, at, n) : NULL;
        const char *name = info ? setting_name(lesson, info->name) : "";
        const bool pair = info && at[n] == '=';
        if (!name[0] || !(pair || memchr(at, '_', n))) {
            str_addn(to, at, n ? n : 1);
            at += n ? n : 1;
            continue;
        }
        language_add(lesson, name, columns, to);
        at += n;
        if (!pair)
            continue;
        n = value_length(++at);
        const bool number = n && strspn(at, "0123456789.-") >= n;
        str_add(to, number ? " = " : " “");
        add_value(lesson, columns, info, at, n, to);
        str_add(to, number ? "" : "”");
        at += n;
    }
}
