/* turn.h: the command that turns the page: a token is a column, or a row again. */
#ifndef QKV_APP_TURN_H
#define QKV_APP_TURN_H

struct app;
void turn(struct app *app, int argument);

#endif
