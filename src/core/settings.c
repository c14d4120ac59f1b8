#include "core/settings.h"

#include "base/err.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline bool same_text(const char *a, const char *b)
{
    return *a == *b && strcmp(a, b) == 0; /* nearly all differ in their first character */
}

static size_t place_of(const char *name)
{
    uintptr_t address = (uintptr_t)name;
    return (address ^ address >> 6) % SETTINGS_PLACES;
}

/* A mechanism asks for its settings many times, mostly by the very literal of the table. */
static inline const struct setting_info *find_info(const struct settings *s, const char *name, size_t *ret)
{
    size_t at = s->place[place_of(name)];
    if (at > 0 && s->info[at - 1].name == name) {
        *ret = at - 1;
        return &s->info[at - 1];
    }
    for (size_t i = 0; i < s->n; i++)
        if (same_text(s->info[i].name, name)) {
            *ret = i;
            return &s->info[i];
        }
    return NULL;
}

/* A whole text as a plain number, in decimal notation: no "0x10", "nan" or "inf". */
static bool read_number(const char *text, size_t n, double *ret)
{
    char copy[SETTING_TEXT], *end;
    if (n == 0 || n >= sizeof copy)
        return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    if (strspn(copy, "0123456789.+-eE") != n)
        return false;
    double x = strtod(copy, &end);
    if (*end != '\0' || !isfinite(x))
        return false;
    *ret = x;
    return true;
}

bool setting_allows(const struct setting_info *info, double x)
{
    return (info->min_excluded ? x > info->min : x >= info->min) && x <= info->max;
}

bool setting_is_whole(const struct setting_info *info)
{
    return info->kind == SETTING_WHOLE || info->kind == SETTING_CHOICE_OR_WHOLE || info->kind == SETTING_LIST;
}

bool setting_takes_numbers(const struct setting_info *info)
{
    return info->kind != SETTING_CHOICE && info->kind != SETTING_LIST;
}

const char *setting_range_text(const struct setting_info *info, char buffer[SETTING_RANGE_TEXT])
{
    char from[32] = "", to[32] = "";
    bool open_ended = !isfinite(info->max) && !info->min_excluded;
    /* Ten digits: enough for a seed of 32 bits. */
    if (isfinite(info->min))
        snprintf(from, sizeof from, " %s %.10g", info->min_excluded ? "above" : open_ended ? "of" : "from", info->min);
    if (isfinite(info->max))
        snprintf(to, sizeof to, " to %.10g", info->max);
    else if (isfinite(info->min) && open_ended)
        snprintf(to, sizeof to, " or more");
    snprintf(buffer, SETTING_RANGE_TEXT, "%snumber%s%s", setting_is_whole(info) ? "whole " : "", from, to);
    return buffer;
}

static int find_choice(const struct setting_info *info, const char *text)
{
    for (int i = 0; info->choices && info->choices[i]; i++)
        if (info->choices[i] == text)
            return i;
    for (int i = 0; info->choices && info->choices[i]; i++)
        if (same_text(info->choices[i], text))
            return i;
    return -1;
}

static struct qkv_err unknown_choice(const struct setting_info *info, const char *text)
{
    size_t n = 0;
    while (info->choices[n])
        n++;
    struct hint hint = hint_near(text, info->choices, n);
    char range[SETTING_RANGE_TEXT];
    bool or_number = !hint.meant && setting_takes_numbers(info);
    return qkv_errf(QKV_ERR_DOMAIN, "unknown %s '%.60s'%s%s%s", info->name, text, hint.text, or_number ? " or a " : "",
                    or_number ? setting_range_text(info, range) : "");
}

static struct qkv_err parse_number(const struct setting_info *info, const char *text, struct setting *v)
{
    char wanted[SETTING_RANGE_TEXT];
    if (!read_number(text, strlen(text), &v->number) || !setting_allows(info, v->number) ||
        (setting_is_whole(info) && v->number != floor(v->number)))
        return qkv_errf(QKV_ERR_DOMAIN, "%s must be a %s, not '%.60s'", info->name, setting_range_text(info, wanted),
                        text);
    return (struct qkv_err){0};
}

static size_t colons(const char *text, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += text[i] == ':';
    return count;
}

/* The row in the choices whose word an item of a list begins with, or -1. */
static int find_form(const struct setting_info *info, const char *item)
{
    size_t n = strcspn(item, ":, ");
    for (int i = 0; info->choices[i]; i++)
        if (strcspn(info->choices[i], ":") == n && memcmp(info->choices[i], item, n) == 0)
            return i;
    return -1;
}

/* One item of a list, n characters: its row in the choices, and its numbers. -1: no such choice, or its numbers are not
 * as the choice wants them. */
static int read_item(const struct setting_info *info, const char *text, size_t n, double numbers[2])
{
    int form = find_form(info, text);
    size_t wanted = form < 0 ? 0 : colons(info->choices[form], strlen(info->choices[form]));
    const char *at = text + strcspn(text, ":, "), *end = text + n;
    if (form < 0 || colons(text, n) != wanted)
        return -1;
    for (size_t k = 0; k < wanted; k++) {
        at++;
        const char *next = memchr(at, ':', (size_t)(end - at));
        size_t length = (size_t)((next ? next : end) - at);
        if (!read_number(at, length, &numbers[k]) || numbers[k] != floor(numbers[k]) ||
            !setting_allows(info, numbers[k]))
            return -1;
        at += length;
    }
    return at == end ? form : -1;
}

