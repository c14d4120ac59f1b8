/* file.h: whole files in, whole files out, and locks. Only this and folder.h open files. */
#ifndef QKV_BASE_FILE_H
#define QKV_BASE_FILE_H

#include "base/str.h"

#include <time.h>

/* Read all of `path` ("-": standard input) into *ret, which the caller finishes. A pipe, socket or device is
 * refused: it might never end. Errors: QKV_ERR_IO (with the system's reason), QKV_ERR_LIMIT when it holds more than
 * `limit` bytes (no more than that is read), QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err file_read(const char *path, size_t limit, struct str *ret);

/* Write n bytes as `path` ("-": standard output). After a failure the path is what it was before and nothing else is
 * left. The bytes go to a temporary file in the same folder (its name ends in FILE_PART_ENDING, and it is locked while
 * its process lives), reach the disk, and are then renamed.
 *  - Symbolic links are followed, also to a file that is not there yet.
 *  - A file that is replaced keeps its permissions and, where the system allows it, its owner and group. One that may
 *    not be written is refused, whatever its folder allows.
 *  - A file with several names is overwritten in place, so that all of them show the new bytes; only a crash or a
 *    failing disk can leave it half written. Pipes and devices are written to as they are.
 *  - SIGINT, SIGTERM and SIGHUP, where they end the process, end it after the temporary file was removed.
 * Errors: QKV_ERR_IO, QKV_ERR_NOMEM. */
QKV_CHECKED struct qkv_err file_write(const char *path, const void *bytes, size_t n);

#define FILE_PART_ENDING ".qkv-part"

bool file_exists(const char *path);
/* Is there a file that is neither a folder nor a pipe, socket or device? */
bool file_is_plain(const char *path);
/* When it was last written; 0: there is no such file. */
time_t file_time(const char *path);
/* Not an error if it does not exist. */
void file_remove(const char *path);

/* Lock a file, which is made if it does not exist. The lock ends with file_unlock or with the process. Errors:
 * QKV_ERR_IO; QKV_ERR_LIMIT: it is already locked. */
QKV_CHECKED struct qkv_err file_lock(const char *path, int *ret_lock);
void file_unlock(int lock);

#endif
