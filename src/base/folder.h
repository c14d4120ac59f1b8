/* folder.h: paths and folders. */
#ifndef QKV_BASE_FOLDER_H
#define QKV_BASE_FOLDER_H

#include "base/str.h"

/* Append the absolute path; the file need not exist. Errors: QKV_ERR_IO: the current folder cannot be found,
 * QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err path_absolute(const char *path, struct str *ret);

/* Make a folder and the missing ones above it; an existing one is fine. Errors: QKV_ERR_IO, QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err folder_make(const char *path);

/* The files of a folder whose names end so, in the order of their names: the first (after: NULL), then the one after
 * that, until it returns false. *ret, a path, is replaced; `after` may be its text. */
bool folder_next(const char *folder, const char *ending, const char *after, struct str *ret);

/* Remove the temporary files of processes that ended in the middle of file_write. */
void folder_clean(const char *folder);

#endif
