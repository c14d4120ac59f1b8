/* commands.c: all that a person can do, a row each. */
#include "app/autosave.h"
#include "app/edit.h"
#include "app/focus.h"
#include "app/heads.h"
#include "app/keep.h"
#include "app/parts.h"
#include "app/settings.h"
#include "app/turn.h"
#include "app/words.h"
#include "scene/zoom.h"

#include <stdio.h>
#include <string.h>

/* ---- walking ---- */

/* At the end of a lesson a person wants to know what comes next. */
static void say_end(struct app *app)
{
    const char *next = app->lesson.next, *title = NULL;
    for (int i = 0; next && app->lessons[i].name; i++)
        if (strcmp(app->lessons[i].name, next) == 0)
            title = app->lessons[i].title;
    if (title)
        snprintf(app->message, sizeof app->message, "The end. Next: %s (L)", title);
    else
        app_say(app, "The end of the walk.");
}

static void forward(struct app *app, int argument)
{
    (void)argument;
    size_t before = app->view.position;
    app->view.playing = false;
    app_go(app, walk_forward(&app->walk, before, app->view.stride));
    if (app->view.position == before)
        say_end(app);
}

static void back(struct app *app, int argument)
{
    (void)argument;
    size_t previous = walk_back(&app->walk, app->view.position, app->view.stride);
    app->view.playing = false;
    app_go(app, previous);
}

static void go_first(struct app *app, int argument)
{
    (void)argument;
    app->view.playing = false;
    app_go(app, walk_whole(&app->walk, 0));
}

static void go_last(struct app *app, int argument)
{
    (void)argument;
    app->view.playing = false;
    app_go(app, app->walk.length - 1);
}

static void stride_next(struct app *app, int argument)
{
    (void)argument;
    app->view.stride = (app->view.stride + 1) % STRIDE_COUNT;
}

static void stride_set(struct app *app, int argument)
{
    if (argument >= 0 && argument < STRIDE_COUNT)
        app->view.stride = (enum stride)argument;
}

static void play_pause(struct app *app, int argument)
{
    (void)argument;
    app->view.playing = !app->view.playing;
    if (!app->view.playing)
        return;
    app->view.page = PAGE_WALK;
    /* At the end there is nothing left to play: begin again. */
    if (app->view.position + 1 >= app->walk.length)
        app_go(app, 0);
    app->view.cursor.on = app->view.pinned = false;
    app->play_next = app->now;
}

static void speed_set(struct app *app, int argument)
{
    if (argument >= 0 && argument < SPEED_COUNT)
        app->view.speed = argument;
}

static void slower(struct app *app, int argument)
{
    (void)argument;
    speed_set(app, app->view.speed - 1);
}

static void faster(struct app *app, int argument)
{
    (void)argument;
    speed_set(app, app->view.speed + 1);
}

static void stage_go(struct app *app, int argument)
{
    int at = walk_stage(&app->walk, (enum stage)argument);
    if (at < 0)
        return;
    app->view.playing = false;
    app->view.page = PAGE_WALK;
    app_go(app, walk_whole(&app->walk, (size_t)at));
}

static void step_go(struct app *app, int argument)
{
    if (argument < 0 || (size_t)argument >= app->walk.n)
        return;
    app->view.playing = false;
    app->view.page = PAGE_WALK;
    app_go(app, walk_whole(&app->walk, (size_t)argument));
}

/* ---- looking closer ---- */

static size_t head_count(const struct app *app)
{
    size_t heads = 1;
    for (size_t i = 0; i < app->lesson.tape.n; i++) {
        size_t n = app->lesson.tape.steps[i].value.axis[AXIS_HEAD].size;
        heads = n > heads ? n : heads;
    }
    return heads;
}

