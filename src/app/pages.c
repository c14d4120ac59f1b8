#include "app/pages.h"

#include "base/file.h"
#include "base/folder.h"
#include "lesson/language.h"
#include "scene/text.h"

#include <math.h>
#include <stdio.h>

const char *const page_formats[] = {[PAGE_PNG] = "png", [PAGE_SVG] = "svg", NULL};
_Static_assert(sizeof page_formats / sizeof page_formats[0] == PAGE_FORMAT_COUNT + 1, "a format has no name");

/* For whoever cannot see the page: where in the lesson it is, and what the step says of itself, without its marks. */
static struct qkv_err make_svg(const struct app *app, const struct display_list *list, struct fonts *fonts,
                               struct str *ret)
{
    const struct lesson *lesson = app->doc.lesson;
    struct place place = walk_place(&lesson->walk, app->state.position);
    const struct step_text text = step_text(&lesson->tape.steps[lesson->walk.steps[place.at].step], app->state.columns);
    struct str title = {0};
    struct spans meaning = {0};
    str_addf(&title, "%s: %s", lesson->title, text.title);
    spans_parse(&meaning, text.meaning);
    bool failed = title.failed || meaning.failed || meaning.text.failed;
    struct qkv_err err =
        failed ? qkv_nomem("an SVG page") : page_svg(list, fonts, str_text(&title), str_text(&meaning.text), ret);
    str_finish(&title);
    spans_finish(&meaning);
    return err;
}

struct qkv_err page_make(struct app *app, struct fonts *fonts, enum page_format format, struct str *ret)
{
    struct display_list scratch = {0};
    app->transition.on = false;
    const struct display_list *list = app_draw(app, &scratch);
    struct qkv_err err;
    if (!list)
        err = qkv_nomem("a page");
    else if (format == PAGE_SVG)
        err = make_svg(app, list, fonts, ret);
    else
        err = page_png(list, fonts, ret);
    display_finish(&scratch);
    return err;
}

struct qkv_err page_write(struct app *app, struct fonts *fonts, enum page_format format, const char *path)
{
    struct str page = {0};
    struct qkv_err err = page_make(app, fonts, format, &page);
    if (!err.code)
        err = file_write(path, page.v, page.n);
    str_finish(&page);
    return err;
}

static struct qkv_err write_place(struct app *app, struct fonts *fonts, enum page_format format, const char *folder,
                                  size_t at, size_t stop)
{
    struct str path = {0};
    const char *name = app->doc.lesson->tape.steps[app->doc.lesson->walk.steps[at].step].spec.name;
    str_addf(&path, "%s/%02zu-%s", folder, at + 1, name);
    if (stop > 0)
        str_addf(&path, "-%zu", stop + 1);
    str_addf(&path, ".%s", page_formats[format]);
    struct qkv_err err = path.failed ? qkv_nomem("a path") : (struct qkv_err){0};
    if (!err.code) {
        app_go(app, walk_whole(&app->doc.lesson->walk, at) + stop);
        err = page_write(app, fonts, format, path.v);
    }
    str_finish(&path);
    return err;
}

struct qkv_err pages_write(struct app *app, struct fonts *fonts, enum page_format format, const char *folder,
                           size_t *ret_n)
{
    size_t n = 0;
    struct qkv_err err = folder_make(folder);
    for (size_t at = 0; !err.code && at < app->doc.lesson->walk.n; at++) {
        size_t stops =
            app->doc.lesson->walk.steps[at].n_stops > 1 ? (size_t)app->doc.lesson->walk.steps[at].n_stops : 1;
        for (size_t stop = 0; !err.code && stop < stops; stop++) {
            err = write_place(app, fonts, format, folder, at, stop);
            n += !err.code;
        }
    }
    *ret_n = n;
    return err;
}
