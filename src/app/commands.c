/* commands.c: all that a person can do, a row each. */
#include "app/app_parts.h"

#include "app/autosave.h"
#include "scene/view.h"

#include <stdio.h>
#include <string.h>

/* ---- pages and the screen ---- */

static void sentence(struct app *app, UNUSED int argument)
{
    app->state.page = PAGE_WALK;
    typing_open(app, TYPING_SENTENCE, "Sentence", app->doc.lesson->sentence.text);
}

static void undo(struct app *app, int by)
{
    (by < 0 ? app_undo : app_redo)(app);
}

static void motion(struct app *app, UNUSED int argument)
{
    app->state.motion = !app->state.motion;
    app_say(app, "Motion is %s.", app->state.motion ? "on" : "off");
}

/* `by` percent more; SCALE_NORMAL: back to it. */
static void scale(struct app *app, int by)
{
    state_turn(&app->state, "scale", by == SCALE_NORMAL ? by - app->state.scale : by, false);
    app_say(app, "Text at %d %%.", app->state.scale);
}

static void fullscreen(struct app *app, UNUSED int argument)
{
    app->fullscreen = !app->fullscreen;
}

static void quit(struct app *app, UNUSED int argument)
{
    app->quit = true;
}

static void nothing(UNUSED struct app *app, UNUSED int argument)
{
}

/* A row: .run is called with .argument, else with what was sent. Or .key, of the view state (keys.h), gets another value:
 * which of them was sent, or .argument further on; on another page than .page that page is opened in place of it. */
