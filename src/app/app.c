/* app.c: what is shown, said and stood at: what all other files of the app need of it. */
#include "app/app_parts.h"

#include <stdarg.h>
#include <stdio.h>

void app_say(struct app *app, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(app->message, sizeof app->message, format, args);
    va_end(args);
    app->dirty = true;
}

size_t step_around(size_t at, int by, size_t n)
{
    return (at + n + (size_t)(by + (int)n)) % n;
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
                         .flash = app->animation.flash,
                         .working = app->job != NULL,
                         .measuring = app->job && job_ask(app->job)->use == ASK_TIMES,
                         .measures = app->host.measures > 0,
                         .progress = app->progress,
                         .keeps = app->job ? job_keeps(app->job) : 0,
                         .playing = app->animation.playing,
                         .width = app->width,
                         .height = app->height,
                         .density = app->density,
                         .command = command_shown,
                         .lessons = app->lessons,
                         .focus = app->input.focus,
                         .tip = app->input.tip,
                         .held = app->input.held,
                         .field = app->input.field,
                         .offer = app->files.offer,
                         .message = app->message[0] ? app->message : NULL};
    const struct cursor *before = &ret->held.cursor;
    /* A sum that is unfolded by a key while its number is pointed at needs the room. */
    ret->held.on = ret->held.on && lesson && app->input.hover && app->state.cursor.on && !app->state.pinned &&
                   !app->state.unfolded && (!before->on || view_has_cell(ret, before));
    return ret;
}

const struct item *page_target(const struct app *app, int command)
{
    for (size_t i = 0; i < app->page.n; i++)
        if (app->page.items[i].kind == ITEM_HIT && app->page.items[i].as.hit.command == command)
            return &app->page.items[i];
    return NULL;
}

void app_go(struct app *app, size_t position)
{
    const struct walk *walk = &app->doc.lesson->walk;
    if (app->state.compare == COMPARE_NONE) /* closed where a stop had opened it: the next one may again */
        app->state.compare = COMPARE_BY_STOP;
    app->state.position = position < walk->length ? position : walk->length - 1;
    app->state.cursor = (struct cursor){0};
    app->state.pinned = app->state.unfolded = app->state.head_here = false;
    app->state.read_from = 0;
    app->input.hover = false;
    app->dirty = true;
    zoom_follow(VIEW(app), &app->state.zoom);
}
