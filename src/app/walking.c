/* walking.c: the commands that move through the walk and look at its cells, and playing. */
#include "app/app_parts.h"

#include "lesson/text/builtin.h"

#include <math.h>
#include <string.h>

/* At the end of a lesson a person wants to know what comes next. */
static void say_end(struct app *app)
{
    const char *next = app->doc.lesson->next;
    int at = next ? builtin_lesson_find(next) : -1;
    if (at >= 0)
        app_say(app, "The end. Next: %s (L)", app->lessons[at].title);
    else
        app_say(app, "The end of the walk.");
}

void walking_forward(struct app *app, UNUSED int argument)
{
    size_t before = app->state.position;
    app->animation.playing = false;
    app_go(app, walk_forward(&app->doc.lesson->walk, before, app->state.stride));
    if (app->state.position == before)
        say_end(app);
}

void walking_back(struct app *app, UNUSED int argument)
{
    app->animation.playing = false;
    app_go(app, walk_back(&app->doc.lesson->walk, app->state.position, app->state.stride));
}

void walking_first(struct app *app, UNUSED int argument)
{
    app->animation.playing = false;
    app_go(app, walk_whole(&app->doc.lesson->walk, 0));
}

void walking_last(struct app *app, UNUSED int argument)
{
    app->animation.playing = false;
    app_go(app, app->doc.lesson->walk.length - 1);
}

void walking_play_pause(struct app *app, UNUSED int argument)
{
    app->animation.playing = !app->animation.playing;
    if (!app->animation.playing)
        return;
    app->state.page = PAGE_WALK;
    /* At the end there is nothing left to play: begin again. */
    if (app->state.position + 1 >= app->doc.lesson->walk.length)
        app_go(app, 0);
    app->state.cursor.on = app->state.pinned = false;
    app->animation.play_next = app->now;
}

void walking_stage_go(struct app *app, int argument)
{
    walking_step_go(app, walk_stage(&app->doc.lesson->walk, (enum stage)argument));
}

void walking_step_go(struct app *app, int argument)
{
    if (argument < 0 || (size_t)argument >= app->doc.lesson->walk.n)
        return;
    app->animation.playing = false;
    app->state.page = PAGE_WALK;
    app_go(app, walk_whole(&app->doc.lesson->walk, (size_t)argument));
}

/* ---- what is looked at: heads, the cell under the cursor, the page ---- */

void looking_head_set(struct app *app, int argument)
{
    if (argument < 0 || (size_t)argument >= lesson_head_count(app->doc.lesson))
        return;
    app->state.head = argument;
    app->state.head_here = true;
    if (app->state.cursor.on) {
        size_t heads = view_tape(VIEW(app))->steps[app->state.cursor.step].value.axis[AXIS_HEAD].size;
        /* Keys and values that several heads share have fewer planes. */
        app->state.cursor.head = (size_t)argument < heads ? (size_t)argument : heads - 1;
    }
}

void looking_head_next(struct app *app, UNUSED int argument)
{
    looking_head_set(app, (int)((view_head(VIEW(app)) + 1) % lesson_head_count(app->doc.lesson)));
}

/* The cursor appears where the eye is: at the cell that is explained now, else in the corner. */
static void cursor_start(struct app *app)
{
    const struct view *v = VIEW(app);
    if (view_cell(v, &app->state.cursor))
        return;
    const struct stop *stop = view_stop(v);
    int step = view_step(v);
    size_t heads = view_tape(v)->steps[step].value.axis[AXIS_HEAD].size;
    app->state.cursor = (struct cursor){.on = true, .step = step, .head = heads > 1 ? view_head(v) : 0};
    if (stop && stop->row >= 0)
        app->state.cursor.row = (size_t)stop->row;
}

static void cursor_move(struct app *app, int rows, int cols)
{
    const struct view *v = VIEW(app);
    app->input.hover = false;
    if (!app->state.cursor.on) {
        cursor_start(app);
        return;
    }
    const struct tensor *value = &view_tape(v)->steps[app->state.cursor.step].value;
    int across = app->state.columns ? rows : cols, down = app->state.columns ? cols : rows;
    app->state.cursor.row = step_around(app->state.cursor.row, down, value->axis[AXIS_ROW].size);
    app->state.cursor.col = step_around(app->state.cursor.col, across, value->axis[AXIS_COL].size);
    app->state.unfolded = false;
    zoom_follow(v, &app->state.zoom);
}

/* On the page of lessons the arrows move the mark. */
static bool choose_lesson(struct app *app, int by)
{
    if (page_table[app->state.page].chooses != CHOOSES_LESSONS)
        return false;
    app->state.choice = (int)step_around((size_t)app->state.choice, by, builtin_n_lessons);
    return true;
}

void looking_cursor_down(struct app *app, int by)
{
    if (!choose_lesson(app, by) && !heads_arrow(app, by, 0) && !costs_arrow(app, by) && app->state.page == PAGE_WALK)
        cursor_move(app, by, 0);
}

void looking_cursor_right(struct app *app, int by)
{
    if (heads_arrow(app, 0, by))
        return;
    if (app->state.page == PAGE_WALK && app->state.cursor.on && !app->input.hover)
        cursor_move(app, 0, by);
    else
        (by < 0 ? walking_back : walking_forward)(app, 0);
}

void looking_lesson_go(struct app *app, int argument)
{
    if (argument >= 0 && (size_t)argument < builtin_n_lessons)
        app_open_here(app, app->lessons[argument].name);
}

