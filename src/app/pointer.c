/* pointer.c: what the mouse does on the page: pointing, pinning, dragging a number, painting a mask. */
#include "app/app_parts.h"

#include "app/autosave.h"
#include "scene/view.h"

#include <math.h>
#include <string.h>

/* What is at a point; a cell only if the page that was built last still shows what is looked at. */
static struct pointed at_point(const struct app *app, float x, float y)
{
    struct pointed at = display_at(&app->page, x, y);
    if (!app->built.on || app->built.position != app->state.position || app->built.compare != app->state.compare ||
        app->built.page != app->state.page)
        at.cell = (struct cursor){0};
    return at;
}

static bool on_number(const struct pointed *at)
{
    return at->hit && at->hit->as.hit.command == CMD_LIVE;
}

/* The words stay as they are now while the pointer goes from number to number in them. */
static void hold_words(struct app *app, bool in_text)
{
    struct held_words *held = &app->input.held;
    if (!in_text)
        held->on = false;
    else if (!held->on || !app->input.hover || !app->state.cursor.on)
        *held = (struct held_words){true, app->state.cursor, app->state.unfolded};
}

static void hover(struct app *app, const struct pointed *at)
{
    if (app->state.pinned || app->state.page != PAGE_WALK || app->animation.transition.on)
        return;
    if (!at->cell.on && !app->input.hover)
        return; /* a cursor that keys put somewhere stays until the pointer finds a cell */
    const bool in_text = at->cell.on && on_number(at);
    if (cursor_same(&at->cell, &app->state.cursor) && (in_text || !app->input.held.on))
        return;
    hold_words(app, in_text);
    app->state.cursor = at->cell;
    app->state.unfolded = false;
    app->input.hover = at->cell.on;
    app->dirty = true;
}

/* The pointer is held on the map of a large matrix: the window goes there. */
static void hold_map(struct app *app, float x, float y)
{
    const struct item *map = page_target(app, CMD_ZOOM_MAP);
    if (!map)
        return;
    zoom_centre(VIEW(app), &app->state.zoom, (y - map->box.y) / map->box.h, (x - map->box.x) / map->box.w);
    app->dirty = true;
}

/* ---- numbers that are dragged, cells that are painted ---- */

/* So far the pointer moves before a press on a number becomes a drag. */
static const float drag_least = 4;

/* What is changed is what is looked at, wherever the pointer goes meanwhile and whatever was pinned. */
static void hold_cell(struct app *app, const struct cursor *cell)
{
    const struct view *v = VIEW(app);
    if (!view_has_cell(v, cell))
        return;
    if (!cursor_same(cell, &app->state.cursor))
        app->state.unfolded = false;
    app->state.cursor = *cell;
    app->input.hover = !app->state.pinned;
    app->dirty = true;
}

/* Up is more; of a number in a text, to the right is. */
static void drag(struct app *app, float x, float y)
{
    struct press *p = &app->input.press;
    float up = (p->across ? x - p->x : p->y - y) / view_scale(VIEW(app));
    if (p->kind == PRESS_CELL && hypotf(p->per_x != 0 ? x - p->x : 0, up) < drag_least)
        return;
    if (p->kind == PRESS_CELL)
        hold_cell(app, &p->cell);
    p->kind = PRESS_DRAG;
    /* A hundred units of the grid are one, where a picture has no scale of its own. */
    double value =
        p->value + (double)(p->per_x != 0 || p->per_y != 0 ? (x - p->x) * p->per_x + (y - p->y) * p->per_y : up / 100);
    edit_cell(app, &p->cell, round(value * 100) / 100);
}

/* Paint the cells between where the pointer was and where it is: a fast hand leaves none out. All are found before the
 * first is painted, on the page that is still there. */
static void paint(struct app *app, float x, float y)
{
    enum { CELLS_MOST = 256 };
    struct press *p = &app->input.press;
    struct cursor cells[CELLS_MOST];
    float length = hypotf(x - p->x, y - p->y), step = fmaxf(3, length / 4096);
    size_t n = 0;
    for (float along = 0; n < CELLS_MOST; along += step) {
        float t = length > along ? along / length : 1;
        struct cursor cell = at_point(app, p->x + t * (x - p->x), p->y + t * (y - p->y)).cell;
        if (cell.on && edit_is_possible(app, &cell) && edit_is_mask(app, &cell) &&
            (n == 0 || !cursor_same(&cells[n - 1], &cell)))
            cells[n++] = cell;
        if (along >= length)
            break;
    }
    if (!app->built.on)
        return; /* a page that is not drawn yet has no cells: the next move comes back to this stretch */
    p->x = x;
    p->y = y;
    for (size_t i = 0; i < n; i++)
        if (edit_pair_is_open(app, &cells[i]) != (p->value != 0))
            edit_mask(app, &cells[i], p->value != 0);
}

