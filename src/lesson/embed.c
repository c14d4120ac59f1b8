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

/* "lessons/one-head.yaml" is the lesson "one-head". */
static void write_row(FILE *out, const char *name, int index)
{
    const char folder[] = "lessons/", *dot = strrchr(name, '.');
    size_t skip = strlen(folder);
    fputs("    {\"", out);
    fputs(name, out);
    fputs("\", ", out);
    if (strncmp(name, folder, skip) == 0 && dot)
        fprintf(out, "\"%.*s\", ", (int)(dot - name - (long)skip), name + skip);
    else
        fprintf(out, "NULL, ");
    fprintf(out, "file_%d, sizeof file_%d - 1},\n", index, index);
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
    fprintf(out, "#include \"lesson/builtin.h\"\n\n");
    for (int i = 2; i + 1 < argc; i += 2)
        failed |= write_bytes(out, argv[i + 1], i / 2);
    fprintf(out, "\nconst struct builtin_file builtin_files[] = {\n");
    for (int i = 2; i + 1 < argc; i += 2)
        write_row(out, argv[i], i / 2);
    fprintf(out, "    {NULL, NULL, NULL, 0},\n};\n");
    failed |= ferror(out);
    return fclose(out) || failed;
}
