#include "lesson/text/fields.h"

#include "base/str.h"

#include <string.h>
#include <yaml.h>

/* libyaml looks at every open bracket for every token, which on a file of nothing but brackets takes seconds. */
enum { BRACKETS_MAX = 64 };

static const char wide_colon[] = "\xEF\xBC\x9A"; /* "：", which keyboards for Chinese and Japanese type */

struct tree {
    struct reader r;
    struct level {
        struct node *node, *last, *key; /* key: waits for its value */
    } levels[YAML_DEPTH_MAX];
    int depth;
    size_t n_nodes, nodes_max;
    struct node *root;
};

/* ---- places ---- */

static struct node at_byte(const char *text, size_t at)
{
    struct node place = {.line = 1, .column = 1};
    for (size_t i = 0; i < at; i++) {
        if (text[i] == '\n')
            place = (struct node){.line = place.line + 1, .column = 1};
        else if (((unsigned char)text[i] & 0xC0) != 0x80) /* continuation bytes are not characters of their own */
            place.column++;
    }
    return place;
}

static struct node at_mark(yaml_mark_t mark)
{
    return (struct node){.line = (int)mark.line + 1, .column = (int)mark.column + 1};
}

/* ---- checks before parsing ---- */

static bool is_control(unsigned char c)
{
    return (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F;
}

static bool bytes_are_text(struct reader *r, const char *text, size_t n, size_t most)
{
    struct node at;
    size_t bad = 0;
    int open = 0;
    if (n > most)
        return diagnostic(r, NULL, QKV_ERR_LIMIT, "the file has %zu bytes; at most %zu are read", n, most);
    for (size_t i = 0; i < n; i++) {
        if (is_control((unsigned char)text[i])) {
            at = at_byte(text, i);
            return diagnostic(r, &at, QKV_ERR_SYNTAX, "a control character (byte 0x%02X) has no place in a text file",
                              (unsigned)(unsigned char)text[i]);
        }
        if (text[i] == '{' || text[i] == '[')
            open++;
        else if ((text[i] == '}' || text[i] == ']') && open > 0)
            open--;
        if (open > BRACKETS_MAX) {
            at = at_byte(text, i);
            return diagnostic(r, &at, QKV_ERR_LIMIT, "more than %d brackets are open here", BRACKETS_MAX);
        }
    }
    if (utf8_is_valid(text, n, &bad))
        return true;
    at = at_byte(text, bad);
    return diagnostic(r, &at, QKV_ERR_SYNTAX, "this is not UTF-8 (byte 0x%02X); save the file as UTF-8",
                      (unsigned)(unsigned char)text[bad]);
}

/* ---- building the tree: false ends the reading ---- */

static struct node *new_node(struct tree *t, const yaml_event_t *event, enum node_kind kind)
{
    struct node at = at_mark(event->start_mark), *node = NULL;
    if (++t->n_nodes > t->nodes_max) {
        diagnostic(&t->r, &at, QKV_ERR_LIMIT, "more than %zu values in one file", t->nodes_max);
        return NULL;
    }
    at.kind = kind;
    at.text = "";
    if (event->type == YAML_SCALAR_EVENT) {
        at.bytes = event->data.scalar.length;
        at.text = arena_text(t->r.arena, (const char *)event->data.scalar.value, at.bytes);
        at.quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    }
    if (!at.text || !(node = arena_array(t->r.arena, 1, sizeof *node))) {
        diagnostic_nomem(&t->r, "the file's text");
        return NULL;
    }
    /* An escape can write a zero byte, after which the rest of the text would be lost. */
    if (strlen(at.text) != at.bytes)
        diagnostic(&t->r, &at, QKV_ERR_SYNTAX, "a zero byte has no place in a text");
    *node = at;
    return node;
}

static bool take_key(struct tree *t, struct level *level, const yaml_event_t *event)
{
    const struct node at = at_mark(event->start_mark);
    if (event->type != YAML_SCALAR_EVENT)
        return diagnostic(&t->r, &at, QKV_ERR_SYNTAX,
                          "a field's name must be a word (brackets in a text need quotes around it)");
    struct node *key = level->key = new_node(t, event, NODE_TEXT);
    if (!key)
        return false;
    if (strstr(key->text, wide_colon))
        diagnostic(&t->r, key, QKV_ERR_SYNTAX, "the colon in it is a full-width one; write ':' and a blank");
    for (const struct node *other = level->node->first; other; other = other->next)
        if (strcmp(other->key->text, key->text) == 0)
            diagnostic(&t->r, key, QKV_ERR_SYNTAX, "'%.60s' is given twice; first in line %d", key->text,
                       other->key->line);
    return level->node->n < YAML_MAPPING_MAX ||
           diagnostic(&t->r, key, QKV_ERR_LIMIT, "more than %d fields in one mapping", YAML_MAPPING_MAX);
}

static bool take_value(struct tree *t, const yaml_event_t *event, enum node_kind kind)
{
    struct level *level = t->depth > 0 ? &t->levels[t->depth - 1] : NULL;
    if (level && level->node->kind == NODE_MAPPING && !level->key)
        return take_key(t, level, event);
    struct node *node = new_node(t, event, kind);
    if (!node)
        return false;
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
        return true;
    if (t->depth == YAML_DEPTH_MAX)
        return diagnostic(&t->r, node, QKV_ERR_LIMIT, "nested more than %d deep", YAML_DEPTH_MAX);
    t->levels[t->depth++] = (struct level){.node = node};
    return true;
}

static void refuse_extras(struct tree *t, const yaml_event_t *event, const yaml_char_t *anchor, const yaml_char_t *tag)
{
    const struct node at = at_mark(event->start_mark);
    if (anchor)
        diagnostic(&t->r, &at, QKV_ERR_SYNTAX,
                   "anchors (&name) are not used here; put quotes around a text that starts with &");
    if (tag)
        diagnostic(&t->r, &at, QKV_ERR_SYNTAX,
                   "tags (!name) are not used here; put quotes around a text that starts with !");
}

static bool take(struct tree *t, const yaml_event_t *event)
{
    const struct node at = at_mark(event->start_mark);
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return !t->root ||
               diagnostic(&t->r, &at, QKV_ERR_SYNTAX, "a second document starts here ('---'); one file holds one");
    case YAML_ALIAS_EVENT:
        return diagnostic(&t->r, &at, QKV_ERR_SYNTAX,
                          "aliases (*name) are not used here; put quotes around a text that starts with *");
    case YAML_SCALAR_EVENT:
        refuse_extras(t, event, event->data.scalar.anchor, event->data.scalar.tag);
        return take_value(t, event, NODE_TEXT);
    case YAML_SEQUENCE_START_EVENT:
        refuse_extras(t, event, event->data.sequence_start.anchor, event->data.sequence_start.tag);
        return take_value(t, event, NODE_LIST);
    case YAML_MAPPING_START_EVENT:
        refuse_extras(t, event, event->data.mapping_start.anchor, event->data.mapping_start.tag);
        return take_value(t, event, NODE_MAPPING);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        t->depth--;
        return true;
    default:
        return true;
    }
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
            *ret = qkv_err_at(line - back, at_byte(copy, (size_t)(at - copy)).column, QKV_ERR_SYNTAX, "%s", what);
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
    yaml_mark_t mark = parser->error == YAML_READER_ERROR ? parser->mark : parser->problem_mark;
    /* A quote that is never closed is found at the end of the file; its author wants to know where it opens. */
    if (parser->problem && strcmp(parser->problem, "found unexpected end of stream") == 0)
        mark = parser->context_mark;
    const struct node at = at_mark(mark);
    return qkv_err_at(at.line, at.column, QKV_ERR_SYNTAX, "%s", what);
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
    struct tree tree = {.r = {.arena = arena, .f = f}, .nodes_max = limits.nodes};
    yaml_parser_t parser;
    if (!bytes_are_text(&tree.r, text, n, limits.bytes))
        return NULL;
    if (!yaml_parser_initialize(&parser)) {
        diagnostic_nomem(&tree.r, "reading YAML");
        return NULL;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, n);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    bool fine = true, ended = false;
    while (fine && !ended) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            struct qkv_err err = problem_of(&parser);
            if (err.code == QKV_ERR_SYNTAX)
                (void)find_mistake(text, n, err.line, &err);
            diagnostics_add(f, err);
            fine = false;
            break;
        }
        fine = take(&tree, &event);
        ended = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (fine && !tree.root)
        fine = diagnostic(&tree.r, &(struct node){.line = 1, .column = 1}, QKV_ERR_SYNTAX, "the file is empty");
    return fine ? tree.root : NULL;
}

/* ---- printing ---- */

static void print_node(const struct node *node, struct str *to);

static void print_text(const struct node *text, struct str *to)
{
    if (text->quoted || !text->text[0])
        str_add_quoted(to, text->text);
    else
        str_add(to, text->text);
}

void node_print_field(const struct node *field, struct str *to)
{
    print_text(field->key, to);
    str_add(to, ": ");
    print_node(field, to);
}

static void print_node(const struct node *node, struct str *to)
{
    if (node->kind == NODE_TEXT) {
        print_text(node, to);
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