static void head_set(struct app *app, int argument)
{
    if (argument < 0 || (size_t)argument >= head_count(app))
        return;
    app->view.head = argument;
    app->view.head_here = true;
    if (app->view.cursor.on) {
        size_t heads = view_tape(&app->view)->steps[app->view.cursor.step].value.axis[AXIS_HEAD].size;
        app->view.cursor.head = heads > 1 ? (size_t)argument : 0;
    }
}

static void head_next(struct app *app, int argument)
{
    (void)argument;
    head_set(app, (int)((view_head(&app->view) + 1) % head_count(app)));
}

/* The cursor appears where the eye is: at the cell that is explained now, else in the corner. */
static void cursor_start(struct app *app)
{
    struct view *v = &app->view;
    if (view_cell(v, &v->cursor))
        return;
    struct place place = walk_place(v->walk, v->position);
    int step = view_step(v);
    size_t heads = view_tape(v)->steps[step].value.axis[AXIS_HEAD].size;
    v->cursor = (struct cursor){.on = true, .step = step, .head = heads > 1 ? view_head(v) : 0};
    if (place.at_stop && v->lesson->stops[place.stop].row >= 0)
        v->cursor.row = (size_t)v->lesson->stops[place.stop].row;
}

static void cursor_move(struct app *app, int rows, int cols)
{
    struct view *v = &app->view;
    app->hover = false;
    if (!v->cursor.on) {
        cursor_start(app);
        return;
    }
    const struct tensor *value = &view_tape(v)->steps[v->cursor.step].value;
    int across = v->columns ? rows : cols, down = v->columns ? cols : rows;
    size_t n = value->axis[AXIS_ROW].size, m = value->axis[AXIS_COL].size;
    v->cursor.row = (v->cursor.row + n + (size_t)(down + (int)n)) % n;
    v->cursor.col = (v->cursor.col + m + (size_t)(across + (int)m)) % m;
    v->unfolded = false;
    zoom_follow(v);
}

/* On the page of lessons the arrows move the mark. */
static bool choose_lesson(struct app *app, int by)
{
    if (app->view.page != PAGE_LESSONS)
        return false;
    int n = 0;
    while (app->lessons[n].name)
        n++;
    app->view.choice = (app->view.choice + by + n) % n;
    return true;
}

static void cursor_up(struct app *app, int argument)
{
    (void)argument;
    if (!choose_lesson(app, -1) && !heads_arrow(app, -1, 0) && app->view.page == PAGE_WALK)
        cursor_move(app, -1, 0);
}

static void cursor_down(struct app *app, int argument)
{
    (void)argument;
    if (!choose_lesson(app, 1) && !heads_arrow(app, 1, 0) && app->view.page == PAGE_WALK)
        cursor_move(app, 1, 0);
}

static void cursor_left(struct app *app, int argument)
{
    if (heads_arrow(app, 0, -1))
        return;
    if (app->view.page == PAGE_WALK && app->view.cursor.on && !app->hover)
        cursor_move(app, 0, -1);
    else
        back(app, argument);
}

static void cursor_right(struct app *app, int argument)
{
    if (heads_arrow(app, 0, 1))
        return;
    if (app->view.page == PAGE_WALK && app->view.cursor.on && !app->hover)
        cursor_move(app, 0, 1);
    else
        forward(app, argument);
}

static void lesson_go(struct app *app, int argument)
{
    int n = 0;
    while (app->lessons[n].name)
        n++;
    if (argument < 0 || argument >= n)
        return;
    if (!history_push(app))
        return;
    struct qkv_err err = app_open(app, app->lessons[argument].name, NULL);
    if (err.code)
        app_say(app, "%s", err.what);
}

static void pin(struct app *app, int argument)
{
    (void)argument;
    struct view *v = &app->view;
    if (focus_press(app))
        return;
    if (v->page == PAGE_LESSONS) {
        lesson_go(app, v->choice);
        return;
    }
    if (v->page != PAGE_WALK) {
        v->page = PAGE_WALK;
        return;
    }
    if (!v->cursor.on)
        cursor_start(app);
    app->hover = false;
    v->pinned = !v->pinned;
}

