#include "lesson/builtin.h"

#include <string.h>

const struct builtin_file *builtin_find(const char *name)
{
    for (const struct builtin_file *file = builtin_files; file->name; file++)
        if (strcmp(file->name, name) == 0)
            return file;
    return NULL;
}

const char *builtin_lesson_name(size_t i)
{
    for (const struct builtin_file *file = builtin_files; file->name; file++)
        if (file->lesson && i-- == 0)
            return file->lesson;
    return NULL;
}

const char *builtin_lesson_default(void)
{
    return builtin_lesson_name(0);
}
