/* folder.h: paths, what lies in a folder, and whether somebody is at work on it. */
#ifndef QKV_BASE_FOLDER_H
#define QKV_BASE_FOLDER_H

#include "base/str.h"

#include <time.h>

bool file_exists(const char *path);
/* And is it no pipe, device or folder? */
bool file_is_plain(const char *path);
/* When it was written last; 0: there is none. */
time_t file_time(const char *path);
/* What is not there is fine. */
void file_remove(const char *path);

/* Append the path as it is from anywhere; the file need not be there. Error: QKV_ERR_IO: nobody knows where we are. */
QKV_CHECKED struct qkv_err path_absolute(const char *path, struct str *ret);

/* Make a file, if it is not there, and hold it: nobody else can, until it is let go or the process ends, however that
 * happens. Errors: QKV_ERR_IO; QKV_ERR_LIMIT: another holds it. */
QKV_CHECKED struct qkv_err file_hold(const char *path, int *ret_hold);
void file_let_go(int hold);

/* The files that end so, in the order of their names: the first (after: NULL), then the one after that, until it is
 * false. *ret, a path, is replaced. */
bool folder_next(const char *folder, const char *ending, const char *after, struct str *ret);

/* Have the names of a folder written to the disk; a system that cannot is no error. */
void folder_flush(const char *folder);

#endif
