#include "lesson/fields.h"

#include "base/str.h"

#include <string.h>
#include <yaml.h>

/* libyaml looks at every open bracket for every token, which on a file of nothing but brackets takes seconds. */
enum { BRACKETS_MAX = 64 };

static const char wide_colon[] = "\xEF\xBC\x9A"; /* "：", which keyboards for Chinese and Japanese type */

struct tree {
    struct arena *arena;
    struct diagnostics *f;
    struct level {
        struct node *node, *last, *key; /* key: waits for its value */
    } levels[YAML_DEPTH_MAX];
    int depth;
    size_t n_nodes, nodes_max;
    struct node *root;
    bool stopped; /* by an error after which the rest cannot be read */
};

static void stop_with(struct tree *t, struct qkv_err err)
{
    diagnostics_add(t->f, err);
    t->stopped = true;
}

/* ---- checks before parsing ---- */

struct place {
    int line, column;
};

static struct place place_of(const char *text, size_t at)
{
    struct place place = {1, 1};
    for (size_t i = 0; i < at; i++) {
        if (text[i] == '\n')
            place = (struct place){place.line + 1, 1};
        else if (((unsigned char)text[i] & 0xC0) != 0x80) /* continuation bytes are not characters of their own */
            place.column++;
    }
    return place;
}

