#include "app/app_parts.h"

#include "base/file.h"
#include "base/folder.h"
#include "lesson/text/builtin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *keep_path_shown(const char *path)
{
    size_t n = strlen(path), at = n > PATH_SHOWN ? n - PATH_SHOWN : 0;
    while (at > 0 && at < n && ((unsigned char)path[at] & 0xC0) == 0x80)
        at++;
    return path + at;
}

/* ---- typed paths ---- */

bool keep_ends_with(const char *path, const char *ending)
{
    size_t n = strlen(path), m = strlen(ending);
    return n > m && strcasecmp(path + n - m, ending) == 0;
}

bool keep_read_path(struct app *app, const char *text, struct str *ret)
{
    struct str path = {0};
    const char *home = getenv("HOME");
    size_t n = strlen(text);
    while (n > 0 && strchr(" \t", text[n - 1]))
        n--;
    size_t lead = strspn(text, " \t");
    lead = lead < n ? lead : n;
    bool at_home = home && strncmp(text + lead, "~/", 2) == 0;
    str_add(&path, at_home ? home : "");
    str_addn(&path, text + lead + at_home, n - lead - at_home);
    if (path.failed)
        app_say(app, "There is no memory for that.");
    else if (path.n == 0)
        app_say(app, "The name of a file is wanted.");
    struct qkv_err err = path.n && !path.failed ? path_absolute(path.v, ret) : (struct qkv_err){0};
    if (err.code)
        app_say(app, "%s", err.what);
    str_finish(&path);
    return ret->n > 0 && !err.code;
}

bool keep_may_write(struct app *app, const char *path, const char *own)
{
    if (!file_exists(path) || strcmp(path, own) == 0 || strcmp(path, str_text(&app->files.overwrite_path)) == 0)
        return true;
    str_clear(&app->files.overwrite_path);
    str_add(&app->files.overwrite_path, path);
    app_say(app, "There is already a file %s. Enter once more overwrites it.", keep_path_shown(path));
    return false;
}

bool keep_has_files(struct app *app)
{
    if (!app->host.files)
        app_say(app, "There are no files here to save into.");
    return app->host.files;
}

/* ---- what is on the screen as keys, and back ---- */

void state_print(const struct app *app, struct str *to)
{
    struct request r = {0};
    struct qkv_err err = request_of(&r, VIEW(app), str_text(&app->doc.source->given), KEYS_ALL);
    if (request_print_line(&r, to).code || err.code)
        to->failed = true;
    request_finish(&r);
}

struct qkv_err session_of(const struct app *app, session_printer *print, struct str *to)
{
    const char *given = str_text(&app->doc.source->given);
    struct str path = {0};
    struct request r = {0};
    if (strcmp(given, "-") == 0)
        return qkv_errf(QKV_ERR_DOMAIN, "the lesson came from standard input: put it into a file first");
    struct qkv_err err = app->doc.source->built_in ? (struct qkv_err){0} : path_absolute(given, &path);
    if (!err.code)
        err = request_of(&r, VIEW(app), path.n ? path.v : given, KEYS_ALL);
    if (!err.code)
        err = print(&r, to);
    str_finish(&path);
    request_finish(&r);
    return err;
}

struct qkv_err session_write(const struct app *app, const char *path)
{
    struct str session = {0};
    struct qkv_err err = session_of(app, session_print, &session);
    if (!err.code)
        err = file_write(path, session.v, session.n);
    str_finish(&session);
    return err;
}

struct qkv_err state_apply(struct app *app, const char *line)
{
    struct request r = {0};
    struct qkv_err err = request_read_line(&r, line);
    if (!err.code)
        err = app_apply(app, &r);
    request_finish(&r);
    return err;
}

/* ---- sessions ---- */

void keep_save(struct app *app, UNUSED int argument)
{
    struct str path = {0};
    if (!keep_has_files(app))
        return;
    if (app->files.session_path.n)
        str_add(&path, app->files.session_path.v);
    else
        str_addf(&path, "%s.session.yaml", app->doc.lesson->name);
    typing_open(app, TYPING_SAVE, "Save as", str_text(&path));
    str_finish(&path);
}

bool keep_use_save(struct app *app, const char *text)
{
    struct str path = {0};
    bool given = keep_read_path(app, text, &path);
    if (given && !keep_ends_with(path.v, ".yaml") && !keep_ends_with(path.v, ".yml"))
        str_add(&path, ".yaml");
    bool done = given && keep_may_write(app, str_text(&path), str_text(&app->files.session_path));
    if (done) {
        struct qkv_err err = session_write(app, str_text(&path));
        done = !err.code;
        app_say(app, done ? "Saved as %s" : "%s", done ? keep_path_shown(str_text(&path)) : err.what);
    }
    if (done) {
        str_finish(&app->files.session_path);
        app->files.session_path = path;
    } else {
        str_finish(&path);
    }
    return done;
}

void keep_open(struct app *app, UNUSED int argument)
{
    if (!keep_has_files(app))
        return;
    typing_open(app, TYPING_OPEN, "Open", str_text(&app->files.session_path));
}

bool keep_use_open(struct app *app, const char *text)
{
    struct str path = {0};
    bool known = builtin_lesson_find(text) >= 0;
    bool done =
        known ? app_open_here(app, text) : keep_read_path(app, text, &path) && app_open_here(app, str_text(&path));
    str_finish(&path);
    return done;
}

void keep_copy_line(struct app *app, UNUSED int argument)
{
    struct str line = {0};
    struct qkv_err err = session_of(app, request_print_line, &line);
    if (err.code) {
        app_say(app, "%s", err.what);
    } else if (!app->clipboard.set) {
        app_say(app, "There is no clipboard here.");
    } else {
        app->clipboard.set(str_text(&line));
        app_say(app, "This place is copied, as a line of text. It opens with: qkv --state 'LINE'");
    }
    str_finish(&line);
}
