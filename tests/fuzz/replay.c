/* replay.c: runs a fuzz target over every file of its corpus: replay_NAME FOLDER. A folder without files is a failure:
 * it would be a test that cannot fail. */
#include "base/file.h"
#include "base/folder.h"
#include "fuzz/fuzz.h"

#include <stdio.h>

/* The target gets memory of exactly the file's size, so that the sanitizer sees a read past its end. */
static void replay_file(const char *path)
{
    OWN(str) text = {0};
    require(file_read(path, SIZE_MAX / 2, &text).code == QKV_OK);
    uint8_t *bytes = malloc(text.n ? text.n : 1);
    require(bytes);
    memcpy(bytes, str_text(&text), text.n);
    /* Said before it is tried: the last line of a crash is the file that did it. */
    printf("%s\n", path);
    fflush(stdout);
    LLVMFuzzerTestOneInput(bytes, text.n);
    free(bytes);
}

int main(int argc, char **argv)
{
    OWN(str) path = {0};
    int files = 0;
    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    for (const char *after = NULL; folder_next(argv[1], "", after, &path); after = path.v)
        if (file_is_plain(path.v)) {
            replay_file(path.v);
            files++;
        }
    printf("%d files\n", files);
    return files == 0;
}
