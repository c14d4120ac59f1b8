/* replay.c: runs a fuzz target over every file of its corpus: replay_NAME FOLDER. A folder without files is a failure:
 * it would be a test that cannot fail. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* The target gets memory of exactly the file's size, so that the sanitizer sees a read past its end. */
static int replay_file(const char *path)
{
    struct stat there;
    if (stat(path, &there) != 0)
        return perror(path), -1;
    if (!S_ISREG(there.st_mode))
        return 0;
    size_t n = (size_t)there.st_size;
    uint8_t *bytes = malloc(n ? n : 1);
    FILE *file = fopen(path, "rb");
    int done = -1;
    if (bytes && file && fread(bytes, 1, n, file) == n) {
        /* Said before it is tried: the last line of a crash is the file that did it. */
        printf("%s\n", path);
        fflush(stdout);
        LLVMFuzzerTestOneInput(bytes, n);
        done = 1;
    } else {
        perror(path);
    }
    if (file)
        fclose(file);
    free(bytes);
    return done;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    DIR *folder = opendir(argv[1]);
    if (!folder)
        return perror(argv[1]), 1;
    int done = 0, failed = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        int one = replay_file(path);
        done += one > 0;
        failed += one < 0;
    }
    closedir(folder);
    printf("%d files\n", done);
    if (done == 0)
        fprintf(stderr, "%s: no files in this corpus\n", argv[1]);
    return failed > 0 || done == 0;
}
