/* request.c: keys with values: read from lines and options, and printed. */
#include "app/keys.h"

#include "base/array.h"
#include "lesson/text/fields.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void request_finish(struct request *r)
{
    for (size_t i = 0; i < r->n; i++)
        free(r->v[i].text);
    free(r->v);
    *r = (struct request){0};
}

void request_source(struct request *r)
{
    r->source++;
}

struct qkv_err request_error(struct request *r, const struct key_value *v, struct qkv_err err)
{
    const char *key = key_table[v->key].name;
    char name[SETTING_TEXT];
    r->usage_error = v->origin == ORIGIN_LINE || v->origin == ORIGIN_OPTION;
    if (v->origin == ORIGIN_FILE && strcmp(key, "set") == 0 && setting_split(v->text, name))
        key = name;
    if (err.code == QKV_ERR_NOMEM || v->origin == ORIGIN_ARGUMENT)
        return err;
    const char *dashes = v->origin == ORIGIN_OPTION ? "--" : "";
    if (err.code == QKV_ERR_SYNTAX)
        return qkv_err_at(v->line, v->column, QKV_ERR_DOMAIN, "%s%s %s", dashes, key, err.what);
    if (v->origin == ORIGIN_FILE)
        return qkv_err_at(v->line, v->column, err.code, "%s: %s", key, err.what);
    return qkv_errf(err.code, "%s%s%c%.60s: %s", dashes, key, dashes[0] ? ' ' : '=', v->text, err.what);
}

/* ---- adding ---- */

/* "W_Q,1,3,2:0.5, -1": the cell, and its numbers as short as they can be written into *to. */
static struct qkv_err read_edit(const char *text, size_t cell[AXES], struct str *to)
{
    const char *comma = strchr(text, ','), *p = comma;
    size_t n = comma ? (size_t)(comma - text) : 0;
    bool right = n > 0 && n < sizeof((struct edit *)0)->tensor && strcspn(text, "=: \"\n\t") >= n;
    for (int i = 0; right && i < AXES; i++) {
        char *end = NULL;
        right = p[1] >= '0' && p[1] <= '9';
        cell[i] = right ? strtoul(p + 1, &end, 10) : 0;
        right = cell[i] >= 1 && cell[i] <= TENSOR_SIDE_MAX && *end == (i + 1 < AXES ? ',' : ':');
        p = end;
    }
    if (!right)
        return qkv_errf(QKV_ERR_DOMAIN, "an edit is TENSOR,HEAD,ROW,COLUMN:NUMBER,..., counted from 1, such as "
                                        "W_Q,1,3,2:0.5");
    str_addf(to, "%.*s,%zu,%zu,%zu:", (int)n, text, cell[0], cell[1], cell[2]);
    for (size_t i = 0; i == 0 || *p == ','; i++) {
        char number[64];
        double value;
        p += 1 + strspn(p + 1, " ");
        n = strcspn(p, ", ");
        snprintf(number, sizeof number, "%.*s", (int)(n < sizeof number ? n : 0), p);
        if (!text_is_number(number, &value) || cell[AXIS_COL] + i > TENSOR_SIDE_MAX)
            return qkv_errf(QKV_ERR_DOMAIN, "'%.40s': a number is wanted here, or several with commas between", p);
        str_add(to, i ? "," : "");
        str_add_number(to, value);
        p += n + strspn(p + n, " ");
    }
    return *p ? qkv_errf(QKV_ERR_DOMAIN, "'%.40s': a comma is wanted between numbers", p) : (struct qkv_err){0};
}

static void drop(struct request *r, size_t i)
{
    free(r->v[i].text);
    memmove(&r->v[i], &r->v[i + 1], (--r->n - i) * sizeof *r->v);
}

/* Within a source a key, and a setting, is given once; a later source replaces it. A setting that is given again
 * with the same value says nothing new. */
static struct qkv_err replace_same(struct request *r, int key, const char *text)
{
    const struct key *k = &key_table[key];
    size_t n = k->repeats ? strcspn(text, "=") + 1 : 0;
    bool edit = k->repeats && strcmp(k->name, "set") != 0;
    for (size_t i = 0; i < r->n && !edit; i++) {
        struct key_value *v = &r->v[i];
        if (v->key != key || strncmp(v->text, text, n) != 0)
            continue;
        if (v->source == r->source && !n)
            return qkv_errf(QKV_ERR_DOMAIN, "%s is given twice", k->name);
        if (v->source == r->source && strcmp(v->text, text) != 0)
            return qkv_errf(QKV_ERR_DOMAIN, "%.*s is set twice: '%.40s' and '%.40s'", (int)n - 1, text, v->text + n,
                            text + n);
        drop(r, i);
        break;
    }
    return (struct qkv_err){0};
}

