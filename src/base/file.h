/* file.h: whole files in, whole files out. Only this and folder.h open files. */
#ifndef QKV_BASE_FILE_H
#define QKV_BASE_FILE_H

#include "base/str.h"

/* Read all of `path` ("-": standard input) into *ret, which is then the caller's to finish.
 * Errors: QKV_ERR_IO (with the system's reason), QKV_ERR_LIMIT when it holds more than `limit` bytes (read no
 * further than that), QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err file_read(const char *path, size_t limit, struct str *ret);

/* Write n bytes as `path` ("-": standard output), whole or not at all: the bytes go to a file beside it, are flushed
 * to the disk, and only then take its name. A failed write leaves what was there before and nothing else. */
QKV_CHECKED struct qkv_err file_write(const char *path, const void *bytes, size_t n);

/* Make a folder and the folders above it that are missing; one that exists is fine. */
QKV_CHECKED struct qkv_err folder_make(const char *path);

#endif