static bool is_control(unsigned char c)
{
    return (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F;
}

static bool bytes_are_text(const char *text, size_t n, size_t most, struct diagnostics *f)
{
    if (n > most) {
        diagnostics_add(f, qkv_errf(QKV_ERR_LIMIT, "the file has %zu bytes; at most %zu are read", n, most));
        return false;
    }
    int open = 0;
    for (size_t i = 0; i < n; i++) {
        struct place at;
        if (is_control((unsigned char)text[i])) {
            at = place_of(text, i);
            diagnostics_add(f, qkv_err_at(at.line, at.column, QKV_ERR_SYNTAX,
                                          "a control character (byte 0x%02X) has no place in a text file",
                                          (unsigned)(unsigned char)text[i]));
            return false;
        }
        if (text[i] == '{' || text[i] == '[')
            open++;
        else if ((text[i] == '}' || text[i] == ']') && open > 0)
            open--;
        if (open > BRACKETS_MAX) {
            at = place_of(text, i);
            diagnostics_add(
                f, qkv_err_at(at.line, at.column, QKV_ERR_LIMIT, "more than %d brackets are open here", BRACKETS_MAX));
            return false;
        }
    }
    size_t bad = 0;
    if (!utf8_is_valid(text, n, &bad)) {
        struct place at = place_of(text, bad);
        diagnostics_add(f, qkv_err_at(at.line, at.column, QKV_ERR_SYNTAX,
                                      "this is not UTF-8 (byte 0x%02X); save the file as UTF-8",
                                      (unsigned)(unsigned char)text[bad]));
        return false;
    }
    return true;
}

/* ---- building the tree ---- */

static int line_of(yaml_mark_t mark)
{
    return (int)mark.line + 1;
}

static int column_of(yaml_mark_t mark)
{
    return (int)mark.column + 1;
}

static void refuse(struct tree *t, const yaml_event_t *event, enum qkv_code code, const char *why)
{
    diagnostics_add(t->f, qkv_err_at(line_of(event->start_mark), column_of(event->start_mark), code, "%s", why));
}

static struct node *new_node(struct tree *t, const yaml_event_t *event, enum node_kind kind)
{
    int line = line_of(event->start_mark), column = column_of(event->start_mark);
    if (++t->n_nodes > t->nodes_max) {
        stop_with(t, qkv_err_at(line, column, QKV_ERR_LIMIT, "more than %zu values in one file", t->nodes_max));
        return NULL;
    }
    struct node *node = arena_array(t->arena, 1, sizeof *node);
    if (!node) {
        stop_with(t, qkv_nomem("the file's text"));
        return NULL;
    }
    *node = (struct node){.kind = kind, .line = line, .column = column, .text = ""};
    if (event->type == YAML_SCALAR_EVENT) {
        node->bytes = event->data.scalar.length;
        node->text = arena_text(t->arena, (const char *)event->data.scalar.value, node->bytes);
        node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        if (!node->text) {
            stop_with(t, qkv_nomem("the file's text"));
            return NULL;
        }
        /* An escape can write a zero byte, after which the rest of the text would be lost. */
        if (strlen(node->text) != node->bytes)
            refuse(t, event, QKV_ERR_SYNTAX, "a zero byte has no place in a text");
    }
    return node;
}

static void take_key(struct tree *t, struct level *level, const yaml_event_t *event)
{
    if (event->type != YAML_SCALAR_EVENT) {
        stop_with(t, qkv_err_at(line_of(event->start_mark), column_of(event->start_mark), QKV_ERR_SYNTAX,
                                "a field's name must be a word (brackets in a text need quotes around it)"));
        return;
    }
    struct node *key = new_node(t, event, NODE_TEXT);
    if (!key)
        return;
    if (strstr(key->text, wide_colon))
        refuse(t, event, QKV_ERR_SYNTAX, "the colon in it is a full-width one; write ':' and a blank");
    for (const struct node *other = level->node->first; other; other = other->next)
        if (strcmp(other->key->text, key->text) == 0)
            diagnostics_add(t->f, qkv_err_at(key->line, key->column, QKV_ERR_SYNTAX,
                                             "'%.60s' is given twice; first in line %d", key->text, other->key->line));
    level->key = key;
    if (level->node->n >= YAML_MAPPING_MAX)
        stop_with(t, qkv_err_at(key->line, key->column, QKV_ERR_LIMIT, "more than %d fields in one mapping",
                                YAML_MAPPING_MAX));
}

static void take_value(struct tree *t, const yaml_event_t *event, enum node_kind kind)
{
    struct level *level = t->depth > 0 ? &t->levels[t->depth - 1] : NULL;
    if (level && level->node->kind == NODE_MAPPING && !level->key) {
        take_key(t, level, event);
        return;
    }
    struct node *node = new_node(t, event, kind);
    if (!node)
        return;
    if (!level) {
        t->root = node;
    } else {
        *(level->last ? &level->last->next : &level->node->first) = node;
        level->last = node;
        level->node->n++;
        node->key = level->key;
        level->key = NULL;
    }
    if (kind == NODE_TEXT)
        return;
    if (t->depth == YAML_DEPTH_MAX)
        stop_with(t, qkv_err_at(node->line, node->column, QKV_ERR_LIMIT, "nested more than %d deep", YAML_DEPTH_MAX));
    else
        t->levels[t->depth++] = (struct level){.node = node};
}

static void refuse_extras(struct tree *t, const yaml_event_t *event, const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor)
        refuse(t, event, QKV_ERR_SYNTAX,
               "anchors (&name) are not used here; put quotes around a text that starts with &");
    if (tag)
        refuse(t, event, QKV_ERR_SYNTAX, "tags (!name) are not used here; put quotes around a text that starts with !");
}

/* Take one event; false at the end of the stream. */
static bool take(struct tree *t, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_STREAM_END_EVENT:
        return false;
    case YAML_DOCUMENT_START_EVENT:
        if (t->root)
            stop_with(t, qkv_err_at(line_of(event->start_mark), column_of(event->start_mark), QKV_ERR_SYNTAX,
                                    "a second document starts here ('---'); one file holds one"));
        break;
    case YAML_ALIAS_EVENT:
        stop_with(t, qkv_err_at(line_of(event->start_mark), column_of(event->start_mark), QKV_ERR_SYNTAX,
                                "aliases (*name) are not used here; put quotes around a text that starts with *"));
        break;
    case YAML_SCALAR_EVENT:
        refuse_extras(t, event, event->data.scalar.anchor, event->data.scalar.tag);
        take_value(t, event, NODE_TEXT);
        break;
    case YAML_SEQUENCE_START_EVENT:
        refuse_extras(t, event, event->data.sequence_start.anchor, event->data.sequence_start.tag);
        take_value(t, event, NODE_LIST);
        break;
    case YAML_MAPPING_START_EVENT:
        refuse_extras(t, event, event->data.mapping_start.anchor, event->data.mapping_start.tag);
        take_value(t, event, NODE_MAPPING);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        t->depth--;
        break;
    default:
        break;
    }
    return !t->stopped;
}

