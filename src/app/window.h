/* window.h: the real window. The only file that hears SDL's events. */
#ifndef QKV_APP_WINDOW_H
#define QKV_APP_WINDOW_H

#include "app/app.h"
#include "paint/paint.h"

struct window;

/* Open a window of this size in points. Error: QKV_ERR_IO: there is no display; the message suggests commands that need
 * no window. */
QKV_CHECKED struct qkv_err window_new(struct app *app, struct fonts *fonts, int width, int height, struct window **ret);
void window_free(struct window *window);

/* Take the events that are waiting, let time pass, draw if something changed. Never blocks. Returns the seconds until
 * it has to be called again, or -1: not before an event. */
double window_frame(struct window *window);

/* Call window_frame whenever there is something to do, until the app quits; sleep in between. */
void window_loop(struct window *window);
bool window_wants_to_close(const struct window *window);

#endif