/* What earlier sources say of these groups is said no more. */
static void replace_earlier(struct request *r, unsigned groups)
{
    for (size_t i = r->n; i-- > 0;)
        if (r->v[i].source < r->source && (key_table[r->v[i].key].group & groups))
            drop(r, i);
}

static struct qkv_err push(struct request *r, const struct key_value *value)
{
    if (!value->text || !array_reserve(&r->v, &r->capacity, r->n + 1, sizeof *r->v)) {
        free(value->text);
        return qkv_nomem("a state");
    }
    r->v[r->n++] = *value;
    return (struct qkv_err){0};
}

static struct qkv_err no_such_key(const char *name)
{
    const char *names[KEY_COUNT];
    for (size_t i = 0; i < KEY_COUNT; i++)
        names[i] = key_table[i].name;
    struct hint near = hint_near(name, names, KEY_COUNT);
    return qkv_errf(QKV_ERR_DOMAIN, "there is no key '%.60s'%s", name,
                    near.meant ? near.text : "; `qkv help render` lists them");
}

struct qkv_err request_add(struct request *r, enum key_origin origin, const char *key, const char *text, int line,
                           int column)
{
    struct key_value value = {
        .key = key_find(key), .origin = origin, .source = r->source, .line = line, .column = column};
    struct str edit = {0};
    char name[SETTING_TEXT];
    if (value.key < 0) {
        struct qkv_err err = no_such_key(key);
        r->usage_error = origin != ORIGIN_FILE;
        return qkv_err_at(line, column, err.code, "%s", err.what);
    }
    const char *old = strcmp(key, "lesson") == 0 ? request_lesson(r) : NULL;
    bool other_lesson = old && strcmp(old, text) != 0;
    struct qkv_err err = replace_same(r, value.key, text);
    if (strcmp(key, "edit") == 0 && !err.code)
        err = read_edit(text, value.cell, &edit);
    else if (strcmp(key, "set") == 0 && !err.code && !setting_split(text, name))
        err = qkv_errf(QKV_ERR_SYNTAX, "wants KEY=VALUE, such as heads=2, not '%.60s'", text);
    else if (strcmp(key, "lesson") == 0 && strcmp(text, "-") == 0 && origin != ORIGIN_ARGUMENT)
        err = qkv_errf(QKV_ERR_DOMAIN, "only a command line can name standard input");
    else if (key_table[value.key].group == KEYS_SCREEN && !err.code)
        err = key_read_alone(&key_table[value.key], text, &(struct view_state){0});
    if (!err.code && other_lesson)
        replace_earlier(r, KEYS_DOCUMENT | KEYS_PLACE);
    if (!err.code && strcmp(key, "at") == 0)
        replace_earlier(r, KEYS_PLACE);
    if (err.code) {
        value.text = (char *)text;
        str_finish(&edit);
        return request_error(r, &value, err);
    }
    value.text = edit.v ? edit.v : strdup(text);
    return push(r, &value);
}

/* ---- lines ---- */

/* The next word of *line, unquoted, into *word; false: there is none. *ret_open: a quote is not closed. */
static bool word_next(const char **line, struct str *word, bool *ret_open)
{
    const char *p = *line + strspn(*line, " \t\r\n"), *start = p;
    bool quoted = false;
    str_clear(word);
    for (; *p && (quoted || !strchr(" \t\r\n", *p)); p++) {
        if (*p == '"') {
            quoted = !quoted;
        } else if (quoted && *p == '\\' && p[1]) {
            p++;
            str_addn(word, *p == 'n' ? "\n" : *p == 't' ? "\t" : *p == 'q' ? "'" : p, 1);
        } else {
            str_addn(word, p, 1);
        }
    }
    *line = p;
    *ret_open = quoted;
    return p > start;
}

static struct qkv_err add_word(struct request *r, struct str *word, bool open)
{
    char *equals = word->v ? strchr(word->v, '=') : NULL;
    if (word->failed)
        return qkv_nomem("a state");
    if (open)
        return qkv_errf(QKV_ERR_SYNTAX, "'%.60s': a quote is not closed", str_text(word));
    if (!equals)
        return qkv_errf(QKV_ERR_SYNTAX, "'%.60s' is not KEY=VALUE", str_text(word));
    *equals = '\0';
    return request_add(r, ORIGIN_LINE, word->v, equals + 1, 0, 0);
}

struct qkv_err request_read_line(struct request *r, const char *line)
{
    struct str word = {0};
    struct qkv_err err = {0};
    bool open;
    request_source(r);
    r->usage_error = true; /* of what is no key; keys say so themselves */
    while (!err.code && word_next(&line, &word, &open))
        err = add_word(r, &word, open);
    str_finish(&word);
    return err;
}

