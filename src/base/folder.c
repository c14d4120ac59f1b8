#define _DEFAULT_SOURCE                                                                                                \
    1 /* flock: a hold that ends with the process, and that two parts of one process can contend for */
#if defined(__APPLE__)
#define _DARWIN_C_SOURCE 1
#endif

#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

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

struct qkv_err path_absolute(const char *path, struct str *ret)
{
    char here[4096];
    if (path[0] != '/') {
        if (!getcwd(here, sizeof here))
            return qkv_errf(QKV_ERR_IO, "cannot find the present folder: %s", strerror(errno));
        str_addf(ret, "%s/", strcmp(here, "/") == 0 ? "" : here);
        while (strncmp(path, "./", 2) == 0)
            path += 2 + strspn(path + 2, "/");
    }
    str_add(ret, path);
    return ret->failed ? qkv_nomem("a path") : (struct qkv_err){0};
}

struct qkv_err file_hold(const char *path, int *ret_hold)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return qkv_errf(QKV_ERR_IO, "cannot make %s: %s", path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        bool held = errno == EWOULDBLOCK;
        struct qkv_err err = qkv_errf(held ? QKV_ERR_LIMIT : QKV_ERR_IO, "cannot hold %s: %s", path, strerror(errno));
        close(fd);
        return err;
    }
    *ret_hold = fd;
    return (struct qkv_err){0};
}

void file_let_go(int hold)
{
    close(hold);
}

static bool ends_with(const char *name, const char *ending)
{
    size_t n = strlen(name), m = strlen(ending);
    return n > m && strcmp(name + n - m, ending) == 0;
}

bool folder_next(const char *folder, const char *ending, const char *after, struct str *ret)
{
    const char *slash = after ? strrchr(after, '/') : NULL, *last = slash ? slash + 1 : after;
    struct str next = {0};
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (!ends_with(entry->d_name, ending) || (last && strcmp(entry->d_name, last) <= 0) ||
            (next.n && strcmp(entry->d_name, next.v) >= 0))
            continue;
        str_clear(&next);
        str_add(&next, entry->d_name);
    }
    if (dir)
        closedir(dir);
    struct str path = {0}; /* `after` may be what is in *ret */
    if (next.n)
        str_addf(&path, "%s/%s", folder, next.v);
    bool found = next.n > 0 && !next.failed && !path.failed;
    str_finish(&next);
    str_finish(ret);
    *ret = path;
    return found;
}

void folder_flush(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)!fsync(fd);
    close(fd);
}
