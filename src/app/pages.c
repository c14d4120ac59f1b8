#include "app/pages.h"

#include "base/file.h"

#include <math.h>
#include <stdio.h>

struct qkv_err page_write(struct app *app, struct fonts *fonts, const char *path)
{
    struct display_list scratch = {0};
    struct str png = {0};
    app->transition.on = false;
    const struct display_list *list = app_draw(app, &scratch);
    struct qkv_err err = list ? page_png(list, fonts, &png) : qkv_nomem("a page");
    if (!err.code)
        err = file_write(path, png.v, png.n);
    str_finish(&png);
    display_finish(&scratch);
    return err;
}

static struct qkv_err write_place(struct app *app, struct fonts *fonts, const char *folder, size_t at, size_t stop)
{
    struct str path = {0};
    const char *name = app->lesson.tape.steps[app->walk.steps[at].step].spec.name;
    str_addf(&path, "%s/%02zu-%s", folder, at + 1, name);
    if (stop > 0)
        str_addf(&path, "-%zu", stop + 1);
    str_add(&path, ".png");
    struct qkv_err err = path.failed ? qkv_nomem("a path") : (struct qkv_err){0};
    if (!err.code) {
        app_go(app, walk_whole(&app->walk, at) + stop);
        err = page_write(app, fonts, path.v);
    }
    str_finish(&path);
    return err;
}

struct qkv_err pages_write(struct app *app, struct fonts *fonts, const char *folder, size_t *ret_n)
{
    size_t n = 0;
    struct qkv_err err = folder_make(folder);
    for (size_t at = 0; !err.code && at < app->walk.n; at++) {
        size_t stops = app->walk.steps[at].n_stops > 1 ? (size_t)app->walk.steps[at].n_stops : 1;
        for (size_t stop = 0; !err.code && stop < stops; stop++) {
            err = write_place(app, fonts, folder, at, stop);
            n += !err.code;
        }
    }
    *ret_n = n;
    return err;
}
