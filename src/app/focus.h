/* focus.h: reaching every control of the page with keys, and telling what the one under the pointer does. */
#ifndef QKV_APP_FOCUS_H
#define QKV_APP_FOCUS_H

#include "app/app.h"

/* Commands: the next control of the page, and the one before, in the order in which they are drawn. */
void focus_next(struct app *app, int argument);
void focus_previous(struct app *app, int argument);

/* Do what the control in focus does; false: none is. */
bool focus_press(struct app *app);

/* The pointer is here now; after a while focus_tick tells what is under it. Returns the seconds until then, or -1. */
void focus_point(struct app *app, float x, float y);
double focus_tick(struct app *app);

#endif
