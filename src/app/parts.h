/* parts.h: the pieces of the app, for one another: app.c sends each action to the piece it is for. */
#ifndef QKV_APP_PARTS_H
#define QKV_APP_PARTS_H

#include "app/app.h"

/* Say something at the foot of the page until the next action. */
void app_say(struct app *app, const char *format, ...) QKV_PRINTF(2, 3);

/* Run a command of the table, with its transition. */
void app_command(struct app *app, int command, int argument);

/* ---- change.c ---- */
/* Stop what is computed beside the window. */
void change_cancel(struct app *app);
/* Look how far it is; show it when it is done. */
void change_poll(struct app *app);

/* ---- pointer.c ---- */
void pointer_move(struct app *app, float x, float y);
void pointer_press(struct app *app, const struct action *action);
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

/* ---- play.c ---- */
void transition_begin(struct app *app, size_t position_before, enum page page_before);
void play_on(struct app *app);

#endif
