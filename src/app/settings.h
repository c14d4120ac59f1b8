/* settings.h: turning the settings in the panel: every way to do it ends in one change that can be undone. */
#ifndef QKV_APP_SETTINGS_H
#define QKV_APP_SETTINGS_H

#include "app/app.h"

/* A key while the settings are open. False: it is not one of theirs. */
bool settings_key(struct app *app, const struct action *action);
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
void settings_previous(struct app *app, int argument);
void settings_next(struct app *app, int argument);
void settings_less(struct app *app, int argument);
void settings_more(struct app *app, int argument);
void settings_type(struct app *app, int argument);
void settings_own(struct app *app, int argument);
void settings_choose(struct app *app, int argument);
void settings_focus(struct app *app, int argument);

#endif
