/* fuzz_picture.c: no bytes as a picture, PNG or JPEG, make reading a lesson about it crash or leak. */
#include "base/file.h"
#include "lesson/lesson.h"
#include "paint/paint.h"
#include "support/scratch.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static char folder[256], picture[300];

static void remove_folder(void)
{
    unlink(picture);
    rmdir(folder);
}

static void make_folder(void)
{
    if (!mkdtemp(scratch_name(folder, sizeof folder, "picture")) || atexit(remove_folder) != 0)
        abort();
    snprintf(picture, sizeof picture, "%s/picture", folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char text[] = "title: t\nsummary: s\nsentence: {image: picture, columns: 2}\n"
                               "weights: {source: random, seed: 1, d_model: 4, d_k: 2}\n";
    struct lesson lesson = {0};
    if (!folder[0])
        make_folder();
    const struct lesson_options options = {.folder = folder, .decode_image = image_decode};
    if (file_write(picture, bytes, n).code)
        abort();
    struct qkv_err err = lesson_parse("fuzz", text, strlen(text), &options, &lesson, NULL);
    if (!err.code && (lesson.sentence.words.n == 0 || !lesson.sentence.picture.rgba ||
                      lesson.sentence.picture.width > PICTURE_SIDE_MAX))
        abort();
    lesson_finish(&lesson);
    return 0;
}
