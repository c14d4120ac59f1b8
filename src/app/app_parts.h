/* app_parts.h: the pieces of the app, for one another: update.c sends each action to the piece it is for. The
 * functions of commands stand together; their rows in commands.c say what each does. */
#ifndef QKV_APP_APP_PARTS_H
#define QKV_APP_APP_PARTS_H

#include "app/app.h"

/* Say something at the foot of the page until the next action. */
void app_say(struct app *app, const char *format, ...) QKV_PRINTF(2, 3);
/* One further (by = 1) or back (-1) of n, from the last to the first. */
size_t step_around(size_t at, int by, size_t n);
/* The first target of the page that sends this command; NULL: there is none. */
const struct item *page_target(const struct app *app, int command);

/* ---- commands: some are sent an argument, others are given which way to go: 1 or -1 ---- */
/* walking.c */
command_function walking_forward, walking_back, walking_first, walking_last, walking_play_pause, walking_stage_go,
    walking_step_go;
command_function looking_head_set, looking_head_next, looking_cursor_down, looking_cursor_right, looking_lesson_go,
    looking_pin, looking_leave, looking_turn, looking_compare, looking_read_on, looking_zoom, looking_zoom_reset;
/* edit.c. Those of words and pairs are one change each, or the message says why not. */
command_function edit_begin, edit_by, edit_reset, edit_reset_all, edit_try, word_remove, word_move, pair_block;
/* settings_keys.c. settings_slide: the slider that is held goes so far along its track, of SLIDER_PLACES. */
enum { SLIDER_PLACES = 10000 };
command_function settings_toggle, settings_move, settings_step, settings_type, settings_own, settings_choose,
    settings_focus, settings_slide;
/* dice.c: draw the lesson's weights from another seed */
command_function dice_reroll, dice_draw;
/* heads.c; page_toggle opens a page, or closes it. A head is switched off as a router does, its rows of W_O become 0;
 * or on again: they become what the lesson has there. That is one change, and so one undo. */
command_function page_toggle, heads_keep, heads_word, heads_word_add, heads_switch, heads_switch_set;
/* costs_page.c */
command_function costs_measure, costs_point;
/* focus.c: the next control in the order in which they are drawn; tell the line of a term on the page, without waiting */
command_function focus_move, focus_term;
/* keep.c and export.c */
command_function keep_save, keep_open, keep_export, keep_copy, keep_paste, keep_copy_line;

/* ---- change.c ---- */
/* Stop what is computed in the background. */
void change_cancel(struct app *app);
/* Look how far it is; show it when it is done. */
void change_poll(struct app *app);

/* Measure as it is told in *ask, which is taken over; beside the window where that takes long. */
void change_measure(struct app *app, struct ask *ask);

/* ---- costs.c ---- */
/* Arrows on the page of costs: a longer or shorter text. False: another page is there. */
bool costs_arrow(struct app *app, int down);

/* ---- pointer.c ---- */
/* What the pointer does: pointing, pressing, dragging. Returns the command that it asks for, to be run; -1: none. */
struct action pointer_asks(struct app *app, const struct action *action);
/* Command: pin the cell of a number in a text; which of the page. */
command_function pointer_live;

/* ---- typing.c: keys and text while a field is open ---- */
enum typing { TYPING_SENTENCE, TYPING_CELL, TYPING_SETTING, TYPING_SAVE, TYPING_OPEN, TYPING_EXPORT };
/* Open the field on a text, all of it selected. */
void typing_open(struct app *app, enum typing use, const char *label, const char *text);
/* Does a field take what was typed? One that is open does; the first character of a number opens that of its cell. */
bool typing_takes(struct app *app, const struct action *action);
/* The pointer goes elsewhere: a number is used, another text is left. False: the number is refused, the field stays. */
bool typing_ends(struct app *app);

/* ---- walking.c ---- */
/* Remember the page the change begins with, when the change is one the eye should follow. */
void transition_begin(struct app *app, size_t position_before, enum page page_before);
/* Fill the cells whose time has come. */
void play_on(struct app *app);

/* ---- edit.c: cells ---- */

/* Can this cell be given another number: is it of an input? One of a comparison is none. */
bool edit_is_possible(const struct app *app, const struct cursor *cell);
bool edit_is_mask(const struct app *app, const struct cursor *cell);
double edit_value(const struct app *app, const struct cursor *cell);

/* The edit that gives a cell another number. */
struct edit edit_of(const struct app *app, const struct cursor *cell, double value);

/* Change these numbers of one tensor, in their order. A mask that a setting made becomes one of single cells. False: the
 * message says why not. */
bool edit_cells(struct app *app, const struct edit *edits, size_t n);
/* The same for one cell (finite). */
bool edit_cell(struct app *app, const struct cursor *cell, double value);

/* Open or block the pair at this cell's row and column, whether there is a mask already or not. */
bool edit_pair_is_open(const struct app *app, const struct cursor *cell);
bool edit_mask(struct app *app, const struct cursor *cell, bool open);

/* Another sentence; "": the lesson's own. False: the message says why not. */
bool edit_sentence(struct app *app, const char *text);

/* ---- settings_keys.c ---- */

/* Are they on the page? Then keys turn them. */
bool settings_are_open(const struct app *app);
/* Open the field on the row in focus, if they are open and it takes numbers. */
bool settings_begin(struct app *app);
/* Use a typed value for the row in focus. False: it is refused, the message says why. */
bool settings_use(struct app *app, const char *text);

/* ---- heads.c ---- */

/* An arrow on one of these pages: words up and down; across, the output's column or the temperature. False: it is
 * another page. */
bool heads_arrow(struct app *app, int down, int across);

/* Deselect the words that are chosen on the page of heads. False: none is, or it is another page. */
bool heads_deselect(struct app *app);

/* ---- focus.c ---- */

/* The pointer is on this target (NULL: on none): after a while focus_tick tells what it does. */
void focus_rest(struct app *app, const struct item *hit);
/* Returns the seconds until then, or -1. */
double focus_tick(struct app *app);

/* ---- keep.c and export.c ---- */

/* ---- what becomes of a typed path (typing.c): false: the message says why, and the field stays ---- */
bool keep_use_save(struct app *app, const char *text);
bool keep_use_open(struct app *app, const char *text);
bool keep_use_export(struct app *app, const char *text);

/* ---- typed paths, each with a message where it is false ---- */
bool keep_has_files(struct app *app);
/* What was typed, without blanks around it, "~/" spelt out, from the root. */
bool keep_read_path(struct app *app, const char *text, struct str *ret);
/* May this file be written? One that is there only when it is asked for twice, but for the one that is `own`. */
bool keep_may_write(struct app *app, const char *path, const char *own);
/* In large letters or small. */
bool keep_ends_with(const char *path, const char *ending);

/* The end of a path that is too long for a line, in whole characters. */
enum { PATH_SHOWN = 120 };
const char *keep_path_shown(const char *path);

#endif