/* libyaml's most frequent messages, and what they mean for an author. */
static const struct {
    const char *libyaml, *ours;
} problems[] = {
    {"found character that cannot start any token", "no value can start with this character (a tab? indent with "
                                                    "spaces; a text that starts with @ ` or % needs quotes)"},
    {"found a tab character where an indentation space is expected", "a tab stands where spaces indent; use spaces"},
    {"found a tab character that violates indentation", "a tab stands where spaces indent; use spaces"},
    {"mapping values are not allowed in this context",
     "a second ': ' in one line, or a line that is indented too far; put quotes around a text that holds ': '"},
    {"could not find expected ':'", "a ':' is missing after a field's name, or this line is not indented far enough"},
    {"did not find expected key", "this line does not stand under the one it belongs to; check the spaces before it"},
    {"did not find expected '-' indicator", "a list goes on here without its '- '; check the spaces before it"},
    {"did not find expected ',' or ']'", "a ',' or a ']' is missing"},
    {"did not find expected ',' or '}'", "a ',' or a '}' is missing"},
    {"found unexpected end of stream", "the quote that opens here is never closed"},
    {"block sequence entries are not allowed in this context", "a list ('- ') starts on a line of its own"},
    {"did not find expected node content", "a value is missing here"},
    {"found unexpected ':'", "a blank is missing after this ':'"},
    {"found unknown escape character",
     "in double quotes a backslash starts an escape; write two, or use single quotes"},
};

/* What follows the closing quote of a text in quotes; NULL: it does not close in this line. */
static const char *behind_quote(const char *value)
{
    for (const char *at = value + 1; *at; at++) {
        if (*at == '\\' && *value == '"' && at[1])
            at++;
        else if (*at == *value && (at[1] != *value || *value == '"'))
            return at + 1;
        else if (*at == *value)
            at++;
    }
    return NULL;
}

/* The most frequent mistakes in a line, with the remedy; NULL: none is found. *ret_at: its place. */
static const char *mistake_in(const char *line, const char **ret_at)
{
    const char *at = line + strspn(line, " -");
    size_t n = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
    *ret_at = at += n;
    if (n == 0)
        return NULL;
    if (strncmp(at, wide_colon, 3) == 0)
        return "this colon is a full-width one; write ':' and a blank";
    if (*at != ':' || !at[1])
        return NULL;
    if (!strchr(" /\r", at[1]))
        return "a blank is missing after this ':'";
    const char *value = *ret_at = at + 1 + strspn(at + 1, " "), *behind;
    if (*value == '*' || (value[0] == '{' && value[1] && value[2] == '}'))
        return "a text that begins with { or * needs quotes around it";
    if ((*value == '\'' || *value == '"') && (behind = behind_quote(value)) && *behind && !strchr(" #,]}\r", *behind)) {
        *ret_at = behind - 1;
        return *value == '"' ? "the text ends at this quote; write \\\" for a quote inside"
                             : "the text ends at this apostrophe; write '' for one inside, or \" around the text";
    }
    return NULL;
}