static struct action command(int command, int argument)
{
    return (struct action){.kind = ACTION_COMMAND, .command = command, .argument = argument};
}

/* How far along the slider that is held the pointer is. */
static struct action slide(const struct app *app, float x)
{
    const struct rect *track = &app->input.press.track;
    float along = track->w > 0 ? (x - track->x) / track->w : 0;
    return command(CMD_SETTING_SLIDE, (int)lroundf(fminf(fmaxf(along, 0), 1) * SLIDER_PLACES));
}

static struct action move(struct app *app, float x, float y, const struct pointed *at)
{
    struct action asked = command(-1, 0);
    switch (app->input.press.kind) {
    case PRESS_NONE:
        hover(app, at);
        break;
    case PRESS_SLIDE:
        asked = slide(app, x);
        break;
    case PRESS_MAP:
        hold_map(app, x, y);
        break;
    case PRESS_PAINT:
        paint(app, x, y);
        break;
    case PRESS_CELL:
    case PRESS_DRAG:
        if (edit_is_possible(app, &app->input.press.cell)) /* else it was pressed on a number that is computed */
            drag(app, x, y);
        break;
    }
    return asked;
}

static void press_cell(struct app *app, struct cursor cell, const struct action *action, const struct pointed *at)
{
    const struct hit *hit = at->hit ? &at->hit->as.hit : NULL;
    bool possible = edit_is_possible(app, &cell);
    if (possible && action->argument == 2) {
        app->state.cursor = cell;
        app->state.pinned = true;
        edit_begin(app, 0);
        return;
    }
    history_begin_gesture(&app->history);
    app->input.press =
        (struct press){.kind = PRESS_CELL, .cell = cell, .across = on_number(at), .x = action->x, .y = action->y};
    if (hit && hit->command == CMD_CELL)
        app->input.press.per_x = hit->per_x, app->input.press.per_y = hit->per_y;
    if (!possible)
        return;
    app->input.press.value = edit_value(app, &cell);
    if (edit_is_mask(app, &cell)) {
        app->input.press.kind = PRESS_PAINT;
        app->input.press.value = app->input.press.value == 0;
        edit_cell(app, &cell, app->input.press.value);
    }
}

/* The words of a page stand one below the other in one place: its argument is how many they are. */
static struct action press_word(const struct item *hit, const struct action *action)
{
    int words = hit->as.hit.argument, word = (int)((action->y - hit->box.y) / hit->box.h * (float)words);
    return command(action->shift || action->ctrl ? CMD_WORD_ADD : CMD_WORD, word < 0       ? 0
                                                                            : word < words ? word
                                                                                           : words - 1);
}

/* The draw whose dot is nearest; dots are drawn in the order of the draws. */
static struct action press_dot(const struct app *app, float x, float y)
{
    float least = INFINITY;
    int nearest = -1, n = 0;
    for (size_t i = 0; i < app->page.n; i++) {
        const struct item *item = &app->page.items[i];
        if (strcmp(item->part, "draws.dot") != 0 && strcmp(item->part, "draws.now") != 0)
            continue;
        float away = hypotf(item->box.x + item->box.w / 2 - x, item->box.y + item->box.h / 2 - y);
        nearest = away < least ? n : nearest;
        least = fminf(away, least);
        n++;
    }
    return command(CMD_DRAW, nearest);
}

/* A click pins; a click on what is pinned lets go; a click elsewhere pins that. */
static void click_cell(struct app *app, const struct cursor *cell)
{
    bool again = app->state.pinned && cursor_same(cell, &app->state.cursor);
    app->state.cursor = *cell;
    app->state.pinned = !again;
    app->message[0] = 0;
    app->input.hover = again;
    app->dirty = true;
    if (app->state.pinned && edit_is_possible(app, cell))
        app_say(app, "Type a number, drag it up or down, or scroll: everything follows.");
}

static void release(struct app *app)
{
    struct press press = app->input.press;
    app->input.press = (struct press){0};
    history_end_gesture(&app->history);
    /* What was pressed may be gone: keys can change the lesson meanwhile. */
    if (press.kind == PRESS_CELL && app->state.page == PAGE_WALK && view_has_cell(VIEW(app), &press.cell))
        click_cell(app, &press.cell);
}

static struct action press(struct app *app, const struct action *action, const struct pointed *at)
{
    const struct hit *hit = at->hit ? &at->hit->as.hit : NULL;
    const int asked = hit ? hit->command : -1;
    release(app);
    if (app->state.page == PAGE_BLANK)
        return command(CMD_BLANK, 0);
    if (asked == CMD_ZOOM_MAP) {
        app->input.press.kind = PRESS_MAP;
        hold_map(app, action->x, action->y);
    } else if (asked == CMD_SETTING_SLIDE) {
        app->input.press = (struct press){.kind = PRESS_SLIDE, .track = at->hit->box};
        history_begin_gesture(&app->history);
        return slide(app, action->x);
    } else if (asked == CMD_DRAW) {
        return press_dot(app, action->x, action->y);
    } else if (asked == CMD_WORD) {
        return press_word(at->hit, action);
    } else if (asked >= 0 && asked != CMD_CELL && !on_number(at)) {
        return command(asked, hit->argument);
    } else {
        autosave_dismiss(app);
        if (app->state.page == PAGE_WALK && at->cell.on && typing_ends(app))
            press_cell(app, at->cell, action, at);
    }
    return command(-1, 0);
}

