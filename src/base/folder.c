#include "base/folder.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

struct qkv_err folder_make(const char *path)
{
    struct str part = {0};
    struct qkv_err err = {0};
    for (const char *p = path; !err.code && !part.failed; p++) {
        if ((*p == '/' || *p == '\0') && part.n > 0 && mkdir(part.v, 0777) != 0 && errno != EEXIST)
            err = qkv_errf(QKV_ERR_IO, "cannot make the folder %s: %s", path, strerror(errno));
        if (*p == '\0')
            break;
        str_addn(&part, p, 1);
    }
    if (!err.code && part.failed)
        err = qkv_nomem(path);
    str_finish(&part);
    struct stat there;
    if (!err.code && (stat(path, &there) != 0 || !S_ISDIR(there.st_mode)))
        err = qkv_errf(QKV_ERR_IO, "cannot make the folder %s: a file has that name", path);
    return err;
}

bool folder_next(const char *folder, const char *ending, const char *after, struct str *ret)
{
    const char *slash = after ? strrchr(after, '/') : NULL, *last = slash ? slash + 1 : after;
    struct str next = {0}, path = {0};
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (!text_ends(entry->d_name, ending) || (last && strcmp(entry->d_name, last) <= 0) ||
            (next.n && strcmp(entry->d_name, next.v) >= 0))
            continue;
        str_clear(&next);
        str_add(&next, entry->d_name);
    }
    if (dir)
        closedir(dir);
    if (next.n)
        str_addf(&path, "%s/%s", folder, next.v);
    bool found = next.n > 0 && !next.failed && !path.failed;
    str_finish(&next);
    str_finish(ret);
    *ret = path;
    return found;
}

void folder_clean(const char *folder)
{
    struct str path = {0};
    for (bool more = folder_next(folder, FILE_PART_ENDING, NULL, &path); more;
         more = folder_next(folder, FILE_PART_ENDING, path.v, &path)) {
        int lock;
        if (file_lock(path.v, &lock).code)
            continue;
        file_remove(path.v);
        file_unlock(lock);
    }
    str_finish(&path);
}