static void leave(struct app *app, int argument)
{
    (void)argument;
    struct view *v = &app->view;
    if (v->focus.on && control_find(&app->page, &v->focus))
        v->focus.on = false;
    else if (heads_let_go(app))
        return;
    else if (v->page != PAGE_WALK)
        v->page = PAGE_WALK;
    else if (v->pinned)
        v->pinned = false;
    else if (v->cursor.on)
        v->cursor.on = false;
    else if (app->fullscreen)
        app->fullscreen = false;
    v->unfolded = false;
}

static void unfold(struct app *app, int argument)
{
    (void)argument;
    app->view.unfolded = !app->view.unfolded;
}

static void compare(struct app *app, int argument)
{
    (void)argument;
    struct view *v = &app->view;
    enum compare next = v->compare == COMPARE_NONE && v->baseline       ? COMPARE_BEFORE
                        : v->compare != COMPARE_BESIDE && v->comparison ? COMPARE_BESIDE
                                                                        : COMPARE_NONE;
    if (next == v->compare) {
        app_say(app, "There is nothing to compare with: change a number or a setting first.");
        return;
    }
    if (next == COMPARE_BEFORE && !v->against) {
        struct qkv_err err = compare_before(&app->against, &app->walk, v->baseline);
        if (err.code) {
            app_say(app, "%s", err.what);
            return;
        }
        v->against = &app->against;
    }
    /* A cell of one tape is none of the other. */
    v->cursor.on = v->pinned = false;
    v->page = PAGE_WALK;
    v->compare = next;
    if (next != COMPARE_NONE && !view_comparing(v))
        app_say(app, "This step is in one of the two only: go on to one that both have.");
}

static void read_on(struct app *app, int argument)
{
    /* The page that is on the screen knows how far it got: its "more" carries the next line. */
    for (size_t i = 0; i < app->page.n && argument == 0; i++) {
        const struct item *item = &app->page.items[i];
        if (item->kind == ITEM_HIT && item->as.hit.command == CMD_READ_ON)
            argument = item->as.hit.argument;
    }
    app->view.read_from = (size_t)(argument > 0 ? argument : 0);
}

/* ---- large matrices ---- */

static void zoom(struct app *app, float factor)
{
    struct view *v = &app->view;
    struct cursor cell = {0};
    struct section rows, cols;
    zoom_of(v, -1, &rows, &cols);
    size_t row = rows.from + rows.n / 2, col = cols.from + cols.n / 2;
    if (view_cell(v, &cell) && cell.step == view_step(v))
        row = cell.row, col = cell.col;
    v->page = PAGE_WALK;
    zoom_by(v, factor, row, col);
    struct section rows_now, cols_now;
    zoom_of(v, -1, &rows_now, &cols_now);
    if (rows_now.n != rows.n || cols_now.n != cols.n)
        return;
    app_say(app, "%s", factor < 1 ? "Nothing is nearer." : "All of it is on the page.");
}

static void zoom_in(struct app *app, int argument)
{
    (void)argument;
    zoom(app, 0.5f);
}

static void zoom_out(struct app *app, int argument)
{
    (void)argument;
    zoom(app, 2);
}

static void zoom_reset(struct app *app, int argument)
{
    (void)argument;
    app->view.zoom = (struct zoom){0};
}

/* ---- pages and the screen ---- */

static void toggle_page(struct app *app, enum page page)
{
    app->view.page = app->view.page == page ? PAGE_WALK : page;
}

static void overview(struct app *app, int argument)
{
    (void)argument;
    app->view.playing = false;
    toggle_page(app, PAGE_OVERVIEW);
}

