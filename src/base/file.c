#define _XOPEN_SOURCE 700 /* realpath, which some libraries hold back without it */

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct qkv_err io_error(const char *what, const char *path)
{
    return qkv_errf(QKV_ERR_IO, "cannot %s %s: %s", what, path, strerror(errno));
}

static struct qkv_err read_all(int fd, const char *path, size_t limit, struct str *text)
{
    char block[65536];
    for (;;) {
        ssize_t n = read(fd, block, sizeof block);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return io_error("read", path);
        if (n == 0)
            return text->failed ? qkv_nomem(path) : (struct qkv_err){0};
        if ((size_t)n > limit - text->n)
            return qkv_errf(QKV_ERR_LIMIT, "%s is larger than %zu bytes", path, limit);
        str_addn(text, block, (size_t)n);
        if (text->failed)
            return qkv_nomem(path);
    }
}

struct qkv_err file_read(const char *path, size_t limit, struct str *ret)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return io_error("open", path);
    struct str text = {0};
    struct qkv_err err = read_all(fd, path, limit, &text);
    if (!standard)
        close(fd);
    if (err.code)
        str_finish(&text);
    else
        *ret = text;
    return err;
}

static struct qkv_err write_all(int fd, const char *path, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, bytes, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return io_error("write", path);
        bytes += done;
        n -= (size_t)done;
    }
    return (struct qkv_err){0};
}

/* A file made by mkstemp is private; the file it becomes should be as readable as one made by open(). */
static mode_t usual_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static struct qkv_err write_beside(const char *beside, int fd, const char *path, const void *bytes, size_t n)
{
    struct qkv_err err = write_all(fd, path, bytes, n);
    if (!err.code && (fchmod(fd, usual_mode()) != 0 || fsync(fd) != 0))
        err = io_error("write", path);
    if (close(fd) != 0 && !err.code)
        err = io_error("write", path);
    if (!err.code && rename(beside, path) != 0)
        err = io_error("write", path);
    if (err.code)
        unlink(beside);
    return err;
}

/* A new file beside the old one, renamed over it: at no time is there half a file. */
static struct qkv_err replace(const char *path, const void *bytes, size_t n)
{
    struct str beside = {0};
    str_addf(&beside, "%s.XXXXXX", path);
    if (beside.failed)
        return qkv_nomem(path);
    int fd = mkstemp(beside.v);
    struct qkv_err err = fd < 0 ? io_error("write", path) : write_beside(beside.v, fd, path, bytes, n);
    str_finish(&beside);
    return err;
}

struct qkv_err file_write(const char *path, const void *bytes, size_t n)
{
    if (strcmp(path, "-") == 0)
        return write_all(STDOUT_FILENO, "standard output", bytes, n);
    struct stat there;
    /* A pipe or a device cannot be replaced by a file: write into it. */
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode)) {
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        if (fd < 0)
            return io_error("write", path);
        struct qkv_err err = write_all(fd, path, bytes, n);
        close(fd);
        return err;
    }
    char *there_really = realpath(path, NULL); /* a link stays a link: what it points at is replaced */
    struct qkv_err err = replace(there_really ? there_really : path, bytes, n);
    free(there_really);
    return err;
}

struct qkv_err folder_make(const char *path)
{
    struct str part = {0};
    for (const char *p = path; !part.failed; p++) {
        if ((*p == '/' || *p == '\0') && part.n > 0 && mkdir(part.v, 0777) != 0 && errno != EEXIST) {
            struct qkv_err err = io_error("make the folder", path);
            str_finish(&part);
            return err;
        }
        if (*p == '\0')
            break;
        str_addn(&part, p, 1);
    }
    bool failed = part.failed;
    str_finish(&part);
    if (failed)
        return qkv_nomem(path);
    struct stat there;
    if (stat(path, &there) != 0 || !S_ISDIR(there.st_mode))
        return qkv_errf(QKV_ERR_IO, "cannot make the folder %s: a file has that name", path);
    return (struct qkv_err){0};
}
