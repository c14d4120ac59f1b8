/* app_parts.h: the pieces of the app, for one another: update.c sends each action to the piece it is for. A function
 * with an `argument` is a row of the command table (commands.c); `by`: 1 or -1, which way. */
#ifndef QKV_APP_APP_PARTS_H
#define QKV_APP_APP_PARTS_H

#include "app/app.h"

/* Say something at the foot of the page until the next action. */
void app_say(struct app *app, const char *format, ...) QKV_PRINTF(2, 3);

/* ---- change.c ---- */
/* Stop what is computed in the background. */
void change_cancel(struct app *app);
/* Look how far it is; show it when it is done. */
void change_poll(struct app *app);

/* ---- pointer.c ---- */
void pointer_move(struct app *app, float x, float y);
/* Returns the command that it asks for, to be run; its command is -1: none. */
struct action pointer_press(struct app *app, const struct action *action);
void pointer_release(struct app *app);
void pointer_leave(struct app *app);
void pointer_wheel(struct app *app, const struct action *action);

/* ---- typing.c: keys and text while a field is open ---- */
enum typing { TYPING_SENTENCE, TYPING_CELL, TYPING_SETTING, TYPING_SAVE, TYPING_OPEN, TYPING_EXPORT };
/* Open the field on a text, all of it selected. */
void typing_open(struct app *app, enum typing use, const char *label, const char *text);
void typing_key(struct app *app, const struct action *action);
void typing_text(struct app *app, const char *text);
/* Is this the first character of a number for the cell that is pinned? Then its field is open now. */
bool typing_begins(struct app *app, const char *text);
/* The pointer goes elsewhere: a number is used, another text is left. False: the number is refused, the field stays. */
bool typing_ends(struct app *app);

/* ---- walking.c ---- */
/* Remember the page the change begins with, when the change is one the eye should follow. */
void transition_begin(struct app *app, size_t position_before, enum page page_before);
/* Fill the cells whose time has come. */
void play_on(struct app *app);

void walking_forward(struct app *app, int argument);
void walking_back(struct app *app, int argument);
void walking_first(struct app *app, int argument);
void walking_last(struct app *app, int argument);
void walking_stride_next(struct app *app, int argument);
void walking_stride_set(struct app *app, int argument);
void walking_play_pause(struct app *app, int argument);
void walking_speed_set(struct app *app, int argument);
void walking_speed_by(struct app *app, int by);
void walking_stage_go(struct app *app, int argument);
void walking_step_go(struct app *app, int argument);
void looking_head_set(struct app *app, int argument);
void looking_head_next(struct app *app, int argument);
void looking_cursor_down(struct app *app, int by);
void looking_cursor_right(struct app *app, int by);
void looking_lesson_go(struct app *app, int argument);
void looking_pin(struct app *app, int argument);
void looking_leave(struct app *app, int argument);
void looking_turn(struct app *app, int argument);
void looking_unfold(struct app *app, int argument);
void looking_compare(struct app *app, int argument);
void looking_read_on(struct app *app, int argument);
void looking_zoom(struct app *app, int by);
void looking_zoom_reset(struct app *app, int argument);

/* ---- edit.c: cells ---- */

/* Can this cell be given another number: is it of an input? One of a comparison is none. */
bool edit_is_possible(const struct app *app, const struct cursor *cell);
bool edit_is_mask(const struct app *app, const struct cursor *cell);
double edit_value(const struct app *app, const struct cursor *cell);

/* Begin to change numbers: *ret is what is changed so far. If of the mask, one that a setting made becomes one of
 * single cells. */
QKV_CHECKED struct qkv_err edit_start(const struct app *app, bool mask, struct overrides *ret);
/* The edit that gives a cell another number. */
struct edit edit_of(const struct app *app, const struct cursor *cell, double value);

/* Give it this number (finite). A mask that a setting made becomes one of single cells. False: the message says why
 * not. */
bool edit_cell(struct app *app, const struct cursor *cell, double value);