void looking_pin(struct app *app, UNUSED int argument)
{
    if (page_table[app->state.page].chooses == CHOOSES_LESSONS) {
        looking_lesson_go(app, app->state.choice);
        return;
    }
    if (app->state.page != PAGE_WALK) {
        app->state.page = PAGE_WALK;
        return;
    }
    if (!app->state.cursor.on)
        cursor_start(app);
    app->input.hover = false;
    app->state.pinned = !app->state.pinned;
}

void looking_leave(struct app *app, UNUSED int argument)
{
    struct widget *focus = &app->input.focus;
    if (focus->on && widget_find(&app->page, focus))
        focus->on = false;
    else if (heads_deselect(app))
        return;
    else if (app->state.page != PAGE_WALK)
        app->state.page = PAGE_WALK;
    else if (app->state.pinned)
        app->state.pinned = false;
    else if (app->state.cursor.on)
        app->state.cursor.on = false;
    else if (app->fullscreen)
        app->fullscreen = false;
    app->state.unfolded = false;
}

void looking_compare(struct app *app, UNUSED int argument)
{
    const struct view *v = VIEW(app);
    enum compare now = view_comparing(v) ? view_compare(v) : v->state->compare;
    const struct stop *stop = view_stop(v);
    enum compare next = now <= COMPARE_NONE && v->baseline       ? COMPARE_BEFORE
                        : now != COMPARE_SECOND && v->comparison ? COMPARE_SECOND
                                                                 : COMPARE_NONE;
    if (next == COMPARE_NONE && now <= COMPARE_NONE) {
        app_say(app, "There is nothing to compare with: change a number or a setting first.");
        return;
    }
    struct qkv_err err = next == COMPARE_BEFORE ? app_compare_baseline(app) : (struct qkv_err){0};
    if (err.code) {
        app_say(app, "%s", err.what);
        return;
    }
    /* A cell of one tape is none of the other. */
    app->state.cursor.on = app->state.pinned = false;
    app->state.page = PAGE_WALK;
    app->state.compare = next == COMPARE_NONE && !(stop && stop->compare) ? COMPARE_BY_STOP : next;
    if (next != COMPARE_NONE && !view_comparing(VIEW(app)))
        app_say(app, "This step is in one of the two only: go on to one that both have.");
}

void looking_read_on(struct app *app, int argument)
{
    /* The page that is on the screen knows how far it got: its "more" carries the next line. */
    const struct item *more = page_target(app, CMD_READ_ON);
    if (argument == 0 && more)
        argument = more->as.hit.argument;
    /* No words have as many lines, and a state line can say it. */
    enum { LINES_MAX = 1000000 };
    app->state.read_from = (size_t)(argument < 0 ? 0 : argument > LINES_MAX ? LINES_MAX : argument);
}

/* ---- large matrices ---- */

void looking_zoom(struct app *app, int by)
{
    const float factor = by > 0 ? 0.5f : 2;
    const struct view *v = VIEW(app);
    struct cursor cell = {0};
    struct section rows, cols;
    zoom_of(v, -1, &rows, &cols);
    size_t row = rows.from + rows.n / 2, col = cols.from + cols.n / 2;
    if (view_cell(v, &cell) && cell.step == view_step(v))
        row = cell.row, col = cell.col;
    app->state.page = PAGE_WALK;
    zoom_by(v, &app->state.zoom, factor, row, col);
    struct section rows_now, cols_now;
    zoom_of(v, -1, &rows_now, &cols_now);
    if (rows_now.n != rows.n || cols_now.n != cols.n)
        return;
    app_say(app, "%s", factor < 1 ? "Nothing is nearer." : "All of it is on the page.");
}

void looking_zoom_reset(struct app *app, UNUSED int argument)
{
    app->state.zoom = (struct zoom){0};
}

void looking_turn(struct app *app, UNUSED int argument)
{
    app->state.columns = !app->state.columns;
    /* Words are longer or shorter then. */
    app->state.read_from = 0;
    if (app->state.columns)
        app_say(app, "A token is a column: S = KᵀQ. Tensors are saved as before, a token a row.");
    else
        app_say(app, "A token is a row: S = QKᵀ.");
}

/* ---- what goes on by itself: cells that fill one after the other, and the way from page to page ---- */

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
    app->page = app->animation.transition.from;
    display_clear(&app->page); /* it was an earlier page: nothing of it can be pointed at */
    app->animation.transition.from = page;
    app->animation.transition.on = true;
    app->animation.transition.start = app->now;
}

/* Seconds the cell that was just filled is looked at before the next one fills: the first slowly, so that the rule is
 * understood, the rest of its row faster, the rest of the matrix fastest; then time to read. */
static double play_pause(const struct app *app)
{
    const double first = 1.4, row = 0.35, rest = 0.08, rest_of_matrix = 4, reading = 0.35, done = 2;
    struct place place = view_place(VIEW(app));
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
    while (app->animation.playing && app->now >= app->animation.play_next) {
        size_t next = walk_forward(&app->doc.lesson->walk, app->state.position, STRIDE_CELL),
               before = app->state.position;
        if (next == app->state.position) {
            app->animation.playing = false;
            app_say(app, "The end of the walk.");
            return;
        }
        app_go(app, next);
        transition_begin(app, before, app->state.page);
        app->animation.play_next += play_pause(app) / (double)speed_table[app->state.speed];
        if (app->animation.play_next < app->now - 1)
            app->animation.play_next = app->now; /* after a long halt (a sleeping machine), do not rush to catch up */
    }
}
