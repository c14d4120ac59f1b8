/* export.h: a lesson's pages as files, as the window shows them; needs no display. */
#ifndef QKV_APP_EXPORT_H
#define QKV_APP_EXPORT_H

#include "app/app.h"
#include "paint/paint.h"

enum page_format { PAGE_PNG, PAGE_SVG, PAGE_FORMAT_COUNT };
extern const char *const page_formats[]; /* "png", "svg": as an option and as a file's ending; terminated by NULL */

/* The format of that name, or -1. */
int page_format_named(const char *name);

/* The page the app shows now, in memory; transitions are finished first. The caller finishes *ret. */
QKV_CHECKED struct qkv_err page_make(struct app *app, struct fonts *fonts, enum page_format format, struct str *ret);

/* The same as a file, whole or not at all. */
QKV_CHECKED struct qkv_err page_write(struct app *app, struct fonts *fonts, enum page_format format, const char *path);

/* Write a page for every step of the walk, and one for every further stop of the script, into a folder that is made if
 * it is not there: "07-scores.png", "07-scores-2.png". *ret_n: how many. */
QKV_CHECKED struct qkv_err pages_write(struct app *app, struct fonts *fonts, enum page_format format,
                                       const char *folder, size_t *ret_n);

#endif
