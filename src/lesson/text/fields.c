#include "lesson/text/fields.h"

#include "lesson/text/tokens.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- diagnostics ---- */

size_t diagnostics_kept(const struct diagnostics *f)
{
    return f->n < LESSON_DIAGNOSTICS_MAX ? f->n : LESSON_DIAGNOSTICS_MAX;
}

static bool is_later(const struct qkv_err *a, const struct qkv_err *b)
{
    return a->line != b->line ? a->line > b->line : a->column > b->column;
}

void diagnostics_add(struct diagnostics *f, struct qkv_err err)
{
    size_t at = f->n++;
    if (at >= LESSON_DIAGNOSTICS_MAX)
        return;
    for (; at > 0 && is_later(&f->v[at - 1], &err); at--)
        f->v[at] = f->v[at - 1];
    f->v[at] = err;
}

bool diagnostic(struct reader *r, const struct node *at, enum qkv_code code, const char *format, ...)
{
    char what[sizeof((struct qkv_err *)0)->what];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    diagnostics_add(r->f, qkv_err_at(at ? at->line : 0, at ? at->column : 0, code, "%s", what));
    return false;
}

/* Where the byte `offset` of a node's text stands in the source: the characters of both are the same but for blanks,
 * line breaks and what quotes need. False: they are not. */
static bool find_place(const struct reader *r, const struct node *node, size_t offset, int *ret_line, int *ret_column)
{
    const char *at = r->source, *end = r->source + r->n;
    for (int line = 1; line < node->line && at; line++)
        if ((at = memchr(at, '\n', (size_t)(end - at))))
            at++;
    for (int column = 1; at && at < end && column < node->column; at++)
        column += ((unsigned char)at[1] & 0xC0) != 0x80;
    if (!at || at >= end)
        return false;
    char quote = *at == '"' || *at == '\'' ? *at : '\0';
    if (*at == '>' || *at == '|')
        at += strcspn(at, "\n");
    at += quote != '\0';
    for (size_t i = 0; i <= offset && node->text[i]; i++) {
        while (at < end && (*at == ' ' || *at == '\n'))
            at++;
        if (node->text[i] == ' ' || node->text[i] == '\n')
            continue;
        at += (quote == '"' && *at == '\\') || (quote == '\'' && at[0] == '\'' && at[1] == '\'');
        if (at >= end || *at != node->text[i])
            return false;
        at++;
    }
    *ret_line = *ret_column = 1;
    for (const char *p = r->source; p < at - 1; p++) {
        *ret_column = *p == '\n' ? 1 : *ret_column + (((unsigned char)p[1] & 0xC0) != 0x80);
        *ret_line += *p == '\n';
    }
    return true;
}

void diagnostic_in(struct reader *r, const struct node *text, size_t offset, enum qkv_code code, const char *format,
                   ...)
{
    char what[sizeof((struct qkv_err *)0)->what];
    int line = text->line, column = text->column;
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    if (r->source && !find_place(r, text, offset, &line, &column)) {
        line = text->line;
        column = text->column;
    }
    diagnostics_add(r->f, qkv_err_at(line, column, code, "%s", what));
}

bool is_fine(struct reader *r, const struct node *at, struct qkv_err err)
{
    return !err.code || diagnostic(r, at, err.code, "%s", err.what);
}

bool diagnostic_nomem(struct reader *r, const char *what)
{
    diagnostics_add(r->f, qkv_nomem(what));
    return false;
}

/* ---- fields ---- */

const struct node *node_field(const struct node *mapping, const char *name)
{
    if (!mapping || mapping->kind != NODE_MAPPING)
        return NULL;
    const size_t n = strlen(name);
    for (const struct node *field = mapping->first; field; field = field->next)
        if (field->key->bytes == n && memcmp(field->key->text, name, n) == 0)
            return field;
    return NULL;
}

static const char *kind_name(unsigned kinds)
{
    static const struct {
        unsigned kinds;
        const char *name;
    } names[] = {
        {NODE_TEXT, "a text"},
        {NODE_LIST, "a list"},
        {NODE_MAPPING, "a mapping (name: value)"},
        {NODE_TEXT | NODE_LIST, "a text or a list"},
        {NODE_TEXT | NODE_MAPPING, "a text or a mapping (name: value)"},
        {NODE_LIST | NODE_MAPPING, "a list or a mapping (name: value)"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].kinds == kinds)
            return names[i].name;
    return "something else";
}

static const struct field *find(const struct field fields[], const char *name)
{
    for (; fields->name; fields++)
        if (strcmp(fields->name, name) == 0)
            return fields;
    return NULL;
}