void pointer_live(struct app *app, int argument)
{
    for (size_t i = 0; i < app->page.n; i++) {
        const struct item *item = &app->page.items[i];
        const struct hit *hit = &item->as.hit;
        if (item->kind != ITEM_HIT || hit->command != CMD_LIVE || hit->argument != argument)
            continue;
        const struct cursor cell = hit->cell; /* the page is gone when the cell is pinned */
        if (view_has_cell(VIEW(app), &cell))
            click_cell(app, &cell);
        return;
    }
}

bool app_drags_across(const struct app *app, float x, float y)
{
    if (app->input.press.kind != PRESS_NONE)
        return app->input.press.across && edit_is_possible(app, &app->input.press.cell);
    const struct pointed at = at_point(app, x, y);
    return on_number(&at) && at.cell.on && edit_is_possible(app, &at.cell) && !edit_is_mask(app, &at.cell);
}

static void leave(struct app *app)
{
    if (app->input.press.kind != PRESS_NONE || !app->input.hover || app->state.pinned)
        return;
    app->state.cursor.on = app->input.hover = false;
    app->dirty = true;
}

/* Over a matrix, with Control the wheel zooms around the pointer; where some of the matrix is left out, it moves. */
static bool wheel_zooms(struct app *app, const struct action *action, const struct cursor *cell)
{
    const struct view *v = VIEW(app);
    struct section rows, cols;
    long lines = action->argument;
    if (app->state.page != PAGE_WALK || !cell->on || lines == 0)
        return false;
    zoom_of(v, -1, &rows, &cols);
    bool on_result = cell->step == view_step(v);
    size_t down = app->state.columns ? cols.n : rows.n, across = app->state.columns ? rows.n : cols.n;
    if (action->ctrl)
        zoom_by(v, &app->state.zoom, powf(0.8f, (float)lines), on_result ? cell->row : rows.from + rows.n / 2,
                on_result ? cell->col : cols.from + cols.n / 2);
    else if (!zoom_is_on(v))
        return false;
    else if (action->shift)
        zoom_pan(v, &app->state.zoom, 0, -lines * (long)(1 + across / 10));
    else
        zoom_pan(v, &app->state.zoom, -lines * (long)(1 + down / 10), 0);
    app->dirty = true;
    return true;
}

static bool is_over_panel(const struct app *app, float x, float y)
{
    for (size_t i = 0; settings_are_open(app) && i < app->page.n; i++) {
        const struct rect b = app->page.items[i].box;
        if (strcmp(app->page.items[i].part, "panel") == 0 && x >= b.x && x < b.x + b.w && y >= b.y && y < b.y + b.h)
            return true;
    }
    return false;
}

/* Over the number that is pinned: it goes up and down. Over the settings: the focus moves. Over a large matrix: the
 * window moves. Elsewhere the words. */
static struct action wheel(struct app *app, const struct action *action, const struct pointed *at)
{
    int lines = action->argument;
    app->dirty = true;
    if (!action->ctrl && lines && app->state.pinned && cursor_same(&at->cell, &app->state.cursor) &&
        edit_is_possible(app, &at->cell))
        return command(CMD_EDIT_BY, (action->shift ? 1 : 10) * lines);
    if (lines && is_over_panel(app, action->x, action->y))
        return command(lines > 0 ? CMD_SETTING_PREVIOUS : CMD_SETTING_NEXT, 0);
    if (wheel_zooms(app, action, &at->cell))
        return command(-1, 0);
    const struct item *more = page_target(app, CMD_READ_ON); /* there are words below those that are on the screen */
    if (lines < 0 && more && more->as.hit.argument > 0)
        app->state.read_from++;
    else if (lines > 0 && app->state.read_from > 0)
        app->state.read_from--;
    return command(-1, 0);
}

struct action pointer_asks(struct app *app, const struct action *action)
{
    const struct pointed at = at_point(app, action->x, action->y);
    switch (action->kind) {
    case ACTION_POINT:
        focus_rest(app, app->input.press.kind == PRESS_NONE ? at.hit : NULL);
        return move(app, action->x, action->y, &at);
    case ACTION_PRESS:
        return press(app, action, &at);
    case ACTION_WHEEL:
        return wheel(app, action, &at);
    case ACTION_RELEASE:
        release(app);
        break;
    default: /* the pointer left the window */
        focus_rest(app, NULL);
        leave(app);
    }
    return command(-1, 0);
}