static void print_word(struct str *to, const char *key, const char *value)
{
    bool plain = value[0] != '\0';
    for (const char *p = value; *p; p++)
        plain = plain && (unsigned char)*p > ' ' && *p != '"' && *p != '\'' && *p != '\\' && *p != 0x7F;
    str_addf(to, "%s%s=%s", to->n ? " " : "", key, plain ? value : "\"");
    for (const char *p = value; !plain && *p; p++) {
        if (*p == '"' || *p == '\\')
            str_addf(to, "\\%c", *p);
        else if (*p == '\'')
            str_add(to, "\\q");
        else if (*p == '\n')
            str_add(to, "\\n");
        else if (*p == '\t')
            str_add(to, "\\t");
        else
            str_addn(to, p, 1);
    }
    str_add(to, plain ? "" : "\"");
}

struct qkv_err request_print_line(struct request *r, struct str *to)
{
    request_sort(r);
    for (size_t i = 0; i < r->n; i++)
        print_word(to, key_table[r->v[i].key].name, r->v[i].text);
    return to->failed ? qkv_nomem("a state") : (struct qkv_err){0};
}

/* ---- printing ---- */

static int compare_values(const void *a, const void *b)
{
    const struct key_value *x = a, *y = b;
    int order = (x->key > y->key) - (x->key < y->key);
    if (!order && x->cell[0] && y->cell[0]) { /* edits: tensors first */
        size_t n = strcspn(x->text, ","), m = strcspn(y->text, ",");
        order = strncmp(x->text, y->text, n < m ? n : m);
        order = order ? order : (n > m) - (n < m);
        for (int i = 0; i < AXES && !order; i++)
            order = (x->cell[i] > y->cell[i]) - (x->cell[i] < y->cell[i]);
    }
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

void request_sort(struct request *r)
{
    for (size_t i = 0; i < r->n; i++)
        r->v[i].order = i;
    if (r->n)
        qsort(r->v, r->n, sizeof *r->v, compare_values);
}

static struct qkv_err add_edits(struct request *r, const struct overrides *e)
{
    struct qkv_err err = {0};
    struct str text = {0};
    for (size_t i = 0, n = edit_tree_size(e->edits); i < n && !err.code;) {
        struct edit next = edit_tree_at(e->edits, i), found;
        str_clear(&text);
        str_addf(&text, "%s,%zu,%zu,%zu:", next.tensor, next.at[0] + 1, next.at[1] + 1, next.at[2] + 1);
        str_add_number(&text, next.value);
        /* Cells beside each other in a row share a value of the key. */
        while (++i < n) {
            found = edit_tree_at(e->edits, i);
            next.at[AXIS_COL]++;
            if (edit_order(&next, &found) != 0)
                break;
            str_add(&text, ",");
            str_add_number(&text, found.value);
        }
        err = text.failed ? qkv_nomem("a state") : request_add(r, ORIGIN_LINE, "edit", text.v, 0, 0);
    }
    str_finish(&text);
    return err;
}

struct qkv_err request_of(struct request *r, const struct view *view, const char *lesson, unsigned groups)
{
    struct qkv_err err = {0};
    struct str text = {0};
    request_source(r);
    for (int i = 0; i < KEY_COUNT && !err.code; i++) {
        const struct key *k = &key_table[i];
        str_clear(&text);
        if (!(k->group & groups))
            continue;
        if (strcmp(k->name, "lesson") == 0)
            err = lesson ? request_add(r, ORIGIN_ARGUMENT, k->name, lesson, 0, 0) : err;
        else if (strcmp(k->name, "set") == 0)
            for (size_t s = 0; s < view->overrides->n_set && !err.code; s++)
                err = request_add(r, ORIGIN_LINE, k->name, view->overrides->set[s], 0, 0);
        else if (strcmp(k->name, "edit") == 0)
            err = add_edits(r, view->overrides);
        else if (key_print(k, view, &text))
            err = text.failed ? qkv_nomem("a state") : request_add(r, ORIGIN_LINE, k->name, text.v, 0, 0);
    }
    str_finish(&text);
    return err;
}

/* ---- what it asks for ---- */

const struct key_value *request_value(const struct request *r, const char *name)
{
    int key = key_find(name);
    for (size_t i = r->n; i-- > 0;)
        if (r->v[i].key == key)
            return &r->v[i];
    return NULL;
}

const char *request_lesson(const struct request *r)
{
    const struct key_value *v = request_value(r, "lesson");
    return v ? v->text : NULL;
}

const char *request_file(const struct request *r, const char *session)
{
    const struct key_value *v = request_value(r, "lesson");
    return v && v->origin != ORIGIN_FILE ? v->text : session;
}
