/* autosave.h: the session of a window, kept by itself, so that it survives closing, and a crash of the program or
 * the machine.
 *
 * Every window has a file of its own in the folder for such things: QKV_STATE_DIR, else $XDG_STATE_HOME/qkv, else
 * ~/.local/state/qkv (on macOS ~/Library/Application Support/qkv). It is written after every change, and after a
 * change of the place at most every few seconds, and when the window is closed. A file beside it is held as long as
 * the process lives, however it ends: a session that nobody holds was left. Whoever starts without naming a lesson
 * resumes the newest; else one in which something was changed is offered.
 *
 * Nothing here has a clock or a thread of its own: it is asked after every frame, and only in a window. */
#ifndef QKV_APP_AUTOSAVE_H
#define QKV_APP_AUTOSAVE_H

#include "app/app.h"

/* Seconds between two writings, while only the place changes or a drag goes on. */
enum { AUTOSAVE_SECONDS = 3 };

/* Begin. What was left behind is resumed (`resume`), or offered. What fails is said in the app's message: it is no
 * reason not to start. */
void autosave_begin(struct app *app, bool resume);
/* Write what changed since, if it is time. */
void autosave_follow(struct app *app);
/* The window is closed: where it was is kept, unless nothing was done in it. Without autosave_begin: nothing. */
void autosave_end(struct app *app);

/* A person does something else: the offer is dismissed until the next start. */
void autosave_dismiss(struct app *app);

/* The commands CMD_OFFER_...: what becomes of the session that is offered. */
void autosave_answer(struct app *app, int command);

#endif
