/* commands.c: all that a person can do, a row each. */
#include "app/app_parts.h"
#include "app/autosave.h"
#include "scene/view.h"

#include <stdio.h>
#include <string.h>

/* ---- pages and the screen ---- */

static void sentence(struct app *app, UNUSED int argument)
{
    app->animation.playing = false;
    app->state.page = PAGE_WALK;
    typing_open(app, TYPING_SENTENCE, "Sentence", app->doc.lesson->sentence);
}

static void undo(struct app *app, int by)
{
    (by < 0 ? app_undo : app_redo)(app);
}

static void theme(struct app *app, UNUSED int argument)
{
    app->state.theme = (app->state.theme + 1) % THEME_COUNT;
}

static void motion(struct app *app, UNUSED int argument)
{
    app->state.motion = !app->state.motion;
    app_say(app, "Motion is %s.", app->state.motion ? "on" : "off");
}

/* `by` percent more; SCALE_NORMAL: back to it. */
static void scale(struct app *app, int by)
{
    int scale = by == SCALE_NORMAL ? by : app->state.scale + by;
    app->state.scale = scale < SCALE_MIN ? SCALE_MIN : scale > SCALE_MAX ? SCALE_MAX : scale;
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

#define PAGE_COMMAND(id, draw, name, keys, label, help, ...)                                                           \
    [CMD_##id] = {{name, keys, label, help, GROUP_PAGES}, page_toggle, PAGE_##id},
const struct command_row command_table[] = {
    [CMD_FORWARD] = {{"forward", "Right Space PageDown", "forward", "Go forward", GROUP_WALK}, walking_forward, 0},
    [CMD_BACK] = {{"back", "Left Backspace PageUp", "back", "Go back along the same path", GROUP_WALK},
                  walking_back,
                  0},
    [CMD_FIRST] = {{"first", "Home", "start", "Go to the start", GROUP_WALK}, walking_first, 0},
    [CMD_LAST] = {{"last", "End", "end", "Go to the end", GROUP_WALK}, walking_last, 0},
    [CMD_STRIDE] = {{"stride", "s", "stride", "Change the stride: stage, step, row, cell", GROUP_WALK},
                    walking_stride_next,
                    0},
    [CMD_STRIDE_SET] = {{"stride-set", "", "", "", GROUP_HIDDEN}, walking_stride_set, 0},
    [CMD_PLAY] = {{"play", "p", "play", "Play cell by cell, or pause", GROUP_WALK}, walking_play_pause, 0},
    [CMD_SLOWER] = {{"slower", "[ <", "slower", "Play slower", GROUP_WALK}, walking_speed_by, -1},
    [CMD_FASTER] = {{"faster", "] >", "faster", "Play faster", GROUP_WALK}, walking_speed_by, 1},
    [CMD_HEAD_NEXT] = {{"head-next", "h", "next head", "Look at the next head", GROUP_LOOK}, looking_head_next, 0},
    [CMD_HEAD_SET] = {{"head-set", "1 2 3 4 5 6 7 8 9", "head", "Look at that head", GROUP_LOOK}, looking_head_set, 0},
    [CMD_CURSOR_UP] = {{"cursor-up", "Up", "cell", "", GROUP_HIDDEN}, looking_cursor_down, -1},
    [CMD_CURSOR_DOWN] = {{"cursor-down", "Down", "cells", "Point at a cell; then all arrows move", GROUP_LOOK},
                         looking_cursor_down,
                         1},
    [CMD_CURSOR_LEFT] = {{"cursor-left", "Left", "cell", "", GROUP_HIDDEN}, looking_cursor_right, -1},
    [CMD_CURSOR_RIGHT] = {{"cursor-right", "Right", "cell", "", GROUP_HIDDEN}, looking_cursor_right, 1},
    [CMD_PIN] = {{"pin", "Return", "pin", "Pin the cell: its arithmetic, large", GROUP_LOOK}, looking_pin, 0},
    [CMD_LEAVE] = {{"leave", "Escape", "leave", "Let go: of the pin, the cell, the page", GROUP_LOOK},
                   looking_leave,
                   0},
    [CMD_UNFOLD] = {{"unfold", "u", "unfold", "Write a long sum out, or fold it", GROUP_LOOK}, looking_unfold, 0},
    [CMD_COMPARE] = {{"compare", "c", "Compare", "Compare: both values, their difference", GROUP_LOOK},
                     looking_compare,
                     0},
    [CMD_READ_ON] = {{"read-on", "r", "read on", "Read on where the words do not fit", GROUP_LOOK}, looking_read_on, 0},
    [CMD_TURN] = {{"turn", "w", "turn", "Tokens as columns, KᵀQ, or as rows again", GROUP_LOOK}, looking_turn, 0},
    [CMD_ZOOM_IN] = {{"zoom-in", "z", "zoom in", "Zoom into a large matrix", GROUP_LOOK}, looking_zoom, 1},
    [CMD_ZOOM_OUT] = {{"zoom-out", "Z", "zoom out", "Zoom out again", GROUP_LOOK}, looking_zoom, -1},
    [CMD_ZOOM_RESET] = {{"zoom-reset", "a", "all", "All of the matrix", GROUP_LOOK}, looking_zoom_reset, 0},
    [CMD_EDIT] = {{"edit", "F2", "edit", "Type another number for the cell", GROUP_CHANGE}, edit_begin, 0},
    [CMD_EDIT_UP] = {{"edit-up", "Ctrl+Up", "more", "0.1 more; with Down, less", GROUP_CHANGE}, edit_step, 1},
    [CMD_EDIT_DOWN] = {{"edit-down", "Ctrl+Down", "less", "", GROUP_HIDDEN}, edit_step, -1},
    [CMD_SENTENCE] = {{"sentence", "e i", "Sentence", "Type a sentence of your own", GROUP_CHANGE}, sentence, 0},
    [CMD_WORD_REMOVE] = {{"word-remove", "Delete", "remove", "Take the word out of the sentence", GROUP_CHANGE},
                         word_remove,
                         0},
    [CMD_WORD_EARLIER] = {{"word-earlier", "Ctrl+Left", "earlier", "Move the word; with Right, later", GROUP_CHANGE},
                          word_move,
                          -1},
    [CMD_WORD_LATER] = {{"word-later", "Ctrl+Right", "later", "", GROUP_HIDDEN}, word_move, 1},
    [CMD_BLOCK] = {{"block", "k", "block", "Block the pair of words, or open it", GROUP_CHANGE}, pair_block, 0},
    [CMD_UNDO] = {{"undo", "Ctrl+z", "Undo", "Undo the last change", GROUP_CHANGE}, undo, -1},
    [CMD_REDO] = {{"redo", "Ctrl+y Ctrl+Shift+z", "redo", "Do it again", GROUP_CHANGE}, undo, 1},
    [CMD_RESET] = {{"reset", "Ctrl+Delete", "reset", "Reset the matrix of the cell", GROUP_CHANGE}, edit_reset, 0},
    [CMD_RESET_ALL] = {{"reset-all", "Ctrl+Shift+Delete", "Reset", "Reset all: the lesson as it is written",
                        GROUP_CHANGE},
                       edit_reset_all,
                       0},
    [CMD_SAVE] = {{"save", "Ctrl+s", "Save", "Save the session", GROUP_FILES}, keep_save, 0},
    [CMD_OPEN] = {{"open", "Ctrl+o", "Open", "Open a session or a lesson", GROUP_FILES}, keep_open, 0},
    [CMD_EXPORT] = {{"export", "Ctrl+e", "Export", "Export PNG, SVG, CSV or safetensors", GROUP_FILES}, keep_export, 0},
    [CMD_COPY] = {{"copy", "Ctrl+c", "copy", "Copy the matrix for a spreadsheet", GROUP_FILES}, keep_copy, 0},
    [CMD_PASTE] = {{"paste", "Ctrl+v", "paste", "Paste numbers, from the cell on", GROUP_FILES}, keep_paste, 0},
    [CMD_COPY_LINE] = {{"copy-line", "Ctrl+l", "copy line", "Copy the place as a line of text", GROUP_FILES},
                       keep_copy_line,
                       0},
    [CMD_FOCUS_NEXT] = {{"focus-next", "F6", "controls", "Reach the controls; Enter: click", GROUP_SCREEN},
                        focus_move,
                        1},
    [CMD_FOCUS_PREVIOUS] = {{"focus-previous", "Shift+F6", "back", "", GROUP_HIDDEN}, focus_move, -1},
    [CMD_THEME] = {{"theme", "t", "Theme", "Light or dark", GROUP_SCREEN}, theme, 0},
    [CMD_MOTION] = {{"motion", "m", "motion", "Moving matrices on or off", GROUP_SCREEN}, motion, 0},
    [CMD_LARGER] = {{"larger", "+ =", "larger", "Larger text", GROUP_SCREEN}, scale, 10},
    [CMD_SMALLER] = {{"smaller", "-", "smaller", "Smaller text", GROUP_SCREEN}, scale, -10},
    [CMD_SCALE_RESET] = {{"scale-reset", "0", "usual size", "Text at its usual size", GROUP_SCREEN},
                         scale,
                         SCALE_NORMAL},
    [CMD_FULLSCREEN] = {{"fullscreen", "F11 f F5", "full screen", "Full screen", GROUP_SCREEN}, fullscreen, 0},
    PAGE_LIST(PAGE_COMMAND)[CMD_QUIT] = {{"quit", "Ctrl+q", "quit", "Quit", GROUP_SCREEN}, quit, 0},
    [CMD_SETTINGS] = {{"settings", "x", "Settings", "Settings: all that can be set", GROUP_CHANGE}, settings_toggle, 0},
    [CMD_SETTING_PREVIOUS] = {{"setting-previous", "", "", "The setting before", GROUP_HIDDEN}, settings_move, -1},
    [CMD_SETTING_NEXT] = {{"setting-next", "", "", "The next setting", GROUP_HIDDEN}, settings_move, 1},
    [CMD_SETTING_LESS] = {{"setting-less", "", "", "The value before", GROUP_HIDDEN}, settings_step, -1},
    [CMD_SETTING_MORE] = {{"setting-more", "", "", "The next value", GROUP_HIDDEN}, settings_step, 1},
    [CMD_SETTING_TYPE] = {{"setting-type", "", "", "Type a value", GROUP_HIDDEN}, settings_type, 0},
    [CMD_SETTING_OWN] = {{"setting-own", "", "", "As the lesson has it", GROUP_HIDDEN}, settings_own, 0},
    [CMD_SETTING_CHOOSE] = {{"setting-choose", "", "", "", GROUP_HIDDEN}, settings_choose, 0},
    [CMD_SETTING_FOCUS] = {{"setting-focus", "", "", "", GROUP_HIDDEN}, settings_focus, 0},
    [CMD_SETTING_SLIDE] = {{"setting-slide", "", "", "Drag: another value", GROUP_HIDDEN}, nothing, 0},
    [CMD_HEADS_ALL] = {{"heads-all", "j", "all heads", "Lines of all heads at once, or of one", GROUP_LOOK},
                       heads_all,
                       0},
    [CMD_WORD_KEEP] = {{"word-keep", "&", "keep word", "Keep this word, choose another too", GROUP_LOOK},
                       heads_keep,
                       0},
    [CMD_HEAD_SWITCH] = {{"head-switch", "d", "head off or on", "Switch the head off, or on", GROUP_CHANGE},
                         heads_switch,
                         0},
    [CMD_MICROSCOPE_FACTOR] = {{"microscope-factor", "y", "factor", "Microscope: scores × 1 to 1000", GROUP_LOOK},
                               microscope_factor,
                               0},
    [CMD_MICROSCOPE_MAXIMUM] = {{"microscope-maximum", "n", "maximum", "Microscope: maximum taken off, or not",
                                 GROUP_LOOK},
                                microscope_maximum,
                                0},
    [CMD_WORD] = {{"word", "", "", "", GROUP_HIDDEN}, heads_word, 0},
    [CMD_WORD_ADD] = {{"word-add", "", "", "", GROUP_HIDDEN}, heads_word_add, 0},
    [CMD_HEAD_SWITCH_SET] = {{"head-switch-set", "", "", "", GROUP_HIDDEN}, heads_switch_set, 0},
    [CMD_MICROSCOPE_FACTOR_SET] = {{"microscope-factor-set", "", "", "", GROUP_HIDDEN}, microscope_factor_set, 0},
    [CMD_MICROSCOPE_TEMPERATURE] = {{"microscope-temperature", "", "", "", GROUP_HIDDEN}, microscope_temperature, 0},
    [CMD_STAGE] = {{"stage", "", "", "", GROUP_HIDDEN}, walking_stage_go, 0},
    [CMD_STEP] = {{"step", "", "", "", GROUP_HIDDEN}, walking_step_go, 0},
    [CMD_LESSON] = {{"lesson", "", "", "", GROUP_HIDDEN}, looking_lesson_go, 0},
    [CMD_SPEED_SET] = {{"speed-set", "", "", "", GROUP_HIDDEN}, walking_speed_set, 0},
    [CMD_ZOOM_MAP] = {{"zoom-map", "", "", "", GROUP_HIDDEN}, nothing, 0},
    [CMD_OFFER_OPEN] = {{"offer-open", "", "Open", "", GROUP_HIDDEN}, autosave_answer, CMD_OFFER_OPEN},
    [CMD_OFFER_LEAVE] = {{"offer-leave", "", "Leave it", "", GROUP_HIDDEN}, autosave_answer, CMD_OFFER_LEAVE},
    [CMD_OFFER_DELETE] = {{"offer-delete", "", "Delete", "", GROUP_HIDDEN}, autosave_answer, CMD_OFFER_DELETE},
    [CMD_NOTHING] = {{"nothing", "", "", "", GROUP_HIDDEN}, nothing, 0},
};
_Static_assert(sizeof command_table / sizeof command_table[0] == CMD_COUNT, "a command has no row");

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