static void unknown_field(struct reader *r, const struct node *key, const struct field fields[], const char *whose)
{
    const char *names[128];
    char all[NAMES_TEXT];
    size_t n = 0;
    for (; n < 128 && fields[n].name; n++)
        names[n] = fields[n].name;
    struct hint hint = hint_near(key->text, names, n);
    if (hint.meant)
        diagnostic(r, key, QKV_ERR_DOMAIN, "unknown field '%.60s'%s", key->text, hint.text);
    else
        diagnostic(r, key, QKV_ERR_DOMAIN, "unknown field '%.60s': %s has %s", key->text, whose,
                   names_listed(names, n, all));
}

bool fields_check(struct reader *r, const struct node *mapping, const struct field fields[], const char *whose)
{
    size_t before = r->f->n;
    if (mapping->kind != NODE_MAPPING)
        return diagnostic(r, mapping, QKV_ERR_SYNTAX, "%s must be a mapping (lines of 'name: value'), not %s", whose,
                          kind_name(mapping->kind));
    for (const struct node *value = mapping->first; value; value = value->next) {
        const struct field *field = find(fields, value->key->text);
        if (!field)
            unknown_field(r, value->key, fields, whose);
        else if (!(field->kinds & value->kind))
            diagnostic(r, value, QKV_ERR_SYNTAX, "'%s' must be %s, not %s: %s", field->name, kind_name(field->kinds),
                       kind_name(value->kind), field->help);
        else if (value->kind == NODE_TEXT && value->text[0] == '\0')
            diagnostic(r, value->key, QKV_ERR_SYNTAX, "'%s' is empty: %s", field->name, field->help);
    }
    for (; fields->name; fields++)
        if (fields->required && !node_field(mapping, fields->name))
            diagnostic(r, mapping, QKV_ERR_SYNTAX, "%s needs '%s': %s", whose, fields->name, fields->help);
    return r->f->n == before;
}

bool text_is_number(const char *text, double *ret)
{
    /* strtod alone would take hexadecimal, "inf" and "nan" as well. */
    if (text[0] == '\0' || strspn(text, "0123456789+-.eE") != strlen(text))
        return false;
    char *end = NULL;
    double value = strtod(text, &end);
    if (*end != '\0' || !isfinite(value))
        return false;
    *ret = value;
    return true;
}

bool text_is_whole(const char *text, long *ret)
{
    if (text[0] == '\0' || strspn(text + (text[0] == '-'), "0123456789") != strlen(text + (text[0] == '-')))
        return false;
    char *end = NULL;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || *end != '\0' || end == text)
        return false;
    *ret = value;
    return true;
}

bool node_number(struct reader *r, const struct node *node, const char *what, double *ret)
{
    if (node->kind == NODE_TEXT && text_is_number(node->text, ret))
        return true;
    return diagnostic(r, node, QKV_ERR_DOMAIN, "%s must be a number, not %s%.40s%s", what,
                      node->kind == NODE_TEXT ? "'" : kind_name(node->kind), node->text,
                      node->kind == NODE_TEXT ? "'" : "");
}

bool node_whole(struct reader *r, const struct node *node, const char *what, long min, long max, long *ret)
{
    long value = 0;
    if (node->kind == NODE_TEXT && text_is_whole(node->text, &value) && value >= min && value <= max) {
        *ret = value;
        return true;
    }
    return diagnostic(r, node, QKV_ERR_DOMAIN, "%s must be a whole number from %ld to %ld, not '%.40s'", what, min, max,
                      node->kind == NODE_TEXT ? node->text : kind_name(node->kind));
}

bool node_bool(struct reader *r, const struct node *node, const char *what, bool *ret)
{
    static const char *const yes[] = {"true", "yes", "on"}, *const no[] = {"false", "no", "off"};
    for (size_t i = 0; node->kind == NODE_TEXT && i < 3; i++)
        if (strcmp(node->text, yes[i]) == 0 || strcmp(node->text, no[i]) == 0) {
            *ret = strcmp(node->text, yes[i]) == 0;
            return true;
        }
    return diagnostic(r, node, QKV_ERR_DOMAIN, "%s must be true or false", what);
}

bool node_texts(struct reader *r, const struct node *list, const char *help, struct words *ret)
{
    struct words texts = {.v = arena_array(r->arena, list->n + 1, sizeof *texts.v)};
    if (!texts.v)
        return diagnostic_nomem(r, "a list");
    for (const struct node *item = list->first; item; item = item->next) {
        if (item->kind != NODE_TEXT)
            return diagnostic(r, item, QKV_ERR_SYNTAX, "%s", help);
        texts.v[texts.n++] = item->text;
    }
    *ret = texts;
    return true;
}
