#include "lesson/text/builtin.h"

#include "base/file.h"

#include <stdio.h>
#include <string.h>

const struct builtin_file *builtin_find(const char *name)
{
    for (const struct builtin_file *file = builtin_files; file->name; file++)
        if (strcmp(file->name, name) == 0)
            return file;
    return NULL;
}

int builtin_lesson_find(const char *name)
{
    for (size_t i = 0; i < builtin_n_lessons; i++)
        if (strcmp(builtin_lessons[i], name) == 0)
            return (int)i;
    return -1;
}

/* ---- files that a lesson names ---- */

enum { PATH_BYTES_MAX = 4096 };

/* "weights/head.safetensors", but not "/etc/x", "../x" or "a/../../x". */
static bool stays_inside(const char *path)
{
    if (path[0] == '\0' || path[0] == '/' || strchr(path, '\\'))
        return false;
    for (const char *at = path; at; at = strchr(at, '/')) {
        at += *at == '/';
        if (strcspn(at, "/") == 2 && strncmp(at, "..", 2) == 0)
            return false;
    }
    return true;
}

/* "cat.png" is carried as "assets/cat.png". */
static const struct builtin_file *carried(const char *name)
{
    char path[PATH_BYTES_MAX];
    int n = snprintf(path, sizeof path, "assets/%s", name);
    return n > 0 && (size_t)n < sizeof path ? builtin_find(path) : NULL;
}

bool file_read_named(struct reader *r, const struct node *name, const char *folder, size_t limit, struct str *ret)
{
    char path[PATH_BYTES_MAX];
    if (!stays_inside(name->text))
        return diagnostic(r, name, QKV_ERR_DOMAIN, "'%.60s' must lie in the lesson's folder or below it", name->text);
    const struct builtin_file *file = carried(name->text);
    int n = snprintf(path, sizeof path, "%s/%s", folder ? folder : "", name->text);
    if (n < 0 || (size_t)n >= sizeof path)
        return diagnostic(r, name, QKV_ERR_LIMIT, "the path of the file is too long");
    struct qkv_err err = {.code = QKV_ERR_IO};
    if (folder)
        err = file_read(path, limit, ret);
    else if (!file)
        err = qkv_errf(QKV_ERR_IO, "this lesson is in no folder, so that no file can be read beside it");
    if (err.code == QKV_ERR_IO && file) { /* a file in the lesson's folder is preferred to a built-in one of its name */
        str_finish(ret);
        str_addn(ret, file->text, file->n);
        err = ret->failed ? qkv_nomem(name->text) : (struct qkv_err){0};
    }
    return is_fine(r, name, err);
}
