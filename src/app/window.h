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

/* Take the events that are waiting, and draw if something changed: one frame. */
void window_frame(struct window *window);

/* Take events, let time pass and draw when something changed, until the app quits, or (`opening`) has its first lesson;
 * sleep in between. */
void window_loop(struct window *window, bool opening);

#endif
