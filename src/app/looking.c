/* looking.c: the commands that look closer: heads, the cell cursor, the pin, comparing, zooming. */
#include "app/command_list.h"
#include "app/parts.h"
#include "scene/view.h"

#include <string.h>

static size_t head_count(const struct app *app)
{
    size_t heads = 1;
    for (size_t i = 0; i < app->doc.lesson->tape.n; i++) {
        size_t n = app->doc.lesson->tape.steps[i].value.axis[AXIS_HEAD].size;
        heads = n > heads ? n : heads;
    }
    return heads;
}

void looking_head_set(struct app *app, int argument)
{
    if (argument < 0 || (size_t)argument >= head_count(app))
        return;
    app->state.head = argument;
    app->state.head_here = true;
    if (app->state.cursor.on) {
        size_t heads = view_tape(VIEW(app))->steps[app->state.cursor.step].value.axis[AXIS_HEAD].size;
        /* Keys and values that several heads share have fewer planes. */
        app->state.cursor.head = (size_t)argument < heads ? (size_t)argument : heads - 1;
    }
}

void looking_head_next(struct app *app, int argument)
{
    (void)argument;
    looking_head_set(app, (int)((view_head(VIEW(app)) + 1) % head_count(app)));
}

/* The cursor appears where the eye is: at the cell that is explained now, else in the corner. */
static void cursor_start(struct app *app)
{
    const struct view *v = VIEW(app);
    if (view_cell(v, &app->state.cursor))
        return;
    struct place place = walk_place(v->walk, app->state.position);
    int step = view_step(v);
    size_t heads = view_tape(v)->steps[step].value.axis[AXIS_HEAD].size;
    app->state.cursor = (struct cursor){.on = true, .step = step, .head = heads > 1 ? view_head(v) : 0};
    if (place.at_stop && v->lesson->stops[place.stop].row >= 0)
        app->state.cursor.row = (size_t)v->lesson->stops[place.stop].row;
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
    size_t n = value->axis[AXIS_ROW].size, m = value->axis[AXIS_COL].size;
    app->state.cursor.row = (app->state.cursor.row + n + (size_t)(down + (int)n)) % n;
    app->state.cursor.col = (app->state.cursor.col + m + (size_t)(across + (int)m)) % m;
    app->state.unfolded = false;
    zoom_follow(v, &app->state.zoom);
}

/* On the page of lessons the arrows move the mark. */
static bool choose_lesson(struct app *app, int by)
{
    if (page_table[app->state.page].chooses != CHOOSES_LESSONS)
        return false;
    int n = 0;
    while (app->lessons[n].name)
        n++;
    app->state.choice = (app->state.choice + by + n) % n;
    return true;
}

void looking_cursor_up(struct app *app, int argument)
{
    (void)argument;
    if (!choose_lesson(app, -1) && !heads_arrow(app, -1, 0) && app->state.page == PAGE_WALK)
        cursor_move(app, -1, 0);
}

void looking_cursor_down(struct app *app, int argument)
{
    (void)argument;
    if (!choose_lesson(app, 1) && !heads_arrow(app, 1, 0) && app->state.page == PAGE_WALK)
        cursor_move(app, 1, 0);
}

void looking_cursor_left(struct app *app, int argument)
{
    if (heads_arrow(app, 0, -1))
        return;
    if (app->state.page == PAGE_WALK && app->state.cursor.on && !app->input.hover)
        cursor_move(app, 0, -1);
    else
        walking_back(app, argument);
}

void looking_cursor_right(struct app *app, int argument)
{
    if (heads_arrow(app, 0, 1))
        return;
    if (app->state.page == PAGE_WALK && app->state.cursor.on && !app->input.hover)
        cursor_move(app, 0, 1);
    else
        walking_forward(app, argument);
}

void looking_lesson_go(struct app *app, int argument)
{
    int n = 0;
    while (app->lessons[n].name)
        n++;
    if (argument < 0 || argument >= n)
        return;
    app_open_here(app, app->lessons[argument].name);
}

void looking_pin(struct app *app, int argument)
{
    (void)argument;
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

void looking_leave(struct app *app, int argument)
{
    (void)argument;
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

void looking_unfold(struct app *app, int argument)
{
    (void)argument;
    app->state.unfolded = !app->state.unfolded;
}

void looking_compare(struct app *app, int argument)
{
    (void)argument;
    const struct view *v = VIEW(app);
    enum compare next = app->state.compare == COMPARE_NONE && v->baseline       ? COMPARE_BEFORE
                        : app->state.compare != COMPARE_SECOND && v->comparison ? COMPARE_SECOND
                                                                                : COMPARE_NONE;
    if (next == app->state.compare) {
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
    app->state.compare = next;
    if (next != COMPARE_NONE && !view_comparing(VIEW(app)))
        app_say(app, "This step is in one of the two only: go on to one that both have.");
}

void looking_read_on(struct app *app, int argument)
{
    /* The page that is on the screen knows how far it got: its "more" carries the next line. */
    for (size_t i = 0; i < app->page.n && argument == 0; i++) {
        const struct item *item = &app->page.items[i];
        if (item->kind == ITEM_HIT && item->as.hit.command == CMD_READ_ON)
            argument = item->as.hit.argument;
    }
    /* No words have as many lines, and a state line can say it. */
    enum { LINES_MAX = 1000000 };
    app->state.read_from = (size_t)(argument < 0 ? 0 : argument > LINES_MAX ? LINES_MAX : argument);
}

/* ---- large matrices ---- */

static void zoom(struct app *app, float factor)
{
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

void looking_zoom_in(struct app *app, int argument)
{
    (void)argument;
    zoom(app, 0.5f);
}

void looking_zoom_out(struct app *app, int argument)
{
    (void)argument;
    zoom(app, 2);
}

void looking_zoom_reset(struct app *app, int argument)
{
    (void)argument;
    app->state.zoom = (struct zoom){0};
}

void looking_turn(struct app *app, int argument)
{
    (void)argument;
    app->state.columns = !app->state.columns;
    /* Words are longer or shorter then. */
    app->state.read_from = 0;
    if (app->state.columns)
        app_say(app, "A token is a column: S = KᵀQ. Tensors are saved as before, a token a row.");
    else
        app_say(app, "A token is a row: S = QKᵀ.");
}