static void lessons(struct app *app, int argument)
{
    (void)argument;
    app->view.playing = false;
    toggle_page(app, PAGE_LESSONS);
    app->view.choice = 0;
    /* The lesson that is open is marked; at its end, the next one. */
    bool at_end = app->view.position + 1 == app->walk.length && app->lesson.next;
    for (int i = 0; app->lessons[i].name; i++)
        if (strcmp(app->lessons[i].name, at_end ? app->lesson.next : app->lesson.name) == 0)
            app->view.choice = i;
}

static void sentence(struct app *app, int argument)
{
    (void)argument;
    app->view.playing = false;
    app->view.page = PAGE_WALK;
    typing_open(app, TYPING_SENTENCE, "Sentence", app->lesson.sentence);
}

static void undo(struct app *app, int argument)
{
    (void)argument;
    history_undo(app);
}

static void redo(struct app *app, int argument)
{
    (void)argument;
    history_redo(app);
}

static void keys(struct app *app, int argument)
{
    (void)argument;
    toggle_page(app, PAGE_KEYS);
}

static void blank(struct app *app, int argument)
{
    (void)argument;
    app->view.playing = false;
    toggle_page(app, PAGE_BLANK);
}

static void theme(struct app *app, int argument)
{
    (void)argument;
    app->view.theme = (app->view.theme + 1) % THEME_COUNT;
}

static void motion(struct app *app, int argument)
{
    (void)argument;
    app->view.motion = !app->view.motion;
    app_say(app, "Motion is %s.", app->view.motion ? "on" : "off");
}

static void scale_set(struct app *app, int scale)
{
    app->view.scale = scale < SCALE_MIN ? SCALE_MIN : scale > SCALE_MAX ? SCALE_MAX : scale;
    app_say(app, "Text at %d %%.", app->view.scale);
}

static void larger(struct app *app, int argument)
{
    (void)argument;
    scale_set(app, app->view.scale + 10);
}

static void smaller(struct app *app, int argument)
{
    (void)argument;
    scale_set(app, app->view.scale - 10);
}

static void scale_reset(struct app *app, int argument)
{
    (void)argument;
    scale_set(app, SCALE_NORMAL);
}

static void fullscreen(struct app *app, int argument)
{
    (void)argument;
    app->fullscreen = !app->fullscreen;
}

static void quit(struct app *app, int argument)
{
    (void)argument;
    app->quit = true;
}

static void nothing(struct app *app, int argument)
{
    (void)app, (void)argument;
}

