/* walking.c: the commands of the walk: forward, back, strides, playing, jumps. */
#include "app/command_list.h"
#include "app/parts.h"

#include <math.h>
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

/* ---- what goes on by itself: cells that fill one after the other, and the way from page to page ---- */

/* Seconds a change of step takes to the eye. */
static const double transition_length = 0.4;

/* Remember the page the change begins with, when the change is one the eye should follow. */
void transition_begin(struct app *app, size_t position_before, enum page page_before)
{
    size_t before = walk_place(&app->doc.lesson->walk, position_before).at,
           after = walk_place(&app->doc.lesson->walk, app->state.position).at;
    bool changed = before != after || page_before != app->state.page;
    if (!app->state.motion || !changed || page_before == PAGE_BLANK || app->state.page == PAGE_BLANK ||
        app->page.n == 0)
        return;
    /* The page that is on the screen becomes the start; its memory is not copied. */
    struct display_list page = app->page;
    app->page = app->transition.from;
    display_clear(&app->page); /* it was an earlier page: nothing of it can be pointed at */
    app->transition.from = page;
    app->transition.on = true;
    app->transition.start = app->now;
    app->transition.length = transition_length;
}

/* Seconds the cell that was just filled is looked at before the next one fills: the first slowly, so that the rule is
 * understood, the rest of its row faster, the rest of the matrix fastest; then time to read. */
static double play_pause(const struct app *app)
{
    const double first = 1.4, row = 0.35, rest = 0.08, rest_of_matrix = 4, reading = 0.35, done = 2;
    struct place place = walk_place(&app->doc.lesson->walk, app->state.position);
    const struct walk_step *s = &app->doc.lesson->walk.steps[place.at];
    double cells = (double)(s->rows * s->cols);
    if (place.whole) {
        const char *say = place.stop >= 0 ? app->doc.lesson->stops[place.stop].say[app->state.columns] : "";
        double words = 1;
        for (const char *p = say; *p; p++)
            words += *p == ' ';
        return done + words * reading;
    }
    if (place.filled <= 1)
        return first;
    return place.filled <= s->cols ? row : fmin(rest, rest_of_matrix / cells);
}

void play_on(struct app *app)
{
    while (app->playing && app->now >= app->play_next) {
        size_t next = walk_forward(&app->doc.lesson->walk, app->state.position, STRIDE_CELL),
               before = app->state.position;
        if (next == app->state.position) {
            app->playing = false;
            app_say(app, "The end of the walk.");
            return;
        }
        app_go(app, next);
        transition_begin(app, before, app->state.page);
        app->play_next += play_pause(app) / (double)speed_table[app->state.speed];
        if (app->play_next < app->now - 1)
            app->play_next = app->now; /* after a long halt (a sleeping machine), do not rush to catch up */
    }
}
