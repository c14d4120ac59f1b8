/* fuzz_picture.c: no bytes as a picture, PNG or JPEG, make reading a lesson about it crash or leak. */
#include "fuzz/fuzz.h"

#include "base/file.h"
#include "lesson/lesson.h"
#include "paint/paint.h"
#include "support/scratch.h"

#include <unistd.h>

static char folder[256], picture[300];

static void remove_folder(void)
{
    unlink(picture);
    rmdir(folder);
}

static void make_folder(void)
{
    require(mkdtemp(scratch_name(folder, sizeof folder, "picture")) && atexit(remove_folder) == 0);
    snprintf(picture, sizeof picture, "%s/picture", folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char text[] = "title: t\nsummary: s\nsentence: {image: picture, columns: 2}\n"
                               "weights: {source: random, seed: 1, d_model: 4, d_k: 2}\n";
    OWN(lesson) lesson = {0};
    if (!folder[0])
        make_folder();
    const struct lesson_options options = {.folder = folder, .decode_image = image_decode};
    require(file_write(picture, bytes, n).code == QKV_OK);
    struct qkv_err err = lesson_parse("fuzz", text, strlen(text), &options, &lesson, NULL);
    require(err.code || (lesson.sentence.words.n > 0 && lesson.sentence.picture.rgba &&
                         lesson.sentence.picture.width <= PICTURE_SIDE_MAX));
    return 0;
}