/* Open or block the pair at this cell's row and column, whether there is a mask already or not. */
bool edit_pair_is_open(const struct app *app, const struct cursor *cell);
bool edit_mask(struct app *app, const struct cursor *cell, bool open);

/* Change the number under the cursor by so much; a mask's cell opens or closes. */
void edit_nudge(struct app *app, double by);

/* ---- commands ---- */
void edit_begin(struct app *app, int argument);     /* open a field on the number under the cursor */
void edit_step(struct app *app, int by);            /* the number under the cursor by 0.1 */
void edit_reset(struct app *app, int argument);     /* the matrix under the cursor */
void edit_reset_all(struct app *app, int argument); /* the whole lesson */

/* ---- edit.c: words and pairs of words ---- */

/* Commands: each is one change, or the message says why not. */
void word_remove(struct app *app, int argument);
void word_move(struct app *app, int by);
void pair_block(struct app *app, int argument); /* block the pair of words under the cursor, or open it again */

/* ---- settings_keys.c ---- */

/* While the settings are open: the command that a key stands for, or -1. */
int settings_key(const struct app *app, const struct action *action);
/* Is this the first character of a value for the row in focus? Then its field is open now. */
bool settings_begins(struct app *app, const char *text);
/* Use a typed value for the row in focus. False: it is refused, the message says why. */
bool settings_use(struct app *app, const char *text);

/* ---- the pointer ---- */
/* The slider, whose track app->press has, goes to the pointer. */
void settings_slide(struct app *app, float x);
/* The wheel over the panel: the focus moves. False: it is not over it. */
bool settings_wheel(struct app *app, const struct action *action);

/* ---- commands ---- */
void settings_toggle(struct app *app, int argument);
void settings_move(struct app *app, int by); /* the focus, to another row */
void settings_step(struct app *app, int by); /* its value, to the one before or after */
void settings_type(struct app *app, int argument);
void settings_own(struct app *app, int argument);
void settings_choose(struct app *app, int argument);
void settings_focus(struct app *app, int argument);

/* ---- heads.c ---- */

/* Open a page, or close it. */
void page_toggle(struct app *app, int page);

/* ---- commands ---- */
void heads_all(struct app *app, int argument);
void heads_keep(struct app *app, int argument);
void heads_word(struct app *app, int argument);
void heads_word_add(struct app *app, int argument);
/* Switch the head looked at / that head off, as a router does: its rows of W_O become 0; or on again: they become what
 * the lesson has there. One change, and so one undo. */
void heads_switch(struct app *app, int argument);
void heads_switch_set(struct app *app, int argument);
void microscope_factor(struct app *app, int argument);
void microscope_factor_set(struct app *app, int argument);
void microscope_maximum(struct app *app, int argument);
void microscope_temperature(struct app *app, int argument);

/* An arrow on one of these pages: words up and down; across, the output's column or the temperature. False: it is
 * another page. */
bool heads_arrow(struct app *app, int down, int across);

/* Deselect the words that are chosen on the page of heads. False: none is, or it is another page. */
bool heads_deselect(struct app *app);

/* ---- pointer.c: the control in focus ---- */

/* To the next control of the page, or the one before, in the order in which they are drawn. */
void focus_move(struct app *app, int by);

/* The pointer is here now; after a while focus_tick tells what is under it. Returns the seconds until then, or -1. */
void focus_point(struct app *app, float x, float y);
double focus_tick(struct app *app);

/* ---- keep.c and export.c ---- */

/* ---- commands ---- */
void keep_save(struct app *app, int argument);   /* type where the session goes */
void keep_open(struct app *app, int argument);   /* type which session or lesson to open */
void keep_export(struct app *app, int argument); /* type a name, whose ending says what goes there */
void keep_copy(struct app *app, int argument);   /* the matrix looked at, for a spreadsheet */
void keep_paste(struct app *app, int argument);  /* numbers, from the cell under the cursor on */
void keep_copy_line(struct app *app, int argument);

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
