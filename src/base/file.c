#define _DEFAULT_SOURCE 1 /* flock: a lock that ends with the process, and that two parts of one process contend for */
#if defined(__APPLE__)
#define _DARWIN_C_SOURCE 1
#endif

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BLOCK = 1024 * 1024, /* bytes written between two looks at the signals */
    LINKS_MAX = 40,      /* followed in a row, as Linux does */
    PARTS_MAX = 1000     /* temporary files of one process in one folder */
};

static struct qkv_err io_error(const char *what, const char *path)
{
    return qkv_errf(QKV_ERR_IO, "cannot %s %s: %s", what, path, strerror(errno));
}

/* ---- reading ---- */

static struct qkv_err read_all(int fd, const char *path, size_t limit, struct str *text)
{
    char block[16384];
    for (;;) {
        ssize_t n = read(fd, block, sizeof block);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return io_error("read", path);
        if (n == 0)
            return (struct qkv_err){0};
        if ((size_t)n > limit - text->n)
            return qkv_errf(QKV_ERR_LIMIT, "%s is larger than %zu bytes", path, limit);
        str_addn(text, block, (size_t)n);
        if (text->failed)
            return qkv_nomem(path);
    }
}

static struct qkv_err open_to_read(const char *path, int *ret_fd)
{
    struct stat there;
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode))
        return qkv_errf(QKV_ERR_IO, "cannot read %s: it is a %s and not a file; '-' reads standard input", path,
                        S_ISFIFO(there.st_mode)   ? "pipe"
                        : S_ISSOCK(there.st_mode) ? "socket"
                                                  : "device");
    /* If it has become a pipe since, opening it does not wait for a writer. */
    *ret_fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    return *ret_fd < 0 ? io_error("open", path) : (struct qkv_err){0};
}

struct qkv_err file_read(const char *path, size_t limit, struct str *ret)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = STDIN_FILENO;
    struct str text = {0};
    struct qkv_err err = {0};
    if (!standard)
        err = open_to_read(path, &fd);
    if (err.code)
        return err;
    err = read_all(fd, path, limit, &text);
    if (!standard)
        close(fd);
    if (err.code)
        str_finish(&text);
    else
        *ret = text;
    return err;
}

/* ---- signals: while a temporary file exists, they wait ---- */

static const int ending_signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { ENDING_SIGNALS = sizeof ending_signals / sizeof ending_signals[0] };

static void hold_signals(sigset_t *ret_before)
{
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < ENDING_SIGNALS; i++)
        sigaddset(&set, ending_signals[i]);
    pthread_sigmask(SIG_BLOCK, &set, ret_before);
}

/* Does one wait that will end the process? */
static bool is_ending(void)
{
    sigset_t pending;
    struct sigaction action;
    sigemptyset(&pending);
    sigpending(&pending);
    for (int i = 0; i < ENDING_SIGNALS; i++)
        if (sigismember(&pending, ending_signals[i]) == 1 && sigaction(ending_signals[i], NULL, &action) == 0 &&
            action.sa_handler == SIG_DFL)
            return true;
    return false;
}

/* ---- writing ---- */

static struct qkv_err write_all(int fd, const char *path, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, bytes, n < BLOCK ? n : BLOCK);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return io_error("write", path);
        bytes += done;
        n -= (size_t)done;
    }
    return (struct qkv_err){0};
}

/* What lies beyond the old end comes first: when the disk is full, the old bytes are still there. */
static struct qkv_err overwrite(int fd, const char *path, const char *bytes, size_t n, off_t old)
{
    size_t both = n < (size_t)old ? n : (size_t)old;
    bool grown = lseek(fd, (off_t)both, SEEK_SET) >= 0;
    struct qkv_err err = grown ? write_all(fd, path, bytes + both, n - both) : io_error("write", path);
    if (err.code) {
        (void)!ftruncate(fd, old);
        return err;
    }
    if (lseek(fd, 0, SEEK_SET) < 0)
        return io_error("write", path);
    err = write_all(fd, path, bytes, both);
    if (!err.code && (ftruncate(fd, (off_t)n) != 0 || fsync(fd) != 0))
        err = io_error("write", path);
    return err;
}

