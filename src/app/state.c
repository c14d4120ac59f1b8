/* state.c: what the app shows as a request (keys.h), and back. */
#include "app/parts.h"
#include "app/session.h"
#include "base/folder.h"
#include "paint/paint.h"

#include <string.h>

/* ---- printing ---- */

void state_print(const struct app *app, struct str *to)
{
    struct request r = {0};
    struct qkv_err err = request_of(&r, VIEW(app), str_text(&app->doc.source->given), KEYS_ALL);
    if (err.code)
        to->failed = true;
    request_print_line(&r, to);
    request_finish(&r);
}

/* All of it, with a path that holds from anywhere. */
static struct qkv_err request_to_keep(const struct app *app, struct request *r)
{
    const char *given = str_text(&app->doc.source->given);
    struct str path = {0};
    if (strcmp(given, "-") == 0)
        return qkv_errf(QKV_ERR_DOMAIN, "the lesson came from standard input: put it into a file first");
    struct qkv_err err = app->doc.source->built_in ? (struct qkv_err){0} : path_absolute(given, &path);
    if (!err.code)
        err = request_of(r, VIEW(app), app->doc.source->built_in ? given : str_text(&path), KEYS_ALL);
    str_finish(&path);
    return err;
}

struct qkv_err session_line(const struct app *app, struct str *to)
{
    struct request r = {0};
    struct qkv_err err = request_to_keep(app, &r);
    request_print_line(&r, to);
    request_finish(&r);
    return !err.code && to->failed ? qkv_nomem("a session") : err;
}

struct qkv_err session_of(const struct app *app, struct str *to)
{
    struct request r = {0};
    struct qkv_err err = request_to_keep(app, &r);
    if (!err.code)
        err = session_print(&r, to);
    request_finish(&r);
    return err;
}

/* ---- going there ---- */

struct qkv_err state_apply(struct app *app, const char *line)
{
    struct request r = {0};
    struct qkv_err err = request_read_line(&r, line);
    if (!err.code)
        err = app_apply(app, &r, RESOLVE_SCREEN);
    request_finish(&r);
    return err;
}