const struct command_info command_table[] = {
    [CMD_FORWARD] = {"forward", "Right Space PageDown", "forward", "Go forward", GROUP_WALK, forward},
    [CMD_BACK] = {"back", "Left Backspace PageUp", "back", "Go back along the same path", GROUP_WALK, back},
    [CMD_FIRST] = {"first", "Home", "start", "Go to the start", GROUP_WALK, go_first},
    [CMD_LAST] = {"last", "End", "end", "Go to the end", GROUP_WALK, go_last},
    [CMD_STRIDE] = {"stride", "s", "stride", "Change the stride: stage, step, row, cell", GROUP_WALK, stride_next},
    [CMD_STRIDE_SET] = {"stride-set", "", "", "", GROUP_HIDDEN, stride_set},
    [CMD_PLAY] = {"play", "p", "play", "Play cell by cell, or pause", GROUP_WALK, play_pause},
    [CMD_SLOWER] = {"slower", "[ <", "slower", "Play slower", GROUP_WALK, slower},
    [CMD_FASTER] = {"faster", "] >", "faster", "Play faster", GROUP_WALK, faster},
    [CMD_HEAD_NEXT] = {"head-next", "h", "next head", "Look at the next head", GROUP_LOOK, head_next},
    [CMD_HEAD_SET] = {"head-set", "1 2 3 4 5 6 7 8 9", "head", "Look at that head", GROUP_LOOK, head_set},
    [CMD_CURSOR_UP] = {"cursor-up", "Up", "cell", "", GROUP_HIDDEN, cursor_up},
    [CMD_CURSOR_DOWN] = {"cursor-down", "Down", "cells", "Point at a cell; then all arrows move", GROUP_LOOK,
                         cursor_down},
    [CMD_CURSOR_LEFT] = {"cursor-left", "Left", "cell", "", GROUP_HIDDEN, cursor_left},
    [CMD_CURSOR_RIGHT] = {"cursor-right", "Right", "cell", "", GROUP_HIDDEN, cursor_right},
    [CMD_PIN] = {"pin", "Return", "pin", "Pin the cell: its arithmetic stays, large, until you go on", GROUP_LOOK, pin},
    [CMD_LEAVE] = {"leave", "Escape", "leave", "Let go: of the pin, the cell, the page", GROUP_LOOK, leave},
    [CMD_UNFOLD] = {"unfold", "u", "unfold", "Write a long sum out, or fold it", GROUP_LOOK, unfold},
    [CMD_COMPARE] = {"compare", "c", "Compare", "The difference to the lesson as written, and to what it is beside of",
                     GROUP_LOOK, compare},
    [CMD_READ_ON] = {"read-on", "r", "read on", "Read on where the words do not fit", GROUP_LOOK, read_on},
    [CMD_TURN] = {"turn", "w", "turn", "Tokens as columns, KᵀQ, or as rows again", GROUP_LOOK, turn},
    [CMD_ZOOM_IN] = {"zoom-in", "z", "zoom in", "Fewer rows and columns of a large matrix, larger", GROUP_LOOK,
                     zoom_in},
    [CMD_ZOOM_OUT] = {"zoom-out", "Z", "zoom out", "More rows and columns", GROUP_LOOK, zoom_out},
    [CMD_ZOOM_RESET] = {"zoom-reset", "a", "all", "All rows and columns", GROUP_LOOK, zoom_reset},
    [CMD_EDIT] = {"edit", "F2", "edit", "Type another number for an input's cell", GROUP_CHANGE, edit_begin},
    [CMD_EDIT_UP] = {"edit-up", "Ctrl+Up", "more", "More, or less: the number goes up or down by 0.1", GROUP_CHANGE,
                     edit_up},
    [CMD_EDIT_DOWN] = {"edit-down", "Ctrl+Down", "less", "", GROUP_HIDDEN, edit_down},
    [CMD_SENTENCE] = {"sentence", "e i", "Sentence", "Type a sentence of your own", GROUP_CHANGE, sentence},
    [CMD_WORD_REMOVE] = {"word-remove", "Delete", "remove", "Take the word of the cell out of the sentence",
                         GROUP_CHANGE, word_remove},
    [CMD_WORD_EARLIER] = {"word-earlier", "Ctrl+Left", "earlier", "Move the word of the cell", GROUP_CHANGE,
                          word_earlier},
    [CMD_WORD_LATER] = {"word-later", "Ctrl+Right", "later", "", GROUP_CHANGE, word_later},
    [CMD_BLOCK] = {"block", "k", "block", "Block the pair of words of the cell, or open it", GROUP_CHANGE, pair_block},
    [CMD_UNDO] = {"undo", "Ctrl+z", "Undo", "Undo the last change", GROUP_CHANGE, undo},
    [CMD_REDO] = {"redo", "Ctrl+y Ctrl+Shift+z", "redo", "Do it again", GROUP_CHANGE, redo},
    [CMD_RESET] = {"reset", "Ctrl+Delete", "reset", "Reset the matrix of the cell", GROUP_CHANGE, edit_reset},
    [CMD_RESET_ALL] = {"reset-all", "Ctrl+Shift+Delete", "Reset", "Reset all: the lesson as it is written",
                       GROUP_CHANGE, edit_reset_all},
    [CMD_SAVE] = {"save", "Ctrl+s", "Save", "Save the session: everything you changed, and the place", GROUP_KEEP,
                  keep_save},
    [CMD_OPEN] = {"open", "Ctrl+o", "Open", "Open a session or a lesson", GROUP_KEEP, keep_open},
    [CMD_EXPORT] = {"export", "Ctrl+e", "Export", "The page as PNG or SVG, numbers as CSV or safetensors", GROUP_KEEP,
                    keep_export},
    [CMD_COPY] = {"copy", "Ctrl+c", "copy", "Copy the matrix for a spreadsheet", GROUP_KEEP, keep_copy},
    [CMD_PASTE] = {"paste", "Ctrl+v", "paste", "Paste numbers into an input, from the cell on", GROUP_KEEP, keep_paste},
    [CMD_COPY_LINE] = {"copy-line", "Ctrl+l", "copy line", "Copy this place as a line for qkv --state", GROUP_KEEP,
                       keep_copy_line},
    [CMD_OVERVIEW] = {"overview", "Tab o", "Overview", "The whole computation at a glance", GROUP_PAGES, overview},
    [CMD_LESSONS] = {"lessons", "l", "Lessons", "Choose a lesson", GROUP_PAGES, lessons},
    [CMD_KEYS] = {"keys", "? F1", "Keys", "This page", GROUP_PAGES, keys},
    [CMD_BLANK] = {"blank", "b .", "blank", "A dark screen; any key brings the page back", GROUP_PAGES, blank},
    [CMD_FOCUS_NEXT] = {"focus-next", "F6", "controls", "Reach the page's controls; Enter does what a click would",
                        GROUP_SCREEN, focus_next},
    [CMD_FOCUS_PREVIOUS] = {"focus-previous", "Shift+F6", "back", "", GROUP_HIDDEN, focus_previous},
    [CMD_THEME] = {"theme", "t", "Theme", "Light or dark", GROUP_SCREEN, theme},
    [CMD_MOTION] = {"motion", "m", "motion", "Moving matrices on or off", GROUP_SCREEN, motion},
    [CMD_LARGER] = {"larger", "+ =", "larger", "Larger text", GROUP_SCREEN, larger},
    [CMD_SMALLER] = {"smaller", "-", "smaller", "Smaller text", GROUP_SCREEN, smaller},
    [CMD_SCALE_RESET] = {"scale-reset", "0", "usual size", "Text at its usual size", GROUP_SCREEN, scale_reset},
    [CMD_FULLSCREEN] = {"fullscreen", "F11 f F5", "full screen", "Full screen", GROUP_SCREEN, fullscreen},
    [CMD_QUIT] = {"quit", "q Ctrl+q", "quit", "Quit", GROUP_SCREEN, quit},
    [CMD_SETTINGS] = {"settings", "x", "Settings", "Settings: arrows choose and change, Enter types, Delete puts back",
                      GROUP_CHANGE, settings_toggle},
    [CMD_SETTING_PREVIOUS] = {"setting-previous", "", "", "", GROUP_HIDDEN, settings_previous},
    [CMD_SETTING_NEXT] = {"setting-next", "", "", "", GROUP_HIDDEN, settings_next},
    [CMD_SETTING_LESS] = {"setting-less", "", "", "", GROUP_HIDDEN, settings_less},
    [CMD_SETTING_MORE] = {"setting-more", "", "", "", GROUP_HIDDEN, settings_more},
    [CMD_SETTING_TYPE] = {"setting-type", "", "", "", GROUP_HIDDEN, settings_type},
    [CMD_SETTING_OWN] = {"setting-own", "", "", "", GROUP_HIDDEN, settings_own},
    [CMD_SETTING_CHOOSE] = {"setting-choose", "", "", "", GROUP_HIDDEN, settings_choose},
    [CMD_SETTING_FOCUS] = {"setting-focus", "", "", "", GROUP_HIDDEN, settings_focus},
    [CMD_SETTING_SLIDE] = {"setting-slide", "", "", "", GROUP_HIDDEN, nothing},
    [CMD_HEADS] = {"heads", "g", "Heads", "All heads: who looks at whom, and what each adds", GROUP_PAGES, heads_page},
    [CMD_HEADS_ALL] = {"heads-all", "j", "all heads", "Lines of all heads at once, or of one", GROUP_LOOK, heads_all},
    [CMD_WORD_KEEP] = {"word-keep", "&", "keep word", "Keep a word chosen while you choose another", GROUP_LOOK,
                       heads_keep},
    [CMD_HEAD_SWITCH] = {"head-switch", "d", "head off or on", "Switch the head off: its rows of W_O become 0",
                         GROUP_CHANGE, heads_switch},
    [CMD_MICROSCOPE] = {"microscope", "v", "Softmax", "Softmax of one row under the microscope", GROUP_PAGES,
                        microscope_page},
    [CMD_MICROSCOPE_FACTOR] = {"microscope-factor", "y", "factor", "Microscope: scores times 1, 10, 100, 1000",
                               GROUP_LOOK, microscope_factor},
    [CMD_MICROSCOPE_MAXIMUM] = {"microscope-maximum", "n", "maximum", "Microscope: the maximum taken off, or not",
                                GROUP_LOOK, microscope_maximum},
    [CMD_WORD] = {"word", "", "", "", GROUP_HIDDEN, heads_word},
    [CMD_WORD_ADD] = {"word-add", "", "", "", GROUP_HIDDEN, heads_word_add},
    [CMD_HEAD_SWITCH_SET] = {"head-switch-set", "", "", "", GROUP_HIDDEN, heads_switch_set},
    [CMD_MICROSCOPE_FACTOR_SET] = {"microscope-factor-set", "", "", "", GROUP_HIDDEN, microscope_factor_set},
    [CMD_MICROSCOPE_TEMPERATURE] = {"microscope-temperature", "", "", "", GROUP_HIDDEN, microscope_temperature},
    [CMD_STAGE] = {"stage", "", "", "", GROUP_HIDDEN, stage_go},
    [CMD_STEP] = {"step", "", "", "", GROUP_HIDDEN, step_go},
    [CMD_LESSON] = {"lesson", "", "", "", GROUP_HIDDEN, lesson_go},
    [CMD_SPEED_SET] = {"speed-set", "", "", "", GROUP_HIDDEN, speed_set},
    [CMD_ZOOM_MAP] = {"zoom-map", "", "", "", GROUP_HIDDEN, nothing},
    [CMD_OFFER_OPEN] = {"offer-open", "", "Open", "", GROUP_HIDDEN, offer_open},
    [CMD_OFFER_LEAVE] = {"offer-leave", "", "Leave it", "", GROUP_HIDDEN, offer_leave},
    [CMD_OFFER_DELETE] = {"offer-delete", "", "Delete", "", GROUP_HIDDEN, offer_delete},
    [CMD_NOTHING] = {"nothing", "", "", "", GROUP_HIDDEN, nothing},
};
_Static_assert(sizeof command_table / sizeof command_table[0] == CMD_COUNT, "a command has no row");

/* Which of the blank-separated keys it is, from 0, or -1. */
static int find_key(const char *keys, const char *key)
{
    size_t n = strlen(key);
    for (int i = 0; *keys; i++) {
        size_t length = strcspn(keys, " ");
        if (length == n && strncmp(keys, key, n) == 0)
            return i;
        keys += length;
        keys += *keys == ' ';
    }
    return -1;
}

struct action action_of_key(const char *key)
{
    /* The cursor's rows come after the walk's and share the arrows with them: the later row knows both meanings. */
    for (int c = CMD_COUNT; c-- > 0;) {
        int which = find_key(command_table[c].keys, key);
        if (which >= 0)
            return (struct action){.kind = ACTION_COMMAND, .command = c, .argument = which};
    }
    return (struct action){.kind = ACTION_COMMAND, .command = CMD_NOTHING};
}
