/* pages.h: a lesson's pages as files, as the window shows them; needs no display. */
#ifndef QKV_APP_PAGES_H
#define QKV_APP_PAGES_H

#include "app/app.h"
#include "paint/paint.h"

/* Write the page the app shows now as a PNG, whole or not at all. */
QKV_CHECKED struct qkv_err page_write(struct app *app, struct fonts *fonts, const char *path);

/* Write a page for every step of the walk, and one for every further stop of the script, into a folder that is made if
 * it is not there: "07-scores.png", "07-scores-2.png". *ret_n: how many. */
QKV_CHECKED struct qkv_err pages_write(struct app *app, struct fonts *fonts, const char *folder, size_t *ret_n);

#endif
