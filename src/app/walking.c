/* walking.c: the commands of the walk: forward, back, strides, playing, jumps. */
#include "app/command_list.h"
#include "app/parts.h"

#include <string.h>

/* At the end of a lesson a person wants to know what comes next. */
static void say_end(struct app *app)
{
    const char *next = app->doc.lesson->next, *title = NULL;
    for (int i = 0; next && app->lessons[i].name; i++)
        if (strcmp(app->lessons[i].name, next) == 0)
            title = app->lessons[i].title;
    if (title)
        app_say(app, "The end. Next: %s (L)", title);
    else
        app_say(app, "The end of the walk.");
}

void walking_forward(struct app *app, int argument)
{
    (void)argument;
    size_t before = app->state.position;
    app->playing = false;
    app_go(app, walk_forward(&app->doc.lesson->walk, before, app->state.stride));
    if (app->state.position == before)
        say_end(app);
}

void walking_back(struct app *app, int argument)
{
    (void)argument;
    size_t previous = walk_back(&app->doc.lesson->walk, app->state.position, app->state.stride);
    app->playing = false;
    app_go(app, previous);
}

void walking_first(struct app *app, int argument)
{
    (void)argument;
    app->playing = false;
    app_go(app, walk_whole(&app->doc.lesson->walk, 0));
}

void walking_last(struct app *app, int argument)
{
    (void)argument;
    app->playing = false;
    app_go(app, app->doc.lesson->walk.length - 1);
}

void walking_stride_next(struct app *app, int argument)
{
    (void)argument;
    app->state.stride = (app->state.stride + 1) % STRIDE_COUNT;
}

void walking_stride_set(struct app *app, int argument)
{
    if (argument >= 0 && argument < STRIDE_COUNT)
        app->state.stride = (enum stride)argument;
}

void walking_play_pause(struct app *app, int argument)
{
    (void)argument;
    app->playing = !app->playing;
    if (!app->playing)
        return;
    app->state.page = PAGE_WALK;
    /* At the end there is nothing left to play: begin again. */
    if (app->state.position + 1 >= app->doc.lesson->walk.length)
        app_go(app, 0);
    app->state.cursor.on = app->state.pinned = false;
    app->play_next = app->now;
}

void walking_speed_set(struct app *app, int argument)
{
    if (argument >= 0 && argument < SPEED_COUNT)
        app->state.speed = argument;
}

void walking_slower(struct app *app, int argument)
{
    (void)argument;
    walking_speed_set(app, app->state.speed - 1);
}

void walking_faster(struct app *app, int argument)
{
    (void)argument;
    walking_speed_set(app, app->state.speed + 1);
}

void walking_stage_go(struct app *app, int argument)
{
    int at = walk_stage(&app->doc.lesson->walk, (enum stage)argument);
    if (at < 0)
        return;
    app->playing = false;
    app->state.page = PAGE_WALK;
    app_go(app, walk_whole(&app->doc.lesson->walk, (size_t)at));
}

void walking_step_go(struct app *app, int argument)
{
    if (argument < 0 || (size_t)argument >= app->doc.lesson->walk.n)
        return;
    app->playing = false;
    app->state.page = PAGE_WALK;
    app_go(app, walk_whole(&app->doc.lesson->walk, (size_t)argument));
}