static struct qkv_err write_in_place(const char *target, const struct stat *old, const char *path, const void *bytes,
                                     size_t n)
{
    int fd = open(target, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return io_error("write", path);
    struct qkv_err err =
        S_ISREG(old->st_mode) ? overwrite(fd, path, bytes, n, old->st_size) : write_all(fd, path, bytes, n);
    if (close(fd) != 0 && !err.code)
        err = io_error("write", path);
    return err;
}

static bool is_named(int fd, const char *path)
{
    struct stat open_file, named;
    return fstat(fd, &open_file) == 0 && stat(path, &named) == 0 && open_file.st_dev == named.st_dev &&
           open_file.st_ino == named.st_ino;
}

/* A new locked file in the folder of `target`; its name goes to *part. A system without locks has none left over that
 * could be told from one in use. */
static struct qkv_err part_make(const char *target, mode_t mode, const char *path, struct str *part, int *ret_fd)
{
    const char *slash = strrchr(target, '/');
    for (int i = 0; i < PARTS_MAX; i++) {
        str_clear(part);
        str_addf(part, "%.*s.%ld-%d%s", slash ? (int)(slash + 1 - target) : 0, target, (long)getpid(), i,
                 FILE_PART_ENDING);
        if (part->failed)
            return qkv_nomem(path);
        int fd = open(part->v, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (fd < 0 && errno != EEXIST)
            return io_error("write", path);
        if (fd < 0)
            continue;
        /* Whoever removes what dead processes left may have come first. */
        if ((flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) || !is_named(fd, part->v)) {
            close(fd);
            continue;
        }
        *ret_fd = fd;
        return (struct qkv_err){0};
    }
    errno = EEXIST;
    return io_error("write", path);
}

/* Owner first: changing it takes permissions away. A group that cannot be kept gets what everybody has. */
static bool copy_owner(int fd, const struct stat *old)
{
    mode_t mode = old->st_mode & 0777;
    if (fchown(fd, old->st_uid, old->st_gid) != 0 && fchown(fd, (uid_t)-1, old->st_gid) != 0)
        mode = (mode & ~(mode_t)070) | (mode & 07) << 3;
    return fchmod(fd, mode) == 0;
}

static struct qkv_err part_write(int fd, const struct stat *old, const char *path, const char *bytes, size_t n)
{
    struct qkv_err err = {0};
    for (size_t at = 0; !err.code && at < n; at += BLOCK) {
        err = write_all(fd, path, bytes + at, n - at < BLOCK ? n - at : BLOCK);
        if (!err.code && is_ending())
            err = qkv_errf(QKV_ERR_CANCELLED, "%s was not written: the program was asked to end", path);
    }
    if (!err.code && ((old && !copy_owner(fd, old)) || fsync(fd) != 0))
        err = io_error("write", path);
    return err;
}

/* fsync the directory of `path`; a system that cannot do that is not an error. */
static void folder_sync(const char *path)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    int n = snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash + 1 - path) : 1, slash ? path : ".");
    int fd = n < (int)sizeof folder ? open(folder, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    (void)!fsync(fd);
    close(fd);
}

/* `old` is what the target is now; NULL: there is none. */
static struct qkv_err replace(const char *target, const struct stat *old, const char *path, const void *bytes, size_t n)
{
    struct str part = {0};
    int fd = -1;
    sigset_t before;
    hold_signals(&before);
    struct qkv_err err = part_make(target, old ? 0600 : 0666, path, &part, &fd);
    if (!err.code) {
        err = part_write(fd, old, path, bytes, n);
        if (!err.code && rename(part.v, target) != 0)
            err = io_error("write", path);
        if (err.code)
            unlink(part.v);
        if (close(fd) != 0 && !err.code)
            err = io_error("write", path);
    }
    if (!err.code)
        folder_sync(target);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    str_finish(&part);
    return err;
}

/* The path of what `path` means at last. realpath() would need the file to be there. */
static struct qkv_err follow_links(const char *path, struct str *ret)
{
    char link[4096];
    str_add(ret, path);
    for (int i = 0; !ret->failed; i++) {
        ssize_t n = readlink(ret->v, link, sizeof link);
        if (n < 0)
            return (struct qkv_err){0};
        const char *slash = strrchr(ret->v, '/');
        if (i == LINKS_MAX || n == sizeof link) {
            errno = ELOOP;
            return io_error("write", path);
        }
        ret->n = link[0] == '/' || !slash ? 0 : (size_t)(slash + 1 - ret->v);
        str_addn(ret, link, (size_t)n);
    }
    return qkv_nomem(path);
}

struct qkv_err file_write(const char *path, const void *bytes, size_t n)
{
    if (strcmp(path, "-") == 0)
        return write_all(STDOUT_FILENO, "standard output", bytes, n);
    struct str target = {0};
    struct stat old;
    struct qkv_err err = follow_links(path, &target);
    bool exists = !err.code && stat(target.v, &old) == 0;
    if (!err.code && exists && (!S_ISREG(old.st_mode) || old.st_nlink > 1))
        err = write_in_place(target.v, &old, path, bytes, n);
    else if (!err.code && exists && access(target.v, W_OK) != 0)
        err = io_error("write", path);
    else if (!err.code)
        err = replace(target.v, exists ? &old : NULL, path, bytes, n);
    str_finish(&target);
    return err;
}

/* ---- what there is ---- */

bool file_exists(const char *path)
{
    struct stat there;
    return stat(path, &there) == 0;
}

bool file_is_plain(const char *path)
{
    struct stat there;
    return stat(path, &there) == 0 && S_ISREG(there.st_mode);
}

time_t file_time(const char *path)
{
    struct stat there;
    return stat(path, &there) == 0 ? there.st_mtime : 0;
}

void file_remove(const char *path)
{
    unlink(path);
}

/* ---- locks ---- */

struct qkv_err file_lock(const char *path, int *ret_lock)
{
    for (;;) {
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
        if (fd < 0)
            return qkv_errf(QKV_ERR_IO, "cannot make %s: %s", path, strerror(errno));
        if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
            enum qkv_code code = errno == EWOULDBLOCK ? QKV_ERR_LIMIT : QKV_ERR_IO;
            struct qkv_err err = qkv_errf(code, "cannot lock %s: %s", path, strerror(errno));
            close(fd);
            return err;
        }
        *ret_lock = fd;
        if (is_named(fd, path))
            return (struct qkv_err){0};
        close(fd); /* the one who held it has removed it */
    }
}

void file_unlock(int lock)
{
    close(lock);
}
