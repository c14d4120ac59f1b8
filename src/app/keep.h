/* keep.h: what leaves the window and comes back: sessions, pages and numbers as files, matrices and state lines on the
 * clipboard. Each is said, with where it went. */
#ifndef QKV_APP_KEEP_H
#define QKV_APP_KEEP_H

#include "app/app.h"

/* ---- commands ---- */
void keep_save(struct app *app, int argument);   /* type where the session goes */
void keep_open(struct app *app, int argument);   /* type which session or lesson to open */
void keep_export(struct app *app, int argument); /* type a name, whose ending says what goes there */
void keep_copy(struct app *app, int argument);   /* the matrix looked at, for a spreadsheet */
void keep_paste(struct app *app, int argument);  /* numbers, from the cell under the cursor on */
void keep_copy_line(struct app *app, int argument);

/* ---- what becomes of a typed path (typing.c): false: the message says why, and the field stays ---- */
bool keep_use_save(struct app *app, const char *text);
bool keep_use_open(struct app *app, const char *text);
bool keep_use_export(struct app *app, const char *text);

/* ---- typed paths, each with a message where it is false ---- */
bool keep_has_files(struct app *app);
/* What was typed, without blanks around it, "~/" spelt out, from the root. */
bool keep_read_path(struct app *app, const char *text, struct str *ret);
/* May this file be written? One that is there only when it is asked for twice, but for the one that is `own`. */
bool keep_may_write(struct app *app, const char *path, const char *own);
/* In large letters or small. */
bool keep_ends_with(const char *path, const char *ending);

/* The end of a path that is too long for a line, in whole characters. */
enum { PATH_SHOWN = 120 };
const char *keep_path_shown(const char *path);

#endif
