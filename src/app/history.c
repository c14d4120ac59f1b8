/* history.c: undo and redo. A state of the session is a line of text (state.c), so history is lines of text.
 *
 * A change of the lesson or of what it computes is undone in one go, and the place is the one where it was made. What the
 * person set for the screen (theme, size of text, motion) stays. Before the first change lies where the session began. */
#include "app/parts.h"

#include "app/job.h"
#include "base/array.h"

#include <stdlib.h>
#include <string.h>

static void clear(struct lines *lines)
{
    while (lines->n > 0)
        free(lines->v[--lines->n]);
}

void history_finish(struct history *history)
{
    clear(&history->undo);
    clear(&history->redo);
    free(history->undo.v);
    free(history->redo.v);
    free(history->first);
    *history = (struct history){0};
}

char *history_line(const struct app *app)
{
    struct str line = {0};
    state_print(app, &line);
    if (!line.failed)
        return line.v;
    str_finish(&line);
    return NULL;
}

struct qkv_err history_begin(struct app *app)
{
    free(app->history.first);
    app->history.first = history_line(app);
    return app->history.first ? (struct qkv_err){0} : qkv_nomem("the first state");
}

static bool push(struct lines *lines, char *line)
{
    if (!line || !array_reserve(&lines->v, &lines->capacity, lines->n + 1, sizeof *lines->v)) {
        free(line);
        return false;
    }
    lines->v[lines->n++] = line;
    return true;
}

bool history_push(struct app *app)
{
    /* A drag is one change, however many numbers it passed. */
    if (app->history.in_gesture && app->history.pushed)
        return true;
    return history_push_line(app, history_line(app));
}

bool history_push_line(struct app *app, char *line)
{
    if (!push(&app->history.undo, line)) {
        app_say(app, "There is no memory to remember what was before; nothing was changed.");
        return false;
    }
    clear(&app->history.redo);
    app->history.pushed = app->history.in_gesture;
    return true;
}

/* Go to a state and remember the present one in `to`. The line stays its owner's. */
static bool go(struct app *app, const char *line, struct lines *to, enum job_use use)
{
    if (state_begins(app, line, use))
        return false; /* it goes on when the lesson of then is computed */
    if (!push(to, history_line(app))) {
        app_say(app, "There is no memory for that.");
        return false;
    }
    struct qkv_err err = state_apply_work(app, line);
    if (!err.code)
        return true;
    free(to->v[--to->n]);
    app_say(app, "%s", err.what);
    return false;
}

static bool is_now(const struct app *app, const char *line)
{
    char *now = history_line(app);
    bool same = now && line && strcmp(now, line) == 0;
    free(now);
    return same;
}

/* A change that is on its way is undone by stopping it; an undo or redo that is goes on. True: that was all. */
static bool stops_or_waits(struct app *app, enum job_use use)
{
    bool change = job_is_for(app, JOB_CHANGE);
    if (!job_is_on(app) || job_is_ready(app))
        return false;
    if (change) {
        job_cancel(app);
        app_say(app, "Stopped; nothing was changed.");
    }
    return !change || use == JOB_UNDO;
}

void history_undo(struct app *app)
{
    struct history *h = &app->history;
    if (stops_or_waits(app, JOB_UNDO))
        return;
    h->pushed = false;
    if (h->undo.n > 0) {
        if (go(app, h->undo.v[h->undo.n - 1], &h->redo, JOB_UNDO)) {
            free(h->undo.v[--h->undo.n]);
            app_say(app, "Undone. Ctrl+Y does it again.");
        }
    } else if (h->first && !is_now(app, h->first)) {
        if (go(app, h->first, &h->redo, JOB_UNDO))
            app_say(app, "Back where the session began.");
    } else {
        app_say(app, "There is nothing to undo.");
    }
}

void history_redo(struct app *app)
{
    struct history *h = &app->history;
    if (stops_or_waits(app, JOB_REDO))
        return;
    h->pushed = false;
    if (h->redo.n == 0) {
        app_say(app, "There is nothing to do again.");
        return;
    }
    if (go(app, h->redo.v[h->redo.n - 1], &h->undo, JOB_REDO)) {
        free(h->redo.v[--h->redo.n]);
        app_say(app, "Done again.");
    }
}