/* A mistake in this line (from 1), or in the one before, which YAML reports one line later. */
static bool find_mistake(const char *text, size_t n, int line, struct qkv_err *ret)
{
    for (int back = 0; back < 2 && line - back >= 1; back++) {
        const char *start = text, *last = text + n, *at;
        char copy[1024];
        for (int i = 1; start && i < line - back; i++)
            start = (start = memchr(start, '\n', (size_t)(last - start))) ? start + 1 : NULL;
        const char *end = start ? memchr(start, '\n', (size_t)(last - start)) : NULL;
        size_t length = start ? (size_t)((end ? end : last) - start) : sizeof copy;
        if (length >= sizeof copy)
            continue;
        memcpy(copy, start, length);
        copy[length] = '\0';
        const char *what = mistake_in(copy, &at);
        if (what) {
            struct place place = place_of(copy, (size_t)(at - copy));
            *ret = qkv_err_at(line - back, place.column, QKV_ERR_SYNTAX, "%s", what);
            return true;
        }
    }
    return false;
}

static struct qkv_err problem_of(const yaml_parser_t *parser)
{
    if (parser->error == YAML_MEMORY_ERROR)
        return qkv_nomem("reading YAML");
    const char *what = parser->problem ? parser->problem : "this is not YAML";
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++)
        if (strcmp(what, problems[i].libyaml) == 0)
            what = problems[i].ours;
    yaml_mark_t at = parser->error == YAML_READER_ERROR ? parser->mark : parser->problem_mark;
    /* A quote that is never closed is found at the end of the file; its author wants to know where it opens. */
    if (parser->problem && strcmp(parser->problem, "found unexpected end of stream") == 0)
        at = parser->context_mark;
    return qkv_err_at(line_of(at), column_of(at), QKV_ERR_SYNTAX, "%s", what);
}

struct node *yaml_read(struct arena *arena, const char *text, size_t n, struct diagnostics *f)
{
    return yaml_read_within(arena, text, n, (struct yaml_limits){YAML_BYTES_MAX, YAML_NODES_MAX}, f);
}

struct node *yaml_read_within(struct arena *arena, const char *text, size_t n, struct yaml_limits limits,
                              struct diagnostics *f)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* the byte order mark that some editors begin a file with */
    if (n >= 3 && memcmp(text, mark, 3) == 0)
        text += 3, n -= 3;
    if (!bytes_are_text(text, n, limits.bytes, f))
        return NULL;
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        diagnostics_add(f, qkv_nomem("reading YAML"));
        return NULL;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, n);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    struct tree tree = {.arena = arena, .f = f, .nodes_max = limits.nodes};
    for (bool more = true; more;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            struct qkv_err err = problem_of(&parser);
            if (err.code == QKV_ERR_SYNTAX)
                (void)find_mistake(text, n, err.line, &err);
            stop_with(&tree, err);
            break;
        }
        more = take(&tree, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (!tree.stopped && !tree.root)
        stop_with(&tree, qkv_err_at(1, 1, QKV_ERR_SYNTAX, "the file is empty"));
    return tree.stopped ? NULL : tree.root;
}

/* ---- printing ---- */

static void print_node(const struct node *node, struct str *to);

static void print_text(const char *text, bool quoted, struct str *to)
{
    if (!quoted && text[0]) {
        str_add(to, text);
        return;
    }
    str_add(to, "\"");
    for (const char *p = text; *p; p++) {
        if (*p == '"' || *p == '\\')
            str_add(to, "\\");
        str_addn(to, p, 1);
    }
    str_add(to, "\"");
}

void node_print_field(const struct node *field, struct str *to)
{
    print_text(field->key->text, field->key->quoted, to);
    str_add(to, ": ");
    print_node(field, to);
}

static void print_node(const struct node *node, struct str *to)
{
    if (node->kind == NODE_TEXT) {
        print_text(node->text, node->quoted, to);
        return;
    }
    str_add(to, node->kind == NODE_LIST ? "[" : "{");
    for (const struct node *item = node->first; item; item = item->next) {
        str_add(to, item == node->first ? "" : ", ");
        if (node->kind == NODE_LIST)
            print_node(item, to);
        else
            node_print_field(item, to);
    }
    str_add(to, node->kind == NODE_LIST ? "]" : "}");
}
