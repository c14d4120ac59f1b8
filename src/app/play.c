/* play.c: what goes on by itself: cells that fill one after the other, and the way from page to page. */
#include "app/parts.h"

#include <math.h>

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