/* The next item of a comma-separated list without the blanks around it; *at moves behind it. False: no more. */
static bool next_item(const char **at, const char **ret, size_t *ret_n)
{
    if (!*at)
        return false;
    const char *comma = strchr(*at, ',');
    const char *start = *at, *end = comma ? comma : start + strlen(start);
    *at = comma ? comma + 1 : NULL;
    while (start < end && isspace((unsigned char)*start))
        start++;
    while (end > start && isspace((unsigned char)end[-1]))
        end--;
    *ret = start;
    *ret_n = (size_t)(end - start);
    return true;
}

/* An item, n characters, that is no choice, or one whose numbers are not as the choice wants them. */
static struct qkv_err wrong_item(const struct setting_info *info, const char *item, size_t n)
{
    char word[SETTING_TEXT], range[SETTING_RANGE_TEXT];
    snprintf(word, sizeof word, "%.*s", (int)strcspn(item, ":, "), item);
    int at = find_form(info, item);
    if (at < 0)
        return unknown_choice(info, word);
    const char *form = info->choices[at];
    if (!strchr(form, ':'))
        return qkv_errf(QKV_ERR_DOMAIN, "%s '%.*s' must be written %s, without a number", info->name, (int)n, item,
                        form);
    return qkv_errf(QKV_ERR_DOMAIN, "%s '%.*s' must be written %s, each a %s", info->name, (int)n, item, form,
                    setting_range_text(info, range));
}

static struct qkv_err parse_list(const struct setting_info *info, const char *text, struct setting *v)
{
    const char *at = text, *item;
    size_t n, items = 0;
    unsigned there = 0; /* a bit for each choice */
    bool none = false;
    v->choice = -1;
    while (next_item(&at, &item, &n)) {
        double numbers[2] = {0};
        int choice = read_item(info, item, n, numbers);
        if (choice < 0)
            return wrong_item(info, item, n);
        const char *form = info->choices[choice];
        if (strchr(form, ':') && there & 1U << choice)
            return qkv_errf(QKV_ERR_DOMAIN, "%s '%.*s' stands twice in '%.60s'", info->name, (int)strcspn(form, ":"),
                            form, text);
        there |= 1U << choice;
        none = none || strcmp(form, "none") == 0;
        v->choice = choice;
        items++;
    }
    if (none && items > 1)
        return qkv_errf(QKV_ERR_DOMAIN, "%s 'none' cannot stand beside others in '%.60s'", info->name, text);
    if (items > 1)
        v->choice = -1;
    return (struct qkv_err){0};
}

static struct qkv_err parse(const struct setting_info *info, const char *text, struct setting *ret)
{
    struct setting v = {0};
    if (strlen(text) >= sizeof v.text)
        return qkv_errf(QKV_ERR_LIMIT, "%s: its value is longer than %zu characters", info->name, sizeof v.text - 1);
    snprintf(v.text, sizeof v.text, "%s", text);
    struct qkv_err err;
    if (info->kind == SETTING_LIST)
        err = parse_list(info, text, &v);
    else if ((v.choice = find_choice(info, text)) >= 0)
        err = (struct qkv_err){0};
    else if (setting_takes_numbers(info) && (!info->choices || read_number(text, strlen(text), &v.number)))
        err = parse_number(info, text, &v);
    else
        err = unknown_choice(info, text);
    if (!err.code)
        *ret = v;
    return err;
}

struct settings settings_default(const struct setting_info *info, size_t n)
{
    assert(n <= SETTINGS_MAX);
    struct settings s = {.info = info, .n = n};
    for (size_t i = 0; i < n; i++) {
        struct qkv_err err = parse(&info[i], info[i].initial, &s.v[i]);
        assert(!err.code && "a default must be allowed by its own row");
        s.place[place_of(info[i].name)] = (unsigned char)(i + 1);
        (void)err;
    }
    return s;
}

struct qkv_err settings_set(struct settings *s, const char *name, const char *text)
{
    size_t i;
    const struct setting_info *info = find_info(s, name, &i);
    if (info)
        return parse(info, text, &s->v[i]);
    const char *names[SETTINGS_MAX];
    for (i = 0; i < s->n; i++)
        names[i] = s->info[i].name;
    return qkv_errf(QKV_ERR_DOMAIN, "unknown setting '%.60s'%s", name, hint_near(name, names, s->n).text);
}

const struct setting *settings_find(const struct settings *s, const char *name)
{
    size_t i;
    return find_info(s, name, &i) ? &s->v[i] : NULL;
}

const struct setting *settings_get(const struct settings *s, const char *name)
{
    const struct setting *v = settings_find(s, name);
    assert(v);
    return v;
}

bool settings_is(const struct settings *s, const char *name, const char *choice)
{
    size_t i;
    const struct setting_info *info = find_info(s, name, &i);
    int wanted = info ? find_choice(info, choice) : -1;
    assert(wanted >= 0);
    return s->v[i].choice == wanted;
}

int settings_choice(const struct settings *s, const char *name)
{
    return settings_get(s, name)->choice;
}

double settings_number(const struct settings *s, const char *name)
{
    return settings_get(s, name)->number;
}

bool settings_list_has(const struct settings *s, const char *name, const char *choice, double numbers[2])
{
    size_t i, n;
    const struct setting_info *info = find_info(s, name, &i);
    assert(info && info->kind == SETTING_LIST);
    if (find_choice(info, s->v[i].text) >= 0)
        return same_text(s->v[i].text, choice); /* one choice without numbers, as nearly always */
    const char *at = s->v[i].text, *item;
    while (next_item(&at, &item, &n)) {
        double found[2] = {0};
        if (read_item(info, item, n, found) != find_form(info, choice))
            continue;
        if (numbers)
            memcpy(numbers, found, sizeof found);
        return true;
    }
    return false;
}
