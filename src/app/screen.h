/* screen.h: pages on a window, by the graphics processor where there is one, else through the window's own pixels.
 *
 * Without a graphics processor nothing of OpenGL is loaded: its emulation takes more memory and time than all the rest
 * of the program. A person who names a driver of SDL's (SDL_RENDER_DRIVER) gets that one. */
#ifndef QKV_APP_SCREEN_H
#define QKV_APP_SCREEN_H

#include "paint/paint.h"

#include <SDL.h>

struct screen;

/* To be called before SDL's video begins: it asks for its drivers then. */
void screen_prepare(void);

QKV_CHECKED struct qkv_err screen_new(SDL_Window *window, struct fonts *fonts, struct screen **ret);
void screen_free(struct screen *screen);

/* Its size in pixels. False: it has none now. */
bool screen_size(struct screen *screen, int *ret_width, int *ret_height);

/* Draw the page and show it: what changed since the last, or all. After an error what is shown is not whole. */
QKV_CHECKED struct qkv_err screen_show(struct screen *screen, const struct display_list *list);

/* What was shown is lost: the next page is drawn whole. */
void screen_lost(struct screen *screen);

#endif
