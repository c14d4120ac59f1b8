/* embed.c: run while building: writes files as a C source, so that the program carries them along.
 *
 *   embed OUT.c NAME PATH [NAME PATH]...     NAME "lessons/one-head.yaml" is found under that name (builtin.h) */
#include <stdio.h>
#include <string.h>

static int write_bytes(FILE *out, const char *path, int index)
{
    FILE *in = fopen(path, "rb");
    if (!in) {
        fprintf(stderr, "embed: cannot open %s\n", path);
        return 1;
    }
    fprintf(out, "static const char file_%d[] = {", index);
    size_t n = 0;
    for (int c; (c = fgetc(in)) != EOF; n++)
        /* As signed numbers: char may be signed, and 200 would not fit it. */
        fprintf(out, "%s%d,", n % 24 == 0 ? "\n    " : "", c > 127 ? c - 256 : c);
    fprintf(out, "\n    0};\n");
    int failed = ferror(in);
    fclose(in);
    return failed;
}

/* The names of those that are lessons: "lessons/one-head.yaml" is the lesson "one-head". */
static void write_lessons(FILE *out, char **names, int n)
{
    static const char folder[] = "lessons/";
    int skip = (int)strlen(folder), lessons = 0;
    fprintf(out, "\nconst char *const builtin_lessons[] = {\n");
    for (int i = 0; i < n; i += 2)
        if (strncmp(names[i], folder, (size_t)skip) == 0) {
            fprintf(out, "    \"%.*s\",\n", (int)strcspn(names[i] + skip, "."), names[i] + skip);
            lessons++;
        }
    fprintf(out, "    NULL,\n};\nconst size_t builtin_n_lessons = %d;\n", lessons);
}

int main(int argc, char **argv)
{
    if (argc < 4 || argc % 2 != 0) {
        fprintf(stderr, "usage: embed OUT.c NAME PATH [NAME PATH]...\n");
        return 2;
    }
    FILE *out = fopen(argv[1], "wb");
    if (!out) {
        fprintf(stderr, "embed: cannot write %s\n", argv[1]);
        return 1;
    }
    int failed = 0;
    fprintf(out, "#include \"lesson/text/builtin.h\"\n\n");
    for (int i = 2; i + 1 < argc; i += 2)
        failed |= write_bytes(out, argv[i + 1], i / 2);
    fprintf(out, "\nconst struct builtin_file builtin_files[] = {\n");
    for (int i = 2; i + 1 < argc; i += 2)
        fprintf(out, "    {\"%s\", file_%d, sizeof file_%d - 1},\n", argv[i], i / 2, i / 2);
    fprintf(out, "    {NULL, NULL, 0},\n};\n");
    write_lessons(out, argv + 2, argc - 2);
    failed |= ferror(out);
    return fclose(out) || failed;
}
