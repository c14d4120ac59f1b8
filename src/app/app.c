#include "app/parts.h"

#include "app/field.h"
#include "lesson/builtin.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void app_say(struct app *app, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(app->message, sizeof app->message, format, args);
    va_end(args);
    app->dirty = true;
}

/* The built-in lessons are read once, for their titles. */
struct qkv_err app_read_catalogue(struct app *app)
{
    size_t n = 0;
    while (builtin_lesson_name(n))
        n++;
    app->lessons = calloc(n + 1, sizeof *app->lessons);
    app->catalogue = calloc(n + 1, sizeof *app->catalogue);
    if (!app->lessons || !app->catalogue)
        return qkv_nomem("the list of lessons");
    struct qkv_err err = {0};
    for (size_t i = 0; i < n && !err.code; i++) {
        struct lesson *lesson = &app->catalogue[i];
        err = lesson_open(builtin_lesson_name(i), &(struct lesson_options){.heading_only = true}, lesson, NULL);
        app->lessons[i] =
            (struct lesson_line){lesson->name, lesson->tab, lesson->title, lesson->summary[0], lesson->group};
    }
    return err;
}

void app_finish(struct app *app)
{
    job_free(app->job);
    ask_finish(&app->next);
    for (size_t i = 0; app->catalogue && app->lessons && app->lessons[i].name; i++)
        lesson_finish(&app->catalogue[i]);
    free(app->catalogue);
    free(app->lessons);
    display_finish(&app->page);
    display_finish(&app->transition.from);
    comparison_finish(&app->baseline_comparison);
    document_finish(&app->doc);
    lesson_unref(app->baseline);
    lesson_unref(app->before);
    cache_finish(&app->cache);
    history_finish(&app->history);
    field_finish(&app->input.field);
    str_finish(&app->session_path);
    str_finish(&app->overwrite_path);
    *app = (struct app){0};
}

const struct view *app_view(const struct app *app, struct view *ret)
{
    const struct lesson *lesson = app->doc.lesson;
    *ret = (struct view){.state = &app->state,
                         .lesson = lesson,
                         .walk = lesson ? &lesson->walk : NULL,
                         .overrides = &app->doc.overrides,
                         .comparison = lesson ? lesson->comparison : NULL,
                         .baseline_comparison = app->baseline_comparison.step ? &app->baseline_comparison : NULL,
                         .baseline = app->baseline,
                         .before = app->before,
                         .moved = app->moved,
                         .flash = app->flash,
                         .working = app->job != NULL,
                         .progress = app->progress,
                         .playing = app->playing,
                         .width = app->width,
                         .height = app->height,
                         .density = app->density,
                         .command = app->command,
                         .lessons = app->lessons,
                         .focus = app->input.focus,
                         .tip = app->input.tip,
                         .field = app->input.field,
                         .offer = app->offer,
                         .message = app->message[0] ? app->message : NULL};
    return ret;
}

void app_go(struct app *app, size_t position)
{
    const struct walk *walk = &app->doc.lesson->walk;
    app->state.position = position < walk->length ? position : walk->length - 1;
    app->state.cursor = (struct cursor){0};
    app->state.pinned = app->state.unfolded = app->state.head_here = false;
    app->state.read_from = 0;
    app->input.hover = false;
    app->dirty = true;
    zoom_follow(VIEW(app), &app->state.zoom);
}
