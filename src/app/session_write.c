/* session_write.c: a state line as YAML. */
#include "app/session.h"

#include "base/folder.h"

#include <stdio.h>
#include <string.h>

/* libyaml is not given more open brackets than this, in quotes or not (tree.c). */
enum { BRACKETS_WRITTEN = 16 };

/* Characters that YAML takes for something else, even in quotes. The last are the characters U+0080..U+00A0. */
static const struct {
    const char *bytes, *escape;
} escapes[] = {{"\"", "\\\""},
               {"\\", "\\\\"},
               {"\n", "\\n"},
               {"\t", "\\t"},
               {"\u2028", "\\u2028"},
               {"\u2029", "\\u2029"},
               {"\uFEFF", "\\uFEFF"},
               {"\xEF\xBF\xBE", "\\uFFFE"},
               {"\xEF\xBF\xBF", "\\uFFFF"}};

/* How many bytes of p were written another way; 0: p may stand as it is. */
static size_t add_escape(struct str *to, const char *p, bool brackets)
{
    unsigned char c = (unsigned char)p[0], next = (unsigned char)p[1];
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++)
        if (strncmp(p, escapes[i].bytes, strlen(escapes[i].bytes)) == 0) {
            str_add(to, escapes[i].escape);
            return strlen(escapes[i].bytes);
        }
    if (c == 0xC2 && next >= 0x80 && next <= 0xA0) {
        str_addf(to, "\\x%02X", next);
        return 2;
    }
    if (c >= 0x20 && c != 0x7F && (!brackets || (c != '[' && c != '{')))
        return 0;
    str_addf(to, "\\x%02X", c);
    return 1;
}

static bool is_plain(const char *value)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    return value[0] && strchr(letters, value[0]) &&
           strspn(value + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+.,!/") ==
               strlen(value + 1);
}

static void add_value(struct str *to, const char *value)
{
    if (is_plain(value)) {
        str_add(to, value);
        return;
    }
    size_t brackets = 0;
    for (const char *p = value; *p; p++)
        brackets += *p == '[' || *p == '{';
    str_add(to, "\"");
    while (*value) {
        size_t n = add_escape(to, value, brackets > BRACKETS_WRITTEN);
        if (n == 0)
            str_addn(to, value, 1);
        value += n ? n : 1;
    }
    str_add(to, "\"");
}

/* "  mask: causal" */
static void add_field(struct str *to, const char *indent, const char *name, const char *value)
{
    str_add(to, indent);
    add_value(to, name);
    str_add(to, ": ");
    add_value(to, value);
    str_add(to, "\n");
}

/* The parts of the file, in their order. Words of one part stand together in a line, so a part is opened once. */
enum part { PART_TOP, PART_SETTINGS, PART_EDITS, PART_PLACE, PART_SCREEN };
static const char *const headings[] = {
    [PART_SETTINGS] = "settings:\n", [PART_EDITS] = "edits:\n", [PART_PLACE] = "place:\n", [PART_SCREEN] = "screen:\n"};

static enum part part_of(const char *key)
{
    if (strcmp(key, "set") == 0)
        return PART_SETTINGS;
    if (strcmp(key, "edit") == 0)
        return PART_EDITS;
    if (state_is_of_work(key))
        return PART_TOP;
    return state_is_of_screen(key) ? PART_SCREEN : PART_PLACE;
}

struct writer {
    struct str *to;
    enum part part;
    struct str tensor; /* whose edits are being written */
};

/* "mask=causal" */
static void add_setting(struct writer *w, char *value)
{
    char *equals = strchr(value, '=');
    if (!equals)
        return;
    *equals = '\0';
    add_field(w->to, "  ", value, equals + 1);
}

/* "W_Q,1,3,2:0.5,-1" */
static void add_edit(struct writer *w, char *value)
{
    char *comma = strchr(value, ','), *colon = strchr(value, ':');
    if (!comma || !colon || colon < comma)
        return;
    *comma = *colon = '\0';
    if (strcmp(str_text(&w->tensor), value) != 0) {
        str_clear(&w->tensor);
        str_add(&w->tensor, value);
        str_add(w->to, "  ");
        add_value(w->to, value);
        str_add(w->to, ":\n");
    }
    str_addf(w->to, "    - %s: %s\n", comma + 1, colon + 1);
}

static void add_word(struct writer *w, char *key, char *value)
{
    enum part part = part_of(key);
    if (part != w->part && part != PART_TOP)
        str_add(w->to, headings[part]);
    w->part = part;
    if (part == PART_SETTINGS)
        add_setting(w, value);
    else if (part == PART_EDITS)
        add_edit(w, value);
    else
        add_field(w->to, part == PART_TOP ? "" : "  ", key, value);
}

struct qkv_err session_write(const char *line, struct str *to)
{
    struct writer w = {.to = to};
    struct str word = {0};
    str_addf(to,
             "# `qkv FILE` opens this. An edit is head,row,column: the number there, and those to its right.\n"
             "qkv session: %d\n",
             SESSION_VERSION);
    while (word_next(&line, &word)) {
        char *equals = word.v ? strchr(word.v, '=') : NULL;
        if (!equals)
            continue;
        *equals = '\0';
        add_word(&w, word.v, equals + 1);
    }
    bool failed = word.failed || to->failed || w.tensor.failed;
    str_finish(&word);
    str_finish(&w.tensor);
    if (failed)
        return qkv_nomem("a session");
    if (!utf8_is_valid(to->v, to->n, NULL))
        return qkv_errf(QKV_ERR_DOMAIN, "the lesson's path is no UTF-8, so no session can name it");
    return (struct qkv_err){0};
}

struct qkv_err session_line(const struct app *app, struct str *to)
{
    const char *given = str_text(&app->source.given);
    struct str path = {0}, lesson = {0};
    if (strcmp(given, "-") == 0)
        return qkv_errf(QKV_ERR_DOMAIN, "the lesson came from standard input: put it into a file first");
    struct qkv_err err = {0};
    if (!app->source.built_in)
        err = path_absolute(given, &path);
    if (!err.code) {
        word_print(&lesson, "lesson", app->source.built_in ? given : str_text(&path));
        str_add(to, str_text(&lesson) + 1); /* no blank at the start */
        state_print_rest(app, to);
        if (to->failed || lesson.failed)
            err = qkv_nomem("a session");
    }
    str_finish(&path);
    str_finish(&lesson);
    return err;
}

struct qkv_err session_of(const struct app *app, struct str *to)
{
    struct str line = {0};
    struct qkv_err err = session_line(app, &line);
    if (!err.code)
        err = session_write(str_text(&line), to);
    str_finish(&line);
    return err;
}