#define COMMAND(id, name, keys, label, help, group, ...)                                                               \
    [CMD_##id] = {{name, keys, label, help, GROUP_##group}, __VA_ARGS__}
#define PAGE_COMMAND(id, draw, name, keys, label, help, ...)                                                           \
    COMMAND(id, name, keys, label, help, PAGES, .run = page_toggle, .argument = PAGE_##id),
enum { AROUND = 1000 }; /* an argument: the next value, after the last the first */

const struct command_row command_table[] = {
    COMMAND(FORWARD, "forward", "Right Space PageDown", "forward", "Go forward", WALK, .run = walking_forward),
    COMMAND(BACK, "back", "Left Backspace PageUp", "back", "Go back along the same path", WALK, .run = walking_back),
    COMMAND(FIRST, "first", "Home", "start", "Go to the start", WALK, .run = walking_first),
    COMMAND(LAST, "last", "End", "end", "Go to the end", WALK, .run = walking_last),
    COMMAND(STRIDE, "stride", "s", "stride", "Change the stride: stage, step, row, cell", WALK, .key = "stride",
            .argument = AROUND),
    COMMAND(STRIDE_SET, "stride-set", "", "", "", HIDDEN, .key = "stride"),
    COMMAND(PLAY, "play", "p", "play", "Play cell by cell, or pause", WALK, .run = walking_play_pause),
    COMMAND(SLOWER, "slower", "[ <", "slower", "Play slower", WALK, .key = "speed", .argument = -1),
    COMMAND(FASTER, "faster", "] >", "faster", "Play faster", WALK, .key = "speed", .argument = 1),
    COMMAND(HEAD_NEXT, "head-next", "h", "next head", "Look at the next head", LOOK, .run = looking_head_next),
    COMMAND(HEAD_SET, "head-set", "1 2 3 4 5 6 7 8 9", "head", "Look at that head", LOOK, .run = looking_head_set),
    COMMAND(CURSOR_UP, "cursor-up", "Up", "cell", "", HIDDEN, .run = looking_cursor_down, .argument = -1),
    COMMAND(CURSOR_DOWN, "cursor-down", "Down", "cells", "Point at a cell; then all arrows move", LOOK,
            .run = looking_cursor_down, .argument = 1),
    COMMAND(CURSOR_LEFT, "cursor-left", "Left", "cell", "", HIDDEN, .run = looking_cursor_right, .argument = -1),
    COMMAND(CURSOR_RIGHT, "cursor-right", "Right", "cell", "", HIDDEN, .run = looking_cursor_right, .argument = 1),
    COMMAND(PIN, "pin", "Return", "pin", "Pin the cell: its arithmetic, large", LOOK, .run = looking_pin),
    COMMAND(LEAVE, "leave", "Escape", "leave", "Let go: of the pin, the cell, the page", LOOK, .run = looking_leave),
    COMMAND(UNFOLD, "unfold", "u", "unfold", "Write a long sum out, or fold it", LOOK, .key = "unfolded",
            .argument = AROUND),
    COMMAND(COMPARE, "compare", "c", "Compare", "Compare: both values, their difference", LOOK, .run = looking_compare),
    COMMAND(FIGURE, "picture", "P", "Picture", "The picture: larger, away, and back", LOOK, .key = "picture",
            .argument = AROUND),
    COMMAND(READ_ON, "read-on", "r", "read on", "Read on where the words do not fit", LOOK, .run = looking_read_on),
    COMMAND(TURN, "turn", "w", "turn", "Tokens as columns, KᵀQ, or as rows again", LOOK, .run = looking_turn),
    COMMAND(ZOOM_IN, "zoom-in", "z", "zoom in", "Zoom into a large matrix", LOOK, .run = looking_zoom, .argument = 1),
    COMMAND(ZOOM_OUT, "zoom-out", "Z", "zoom out", "Zoom out again", LOOK, .run = looking_zoom, .argument = -1),
    COMMAND(ZOOM_RESET, "zoom-reset", "a", "all", "All of the matrix", LOOK, .run = looking_zoom_reset),
    COMMAND(EDIT, "edit", "F2", "edit", "Type another number for the cell", CHANGE, .run = edit_begin),
    COMMAND(EDIT_UP, "edit-up", "Ctrl+Up", "more", "0.1 more; with Down, less", CHANGE, .run = edit_by, .argument = 10),
    COMMAND(EDIT_DOWN, "edit-down", "Ctrl+Down", "less", "", HIDDEN, .run = edit_by, .argument = -10),
    COMMAND(EDIT_BY, "edit-by", "", "", "", HIDDEN, .run = edit_by),
    COMMAND(SENTENCE, "sentence", "e i", "Sentence", "Type a sentence of your own", CHANGE, .run = sentence),
    COMMAND(WORD_REMOVE, "word-remove", "Delete", "remove", "Take the word out of the sentence", CHANGE,
            .run = word_remove),
    COMMAND(WORD_EARLIER, "word-earlier", "Ctrl+Left", "earlier", "Move the word; with Right, later", CHANGE,
            .run = word_move, .argument = -1),
    COMMAND(WORD_LATER, "word-later", "Ctrl+Right", "later", "", HIDDEN, .run = word_move, .argument = 1),
    COMMAND(BLOCK, "block", "k", "block", "Block the pair of words, or open it", CHANGE, .run = pair_block),
    COMMAND(UNDO, "undo", "Ctrl+z", "Undo", "Undo the last change", CHANGE, .run = undo, .argument = -1),
    COMMAND(REDO, "redo", "Ctrl+y Ctrl+Shift+z", "redo", "Do it again", CHANGE, .run = undo, .argument = 1),
    COMMAND(RESET, "reset", "Ctrl+Delete", "reset", "Reset the matrix of the cell", CHANGE, .run = edit_reset),
    COMMAND(RESET_ALL, "reset-all", "Ctrl+Shift+Delete", "Reset", "Reset all: the lesson as it is written", CHANGE,
            .run = edit_reset_all),
    COMMAND(TRY, "try", "T", "Try it", "Do what the text says to try, or back", CHANGE, .run = edit_try),
    COMMAND(REROLL, "reroll", "R", "Throw again", "Draw the weights anew: the next seed", CHANGE, .run = dice_reroll),
    COMMAND(SAVE, "save", "Ctrl+s", "Save", "Save the session", FILES, .run = keep_save),
    COMMAND(OPEN, "open", "Ctrl+o", "Open", "Open a session or a lesson", FILES, .run = keep_open),
    COMMAND(EXPORT, "export", "Ctrl+e", "Export", "Export PNG, SVG, CSV or safetensors", FILES, .run = keep_export),
    COMMAND(COPY, "copy", "Ctrl+c", "copy", "Copy the matrix for a spreadsheet", FILES, .run = keep_copy),
    COMMAND(PASTE, "paste", "Ctrl+v", "paste", "Paste numbers, from the cell on", FILES, .run = keep_paste),
    COMMAND(COPY_LINE, "copy-line", "Ctrl+l", "copy line", "Copy the place as a line of text", FILES,
            .run = keep_copy_line),
    COMMAND(FOCUS_NEXT, "focus-next", "F6", "controls", "Reach the controls; Enter: click", SCREEN, .run = focus_move,
            .argument = 1),
    COMMAND(FOCUS_PREVIOUS, "focus-previous", "Shift+F6", "back", "", HIDDEN, .run = focus_move, .argument = -1),
    COMMAND(THEME, "theme", "t", "Theme", "Light or dark", SCREEN, .key = "theme", .argument = AROUND),
    COMMAND(MOTION, "motion", "m", "motion", "Moving matrices on or off", SCREEN, .run = motion),
    COMMAND(LARGER, "larger", "+ =", "larger", "Larger text", SCREEN, .run = scale, .argument = 10),
    COMMAND(SMALLER, "smaller", "-", "smaller", "Smaller text", SCREEN, .run = scale, .argument = -10),
    COMMAND(SCALE_RESET, "scale-reset", "0", "usual size", "Text at its usual size", SCREEN, .run = scale,
            .argument = SCALE_NORMAL),
    COMMAND(FULLSCREEN, "fullscreen", "F11 f F5", "full screen", "Full screen", SCREEN, .run = fullscreen),
    PAGE_LIST(PAGE_COMMAND) COMMAND(QUIT, "quit", "Ctrl+q", "quit", "Quit", SCREEN, .run = quit),
    COMMAND(SETTINGS, "settings", "x", "Settings", "Settings: all that can be set", CHANGE, .run = settings_toggle),
    COMMAND(SETTING_PREVIOUS, "setting-previous", "", "", "The setting before", HIDDEN, .run = settings_move,
            .argument = -1),
    COMMAND(SETTING_NEXT, "setting-next", "", "", "The next setting", HIDDEN, .run = settings_move, .argument = 1),
    COMMAND(SETTING_LESS, "setting-less", "", "", "The value before", HIDDEN, .run = settings_step, .argument = -1),
    COMMAND(SETTING_MORE, "setting-more", "", "", "The next value", HIDDEN, .run = settings_step, .argument = 1),
    COMMAND(SETTING_TYPE, "setting-type", "", "", "Type a value", HIDDEN, .run = settings_type),
    COMMAND(SETTING_OWN, "setting-own", "", "", "As the lesson has it", HIDDEN, .run = settings_own),
    COMMAND(SETTING_CHOOSE, "setting-choose", "", "", "", HIDDEN, .run = settings_choose),
    COMMAND(SETTING_FOCUS, "setting-focus", "", "", "", HIDDEN, .run = settings_focus),
    COMMAND(SETTING_SLIDE, "setting-slide", "", "", "Drag: another value", HIDDEN, .run = settings_slide),
    COMMAND(HEADS_ALL, "heads-all", "j", "all heads", "Lines of all heads at once, or of one", LOOK, .key = "lines",
            .argument = AROUND, .page = PAGE_HEADS),
    COMMAND(WORD_KEEP, "word-keep", "&", "keep word", "Keep this word, choose another too", LOOK, .run = heads_keep),
    COMMAND(HEAD_SWITCH, "head-switch", "d", "head off or on", "Switch the head off, or on", CHANGE,
            .run = heads_switch),
    COMMAND(MICROSCOPE_FACTOR, "microscope-factor", "y", "factor", "Microscope: scores × 1 to 1000", LOOK,
            .key = "factor", .argument = AROUND, .page = PAGE_MICROSCOPE),
    COMMAND(MICROSCOPE_MAXIMUM, "microscope-maximum", "n", "maximum", "Microscope: maximum taken off, or not", LOOK,
            .key = "maximum", .argument = AROUND, .page = PAGE_MICROSCOPE),
    COMMAND(COSTS_MEASURE, "costs-measure", "M", "measure", "Costs: measure the time here", LOOK, .run = costs_measure),
    COMMAND(COSTS_WIDTH, "costs-width", "W", "width", "Costs: queries of 16, 64, 256 numbers", LOOK, .key = "width",
            .argument = AROUND, .page = PAGE_COSTS),
    COMMAND(COSTS_WIDTH_SET, "costs-width-set", "", "", "", HIDDEN, .key = "width"),
    COMMAND(COSTS_POINT, "costs-point", "", "", "", HIDDEN, .run = costs_point),
    COMMAND(WORD, "word", "", "", "", HIDDEN, .run = heads_word),
    COMMAND(LOOK, "look", "", "", "Look from here; again: as the text does", HIDDEN, .run = heads_word),
    COMMAND(CELL, "cell", "", "", "", HIDDEN, .run = nothing),
    COMMAND(WORD_ADD, "word-add", "", "", "", HIDDEN, .run = heads_word_add),
    COMMAND(HEAD_SWITCH_SET, "head-switch-set", "", "", "", HIDDEN, .run = heads_switch_set),
    COMMAND(MICROSCOPE_FACTOR_SET, "microscope-factor-set", "", "", "", HIDDEN, .key = "factor"),
    COMMAND(MICROSCOPE_TEMPERATURE, "microscope-temperature", "", "", "", HIDDEN, .key = "temperature"),
    COMMAND(STAGE, "stage", "", "", "", HIDDEN, .run = walking_stage_go),
    COMMAND(STEP, "step", "", "", "", HIDDEN, .run = walking_step_go),
    COMMAND(LESSON, "lesson", "", "", "", HIDDEN, .run = looking_lesson_go),
    COMMAND(DRAW, "draw", "", "", "This draw, in the walk", HIDDEN, .run = dice_draw),
    COMMAND(SPEED_SET, "speed-set", "", "", "", HIDDEN, .key = "speed"),
    COMMAND(ZOOM_MAP, "zoom-map", "", "", "", HIDDEN, .run = nothing),
    COMMAND(OFFER_OPEN, "offer-open", "", "Open", "", HIDDEN, .run = autosave_answer, .argument = CMD_OFFER_OPEN),
    COMMAND(OFFER_LEAVE, "offer-leave", "", "Leave it", "", HIDDEN, .run = autosave_answer,
            .argument = CMD_OFFER_LEAVE),
    COMMAND(OFFER_DELETE, "offer-delete", "", "Delete", "", HIDDEN, .run = autosave_answer,
            .argument = CMD_OFFER_DELETE),
    COMMAND(LIVE, "live", "", "", "The cell of this number", HIDDEN, .run = pointer_live),
    COMMAND(TERM, "term", "", "", "What this word means", HIDDEN, .run = focus_term),
    COMMAND(NOTHING, "nothing", "", "", "", HIDDEN, .run = nothing),
};
_Static_assert(sizeof command_table / sizeof command_table[0] == CMD_COUNT, "a command has no row");

static void run(struct app *app, int command, int argument)
{
    const struct command_row *row = &command_table[command];
    if (row->run)
        row->run(app, row->argument ? row->argument : argument);
    else if (row->page && app->state.page != row->page)
        page_toggle(app, (int)row->page);
    else if (row->argument)
        state_turn(&app->state, row->key, row->argument == AROUND ? 1 : row->argument, row->argument == AROUND);
    else
        state_choose(&app->state, row->key, argument);
}

void command_run(struct app *app, int command, int argument)
{
    if (command < 0 || command >= CMD_COUNT)
        return;
    /* As long as there is no lesson it can only be stopped. */
    if (!app->doc.lesson) {
        app->quit = app->quit || command == CMD_LEAVE || command == CMD_QUIT;
        return;
    }
    if (command < CMD_OFFER_OPEN || command > CMD_OFFER_DELETE)
        autosave_dismiss(app);
    size_t position = app->state.position;
    enum page page = app->state.page;
    const unsigned long changes = app->changes; /* the command may open another lesson */
    app->message[0] = 0;
    app->input.field.on = false;
    app->input.tip.on = app->input.under.on = false; /* whoever uses a key looks elsewhere */
    app->state.settings.refused = false;
    app->animation.transition.on = false;
    /* Enter is a click on the control in focus, which stays in focus: it may be the one that Enter itself is. */
    struct widget focus = app->input.focus;
    if (command == CMD_PIN && focus.on && widget_find(&app->page, &focus)) {
        app->input.focus.on = false;
        command_run(app, focus.command, focus.argument);
        app->input.focus = focus;
        return;
    }
    /* A blank screen comes back with any key, and that key does nothing else: the class sees what it saw before. */
    if (page == PAGE_BLANK && command != CMD_QUIT)
        command = CMD_BLANK;
    /* So does stopping what is on its way. */
    if (command == CMD_LEAVE && app->job) {
        change_cancel(app);
        app_say(app, "Stopped; everything is as it was.");
        return;
    }
    run(app, command, argument);
    app->dirty = true;
    if (app->changes == changes)
        transition_begin(app, position, page);
}

const struct command_info *command_shown(int command)
{
    return &command_table[command].shown;
}

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

/* While something is offered, or else the settings are open, some keys stand for another command; -1: not this one. */
static int key_in_context(const struct app *app, const struct action *key)
{
    static const struct {
        const char *key;
        bool offer, shift;
        enum command command;
    } keys[] = {
        {"Return", true, false, CMD_OFFER_OPEN},   {"Escape", true, false, CMD_OFFER_LEAVE},
        {"Delete", true, false, CMD_OFFER_DELETE}, {"Up", false, false, CMD_SETTING_PREVIOUS},
        {"Down", false, false, CMD_SETTING_NEXT},  {"Tab", false, true, CMD_SETTING_PREVIOUS},
        {"Tab", false, false, CMD_SETTING_NEXT},   {"Left", false, false, CMD_SETTING_LESS},
        {"Right", false, false, CMD_SETTING_MORE}, {"Return", false, false, CMD_SETTING_TYPE},
        {"Delete", false, false, CMD_SETTING_OWN}, {"Backspace", false, false, CMD_SETTING_OWN},
        {"Escape", false, false, CMD_SETTINGS},
    };
    for (size_t i = 0; app->doc.lesson && !key->ctrl && i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(keys[i].key, key->text) == 0 &&
            (keys[i].offer ? app->files.offer != NULL : keys[i].shift == key->shift && settings_are_open(app)))
            return (int)keys[i].command;
    return -1;
}

struct action command_of(const struct app *app, const struct action *key)
{
    char name[48];
    if (key->kind == ACTION_TEXT)
        return action_of_key(key->text);
    int here = key_in_context(app, key);
    if (here >= 0)
        return (struct action){.kind = ACTION_COMMAND, .command = here};
    snprintf(name, sizeof name, "%s%s%s", key->ctrl ? "Ctrl+" : "", key->shift ? "Shift+" : "", key->text);
    struct action command = action_of_key(name);
    /* Shift with a key that means nothing of its own is the key. */
    return command.command == CMD_NOTHING && key->shift && !key->ctrl ? action_of_key(key->text) : command;
}

struct action action_of_key(const char *key)
{
    /* The cursor's rows come after the walk's and share the arrows with them: the later row knows both meanings. */
    for (int c = CMD_COUNT; c-- > 0;) {
        int which = find_key(command_table[c].shown.keys, key);
        if (which >= 0)
            return (struct action){.kind = ACTION_COMMAND, .command = c, .argument = which};
    }
    return (struct action){.kind = ACTION_COMMAND, .command = CMD_NOTHING};
}
