/* make_catalogue.c: run while building: reads the built-in lessons and writes what lists say of them (catalogue.h).
 *
 *   make_catalogue OUT.c */
#include "lesson/lesson.h"
#include "lesson/text/builtin.h"

#include <stdio.h>

/* A text of C; three digits of an escape cannot be taken for more. */
static void write_text(FILE *out, const char *text)
{
    if (!text) {
        fputs("NULL, ", out);
        return;
    }
    putc('"', out);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\' || *c == '?')
            fprintf(out, "\\%03o", *c);
        else
            putc(*c, out);
    fputs("\", ", out);
}

static bool write_line(FILE *out, const char *name)
{
    struct lesson lesson = {0};
    struct qkv_err err = lesson_open(name, &(struct lesson_options){.heading_only = true}, &lesson, NULL);
    if (err.code) {
        fprintf(stderr, "lessons/%s.yaml:%d:%d: %s\n", name, err.line, err.column, err.what);
        return false;
    }
    const char *const texts[] = {lesson.name, lesson.tab, lesson.title, lesson.summary[0], lesson.group};
    fputs("    {", out);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        write_text(out, texts[i]);
    fputs("},\n", out);
    lesson_finish(&lesson);
    return true;
}

int main(int argc, char **argv)
{
    FILE *out = argc == 2 ? fopen(argv[1], "wb") : NULL;
    if (!out) {
        fprintf(stderr, "usage: make_catalogue OUT.c, a file that can be written\n");
        return 2;
    }
    bool fine = true;
    fputs("#include \"app/catalogue.h\"\n\nconst struct lesson_line catalogue[] = {\n", out);
    for (size_t i = 0; i < builtin_n_lessons; i++)
        fine = write_line(out, builtin_lessons[i]) && fine;
    fputs("    {NULL, NULL, NULL, NULL, NULL},\n};\n", out);
    fine = !ferror(out) && fine;
    return fclose(out) == 0 && fine ? 0 : 1;
}
